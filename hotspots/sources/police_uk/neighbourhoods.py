"""Convert neighbourhoods from the API of data.police.uk to areas of teams."""

import html
import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import shapely

_AROUND_UK = shapely.box(-9.5, 49.0, 2.5, 61.5)


def tidy_neighbourhoods(
    listed: list[dict[str, str]], boundaries: dict[str, list[dict[str, str]]]
) -> tuple[dict[str, Any], dict[str, int]]:
    """Convert neighbourhoods to GeoJSON for `boundaries.read_places`, and count those left out.

    Parameters
    ----------
    listed
        `id` and `name` of each, as the API lists them.
    boundaries
        Points of each outline by id, degrees as text; missing or empty where none is published.

    Returns
    -------
    tuple
        The collection, ordered by id, and counts: `neighbourhoods` kept, `mended` of them (the boundary crossed
        itself), `without_boundary`, `broken` (the points form no area) and `repeated` (a duplicate id).
    """
    counts = dict.fromkeys(("neighbourhoods", "mended", "without_boundary", "broken", "repeated"), 0)
    names: dict[str, str] = {}
    for item in listed:
        counts["repeated"] += item["id"] in names
        names.setdefault(item["id"], html.unescape(item["name"]).strip() or item["id"])
    features = []
    for code, name in sorted(names.items()):
        points = boundaries.get(code)
        area, is_mended = _area_of(points) if points else (None, False)
        counts["neighbourhoods" if area else "broken" if points else "without_boundary"] += 1
        counts["mended"] += is_mended
        if area:
            properties = {"kind": "NPT", "name": name, "place_code": code, "team_name": name}
            features.append(
                {"type": "Feature", "properties": properties, "geometry": json.loads(shapely.to_geojson(area))}
            )
    return {"type": "FeatureCollection", "features": features}, counts


def _area_of(points: list[dict[str, str]]) -> tuple[shapely.Geometry | None, bool]:
    """Return the area inside one or more rings, if any, and whether a ring crossed itself and was mended."""
    try:
        xy = np.array([(float(point["longitude"]), float(point["latitude"])) for point in points])
    except (KeyError, TypeError, ValueError):
        return None, False
    if not (np.isfinite(xy).all() and shapely.contains_xy(_AROUND_UK, xy).all()):
        return None, False
    rings = [shapely.Polygon(ring) for ring in _rings(xy) if len(np.unique(ring, axis=0)) >= 3]
    parts = shapely.get_parts(shapely.get_parts(shapely.make_valid(rings)))
    areas = [part for part in parts if part.geom_type == "Polygon" and part.area > 0]
    if not areas:
        return None, False
    return shapely.orient_polygons(shapely.normalize(shapely.union_all(areas))), not shapely.is_valid(rings).all()


def _rings(xy: np.ndarray) -> Iterator[np.ndarray]:
    """Split a series of points into rings: each ends at its first point, the last at the end."""
    xy = xy[np.r_[True, (np.diff(xy, axis=0) != 0).any(axis=1)]]
    start = 0
    while start < len(xy):
        again = np.flatnonzero((xy[start + 1 :] == xy[start]).all(axis=1))
        end = start + 2 + int(again[0]) if len(again) else len(xy)
        yield xy[start:end]
        start = end
