"""Each month's verdict: ASB and burglary against the other types, districts against the rest, the whole by itself."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hotspots import categories
from hotspots.data_health import expected_counts
from hotspots.data_health.expected_counts import Habit, Judged
from hotspots.data_health.health_params import (
    DISTRICT,
    DISTRICT_FAMILY,
    HABITS,
    MATTERS,
    NOTICEABLE,
    SHARES,
    TOTAL,
    HealthParams,
)

COLUMNS = [
    "month", "category", "district", "kind", "observed", "expected", "alarm_below", "alarm_above", "p_value", "verdict",
]  # fmt: skip
WHOLE = ""  # of the force, or of all types
# A district name without rows in so many of the months is one that came or went.
_CAME_OR_WENT = 0.25
# A rise of the total is seen where it is so many of the total's spreads.
_CLEAR = 3


@dataclass(frozen=True)
class Series:
    """Counts by month of a category (empty: all) in a district (empty: the force), and of what they stand against."""

    category: str
    district: str
    part: NDArray
    rest: NDArray
    habit: Habit


def of_families(cube: pd.Series, months: list[str], params: HealthParams) -> list[pd.DataFrame]:
    """ASB and burglary against all other types: mis-filed months and lasting changes.

    Parameters
    ----------
    cube
        Incidents by month, category and district.
    months
        Its months in order.
    """
    total = _by_month(cube, months)
    numbers = month_numbers(months)
    shares = {kind: share * params.alarm_rate / len(categories.FAMILIES) for kind, share in SHARES.items()}
    whole = expected_counts.judge(numbers, total, np.ones(len(total)), TOTAL, alpha=shares["silent"])
    usual = np.exp(whole.expected) * 1.5 - 0.5
    found = []
    for family, kinds in categories.FAMILIES.items():
        part = _by_month(cube[cube.index.get_level_values("category").isin(kinds)], months)
        if not part.any() or not (total - part).any():
            continue
        series = Series(family, WHOLE, part, total - part, HABITS[family])
        judged = expected_counts.judge(
            numbers, part, series.rest, series.habit, alpha=shares["misfiled"], change_alpha=shares["level_change"]
        )
        lines = _lines(series, judged, months, "misfiled", shares["misfiled"], params)
        is_up = _rose_together(lines["observed"] - lines["expected"], total - usual, whole.spread * usual)
        lines["verdict"] = lines["verdict"].mask((lines["verdict"] == "misfiled") & is_up, "unusual")
        found += [lines, *_change(series, judged, months, params)]
    return found


def of_places(cube: pd.Series, months: list[str], params: HealthParams) -> list[pd.DataFrame]:
    """The whole force, and each district with all types and with each family: rows that are missing."""
    total = _by_month(cube, months)
    series = [*_districts(cube, months, params), Series(WHOLE, WHOLE, total, np.ones(len(total)), TOTAL)]
    alpha = SHARES["silent"] * params.alarm_rate / len(series)
    numbers = month_numbers(months)
    judged = [expected_counts.judge(numbers, each.part, each.rest, each.habit, alpha=alpha, sides=1) for each in series]
    pairs = zip(series, judged, strict=True)
    lines = pd.concat([_lines(*pair, months, "silent", alpha, params) for pair in pairs], ignore_index=True)
    is_ordinary = _is_renamed(lines, cube, months) | _is_told_already(lines)
    return [lines.assign(verdict=lines["verdict"].mask((lines["verdict"] == "silent") & is_ordinary, "ordinary"))]


def month_numbers(months: list[str]) -> NDArray:
    """Months as whole numbers, one apart."""
    return np.array([int(month[:4]) * 12 + int(month[5:]) for month in months])


def _by_month(cube: pd.Series, months: list[str]) -> NDArray:
    """Incidents of each month."""
    return cube.groupby(level="month").sum().reindex(months, fill_value=0).to_numpy(float)


def _by_district(cube: pd.Series, months: list[str]) -> pd.DataFrame:
    """Incidents by month and district, those of a known district only."""
    named = cube[cube.index.get_level_values("district") != ""]
    table = named.reset_index().pivot_table("incidents", "month", "district", aggfunc="sum", fill_value=0)
    return table.reindex(months, fill_value=0)


def _districts(cube: pd.Series, months: list[str], params: HealthParams) -> list[Series]:
    """Districts with enough incidents, against the rest of the force: all types, then each family."""
    found = []
    for category in (WHOLE, *categories.FAMILIES):
        kinds = categories.FAMILIES.get(category)
        table = _by_district(cube[cube.index.get_level_values("category").isin(kinds)] if kinds else cube, months)
        counts, whole = table.to_numpy(float), table.sum(axis=1).to_numpy(float)
        for number, district in enumerate(table.columns):
            part = counts[:, number]
            if np.median(part) >= params.min_expected and np.median(whole - part) >= 2 * params.min_expected:
                found.append(Series(category, district, part, whole - part, DISTRICT_FAMILY if kinds else DISTRICT))
    return found


def _lines(
    series: Series, judged: Judged, months: list[str], kind: str, alpha: float, params: HealthParams
) -> pd.DataFrame:  # fmt: skip
    """A series' months: what was observed and expected, the counts that would be an alarm, and the verdict."""
    sides = 1 if kind == "silent" else 2
    expected = np.maximum(np.exp(judged.expected) * (series.rest + 0.5) - 0.5, 0.0)
    low, high = expected_counts.thresholds(alpha, sides)
    reach = np.exp(-low * judged.spread)
    below = expected * np.minimum(reach, MATTERS)
    above = np.maximum(expected, 1.0) * np.maximum(np.exp(high * judged.spread), 1 / MATTERS)
    is_out = judged.is_out & ((series.part < below) | (series.part > above))
    is_blind = (len(months) <= params.min_months) | (expected < params.min_expected) | ((reach < NOTICEABLE) & ~is_out)
    frame = {
        "month": months, "category": series.category, "district": series.district, "kind": kind,
        "observed": series.part.astype("int64"), "expected": expected, "alarm_below": below, "alarm_above": above,
        "p_value": judged.p_value, "verdict": np.select([is_blind, is_out], ["cannot_tell", kind], "ordinary"),
    }  # fmt: skip
    return pd.DataFrame(frame)


def _change(series: Series, judged: Judged, months: list[str], params: HealthParams) -> list[pd.DataFrame]:
    """The first month of a lasting change of level, if there is one that matters."""
    at, times = judged.change_at, float(np.exp(judged.change))
    if at is None or len(months) <= params.min_months or MATTERS < times < 1 / MATTERS:
        return []
    former = max(float(np.exp(judged.expected[at]) / times * (series.rest[at] + 0.5) - 0.5), 0.0)
    frame = {
        "month": months[at], "category": series.category, "district": WHOLE, "kind": "level_change",
        "observed": int(series.part[at]), "expected": former, "alarm_below": former * MATTERS,
        "alarm_above": former / MATTERS, "p_value": judged.change_p, "verdict": "level_change",
    }  # fmt: skip
    return [pd.DataFrame([frame])]


def _rose_together(more: pd.Series, total_more: NDArray, total_spread: NDArray) -> pd.Series:
    """Whether a family is up, by what the total would show, and the total is up too: then the rise may be real."""
    return (more > _CLEAR * total_spread) & (total_more > more / 2)


def _is_renamed(lines: pd.DataFrame, cube: pd.Series, months: list[str]) -> pd.Series:
    """Whether half of what a district lacks stands, that month, under names of districts that came or went."""
    table = _by_district(cube, months)
    passing = table.loc[:, (table == 0).mean() >= _CAME_OR_WENT].sum(axis=1)
    lacking = lines["expected"] - lines["observed"]
    return (lines["district"] != WHOLE) & (lines["month"].map(passing).astype(float) > lacking / 2)


def _is_told_already(lines: pd.DataFrame) -> pd.Series:
    """Whether a silent district tells it already: of its families, or of a force of which only some districts are."""
    is_district = (lines["category"] == WHOLE) & (lines["district"] != WHOLE)
    silent = lines[is_district & (lines["verdict"] == "silent")]
    places = pd.MultiIndex.from_frame(lines[["month", "district"]])
    is_part = (lines["category"] != WHOLE) & places.isin(pd.MultiIndex.from_frame(silent[["month", "district"]]))
    few = silent.groupby("month").size()
    some = few.index[few < lines.loc[is_district, "district"].nunique()]
    return is_part | ((lines["district"] == WHOLE) & lines["month"].isin(some))
