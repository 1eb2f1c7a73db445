"""The command `check`: what can and cannot be read in input files, without storing anything."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from hotspots import findings, quality, wording
from hotspots.errors import ParameterError, SourceError
from hotspots.sources import incident_rows, local_lists, raw_file, row_checks
from hotspots.sources.file_formats import any_format, vector_files
from hotspots.sources.force_export import export_cells, export_findings, export_rows
from hotspots.sources.geography import boundaries, force_outlines, postcodes
from hotspots.sources.police_uk import street_files
from hotspots.sources.raw_file import RawFile
from pipelines.commands import init
from pipelines.ingest_steps import raw_files, raw_folders, readers
from pipelines.settings import ForceSettings, Settings

# Number of faulty rows of a list to show, and a day that is later than all rows.
_MAX_ROWS, _LAST_DAY = 10, pd.Timestamp("2200-01-01")


def check_files(paths: list[Path], settings: Settings | None = None) -> tuple[list[str], bool]:
    """Return lines about each file, and whether every file of a known kind can be read.

    A street file of any force is read. A column map is proposed for a file that may be an export or a survey. Without
    settings each file is judged by itself: no column is mapped.

    Raises
    ------
    ParameterError
        A file does not exist.
    """
    missing = [str(path) for path in paths if not path.exists()]
    if missing:
        raise ParameterError(f"There is no file or folder '{missing[0]}'.")
    settings = settings or Settings(force=ForceSettings(slug="unnamed", name="No force"))
    lines, is_readable = [], True
    files: list[RawFile] = []
    for path in raw_folders.walk(paths):
        try:
            files += raw_files.recognise_all(path, settings)
        except SourceError as error:
            lines.append(str(error))
            is_readable = False
    for file in files:
        try:
            first, *more = _describe(file, files, settings)
            lines += [f"{file.name}: {raw_file.KINDS[file.kind]}{first}", *more]
        except SourceError as error:
            lines += [str(error), *_propose_survey_map(file, settings)]
            is_readable = False
    return lines or ["There are no files."], is_readable


def _describe(file: RawFile, files: list[RawFile], settings: Settings) -> list[str]:
    """Read a file and return the end of its line, and further lines."""
    if file.not_used:
        return [f", not used: {file.not_used}."]
    if file.kind == "unknown" and not file.member and file.path.suffix.lower() in any_format.SUFFIXES:
        return _propose_map(file, settings)
    if file.kind == "force_export":
        return _describe_export(file, files, settings)
    if file.kind == "survey":
        answers, found = readers.read_answers([file], settings)
        return [_count(answers), *_finding_lines(found)]
    if file.kind == "postcodes":
        return [f", {len(postcodes.read_code_point(file.path)):,} postcodes with a location."]
    if file.kind == "places":
        return _describe_areas(file, settings)
    if file.kind in local_lists.LISTS:
        return _describe_list(file)
    readers_of: dict[str, Callable[[list[RawFile], Settings], pd.DataFrame | None]] = {
        "street": readers.read_incidents,
        "patrol_log": readers.read_visits,
    }
    if file.kind not in readers_of:
        return [", not used." if file.kind == "unknown" else ", recognised; its content is not checked here."]
    own = replace(settings, force=replace(settings.force, slug=file.force or settings.force.slug))
    rows = readers_of[file.kind]([file], own)
    if rows is None:
        return [""]
    if file.kind != "street":
        return [_count(rows)]
    points = gpd.GeoSeries(rows["geometry"]).get_coordinates().reindex(rows.index)
    rows = _mark_outside(rows, points, files, own)
    found = street_files.unreadable_months(street_files.read_street(file.readable())[0], file.name)
    return _require_accepted([_count(rows), *_finding_lines(found)], rows, settings, found)


def _describe_areas(file: RawFile, settings: Settings) -> list[str]:
    """Return the counts of areas by kind, the features that are not used, and a map for points beside them."""
    areas = boundaries.read_areas(file.path)
    kinds = boundaries.used_areas(areas)["kind"].value_counts(sort=False)
    counts = ", ".join(f"{number:,} {kind}" for kind, number in kinds.items())
    unused = boundaries.describe_unused(areas, file.name)
    lines = [f", {counts or 'no area with a force or a kind'}."]
    lines += [f"  {unused} {findings.unused_areas(unused)['action']}"] if unused else []
    if file.path.suffix.lower() in vector_files.SUFFIXES and vector_files.holds_points(file.path):
        first, *more = _propose_map(file, settings)
        lines += [f"  Its points{first}", *more]
    return lines


def _describe_export(file: RawFile, files: list[RawFile], settings: Settings) -> list[str]:
    """Return the counts of a force's export, and findings about it."""
    params = settings.force_export
    units = [postcodes.read_code_point(other.path) for other in files if other.kind == "postcodes"]
    raw, unreadable = export_cells.read_export(file.path, params)
    whole, raw = export_rows.read_whole(raw, params), export_cells.without_times(raw)
    rows = export_rows.tidy_rows(raw, whole, settings.force.slug, params, pd.concat(units) if units else None)
    checked = export_findings.checked_columns(rows, whole)
    found = export_findings.file_findings(file.path, raw, checked, params, len(unreadable))
    found += [] if settings.teams else export_findings.no_teams(file.name, params)
    points = incident_rows.to_light_frame(rows, ("easting", "northing"))
    checked = _mark_outside(checked.astype({"reason": "str", "month": "str"}), points, files, settings)
    labelled = quality.label_rows(checked, raw_file.KINDS[file.kind], file.name, len(unreadable))
    return _require_accepted([_count(labelled), *_finding_lines(found)], labelled, settings, found)


def _mark_outside(rows: pd.DataFrame, points: pd.DataFrame, files: list[RawFile], settings: Settings) -> pd.DataFrame:
    """Return the rows with the reason `outside_force`, by the outline among the files or that of the package.

    `points` has the easting and northing of each row, metres, NaN where missing.
    """
    slug = settings.force.slug
    places = [boundaries.read_places(file.path, slug) for file in files if file.kind == "places"]
    given = (boundaries.outline_of(each, slug) for each in places)
    outline = next((each for each in given if each is not None), force_outlines.outline_of(slug))
    if outline is None:
        return rows
    xy = points.to_numpy().T
    is_outside = pd.Series(row_checks.points_outside(xy[0], xy[1], outline), index=rows.index)
    return rows.assign(reason=quality.assign_reason(rows["reason"], outside_force=is_outside))


def _require_accepted(
    lines: list[str], rows: pd.DataFrame, settings: Settings, found: list[dict[str, Any]]
) -> list[str]:
    """Return the lines about an incident file, or raise with them and the reason why a run would refuse it.

    Raises
    ------
    SourceError
        Too many rows would be set aside.
    """
    try:
        quality.check_set_aside_share(quality.tally_rows(rows), settings.force.max_set_aside_share, found)
    except SourceError as error:
        first, *more = lines
        about = f"{rows['file'].iloc[0]}: {rows['source_kind'].iloc[0]}{first}"
        raise SourceError("\n".join([about, *more, f"  A run refuses this file: {error}"])) from None
    return lines


def _describe_list(file: RawFile) -> list[str]:
    """Return the counts of a local list, and its faulty rows; dates in the future are accepted."""
    rows, unreadable, _ = local_lists.read_list(file.path, file.kind)
    rows = rows.assign(reason=local_lists.check_rows(rows, file.kind, _LAST_DAY)).reset_index(drop=True)
    faults = local_lists.describe_faults(rows, file.kind)
    lines = [f"  Row {row + 1}: {columns}." for row, columns in faults.head(_MAX_ROWS).items()]
    lines += [f"  And {wording.counted(len(faults) - _MAX_ROWS, 'row')} more."] if len(faults) > _MAX_ROWS else []
    return [_count(quality.label_rows(rows, raw_file.KINDS[file.kind], file.name, unreadable)), *lines]


def _finding_lines(found: list[dict[str, Any]]) -> list[str]:
    """Return findings with their actions, one line each."""
    return [f"  {finding['finding']} {finding['action']}" for finding in found]


def _propose_map(file: RawFile, settings: Settings) -> list[str]:
    """Propose a column map for a file of no known kind, if its headings suggest an export or a survey."""
    try:
        proposal = init.propose_map(file.path, settings.force_export.reading)
    except SourceError:
        if any_format.format_of(file.path) == "text":
            return [", not used."]
        raise
    if not proposal:
        return [", not used."]
    kind = "a survey" if proposal[0] == "[survey]" else "a force's export"
    line = f", not used as it is. It looks like {kind}: check these lines and add them to the settings."
    return [line, "", *proposal, ""]


def _propose_survey_map(file: RawFile, settings: Settings) -> list[str]:
    """Propose a column map for a survey that the settings do not match."""
    if file.kind != "survey" or settings.survey.matching_share(file.path) == 1:
        return []
    try:
        proposal = init.propose_map(file.path, settings.survey.reading)
    except SourceError:
        return []
    return ["", "Its headings suggest:", "", *proposal, ""] if proposal else []


def _count(rows: pd.DataFrame) -> str:
    """Return the number of rows, their months, and the rows that cannot be used, by reason."""
    months = sorted(month for month in rows.loc[rows["reason"] != "unreadable", "month"].dropna().unique() if month)
    span = f", {months[0]} to {months[-1]}" if months else ""
    reasons = rows.loc[rows["reason"] != "", "reason"].value_counts()
    faults = "; ".join(
        f"{wording.counted(number, 'row')}: {quality.REASONS_IN_WORDS[str(name)]}" for name, number in reasons.items()
    )
    unmapped = int((rows["category"] == "unrecognised").sum()) if "category" in rows else 0
    types = f"; {wording.counted(unmapped, 'row')}: the type is not mapped" if unmapped else ""
    return f", {wording.counted(len(rows), 'row')}{span}; {faults or 'every row can be used'}{types}."
