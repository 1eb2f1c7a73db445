"""What lies in the raw folders: each file recognised by its name and columns, and used or not, with a reason."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from hotspots import period
from hotspots.errors import ParameterError, SourceError
from hotspots.sources import boundaries, police_uk, postcodes, text_files
from pipelines.settings import Settings

KINDS = {
    "street": "data.police.uk street file",
    "outcomes": "data.police.uk outcomes file",
    "stop_and_search": "data.police.uk stop and search file",
    "force_export": "force export of incidents",
    "survey": "survey",
    "patrol_log": "patrol log",
    "places": "outlines and areas",
    "postcodes": "Code-Point Open",
    "unknown": "unknown",
}
# A file may claim a kind by its name alone; it must then have that kind's columns.
_NAMED_SURVEY = re.compile(r"(survey|lets[-_ ]?talk)([-_ ]?\d.*)?\.csv", re.IGNORECASE)
_SKIPPED = {"Thumbs.db", "desktop.ini"}


@dataclass(frozen=True, kw_only=True)
class RawFile:
    """One file: what it is, whose, of which month, its fingerprint, and why it is not used (empty: it is)."""

    path: Path
    kind: str
    force: str = ""
    month: str = ""
    sha256: str = ""
    not_used: str = ""


def list_inputs(raw: Iterable[Path], settings: Settings, as_of: date | None) -> list[RawFile]:
    """Every file under the raw folders, recognised, in an order that does not depend on where they stand.

    Raises
    ------
    ParameterError
        A folder or file that was named does not exist.
    SourceError
        One month of one force stands in two files that differ.
    """
    files = [choose(recognise(path, settings), settings, as_of) for path in walk(raw)]
    return _without_repeats([replace(file, sha256=_sha256(file.path)) for file in files])


def walk(raw: Iterable[Path]) -> list[Path]:
    """Every file named or in a folder named, once, sorted by name and then by path; hidden ones are passed over."""
    found: dict[Path, Path] = {}
    for given in raw:
        if not given.exists():
            raise ParameterError(f"--raw names '{given}', which does not exist.")
        for path in sorted(given.rglob("*")) if given.is_dir() else [given]:
            hidden = any(part.startswith(".") for part in path.relative_to(given).parts)
            if path.is_file() and not hidden and path.name not in _SKIPPED:
                found.setdefault(path.resolve(), path)
    return sorted(found.values(), key=lambda path: (path.name, str(path)))


def recognise(path: Path, settings: Settings) -> RawFile:
    """What a file is, by its name and its first line; nothing but the file's head is read."""
    kind = _kind(path, settings)
    if kind != "street":
        return RawFile(path=path, kind=kind)
    named = police_uk.FILE_NAME.search(path.name)
    if named:
        return RawFile(path=path, kind=kind, force=named["force"], month=named["month"])
    return RawFile(path=path, kind=kind, force=police_uk.force_of(path) or "")


def choose(file: RawFile, settings: Settings, as_of: date | None) -> RawFile:
    """The file with the reason why a run does not use it, where there is one."""
    reason = ""
    if file.kind == "unknown":
        reason = "of no known kind"
    elif file.kind in ("outcomes", "stop_and_search"):
        reason = "not needed for targeting"
    elif file.kind == "street" and file.force not in (settings.force.slug, *settings.force.neighbours):
        reason = f"of another force ({file.force or 'unnamed'})"
    elif file.month and as_of and period.last_day(file.month) > as_of:
        reason = f"later than {as_of}"
    return replace(file, not_used=reason)


def used(files: list[RawFile], *kinds: str) -> list[RawFile]:
    """The files of some kinds that a run uses."""
    return [file for file in files if file.kind in kinds and not file.not_used]


def _kind(path: Path, settings: Settings) -> str:
    suffix = path.suffix.lower()
    if suffix in boundaries.POLYGON_FILES:
        return "places" if suffix not in (".json", ".geojson") or _names_areas(path) else "unknown"
    if suffix not in (".csv", ".txt"):
        return "unknown"
    if police_uk.FILE_NAME.search(path.name):
        return "street"
    if postcodes.is_code_point(path):
        return "postcodes"
    header = set(text_files.read_header(path))
    if "Outcome type" in header:
        return "outcomes"
    if "Part of a policing operation" in header:
        return "stop_and_search"
    if len(header & set(police_uk.COLUMNS)) >= len(police_uk.COLUMNS) / 2:
        return "street"
    return _mapped_kind(path, settings)


def _mapped_kind(path: Path, settings: Settings) -> str:
    """The kind whose mapped headings the file has most of, at least half; or the one that its name claims."""
    maps = {
        "survey": (settings.survey.headings, settings.survey.encoding),
        "force_export": (tuple(settings.force_export.columns.values()), settings.force_export.encoding),
        "patrol_log": (tuple(settings.patrol_log.columns.values()), settings.patrol_log.encoding),
    }
    shares = {
        kind: len(set(headings) & set(text_files.read_header(path, encoding))) / len(headings)
        for kind, (headings, encoding) in maps.items()
        if headings
    }
    best = max(shares, key=lambda kind: shares[kind], default="unknown")
    if shares.get(best, 0.0) >= 0.5:
        return best
    return "survey" if "survey" in shares and _NAMED_SURVEY.fullmatch(path.name) else "unknown"


def _names_areas(path: Path) -> bool:
    """Whether a JSON file is GeoJSON whose features carry a force or a kind."""
    text = path.read_bytes()
    return b'"FeatureCollection"' in text[:4096] and (b'"force"' in text or b'"kind"' in text)


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise SourceError(f"{path.name}: the file cannot be opened ({error.strerror}).") from None


def _without_repeats(files: list[RawFile]) -> list[RawFile]:
    """A file whose content stands in another is not used; one month of one force in two versions is an error."""
    first: dict[str, RawFile] = {}
    months: dict[tuple[str, str], RawFile] = {}
    kept = []
    for file in files:
        if not file.not_used and file.sha256 in first:
            file = replace(file, not_used=f"same content as {first[file.sha256].path.name}")
        if not file.not_used:
            first[file.sha256] = file
            other = months.setdefault((file.force, file.month), file) if file.month else file
            if other is not file:
                raise SourceError(
                    f"{file.month} of {file.force} stands in two files that differ: '{other.path}' and '{file.path}'. "
                    f"Keep the newer download and remove the other."
                )
        kept.append(file)
    return kept
