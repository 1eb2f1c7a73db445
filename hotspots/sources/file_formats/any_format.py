"""Read a file of any format that an export may come in, as text cells under the file's own headings."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from hotspots.errors import SourceError
from hotspots.sources.file_formats import csv_files, csv_layout, file_content, vector_files, workbooks

TEXT_SUFFIXES = (".csv", ".txt", ".tsv")
SUFFIXES = (*TEXT_SUFFIXES, *workbooks.SUFFIXES, *vector_files.SUFFIXES)


@dataclass(frozen=True, kw_only=True)
class Reading:
    """How to read a file, where the file itself does not say.

    Attributes
    ----------
    encoding
        Encoding of text files; if empty, it is detected.
    sheet
        Sheet of a workbook, or layer of a file of points.
    point_crs
        Coordinate system of points.
    """

    encoding: str = "utf-8"
    sheet: str = ""
    point_crs: str = ""


def format_of(path: Path) -> str:
    """Return the format of a file by its content: workbook, points or text."""
    if path.suffix.lower() in vector_files.SUFFIXES:
        return "points"
    return "workbook" if workbooks.is_workbook(path) else "text"


def read_headings(path: Path, wanted: Iterable[str], reading: Reading) -> list[str]:
    """Read the headings of the sheet, layer or line that has most of the wanted ones.

    Raises
    ------
    SourceError
        The file cannot be opened.
    """
    file_format = format_of(path)
    if file_format == "workbook":
        return workbooks.read_headings(path, wanted, reading.sheet)
    if file_format == "points":
        return vector_files.read_headings(path, wanted, reading.sheet)
    return csv_layout.find_layout(path, _encoding(path, reading), wanted).headings


def matching_share(path: Path, headings: Iterable[str], reading: Reading) -> float:
    """Return the share of the mapped headings that a file has, 0 to 1.

    Raises
    ------
    SourceError
        The file has a suffix that an export may have, and cannot be opened.
    """
    wanted = {csv_layout.tidy_heading(text) for text in headings}
    if not wanted or path.suffix.lower() not in SUFFIXES:
        return 0.0
    return len(wanted & set(read_headings(path, wanted, reading))) / len(wanted)


def read_cells(path: Path, headings: Iterable[str], reading: Reading, expected: str) -> tuple[pd.DataFrame, list[int]]:
    """Read the columns with these headings as stripped text, and the numbers of rows with the wrong number of cells.

    Points also have `easting` and `northing` (metres). No other column is read. Rows are numbered from 1.

    Parameters
    ----------
    path
        The file.
    headings
        Of the columns to read; blanks and line breaks inside do not matter.
    reading
        How to read it.
    expected
        What the file should be, for messages: "a patrol log".

    Raises
    ------
    SourceError
        The file cannot be opened, lacks a heading, or has one twice.
    """
    wanted, file_format = list(dict.fromkeys(map(csv_layout.tidy_heading, headings))), format_of(path)
    if file_format == "points":
        return vector_files.read_cells(path, wanted, reading.sheet, reading.point_crs), []
    if file_format == "workbook":
        return workbooks.read_cells(path, wanted, reading.sheet), []
    encoding = _encoding(path, reading)
    found = csv_layout.find_layout(path, encoding, wanted).headings
    csv_layout.require_columns(path, found, wanted, expected)
    csv_layout.require_once(path, found, wanted)
    return csv_files.read_cells(path, wanted, encoding)


def first_cells(path: Path, reading: Reading) -> tuple[str, pd.DataFrame]:
    """Read the name of the sheet or layer, and every column of the first rows as text: for proposals only.

    Raises
    ------
    SourceError
        The file cannot be opened, or has no headings.
    """
    file_format = format_of(path)
    if file_format == "workbook":
        sheet, cells = workbooks.first_cells(path, reading.sheet)
    elif file_format == "points":
        sheet, cells = vector_files.first_cells(path, reading.sheet)
    else:
        sheet, cells = "", csv_layout.first_cells(path, _encoding(path, reading))
    if len(cells.columns) < 2:
        raise SourceError(f"{path.name}: this is {file_content.what_is(path)}, expected rows under headings.")
    return sheet, cells.loc[:, ~cells.columns.duplicated() & (cells.columns != "")]


def _encoding(path: Path, reading: Reading) -> str:
    """Return the encoding of a text file."""
    return reading.encoding or file_content.guess_encoding(path)
