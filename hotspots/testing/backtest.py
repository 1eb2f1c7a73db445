"""How good the list would have been: the method at past dates, on what was known then, scored on what came."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
from scipy import special

from hotspots import categories, period
from hotspots.errors import ParameterError
from hotspots.testing import accuracy as ratios
from hotspots.testing import calibration, scoring
from hotspots.testing.baselines import Cover, Method
from hotspots.testing.scoring import OURS, After, ScoreParams

_YEAR_MONTHS = 12


@dataclass(frozen=True, kw_only=True)
class BacktestParams:
    """From which past dates to look ahead, and how far.

    Attributes
    ----------
    dates
        How many past dates are tried, a month apart.
    ahead_months
        Months after each date on which its list is scored.
    least_months
        Months with data that a date needs in the twelve before it.
    """

    dates: int = 6
    ahead_months: int = 3
    least_months: int = 3

    def __post_init__(self) -> None:
        """Check the limits."""
        for name in ("dates", "ahead_months", "least_months"):
            if getattr(self, name) < 1:
                raise ParameterError(f"backtest.{name} must be at least 1, got {getattr(self, name)}.")


@dataclass(frozen=True)
class Scored:
    """What lists caught (`tables.ACCURACY`) and whether their chances came true (`tables.CALIBRATION`)."""

    accuracy: pd.DataFrame
    calibration: pd.DataFrame


def past_dates(incidents: pd.DataFrame, as_of: date, params: BacktestParams | None = None) -> list[date]:
    """The latest dates with enough data before them, and data for every month that is scored; the earliest first.

    Parameters
    ----------
    incidents
        Known on the day.
    as_of
        Day up to which there is data.
    """
    params = params or BacktestParams()
    first = min(incidents["month"], default=f"{as_of:%Y-%m}")
    months = set(incidents["month"].unique())
    span = (as_of.year - int(first[:4])) * 12 + as_of.month - int(first[5:])
    days = [_months_before(as_of, back) for back in range(params.ahead_months, span + 1)]
    fit = [
        day
        for day in days
        if len(months & set(period.evidence_window(day, _YEAR_MONTHS).months)) >= params.least_months
        and months >= set(scoring.ahead(day, params.ahead_months, date.max).months)
    ]
    return fit[: params.dates][::-1]


def backtest(
    method: Method, incidents: gpd.GeoDataFrame, dates: Iterable[date], *, cover: Cover, ahead_months: int = 3,
    params: ScoreParams | None = None,
) -> Scored:  # fmt: skip
    """The method at past dates, and plain baselines beside it, scored for the first k areas on what came.

    Parameters
    ----------
    method
        `method(incidents, as_of)` gives patrol areas as in `score_areas`. It is handed nothing that was not on file
        on the day.
    incidents
        All incidents, points in BNG metres; a neighbour's rows are handed to the method, and never scored.
    dates
        Days to look ahead from.
    cover
        Chooses circles, for history cover and the best possible.
    ahead_months
        Months that are scored, as far as there is data.
    params
        What is scored.
    """
    ends = period.days_of(incidents)["ends"]
    parts = []
    for as_of in dates:
        window = scoring.ahead(as_of, ahead_months, ends.max().date())
        known, came = period.on_file_by(incidents, as_of), period.within(incidents, window)
        areas = method(known, as_of)
        parts.append(score_areas(areas, known, came, as_of, window, cover=cover, params=params))
    return join(parts)


def score_areas(
    areas: gpd.GeoDataFrame, known: gpd.GeoDataFrame, came: gpd.GeoDataFrame, as_of: date, window: period.Window, *,
    cover: Cover, params: ScoreParams | None = None, basis: str = "backtest",
) -> Scored:  # fmt: skip
    """The lists of one day, scored on what came; a family of which nothing came has no rows.

    Parameters
    ----------
    areas
        Polygons in BNG metres with `family` and `rank`; where the list says them, also `rank_by_method`, `expected`,
        `expected_low`, `expected_high`, `top_k_chance` and `variance`.
    known, came
        Incidents of all families: on file on the day, and those of the window.
    as_of, window
        Day of the lists, and the days that are scored.
    basis
        As in `tables.ACCURACY`.
    """
    params = params or ScoreParams()
    accuracy, chances = [], []
    for family in categories.FAMILIES:
        after = After(as_of, window, *(scored_rows(rows, family) for rows in (known, came)))
        ours = areas[areas["family"] == family].reset_index(drop=True)
        if not len(after.came):
            continue
        facts = {"basis": basis, "as_of": pd.Timestamp(as_of), "family": family}
        accuracy.append(scoring.score_lists(_named(ours), after, cover=cover, params=params).assign(**facts))
        if "expected_low" in ours:
            chances.append(calibration.check_list(ours, after, params.expected_days).assign(**facts))
    return Scored(scoring.as_table(accuracy), calibration.as_table(chances))


def join(parts: list[Scored]) -> Scored:
    """Lists of several days, one after the other."""
    return Scored(
        scoring.as_table([part.accuracy for part in parts if len(part.accuracy)]),
        calibration.as_table([part.calibration for part in parts if len(part.calibration)]),
    )


def scored_rows(incidents: gpd.GeoDataFrame, family: str) -> gpd.GeoDataFrame:
    """The force's own incidents of a family that a list is judged by; none that police made themselves."""
    rows = categories.of_family(incidents, family)
    return rows[rows["is_own_force"] & ~rows["is_police_generated"]]


def compare(accuracy: pd.DataFrame, baseline: str, k: int, confidence: float = 0.9) -> pd.DataFrame:
    """By how much the method beats a baseline at k areas, as a share, with a paired interval over the dates.

    Parameters
    ----------
    accuracy
        As `backtest` gives it.
    baseline
        Name of another method in it.
    k
        Number of areas; a shorter list counts as it stands.
    confidence
        Of the interval (Student's t over the dates; neighbouring dates that share months make it too narrow).

    Returns
    -------
    DataFrame
        A row for each family: `dates`, `hits`, `baseline_hits`, `gain_share`, `gain_low`, `gain_high`.
    """
    reached = accuracy[accuracy["k"] <= k].pivot_table(
        index=["family", "as_of"], columns="method", values="hits", aggfunc="max", fill_value=0, observed=True
    )
    rows = []
    both = reached.reindex(columns=[OURS, baseline], fill_value=0)
    for family, counted in both.groupby("family", observed=True):
        gain, total = (counted[OURS] - counted[baseline]).to_numpy(float), counted[baseline].sum()
        if not total:
            continue
        count = len(gain)
        half = special.stdtrit(count - 1, (1 + confidence) / 2) * gain.std(ddof=1) * count**0.5 if count > 1 else np.nan
        ends = {"gain_low": (gain.sum() - half) / total, "gain_high": (gain.sum() + half) / total}
        sums = {"hits": int(counted[OURS].sum()), "baseline_hits": int(total), "gain_share": gain.sum() / total}
        rows.append({"family": family, "dates": count} | sums | ends)
    names = ["family", "dates", "hits", "baseline_hits", "gain_share", "gain_low", "gain_high"]
    return pd.DataFrame(rows, columns=names)


def over_dates(accuracy: pd.DataFrame, k: int) -> pd.DataFrame:
    """All dates taken together at k areas: a row for each family and method, in the order of the table.

    A list shorter than k counts as it stands. Sums of `hits`, `total` and `expected` with their ratios `hit_rate`,
    `pei` and `rri`; means over the dates of `area_m2`, `pai` and `recapture_rate_index`.
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
    most = table[table["method"] == scoring.BEST].set_index("family")["hits"]
    table["hit_rate"] = ratios.hit_rate(table["hits"], table["total"])
    table["pei"] = ratios.pei(table["hits"], table["family"].map(most))
    table["rri"] = ratios.rri(table["expected"], table["hits"])
    return table


def _named(areas: gpd.GeoDataFrame) -> dict[str, gpd.GeoDataFrame]:
    """The list by the method's own ranks and, where people changed it, as they left it."""
    if "rank_by_method" not in areas or (areas["rank_by_method"] == areas["rank"]).all():
        return {OURS: areas}
    by_method = areas[areas["rank_by_method"] > 0]
    return {OURS: by_method.assign(rank=by_method["rank_by_method"]), scoring.DECIDED: areas}


def _months_before(day: date, months: int) -> date:
    """So many months earlier; from the last day of a month to the last day of one."""
    earlier = pd.Timestamp(day) - pd.DateOffset(months=months)
    is_last = day == period.last_day(f"{day:%Y-%m}")
    return period.last_day(f"{earlier:%Y-%m}") if is_last else earlier.date()
