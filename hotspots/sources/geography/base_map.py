"""Read a base map: streets, railways, water, woods and names of places.

Files are those of OS Open Roads, OS Open Zoomstack and OpenStreetMap, and a force's own with a column `kind`.
"""

import re
from collections.abc import Iterable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from hotspots import crs, tables
from hotspots.errors import SourceError
from hotspots.sources.file_formats import geojson, kml, vector_layers
from hotspots.sources.geography import base_map_kinds, shapes_in_metres, street_network
from hotspots.sources.geography.base_map_kinds import LayerKinds

SUFFIXES = (".geojson", *vector_layers.GDAL_SUFFIXES, *vector_layers.OPENSTREETMAP_SUFFIXES)
_FILE_NAME = re.compile(r"base[-_ ]?map([-_ .].*)?", re.IGNORECASE)
_PURPOSE = "as a map"
# Features up to this distance outside the force are kept.
MARGIN_M = 2_000.0
# Outlines of water, woods and parks are stored to this precision; roads as they are, since routes are planned on them.
AREA_PRECISION_M = 3.0


def is_base_map(path: Path) -> bool:
    """Return whether a file is a base map by its name: base_map.gpkg, base-map-roads.geojson."""
    return path.suffix.lower() in SUFFIXES and _FILE_NAME.fullmatch(path.stem) is not None


def read_base_map(path: Path, outline: shapely.Geometry) -> gpd.GeoDataFrame:
    """Read what is in and around an outline (BNG metres), as `tables.BASE_MAP`.

    Raises
    ------
    SourceError
        The file cannot be opened, does not name its coordinate system, has no layer of a base map, or a feature of its
        own column `kind` is of an unknown one.
    """
    surroundings = shapely.simplify(shapely.buffer(outline, MARGIN_M, join_style="mitre"), MARGIN_M / 20)
    layers = [_tidy(layer, kinds, path) for layer, kinds in _read_layers(path, surroundings.bounds)]
    if not layers:
        raise SourceError(
            f"{path.name}: the file has no layer of a base map. Use OS Open Roads, OS Open Zoomstack or an extract of "
            "OpenStreetMap, or a file with the columns 'kind' and 'name'."
        )
    found = pd.concat([tables.empty(tables.BASE_MAP), *layers], ignore_index=True)
    shapes = _clip(found.geometry.to_numpy(), surroundings)
    frame = gpd.GeoDataFrame(found.drop(columns="geometry"), geometry=shapes, crs=crs.BNG)
    frame = frame[~frame.geometry.is_empty & frame.geom_type.isin(tables.BASE_MAP.geometry)]
    is_road = frame["kind"].isin(tables.ROAD_KINDS) & (shapely.get_dimensions(frame.geometry) == 1)
    frame = pd.concat([street_network.split_at_junctions(frame[is_road]), frame[~is_road]], ignore_index=True)
    frame["feature_id"] = f"{path.stem}-" + pd.Series(range(1, len(frame) + 1), index=frame.index).astype("str")
    return tables.conform(frame, tables.BASE_MAP)


def join_base_maps(files: Iterable[tuple[str, gpd.GeoDataFrame]]) -> tuple[gpd.GeoDataFrame, list[str]]:
    """Join the base maps of several files (name and `tables.BASE_MAP`), and return notes on what is not used.

    Roads, railways, water, woods and names are each taken from one source, the first that has them: two drawings of
    the same road would lie beside each other. Several files of one source are joined.
    """
    themes = base_map_kinds.themes()
    parts, notes, taken = [tables.empty(tables.BASE_MAP)], [], dict[str, str]()
    for number, (name, features) in enumerate(files, start=1):
        source = features["source"].astype("str").fillna(base_map_kinds.OWN)
        theme = features["kind"].astype("str").map(themes)
        for one in theme.unique():
            taken.setdefault(one, source[theme == one].iloc[0])
        is_used = (theme.map(taken) == source).to_numpy()
        left_out = sorted(set(theme[~is_used]))
        notes += [f"{name}: {one} are not used, because {taken[one]} has them." for one in left_out]
        parts.append(features[is_used].assign(feature_id=f"{number}-" + features.loc[is_used, "feature_id"]))
    joined = gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), crs=crs.BNG)
    return tables.conform(joined, tables.BASE_MAP), notes


def _read_layers(
    path: Path, bounds: tuple[float, float, float, float]
) -> Iterable[tuple[gpd.GeoDataFrame, LayerKinds]]:
    """Yield the layers of a base map, with their kinds."""
    if path.suffix.lower() in (*geojson.SUFFIXES, *kml.SUFFIXES):
        for name, layer in vector_layers.read_layers(path, _PURPOSE).items():
            if kinds := base_map_kinds.recognise(name, layer.columns):
                yield layer, kinds
        return
    for name in vector_layers.list_layers(path, _PURPOSE, vector_layers.MAX_MAP_BYTES):
        fields = vector_layers.read_fields(path, name, _PURPOSE, vector_layers.MAX_MAP_BYTES)
        if kinds := base_map_kinds.recognise(name, fields):
            extract = vector_layers.read_extract(path, name, _PURPOSE, kinds.needed(fields), bounds)
            if extract is not None:
                yield extract, kinds


def _tidy(layer: gpd.GeoDataFrame, kinds: LayerKinds, path: Path) -> gpd.GeoDataFrame:
    """Return a layer's kinds, names and geometry on the National Grid, without features of no kind."""
    columns = kinds.tidy(layer)
    if kinds.source == base_map_kinds.OWN:
        _require_known(columns["kind"], path)
    is_kept = (columns["kind"].notna() & layer.geometry.notna()).to_numpy()
    layer = layer[is_kept]
    shapes = shapely.force_2d(shapes_in_metres.in_metres(layer, path))
    is_area = shapely.get_dimensions(shapes) == 2
    shapes[is_area] = shapely.make_valid(shapely.simplify(shapes[is_area], AREA_PRECISION_M))
    return gpd.GeoDataFrame(columns[is_kept].assign(feature_id=""), geometry=shapes, crs=crs.BNG)


def _require_known(kinds: pd.Series, path: Path) -> None:
    """Raise if a file's own column `kind` has another value than those of a base map."""
    unknown = sorted(set(kinds.fillna("none")) - set(tables.BASE_KINDS))
    if unknown:
        raise SourceError(
            f"{path.name}: a feature has the kind {unknown[0]!r}; expected one of {', '.join(tables.BASE_KINDS)}."
        )


def _clip(shapes: np.ndarray, surroundings: shapely.Geometry) -> np.ndarray:
    """Return the parts of shapes that are within the surroundings; those that cross their edge are few."""
    shapely.prepare(surroundings)
    shapes = shapes.copy()
    is_across = ~shapely.covered_by(shapes, surroundings)
    shapes[is_across] = shapely.intersection(shapes[is_across], surroundings)
    return shapes
