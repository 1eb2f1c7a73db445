"""The size of a workbook's sheets, found before they are loaded: one stray cell far away fills the memory."""

import itertools
import re
import xml.parsers.expat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from hotspots.errors import SourceError
from hotspots.sources.file_formats import limits

_CHUNK_BYTES = 4_000_000
_ROW = re.compile(rb"<(?:\w+:)?row\b[^>]*")
_ROW_NUMBER = re.compile(rb"\br\s*=\s*[\"']\s*(\d+)")
# A cell in column AA or later.
_FAR_CELL = re.compile(rb"\br\s*=\s*[\"']\s*([A-Z]{2,3})(\d+)")
_CELL = re.compile(rb"<(?:\w+:)?c\b")
_ADVICE = "Delete the empty rows and columns beyond the data, or save the sheet as CSV."


@dataclass
class _Extent:
    """Rows and columns up to the last cell."""

    rows: int = 0
    columns: int = 0

    def cover(self, rows: int, columns: int) -> None:
        self.rows, self.columns = max(self.rows, rows), max(self.columns, columns)


def require_sheets_within_limits(path: Path) -> None:
    """Raise if a sheet has more rows, columns or cells than are read; a file that is no zip archive is left to others.

    Old workbooks (XLS) have at most 65,536 rows and 256 columns.

    Raises
    ------
    SourceError
        A sheet is too large.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                extent = _extent_of(archive, name)
                limits.require_within(path.name, extent.columns, limits.MAX_COLUMNS, "columns in a sheet", _ADVICE)
                cells = extent.rows * extent.columns
                limits.require_within(path.name, cells, limits.MAX_CELLS, "cells in a sheet", _ADVICE)
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError, RuntimeError, zlib.error) as error:
        if isinstance(error, SourceError):
            raise


def _extent_of(archive: zipfile.ZipFile, name: str) -> _Extent:
    """Return the extent of a part of a workbook; none for a part that is no sheet."""
    lower = name.lower()
    with archive.open(name) as part:
        if lower == "content.xml":
            return _extent_of_ods(part)
        if lower.endswith(".bin"):
            return _extent_of_binary(part) if "sheet" in lower else _Extent()
        return _extent_of_xml(part) if lower.endswith(".xml") else _Extent()
    return _Extent()


def _extent_of_xml(part: IO[bytes]) -> _Extent:
    """Return the extent of a sheet of an XLSX file: cells may lie anywhere, or follow one another without a number."""
    extent, rows = _Extent(), 0
    for text in _chunks(part):
        starts = list(_ROW.finditer(text))
        rows += len(starts)
        numbers = [int(found[1]) for row in starts if (found := _ROW_NUMBER.search(row[0]))]
        extent.cover(max([rows, *numbers]), 0)
        edges = [0, *(row.start() for row in starts), len(text)]
        extent.cover(0, max(len(_CELL.findall(text, *edge)) for edge in itertools.pairwise(edges)))
        for letters, number in set(_FAR_CELL.findall(text)):
            extent.cover(int(number), _column(letters))
    return extent


def _chunks(part: IO[bytes]) -> Iterator[bytes]:
    """Yield the text of a part in pieces that end between rows, where rows are not too long."""
    rest = b""
    while chunk := part.read(_CHUNK_BYTES):
        text = rest + chunk
        end = text.rfind(b"<") if len(text) > 8 * _CHUNK_BYTES else max(text.rfind(b"</row>"), text.rfind(b":row>"))
        cut = end if end > 0 else 0
        if cut:
            yield text[:cut]
        rest = text[cut:]
    yield rest


def _column(letters: bytes) -> int:
    """Return the number of a column, from 1, by its letters."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _extent_of_binary(part: IO[bytes]) -> _Extent:
    """Return the extent of a sheet of an XLSB file: record 0 begins a row, records 1 to 11 are cells."""
    data, at, extent = part.read(), 0, _Extent()
    while at < len(data):
        kind, at = _variable_number(data, at, 2)
        size, at = _variable_number(data, at, 4)
        number = int.from_bytes(data[at : at + 4], "little") + 1
        if kind == 0:
            extent.cover(number, 0)
        elif 1 <= kind <= 11:
            extent.cover(0, number)
        at += size
    return extent


def _variable_number(data: bytes, at: int, longest: int) -> tuple[int, int]:
    """Return a number of seven bits a byte, and the position after it."""
    number = 0
    for shift in range(longest):
        if at >= len(data):
            break
        byte = data[at]
        at += 1
        number |= (byte & 0x7F) << 7 * shift
        if not byte & 0x80:
            break
    return number, at


def _extent_of_ods(part: IO[bytes]) -> _Extent:
    """Return the extent of the sheets of an ODS file; repeated rows and cells count up to the last filled cell."""
    extent = _Extent()
    place = {"row": 0, "column": 0, "repeat": 1, "cell": 1}

    def start(name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(":")[2]
        if tag == "table":
            place.update(row=0)
        elif tag == "table-row":
            place.update(column=0, repeat=_repeats(attributes, "rows"))
            place["row"] += place["repeat"]
        elif tag in ("table-cell", "covered-table-cell"):
            place["column"] += _repeats(attributes, "columns")
            if any(key.rpartition(":")[2] == "value-type" for key in attributes):
                extent.cover(place["row"], place["column"])

    parser = xml.parsers.expat.ParserCreate()
    parser.StartElementHandler = start
    try:
        while chunk := part.read(_CHUNK_BYTES):
            parser.Parse(chunk)
    except xml.parsers.expat.ExpatError:
        return extent
    return extent


def _repeats(attributes: dict[str, str], what: str) -> int:
    """Return how often a row or cell is repeated."""
    given = next((text for key, text in attributes.items() if key.endswith(f"number-{what}-repeated")), "1")
    return int(given) if given.isdecimal() else 1
