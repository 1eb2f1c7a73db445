from pathlib import Path

import made_up_report as examples
import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from hotspots import tables
from hotspots.reporting.exports import area_files, workbook
from hotspots.reporting.report import Report


def test_there_is_a_sheet_for_each_family_and_one_for_the_columns(written: Path) -> None:
    book = openpyxl.load_workbook(written / "patrol_areas.xlsx")
    assert book.sheetnames == ["ASB", "Burglary", "About", "Columns"]
    assert (book["ASB"].max_row, book["Burglary"].max_row) == (51, 51)


def test_the_head_is_frozen_and_has_a_filter(written: Path) -> None:
    sheet = openpyxl.load_workbook(written / "patrol_areas.xlsx")["ASB"]
    assert sheet.freeze_panes == "C2"
    assert sheet.auto_filter.ref.startswith("A1:") and sheet.auto_filter.ref.endswith("51")


def test_numbers_are_numbers_and_texts_are_texts(written: Path) -> None:
    sheet = openpyxl.load_workbook(written / "patrol_areas.xlsx")["ASB"]
    first = {head.value: cell for head, cell in zip(sheet[1], sheet[2], strict=True)}
    assert first["rank"].value == 1 and isinstance(first["expected"].value, float)
    assert first["reason"].data_type == "s" and first["top_k_chance"].number_format == "0%"


def test_every_column_is_explained(written: Path) -> None:
    book = openpyxl.load_workbook(written / "patrol_areas.xlsx")
    explained = {row[0].value: row[2].value for row in book["Columns"].iter_rows(min_row=2)}
    assert set(explained) == {cell.value for cell in book["ASB"][1]}
    assert all(explained.values()) and explained["reason"] == tables.PATROL_AREAS.columns["reason"].description


def test_the_time_of_writing_is_the_day_of_the_report(written: Path) -> None:
    properties = openpyxl.load_workbook(written / "patrol_areas.xlsx").properties
    assert properties.created.date() == properties.modified.date() == examples.AS_OF


def test_no_cell_is_a_formula_or_a_link(hostile_written: Path) -> None:
    book = openpyxl.load_workbook(hostile_written / "patrol_areas.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert not [cell for cell in cells if cell.data_type == "f" or cell.hyperlink]
    texts = [cell.value for cell in cells if cell.data_type == "s"]
    assert any(text.startswith("'=HYPERLINK") for text in texts)
    assert not [text for text in texts if text.startswith(tuple("=+-@＝"))]


def test_an_empty_family_has_a_sheet_with_its_head(run: Report, tmp_path: Path) -> None:
    areas = area_files.areas_for_export(run.patrol_areas[run.patrol_areas["family"] == "asb"])
    path = workbook.write_workbook(tmp_path / "a.xlsx", areas, title="One", as_of=examples.AS_OF, about=["x"])
    sheet = openpyxl.load_workbook(path)["Burglary"]
    assert sheet.max_row == 1 and sheet["A1"].value == "rank"


def test_another_library_reads_the_same_types_and_numbers(written: Path, run: Report) -> None:
    book = CalamineWorkbook.from_path(written / "patrol_areas.xlsx")
    assert book.sheet_names == ["ASB", "Burglary", "About", "Columns"]
    head, *rows = book.get_sheet_by_name("ASB").to_python()
    areas = area_files.areas_for_export(run.patrol_areas[run.patrol_areas["family"] == "asb"])
    assert head == [name for name in areas.columns if name != "geometry"]
    for name in ("rank", "longitude", "latitude", "expected", "top_k_chance"):
        read = [row[head.index(name)] for row in rows]
        assert all(isinstance(value, float) for value in read) and read == pytest.approx(areas[name].tolist())
    dictionary = book.get_sheet_by_name("Columns").to_python()
    assert dictionary[0] == ["Column", "Type", "Description"] and [line[0] for line in dictionary[1:]] == head


@pytest.mark.parametrize("name", ["ASB", "Burglary"])
def test_areas_stand_in_their_ranks_order(written: Path, name: str) -> None:
    sheet = openpyxl.load_workbook(written / "patrol_areas.xlsx")[name]
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == list(range(1, 51))
