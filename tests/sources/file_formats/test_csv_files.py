"""Text tables as they arrive: what is no CSV is named, what is one is read to the letter."""

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest

from hotspots.errors import SourceError
from hotspots.sources.file_formats import csv_files, csv_layout, limits
from hotspots.sources.file_formats.csv_layout import Layout
from hotspots.sources.file_formats.file_content import Member

TEXT = "Id,Name,Note\n1,Ann,x\n2,Bo,y\n"


def headings(path: Path) -> list[str]:
    return csv_layout.first_row_layout(path).headings


def read_numbers(path: Path) -> pa.Table:
    return csv_files.read_csv(path, csv_layout.first_row_layout(path), ["x"], floats=["x"])[0]


# inputs


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"PK\x03\x04rest", "a zip archive or an Excel workbook"),
        (b"\xd0\xcf\x11\xe0rest", "an old Excel workbook"),
        (b"%PDF-1.7", "a PDF"),
        (TEXT.encode("utf-16"), "UTF-16 text"),
        (b"\x1f\x8b\x08", "a gzip archive"),
        (b"<!DOCTYPE html><html><body>Sign in</body></html>", "a web page"),
        (b"", "an empty file"),
        (b"  \n \n", "an empty file"),
        (b"a\0b", "a binary file"),
        (b"one,two\n1,2\n", "a file with other columns"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_of_another_kind_is_called_by_its_kind(write, content: bytes, what: str) -> None:
    path = write("list.csv", content)
    with pytest.raises(
        SourceError, match=rf"^list\.csv: this is {what}, expected a patrol log\. Export or download it"
    ):
        csv_layout.require_columns(path, headings(path), ["Id", "Name"], "a patrol log")


def test_missing_columns_are_named(write) -> None:
    path = write("list.csv", TEXT)
    with pytest.raises(SourceError, match=r"list\.csv: the column 'Age' is missing; a patrol log needs it"):
        csv_layout.require_columns(path, headings(path), ["Id", "Age"], "a patrol log")
    with pytest.raises(SourceError, match=r"list\.csv: the columns 'Age', 'Sex' are missing; a patrol log needs them"):
        csv_layout.require_columns(path, headings(path), ["Id", "Age", "Sex"], "a patrol log")


def test_another_encoding_is_named_by_line_and_byte(write) -> None:
    path = write("list.csv", "Id,Name\n1,Ann\n2,Zoë\n", encoding="cp1252")
    with pytest.raises(
        SourceError, match=r"list\.csv: line 3 is not UTF-8 text \(byte 0xEB\)\. Save the file as 'CSV UTF-8'"
    ):
        csv_files.read_cells(path, ["Id", "Name"])


def test_an_unknown_encoding_is_named(write) -> None:
    with pytest.raises(SourceError, match=r"list\.csv: the encoding 'latin9000' is unknown"):
        csv_files.read_cells(write("list.csv", TEXT), ["Id"], "latin9000")


def test_a_file_that_is_not_there_is_named(tmp_path) -> None:
    with pytest.raises(SourceError, match=r"gone\.csv: the file cannot be opened"):
        csv_files.read_csv(tmp_path / "gone.csv", Layout(["a"]), ["a"])


# answers


def test_an_encoding_that_is_given_is_used(write) -> None:
    path = write("list.csv", "Id,Name\n2,Zoë\n", encoding="cp1252")
    assert csv_files.read_cells(path, ["Name"], "cp1252")[0]["Name"].tolist() == ["Zoë"]


def test_a_byte_order_mark_and_blanks_around_headings_are_passed_over(write) -> None:
    path = write("list.csv", "\ufeffId, Name \n1, Ann \n2,\n")
    frame, broken = csv_files.read_cells(path, ["Id", "Name"])
    assert frame["Id"].tolist() == ["1", "2"]
    assert frame["Name"][0] == "Ann"
    assert frame["Name"].isna().tolist() == [False, True]
    assert broken == []


def test_a_quoted_newline_comma_and_quote_stay_in_their_cell(write) -> None:
    path = write("list.csv", 'Id,Note\n1,"two\nlines, ""quoted"""\n2,plain\n')
    assert csv_files.read_cells(path, ["Id", "Note"])[0]["Note"].tolist() == ['two\nlines, "quoted"', "plain"]


def test_rows_with_too_few_or_too_many_cells_are_counted(write) -> None:
    path = write("list.csv", "Id,Name,Note\n1,Ann\n2,Bo,y\n3,Cy,z,extra\n")
    frame, broken = csv_files.read_cells(path, ["Id"])
    assert (frame["Id"].tolist(), broken) == (["2"], [1, 3])


def test_a_broken_row_in_another_encoding_is_set_aside_and_the_others_are_read(write) -> None:
    path = write("list.csv", b"Id,Name\n1,Zo\xeb,extra\n2,Bo\n")
    frame, broken = csv_files.read_cells(path, ["Id", "Name"])
    assert (frame["Name"].tolist(), broken) == (["Bo"], [1])


def test_a_broken_row_does_not_hide_a_good_one_in_another_encoding(write) -> None:
    path = write("list.csv", b"Id,Name\n1,Ann,extra\n2,Zo\xeb\n")
    with pytest.raises(SourceError, match=r"list\.csv: line 3 is not UTF-8 text"):
        csv_files.read_cells(path, ["Id", "Name"])


def test_a_file_in_an_archive_is_read_like_one_on_disk(write) -> None:
    text = TEXT + "3,Cy\n"
    path, member = write("list.csv", text), Member("list.csv", text.encode())
    layout = csv_layout.first_row_layout(member)
    found = [csv_files.read_csv(one, layout, ["Id", "Name"], categories=["Name"]) for one in (path, member)]
    assert found[0] == found[1]
    assert found[0][1] == {3: "3,Cy"}


def test_numbers_are_read_as_numbers_unless_one_is_none(write) -> None:
    good, bad = write("good.csv", "x,y\n1.5,a\n,b\n"), write("bad.csv", "x,y\n1.5,a\nnorth,b\n")
    assert read_numbers(good)["x"].to_pylist() == [1.5, None]
    assert read_numbers(bad)["x"].to_pylist() == ["1.5", "north"]


def test_a_file_without_a_header_is_read_under_the_names_given(write) -> None:
    table, _ = csv_files.read_csv(write("list.csv", "1,2\n3,4\n"), Layout(["a", "b"]), ["a"])
    assert table["a"].to_pylist() == ["1", "3"]


# promises


def test_a_column_that_is_not_asked_for_is_never_read(write) -> None:
    path = write("list.csv", b"Id,Name\n1,Zo\xeb\n")
    frame, _ = csv_files.read_cells(path, ["Id"])
    assert frame.columns.tolist() == ["Id"]
    assert frame["Id"].tolist() == ["1"]


def test_a_file_with_a_header_only_is_an_empty_table(write) -> None:
    frame, broken = csv_files.read_cells(write("list.csv", "Id,Name\n"), ["Id", "Name"])
    assert (list(frame.columns), len(frame), broken) == (["Id", "Name"], 0, [])


def test_a_file_of_too_many_columns_or_bytes_is_refused(
    write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    wide = write("wide.csv", ",".join(f"c{n}" for n in range(5_000)) + "\n")
    with pytest.raises(SourceError, match=r"wide\.csv: the file has 5,000 columns; at most 2,000 are read"):
        csv_files.read_cells(wide, ["c1"])
    monkeypatch.setattr(limits, "MAX_TEXT_BYTES", 5)
    with pytest.raises(SourceError, match=r"long\.csv: the file has 8 bytes; at most 5 are read"):
        csv_files.read_cells(write("long.csv", "a,b\n1,2\n"), ["a"])
