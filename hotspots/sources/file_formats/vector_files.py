"""Read points of GeoPackage, Shapefile and MapInfo files: attributes as text, coordinates on the National Grid."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hotspots import crs
from hotspots.errors import SourceError
from hotspots.sources.file_formats import csv_layout, vector_layers

SUFFIXES = vector_layers.GDAL_SUFFIXES
_PURPOSE = "as points"
# Kinds of layers that GDAL reports: of points, and those that may hold points.
_POINTS = (
    "Point", "MultiPoint", "Point Z", "Point M", "Point ZM", "MultiPoint Z", "PointZ", "2.5D Point", "2.5D MultiPoint",
)  # fmt: skip
_MAY_BE_POINTS = (*_POINTS, "Unknown", "None", "GeometryCollection", "")


def point_layers(path: Path) -> dict[str, list[str]]:
    """List layers of points, and of rows without geometry, with their headings.

    Raises
    ------
    SourceError
        The file cannot be opened.
    """
    layers = vector_layers.list_layers(path, _PURPOSE)
    names = [name for name, kind in layers.items() if kind in _MAY_BE_POINTS]
    return {name: vector_layers.read_fields(path, name, _PURPOSE) for name in names}


def holds_points(path: Path) -> bool:
    """Return whether a file has a layer of points; a file that cannot be opened has none."""
    try:
        return any(kind in _POINTS for kind in vector_layers.list_layers(path, _PURPOSE).values())
    except SourceError:
        return False


def holds_areas(path: Path) -> bool:
    """Return whether a file has a layer of polygons."""
    return any("Polygon" in kind for kind in vector_layers.list_layers(path, _PURPOSE).values())


def read_headings(path: Path, wanted: Iterable[str], layer: str = "") -> list[str]:
    """Read the headings of the layer that has most of the wanted ones."""
    needed, layers = set(wanted), point_layers(path)
    if layer:
        return layers.get(layer, [])
    return max(layers.values(), key=lambda headings: len(needed & set(headings)), default=[])


def read_cells(path: Path, headings: Iterable[str], layer: str = "", point_crs: str = "") -> pd.DataFrame:
    """Read the columns with these headings as text, with `easting` and `northing` (metres) of the points.

    Parameters
    ----------
    path
        A GeoPackage, Shapefile, MapInfo TAB or MIF file.
    headings
        Of the columns to read.
    layer
        To read; by default the layer of points with all the headings.
    point_crs
        Coordinate system of the points, for files that do not say.

    Raises
    ------
    SourceError
        The file cannot be opened, has no points, lacks a heading, or does not name its coordinate system.
    """
    wanted = list(dict.fromkeys(headings))
    name = _choose_layer(path, wanted, layer)
    raw = vector_layers.read_layer(path, name, _PURPOSE, columns=wanted, datetime_as_string=True)
    cells = pd.DataFrame({heading: _as_text(raw[heading]) for heading in wanted})
    if not isinstance(raw, gpd.GeoDataFrame):
        return cells
    easting, northing = _in_metres(raw, path, point_crs)
    return cells.assign(easting=easting, northing=northing)


def first_cells(path: Path, layer: str = "", rows: int = 1_000) -> tuple[str, pd.DataFrame]:
    """Read the layer with most headings, and every column of its first rows as text: for proposals only."""
    layers = point_layers(path)
    if not layers:
        raise SourceError(_no_points(path))
    name = layer or max(layers, key=lambda one: len(layers[one]))
    raw = vector_layers.read_layer(
        path, name, _PURPOSE, max_features=rows, read_geometry=False, datetime_as_string=True
    )
    return name, pd.DataFrame({heading: _as_text(raw[heading]) for heading in raw.columns})


def _choose_layer(path: Path, wanted: list[str], layer: str) -> str:
    """Return the name of the layer to read."""
    layers = point_layers(path)
    if layer and layer not in layers:
        raise SourceError(
            f"{path.name}: there is no layer of points '{layer}'; the layers are {', '.join(map(repr, layers))}."
        )
    if not layers:
        raise SourceError(_no_points(path))
    considered = {layer: layers[layer]} if layer else layers
    fitting = [name for name, headings in considered.items() if set(wanted) <= set(headings)]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        raise SourceError(
            f"{path.name}: the layers {', '.join(map(repr, fitting))} all have the headings. Choose one: "
            f'sheet = "{fitting[0]}" under [force_export].'
        )
    best = max(considered, key=lambda name: len(set(wanted) & set(considered[name])))
    missing = csv_layout.missing_columns([name for name in wanted if name not in considered[best]])
    short = " A Shapefile shortens headings to ten characters." if path.suffix.lower() == ".shp" else ""
    raise SourceError(f"{path.name}: {missing}. Check the export and its headings.{short}")


def _in_metres(raw: gpd.GeoDataFrame, path: Path, point_crs: str) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return eastings and northings of the points; NaN where a row has none."""
    from pyproj.exceptions import CRSError

    shapes = raw.geometry
    strange = set(shapes.geom_type.dropna()) - {"Point", "MultiPoint"}
    if strange:
        raise SourceError(_no_points(path, sorted(strange)[0]))
    if raw.crs is None and not point_crs:
        lost = " (there is no .prj file)" if path.suffix.lower() == ".shp" else ""
        raise SourceError(
            f"{path.name}: the file does not name its coordinate system{lost}. Send the whole set of "
            f'files, or set point_crs = "EPSG:27700" under [force_export].'
        )
    try:
        points = shapes if raw.crs is not None else shapes.set_crs(point_crs)
    except CRSError:
        raise SourceError(f"force_export.point_crs is '{point_crs}', expected a code such as EPSG:27700.") from None
    points = gpd.GeoSeries(points.centroid if (points.geom_type == "MultiPoint").any() else points)
    if points.crs.is_geographic:
        return crs.to_grid(points.x.to_numpy(), points.y.to_numpy())
    # MapInfo and ESRI write the National Grid without its EPSG code, so it is recognised by name.
    if points.crs.to_epsg() != 27700 and "British_National_Grid" not in points.crs.name.replace(" ", "_"):
        points = points.to_crs(crs.BNG)
    return np.round(points.x.to_numpy(dtype=float), 2), np.round(points.y.to_numpy(dtype=float), 2)


def _no_points(path: Path, kind: str = "") -> str:
    but = f" but {kind} features" if kind else ""
    return f"{path.name}: the file has no points{but}; incidents must be points."


def _as_text(column: pd.Series) -> pd.Series:
    """Return a column as stripped text: whole numbers without a decimal point, empty cells missing."""
    if pd.api.types.is_float_dtype(column.dtype) and (column.dropna() % 1 == 0).all():
        column = column.astype("Int64")
    texts = column.astype("str").str.strip()
    return texts.where((texts != "") & column.notna().to_numpy()).astype("str")
