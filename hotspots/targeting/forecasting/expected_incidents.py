"""Incidents to expect at the spots of a run, and how accurate earlier forecasts of areas were."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from hotspots import categories, period, predictive_distribution
from hotspots.targeting import spots
from hotspots.targeting.evidence import Evidence
from hotspots.targeting.forecasting import forecast, forecast_features
from hotspots.targeting.forecasting.forecast import ForecastParams
from hotspots.targeting.forecasting.forecast_features import PastCounts


@dataclass(frozen=True)
class Expected:
    """Expected incidents of each spot.

    Attributes
    ----------
    spots
        The spots of the evidence with `expected` and its parts over the horizon.
    dispersion
        Error of earlier forecasts of whole areas.
    sentence
        Where the expected incidents come from.
    past
        Past counts by spot and step that the forecast was fitted to.
    """

    spots: pd.DataFrame
    dispersion: predictive_distribution.Dispersion
    sentence: str
    past: PastCounts


def expect_incidents(
    evidence: Evidence, family: str, params: ForecastParams, *, area_radius_m: float, horizon_days: float
) -> Expected:
    """Return the incidents of a family to expect at each spot; 0 outside the force.

    Parameters
    ----------
    family
        `asb` or `burglary`.
    area_radius_m
        Radius of the circles on which earlier forecasts are checked.
    horizon_days
        Length of the coming period.
    """
    past = past_counts(evidence, family)
    forecasted = forecast.forecast_spots(past, horizon_days, params)
    checked = forecast.check_past_forecasts(past, horizon_days, area_radius_m, params)
    dispersion = predictive_distribution.fit_dispersion(checked["expected"], checked["observed"])
    is_inside = shapely.contains_xy(evidence.outline, evidence.spots["easting"], evidence.spots["northing"])
    rates = (forecasted.spots * dispersion.slope).where(is_inside, 0.0)
    return Expected(evidence.spots.join(rates), dispersion, forecasted.summary(), past)


def past_counts(evidence: Evidence, family: str) -> PastCounts:
    """Return the past counts of a family, and of other crime, by spot and step; months left out count as no data."""
    _, step_days = period.steps_back(evidence.incidents, evidence.as_of)
    counts = _counts(evidence, evidence.incidents, family, evidence.as_of)
    return forecast_features.prepare_counts(*counts, step_days, evidence.near)


def past_counts_on(day: date, evidence: Evidence, family: str, past: PastCounts) -> PastCounts:
    """Return the past counts as they were known on an earlier day, for the same spots.

    Parameters
    ----------
    day
        Not later than the day of the evidence; the last day of a month where incidents have only a month.
    past
        Past counts of the family on the day of the evidence.
    """
    return past.with_counts(*_counts(evidence, period.known_by(evidence.incidents, day), family, day))


def _counts(
    evidence: Evidence, incidents: pd.DataFrame, family: str, day: date
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
    """Return the counts of a family and of other crime by spot and step before a day, and which steps have data."""
    steps, _ = period.steps_back(evidence.incidents, day)
    is_counted = ~incidents["month"].isin(evidence.left_out[family])
    is_other = ~incidents["category"].isin([*categories.FAMILIES[family], *categories.POLICE_GENERATED])
    own = categories.of_family(incidents[is_counted], family)
    return (
        spots.history(evidence.spot, own, steps, len(evidence.spots)),
        spots.history(evidence.spot, incidents[is_other], steps, len(evidence.spots)),
        spots.observed_steps(incidents[is_counted], steps),
    )


def horizon_days(incidents: pd.DataFrame, days: int) -> float:
    """Return the days that the list looks ahead: 30 where the data has only months."""
    return 30.0 if period.is_month_only(incidents) else float(days)


def horizon_label(incidents: pd.DataFrame, days: int) -> str:
    """Return the period that the list looks ahead to, such as "the next 7 days"."""
    if period.is_month_only(incidents):
        return "the next month"
    return "the next day" if days == 1 else f"the next {days} days"
