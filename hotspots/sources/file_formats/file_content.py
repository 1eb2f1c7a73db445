"""The beginning of a file, on disk or inside an archive, and what it looks like."""

import codecs
import io
import re
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from hotspots.errors import ParameterError, SourceError

HEAD_BYTES = 1_000_000
_ENCODINGS = re.compile(r"utf-(8|16|32)(-(sig|le|be))?|cp\d+|iso8859-\d+|mac-\w+|ascii|koi8-\w")
# Text has no null character near its beginning.
_TEXT_BYTES = 65_536


@dataclass(frozen=True)
class Member:
    """A file inside an archive, held in memory: it is never unpacked to disk."""

    name: str
    data: bytes

    def open(self, mode: str = "rb") -> BinaryIO:
        """Open the content for reading; `mode` is there because `Path.open` has it."""
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


def read_head(path: Readable, length: int = HEAD_BYTES) -> bytes:
    """Read the first bytes of a file.

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


def read_head_text(path: Readable, encoding: str = "utf-8") -> str:
    """Read the beginning of a file as text; empty for a binary file.

    Raises
    ------
    SourceError
        The file cannot be opened, or its encoding is unknown.
    """
    head = read_head(path)
    is_wide = encoding.lower().replace("_", "-").startswith("utf-16")
    if not is_wide and b"\0" in head[:_TEXT_BYTES]:
        return ""
    try:
        return head.decode(with_mark(encoding), errors="replace")
    except LookupError:
        raise SourceError(
            f"{path.name}: the encoding '{encoding}' is unknown; expected utf-8, cp1252 or utf-16."
        ) from None


def require_encoding(encoding: str, setting: str) -> None:
    """Raise if a setting does not name an encoding of text.

    Raises
    ------
    ParameterError
        Names the setting.
    """
    try:
        name = codecs.lookup(encoding).name
    except (LookupError, ValueError):
        name = ""
    if not _ENCODINGS.fullmatch(name):
        raise ParameterError(f"{setting} is {encoding[:40]!r}, expected an encoding: utf-8, cp1252 or utf-16.")


def with_mark(encoding: str) -> str:
    """Return the encoding that drops a byte order mark, for UTF-8; any other encoding unchanged."""
    return "utf-8-sig" if encoding.lower().replace("-", "").replace("_", "") == "utf8" else encoding


def guess_encoding(path: Path, given: str = "utf-8") -> str:
    """Guess the encoding of a file from its beginning: the given one where it fits."""
    head = read_head(path)
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    try:
        codecs.getincrementaldecoder(given)().decode(head)
    except UnicodeDecodeError:
        return "cp1252"
    return given


def what_is(path: Readable) -> str:
    """Describe what a file looks like, in a few words."""
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
