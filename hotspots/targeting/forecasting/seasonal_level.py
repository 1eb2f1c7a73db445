"""Level of the whole force: its latest daily rate, adjusted for the season as earlier years showed it."""

import numpy as np
from numpy.typing import NDArray

from hotspots.targeting.forecasting import forecast_features
from hotspots.targeting.forecasting.forecast_features import PastCounts

# Age at which a step counts half in the latest level.
HALF_LIFE_DAYS = 30.0
# A season is compared with so many days before it, and measured over at least a month.
_BEFORE_DAYS = 91
_MIN_DAYS = 30
# Years without any seasonality added to those observed.
_PRIOR_YEARS = 0.5


def daily_rate(past: PastCounts, origin: int, horizon_days: float) -> float:
    """Return the incidents a day to expect in the whole force after a forecast origin, from nothing later.

    Parameters
    ----------
    past
        Counts by spot and step.
    origin
        Steps back; 0 is now.
    horizon_days
        Length of the coming period.
    """
    totals = past.family.sum(axis=0)
    age = (np.arange(len(totals)) - origin) * past.step_days
    weight = np.where((age >= 0) & past.observed, 0.5 ** (np.maximum(age, 0) / HALF_LIFE_DAYS), 0.0)
    latest = (totals * weight).sum() / (weight.sum() or 1.0)
    return float(latest * _seasonal_factor(totals, past, origin, horizon_days)) / past.step_days


def _seasonal_factor(totals: NDArray[np.float64], past: PastCounts, origin: int, horizon_days: float) -> float:
    """Return the ratio of the same season of earlier years to the months before it; 1 where no year is known."""
    ahead, before = past.steps(max(horizon_days, _MIN_DAYS)), past.steps(_BEFORE_DAYS)
    ratios = []
    for season in forecast_features.season_steps(past, origin, ahead):
        run = np.arange(season[0], season[-1] + 1 + before)
        if run[-1] < len(totals) and past.observed[run].all() and totals[run[: len(season)]].sum() > 0:
            earlier = totals[run[len(season) :]].mean()
            ratios.append(totals[season].mean() / earlier if earlier else 1.0)
    return float(np.exp(np.log(ratios).sum() / (len(ratios) + _PRIOR_YEARS))) if ratios else 1.0
