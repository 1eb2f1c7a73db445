"""Whether a force's months can be believed: the gate between what was received and what is published.

Months of data.police.uk are sometimes wrong at the source: as many rows as ever, but ASB or burglary filed under
another type; whole districts missing; another way of recording from some month on. Here every month is judged by
the force's other months, with a false-alarm rate that is stated and tested: of a hundred ordinary months of a force
at most one is called mis-filed, silent or changed in level, over all the tests of that month.

`expected_counts` has the statistics, `month_verdicts` the tests, `health_notes` what is worth knowing but no alarm,
`health_findings` the sentences. A month without rows has no verdict: no data is not no crime
(`findings.missing_months`).
"""

from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd

from hotspots import categories, period
from hotspots.data_health import month_verdicts
from hotspots.data_health.health_params import HealthParams

__all__ = [
    "HealthParams", "count_months", "count_rows", "crossed", "examine", "full_months", "is_recorded", "left_out",
    "without_months",
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
        The columns of `by`, `month`, `category`, `district` (empty where unknown) and `incidents`, in order.
    """
    keys = {**{name: rows[name] for name in by}, **{name: rows[name] for name in ("month", "category")}}
    flat, values = crossed({**keys, "district": rows["team_name"]})
    number = np.bincount(flat[is_recorded(rows)], minlength=len(values))
    return values.assign(incidents=number)[number > 0].reset_index(drop=True)


def crossed(columns: Mapping[str, pd.Series]) -> tuple[np.ndarray, pd.DataFrame]:
    """The number of each row's combination of values, and all combinations in order; missing text is empty."""
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
    used, flat = _places(flat, int(np.prod(shape)))
    each = np.unravel_index(used, shape)
    told = {name: np.array(level)[code] for name, level, code in zip(columns, levels, each, strict=True)}
    is_text = {name: "str" for name, level in zip(columns, levels, strict=True) if level[0] == ""}
    return flat, pd.DataFrame(told).astype(is_text)


def _places(codes: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Codes that occur, in order, and the place of each code among them; codes are below `size`."""
    if size > 4 * len(codes) + 100_000:
        return np.unique(codes, return_inverse=True)
    is_used = np.zeros(size, bool)
    is_used[codes] = True
    return np.flatnonzero(is_used), (np.cumsum(is_used) - 1)[codes]


def full_months(counts: pd.DataFrame, is_month_only: bool) -> pd.DataFrame:
    """The counts from the first full month on: dated exports begin with a few stray records of long ago.

    Leading months with less than half the median are left out of dated records; month-only files are whole months.
    """
    if counts.empty or is_month_only:
        return counts[COUNTS]
    totals = counts.groupby("month")["incidents"].sum()
    full = totals.index[totals >= totals.median() / 2]
    return counts.loc[counts["month"] >= full[0], COUNTS].reset_index(drop=True)


def is_recorded(rows: pd.DataFrame) -> np.ndarray:
    """Whether each row is the force's own and was recorded, set aside or not."""
    is_own = rows["is_own_force"].to_numpy(dtype=bool)
    return is_own & rows["reason"].isin(RECORDED).to_numpy() if "reason" in rows else is_own


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
    return _table(month_verdicts.of_families(cube, months, params) + month_verdicts.of_places(cube, months, params))


def left_out(verdicts: pd.DataFrame, params: HealthParams) -> dict[str, list[str]]:
    """Months that each family's evidence must do without, by the verdicts and what the settings say of them."""
    silent = verdicts[(verdicts["verdict"] == "silent") & (verdicts["district"] == month_verdicts.WHOLE)]
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


def without_left_out(incidents: pd.DataFrame, left_out: dict[str, list[str]]) -> pd.DataFrame:
    """Return the incidents without those of each family in the months that its evidence leaves out."""
    for family in categories.FAMILIES:
        incidents = without_months(incidents, family, left_out)
    return incidents


def _table(found: list[pd.DataFrame]) -> pd.DataFrame:
    """All lines in one table, in order."""
    columns = month_verdicts.COLUMNS
    frame = pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=columns)
    measures = dict.fromkeys(("expected", "alarm_below", "alarm_above", "p_value"), "float64")
    frame = frame[columns].astype(dict.fromkeys(columns, "str") | measures | {"observed": "int64"})
    return frame.sort_values(["month", "kind", "category", "district"], ignore_index=True)
