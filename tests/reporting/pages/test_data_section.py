"""Findings on the page: decisions first with what to type, seen ones folded; rows used of every file."""

import made_up_report as examples

from hotspots import findings
from hotspots.reporting import run_summary


def section_of(**content: object) -> str:
    return examples.page(examples.report(**content), "data-quality.html")


def test_a_seen_finding_is_folded_and_an_open_one_never_is() -> None:
    table = findings.findings_table(
        [
            findings.finding("a", "A new one.", "Kept."),
            findings.finding("b", "An old one.", "Kept.", is_seen=True),
            findings.finding("c", "An open one.", "Kept.", is_open=True, is_seen=True, to_close="health.x: add 1"),
        ]
    )
    shown, _, folded = section_of(findings=table).partition("<details><summary>1 finding checked, or unchanged")
    assert shown.index("An open one.") < shown.index("A new one.")
    assert "(to close it: <bdi>health.x: add 1</bdi>)" in shown
    assert "An old one." in folded and "An old one." not in shown


def test_a_neighbours_file_has_the_rows_read_and_used() -> None:
    files = [
        {"name": "own.csv", "kind": "street", "sha256": "", "not_used": "", "rows": None},
        {"name": "2025-09-littleshire-street.csv", "kind": "street", "sha256": "", "not_used": ""},
        {
            "name": "next.csv",
            "kind": "street",
            "sha256": "",
            "not_used": "",
            "rows": {"rows_in": 1900, "rows_used": 70},
        },
    ]
    tally = examples.report().tally
    listed = run_summary.list_inputs(files, tally)
    assert (listed[0]["rows"], listed[0]["rows_used"]) == (0, 0)
    assert listed[1]["rows"] > listed[1]["rows_used"] > 0
    assert (listed[2]["rows"], listed[2]["rows_used"]) == (1900, 70)
    section = section_of(inputs=listed)
    assert '<td class="n">1,900</td><td class="n">70</td>' in section
