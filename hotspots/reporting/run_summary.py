"""Summary of a run: counts, findings and inputs, as `run.json`, the command line and Prefect show them."""

import re
import textwrap
from pathlib import Path
from typing import Any

import pandas as pd

from hotspots import categories, findings, quality, wording
from hotspots.reporting.report import Report

# Facts that only the command line shows.
TERMINAL_ONLY = ("decisions",)
# Decisions that the command line names before it refers to the page, and their length.
_DECISIONS, _DECISION_LENGTH = 2, 160
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
        "base_map": {
            "features": 0 if report.base_map is None else len(report.base_map),
            "left_out": report.encoded_base_map.left_out if report.encoded_base_map else "",
        },
        "findings": report.findings["finding"].tolist(),
        "open_findings": int(report.findings["is_open"].sum()),
        "decisions": findings.decisions(report.findings),
    }


def describe_end(summary: dict[str, Any], status: int) -> list[str]:
    """Return how a run ended in at most five lines: decisions that are needed, the counts, and the page to open.

    Parameters
    ----------
    summary
        As `summarise` returns it.
    status
        Exit status of a run with open findings.
    """
    decisions, counts = summary["decisions"], summary["counts"]
    lines = [f"Decide: {shorten(each['finding'])} To close: {each['to_close']}" for each in decisions[:_DECISIONS]]
    if decisions:
        needed = wording.counted(len(decisions), "finding needs", "findings need")
        more = len(decisions) - _DECISIONS
        rest = f"; the page has the other {more}" if more > 0 else ""
        lines.append(f"Exit status {status}: the report is published, but {needed} a decision{rest}.")
    found = [f"{counts['rows_kept']:,} of {wording.counted(counts['rows_in'], 'row')} kept"]
    for family, number in counts["patrol_areas"].items():
        hotspots = wording.counted(counts["hotspots"].get(family, 0), "hotspot")
        found.append(f"{family} {hotspots} and {wording.counted(number, 'patrol area')}")
    left_out = summary["base_map"]["left_out"]
    lines.append(f"{summary['force']}, as of {summary['as_of']}: {'; '.join(found)}. {left_out}".rstrip())
    return [*lines, f"Open {Path(summary['report']) / 'index.html'}"]


def shorten(finding: str) -> str:
    """Return the first sentence of a finding, cut to one line."""
    first = re.split(r"(?<=[a-z)])\. |(?: \(alarm)", finding)[0].rstrip(".")
    return textwrap.shorten(first, _DECISION_LENGTH, placeholder=" ...") + "."


def list_inputs(files: list[dict[str, Any]], tally: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the input files with the rows in them and the rows used, and the reason for files that were not used.

    Of a neighbouring force's file, the rows used are those near the border.
    """
    totals = quality.file_totals(tally).groupby("file")[["rows_in", "rows_kept"]].sum()
    listed = []
    for file in files:
        counts = file.get("rows") or {"rows_in": 0, "rows_used": 0}
        if file["name"] in totals.index and not file.get("rows"):
            rows_in, rows_used = totals.loc[file["name"]]
            counts = {"rows_in": rows_in, "rows_used": rows_used}
        listed.append(
            {"name": file["name"], "kind": file["kind"], "sha256": file["sha256"], "rows": int(counts["rows_in"]),
             "rows_used": int(counts["rows_used"]), "used": not file["not_used"], "why_not": file["not_used"]}
        )  # fmt: skip
    return listed


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
