"""Verdicts of the health check as findings: what, how certain, what the run did, and which setting decides."""

from typing import Any

import numpy as np
import pandas as pd

from hotspots import categories, findings, period, wording
from hotspots.data_health import month_verdicts
from hotspots.data_health.health_params import HealthParams
from hotspots.data_health.month_series import ALL
from hotspots.data_health.month_verdicts import month_numbers

# A change of level is an open finding if it halves or doubles the count.
_OPEN_RATIO = 0.5
_NEAR_MONTHS = 12
# Series or districts that a sentence names.
_SHOWN = 6
_KEPT = "Kept, as the setting says."
_UNDECIDED = "Kept for now. Decide whether to keep it or leave it out."


def describe_verdicts(
    verdicts: pd.DataFrame, counts: pd.DataFrame, window: period.Window, params: HealthParams
) -> list[dict[str, Any]]:
    """Return a finding (`findings.finding`) for every cause of verdicts that are not ordinary.

    Verdicts of one kind on the same months are one finding, and so are the months of one series.

    Parameters
    ----------
    verdicts, counts
        As `monthly_checks.examine_months` and `monthly_checks.count_months` return them.
    window
        Evidence window. A finding is open only if its month is in the window and not in `reviewed_months`.
    """
    describe = {"misfiled": _misfiled, "silent": _silent, "level_change": _level_change, "unusual": _unusual}
    months = set(window.months)
    rows = verdicts[verdicts["verdict"].isin(list(describe))]
    rows = rows.assign(
        is_reviewed=rows["month"].isin(params.reviewed_months),
        is_current=rows["month"].isin(months),
        is_low=rows["observed"] < rows["expected"],
    )
    parts = verdicts[verdicts["verdict"] == month_verdicts.FOLLOWS_FORCE]
    found = [describe[str(cause["verdict"].iloc[0])](cause, parts, counts, params) for cause in _causes(rows)]
    return found + _untested(verdicts[verdicts["month"].isin(months)], params)


def _causes(rows: pd.DataFrame) -> list[pd.DataFrame]:
    """Return the rows of each cause: series with alarms of one kind in the same months."""
    if rows.empty:
        return []
    kind = ["verdict", "is_force", "is_reviewed", "is_current", "is_low"]
    rows = rows.assign(is_force=rows["district"] == ALL)
    rows["months"] = rows.groupby([*kind, "category", "district"])["month"].transform(lambda month: " ".join(month))
    rows.loc[rows["verdict"] == "level_change", "months"] += " " + rows["category"]
    return [cause for _, cause in rows.groupby([*kind, "months"], sort=False)]


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
    incidents = wording.counted(int(observed[name]), "incident")
    return f" '{name.replace('_', ' ')}' has {incidents}, usually {usual[name]:,.0f}."


def _misfiled(cause: pd.DataFrame, parts: pd.DataFrame, counts: pd.DataFrame, params: HealthParams) -> dict[str, Any]:
    """Report ASB or burglary at another level while the total is as usual."""
    receiving = "".join(dict.fromkeys(describe_receiving_type(counts, row) for row in cause.to_dict("records")))
    labels, months = _labels(cause), period.months_in_words(cause["month"])
    may_be = "They may be filed under another type" if _is_several(cause) else "It may be filed under another type"
    explanation = may_be + ("." if receiving else ", or missing.")
    if not cause["is_low"].any():
        explanation = f"Other types may be filed under {'them' if _is_several(cause) else 'it'}."
    action = {
        "leave_out": f"{labels} of {months} {'are' if _is_several(cause) else 'is'} left out of the evidence; other "
        "types are kept.",
        "keep": _KEPT,
        "ask": _UNDECIDED,
    }[params.on_misfiled]
    sentence = f"{_compare(cause)} {explanation}{receiving}{_districts(cause, parts)}"
    return _finding("misfiled_month", sentence, action, "health.on_misfiled", cause, choice=params.on_misfiled)


def _silent(cause: pd.DataFrame, parts: pd.DataFrame, counts: pd.DataFrame, params: HealthParams) -> dict[str, Any]:
    """Report missing rows of districts, or of the whole force."""
    sentence = f"{_compare(cause)} Rows may be missing."
    if not cause["is_force"].iloc[0]:
        action = "Kept, because the rest of the force is complete. Do not read it as a quiet month in the district."
        return _finding("silent_district", sentence, action, "health.reviewed_months", cause)
    action = {
        "leave_out": f"All of {period.months_in_words(cause['month'])} is left out of the evidence.",
        "keep": _KEPT,
        "ask": _UNDECIDED,
    }[params.on_silent]
    sentence += _districts(cause, parts)
    return _finding("silent_month", sentence, action, "health.on_silent", cause, choice=params.on_silent)


def _level_change(
    cause: pd.DataFrame, parts: pd.DataFrame, counts: pd.DataFrame, params: HealthParams
) -> dict[str, Any]:
    """Report a family that stays at another level from a month on."""
    row = cause.iloc[0]
    label = categories.FAMILY_LABELS[row["category"]]
    ratio = row["observed"] / max(row["expected"], 1.0)
    sentence = (
        f"From {row['month']}, {label} is at another level relative to other types: "
        f"{wording.counted(row['observed'], 'incident')} in "
        f"that month, {row['expected']:,.0f} expected at the former level (by chance in "
        f"{describe_p_value(row['p_value'])}). Recording practice may have changed."
    )
    action = "Kept. Do not compare counts before and after."
    is_large = not _OPEN_RATIO < ratio < 1 / _OPEN_RATIO
    return _finding("level_change", sentence, action, "health.alarm_rate", cause, choice="" if is_large else "keep")


def _unusual(cause: pd.DataFrame, parts: pd.DataFrame, counts: pd.DataFrame, params: HealthParams) -> dict[str, Any]:
    """Report a family that rose together with the total."""
    sentence = f"{_compare(cause)} The total rose as well, so the rise may be real."
    return _finding("unusual_month", sentence, "Kept.", "health.alarm_rate", cause, choice="keep")


def _finding(
    kind: str, sentence: str, action: str, setting: str, cause: pd.DataFrame, *, choice: str = ""
) -> dict[str, Any]:
    """Return the finding of a cause, open unless its months were reviewed, are not current, or are kept by setting."""
    is_open = bool(cause["is_current"].iloc[0] and not cause["is_reviewed"].iloc[0] and choice != "keep")
    months = ", ".join(f'"{month}"' for month in sorted(set(cause["month"])))
    to_close = f"health.reviewed_months: add {months}" if is_open else ""
    if is_open and choice == "ask":
        to_close = f'{setting}: "leave_out" or "keep"'
    action += f" Check the source, then add {months} to health.reviewed_months." if is_open else ""
    is_seen = bool(cause["is_reviewed"].iloc[0])
    return findings.finding(kind, sentence, action, setting, is_open, to_close=to_close, is_seen=is_seen)


def _untested(verdicts: pd.DataFrame, params: HealthParams) -> list[dict[str, Any]]:
    """Report the months of the window that cannot be tested, in one finding."""
    family = verdicts[verdicts["kind"] == "misfiled"]
    untested = sorted(set(family.loc[family["verdict"] == "cannot_tell", "month"]))
    if not untested:
        return []
    sentence = (
        f"ASB and burglary could not be checked for {len(untested)} of "
        f"{wording.counted(family['month'].nunique(), 'month')} "
        f"({period.months_in_words(untested)}): there are too few other months or too few incidents."
    )
    action = "Kept without a check. With more months the check is possible."
    return [findings.finding("untested_month", sentence, action, "health.min_months")]


def _compare(cause: pd.DataFrame) -> str:
    """Compare observed with expected incidents, and say how unusual the difference is."""
    if len(cause) == 1:
        row = cause.iloc[0]
        is_low = row["is_low"]
        limit = f"below {row['alarm_below']:,.0f}" if is_low else f"above {row['alarm_above']:,.0f}"
        return (
            f"{_label(row)}, {row['month']}: {wording.counted(row['observed'], 'incident')}, "
            f"{row['expected']:,.0f} expected from the other months "
            f"(alarm {limit}; a difference this large occurs in {describe_p_value(row['p_value'])})."
        )
    series = [
        f"{_label(rows.iloc[0])}: {wording.counted(int(rows['observed'].sum()), 'incident')}, "
        f"{rows['expected'].sum():,.0f} expected"
        for _, rows in cause.groupby(["category", "district"], sort=True)
    ]
    listed = "; ".join(series[:_SHOWN]) + (f"; and {len(series) - _SHOWN} more" if len(series) > _SHOWN else "")
    return (
        f"{period.months_in_words(cause['month'])}: {listed}. A difference as large as the smallest of these occurs in "
        f"{describe_p_value(cause['p_value'].max())}."
    )


def _label(row: pd.Series) -> str:
    """Return the family of a row, or all types, and its district."""
    label = categories.FAMILY_LABELS.get(row["category"], "All types together")
    return f"{label} in {row['district']}" if row["district"] else label


def _labels(cause: pd.DataFrame) -> str:
    """Return the families of a cause in a sentence."""
    first, *others = [categories.FAMILY_LABELS[family] for family in sorted(set(cause["category"]))]
    return " and ".join([first, *(f"{label[0].lower()}{label[1:]}" for label in others)])


def _is_several(cause: pd.DataFrame) -> bool:
    """Return whether a cause covers several families."""
    return len(set(cause["category"])) > 1


def _districts(cause: pd.DataFrame, parts: pd.DataFrame) -> str:
    """Return the districts that the alarm of a force covers, in a sentence; empty if none stands out."""
    covered = parts[parts["month"].isin(cause["month"]) & (parts["district"] != ALL)]
    names = sorted(set(covered["district"]))
    if not names:
        return ""
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return f" It shows most in {', '.join(names[:_SHOWN])}{more}."
