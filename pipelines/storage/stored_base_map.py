"""The base map of a force, stored once for all its days: `data/processed/<force>/base_map.parquet`.

Its roads (`tables.ROAD_KINDS`) are a network of lines that meet at their ends.
"""

from pathlib import Path

import geopandas as gpd
import pandas as pd

from hotspots import crs, tables
from hotspots.errors import SourceError
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
