import geopandas as gpd
import numpy as np
import shapely
from hypothesis import given
from hypothesis import strategies as st

from hotspots import crs
from hotspots.sources.geography import street_network


def roads(*lines: list[tuple[float, float]]) -> gpd.GeoDataFrame:
    names = [f"Street {number}" for number in range(len(lines))]
    return gpd.GeoDataFrame({"name": names}, geometry=[shapely.LineString(line) for line in lines], crs=crs.BNG)


def test_a_street_is_split_where_another_one_ends_on_it_or_shares_a_point() -> None:
    found = street_network.split_at_junctions(
        roads([(0, 0), (100, 0), (200, 0)], [(100, 0), (100, 90)], [(0, 50), (50, 50)])
    )
    assert found["name"].tolist() == ["Street 0", "Street 0", "Street 1", "Street 2"]
    assert found.length.tolist() == [100, 100, 90, 50]


def test_streets_that_cross_without_a_shared_point_are_a_bridge() -> None:
    assert len(street_network.split_at_junctions(roads([(0, 0), (100, 0)], [(50, -50), (50, 50)]))) == 2


def test_a_loop_is_split_where_it_meets_itself() -> None:
    found = street_network.split_at_junctions(roads([(0, 0), (50, 0), (90, 40), (50, 80), (50, 0)]))
    assert found.length.round(1).tolist()[0] == 50 and len(found) == 2


def test_no_roads_make_no_network() -> None:
    assert street_network.split_at_junctions(roads()).empty


cells = st.tuples(st.integers(0, 6), st.integers(0, 6))
paths = st.lists(cells, min_size=2, max_size=6).filter(lambda path: len(set(path)) > 1)


@given(st.lists(paths, min_size=1, max_size=6))
def test_pieces_cover_the_same_ground_and_meet_others_only_at_their_ends(lines: list[list[tuple[int, int]]]) -> None:
    given_roads = roads(*[[(10.0 * x, 10.0 * y) for x, y in line] for line in lines])
    found = street_network.split_at_junctions(given_roads)
    assert np.isclose(found.length.sum(), given_roads.length.sum())
    ends = {tuple(xy) for line in found.geometry for xy in (line.coords[0], line.coords[-1])}
    inside = [tuple(xy) for line in found.geometry for xy in line.coords[1:-1]]
    assert not ends & set(inside) and len(set(inside)) == len(inside)
