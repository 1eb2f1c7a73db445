"""Encode geometries for the map's script: integer steps of 0.00001 degrees, each point relative to the one before.

A line or ring is a flat list of alternating east and north steps; its first pair is relative to `ORIGIN`. A polygon
takes a third of its size as GeoJSON.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from hotspots import crs
from hotspots.reporting import pins

STEPS_PER_DEGREE = 100_000  # about one metre each
ORIGIN = (-2.0, 53.0)  # longitude, latitude
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def polygons(geometries: Iterable[Any], simplify_m: float) -> list[list[list[list[int]]] | None]:
    """Encode each polygon as parts of rings; None where nothing is left to draw.

    Parameters
    ----------
    geometries
        Polygons and multipolygons, BNG metres.
    simplify_m
        Tolerance of the simplification, metres.
    """
    return [
        [[_flat(ring.coords) for ring in (part.exterior, *part.interiors)] for part in shapely.get_parts(shape)] or None
        for shape in _degrees(geometries, simplify_m)
    ]


def points(easting: Iterable[float], northing: Iterable[float]) -> list[list[int]]:
    """Encode points, given in BNG metres, as steps east and north of the origin."""
    encoded: list[list[int]] = steps(easting, northing).tolist()
    return encoded


def steps(easting: Iterable[float], northing: Iterable[float]) -> NDArray[np.int64]:
    """Return points, given in BNG metres, as rows of steps east and north of the origin."""
    return _steps(np.column_stack(crs.to_degrees(np.asarray(easting, float), np.asarray(northing, float))))


def packed_points(easting: Iterable[float], northing: Iterable[float]) -> str:
    """Encode points as one string of six characters each: two numbers in base 64, to ten steps (about ten metres).

    This takes half the space of `points`, and is precise enough to find a street.

    Examples
    --------
    >>> packed_points([400_000], [344_000])
    'f_yf-9'
    """
    tens = np.round(steps(easting, northing) / 10).astype("int64") + 64**3 // 2
    characters = np.array(list(ALPHABET))
    return "".join(characters[np.stack([tens // 64**2 % 64, tens // 64 % 64, tens % 64], axis=-1)].ravel())


def front_coded(texts: Iterable[str]) -> list[str]:
    """Encode sorted texts by the number of characters shared with the text before (in base 64), and the rest.

    Examples
    --------
    >>> front_coded(["Abbey Close", "Abbey Court", "Mill Lane"])
    ['AAbbey Close', 'Hourt', 'AMill Lane']
    """
    coded, before = [], ""
    for text in texts:
        same = 0
        # JavaScript counts characters beyond the basic plane as two, so the shared part ends before one.
        while same < min(len(text), len(before), 63) and text[same] == before[same] and text[same] <= "\uffff":
            same += 1
        coded.append(ALPHABET[same] + text[same:])
        before = text
    return coded


def centres(geometries: Iterable[Any]) -> list[list[int]]:
    """Encode a point inside each shape, given in BNG metres: the centre of the smallest circle around it if inside."""
    middle = pins.points_inside(geometries)
    return points(shapely.get_x(middle), shapely.get_y(middle))


def _degrees(geometries: Iterable[Any], simplify_m: float) -> np.ndarray:
    """Simplify geometries and convert them to degrees; missing ones become empty."""
    shapes = shapely.force_2d(np.asarray(geometries, dtype=object))
    shapes = np.where(shapely.is_missing(shapes), shapely.GeometryCollection(), shapes)
    return crs.geometries_to_degrees(shapely.simplify(shapes, simplify_m) if simplify_m else shapes)


def _flat(coordinates: Any) -> list[int]:
    """Encode coordinates as steps from one to the next, without steps of zero."""
    moved = np.diff(_steps(np.asarray(coordinates)), axis=0, prepend=[[0, 0]])
    is_kept = np.append(True, moved[1:].any(axis=1))
    encoded: list[int] = moved[is_kept].ravel().tolist()
    return encoded


def _steps(degrees: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return longitudes and latitudes as steps from the origin."""
    return np.round((degrees - ORIGIN) * STEPS_PER_DEGREE).astype("int64")
