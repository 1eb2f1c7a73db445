"""The health gate's verdicts in sentences: what, how sure, what the run did, and which setting decides."""

import numpy as np
import pandas as pd

from hotspots import categories, findings, period
from hotspots.data_health.health_params import HealthParams
from hotspots.data_health.month_verdicts import month_numbers

# A change of level is for somebody to look at where it halves or doubles the count.
_LOOK_AT = 0.5
_NEAR_MONTHS = 12


def tell(verdicts: pd.DataFrame, counts: pd.DataFrame, window: period.Window, params: HealthParams) -> list[dict]:
    """Findings (`findings.finding`) of every verdict that is not ordinary.

    Parameters
    ----------
    verdicts, counts
        As `monthly_checks.examine` and `monthly_checks.count_months` give them.
    window
        The evidence window: a finding is open only for a month in it, and not once the month is in `looked_at`.
    """
    words = {"misfiled": _misfiled, "silent": _silent, "level_change": _level_change, "unusual": _unusual}
    months = set(window.months)
    found = []
    for row in verdicts[verdicts["verdict"].isin(list(words))].to_dict("records"):
        is_open = row["month"] in months and row["month"] not in params.looked_at
        found.append(words[row["verdict"]](row, counts, is_open, params))
    return found + _untold(verdicts[verdicts["month"].isin(months)], params)


def odds(p_value: float) -> str:
    """A p value in words.

    Examples
    --------
    >>> odds(0.0004), odds(1e-9)
    ('1 in 2,500 ordinary months', 'fewer than 1 in 100,000 ordinary months')
    """
    if p_value < 1e-5:
        return "fewer than 1 in 100,000 ordinary months"
    often = 1 / p_value
    return f"1 in {round(often, 1 - int(np.log10(often))):,.0f} ordinary months"


def receiver(counts: pd.DataFrame, row: dict) -> str:
    """The type that has as many more than usual as the family lacks, in words; empty where none stands out."""
    table = counts.pivot_table("incidents", "month", "category", aggfunc="sum", fill_value=0)
    distance = np.abs(month_numbers(list(table.index)) - month_numbers([row["month"]])[0])
    others = table[(distance > 0) & (distance <= _NEAR_MONTHS)].drop(columns=row["category"], errors="ignore")
    if others.empty or row["observed"] >= row["expected"]:
        return ""
    usual = others.median()
    there = table.loc[row["month"], usual.index]
    more = (there - usual).where(there > 1.5 * usual, 0.0).sort_index()
    if more.max() < (row["expected"] - row["observed"]) / 2:
        return ""
    name = str(more.idxmax())
    return f" '{name.replace('_', ' ')}' holds {there[name]:,.0f}, usually {usual[name]:,.0f}."


def _misfiled(row: dict, counts: pd.DataFrame, is_open: bool, params: HealthParams) -> dict:
    """ASB or burglary at another level, the rows as usual."""
    label = categories.FAMILY_LABELS[row["category"]]
    to = receiver(counts, row)
    meant = "It looks filed under another type." if to else "It looks filed under another type, or is missing."
    if row["observed"] > row["expected"]:
        meant = "It looks as if other types were filed under it."
    done = {
        "leave_out": f"{label} of {row['month']} is left out of the evidence; the other types stay.",
        "keep": "Kept as it is, as the setting says.",
        "ask": "Kept for now: somebody has to decide whether it is kept or left out.",
    }[params.on_misfiled]
    is_open = is_open and params.on_misfiled != "keep"
    said = f"{_against(label, row)} {meant}{to}"
    return findings.finding("misfiled_month", said, done + _close(is_open, row), "health.on_misfiled", is_open)


def _silent(row: dict, counts: pd.DataFrame, is_open: bool, params: HealthParams) -> dict:
    """Rows of a district, or of the whole force, are missing."""
    label = categories.FAMILY_LABELS.get(row["category"], "All types together")
    if row["district"]:
        said = f"{_against(f'{label} in ' + row['district'], row)} Rows seem to be missing."
        done = "Kept: the rest of the force is right. The gap is no quiet month there."
        return findings.finding("silent_district", said, done + _close(is_open, row), "health.looked_at", is_open)
    done = {
        "leave_out": f"All of {row['month']} is left out of the evidence.",
        "keep": "Kept as it is, as the setting says.",
        "ask": "Kept for now: somebody has to decide whether it is kept or left out.",
    }[params.on_silent]
    is_open = is_open and params.on_silent != "keep"
    said = f"{_against(label, row)} Rows seem to be missing."
    return findings.finding("silent_month", said, done + _close(is_open, row), "health.on_silent", is_open)


def _level_change(row: dict, counts: pd.DataFrame, is_open: bool, params: HealthParams) -> dict:
    """From a month on the family stands at another level."""
    label = categories.FAMILY_LABELS[row["category"]]
    ratio = row["observed"] / max(row["expected"], 1.0)
    said = (
        f"From {row['month']} on {label} stands at another level against the other types, and stays there: "
        f"{row['observed']:,} in that month, {row['expected']:,.0f} at the former level "
        f"(by chance in {odds(row['p_value'])}). It may be recorded in another way."
    )
    is_open = is_open and not _LOOK_AT < ratio < 1 / _LOOK_AT
    done = "Kept. Do not compare counts before and after." + _close(is_open, row)
    return findings.finding("level_change", said, done, "health.alarm_rate", is_open)


def _unusual(row: dict, counts: pd.DataFrame, is_open: bool, params: HealthParams) -> dict:
    """A family is up and the total with it."""
    label = categories.FAMILY_LABELS[row["category"]]
    said = f"{_against(label, row)} The total rose with it, so the rise may be real."
    return findings.finding("unusual_month", said, "Kept.", "health.alarm_rate")


def _untold(verdicts: pd.DataFrame, params: HealthParams) -> list[dict]:
    """Families' months of the window that nobody can judge, in one finding."""
    family = verdicts[verdicts["kind"] == "misfiled"]
    untold = sorted(set(family.loc[family["verdict"] == "cannot_tell", "month"]))
    if not untold:
        return []
    said = (
        f"Whether ASB and burglary are complete cannot be told for {len(untold)} of {family['month'].nunique()} months "
        f"({untold[0]} to {untold[-1]}): too few other months, or too few incidents."
    )
    done = "Kept, unchecked. More months make the check possible."
    return [findings.finding("untested_month", said, done, "health.min_months")]


def _against(label: str, row: dict) -> str:
    """What was observed against what was expected, and how sure."""
    is_low = row["observed"] < row["expected"]
    beyond = f"below {row['alarm_below']:,.0f}" if is_low else f"above {row['alarm_above']:,.0f}"
    return (
        f"{label}, {row['month']}: {row['observed']:,} incidents where the other months lead to {row['expected']:,.0f} "
        f"(an alarm {beyond}; so far off in {odds(row['p_value'])})."
    )


def _close(is_open: bool, row: dict) -> str:
    """How an open finding is closed."""
    return f" Look at the source; then add '{row['month']}' to health.looked_at." if is_open else ""
