"""Verdicts on months: ASB and burglary relative to other types, districts to the rest of the force, and the total."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hotspots import categories
from hotspots.data_health import expected_counts
from hotspots.data_health.expected_counts import MonthTest, SeriesModel
from hotspots.data_health.health_params import (
    ALARM_RATIO,
    ALARM_SHARES,
    DETECTABLE_RATIO,
    DISTRICT_FAMILY_MODEL,
    DISTRICT_MODEL,
    FAMILY_MODELS,
    TOTAL_MODEL,
    HealthParams,
)

COLUMNS = [
    "month", "category", "district", "kind", "observed", "expected", "alarm_below", "alarm_above", "p_value", "verdict",
]  # fmt: skip
ALL = ""  # the whole force, or all types
# A district without rows in this share of the months is taken as renamed.
_RENAMED_SHARE = 0.25
# Number of standard deviations from which a rise of the total is clear.
_CLEAR_SDS = 3


@dataclass(frozen=True)
class Series:
    """Monthly counts of a category (or all) in a district (or the force), and the counts they are compared with."""

    category: str
    district: str
    part: NDArray[Any]
    rest: NDArray[Any]
    model: SeriesModel


def family_verdicts(cube: pd.Series, months: list[str], params: HealthParams) -> list[pd.DataFrame]:
    """Compare ASB and burglary with all other types: misfiled months and lasting changes of level.

    Parameters
    ----------
    cube
        Incidents by month, category and district.
    months
        Months in order.
    """
    total = _by_month(cube, months)
    numbers = month_numbers(months)
    alpha = {kind: share * params.alarm_rate / len(categories.FAMILIES) for kind, share in ALARM_SHARES.items()}
    force = expected_counts.test_months(numbers, total, np.ones(len(total)), TOTAL_MODEL, alpha=alpha["silent"])
    expected = np.exp(force.expected) * 1.5 - 0.5
    found = []
    for family, kinds in categories.FAMILIES.items():
        part = _by_month(cube[cube.index.get_level_values("category").isin(kinds)], months)
        if not part.any() or not (total - part).any():
            continue
        series = Series(family, ALL, part, total - part, FAMILY_MODELS[family])
        test = expected_counts.test_months(
            numbers, part, series.rest, series.model, alpha=alpha["misfiled"], change_alpha=alpha["level_change"]
        )
        rows = _verdict_rows(series, test, months, "misfiled", alpha["misfiled"], params)
        # A rise so large that the total shows it, and did, may be real.
        rise = rows["observed"] - rows["expected"]
        is_rise = (rise > _CLEAR_SDS * (force.sd * expected)) & (total - expected > rise / 2)
        rows["verdict"] = rows["verdict"].mask((rows["verdict"] == "misfiled") & is_rise, "unusual")
        found += [rows, *_level_change_row(series, test, months, params)]
    return found


def missing_row_verdicts(cube: pd.Series, months: list[str], params: HealthParams) -> list[pd.DataFrame]:
    """Find missing rows of the whole force, and of each district with all types and with each family."""
    total = _by_month(cube, months)
    series = [*_district_series(cube, months, params), Series(ALL, ALL, total, np.ones(len(total)), TOTAL_MODEL)]
    alpha = ALARM_SHARES["silent"] * params.alarm_rate / len(series)
    numbers = month_numbers(months)
    tests = [
        expected_counts.test_months(numbers, one.part, one.rest, one.model, alpha=alpha, sides=1) for one in series
    ]
    parts = [_verdict_rows(*pair, months, "silent", alpha, params) for pair in zip(series, tests, strict=True)]
    rows = pd.concat(parts, ignore_index=True)
    is_ordinary = _is_renamed(rows, cube, months) | _is_reported_elsewhere(rows)
    return [rows.assign(verdict=rows["verdict"].mask((rows["verdict"] == "silent") & is_ordinary, "ordinary"))]


def month_numbers(months: list[str]) -> NDArray[Any]:
    """Return months as consecutive whole numbers."""
    return np.array([int(month[:4]) * 12 + int(month[5:]) for month in months])


def _by_month(cube: pd.Series, months: list[str]) -> NDArray[Any]:
    """Return the incidents of each month."""
    return np.asarray(cube.groupby(level="month").sum().reindex(months, fill_value=0).to_numpy(float))


def _by_district(cube: pd.Series, months: list[str]) -> pd.DataFrame:
    """Return the incidents of known districts, by month and district."""
    named = cube[cube.index.get_level_values("district") != ""]
    table = named.reset_index().pivot_table("incidents", "month", "district", aggfunc="sum", fill_value=0)
    return table.reindex(months, fill_value=0)


def _district_series(cube: pd.Series, months: list[str], params: HealthParams) -> list[Series]:
    """Return a series for each district with enough incidents: all types, then each family."""
    found = []
    for category in (ALL, *categories.FAMILIES):
        kinds = categories.FAMILIES.get(category)
        table = _by_district(cube[cube.index.get_level_values("category").isin(kinds)] if kinds else cube, months)
        counts, total = table.to_numpy(float), table.sum(axis=1).to_numpy(float)
        model = DISTRICT_FAMILY_MODEL if kinds else DISTRICT_MODEL
        for number, district in enumerate(table.columns):
            part = counts[:, number]
            if np.median(part) >= params.min_expected and np.median(total - part) >= 2 * params.min_expected:
                found.append(Series(category, district, part, total - part, model))
    return found


def _verdict_rows(
    series: Series, test: MonthTest, months: list[str], kind: str, alpha: float, params: HealthParams
) -> pd.DataFrame:
    """Return observed and expected counts of each month, the counts that raise an alarm, and the verdict."""
    sides = 1 if kind == "silent" else 2
    expected = np.maximum(np.exp(test.expected) * (series.rest + 0.5) - 0.5, 0.0)
    low, high = expected_counts.thresholds(alpha, sides)
    lowest = np.exp(-low * test.sd)
    below = expected * np.minimum(lowest, ALARM_RATIO)
    above = np.maximum(expected, 1.0) * np.maximum(np.exp(high * test.sd), 1 / ALARM_RATIO)
    is_alarm = test.is_outlier & ((series.part < below) | (series.part > above))
    is_untestable = (len(months) <= params.min_months) | (expected < params.min_expected)
    is_untestable |= (lowest < DETECTABLE_RATIO) & ~is_alarm
    frame = {
        "month": months, "category": series.category, "district": series.district, "kind": kind,
        "observed": series.part.astype("int64"), "expected": expected, "alarm_below": below, "alarm_above": above,
        "p_value": test.p_value, "verdict": np.select([is_untestable, is_alarm], ["cannot_tell", kind], "ordinary"),
    }  # fmt: skip
    return pd.DataFrame(frame)


def _level_change_row(series: Series, test: MonthTest, months: list[str], params: HealthParams) -> list[pd.DataFrame]:
    """Return the first month of a lasting change of level, if there is one that is large enough."""
    at, factor = test.change_at, float(np.exp(test.change))
    if at is None or len(months) <= params.min_months or ALARM_RATIO < factor < 1 / ALARM_RATIO:
        return []
    former = max(float(np.exp(test.expected[at]) / factor * (series.rest[at] + 0.5) - 0.5), 0.0)
    frame = {
        "month": months[at], "category": series.category, "district": ALL, "kind": "level_change",
        "observed": int(series.part[at]), "expected": former, "alarm_below": former * ALARM_RATIO,
        "alarm_above": former / ALARM_RATIO, "p_value": test.change_p, "verdict": "level_change",
    }  # fmt: skip
    return [pd.DataFrame([frame])]


def _is_renamed(rows: pd.DataFrame, cube: pd.Series, months: list[str]) -> pd.Series:
    """Return whether half of a district's missing incidents are, in that month, under names that are not permanent."""
    table = _by_district(cube, months)
    renamed = table.loc[:, (table == 0).mean() >= _RENAMED_SHARE].sum(axis=1)
    missing = rows["expected"] - rows["observed"]
    return (rows["district"] != ALL) & (rows["month"].map(renamed).astype(float) > missing / 2)


def _is_reported_elsewhere(rows: pd.DataFrame) -> pd.Series:
    """Return whether a silent district explains the row: one of its families, or a force with other districts."""
    is_district = (rows["category"] == ALL) & (rows["district"] != ALL)
    silent = rows[is_district & (rows["verdict"] == "silent")]
    places = pd.MultiIndex.from_frame(rows[["month", "district"]])
    is_family = (rows["category"] != ALL) & places.isin(pd.MultiIndex.from_frame(silent[["month", "district"]]))
    silent_districts = silent.groupby("month").size()
    partly = silent_districts.index[silent_districts < rows.loc[is_district, "district"].nunique()]
    return is_family | ((rows["district"] == ALL) & rows["month"].isin(partly))
