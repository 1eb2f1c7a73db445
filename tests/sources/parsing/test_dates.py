"""Dates day first, in any usual form, as local wall time; durations right over both changes of the clock."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspots.errors import SourceError
from hotspots.sources.parsing import dates

NINE = pd.Timestamp("2025-09-03 09:05")
FORMS = (
    "%d/%m/%Y %H:%M",
    "%d-%b-%y %H:%M:%S",
    "%Y-%m-%dT%H:%M",
    "%d.%m.%Y %H:%M",
    "%d %B %Y %H:%M",
    "%d/%m/%y %I:%M %p",
)


def read(*texts: str | None, formats: tuple[str, ...] = ()) -> list:
    return dates.read_times(pd.Series(texts, dtype="str"), formats)["time"].tolist()


# inputs


@pytest.mark.parametrize(
    "text",
    ["30/02/2025", "31/04/2025 10:00", "29/02/2025", "00/01/2025", "12/31/2025", "03/09/2025 24:01", "03/09/2025 10:60",
     "1999-12-31", "31/12/1999", "01/01/1900", "31/12/9999", "not known", "", "0", "12345", "99999", "2025", "03/09",
     "é/9/25"],
)  # fmt: skip
def test_what_is_no_date_is_missing(text: str) -> None:
    assert read(text, None) == [pd.NaT, pd.NaT]


def test_dates_with_the_month_first_are_refused_by_the_column(write) -> None:
    texts = pd.Series(["03/04/2025"] * 50 + ["04/30/2025"])
    with pytest.raises(
        SourceError,
        match=r"a\.csv: the column 'When' has the month before the day in 1 of 1 dates that show their order; ",
    ):
        dates.require_day_first(texts, "a.csv", "When")
    both = pd.Series(["03/04/2025", "04/30/2025", "30/04/2025"])
    with pytest.raises(SourceError, match="so 03/04 may be 3 April or 4 March"):
        dates.require_day_first(both, "a.csv", "When")


def test_a_slip_of_the_pen_among_many_dates_is_no_other_order() -> None:
    dates.require_day_first(pd.Series(["30/04/2025"] * 500 + ["04/30/2025"]), "a.csv", "When")
    dates.require_day_first(pd.Series(["2025-04-30", "2025/13/31", "20.04.2025", None, "04/55/2025"]), "a.csv", "When")


# answers


@pytest.mark.parametrize(
    "text",
    ["03/09/2025 09:05", "3/9/2025 9:05", "03/09/25 09:05", "03-09-2025 09:05", "03.09.2025 09:05", "03-Sep-2025 09:05",
     "3 September 2025 09:05", "03SEP2025 09:05", "Wed 3rd Sep 2025 at 09:05", "Wednesday, 03 September 2025 09:05",
     "03/09/2025, 0905 hrs", "03/09/2025 - 09:05", "03/09/2025 09:05 AM", "2025-09-03 09:05", "2025-09-03T09:05",
     "2025-09-03T09:05:00.000", "2025-09-03T08:05:00Z", "2025-09-03T10:05:00+02:00", "2025/09/03 09:05",
     "45903.378472"],
)  # fmt: skip
def test_every_usual_form_is_understood(text: str) -> None:
    assert read(text) == [NINE]


@pytest.mark.parametrize(
    "text",
    ["30/09/2025 24:00", "30/09/2025 24:00:00", "30/09/2025 2400", "30/09/2025 24.00", "2025-09-30T24:00",
     "2025-09-30T24:00:00.000", "2025-09-30T23:00:00Z", "30 Sep 2025 24:00", "30-SEP-25 24:00:00",
     "Tue 30th September 2025 at 2400 hrs"],
)  # fmt: skip
def test_24_00_is_the_beginning_of_the_next_day(text: str) -> None:
    assert read(text) == [pd.Timestamp("2025-10-01 00:00")]


def test_24_00_with_a_zone_is_converted_after_the_day_has_changed() -> None:
    assert read("2025-06-30T24:00:00Z", "2025-10-25T24:00Z", "2025-12-31T24:00:00Z") == [
        pd.Timestamp("2025-07-01 01:00"),
        pd.Timestamp("2025-10-26 01:00"),
        pd.Timestamp("2026-01-01 00:00"),
    ]


@pytest.mark.parametrize("hour", ["24:00", "2400", "24:00:00"])
def test_24_00_in_a_column_of_its_own_is_the_next_day(hour: str) -> None:
    assert read(dates.join_day_and_time(pd.Series(["30/09/2025"]), pd.Series([hour]))[0]) == [
        pd.Timestamp("2025-10-01")
    ]


def test_several_forms_stand_in_one_column() -> None:
    assert read("03/09/2025 09:05", "2025-09-03T09:05", "45903", None) == [
        NINE,
        NINE,
        pd.Timestamp("2025-09-03"),
        pd.NaT,
    ]


def test_a_date_that_could_be_either_is_read_day_first_unless_the_setting_says_otherwise() -> None:
    assert read("03/04/2025") == [pd.Timestamp("2025-04-03")]
    assert read("03/04/2025", "03/04/25", formats=("%m/%d/%Y",)) == [pd.Timestamp("2025-03-04")] * 2


def test_a_format_of_ones_own_comes_first() -> None:
    assert read("0905 of 03.09.25", formats=("%H%M of %d.%m.%y",)) == [NINE]


def test_only_a_time_gives_the_hour() -> None:
    found = dates.read_times(pd.Series(["03/09/2025", "03/09/2025 00:00", "45903", "45903.5", "20250903", None]))
    assert found["has_hour"].tolist() == [False, True, False, True, False, False]


def test_a_long_column_that_is_always_at_midnight_holds_days() -> None:
    assert not dates.read_times(pd.Series(["03/09/2025 00:00"] * 20))["has_hour"].any()
    assert dates.read_times(pd.Series(["03/09/2025 00:00"] * 19 + ["03/09/2025 00:01"]))["has_hour"].all()


@pytest.mark.parametrize("hour", ["22:05", "2205", "22:05:00", "0.9201388889", ".92014"])
def test_a_day_and_its_hour_stand_in_two_columns(hour: str) -> None:
    days = pd.Series(["03/09/2025", "03/09/2025 00:00:00", "2025-09-03", None])
    joined = dates.join_day_and_time(days, pd.Series([hour] * 4))
    assert dates.read_times(joined)["time"].tolist() == [pd.Timestamp("2025-09-03 22:05")] * 3 + [pd.NaT]


def test_a_day_without_its_hour_stays_a_day() -> None:
    found = dates.read_times(dates.join_day_and_time(pd.Series(["03/09/2025"]), pd.Series([None], dtype="str")))
    assert (found["time"][0], found["has_hour"][0]) == (pd.Timestamp("2025-09-03"), False)


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("2025-06-01 22:00", "2025-06-02 06:00", 8),
        ("2025-03-30 00:30", "2025-03-30 03:30", 2),
        ("2025-03-29 22:00", "2025-03-30 07:00", 8),
        ("2025-03-30 00:30", "2025-03-30 01:30", 1),
        ("2025-03-30 01:30", "2025-03-30 02:30", 0),
        ("2025-10-26 00:30", "2025-10-26 03:30", 4),
        ("2025-10-25 22:00", "2025-10-26 07:00", 10),
        ("2025-10-26 01:10", "2025-10-26 01:40", 0.5),
        ("2025-10-26 01:50", "2025-10-26 01:10", 1 / 3),
        ("2025-03-29 12:00", "2025-03-30 12:00", 23),
        ("2025-10-25 12:00", "2025-10-26 12:00", 25),
        ("2025-06-02 06:00", "2025-06-01 22:00", -8),
    ],
)
def test_hours_are_right_over_both_changes_of_the_clock(start: str, end: str, hours: float) -> None:
    found = dates.hours_between(pd.Series([pd.Timestamp(start)]), pd.Series([pd.Timestamp(end)]))
    assert found.tolist() == [pytest.approx(hours)]


def test_hours_of_a_missing_time_are_missing() -> None:
    times = pd.Series([pd.NaT, NINE], dtype="datetime64[us]")
    assert dates.hours_between(times, times[::-1].set_axis(times.index)).isna().all()


def test_the_hour_that_no_clock_shows_is_known_and_the_one_that_comes_twice_is_none() -> None:
    times = pd.Series(pd.to_datetime(["2025-03-30 01:30", "2025-03-30 02:00", "2025-10-26 01:30", None]))
    assert dates.is_skipped_hour(times).tolist() == [True, False, False, False]
    assert read("30/03/2025 01:30", "26/10/2025 01:30") == [times[0], times[2]]


def test_the_most_common_format_is_named() -> None:
    assert (
        dates.most_common_format(pd.Series(["03/09/2025 09:05"] * 3 + ["2025-09-03"] * 2 + [None])) == "%d/%m/%Y %H:%M"
    )
    assert dates.most_common_format(pd.Series(["not known"])) == ""


# promises


@given(st.datetimes(datetime(2000, 1, 1), datetime(2068, 12, 31)), st.sampled_from(FORMS))
def test_what_is_written_is_read_again(moment: datetime, form: str) -> None:
    moment = moment.replace(second=0, microsecond=0)
    assert read(moment.strftime(form), formats=("%d/%m/%Y",)) == [pd.Timestamp(moment)]


@given(st.lists(st.text(max_size=25), max_size=6))
def test_no_text_breaks_the_reading(texts: list[str]) -> None:
    found = dates.read_times(pd.Series(texts, dtype="str", index=range(5, 5 + len(texts))))
    assert found.index.tolist() == list(range(5, 5 + len(texts)))
    assert found["time"].dtype == "datetime64[us]"
    dates.count_orders(pd.Series(texts, dtype="str"))


@given(st.datetimes(datetime(2015, 1, 1), datetime(2030, 1, 1)), st.integers(0, 5_000))
def test_hours_are_those_of_a_clock_that_never_changes(start: datetime, minutes: int) -> None:
    zone = ZoneInfo("Europe/London")
    begins = start.replace(second=0, microsecond=0, tzinfo=ZoneInfo("UTC"))
    walls = [moment.astimezone(zone) for moment in (begins, begins + timedelta(minutes=minutes))]
    found = dates.hours_between(*(pd.Series([pd.Timestamp(wall.replace(tzinfo=None))]) for wall in walls))
    doubled = any(wall.replace(fold=0).utcoffset() != wall.replace(fold=1).utcoffset() for wall in walls)
    assert found[0] == pytest.approx(minutes / 60) or doubled


def test_a_column_keeps_its_index_and_an_empty_one_is_empty() -> None:
    found = dates.read_times(pd.Series(["03/09/2025 09:05", "x"], index=[7, 2]))
    assert found.index.tolist() == [7, 2]
    assert dates.read_times(pd.Series([], dtype="str")).empty
