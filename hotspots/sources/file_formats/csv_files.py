"""Read delimited text with Arrow, with a clear message for a file that cannot be read."""

import codecs
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv

from hotspots.errors import SourceError
from hotspots.sources.file_formats import csv_layout, file_content, limits
from hotspots.sources.file_formats.csv_layout import Layout
from hotspots.sources.file_formats.file_content import Readable

BLOCK_BYTES = 8 << 20
LONGEST_LINE = 1_000_000
# A note may run over several lines, but not over more than this.
MOST_LINES = 200
CATEGORIES = pa.dictionary(pa.int32(), pa.string())
_REPLACED = "\ufffd"  # what a decoder writes for a byte it cannot read
SkipRow = Callable[[arrow_csv.InvalidRow], str]


def read_csv(
    path: Readable,
    layout: Layout,
    columns: Iterable[str],
    *,
    floats: Iterable[str] = (),
    categories: Iterable[str] = (),
) -> tuple[pa.Table, dict[int, str]]:
    """Read some columns of a delimited file, and the rows with too few or too many cells: text by row number, from 1.

    Parameters
    ----------
    path
        The file.
    layout
        From `csv_layout`.
    columns
        Headings of the columns to read, as text. No other column is read.
    floats
        Columns to read as numbers; if one of them holds other text, all of them come as text.
    categories
        Columns of few different texts, to read as dictionaries.

    Raises
    ------
    SourceError
        The file cannot be opened, is not in its encoding, or is not delimited text.
    """
    _require_size(path, layout)
    types = dict.fromkeys(columns, pa.string())
    types |= dict.fromkeys(floats, pa.float64()) | dict.fromkeys(categories, CATEGORIES)
    try:
        return _read_rows(path, layout, types)
    except pa.ArrowInvalid as error:
        if "conversion error to double" in str(error):
            return read_csv(path, layout, columns, categories=categories)
        if "Empty CSV file" in str(error):
            return pa.table({name: pa.array([], kind) for name, kind in types.items()}), {}
        raise SourceError(_why_unreadable(path, layout.encoding, str(error))) from None
    except UnicodeError:
        raise SourceError(_why_unreadable(path, layout.encoding, "")) from None
    except OSError as error:
        raise SourceError(f"{path.name}: the file cannot be opened ({error.strerror or error}).") from None


def read_cells(path: Path, headings: Iterable[str], encoding: str = "utf-8") -> tuple[pd.DataFrame, list[int]]:
    """Read the columns with these headings as stripped text, and the numbers of rows with the wrong number of cells.

    Raises
    ------
    SourceError
        The file cannot be opened, is not in this encoding, or is not delimited text.
    """
    layout = csv_layout.find_layout(path, encoding, headings)
    table, broken = read_csv(path, layout, headings)
    if _count_lines(path) - layout.lines - table.num_rows - len(broken) > MOST_LINES:
        _require_closed_quotes(path, layout, broken.values())
    columns: dict[str, pd.Series] = {}
    for name in table.column_names:  # one column after the other, so that no two copies of a large file are in memory
        column, table = table[name], table.drop_columns(name)
        columns[name] = _stripped(_to_text(column))
        del column
    return pd.DataFrame(columns), list(broken)


def _to_text(column: pa.ChunkedArray) -> pd.Series:
    """Return a column of text for pandas."""
    return pd.Series(
        column.to_pandas(types_mapper={pa.string(): pd.StringDtype(na_value=float("nan"))}.get), dtype="str"
    )


def _require_size(path: Readable, layout: Layout) -> None:
    """Raise if a file has more columns or bytes than are read."""
    limits.require_within(
        path.name, len(layout.headings), limits.MAX_COLUMNS, "columns", "Export only those that are needed."
    )
    if isinstance(path, Path) and path.is_file():
        limits.require_within(path.name, path.stat().st_size, limits.MAX_TEXT_BYTES, "bytes", "Export it in parts.")


def _read_rows(path: Readable, layout: Layout, types: dict[str, pa.DataType]) -> tuple[pa.Table, dict[int, str]]:
    """Read columns of these types; only a file with broken rows is read a second time, without them."""
    source = path if isinstance(path, Path) else pa.py_buffer(path.data)
    try:
        return _read_arrow(source, layout, types), {}
    except pa.ArrowInvalid as error:
        if "CSV parse error" not in str(error):
            raise
    broken: dict[int, str] = {}

    def skip(row: arrow_csv.InvalidRow) -> str:
        broken[(row.number or 0) - layout.lines] = row.text or ""
        return "skip"

    # Arrow cannot report a broken row that is not UTF-8.
    if file_content.with_mark(layout.encoding) != "utf-8-sig" or _is_utf8(path):
        return _read_arrow(source, layout, types, skip), broken
    with path.open("rb") as file:
        source = pa.py_buffer(file.read().decode("utf-8", errors="replace").encode())
    table = _read_arrow(source, layout, types, skip)
    if any(pc.any(pc.match_substring(column.cast(pa.string()), _REPLACED)).as_py() for column in table.columns):
        raise UnicodeError
    return table, broken


def _read_arrow(
    source: Path | pa.Buffer, layout: Layout, types: dict[str, pa.DataType], skip: SkipRow | None = None
) -> pa.Table:
    """Read columns of these types; a row with the wrong number of cells is an error unless it is skipped."""
    names = [name if name in types else f"\x1f{number}" for number, name in enumerate(layout.headings)]
    read = arrow_csv.ReadOptions(
        encoding=layout.encoding, column_names=names, skip_rows=layout.lines, block_size=BLOCK_BYTES, use_threads=False
    )
    parse = arrow_csv.ParseOptions(delimiter=layout.delimiter, invalid_row_handler=skip, newlines_in_values=True)
    convert = arrow_csv.ConvertOptions(
        column_types=types, include_columns=list(types), strings_can_be_null=True, null_values=[""]
    )
    return arrow_csv.read_csv(source, read, parse, convert)


def _is_utf8(path: Readable) -> bool:
    """Return whether every byte of a file is UTF-8."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as file:
            for block in iter(lambda: file.read(1 << 22), b""):
                decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _stripped(column: pd.Series) -> pd.Series:
    """Strip blanks, and the null characters that some systems write; empty cells become missing."""
    if column.str.contains("\0", regex=False).any():
        column = column.str.replace("\0", "", regex=False)
    column = column.str.strip()
    is_empty = column == ""
    return column.mask(is_empty) if is_empty.any() else column


def _count_lines(path: Path) -> int:
    with path.open("rb") as file:
        return sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 22), b""))


def _require_closed_quotes(path: Path, layout: Layout, broken: Iterable[str]) -> None:
    """Raise if a cell or a broken row runs over so many lines that a quotation mark must have stayed open."""
    every = replace(layout, headings=[str(number) for number in range(len(layout.headings))])
    texts = [*broken, *map(_longest, read_csv(path, every, every.headings)[0].columns)]
    lines = max(text.count("\n") for text in texts)
    if lines > MOST_LINES:
        raise SourceError(
            f"{path.name}: one cell runs over {lines:,} lines, so a quotation mark is not closed and the rows after it "
            f"are lost. Export the file again, or close the quotation mark."
        )


def _longest(column: pa.ChunkedArray) -> str:
    """Return the longest text of a column."""
    size = pc.fill_null(pc.binary_length(column), 0)
    return (column[pc.index(size, pc.max(size)).as_py()].as_py() or "") if len(column) else ""


def _why_unreadable(path: Readable, encoding: str, reason: str) -> str:
    """Say in one or two sentences why a file cannot be read as CSV."""
    with path.open("rb") as file:
        for number, line in enumerate(iter(lambda: file.readline(LONGEST_LINE + 1), b""), start=1):
            if len(line) > LONGEST_LINE:
                return (
                    f"{path.name}: line {number} is longer than {LONGEST_LINE // 1_000_000} million characters. "
                    f"A line break is missing or a quotation mark is not closed. Export the file again."
                )
            try:
                line.decode(file_content.with_mark(encoding))
            except UnicodeDecodeError as error:
                return (
                    f"{path.name}: line {number} is not {encoding.upper()} text (byte 0x{line[error.start]:02X}). "
                    f"Save the file as 'CSV UTF-8', or set its encoding in the settings."
                )
    return f"{path.name}: the file cannot be read as CSV ({reason.splitlines()[0] if reason else 'no reason given'})."
