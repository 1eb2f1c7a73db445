"""Littleham's base map: its streets are those of its incidents, and a network."""

import json

import geopandas as gpd
import numpy as np
import pytest
import shapely
from scipy.sparse import coo_matrix, csgraph

from hotspots import tables
from hotspots.sources.geography import base_map as base_map_files
from hotspots.town import base_map, littleham


@pytest.fixture(scope="module")
def drawn(town) -> gpd.GeoDataFrame:
    return base_map.draw_base_map(town.points)


def roads_of(features: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return features[features["kind"].isin(tables.ROAD_KINDS)].reset_index(drop=True)


def nodes_of(lines: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The number of the first and of the last point of each line, the same where two lines meet."""
    ends = np.vstack([shapely.get_coordinates(shapely.get_point(lines, end)) for end in (0, -1)])
    numbers = np.unique(np.round(ends, 1), axis=0, return_inverse=True)[1].ravel()
    return numbers[: len(lines)], numbers[len(lines) :]


def test_it_has_every_kind_that_a_base_map_shows(drawn):
    assert set(drawn["kind"].unique()) >= {
        "a_road", "b_road", "minor_road", "local_road", "path", "railway", "river", "stream", "water", "wood", "park",
        "town", "suburb", "village",
    }  # fmt: skip
    assert drawn["source"].isna().all()  # nobody holds rights in a made-up town


def test_every_street_point_is_on_the_street_of_its_name(drawn, town):
    by_name = roads_of(drawn).dissolve("name").geometry
    points = town.points
    here = shapely.points(points["easting"], points["northing"])
    street = by_name.reindex(points["street"]).to_numpy()
    assert shapely.distance(here, street).max() <= 1.0


def test_the_streets_are_one_network_that_meets_only_at_ends(drawn):
    lines = roads_of(drawn).geometry.to_numpy()
    begins, ends = nodes_of(lines)
    size = max(begins.max(), ends.max()) + 1
    graph = coo_matrix((np.ones(len(lines)), (begins, ends)), shape=(size, size))
    part = csgraph.connected_components(graph, directed=False)[1]
    assert np.bincount(part).max() > 0.99 * size
    assert not shapely.STRtree(lines).query(lines, predicate="crosses").size


def test_no_wood_stands_on_a_street_point(drawn, town):
    woods = drawn[drawn["kind"] == "wood"].union_all()
    here = shapely.points(town.points["easting"], town.points["northing"])
    assert shapely.distance(here, woods).min() > 50


def test_the_written_file_is_read_back_as_it_was(drawn, town, tmp_path):
    littleham.write_town(town, tmp_path)
    path = tmp_path / "base_map.geojson"
    assert base_map_files.is_base_map(path) and len(json.loads(path.read_text())["features"]) == len(drawn)
    outline = town.places.loc[town.places["kind"] == "force"].geometry.iloc[0]
    back = base_map_files.read_base_map(path, outline)
    inside = roads_of(drawn)[roads_of(drawn).within(outline)]
    assert roads_of(back).length.sum() == pytest.approx(
        roads_of(drawn).clip(outline.buffer(base_map_files.MARGIN_M, join_style="mitre")).length.sum(), rel=0.02
    )
    assert set(inside["name"].dropna()) <= set(back["name"].dropna())


def test_the_same_points_make_the_same_map(drawn, town):
    assert base_map.draw_base_map(town.points).equals(drawn)
