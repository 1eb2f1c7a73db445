"""Delimited text as forces' systems write it: comma, semicolon, tab or bar, title lines above the headings."""

import codecs
import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv

from hotspots.errors import SourceError
from hotspots.sources.file_formats import csv_files

DELIMITERS = (",", ";", "\t", "|")
TITLE_ROWS = 20
HEAD_BYTES = 1_000_000
_LOST = "\ufffd"  # stands for a byte that is no text
_ADDS_NOTHING = re.compile(r"(?i)(open[- ]ended )?response|answer|free text")
# A note may run over lines, but not over so many.
MOST_LINES = 200


@dataclass(frozen=True)
class Layout:
    """How a delimited file is laid out: what parts its cells, its headings, and the lines up to and with them."""

    delimiter: str
    headings: list[str]
    lines: int


def tidy_heading(cell: object) -> str:
    """A heading on one line, without blanks around it."""
    return " ".join(str(cell).split())


def heading_row(rows: list[list[str]], wanted: Iterable[str] = ()) -> int:
    """Which of the first rows holds the headings: most of the wanted ones, or else as many different cells as any."""
    needed = set(wanted)
    if needed:
        found = [len(needed & set(joined_headings(rows, at)[0])) for at in range(len(rows))]
        return int(np.argmax(found)) if any(found) else 0
    filled = [len({cell for cell in row if cell and not _is_number(cell)}) for row in rows]
    at = next((number for number, count in enumerate(filled) if count >= 0.8 * max(filled)), 0)
    return at - 1 if at and _is_parted(rows, at - 1) else at


def joined_headings(rows: list[list[str]], at: int) -> tuple[list[str], int]:
    """The headings that begin in a row, and the row in which they end: the same, or the next where there are two.

    Survey programs write a question once over several columns and its answers beneath: "Worries" over "Litter" and
    "Noise" becomes "Worries - Litter" and "Worries - Noise"; "Open-Ended Response" adds nothing.
    """
    if not _is_parted(rows, at):
        return rows[at], at
    width, parent, joined = max(len(rows[at]), len(rows[at + 1])), "", []
    for above, below in zip(_padded(rows[at], width), _padded(rows[at + 1], width), strict=True):
        parent = above or (parent if below else "")
        is_told = not below or _ADDS_NOTHING.fullmatch(below) or below == parent
        joined.append(parent if is_told else f"{parent} - {below}" if parent else below)
    return joined, at + 1


def _is_parted(rows: list[list[str]], at: int) -> bool:
    """Whether headings go on in the row beneath: under some of them is nothing, though the rows after have it."""
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


def find_layout(path: Path, encoding: str = "utf-8", wanted: Iterable[str] = ()) -> Layout:
    """The layout under which most of the wanted headings are found, or most columns where none is wanted.

    No headings where the file is empty or no text.

    Raises
    ------
    SourceError
        The file cannot be opened.
    """
    text, needed = _head(path, encoding), set(wanted)
    best = Layout(",", [], 0)
    for delimiter in DELIMITERS:
        rows, ends = _rows(text, delimiter, TITLE_ROWS)
        if rows:
            found, at = joined_headings(rows, heading_row(rows, needed))
            layout = Layout(delimiter, found, ends[at])
            best = max(best, layout, key=lambda one: (len(needed & set(one.headings)), len(one.headings)))
    return best


def read_cells(path: Path, headings: Iterable[str], encoding: str = "utf-8") -> tuple[pd.DataFrame, list[int]]:
    """The columns under these headings as stripped text, and which rows had the wrong number of cells, from 1.

    No other column is read.

    Raises
    ------
    SourceError
        The file cannot be opened, is not in this encoding, or is not delimited text.
    """
    layout = find_layout(path, encoding, headings)
    wanted = list(dict.fromkeys(headings))
    names = [name if name in wanted else f"\x1f{number}" for number, name in enumerate(layout.headings)]
    table, broken = _read(path, layout, names, wanted, encoding)
    read, rows = table.num_rows + len(broken), _count_lines(path) - layout.lines
    if rows - read > MOST_LINES:
        unmapped = [name for name in names if name not in wanted]
        others = _read(path, layout, names, unmapped, encoding)[0] if unmapped else table
        texts = [*broken.values(), *_longest(table), *_longest(others)]
        _require_closed(path, max((text.count("\n") for text in texts), default=0))
    frame = table.to_pandas(types_mapper={pa.string(): pd.StringDtype(na_value=float("nan"))}.get)
    return frame.apply(_stripped).astype("str"), list(broken)


def _read(
    path: Path, layout: Layout, names: list[str], wanted: list[str], encoding: str
) -> tuple[pa.Table, dict[int, str]]:
    """Some columns of a file, and the rows with the wrong number of cells, by number, with their text."""
    broken: dict[int, str] = {}

    def set_aside(row: arrow_csv.InvalidRow) -> str:
        broken[(row.number or 0) - layout.lines] = row.text or ""
        return "skip"

    read = arrow_csv.ReadOptions(
        encoding=encoding,
        column_names=names,
        skip_rows=layout.lines,
        block_size=csv_files.BLOCK_BYTES,
        use_threads=False,
    )
    parse = arrow_csv.ParseOptions(delimiter=layout.delimiter, invalid_row_handler=set_aside, newlines_in_values=True)
    convert = arrow_csv.ConvertOptions(
        column_types=dict.fromkeys(wanted, pa.string()),
        include_columns=wanted,
        strings_can_be_null=True,
        null_values=[""],
    )
    try:
        source = _mended(path) if _is_utf8(encoding) and not _holds_utf8(path) else path
        table = arrow_csv.read_csv(source, read, parse, convert)
    except (pa.ArrowInvalid, UnicodeError, LookupError) as error:
        said = str(error) if isinstance(error, pa.ArrowInvalid) else ""
        if "Empty CSV file" in said:
            return pa.table({name: pa.array([], pa.string()) for name in wanted}), {}
        raise SourceError(csv_files.why_unreadable(path, encoding, said)) from None
    except OSError as error:
        raise SourceError(f"{path.name}: the file cannot be opened ({error.strerror or error}).") from None
    if source is not path and any(pc.any(pc.match_substring(column, _LOST)).as_py() for column in table.columns):
        raise SourceError(csv_files.why_unreadable(path, encoding, ""))
    return table, broken


def _is_utf8(encoding: str) -> bool:
    return encoding.lower().replace("-", "").replace("_", "") == "utf8"


def _holds_utf8(path: Path) -> bool:
    """Whether every byte of a file is UTF-8: a row of other bytes would break the reader, wanted or not."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as file:
            for block in iter(lambda: file.read(1 << 22), b""):
                decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _mended(path: Path) -> pa.BufferReader:
    """The file with a mark for every byte that is not UTF-8: columns that nobody wants may hold what they like."""
    return pa.BufferReader(path.read_bytes().decode("utf-8", errors="replace").encode())


def _count_lines(path: Path) -> int:
    with path.open("rb") as file:
        return sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 22), b""))


def _longest(table: pa.Table) -> list[str]:
    """The longest cell of each column."""
    longest = []
    for column in table.columns:
        size = pc.fill_null(pc.binary_length(column), 0)
        longest += [column[pc.index(size, pc.max(size)).as_py()].as_py() or ""] if len(column) else []
    return longest


def _require_closed(path: Path, lines: int) -> None:
    """Nothing, where no cell or row runs over so many lines that a quotation mark must have stayed open."""
    if lines > MOST_LINES:
        raise SourceError(
            f"{path.name}: one cell runs over {lines:,} lines, so a quotation mark is not closed and the rows after it "
            f"are lost. Export the file again, or close the quotation mark."
        )


def first_cells(path: Path, encoding: str = "utf-8", rows: int = 1_000) -> pd.DataFrame:
    """Every column of the first rows as text, under the file's headings: for proposals, never for a table."""
    layout = find_layout(path, encoding)
    found, ends = _rows(_head(path, encoding), layout.delimiter, rows + TITLE_ROWS)
    count = len(layout.headings)
    body = [row for row, end in zip(found, ends, strict=True) if end > layout.lines and len(row) == count]
    return pd.DataFrame(body, columns=pd.Index(layout.headings, dtype="object"), dtype="str").replace("", pd.NA)


def require_once(path: Path, found: list[str], wanted: list[str]) -> None:
    """Nothing, where every wanted heading stands once."""
    twice = [name for name in wanted if found.count(name) > 1]
    if twice:
        raise SourceError(
            f"{path.name}: the heading '{twice[0]}' stands {found.count(twice[0])} times, so it cannot be told which "
            f"column is meant. Rename all but one in the export."
        )


def guess_encoding(path: Path, given: str = "utf-8") -> str:
    """The encoding that the beginning of a file seems to have, for a proposal: the given one where it fits."""
    head = csv_files.read_head(path, HEAD_BYTES)
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    try:
        codecs.getincrementaldecoder(given)().decode(head)
    except UnicodeDecodeError:
        return "cp1252"
    return given


def _head(path: Path, encoding: str) -> str:
    """The beginning of a file as text; nothing where it is no text."""
    head = csv_files.read_head(path, HEAD_BYTES)
    is_wide = encoding.lower().replace("_", "-").startswith("utf-16")
    if not is_wide and b"\0" in head[: csv_files.HEAD_BYTES]:
        return ""
    try:
        return head.decode(csv_files.with_mark(encoding), errors="replace")
    except LookupError:
        raise SourceError(f"{path.name}: '{encoding}' is no encoding; expected utf-8, cp1252 or utf-16.") from None


def _rows(text: str, delimiter: str, count: int) -> tuple[list[list[str]], list[int]]:
    """The first rows that are not blank, and the number of the line on which each ends."""
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
    except csv.Error:  # a cell longer than the module takes: what came before it stands
        pass
    return rows, ends


def _stripped(column: pd.Series) -> pd.Series:
    """Cells without blanks around them and without the null characters that some systems write; empty is missing."""
    if column.str.contains("\0", regex=False).any():  # text with stray null characters still is text
        column = column.str.replace("\0", "", regex=False)
    column = column.str.strip()
    return column.where(column != "")


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
