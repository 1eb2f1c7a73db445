"""Calibration: by hand on a few areas, and on counts drawn from the predicted distribution."""

from collections.abc import Callable
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from hotspots import period, predictive_distribution
from hotspots.testing import calibration, scoring
from hotspots.testing.scoring import EvaluationData

MARCH = date(2025, 3, 31)
SIDE = 100.0


@pytest.fixture
def listed(squares: Callable[..., gpd.GeoDataFrame]) -> Callable[..., gpd.GeoDataFrame]:
    """Areas in a row, ranked, with what they expect."""

    def make(expected: list[float], **columns: object) -> gpd.GeoDataFrame:
        corners = [(400_000 + 1_000 * n, 150_000, SIDE) for n in range(len(expected))]
        return squares(*corners, rank=range(1, len(expected) + 1), expected=expected, **columns)

    return make


@pytest.fixture
def after(incidents_at: Callable[..., gpd.GeoDataFrame]) -> Callable[..., EvaluationData]:
    """So many incidents in each area, in each of so many months after March."""

    def make(counts: list[int], months: int = 1) -> EvaluationData:
        names = [f"2025-{4 + n:02d}" for n in range(months)]
        points = [(400_050 + 1_000 * n, 150_050) for n, count in enumerate(counts) for _ in range(count)]
        came = incidents_at(points * months, month=[name for name in names for _ in points])
        return EvaluationData(MARCH, scoring.scored_window(MARCH, months, date.max), came[:0], came)

    return make


def by_band(table: pd.DataFrame, statement: str) -> pd.DataFrame:
    return table[table["statement"] == statement].set_index("band")


# answers


def test_expected_numbers_and_intervals_by_hand(listed, after) -> None:
    areas = listed([6.0, 8.0, 2.0, 1.0], expected_low=[4.0, 9.0, 0.0, 1.0], expected_high=[8.0, 12.0, 3.0, 2.0])
    table = calibration.check_list(areas, after([4, 8, 4, 2]), 30)
    expected = by_band(table, "expected").loc["1 to 4"]
    assert (expected["areas"], expected["expected"], expected["observed"]) == (4, 17.0, 18)
    intervals = by_band(table, "interval")
    assert intervals.loc[calibration.ALL_LABEL, ["areas", "share", "promised"]].tolist() == [4, 0.5, 0.8]
    assert intervals.loc[calibration.MANY_LABEL, ["areas", "share"]].tolist() == [2, 0.5]


def test_only_the_month_that_was_promised_counts_for_the_interval(listed, after) -> None:
    areas = listed([6.0], expected_low=[5.0], expected_high=[7.0])
    table = calibration.check_list(areas, after([6], months=3), 30)
    assert by_band(table, "expected")["observed"].tolist() == [6]
    assert by_band(table, "interval")["share"].tolist() == [1.0, 1.0]


def test_nothing_is_said_of_an_interval_before_its_days_are_over(listed, after) -> None:
    areas = listed([6.0], expected_low=[5.0], expected_high=[7.0])
    week = after([6])
    short = EvaluationData(MARCH, period.Window(week.window.start, date(2025, 4, 8)), week.known, week.observed)
    assert calibration.check_list(areas, short, 30).empty
    assert len(calibration.check_list(areas, short, 7)) == 3


def test_of_sure_areas_those_among_the_first_thirty_are_counted_and_ties_take_the_worst_place(listed, after) -> None:
    counts = [5] * 29 + [2, 2] + [0] * 9
    areas = listed([1.0] * 40, expected_low=0.0, expected_high=9.0, top_k_chance=[0.9] * 32 + [0.8] * 8)
    row = by_band(calibration.check_list(areas, after(counts, months=3), 30), "top_k_chance").loc[
        calibration.HIGH_CHANCE_LABEL
    ]
    assert row["areas"] == 32
    assert row["share"] == pytest.approx(29 / 32), "the two with equal counts share place 31, the one without has 40"


def test_counts_drawn_from_the_promised_spread_are_spread_evenly_and_held_as_promised(listed) -> None:
    rng = np.random.default_rng(4)
    mean, variance = rng.gamma(2.0, 4.0, 4_000), rng.gamma(2.0, 2.0, 4_000)
    came = rng.poisson(rng.gamma(mean**2 / variance, variance / mean))
    fell = predictive_distribution.pit(mean, variance, came, seed=1)
    tenths = np.bincount((fell * 10).astype(int), minlength=10) / len(fell)
    assert tenths == pytest.approx(np.full(10, 0.1), abs=0.02)
    too_sure = predictive_distribution.pit(mean, 0.01 * variance, came, seed=1)
    assert ((too_sure < 0.1) | (too_sure > 0.9)).mean() > 0.28


def test_days_are_pooled_by_the_areas_they_had(listed, after) -> None:
    one = listed([6.0, 6.0], expected_low=0.0, expected_high=[9.0, 1.0], variance=1.0)
    other = listed([6.0] * 4, expected_low=0.0, expected_high=9.0, variance=1.0)
    tables = [
        calibration.check_list(areas, after([5] * len(areas)), 30).assign(
            basis="backtest", as_of=pd.Timestamp(day), family="asb"
        )
        for day, areas in (("2025-03-31", one), ("2025-04-30", other))
    ]
    pooled = calibration.pool(calibration.as_table(tables))
    assert by_band(pooled, "interval").loc[calibration.ALL_LABEL, ["areas", "share"]].tolist() == pytest.approx(
        [6, 5 / 6]
    )
    assert by_band(pooled, "pit")["share"].sum() == pytest.approx(1.0)
    assert by_band(pooled, "pit")["areas"].sum() == 6


# promises


def test_a_list_without_areas_promises_nothing(listed, after) -> None:
    empty = listed([1.0], expected_low=0.0, expected_high=1.0)[:0]
    table = calibration.as_table(
        [calibration.check_list(empty, after([1]), 30).assign(basis="backtest", as_of=pd.NaT, family="asb")]
    )
    assert table.empty and calibration.pool(table).empty
