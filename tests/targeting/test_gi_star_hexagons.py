"""Hexagons, their ranks and Gi*, and how few places hold how much."""

import hypothesis
import numpy as np
import pytest
import shapely
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import sparse

from hotspots.targeting import gi_star_hexagons, method_notes, significance

FORCE = shapely.box(400_000, 100_000, 406_000, 105_000)


# Made with esda 2.9.0: G_Local(values, weights, transform="B", star=True).Zs, each of seven places beside the next.
ESDA = [
    -0.9014913017684526, -0.27431506742959905, 1.2967621369399231, 1.4713262707587587, 0.24937733402690823,
    -1.147135736523778, -0.710265874120599,
]  # fmt: skip


def by_the_book(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Ord and Getis's z scores, written out place by place."""
    n, mean = len(values), sum(values) / len(values)
    s = (sum(value**2 for value in values) / n - mean**2) ** 0.5
    scores = []
    for row in weights:
        below = s * ((n * sum(row**2) - sum(row) ** 2) / (n - 1)) ** 0.5
        scores.append((sum(row * values) - mean * sum(row)) / below)
    return np.array(scores)


# answers


@pytest.mark.real_data
def test_gi_star_has_its_published_value(expected_results: dict) -> None:
    known = expected_results["gi_star_small"]
    weights = np.tile(np.array(known["w"], float), (10, 1))
    assert significance.gi_star(known["x"], weights) == pytest.approx(np.full(10, known["z"]), abs=1e-12)


def test_gi_star_is_that_of_esda() -> None:
    values = np.array([3.0, 0.0, 7.0, 12.0, 1.0, 0.0, 4.0])
    near = (np.abs(np.subtract.outer(np.arange(7), np.arange(7))) <= 1).astype(float)
    assert significance.gi_star(values, near) == pytest.approx(ESDA, abs=1e-10)


@hypothesis.given(
    hnp.arrays(np.int64, 9, elements=st.integers(0, 20)), hnp.arrays(np.bool_, (9, 9), elements=st.booleans())
)
def test_gi_star_is_the_formula_for_dense_and_sparse_weights(values: np.ndarray, near: np.ndarray) -> None:
    near = (near | np.eye(9, dtype=bool)).astype(float)
    near[near.sum(axis=1) == 9] = np.eye(9)[0]
    hypothesis.assume(values.std() > 0)
    expected = by_the_book(values.astype(float), near)
    assert significance.gi_star(values, near) == pytest.approx(expected, abs=1e-10)
    assert significance.gi_star(values, sparse.csr_matrix(near)) == pytest.approx(expected, abs=1e-10)


def test_where_all_values_are_alike_no_place_stands_out() -> None:
    assert significance.gi_star([3, 3, 3], np.eye(3)).tolist() == [0, 0, 0]
    assert significance.gi_star([1, 2, 3], np.ones((3, 3))).tolist() == [0, 0, 0]


def test_one_spot_of_ten_holds_half() -> None:
    table = method_notes.concentration([1, 9, 1, 1, 1, 1, 1, 1, 1, 1], "spot")
    assert table["places"].tolist() == [1, 1, 7]
    assert table["share_of_places"].tolist() == [0.1, 0.1, 0.7]


def test_hexagons_have_the_size_they_say_and_hold_their_points() -> None:
    random = np.random.default_rng(1)
    x, y = random.uniform(400_000, 406_000, 300), random.uniform(100_000, 105_000, 300)
    table = gi_star_hexagons.outline_hexagons(gi_star_hexagons.count_hexagons(x, y, np.ones(300, int), FORCE))
    assert table.geometry.area.to_numpy() == pytest.approx(gi_star_hexagons.HEXAGON_M2)
    assert table["incidents"].sum() == 300
    inside = [shapely.contains_xy(shape, x, y).sum() for shape in table.geometry]
    assert inside == table["incidents"].tolist()
    assert len(table) == pytest.approx(FORCE.area / gi_star_hexagons.HEXAGON_M2, rel=0.1)
    assert shapely.union_all(table.geometry.to_numpy()).area == pytest.approx(table.geometry.area.sum())


def test_a_planted_crowd_is_first_and_significant_and_quiet_ones_are_not() -> None:
    random = np.random.default_rng(1)
    x, y = random.uniform(400_000, 406_000, 300), random.uniform(100_000, 105_000, 300)
    x[:60], y[:60] = 403_000 + random.normal(0, 30, 60), 102_000 + random.normal(0, 30, 60)
    table = gi_star_hexagons.count_hexagons(x, y, np.ones(300, int), FORCE)
    assert table["rank"].tolist() == list(range(1, len(table) + 1))
    assert table["incidents"].is_monotonic_decreasing
    first = gi_star_hexagons.outline_hexagons(table.head(1)).geometry.iloc[0]
    assert first.distance(shapely.Point(403_000, 102_000)) < 100
    assert table["is_significant"].iloc[0]
    assert table["is_significant"].mean() < 0.2


# promises


def test_nothing_recorded_gives_empty_tables_and_a_sentence() -> None:
    held = method_notes.concentration([], "spot")
    hexagons = gi_star_hexagons.count_hexagons([], [], [], FORCE)
    assert held.empty
    assert (hexagons["incidents"] == 0).all()
    assert not hexagons["is_significant"].any()
    assert gi_star_hexagons.describe_hexagons(hexagons, held, None) == "No incidents to compare."
