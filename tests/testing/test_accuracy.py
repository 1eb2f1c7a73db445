"""Ratios of accuracy: the published example, by hand, and divisors of 0."""

import numpy as np
import pytest

from hotspots.testing import accuracy

# answers


def test_the_published_example_comes_out(expected_results: dict) -> None:
    toy = expected_results["accuracy_toy"]
    observed, predicted = np.cumsum(toy["observed"]), np.cumsum(toy["predicted"])
    area = np.arange(1, 4)
    pai = accuracy.pai(observed, observed[-1], area, 3)
    best = accuracy.pai(np.cumsum(sorted(toy["observed"], reverse=True)), observed[-1], area, 3)
    assert pai == pytest.approx(toy["pai_cumulative"])
    assert accuracy.pei(pai, best) == pytest.approx(toy["pei_cumulative"])
    assert accuracy.rri(predicted, observed) == pytest.approx(toy["rri_predicted_over_observed"], abs=5e-5)


def test_half_the_incidents_on_a_tenth_of_the_area_is_five_times_as_many() -> None:
    assert accuracy.pai(20, 40, 1.0, 10.0) == pytest.approx(5.0)
    assert accuracy.hit_rate(20, 40) == pytest.approx(0.5)


def test_half_of_what_the_best_places_captured() -> None:
    assert accuracy.pei(10, 20) == pytest.approx(0.5)


def test_places_that_keep_their_share_are_recaptured_whole() -> None:
    assert accuracy.recapture_rate_index(5, 50, 10, 100) == pytest.approx(1.0)
    assert accuracy.recapture_rate_index(5, 50, 20, 100) == pytest.approx(0.5)


# promises


@pytest.mark.parametrize(
    "value", [accuracy.hit_rate(0, 0), accuracy.pai(1, 2, 0, 3), accuracy.pei(0, 0), accuracy.rri(3, 0),
              accuracy.recapture_rate_index(1, 2, 0, 5)],
)  # fmt: skip
def test_a_ratio_to_nothing_is_no_number(value: float) -> None:
    assert np.isnan(value)


def test_whole_columns_are_measured_at_once() -> None:
    assert accuracy.hit_rate([1, 2], [2, 2]).tolist() == [0.5, 1.0]
