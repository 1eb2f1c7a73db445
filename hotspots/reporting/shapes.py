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
