"""Shares and rates with intervals: published examples, calibration by simulation, and what the priors do."""

import numpy as np
import pytest
from scipy import stats

from hotspots import proportions


def test_wilson_gives_the_published_intervals() -> None:
    # Newcombe 1998 (Statistics in Medicine 17, 857), table I, method 3
    for (count, total), ends in {
        (81, 263): (0.2553, 0.3662), (15, 148): (0.0624, 0.1605), (0, 20): (0.0, 0.1611), (1, 29): (0.0061, 0.1718),
    }.items():  # fmt: skip
        low, high = proportions.wilson(count / total, total)
        assert (float(low), float(high)) == pytest.approx(ends, abs=6e-5)


def test_a_change_has_the_published_interval() -> None:
    # Newcombe 1998 (Statistics in Medicine 17, 873), table II, method 10
    for (a, m, b, n), ends in {
        (56, 70, 48, 80): (0.0524, 0.3339), (9, 10, 3, 10): (0.1705, 0.8090), (10, 10, 0, 20): (0.6791, 1.0),
    }.items():  # fmt: skip
        low, high = proportions.difference((a / m, m), (b / n, n))
        assert (float(low), float(high)) == pytest.approx(ends, abs=6e-5)


def test_no_answers_say_what_the_force_says_and_many_say_their_own() -> None:
    share, low, high = proportions.shrunken_share([0, 700], [0, 1000], 0.3, 20).T
    assert share == pytest.approx([0.3, 706 / 1020])
    assert high[0] - low[0] > 0.2 > high[1] - low[1]


def test_ends_are_the_quantiles_of_beta_and_gamma() -> None:
    drawn = proportions.shrunken_share([4], [9], 0.25, 8)[0]
    assert drawn[1:] == pytest.approx(stats.beta(6, 11).ppf([0.1, 0.9]), abs=1e-6)
    ratio = proportions.shrunken_ratio([7], [3.5], 2.0)[0]
    assert ratio == pytest.approx([9 / 5.5, *stats.gamma(9, scale=1 / 5.5).ppf([0.1, 0.9])])


@pytest.mark.parametrize("weight", [8.0, 40.0])
def test_how_much_areas_differ_is_learnt_from_them(weight: float) -> None:
    rng = np.random.default_rng(1)
    total = rng.integers(5, 60, 4_000)
    count = rng.binomial(total, rng.beta(0.3 * weight, 0.7 * weight, len(total)))
    assert proportions.share_prior(count, total, 1.0) == pytest.approx(weight, rel=0.15)
    expected = rng.uniform(0.5, 20, 4_000)
    came = rng.poisson(expected * rng.gamma(weight, 1 / weight, len(expected)))
    assert proportions.ratio_prior(came, expected) == pytest.approx(weight, rel=0.25)


def test_intervals_hold_what_they_should() -> None:
    rng = np.random.default_rng(2)
    total = rng.integers(3, 60, 5_000)
    true = rng.beta(6, 14, len(total))
    _, low, high = proportions.shrunken_share(rng.binomial(total, true), total, 0.3, 20).T
    assert ((low <= true) & (true <= high)).mean() == pytest.approx(0.8, abs=0.02)


def test_too_few_areas_tell_nothing_and_the_default_stands() -> None:
    assert proportions.share_prior([1, 2, 3], [4, 5, 6], 10.0) == 10.0
    assert proportions.share_prior([], [], 10.0) == 10.0
    assert proportions.ratio_prior([1, 2], [1.0, 2.0], 3.0) == 3.0
