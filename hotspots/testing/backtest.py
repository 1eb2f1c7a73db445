"""How good the list would have been: the method at past dates, on what was known then, scored on what came.

Weak results stand in the table like good ones. Every figure is given for the first k areas, k from 1 on, beside
plain baselines and the best that so many areas could have done.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from hotspots import categories, period
from hotspots.errors import ParameterError
from hotspots.testing import accuracy, baselines
from hotspots.testing.baselines import Cover, Method, Size

OURS = "this method"
BEST = "best possible"
COLUMNS = (
    "as_of", "family", "method", "k", "period_start", "period_end", "hits", "total", "area_m2", "hit_rate", "pai",
    "pei", "expected", "rri", "recapture_rate_index", "covered_share",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class BacktestParams:
    """What is scored, and against what.

    Attributes
    ----------
    ahead_months
        Months after each date on which the areas are scored, as far as there is data.
    study_area_m2
        Of the force; for PAI.
    expected_days
        Days that the method's `expected` and its interval are for; months count as 30.
    size
        Of the baselines' areas.
    """

    ahead_months: int = 3
    study_area_m2: float = 1.0e9
    expected_days: int = 30
    size: Size = field(default_factory=Size)

    def __post_init__(self) -> None:
        """Check the limits."""
        if self.ahead_months < 1 or self.expected_days < 1 or self.study_area_m2 <= 0:
            raise ParameterError("backtest: ahead_months, expected_days and study_area_m2 must be greater than 0.")


def backtest(
    method: Method, incidents: gpd.GeoDataFrame, dates: Iterable[date], *, cover: Cover | None = None,
    params: BacktestParams | None = None,
) -> pd.DataFrame:  # fmt: skip
    """The method at past dates, and plain baselines beside it, scored for the first k areas on what came.

    Parameters
    ----------
    method
        `method(incidents, as_of)` gives patrol areas with `rank`, and, where it says them, `family`, `expected`,
        `expected_low` and `expected_high`. It is handed nothing that was not known on the day.
    incidents
        All incidents of the force, points in BNG metres.
    dates
        Days to look ahead from.
    cover
        Chooses circles for the history cover and the best possible; both are left out where it is not given.
    params
        What is scored.

    Returns
    -------
    DataFrame
        A row for each date, family, method and k: `hits` of `total`, the areas' `area_m2`, `hit_rate`, `pai`,
        `pei` (of the best that as many circles can reach), `expected` over the scored days and `rri` (expected over
        observed), `recapture_rate_index` (share of incidents after over share in the window before), and
        `covered_share` (of the first k areas, those whose count fell inside the interval). A date without any
        incident after it has no rows.
    """
    params = params or BacktestParams()
    ends = period.days_of(incidents)["ends"]
    rows: list[pd.DataFrame] = [pd.DataFrame(columns=list(COLUMNS))]
    for as_of in dates:
        window = ahead(as_of, params.ahead_months, ends.max())
        known, came = period.known_by(incidents, as_of), period.within(incidents, window)
        areas = method(known, as_of)
        for family in categories.FAMILIES:
            ours = areas[areas["family"] == family] if "family" in areas else areas
            then = categories.of_family(known, family)
            after = categories.of_family(came, family)
            if not len(after):
                continue
            lists = {OURS: ours} | _baselines(then, after, as_of, cover, params)
            scored = {name: score(listed, then, after, window, params) for name, listed in lists.items()}
            table = pd.concat([each.assign(method=name) for name, each in scored.items()], ignore_index=True)
            most = scored[BEST].set_index("k")["hits"].reindex(table["k"]).to_numpy() if BEST in scored else np.nan
            rows.append(table.assign(as_of=as_of, family=family, pei=accuracy.pei(table["hits"], most)))
    return pd.concat(rows[1:] or rows, ignore_index=True)[list(COLUMNS)]


def score(
    areas: gpd.GeoDataFrame, known: gpd.GeoDataFrame, came: gpd.GeoDataFrame, window: period.Window,
    params: BacktestParams,
) -> pd.DataFrame:  # fmt: skip
    """One list's figures for its first k areas; an incident in two areas is the first one's.

    Parameters
    ----------
    areas
        Ranked.
    known, came
        One family's incidents before the day, and in the window.
    window
        What is scored.
    params
        As in `backtest`.
    """
    areas = areas.sort_values("rank", kind="stable", ignore_index=True)
    days = (window.end - window.start).days
    before = period.within(
        known, period.evidence_window(window.start - pd.Timedelta(days=1), params.size.window_months)
    )
    caught, caught_before = first_in(areas, came), first_in(areas, before)
    hits, area = caught.cumsum(), areas.area.cumsum().to_numpy()
    expected = np.full(len(areas), np.nan)
    if "expected" in areas:
        expected = areas["expected"].cumsum().to_numpy() * days / params.expected_days
    return pd.DataFrame(
        {
            "k": np.arange(1, len(areas) + 1),
            "period_start": pd.Timestamp(window.start),
            "period_end": pd.Timestamp(window.end),
            "hits": hits,
            "total": len(came),
            "area_m2": area,
            "hit_rate": accuracy.hit_rate(hits, len(came)),
            "pai": accuracy.pai(hits, len(came), area, params.study_area_m2),
            "expected": expected,
            "rri": accuracy.rri(expected, hits),
            "recapture_rate_index": accuracy.recapture_rate_index(hits, len(came), caught_before.cumsum(), len(before)),
            "covered_share": _covered(areas, came, window, params),
        }
    )


def compare(table: pd.DataFrame, baseline: str, k: int, confidence: float = 0.9) -> pd.DataFrame:
    """By how much the method beats a baseline at k areas, as a share, with a paired interval over the dates.

    Parameters
    ----------
    table
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
    reached = table[table["k"] <= k].pivot_table(
        index=["family", "as_of"], columns="method", values="hits", aggfunc="max", fill_value=0
    )
    rows = []
    for family, counted in reached[[OURS, baseline]].groupby("family"):
        gain, total = (counted[OURS] - counted[baseline]).to_numpy(float), counted[baseline].sum()
        if not total:
            continue
        count = len(gain)
        half = stats.t.ppf((1 + confidence) / 2, count - 1) * gain.std(ddof=1) * count**0.5 if count > 1 else np.nan
        ends = {"gain_low": (gain.sum() - half) / total, "gain_high": (gain.sum() + half) / total}
        sums = {"hits": int(counted[OURS].sum()), "baseline_hits": int(total), "gain_share": gain.sum() / total}
        rows.append({"family": family, "dates": count} | sums | ends)
    names = ["family", "dates", "hits", "baseline_hits", "gain_share", "gain_low", "gain_high"]
    return pd.DataFrame(rows, columns=names)


def in_words(table: pd.DataFrame, baseline: str, k: int) -> list[str]:
    """The last line of the accuracy page, a sentence for each family."""
    words = []
    for row in compare(table, baseline, k).itertuples():
        total = table[(table["family"] == row.family) & (table["method"] == OURS) & (table["k"] == 1)]["total"].sum()
        more = "more" if row.gain_share >= 0 else "fewer"
        words.append(
            f"{categories.FAMILY_LABELS[row.family]}: over {row.dates} past dates the first {k} areas caught "
            f"{row.hits:,} of the {total:,} incidents that followed ({row.hits / total:.1%}), "
            f"{abs(row.gain_share):.0%} {more} than {baseline}."
        )
    return words


def _baselines(
    known: gpd.GeoDataFrame, came: gpd.GeoDataFrame, as_of: date, cover: Cover | None, params: BacktestParams
) -> dict[str, gpd.GeoDataFrame]:
    """The lists to compare with; the best possible alone has seen what came."""
    if cover is None:
        plain = baselines.named(lambda *_: np.empty((0, 2)), params.size)
        return {name: way(known, as_of) for name, way in plain.items() if name != "history cover"}
    lists = {name: way(known, as_of) for name, way in baselines.named(cover, params.size).items()}
    return lists | {BEST: baselines.cover_of(came.get_coordinates().to_numpy(), cover, params.size)}


def ahead(as_of: date, months: int, data_end: pd.Timestamp) -> period.Window:
    """The days after a date that are scored: whole months of it, no later than the data reach."""
    start = as_of + timedelta(days=1)
    end = (pd.Timestamp(start) + pd.DateOffset(months=months)).date()
    return period.Window(start, max(start, min(end, data_end.date())))


def first_in(areas: gpd.GeoDataFrame, incidents: gpd.GeoDataFrame) -> NDArray:
    """Incidents in each area that no earlier one holds."""
    number, area = areas.sindex.query(incidents.geometry, predicate="intersects")
    first = pd.Series(area).groupby(number).min().to_numpy(dtype=np.intp) if len(number) else np.empty(0, np.intp)
    return np.bincount(first, minlength=len(areas))


def _covered(
    areas: gpd.GeoDataFrame, came: gpd.GeoDataFrame, window: period.Window, params: BacktestParams
) -> NDArray | float:
    """Share of the first k areas whose count over the days of `expected` fell inside the interval."""
    if not {"expected_low", "expected_high"} <= set(areas):
        return np.nan
    months = round(params.expected_days / 30)
    end = pd.Timestamp(window.start) + (
        pd.DateOffset(months=months) if params.expected_days % 30 == 0 else pd.Timedelta(days=params.expected_days)
    )
    if end.date() > window.end:
        return np.nan
    counted = first_in(areas, period.within(came, period.Window(window.start, end.date())))
    is_inside = (counted >= areas["expected_low"]) & (counted <= areas["expected_high"])
    return (is_inside.cumsum() / np.arange(1, len(areas) + 1)).to_numpy()
