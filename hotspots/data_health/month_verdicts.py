"""Verdicts on months: ASB and burglary relative to other types, districts to the rest of the force, and the total."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hotspots import categories
from hotspots.data_health import expected_counts, month_series
from hotspots.data_health.expected_counts import MonthTest
from hotspots.data_health.health_params import ALARM_RATIO, ALARM_SHARES, DETECTABLE_RATIO, HealthParams
from hotspots.data_health.month_series import ALL, Series

COLUMNS = [
    "month", "category", "district", "kind", "observed", "expected", "alarm_below", "alarm_above", "p_value", "verdict",
]  # fmt: skip
# The verdict on a row whose force has an alarm in that month: it is a part of that finding.
FOLLOWS_FORCE = "follows_force"
# A district without rows in this share of the months is taken as renamed.
_RENAMED_SHARE = 0.25
# Number of standard deviations from which a rise of the total is clear.
_CLEAR_SDS = 3


def family_verdicts(cube: pd.Series, months: list[str], params: HealthParams) -> list[pd.DataFrame]:
    """Compare ASB and burglary with other types: misfiled months and lasting changes of level.

    Parameters
    ----------
    cube
        Incidents by month, category and district.
    months
        Months in order.
    """
    alpha = {kind: share * params.alarm_rate / len(categories.FAMILIES) for kind, share in ALARM_SHARES.items()}
    total = month_series.total_series(cube, months, params)[0]
    force = _test(total, months, alpha["silent"], 2)
    found = []
    for family in categories.FAMILIES:
        series = month_series.family_series(cube, months, family, params)
        if not series:
            continue
        tests = [_test(each, months, alpha["misfiled"], 2, alpha["level_change"]) for each in series]
        rows = _mildest(series, tests, months, "misfiled", alpha["misfiled"], params)
        # A rise so large that the total shows it, and did, may be real.
        rise, total_rise = rows["observed"] - rows["expected"], total.part - _expected(total, force)
        is_real = (rise > _CLEAR_SDS * force.sd * _expected(total, force)) & (total_rise > rise / 2)
        rows["verdict"] = rows["verdict"].mask((rows["verdict"] == "misfiled") & is_real, "unusual")
        found += [rows, *_level_change_row(series, tests, months, params)]
    return found


def missing_row_verdicts(cube: pd.Series, months: list[str], params: HealthParams) -> list[pd.DataFrame]:
    """Find missing rows of the whole force, and of each district with all types and with each family."""
    districts, totals = (
        month_series.district_series(cube, months, params),
        month_series.total_series(cube, months, params),
    )
    alpha = ALARM_SHARES["silent"] * params.alarm_rate / (len(districts) + 1)
    parts = [
        _verdict_rows(each, _test(each, months, alpha, 1), months, "silent", alpha, params)
        for each in (*districts, totals[0])
    ]
    tests = [_test(each, months, alpha, 1) for each in totals]
    parts[-1]["verdict"] = _mildest(totals, tests, months, "silent", alpha, params)["verdict"]
    rows = pd.concat(parts, ignore_index=True)
    is_ordinary = _is_renamed(rows, cube, months) | _is_reported_for_district(rows)
    return [rows.assign(verdict=rows["verdict"].mask((rows["verdict"] == "silent") & is_ordinary, "ordinary"))]


def follow_force(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the verdicts with those on parts of a force, in months in which the force has an alarm, following it.

    A month with missing rows covers families and districts. A misfiled family covers its districts, and the total of a
    district, which contains the family.
    """
    is_force = rows["district"] == ALL
    silent = set(rows.loc[is_force & (rows["verdict"] == "silent"), "month"])
    misfiled = rows[is_force & (rows["verdict"] == "misfiled")]
    families = set(zip(misfiled["month"], misfiled["category"], strict=True))
    families |= {(month, ALL) for month, _ in families}
    is_total = is_force & (rows["category"] == ALL)
    in_family = pd.Series(zip(rows["month"], rows["category"], strict=True), rows.index, dtype="object").isin(families)
    is_part = (rows["month"].isin(silent) & ~is_total) | (in_family & ~is_force)
    is_alarm = rows["verdict"].isin(["misfiled", "silent"])
    return rows.assign(verdict=rows["verdict"].mask(is_alarm & is_part, FOLLOWS_FORCE))


def month_numbers(months: list[str]) -> NDArray[Any]:
    """Return months as consecutive whole numbers."""
    return np.array([int(month[:4]) * 12 + int(month[5:]) for month in months])


def _test(series: Series, months: list[str], alpha: float, sides: int, change_alpha: float = 0.0) -> MonthTest:
    """Test each month of a series."""
    return expected_counts.test_months(
        month_numbers(months), series.part, series.rest, series.model,
        alpha=alpha, sides=sides, change_alpha=change_alpha, is_missing=series.is_missing,
    )  # fmt: skip


def _expected(series: Series, test: MonthTest) -> NDArray[Any]:
    """Return the expected count of each month."""
    return np.asarray(np.maximum(np.exp(test.expected) * (series.rest + 0.5) - 0.5, 0.0))


def _mildest(
    series: list[Series], tests: list[MonthTest], months: list[str], kind: str, alpha: float, params: HealthParams
) -> pd.DataFrame:
    """Return, for each month, the mildest verdict of tests of the same counts against several references."""
    parts = [_verdict_rows(*pair, months, kind, alpha, params) for pair in zip(series, tests, strict=True)]
    rows = pd.concat(parts, ignore_index=True)
    severity = rows["verdict"].map({"ordinary": 0, "cannot_tell": 1, kind: 2})
    ordered = rows.assign(severity=severity).sort_values(
        ["month", "severity", "p_value"], ascending=[True, True, False], kind="stable"
    )
    return ordered.drop_duplicates("month").drop(columns="severity").reset_index(drop=True)


def _verdict_rows(
    series: Series, test: MonthTest, months: list[str], kind: str, alpha: float, params: HealthParams
) -> pd.DataFrame:
    """Return observed and expected counts of each month, the counts that raise an alarm, and the verdict."""
    sides = 1 if kind == "silent" else 2
    expected = _expected(series, test)
    low, high = expected_counts.thresholds(alpha, sides)
    lowest = np.exp(-low * test.sd)
    below = expected * np.minimum(lowest, ALARM_RATIO)
    above = np.maximum(expected, 1.0) * np.maximum(np.exp(high * test.sd), 1 / ALARM_RATIO)
    is_alarm = test.is_outlier & ((series.part < below) | (series.part > above))
    is_untestable = ((~series.is_missing).sum() <= params.min_months) | (expected < params.min_expected)
    is_untestable |= (lowest < DETECTABLE_RATIO) & ~is_alarm
    frame = {
        "month": months, "category": series.category, "district": series.district, "kind": kind,
        "observed": series.part.astype("int64"), "expected": expected, "alarm_below": below, "alarm_above": above,
        "p_value": test.p_value, "verdict": np.select([is_untestable, is_alarm], ["cannot_tell", kind], "ordinary"),
    }  # fmt: skip
    return pd.DataFrame(frame)


def _level_change_row(
    series: list[Series], tests: list[MonthTest], months: list[str], params: HealthParams
) -> list[pd.DataFrame]:
    """Return the first month of a lasting change of level, if it is large enough against every reference."""
    one, test = max(zip(series, tests, strict=True), key=lambda pair: pair[1].change_p)
    at, factor = test.change_at, float(np.exp(test.change))
    is_change = all(each.change_at is not None and each.change * test.change > 0 for each in tests)
    is_small = ALARM_RATIO < factor < 1 / ALARM_RATIO
    if at is None or not is_change or is_small or (~one.is_missing).sum() <= params.min_months:
        return []
    former = max(float(np.exp(test.expected[at]) / factor * (one.rest[at] + 0.5) - 0.5), 0.0)
    frame = {
        "month": months[at], "category": one.category, "district": ALL, "kind": "level_change",
        "observed": int(one.part[at]), "expected": former, "alarm_below": former * ALARM_RATIO,
        "alarm_above": former / ALARM_RATIO, "p_value": test.change_p, "verdict": "level_change",
    }  # fmt: skip
    return [pd.DataFrame([frame])]


def _is_renamed(rows: pd.DataFrame, cube: pd.Series, months: list[str]) -> pd.Series:
    """Return whether half of a district's missing incidents are, in that month, under names that are not permanent."""
    table = month_series.by_district(cube, months)
    renamed = table.loc[:, (table == 0).mean() >= _RENAMED_SHARE].sum(axis=1)
    missing = rows["expected"] - rows["observed"]
    return (rows["district"] != ALL) & (rows["month"].map(renamed).astype(float) > missing / 2)


def _is_reported_for_district(rows: pd.DataFrame) -> pd.Series:
    """Return whether the row is a family of a district in which all types are silent."""
    is_district = (rows["category"] == ALL) & (rows["district"] != ALL)
    silent = rows[is_district & (rows["verdict"] == "silent")]
    places = pd.MultiIndex.from_frame(rows[["month", "district"]])
    return (rows["category"] != ALL) & places.isin(pd.MultiIndex.from_frame(silent[["month", "district"]]))
