"""Find the days and hours of the week in which the incidents of an area are most concentrated.

Every window of one or more days and of 3 to 6 hours is scanned, and the one with the highest Poisson log-likelihood
ratio is the peak: Kulldorff (1997), A spatial scan statistic, doi:10.1080/03610929708831995, in time instead of space.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hotspots import aoristic
from hotspots.targeting import outlines, profiles

# With fewer incidents a week of 168 hours has no shape of its own.
MIN_INCIDENTS = 20
# Incidents spread evenly over the week exceed this ratio in 1 of 100 simulated weeks, whatever their number.
MIN_LOG_RATIO = 8.5
# An area with at least this many dated incidents and no peak is reported as busy all week.
MIN_EVEN = 50
MAX_SPAN = pd.Timedelta(days=2)  # a longer span does not narrow down the hour
_LENGTHS = (3, 4, 5, 6)  # hours
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_DAY_GROUPS = (
    *((day,) for day in range(7)),
    *((day, (day + 1) % 7) for day in range(7)),
    (4, 5, 6), (0, 1, 2, 3), (0, 1, 2, 3, 4), tuple(range(7)),
)  # fmt: skip


@dataclass(frozen=True)
class Peak:
    """The window of the week with the highest concentration.

    Attributes
    ----------
    days
        Weekdays on which the window begins, 0 for Monday.
    start, hours
        Hour of the day at which it begins, and its length; it may end on the next day.
    incidents
        Incidents in the window; those with a start and an end count in part.
    total
        Incidents in the week.
    """

    days: tuple[int, ...]
    start: int
    hours: int
    incidents: float
    total: float

    def __str__(self) -> str:
        """Return the window in words: "Fri and Sat 21:00 to 01:00"."""
        return f"{_name(self.days)} {self.start:02d}:00 to {(self.start + self.hours) % 24:02d}:00"


def attach_peak_times(
    areas: gpd.GeoDataFrame, spots: pd.DataFrame, spot: pd.Series, incidents: gpd.GeoDataFrame
) -> gpd.GeoDataFrame:
    """Return the areas with `peak_times` in words, missing on month-only data and where no peak is known.

    An area with few incidents has the peak of its team, or of the force.

    Parameters
    ----------
    areas
        Areas of a family with `team_name`, BNG metres.
    spots, spot
        As in `profiles.profile_areas`.
    incidents
        The family's incidents of the force in the evidence window.
    """
    dated = incidents[incidents["date_precision"] == "minute"]
    if dated.empty:
        return areas.assign(peak_times=pd.Series(pd.NA, areas.index, dtype="str"))
    members = profiles.members_of(outlines.spots_inside(areas, spots), spot, dated)
    inside = {area: dated.loc[found] for area, found in members.groupby("area")["incident"]}
    teams = {str(team): _peak(found) for team, found in dated.groupby("team_name", observed=True)}
    force = _peak(dated)
    texts = [next(_texts(inside.get(at), str(team), teams, force), None) for at, team in enumerate(areas["team_name"])]
    return areas.assign(peak_times=pd.Series(texts, areas.index, dtype="str"))


def dated_week(incidents: pd.DataFrame) -> NDArray[Any]:
    """Return incidents by hour of the week (168, from Monday 00:00) that are known to within two days.

    Parameters
    ----------
    incidents
        `date_precision`, `committed_from` and `committed_to` (local wall time).
    """
    known = incidents[incidents["date_precision"] == "minute"]
    begin, end = known["committed_from"], known["committed_to"].fillna(known["committed_from"])
    is_narrow = begin.notna() & ((end - begin) <= MAX_SPAN)
    return np.asarray(aoristic.hours_of_week(begin[is_narrow], end[is_narrow]).to_numpy().ravel())


def find_peak(week: NDArray[Any]) -> Peak | None:
    """Return the peak of a week of 168 hours; None where incidents are few, or spread evenly over the week.

    Examples
    --------
    >>> week = np.zeros(168)
    >>> week[[4 * 24 + 21, 4 * 24 + 22, 5 * 24 + 22, 5 * 24 + 23]] = 10
    >>> str(find_peak(week))
    'Fri and Sat 21:00 to 00:00'
    """
    total = float(week.sum())
    if total < MIN_INCIDENTS:
        return None
    windows, hours = _windows()
    inside = windows @ week
    expected = total * hours / aoristic.HOURS_A_WEEK
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(inside > 0, inside * np.log(inside / expected), 0.0)
        outside = total - inside
        ratio += np.where(outside > 1e-9, outside * np.log(outside / (total - expected)), 0.0)
    ratio[inside <= expected] = 0.0
    best = int(np.argmax(ratio.round(9)))
    if ratio[best] < MIN_LOG_RATIO:
        return None
    days, length, start = _labels()[best]
    return Peak(days, start, length, float(inside[best]), total)


def _texts(inside: pd.DataFrame | None, team: str, teams: dict[str, Peak | None], force: Peak | None) -> Iterator[str]:
    """Yield descriptions of when to visit, that of the area first."""
    week = dated_week(inside) if inside is not None else None
    if week is not None and (peak := find_peak(week)):
        yield f"{peak} ({peak.incidents:.0f} of {peak.total:.0f} incidents)"
    if week is not None and week.sum() >= MIN_EVEN:
        yield "spread over the week"
    if found := teams.get(team):
        yield f"{found} (as in all of {team})"
    if force:
        yield f"{force} (as in the whole force)"


def _peak(incidents: pd.DataFrame) -> Peak | None:
    return find_peak(dated_week(incidents))


@lru_cache
def _labels() -> list[tuple[tuple[int, ...], int, int]]:
    """Return days, length and start of every window."""
    return [(days, length, start) for days in _DAY_GROUPS for length in _LENGTHS for start in range(24)]


@lru_cache
def _windows() -> tuple[NDArray[Any], NDArray[Any]]:
    """Return the hours of the week that each window covers (windows by 168), and their number."""
    labels = _labels()
    covers = np.zeros((len(labels), aoristic.HOURS_A_WEEK))
    for row, (days, length, start) in enumerate(labels):
        for day in days:
            covers[row, (24 * day + start + np.arange(length)) % aoristic.HOURS_A_WEEK] = 1.0
    return covers, covers.sum(axis=1)


def _name(days: tuple[int, ...]) -> str:
    """Return days in words: "Sat", "Fri and Sat", "Mon to Thu", "every day"."""
    if len(days) == len(_DAYS):
        return "every day"
    first, last = _DAYS[days[0]], _DAYS[days[-1]]
    return first if len(days) == 1 else f"{first} {'and' if len(days) == 2 else 'to'} {last}"
