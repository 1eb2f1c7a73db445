"""Backtest: the method run at past dates on what was known then, scored on the incidents observed after."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
from scipy import special

from hotspots import categories, period
from hotspots.errors import ParameterError
from hotspots.scored_methods import BEST, DECIDED, METHOD
from hotspots.testing import accuracy as measures
from hotspots.testing import calibration, scoring
from hotspots.testing.scoring import EvaluationData, ScoreParams

_YEAR_MONTHS = 12


@dataclass(frozen=True, kw_only=True)
class BacktestParams:
    """Past dates of the backtest, and months scored after each.

    Attributes
    ----------
    dates
        Number of past dates, a month apart.
    ahead_months
        Months after each date on which its list is scored.
    min_months
        Months with data that a past date needs in the twelve months before it.
    """

    dates: int = 6
    ahead_months: int = 3
    min_months: int = 3

    def __post_init__(self) -> None:
        """Check the limits."""
        for name in ("dates", "ahead_months", "min_months"):
            if getattr(self, name) < 1:
                raise ParameterError(f"backtest.{name} must be at least 1, got {getattr(self, name)}.")


@dataclass(frozen=True)
class ListScores:
    """Accuracy (`tables.ACCURACY`) and calibration (`tables.CALIBRATION`) of lists."""

    accuracy: pd.DataFrame
    calibration: pd.DataFrame


def past_dates(incidents: pd.DataFrame, as_of: date, params: BacktestParams) -> list[date]:
    """Return the latest past dates with enough data before and after them, the earliest first.

    Parameters
    ----------
    incidents
        Known on the day.
    as_of
        Day up to which there is data.
    """
    first = min(incidents["month"], default=f"{as_of:%Y-%m}")
    months = set(incidents["month"].unique())
    span = (as_of.year - int(first[:4])) * 12 + as_of.month - int(first[5:])
    days = [period.months_before(as_of, back) for back in range(params.ahead_months, span + 1)]
    suitable = [
        day
        for day in days
        if len(months & set(period.evidence_window(day, _YEAR_MONTHS).months)) >= params.min_months
        and months >= set(scoring.scored_window(day, params.ahead_months, date.max).months)
    ]
    return suitable[: params.dates][::-1]


def backtest(
    method: Callable[[gpd.GeoDataFrame, date], gpd.GeoDataFrame], incidents: gpd.GeoDataFrame, dates: Iterable[date], *,
    ahead_months: int = 3, params: ScoreParams | None = None,
) -> ListScores:  # fmt: skip
    """Run the method and the baselines at past dates, and score the first k areas on the incidents observed after.

    Parameters
    ----------
    method
        `method(incidents, as_of)` returns patrol areas as in `score_areas`, from incidents on file on the day.
    incidents
        All incidents, points in BNG metres; the method uses those of neighbouring forces, which are not scored.
    dates
        Past dates.
    ahead_months
        Months that are scored, up to the end of the data.
    """
    ends = period.days_of(incidents)["ends"]
    parts = []
    for as_of in dates:
        window = scoring.scored_window(as_of, ahead_months, ends.max().date())
        known, observed = period.known_by(incidents, as_of), period.within(incidents, window)
        areas = method(known, as_of)
        parts.append(score_areas(areas, known, observed, as_of, window, params=params))
    return concat_scores(parts)


def score_areas(
    areas: gpd.GeoDataFrame, known: gpd.GeoDataFrame, observed: gpd.GeoDataFrame, as_of: date, window: period.Window, *,
    params: ScoreParams | None = None, basis: str = "backtest",
) -> ListScores:  # fmt: skip
    """Score the lists of one day; a family without observed incidents has no rows.

    Parameters
    ----------
    areas
        Polygons in BNG metres with `family` and `rank`; optionally `rank_by_method`, `expected`, `expected_low`,
        `expected_high`, `top_k_chance` and `variance`.
    known, observed
        Incidents of all families: on file on the day, and in the window.
    as_of, window
        Day of the lists, and the days that are scored.
    basis
        As in `tables.ACCURACY`.
    """
    params = params or ScoreParams()
    accuracy, checks = [], []
    for family in categories.FAMILIES:
        data = EvaluationData(as_of, window, *(scored_rows(rows, family) for rows in (known, observed)))
        listed = areas[areas["family"] == family].reset_index(drop=True)
        if not len(data.observed):
            continue
        columns = {"basis": basis, "as_of": pd.Timestamp(as_of), "family": family}
        accuracy.append(scoring.score_lists(_named_lists(listed), data, params).assign(**columns))
        if "expected_low" in listed:
            checks.append(calibration.check_list(listed, data, params.expected_days).assign(**columns))
    return ListScores(scoring.as_table(accuracy), calibration.as_table(checks))


def concat_scores(parts: list[ListScores]) -> ListScores:
    """Concatenate the scores of several days."""
    return ListScores(
        scoring.as_table([part.accuracy for part in parts if len(part.accuracy)]),
        calibration.as_table([part.calibration for part in parts if len(part.calibration)]),
    )


def scored_rows(incidents: gpd.GeoDataFrame, family: str) -> gpd.GeoDataFrame:
    """Return the force's own incidents of a family that are scored, without police-generated ones."""
    rows = categories.of_family(incidents, family)
    return rows[rows["is_own_force"] & ~rows["is_police_generated"]]


def compare_with_baseline(accuracy: pd.DataFrame, baseline: str, k: int, confidence: float = 0.9) -> pd.DataFrame:
    """Return the gain of the method over a baseline at k areas, as a share, with a paired interval over the dates.

    Parameters
    ----------
    accuracy
        As `backtest` returns it.
    baseline
        Name of the baseline.
    k
        Number of areas; a shorter list counts with its whole length.
    confidence
        Confidence of the interval (Student's t over the dates; too narrow where dates share months).

    Returns
    -------
    DataFrame
        A row for each family: `dates`, `hits`, `baseline_hits`, `gain_share`, `gain_low`, `gain_high`.
    """
    hits = accuracy[accuracy["k"] <= k].pivot_table(
        index=["family", "as_of"], columns="method", values="hits", aggfunc="max", fill_value=0, observed=True
    )
    rows = []
    both = hits.reindex(columns=[METHOD, baseline], fill_value=0)
    for family, counted in both.groupby("family", observed=True):
        gain, total = (counted[METHOD] - counted[baseline]).to_numpy(float), counted[baseline].sum()
        if not total:
            continue
        count = len(gain)
        half = special.stdtrit(count - 1, (1 + confidence) / 2) * gain.std(ddof=1) * count**0.5 if count > 1 else np.nan
        ends = {"gain_low": (gain.sum() - half) / total, "gain_high": (gain.sum() + half) / total}
        sums = {"hits": int(counted[METHOD].sum()), "baseline_hits": int(total), "gain_share": gain.sum() / total}
        rows.append({"family": family, "dates": count} | sums | ends)
    names = ["family", "dates", "hits", "baseline_hits", "gain_share", "gain_low", "gain_high"]
    return pd.DataFrame(rows, columns=names)


def pool_dates(accuracy: pd.DataFrame, k: int) -> pd.DataFrame:
    """Pool all dates at k areas: a row for each family and method, in the order of the table.

    A list shorter than k counts with its whole length. Sums of `hits`, `total` and `expected` with their ratios
    `hit_rate`, `pei` and `rri`; means over the dates of `area_m2`, `pai` and `recapture_rate_index`.
    """
    by = ["family", "method"]
    longest = (
        accuracy[accuracy["k"] <= k].sort_values("k", kind="stable").groupby([*by, "as_of"], observed=True).tail(1)
    )
    sums = longest.groupby(by, sort=False).agg(
        hits=("hits", "sum"), total=("total", "sum"), area_m2=("area_m2", "mean"), pai=("pai", "mean"),
        expected=("expected", lambda rows: rows.sum(min_count=1)),
        recapture_rate_index=("recapture_rate_index", "mean"),
    )  # fmt: skip
    table = sums.reset_index()
    most = table[table["method"] == BEST].set_index("family")["hits"]
    table["hit_rate"] = measures.hit_rate(table["hits"], table["total"])
    table["pei"] = measures.pei(table["hits"], table["family"].map(most))
    table["rri"] = measures.rri(table["expected"], table["hits"])
    return table


def _named_lists(areas: gpd.GeoDataFrame) -> dict[str, gpd.GeoDataFrame]:
    """Return the list in the method's ranks and, where local decisions changed it, in the final ranks."""
    if "rank_by_method" not in areas or (areas["rank_by_method"] == areas["rank"]).all():
        return {METHOD: areas}
    by_method = areas[areas["rank_by_method"] > 0]
    return {METHOD: by_method.assign(rank=by_method["rank_by_method"]), DECIDED: areas}
