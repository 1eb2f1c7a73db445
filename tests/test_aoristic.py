import numpy as np
import pandas as pd
import pytest

from hotspots import aoristic


def week(*spans: tuple[str | None, str | None]) -> pd.DataFrame:
    begin, end = zip(*spans, strict=True)
    return aoristic.hours_of_week(
        *(pd.Series(pd.to_datetime(list(times)), dtype="datetime64[us]") for times in (begin, end))
    )


def test_an_incident_is_shared_over_the_hours_it_touches() -> None:
    # Friday 6 March 2026, 21:30 to Saturday 00:30: half an hour, two whole ones, half an hour of three.
    found = week(("2026-03-06 21:30", "2026-03-07 00:30"))
    assert found.loc[4, [21, 22, 23]].tolist() == pytest.approx([1 / 6, 1 / 3, 1 / 3])
    assert found.loc[5, 0] == pytest.approx(1 / 6)
    assert found.to_numpy().sum() == pytest.approx(1)


def test_an_end_on_the_hour_touches_nothing_of_the_next() -> None:
    found = week(("2026-03-02 00:00", "2026-03-02 02:00"))
    assert found.loc[0, [0, 1, 2]].tolist() == [0.5, 0.5, 0.0]


def test_without_an_end_or_with_an_earlier_one_the_start_counts() -> None:
    found = week(
        ("2026-03-02 05:59", None), ("2026-03-02 05:10", "2026-03-01 05:10"), ("2026-03-02 05:00", "2026-03-02 05:00")
    )
    assert found.loc[0, 5] == 3 and found.to_numpy().sum() == 3


def test_more_than_a_week_tells_nothing_of_the_hour() -> None:
    assert np.allclose(week(("2026-03-02 05:00", "2026-03-20 05:00")), 1 / 168)


def test_without_a_start_an_incident_counts_nowhere() -> None:
    assert week((None, "2026-03-02 05:00")).to_numpy().sum() == 0


def test_no_incident_gives_an_empty_week() -> None:
    nothing = pd.Series([], dtype="datetime64[us]")
    found = aoristic.hours_of_week(nothing, nothing)
    assert found.shape == (7, 24) and found.to_numpy().sum() == 0


def test_it_agrees_with_counting_minute_by_minute() -> None:
    rng = np.random.default_rng(3)
    begin = pd.Timestamp("2026-01-01") + pd.to_timedelta(rng.integers(0, 60_000, 60), unit="min")
    minutes = rng.integers(1, 10_000, 60)
    expected = np.zeros((7, 24))
    for start, many in zip(begin, minutes, strict=True):
        times = start + pd.to_timedelta(np.arange(many), unit="min")
        np.add.at(expected, (times.day_of_week, times.hour), 1 / many)
    end = begin + pd.to_timedelta(minutes, unit="min")
    assert np.allclose(aoristic.hours_of_week(pd.Series(begin), pd.Series(end)), expected)
