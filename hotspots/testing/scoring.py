"""What a list caught of what came after it: its first k areas, beside plain baselines and the best possible.

Weak results stand in the table like good ones.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hotspots import period, tables
from hotspots.errors import ParameterError
from hotspots.testing import accuracy, baselines
from hotspots.testing.baselines import Cover, Size

OURS = "this method"
DECIDED = "list with local decisions"
BEST = "best possible"
# The lengths of list that are told; a shorter list has its whole length instead.
LENGTHS = (1, 5, 10, 20, 30, 40, 50)
# A horizon of so many days is a calendar month: data without days cannot tell them apart.
MONTH_DAYS = 30
_DECIMALS = {"area_m2": 1, "hit_rate": 6, "pai": 3, "pei": 4, "expected": 3, "rri": 4, "recapture_rate_index": 4}


@dataclass(frozen=True, kw_only=True)
class ScoreParams:
    """What a score has to know of the force and of its lists.

    Attributes
    ----------
    study_area_m2
        Of the force; for PAI.
    expected_days
        Days that `expected` and its interval are for; 30 stands for a calendar month.
    size
        Of the baselines' areas.
    """

    study_area_m2: float = 1.0e9
    expected_days: int = MONTH_DAYS
    size: Size = field(default_factory=Size)

    def __post_init__(self) -> None:
        """Check the limits."""
        if self.expected_days < 1 or self.study_area_m2 <= 0:
            raise ParameterError("scores: expected_days and study_area_m2 must be greater than 0.")


@dataclass(frozen=True)
class After:
    """One family's own incidents around the day of a list.

    Attributes
    ----------
    as_of
        Day of the list.
    window
        Days that are scored.
    known, came
        Points in BNG metres: what was known on the day, and what came in the window.
    """

    as_of: date
    window: period.Window
    known: gpd.GeoDataFrame
    came: gpd.GeoDataFrame


def score_list(areas: gpd.GeoDataFrame, after: After, params: ScoreParams | None = None) -> pd.DataFrame:
    """One list's figures for its first k areas, k from 1 on; an incident in two areas is the first one's.

    Parameters
    ----------
    areas
        Polygons in BNG metres with `rank` and, where the list says it, `expected`.
    after
        What came.
    params
        What is scored.

    Returns
    -------
    DataFrame
        A row for each k, with the figures of `tables.ACCURACY`.
    """
    params = params or ScoreParams()
    areas = areas.sort_values("rank", kind="stable", ignore_index=True)
    before = period.within(after.known, period.evidence_window(after.as_of, params.size.window_months))
    hits, hits_before = (first_in(areas, rows).cumsum() for rows in (after.came, before))
    total, area = len(after.came), areas.area.cumsum().to_numpy()
    expected = np.full(len(areas), np.nan)
    if "expected" in areas:
        expected = areas["expected"].cumsum().to_numpy(float) * horizons_in(after.window, params.expected_days)
    return pd.DataFrame(
        {
            "k": np.arange(1, len(areas) + 1),
            "period_start": pd.Timestamp(after.window.start),
            "period_end": pd.Timestamp(after.window.end),
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
    lists: dict[str, gpd.GeoDataFrame], after: After, *, cover: Cover, params: ScoreParams | None = None
) -> pd.DataFrame:
    """Named lists of one family, the baselines and the best possible, scored side by side.

    Parameters
    ----------
    lists
        By name; as in `score_list`.
    after
        What came; without any incident there is nothing to score.
    cover
        Chooses circles, for history cover and the best possible.
    params
        What is scored.

    Returns
    -------
    DataFrame
        A row for each `method` and k of `LENGTHS`, with `pei` against the best that as many circles can catch.
    """
    params = params or ScoreParams()
    plain = {name: way(after.known, after.as_of) for name, way in baselines.named(cover, params.size).items()}
    best = baselines.cover_of(after.came.get_coordinates().to_numpy(), cover, params.size)
    scored = {name: score_list(areas, after, params) for name, areas in (lists | plain | {BEST: best}).items()}
    most = scored[BEST].set_index("k")["hits"]
    told = [_told(each).assign(method=name) for name, each in scored.items() if len(each)]
    if not told or most.empty:
        return pd.DataFrame(columns=[*score_list(best[:0], after, params).columns, "method", "pei"])
    table = pd.concat(told, ignore_index=True)
    return table.assign(pei=accuracy.pei(table["hits"], most.reindex(table["k"], method="ffill").to_numpy()))


def as_table(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """Scored lists, each with its `basis`, `as_of` and `family`, as the table that others read."""
    if not parts:
        return tables.empty(tables.ACCURACY)
    return tables.conform(pd.concat(parts, ignore_index=True).round(_DECIMALS), tables.ACCURACY)


def first_in(areas: gpd.GeoDataFrame, incidents: gpd.GeoDataFrame) -> NDArray:
    """Incidents in each area that no earlier one holds."""
    number, area = areas.sindex.query(incidents.geometry, predicate="intersects")
    first = pd.Series(area).groupby(number).min().to_numpy(dtype=np.intp) if len(number) else np.empty(0, np.intp)
    return np.bincount(first, minlength=len(areas))


def ahead(as_of: date, months: int, data_end: date) -> period.Window:
    """The days after a date that are scored: whole months of it, no later than the data reach."""
    start = as_of + timedelta(days=1)
    end = (pd.Timestamp(start) + pd.DateOffset(months=months)).date()
    return period.Window(start, max(start, min(end, data_end)))


def horizon(as_of: date, expected_days: int) -> period.Window:
    """The days after a date that `expected` is for."""
    if expected_days == MONTH_DAYS:
        return ahead(as_of, 1, date.max)
    start = as_of + timedelta(days=1)
    return period.Window(start, start + timedelta(days=expected_days))


def horizons_in(window: period.Window, expected_days: int) -> float:
    """How many horizons a window is long."""
    if expected_days == MONTH_DAYS:
        return max(window.length_months, 1)
    return (window.end - window.start).days / expected_days


def _told(scored: pd.DataFrame) -> pd.DataFrame:
    """The lengths that are told."""
    return scored[scored["k"].isin(LENGTHS) | ((scored["k"] == len(scored)) & (len(scored) < max(LENGTHS)))]
