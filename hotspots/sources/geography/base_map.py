"""Read a force's own base map: rivers, roads, railways, woods and place names."""

import re
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

from hotspots import crs, tables
from hotspots.errors import SourceError
from hotspots.sources.file_formats import vector_layers
from hotspots.sources.geography import shapes_in_metres

SUFFIXES = (".geojson", ".gpkg", ".shp", ".tab", ".mif")
_FILE_NAME = re.compile(r"base[-_ ]?map([-_ .].*)?", re.IGNORECASE)
# Features up to this distance outside the force are kept.
MARGIN_M = 2_000.0


def is_base_map(path: Path) -> bool:
    """Return whether a file is a base map by its name: base_map.gpkg, base-map-roads.geojson."""
    return path.suffix.lower() in SUFFIXES and _FILE_NAME.fullmatch(path.stem) is not None


def read_base_map(path: Path, outline: shapely.Geometry) -> gpd.GeoDataFrame:
    """Read the lines, areas and points in and around an outline (BNG metres), as `tables.BASE_MAP`.

    Raises
    ------
    SourceError
        The file cannot be opened, does not name its coordinate system, or has a feature of an unknown kind.
    """
    layers = vector_layers.read_layers(path, "as a map")
    found = [_tidy(layer, path) for layer in layers.values()]
    frame = pd.concat([tables.empty(tables.BASE_MAP), *found], ignore_index=True)
    shapes = shapely.intersection(frame.geometry.to_numpy(), shapely.buffer(outline, MARGIN_M).envelope)
    frame = gpd.GeoDataFrame(frame.drop(columns="geometry"), geometry=shapes, crs=crs.BNG)
    frame = frame[~frame.geometry.is_empty & frame.geom_type.isin(tables.BASE_MAP.geometry)].reset_index(drop=True)
    frame["feature_id"] = [f"{path.stem}-{number}" for number in range(1, len(frame) + 1)]
    return tables.conform(frame, tables.BASE_MAP)


def _tidy(layer: gpd.GeoDataFrame, path: Path) -> gpd.GeoDataFrame:
    """Return a layer's kinds, names and geometry on the National Grid."""
    column = {name.lower(): name for name in layer.columns}
    kinds = layer[column["kind"]].astype("str").str.strip().str.lower() if "kind" in column else None
    unknown = sorted(set(kinds) - set(tables.BASE_KINDS)) if kinds is not None else ["none"]
    if kinds is None or unknown:
        raise SourceError(
            f"{path.name}: a feature has the kind {unknown[0]!r}; expected one of {', '.join(tables.BASE_KINDS)}."
        )
    shapes = shapes_in_metres.in_metres(layer, path)
    names = (
        layer[column["name"]].astype("str") if "name" in column else pd.Series(pd.NA, index=layer.index, dtype="str")
    )
    frame = pd.DataFrame({"feature_id": "", "kind": kinds, "name": names})
    return gpd.GeoDataFrame(frame, geometry=shapely.make_valid(shapely.force_2d(shapes)), crs=crs.BNG)
