"""How a run ends: at most five lines, the decisions first."""

from typing import Any

from hotspots import findings
from hotspots.reporting import run_summary


def summary(decisions: int) -> dict[str, Any]:
    found = [
        findings.finding(
            "misfiled_month",
            f"Burglary, 2025-0{number}: 3 incidents, 150 expected from the other months (alarm below 90; a difference "
            "this large occurs in 1 in 100 ordinary months). It may be missing.",
            "Left out.", "health.on_misfiled", is_open=True,
            to_close=f'health.reviewed_months: add "2025-0{number}"',
        )
        for number in range(1, decisions + 1)
    ]  # fmt: skip
    found.append(findings.finding("derived_outline", "No outline was given.", "Drawn."))
    table = findings.findings_table(found)
    counts = {"rows_in": 1_200, "rows_kept": 1_100, "hotspots": {"asb": 1}, "patrol_areas": {"asb": 1, "burglary": 20}}
    return {
        "force": "barset", "as_of": "2025-09-30", "report": "reports/barset/2025-09-30", "counts": counts,
        "open_findings": decisions, "decisions": findings.decisions(table), "base_map": {"features": 0, "left_out": ""},
    }  # fmt: skip


def test_a_run_without_decisions_ends_with_its_counts_and_the_page() -> None:
    assert run_summary.describe_end(summary(0), 4) == [
        "barset, as of 2025-09-30: 1,100 of 1,200 rows kept; asb 1 hotspot and 1 patrol area; burglary 0 hotspots and "
        "20 patrol areas.",
        "Open reports/barset/2025-09-30/index.html",
    ]


def test_decisions_come_first_with_what_to_type_and_the_exit_status() -> None:
    lines = run_summary.describe_end(summary(1), 4)
    assert lines[:2] == [
        "Decide: Burglary, 2025-01: 3 incidents, 150 expected from the other months. To close: health.reviewed_months: "
        'add "2025-01"',
        "Exit status 4: the report is published, but 1 finding needs a decision.",
    ]


def test_there_are_never_more_than_five_lines() -> None:
    for number in range(8):
        lines = run_summary.describe_end(summary(number), 4)
        assert len(lines) <= 5 and not any("\n" in line for line in lines)
    assert "Exit status 4: the report is published, but 7 findings need a decision; the page has the other 5." in lines


def test_what_the_base_map_leaves_out_for_its_size_is_said_with_the_counts() -> None:
    sentence = "Left out of the base map for its size: streams, paths."
    lines = run_summary.describe_end(summary(1) | {"base_map": {"features": 90_000, "left_out": sentence}}, 4)
    assert len(lines) <= 5 and lines[-2].endswith(f"20 patrol areas. {sentence}")
