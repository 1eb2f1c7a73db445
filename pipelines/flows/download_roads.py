"""Download: OS Open Roads of Great Britain from Ordnance Survey, for the base maps of all forces.

The archive takes some hundreds of megabytes. It is downloaded in parts to a file beside its final place, so that after
an interruption the next run goes on where the last one ended; its size and MD5 sum are those that the API of
Ordnance Survey lists.
"""

import hashlib
import logging
import shutil
import zipfile
import zlib
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypedDict

import requests

from hotspots.errors import ParameterError, SourceError
from pipelines.engine import flow, step
from pipelines.police_uk_download.download_manifest import DownloadManifest
from pipelines.police_uk_download.http_client import BLOCK, HttpClient, RetryPolicy, read_bounded

LOG = logging.getLogger("hotspots")
FOLDER = "os-open-roads"
LICENCE = "Contains OS data, Crown copyright and database right, licensed under the Open Government Licence v3.0."


@dataclass(frozen=True, kw_only=True)
class RoadsParams:
    """Where OS Open Roads is listed, and how it is downloaded.

    Attributes
    ----------
    list_url
        Address of the list of downloads, or of a copy of it.
    part_bytes
        Bytes of one request; an interruption loses at most as much.
    retry
        Rate limit and retries.
    """

    list_url: str = "https://api.os.uk/downloads/v1/products/OpenRoads/downloads?area=GB&format=GeoPackage"
    part_bytes: int = 16 << 20
    retry: RetryPolicy = field(default_factory=RetryPolicy)

    def __post_init__(self) -> None:
        """Check the address."""
        if not self.list_url.startswith(("https://", "http://")):
            raise ParameterError(f"list_url is '{self.list_url}', expected an address that begins with https://.")


class RoadsSummary(TypedDict):
    """The GeoPackages in the folder, and whether they are new."""

    folder: str
    files: list[str]
    is_new: bool


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A download as the API lists it."""

    url: str
    name: str
    size: int
    md5: str


@flow("download-roads")
def download_roads(folder: Path, params: RoadsParams) -> RoadsSummary:
    """Download OS Open Roads into a folder unless it has the listed version, and return a summary.

    Raises
    ------
    SourceError
        It could not be downloaded, is damaged, or there is no space for it.
    """
    return fetch_roads(folder, params)


@step("Fetch OS Open Roads", retry=True)
def fetch_roads(folder: Path, params: RoadsParams) -> RoadsSummary:
    """Download the archive and unpack its GeoPackages."""
    client, manifest = HttpClient(params.retry), DownloadManifest(folder, LICENCE)
    listed = find_download(client, params.list_url)
    kept = [name for name in manifest.names if manifest.facts(name).get("md5") == listed.md5]
    if kept and all(manifest.is_intact(name) for name in kept):
        return {"folder": str(folder), "files": kept, "is_new": False}
    folder.mkdir(parents=True, exist_ok=True)
    archive = folder / f".{listed.md5}.part"
    for other in folder.glob(".*.part"):
        if other != archive:
            other.unlink()
    _require_space(folder, listed, archive)
    _download(client, listed, archive, params.part_bytes)
    _require_sum(archive, listed)
    files = _unpack(archive, manifest, listed)
    archive.unlink()
    return {"folder": str(folder), "files": files, "is_new": True}


def find_download(client: HttpClient, list_url: str) -> Listed:
    """Return the only download that the API lists under an address.

    Raises
    ------
    SourceError
        The answer lists none or several, or not as expected.
    """
    answer = client.read_json(list_url)
    entry = answer[0] if isinstance(answer, list) and len(answer) == 1 and isinstance(answer[0], dict) else {}
    try:
        url, size, md5 = str(entry["url"]), int(entry["size"]), str(entry["md5"]).lower()
        name = Path(str(entry["fileName"])).name
    except (KeyError, ValueError, TypeError):
        raise SourceError(
            f"{list_url} does not list one download of OS Open Roads with its size and MD5 sum."
        ) from None
    if len(md5) != 32 or not md5.isalnum() or not url.startswith(("https://", "http://")):
        raise SourceError(f"{list_url} lists '{name}' without a valid address and MD5 sum.")
    return Listed(url=url, name=name, size=size, md5=md5)


def _download(client: HttpClient, listed: Listed, archive: Path, part_bytes: int) -> None:
    """Add what is missing to the part of the archive that is there."""
    with archive.open("ab") as file:
        while (start := file.tell()) < listed.size:
            end = min(start + part_bytes, listed.size)

            def read(response: requests.Response, start: int = start, end: int = end) -> None:
                file.truncate(start)  # what an interrupted response left
                if response.status_code == requests.codes.partial_content:
                    if not response.headers.get("Content-Range", "").startswith(f"bytes {start}-{end - 1}/"):
                        raise SourceError(f"{listed.url}: the server sent another part than was requested.")
                    file.write(read_bounded(listed.url, response, end - start))
                    return
                file.truncate(0)  # the server serves no parts, so this is the whole archive
                for block in response.raw.stream(BLOCK):
                    file.write(block)

            client.request(listed.url, read, f"{start}-{end - 1}")
            file.seek(0, 2)
            if file.tell() == start or file.tell() > listed.size:
                raise SourceError(f"{listed.url}: the server sent {file.tell():,} bytes, expected {listed.size:,}.")
            LOG.info("%3d %% of %.1f MB", file.tell() * 100 // listed.size, listed.size / 1e6)


def _require_sum(archive: Path, listed: Listed) -> None:
    """Raise, and delete the archive, unless its MD5 sum is the listed one."""
    with archive.open("rb") as file:
        found = hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
    if found != listed.md5:
        archive.unlink()
        raise SourceError(f"{listed.name} was damaged on its way: its MD5 sum is not the listed one. Run it again.")


def _unpack(archive: Path, manifest: DownloadManifest, listed: Listed) -> list[str]:
    """Write the GeoPackages of the archive into the folder, and return their names."""
    written = []
    try:
        with zipfile.ZipFile(archive) as opened:
            for info in opened.infolist():
                name = Path(info.filename).name
                if name.lower().endswith(".gpkg") and not info.is_dir():
                    with opened.open(info) as member:
                        blocks = iter(partial(member.read, BLOCK), b"")
                        manifest.write(name, blocks, {"url": listed.url, "md5": listed.md5})
                    written.append(name)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise SourceError(f"{listed.name} cannot be opened as a zip archive ({error}).") from None
    if not written:
        raise SourceError(f"{listed.name} holds no GeoPackage.")
    return written


def _require_space(folder: Path, listed: Listed, archive: Path) -> None:
    """Raise unless the disk has space for the archive and, at about three times its size, the unpacked map."""
    free = shutil.disk_usage(folder).free
    needed = 4 * listed.size - (archive.stat().st_size if archive.exists() else 0)
    if needed > free:
        raise SourceError(
            f"OS Open Roads needs about {needed / 1e9:.1f} GB of disk, but '{folder}' has only {free / 1e9:.1f} GB."
        )
