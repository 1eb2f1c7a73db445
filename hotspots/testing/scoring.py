"""Accuracy of a list: incidents captured by its first k areas, with the baselines and the best possible list."""

from dataclasses import dataclass, field
from datetime import date, timedelta

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hotspots import period, tables
from hotspots.containing_areas import first_containing_area
from hotspots.errors import ParameterError
from hotspots.scored_methods import BEST
from hotspots.testing import accuracy, baselines
from hotspots.testing.baselines import BaselineParams

# List lengths reported; a shorter list is reported at its whole length.
LIST_LENGTHS = (1, 5, 10, 20, 30, 40, 50)
# A horizon of so many days stands for a calendar month, as for data without days.
MONTH_DAYS = 30
_DECIMALS = {"area_m2": 1, "hit_rate": 6, "pai": 3, "pei": 4, "expected": 3, "rri": 4, "recapture_rate_index": 4}


@dataclass(frozen=True, kw_only=True)
class ScoreParams:
    """Parameters of the scores of a force's lists.

    Attributes
    ----------
    study_area_m2
        Area of the force, for PAI.
    expected_days
        Days that `expected` and its interval are for; 30 stands for a calendar month.
    baselines
        Parameters of the baselines.
    """

    study_area_m2: float = 1.0e9
    expected_days: int = MONTH_DAYS
    baselines: BaselineParams = field(default_factory=BaselineParams)

    def __post_init__(self) -> None:
        """Check the limits."""
        if self.expected_days < 1 or self.study_area_m2 <= 0:
            raise ParameterError("scores: expected_days and study_area_m2 must be greater than 0.")


@dataclass(frozen=True)
class EvaluationData:
    """Incidents of one family and the force, known on the day of a list and observed after it.

    Attributes
    ----------
    as_of
        Day of the list.
    window
        Days that are scored.
    known, observed
        Points in BNG metres: incidents known on the day, and those observed in the window.
    """

    as_of: date
    window: period.Window
    known: gpd.GeoDataFrame
    observed: gpd.GeoDataFrame


def score_list(areas: gpd.GeoDataFrame, data: EvaluationData, params: ScoreParams | None = None) -> pd.DataFrame:
    """Score one list at its first k areas, for each k; an incident in two areas counts for the first.

    Parameters
    ----------
    areas
        Polygons in BNG metres with `rank` and, optionally, `expected`.
    data
        Known and observed incidents.

    Returns
    -------
    DataFrame
        A row for each k: `k` and the columns of `tables.ACCURACY` from `period_start` on, except `pei`.
    """
    params = params or ScoreParams()
    areas = areas.sort_values("rank", kind="stable", ignore_index=True)
    before = period.within(data.known, period.evidence_window(data.as_of, params.baselines.window_months))
    hits, hits_before = (count_by_area(areas, rows).cumsum() for rows in (data.observed, before))
    total, area = len(data.observed), areas.area.cumsum().to_numpy()
    expected = np.full(len(areas), np.nan)
    if "expected" in areas:
        expected = areas["expected"].cumsum().to_numpy(float) * count_horizons(data.window, params.expected_days)
    return pd.DataFrame(
        {
            "k": np.arange(1, len(areas) + 1),
            "period_start": pd.Timestamp(data.window.start),
            "period_end": pd.Timestamp(data.window.end),
            "hits": hits,
            "total": total,
            "area_m2": area,
            "hit_rate": accuracy.hit_rate(hits, total),
            "pai": accuracy.pai(hits, total, area, params.study_area_m2),
            "expected": expected,
            "rri": accuracy.rri(expected, hits),
            "recapture_rate_index": accuracy.recapture_rate_index(hits, total, hits_before, len(before)),
        }
    )


def score_lists(
    lists: dict[str, gpd.GeoDataFrame], data: EvaluationData, params: ScoreParams | None = None
) -> pd.DataFrame:
    """Score named lists of one family, the baselines and the best possible list.

    Parameters
    ----------
    lists
        By name; as in `score_list`.
    data
        Known and observed incidents, at least one of them observed.

    Returns
    -------
    DataFrame
        A row for each `method` and k of `LIST_LENGTHS`, with `pei` against the best possible list of as many circles.
    """
    params = params or ScoreParams()
    baseline_lists = baselines.baseline_lists(data.known, data.as_of, params.baselines)
    best = baselines.best_cover(data.observed.get_coordinates().to_numpy(), params.baselines)
    scored = {name: score_list(areas, data, params) for name, areas in (lists | baseline_lists | {BEST: best}).items()}
    most = scored[BEST].set_index("k")["hits"]
    reported = [_reported(each).assign(method=name) for name, each in scored.items() if len(each)]
    if not reported or most.empty:
        return pd.DataFrame(columns=[*score_list(best[:0], data, params).columns, "method", "pei"])
    table = pd.concat(reported, ignore_index=True)
    return table.assign(pei=accuracy.pei(table["hits"], most.reindex(table["k"], method="ffill").to_numpy()))


def as_table(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """Return scored lists, each with its `basis`, `as_of` and `family`, as `tables.ACCURACY`."""
    if not parts:
        return tables.empty(tables.ACCURACY)
    return tables.conform(pd.concat(parts, ignore_index=True).round(_DECIMALS), tables.ACCURACY)


def count_by_area(areas: gpd.GeoDataFrame, incidents: gpd.GeoDataFrame) -> NDArray[np.int64]:
    """Count the incidents in each area that are in no earlier one."""
    area = first_containing_area(incidents.geometry.to_numpy(), areas)
    return np.bincount(area[area >= 0], minlength=len(areas))


def scored_window(as_of: date, months: int, data_end: date) -> period.Window:
    """Return the days after a date that are scored: a number of months, or fewer where the data ends before."""
    start = as_of + timedelta(days=1)
    end = (pd.Timestamp(start) + pd.DateOffset(months=months)).date()
    return period.Window(start, max(start, min(end, data_end)))


def window_since(day: date, as_of: date, incidents: gpd.GeoDataFrame) -> period.Window:
    """Return the days from a list to `as_of`; in month-only data, from the start of the month if it had not ended."""
    start = day + timedelta(days=1)
    return period.Window(start.replace(day=1) if period.is_month_only(incidents) else start, as_of + timedelta(days=1))


def expected_window(as_of: date, expected_days: int) -> period.Window:
    """Return the days after a date that `expected` is for."""
    if expected_days == MONTH_DAYS:
        return scored_window(as_of, 1, date.max)
    start = as_of + timedelta(days=1)
    return period.Window(start, start + timedelta(days=expected_days))


def count_horizons(window: period.Window, expected_days: int) -> float:
    """Return the length of a window in forecast horizons, calendar months if the horizon is 30 days."""
    if expected_days == MONTH_DAYS:
        return max(window.length_months, 1)
    return (window.end - window.start).days / expected_days


def _reported(scored: pd.DataFrame) -> pd.DataFrame:
    """Return the list lengths that are reported."""
    return scored[scored["k"].isin(LIST_LENGTHS) | ((scored["k"] == len(scored)) & (len(scored) < max(LIST_LENGTHS)))]
