"""Accounting of rows: every row of every file is kept or set aside with a reason, and counted."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from hotspots import tables, wording
from hotspots.errors import SourceError

# The first match is used. Rows of `after_as_of` and `other_release` are not faulty: they are not known yet on the day
# of the report, or another file gives their month.
REASONS = (
    "unreadable", "no_consent", "suppressed", "no_coordinates", "after_as_of", "other_release", "outside_force",
    "repeated_id", "same_answer",
)  # fmt: skip
REASONS_IN_WORDS = {
    "unreadable": "the row cannot be read",
    "no_consent": "the resident did not agree that the answer is used",
    "suppressed": "the figure was not published",
    "no_coordinates": "the row has no location",
    "outside_force": "the location is outside the force",
    "repeated_id": "the same record again",
    "same_answer": "identical to another answer a few minutes before",
    "after_as_of": "later than the day of the report",
    "other_release": "another file gives the month",
}
# Columns of a file that each reason is about.
COLUMNS_IN_WORDS = {
    "no_consent": "consent",
    "suppressed": "share or respondents",
    "unreadable": "month, type, coordinates or another required column, or the number of cells",
    "no_coordinates": "coordinates",
    "outside_force": "coordinates",
    "repeated_id": "reference",
    "same_answer": "issues, texts and location",
    "after_as_of": "date",
    "other_release": "month",
}
# Kinds of findings, by their beginnings, that explain a reason.
_EXPLAINED_BY = {
    "unreadable": ("unreadable", "error_cells", "mangled"),
    "no_coordinates": ("coordinates", "grid_references", "unplaced_postcodes", "separators", "error_cells"),
    "outside_force": ("coordinates", "derived_outline", "packaged_outline"),
    "repeated_id": ("mangled", "repeated", "duplicate"),
}
FAULTS = ("unreadable", "no_coordinates", "outside_force", "repeated_id")


def label_rows(rows: pd.DataFrame, source: str, file: str, unreadable: int = 0, month: str = "") -> pd.DataFrame:
    """Return rows with their source and file, and a row with the reason `unreadable` for each that could not be read.

    Parameters
    ----------
    rows
        With `month` and `reason` (empty if nothing is wrong).
    source, file
        Kind of input, and name of the file.
    unreadable
        Number of rows with the wrong number of cells.
    month
        Month to count unreadable rows in, if the file is of one month.
    """
    if unreadable:
        missing = pd.DataFrame({"month": month, "reason": "unreadable"}, index=range(unreadable))
        rows = pd.concat([rows, missing], ignore_index=True)
    return rows.assign(source_kind=source, file=file)


def assign_reason(reason: pd.Series, **tests: pd.Series) -> pd.Series:
    """Return the reason of each row: the one it has, else the name of the first test that is true, else empty."""
    for name, test in tests.items():
        reason = reason.mask((reason == "") & test, name)
    return reason


def tally_rows(rows: pd.DataFrame) -> pd.DataFrame:
    """Count rows by source, file, month and reason (`tables.TALLY`).

    A month without rows set aside has one line with an empty reason, any other month a line for each reason.

    Parameters
    ----------
    rows
        As `label_rows` returns them, with their final `reason`.
    """
    rows = rows[["source_kind", "file", "month", "reason"]].rename(columns={"source_kind": "source"}).astype("str")
    counts = rows.fillna({"month": ""}).groupby(list(rows.columns)).size().rename("rows").reset_index()
    return tally_counts(counts)


def tally_counts(counts: pd.DataFrame) -> pd.DataFrame:
    """Return counts of rows as a tally (`tables.TALLY`).

    Parameters
    ----------
    counts
        `source`, `file`, `month`, `reason` (empty if kept) and `rows`, each combination once.
    """
    by_month = ["source", "file", "month"]
    counts = counts[counts["rows"] > 0].assign(kept=counts["rows"].where(counts["reason"] == "", 0))
    total = counts.groupby(by_month)[["rows", "kept"]].sum().reset_index()
    total = total.rename(columns={"rows": "rows_in", "kept": "rows_kept"})
    rejected = counts.loc[counts["reason"] != "", [*by_month, "reason", "rows"]]
    rejected = rejected.rename(columns={"rows": "rows_set_aside"})
    tally = total.merge(rejected, on=by_month, how="left", validate="1:m")
    tally = tally.fillna({"reason": "", "rows_set_aside": 0})
    return tables.conform(tally.sort_values([*by_month, "reason"], ignore_index=True), tables.TALLY)


def rejected_rows(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows set aside, with their number in the file, from rows as `label_rows` returns them."""
    number = rows.groupby("file").cumcount() + 1
    found = pd.DataFrame({"source": rows["source_kind"], "file": rows["file"], "row": number, "reason": rows["reason"]})
    return found[found["reason"] != ""]


def rejected_table(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """Return the rows set aside (`tables.QUALITY`), from parts as `rejected_rows` returns them."""
    empty = {"source": "str", "file": "str", "row": "int64", "reason": "str"}
    rows = pd.concat([pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in empty.items()}), *parts])
    rows = rows.astype(empty).sort_values(["source", "file", "row"], ignore_index=True)
    return tables.conform(rows.assign(column=rows["reason"].map(COLUMNS_IN_WORDS).astype("str")), tables.QUALITY)


def file_totals(tally: pd.DataFrame) -> pd.DataFrame:
    """Return rows in, kept and set aside of each file."""
    by_month = tally.drop_duplicates(["source", "file", "month"]).groupby(["source", "file"], sort=True)
    total = by_month[["rows_in", "rows_kept"]].sum()
    return total.assign(rows_set_aside=total["rows_in"] - total["rows_kept"]).reset_index()


def by_reason(tally: pd.DataFrame) -> pd.DataFrame:
    """Return rows set aside by source and reason, in the order of `REASONS`."""
    rejected = tally[tally["reason"] != ""]
    counts = rejected.groupby(["source", "reason"], sort=True)["rows_set_aside"].sum().reset_index()
    order = counts["reason"].map({reason: number for number, reason in enumerate(REASONS)})
    return counts.assign(order=order).sort_values(["source", "order"], ignore_index=True).drop(columns="order")


def set_aside_share(tally: pd.DataFrame) -> float:
    """Return the share, 0 to 1, of faulty rows among all rows that are not later than the day of the report."""
    faults = tally.loc[tally["reason"].isin(FAULTS), "rows_set_aside"].sum()
    later = tally.loc[tally["reason"] == "after_as_of", "rows_set_aside"].sum()
    known = file_totals(tally)["rows_in"].sum() - later
    return float(faults / known) if known else 0.0


def check_set_aside_share(
    tally: pd.DataFrame, max_set_aside_share: float, findings: Sequence[dict[str, Any]] = ()
) -> pd.DataFrame:
    """Return the tally, or raise if too many rows were set aside.

    Parameters
    ----------
    tally
        `tables.TALLY`.
    max_set_aside_share
        Share, 0 to 1, that the settings allow.
    findings
        Findings about the files; the first one about the most common reason explains it.

    Raises
    ------
    SourceError
        The share is too high; the message names the most common reason.
    """
    share = set_aside_share(tally)
    if share > max_set_aside_share:
        worst = by_reason(tally[tally["reason"].isin(FAULTS)]).sort_values("rows_set_aside").iloc[-1]
        advice = "Run 'hotspots check' to see what is wrong with a file, or raise the setting."
        kinds = _EXPLAINED_BY[str(worst["reason"])]
        hint = next((one["finding"] for one in findings if str(one["kind"]).startswith(kinds)), "")
        raise SourceError(
            f"{wording.percent(share)} of the {worst['source']} rows were set aside, more than max_set_aside_share = "
            f"{wording.percent(max_set_aside_share)} allows. Most common reason: {REASONS_IN_WORDS[worst['reason']]} "
            f"({wording.counted(worst['rows_set_aside'], 'row')}). {hint or advice}"
        )
    return tally
