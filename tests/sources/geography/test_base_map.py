import json
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from hotspots.errors import SourceError
from hotspots.sources.geography import base_map

OUTLINE = shapely.box(410_000, 180_000, 420_000, 190_000)


def lines(*kinds: str | None) -> str:
    """A line of each kind from west to east through the outline, and far beyond it."""
    shape = {"type": "LineString", "coordinates": [[-2.2, 51.56], [-1.4, 51.56]]}
    features = [{"type": "Feature", "geometry": shape, "properties": {"kind": kind, "name": "A419"}} for kind in kinds]
    return json.dumps({"type": "FeatureCollection", "features": features})


@pytest.mark.parametrize(
    ("name", "is_one"),
    [("base_map.geojson", True), ("base-map-rivers.gpkg", True), ("Base map.shp", True), ("basement.geojson", False),
     ("base_map.csv", False)],
)  # fmt: skip
def test_the_name_of_a_file_says_that_it_is_a_base_map(name: str, is_one: bool) -> None:
    assert base_map.is_base_map(Path(name)) is is_one


def test_lines_are_cut_to_the_surroundings_of_the_force(write: Callable[..., Path]) -> None:
    found = base_map.read_base_map(write("base_map.geojson", lines("road", " River ")), OUTLINE)
    assert found["kind"].tolist() == ["road", "river"] and found["name"].tolist() == ["A419", "A419"]
    west, _, east, _ = found.total_bounds
    assert (west, east) == pytest.approx((408_000, 422_000), abs=1)


def test_every_layer_of_a_geopackage_is_read(tmp_path: Path) -> None:
    path = tmp_path / "base_map.gpkg"
    wick = gpd.GeoDataFrame(
        {"kind": ["place"], "name": ["Wick"]}, geometry=[shapely.Point(415_000, 185_000)], crs=27700
    )
    wick.to_file(path, layer="names")
    wick.assign(kind="wood", geometry=wick.buffer(300)).to_file(path, layer="woods")
    found = base_map.read_base_map(path, OUTLINE)
    assert found["kind"].tolist() == ["place", "wood"] and found["feature_id"].is_unique


@pytest.mark.parametrize("kind", ["aqueduct", None])
def test_a_feature_of_another_kind_is_refused(write: Callable[..., Path], kind: str | None) -> None:
    with pytest.raises(SourceError, match=r"base_map.geojson: a feature has the kind .*; expected one of river, water"):
        base_map.read_base_map(write("base_map.geojson", lines("road", kind)), OUTLINE)


def test_a_file_that_is_no_map_is_refused_in_a_sentence(write: Callable[..., Path]) -> None:
    with pytest.raises(SourceError, match=r"base_map.gpkg: the file cannot be opened as a map"):
        base_map.read_base_map(write("base_map.gpkg", "nothing"), OUTLINE)
