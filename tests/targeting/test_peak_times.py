"""Peaks of weeks: planted ones are found, and weeks without any have none; areas have their own or their team's."""

import numpy as np
import pandas as pd
import pytest

from hotspots.targeting import peak_times

EVENING = pd.Timestamp("2025-09-05 21:30")  # a Friday
MORNING = pd.Timestamp("2025-09-01 08:30")  # a Monday


@pytest.fixture
def areas(squares):
    corners = [(0, 0, 100), (1000, 0, 100), (2000, 0, 100)]
    return squares(*corners, team_name=["East", "East", "West"])


def attach(areas, incidents):
    """The areas with their times; each point is a spot."""
    xy = incidents.get_coordinates().to_numpy()
    places, spot = np.unique(xy, axis=0, return_inverse=True)
    spots = pd.DataFrame({"easting": places[:, 0], "northing": places[:, 1]})
    return peak_times.attach_peak_times(areas, spots, pd.Series(spot, incidents.index), incidents)["peak_times"]


def incidents_of(incidents_at, groups, **columns):
    """Incidents at a point each: number of them, x, team and time."""
    points = [(x, 50) for count, x, _, _ in groups for _ in range(count)]
    teams = [team for count, _, team, _ in groups for _ in range(count)]
    times = [time for count, _, _, time in groups for _ in range(count)]
    facts = {"date_precision": "minute", "team_name": teams, "committed_from": times} | columns
    return incidents_at(points, **facts)


def test_an_area_has_its_own_peak_or_that_of_its_team_or_force(areas, incidents_at) -> None:
    groups = [(40, 50, "East", EVENING), (5, 1050, "East", MORNING), (3, 2050, "West", MORNING)]
    own, team, force = attach(areas, incidents_of(incidents_at, groups))
    assert own == "Fri 19:00 to 22:00 (40 of 40 incidents)"
    assert team.endswith("(as in all of East)") and team.startswith("Fri")
    assert force.endswith("(as in the whole force)")


def test_many_incidents_at_all_hours_are_spread_over_the_week(areas, incidents_at) -> None:
    groups = [(1, 50, "East", MORNING + pd.Timedelta(hours=hour)) for hour in range(168)]
    first, *others = attach(areas, incidents_of(incidents_at, groups))
    assert first == "spread over the week" and pd.isna(others).all()


def test_months_alone_give_no_time(areas, incidents_at) -> None:
    assert attach(areas, incidents_of(incidents_at, [(40, 50, "East", pd.NaT)], date_precision="month")).isna().all()


@pytest.mark.parametrize(
    ("days", "start", "hours", "words"),
    [
        ([4, 5], 21, 4, "Fri and Sat 21:00 to 01:00"),
        ([0, 1, 2, 3, 4], 15, 3, "Mon to Fri 15:00 to 18:00"),
        ([6], 22, 5, "Sun 22:00 to 03:00"),
        (list(range(7)), 18, 6, "every day 18:00 to 00:00"),
        ([6, 0], 9, 3, "Sun and Mon 09:00 to 12:00"),
    ],
)
def test_a_planted_peak_is_found(days: list[int], start: int, hours: int, words: str) -> None:
    week = np.full(168, 0.2)
    for day in days:
        week[(24 * day + start + np.arange(hours)) % 168] += 5
    peak = peak_times.find_peak(week)
    assert str(peak) == words
    assert peak is not None and peak.total == pytest.approx(week.sum())
    assert peak.incidents == pytest.approx(5.2 * len(days) * hours)


def test_at_most_one_even_week_in_forty_has_a_peak() -> None:
    rng = np.random.default_rng(3)
    found = [
        peak_times.find_peak(np.bincount(rng.integers(0, 168, count), minlength=168).astype(float)) is not None
        for count in rng.integers(20, 500, 400)
    ]
    assert np.mean(found) < 1 / 40


def test_a_few_incidents_have_no_peak_even_in_one_hour() -> None:
    week = np.zeros(168)
    week[20] = peak_times.MIN_INCIDENTS - 1
    assert peak_times.find_peak(week) is None
    week[20] += 1
    assert peak_times.find_peak(week) is not None


def test_months_days_and_long_spans_are_not_hours() -> None:
    at = pd.Timestamp("2025-09-05 21:30")
    rows = pd.DataFrame(
        {
            "date_precision": ["minute", "minute", "day", "month", "minute", "minute"],
            "committed_from": [at, at, at.normalize(), pd.NaT, at, pd.NaT],
            "committed_to": [pd.NaT, at + pd.Timedelta(hours=2), pd.NaT, pd.NaT, at + pd.Timedelta(days=3), pd.NaT],
        }
    )
    week = peak_times.dated_week(rows)
    assert week.sum() == pytest.approx(2)
    assert week[24 * 4 + 21] == pytest.approx(1.25) and week[24 * 4 + 23] == pytest.approx(0.25)
