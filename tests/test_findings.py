"""Findings: one row each, in the order in which they were made."""

from hotspots import findings, tables

# answers


def test_each_finding_stands_once_in_the_table() -> None:
    one = findings.finding("k", "Something.", "Done.", is_open=True)
    found = findings.findings_table([one, one, findings.finding("k", "Else.", "Done.")])
    assert found["finding"].tolist() == ["Something.", "Else."]
    assert found["is_open"].tolist() == [True, False]


def test_a_finding_of_the_last_report_is_seen() -> None:
    table = findings.findings_table([findings.finding("k", "Old.", "Done."), findings.finding("k", "New.", "Done.")])
    assert findings.mark_seen(table, ["Old.", "Gone."])["is_seen"].tolist() == [True, False]


def test_a_decision_has_what_to_type_or_else_what_to_do() -> None:
    typed = findings.finding("k", "One.", "Check.", is_open=True, to_close="setting: add 1")
    table = findings.findings_table([typed, findings.finding("k", "Two.", "Ask.", is_open=True)])
    assert [each["to_close"] for each in findings.decisions(table)] == ["setting: add 1", "Ask."]


def test_a_finding_stored_by_an_earlier_version_is_read() -> None:
    stored = {"kind": "k", "finding": "One.", "action": "Done.", "setting": "", "is_open": False}
    assert findings.findings_table([stored, findings.finding("k", "Two.", "Done.")])["is_seen"].tolist() == [
        False,
        False,
    ]


# promises


def test_no_findings_are_a_table_without_rows() -> None:
    assert list(findings.findings_table([]).columns) == list(tables.FINDINGS.columns)
