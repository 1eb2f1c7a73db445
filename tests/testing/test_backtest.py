"""The backtest: what it hands the method, what it counts, and how it compares, on a handful of made-up places."""

from collections.abc import Callable
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from hotspots import crs
from hotspots.errors import ParameterError
from hotspots.targeting import cover
from hotspots.testing import backtest, baselines
from hotspots.testing.backtest import BEST, COLUMNS, OURS, BacktestParams
from hotspots.testing.baselines import Size

MARCH = date(2025, 3, 31)
PARAMS = BacktestParams(ahead_months=1, study_area_m2=1e8, size=Size(areas=3))
MONTHS = ("2025-01", "2025-02", "2025-03", "2025-04", "2025-05")


@pytest.fixture
def incidents(incidents_at: Callable[..., gpd.GeoDataFrame]) -> gpd.GeoDataFrame:
    """Two places: the first has four incidents a month, the second two."""
    points = [(400_000, 150_000)] * 4 + [(405_000, 150_000)] * 2
    return incidents_at(points * len(MONTHS), month=[month for month in MONTHS for _ in points])


def named_areas(*places: tuple[float, float], **columns: object) -> gpd.GeoDataFrame:
    points = gpd.points_from_xy(*np.array(places, float).reshape(-1, 2).T)
    frame = pd.DataFrame({"rank": range(1, len(places) + 1), "family": "asb"} | columns)
    return gpd.GeoDataFrame(frame, geometry=points.buffer(100), crs=crs.BNG)


def both(known: gpd.GeoDataFrame, as_of: date) -> gpd.GeoDataFrame:
    """A method that names the two places, the busy one first."""
    return named_areas(
        (400_000, 150_000), (405_000, 150_000), expected=[5.0, 2.0], expected_low=[5.0, 0.0], expected_high=[7.0, 4.0]
    )


# inputs


def test_no_months_ahead_is_refused() -> None:
    with pytest.raises(ParameterError, match="must be greater than 0"):
        BacktestParams(ahead_months=0)


# answers


def test_hits_shares_and_both_rri_by_hand(incidents: gpd.GeoDataFrame) -> None:
    table = backtest.backtest(both, incidents, [MARCH], cover=cover.cover, params=PARAMS)
    ours = table[table["method"] == OURS].set_index("k")
    assert ours["hits"].tolist() == [4, 6]
    assert ours["total"].tolist() == [6, 6]
    assert ours["hit_rate"].tolist() == pytest.approx([4 / 6, 1.0])
    assert ours["pai"].tolist() == pytest.approx((ours["hit_rate"] / (ours["area_m2"] / 1e8)).tolist())
    assert ours["pei"].tolist() == [1.0, 1.0]
    assert ours["rri"].tolist() == pytest.approx([5 / 4, 7 / 6])
    assert ours["recapture_rate_index"].tolist() == pytest.approx([1.0, 1.0])
    assert ours["covered_share"].tolist() == [0.0, 0.5]
    assert (ours["period_start"].iloc[0], ours["period_end"].iloc[0]) == (
        pd.Timestamp("2025-04-01"), pd.Timestamp("2025-05-01"),
    )  # fmt: skip


def test_every_named_baseline_is_there_and_none_beats_the_best(incidents: gpd.GeoDataFrame) -> None:
    table = backtest.backtest(both, incidents, [MARCH], cover=cover.cover, params=PARAMS)
    assert set(table["method"]) == {OURS, BEST, *baselines.named(cover.cover, PARAMS.size)}
    assert set(table.loc[table["k"] == 2, "hits"]) == {6}


def test_an_incident_in_two_areas_counts_for_the_first(incidents: gpd.GeoDataFrame) -> None:
    def twice(known: gpd.GeoDataFrame, as_of: date) -> gpd.GeoDataFrame:
        return named_areas((400_000, 150_000), (400_010, 150_000))

    table = backtest.backtest(twice, incidents, [MARCH], params=PARAMS)
    assert table.loc[table["method"] == OURS, "hits"].tolist() == [4, 4]


def test_the_gain_over_a_baseline_has_a_paired_interval() -> None:
    hits = {OURS: [12, 14, 13], "history cover": [10, 11, 12]}
    table = pd.DataFrame(
        [
            {"family": "asb", "as_of": day, "method": name, "k": 1, "hits": hits[name][day], "total": 40}
            for name in hits
            for day in range(3)
        ]
    )
    gain = backtest.compare(table, "history cover", 1).iloc[0]
    assert gain["gain_share"] == pytest.approx(6 / 33)
    assert gain["gain_low"] == pytest.approx((6 - 2.919986 * 3**0.5) / 33)
    assert backtest.in_words(table, "history cover", 1) == [
        "Anti-social behaviour: over 3 past dates the first 1 areas caught 39 of the 120 incidents that followed "
        "(32.5%), 18% more than history cover."
    ]


# promises


def test_the_method_is_handed_nothing_that_came_later(incidents: gpd.GeoDataFrame) -> None:
    seen = []

    def watch(known: gpd.GeoDataFrame, as_of: date) -> gpd.GeoDataFrame:
        seen.append((as_of, known["month"].max()))
        return both(known, as_of)

    backtest.backtest(watch, incidents, [date(2025, 2, 28), MARCH], params=PARAMS)
    assert seen == [(date(2025, 2, 28), "2025-02"), (MARCH, "2025-03")]


def test_the_order_of_rows_does_not_matter(incidents: gpd.GeoDataFrame) -> None:
    shuffled = incidents.sample(frac=1, random_state=3)
    one, other = (
        backtest.backtest(both, rows, [MARCH], cover=cover.cover, params=PARAMS) for rows in (incidents, shuffled)
    )
    pd.testing.assert_frame_equal(one, other)


def test_a_date_after_which_nothing_is_known_has_no_rows(incidents: gpd.GeoDataFrame) -> None:
    table = backtest.backtest(both, incidents, [date(2025, 5, 31)], cover=cover.cover, params=PARAMS)
    assert (tuple(table.columns), len(table)) == (COLUMNS, 0)


def test_a_list_without_areas_scores_nothing(incidents: gpd.GeoDataFrame) -> None:
    table = backtest.backtest(lambda *_: both(*_)[:0], incidents, [MARCH], params=PARAMS)
    assert OURS not in set(table["method"])
