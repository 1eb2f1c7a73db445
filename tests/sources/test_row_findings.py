"""Types that are not mapped and rows that cannot be read are named with counts, added up over files."""

from hotspots import findings
from hotspots.sources import row_findings

# answers


def test_types_are_named_with_their_counts_the_most_frequent_first() -> None:
    (found,) = row_findings.unrecognised_types("a.csv", {"Fly posting": 12, "Nuisance drones": 1_200})
    assert found["finding"] == (
        "a.csv: 1,212 records have a type that no setting maps: 'Nuisance drones' (1,200), 'Fly posting' (12)."
    )
    assert found["setting"] == "force_export.categories"


def test_reasons_of_unreadable_rows_are_named_with_their_counts() -> None:
    (found,) = row_findings.unreadable_rows("a.csv", {"no month": 1, "no type": 0})
    assert found["finding"] == "a.csv: 1 row cannot be read: no month (1)."


def test_files_with_the_same_fault_are_one_finding() -> None:
    other = findings.finding("k", "Else.", "Done.")
    parts = [
        *row_findings.unrecognised_types("a.csv", {"Fly posting": 20}), other,
        *row_findings.unrecognised_types("b.csv", {"Fly posting": 30, "Drones": 10}),
        *row_findings.unreadable_rows("b.csv", {"no type": 2}),
    ]  # fmt: skip
    merged = [each["finding"] for each in row_findings.merge(parts)]
    assert merged == [
        "Else.",
        "b.csv: 2 rows cannot be read: no type (2).",
        "2 files: 60 records have a type that no setting maps: 'Fly posting' (50), 'Drones' (10).",
    ]


# promises


def test_no_faults_are_no_finding() -> None:
    assert row_findings.unrecognised_types("a.csv", {}) == []
    assert row_findings.unreadable_rows("a.csv", {"no month": 0}) == []


def test_texts_in_a_column_of_types_are_counted_and_not_shown() -> None:
    texts = {f"Call from person number {number} about a neighbour": 1 for number in range(20)}
    (many,) = row_findings.unrecognised_types("a.csv", texts)
    assert many["finding"].endswith("that no setting maps: others (20).")
    (phone,) = row_findings.unrecognised_types("a.csv", {"ring 01722 123456": 20, "anna@example.org": 30})
    assert phone["finding"].endswith("that no setting maps: others (50).")
    assert "anna" not in str(phone)
    (home,) = row_findings.unrecognised_types("a.csv", {"Quixley Cottage": 40, "Zebedee Quill": 9, "Drones": 10})
    assert home["finding"].endswith("that no setting maps: 'Drones' (10), others (49).")
