"""Read the files in a zip archive in memory; nothing is unpacked to disk."""

import lzma
import struct
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from hotspots.errors import SourceError
from hotspots.sources.file_formats import limits
from hotspots.sources.file_formats.file_content import Member

# A month of the largest force is 25 MB of text, compressed to a fifth; a street file is never far beyond that.
MAX_BYTES = 1 << 30
MAX_RATIO = 200
MAX_TOTAL_BYTES = 4 << 30
_LEFT_BY_SYSTEMS = {"__MACOSX", "Thumbs.db", "desktop.ini"}
# What reading a damaged or encrypted archive may raise.
_DAMAGE = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, OSError, RuntimeError, NotImplementedError,
    ValueError, KeyError, IndexError,
)  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """A file inside an archive: its name, check sum and size in bytes, from the archive's own directory."""

    name: str
    check_sum: str
    size: int


def list_members(path: Path) -> list[Entry]:
    """List the files inside an archive by name; only its directory is read, and hidden files are skipped.

    Raises
    ------
    SourceError
        The archive is damaged, or the name of a file points outside it.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            found = [info for info in archive.infolist() if not info.is_dir() and not _is_hidden(info.filename)]
    except _DAMAGE as error:
        raise SourceError(f"{path.name}: the archive is damaged or cut short ({error}). Download it again.") from None
    for info in found:
        name = PurePosixPath(info.filename.replace("\\\\", "/"))
        if name.is_absolute() or ".." in name.parts:
            raise SourceError(
                f"{path.name}: the name of a file in the archive points outside it. It was not read; download it again."
            )
    limits.require_within(path.name, len(found), limits.MAX_MEMBERS, "files in it", "Unpack what is needed.")
    entries = [Entry(info.filename, f"crc32-{info.CRC:08x}-{info.file_size}", info.file_size) for info in found]
    return sorted(entries, key=lambda entry: entry.name)


def _is_hidden(name: str) -> bool:
    """Return whether a file is one that systems leave in archives."""
    return any(
        (part.startswith(".") and part != "..") or part in _LEFT_BY_SYSTEMS for part in PurePosixPath(name).parts
    )


def require_size(path: Path, entries: list[Entry]) -> None:
    """Raise if files of an archive would unpack to more than is read.

    Raises
    ------
    SourceError
        They are too large.
    """
    size = sum(entry.size for entry in entries)
    if size > MAX_TOTAL_BYTES:
        raise SourceError(
            f"{path.name}: the archive would unpack to {size / 1e9:,.1f} GB; at most {MAX_TOTAL_BYTES / 1e9:,.0f} GB "
            "are read. Unpack what is needed."
        )


def read_member(path: Path, name: str) -> Member:
    """Read one file of an archive.

    Raises
    ------
    SourceError
        The file is damaged, encrypted or far too large.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            info = archive.getinfo(name)
            if info.file_size > MAX_BYTES or info.file_size > MAX_RATIO * max(info.compress_size, 1_000):
                raise SourceError(
                    f"{path.name}: '{PurePosixPath(name).name}' would unpack from {info.compress_size / 1e6:,.1f} MB "
                    f"to {info.file_size / 1e6:,.0f} MB, far more than a month of a force. It was not read."
                )
            with archive.open(info) as file:
                data = file.read(info.file_size + 1)
    except SourceError:
        raise
    except _DAMAGE as error:
        raise SourceError(f"{path.name}: '{PurePosixPath(name).name}' is damaged in the archive ({error}).") from None
    return Member(PurePosixPath(name).name, data)
