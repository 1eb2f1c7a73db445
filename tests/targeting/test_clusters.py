"""DBSCAN in metres against scikit-learn's on the repeated rows, and against published partitions."""

from pathlib import Path

import hypothesis
import numpy as np
import pytest
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from sklearn.cluster import DBSCAN

from hotspots import neighbour_graph
from hotspots.errors import ParameterError
from hotspots.targeting import clusters

# Few places on a small grid: coincident rows, exact distances and border points come by themselves.
POINTS = hnp.arrays(np.int64, st.tuples(st.integers(0, 40), st.just(2)), elements=st.integers(0, 12))


def of_repeated_rows(points: np.ndarray, weights: np.ndarray, radius: float, least: int) -> np.ndarray:
    """What scikit-learn says of each row with weight, repeated as often as it weighs; -1 for a row without weight."""
    labels = np.full(len(points), -1)
    if weights.sum():
        repeated = np.repeat(np.arange(len(points)), weights)
        labels[repeated] = DBSCAN(eps=radius, min_samples=least).fit_predict(points[repeated].astype(float))
    return labels


def sizes(labels: np.ndarray) -> list[int]:
    return np.sort(np.unique(labels, return_counts=True)[1]).tolist()


# inputs


@pytest.mark.parametrize("radius", [0, -1.5])
def test_a_radius_of_nothing_is_refused(radius: float) -> None:
    with pytest.raises(ParameterError, match=f"radius_m must be greater than 0 metres, got {radius:g}"):
        clusters.dbscan([0], [0], radius, 3)


def test_a_cluster_of_no_incidents_is_refused() -> None:
    with pytest.raises(ParameterError, match="min_incidents must be at least 1, got 0"):
        clusters.DbscanParams(min_incidents=0)


# answers


def test_one_spot_reported_ten_times_is_a_cluster() -> None:
    assert clusters.dbscan([0, 500], [0, 0], 100, 10, weights=[10, 9]).tolist() == [0, -1]


def test_a_row_of_spots_hangs_together_and_its_ends_are_borders() -> None:
    labels = clusters.dbscan([0, 100, 200, 300, 1_000], np.zeros(5), 100, 3)
    assert labels.tolist() == [0, 0, 0, 0, -1]


def test_a_border_row_joins_the_cluster_whose_first_core_row_comes_first() -> None:
    easting = np.array([-80, -80, -80, 0, 100, 200, 280, 280, 280])
    assert clusters.dbscan(easting, np.zeros(9), 100, 5).tolist() == [0, 0, 0, 0, 0, 1, 1, 1, 1]
    backwards = easting[::-1]
    assert clusters.dbscan(backwards, np.zeros(9), 100, 5).tolist() == [0, 0, 0, 0, 0, 1, 1, 1, 1]


def test_a_spot_without_incidents_neither_joins_nor_bridges() -> None:
    labels = clusters.dbscan([0, 100, 200], np.zeros(3), 100, 3, weights=[3, 0, 3])
    assert labels.tolist() == [0, -1, 1]


def test_iris_has_the_published_clusters() -> None:
    """R package dbscan, its tests: eps 0.4, four points."""
    from sklearn.datasets import load_iris

    measures = load_iris().data
    distances = np.sqrt(((measures[:, None, :] - measures[None, :, :]) ** 2).sum(axis=2))
    from scipy import sparse

    rows, columns = np.nonzero(distances <= 0.4)
    graph = sparse.csr_matrix((distances[rows, columns], (rows, columns)), shape=distances.shape)
    labels = clusters.label_spots(graph, np.ones(150), 4)
    assert (labels == -1).sum() == 25
    assert sizes(labels[labels >= 0]) == [4, 36, 38, 47]


@pytest.mark.real_data
def test_three_clusters_of_elki_have_the_published_sizes(shared_data: Path, expected_results: dict) -> None:
    published = expected_results["dbscan_elki_three_clusters"]
    path = shared_data / "benchmarks" / published["data"]
    rows = [line.split()[:2] for line in path.read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]
    x, y = np.array(rows, dtype=float).T
    labels = clusters.dbscan(x, y, published["eps"], published["min_samples"])
    assert sizes(labels) == published["cluster_sizes"]
    assert (labels == -1).sum() == 29


# promises


@hypothesis.settings(max_examples=150)
@hypothesis.given(POINTS, st.integers(1, 5), st.integers(1, 6), st.data())
def test_labels_are_those_of_scikit_learn_on_the_repeated_rows(points, radius: int, least: int, data) -> None:
    weights = data.draw(hnp.arrays(np.int64, len(points), elements=st.integers(0, 4)))
    ours = clusters.dbscan(points[:, 0], points[:, 1], radius, least, weights)
    assert ours.tolist() == of_repeated_rows(points, weights, radius, least).tolist()


@hypothesis.given(POINTS, st.integers(1, 5), st.integers(1, 6))
def test_labels_without_weights_are_those_of_scikit_learn(points: np.ndarray, radius: int, least: int) -> None:
    ours = clusters.dbscan(points[:, 0], points[:, 1], radius, least)
    assert ours.tolist() == of_repeated_rows(points, np.ones(len(points), int), radius, least).tolist()


@pytest.mark.parametrize("seed", range(5))
def test_labels_in_a_town_are_those_of_scikit_learn(seed: int) -> None:
    random = np.random.default_rng(seed)
    middles = random.uniform(0, 4_000, (12, 2))
    points = np.round(middles[random.integers(0, 12, 1_500)] + random.normal(0, 120, (1_500, 2)), 1)
    points = np.concatenate([points, np.round(random.uniform(0, 4_000, (500, 2)), 1)])
    weights = random.integers(0, 6, len(points))
    ours = clusters.dbscan(points[:, 0] + 415_000, points[:, 1] + 184_000, 60.05, 20, weights)
    assert ours.tolist() == of_repeated_rows(points, weights, 60.05, 20).tolist()
    assert ours.max() > 3


def test_the_arguments_stay_as_they_were() -> None:
    easting, northing, weights = np.array([3.0, 1.0, 2.0]), np.zeros(3), np.array([1, 2, 3])
    clusters.dbscan(easting, northing, 1.0, 2, weights)
    assert (easting.tolist(), northing.tolist(), weights.tolist()) == ([3, 1, 2], [0, 0, 0], [1, 2, 3])


def test_the_graph_may_be_shared_because_labelling_leaves_it_alone() -> None:
    graph = neighbour_graph.graph([0, 50, 90], [0, 0, 0], 60.0)
    before = graph.copy()
    clusters.label_spots(graph, [3, 0, 2], 2)
    assert (graph.data == before.data).all()
    assert (graph.indices == before.indices).all()


def test_no_rows_have_no_clusters() -> None:
    assert clusters.dbscan([], [], 100, 5).shape == (0,)
    assert clusters.dbscan([0, 1], [0, 1], 100, 5, weights=[0, 0]).tolist() == [-1, -1]


@hypothesis.given(
    hnp.arrays(np.int64, st.tuples(st.integers(0, 30), st.just(2)), elements=st.integers(-4, 4)),
    st.sampled_from([0.1, 0.30000000000000004, 1.0, 7.07]), st.integers(1, 4),
)  # fmt: skip
def test_labels_at_distances_that_just_reach_are_those_of_scikit_learn(points, unit: float, least: int) -> None:
    points = points * unit
    ours = clusters.dbscan(points[:, 0], points[:, 1], 2 * unit, least)
    assert ours.tolist() == of_repeated_rows(points, np.ones(len(points), int), 2 * unit, least).tolist()


def test_tens_of_thousands_of_rows_at_one_place_are_one_spot() -> None:
    easting = np.repeat([0.0, 90.0, 500.0], [40_000, 1, 3])
    labels = clusters.dbscan(easting, np.zeros(len(easting)), 100, 20)
    assert np.unique(labels[:40_001]).tolist() == [0]
    assert labels[40_001:].tolist() == [-1, -1, -1]


def test_two_places_whose_keys_meet_stay_apart() -> None:
    x = np.array([400_000.25, 412_345.5, 400_000.25])
    mixed = x[:2].view(np.int64) * np.int64(-7046029254386353131)
    y = np.array([150_000.0, 0.0, 150_000.0])
    y.view(np.int64)[1] = mixed[0] ^ mixed[1] ^ y.view(np.int64)[0]
    assert np.isfinite(y).all()
    assert clusters.dbscan(x, y, 1, 2).tolist() == [0, -1, 0]


def test_nought_is_the_same_place_from_either_side() -> None:
    assert clusters.dbscan([0.0, -0.0], [-0.0, 0.0], 1, 2).tolist() == [0, 0]


def test_a_row_without_a_place_is_refused() -> None:
    with pytest.raises(ParameterError, match="missing or not finite"):
        clusters.dbscan([0.0, np.nan], [0.0, 0.0], 100, 2)
