"""Trends of an area: significant months, and its rate compared with the rest of the force."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from hotspots import period
from hotspots.errors import ParameterError
from hotspots.targeting import trends
from hotspots.targeting.trends import ChangeParams

MONTHS = 12
STEADY = np.full(MONTHS, 200.0)
PARAMS = ChangeParams()


def attach(squares, counts: object, force: object = STEADY, at_risk: object = 0.01) -> pd.DataFrame:
    counts = np.atleast_2d(np.array(counts))
    areas = squares(*[(500 * number, 0, 100) for number in range(len(counts))])
    shares = np.broadcast_to(np.asarray(at_risk, float), len(counts))
    return trends.compare_with_force(areas, counts, np.asarray(force, float), shares, PARAMS)


# inputs


@pytest.mark.parametrize("name", ["same_share", "persistent_share", "month_p_below", "p_below", "recent_share"])
def test_a_share_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(ParameterError, match=f"change.{name} must be above 0 and below 1, got 1.5"):
        ChangeParams(**{name: 1.5})


# answers


def test_incidents_lie_in_months_that_end_with_the_windows_last_day(incidents_at) -> None:
    days = pd.to_datetime(["2025-03-31", "2025-04-30", "2025-05-01", "2026-03-29"])
    made = incidents_at([(0, 0)] * 4, date_precision="day", committed_from=days, month=days.strftime("%Y-%m"))
    window = period.evidence_window(date(2026, 3, 29), 12)
    assert period.month_of_window(made, window).tolist() == [0, 1, 1, 11]
    by_month = incidents_at([(0, 0)] * 3, month=["2024-10", "2025-02", "2025-09"])
    assert period.month_of_window(by_month, period.evidence_window(date(2025, 9, 30), 12)).tolist() == [0, 4, 11]


def test_a_month_is_significant_by_its_quarter_and_what_is_at_risk(squares) -> None:
    """Expected are 2 a month of 200; a quarter of 18 is far above 6, one of 6 is not."""
    busy, quiet = [6] * MONTHS, [2] * MONTHS
    found = attach(squares, [busy, quiet])
    assert found["months_significant"].tolist() == [12, 0]
    assert found["months_seen"].tolist() == [12, 12]
    assert attach(squares, busy, at_risk=0.04)["months_significant"].tolist() == [0]


def test_growth_against_a_steady_force_is_the_exact_binomial(squares) -> None:
    counts = np.array([[3, 2, 4, 3, 2, 3, 4, 2, 3, 6, 7, 8]])
    parts = [counts[0][9:], counts[0][:9]]
    scatter = sum(stats.chisquare(part).statistic for part in parts)
    assert scatter < MONTHS - 2  # no wider than Poisson, so nothing is divided
    force = np.full(MONTHS, 1e9)
    found = attach(squares, counts, force).iloc[0]
    exact = stats.binomtest(int(parts[0].sum()), int(counts.sum()), 0.25, alternative="greater").pvalue
    assert found["change_p_value"] == pytest.approx(2 * exact, rel=1e-6)
    assert found["rate_ratio"] == pytest.approx((21 / 3) / (26 / 9), rel=1e-6)


def test_a_season_of_the_whole_force_is_no_growth_of_a_place(squares) -> None:
    season = np.array([100] * 9 + [300] * 3)
    assert attach(squares, [2] * 9 + [6] * 3, season).iloc[0]["change_p_value"] > 0.5
    assert attach(squares, [4] * 9 + [4] * 3, season).iloc[0]["rate_ratio"] < 0.4


def test_an_unfinished_last_month_is_no_fall(squares) -> None:
    """A quarter of the last month's rows have come in, everywhere."""
    counts, force = np.array([8] * 11 + [2]), np.array([400.0] * 11 + [100.0])
    assert attach(squares, counts, force).iloc[0]["change_p_value"] > 0.5
    against_itself = stats.binomtest(18, 90, 0.25).pvalue
    assert against_itself < 0.35


@pytest.mark.parametrize("lost", [[3], [11], [0, 4, 10]])
def test_a_month_without_data_says_nothing(squares, lost: list[int]) -> None:
    counts, force = np.full((1, MONTHS), 8), STEADY.copy()
    counts[0, lost], force[lost] = 0, np.nan
    found = attach(squares, counts, force).iloc[0]
    assert found["months_seen"] == found["months_significant"] == MONTHS - len(lost)
    assert found["rate_ratio"] == pytest.approx(1.0)
    assert found["change_p_value"] > 0.8


def test_a_window_without_two_parts_says_nothing_of_change(squares) -> None:
    force = np.full(MONTHS, np.nan)
    force[:6] = 200
    found = attach(squares, [5] * 6 + [0] * 6, force).iloc[0]
    assert np.isnan(found["rate_ratio"]) and np.isnan(found["change_p_value"])


def test_bursts_make_change_harder_to_tell(squares) -> None:
    """The same totals; in the second map months scatter widely everywhere."""
    calm = [[3] * 9 + [6] * 3] + [[4] * MONTHS] * 6
    wild = [[3] * 9 + [6] * 3] + [[0, 12, 0, 0, 12, 0, 0, 12, 0, 0, 12, 0]] * 6
    assert attach(squares, calm).iloc[0]["change_p_value"] < 0.05 < attach(squares, wild).iloc[0]["change_p_value"]


# promises


def test_steady_places_are_seldom_said_to_change(squares) -> None:
    """Counts of places that do not change, Poisson or in bursts of three: at most 1 in 20 is told to."""
    random = np.random.default_rng(7)
    season = random.uniform(0.5, 1.5, MONTHS)
    for burst in (1, 3):
        counts = burst * random.poisson(6 * season / burst, size=(800, MONTHS))
        force = counts.sum(axis=0)
        told = attach(squares, counts, force, at_risk=1 / 800)["change_p_value"] < 0.05
        assert told.mean() <= 0.055


def test_a_place_that_trebles_is_told_to_grow_most_times(squares) -> None:
    random = np.random.default_rng(8)
    counts = random.poisson(4, size=(200, MONTHS))
    counts[:40, 9:] = random.poisson(12, size=(40, 3))
    found = attach(squares, counts, counts.sum(axis=0) + 100_000, at_risk=1 / 25_000).head(40)
    assert ((found["change_p_value"] < 0.05) & (found["rate_ratio"] > 1)).mean() > 0.9


def test_no_areas_are_no_trouble(squares) -> None:
    found = trends.compare_with_force(squares(), np.zeros((0, MONTHS), int), STEADY, np.zeros(0), PARAMS)
    assert len(found) == 0
    assert {"months_seen", "months_significant", "rate_ratio", "change_p_value"} <= set(found.columns)
