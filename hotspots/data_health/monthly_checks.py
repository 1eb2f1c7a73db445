"""Checks of a force's monthly counts for faults at the source.

Months of data.police.uk are sometimes faulty: ASB or burglary is filed under another type, districts are missing, or
recording practice changes. Each month is compared with the other months of the force. The false-alarm rate is stated
and tested: at most one in a hundred ordinary months is called misfiled, silent or changed in level, over all tests of
that month.

`expected_counts` holds the statistical model, `month_verdicts` the tests, `health_findings` the sentences, and
`health_notes` findings that are no alarm. A month without rows has no verdict: it is missing data
(`findings.missing_months`).
"""

from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd

from hotspots import categories, period
from hotspots.data_health import month_series, month_verdicts
from hotspots.data_health.health_params import HealthParams

COUNTS = ["month", "category", "district", "incidents"]
# Reasons of rows that count as recorded: filing under a type does not depend on coordinates.
RECORDED = ("", "no_coordinates", "outside_force")


def count_months(rows: pd.DataFrame) -> pd.DataFrame:
    """Count the force's own incidents by month, type and district, from the first complete month on."""
    return complete_months(count_rows(rows), period.is_month_only(rows))


def count_rows(rows: pd.DataFrame, by: tuple[str, ...] = ()) -> pd.DataFrame:
    """Count the force's own recorded incidents by month, type and district, including rows set aside later.

    Parameters
    ----------
    rows
        Incidents with `month`, `category`, `team_name` (the district of the LSOA's name), `is_own_force` and
        `reason`; without `reason`, every row counts.
    by
        Further columns to count by.

    Returns
    -------
    DataFrame
        The columns of `by`, `month`, `category`, `district` (empty if unknown) and `incidents`, in order.
    """
    keys = {**{name: rows[name] for name in by}, **{name: rows[name] for name in ("month", "category")}}
    flat, values = number_combinations({**keys, "district": rows["team_name"]})
    number = np.bincount(flat[is_recorded(rows)], minlength=len(values))
    return values.assign(incidents=number)[number > 0].reset_index(drop=True)


def number_combinations(columns: Mapping[str, pd.Series]) -> tuple[np.ndarray, pd.DataFrame]:
    """Number the combinations of values in some columns.

    Returns
    -------
    numbers
        Number of each row's combination.
    combinations
        Combinations that occur, in order; missing text is empty.
    """
    codes, levels = [], []
    for values in columns.values():
        listed = values.astype("category").cat
        order = np.argsort(listed.categories.to_numpy(), kind="stable")
        place = np.append(np.argsort(order) + 1, 0)
        codes.append(place[listed.codes.to_numpy()])
        nothing = -1 if pd.api.types.is_integer_dtype(listed.categories.dtype) else ""
        levels.append([nothing, *listed.categories[order]])
    shape = tuple(map(len, levels))
    flat = np.ravel_multi_index(codes, shape) if len(codes[0]) else np.zeros(0, np.int64)
    used, flat = _used_codes(flat, int(np.prod(shape)))
    each = np.unravel_index(used, shape)
    combinations = {name: np.array(level)[code] for name, level, code in zip(columns, levels, each, strict=True)}
    is_text = {name: "str" for name, level in zip(columns, levels, strict=True) if level[0] == ""}
    return flat, pd.DataFrame(combinations).astype(is_text)


def _used_codes(codes: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the codes that occur, in order, and the position of each code among them; codes are below `size`."""
    if size > 4 * len(codes) + 100_000:
        return np.unique(codes, return_inverse=True)
    is_used = np.zeros(size, bool)
    is_used[codes] = True
    return np.flatnonzero(is_used), (np.cumsum(is_used) - 1)[codes]


def complete_months(counts: pd.DataFrame, is_month_only: bool) -> pd.DataFrame:
    """Return the counts from the first complete month on.

    Dated exports may start with a few old records, so leading months with less than half of the median are dropped.
    Month-only files contain complete months.
    """
    if counts.empty or is_month_only:
        return counts[COUNTS]
    totals = counts.groupby("month")["incidents"].sum()
    complete = totals.index[totals >= totals.median() / 2]
    return counts.loc[counts["month"] >= complete[0], COUNTS].reset_index(drop=True)


def is_recorded(rows: pd.DataFrame) -> np.ndarray:
    """Return whether each row is a recorded incident of the force itself, set aside or not."""
    is_own = rows["is_own_force"].to_numpy(dtype=bool)
    return np.asarray(is_own & rows["reason"].isin(RECORDED).to_numpy() if "reason" in rows else is_own)


def examine_months(counts: pd.DataFrame, as_of: date, params: HealthParams) -> pd.DataFrame:
    """Test every month by family, by district and in total.

    Parameters
    ----------
    counts
        As `count_months` returns them, of one force.
    as_of
        Day of the report; months that end later are not tested.

    Returns
    -------
    DataFrame
        A row for each month, `category` (empty for all types), `district` (empty for the whole force) and `kind` of
        test (`misfiled`, `silent`, `level_change`): `observed` and `expected` incidents, `alarm_below` and
        `alarm_above`, `p_value`, and `verdict`: ordinary, misfiled, silent, level_change, unusual (a family rose
        together with the total, which may be real), follows_force (part of an alarm of the force) or cannot_tell. A
        change of level has a row for its first month only.
    """
    month_ends = counts["month"].map({month: period.last_day(month) for month in counts["month"].unique()})
    known = counts[(month_ends <= as_of).to_numpy(dtype=bool)]
    months = sorted(known["month"].unique())
    if len(months) < 2:
        return _table([])
    cube = known.groupby(["month", "category", "district"])["incidents"].sum()
    families = month_verdicts.family_verdicts(cube, months, params)
    return month_verdicts.follow_force(_table(families + month_verdicts.missing_row_verdicts(cube, months, params)))


def months_left_out(verdicts: pd.DataFrame, params: HealthParams) -> dict[str, list[str]]:
    """Return the months that each family's evidence leaves out, by the verdicts and the settings."""
    silent = verdicts[(verdicts["verdict"] == "silent") & (verdicts["district"] == month_series.ALL)]
    misfiled = verdicts[verdicts["verdict"] == "misfiled"]
    months: dict[str, list[str]] = {}
    for family in categories.FAMILIES:
        faulty = set(silent["month"]) if params.on_silent == "leave_out" else set()
        if params.on_misfiled == "leave_out":
            faulty |= set(misfiled.loc[misfiled["category"] == family, "month"])
        months[family] = sorted(faulty)
    return months


def without_months(incidents: pd.DataFrame, family: str, left_out: dict[str, list[str]]) -> pd.DataFrame:
    """Return the incidents without those of a family in the months left out for it."""
    is_family = incidents["category"].isin(categories.FAMILIES[family])
    return incidents[~(is_family & incidents["month"].isin(left_out.get(family, [])))]


def without_left_out(incidents: pd.DataFrame, left_out: dict[str, list[str]]) -> pd.DataFrame:
    """Return the incidents without those of each family in the months left out for it."""
    for family in categories.FAMILIES:
        incidents = without_months(incidents, family, left_out)
    return incidents


def _table(found: list[pd.DataFrame]) -> pd.DataFrame:
    """Return all rows as one table, in order."""
    columns = month_verdicts.COLUMNS
    frame = pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=columns)
    measures = dict.fromkeys(("expected", "alarm_below", "alarm_above", "p_value"), "float64")
    frame = frame[columns].astype(dict.fromkeys(columns, "str") | measures | {"observed": "int64"})
    return frame.sort_values(["month", "kind", "category", "district"], ignore_index=True)
