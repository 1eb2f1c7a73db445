"""The neighbour graph against brute force over every pair."""

import hypothesis
import numpy as np
import pytest
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from hotspots import neighbour_graph

POINTS = hnp.arrays(np.int64, st.tuples(st.integers(0, 30), st.just(2)), elements=st.integers(0, 40))


def every_pair(points: np.ndarray) -> np.ndarray:
    return np.hypot(*(points[:, None, :] - points[None, :, :]).transpose(2, 0, 1))


# answers


def test_a_point_at_exactly_the_radius_is_a_neighbour() -> None:
    graph = neighbour_graph.graph([0, 30, 30], [0, 40, 41], 50.0)
    assert graph[0, 1] == 50.0
    assert graph.nnz == 3 + 2 * 2


def test_coincident_points_are_neighbours_at_no_distance() -> None:
    graph = neighbour_graph.graph([5, 5], [5, 5], 1.0)
    assert graph.nnz == 4
    assert (graph.data == 0).all()


def test_the_kernel_is_one_at_no_distance_and_falls_as_gauss_says() -> None:
    weights = neighbour_graph.kernel(neighbour_graph.graph([0, 100], [0, 0], 200.0), 100.0).toarray()
    assert weights == pytest.approx(np.array([[1, np.exp(-0.5)], [np.exp(-0.5), 1]]))


# promises


@hypothesis.given(POINTS, st.integers(1, 25))
def test_the_graph_is_that_of_every_pair(points: np.ndarray, radius: int) -> None:
    graph = neighbour_graph.graph(points[:, 0], points[:, 1], radius)
    gaps = every_pair(points.astype(float))
    adjacent = neighbour_graph.adjacency(graph).toarray()
    assert (adjacent == (gaps <= radius)).all()
    assert graph.toarray() == pytest.approx(np.where(gaps <= radius, gaps, 0.0))


def test_making_weights_leaves_the_graph_alone() -> None:
    graph = neighbour_graph.graph([0, 100], [0, 0], 200.0)
    before = graph.toarray()
    neighbour_graph.kernel(graph, 50.0)
    neighbour_graph.adjacency(graph)
    assert (graph.toarray() == before).all()
    assert graph.nnz == 4


def test_no_points_have_no_neighbours() -> None:
    assert neighbour_graph.graph([], [], 100.0).shape == (0, 0)
