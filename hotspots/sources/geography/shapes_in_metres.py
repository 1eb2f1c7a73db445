"""Geometries of a file on the British National Grid: areas only, mended, in the system that their numbers show."""

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from hotspots import crs
from hotspots.errors import SourceError
from hotspots.sources.file_formats import limits

# Ranges of Great Britain and Northern Ireland: west, south, east, north.
_DEGREES = (-9.5, 49.0, 2.5, 61.5)
_METRES = (-250_000.0, -50_000.0, 700_000.0, 1_300_000.0)


def in_metres(raw: gpd.GeoDataFrame, path: Path) -> NDArray[Any]:
    """Return geometries on the British National Grid, without a third dimension.

    The coordinate system that the file names counts, unless its numbers cannot be of that system: degrees in a file
    that names metres and the reverse, and latitudes written before longitudes, are recognised by their range.

    Raises
    ------
    SourceError
        The file names no coordinate system and its numbers show none, or it has too many vertices.
    """
    shapes = np.asarray(shapely.force_2d(raw.geometry.to_numpy()))
    vertices = int(shapely.get_num_coordinates(shapes).sum())
    limits.require_within(path.name, vertices, limits.MAX_VERTICES, "vertices", "Simplify its outlines.")
    if not vertices:
        return shapes
    bounds = shapely.total_bounds(shapes)
    if not np.isfinite(bounds).all():
        raise SourceError(f"{path.name}: a coordinate is infinite or no number. Export the file again.")
    if raw.crs is None or raw.crs.is_geographic or _is_within(bounds, _DEGREES) or _is_swapped(bounds):
        return _by_range(shapes, bounds, raw.crs is not None and raw.crs.is_geographic, path)
    return shapes if raw.crs.to_epsg() == 27700 else np.asarray(raw.to_crs(crs.BNG).geometry.force_2d().to_numpy())


def _by_range(shapes: NDArray[Any], bounds: NDArray[Any], is_named: bool, path: Path) -> NDArray[Any]:
    """Return geometries in metres whose coordinate system is recognised by their range."""
    if _is_swapped(bounds):
        shapes = shapely.transform(shapes, lambda xy: xy[:, ::-1])
    elif _is_within(bounds, _METRES) and max(abs(bounds)) > 360:
        return shapes
    elif not is_named and not _is_within(bounds, _DEGREES):
        raise SourceError(
            f"{path.name}: the file does not name its coordinate system, and its numbers are neither degrees nor "
            f"metres of the National Grid. Save it in EPSG:27700 with its .prj file, or as a GeoPackage."
        )
    return np.asarray(crs.geometries_to_grid(shapes))


def _is_swapped(bounds: NDArray[Any]) -> bool:
    """Return whether latitudes are written before longitudes."""
    return _is_within(bounds[[1, 0, 3, 2]], _DEGREES)


def _is_within(bounds: NDArray[Any], limits_of: tuple[float, float, float, float]) -> bool:
    west, south, east, north = limits_of
    return bool(bounds[0] >= west and bounds[1] >= south and bounds[2] <= east and bounds[3] <= north)


def areas_of(shapes: NDArray[Any]) -> NDArray[Any]:
    """Return the polygons of each geometry, mended where rings cross; None where there is none.

    A geometry collection gives its polygons; lines and points are left out.
    """
    return np.array([_area(shape) for shape in shapes], dtype=object)


def _area(shape: shapely.Geometry | None) -> shapely.Geometry | None:
    """Return the polygons of a geometry."""
    if shape is None or shape.is_empty:
        return None
    if shape.geom_type in ("Polygon", "MultiPolygon") and shape.is_valid:
        return shape
    parts = _polygons(shapely.make_valid(shape))
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else shapely.union_all(parts)


def _polygons(shape: shapely.Geometry) -> list[shapely.Geometry]:
    """Return every polygon in a geometry, of collections inside collections as well."""
    if shape.geom_type == "Polygon":
        return [] if shape.is_empty else [shape]
    if shape.geom_type not in ("MultiPolygon", "GeometryCollection"):
        return []
    return [polygon for part in shape.geoms for polygon in _polygons(part)]
