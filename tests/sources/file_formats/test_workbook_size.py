"""A workbook whose sheets would fill the memory is refused before it is loaded."""

import zipfile
from pathlib import Path

import openpyxl
import pytest

from hotspots.errors import SourceError
from hotspots.sources.file_formats import limits, workbook_size, workbooks


def workbook(path: Path, *cells: tuple[str, str]) -> Path:
    book = openpyxl.Workbook()
    for address, text in (("A1", "Ref"), ("B1", "Type"), ("A2", "1"), ("B2", "ASB"), *cells):
        book.active[address] = text
    book.save(path)
    return path


def rewritten(path: Path, before: str, after: str) -> Path:
    """The workbook with another text in its sheet."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    name = "xl/worksheets/sheet1.xml"
    assert before in parts[name]
    parts[name] = parts[name].replace(before, after)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, text in parts.items():
            archive.writestr(part, text)
    return path


def test_one_cell_at_the_far_end_of_a_sheet_is_refused_in_a_sentence(tmp_path: Path) -> None:
    path = workbook(tmp_path / "export.xlsx", ("XFD1048576", "x"))
    with pytest.raises(SourceError, match=r"export\.xlsx: the file has 16,384 columns in a sheet; at most 2,000 are"):
        workbooks.read_headings(path, ["Ref"])


def test_a_wide_cell_in_a_far_row_is_refused_by_the_number_of_cells(tmp_path: Path) -> None:
    path = workbook(tmp_path / "export.xlsx", ("AZ1048576", "x"))
    with pytest.raises(SourceError, match=r"export\.xlsx: the file has 54,525,952 cells in a sheet; at most 30"):
        workbooks.read_cells(path, ["Ref"])


def test_cells_without_an_address_and_prefixed_ones_count(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx")
    rewritten(path, "<sheetData>", "<sheetData><row>" + "<c/>" * 3_000 + "</row>")
    with pytest.raises(SourceError, match="3,000 columns in a sheet"):
        workbook_size.require_sheets_within_limits(path)
    rewritten(workbook(path), '<c r="B2"', "<c r='XFD1048576'")
    with pytest.raises(SourceError, match="16,384 columns in a sheet"):
        workbook_size.require_sheets_within_limits(path)


def test_an_open_document_counts_repeated_cells_up_to_the_last_filled_one(tmp_path: Path) -> None:
    cell = '<table:table-cell office:value-type="string"><text:p>x</text:p></table:table-cell>'
    blank = '<table:table-row table:number-rows-repeated="1048575"><table:table-cell/></table:table-row>'
    names = 'xmlns:table="t" xmlns:office="o" xmlns:text="x"'
    path = tmp_path / "a.ods"
    for rows, is_refused in ((f"<table:table-row>{cell}</table:table-row>{blank}", False),
                             (f'{blank}<table:table-row><table:table-cell table:number-columns-repeated="99"/>{cell}'
                              "</table:table-row>", True)):  # fmt: skip
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("content.xml", f"<o {names}><table:table>{rows}</table:table></o>")
        if is_refused:
            with pytest.raises(SourceError, match="104,857,600 cells in a sheet"):
                workbook_size.require_sheets_within_limits(path)
        else:
            workbook_size.require_sheets_within_limits(path)


def test_a_binary_workbook_counts_its_rows_and_cells(tmp_path: Path) -> None:
    def record(kind: int, number: int) -> bytes:
        return bytes([kind, 8]) + number.to_bytes(4, "little") + bytes(4)

    path = tmp_path / "a.xlsb"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/worksheets/sheet1.bin", record(0, 1_048_575) + record(6, 49))
    with pytest.raises(SourceError, match="52,428,800 cells in a sheet"):
        workbook_size.require_sheets_within_limits(path)


def test_an_ordinary_workbook_is_read(tmp_path: Path) -> None:
    path = workbook(tmp_path / "export.xlsx", ("AB3", "x"))
    assert workbooks.read_cells(path, ["Ref"])["Ref"].tolist()[0] == "1"
    assert limits.MAX_CELLS > 1_048_576 * 20
