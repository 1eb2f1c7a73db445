"""Files of any format that an export may come in, read the same way: text cells under the file's own headings."""

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
    """How to read files that do not say it themselves.

    Attributes
    ----------
    encoding
        Of text.
    sheet
        The sheet of a workbook, or the layer of a file of points.
    point_crs
        The coordinate system of points.
    """

    encoding: str = "utf-8"
    sheet: str = ""
    point_crs: str = ""


def kind_of(path: Path) -> str:
    """What a file is by what stands in it: workbook, points or text."""
    if path.suffix.lower() in vector_files.SUFFIXES:
        return "points"
    return "workbook" if workbooks.is_workbook(path) else "text"


def read_headings(path: Path, wanted: Iterable[str], reading: Reading) -> list[str]:
    """The headings of the sheet, layer or line that has most of the wanted ones; none where there are none.

    Raises
    ------
    SourceError
        The file cannot be opened.
    """
    kind = kind_of(path)
    if kind == "workbook":
        return workbooks.read_headings(path, wanted, reading.sheet)
    if kind == "points":
        return vector_files.read_headings(path, wanted, reading.sheet)
    return csv_layout.find_layout(path, reading.encoding, wanted).headings


def claimed_share(path: Path, headings: Iterable[str], reading: Reading) -> float:
    """Share of the mapped headings that a file has, 0 to 1: how much it looks like what they are of.

    Raises
    ------
    SourceError
        The file is of a format that an export may have, and cannot be opened.
    """
    wanted = {csv_layout.tidy_heading(text) for text in headings}
    if not wanted or path.suffix.lower() not in SUFFIXES:
        return 0.0
    return len(wanted & set(read_headings(path, wanted, reading))) / len(wanted)


def read_cells(path: Path, headings: Iterable[str], reading: Reading, expected: str) -> tuple[pd.DataFrame, list[int]]:
    """The columns under these headings as stripped text, and which rows had the wrong number of cells, from 1.

    Points bring `easting` and `northing` along, metres. No other column is read.

    Parameters
    ----------
    path
        The file.
    headings
        Wanted; blanks and line breaks inside do not matter.
    reading
        How.
    expected
        What the file was taken for, in words.

    Raises
    ------
    SourceError
        The file cannot be opened, or lacks a heading, or has one twice.
    """
    wanted, kind = list(dict.fromkeys(map(csv_layout.tidy_heading, headings))), kind_of(path)
    if kind == "points":
        return vector_files.read_cells(path, wanted, reading.sheet, reading.point_crs), []
    if kind == "workbook":
        return workbooks.read_cells(path, wanted, reading.sheet), []
    found = csv_layout.find_layout(path, reading.encoding, wanted).headings
    csv_layout.require_columns(path, found, wanted, expected)
    csv_layout.require_once(path, found, wanted)
    return csv_files.read_cells(path, wanted, reading.encoding)


def first_cells(path: Path, reading: Reading) -> tuple[str, pd.DataFrame]:
    """The sheet or layer, and every column of the first rows as text: for proposals, never for a table.

    Raises
    ------
    SourceError
        The file cannot be opened, or has no headings.
    """
    kind = kind_of(path)
    if kind == "workbook":
        sheet, cells = workbooks.first_cells(path, reading.sheet)
    elif kind == "points":
        sheet, cells = vector_files.first_cells(path, reading.sheet)
    else:
        sheet, cells = "", csv_layout.first_cells(path, reading.encoding)
    if len(cells.columns) < 2:
        raise SourceError(f"{path.name}: this is {file_content.what_is(path)}, expected rows under headings.")
    return sheet, cells.loc[:, ~cells.columns.duplicated() & (cells.columns != "")]
