"""The backtest: what it hands the method, what it counts, and how it compares, on a handful of made-up places."""

from collections.abc import Callable
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from hotspots import crs, tables
from hotspots.errors import ParameterError
from hotspots.scored_methods import BEST, DECIDED, METHOD
from hotspots.testing import backtest, baselines, scoring
from hotspots.testing.backtest import BacktestParams, ListScores
from hotspots.testing.baselines import BaselineParams
from hotspots.testing.scoring import ScoreParams

Method = Callable[[gpd.GeoDataFrame, date], gpd.GeoDataFrame]
MARCH = date(2025, 3, 31)
PARAMS = ScoreParams(study_area_m2=1e8, baselines=BaselineParams(areas=3))
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


def run(
    method: Callable[[gpd.GeoDataFrame, date], gpd.GeoDataFrame], incidents: gpd.GeoDataFrame, *dates: date
) -> ListScores:
    return backtest.backtest(method, incidents, dates or [MARCH], ahead_months=1, params=PARAMS)


# inputs


@pytest.mark.parametrize("name", ["dates", "ahead_months", "min_months"])
def test_nothing_to_look_back_on_is_refused(name: str) -> None:
    with pytest.raises(ParameterError, match=rf"backtest\.{name} must be at least 1, got 0"):
        BacktestParams(**{name: 0})


def test_a_force_without_area_is_refused() -> None:
    with pytest.raises(ParameterError, match="must be greater than 0"):
        ScoreParams(study_area_m2=0.0)


# answers


def test_hits_shares_and_both_rri_by_hand(incidents: gpd.GeoDataFrame) -> None:
    table = run(both, incidents).accuracy
    ours = table[table["method"] == METHOD].set_index("k")
    area = np.array([1, 2]) * both(incidents, MARCH).area.iloc[0]
    assert ours["hits"].tolist() == [4, 6]
    assert ours["total"].tolist() == [6, 6]
    assert ours["area_m2"].tolist() == pytest.approx(area.round(1))
    assert ours["hit_rate"].tolist() == pytest.approx([4 / 6, 1.0], abs=1e-6)
    assert ours["pai"].tolist() == pytest.approx([4 / 6 / (area[0] / 1e8), 1.0 / (area[1] / 1e8)], abs=1e-3)
    assert ours["pei"].tolist() == [1.0, 1.0]
    assert ours["rri"].tolist() == pytest.approx([5 / 4, 7 / 6], abs=1e-4)
    assert ours["recapture_rate_index"].tolist() == pytest.approx([1.0, 1.0])
    assert (ours["period_start"].iloc[0], ours["period_end"].iloc[0]) == (
        pd.Timestamp("2025-04-01"), pd.Timestamp("2025-05-01"),
    )  # fmt: skip


def test_a_list_that_misses_half_of_the_best_has_half_its_efficiency(incidents: gpd.GeoDataFrame) -> None:
    def quiet_first(known: gpd.GeoDataFrame, as_of: date) -> gpd.GeoDataFrame:
        return named_areas((405_000, 150_000), (300_000, 150_000), (300_500, 150_000))

    ours = run(quiet_first, incidents).accuracy.query("method == @METHOD").set_index("k")
    assert ours["pei"].tolist() == pytest.approx([2 / 4, 2 / 6], abs=1e-4), "the best needs two circles for all six"
    assert ours.index.tolist() == [1, 3], "lengths reported are 1, 5, 10, ... or the whole of a shorter list"


def test_every_named_baseline_is_there_and_none_beats_the_best(incidents: gpd.GeoDataFrame) -> None:
    table = run(both, incidents).accuracy
    assert set(table["method"]) == {METHOD, BEST, *baselines.baseline_lists(incidents, MARCH, PARAMS.baselines)}
    most = table[table["method"] == BEST].set_index("k")["hits"]
    assert (table["hits"] <= most.reindex(table["k"]).to_numpy()).all()


def test_an_incident_in_two_areas_counts_for_the_first(incidents: gpd.GeoDataFrame) -> None:
    table = run(lambda *_: named_areas((400_000, 150_000), (400_010, 150_000)), incidents).accuracy
    assert table.loc[table["method"] == METHOD, "hits"].tolist() == [4, 4]


def test_neighbours_and_police_generated_records_are_handed_over_and_never_scored(
    incidents: gpd.GeoDataFrame,
) -> None:
    seen = []

    def watch(known: gpd.GeoDataFrame, as_of: date) -> gpd.GeoDataFrame:
        seen.append(len(known))
        return both(known, as_of)

    strange = incidents.assign(
        is_own_force=[n % 6 != 0 for n in range(30)], is_police_generated=[n % 6 == 1 for n in range(30)]
    )
    ours = run(watch, strange).accuracy.query("method == @METHOD")
    assert seen == [18]
    assert ours["hits"].tolist() == [2, 4] and ours["total"].tolist() == [4, 4]


def test_ranks_before_and_after_local_decisions_are_both_scored(incidents: gpd.GeoDataFrame) -> None:
    table = run(lambda *_: both(*_).assign(rank=[2, 1], rank_by_method=[1, 2]), incidents).accuracy.set_index("k")
    assert table.loc[table["method"] == METHOD, "hits"].tolist() == [4, 6]
    assert table.loc[table["method"] == DECIDED, "hits"].tolist() == [2, 6]


def test_the_gain_over_a_baseline_has_a_paired_interval() -> None:
    hits = {METHOD: [12, 14, 13], "history cover": [10, 11, 12]}
    table = pd.DataFrame(
        [
            {"family": "asb", "as_of": day, "method": name, "k": 1, "hits": hits[name][day], "total": 40}
            for name in hits
            for day in range(3)
        ]
    )
    gain = backtest.compare_with_baseline(table, "history cover", 1).iloc[0]
    assert gain["gain_share"] == pytest.approx(6 / 33)
    assert gain["gain_low"] == pytest.approx((6 - 2.919986 * 3**0.5) / 33)


def test_dates_are_pooled_by_their_sums(incidents: gpd.GeoDataFrame) -> None:
    scored = run(both, incidents.drop(index=incidents.index[-1]), date(2025, 2, 28), MARCH, date(2025, 4, 30))
    pooled = backtest.pool_dates(scored.accuracy, 1).set_index("method").loc[METHOD]
    assert (pooled["hits"], pooled["total"]) == (12, 17)
    assert pooled["hit_rate"] == pytest.approx(12 / 17)
    assert pooled["rri"] == pytest.approx(15 / 12)
    assert pooled["pei"] == 1.0


@pytest.mark.parametrize(
    ("months", "as_of", "dates"),
    [
        (MONTHS, date(2025, 5, 31), ["2025-03-31", "2025-04-30"]),
        (MONTHS, date(2025, 5, 4), ["2025-04-04"]),
        (("2025-01", "2025-02", "2025-03", "2025-05"), date(2025, 5, 31), ["2025-04-30"]),
        (MONTHS[:3], MARCH, []),
        ((), MARCH, []),
    ],
    ids=["month ends", "a day in the month", "a month without data is not scored", "too short", "nothing"],
)
def test_past_dates_have_months_before_and_every_month_after(
    incidents_at: Callable[..., gpd.GeoDataFrame], months: tuple[str, ...], as_of: date, dates: list[str]
) -> None:
    rows = incidents_at([(400_000, 150_000)] * len(months), month=list(months))
    found = backtest.past_dates(rows, as_of, BacktestParams(ahead_months=1))
    assert [str(day) for day in found] == dates


def test_the_latest_dates_are_tried(incidents: gpd.GeoDataFrame) -> None:
    found = backtest.past_dates(incidents, date(2025, 5, 31), BacktestParams(dates=2, ahead_months=1, min_months=1))
    assert found == [MARCH, date(2025, 4, 30)]


# promises


def test_the_method_is_handed_nothing_that_came_later(incidents: gpd.GeoDataFrame) -> None:
    seen = []

    def watch(known: gpd.GeoDataFrame, as_of: date) -> gpd.GeoDataFrame:
        seen.append((as_of, known["month"].max()))
        return both(known, as_of)

    run(watch, incidents, date(2025, 2, 28), MARCH)
    assert seen == [(date(2025, 2, 28), "2025-02"), (MARCH, "2025-03")]


def test_the_method_is_handed_nothing_that_was_written_down_later(
    incidents_at: Callable[..., gpd.GeoDataFrame],
) -> None:
    began = pd.to_datetime(["2025-03-30", "2025-03-30", "2025-03-30"]).astype("datetime64[us]")
    written = pd.to_datetime(["2025-03-31 23:59", "2025-04-01 00:00", None]).astype("datetime64[us]")
    rows = incidents_at(
        [(400_000, 150_000)] * 3, month="2025-03", date_precision="day", committed_from=began, recorded_at=written
    )
    later = incidents_at([(400_000, 150_000)], month="2025-04", incident_id="later")
    seen = []
    run(lambda known, _: seen.append(sorted(known["incident_id"])) or both(known, _), pd.concat([rows, later]))
    assert seen == [["i00000", "i00002"]]


def test_the_order_of_rows_does_not_matter(incidents: gpd.GeoDataFrame) -> None:
    one, other = (run(both, rows) for rows in (incidents, incidents.sample(frac=1, random_state=3)))
    pd.testing.assert_frame_equal(one.accuracy, other.accuracy)
    pd.testing.assert_frame_equal(one.calibration, other.calibration)


def test_a_date_after_which_nothing_is_known_has_no_rows(incidents: gpd.GeoDataFrame) -> None:
    scored = run(both, incidents, date(2025, 5, 31))
    assert (list(scored.accuracy), len(scored.accuracy)) == (list(tables.ACCURACY.columns), 0)
    assert len(scored.calibration) == 0


def test_a_list_without_areas_scores_nothing(incidents: gpd.GeoDataFrame) -> None:
    scored = run(lambda *_: both(*_)[:0], incidents)
    assert METHOD not in set(scored.accuracy["method"]) and len(scored.accuracy) and scored.calibration.empty


def test_baselines_are_plain_circles_and_squares_of_one_size(incidents: gpd.GeoDataFrame) -> None:
    table = run(both, incidents).accuracy.query("k == 1 and method != @METHOD")
    assert table["area_m2"].to_numpy() == pytest.approx(np.pi * 150.0**2, rel=2e-3)
    assert scoring.scored_window(MARCH, 3, date(2025, 5, 1)).end == date(2025, 5, 1)
