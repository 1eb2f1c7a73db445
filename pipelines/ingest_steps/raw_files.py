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
from hotspots.sources import local_lists
from hotspots.sources.file_formats import csv_layout, geojson, vector_files, workbooks, zip_archives
from hotspots.sources.force_export import export_cells, patrol_log
from hotspots.sources.geography import base_map, boundaries, lsoas, postcodes
from hotspots.sources.police_uk import month_releases, street_files
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
        An archive is damaged.
    """
    found = [file for path in raw_folders.walk(raw) for file in recognise_all(path, settings)]
    with ThreadPoolExecutor(READERS) as pool:
        found = list(pool.map(lambda file: _with_months(file, settings), found))
        found = [choose(file, settings, as_of) for file in _with_releases(found)]
        found = list(pool.map(_with_hash, found))
    ordered = sorted(found, key=lambda file: (file.name, file.member, str(file.path)))
    return month_releases.choose_releases(_mark_copies(ordered))


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
    kind, force, month = _parse_name(path.name) or (_kind(path, settings), "", "")
    if kind in month_releases.KINDS:
        force = _force_by(street_files.force_of(path), force, settings)
    return RawFile(path=path, kind=kind, force=force, month=month)


def _force_by(rows: str, name: str, settings: Settings) -> str:
    """Return the force of a file by its rows; a force may be published under a longer name than its slug."""
    known = [slug for slug in (name, settings.force.slug, *settings.force.neighbours) if slug]
    return next((slug for slug in known if rows == slug or rows.startswith(f"{slug}-")), rows or name)


def _with_months(file: RawFile, settings: Settings) -> RawFile:
    """Return a file of data.police.uk with force and months by its rows; one that cannot be read stays as named."""
    if file.kind not in month_releases.KINDS or not _is_known(file.force, settings):
        return file
    try:
        force, months = street_files.count_months(file.readable())
    except SourceError:
        return file
    month = street_files.main_month(months) if months else file.month
    return replace(file, force=_force_by(force, file.force, settings), month=month, months=months)


def _is_known(force: str, settings: Settings) -> bool:
    """Return whether the run may use files of the force."""
    return force in (settings.force.slug, *settings.force.neighbours)


def _parse_name(name: str) -> tuple[str, str, str] | None:
    """Return kind, force and month from a file name of data.police.uk."""
    found = street_files.FILE_NAME.search(name)
    return (found["kind"].lower().replace("-", "_"), found["force"].lower(), found["month"]) if found else None


def choose(file: RawFile, settings: Settings, as_of: date | None) -> RawFile:
    """Return the file with the reason why a run does not use it, if there is one."""
    reason = file.not_used
    if reason:
        return file
    if file.kind == "unknown":
        reason = "of no known kind"
    elif file.kind == "stop_and_search":
        reason = "police-generated records are not scored"
    elif file.kind in month_releases.KINDS and not _is_known(file.force, settings):
        reason = f"of another force ({file.force or 'unnamed'})"
    elif as_of and file.month_names and all(period.last_day(month) > as_of for month in file.month_names):
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
        "force_export": export_cells.matching_share(path, settings.force_export),
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
        latest[_download(file)] = max(latest.get(_download(file), ""), *file.month_names, "")
    return [replace(file, release=latest[_download(file)]) if file.month_names else file for file in files]


def _download(file: RawFile) -> Path:
    """Return the archive, or the folder above the month's folder, that a file was downloaded in."""
    if file.member:
        return file.path
    folder = file.path.resolve().parent
    return folder.parent if folder.name == file.month else folder


def _mark_copies(files: list[RawFile]) -> list[RawFile]:
    """Mark files as not used if another has the same content."""
    contents: dict[str, RawFile] = {}
    marked = []
    for file in sorted(files, key=lambda file: file.release, reverse=True):
        first = contents.setdefault(file.sha256, file) if not file.not_used else file
        marked.append(file if first is file else replace(file, not_used=f"same content as {first.name}"))
    return sorted(marked, key=lambda file: (file.name, file.member, str(file.path)))
