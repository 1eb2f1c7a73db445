"""Significance of many tests at once: the published example, and the same answer as SciPy."""

import numpy as np
import pytest
from scipy import stats

from hotspots import multiple_testing

# The fifteen p values of Benjamini and Hochberg (1995), section 3.2.
PUBLISHED = [
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0,
]  # fmt: skip


def test_the_published_example_has_four_significant_tests() -> None:
    assert multiple_testing.is_significant(PUBLISHED, 0.05).tolist() == [True] * 4 + [False] * 11


@pytest.mark.parametrize("rate", [0.05, 0.2])
def test_the_answer_is_that_of_scipy_in_any_order(rate: float) -> None:
    p_values = np.random.default_rng(1).beta(0.4, 1.0, 500)
    expected = stats.false_discovery_control(p_values) <= rate
    assert 0 < expected.sum() < 500
    assert (multiple_testing.is_significant(p_values, rate) == expected).all()


def test_no_tests_and_none_that_passes_are_not_significant() -> None:
    assert multiple_testing.is_significant([], 0.05).tolist() == []
    assert multiple_testing.is_significant([0.9, 0.2], 0.05).tolist() == [False, False]
