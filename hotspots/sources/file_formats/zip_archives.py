"""Read the files in a zip archive in memory; nothing is unpacked to disk."""

import lzma
import struct
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from hotspots.errors import SourceError
from hotspots.sources.file_formats.file_content import Member

# A month of the largest force is 25 MB of text, compressed to a fifth; a street file is never far beyond that.
MAX_BYTES = 1 << 30
MAX_RATIO = 200
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
    """List the CSV files inside an archive by name; only its directory is read.

    Raises
    ------
    SourceError
        The archive is damaged, or the name of a file points outside it.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            found = [info for info in archive.infolist() if not info.is_dir() and info.filename.endswith(".csv")]
    except _DAMAGE as error:
        raise SourceError(f"{path.name}: the archive is damaged or cut short ({error}). Download it again.") from None
    for info in found:
        name = PurePosixPath(info.filename.replace("\\\\", "/"))
        if name.is_absolute() or ".." in name.parts:
            raise SourceError(
                f"{path.name}: the name of a file in the archive points outside it. It was not read; download it again."
            )
    entries = [Entry(info.filename, f"crc32-{info.CRC:08x}-{info.file_size}", info.file_size) for info in found]
    return sorted(entries, key=lambda entry: entry.name)


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
