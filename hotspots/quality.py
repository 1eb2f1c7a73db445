"""Every row of every file is kept or set aside with a reason, and counted."""

import pandas as pd

from hotspots import tables
from hotspots.errors import SourceError

# First match wins. `after_as_of` rows are not faults: they are simply not known yet on the day of the run.
REASONS = ("unreadable", "no_coordinates", "outside_force", "repeated_id", "after_as_of")
REASONS_IN_WORDS = {
    "unreadable": "the row cannot be read",
    "no_coordinates": "the row has no location",
    "outside_force": "the location is outside the force",
    "repeated_id": "the reference stands in another row already",
    "after_as_of": "later than the day of the report",
}
FAULTS = REASONS[:4]


def tally_rows(source: str, file: str, months: pd.Series, reasons: pd.Series) -> pd.DataFrame:
    """One file's rows counted by month and reason (`tables.TALLY`); an empty reason means kept.

    A month without rows set aside gets one line with an empty reason; any other month a line for each reason.
    """
    rows = pd.DataFrame({"month": months.astype("str").fillna(""), "reason": reasons.astype("str")})
    rows_in = rows.groupby("month").size()
    kept = rows["reason"].eq("").groupby(rows["month"]).sum()
    aside = rows[rows["reason"] != ""].groupby(["month", "reason"]).size().rename("rows_set_aside").reset_index()
    clean = pd.DataFrame({"month": rows_in.index.difference(aside["month"]), "reason": "", "rows_set_aside": 0})
    counted = pd.concat([aside, clean], ignore_index=True)
    counted = counted.assign(
        source=source, file=file, rows_in=counted["month"].map(rows_in), rows_kept=counted["month"].map(kept)
    )
    return tables.conform(counted.sort_values(["month", "reason"], ignore_index=True), tables.TALLY)


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


def require_share(tally: pd.DataFrame, max_set_aside_share: float) -> pd.DataFrame:
    """The tally itself, where few enough rows were set aside.

    Raises
    ------
    SourceError
        More than the share that the settings allow; names the commonest reason.
    """
    share = set_aside_share(tally)
    if share > max_set_aside_share:
        worst = by_reason(tally[tally["reason"].isin(FAULTS)]).sort_values("rows_set_aside").iloc[-1]
        raise SourceError(
            f"{share:.0%} of the {worst['source']} rows were set aside, more than max_set_aside_share = "
            f"{max_set_aside_share:.0%} allows; most ({worst['rows_set_aside']:,}) because "
            f"{REASONS_IN_WORDS[worst['reason']]}. Nothing was published. Check the files, or raise the setting."
        )
    return tally


def finding(kind: str, finding: str, action: str, setting: str = "", is_open: bool = False) -> dict:
    """One row of the findings table."""
    return {"kind": kind, "finding": finding, "action": action, "setting": setting, "is_open": is_open}


def findings_table(findings: list[dict]) -> pd.DataFrame:
    """Findings as a table (`tables.FINDINGS`), each once, in the order in which they came."""
    frame = pd.DataFrame(findings, columns=list(tables.FINDINGS.columns)).drop_duplicates("finding", ignore_index=True)
    return tables.conform(frame.astype({"is_open": "bool"}), tables.FINDINGS)
