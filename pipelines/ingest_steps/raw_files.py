"""The files in the raw folders: recognised by name and columns, and used or not, with a reason."""

import hashlib
import re
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

from hotspots import period
from hotspots.errors import SourceError
from hotspots.sources import local_lists, raw_file
from hotspots.sources.file_formats import csv_layout, geojson, vector_files, workbooks, zip_archives
from hotspots.sources.force_export import export_rows, patrol_log
from hotspots.sources.geography import base_map, boundaries, lsoas, postcodes
from hotspots.sources.police_uk import street_files
from hotspots.sources.raw_file import RawFile
from pipelines.ingest_steps import raw_folders
from pipelines.settings import Settings

# A file with such a name is taken as a survey, so it must have the columns of one.
_SURVEY_NAME = re.compile(r"(survey|lets[-_ ]?talk)([-_ ]?\d.*)?\.(csv|txt|tsv|xls[xmb]?|ods)", re.IGNORECASE)
READERS = 2
MAX_DEPTH = 3


def list_inputs(raw: Iterable[Path], settings: Settings, as_of: date | None) -> list[RawFile]:
    """List every file in the raw folders with its kind, in an order that does not depend on the folders.

    Raises
    ------
    ParameterError
        A given folder or file does not exist.
    SourceError
        An archive is damaged, or a month of a force is in two files of the same release.
    """
    found = [file for path in raw_folders.walk(raw) for file in recognise_all(path, settings)]
    found = [choose(file, settings, as_of) for file in _with_releases(found)]
    with ThreadPoolExecutor(READERS) as pool:
        found = list(pool.map(_with_hash, found))
    return _mark_repeats(sorted(found, key=lambda file: (file.name, file.member, str(file.path))))


def recognise_all(path: Path, settings: Settings, depth: int = 1) -> list[RawFile]:
    """Return the file, or each file in it if it is a zip archive.

    Files of data.police.uk are read in memory; any other file of an archive is unpacked into a private folder.

    Raises
    ------
    SourceError
        An archive is damaged or too large, or archives are too deep inside one another.
    """
    if path.suffix.lower() != ".zip" or not path.is_file():
        return [recognise(path, settings)]
    if depth > MAX_DEPTH:
        raise SourceError(f"{path.name}: archives are more than {MAX_DEPTH} deep inside one another. Unpack them.")
    members = zip_archives.list_members(path)
    named = [_recognise_member(path, member) for member in members if _parse_name(member.name)]
    others = raw_folders.unpack(path, [member for member in members if not _parse_name(member.name)])
    return named + [file for other in others for file in recognise_all(other, settings, depth + 1)]


def _recognise_member(path: Path, member: zip_archives.Entry) -> RawFile:
    """Recognise a file of an archive by its name."""
    kind, force, month = _parse_name(member.name) or ("unknown", "", "")
    return RawFile(
        path=path, member=member.name, kind=kind, force=force, month=month, sha256=member.check_sum, size=member.size
    )


def recognise(path: Path, settings: Settings) -> RawFile:
    """Recognise a file by its name or its first line; the rest is not read."""
    if reason := raw_folders.why_no_file(path):
        return RawFile(path=path, kind="unknown", not_used=reason)
    named = _parse_name(path.name)
    if named:
        return RawFile(path=path, kind=named[0], force=named[1], month=named[2])
    kind = _kind(path, settings)
    return RawFile(path=path, kind=kind, force=(street_files.force_of(path) or "") if kind == "street" else "")


def _parse_name(name: str) -> tuple[str, str, str] | None:
    """Return kind, force and month from a file name of data.police.uk."""
    found = street_files.FILE_NAME.search(name.lower())
    return (found["kind"].replace("-", "_"), found["force"], found["month"]) if found else None


def choose(file: RawFile, settings: Settings, as_of: date | None) -> RawFile:
    """Return the file with the reason why a run does not use it, if there is one."""
    reason = file.not_used
    if reason:
        return file
    if file.kind == "unknown":
        reason = "of no known kind"
    elif file.kind == "stop_and_search":
        reason = "police-generated records are not scored"
    elif file.kind in ("street", "outcomes") and file.force not in (settings.force.slug, *settings.force.neighbours):
        reason = f"of another force ({file.force or 'unnamed'})"
    elif file.month and as_of and period.last_day(file.month) > as_of:
        reason = f"later than {as_of}"
    return replace(file, not_used=reason)


def _kind(path: Path, settings: Settings) -> str:
    """Return the kind of a file by its format and headings."""
    suffix = path.suffix.lower()
    if base_map.is_base_map(path):
        return "base_map"
    if suffix in workbooks.SUFFIXES:
        return _mapped_kind(path, settings)
    if suffix in vector_files.SUFFIXES and vector_files.holds_points(path):
        kind = _mapped_kind(path, settings)
        return "places" if kind == "unknown" and vector_files.holds_areas(path) else kind
    if suffix in boundaries.POLYGON_FILES:
        return "places" if suffix not in geojson.SUFFIXES or boundaries.names_areas(path) else "unknown"
    if suffix == ".tsv":
        return _mapped_kind(path, settings)
    if suffix not in (".csv", ".txt"):
        return "unknown"
    if postcodes.is_code_point(path):
        return "postcodes"
    header = set(csv_layout.first_row_layout(path).headings)
    if lsoas.is_lookup(header):
        return "lsoas"
    if "Outcome type" in header:
        return "outcomes"
    if "Part of a policing operation" in header:
        return "stop_and_search"
    if len(header & set(street_files.COLUMNS)) >= len(street_files.COLUMNS) / 2:
        return "street"
    if lsoas.has_facts(header):
        return "lsoa_facts"
    return _mapped_kind(path, settings)


def _mapped_kind(path: Path, settings: Settings) -> str:
    """Return the kind whose mapped headings the file has most of, if at least half; else the kind its name suggests."""
    shares = {
        "survey": settings.survey.matching_share(path),
        "force_export": export_rows.matching_share(path, settings.force_export),
        "patrol_log": patrol_log.matching_share(path, settings.patrol_log),
    }
    best = max(shares, key=lambda kind: shares[kind])
    if shares[best] >= 0.5:
        return best
    if settings.survey.headings and _SURVEY_NAME.fullmatch(path.name):
        return "survey"
    return local_lists.kind_of(path) or "unknown"


def _with_hash(file: RawFile) -> RawFile:
    """Return the file with size and hash of its content, if a run uses it."""
    if file.not_used or file.member:
        return file
    return replace(file, sha256=_sha256(file.path), size=file.path.stat().st_size)


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise SourceError(f"{path.name}: the file cannot be opened ({error.strerror}).") from None


def _with_releases(files: list[RawFile]) -> list[RawFile]:
    """Set the release of files of data.police.uk: the latest month in the same archive or folder of months."""
    latest: dict[Path, str] = {}
    for file in files:
        latest[_download(file)] = max(latest.get(_download(file), ""), file.month)
    return [replace(file, release=latest[_download(file)]) if file.month else file for file in files]


def _download(file: RawFile) -> Path:
    """Return the archive, or the folder above the month's folder, that a file was downloaded in."""
    if file.member:
        return file.path
    folder = file.path.resolve().parent
    return folder.parent if folder.name == file.month else folder


def _mark_repeats(files: list[RawFile]) -> list[RawFile]:
    """Mark files as not used if another has the same content or is a newer release of the same month."""
    newest: dict[tuple[str, str, str], RawFile] = {}
    contents: dict[str, RawFile] = {}
    marked = []
    for file in sorted(files, key=lambda file: file.release, reverse=True):
        first = contents.setdefault(file.sha256, file) if not file.not_used else file
        other = (
            newest.setdefault((file.kind, file.force, file.month), file) if file.month and not file.not_used else file
        )
        if first is not file:
            file = replace(file, not_used=f"same content as {first.name}")
        elif other is not file:
            _require_newer(other, file)
            file = replace(file, not_used=f"{raw_file.REPLACED} ({other.release})")
        marked.append(file)
    return sorted(marked, key=lambda file: (file.name, file.member, str(file.path)))


def _require_newer(newer: RawFile, older: RawFile) -> None:
    """Raise if two different files of one month have the same release."""
    if newer.release == older.release:
        raise SourceError(
            f"{older.month} of {older.force} is in two different files: '{newer.path}' and '{older.path}'. "
            "Keep the newer download and remove the other."
        )
