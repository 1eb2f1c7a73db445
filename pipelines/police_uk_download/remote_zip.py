"""An archive to take members from: where it lies if its server gives out parts, else fetched whole for a while."""

import json
import logging
import shutil
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from hotspots.errors import SourceError
from hotspots.sources.police_uk import archive_members
from hotspots.sources.police_uk.archive_members import DamagedError
from pipelines.police_uk_download.download_manifest import Ledger
from pipelines.police_uk_download.http_client import BLOCK, RemoteFile, Version, Web
from pipelines.police_uk_download.web_faults import ChangedError
from pipelines.storage import atomic_write

LOG = logging.getLogger("hotspots")

_DAMAGED = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, RuntimeError, OverflowError)


@dataclass(frozen=True)
class Archive:
    """An archive that is open: address, version, members, and the remote file behind it where it is not here."""

    url: str
    version: Version
    zip: zipfile.ZipFile
    remote: RemoteFile | None

    def unpack(self, info: zipfile.ZipInfo) -> Iterator[bytes]:
        """The bytes of one member, its size and its checksum tested before the last of them is out.

        Raises
        ------
        DamagedError
            They are not what the list of members announces.
        """
        archive_members.require_bounded(info)
        size = 0
        try:
            if self.remote:  # the member with its header, in one request
                header = 30 + len(info.orig_filename.encode()) + 4096
                self.remote.hold(info.header_offset, info.header_offset + header + info.compress_size)
            with self.zip.open(info) as member:
                while block := member.read(BLOCK):
                    size += len(block)
                    yield block
        except _DAMAGED as error:
            raise DamagedError(f"{info.filename}: damaged in {self.url} ({error}).") from None
        if size != info.file_size:
            raise DamagedError(f"{info.filename}: {size:,} bytes came out of {self.url}, expected {info.file_size:,}.")


@contextmanager
def opened(url: str, web: Web, ledger: Ledger) -> Iterator[Archive]:
    """An archive; what had to be fetched whole is removed afterwards."""
    version, gives_parts = web.look(url)
    if gives_parts:
        remote = RemoteFile(web, url, version)
        remote.hold(remote.size - (1 << 20), remote.size)  # the list of members stands at the end
        with _open_zip(remote, url) as members:
            yield Archive(url, version, members, remote)
        return
    path = _fetch_whole(url, version, web, ledger)
    try:
        with _open_zip(path, url) as members:
            yield Archive(url, version, members, None)
    finally:
        _remove(path)


def _open_zip(file: RemoteFile | Path, url: str) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(file)
    except _DAMAGED as error:
        raise DamagedError(f"{url} is no archive that can be opened ({error}). Nothing is taken from it.") from None


def _fetch_whole(url: str, version: Version, web: Web, ledger: Ledger) -> Path:
    """The whole archive, under a hidden name; what an earlier run fetched of the same version is not fetched again."""
    path = ledger.place(f".{Path(url).name}.part")
    start = _begin(path, url, version)
    LOG.info("%s: given out in one piece only, so all %.1f MB are fetched", url, version.size / 1e6)
    try:
        with path.open("ab") as file:
            for block in _counted(web.stream(url, start, version.size, version), start, version.size):
                file.write(block)
                file.flush()  # what has arrived stays, whatever happens next
    except ChangedError:
        _remove(path)
        raise
    except OSError as error:
        raise SourceError(f"'{path}' cannot be written ({error.strerror}).") from None
    return path


def _begin(path: Path, url: str, version: Version) -> int:
    """How many bytes of this version are here; what is here of another one goes."""
    says, known = path.with_suffix(".json"), json.dumps({"url": url, **asdict(version)}, sort_keys=True)
    is_same = path.exists() and says.exists() and says.read_text(encoding="utf-8") == known
    start = min(path.stat().st_size, version.size) if is_same else 0
    free = shutil.disk_usage(path.parent).free
    if version.size - start > free:
        need = f"{url} needs {version.size / 1e9:.1f} GB for a while"
        raise SourceError(f"{need}, but '{path.parent}' has only {free / 1e9:.1f} GB free.")
    if not is_same:
        _remove(path)
        with atomic_write.atomic_file(says) as draft:
            draft.write_text(known, encoding="utf-8")
    return start


def _counted(blocks: Iterable[bytes], start: int, size: int) -> Iterator[bytes]:
    """The blocks, with a line for each twentieth of the file."""
    at = start
    for block in blocks:
        if (at + len(block)) * 20 // size > at * 20 // size:
            LOG.info("%3d %% of %s MB", (at + len(block)) * 100 // size, f"{size / 1e6:,.1f}")
        at += len(block)
        yield block


def _remove(path: Path) -> None:
    """Remove what is here of an archive, and the note of its version."""
    for file in (path, path.with_suffix(".json")):
        with suppress(OSError):
            file.unlink()
