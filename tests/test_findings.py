"""Findings: one row each, in the order in which they were made."""

from hotspots import findings, tables

# answers


def test_each_finding_stands_once_in_the_table() -> None:
    one = findings.finding("k", "Something.", "Done.", is_open=True)
    found = findings.findings_table([one, one, findings.finding("k", "Else.", "Done.")])
    assert found["finding"].tolist() == ["Something.", "Else."]
    assert found["is_open"].tolist() == [True, False]


# promises


def test_no_findings_are_a_table_without_rows() -> None:
    assert list(findings.findings_table([]).columns) == list(tables.FINDINGS.columns)
