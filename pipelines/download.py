"""Download: one force's months and neighbourhoods from data.police.uk into its raw folder.

An archive holds 36 months of every force in one to two gigabytes: only the members wanted are fetched out of it, by
parts; where a server or a proxy gives out no parts, the whole archive is fetched first, and goes on where it stopped.
A file gets its name only when it is whole and checked, and `download.json` says where it came from, so that the next
run asks for nothing that is there.
"""

import difflib
import hashlib
import json
import logging
import os
import re
import shutil
import ssl
import struct
import time
import urllib.request
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pandas as pd

from hotspots.errors import ParameterError, SourceError
from hotspots.sources import police_uk_api as api
from pipelines.settings import DEMO
from pipelines.steps import Flow, Step

LOG = logging.getLogger("hotspots")

LEDGER = "download.json"
LICENCE = "Contains public sector information from data.police.uk, licensed under the Open Government Licence v3.0."
MONTHS_IN_ARCHIVE = 36
MAX_UNANSWERED = 3  # neighbourhoods; more than that is no slip of the server
_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
_DAMAGED = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, RuntimeError, OverflowError)


@dataclass(frozen=True, kw_only=True)
class DownloadParams:
    """What to fetch, from where.

    Attributes
    ----------
    first_month, last_month
        YYYY-MM, both included. Without a last month, up to the latest published; without a first, the 36 months up to
        the last.
    refresh
        Ask for months that are there too, and fetch those that were revised since.
    base_url
        Of data.police.uk, or a copy of it.
    manners
        How politely.
    """

    first_month: str = ""
    last_month: str = ""
    refresh: bool = False
    base_url: str = "https://data.police.uk"
    manners: api.Manners = field(default_factory=api.Manners)

    def __post_init__(self) -> None:
        """Check months and address."""
        for option, month in (("--from", self.first_month), ("--to", self.last_month)):
            if month and not _MONTH.fullmatch(month):
                raise ParameterError(f"{option} is '{month}', expected a month like 2024-01.")
        if self.first_month and self.last_month and self.first_month > self.last_month:
            raise ParameterError(f"--from {self.first_month} is later than --to {self.last_month}.")
        if not self.base_url.startswith(("https://", "http://")):
            raise ParameterError(f"base_url is '{self.base_url}', expected an address that begins with https://.")

    def months_to(self, last: str) -> set[str]:
        """The months wanted, where `last` is the last of them."""
        start = pd.Period(self.first_month or last, freq="M") - (0 if self.first_month else MONTHS_IN_ARCHIVE - 1)
        return {str(month) for month in pd.period_range(start, last, freq="M")}


@dataclass(kw_only=True)
class Outcome:
    """Files fetched, files that were there already, and in sentences what is not published and what went wrong."""

    fetched: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Site:
    """Where files come from, and the ledger of where they go."""

    base_url: str
    web: api.Web
    ledger: "Ledger"


@dataclass(frozen=True)
class Archive:
    """An archive that is open: address, version, members, and the remote file behind it where it is not here."""

    url: str
    version: api.Version
    zip: zipfile.ZipFile
    remote: api.RemoteFile | None

    def hold(self, info: zipfile.ZipInfo) -> None:
        """Fetch one member, its header included, in one request."""
        if self.remote:
            header = 30 + len(info.orig_filename.encode()) + 4096
            self.remote.hold(info.header_offset, info.header_offset + header + info.compress_size)


def compose(force: str, folder: Path, params: DownloadParams) -> dict[str, Any]:
    """Fetch what is missing, and tell what is there.

    Raises
    ------
    ParameterError
        The force is made up, or a certificate file cannot be read.
    SourceError
        Nothing could be fetched, or nothing could be written.
    """
    require_real(force)
    months = fetch_months(force, folder, params)
    areas = fetch_neighbourhoods(force, folder, params)
    return check_outcome(force, folder, months, areas)


def _require_real(force: str) -> None:
    """Nothing, where the slug can be one of a force."""
    if force == DEMO:
        raise ParameterError("Littleham is made up, so nothing can be downloaded; 'hotspots weekly' makes its files.")
    if not re.fullmatch("[a-z][a-z-]*", force):
        raise ParameterError(f"'{force}' is no name of a force on data.police.uk, expected one like 'west-mercia'.")


def _fetch_months(force: str, folder: Path, params: DownloadParams) -> Outcome:
    """The force's street files of the months wanted, out of as few archives as hold them."""
    site, outcome = Site(params.base_url, web_of(params.manners), Ledger(folder)), Outcome()
    try:
        last = params.last_month or _latest_month(site)
        missing = params.months_to(last)
        if not params.refresh:
            outcome.kept = [name for name in _names(missing, force) if site.ledger.is_intact(name)]
            missing -= {Path(name).parent.name for name in outcome.kept}
        _search_archives(last, missing, force, site, outcome)
    except SourceError as error:
        _tell(outcome.faults, str(error))
    return outcome


def _search_archives(last: str, missing: set[str], force: str, site: Site, outcome: Outcome) -> None:
    """Take the missing months from the archive of the last one, else the latest one, else those of older months."""
    archive, tried, held = last, set[str](), set[str]()
    while missing and archive:
        tried.add(archive)
        try:
            found = _take_from(f"{site.base_url}/data/archive/{archive}.zip", missing, force, site, outcome)
            held, missing = held | found, missing - found
        except api.NotThereError as error:
            LOG.info("%s", error)
        except api.DamagedError as error:
            _tell(outcome.faults, str(error))
        later = {month for month in missing if archive == "latest" and month > max(held, default="9999")}
        if later:
            _tell(outcome.absent, f"{_span(later)}: not published yet; the latest month is {max(held)}.")
            missing -= later
        choices = (*(() if held else ("latest",)), *sorted(missing, reverse=True))
        archive = next((name for name in choices if name not in tried), "")
    if missing:
        _tell(outcome.absent, f"{_span(missing)}: in none of the archives; data.police.uk keeps about three years.")


def _take_from(url: str, months: set[str], force: str, site: Site, outcome: Outcome) -> set[str]:
    """Fetch what an archive holds of the months; gives all its months. Opened again where it changes meanwhile."""
    tries = 3
    while True:
        try:
            with _open_archive(url, site) as archive:
                return _take_members(archive, months, force, site, outcome)
        except api.ChangedError as error:
            tries -= 1
            if not tries:
                raise
            LOG.info("%s", error)


def _take_members(archive: Archive, months: set[str], force: str, site: Site, outcome: Outcome) -> set[str]:
    """Fetch the force's street files of the months; gives all months of the archive."""
    members = api.street_members(archive.zip.infolist(), archive.url)
    held, forces = {month for month, _ in members}, {slug for _, slug in members}
    size_mb = archive.version.size / 1e6
    LOG.info("%s: %s, %d forces, %.1f MB", archive.url, _span(held) or "no month", len(forces), size_mb)
    for month in sorted(months & held):
        if (month, force) in members:
            _take_member(archive, members[month, force], site, outcome)
    without = {month for month in months & held if (month, force) not in members}
    if without and force in forces:
        _tell(outcome.absent, f"{_span(without)}: {force} published nothing; that is no data, not no crime.")
    elif without:
        near = difflib.get_close_matches(force, forces, n=1)
        hint = f"did you mean '{near[0]}'?" if near else f"it has {', '.join(sorted(forces)) or 'no force'}."
        _tell(outcome.absent, f"{archive.url} has no file of '{force}'; {hint}")
    return held


def _take_member(archive: Archive, info: zipfile.ZipInfo, site: Site, outcome: Outcome) -> None:
    """Fetch one month, unless it is there already; a damaged one is told of and left out."""
    name, version = info.filename, archive.version
    facts = {
        "url": archive.url, "etag": version.etag, "last_modified": version.last_modified, "crc32": f"{info.CRC:08x}",
    }  # fmt: skip
    if site.ledger.holds(name, info.file_size, info.CRC):
        site.ledger.note(name, facts)
        if name not in outcome.fetched:
            outcome.kept.append(name)
        return
    is_revised = (site.ledger.folder / name).exists()
    try:
        site.ledger.store(name, _unpack(archive, info), facts)
    except api.DamagedError as error:
        _tell(outcome.faults, str(error))
    else:
        outcome.fetched = [*(known for known in outcome.fetched if known != name), name]
        LOG.info("%s: %s bytes%s", name, f"{info.file_size:,}", ", in place of another version" if is_revised else "")


def _unpack(archive: Archive, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """The bytes of one member, its size and its checksum tested before the last of them is out."""
    api.require_bounded(info)
    size = 0
    try:
        archive.hold(info)
        with archive.zip.open(info) as member:
            while block := member.read(api.BLOCK):
                size += len(block)
                yield block
    except _DAMAGED as error:
        raise api.DamagedError(f"{info.filename}: damaged in {archive.url} ({error}). It was left out.") from None
    if size != info.file_size:
        raise api.DamagedError(
            f"{info.filename}: {size:,} bytes came out of {archive.url}, expected {info.file_size:,}. It was left out."
        )


@contextmanager
def _open_archive(url: str, site: Site) -> Iterator[Archive]:
    """An archive to take members from: where it lies if parts are given out, else fetched whole, removed afterwards."""
    version, gives_parts = site.web.look(url)
    remote = api.RemoteFile(site.web, url, version) if gives_parts else None
    if remote:
        remote.hold(remote.size - (1 << 20), remote.size)  # the list of members stands at the end
    file = remote or _fetch_whole(url, version, site)
    try:
        with _open_zip(file, url) as opened:
            yield Archive(url, version, opened, remote)
    finally:
        if isinstance(file, Path):
            _remove(file, file.with_suffix(".json"))


def _open_zip(file: api.RemoteFile | Path, url: str) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(file)
    except _DAMAGED as error:
        raise api.DamagedError(f"{url} is no archive that can be opened ({error}). Nothing is taken from it.") from None


def _fetch_whole(url: str, version: api.Version, site: Site) -> Path:
    """The whole archive, under a hidden name; what an earlier run fetched of the same version is not fetched again."""
    path = site.ledger.folder / f".{Path(url).name}.part"
    says = path.with_suffix(".json")
    known = json.dumps({"url": url, **asdict(version)}, sort_keys=True)
    is_same = path.exists() and says.exists() and says.read_text(encoding="utf-8") == known
    start = min(path.stat().st_size, version.size) if is_same else 0
    _make_folder(path.parent)
    free = shutil.disk_usage(path.parent).free
    if version.size - start > free:
        need = f"{url} needs {version.size / 1e9:.1f} GB for a while"
        raise SourceError(f"{need}, but '{path.parent}' has only {free / 1e9:.1f} GB free.")
    LOG.info("%s: given out in one piece only, so all %.1f MB are fetched", url, version.size / 1e6)
    if not is_same:
        _remove(path)
        _write_whole(says, [known.encode()])
    try:
        with path.open("ab") as file:
            for block in _counted(site.web.stream(url, start, version.size, version), start, version.size):
                file.write(block)
                file.flush()  # what has arrived stays, whatever happens next
    except api.ChangedError:
        _remove(path, says)
        raise
    except OSError as error:
        raise SourceError(f"'{path}' cannot be written ({error.strerror}).") from None
    return path


def _counted(blocks: Iterable[bytes], start: int, size: int) -> Iterator[bytes]:
    """The blocks, with a line for each twentieth of the file."""
    at = start
    for block in blocks:
        if (at + len(block)) * 20 // size > at * 20 // size:
            LOG.info("%3d %% of %s MB", (at + len(block)) * 100 // size, f"{size / 1e6:,.1f}")
        at += len(block)
        yield block


def _fetch_neighbourhoods(force: str, folder: Path, params: DownloadParams) -> Outcome:
    """The force's neighbourhoods as areas of teams; a file that is there stays until a refresh is asked for."""
    site, outcome = Site(params.base_url, web_of(params.manners), Ledger(folder)), Outcome()
    name = f"neighbourhoods-{force}.geojson"
    if site.ledger.is_intact(name) and not site.ledger.facts(name).get("unanswered") and not params.refresh:
        outcome.kept.append(name)
        return outcome
    try:
        listed = _list_neighbourhoods(force, site)
        boundaries = _ask_boundaries(force, listed, site)
        answered = [item for item in listed if item["id"] in boundaries]
        collection, counts = api.tidy_neighbourhoods(answered, boundaries)
        counts["unanswered"] = len(listed) - len(answered)
        _tell_counts(counts, force, outcome)
        if counts["neighbourhoods"]:
            text = json.dumps(collection, ensure_ascii=False, indent=1)
            facts = {"url": f"{params.base_url}/api/{force}/neighbourhoods", **counts}
            site.ledger.store(name, [text.encode()], facts)
            outcome.fetched.append(name)
    except api.NotThereError:
        _tell(outcome.absent, f"data.police.uk lists no neighbourhoods of '{force}'.")
    except SourceError as error:
        _tell(outcome.faults, str(error))
    return outcome


def _list_neighbourhoods(force: str, site: Site) -> list[dict[str, str]]:
    """Id and name of each neighbourhood."""
    url = f"{site.base_url}/api/{force}/neighbourhoods"
    listed = site.web.read_json(url)
    if not isinstance(listed, list) or not all(isinstance(item, dict) and {"id", "name"} <= {*item} for item in listed):
        raise SourceError(f"{url} does not answer with ids and names, as it used to. No neighbourhood was fetched.")
    return [{"id": str(item["id"]), "name": str(item["name"])} for item in listed]


def _ask_boundaries(force: str, listed: list[dict[str, str]], site: Site) -> dict[str, list[dict[str, str]]]:
    """Points of each outline by id, none where none is published; an id is missing where the server did not answer."""
    boundaries: dict[str, list[dict[str, str]]] = {}
    unanswered = 0
    for item in listed:
        try:
            code = quote(item["id"], safe="")
            boundaries[item["id"]] = site.web.read_json(f"{site.base_url}/api/{force}/{code}/boundary")
        except api.NotThereError:
            boundaries[item["id"]] = []
        except api.UnreachableError as error:
            unanswered += 1
            if unanswered > MAX_UNANSWERED:
                raise
            LOG.info("%s", error)
    return boundaries


def _tell_counts(counts: dict[str, int], force: str, outcome: Outcome) -> None:
    """Say how many neighbourhoods there are, and how many were left out and why."""
    LOG.info("%d neighbourhoods of %s", counts["neighbourhoods"], force)
    reasons = {
        "without_boundary": "no boundary is published",
        "broken": "the boundary is broken",
        "repeated": "listed twice",
        "unanswered": "the server did not answer; run the same command later",
    }
    aside = [f"{counts[key]} ({reason})" for key, reason in reasons.items() if counts[key]]
    if aside:
        _tell(outcome.absent, f"Neighbourhoods of {force} left out: {', '.join(aside)}.")


def _check_outcome(force: str, folder: Path, *outcomes: Outcome) -> dict[str, Any]:
    """What was fetched, what was there, and notes; refused where a fault left nothing new, or nothing is there."""
    fetched, kept, absent, faults = (
        [item for outcome in outcomes for item in getattr(outcome, name)]
        for name in ("fetched", "kept", "absent", "faults")
    )
    if not fetched and (faults or not kept):
        raise SourceError(f"Nothing could be fetched for {force}. {(faults + absent)[0]}")
    return {"force": force, "folder": str(folder), "fetched": fetched, "kept": kept, "notes": faults + absent}


class Ledger:
    """What was fetched into a folder, and from where: `download.json`. No clock time, so that reruns give the same."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        try:
            self._files: dict[str, dict] = json.loads((folder / LEDGER).read_text(encoding="utf-8"))["files"]
        except (OSError, ValueError, KeyError, TypeError):
            self._files = {}  # what is there is then compared with what is published

    def facts(self, name: str) -> dict[str, Any]:
        """What is known of a file."""
        return self._files.get(name, {})

    def is_intact(self, name: str) -> bool:
        """Whether a file is there as it was fetched."""
        path, facts = self.folder / name, self.facts(name)
        return path.is_file() and path.stat().st_size == facts.get("size") and _sha256(path) == facts.get("sha256")

    def holds(self, name: str, size: int, crc32: int) -> bool:
        """Whether a file is there with this size and checksum, wherever it came from."""
        path = self.folder / name
        return path.is_file() and path.stat().st_size == size and zlib.crc32(path.read_bytes()) == crc32

    def store(self, name: str, blocks: Iterable[bytes], facts: dict[str, Any]) -> None:
        """Write a file, whole or not at all, and note it."""
        _write_whole(self.folder / name, blocks)
        self.note(name, facts)

    def note(self, name: str, facts: dict[str, Any]) -> None:
        """Note where a file that is there came from."""
        path = self.folder / name
        self._files[name] = {**facts, "size": path.stat().st_size, "sha256": _sha256(path)}
        known = {"licence": LICENCE, "files": dict(sorted(self._files.items()))}
        _write_whole(self.folder / LEDGER, [json.dumps(known, indent=1).encode()])


def _write_whole(path: Path, blocks: Iterable[bytes]) -> None:
    """Write a file under a hidden name beside its own, and rename it when all of it is on the disk."""
    draft = path.with_name(f".{path.name}.part")
    _make_folder(path.parent)
    try:
        with draft.open("wb") as file:
            for block in blocks:
                file.write(block)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as error:
        raise SourceError(f"'{path}' cannot be written ({error.strerror}).") from None
    finally:
        _remove(draft)


def _make_folder(folder: Path) -> None:
    """Make a folder that may be there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SourceError(f"'{folder}' cannot be written to ({error.strerror}).") from None


def _remove(*paths: Path) -> None:
    """Remove files that may be there."""
    for path in paths:
        with suppress(OSError):
            path.unlink()


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def web_of(manners: api.Manners) -> api.Web:
    """The way out of this machine: its proxy (HTTPS_PROXY, NO_PROXY) and its certificates.

    Raises
    ------
    ParameterError
        SSL_CERT_FILE or REQUESTS_CA_BUNDLE names no certificates that can be read.
    """
    context = ssl.create_default_context()
    for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"):
        given = os.environ.get(name)
        if not given:
            continue
        try:
            context.load_verify_locations(**{"capath" if Path(given).is_dir() else "cafile": given})
        except OSError as error:
            says = f"{name} names '{given}', which cannot be read as certificates ({error.strerror})."
            raise ParameterError(says) from None
    opener = urllib.request.build_opener(urllib.request.HTTPSHandler(context=context))
    return api.Web(opener, manners, wait=_wait, clock=time.monotonic)


def _wait(seconds: float, why: str) -> None:
    if why:
        LOG.info("%s", why)
    time.sleep(seconds)


def _tell(notes: list[str], sentence: str) -> None:
    """Note a sentence, and say it."""
    LOG.info("%s", sentence)
    notes.append(sentence)


def _latest_month(site: Site) -> str:
    """The latest month published."""
    url = f"{site.base_url}/api/crime-last-updated"
    answer = site.web.read_json(url)
    month = str(answer.get("date"))[:7] if isinstance(answer, dict) else ""
    if not _MONTH.fullmatch(month):
        raise SourceError(f"{url} does not tell the latest month, as it used to. Name it with --to.")
    return month


def _names(months: Iterable[str], force: str) -> list[str]:
    """Street files of a force, as they are named in an archive and here."""
    return [f"{month}/{month}-{force}-street.csv" for month in sorted(months)]


def _span(months: Iterable[str]) -> str:
    """Months in a few words."""
    named = sorted(months)
    return ", ".join(named) if len(named) < 4 else f"{named[0]} to {named[-1]} ({len(named)} months)"


require_real = Step(_require_real, "Check the name of the force")
fetch_months = Step(_fetch_months, "Fetch months", fetches=True)
fetch_neighbourhoods = Step(_fetch_neighbourhoods, "Fetch neighbourhoods", fetches=True)
check_outcome = Step(_check_outcome, "Check what is there")
download = Flow(compose, "download")
