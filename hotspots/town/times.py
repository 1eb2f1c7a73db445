"""Dates and times of Littleham's incidents: seasons, weekdays, hours, and the ranges of burglaries."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from hotspots.period import Window


@dataclass(frozen=True, kw_only=True)
class TimePattern:
    """Weights of the days Monday to Sunday and of ranges of hours, and the strength of the summer peak."""

    weekdays: tuple[float, ...] = (1, 1, 1, 1, 1, 1, 1)
    hours: tuple[tuple[int, int, float], ...] = ((0, 24, 1),)
    summer: float = 0.0

    def hour_weights(self) -> np.ndarray:
        """Return the weight of each hour of the day; they sum to 1."""
        weights = np.zeros(24)
        for first, last, weight in self.hours:
            weights[first:last] += weight
        return np.asarray(weights / weights.sum())


ANY_TIME = TimePattern(hours=((0, 24, 0.4), (8, 23, 1.0)))
SHOP_HOURS = TimePattern(weekdays=(1, 1, 1, 1, 1.2, 1.4, 0.8), hours=((9, 19, 1), (19, 22, 0.3)))
NIGHT_OUT = TimePattern(weekdays=(0.7, 0.7, 0.7, 0.8, 1.4, 1.8, 1.2), hours=((0, 3, 1.2), (3, 12, 0.2), (12, 24, 1.0)))
ASB = TimePattern(weekdays=(0.8, 0.8, 0.85, 0.9, 1.25, 1.45, 1.1), summer=0.25,
             hours=((0, 2, 0.6), (2, 8, 0.1), (8, 15, 0.5), (15, 18, 1.1), (18, 23, 1.9), (23, 24, 1.1)))  # fmt: skip

# Time patterns of planted ASB hotspots.
PEAKS = {
    "after school": TimePattern(weekdays=(1, 1, 1, 1, 1.2, 0.2, 0.1), hours=((15, 18, 6), (18, 21, 1), (9, 15, 0.2))),
    "evening": TimePattern(hours=((18, 22, 6), (22, 24, 1.5), (14, 18, 0.7))),
    "weekend night": TimePattern(
        weekdays=(0.2, 0.2, 0.2, 0.4, 2.4, 3, 0.6), hours=((20, 24, 6), (0, 3, 2), (12, 20, 0.5))
    ),
}

# Range of hours at which an absence starts, and range of its length in hours.
ABSENCES = {
    "overnight": ((20.5, 24.0), (6.0, 10.0)),
    "working day": ((7.3, 9.5), (7.0, 10.5)),
    "closed": ((17.0, 19.0), (13.0, 15.5)),
    "brief": ((9.0, 23.5), (0.2, 1.2)),
    "weekend": ((8.0, 19.0), (28.0, 56.0)),
}


def day_weights(window: Window, pattern: TimePattern, week_factors: np.ndarray | None = None) -> pd.Series:
    """Return the weight of each day of the window, from its weekday, its season and the factor of its week."""
    days = pd.date_range(window.start, window.end, inclusive="left", unit="us")
    season = 1 + pattern.summer * np.cos(2 * np.pi * (days.day_of_year.to_numpy() - 200) / 365.25)
    weights = np.array(pattern.weekdays)[days.day_of_week] * season
    if week_factors is not None:
        weights = weights * week_factors[np.arange(len(days)) // 7]
    return pd.Series(weights, index=days)


def draw_days(weights: pd.Series, number: int, rng: np.random.Generator) -> np.ndarray:
    """Return random days, drawn in proportion to their weights."""
    if number == 0:
        return np.asarray(weights.index.to_numpy()[:0])
    chosen = rng.choice(len(weights), number, p=(weights / weights.sum()).to_numpy())
    return np.asarray(weights.index.to_numpy()[chosen])


def draw_stratified_days(weights: pd.Series, number: int, rng: np.random.Generator) -> np.ndarray:
    """Return random days, one from each equal part of the total weight, so that every season has some."""
    share = weights.cumsum().to_numpy() / weights.sum()
    parts = (np.arange(number) + rng.random(number)) / max(number, 1)
    return np.asarray(weights.index.to_numpy()[np.minimum(np.searchsorted(share, parts, side="right"), len(share) - 1)])


def draw_datetimes(days: np.ndarray, pattern: TimePattern, rng: np.random.Generator) -> np.ndarray:
    """Return a random time on each day, to the minute, by the pattern's hours."""
    hours = rng.choice(24, len(days), p=pattern.hour_weights())
    minutes = hours * 60 + rng.integers(0, 60, len(days))
    return np.asarray(days.astype("datetime64[us]") + minutes.astype("timedelta64[m]"))


def draw_absences(days: np.ndarray, absences: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return start and end, to the minute, of an absence of each kind (a key of `ABSENCES`) that starts on the day."""
    spans = np.array([np.ravel(ABSENCES[absence]) for absence in absences], dtype=float).reshape(-1, 4)
    start = rng.uniform(spans[:, 0], spans[:, 1])
    length = rng.uniform(spans[:, 2], spans[:, 3])
    begins = days.astype("datetime64[us]") + _minutes(start)
    return begins, begins + _minutes(length)


def record_delays(number: int, typical_hours: float, rng: np.random.Generator) -> np.ndarray:
    """Return the time from the end of an incident to its recording: mostly hours, sometimes days."""
    late = np.where(rng.random(number) < 0.04, 12.0, 1.0)
    return _minutes(rng.exponential(typical_hours, number) * late) + np.timedelta64(1, "m")


def shift_before_end(drafts: pd.DataFrame, end: date) -> pd.DataFrame:
    """Return the incidents, with those recorded on or after `end` moved back by whole weeks."""
    over = (drafts["recorded_at"] - pd.Timestamp(end)) // pd.Timedelta(days=7)
    back = pd.to_timedelta((over + 1).clip(lower=0) * 7, unit="D").astype("timedelta64[us]")
    columns = ["committed_from", "committed_to", "recorded_at"]
    return drafts.assign(**{name: drafts[name] - back for name in columns})


def is_in(incidents: pd.DataFrame, window: Window) -> pd.Series:
    """Return whether each incident began in the window."""
    begun = incidents["committed_from"]
    return begun.between(pd.Timestamp(window.start), pd.Timestamp(window.end), inclusive="left")


def _minutes(hours: np.ndarray) -> np.ndarray:
    """Return hours as whole minutes."""
    return np.asarray(np.rint(hours * 60).astype("int64").astype("timedelta64[m]").astype("timedelta64[us]"))


def format_datetimes(times: pd.Series) -> np.ndarray:
    """Return date and time as text in the British order: 29/03/2026 22:15."""
    letters = np.datetime_as_string(times.to_numpy("datetime64[m]")).astype("U16").view("U1").reshape(-1, 16)
    letters = letters[:, [8, 9, 4, 5, 6, 7, 0, 1, 2, 3, 10, 11, 12, 13, 14, 15]]
    letters[:, [2, 5]], letters[:, 10] = "/", " "
    return np.ascontiguousarray(letters).view("U16").ravel()
