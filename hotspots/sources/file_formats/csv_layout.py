"""The layout of delimited text: comma, semicolon, tab or bar, and title lines above the headings."""

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from hotspots.errors import SourceError
from hotspots.sources.file_formats import file_content
from hotspots.sources.file_formats.file_content import Readable

DELIMITERS = (",", ";", "\t", "|")
TITLE_ROWS = 20
_ADDS_NOTHING = re.compile(r"(?i)(open[- ]ended )?response|answer|free text")


@dataclass(frozen=True)
class Layout:
    """How a delimited file is laid out.

    Attributes
    ----------
    headings
        Names of its columns; empty where there are none.
    lines
        Lines up to and including the headings.
    delimiter, encoding
        Of the whole file.
    """

    headings: list[str]
    lines: int = 0
    delimiter: str = ","
    encoding: str = "utf-8"


def first_row_layout(path: Readable, encoding: str = "utf-8") -> Layout:
    """Return the layout of a comma-separated file whose first row holds the headings.

    Raises
    ------
    SourceError
        The file cannot be opened.
    """
    rows, ends = _rows(file_content.read_head_text(path, encoding), ",", 1)
    return Layout(rows[0], ends[0], encoding=encoding) if rows else Layout([], encoding=encoding)


def find_layout(path: Path, encoding: str = "utf-8", wanted: Iterable[str] = ()) -> Layout:
    """Return the layout that finds most of the wanted headings, or most columns where none is wanted.

    Raises
    ------
    SourceError
        The file cannot be opened.
    """
    text, needed = file_content.read_head_text(path, encoding), set(wanted)
    best = Layout([], encoding=encoding)
    for delimiter in DELIMITERS:
        rows, ends = _rows(text, delimiter, TITLE_ROWS)
        if rows:
            headings, at = joined_headings(rows, heading_row(rows, needed))
            layout = Layout(headings, ends[at], delimiter, encoding)
            best = max(best, layout, key=lambda one: (len(needed & set(one.headings)), len(one.headings)))
    return best


def first_cells(path: Path, encoding: str = "utf-8", rows: int = 1_000) -> pd.DataFrame:
    """Read every column of the first rows as text under the file's headings: for proposals only."""
    layout = find_layout(path, encoding)
    found, ends = _rows(file_content.read_head_text(path, encoding), layout.delimiter, rows + TITLE_ROWS)
    count = len(layout.headings)
    body = [row for row, end in zip(found, ends, strict=True) if end > layout.lines and len(row) == count]
    return pd.DataFrame(body, columns=pd.Index(layout.headings, dtype="object"), dtype="str").replace("", pd.NA)


def tidy_heading(cell: object) -> str:
    """Return a heading on one line with single blanks."""
    return " ".join(str(cell).split())


def heading_row(rows: list[list[str]], wanted: Iterable[str] = ()) -> int:
    """Return the number of the row with most of the wanted headings, or with most different texts."""
    needed = set(wanted)
    if needed:
        found = [len(needed & set(joined_headings(rows, at)[0])) for at in range(len(rows))]
        return int(np.argmax(found)) if any(found) else 0
    filled = [len({cell for cell in row if cell and not _is_number(cell)}) for row in rows]
    at = next((number for number, count in enumerate(filled) if count >= 0.8 * max(filled)), 0)
    return at - 1 if at and _is_parted(rows, at - 1) else at


def joined_headings(rows: list[list[str]], at: int) -> tuple[list[str], int]:
    """Return the headings that begin in a row, and the row in which they end: the same, or the next of two.

    Survey software writes a question once over several columns and its answers beneath: "Worries" over "Litter" and
    "Noise" becomes "Worries - Litter" and "Worries - Noise"; "Open-Ended Response" adds nothing.
    """
    if not _is_parted(rows, at):
        return rows[at], at
    width, parent, joined = max(len(rows[at]), len(rows[at + 1])), "", []
    for above, below in zip(_padded(rows[at], width), _padded(rows[at + 1], width), strict=True):
        parent = above or (parent if below else "")
        adds_nothing = not below or _ADDS_NOTHING.fullmatch(below) or below == parent
        joined.append(parent if adds_nothing else f"{parent} - {below}" if parent else below)
    return joined, at + 1


def require_columns(path: Readable, headings: Iterable[str], needed: Iterable[str], kind: str) -> None:
    """Raise if a needed column is missing from the headings.

    Raises
    ------
    SourceError
        Names the file and the missing columns, or what the file is instead.
    """
    present, needed = set(headings), list(needed)
    missing = [name for name in needed if name not in present]
    if not missing:
        return
    if len(missing) == len(needed):
        raise SourceError(
            f"{path.name}: this is {file_content.what_is(path)}, expected {kind}. Export or download it again."
        )
    it = "it" if len(missing) == 1 else "them"
    raise SourceError(f"{path.name}: {missing_columns(missing)}; {kind} needs {it}. Check the export and its headings.")


def missing_columns(names: list[str]) -> str:
    """Return the beginning of a message about missing columns."""
    quoted = ", ".join(f"'{name}'" for name in names)
    return f"the column {quoted} is missing" if len(names) == 1 else f"the columns {quoted} are missing"


def require_once(path: Path, headings: list[str], wanted: list[str]) -> None:
    """Raise if a wanted heading appears more than once."""
    repeated = [name for name in wanted if headings.count(name) > 1]
    if repeated:
        raise SourceError(
            f"{path.name}: the heading '{repeated[0]}' appears {headings.count(repeated[0])} times, so it is not clear "
            f"which column to read. Rename all but one in the export."
        )


def _is_parted(rows: list[list[str]], at: int) -> bool:
    """Return whether the headings go on in the next row: some cells there are empty, though the data below is not."""
    if len(rows) <= at + 2:
        return False
    width = max(map(len, rows[at : at + 3]))
    above, below, data = (_padded(row, width) for row in rows[at : at + 3])
    alone = [first for up, down, first in zip(above, below, data, strict=True) if up and not down]
    under = [down for up, down in zip(above, below, strict=True) if down and not up]
    is_asked = any(_ADDS_NOTHING.fullmatch(down) for down in below)
    is_text = not any(_is_number(down) for down in below if down)
    return len(alone) >= 2 and sum(map(bool, alone)) >= 2 and is_text and (len(under) >= 2 or is_asked)


def _padded(row: list[str], width: int) -> list[str]:
    return row + [""] * (width - len(row))


def _rows(text: str, delimiter: str, count: int) -> tuple[list[list[str]], list[int]]:
    """Return the first rows that are not blank, and the number of the line on which each ends."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows, ends = [], []
    try:
        for row in reader:
            cells = [tidy_heading(cell) for cell in row]
            if any(cells):
                rows.append(cells)
                ends.append(reader.line_num)
            if len(rows) == count:
                break
    except csv.Error:  # a cell is longer than the csv module allows: the rows before it are good
        pass
    return rows, ends


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
