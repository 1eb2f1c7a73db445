"""What chance allows: intervals that hold what they say, and the chance of the first places."""

import hypothesis
import numpy as np
import pytest
from hypothesis import strategies as st
from scipy import stats

from hotspots import predictive_distribution

MEANS, SPREADS = st.floats(0.01, 80.0), st.floats(0.0, 2.0)

# answers


def test_nothing_expected_is_nothing_to_nothing() -> None:
    low, high = predictive_distribution.prediction_interval([0.0], [0.0])
    assert (low.tolist(), high.tolist()) == ([0.0], [0.0])


def test_a_rate_known_exactly_gives_the_poissons_shortest_interval() -> None:
    low, high = predictive_distribution.prediction_interval([10.0], [0.0])
    held = stats.poisson(10).cdf(high[0]) - stats.poisson(10).cdf(low[0] - 1)
    assert (low[0], high[0]) == (6.0, 14.0)
    assert held >= 0.8


@pytest.mark.parametrize(("mean", "variance"), [(0.3, 0.05), (2.0, 0.5), (12.0, 9.0), (60.0, 40.0)])
def test_four_in_five_simulated_counts_fall_inside(mean: float, variance: float) -> None:
    random = np.random.default_rng(1)
    counts = random.poisson(random.gamma(mean**2 / variance, variance / mean, 40_000))
    low, high = predictive_distribution.prediction_interval([mean], [variance])
    held = ((counts >= low[0]) & (counts <= high[0])).mean()
    assert held >= 0.79
    without_an_end = ((counts > low[0]) & (counts <= high[0])).mean(), ((counts >= low[0]) & (counts < high[0])).mean()
    assert max(without_an_end) < 0.81


def test_the_first_k_of_equal_rates_have_equal_chances() -> None:
    chances = predictive_distribution.top_k_chance(np.full(10, 4.0), np.full(10, 1.0), k=3, draws=20_000)
    assert chances == pytest.approx(np.full(10, 0.3), abs=0.02)


def test_a_rate_far_above_the_others_is_surely_first() -> None:
    chances = predictive_distribution.top_k_chance(np.array([50.0, 2.0, 1.0]), np.array([1.0, 0.5, 0.5]), k=1)
    assert chances == pytest.approx([1.0, 0.0, 0.0], abs=1e-3)


def test_two_gammas_compare_as_the_beta_distribution_says() -> None:
    means, variances = np.array([3.0, 2.0]), np.array([3.0, 2.0])
    first = stats.beta(2, 3).cdf(0.5)
    assert predictive_distribution.top_k_chance(means, variances, k=1, draws=50_000)[0] == pytest.approx(
        first, abs=0.01
    )


def test_where_there_is_room_for_all_each_is_sure_of_its_place() -> None:
    assert predictive_distribution.top_k_chance([1.0, 2.0], [1.0, 1.0], k=2).tolist() == [1.0, 1.0]


def made_up_areas(slope: float, excess: float, share: float, areas: int = 4_000) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(4)
    expected = random.gamma(2.0, 4.0, areas) + 0.5
    mean = slope * expected
    spread = predictive_distribution.Dispersion(linear=excess, quadratic=share).variance(mean)
    return expected, random.poisson(random.gamma(mean**2 / spread, spread / mean))


def test_the_spread_that_made_the_counts_is_found() -> None:
    found = predictive_distribution.fit_dispersion(*made_up_areas(0.8, 0.5, 0.1))
    assert found.slope == pytest.approx(0.8, abs=0.02)
    assert found.variance([4.0, 16.0]) == pytest.approx(
        predictive_distribution.Dispersion(linear=0.5, quadratic=0.1).variance([4.0, 16.0]), rel=0.15
    )
    assert found.areas == 4_000


def test_intervals_from_the_spread_found_hold_four_in_five_of_new_counts() -> None:
    expected, came = made_up_areas(0.8, 0.5, 0.1, 1_200)
    found = predictive_distribution.fit_dispersion(expected[:600], came[:600])
    mean = found.slope * expected[600:]
    low, high = predictive_distribution.prediction_interval(mean, found.variance(mean))
    assert 0.77 <= ((came[600:] >= low) & (came[600:] <= high)).mean() <= 0.9


def test_pure_chance_is_given_no_more_spread_than_that() -> None:
    random = np.random.default_rng(6)
    expected = random.gamma(2.0, 4.0, 3_000) + 0.5
    assert predictive_distribution.fit_dispersion(expected, random.poisson(expected)).variance([5.0])[0] < 0.5


def test_too_few_areas_give_the_plain_default() -> None:
    assert predictive_distribution.fit_dispersion([3.0] * 5, [2.0] * 5) == predictive_distribution.Dispersion()
    assert predictive_distribution.fit_dispersion([], []) == predictive_distribution.Dispersion()


# promises


@hypothesis.given(MEANS, SPREADS)
def test_the_interval_holds_its_coverage_and_is_never_below_nothing(mean: float, spread: float) -> None:
    variance = (spread * mean) ** 2
    low, high = predictive_distribution.prediction_interval([mean], [variance])
    assert 0 <= low[0] <= high[0]
    shape, scale = mean**2 / max(variance, 1e-6 * mean**2), max(variance, 1e-6 * mean**2) / mean
    count = stats.nbinom(shape, 1 / (1 + scale))
    assert count.cdf(high[0]) - count.cdf(low[0] - 1) >= 0.8 - 1e-9


@hypothesis.given(st.lists(MEANS, min_size=4, max_size=12))
def test_the_chances_of_the_first_k_add_up_to_k(means: list[float]) -> None:
    rates = np.array(means)
    assert predictive_distribution.top_k_chance(rates, rates / 3, k=3, draws=500).sum() == pytest.approx(3)


def test_the_same_seed_gives_the_same_chances() -> None:
    means, variances = np.array([3.0, 2.0, 2.5]), np.array([1.0, 1.0, 1.0])
    assert (
        predictive_distribution.top_k_chance(means, variances, 1, seed=4)
        == predictive_distribution.top_k_chance(means, variances, 1, seed=4)
    ).all()


def test_no_rates_have_no_intervals_and_no_chances() -> None:
    assert [ends.shape for ends in predictive_distribution.prediction_interval([], [])] == [(0,), (0,)]
    assert predictive_distribution.top_k_chance([], [], 5).shape == (0,)
