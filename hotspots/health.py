"""Whether a force's months can be believed: the gate between what was received and what is published.

Months of data.police.uk are sometimes wrong at the source: as many rows as ever, but ASB or burglary filed under
another type; whole districts missing; another way of recording from some month on. Here every month is judged by
the force's other months, with a false-alarm rate that is stated and tested: of a hundred ordinary months of a force
at most one is called mis-filed, silent or changed in level, over all the tests of that month.

`health_levels` has the statistics, `health_verdicts` the tests, `health_notes` what is worth knowing but no alarm,
`health_words` the sentences. A month without rows has no verdict: no data is not no crime (`quality.missing_months`).
"""

from datetime import date

import pandas as pd

from hotspots import categories, health_verdicts, period
from hotspots.health_params import HealthParams

__all__ = [
    "HealthParams", "count_months", "count_rows", "examine", "full_months", "left_out", "recorded", "without_months",
]  # fmt: skip
COUNTS = ["month", "category", "district", "incidents"]
# Reasons of rows that were recorded, wherever they lie: how a row is filed has nothing to do with its coordinates.
RECORDED = ("", "no_coordinates", "outside_force")


def count_months(rows: pd.DataFrame) -> pd.DataFrame:
    """Incidents of the force itself by month, type and district, for `examine`: `full_months` of `count_rows`."""
    return full_months(count_rows(rows), period.is_month_only(rows))


def count_rows(rows: pd.DataFrame, by: tuple[str, ...] = ()) -> pd.DataFrame:
    """Incidents of the force itself by month, type and district; set aside or not, as long as they were recorded.

    Parameters
    ----------
    rows
        Incidents with `month`, `category`, `team_name` (the district of the LSOA's name), `is_own_force` and
        `reason`; without `reason` every row counts.
    by
        Further columns to count by.

    Returns
    -------
    DataFrame
        The columns of `by`, `month`, `category`, `district` (empty where unknown) and `incidents`.
    """
    rows = recorded(rows).rename(columns={"team_name": "district"})
    keys = [*by, "month", "category", "district"]
    counts = rows.groupby(keys, sort=False, observed=True, dropna=False).size().rename("incidents").reset_index()
    counts = counts.astype(dict.fromkeys(COUNTS[:-1], "str")).fillna({"district": ""})
    return counts.groupby(keys, sort=True)["incidents"].sum().reset_index()


def full_months(counts: pd.DataFrame, is_month_only: bool) -> pd.DataFrame:
    """The counts from the first full month on: dated exports begin with a few stray records of long ago.

    Leading months with less than half the median are left out of dated records; month-only files are whole months.
    """
    if counts.empty or is_month_only:
        return counts[COUNTS]
    totals = counts.groupby("month")["incidents"].sum()
    full = totals.index[totals >= totals.median() / 2]
    return counts.loc[counts["month"] >= full[0], COUNTS].reset_index(drop=True)


def recorded(rows: pd.DataFrame) -> pd.DataFrame:
    """The force's own rows that were recorded, set aside or not."""
    rows = rows[rows["is_own_force"]]
    return rows[rows["reason"].isin(RECORDED)] if "reason" in rows else rows


def examine(counts: pd.DataFrame, as_of: date, params: HealthParams) -> pd.DataFrame:
    """Every month judged: by family, by district and as a whole.

    Parameters
    ----------
    counts
        As `count_months` gives them, of one force.
    as_of
        Months that end later are not looked at.

    Returns
    -------
    DataFrame
        A line for each month, `category` (empty: all types), `district` (empty: the whole force) and `kind` of test
        (`misfiled`, `silent`, `level_change`): `observed` and `expected` incidents, the counts below and above which
        it would be an alarm, `p_value`, and the `verdict`: ordinary, misfiled, silent, level_change, `unusual` (a
        family up together with the total, which may be real) or cannot_tell. Of a change of level only its first
        month has a line.
    """
    month_ends = counts["month"].map({month: period.last_day(month) for month in counts["month"].unique()})
    known = counts[(month_ends <= as_of).to_numpy(dtype=bool)]
    months = sorted(known["month"].unique())
    if len(months) < 2:
        return _table([])
    cube = known.groupby(["month", "category", "district"])["incidents"].sum()
    return _table(health_verdicts.of_families(cube, months, params) + health_verdicts.of_places(cube, months, params))


def left_out(verdicts: pd.DataFrame, params: HealthParams) -> dict[str, list[str]]:
    """Months that each family's evidence must do without, by the verdicts and what the settings say of them."""
    silent = verdicts[(verdicts["verdict"] == "silent") & (verdicts["district"] == health_verdicts.WHOLE)]
    misfiled = verdicts[verdicts["verdict"] == "misfiled"]
    months: dict[str, list[str]] = {}
    for family in categories.FAMILIES:
        without = set(silent["month"]) if params.on_silent == "leave_out" else set()
        if params.on_misfiled == "leave_out":
            without |= set(misfiled.loc[misfiled["category"] == family, "month"])
        months[family] = sorted(without)
    return months


def without_months(incidents: pd.DataFrame, family: str, skipped: dict[str, list[str]]) -> pd.DataFrame:
    """The incidents less those of the family in the months that are left out; other families stay."""
    is_out = incidents["month"].isin(skipped.get(family, [])) & incidents["category"].isin(categories.FAMILIES[family])
    return incidents[~is_out]


def _table(found: list[pd.DataFrame]) -> pd.DataFrame:
    """All lines in one table, in order."""
    columns = health_verdicts.COLUMNS
    frame = pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=columns)
    measures = dict.fromkeys(("expected", "alarm_below", "alarm_above", "p_value"), "float64")
    frame = frame[columns].astype(dict.fromkeys(columns, "str") | measures | {"observed": "int64"})
    return frame.sort_values(["month", "kind", "category", "district"], ignore_index=True)
