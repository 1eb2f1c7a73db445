"""Text tables as they arrive: encoding, header and cells, with a clear sentence for what cannot be read."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import pandas as pd
import pyarrow as pa
import pyarrow.csv as arrow_csv

from hotspots.errors import SourceError

HEAD_BYTES = 65_536
BLOCK_BYTES = 8 << 20
LONGEST_LINE = 1_000_000
LISTED = pa.dictionary(pa.int32(), pa.string())


@dataclass(frozen=True)
class Member:
    """A file inside an archive, held in memory: read as a file of its own, never unpacked to disk."""

    name: str
    data: bytes

    def open(self, mode: str = "rb") -> BinaryIO:
        """Its bytes as an open file; `mode` is there because a path has it."""
        return io.BytesIO(self.data)


Readable = Path | Member

# The first bytes of files that are often given a .csv name by mistake.
_MAGIC = {
    b"PK\x03\x04": "a zip archive or an Excel workbook",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"%PDF": "a PDF",
    b"\xff\xfe": "UTF-16 text",
    b"\xfe\xff": "UTF-16 text",
    b"\x1f\x8b": "a gzip archive",
}


def read_header(path: Readable, encoding: str = "utf-8") -> list[str]:
    """The cells of a CSV file's first line; none where the file is empty or no text.

    A byte order mark is passed over, blanks around a heading are dropped.
    """
    head = read_head(path, HEAD_BYTES)
    if b"\0" in head or any(head.startswith(magic) for magic in _MAGIC):
        return []
    text = head.decode(with_mark(encoding), errors="replace")
    try:
        return [cell.strip() for cell in next(csv.reader(io.StringIO(text, newline="")), [])]
    except csv.Error:
        return []


def read_head(path: Readable, length: int) -> bytes:
    """The first bytes of a file.

    Raises
    ------
    SourceError
        The file cannot be opened.
    """
    try:
        with path.open("rb") as file:
            return file.read(length)
    except OSError as error:
        raise SourceError(f"{path.name}: the file cannot be opened ({error.strerror or error}).") from None


def require_columns(path: Readable, header: Iterable[str], needed: Iterable[str], kind: str) -> None:
    """Nothing, where every needed column is in the header.

    Raises
    ------
    SourceError
        Names the file, what it was taken for and the missing columns, or what the file is instead.
    """
    present = set(header)
    missing = [name for name in needed if name not in present]
    if not missing:
        return
    if not present or len(missing) == len(list(needed)):
        raise SourceError(f"{path.name}: this is {what_is(path)}, expected {kind}. Export or download it again.")
    names = ", ".join(f"'{name}'" for name in missing)
    verb = "column is" if len(missing) == 1 else "columns are"
    raise SourceError(f"{path.name}: {verb} missing: {names}; expected of {kind}. Check the export and its headings.")


def read_table(
    path: Readable,
    *,
    encoding: str = "utf-8",
    floats: Iterable[str] = (),
    listed: Iterable[str] = (),
    named: list[str] | None = None,
    only: list[str] | None = None,
) -> tuple[pa.Table, list[int]]:
    """A CSV file's columns as text, and which rows have too few or too many cells, the first row of data being 1.

    Parameters
    ----------
    path
        A CSV file with a header, unless `named` gives the columns' names.
    encoding
        Of the file; nothing is guessed.
    floats
        Columns to read as numbers; where one holds anything else, all of them come as text.
    listed
        Columns of few texts that repeat, to read as dictionaries.
    named
        Names for the columns of a file that has no header.
    only
        Columns to read; all where not given.

    Raises
    ------
    SourceError
        The file cannot be opened, is not in this encoding, or is not CSV.
    """
    broken: list[int] = []

    def set_aside(row: arrow_csv.InvalidRow) -> str:
        broken.append((row.number or 0) - (0 if named else 1))
        return "skip"

    header = named or read_header(path, encoding)
    read = arrow_csv.ReadOptions(
        encoding=encoding, column_names=header, skip_rows_after_names=0 if named else 1, use_threads=False,
        block_size=BLOCK_BYTES,
    )  # fmt: skip
    parse = arrow_csv.ParseOptions(invalid_row_handler=set_aside, newlines_in_values=True)
    types = dict.fromkeys(header, pa.string()) | dict.fromkeys(floats, pa.float64()) | dict.fromkeys(listed, LISTED)
    convert = arrow_csv.ConvertOptions(
        column_types=types, include_columns=only, strings_can_be_null=True, null_values=[""]
    )
    try:
        source = path if isinstance(path, Path) else pa.BufferReader(path.data)
        return arrow_csv.read_csv(source, read, parse, convert), broken
    except pa.ArrowInvalid as error:
        if "conversion error to double" in str(error):
            return read_table(path, encoding=encoding, named=named, only=only, listed=listed)
        raise SourceError(why_unreadable(path, encoding, str(error))) from None
    except UnicodeDecodeError:
        raise SourceError(why_unreadable(path, encoding, "")) from None
    except OSError as error:
        raise SourceError(f"{path.name}: the file cannot be opened ({error.strerror or error}).") from None


def read_text(path: Readable, only: Iterable[str], encoding: str = "utf-8") -> tuple[pd.DataFrame, int]:
    """These columns of a CSV file as stripped text, empty cells NA, and how many rows had the wrong number of cells.

    No other column is read.

    Raises
    ------
    SourceError
        As `read_table`.
    """
    table, broken = read_table(path, encoding=encoding, only=list(dict.fromkeys(only)))
    frame = table.to_pandas(types_mapper={pa.string(): pd.StringDtype(na_value=float("nan"))}.get)
    frame = frame.apply(lambda column: column.str.strip()).replace("", pd.NA)
    return frame.astype("str"), len(broken)


def with_mark(encoding: str) -> str:
    """UTF-8 with or without a byte order mark."""
    return "utf-8-sig" if encoding.replace("-", "").lower() == "utf8" else encoding


def what_is(path: Readable) -> str:
    """What a file looks like, in a word or two."""
    head = read_head(path, 512)
    known = next((name for magic, name in _MAGIC.items() if head.startswith(magic)), None)
    if known:
        return known
    if not head.strip():
        return "an empty file"
    if b"\0" in head:
        return "a binary file"
    if head.lstrip().lower().startswith((b"<!doctype", b"<html")):
        return "a web page"
    return "a file with other columns"


def why_unreadable(path: Readable, encoding: str, reason: str) -> str:
    """One or two sentences on why a file cannot be read as CSV."""
    with path.open("rb") as file:
        for number, line in enumerate(iter(lambda: file.readline(LONGEST_LINE + 1), b""), start=1):
            if len(line) > LONGEST_LINE:
                return (
                    f"{path.name}: line {number} is longer than {LONGEST_LINE // 1_000_000} million characters, "
                    f"which no row is. A line break is missing, or a quotation mark is not closed. Export it again."
                )
            try:
                line.decode(with_mark(encoding))
            except UnicodeDecodeError as error:
                return (
                    f"{path.name}: line {number} is not {encoding.upper()} text (byte 0x{line[error.start]:02X}). "
                    f"Save the file as 'CSV UTF-8', or name its encoding in the settings."
                )
    return f"{path.name}: the file cannot be read as CSV ({reason.splitlines()[0] if reason else 'no reason given'})."
