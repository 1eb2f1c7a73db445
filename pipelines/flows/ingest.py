"""Ingest: raw files to stored tables, every row kept or set aside with a reason."""

import dataclasses
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

from hotspots import crs, findings, period, quality, tables
from hotspots.data_health import health_findings, health_notes, monthly_checks
from hotspots.errors import SourceError
from hotspots.sources import raw_file, row_checks
from hotspots.sources.geography import areas_at_points, boundaries, neighbourhood_teams
from hotspots.sources.incident_context import IncidentContext
from hotspots.sources.raw_file import RawFile
from pipelines.engine import flow, step
from pipelines.ingest_steps import local_lists, raw_files, readers, survey_answers
from pipelines.ingest_steps.local_lists import FilledIn
from pipelines.settings import Settings
from pipelines.storage import incident_partitions, stored_incidents
from pipelines.storage.incident_partitions import Partition
from pipelines.storage.store import Store, incidents_folder
from pipelines.storage.stored_incidents import AtRest

# Months before those that anything is learnt from, by which the health gate judges them.
FORMER_MONTHS = 24


@dataclass(frozen=True)
class Health:
    """What the health gate found.

    Attributes
    ----------
    counts, verdicts
        As `monthly_checks.count_months` and `monthly_checks.examine` give them.
    left_out
        Family to the months that its evidence goes without.
    findings
        What there is to say of the months.
    """

    counts: pd.DataFrame
    verdicts: pd.DataFrame
    left_out: dict[str, list[str]]
    findings: list[dict]


@flow("ingest")
def ingest(settings: Settings, raw: tuple[Path, ...], processed: Path, as_of: date | None = None) -> Store:
    """Read everything under the raw folders that the force can use, and store it as of a day.

    Raises
    ------
    SourceError
        A file that claims a known kind cannot be read, nothing is left to use, or too many rows were set aside.
    """
    files = list_inputs(raw, settings, as_of)
    day = as_of or find_day(files, settings)
    lists = read_lists(files, day)
    areas, named = name_places(read_places(files, settings, processed), lists, day)
    outline = find_outline(areas, files, settings, processed)
    outlines, split = share_out(areas, settings, day)
    own_places = keep_places(areas, outlines, outline, settings)
    rest = keep_incidents(files, own_places, outline, settings, day, processed)
    answers, said = survey_answers.read_answers(files, settings, processed)
    gazetteer = survey_answers.find_places(files, own_places, rest, settings, day, processed)
    answers = survey_answers.place_answers(answers, gazetteer)
    answers = survey_answers.settle_answers(answers, outline, day)
    concerns, told = survey_answers.keep_concerns(answers, settings)
    visits = settle_visits(read_visits(files, settings), day)
    others = [rows for rows in (answers, visits, *lists.rows) if rows is not None]
    kept = {
        "concerns": concerns,
        "visits": keep_visits(visits),
        "places": own_places,
        **lists.tables,
        **keep_lookups(files, gazetteer.units, outline),
        "tally": check_tally(rest, others, settings),
    }
    kept["quality"] = list_aside(rest, others, settings, processed)
    gate = examine_months(rest, settings, day)
    said += told + lists.findings + named + split + strange_areas(lists, own_places, gate, settings, day)
    kept["findings"] = notice(files, areas, rest, gate, said, settings, day)
    return store_tables(Store(processed, settings.force.slug, day), rest, gate, kept, files, settings)


@step("Find the latest day", retry=True)
def find_day(files: list[RawFile], settings: Settings) -> date:
    """The latest day that the force's own usable rows reach."""
    chosen = readers.incident_files(files, settings)
    months = [file.month for file in chosen if file.force == settings.force.slug]
    if months and all(months):
        return period.last_day(max(months))
    rows = readers.read_incidents([file for file in chosen if file.force in ("", settings.force.slug)], settings)
    usable = rows[(rows["reason"] == "") & rows["is_own_force"]]
    if usable.empty:
        raise SourceError("None of the rows can be used; 'hotspots check' tells what is wrong with a file.")
    return period.latest_as_of(usable)


@step("Find the force's outline", retry=True)
def find_outline(
    areas: gpd.GeoDataFrame, files: list[RawFile], settings: Settings, processed: Path
) -> shapely.Geometry:
    """The force's outline: the polygon that names it, else one drawn around its own points."""
    given = boundaries.outline_of(areas, settings.force.slug)
    return readers.derive_outline(files, settings, processed) if given is None else given


@step("Name areas by the lists of places")
def name_places(areas: gpd.GeoDataFrame, lists: FilledIn, day: date) -> tuple[gpd.GeoDataFrame, list[dict]]:
    """The areas that hold on the day under the names of the lists of places, and what does not fit."""
    named, lost = areas_at_points.with_names(areas, lists.tables["place_names"])
    today, twice = areas_at_points.once_each(areas_at_points.valid_on(named, day))
    return today.reset_index(drop=True), [findings.place_names(note) for note in lost + twice]


@step("Look for areas that nobody knows")
def strange_areas(
    lists: FilledIn, own_places: gpd.GeoDataFrame, gate: Health, settings: Settings, day: date
) -> list[dict]:
    """What there is to say of results, actions and priorities about areas that nobody knows."""
    teams_now = [team.name for team in settings.teams_on(day)]
    known = {
        settings.force.slug,
        settings.force.name,
        "force",
        *teams_now,
        *own_places["name"],
        *own_places["place_code"],
    }
    known |= {*own_places["team_name"].dropna(), *gate.counts["district"].dropna()}
    return local_lists.unknown_areas(lists, known)


@step("Share a district out among its teams")
def share_out(areas: gpd.GeoDataFrame, settings: Settings, day: date) -> tuple[gpd.GeoDataFrame, list[dict]]:
    """Outlines of the teams that share a district, by its wards, and what there is to say of them."""
    shared = neighbourhood_teams.share_out(settings.teams_on(day), areas)
    return neighbourhood_teams.as_places(shared.outlines, areas), [
        findings.shared_district(note) for note in shared.notes
    ]


@step("Keep the areas of the day")
def keep_places(
    areas: gpd.GeoDataFrame, outlines: gpd.GeoDataFrame, outline: shapely.Geometry, settings: Settings
) -> gpd.GeoDataFrame:
    """The force itself, as one place, the areas that hold on the day, and outlines of teams made of wards."""
    slug = settings.force.slug
    force = pd.DataFrame({"place_code": [slug], "kind": ["force"], "name": [settings.force.name]})
    force = gpd.GeoDataFrame(force, geometry=[outline], crs=crs.BNG)
    inside = areas[areas["kind"] != "force"]
    inside = inside[~inside["kind"].isin(boundaries.ONS_KINDS.values()) | inside.intersects(outline)]
    both = pd.concat([force, inside.sort_values(["kind", "place_code"]), outlines], ignore_index=True)
    return tables.conform(gpd.GeoDataFrame(both, crs=crs.BNG), tables.PLACES)


@step("Read incidents that are new", retry=True)
def keep_incidents(
    files: list[RawFile], own_places: gpd.GeoDataFrame, outline: shapely.Geometry, settings: Settings, day: date,
    processed: Path,
) -> AtRest:  # fmt: skip
    """The incident files at rest, those that did not change as they were; at least one row of the force counts."""
    slug = settings.force.slug
    areas = own_places[own_places["kind"] != "force"]
    units = readers.read_units(files) if raw_file.used(files, "force_export") else None
    context = IncidentContext(
        slug=slug,
        day=day,
        outline=outline,
        border_buffer_m=settings.force.border_buffer_m,
        areas=areas,
        teams=settings.teams_on(day),
        lsoas=readers.read_lsoas(files),
        postcodes=units,
        export_params=settings.force_export,
    )
    folder = incidents_folder(processed, slug)
    parts = incident_partitions.make_partitions(readers.incident_files(files, settings), context, folder)
    if not any(part.months for part in parts if part.force in ("", slug)):
        raise SourceError(f"No row of {slug} at or before {day} can be used. Check --as-of and the files.")
    outcomes = stored_incidents.make_outcomes(raw_file.used(files, "outcomes"), folder)
    return AtRest(parts, stored_incidents.repeated_rows(parts, folder), outcomes)


@step("Settle which visits count")
def settle_visits(visits: pd.DataFrame | None, day: date) -> pd.DataFrame | None:
    """The visits with their final reason."""
    return None if visits is None else visits.assign(reason=row_checks.settle_visits(visits, day))


@step("Keep where people live and the map's background", retry=True)
def keep_lookups(
    files: list[RawFile], units: pd.DataFrame | None, outline: shapely.Geometry
) -> dict[str, pd.DataFrame]:
    """Where people live, to compare answers with, and the background of the map."""
    return {
        "postcodes": readers.keep_postcodes(units, outline),
        "lsoas": readers.read_lsoa_facts(files),
        "base_map": readers.read_base_map(files, outline),
    }


@step("Count rows kept and set aside")
def check_tally(rest: AtRest, others: list[pd.DataFrame], settings: Settings) -> pd.DataFrame:
    """All rows of the force's own files counted; too many set aside stops the run."""
    own = own_parts(rest, settings)
    incidents = stored_incidents.tally_partitions(own, rest.repeated)
    notes = [note for part in own for note in part.notes]
    quality.require_share(incidents, settings.force.max_set_aside_share, notes)
    return pd.concat([incidents, *(quality.tally_rows(part) for part in others)], ignore_index=True)


@step("Keep visits")
def keep_visits(visits: pd.DataFrame | None) -> pd.DataFrame:
    """Visits that count."""
    if visits is None:
        return tables.empty(tables.VISITS)
    return tables.conform(visits[visits["reason"] == ""].sort_values("visit_id", ignore_index=True), tables.VISITS)


@step("List the rows set aside")
def list_aside(rest: AtRest, others: list[pd.DataFrame], settings: Settings, processed: Path) -> pd.DataFrame:
    """Every row of the force's own files that was set aside, by its number in the file."""
    folder = incidents_folder(processed, settings.force.slug)
    incidents = stored_incidents.rows_aside(own_parts(rest, settings), rest.repeated, folder)
    return quality.rows_table([*incidents, *(quality.rows_aside(part) for part in others)])


@step("Examine the months")
def examine_months(rest: AtRest, settings: Settings, day: date) -> Health:
    """The force's months judged by one another: which look wrong at the source, and which evidence goes without."""
    counts = stored_incidents.count_months(rest)
    first = period.evidence_window(day, settings.period.training_months + FORMER_MONTHS).touched[0]
    counts = counts[counts["month"] >= first].reset_index(drop=True)
    verdicts = monthly_checks.examine(counts, day, settings.health)
    window = period.evidence_window(day, settings.period.window_months)
    found = health_findings.tell(verdicts, counts, window, settings.health)
    shares, learnt = stored_incidents.share_months(rest), period.evidence_window(day, settings.period.training_months)
    found += health_notes.notes(shares[shares["month"].isin(learnt.touched)].reset_index(drop=True), day)
    return Health(counts, verdicts, monthly_checks.left_out(verdicts, settings.health), found)


@step("Notice gaps in the data")
def notice(
    files: list[RawFile], areas: gpd.GeoDataFrame, rest: AtRest, gate: Health, said: list[dict],
    settings: Settings, day: date,
) -> pd.DataFrame:  # fmt: skip
    """What the run noticed about its inputs."""
    window = period.evidence_window(day, settings.period.window_months)
    known = gate.counts[gate.counts["month"].isin(window.touched)]
    found = findings.missing_months(known, window) + findings.unrecognised_types(known) + said
    if not ((areas["kind"] == "force") & (areas["force"] == settings.force.slug)).any():
        found += [findings.derived_outline(settings.force.slug)]
    if raw_file.used(files, "force_export") and any(
        f.force == settings.force.slug for f in raw_file.used(files, "street")
    ):
        found += [findings.street_files_left(settings.force.slug)]
    if any(not team.is_checked for team in settings.teams_on(day)):
        found += [findings.unchecked_teams()]
    found += [note for part in rest.partitions for note in part.notes]
    return findings.findings_table(gate.findings + found + readers.compare_releases(files, settings))


def own_parts(rest: AtRest, settings: Settings) -> list[Partition]:
    """The files of the force itself, at rest."""
    return [part for part in rest.partitions if part.force in ("", settings.force.slug)]


@step("Store the tables")
def store_tables(
    store: Store, rest: AtRest, gate: Health, kept: dict[str, pd.DataFrame], files: list[RawFile],
    settings: Settings,
) -> Store:  # fmt: skip
    """Everything stored; the manifest of inputs last."""
    store.write_facts("incidents", rest.facts())
    told = gate.verdicts[~gate.verdicts["verdict"].isin(["ordinary", "cannot_tell"])]
    store.write_facts("health", {"left_out": gate.left_out, "verdicts": told.to_dict("records")})
    for name, frame in kept.items():
        store.write(name, frame)
    store.write_csv("rows_set_aside", kept["quality"])
    listed = [{**dataclasses.asdict(file), "path": str(file.path), "name": file.name} for file in files]
    store.write_facts("ingest", {"inputs": listed})
    store.sweep(settings.force.keep_runs)
    return store


list_inputs = step("Look through the raw folders", retry=True)(raw_files.list_inputs)
read_places = step("Read outlines and areas", retry=True)(readers.read_places)
read_visits = step("Read patrol logs", retry=True)(readers.read_visits)
read_lists = step("Read lists that people filled in", retry=True)(local_lists.read_lists)
