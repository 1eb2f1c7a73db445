"""What the map draws, as GeoJSON with the words of every pop-up: tables in, dicts of plain values out.

A feature's `title` and `rows` are texts, which the page puts in as texts and never as HTML.
"""

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from hotspots import crs
from hotspots.reporting import counts, words
from hotspots.reporting.report import Report

TEAM_KINDS = ("LPA", "LPT", "NPT", "SNT", "beat")
_DECIMALS = 5  # about a metre


def areas(report: Report, family: str) -> dict:
    """Outlines and numbered labels of a family's patrol areas; a label speaks for the outline before it."""
    held = _of(report.patrol_areas, family).sort_values(["rank", "patrol_area_id"])
    shapes, centres = _degrees(held.geometry, 2), _middles(held)
    features = []
    for (_, row), shape, centre in zip(held.iterrows(), shapes, centres, strict=True):
        name = words.FAMILY_SHORT[family]
        told = {
            "title": f"{name} {row['rank']}: {words.place(row['main_location'])}",
            "rows": _area_rows(report, row),
            "id": words.clean(row["patrol_area_id"]),
            "style": f"area {family} {_shade(int(row['rank']))}",
        }
        features.append(_feature(shape, told))
        label = {"text": str(row["rank"]), "order": int(row["rank"]), "name": words.street(row["main_location"])}
        style = f"number {family} {_shade(int(row['rank']))}"
        features.append(_feature(centre, label | {"style": style, "of": told["id"]}))
    return _collection(features)


def hotspots(report: Report, family: str) -> dict:
    """Outlines of a family's hotspots, gone ones left out."""
    held = _of(report.hotspots, family)
    held = held[held["status"] != "gone"].sort_values("hotspot_id")
    shapes = _degrees(held.geometry, 6)
    return _collection(
        _feature(
            shape,
            {
                "title": f"{words.FAMILY_SHORT[family]} hotspot: {words.place(row['main_location'])}",
                "rows": _hotspot_rows(report, row),
                "style": f"hotspot {family}",
            },
        )
        for (_, row), shape in zip(held.iterrows(), shapes, strict=True)
    )


def changes(report: Report) -> dict:
    """A word at every hotspot that is not what it was in the previous run."""
    status = report.hotspots["status"]
    held = report.hotspots[status.notna() & (status != "persistent")].sort_values("hotspot_id")
    return _collection(
        _feature(
            middle,
            {
                "title": f"{words.FAMILY_SHORT[row['family']]} hotspot: {words.place(row['main_location'])}",
                "rows": _hotspot_rows(report, row),
                "style": f"change {row['family']}",
                "text": words.STATUS_WORDS[row["status"]],
                "order": -1,
            },
        )
        for (_, row), middle in zip(held.iterrows(), _middles(held), strict=True)
    )


def concerns(report: Report) -> dict:
    """A circle for every square or place with enough answers, the larger the more."""
    found = counts.gatherings(report.concerns, report.places_now)
    longitude, latitude = crs.to_degrees([one.easting for one in found], [one.northing for one in found])
    return _collection(
        _feature(
            shapely.Point(x, y),
            {
                "title": "Residents' concerns",
                "rows": [
                    ["Where", one.name],
                    ["Answers", f"at least {one.answers:,}"],
                    *[[label, f"{n:,}"] for label, n in one.issues],
                ],
                "style": "concern",
                "size": round(6 + min(14.0, 1.5 * one.answers**0.5), 1),
            },
        )
        for one, x, y in zip(found, np.round(longitude, _DECIMALS), np.round(latitude, _DECIMALS), strict=True)
    )


def force(report: Report) -> dict:
    """The force's outline."""
    return _outlines(report.places_now, ("force",), "force", simplify_m=40)


def teams(report: Report) -> dict:
    """Outlines and names of teams and beats."""
    places = report.places_now
    held = places[places["kind"].isin(TEAM_KINDS)].sort_values(["kind", "place_code"])
    tops = _degrees(shapely.points(_tops(held)), 0)
    labels = [
        _feature(point, {"text": words.place(name, 40), "order": 1000, "style": "place"})
        for name, point in zip(held["name"], np.atleast_1d(tops), strict=True)
    ]
    outlines = _outlines(places, TEAM_KINDS, "team", simplify_m=30)["features"]
    return _collection([*outlines, *labels])


def streets(report: Report) -> dict[str, Any]:
    """Names of map points around the areas, to find one's way by when close, as whole steps of 0.00001 degrees."""
    found = counts.street_names(report.incidents, report.patrol_areas, around_m=250)
    corner, steps = _steps(found, 100_000)
    return {"corner": corner, "steps": steps.ravel().tolist(), "names": found["name"].tolist()}


def cells(report: Report, family: str) -> dict[str, Any]:
    """Squares with incidents, as whole ten-thousandths of a degree from a corner, by shade."""
    found = counts.incident_cells(report.incidents, family)
    corner, steps = _steps(found, 10_000)
    middle = corner[0] + (steps[:, 0].mean() / 10_000 if len(steps) else 0)
    half = counts.INCIDENT_CELL_M / 2 / 111_200
    east = half / float(np.cos(np.radians(middle)))
    shades = [steps[(found["shade"] == shade).to_numpy()].ravel().tolist() for shade in range(len(counts.SHADES))]
    return {"corner": corner, "half": [round(half, 6), round(east, 6)], "shades": shades}


def bounds(report: Report) -> list[list[float]]:
    """South-west and north-east corner of what there is to see, in degrees."""
    places = report.places_now
    for table in (places[places["kind"] == "force"], report.hotspots, report.patrol_areas, report.incidents):
        extent = table.geometry.total_bounds if len(table) else [np.nan]
        if np.isfinite(extent).all():
            longitude, latitude = crs.to_degrees([extent[0], extent[2]], [extent[1], extent[3]])
            corners = np.round(np.column_stack([latitude, longitude]), 4)
            return [[float(value) for value in corner] for corner in corners]
    return [[49.9, -6.4], [55.8, 1.8]]


def _area_rows(report: Report, row: pd.Series) -> list[list[str]]:
    """What a pop-up says of a patrol area."""
    expected = words.interval(row["expected"], row["expected_low"], row["expected_high"])
    rows = [
        [f"Expected in {report.horizon_label}", f"{expected}, 4 times in 5"],
        ["Recorded in the window", f"{row['incidents']:,}"],
        ["Why it is listed", words.clean(row["reason"], 300)],
        ["Team", words.place(row["team_name"], 80)],
        [f"Chance it is in the first {report.top_k}", words.percent(row["top_k_chance"])],
        ["Concerns nearby", _concerns(row)],
        *[list(peak) for peak in words.peaks(row)],
        ["Walk around it", f"{words.number(row['walk_minutes'], 0)} minutes"],
        ["Caution", words.flags(row["flags"])],
    ]
    return [[label, text] for label, text in rows if text]


def _hotspot_rows(report: Report, row: pd.Series) -> list[list[str]]:
    """What a pop-up says of a hotspot."""
    status = row["status"]
    rows = [
        ["Recorded in the window", f"{row['incidents']:,} at {words.counted(row['spots'], 'map point', 'map points')}"],
        [
            f"Expected in {report.horizon_label}",
            words.interval(row["expected"], row["expected_low"], row["expected_high"]),
        ],
        ["Since last run", "" if pd.isna(status) else words.STATUS_WORDS[status]],
        ["Concerns nearby", _concerns(row)],
        *[list(peak) for peak in words.peaks(row)],
        ["Caution", words.flags(row["flags"])],
        ["Reference", words.clean(row["hotspot_id"], 80)],
    ]
    return [[label, text] for label, text in rows if text]


def _concerns(row: pd.Series) -> str:
    """Answers near a place, and what they mean beside the record."""
    return f"{words.named_by(row)} ({words.CONCERN_WORDS[row['concern_status']].lower()})"


def _shade(rank: int) -> str:
    """Dark for the first five, middling to the twentieth, then pale."""
    return "first" if rank <= 5 else "next" if rank <= 20 else "later"


def _of(table: gpd.GeoDataFrame, family: str) -> gpd.GeoDataFrame:
    return table[table["family"] == family]


def _outlines(places: gpd.GeoDataFrame, kinds: tuple[str, ...], style: str, simplify_m: float) -> dict:
    """Outlines of places of some kinds, simplified for drawing."""
    held = places[places["kind"].isin(kinds)].sort_values(["kind", "place_code"])
    shapes = _degrees(held.geometry, simplify_m)
    titles = [words.place(name, 80) for name in held["name"]]
    return _collection(
        _feature(shape, {"title": title, "style": style}) for title, shape in zip(titles, shapes, strict=True)
    )


def _middles(table: gpd.GeoDataFrame) -> np.ndarray:
    """Centres of the smallest circles around the shapes, in degrees."""
    return _degrees(shapely.centroid(shapely.minimum_bounding_circle(np.asarray(table.geometry))), 0)


def _tops(places: gpd.GeoDataFrame) -> np.ndarray:
    """Where a place's name stands: in the middle of its northern edge, clear of the areas in its middle."""
    extent = places.bounds
    return np.column_stack([places.geometry.representative_point().x, extent["maxy"]])


def _degrees(geometries: Any, simplify_m: float) -> np.ndarray:
    """Geometries in metres, simplified, as geometries in rounded degrees."""
    shapes = shapely.force_2d(np.asarray(geometries))
    if simplify_m:
        shapes = shapely.simplify(shapes, simplify_m)
    in_degrees = crs.geometries_to_degrees(shapes)
    return shapely.transform(in_degrees, lambda xy: np.round(xy, _DECIMALS))


def _steps(places: pd.DataFrame, per_degree: int) -> tuple[list[float], np.ndarray]:
    """A south-west corner (latitude, longitude), and how many steps north and east of it each place lies."""
    longitude, latitude = crs.to_degrees(places["easting"], places["northing"])
    if places.empty:
        return [0.0, 0.0], np.empty((0, 2), dtype="int64")
    corner = [round(float(latitude.min()), 4), round(float(longitude.min()), 4)]
    return corner, np.round((np.column_stack([latitude, longitude]) - corner) * per_degree).astype("int64")


def _feature(shape: shapely.Geometry | None, properties: dict) -> dict | None:
    """A GeoJSON feature, or None where there is nothing to draw."""
    if shape is None or shape.is_empty:
        return None
    return {"type": "Feature", "geometry": dict(shapely.geometry.mapping(shape)), "properties": properties}


def _collection(features: Any) -> dict:
    return {"type": "FeatureCollection", "features": [feature for feature in features if feature is not None]}
