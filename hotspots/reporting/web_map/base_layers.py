"""Base layers of the map: the force, its teams and wards, recorded incidents, street names and the search index."""

import json
import re
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from hotspots import crs, tables
from hotspots.reporting import formatting
from hotspots.reporting.report import Report
from hotspots.reporting.web_map import geometry_encoding, grid_counts

TEAM_KINDS = (*tables.TEAM_KINDS, "beat")
WARD_KINDS = ("ward", "parish", "district")
_METRES_PER_DEGREE = 111_200  # of latitude
_CELL_STEPS = 10_000  # per degree, for the squares of recorded incidents


def outlines(report: Report, kinds: tuple[str, ...], style: str, simplify_m: float) -> dict[str, Any]:
    """Return the outlines of places of some kinds, with their names at a point inside."""
    places = report.places_now
    chosen = places[places["kind"].isin(kinds)].sort_values(["kind", "place_code"])
    inside = chosen.geometry.representative_point()
    return {
        "style": style,
        "names": [formatting.place(name, 40) for name in chosen["name"]],
        "shapes": geometry_encoding.polygons(chosen.geometry, simplify_m),
        "points": geometry_encoding.points(inside.x, inside.y),
    }


def cells(report: Report, family: str) -> dict[str, Any]:
    """Return squares with incidents by shade, in steps of 0.0001 degrees from a corner."""
    found = grid_counts.incident_cells(report.incidents, family)
    corner, steps = _steps(found)
    middle = corner[0] + (steps[:, 0].mean() / _CELL_STEPS if len(steps) else 0)
    half = grid_counts.INCIDENT_CELL_M / 2 / _METRES_PER_DEGREE
    east = half / float(np.cos(np.radians(middle)))
    shades = [steps[(found["shade"] == shade).to_numpy()].ravel().tolist() for shade in range(len(grid_counts.SHADES))]
    return {"corner": corner, "half": [round(half, 6), round(east, 6)], "shades": shades}


def streets(report: Report) -> dict[str, Any]:
    """Return the names of map points around the patrol areas; none where the base map names the streets."""
    if report.encoded_base_map and report.encoded_base_map.has_street_names:
        return {"points": [], "names": []}
    found = grid_counts.street_names(report.incidents, report.patrol_areas, around_m=250)
    return {"points": geometry_encoding.points(found["easting"], found["northing"]), "names": found["name"].tolist()}


def districts(report: Report) -> dict[str, Any]:
    """Return the names of the districts that incidents name, for a map without a base map, in the middle of each.

    Names that teams or wards of the map have already are left out.
    """
    own = report.incidents[report.incidents["district"].notna()]
    if report.encoded_base_map or own.empty:
        return {"style": "district", "names": [], "points": [], "shapes": []}
    shown = report.places_now.loc[report.places_now["kind"].isin((*TEAM_KINDS, *WARD_KINDS)), "name"]
    xy = own[~own["district"].isin(shown)].get_coordinates()
    middle = xy.groupby(own["district"].astype("str")).median().sort_index()
    return {
        "style": "district",
        "names": [formatting.place(name, 40) for name in middle.index],
        "points": geometry_encoding.points(middle["x"], middle["y"]),
        "shapes": [],
    }


def parse_base_map(page: str) -> dict[str, Any]:
    """Return `outlines` of the force and its teams or wards, the drawn base map and its credit, from a map page.

    The result is empty if the page was not written by this version.
    """
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, flags=re.DOTALL)
    drawn = re.search(r'<script type="text/plain" id="base-map">([A-Za-z0-9+/=]*)</script>', page)
    try:
        data = json.loads(found[1]) if found else {}
        teams = data["teams"] if data["teams"]["shapes"] else data["wards"]
        outlines = [
            {name: layer[name] for name in ("style", "names", "shapes", "points")} for layer in (data["force"], teams)
        ]
        return {
            "outlines": outlines,
            "drawn": drawn[1] if drawn else "",
            "credit": str(data["base_map"]["credit"]),
        }
    except (ValueError, KeyError, TypeError):
        return {}  # the page was not written by this version


def bounds(report: Report) -> list[list[float]]:
    """Return the south-west and north-east corner of the force or, failing that, of the data, in degrees."""
    places = report.places_now
    for table in (places[places["kind"] == "force"], report.hotspots, report.patrol_areas, report.incidents):
        extent = table.geometry.total_bounds if len(table) else [np.nan]
        if np.isfinite(extent).all():
            longitude, latitude = crs.to_degrees([extent[0], extent[2]], [extent[1], extent[3]])
            corners = np.round(np.column_stack([latitude, longitude]), 4)
            return [[float(value) for value in corner] for corner in corners]
    return [[49.9, -6.4], [55.8, 1.8]]


def search_index(report: Report) -> dict[str, Any]:
    """Return the streets of the whole force: name and busiest point, one for each kilometre square.

    Streets of the same name are distinguished by ward or team or, without these, by square of the National Grid.
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
    """Return the kilometre square of the National Grid.

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
    """Return a south-west corner (latitude, longitude), and the steps of each place north and east of it."""
    longitude, latitude = crs.to_degrees(places["easting"], places["northing"])
    if places.empty:
        return [0.0, 0.0], np.empty((0, 2), dtype="int64")
    corner = [round(float(latitude.min()), 4), round(float(longitude.min()), 4)]
    return corner, np.round((np.column_stack([latitude, longitude]) - corner) * _CELL_STEPS).astype("int64")
