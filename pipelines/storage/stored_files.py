"""Stored files with a checksum, so that a damaged file is recognised before its content is used.

In a JSON file the checksum is the first entry. In a Parquet file it stands between the last row group and the footer:
readers find both by their positions, so any of them can read the file. Files without a checksum were stored by an
earlier version.
"""

import hashlib
import json
import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

from hotspots.errors import SourceError
from pipelines.storage import atomic_write

T = TypeVar("T")
LOG = logging.getLogger("hotspots")
CHECKSUM = "checksum"  # first entry of a JSON file
_MISSING = "it is missing"
_MARK = b"sha256:"
_DIGEST_BYTES = 32
_TAIL_BYTES = 8  # length of the footer, and the letters PAR1
_BLOCK_BYTES = 1 << 20


class DamagedFileError(SourceError):
    """Error in a stored file: it is missing, or it is not as it was stored."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"'{path}' is damaged: {why}.")
        self.is_missing = why == _MISSING


def write_json(path: Path, facts: dict[str, Any], *, indent: int | None = None) -> None:
    """Write plain data with its checksum, in place of an earlier file."""
    plain = json.loads(json.dumps(facts, default=str))
    text = json.dumps({CHECKSUM: _json_checksum(plain), **plain}, indent=indent)
    with atomic_write.atomic_file(path) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="\n")


def read_json(path: Path, earlier_keys: frozenset[str] | None = None) -> dict[str, Any]:
    """Read plain data, without its checksum.

    Parameters
    ----------
    path
        The file.
    earlier_keys
        Keys of a file that an earlier version stored without a checksum; such a file is damaged if they are None.

    Raises
    ------
    DamagedFileError
        The file is missing, cannot be read, or is not as it was stored.
    """
    try:
        facts = json.loads(_require_file(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise DamagedFileError(path, _reason(error)) from None
    except (ValueError, RecursionError):
        raise DamagedFileError(path, "it is not whole, or not JSON") from None
    if not isinstance(facts, dict):
        raise DamagedFileError(path, "it does not hold what was stored")
    checksum = facts.pop(CHECKSUM, None)
    is_earlier = checksum is None and facts.keys() == earlier_keys
    if not is_earlier and checksum != _json_checksum(facts):
        raise DamagedFileError(path, "its checksum is missing or does not match")
    return facts


@contextmanager
def parquet_file(path: Path) -> Iterator[Path]:
    """Yield a temporary path to write a Parquet file to, which gets its checksum and then its final name."""
    with atomic_write.atomic_file(path) as temporary:
        yield temporary
        _add_checksum(temporary)


def read_parquet(path: Path, read: Callable[[Path], T]) -> T:
    """Read a Parquet file with a function, after its checksum was checked.

    Raises
    ------
    DamagedFileError
        The file is missing, cannot be read, or is not as it was stored.
    """
    require_whole(path)
    try:
        return read(path)
    except Exception as error:  # a damaged file without a checksum raises errors of many kinds
        raise DamagedFileError(path, f"it cannot be read ({type(error).__name__})") from None


def require_whole(path: Path) -> bool:
    """Raise if a Parquet file is not as it was stored; return whether it has a checksum.

    Raises
    ------
    DamagedFileError
        The file is missing, cannot be read, or does not match its checksum.
    """
    try:
        with _require_file(path).open("rb") as file:
            start, footer = _find_footer(file)
            content = start - len(_MARK) - _DIGEST_BYTES
            file.seek(max(content, 0))
            mark, digest = file.read(len(_MARK)), file.read(_DIGEST_BYTES)
            if content < 0 or mark != _MARK:
                return False
            is_whole = _digest(file, content, footer) == digest
    except OSError as error:
        raise DamagedFileError(path, _reason(error)) from None
    if not is_whole:
        raise DamagedFileError(path, "its checksum does not match")
    return True


def read_or_make(path: Path, read: Callable[[Path], T], make: Callable[[], None]) -> T:
    """Read a stored file; one that is missing is made, one that is damaged is made again and reported."""
    if os.path.lexists(path):
        try:
            return read(path)
        except DamagedFileError as error:
            LOG.info("%s It is made again from the raw files.", error)
    make()
    return read(path)


def _require_file(path: Path) -> Path:
    """Return the path of a regular file; reading a pipe or a device would not end."""
    if path.exists() and not path.is_file():
        raise OSError(0, "it is not a file")
    return path


def _reason(error: OSError) -> str:
    is_missing = isinstance(error, FileNotFoundError | NotADirectoryError)
    return _MISSING if is_missing else str(error.strerror or error).lower()


def _json_checksum(facts: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


def _add_checksum(path: Path) -> None:
    """Insert the checksum before the footer of a Parquet file."""
    with path.open("r+b") as file:
        start, footer = _find_footer(file)
        digest = _digest(file, start, footer)
        file.seek(start)
        file.write(_MARK + digest + footer)


def _find_footer(file: BinaryIO) -> tuple[int, bytes]:
    """Return the position of the footer and its bytes; in a damaged file they may be anything."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(size - _TAIL_BYTES, 0))
    length = int.from_bytes(file.read(_TAIL_BYTES)[:4], "little")
    start = max(size - _TAIL_BYTES - length, 0)
    file.seek(start)
    return start, file.read()


def _digest(file: BinaryIO, end: int, footer: bytes) -> bytes:
    """Return the digest of a file up to a position, and of its footer."""
    found = hashlib.sha256()
    file.seek(0)
    while end > 0 and (block := file.read(min(end, _BLOCK_BYTES))):
        found.update(block)
        end -= len(block)
    found.update(footer)
    return found.digest()
