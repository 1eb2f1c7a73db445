from datetime import date
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from hotspots import crs, tables
from hotspots.errors import SourceError
from hotspots.reporting.web_map import base_map_encoding
from pipelines.storage import stored_base_map, stored_files
from pipelines.storage.store import Store


def streets(*names: str | None, first: int = 0) -> gpd.GeoDataFrame:
    """A street 500 m long for each name, 100 m from the one before."""
    shapes = [
        shapely.LineString([(410_000, 150_000 + 100 * n), (410_500, 150_000 + 100 * n)]) for n in range(len(names))
    ]
    columns = {"kind": "local_road", "name": names, "feature_id": [f"f{n}" for n in range(first, first + len(names))]}
    return tables.conform(gpd.GeoDataFrame(columns, geometry=shapes, crs=crs.BNG), tables.BASE_MAP)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A stored day without a base map of its own, beside the stored base map of the force."""
    made = Store(tmp_path, "barset", date(2026, 3, 2))
    made.write("base_map", tables.empty(tables.BASE_MAP))
    stored_base_map.write_base_map(tmp_path, "barset", streets("Mill Lane", None))
    return made


def encoded_file(store: Store) -> Path:
    return store.folder / store.force / "base_map_encoded.json"


def test_a_damaged_base_map_names_the_command_that_makes_it_again(store: Store) -> None:
    path = stored_base_map.path_of(store.folder, store.force)
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(SourceError, match=r"is damaged: .* Run 'hotspots basemap' for barset again"):
        stored_base_map.read_base_map(store)


def test_the_stored_base_map_is_joined_with_the_own_file_of_the_day(store: Store) -> None:
    assert stored_base_map.read_base_map(store)["name"].dropna().tolist() == ["Mill Lane"]
    store.write("base_map", streets("Quay Road", first=9))
    assert stored_base_map.read_base_map(store)["name"].dropna().tolist() == ["Mill Lane", "Quay Road"]


def test_the_map_that_the_command_encodes_is_used_when_a_day_is_published(store: Store) -> None:
    features = streets("Mill Lane", None)
    encoded = stored_base_map.encode_base_map(store.folder, store.force, features)
    assert encoded == base_map_encoding.encode(features)
    facts = stored_files.read_json(encoded_file(store))
    stored_files.write_json(encoded_file(store), facts | {"text": "stored"})
    again = stored_base_map.encode_base_map(store.folder, store.force, stored_base_map.read_base_map(store))
    assert again.text == "stored" and again.left_out == encoded.left_out


@pytest.mark.parametrize("change", ["features", "damaged"])
def test_other_features_and_a_damaged_file_are_encoded_again(store: Store, change: str) -> None:
    features = streets("Mill Lane", None)
    before = stored_base_map.encode_base_map(store.folder, store.force, features)
    if change == "features":
        features = pd.concat([features, streets("Quay Road", first=9)], ignore_index=True)
    else:
        encoded_file(store).write_text("{", encoding="utf-8")
    after = stored_base_map.encode_base_map(store.folder, store.force, features)
    assert after == base_map_encoding.encode(features) and (after == before) == (change == "damaged")
    assert stored_files.read_json(encoded_file(store))["text"] == after.text


def test_no_features_store_nothing(store: Store) -> None:
    assert stored_base_map.encode_base_map(store.folder, store.force, tables.empty(tables.BASE_MAP)) is None
    assert not encoded_file(store).exists()
