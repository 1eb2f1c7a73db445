"""Every row of every file is kept or set aside with a reason, and counted."""

from collections.abc import Sequence

import pandas as pd

from hotspots import tables
from hotspots.errors import SourceError

# First match wins. `after_as_of` rows are not faults: they are simply not known yet on the day of the run.
REASONS = ("unreadable", "no_consent", "suppressed", "no_coordinates", "after_as_of", "outside_force", "repeated_id")
REASONS_IN_WORDS = {
    "unreadable": "the row cannot be read",
    "no_consent": "the resident did not agree that the answer is used",
    "suppressed": "the figure was not published",
    "no_coordinates": "the row has no location",
    "outside_force": "the location is outside the force",
    "repeated_id": "the reference stands in another row already",
    "after_as_of": "later than the day of the report",
}
# Which columns of a file a reason is about.
COLUMNS_IN_WORDS = {
    "no_consent": "consent",
    "suppressed": "share or respondents",
    "unreadable": "month, type, coordinates or another that every row needs, or the number of cells",
    "no_coordinates": "coordinates",
    "outside_force": "coordinates",
    "repeated_id": "reference",
    "after_as_of": "date",
}
FAULTS = ("unreadable", "no_coordinates", "outside_force", "repeated_id")


def account(rows: pd.DataFrame, source: str, file: str, broken: int = 0, month: str = "") -> pd.DataFrame:
    """A file's rows with `source` and `file`, and a row `unreadable` for each that was too broken to become one.

    Parameters
    ----------
    rows
        With `month` and `reason` (empty: nothing is wrong).
    source, file
        Kind of input, and the file's name.
    broken
        Rows with the wrong number of cells.
    month
        The month to count them in, where the file is of one month.
    """
    if broken:
        lost = pd.DataFrame({"month": month, "reason": "unreadable"}, index=range(broken))
        rows = pd.concat([rows, lost], ignore_index=True)
    return rows.assign(source_kind=source, file=file)


def first_reason(reason: pd.Series, **tests: pd.Series) -> pd.Series:
    """Each row's reason: the one it has, else the name of the first test that holds, else empty."""
    for name, test in tests.items():
        reason = reason.mask((reason == "") & test, name)
    return reason


def tally_rows(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows counted by source, file, month and reason (`tables.TALLY`); an empty reason means kept.

    A month without rows set aside gets one line with an empty reason; any other month a line for each reason.

    Parameters
    ----------
    rows
        As `account` gives them, with their final `reason`.
    """
    rows = rows[["source_kind", "file", "month", "reason"]].rename(columns={"source_kind": "source"}).astype("str")
    counts = rows.fillna({"month": ""}).groupby(list(rows.columns)).size().rename("rows").reset_index()
    return tally_counts(counts)


def tally_counts(counts: pd.DataFrame) -> pd.DataFrame:
    """Rows counted by source, file, month and reason, as `tables.TALLY`.

    Parameters
    ----------
    counts
        `source`, `file`, `month`, `reason` (empty: kept) and `rows`, each combination once.
    """
    by_month = ["source", "file", "month"]
    counts = counts[counts["rows"] > 0].assign(kept=counts["rows"].where(counts["reason"] == "", 0))
    total = counts.groupby(by_month)[["rows", "kept"]].sum().reset_index()
    total = total.rename(columns={"rows": "rows_in", "kept": "rows_kept"})
    aside = counts.loc[counts["reason"] != "", [*by_month, "reason", "rows"]].rename(columns={"rows": "rows_set_aside"})
    tally = total.merge(aside, on=by_month, how="left", validate="1:m")
    tally = tally.fillna({"reason": "", "rows_set_aside": 0})
    return tables.conform(tally.sort_values([*by_month, "reason"], ignore_index=True), tables.TALLY)


def rows_aside(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of a file that were set aside, for `rows_table`: as `account` gives them, with their final reason."""
    number = rows.groupby("file").cumcount() + 1
    told = pd.DataFrame({"source": rows["source_kind"], "file": rows["file"], "row": number, "reason": rows["reason"]})
    return told[told["reason"] != ""]


def rows_table(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """Rows that were set aside (`tables.QUALITY`), from parts with `source`, `file`, `row` and `reason`."""
    empty = {"source": "str", "file": "str", "row": "int64", "reason": "str"}
    rows = pd.concat([pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in empty.items()}), *parts])
    rows = rows.astype(empty).sort_values(["source", "file", "row"], ignore_index=True)
    return tables.conform(rows.assign(column=rows["reason"].map(COLUMNS_IN_WORDS).astype("str")), tables.QUALITY)


def totals(tally: pd.DataFrame) -> pd.DataFrame:
    """Rows in, kept and set aside by source and file, one line a file."""
    by_month = tally.drop_duplicates(["source", "file", "month"]).groupby(["source", "file"], sort=True)
    total = by_month[["rows_in", "rows_kept"]].sum()
    return total.assign(rows_set_aside=total["rows_in"] - total["rows_kept"]).reset_index()


def by_reason(tally: pd.DataFrame) -> pd.DataFrame:
    """Rows set aside by source and reason, faults first in their order."""
    aside = tally[tally["reason"] != ""].groupby(["source", "reason"], sort=True)["rows_set_aside"].sum().reset_index()
    order = aside["reason"].map({reason: number for number, reason in enumerate(REASONS)})
    return aside.assign(order=order).sort_values(["source", "order"], ignore_index=True).drop(columns="order")


def set_aside_share(tally: pd.DataFrame) -> float:
    """Share, 0 to 1, of rows with a fault among all rows that are not later than the day of the report."""
    faults = tally.loc[tally["reason"].isin(FAULTS), "rows_set_aside"].sum()
    later = tally.loc[tally["reason"] == "after_as_of", "rows_set_aside"].sum()
    known = totals(tally)["rows_in"].sum() - later
    return float(faults / known) if known else 0.0


def require_share(tally: pd.DataFrame, max_set_aside_share: float, notes: Sequence[dict] = ()) -> pd.DataFrame:
    """The tally itself, where few enough rows were set aside; `notes` are findings that may say why they were.

    Raises
    ------
    SourceError
        More than the share that the settings allow; names the commonest reason.
    """
    share = set_aside_share(tally)
    if share > max_set_aside_share:
        worst = by_reason(tally[tally["reason"].isin(FAULTS)]).sort_values("rows_set_aside").iloc[-1]
        hint = next((note["finding"] for note in notes), "")
        raise SourceError(
            f"{share:.0%} of the {worst['source']} rows were set aside, more than max_set_aside_share = "
            f"{max_set_aside_share:.0%} allows; most ({worst['rows_set_aside']:,}) because "
            f"{REASONS_IN_WORDS[worst['reason']]}. {hint or 'Check the files, or raise the setting.'}"
        )
    return tally
