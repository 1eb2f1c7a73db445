"""Archives on a server: read in parts where the server serves byte ranges, otherwise downloaded to a temporary file."""

import io
import logging
import shutil
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import requests
from remotezip import PartialBuffer, RemoteZip, RemoteZipError

from hotspots.errors import SourceError
from hotspots.sources.police_uk import archive_members
from hotspots.sources.police_uk.archive_members import DamagedError
from pipelines.police_uk_download.http_client import BLOCK, ChangedError, HttpClient, read_bounded

LOG = logging.getLogger("hotspots")

LIST_BYTES = 1 << 20  # the list of members at the end of an archive takes about half of it
MAX_PART = 64 << 20  # bytes of an archive in memory at once; a month of the largest force takes about 5 MB
_DAMAGED = (
    zipfile.BadZipFile, RemoteZipError, zlib.error, struct.error, EOFError, NotImplementedError, RuntimeError,
    OverflowError,
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Version:
    """Version of a file on a server: its tag, its date and its size in bytes."""

    etag: str
    last_modified: str
    size: int


@dataclass(frozen=True)
class Archive:
    """An open archive: its address, its version and its members."""

    url: str
    version: Version
    zip: zipfile.ZipFile

    def unpack(self, info: zipfile.ZipInfo) -> Iterator[bytes]:
        """Yield the bytes of a member, checking size and checksum before the last of them.

        Raises
        ------
        DamagedError
            The bytes differ from what the list of members states.
        """
        archive_members.require_bounded(info)
        size = 0
        with _translate_damage(f"{info.filename}: damaged in {self.url}"), self.zip.open(info) as member:
            while block := member.read(BLOCK):
                size += len(block)
                yield block
        if size != info.file_size:
            raise DamagedError(f"{info.filename}: {size:,} bytes came out of {self.url}, expected {info.file_size:,}.")


class RangeFetcher:
    """Fetcher for `RemoteZip` that retries, detects a changed archive and bounds each part."""

    def __init__(self, url: str, session: HttpClient, *, version: Version, support_suffix_range: bool = True) -> None:
        self._url, self._client, self._version = url, session, version

    def fetch(self, data_range: tuple[int, int | None], stream: bool = False) -> PartialBuffer:
        """Return the bytes from the first to the last position, or the last bytes where there is no last position."""
        (first, last), size = data_range, self._version.size
        start, end = (max(first + size, 0), size) if last is None else (first, min(last + 1, size))
        if end - start > MAX_PART:
            raise SourceError(
                f"{self._url}: a part of {(end - start) >> 20:,} MB is larger than any real archive needs."
            )

        def read(response: requests.Response) -> bytes:
            _require_version(self._url, response, self._version)
            if not response.headers.get("Content-Range", "").startswith(f"bytes {start}-{end - 1}/"):
                raise SourceError(f"{self._url}: the server sent another part of the file than was requested.")
            return read_bounded(self._url, response, end - start)

        part = self._client.request(self._url, read, f"{start}-{end - 1}") if start < end else b""
        return PartialBuffer(io.BytesIO(part), start, len(part), stream=False)


@contextmanager
def open_archive(url: str, client: HttpClient, folder: Path) -> Iterator[Archive]:
    """Open an archive on a server; where it has to be downloaded whole, it is kept in the folder meanwhile."""
    version, has_ranges = client.request(url, lambda head: (_version_of(url, head), head.status_code == 206), "0-0")
    with ExitStack() as stack:
        file = None if has_ranges else stack.enter_context(_download_whole(url, client, version, folder))
        with _translate_damage(f"{url} cannot be opened as a zip archive"):
            members: zipfile.ZipFile = (
                zipfile.ZipFile(file) if file else RemoteZip(url, LIST_BYTES, client, RangeFetcher, version=version)
            )
        yield Archive(url, version, stack.enter_context(members))


@contextmanager
def _download_whole(url: str, client: HttpClient, version: Version, folder: Path) -> Iterator[IO[bytes]]:
    """Download a whole archive to a temporary file without a name, so that a killed run leaves nothing behind."""
    LOG.info("%s: the server serves no parts of files, so all %.1f MB are downloaded", url, version.size / 1e6)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _require_space(url, version, folder)
        with tempfile.TemporaryFile(dir=folder) as file:
            client.request(url, lambda response: _write(url, response, version, file))
            yield file
    except OSError as error:
        raise SourceError(f"'{folder}' cannot be written to ({error.strerror}).") from None


def _require_space(url: str, version: Version, folder: Path) -> None:
    """Raise unless the disk has space for the whole archive."""
    free = shutil.disk_usage(folder).free
    if version.size > free:
        raise SourceError(
            f"{url} needs {version.size / 1e9:.1f} GB of disk during the download, but '{folder}' has only "
            f"{free / 1e9:.1f} GB free."
        )


def _write(url: str, response: requests.Response, version: Version, file: IO[bytes]) -> None:
    """Write a whole response to a file, in place of one that was cut."""
    _require_version(url, response, version)
    file.seek(0)
    file.truncate()
    for block in response.raw.stream(BLOCK):
        file.write(block)
        if file.tell() * 20 // version.size > (file.tell() - len(block)) * 20 // version.size:
            LOG.info("%3d %% of %.1f MB", file.tell() * 100 // version.size, version.size / 1e6)


def _require_version(url: str, response: requests.Response, version: Version) -> None:
    """Raise unless the server still has the version that the download began with."""
    if _version_of(url, response) != version:
        raise ChangedError(f"{url} changed while it was being downloaded. Run the same command again.")


def _version_of(url: str, response: requests.Response) -> Version:
    """Return the version of the file that a response is part of."""
    headers = response.headers
    size = headers.get("Content-Range", "").rpartition("/")[2] or headers.get("Content-Length", "")
    if not size.isdigit():
        raise SourceError(f"{url}: the server does not state the size of the file, so a download cannot be checked.")
    return Version(etag=headers.get("ETag", ""), last_modified=headers.get("Last-Modified", ""), size=int(size))


@contextmanager
def _translate_damage(finding: str) -> Iterator[None]:
    """Raise errors of `zipfile` as a `DamagedError` that begins with the finding."""
    try:
        yield
    except _DAMAGED as error:
        raise DamagedError(f"{finding} ({error}).") from None
