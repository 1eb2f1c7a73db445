"""What lies under the map's layers: the force, its teams, wards, recorded incidents and street names."""

import json
import re
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from hotspots import crs, tables
from hotspots.reporting import formatting
from hotspots.reporting.report import Report
from hotspots.reporting.web_map import geometry_encoding, grid_counts

TEAM_KINDS = ("LPA", "LPT", "NPT", "SNT", "beat")
WARD_KINDS = ("ward", "parish", "district")
_CELL_STEPS = 10_000  # a degree, for the squares of recorded incidents


def outlines(report: Report, kinds: tuple[str, ...], style: str, simplify_m: float) -> dict[str, Any]:
    """Outlines of places of some kinds, and their names well inside them."""
    places = report.places_now
    held = places[places["kind"].isin(kinds)].sort_values(["kind", "place_code"])
    inside = held.geometry.representative_point()
    return {
        "style": style,
        "names": [formatting.place(name, 40) for name in held["name"]],
        "shapes": geometry_encoding.polygons(held.geometry, simplify_m),
        "points": geometry_encoding.points(inside.x, inside.y),
    }


def background(report: Report, most_points: int = 60_000) -> list[dict[str, Any]]:
    """Rivers, roads and names of places that the force hands in, by kind; drawn coarser where they are too many."""
    held = report.base_map if report.base_map is not None else report.places.iloc[:0]
    held = held.sort_values("feature_id") if len(held) else held
    simplify_m, simple = 15.0, shapely.simplify(np.asarray(held.geometry), 15.0)
    while shapely.get_num_coordinates(simple).sum() > most_points and simplify_m < 500:
        simplify_m *= 2
        simple = shapely.simplify(np.asarray(held.geometry), simplify_m)
    found = []
    for kind in tables.BASE_KINDS:
        is_kind = (held["kind"] == kind).to_numpy()
        drawn, names = simple[is_kind], held["name"][is_kind]
        at = shapely.point_on_surface(drawn)
        has_name = names.notna().to_numpy()
        found.append(
            {
                "kind": kind,
                "areas": [
                    area for area in geometry_encoding.polygons(drawn[shapely.get_dimensions(drawn) == 2], 0) if area
                ],
                "lines": geometry_encoding.lines(drawn[shapely.get_dimensions(drawn) == 1], 0),
                "names": [formatting.place(name, 40) for name in names[has_name]],
                "points": geometry_encoding.points(shapely.get_x(at[has_name]), shapely.get_y(at[has_name])),
            }
        )
    return [one for one in found if one["areas"] or one["lines"] or one["names"]]


def cells(report: Report, family: str) -> dict[str, Any]:
    """Squares with incidents, as whole ten-thousandths of a degree from a corner, by shade."""
    found = grid_counts.incident_cells(report.incidents, family)
    corner, steps = _steps(found)
    middle = corner[0] + (steps[:, 0].mean() / _CELL_STEPS if len(steps) else 0)
    half = grid_counts.INCIDENT_CELL_M / 2 / 111_200
    east = half / float(np.cos(np.radians(middle)))
    shades = [steps[(found["shade"] == shade).to_numpy()].ravel().tolist() for shade in range(len(grid_counts.SHADES))]
    return {"corner": corner, "half": [round(half, 6), round(east, 6)], "shades": shades}


def streets(report: Report) -> dict[str, Any]:
    """Names of map points around the areas, to find one's way by when close."""
    found = grid_counts.street_names(report.incidents, report.patrol_areas, around_m=250)
    return {"points": geometry_encoding.points(found["easting"], found["northing"]), "names": found["name"].tolist()}


def read_back(page: str) -> dict[str, Any]:
    """The ground that a map's page draws: `outlines` of force and teams (or wards), and `background`; else nothing."""
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, flags=re.DOTALL)
    try:
        data = json.loads(found[1]) if found else {}
        teams = data["teams"] if data["teams"]["shapes"] else data["wards"]
        outlines = [
            {name: one[name] for name in ("style", "names", "shapes", "points")} for one in (data["force"], teams)
        ]
        return {
            "outlines": outlines,
            "background": [kind for kind in data["background"] if kind["kind"] in tables.BASE_KINDS],
        }
    except (ValueError, KeyError, TypeError):
        return {}  # a map of another making: the page does without


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


def findable(report: Report) -> dict[str, Any]:
    """Streets of the whole force for the search: name and busiest point, one for each kilometre square of that name.

    Names stand in order of the alphabet, each as what it has beyond the one before it. The ward or team around a point
    tells streets of one name apart; where there are none the squares of the National Grid do.
    """
    found = grid_counts.street_names(report.incidents, None, around_m=0)
    square = [grid_square(x, y) for x, y in zip(found["easting"], found["northing"], strict=True)]
    first = found.assign(square=square).drop_duplicates(["name", "square"]).sort_values(["name", "square"])
    has_areas = report.places_now["kind"].isin((*TEAM_KINDS, *WARD_KINDS)).any()
    return {
        "names": geometry_encoding.front_coded(first["name"]),
        "squares": [] if has_areas else first["square"].tolist(),
        "points": geometry_encoding.packed_points(first["easting"], first["northing"]),
    }


def grid_square(easting: float, northing: float) -> str:
    """The kilometre square of the National Grid.

    Examples
    --------
    >>> grid_square(415_002, 184_368)
    'SU1584'
    """
    column, row = int(easting // 100_000), int(northing // 100_000)
    letters = "ABCDEFGHJKLMNOPQRSTUVWXYZ"
    large = letters[(19 - row) - (19 - row) % 5 + (column + 10) // 5]
    small = letters[(19 - row) * 5 % 25 + column % 5]
    return f"{large}{small}{int(easting % 100_000 // 1000):02d}{int(northing % 100_000 // 1000):02d}"


def _steps(places: pd.DataFrame | gpd.GeoDataFrame) -> tuple[list[float], np.ndarray]:
    """A south-west corner (latitude, longitude), and how many steps north and east of it each place lies."""
    longitude, latitude = crs.to_degrees(places["easting"], places["northing"])
    if places.empty:
        return [0.0, 0.0], np.empty((0, 2), dtype="int64")
    corner = [round(float(latitude.min()), 4), round(float(longitude.min()), 4)]
    return corner, np.round((np.column_stack([latitude, longitude]) - corner) * _CELL_STEPS).astype("int64")
