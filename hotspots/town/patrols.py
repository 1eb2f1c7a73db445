"""Littleham's patrol log: visits by its three teams in the last eight weeks."""

import numpy as np
import pandas as pd

from hotspots.period import Window
from hotspots.town import areas, times

COLUMNS = ["Visit", "Team", "Patrol area", "Start", "End", "Outcome"]
_OUTCOMES = {
    "Nothing to report": 0.45, "Spoke to residents": 0.25, "Advice given": 0.12, "Group moved on": 0.1,
    "Intelligence submitted": 0.05, "Arrest": 0.03,
}  # fmt: skip
_HOURS = times.TimePattern(weekdays=(0.8, 0.8, 1, 1, 1.3, 1.3, 0.8), hours=((9, 14, 0.4), (14, 22, 1), (22, 23, 0.5)))


def log_visits(points: pd.DataFrame, window: Window, rng: np.random.Generator) -> pd.DataFrame:
    """Return one row of text for each visit, in the log's columns and in order of start."""
    weights = times.day_weights(window, _HOURS)
    logs = [_team_visits(points[points["team_name"] == team], team, weights, rng) for team in areas.TEAMS]
    visits = pd.concat(logs, ignore_index=True).sort_values(["started_at", "Team"], kind="stable", ignore_index=True)
    return visits.assign(
        Visit=[f"V{number:05d}" for number in range(1, len(visits) + 1)],
        Start=times.format_datetimes(visits["started_at"]),
        End=times.format_datetimes(visits["ended_at"]),
    )[COLUMNS]


def _team_visits(points: pd.DataFrame, team: str, weights: pd.Series, rng: np.random.Generator) -> pd.DataFrame:
    """Return one team's visits to its busiest streets, mostly of 10 to 16 minutes; some do not name a street."""
    number = int(rng.poisson(2.6 * len(weights)))
    streets = points.groupby("street")["activity"].sum().sort_values(ascending=False, kind="stable").index[:6]
    named = rng.choice(streets.to_numpy(dtype=object), number)
    minutes = np.where(rng.random(number) < 0.85, rng.integers(10, 17, number), rng.integers(3, 46, number))
    begins = times.draw_datetimes(times.draw_days(weights, number, rng), _HOURS, rng)
    return pd.DataFrame({
        "Team": team,
        "Patrol area": np.where(rng.random(number) < 0.25, "", named),
        "started_at": begins,
        "ended_at": begins + minutes.astype("timedelta64[m]"),
        "Outcome": rng.choice(list(_OUTCOMES), number, p=list(_OUTCOMES.values())),
    })  # fmt: skip
