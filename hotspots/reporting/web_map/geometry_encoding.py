"""Geometries as the map's script reads them: whole steps of 0.00001 degrees, each point from the one before it.

A line or ring is a flat list, east and north in turn; its first pair counts from `ORIGIN`. So a polygon takes a third
of what it takes as GeoJSON.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np
import shapely

from hotspots import crs

STEPS_A_DEGREE = 100_000  # about a metre
ORIGIN = (-2.0, 53.0)  # longitude, latitude
SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def polygons(geometries: Iterable[Any], simplify_m: float) -> list[list[list[list[int]]] | None]:
    """For each polygon its parts, each a list of rings; None where nothing is left to draw.

    Parameters
    ----------
    geometries
        Polygons and multipolygons, BNG metres.
    simplify_m
        How far a drawn line may stray from the true one.
    """
    return [
        [[_flat(ring.coords) for ring in (part.exterior, *part.interiors)] for part in shapely.get_parts(shape)] or None
        for shape in _degrees(geometries, simplify_m)
    ]


def lines(geometries: Iterable[Any], simplify_m: float) -> list[list[list[int]]]:
    """For each line its parts, BNG metres in."""
    return [[_flat(part.coords) for part in shapely.get_parts(shape)] for shape in _degrees(geometries, simplify_m)]


def points(easting: Iterable[float], northing: Iterable[float]) -> list[list[int]]:
    """Each point as east and north of the origin, BNG metres in."""
    longitude, latitude = crs.to_degrees(np.asarray(easting, float), np.asarray(northing, float))
    return _steps(np.column_stack([longitude, latitude])).tolist()


def packed_points(easting: Iterable[float], northing: Iterable[float]) -> str:
    """Points as one text, six signs each: three for each number in base 64, in ten of the steps above (ten metres).

    Half of what `points` takes, and enough to go to a street.

    Examples
    --------
    >>> packed_points([400_000], [344_000])
    'f_yf-9'
    """
    steps = np.array(points(easting, northing), dtype="float64").reshape(-1, 2) / 10
    steps = np.round(steps).astype("int64") + 64**3 // 2
    signs = np.array(list(SIGNS))
    return "".join(signs[np.stack([steps // 64**2 % 64, steps // 64 % 64, steps % 64], axis=-1)].ravel())


def front_coded(texts: Iterable[str]) -> list[str]:
    """Each text as how much of the one before it comes again (a sign of base 64), and what is new.

    Examples
    --------
    >>> front_coded(["Abbey Close", "Abbey Court", "Mill Lane"])
    ['AAbbey Close', 'Hourt', 'AMill Lane']
    """
    found, before = [], ""
    for text in texts:
        same = 0
        # Scripts count the signs beyond the first plane as two, so the part that comes again ends before one.
        while same < min(len(text), len(before), 63) and text[same] == before[same] and text[same] <= "\uffff":
            same += 1
        found.append(SIGNS[same] + text[same:])
        before = text
    return found


def middles(geometries: Iterable[Any]) -> list[list[int]]:
    """Centres of the smallest circles around shapes, BNG metres in."""
    centres = shapely.centroid(shapely.minimum_bounding_circle(np.asarray(geometries)))
    return points(shapely.get_x(centres), shapely.get_y(centres))


def _degrees(geometries: Iterable[Any], simplify_m: float) -> np.ndarray:
    """Geometries in degrees, simplified, without the empty ones' parts."""
    shapes = shapely.force_2d(np.asarray(geometries, dtype=object))
    shapes = np.where(shapely.is_missing(shapes), shapely.GeometryCollection(), shapes)
    return crs.geometries_to_degrees(shapely.simplify(shapes, simplify_m) if simplify_m else shapes)


def _flat(coordinates: Any) -> list[int]:
    """Points as steps from one to the next, those that fall together as one."""
    steps = _steps(np.asarray(coordinates))
    moved = np.diff(steps, axis=0, prepend=[[0, 0]])
    is_kept = np.append(True, moved[1:].any(axis=1))
    return moved[is_kept].ravel().tolist()


def _steps(degrees: np.ndarray) -> np.ndarray:
    return np.round((degrees - ORIGIN) * STEPS_A_DEGREE).astype("int64")
