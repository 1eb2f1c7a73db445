from pathlib import Path

import made_up_report as examples
import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from hotspots import tables
from hotspots.reporting.exports import area_files, workbook
from hotspots.reporting.report import Report

PLANNER = "Areas to patrol"
FULL = "All columns"


def test_the_planners_sheet_stands_first_and_the_dictionary_last(written: Path) -> None:
    book = openpyxl.load_workbook(written / "patrol_areas.xlsx")
    assert book.sheetnames == [PLANNER, FULL, "About", "Columns"]
    assert book[PLANNER].max_row == book[FULL].max_row == 101


def test_a_planner_has_ten_columns_in_words_with_units(written: Path, run: Report) -> None:
    sheet = openpyxl.load_workbook(written / "patrol_areas.xlsx")[PLANNER]
    assert [cell.value for cell in sheet[1]] == [
        "Type", "Rank", "Place", "Team", "Grid reference", f"Expected incidents, {run.horizon_label}",
        "Likely range (80 %)", "Walk around (minutes)", "Change", "Why",
    ]  # fmt: skip
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert [(row[0], row[1]) for row in rows] == [(name, n) for name in ("ASB", "Burglary") for n in range(1, 51)]
    areas = area_files.areas_for_export(run.patrol_areas)
    assert [row[3] for row in rows] == areas["team_name"].tolist() and [row[9] for row in rows] == areas[
        "reason"
    ].tolist()
    assert [row[5] for row in rows] == pytest.approx(areas["expected"].tolist(), abs=0.051)


def test_times_to_visit_take_the_place_of_grid_references(run: Report) -> None:
    areas = area_files.areas_for_export(run.patrol_areas)
    times = ["Fri 19:00 to 22:00 (9 of 21 incidents)", *[None] * (len(areas) - 1)]
    table = workbook.planner_table(areas.assign(peak_times=times), "the next 7 days")
    assert table["When to go"].tolist() == [times[0], *["no peak known"] * (len(areas) - 1)]
    assert "Grid reference" not in table and len(table.columns) == 10


def test_headings_stay_in_view_and_have_a_filter(written: Path) -> None:
    book = openpyxl.load_workbook(written / "patrol_areas.xlsx")
    assert (book[PLANNER].freeze_panes, book[PLANNER].auto_filter.ref) == ("D2", "A1:J101")
    assert book[FULL].freeze_panes == "C2"
    assert book[FULL].auto_filter.ref.startswith("A1:") and book[FULL].auto_filter.ref.endswith("101")


def test_numbers_are_numbers_and_texts_are_texts(written: Path) -> None:
    sheet = openpyxl.load_workbook(written / "patrol_areas.xlsx")[FULL]
    first = {head.value: cell for head, cell in zip(sheet[1], sheet[2], strict=True)}
    assert first["rank"].value == 1 and isinstance(first["expected"].value, float)
    assert first["reason"].data_type == "s" and first["top_k_chance"].number_format == "0%"


def test_every_column_is_explained(written: Path) -> None:
    book = openpyxl.load_workbook(written / "patrol_areas.xlsx")
    explained = {row[0].value: row[2].value for row in book["Columns"].iter_rows(min_row=2)}
    assert set(explained) == {cell.value for cell in book[FULL][1]}
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


def test_a_list_without_areas_has_its_headings(run: Report, tmp_path: Path) -> None:
    areas = area_files.areas_for_export(run.patrol_areas.iloc[:0])
    path = workbook.write_workbook(
        tmp_path / "a.xlsx", areas, title="One", as_of=examples.AS_OF, about=["x"], horizon="the next month"
    )
    book = openpyxl.load_workbook(path)
    assert (book[PLANNER].max_row, book[FULL].max_row) == (1, 1)
    assert (book[PLANNER]["A1"].value, book[FULL]["A1"].value) == ("Type", "rank")


def test_another_library_reads_the_same_types_and_numbers(written: Path, run: Report) -> None:
    book = CalamineWorkbook.from_path(written / "patrol_areas.xlsx")
    head, *rows = book.get_sheet_by_name(FULL).to_python()
    areas = area_files.areas_for_export(run.patrol_areas)
    assert head == [name for name in areas.columns if name != "geometry"]
    for name in ("rank", "longitude", "latitude", "expected", "top_k_chance"):
        read = [row[head.index(name)] for row in rows]
        assert all(isinstance(value, float) for value in read) and read == pytest.approx(areas[name].tolist())
    dictionary = book.get_sheet_by_name("Columns").to_python()
    assert dictionary[0] == ["Column", "Type", "Description"] and [line[0] for line in dictionary[1:]] == head
