"""Ingest: raw files to stored tables; every row is kept or set aside with a reason."""

import dataclasses
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from hotspots import findings, period, quality, tables
from hotspots.data_health import health_check
from hotspots.data_health.health_check import HealthCheck
from hotspots.errors import SourceError
from hotspots.sources import row_checks, row_findings
from hotspots.sources.force_export import export_params
from hotspots.sources.geography import postcodes
from hotspots.sources.incident_context import IncidentContext
from hotspots.sources.police_uk import month_releases
from hotspots.sources.raw_file import RawFile
from pipelines.engine import flow, step
from pipelines.ingest_steps import force_areas, local_list_files, raw_files, readers, survey_answers
from pipelines.ingest_steps.force_areas import ForceAreas
from pipelines.ingest_steps.local_list_files import LocalLists
from pipelines.ingest_steps.run_inputs import RunInputs
from pipelines.ingest_steps.survey_answers import Survey
from pipelines.settings import Settings
from pipelines.storage import incident_partitions, stored_incidents
from pipelines.storage.store import Store
from pipelines.storage.stored_incidents import StoredIncidents


@dataclass(frozen=True)
class IngestedData:
    """Everything that a run read, before it is stored."""

    inputs: RunInputs
    lists: LocalLists
    areas: ForceAreas
    incidents: StoredIncidents
    survey: Survey
    visits: pd.DataFrame | None
    health: HealthCheck

    @property
    def other_rows(self) -> list[pd.DataFrame]:
        """Return all rows except incidents, with their reasons."""
        visits = [] if self.visits is None else [self.visits]
        return [*self.survey.rows, *visits, *self.lists.rows]


@flow("ingest")
def ingest(settings: Settings, raw: tuple[Path, ...], processed: Path, as_of: date | None = None) -> Store:
    """Read everything in the raw folders that the force can use, and store it as of a day.

    Raises
    ------
    SourceError
        A file of a known kind cannot be read, no row can be used, or too many rows were set aside.
    """
    files = list_inputs(raw, settings, as_of)
    inputs = RunInputs(files, settings, as_of or find_day(files, settings), processed)
    lists = local_list_files.read_lists(files, inputs.day)
    areas = force_areas.read_areas(inputs, lists)
    incidents = store_incidents(inputs, areas)
    survey = survey_answers.read_survey(inputs, areas, incidents)
    visits = read_visits(inputs)
    health = run_health_check(inputs, incidents)
    data = IngestedData(inputs, lists, areas, incidents, survey, visits, health)
    return store_tables(data, count_rows(data), list_findings(data))


list_inputs = step("List the raw files", retry=True)(raw_files.list_inputs)


@step("Find the latest day", retry=True)
def find_day(files: list[RawFile], settings: Settings) -> date:
    """Return the latest day of the force's usable incidents."""
    chosen = readers.incident_files(files, settings)
    months = [max(file.months, default="") for file in chosen if file.force == settings.force.slug]
    if months and all(months):
        return period.last_day(max(months))
    usable, tally = readers.read_days(files, settings)
    quality.check_set_aside_share(tally, settings.force.max_set_aside_share)
    if usable.empty:
        raise SourceError("None of the rows can be used. Run 'hotspots check' to see what is wrong with a file.")
    return period.latest_as_of(usable)


@step("Read new incident files", retry=True)
def store_incidents(inputs: RunInputs, areas: ForceAreas) -> StoredIncidents:
    """Store the incident files that are new or changed, and return the stored incidents of the day.

    Raises
    ------
    SourceError
        No incident of the force can be used.
    ParameterError
        The day is more than a month after the last incident.
    """
    settings, folder = inputs.settings, inputs.incidents_folder
    context = IncidentContext(
        slug=inputs.slug,
        day=inputs.day,
        outline=areas.outline,
        border_buffer_m=settings.force.border_buffer_m,
        areas=areas.within_force,
        teams=settings.teams_on(inputs.day),
        lsoas=readers.read_lsoas(inputs.files),
        postcodes=inputs.postcodes if inputs.used("force_export") else None,
        export_params=export_params.with_towns(settings.force_export, areas.names()),
    )
    files = readers.incident_files(inputs.files, settings)
    made = incident_partitions.make_partitions(files, context, folder)
    partitions = [
        partition.without_months(month_releases.unused_months(file, partition.months, inputs.day))
        for file, partition in zip(files, made, strict=True)
    ]
    shared = stored_incidents.find_shared(partitions, folder, inputs.day)
    outcomes = stored_incidents.store_outcomes(inputs.used("outcomes"), folder)
    stored = StoredIncidents(partitions, shared, outcomes)
    own = stored.own(inputs.slug)
    if not any(partition.months for partition in own):
        found = [finding for partition in own for finding in partition.findings]
        tally = stored_incidents.tally_partitions(own, shared.repeated)
        quality.check_set_aside_share(tally, settings.force.max_set_aside_share, found)
        raise SourceError(
            f"No incident of {inputs.slug} on or before {inputs.day} can be used. Check --as-of and the files."
        )
    stored_incidents.require_recent(stored, inputs.slug, inputs.day, folder)
    return stored


@step("Read patrol logs", retry=True)
def read_visits(inputs: RunInputs) -> pd.DataFrame | None:
    """Read the visits of every patrol log with their final reason; None without a log."""
    visits = readers.read_visits(inputs.files, inputs.settings)
    return None if visits is None else visits.assign(reason=row_checks.check_visits(visits, inputs.day))


@step("Check the months")
def run_health_check(inputs: RunInputs, incidents: StoredIncidents) -> HealthCheck:
    """Find months that look wrong at the source."""
    settings = inputs.settings
    return health_check.run_health_check(
        [partition.counts for partition in incidents.partitions],
        inputs.day,
        settings.health,
        is_month_only=incidents.is_month_only,
        window_months=settings.period.window_months,
        training_months=settings.period.training_months,
    )


@step("Count rows kept and set aside")
def count_rows(data: IngestedData) -> dict[str, pd.DataFrame]:
    """Return the tally of the force's files and the list of rows set aside; too many of them stop the run."""
    own, repeated = data.incidents.own(data.inputs.slug), data.incidents.shared.repeated
    incidents = stored_incidents.tally_partitions(own, repeated)
    found = [finding for partition in own for finding in partition.findings]
    # An offence that is in several exports is no fault, so it does not stop the run.
    judged = incidents.assign(reason=incidents["reason"].replace("repeated_id", ""))
    quality.check_set_aside_share(judged, data.inputs.settings.force.max_set_aside_share, found)
    rejected = stored_incidents.rejected_rows(own, repeated, data.inputs.incidents_folder)
    return {
        "tally": pd.concat([incidents, *map(quality.tally_rows, data.other_rows)], ignore_index=True),
        "quality": quality.rejected_table([rejected, *map(quality.rejected_rows, data.other_rows)]),
    }


@step("Find data-quality issues")
def list_findings(data: IngestedData) -> pd.DataFrame:
    """Return the findings about the inputs (`tables.FINDINGS`)."""
    inputs, settings, counts = data.inputs, data.inputs.settings, data.health.counts
    window = period.evidence_window(inputs.day, settings.period.window_months)
    teams = settings.teams_on(inputs.day)
    known = {settings.force.slug, settings.force.name, "force", *(team.name for team in teams), *data.areas.names()}
    has_street_files = any(file.force == inputs.slug for file in inputs.used("street"))
    found = [
        *data.health.findings,
        *findings.missing_months(counts, window),
        *data.survey.findings,
        *data.lists.findings,
        *data.areas.findings,
        *data.lists.unknown_areas(known | set(counts["district"].dropna())),
        *findings.unused_street_files(inputs.slug, has_street_files and bool(inputs.used("force_export"))),
        *findings.unchecked_teams(not all(team.is_checked for team in teams)),
        *row_findings.merge(finding for partition in data.incidents.partitions for finding in partition.findings),
        *findings.shared_references(data.incidents.shared.count_by_category(data.incidents.own(inputs.slug))),
        *readers.compare_releases(inputs.files, settings),
    ]
    return findings.findings_table(found)


@step("Store the tables")
def store_tables(data: IngestedData, counted: dict[str, pd.DataFrame], issues: pd.DataFrame) -> Store:
    """Store all tables, and the list of input files last."""
    inputs = data.inputs
    store = Store(inputs.processed, inputs.slug, inputs.day)
    store.write_facts("incidents", data.incidents.facts())
    store.write_facts("health", data.health.facts())
    for name, frame in {**_tables(data), **data.lists.tables, **counted, "findings": issues}.items():
        store.write(name, frame)
    store.write_csv("rows_set_aside", counted["quality"])
    read = [(file.path, file.member) for file in readers.incident_files(inputs.files, inputs.settings)]
    rows = dict(zip(read, stored_incidents.count_rows(data.incidents), strict=True))
    listed = [
        {
            **dataclasses.asdict(file),
            "path": str(file.path),
            "name": file.name,
            "rows": rows.get((file.path, file.member)),
        }
        for file in inputs.files
    ]
    store.write_facts("ingest", {"inputs": listed})
    store.prune(inputs.settings.force.keep_runs)
    return store


def _tables(data: IngestedData) -> dict[str, pd.DataFrame]:
    """Return the tables that were read, and the look-ups with which the report compares them."""
    files, outline = data.inputs.files, data.areas.outline
    return {
        "concerns": data.survey.concerns,
        "visits": _accepted_visits(data.visits),
        "places": data.areas.places,
        "postcodes": postcodes.postcodes_inside(data.survey.postcodes, outline),
        "lsoas": readers.read_lsoa_facts(files),
        "base_map": readers.read_base_map(files, outline),
    }


def _accepted_visits(visits: pd.DataFrame | None) -> pd.DataFrame:
    """Return the visits that are kept (`tables.VISITS`)."""
    if visits is None:
        return tables.empty(tables.VISITS)
    return tables.conform(visits[visits["reason"] == ""].sort_values("visit_id", ignore_index=True), tables.VISITS)
