"""Verdicts of the health check as findings: what, how certain, what the run did, and which setting decides."""

from typing import Any

import numpy as np
import pandas as pd

from hotspots import categories, findings, period
from hotspots.data_health.health_params import HealthParams
from hotspots.data_health.month_verdicts import month_numbers

# A change of level is an open finding if it halves or doubles the count.
_OPEN_RATIO = 0.5
_NEAR_MONTHS = 12
_KEPT = "Kept, as the setting says."
_UNDECIDED = "Kept for now. Decide whether to keep it or leave it out."


def describe_verdicts(
    verdicts: pd.DataFrame, counts: pd.DataFrame, window: period.Window, params: HealthParams
) -> list[dict[str, Any]]:
    """Return a finding (`findings.finding`) for every verdict that is not ordinary.

    Parameters
    ----------
    verdicts, counts
        As `monthly_checks.examine_months` and `monthly_checks.count_months` return them.
    window
        Evidence window. A finding is open only if its month is in the window and not in `reviewed_months`.
    """
    describe = {"misfiled": _misfiled, "silent": _silent, "level_change": _level_change, "unusual": _unusual}
    months = set(window.months)
    found = []
    for row in verdicts[verdicts["verdict"].isin(list(describe))].to_dict("records"):
        is_open = row["month"] in months and row["month"] not in params.reviewed_months
        found.append(describe[row["verdict"]](row, counts, is_open, params))
    return found + _untested(verdicts[verdicts["month"].isin(months)], params)


def describe_p_value(p_value: float) -> str:
    """Return a p value in words.

    Examples
    --------
    >>> describe_p_value(0.0004), describe_p_value(1e-9)
    ('1 in 2,500 ordinary months', 'fewer than 1 in 100,000 ordinary months')
    """
    if p_value < 1e-5:
        return "fewer than 1 in 100,000 ordinary months"
    months = 1 / p_value
    return f"1 in {round(months, 1 - int(np.log10(months))):,.0f} ordinary months"


def describe_receiving_type(counts: pd.DataFrame, row: dict[str, Any]) -> str:
    """Return, in words, the type with an excess that matches the missing incidents; empty if there is none."""
    table = counts.pivot_table("incidents", "month", "category", aggfunc="sum", fill_value=0)
    distance = np.abs(month_numbers(list(table.index)) - month_numbers([row["month"]])[0])
    others = table[(distance > 0) & (distance <= _NEAR_MONTHS)].drop(columns=row["category"], errors="ignore")
    if others.empty or row["observed"] >= row["expected"]:
        return ""
    usual = others.median()
    observed = table.loc[row["month"], usual.index]
    excess = (observed - usual).where(observed > 1.5 * usual, 0.0).sort_index()
    if excess.max() < (row["expected"] - row["observed"]) / 2:
        return ""
    name = str(excess.idxmax())
    return f" '{name.replace('_', ' ')}' has {observed[name]:,.0f} incidents, usually {usual[name]:,.0f}."


def _misfiled(row: dict[str, Any], counts: pd.DataFrame, is_open: bool, params: HealthParams) -> dict[str, Any]:
    """Report ASB or burglary at another level while the total is as usual."""
    label = categories.FAMILY_LABELS[row["category"]]
    receiving = describe_receiving_type(counts, row)
    cause = "It may be filed under another type" + ("." if receiving else ", or missing.")
    if row["observed"] > row["expected"]:
        cause = "Other types may be filed under it."
    action = {
        "leave_out": f"{label} of {row['month']} is left out of the evidence; other types are kept.",
        "keep": _KEPT,
        "ask": _UNDECIDED,
    }[params.on_misfiled]
    is_open = is_open and params.on_misfiled != "keep"
    sentence = f"{_compare(label, row)} {cause}{receiving}"
    return findings.finding("misfiled_month", sentence, action + _to_close(is_open, row), "health.on_misfiled", is_open)


def _silent(row: dict[str, Any], counts: pd.DataFrame, is_open: bool, params: HealthParams) -> dict[str, Any]:
    """Report missing rows of a district, or of the whole force."""
    label = categories.FAMILY_LABELS.get(row["category"], "All types together")
    if row["district"]:
        sentence = f"{_compare(f'{label} in ' + row['district'], row)} Rows may be missing."
        action = "Kept, because the rest of the force is complete. Do not read it as a quiet month in the district."
        return findings.finding(
            "silent_district", sentence, action + _to_close(is_open, row), "health.reviewed_months", is_open
        )
    action = {
        "leave_out": f"All of {row['month']} is left out of the evidence.",
        "keep": _KEPT,
        "ask": _UNDECIDED,
    }[params.on_silent]
    is_open = is_open and params.on_silent != "keep"
    sentence = f"{_compare(label, row)} Rows may be missing."
    return findings.finding("silent_month", sentence, action + _to_close(is_open, row), "health.on_silent", is_open)


def _level_change(row: dict[str, Any], counts: pd.DataFrame, is_open: bool, params: HealthParams) -> dict[str, Any]:
    """Report a family that stays at another level from a month on."""
    label = categories.FAMILY_LABELS[row["category"]]
    ratio = row["observed"] / max(row["expected"], 1.0)
    sentence = (
        f"From {row['month']}, {label} is at another level relative to other types: {row['observed']:,} incidents in "
        f"that month, {row['expected']:,.0f} expected at the former level (by chance in "
        f"{describe_p_value(row['p_value'])}). Recording practice may have changed."
    )
    is_open = is_open and not _OPEN_RATIO < ratio < 1 / _OPEN_RATIO
    action = "Kept. Do not compare counts before and after." + _to_close(is_open, row)
    return findings.finding("level_change", sentence, action, "health.alarm_rate", is_open)


def _unusual(row: dict[str, Any], counts: pd.DataFrame, is_open: bool, params: HealthParams) -> dict[str, Any]:
    """Report a family that rose together with the total."""
    label = categories.FAMILY_LABELS[row["category"]]
    sentence = f"{_compare(label, row)} The total rose as well, so the rise may be real."
    return findings.finding("unusual_month", sentence, "Kept.", "health.alarm_rate")


def _untested(verdicts: pd.DataFrame, params: HealthParams) -> list[dict[str, Any]]:
    """Report the months of the window that cannot be tested, in one finding."""
    family = verdicts[verdicts["kind"] == "misfiled"]
    untested = sorted(set(family.loc[family["verdict"] == "cannot_tell", "month"]))
    if not untested:
        return []
    sentence = (
        f"ASB and burglary could not be checked for {len(untested)} of {family['month'].nunique()} months "
        f"({untested[0]} to {untested[-1]}): there are too few other months or too few incidents."
    )
    action = "Kept without a check. With more months the check is possible."
    return [findings.finding("untested_month", sentence, action, "health.min_months")]


def _compare(label: str, row: dict[str, Any]) -> str:
    """Compare observed with expected incidents, and say how unusual the difference is."""
    is_low = row["observed"] < row["expected"]
    limit = f"below {row['alarm_below']:,.0f}" if is_low else f"above {row['alarm_above']:,.0f}"
    noun = "incident" if row["observed"] == 1 else "incidents"
    return (
        f"{label}, {row['month']}: {row['observed']:,} {noun}, {row['expected']:,.0f} expected from the other months "
        f"(alarm {limit}; a difference this large occurs in {describe_p_value(row['p_value'])})."
    )


def _to_close(is_open: bool, row: dict[str, Any]) -> str:
    """Say how an open finding is closed."""
    return f" Check the source, then add '{row['month']}' to health.reviewed_months." if is_open else ""
