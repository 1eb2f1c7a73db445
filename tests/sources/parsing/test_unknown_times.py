"""Clock times that stand for an unknown time are found; rounded times are not taken for them."""

import numpy as np
import pandas as pd
import pytest

from hotspots.sources.parsing import unknown_times

RNG = np.random.default_rng(7)
# Incidents by hour of a usual day: three times as many in the evening as before dawn.
BY_HOUR = np.array([9, 7, 5, 4, 3, 3, 4, 6, 8, 9, 10, 10, 11, 11, 12, 13, 14, 15, 15, 15, 14, 13, 12, 10])


def usual(rows: int, *, rounded: float = 0.0) -> pd.Series:
    """Times of a year; a share of them is rounded to the hour or the half hour."""
    hours = RNG.choice(24, rows, p=BY_HOUR / BY_HOUR.sum())
    minutes = np.where(RNG.random(rows) < rounded, RNG.choice([0, 0, 30], rows), RNG.integers(0, 60, rows))
    days = pd.Series(pd.Timestamp("2025-01-01") + pd.to_timedelta(RNG.integers(0, 364, rows), unit="D"))
    return days + pd.to_timedelta(hours * 60 + minutes, unit="min")


def with_heap(times: pd.Series, clock: str, rows: int) -> pd.Series:
    """The times, the first of which are at a clock time."""
    return times.mask(times.index < rows, times.dt.normalize() + pd.Timedelta(f"{clock}:00"))


@pytest.mark.parametrize("clock", ["00:00", "09:00", "12:30", "00:01", "23:59", "17:45"])
@pytest.mark.parametrize("rounded", [0.0, 0.7])
def test_a_heap_at_any_clock_time_is_found(clock: str, rounded: float) -> None:
    times = with_heap(usual(4_000, rounded=rounded), clock, 900)
    found = unknown_times.clock_heaps(times)
    hour, minute = clock.split(":")
    assert list(found) == [int(hour) * 60 + int(minute)]
    assert 900 <= found[int(hour) * 60 + int(minute)] < 1_100


@pytest.mark.parametrize("rounded", [0.0, 0.3, 0.7, 1.0])
@pytest.mark.parametrize("rows", [30, 500, 20_000])
def test_rounded_times_are_no_heap(rows: int, rounded: float) -> None:
    assert unknown_times.clock_heaps(usual(rows, rounded=rounded)) == {}


def test_two_heaps_beside_one_another_are_both_found() -> None:
    times = with_heap(with_heap(usual(4_000, rounded=0.5), "00:00", 1_200), "01:00", 500)
    assert list(unknown_times.clock_heaps(times)) == [0, 60]


def test_a_few_rows_at_midnight_are_no_heap() -> None:
    assert unknown_times.clock_heaps(with_heap(usual(4_000), "00:00", 50)) == {}
    assert unknown_times.clock_heaps(with_heap(usual(60), "00:00", 12)) == {}


def test_only_days_without_a_time_count_for_the_first_of_the_month() -> None:
    days = usual(3_000).dt.normalize()
    first = days.mask(days.index < 600, days.dt.to_period("M").dt.start_time)
    none, every = pd.Series(False, index=days.index), pd.Series(True, index=days.index)
    assert unknown_times.find(first, none).first_of_month >= 600
    assert not unknown_times.find(days, none)
    timed = first + pd.to_timedelta(RNG.integers(1, 1440, len(first)), unit="min")
    assert not unknown_times.find(timed, every)


def test_a_file_of_one_day_does_not_show_that_its_day_is_unknown() -> None:
    one = pd.Series([pd.Timestamp("2025-09-01")] * 300)
    assert not unknown_times.find(one, pd.Series(False, index=one.index))
    months = pd.Series(pd.date_range("2025-01-01", periods=12, freq="MS").repeat(40))
    assert unknown_times.find(months, pd.Series(False, index=months.index)).first_of_month == 480


def test_missing_times_and_empty_columns_are_no_heap() -> None:
    none = pd.Series([pd.NaT] * 50, dtype="datetime64[us]")
    assert not unknown_times.find(none, pd.Series(False, index=none.index))
    assert not unknown_times.find(none[:0], pd.Series(False, index=none[:0].index))
