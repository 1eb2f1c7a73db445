"""When things happen in Littleham: seasons, weekdays, hours, and the ranges in which burglaries lie."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from hotspots.period import Window


@dataclass(frozen=True, kw_only=True)
class Rhythm:
    """Which days and hours: weights for Monday to Sunday, spans of hours with weights, and the summer's share."""

    weekdays: tuple[float, ...] = (1, 1, 1, 1, 1, 1, 1)
    hours: tuple[tuple[int, int, float], ...] = ((0, 24, 1),)
    summer: float = 0.0

    def hour_weights(self) -> np.ndarray:
        """Weight of each hour of the day, together 1."""
        weights = np.zeros(24)
        for first, last, weight in self.hours:
            weights[first:last] += weight
        return weights / weights.sum()


ANY_TIME = Rhythm(hours=((0, 24, 0.4), (8, 23, 1.0)))
SHOP_HOURS = Rhythm(weekdays=(1, 1, 1, 1, 1.2, 1.4, 0.8), hours=((9, 19, 1), (19, 22, 0.3)))
NIGHT_OUT = Rhythm(weekdays=(0.7, 0.7, 0.7, 0.8, 1.4, 1.8, 1.2), hours=((0, 3, 1.2), (3, 12, 0.2), (12, 24, 1.0)))
ASB = Rhythm(weekdays=(0.8, 0.8, 0.85, 0.9, 1.25, 1.45, 1.1), summer=0.25,
             hours=((0, 2, 0.6), (2, 8, 0.1), (8, 15, 0.5), (15, 18, 1.1), (18, 23, 1.9), (23, 24, 1.1)))  # fmt: skip

# How a planted ASB hotspot differs from its surroundings.
PEAKS = {
    "after school": Rhythm(weekdays=(1, 1, 1, 1, 1.2, 0.2, 0.1), hours=((15, 18, 6), (18, 21, 1), (9, 15, 0.2))),
    "evening": Rhythm(hours=((18, 22, 6), (22, 24, 1.5), (14, 18, 0.7))),
    "weekend night": Rhythm(weekdays=(0.2, 0.2, 0.2, 0.4, 2.4, 3, 0.6), hours=((20, 24, 6), (0, 3, 2), (12, 20, 0.5))),
}

# Hours at which a range can begin, and how many hours it lasts.
ABSENCES = {
    "overnight": ((20.5, 24.0), (6.0, 10.0)),
    "working day": ((7.3, 9.5), (7.0, 10.5)),
    "closed": ((17.0, 19.0), (13.0, 15.5)),
    "brief": ((9.0, 23.5), (0.2, 1.2)),
    "weekend": ((8.0, 19.0), (28.0, 56.0)),
}


def day_weights(window: Window, rhythm: Rhythm, week_luck: np.ndarray | None = None) -> pd.Series:
    """Weight of each day of the window, indexed by day: weekday, season and, where given, the luck of its week."""
    days = pd.date_range(window.start, window.end, inclusive="left", unit="us")
    season = 1 + rhythm.summer * np.cos(2 * np.pi * (days.day_of_year.to_numpy() - 200) / 365.25)
    weights = np.array(rhythm.weekdays)[days.day_of_week] * season
    if week_luck is not None:
        weights = weights * week_luck[np.arange(len(days)) // 7]
    return pd.Series(weights, index=days)


def draw_days(weights: pd.Series, number: int, rng: np.random.Generator) -> np.ndarray:
    """Days in proportion to their weights, each drawn by itself."""
    if number == 0:
        return weights.index.to_numpy()[:0]
    chosen = rng.choice(len(weights), number, p=(weights / weights.sum()).to_numpy())
    return weights.index.to_numpy()[chosen]


def draw_steady_days(weights: pd.Series, number: int, rng: np.random.Generator) -> np.ndarray:
    """Days spread evenly over the weights, one from each equal part of them, so that no season goes without."""
    share = weights.cumsum().to_numpy() / weights.sum()
    parts = (np.arange(number) + rng.random(number)) / max(number, 1)
    return weights.index.to_numpy()[np.minimum(np.searchsorted(share, parts, side="right"), len(share) - 1)]


def draw_moments(days: np.ndarray, rhythm: Rhythm, rng: np.random.Generator) -> np.ndarray:
    """A minute of each day, by the rhythm's hours."""
    hours = rng.choice(24, len(days), p=rhythm.hour_weights())
    minutes = hours * 60 + rng.integers(0, 60, len(days))
    return days.astype("datetime64[us]") + minutes.astype("timedelta64[m]")


def draw_absences(days: np.ndarray, habits: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """From and to of each absence that begins on its day, by habit (a name in `ABSENCES`), to the minute."""
    spans = np.array([np.ravel(ABSENCES[habit]) for habit in habits], dtype=float).reshape(-1, 4)
    start = rng.uniform(spans[:, 0], spans[:, 1])
    length = rng.uniform(spans[:, 2], spans[:, 3])
    begins = days.astype("datetime64[us]") + _minutes(start)
    return begins, begins + _minutes(length)


def record_delays(number: int, typical_hours: float, rng: np.random.Generator) -> np.ndarray:
    """Time from the end of an incident to its record: mostly soon, now and then days later."""
    late = np.where(rng.random(number) < 0.04, 12.0, 1.0)
    return _minutes(rng.exponential(typical_hours, number) * late) + np.timedelta64(1, "m")


def keep_known(drafts: pd.DataFrame, end: date) -> pd.DataFrame:
    """The incidents, those recorded at `end` or later moved back by whole weeks: no file holds the future."""
    over = (drafts["recorded_at"] - pd.Timestamp(end)) // pd.Timedelta(days=7)
    back = pd.to_timedelta((over + 1).clip(lower=0) * 7, unit="D").astype("timedelta64[us]")
    moments = ["committed_from", "committed_to", "recorded_at"]
    return drafts.assign(**{name: drafts[name] - back for name in moments})


def _minutes(hours: np.ndarray) -> np.ndarray:
    """Hours as whole minutes."""
    return np.rint(hours * 60).astype("int64").astype("timedelta64[m]").astype("timedelta64[us]")


def day_first(moments: pd.Series) -> np.ndarray:
    """Moments as British forms write them: 29/03/2026 22:15."""
    letters = np.datetime_as_string(moments.to_numpy("datetime64[m]")).astype("U16").view("U1").reshape(-1, 16)
    letters = letters[:, [8, 9, 4, 5, 6, 7, 0, 1, 2, 3, 10, 11, 12, 13, 14, 15]]
    letters[:, [2, 5]], letters[:, 10] = "/", " "
    return np.ascontiguousarray(letters).view("U16").ravel()
