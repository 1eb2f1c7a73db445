"""Readers of all raw files of a kind: rows with their file, and a reason for each row that cannot be used."""

import hashlib
import logging
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from hotspots import crs, findings, period, quality, tables, wording
from hotspots.errors import SourceError
from hotspots.sources import incident_context, incident_rows, raw_file, survey
from hotspots.sources.force_export import export_cells, export_params, export_rows, patrol_log
from hotspots.sources.geography import base_map, boundaries, lsoas
from hotspots.sources.geography import postcodes as code_point
from hotspots.sources.police_uk import month_releases, releases, street_files
from hotspots.sources.raw_file import RawFile
from hotspots.sources.survey import survey_findings
from pipelines import memory
from pipelines.settings import Settings
from pipelines.storage import incident_partitions, stored_files

LOG = logging.getLogger("hotspots")


def read_places(files: list[RawFile], settings: Settings, processed: Path) -> gpd.GeoDataFrame:
    """Read the outlines and areas of the force (`tables.PLACES`, with `force`); each content is read only once."""
    empty = tables.empty(tables.PLACES).assign(force=pd.Series(dtype="str"))
    found = [
        boundaries.used_areas(_read_areas(file, settings.force.slug, processed))
        for file in raw_file.used(files, "places")
    ]
    return gpd.GeoDataFrame(pd.concat([empty, *found], ignore_index=True), crs=crs.BNG)


def describe_unused_areas(files: list[RawFile], settings: Settings, processed: Path) -> list[dict[str, Any]]:
    """Return findings about features of outlines and areas that are not used."""
    slug = settings.force.slug
    sentences = [
        boundaries.describe_unused(_read_areas(file, slug, processed), file.name)
        for file in raw_file.used(files, "places")
    ]
    return [findings.unused_areas(sentence) for sentence in sentences if sentence]


def _read_areas(file: RawFile, slug: str, processed: Path) -> gpd.GeoDataFrame:
    """Read the features of a file, from the store if an earlier run read the same content under the same name."""
    content = hashlib.sha256(f"{file.sha256} {file.name} {boundaries.LAYOUT}".encode()).hexdigest()[:16]
    path = processed / slug / "areas" / f"{content}.parquet"

    def make() -> None:
        found = boundaries.read_areas(file.path, slug)
        with stored_files.parquet_file(path) as temporary:
            found.to_parquet(temporary, index=False)

    return stored_files.read_or_make(path, lambda whole: stored_files.read_parquet(whole, gpd.read_parquet), make)


def derive_outline(files: list[RawFile], settings: Settings, processed: Path) -> shapely.Geometry:
    """Derive a cautious outline from the points of the force's incidents, once for the same files.

    Raises
    ------
    SourceError
        None of the rows has a point.
    """
    own = _own_files(files, settings)
    content = hashlib.sha256(" ".join(file.sha256 for file in own).encode()).hexdigest()[:16]
    path = processed / settings.force.slug / "areas" / f"derived-{content}-{incident_context.LAYOUT}.json"

    def make() -> None:
        points = pd.concat([_read_points(file, files, settings) for file in own])
        outline = boundaries.outline_around(points, settings.force.slug)
        stored_files.write_json(path, {"outline": shapely.to_wkb(outline, hex=True)})

    return shapely.from_wkb(stored_files.read_or_make(path, stored_files.read_json, make)["outline"])


def _read_points(file: RawFile, files: list[RawFile], settings: Settings) -> pd.DataFrame:
    """Read `x` and `y` of the rows of an incident file, metres, NaN where there is none."""
    if file.kind == "street":
        return pd.DataFrame(street_files.read_points(file.readable()), columns=["x", "y"])
    rows, _ = _read_rows(file, files, settings)
    points = incident_rows.to_light_frame(rows, ("easting", "northing", "reason"))
    points = points.loc[(points["reason"] == "").to_numpy(), ["easting", "northing"]]
    return points.set_axis(["x", "y"], axis="columns")


def read_lsoas(files: list[RawFile]) -> dict[str, str | None]:
    """Read the look-up of LSOAs of 2011 to those of 2021, if there is one."""
    found = [lsoas.read_lookup(file.path) for file in raw_file.used(files, "lsoas")]
    return {old: new for lookup in found for old, new in lookup.items()}


def read_lsoa_facts(files: list[RawFile]) -> pd.DataFrame:
    """Read population and deprivation of LSOAs (`tables.LSOAS`), by codes of 2021 if the look-up is given."""
    facts = [lsoas.read_facts(file.path) for file in raw_file.used(files, "lsoa_facts")]
    successors = [lsoas.read_successors(file.path) for file in raw_file.used(files, "lsoas")] if facts else []
    return lsoas.join_facts(facts, pd.concat(successors) if successors else None)


def read_base_map(files: list[RawFile], outline: shapely.Geometry) -> gpd.GeoDataFrame:
    """Read the background of the map (`tables.BASE_MAP`)."""
    used = raw_file.used(files, "base_map")
    features, notes = base_map.join_base_maps((file.name, base_map.read_base_map(file.path, outline)) for file in used)
    for note in notes:
        LOG.info(note)
    return features


def read_postcodes(files: list[RawFile]) -> pd.DataFrame | None:
    """Read the postcode units of Code-Point Open; None without a file of it."""
    found = [code_point.read_code_point(file.path) for file in raw_file.used(files, "postcodes")]
    return pd.concat(found) if found else None


def read_incidents(files: list[RawFile], settings: Settings) -> gpd.GeoDataFrame:
    """Read the rows of every incident file of the force (`tables.INCIDENTS`, with `reason`, `source_kind` and `file`).

    Raises
    ------
    SourceError
        A file cannot be read, or there is none of the force.
    """
    slug, postcodes, parts = settings.force.slug, read_postcodes(files), []
    for file in _own_files(files, settings):
        rows, unreadable, _ = incident_partitions.read_file(file, slug, settings.force_export, postcodes)
        frame = incident_rows.to_frame(incident_partitions.tidy_rows(rows, file, slug))
        parts.append(quality.label_rows(frame, raw_file.KINDS[file.kind], file.name, len(unreadable), file.month))
    return gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), crs=crs.BNG)


def read_days(files: list[RawFile], settings: Settings) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read the days of the usable rows of the force's incident files (`period.DATED`), and the tally of all rows.

    Raises
    ------
    SourceError
        A file cannot be read, or there is none of the force.
    """
    days, counts = [], []
    for file in _own_files(files, settings):
        rows, unreadable = _read_rows(file, files, settings)
        frame = incident_rows.to_light_frame(rows, (*period.DATED, "reason"))
        days.append(frame.loc[(frame["reason"] == "").to_numpy()].drop(columns="reason"))
        counted = frame.groupby(["month", "reason"], observed=True).size().rename("rows").reset_index()
        broken = pd.DataFrame({"month": file.month, "reason": "unreadable", "rows": [len(unreadable)]})
        named = pd.concat([counted, broken]).astype({"month": "str", "reason": "str"})
        counts.append(named.assign(source=raw_file.KINDS[file.kind], file=file.name))
    by_row = ["source", "file", "month", "reason"]
    tally = quality.tally_counts(pd.concat(counts).groupby(by_row)["rows"].sum().reset_index())
    memory.release_unused()
    return pd.concat(days, ignore_index=True), tally


def _read_rows(file: RawFile, files: list[RawFile], settings: Settings) -> tuple[pa.Table, list[int]]:
    """Read the days and points of the rows of an incident file, and list its unreadable rows."""
    slug = settings.force.slug
    if file.kind == "street":
        raw, unreadable = street_files.read_street(file.readable())
        return street_files.tidy_street(raw, file.force), unreadable
    params, units = export_params.for_days_and_points(settings.force_export), read_postcodes(files)
    cells, unreadable = export_cells.read_export(file.path, params)
    whole, cells = export_rows.read_whole(cells, params), export_cells.without_times(cells)
    return export_rows.tidy_rows(cells, whole, slug, params, units), unreadable


def _own_files(files: list[RawFile], settings: Settings) -> list[RawFile]:
    """Return the incident files of the force itself; raises as `incident_files`."""
    return [file for file in incident_files(files, settings) if file.force in ("", settings.force.slug)]


def incident_files(files: list[RawFile], settings: Settings) -> list[RawFile]:
    """Return the incident files that a run reads, at least one of them of the force itself.

    Street files of the force are not read if there is an export, because both contain the same incidents.

    Raises
    ------
    SourceError
        There is no file of the force.
    """
    slug = settings.force.slug
    exports = raw_file.used(files, "force_export")
    streets = [file for file in raw_file.used(files, "street") if not (exports and file.force == slug)]
    if not exports and not any(file.force == slug for file in streets):
        raise SourceError(_no_files_message(files, settings))
    return streets + exports


def read_answers(
    files: list[RawFile], settings: Settings, key: bytes = b""
) -> tuple[pd.DataFrame, list[dict[str, Any]]]:
    """Read the answers of every survey file, with `reason`, `source_kind` and `file`, and findings about the files.

    Parameters
    ----------
    files
        At least one of them is a survey.
    settings
        Settings of the force.
    key
        Secret of the force, with which respondents are hashed.
    """
    parts, found = [], []
    for file in raw_file.used(files, "survey"):
        answers, broken = survey.read_answers(file.path, settings.survey, key)
        parts.append(quality.label_rows(answers, raw_file.KINDS[file.kind], file.name, broken))
        found += survey_findings.file_findings(file.path, answers, settings.survey)
    return pd.concat(parts, ignore_index=True), found


def read_visits(files: list[RawFile], settings: Settings) -> pd.DataFrame | None:
    """Read the visits of every patrol log, with `reason`, `source_kind` and `file`; None without a log."""
    parts = []
    for file in raw_file.used(files, "patrol_log"):
        raw, broken = patrol_log.read_log(file.path, settings.patrol_log)
        visits = patrol_log.tidy_visits(raw, settings.patrol_log)
        parts.append(quality.label_rows(visits, raw_file.KINDS[file.kind], file.name, broken))
    return pd.concat(parts, ignore_index=True) if parts else None


def compare_releases(files: list[RawFile], settings: Settings) -> list[dict[str, Any]]:
    """Return findings about the months of the force that are in several files with different rows."""
    own = [file for file in files if file.kind == "street" and file.force == settings.force.slug]
    used = {
        month: file for file in own for month in month_releases.main_months(file) if month not in file.unused_months
    }
    found = []
    for file in own:
        for month in file.unused_months:
            changes = releases.compare(*(_read_month(each, month) for each in (file, used[month])))
            found += [findings.replaced_release(month, used[month].name, changes)] if changes else []
    return found


def _read_month(file: RawFile, month: str) -> pa.Table:
    """Read the rows of a month of a street file."""
    rows = street_files.tidy_street(street_files.read_street(file.readable())[0], file.force)
    return rows.filter(pc.equal(rows["month"].cast(pa.string()), month))


def _no_files_message(files: list[RawFile], settings: Settings) -> str:
    """Say why there is no file to read."""
    slug = settings.force.slug
    later = [file for file in files if file.kind == "street" and file.force == slug and file.not_used]
    if later:
        months = sorted({month for file in later for month in file.month_names})
        return (
            f"Every street file of {slug} is {later[0].not_used}: the months are {months[0]} to {months[-1]}. "
            f"Choose an --as-of from {period.last_day(months[0])} on."
        )
    if not files:
        return f"There are no files for {slug} in the raw folders. Put incident files there, or give them with --raw."
    forces = sorted({file.force for file in files if file.kind == "street" and file.force})
    others = f" (there are street files of {', '.join(forces)})" if forces else ""
    number = wording.counted(len(files), "file")
    return f"There is no incident file of {slug} among the {number}{others}. Check --force and --raw."
