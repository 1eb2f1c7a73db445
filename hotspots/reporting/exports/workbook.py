"""Export patrol areas as an Excel workbook: a sheet per family, and descriptions of the columns."""

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd

from hotspots import tables
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
_WIDTHS = {"rank": 6, "reason": 70, "main_location": 34, "team_name": 22, "patrol_area_id": 22, "hotspot_id": 22}
_ADDED = {
    "longitude": "Longitude (degrees, WGS84) of the centre of the smallest circle around the area.",
    "latitude": "Latitude (degrees, WGS84) of that centre.",
    "easting": "Easting (metres, EPSG:27700) of that centre.",
    "northing": "Northing (metres, EPSG:27700) of that centre.",
}


def write_workbook(path: Path, areas: gpd.GeoDataFrame, *, title: str, as_of: date, about: list[str]) -> Path:
    """Write patrol areas (`area_files.areas_for_export`) as XLSX; texts never become formulas or links.

    Parameters
    ----------
    title, about
        Title property of the file, and lines of the sheet About.
    as_of
        Used as the time of writing, so that the same areas give the same bytes.
    """
    import xlsxwriter

    workbook = xlsxwriter.Workbook(path, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    workbook.set_properties(
        {"title": formatting.clean(title, 200), "created": datetime(as_of.year, as_of.month, as_of.day)}
    )
    plain = pd.DataFrame(areas.drop(columns="geometry"))
    for family in tables.FAMILIES:
        _family_sheet(workbook, formatting.FAMILY_SHORT[family], plain[plain["family"] == family])
    _texts_sheet(workbook, "About", ["About this list"], [[line] for line in [title, *about]], [110])
    _texts_sheet(workbook, "Columns", ["Column", "Type", "Description"], _dictionary(plain), [20, 10, 100])
    workbook.close()
    return path


def _family_sheet(workbook: "Workbook", name: str, areas: pd.DataFrame) -> None:
    """Add the sheet of one family with frozen header and filter, printed on landscape A4."""
    sheet = workbook.add_worksheet(name)
    _header(workbook, sheet, list(areas.columns))
    for column, (header, values) in enumerate(areas.items()):
        style = workbook.add_format(_style(str(header), values))
        sheet.set_column(column, column, _WIDTHS.get(str(header), max(10, len(str(header)) + 3)))
        for row, value in enumerate(values, start=1):
            _write(sheet, row, column, value, style)
    sheet.autofilter(0, 0, max(len(areas), 1), len(areas.columns) - 1)
    sheet.freeze_panes(1, 2)
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
    return {"text_wrap": name in ("reason", "main_location"), "valign": "top"}


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
