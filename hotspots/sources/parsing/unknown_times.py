"""Clock times, and first days of months, that stand for an unknown time.

Systems write 00:00, 09:00 or the first of the month where nobody knows better. Such a time occurs far more often than
similar ones. People round times as well, so a time is compared with others as round as itself: a whole hour with the
whole hours around it, a half hour with half hours.
"""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

# A count is a heap if it has this many rows and this share of all, and is improbable even at three times the usual.
MIN_ROWS, MIN_SHARE, TIMES_USUAL, P_BELOW = 20, 0.02, 3.0, 1e-6
_MINUTE, _DAY = 60_000_000, 86_400_000_000
_OF_HOUR = np.arange(1440) % 60
# Minutes of a day by how round they are: hours, half hours, quarters, fives, and all others.
_AS_ROUND = np.select([_OF_HOUR == 0, _OF_HOUR == 30, _OF_HOUR % 15 == 0, _OF_HOUR % 5 == 0], [0, 1, 2, 3], 4)
_NEIGHBOURS = (-3, -2, -1, 1, 2, 3)


@dataclass(frozen=True)
class UnknownTimes:
    """The times of one column that stand for an unknown time.

    Attributes
    ----------
    clock
        Clock times, in minutes of the day, and the number of rows at each.
    first_of_month
        Number of rows on the first day of a month of which only the month is known.
    total
        Number of rows with a date.
    """

    clock: dict[int, int] = field(default_factory=dict)
    first_of_month: int = 0
    total: int = 0

    def __bool__(self) -> bool:
        """Return whether there are any."""
        return bool(self.clock or self.first_of_month)


def find(times: pd.Series, has_hour: pd.Series) -> UnknownTimes:
    """Return the times of a column that stand for an unknown time.

    Parameters
    ----------
    times
        Local wall time.
    has_hour
        Whether each time gives the hour.
    """
    clock = clock_heaps(times[has_hour])
    days = times[times.notna() & ~(has_hour & ~is_at(times, clock))]
    first = int((days.dt.day == 1).sum()) if is_first_of_month_heap(days) else 0
    return UnknownTimes(clock, first, int(times.notna().sum()))


def clock_heaps(times: pd.Series) -> dict[int, int]:
    """Return the clock times that stand for an unknown time, in minutes of the day, and the rows at each.

    Notes
    -----
    A one-sided Poisson test of the rows at exactly this minute against three times the median of the six nearest
    minutes that are as round. The median allows for two other heaps among them.
    """
    since = times.dropna().to_numpy("datetime64[us]").astype(np.int64) % _DAY
    count, usual = np.bincount(since[since % _MINUTE == 0] // _MINUTE, minlength=1440), np.zeros(1440)
    for kind in range(5):
        alike = kind == _AS_ROUND
        usual[alike] = np.median([np.roll(count[alike], step) for step in _NEIGHBOURS], axis=0)
    heaps = np.flatnonzero(_is_heap(count, np.maximum(usual, len(since) / 1440), len(since)))
    return {int(minute): int(count[minute]) for minute in heaps}


def is_at(times: pd.Series, clock: dict[int, int]) -> pd.Series:
    """Return whether each time is exactly at one of the clock times, in minutes of the day."""
    if not clock:
        return pd.Series(False, index=times.index)
    return (times - times.dt.normalize()).isin([pd.Timedelta(minutes=minute) for minute in clock])


def is_first_of_month_heap(days: pd.Series) -> bool:
    """Return whether the first of a month stands for an unknown day, among dates without an hour.

    Dates of a single day do not show it.
    """
    count = np.bincount(days.dt.day, minlength=32)[1:29]
    if days.dt.normalize().nunique() < 2:
        return False
    usual = np.array([max(np.median(count[1:]), len(days) / 365)])
    return bool(_is_heap(count[:1], usual, len(days))[0])


def _is_heap(count: NDArray[np.int64], usual: NDArray[np.float64], total: int) -> NDArray[np.bool_]:
    """Return whether counts are far above the usual ones."""
    is_large = (count >= MIN_ROWS) & (count >= MIN_SHARE * total)
    return np.asarray(is_large & (stats.poisson.sf(count - 1, TIMES_USUAL * usual) < P_BELOW))
