"""Faults planted in a force's export: each is either refused or reported, in a sentence with advice."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
import shapely

from hotspots.errors import SourceError
from hotspots.sources.force_export import export_cells, export_findings, export_rows
from hotspots.sources.force_export.export_params import ExportParams

PARAMS = ExportParams(
    columns={
        "reference": "Ref", "type": "Type", "recorded_at": "Recorded", "committed_from": "From", "committed_to": "To",
        "easting": "East", "northing": "North", "location": "Place",
    }
)  # fmt: skip
HEADINGS = list(PARAMS.columns.values())
DEGREES = ExportParams(
    columns={"reference": "Ref", "type": "Type", "recorded_at": "Recorded", "longitude": "East", "latitude": "North"}
)
POINTS = ExportParams(columns={"reference": "Ref", "type": "Type", "recorded_at": "Recorded"})
SECRET = "Mill Lane"


def rows(count: int = 10, **cells: object) -> list[list[str]]:
    """Good rows; a keyword replaces a column, by a value for all rows or a function of the row's number."""
    usual = {
        "ref": lambda n: f"A{n}", "type": "Burglary", "recorded": "03/09/2025 09:00", "start": "31/08/2025 22:00",
        "end": "01/09/2025 07:30", "east": lambda n: str(415_000 + n), "north": lambda n: str(184_000 + n),
        "place": SECRET,
    }  # fmt: skip
    made = (usual | cells).values()
    return [[str(cell(n) if callable(cell) else cell) for cell in made] for n in range(count)]


def text(table: list[list[str]], headings: list[str] = HEADINGS, delimiter: str = ",") -> str:
    return "\n".join(delimiter.join(line) for line in [headings, *table]) + "\n"


def workbook(sheets: dict[str, list[list[object]]], hidden: tuple[str, ...] = ()) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, table in sheets.items():
        sheet = book.create_sheet(name)
        sheet.sheet_state = "hidden" if name in hidden else "visible"
        for line in table:
            sheet.append(line)
    if set(hidden) == set(sheets):
        book.create_sheet("Cover")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 150_000_000)
    return out.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LOCKED = OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600
BOOK = workbook({"Data": [HEADINGS, *rows()]})

# Name of the file, what is in it, and the sentence that refuses it.
REFUSED: dict[str, tuple[str, Callable[[], bytes | str], str]] = {
    "utf-16": ("a.csv", lambda: text(rows()).encode("utf-16"), r"a\.csv: this is UTF-16 text, expected the force's ex"),
    "cp1252": (
        "a.csv", lambda: text(rows(place="Zoë's")).encode("cp1252"),
        r"a\.csv: line 2 is not UTF-8 text \(byte 0xEB\)\. Save the file as 'CSV UTF-8', or set its encoding",
    ),
    "nul bytes throughout": ("a.csv", lambda: b"\0" * 5_000, r"a\.csv: this is a binary file, expected"),
    "an empty file": ("a.csv", lambda: "", r"a\.csv: this is an empty file, expected the force's export"),
    "blank lines only": ("a.csv", lambda: "\n\n \n", r"a\.csv: this is an empty file"),
    "a web page": ("a.csv", lambda: "<!DOCTYPE html><html>Sign in</html>", r"a\.csv: this is a web page"),
    "one line of 100 MB": (
        "a.csv", lambda: ",".join(HEADINGS).encode() + b"\n" + b"x" * 100_000_000,
        r"a\.csv: line 2 is longer than 1 million characters\. A line break is missing or a quotation mark is not cl",
    ),
    "a quotation mark that is not closed": (
        "a.csv", lambda: text(rows(1, place='"Mill')) + "x,y\n" * 400_000,
        r"a\.csv: one cell runs over 400,001 lines, so a quotation mark is not closed and the rows after it are lost",
    ),
    "a missing column": (
        "a.csv", lambda: text(rows(), ["Ref", "Type", "Recorded", "From", "To", "East", "N", "Place"]),
        r"a\.csv: the column 'North' is missing; the force's export of incidents needs it\. Check the export",
    ),
    "a heading that stands twice": (
        "a.csv", lambda: text([[*line, "x"] for line in rows()], [*HEADINGS, "Ref"]),
        r"a\.csv: the heading 'Ref' appears 2 times, so it is not clear which column to read\. Rename all but one",
    ),
    "an extra digit throughout": (
        "a.csv", lambda: text(rows(east=lambda n: f"{415_000 + n}0")),
        r"a\.csv: 10 of 10 coordinates have an easting or northing with one digit too many\. Check the export for an",
    ),
    "degrees in columns of metres": (
        "a.csv", lambda: text(rows(east="-1.785", north="51.558")),
        r"a\.csv: 10 of 10 coordinates are in degrees where eastings and northings in metres are expected\. Map longit",
    ),
    "kilometres": (
        "a.csv", lambda: text(rows(east="415.012", north="184.345")),
        r"a\.csv: 10 of 10 coordinates are in kilometres, or have a dot or comma as thousands separator",
    ),
    "easting and northing swapped": (
        "a.csv", lambda: text(rows(east="184000", north="415000")),
        r"a\.csv: easting and northing look swapped: 10 of 10 points lie in the sea as they are and on land the other",
    ),
    "all at 0, 0": (
        "a.csv", lambda: text(rows(east="0", north="0")),
        r"a\.csv: 10 of 10 coordinates are at 0, 0\. Export it again with the coordinates, or map a postcode",
    ),
    "nothing like coordinates": (
        "a.csv", lambda: text(rows(east="-5", north="99999999")), r"a\.csv: 10 of 10 coordinates lie outside Great Brit"
    ),
    "the month before the day": (
        "a.csv", lambda: text(rows(recorded="09/30/2025 09:00")),
        r"a\.csv: the column 'Recorded' has the month before the day in 10 of 10 dates that show their order; dates "
        r'are read day first\. If the month always comes first, set date_format = "%m/%d/%Y %H:%M"',
    ),
    "days and months in both orders": (
        "a.csv", lambda: text(rows(start=lambda n: "08/25/2025 22:00" if n % 2 else "25/08/2025 22:00")),
        r"a\.csv: the column 'From' has the month before the day in 5 of 10 dates that show their order, "
        r"so 03/04 may be 3 April or 4 March\. Export the file again with one date format",
    ),
    "a broken workbook": (
        "a.xlsx", lambda: BOOK[: len(BOOK) // 2],
        r"a\.xlsx: the workbook is damaged and cannot be opened \(.*\)\. Export or copy it again",
    ),
    "a broken sheet": (
        "a.xlsx", lambda: BOOK.replace(b"xl/worksheets/sheet1.xml", b"xl/worksheets/sheetX.xml"),
        r"a\.xlsx: the workbook (is damaged|has no visible sheet)",
    ),
    "a workbook under a password": (
        "a.xlsx", lambda: LOCKED, r"a\.xlsx: the workbook is protected by a password\. Save it without one"
    ),
    "an old workbook that is none": ("a.xls", lambda: OLE + b"\0" * 900, r"a\.xls: the workbook is damaged"),
    "an empty workbook": ("a.xlsx", lambda: b"", r"a\.xlsx: this is an empty file"),
    "a workbook without a row": (
        "a.xlsx", lambda: workbook({"Data": []}), r"a\.xlsx: the workbook has no visible sheet with any rows"
    ),
    "a workbook that unpacks without end": (
        "a.xlsx", bomb, r"a\.xlsx: the workbook would unpack to 0\.2 GB, far more than an export of rows\. It was not"
    ),
    "only a hidden sheet fits": (
        "a.xlsx", lambda: workbook({"Read me": [["About", "this"]], "Data": [HEADINGS, *rows()]}, ("Data",)),
        r"a\.xlsx: no sheet has all the headings; 'Read me' has most of them and lacks 'Ref', .* Hidden sheets are not "
        r"read: 'Data'",
    ),
    "two sheets fit": (
        "a.xlsx", lambda: workbook({"May": [HEADINGS, *rows()], "June": [HEADINGS, *rows()]}),
        r"a\.xlsx: the sheets 'May', 'June' all have the headings\. Choose one in the settings of this kind",
    ),
    "a zip archive named csv": ("a.csv", lambda: b"PK\x03\x04 anything", r"a\.csv: this is a zip archive or an Excel"),
    "a GeoPackage that is none": ("a.gpkg", lambda: b"not a database", r"a\.gpkg: the file cannot be opened as points"),
    "a Shapefile on its own": ("a.shp", lambda: b"\0\0\x27\x0a" + b"\0" * 96, r"a\.shp: the file cannot be opened as "),
}  # fmt: skip


@pytest.mark.parametrize("fault", REFUSED)
def test_a_file_that_is_no_use_is_refused_with_a_sentence(write, fault: str) -> None:
    name, content, sentence = REFUSED[fault]
    path = write(name, content())
    with pytest.raises(SourceError, match=rf"^{sentence}") as caught:
        export_cells.read_export(path, PARAMS)
    message = str(caught.value)
    assert SECRET not in message and str(path.parent) not in message
    assert len(message) < 500 and "\n" not in message


# Columns replaced in one row of ten, and the sentence that tells of it.
TOLD: dict[str, tuple[dict, str]] = {
    "an extra digit": (
        {"east": "4150000"}, r"1 of 10 coordinates have an easting or northing with one digit too many \(largest eas"
    ),
    "degrees in a row": ({"east": "-1.78", "north": "51.5"}, r"1 of 10 coordinates are in degrees where eastings and"),
    "0, 0 in a row": ({"east": "0", "north": "0"}, r"1 of 10 coordinates are at 0, 0"),
    "null island": ({"east": "0.0", "north": "0"}, r"1 of 10 coordinates are at 0, 0"),
    "a place on the moon": ({"east": "-9999999", "north": "-9999999"}, r"1 of 10 coordinates lie outside Great Britai"),
    "a decimal comma": ({"east": '"415000,5"'}, r"1 coordinate written with a comma or a space"),
    "thousands separators": ({"east": '"415,000"', "north": '"184,000"'}, r"2 coordinates written with a comma or"),
    "30 February": ({"recorded": "30/02/2025 10:00"}, r"1 value of 'Recorded' could not be read as a date from 2000"),
    "a date of 1900": ({"start": "01/01/1900 00:00"}, r"1 value of 'From' could not be read as a date from 2000"),
    "an end before the start": ({"end": "30/08/2025 10:00"}, r"1 row with an end before the start"),
    "recorded before it began": ({"recorded": "01/08/2025 09:00"}, r"1 row recorded before the incident started"),
    "an hour that no clock shows": ({"start": "30/03/2025 01:30"}, r"1 time in the hour that is skipped when cl"),
    "an error of Excel": ({"start": "#N/A", "end": "#REF!"}, r"2 cells with an Excel error such as #N/A: 1 in comm"),
    "a column too narrow": ({"recorded": "########"}, r"1 cell with an Excel error such as #N/A: 1 in recorded_at"),
    "a stop and search": ({"type": "Stop and search"}, r"1 of 10 records is police-generated"),
}  # fmt: skip


@pytest.mark.parametrize("fault", TOLD)
def test_a_fault_in_a_row_is_reported_and_no_row_is_lost(write, fault: str) -> None:
    cells, sentence = TOLD[fault]
    path = write("a.csv", text([*rows(9), *rows(1, ref="B", **cells)]))
    raw, broken = export_cells.read_export(path, PARAMS)
    found = export_rows.tidy_incidents(raw, "littleham", PARAMS)
    notes = export_findings.file_findings(path, raw, found, PARAMS)
    assert any(pd.Series(note["finding"]).str.contains(f"^a.csv: {sentence}")[0] for note in notes), notes
    assert (len(found), broken) == (10, [])
    assert all(SECRET not in note["finding"] + note["action"] for note in notes)


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"east": "4150000"}, "outside_force"),
        ({"east": "-1.78", "north": "51.5"}, "outside_force"),
        ({"east": "0", "north": "0"}, "no_coordinates"),
        ({"east": '"415,000"', "north": '"184 000,5"'}, ""),
        ({"recorded": "30/02/2025 10:00", "start": "31/11/2025"}, "unreadable"),
        ({"recorded": "01/01/2999 10:00"}, ""),
        ({"end": "30/08/2025 10:00"}, ""),
        ({"type": "#N/A"}, "unreadable"),
    ],
)
def test_a_faulty_row_is_set_aside_only_where_it_must_be(write, cells: dict, reason: str) -> None:
    path = write("a.csv", text([*rows(9), *rows(1, ref="B", **cells)]))
    found = export_rows.tidy_incidents(export_cells.read_export(path, PARAMS)[0], "littleham", PARAMS)
    assert found["reason"].tolist() == [""] * 9 + [reason]


def test_a_file_in_good_order_has_nothing_to_tell_of(write) -> None:
    path = write("a.csv", text(rows()))
    raw, _ = export_cells.read_export(path, PARAMS)
    assert export_findings.file_findings(path, raw, export_rows.tidy_incidents(raw, "littleham", PARAMS), PARAMS) == []


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx"])
def test_a_locked_file_is_named(write, monkeypatch, name: str) -> None:
    path = write(name, BOOK if name == "a.xlsx" else text(rows()))

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(SourceError, match=rf"^{name}: the file cannot be opened \(Permission denied\)"):
        export_cells.read_export(path, PARAMS)


def test_a_folder_or_a_file_that_is_gone_is_named(tmp_path: Path) -> None:
    for name in ("", "gone.csv", "gone.xlsx", "gone.gpkg"):
        with pytest.raises(SourceError, match="cannot be opened"):
            export_cells.read_export(tmp_path / name, PARAMS)


def test_metres_in_columns_of_degrees_and_swapped_degrees_are_refused(write) -> None:
    with pytest.raises(
        SourceError, match=r"are in metres where longitude and latitude in degrees are expected\. Map east"
    ):
        export_cells.read_export(write("a.csv", text(rows())), DEGREES)
    with pytest.raises(SourceError, match="10 of 10 coordinates have the two coordinates swapped"):
        export_cells.read_export(write("a.csv", text(rows(east="51.5", north="-1.7"))), DEGREES)
    with pytest.raises(SourceError, match="10 of 10 coordinates are at 0, 0"):
        export_cells.read_export(write("a.csv", text(rows(east="0.0001", north="0"))), DEGREES)


def test_a_shapefile_without_its_projection_is_refused_unless_the_settings_say_it(tmp_path: Path) -> None:
    table = pd.DataFrame([line[:3] for line in rows()], columns=HEADINGS[:3])
    points = gpd.GeoDataFrame(table, geometry=shapely.points([[415_000 + n, 184_000] for n in range(10)]), crs=27700)
    points.to_file(tmp_path / "a.shp")
    assert export_cells.read_export(tmp_path / "a.shp", POINTS)[0]["easting"].tolist()[:2] == [415_000, 415_001]
    (tmp_path / "a.prj").unlink()
    with pytest.raises(
        SourceError, match=r"^a\.shp: the file does not name its coordinate system \(there is no \.prj file\)"
    ):
        export_cells.read_export(tmp_path / "a.shp", POINTS)
    params = ExportParams(columns=POINTS.columns, point_crs="EPSG:27700")
    assert export_cells.read_export(tmp_path / "a.shp", params)[0]["easting"].tolist()[:2] == [415_000, 415_001]
    with pytest.raises(SourceError, match="point_crs is 'metres', expected a code such as EPSG:27700"):
        export_cells.read_export(tmp_path / "a.shp", ExportParams(columns=POINTS.columns, point_crs="metres"))
    (tmp_path / "a.dbf").unlink()
    with pytest.raises(SourceError, match=r"^a\.shp: the columns 'Ref', 'Type', 'Recorded' are missing"):
        export_cells.read_export(tmp_path / "a.shp", params)


def test_polygons_are_no_incidents(tmp_path: Path, squares) -> None:
    table = dict.fromkeys(HEADINGS[:3], "x")
    squares((415_000, 184_000, 100), **table).to_file(tmp_path / "a.gpkg")
    with pytest.raises(SourceError, match=r"^a\.gpkg: the file has no points; incidents must be points"):
        export_cells.read_export(tmp_path / "a.gpkg", POINTS)


def test_an_export_without_a_place_is_refused(write) -> None:
    with pytest.raises(
        SourceError, match=r"no column for the location is mapped\. Map easting and northing, longitude and"
    ):
        export_cells.read_export(write("a.csv", text(rows())), POINTS)


def test_a_workbook_under_another_name_is_read_and_named(write) -> None:
    path = write("a.csv", BOOK)
    raw, _ = export_cells.read_export(path, PARAMS)
    notes = export_findings.file_findings(path, raw, export_rows.tidy_incidents(raw, "littleham", PARAMS), PARAMS)
    assert [note["finding"] for note in notes] == ["a.csv: the file is a workbook, although its name says otherwise."]


def test_text_under_the_name_of_a_workbook_is_read(write) -> None:
    assert len(export_cells.read_export(write("a.xlsx", text(rows())), PARAMS)[0]) == 10


def test_hidden_sheets_are_named_and_not_read(write) -> None:
    path = write("a.xlsx", workbook({"Data": [HEADINGS, *rows()], "Old": [HEADINGS, *rows()]}, ("Old",)))
    raw, _ = export_cells.read_export(path, PARAMS)
    notes = export_findings.file_findings(path, raw, export_rows.tidy_incidents(raw, "littleham", PARAMS), PARAMS)
    assert len(raw) == 10
    assert [note["finding"] for note in notes] == ["a.xlsx: 1 hidden sheet in the workbook: 'Old'."]
    named = ExportParams(columns=PARAMS.columns, sheet="Old")
    assert len(export_cells.read_export(path, named)[0]) == 10
    with pytest.raises(SourceError, match=r"there is no sheet 'New'; the sheets are 'Data'"):
        export_cells.read_export(path, ExportParams(columns=PARAMS.columns, sheet="New"))


def test_errors_of_excel_in_a_workbook_are_counted_where_they_stand(write) -> None:
    book = openpyxl.Workbook()
    for line in [HEADINGS, *rows()]:
        book.active.append(line)
    for place in ("D3", "G4", "G5"):
        book.active[place].value, book.active[place].data_type = "#N/A", "e"
    out = io.BytesIO()
    book.save(out)
    path = write("a.xlsx", out.getvalue())
    raw, _ = export_cells.read_export(path, PARAMS)
    found = export_rows.tidy_incidents(raw, "littleham", PARAMS)
    notes = export_findings.file_findings(path, raw, found, PARAMS)
    assert [note["finding"] for note in notes] == [
        "a.xlsx: 3 cells with an Excel error such as #N/A: 1 in committed_from, 2 in northing."
    ]
    assert found["reason"].tolist() == ["", "", "no_coordinates", "no_coordinates", *[""] * 6]


def test_rows_with_cells_too_many_or_too_few_are_counted(write) -> None:
    lines = text(rows()).splitlines()
    path = write("a.csv", "\n".join([*lines, "A,B,C", lines[1] + ",extra", "Total: 10"]))
    raw, broken = export_cells.read_export(path, PARAMS)
    assert (len(raw), broken) == (10, [11, 12, 13])


def test_what_does_not_matter_is_passed_over(write) -> None:
    plain, _ = export_cells.read_export(write("a.csv", text(rows())), PARAMS)
    quoted = text(rows(place='"14 Mill\nLane"'))
    same = {
        "a byte order mark": "\ufeff" + text(rows()),
        "swapped columns": text([line[::-1] for line in rows()], HEADINGS[::-1]),
        "more columns": text([["x", *line, "y"] for line in rows()], ["Victim", *HEADINGS, ""]),
        "semicolons": text(rows(), delimiter=";"),
        "tabs": text(rows(), delimiter="\t"),
        "title lines": "Report of incidents\nRun on 01/10/2025\n\n" + text(rows()),
        "line ends of Windows": text(rows()).replace("\n", "\r\n"),
        "blanks": text([[f" {cell} " for cell in line] for line in rows()], [f" {name} " for name in HEADINGS]),
        "a heading over two lines": text(rows()).replace("Ref", '"\nRef"', 1),
    }  # fmt: skip
    for name, content in same.items():
        pd.testing.assert_frame_equal(export_cells.read_export(write("a.csv", content), PARAMS)[0], plain, obj=name)
    notes = text([[*line, '"one\ntwo"'] for line in rows(300)], [*HEADINGS, "Notes"])
    assert len(export_cells.read_export(write("a.csv", notes), PARAMS)[0]) == 300
    strange = text([[*line, "Zoë"] for line in rows()], [*HEADINGS, "Caller"]).encode("cp1252")
    assert export_cells.read_export(write("a.csv", strange + "Ö,ä,ü\n".encode("cp1252")), PARAMS)[1] == [11]
    wide = ExportParams(columns=PARAMS.columns, encoding="utf-16")
    pd.testing.assert_frame_equal(export_cells.read_export(write("a.csv", text(rows()), "utf-16"), wide)[0], plain)
    assert export_cells.read_export(write("a.csv", quoted), PARAMS)[0]["location"][0] == "14 Mill\nLane"
    late = text(rows(5_000, place="x" * 30)) + "B,Bur\0glary,,,,,,\n"
    assert export_cells.read_export(write("a.csv", late), PARAMS)[0]["type"].iloc[-1] == "Burglary"


def test_locations_with_a_home_are_counted_and_only_their_streets_kept(write) -> None:
    text = "Ref,Type,Recorded,E,N,Place,Team\n" + "".join(
        f"A{number},Burglary,03/09/2025 09:00,415000,184000,{place},{team}\n"
        for number, (place, team) in enumerate(
            [('"12 HIGH STREET, SALISBURY"', "Salisbury NPT"), ('"FLAT 3, MEADOW COURT"', "Salisbury NPT"),
             ("Mill Lane", "PC Jones")]
        )
    )  # fmt: skip
    columns = {"reference": "Ref", "type": "Type", "recorded_at": "Recorded", "easting": "E", "northing": "N",
               "location": "Place", "team": "Team"}  # fmt: skip
    params = ExportParams(columns=columns)
    path = write("a.csv", text)
    raw, _ = export_cells.read_export(path, params)
    found = export_rows.tidy_incidents(raw, "littleham", params)
    assert found["location_text"].fillna("").tolist() == ["High Street, Salisbury", "", "Mill Lane"]
    assert found["team_name"].fillna("").tolist() == ["Salisbury NPT", "Salisbury NPT", ""]
    assert [note["finding"] for note in export_findings.file_findings(path, raw, found, params)] == [
        "a.csv: 2 of 3 locations hold a house number, a flat or a name.",
        "a.csv: 1 cell of the column for the team named a person or a home.",
    ]
