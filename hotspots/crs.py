"""Conversion between the British National Grid (metres), used throughout, and degrees, used in inputs and exports.

The datum shift is always the Helmert transformation of Ordnance Survey (EPSG:1314, accurate to about 2 m in Great
Britain), so that the same file gives the same coordinates on every machine, with or without the finer OSTN15 grid.
Snap points of data.police.uk are far coarser than 2 m.
"""

from functools import lru_cache
from typing import Any

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from pyproj import Transformer

BNG = "EPSG:27700"
WGS84 = "EPSG:4326"
_GRID_LETTERS = "ABCDEFGHJKLMNOPQRSTUVWXYZ"  # of squares of 500 km and 100 km, without I

# Projection and datum shift of OSGB36, as published by Ordnance Survey.
_HELMERT = (
    "+proj=pipeline +step +inv +proj=tmerc +lat_0=49 +lon_0=-2 +k=0.9996012717 +x_0=400000 +y_0=-100000 +ellps=airy "
    "+step +proj=push +v_3 +step +proj=cart +ellps=airy "
    "+step +proj=helmert +x=446.448 +y=-125.157 +z=542.06 +rx=0.15 +ry=0.247 +rz=0.842 +s=-20.489 "
    "+convention=position_vector "
    "+step +inv +proj=cart +ellps=WGS84 +step +proj=pop +v_3 +step +proj=unitconvert +xy_in=rad +xy_out=deg"
)


@lru_cache
def _transformer() -> Transformer:
    return Transformer.from_pipeline(_HELMERT)


def to_grid(longitude: ArrayLike, latitude: ArrayLike) -> tuple[NDArray[Any], NDArray[Any]]:
    """Convert degrees (WGS84) to eastings and northings (metres, EPSG:27700).

    Results are rounded to the centimetre, so that a point has the same coordinates in every source. Missing values
    stay missing.

    Examples
    --------
    >>> [round(float(v)) for v in to_grid(-1.785, 51.558)]
    [415002, 184368]
    """
    easting, northing = _transformer().transform(
        np.asarray(longitude, float), np.asarray(latitude, float), direction="INVERSE"
    )
    return _finite(easting, 2), _finite(northing, 2)


def to_degrees(easting: ArrayLike, northing: ArrayLike) -> tuple[NDArray[Any], NDArray[Any]]:
    """Convert metres (EPSG:27700) to longitudes and latitudes (degrees, WGS84), to seven decimals."""
    longitude, latitude = _transformer().transform(np.asarray(easting, float), np.asarray(northing, float))
    return _finite(longitude, 7), _finite(latitude, 7)


def grid_reference(easting: float, northing: float) -> str:
    """Return the square of 100 m that holds a point as a reference with letters and six figures.

    Examples
    --------
    >>> grid_reference(415_002, 184_368)
    'SU 150 843'
    """
    column, row = int(easting // 100_000), int(northing // 100_000)
    first = (19 - row) - (19 - row) % 5 + (column + 10) // 5
    second = (19 - row) * 5 % 25 + column % 5
    east, north = int(easting % 100_000 // 100), int(northing % 100_000 // 100)
    return f"{_GRID_LETTERS[first]}{_GRID_LETTERS[second]} {east:03d} {north:03d}"


def geometries_to_grid(geometries: ArrayLike) -> NDArray[Any]:
    """Convert shapely geometries from degrees (WGS84) to metres (EPSG:27700), without a third dimension."""
    return np.asarray(shapely.transform(shapely.force_2d(geometries), to_grid, interleaved=False))


def geometries_to_degrees(geometries: ArrayLike) -> NDArray[Any]:
    """Convert shapely geometries from metres (EPSG:27700) to degrees (WGS84)."""
    return np.asarray(shapely.transform(geometries, to_degrees, interleaved=False))


def _finite(values: ArrayLike, decimals: int) -> NDArray[Any]:
    """Return rounded values, NaN where the projection failed."""
    values = np.round(np.asarray(values, float), decimals)
    return np.where(np.isfinite(values), values, np.nan)
