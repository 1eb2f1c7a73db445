"""The base map of a force, stored once for all its days: `data/processed/<force>/base_map.parquet`.

Its roads (`tables.ROAD_KINDS`) are a network of lines that meet at their ends. The encoded base map of the map page is
stored beside it, because encoding a county takes some seconds.
"""

from dataclasses import asdict
from pathlib import Path

import geopandas as gpd
import pandas as pd

from hotspots import crs, tables
from hotspots.errors import SourceError
from hotspots.reporting.web_map import base_map_encoding
from hotspots.reporting.web_map.base_map_encoding import EncodedMap
from pipelines.storage import stored_files
from pipelines.storage.store import Store
from pipelines.storage.stored_files import DamagedFileError


def path_of(processed: Path, force: str) -> Path:
    """Return where the base map of a force is stored."""
    return processed / force / "base_map.parquet"


def write_base_map(processed: Path, force: str, features: gpd.GeoDataFrame) -> Path:
    """Store the base map of a force (`tables.BASE_MAP`) in place of an earlier one, and return its path."""
    path = path_of(processed, force)
    tables.check(features, tables.BASE_MAP)
    path.parent.mkdir(parents=True, exist_ok=True)
    with stored_files.parquet_file(path) as temporary:
        features.to_parquet(temporary, compression="zstd", index=False)
    return path


def read_base_map(store: Store) -> gpd.GeoDataFrame:
    """Return the force's base map with the features of its own file of the day (`tables.BASE_MAP`).

    Raises
    ------
    SourceError
        The stored base map is damaged.
    """
    own, path = store.read("base_map"), path_of(store.folder, store.force)
    if not path.exists():
        return own
    try:
        stored_files.require_whole(path)
        stored = stored_files.read_parquet(path, gpd.read_parquet)
    except DamagedFileError as error:
        raise SourceError(f"{error} Run 'hotspots basemap' for {store.force} again, which makes it anew.") from None
    both = gpd.GeoDataFrame(pd.concat([stored, own], ignore_index=True), crs=crs.BNG)
    return tables.conform(both, tables.BASE_MAP)


def encode_base_map(processed: Path, force: str, features: gpd.GeoDataFrame) -> EncodedMap | None:
    """Return the base map as the map page embeds it: the stored one if the features are the same, else a new one."""
    path, key = processed / force / "base_map_encoded.json", base_map_encoding.content_key(features)
    try:
        stored = stored_files.read_json(path)
    except DamagedFileError:  # or missing: it only saves time
        stored = {}
    if stored.pop("key", None) == key:
        return EncodedMap(**stored)
    encoded = base_map_encoding.encode(features)
    if encoded:
        stored_files.write_json(path, {"key": key, **asdict(encoded)})
    return encoded
