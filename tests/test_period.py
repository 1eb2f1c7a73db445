"""Days, months and windows: what counts as known on a day, and how far back it lies."""

from datetime import date

import geopandas as gpd
import hypothesis
import pandas as pd
import pytest
from hypothesis import strategies as st

from hotspots import period, tables
from hotspots.errors import ParameterError
from hotspots.period import Window

DAYS = st.dates(date(2011, 1, 1), date(2030, 12, 31))


@pytest.fixture
def monthly(incidents_at) -> gpd.GeoDataFrame:
    months = ["2025-07", "2025-08", "2025-09", "2024-09", "2024-10"]
    return incidents_at([(0, 0)] * 5, month=months)


@pytest.fixture
def dated(incidents_at) -> gpd.GeoDataFrame:
    """One began on a Saturday evening, one was only recorded, one has no day at all."""
    return incidents_at(
        [(0, 0)] * 3,
        month=["2025-09", "2025-09", "2025-08"],
        date_precision="minute",
        committed_from=pd.to_datetime(["2025-09-27 22:15", None, None]),
        recorded_at=pd.to_datetime(["2025-09-30 09:00", "2025-09-29 23:59", None]),
    )


# inputs


@pytest.mark.parametrize(
    "text",
    ["", "2025", "banana", "banana 2025", "Se 2025", "30/09", "09/30", "2025-09-30 10:00", "30/09-2025", "٣٠/٠٩/٢٠٢٥"],
)
def test_an_as_of_in_another_form_is_refused_with_both_forms(text: str) -> None:
    with pytest.raises(ParameterError, match="expected a day like 2025-09-30 or a month like 2025-09"):
        period.as_of_day(text)


@pytest.mark.parametrize("text", ["9999-12", "1999-12-31", "2100-01", "31/12/1899"])
def test_a_day_of_another_century_is_refused(text: str) -> None:
    with pytest.raises(ParameterError, match="expected a day from 2000 to 2099"):
        period.as_of_day(text)


@pytest.mark.parametrize(
    "text", ["2025-13", "2025-00", "2025-02-29", "2025-09-31", "0000-01", "31/09/2025", "09/31/2025"]
)
def test_a_day_that_no_calendar_has_is_refused(text: str) -> None:
    with pytest.raises(ParameterError, match="there is no such day"):
        period.as_of_day(text)


def test_without_incidents_there_is_no_latest_day() -> None:
    with pytest.raises(ParameterError, match=r"no incidents, so there is no latest day\. Give a day with --as-of"):
        period.latest_as_of(tables.empty(tables.INCIDENTS))


# answers


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2025-09-30", date(2025, 9, 30)),
        ("2025-09", date(2025, 9, 30)),
        ("2024-02", date(2024, 2, 29)),
        ("2025-12", date(2025, 12, 31)),
        ("30/09/2025", date(2025, 9, 30)),
        ("3.9.2025", date(2025, 9, 3)),
        ("30-09-2025", date(2025, 9, 30)),
        (" 2025-9-30\n", date(2025, 9, 30)),
        ("Sept 2025", date(2025, 9, 30)),
        ("september 2025", date(2025, 9, 30)),
        ("3 Sep 2025", date(2025, 9, 3)),
        ("09/2025", date(2025, 9, 30)),
    ],
)
def test_a_month_stands_for_its_last_day(text: str, day: date) -> None:
    assert period.as_of_day(text) == day


@pytest.mark.parametrize(
    ("as_of", "months", "start"),
    [
        (date(2025, 9, 30), 12, date(2024, 10, 1)),
        (date(2025, 9, 28), 12, date(2024, 9, 29)),
        (date(2024, 2, 29), 12, date(2023, 3, 1)),
        (date(2025, 3, 30), 1, date(2025, 2, 28)),
    ],
)
def test_the_evidence_window_ends_with_the_day_of_the_report(as_of: date, months: int, start: date) -> None:
    assert period.evidence_window(as_of, months).start == start


def test_a_windows_months_are_the_whole_ones() -> None:
    assert Window(date(2024, 11, 1), date(2025, 2, 1)).months == ["2024-11", "2024-12", "2025-01"]
    assert Window(date(2024, 11, 2), date(2025, 1, 31)).months == ["2024-12"]
    assert Window(date(2024, 11, 2), date(2024, 11, 20)).months == []


def test_a_month_is_known_on_its_last_day_and_not_before(monthly: gpd.GeoDataFrame) -> None:
    assert period.known_by(monthly, date(2025, 9, 29))["month"].max() == "2025-08"
    assert period.known_by(monthly, date(2025, 9, 30))["month"].max() == "2025-09"


def test_a_dated_incident_is_known_on_the_day_it_was_recorded_or_else_began(dated: gpd.GeoDataFrame) -> None:
    assert period.known_by(dated, date(2025, 9, 28)).index.tolist() == [2]
    assert period.known_by(dated, date(2025, 9, 29)).index.tolist() == [1, 2]
    assert period.known_by(dated, date(2025, 9, 30)).index.tolist() == [0, 1, 2]
    unrecorded = dated.assign(recorded_at=pd.NaT)
    assert period.known_by(unrecorded, date(2025, 9, 26)).index.tolist() == [2]
    assert period.known_by(unrecorded, date(2025, 9, 27)).index.tolist() == [0, 2]


def test_a_window_holds_whole_months_only(monthly: gpd.GeoDataFrame) -> None:
    inside = period.within(monthly, period.evidence_window(date(2025, 9, 30), 12))
    assert sorted(inside["month"]) == ["2024-10", "2025-07", "2025-08", "2025-09"]
    assert sorted(period.within(monthly, Window(date(2025, 7, 2), date(2025, 9, 30)))["month"]) == ["2025-08"]


def test_a_window_is_half_open(dated: gpd.GeoDataFrame) -> None:
    assert period.within(dated, Window(date(2025, 9, 27), date(2025, 9, 29))).index.tolist() == [0]
    assert period.within(dated, Window(date(2025, 9, 28), date(2025, 9, 30))).index.tolist() == [1]


def test_the_latest_day_is_the_months_last_or_the_last_of_the_data(
    monthly: gpd.GeoDataFrame, dated: gpd.GeoDataFrame
) -> None:
    assert period.latest_as_of(monthly) == date(2025, 9, 30)
    assert period.latest_as_of(dated) == date(2025, 9, 29)
    sunday = dated.assign(recorded_at=pd.Timestamp("2025-09-28 01:00"), committed_from=pd.NaT)
    assert period.latest_as_of(tables.conform(sunday, tables.INCIDENTS)) == date(2025, 9, 28)


def test_a_few_dates_far_in_the_future_do_not_decide_the_latest_day(incidents_at) -> None:
    days = [*pd.date_range("2025-01-01", periods=270, freq="D"), pd.Timestamp("2052-09-01")]
    rows = incidents_at([(0, 0)] * 271, month="2025-09", date_precision="day", committed_from=days)
    assert period.latest_as_of(rows) == date(2025, 9, 27)


def test_months_in_words_are_ranges() -> None:
    assert period.months_in_words([]) == ""
    assert period.months_in_words(["2025-03"]) == "2025-03"
    assert period.months_in_words(["2025-03", "2024-12", "2025-01"]) == "2024-12 to 2025-01 and 2025-03"


def test_months_back_count_from_the_last_whole_month(monthly: gpd.GeoDataFrame) -> None:
    back, days = period.steps_back(monthly, date(2025, 9, 30))
    assert back.tolist() == [2, 1, 0, 12, 11]
    assert days == 30
    assert period.steps_back(monthly.iloc[:2], date(2025, 9, 15))[0].tolist() == [1, 0]
    assert period.steps_back(monthly.iloc[:1], date(2026, 1, 31))[0].tolist() == [6]


def test_weeks_back_end_with_the_day_of_the_report(incidents_at) -> None:
    days = pd.to_datetime(
        ["2025-09-28 23:00", "2025-09-22 00:00", "2025-09-21 23:59", "2025-09-15 00:00", "2025-09-14 12:00"]
    )
    week = incidents_at([(0, 0)] * 5, date_precision="minute", committed_from=days)
    back, step_days = period.steps_back(week, date(2025, 9, 28))
    assert back.tolist() == [0, 0, 1, 1, 2]
    assert step_days == 7


def test_a_day_long_after_the_data_names_the_last_day() -> None:
    period.require_data_until(date(2025, 10, 31), date(2025, 9, 30), "barset")
    with pytest.raises(
        ParameterError, match=r"a month after the last incident of barset \(2025-09-30\)\. Use --as-of 2025-09-30"
    ):
        period.require_data_until(date(2031, 12, 31), date(2025, 9, 30), "barset")


# promises


@hypothesis.given(DAYS, st.integers(1, 36))
def test_a_window_of_months_never_reaches_past_its_day(as_of: date, months: int) -> None:
    window = period.evidence_window(as_of, months)
    assert window.start < window.end == period.as_of_day(as_of.isoformat()).fromordinal(as_of.toordinal() + 1)
    assert months - 1 <= len(window.months) <= months


def test_indices_are_kept_and_arguments_unchanged(dated: gpd.GeoDataFrame) -> None:
    given = dated.set_axis(["x", "y", "z"])
    before = given.copy(deep=True)
    assert list(period.days_of(given).index) == ["x", "y", "z"]
    assert list(period.steps_back(given, date(2025, 9, 30))[0].index) == ["x", "y", "z"]
    period.known_by(given, date(2025, 9, 28))
    pd.testing.assert_frame_equal(pd.DataFrame(given), pd.DataFrame(before))


def test_no_incidents_give_none_with_every_column() -> None:
    empty = tables.empty(tables.INCIDENTS)
    for left in (
        period.known_by(empty, date(2025, 9, 30)),
        period.within(empty, Window(date(2025, 1, 1), date(2025, 2, 1))),
    ):
        assert list(left.columns) == list(empty.columns)
        assert left.empty
    assert period.steps_back(empty, date(2025, 9, 30))[0].empty


@pytest.mark.parametrize(
    ("precision", "as_of", "before"),
    [
        ("month", date(2025, 9, 30), date(2025, 8, 31)),
        ("month", date(2025, 3, 31), date(2025, 2, 28)),
        ("month", date(2025, 9, 15), date(2025, 8, 15)),
        ("day", date(2026, 3, 29), date(2026, 3, 22)),
    ],
)
def test_the_previous_period_ends_a_month_or_a_week_earlier(
    incidents_at, precision: str, as_of: date, before: date
) -> None:
    assert period.one_step_before(incidents_at([(0, 0)], date_precision=precision), as_of) == before
