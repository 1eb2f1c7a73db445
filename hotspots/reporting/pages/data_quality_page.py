"""Page on data quality: findings, rows set aside by file and reason, files used and not used."""

from typing import Any

import pandas as pd

from hotspots import quality, wording
from hotspots.reporting import formatting, run_summary
from hotspots.reporting.charts import monthly_counts
from hotspots.reporting.report import Report

FILE, TITLE = "data-quality.html", "Data quality"
MAX_DECISIONS = 3  # on the first page
MAX_FILE_NAMES = 4  # a longer list of files is shortened to the first and last name


def of_report(report: Report) -> dict[str, Any] | None:
    """Return the sections of the page."""
    return {"finding": describe_data(report), "sections": [("data", TITLE)], "quality": _quality(report)}


def describe_data(report: Report) -> str:
    """Return the share of rows set aside, excluded months, and findings that need a decision."""
    if report.tally.empty:
        return "No rows were read."
    share = quality.set_aside_share(report.tally)
    parts = [f"{wording.percent(share, 1)} of the rows received were set aside"]
    excluded = {month for months in report.left_out.values() for month in months if month in report.window.months}
    if excluded:
        parts.append(f"{wording.counted(len(excluded), 'month is', 'months are')} excluded from the evidence")
    is_open = int(report.findings["is_open"].sum())
    findings = wording.counted(is_open, "finding needs", "findings need") if is_open else "no findings need"
    parts.append(f"{findings} a decision")
    return "; ".join(parts) + "."


def list_trouble(report: Report) -> list[str]:
    """Return the findings that need a decision, then months without data and months excluded from the evidence."""
    ordered = report.findings[report.findings["is_open"]].sort_values(["kind", "finding"])
    lines = [
        f"Decide: {run_summary.shorten(row['finding'])} To close: {formatting.clean(row['to_close'], 200)}"
        for row in ordered.head(MAX_DECISIONS).to_dict("records")
    ]
    more = len(ordered) - MAX_DECISIONS
    lines += [f"{wording.counted(more, 'more decision is', 'more decisions are')} on the page Data quality."] * (
        more > 0
    )
    missing = monthly_counts.missing_months(report.incidents, report.window)
    if missing:
        of_window = wording.counted(report.window.length_months, "month")
        lines.append(f"No data for {len(missing)} of {of_window}: {_months(missing)}. Counts use the other months.")
    for family, months in report.left_out.items():
        excluded = [month for month in months if month in report.window.months]
        if excluded:
            lines.append(f"{formatting.FAMILY_SHORT[family]} of {_months(excluded)} looks wrong and is not used.")
    return lines


def _months(months: list[str]) -> str:
    """Return months in words: the first and last of those that follow each other, or each."""
    span = len(pd.period_range(months[0], months[-1], freq="M"))
    return formatting.months(months[0], months[-1]) if span == len(months) else ", ".join(map(formatting.month, months))


def _quality(report: Report) -> dict[str, Any]:
    """Return the findings, the rows by file and reason, and the files used and not used."""
    set_aside = quality.by_reason(report.tally)
    return {
        "files": quality.file_totals(report.tally).to_dict("records"),
        "reasons": [
            {
                "source": row["source"],
                "reason": quality.REASONS_IN_WORDS.get(row["reason"], row["reason"]),
                "rows": f"{row['rows_set_aside']:,}",
            }
            for _, row in set_aside.iterrows()
        ],
        "findings": _findings(report.findings),
        "used": [file for file in report.inputs if file.get("used")],
        "not_used": _not_used(report.inputs),
    }


def _not_used(inputs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the files not used by reason, with all names or, of many, the first and last."""
    names: dict[str, list[str]] = {}
    for file in inputs:
        if not file.get("used"):
            names.setdefault(str(file["why_not"]), []).append(str(file["name"]))
    return [
        {
            "why_not": reason,
            "number": len(same),
            "names": sorted(same) if len(same) <= MAX_FILE_NAMES else [min(same), max(same)],
        }
        for reason, same in names.items()
    ]


def _findings(findings: pd.DataFrame) -> list[dict[str, Any]]:
    """Return findings, those that need a decision first; seen ones without a decision to make are folded."""
    ordered = findings.sort_values(["is_open", "kind", "finding"], ascending=[False, True, True])
    return [
        {"is_open": row["is_open"], "is_folded": row["is_seen"] and not row["is_open"]}
        | {name: formatting.clean(row[name], 900) for name in ("finding", "action", "setting", "to_close")}
        for row in ordered.to_dict("records")
    ]
