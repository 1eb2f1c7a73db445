"""Export patrol areas as an Excel workbook: a sheet for planners, one with every column, and their descriptions."""

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd

from hotspots import crs, tables
from hotspots.reporting import formatting

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

_FORMATS = {
    "longitude": "0.00000",
    "latitude": "0.00000",
    "top_k_chance": "0%",
    "easting": "0",
    "northing": "0",
    "radius_m": "0",
    "area_m2": "#,##0",
    "walk_minutes": "0",
}
_WIDTHS = {
    "Type": 9, "Rank": 6, "Place": 28, "Team": 24, "When to go": 30, "Grid reference": 13, "Change": 16, "Why": 60,
    "rank": 6, "reason": 70, "main_location": 34, "team_name": 22, "patrol_area_id": 22, "hotspot_id": 22,
}  # fmt: skip
_WRAPPED = {"Place", "Team", "When to go", "Why", "reason", "main_location"}
_ADDED = {
    "longitude": "Longitude (degrees, WGS84) of the centre of the smallest circle around the area.",
    "latitude": "Latitude (degrees, WGS84) of that centre.",
    "easting": "Easting (metres, EPSG:27700) of that centre.",
    "northing": "Northing (metres, EPSG:27700) of that centre.",
}


def write_workbook(
    path: Path, areas: gpd.GeoDataFrame, *, title: str, as_of: date, about: list[str], horizon: str
) -> Path:
    """Write patrol areas (`area_files.areas_for_export`) as XLSX; texts never become formulas or links.

    The first sheet is for planners: ten columns in words. The second has every column, and the last describes them.

    Parameters
    ----------
    title, about
        Title property of the file, and lines of the sheet About.
    as_of
        Used as the time of writing, so that the same areas give the same bytes.
    horizon
        Period of the expected incidents in words: "the next 7 days".
    """
    import xlsxwriter

    workbook = xlsxwriter.Workbook(path, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    workbook.set_properties(
        {"title": formatting.clean(title, 200), "created": datetime(as_of.year, as_of.month, as_of.day)}
    )
    plain = pd.DataFrame(areas.drop(columns="geometry"))
    _table_sheet(workbook, "Areas to patrol", planner_table(plain, horizon), frozen_columns=3)
    _table_sheet(workbook, "All columns", plain, frozen_columns=2)
    _texts_sheet(workbook, "About", ["About this list"], [[line] for line in [title, *about]], [110])
    _texts_sheet(workbook, "Columns", ["Column", "Type", "Description"], _dictionary(plain), [20, 10, 100])
    workbook.close()
    return path


def planner_table(areas: pd.DataFrame, horizon: str) -> pd.DataFrame:
    """Return what a planner needs of each area, ASB before burglary, with headings in words.

    Data without times has grid references instead of times to visit.
    """
    when = [formatting.when(row) for _, row in areas.iterrows()]
    if any(when):
        where_or_when = {"When to go": [text or "no peak known" for text in when]}
    else:
        points = zip(areas["easting"], areas["northing"], strict=True)
        where_or_when = {"Grid reference": [crs.grid_reference(*point) for point in points]}
    likely = zip(areas["expected_low"], areas["expected_high"], strict=True)
    columns = {
        "Type": [formatting.FAMILY_SHORT[family] for family in areas["family"]],
        "Rank": list(areas["rank"]),
        "Place": [formatting.street(name) for name in areas["main_location"]],
        "Team": list(areas["team_name"]),
        **where_or_when,
        f"Expected incidents, {horizon}": list(areas["expected"].round(1)),
        "Likely range (80 %)": [formatting.value_range(*ends) for ends in likely],
        "Walk around (minutes)": list(areas["walk_minutes"].round()),
        "Change": [formatting.STATUS_LABELS.get(str(status), "") for status in areas["status"]],
        "Why": list(areas["reason"]),
    }
    return pd.DataFrame(columns)


def _table_sheet(workbook: "Workbook", name: str, table: pd.DataFrame, *, frozen_columns: int) -> None:
    """Add a sheet of a table with frozen headings and a filter, printed on landscape A4."""
    sheet = workbook.add_worksheet(name)
    _header(workbook, sheet, list(table.columns))
    for column, (header, values) in enumerate(table.items()):
        style = workbook.add_format(_style(str(header), values))
        sheet.set_column(column, column, _WIDTHS.get(str(header), max(10, min(len(str(header)), 16) + 3)))
        for row, value in enumerate(values, start=1):
            _write(sheet, row, column, value, style)
    sheet.autofilter(0, 0, max(len(table), 1), len(table.columns) - 1)
    sheet.freeze_panes(1, frozen_columns)
    _print_setup(sheet)


def _texts_sheet(workbook: "Workbook", name: str, header: list[str], rows: list[list[str]], widths: list[int]) -> None:
    """Add a sheet of wrapped texts."""
    sheet = workbook.add_worksheet(name)
    wrapped = workbook.add_format({"text_wrap": True, "valign": "top"})
    _header(workbook, sheet, header)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    for number, row in enumerate(rows, start=1):
        for column, text in enumerate(row):
            _write(sheet, number, column, text, wrapped)
    sheet.freeze_panes(1, 0)
    _print_setup(sheet)


def _header(workbook: "Workbook", sheet: "Worksheet", names: list[str]) -> None:
    style = workbook.add_format({"bold": True, "bg_color": "#E6E9EC", "bottom": 1, "valign": "top"})
    for column, name in enumerate(names):
        sheet.write_string(0, column, name, style)


def _print_setup(sheet: "Worksheet") -> None:
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _style(name: str, values: pd.Series) -> dict[str, Any]:
    """Return the cell format of a column."""
    if pd.api.types.is_integer_dtype(values.dtype):
        return {"num_format": "#,##0", "valign": "top"}
    if pd.api.types.is_float_dtype(values.dtype):
        return {"num_format": _FORMATS.get(name, "0.00"), "valign": "top"}
    return {"text_wrap": name in _WRAPPED, "valign": "top"}


def _write(sheet: "Worksheet", row: int, column: int, value: Any, style: Any) -> None:
    """Write a number, a blank for a missing value, or a text."""
    if pd.isna(value):
        sheet.write_blank(row, column, None, style)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        sheet.write_number(row, column, value, style)
    else:
        text = value.isoformat() if isinstance(value, pd.Timestamp) else value
        sheet.write_string(row, column, formatting.escape_formula(formatting.clean(text)), style)


def _dictionary(areas: pd.DataFrame) -> list[list[str]]:
    """Return name, type and description of each column."""
    declared = tables.PATROL_AREAS.columns
    rows = []
    for name in areas.columns:
        column = declared.get(name)
        kind = column.kind if column else "float64" if pd.api.types.is_float_dtype(areas[name].dtype) else "str"
        prefixed = "A component of the score." if name.startswith("score_") else "Peak times of dated incidents."
        rows.append([name, kind, column.description if column else _ADDED.get(name, prefixed)])
    return rows
