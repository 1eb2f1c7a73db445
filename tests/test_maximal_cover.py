"""Circles that cover the most, against every circle there is."""

from itertools import combinations, pairwise

import hypothesis
import numpy as np
import pytest
from hypothesis import strategies as st

from hotspots.maximal_cover import cover

WEIGHTED = st.lists(
    st.tuples(st.integers(0, 300), st.integers(0, 300), st.integers(0, 9)),
    min_size=1,
    max_size=12,
    unique_by=lambda p: p[:2],
)


def covered(centre: np.ndarray, points: np.ndarray, radius: float) -> np.ndarray:
    return np.hypot(*(points - centre).T) <= radius * (1 + 1e-8)


def best_circle(points: np.ndarray, weights: np.ndarray, radius: float) -> float:
    """The most weight that any circle covers: one around a point, or through two of them."""
    centres = list(points)
    for one, other in combinations(points, 2):
        gap = np.hypot(*(other - one))
        if 0 < gap <= 2 * radius:
            aside = np.array([one[1] - other[1], other[0] - one[0]]) / gap * np.sqrt(max(radius**2 - gap**2 / 4, 0))
            centres += [(one + other) / 2 + aside, (one + other) / 2 - aside]
    return max(weights[covered(centre, points, radius)].sum() for centre in centres)


def gains(centres: np.ndarray, points: np.ndarray, weights: np.ndarray, radius: float) -> list[float]:
    left, found = weights.astype(float).copy(), []
    for centre in centres:
        inside = covered(centre, points, radius)
        found.append(float(left[inside].sum()))
        left[inside] = 0.0
    return found


# answers


def test_a_circle_between_two_spots_holds_both() -> None:
    centre = cover([0, 290], [0, 0], [1, 1], 150, 1)[0]
    assert np.hypot(centre[0], centre[1]) <= 150 * (1 + 1e-8)
    assert np.hypot(centre[0] - 290, centre[1]) <= 150 * (1 + 1e-8)


def test_a_point_at_exactly_the_radius_is_covered() -> None:
    assert gains(cover([0, 150], [0, 0], [1, 1], 75, 1), np.array([[0, 0], [150, 0]]), np.array([1, 1]), 75) == [2.0]


def test_the_second_circle_takes_what_the_first_has_left() -> None:
    centres = cover([0, 10, 5_000], [0, 0, 0], [3, 3, 5], 100, 3)
    assert len(centres) == 2
    assert centres[0][0] < 100
    assert centres[1].tolist() == [5_000, 0]


# promises


@hypothesis.given(WEIGHTED, st.integers(20, 200))
def test_the_first_circle_is_the_best_there_is(rows: list, radius: int) -> None:
    data = np.array(rows, dtype=float)
    points, weights = data[:, :2], data[:, 2]
    centres = cover(points[:, 0], points[:, 1], weights, radius, 1)
    assert sum(gains(centres, points, weights, radius)) == pytest.approx(best_circle(points, weights, radius))


@hypothesis.given(WEIGHTED, st.integers(20, 200))
def test_no_circle_gains_more_than_the_one_before(rows: list, radius: int) -> None:
    data = np.array(rows, dtype=float)
    points, weights = data[:, :2], data[:, 2]
    centres = cover(points[:, 0], points[:, 1], weights, radius, 12)
    found = gains(centres, points, weights, radius)
    assert all(later <= earlier + 1e-9 for earlier, later in pairwise(found))
    assert sum(found) == pytest.approx(weights.sum())
    assert all(gain > 0 for gain in found)


@pytest.mark.parametrize("seed", range(3))
def test_in_a_town_too_the_first_circle_is_the_best_there_is(seed: int) -> None:
    random = np.random.default_rng(seed)
    points, weights = random.uniform(0, 1_500, (120, 2)), random.gamma(0.5, 2.0, 120)
    centres = cover(points[:, 0], points[:, 1], weights, 150, 5)
    assert gains(centres, points, weights, 150)[0] == pytest.approx(best_circle(points, weights, 150))


def test_the_order_of_points_does_not_matter() -> None:
    random = np.random.default_rng(4)
    points, weights, turn = random.uniform(0, 800, (40, 2)), random.gamma(1.0, 1.0, 40), random.permutation(40)
    one, other = cover(*points.T, weights, 120, 6), cover(*points[turn].T, weights[turn], 120, 6)
    assert gains(one, points, weights, 120) == pytest.approx(gains(other, points, weights, 120))


def test_weights_stay_as_they_were_and_nothing_to_cover_needs_no_circle() -> None:
    weights = np.array([2.0, 0.0])
    assert len(cover([0, 900], [0, 0], weights, 100, 5)) == 1
    assert weights.tolist() == [2.0, 0.0]
    assert cover([0, 900], [0, 0], [0, 0], 100, 5).shape == (0, 2)
    assert cover([], [], [], 100, 5).shape == (0, 2)
    assert cover([0], [0], [1], 100, 0).shape == (0, 2)


def test_what_stands_at_one_place_only_is_covered_there() -> None:
    place = [436_234.6976, 175_383.9936]
    assert cover([place[0]] * 3, [place[1]] * 3, [1, 1, 1], 200, 2).tolist() == [place]
