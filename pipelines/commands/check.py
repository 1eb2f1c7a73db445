"""What is good and bad in input files, in plain lines; nothing is stored."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd

from hotspots import quality
from hotspots.errors import ParameterError, SourceError
from hotspots.sources import local_lists, raw_file
from hotspots.sources.file_formats import any_format, vector_files
from hotspots.sources.force_export import export_findings, export_rows
from hotspots.sources.geography import boundaries, postcodes
from hotspots.sources.raw_file import RawFile
from pipelines.commands import init
from pipelines.ingest_steps import raw_files, readers
from pipelines.settings import Settings

# Faulty rows of a list that are named, and a day that nothing lies behind.
_SHOWN, _NEVER = 10, pd.Timestamp("2200-01-01")


def check_files(paths: list[Path], settings: Settings) -> tuple[list[str], bool]:
    """Lines about each file, and whether every file that claims a known kind can be read.

    A street file is read as what it is, whichever force it is of. For a file of no known kind that may be a force's
    export, a column map is proposed.

    Raises
    ------
    ParameterError
        A file does not exist.
    """
    lost = [str(path) for path in paths if not path.exists()]
    if lost:
        raise ParameterError(f"There is no file or folder '{lost[0]}'.")
    lines, is_good = [], True
    files: list[RawFile] = []
    for path in raw_files.walk(paths):
        try:
            files += raw_files.recognise_all(path, settings)
        except SourceError as error:
            lines.append(str(error))
            is_good = False
    for file in files:
        try:
            first, *more = _details(file, files, settings)
            lines += [f"{file.name}: {raw_file.KINDS[file.kind]}{first}", *more]
        except SourceError as error:
            lines += [str(error), *_mapping(file, settings)]
            is_good = False
    return lines or ["There are no files."], is_good


def _details(file: RawFile, files: list[RawFile], settings: Settings) -> list[str]:
    """What reading one file found: the end of its line, and lines of their own."""
    if file.kind == "unknown" and not file.member and file.path.suffix.lower() in any_format.SUFFIXES:
        return _proposed(file, settings)
    if file.kind == "places" and vector_files.holds_points(file.path):
        return _proposed(file, settings)
    if file.kind == "force_export":
        return _export(file, files, settings)
    if file.kind == "survey":
        answers, notes = readers.read_answers([file], settings)
        said = [f"  {note['finding']} {note['action']}" for note in notes]
        return [_counted(answers), *said]
    if file.kind == "postcodes":
        return [f", {len(postcodes.read_code_point(file.path)):,} postcodes with a place."]
    if file.kind == "places":
        kinds = boundaries.read_places(file.path)["kind"].value_counts(sort=False)
        counted = ", ".join(f"{number:,} {kind}" for kind, number in kinds.items())
        return [f", {counted or 'no area with a force or a kind'}."]
    if file.kind in local_lists.LISTS:
        return _list(file)
    readings: dict[str, Callable[[list[RawFile], Settings], pd.DataFrame | None]] = {
        "street": readers.read_incidents,
        "patrol_log": readers.read_visits,
    }
    if file.kind not in readings:
        return [", not used." if file.kind == "unknown" else ", recognised; what stands in it is not looked at here."]
    own = replace(settings, force=replace(settings.force, slug=file.force or settings.force.slug))
    rows = readings[file.kind]([file], own)
    return ["" if rows is None else _counted(rows)]


def _export(file: RawFile, files: list[RawFile], settings: Settings) -> list[str]:
    """A force's export: counts, then what is odd about it."""
    params = settings.force_export
    units = [postcodes.read_code_point(other.path) for other in files if other.kind == "postcodes"]
    raw, broken = export_rows.read_export(file.path, params)
    rows = export_rows.tidy_incidents(raw, settings.force.slug, params, pd.concat(units) if units else None)
    notes = [
        f"  {note['finding']} {note['action']}" for note in export_findings.file_findings(file.path, raw, rows, params)
    ]
    return [_counted(quality.label_rows(rows, raw_file.KINDS[file.kind], file.name, len(broken))), *notes]


def _list(file: RawFile) -> list[str]:
    """A list that people fill in: counts, then where a cell is at fault; later than today is no fault here."""
    rows, broken, _ = local_lists.read_list(file.path, file.kind)
    rows = rows.assign(reason=local_lists.check_rows(rows, file.kind, _NEVER)).reset_index(drop=True)
    at_fault = local_lists.describe_faults(rows, file.kind)
    said = [f"  Row {row + 1}: {columns}." for row, columns in at_fault.head(_SHOWN).items()]
    more = [f"  And {_rows(len(at_fault) - _SHOWN)} more."] if len(at_fault) > _SHOWN else []
    return [_counted(quality.label_rows(rows, raw_file.KINDS[file.kind], file.name, broken)), *said, *more]


def _proposed(file: RawFile, settings: Settings) -> list[str]:
    """A column map for a file of no known kind, where enough of its headings are those of an export."""
    try:
        proposal = init.propose_map(file.path, settings.force_export.reading)
    except SourceError:
        if any_format.format_of(file.path) == "text":
            return [", not used."]
        raise
    if not proposal:
        return [", not used."]
    like = "a survey" if proposal[0] == "[survey]" else "a force's export"
    said = f", not used as it is. It looks like {like}: read these lines through and put them into the settings."
    return [said, "", *proposal, ""]


def _mapping(file: RawFile, settings: Settings) -> list[str]:
    """Lines of a map for a survey that the settings do not fit."""
    if file.kind != "survey" or settings.survey.matching_share(file.path) == 1:
        return []
    try:
        proposal = init.propose_map(file.path, settings.survey.reading)
    except SourceError:
        return []
    return ["", "Its own headings suggest:", "", *proposal, ""] if proposal else []


def _counted(rows: pd.DataFrame) -> str:
    """Rows, months, and rows that cannot be used, by reason."""
    months = sorted(month for month in rows.loc[rows["reason"] != "unreadable", "month"].dropna().unique() if month)
    span = f", {months[0]} to {months[-1]}" if months else ""
    reasons = rows.loc[rows["reason"] != "", "reason"].value_counts()
    aside = "; ".join(f"{_rows(number)}: {quality.REASONS_IN_WORDS[str(reason)]}" for reason, number in reasons.items())
    unknown = int((rows["category"] == "unrecognised").sum()) if "category" in rows else 0
    strange = f"; {_rows(unknown)}: the type is not mapped" if unknown else ""
    return f", {_rows(len(rows))}{span}; {aside or 'every row can be used'}{strange}."


def _rows(number: int) -> str:
    return f"{number:,} row{'' if number == 1 else 's'}"
