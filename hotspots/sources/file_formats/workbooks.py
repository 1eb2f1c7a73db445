"""Read workbooks (XLSX, XLS, XLSB, ODS) as text cells: the sheet with the headings; hidden ones only if named."""

import io
import re
import xml.etree.ElementTree as ET
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hotspots.errors import SourceError
from hotspots.sources.file_formats import csv_layout, file_content, workbook_size

SUFFIXES = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
# Stands for a cell with an Excel error.
ERROR_CELL = "#N/A"
# No export of rows unpacks to more than this.
MAX_UNPACKED_BYTES = 4_000_000_000
MAX_RATIO = 400
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_ERROR = re.compile(rb'<c r="([A-Z]{1,3})(\d+)"[^>]{0,60}\bt="e"')


@dataclass(frozen=True)
class Sheet:
    """A sheet's name, its headings and the rows below them."""

    name: str
    headings: list[str]
    rows: list[list[Any]]
    first_row: int


def is_workbook(path: Path) -> bool:
    """Return whether a file is a workbook by its content, whatever its name."""
    head = file_content.read_head(path, 4)
    if head == _OLE or path.suffix.lower() in SUFFIXES:
        return head in (_OLE, _ZIP)
    if head != _ZIP:
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            return bool({"xl/workbook.xml", "xl/workbook.bin", "content.xml"} & set(archive.namelist()))
    except (zipfile.BadZipFile, OSError):
        return False


def hidden_sheets(path: Path) -> list[str]:
    """Return the names of the hidden sheets."""
    return [meta.name for meta in _open(path).sheets_metadata if not _is_visible(meta)]


def read_cells(path: Path, headings: Iterable[str], sheet: str = "") -> pd.DataFrame:
    """Read the columns with these headings as text, from the sheet that has them all.

    Dates are written as in ISO 8601, whole numbers without a decimal point. A cell with an Excel error is
    `ERROR_CELL`.

    Parameters
    ----------
    path
        A workbook.
    headings
        Of the columns to read.
    sheet
        The sheet to read, hidden or not; by default the visible one with all the headings.

    Raises
    ------
    SourceError
        The workbook cannot be opened, or no sheet or more than one has the headings.
    """
    wanted = list(dict.fromkeys(headings))
    chosen = choose_sheet(path, wanted, sheet)
    csv_layout.require_once(path, chosen.headings, wanted)
    width = len(chosen.headings)
    columns = {}
    for name in wanted:
        at = chosen.headings.index(name)
        columns[name] = _as_text([row[at] if at < len(row) else "" for row in chosen.rows])
    frame = pd.DataFrame(columns, dtype="str")
    errors: dict[str, list[int]] = {}
    for row, column in _error_cells(path, chosen.name):
        if 0 <= row - chosen.first_row < len(frame) and column < width:
            errors.setdefault(chosen.headings[column], []).append(row - chosen.first_row)
    for name in set(errors) & set(wanted):
        is_error = np.zeros(len(frame), dtype=bool)
        is_error[errors[name]] = True
        frame[name] = frame[name].mask(is_error, ERROR_CELL)
    return frame.dropna(how="all").reset_index(drop=True)


def read_headings(path: Path, wanted: Iterable[str], sheet: str = "") -> list[str]:
    """Read the headings of the sheet that has most of the wanted ones."""
    needed = set(wanted)
    sheets = _sheets(path, sheet, needed)
    return max(sheets, key=lambda s: len(needed & set(s.headings))).headings if sheets else []


def first_cells(path: Path, sheet: str = "", rows: int = 1_000) -> tuple[str, pd.DataFrame]:
    """Read the visible sheet with most headings, and every column of its first rows as text: for proposals only."""
    sheets = _sheets(path, sheet, set())
    if not sheets:
        return "", pd.DataFrame()
    best = max(sheets, key=lambda s: (bool(s.rows), len(s.headings)))
    columns = [
        _as_text([row[at] if at < len(row) else "" for row in best.rows[:rows]]) for at in range(len(best.headings))
    ]
    frame = pd.concat(columns, axis=1) if columns else pd.DataFrame()
    return best.name, frame.set_axis(best.headings, axis=1)


def similar_sheets(path: Path, sheet: str) -> list[str]:
    """Return the names of the other visible sheets with the same headings."""
    sheets = _sheets(path, "", set())
    own = next((one.headings for one in sheets if one.name == sheet), [])
    return [one.name for one in sheets if one.name != sheet and one.headings == own]


def choose_sheet(path: Path, wanted: list[str], sheet: str = "") -> Sheet:
    """Return the sheet to read.

    Raises
    ------
    SourceError
        As `read_cells`.
    """
    sheets = _sheets(path, sheet, set(wanted))
    fitting = [s for s in sheets if set(wanted) <= set(s.headings)]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        names = ", ".join(f"'{s.name}'" for s in fitting)
        raise SourceError(
            f"{path.name}: the sheets {names} all have the headings. Choose one in the settings of this kind of file: "
            f'sheet = "{fitting[0].name}".'
        )
    if not sheets:
        raise SourceError(f"{path.name}: the workbook has no visible sheet with any rows.")
    best = max(sheets, key=lambda s: len(set(wanted) & set(s.headings)))
    missing = ", ".join(f"'{name}'" for name in wanted if name not in best.headings)
    hidden = hidden_sheets(path)
    also = f" Hidden sheets are not read: {', '.join(map(repr, hidden))}." if hidden and not sheet else ""
    raise SourceError(
        f"{path.name}: no sheet has all the headings; '{best.name}' has most of them and lacks {missing}. "
        f"Check the export and its headings.{also}"
    )


def _sheets(path: Path, sheet: str, wanted: set[str]) -> list[Sheet]:
    """Return the named sheet, or every visible one with headings."""
    book = _open(path)
    metas = [meta for meta in book.sheets_metadata if str(meta.typ).endswith("WorkSheet")]
    if sheet and sheet not in [meta.name for meta in metas]:
        names = ", ".join(f"'{meta.name}'" for meta in metas if _is_visible(meta))
        raise SourceError(f"{path.name}: there is no sheet '{sheet}'; the sheets are {names}.")
    chosen = [meta for meta in metas if (meta.name == sheet if sheet else _is_visible(meta))]
    found = []
    for meta in chosen:
        try:
            rows = book.get_sheet_by_name(meta.name).to_python(skip_empty_area=False)
        except BaseException as error:  # a panic in calamine's parser is not an Exception
            if isinstance(error, KeyboardInterrupt | SystemExit):
                raise
            raise SourceError(_damaged(path, error)) from None
        top = [[csv_layout.tidy_heading(cell) for cell in row] for row in rows[: csv_layout.TITLE_ROWS]]
        if top:
            headings, at = csv_layout.joined_headings(top, csv_layout.heading_row(top, wanted))
            found.append(Sheet(meta.name, headings, rows[at + 1 :], at + 2))
    return [sheet for sheet in found if any(sheet.headings)]


def _open(path: Path) -> Any:
    """Open a workbook."""
    from python_calamine import CalamineWorkbook, PasswordError

    _require_size(path)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SourceError(f"{path.name}: the file cannot be opened ({error.strerror or error}).") from None
    if not data.strip():
        raise SourceError(f"{path.name}: this is an empty file, expected a workbook. Export it again.")
    if data.startswith(_OLE) and "EncryptedPackage".encode("utf-16-le") in data:
        raise SourceError(_protected(path))
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(data))
    except PasswordError:
        raise SourceError(_protected(path)) from None
    except Exception as error:  # calamine has its own kinds of error, all about the file
        raise SourceError(_damaged(path, error)) from None


def _protected(path: Path) -> str:
    return f"{path.name}: the workbook is protected by a password. Save it without one (File, Info, Protect Workbook)."


def _damaged(path: Path, error: BaseException) -> str:
    reason = (str(error).splitlines() or ["no reason given"])[0]
    return f"{path.name}: the workbook is damaged and cannot be opened ({reason}). Export or copy it again."


def _require_size(path: Path) -> None:
    """Raise if the workbook would unpack to far more than any export."""
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
            packed = sum(entry.compress_size for entry in archive.infolist())
    except (zipfile.BadZipFile, OSError, ValueError):
        return
    if unpacked > MAX_UNPACKED_BYTES or (unpacked > 100_000_000 and unpacked > MAX_RATIO * packed):
        raise SourceError(
            f"{path.name}: the workbook would unpack to {unpacked / 1e9:.1f} GB, far more than an export of rows. "
            f"It was not opened; export it again, or as CSV."
        )
    _require_sheets_within_limits(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=16)
def _require_sheets_within_limits(path: Path, changed_at: int) -> None:
    """Check the sheets of a workbook once, although it is opened several times."""
    workbook_size.require_sheets_within_limits(path)


def _is_visible(meta: Any) -> bool:
    return str(meta.visible).endswith(".Visible")


def _as_text(cells: list[Any]) -> pd.Series:
    """Return the cells of one column as stripped text; empty cells are missing."""
    texts = np.empty(len(cells), dtype=object)
    texts[:] = cells
    kinds = list(map(type, cells))
    count = {kind: kinds.count(kind) for kind in set(kinds)}
    for kind in set(count) - {str}:
        at = np.array([one is kind for one in kinds])
        # A date without a time among dates with times is a midnight.
        is_midnight = kind is date and count.get(datetime, 0) > count[date]
        texts[at] = _format_cells(texts[at], datetime if is_midnight else kind)
    column = pd.Series(texts, dtype="str").str.strip()
    return column.where(column != "")


def _format_cells(cells: NDArray[Any], kind: type) -> NDArray[Any] | list[str]:
    """Write cells of one type as text."""
    if kind is datetime:
        times = cells.astype("datetime64[us]")
        return np.datetime_as_string(times, unit="s" if (times == times.astype("datetime64[s]")).all() else "us")
    if kind is date:
        return np.datetime_as_string(cells.astype("datetime64[D]"))
    if kind is timedelta:  # a time of day in a cell of its own; 24:00 is one
        seconds = [round(cell.total_seconds()) for cell in cells]
        return [f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}" for second in seconds]
    if kind is float and all(cell.is_integer() and abs(cell) < 2**53 for cell in cells):
        return cells.astype("int64").astype("U")
    if kind is float:
        return [str(int(cell)) if cell.is_integer() else repr(cell) for cell in cells]
    return ["" if cell is None else str(cell) for cell in cells]


def _error_cells(path: Path, sheet: str) -> list[tuple[int, int]]:
    """Find the row (from 1) and column (from 0) of each cell with an Excel error; in XLSX files only."""
    try:
        with zipfile.ZipFile(path) as archive:
            part = _part_of(archive, sheet)
            found: list[tuple[int, int]] = []
            with archive.open(part) as xml:
                tail = b""
                while chunk := xml.read(4_000_000):
                    text = tail + chunk
                    if b't="e"' in text:
                        found += [(int(row), _column(name)) for name, row in _ERROR.findall(text)]
                    tail = text[text.rfind(b"<c ") :][-200:] if b"<c " in text else b""
            return sorted(set(found))
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, ET.ParseError, OSError, RuntimeError, ValueError):
        return []


def _part_of(archive: zipfile.ZipFile, sheet: str) -> str:
    """Return the path of a sheet inside an XLSX file."""
    relation = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
    book = ET.fromstring(archive.read("xl/workbook.xml"))
    ids = {e.get("name"): e.get(relation) for e in book.iter() if e.tag.endswith("}sheet")}
    links = ET.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    target = {e.get("Id"): e.get("Target") or "" for e in links}[ids[sheet]]
    return target.lstrip("/") if target.startswith("/") else str(PurePosixPath("xl") / target)


def _column(letters: bytes) -> int:
    """Return the number of a column, from 0, by its letters."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1
