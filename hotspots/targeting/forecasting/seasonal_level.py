"""How many incidents to expect in all: the latest level, moved by the season as earlier years showed it."""

import numpy as np
from numpy.typing import NDArray

from hotspots.targeting.forecasting import forecast_features
from hotspots.targeting.forecasting.forecast_features import Past

# Age at which a step counts half in the level of "lately".
HALF_LIFE_DAYS = 30.0
# Seasons are compared with so many days before them, and never read off less than a month.
_BEFORE_DAYS = 91
_LEAST_DAYS = 30
# Years of "no season at all" that are added to those seen.
_PRIOR_YEARS = 0.5


def daily_level(past: Past, origin: int, horizon_days: float) -> float:
    """Incidents a day to expect after a moment in the past, in all, from nothing later than it.

    Parameters
    ----------
    past
        Counts by spot and step.
    origin
        Steps back; 0 is now.
    horizon_days
        How far ahead.
    """
    totals = past.family.sum(axis=0)
    age = (np.arange(len(totals)) - origin) * past.step_days
    weight = np.where((age >= 0) & past.observed, 0.5 ** (np.maximum(age, 0) / HALF_LIFE_DAYS), 0.0)
    lately = (totals * weight).sum() / (weight.sum() or 1.0)
    return float(lately * _season(totals, past, origin, horizon_days)) / past.step_days


def _season(totals: NDArray, past: Past, origin: int, horizon_days: float) -> float:
    """How the same weeks of earlier years compared with the months before them; 1 where no year is known."""
    ahead, before = past.steps(max(horizon_days, _LEAST_DAYS)), past.steps(_BEFORE_DAYS)
    turns = []
    for then in forecast_features.season_steps(past, origin, ahead):
        run = np.arange(then[0], then[-1] + 1 + before)
        if run[-1] < len(totals) and past.observed[run].all() and totals[run[: len(then)]].sum() > 0:
            earlier = totals[run[len(then) :]].mean()
            turns.append(totals[then].mean() / earlier if earlier else 1.0)
    return float(np.exp(np.log(turns).sum() / (len(turns) + _PRIOR_YEARS))) if turns else 1.0
