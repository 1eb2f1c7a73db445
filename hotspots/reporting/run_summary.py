"""Summary of a run: counts, findings and inputs, as `run.json`, the command line and Prefect show them."""

from pathlib import Path
from typing import Any

import pandas as pd

from hotspots import categories, quality
from hotspots.reporting.report import Report

_TOP_COLUMNS = ["family", "rank", "main_location", "team_name", "expected", "reason"]


def summarise(report: Report, folder: Path) -> dict[str, Any]:
    """Return the counts and findings of a run; `folder` is where its report stands."""
    totals = quality.file_totals(report.tally)
    set_aside = quality.by_reason(report.tally).groupby("reason", sort=False)["rows_set_aside"].sum()
    hotspots = report.hotspots[~categories.is_gone(report.hotspots)]
    in_window = report.incidents["category"].value_counts()
    return {
        "force": report.slug,
        "as_of": report.as_of.isoformat(),
        "report": str(folder),
        "window": [report.window.start.isoformat(), report.window.end.isoformat()],
        "counts": {
            "rows_in": int(totals["rows_in"].sum()),
            "rows_kept": int(totals["rows_kept"].sum()),
            "rows_set_aside": int(totals["rows_set_aside"].sum()),
            "set_aside": {str(reason): int(rows) for reason, rows in set_aside.items()},
            "incidents_in_window": len(report.incidents),
            "asb_in_window": int(in_window.get("asb", 0)),
            "burglary_in_window": int(in_window.get("burglary", 0)),
            "hotspots": hotspots["family"].value_counts(sort=False).to_dict(),
            "patrol_areas": report.patrol_areas["family"].value_counts(sort=False).to_dict(),
            "concerns": len(report.concerns),
        },
        "findings": report.findings["finding"].tolist(),
        "open_findings": int(report.findings["is_open"].sum()),
    }


def list_inputs(files: list[dict[str, Any]], tally: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the input files with their rows, and the reason for those that were not used."""
    rows = quality.file_totals(tally).set_index("file")["rows_in"]
    return [
        {"name": file["name"], "kind": file["kind"], "sha256": file["sha256"], "rows": int(rows.get(file["name"], 0)),
         "used": not file["not_used"], "why_not": file["not_used"]}
        for file in files
    ]  # fmt: skip


def top_areas(report: Report) -> list[dict[str, Any]]:
    """Return the first areas of each family as plain rows."""
    listed = report.patrol_areas.loc[report.patrol_areas["rank"] <= report.top_k, _TOP_COLUMNS]
    return [
        {str(name): value for name, value in row.items()} for row in listed.astype({"family": "str"}).to_dict("records")
    ]


def to_markdown(summary: dict[str, Any], report: Report) -> str:
    """Return the summary as Markdown."""
    lines = [f"# {report.force_name}, as of {report.as_of}", "", f"Report: `{summary['report']}`", ""]
    lines += [f"- {name.replace('_', ' ')}: {value}" for name, value in summary["counts"].items()]
    return "\n".join([*lines, "", *[f"- {finding}" for finding in report.findings["finding"]]])
