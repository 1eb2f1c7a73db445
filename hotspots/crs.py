"""Metres on the British National Grid inside; degrees only at the edges.

The datum step is pinned to the Helmert transformation of Ordnance Survey (EPSG:1314, 2 m or better over
Great Britain), so that the same file gives the same coordinates on every machine, whether or not the finer
OSTN15 grid happens to be installed there. Snap points of data.police.uk are far coarser than 2 m.
"""

from functools import lru_cache

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from pyproj import Transformer

BNG = "EPSG:27700"
WGS84 = "EPSG:4326"

# OSGB36's own projection and datum shift, as published by Ordnance Survey.
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


def to_grid(longitude: ArrayLike, latitude: ArrayLike) -> tuple[NDArray, NDArray]:
    """Eastings and northings (metres, EPSG:27700) of points in degrees (WGS84).

    Rounded to the centimetre: the same point is the same number wherever it comes from. Missing stays missing.

    Examples
    --------
    >>> [round(float(v)) for v in to_grid(-1.785, 51.558)]
    [415002, 184368]
    """
    easting, northing = _transformer().transform(
        np.asarray(longitude, float), np.asarray(latitude, float), direction="INVERSE"
    )
    return _finite(easting, 2), _finite(northing, 2)


def to_degrees(easting: ArrayLike, northing: ArrayLike) -> tuple[NDArray, NDArray]:
    """Longitudes and latitudes (degrees, WGS84, seven decimals) of points in metres (EPSG:27700)."""
    longitude, latitude = _transformer().transform(np.asarray(easting, float), np.asarray(northing, float))
    return _finite(longitude, 7), _finite(latitude, 7)


def geometries_to_grid(geometries: ArrayLike) -> NDArray:
    """Shapely geometries in degrees (WGS84) as geometries in metres (EPSG:27700), third dimension dropped."""
    return shapely.transform(shapely.force_2d(geometries), to_grid, interleaved=False)


def geometries_to_degrees(geometries: ArrayLike) -> NDArray:
    """Shapely geometries in metres (EPSG:27700) as geometries in degrees (WGS84)."""
    return shapely.transform(geometries, to_degrees, interleaved=False)


def _finite(values: ArrayLike, decimals: int) -> NDArray:
    """Rounded values, NaN where the projection gave no number."""
    values = np.round(np.asarray(values, float), decimals)
    return np.where(np.isfinite(values), values, np.nan)
