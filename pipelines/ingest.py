"""Ingest: raw files to stored tables, every row kept or set aside with a reason."""

import dataclasses
from datetime import date
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

from hotspots import crs, harm, period, quality, tables
from hotspots.errors import SourceError
from hotspots.sources import boundaries, places, settle, survey
from pipelines import inputs, readers
from pipelines.inputs import RawFile
from pipelines.settings import Settings
from pipelines.steps import Flow, Step
from pipelines.store import Store


def compose(settings: Settings, raw: tuple[Path, ...], processed: Path, as_of: date | None = None) -> Store:
    """Read everything under the raw folders that the force can use, and store it as of a day.

    Raises
    ------
    SourceError
        A file that claims a known kind cannot be read, nothing is left to use, or too many rows were set aside.
    """
    files = list_inputs(raw, settings, as_of)
    areas = read_places(files)
    rows = read_incidents(files, settings)
    day = as_of or latest_day(rows)
    outline = find_outline(areas, rows, settings)
    rows = settle_incidents(rows, outline, settings, day)
    answers = settle_answers(read_answers(files, settings), outline, settings, day)
    visits = settle_visits(read_visits(files, settings), day)
    tally = check_tally(rows, answers, visits, settings)
    own_places = keep_places(areas, outline, settings, day)
    kept = {
        "incidents": keep_incidents(rows, own_places, settings, day),
        "concerns": keep_concerns(answers, own_places, settings, day),
        "visits": keep_visits(visits),
        "places": own_places,
        "tally": tally,
    }
    findings = notice(files, areas, kept["incidents"], kept["concerns"], settings, day)
    return store_tables(Store(processed, settings.force.slug, day), {**kept, "findings": findings}, files, settings)


def _latest_day(rows: gpd.GeoDataFrame) -> date:
    """The latest day that the force's own usable rows reach."""
    usable = rows[(rows["reason"] == "") & rows["is_own_force"]]
    if usable.empty:
        raise SourceError("None of the rows can be used; 'hotspots check' tells what is wrong with a file.")
    return period.latest_as_of(usable)


def _find_outline(areas: gpd.GeoDataFrame, rows: gpd.GeoDataFrame, settings: Settings) -> shapely.Geometry:
    """The force's outline: the polygon that names it, else one drawn around its own points."""
    given = boundaries.outline_of(areas, settings.force.slug)
    if given is not None:
        return given
    own = rows[rows["is_own_force"] & (rows["reason"] == "")].get_coordinates()
    return boundaries.derive_outline(own["x"].to_numpy(), own["y"].to_numpy())


def _settle_incidents(
    rows: gpd.GeoDataFrame, outline: shapely.Geometry, settings: Settings, day: date
) -> gpd.GeoDataFrame:
    """The rows with their final reason; at least one of the force's own counts."""
    rows = rows.assign(reason=settle.settle_incidents(rows, outline, settings.force.border_buffer_m, day))
    if not (rows["is_own_force"] & (rows["reason"] == "")).any():
        slug = settings.force.slug
        raise SourceError(f"No row of {slug} at or before {day} can be used. Check --as-of and the files.")
    return rows


def _settle_answers(
    answers: gpd.GeoDataFrame | None, outline: shapely.Geometry, settings: Settings, day: date
) -> gpd.GeoDataFrame | None:
    """The answers with their final reason."""
    return None if answers is None else answers.assign(reason=settle.settle_answers(answers, outline, day))


def _settle_visits(visits: pd.DataFrame | None, day: date) -> pd.DataFrame | None:
    """The visits with their final reason."""
    return None if visits is None else visits.assign(reason=settle.settle_visits(visits, day))


def _check_tally(
    rows: gpd.GeoDataFrame, answers: gpd.GeoDataFrame | None, visits: pd.DataFrame | None, settings: Settings
) -> pd.DataFrame:
    """All rows of the force's own files counted; too many set aside stops the run."""
    incidents = quality.tally_rows(rows[rows["is_own_force"]])
    quality.require_share(incidents, settings.force.max_set_aside_share)
    others = [quality.tally_rows(part) for part in (answers, visits) if part is not None]
    return pd.concat([incidents, *others], ignore_index=True)


def _keep_places(areas: gpd.GeoDataFrame, outline: shapely.Geometry, settings: Settings, day: date) -> gpd.GeoDataFrame:
    """The force itself, as one place, and the areas that hold on the day."""
    slug = settings.force.slug
    force = pd.DataFrame({"place_code": [slug], "kind": ["force"], "name": [settings.force.name]})
    force = gpd.GeoDataFrame(force, geometry=[outline], crs=crs.BNG)
    inside = places.valid_on(areas[areas["kind"] != "force"], day)
    both = pd.concat([force, inside.sort_values(["kind", "place_code"])], ignore_index=True)
    return tables.conform(gpd.GeoDataFrame(both, crs=crs.BNG), tables.PLACES)


def _keep_incidents(rows: gpd.GeoDataFrame, own: gpd.GeoDataFrame, settings: Settings, day: date) -> gpd.GeoDataFrame:
    """The incidents that count, with harm, beat and team; a neighbour's id carries its force."""
    kept = rows[rows["reason"] == ""]
    ids = kept["incident_id"].where(kept["is_own_force"], kept["force"] + "-" + kept["incident_id"])
    kept = kept.assign(incident_id=ids, harm_days=harm.harm_days(kept)).sort_values("incident_id", ignore_index=True)
    districts = {district: team.name for team in settings.teams_on(day) for district in team.districts}
    kept = places.assign_teams(kept.assign(team_name=kept["team_name"].replace(districts)), own)
    return tables.conform(kept, tables.INCIDENTS)


def _keep_concerns(
    answers: gpd.GeoDataFrame | None, own: gpd.GeoDataFrame, settings: Settings, day: date
) -> gpd.GeoDataFrame:
    """Concerns of the answers that count, with beat and team."""
    if answers is None:
        return tables.empty(tables.CONCERNS)
    concerns = survey.tidy_concerns(answers[answers["reason"] == ""].reset_index(drop=True), settings.survey)
    return tables.conform(places.assign_teams(concerns, own), tables.CONCERNS)


def _keep_visits(visits: pd.DataFrame | None) -> pd.DataFrame:
    """Visits that count."""
    if visits is None:
        return tables.empty(tables.VISITS)
    return tables.conform(visits[visits["reason"] == ""].sort_values("visit_id", ignore_index=True), tables.VISITS)


def _notice(
    files: list[RawFile], areas: gpd.GeoDataFrame, incidents: gpd.GeoDataFrame, concerns: gpd.GeoDataFrame,
    settings: Settings, day: date,
) -> pd.DataFrame:  # fmt: skip
    """What the run noticed about its inputs."""
    own = incidents[incidents["is_own_force"]]
    window = period.evidence_window(day, settings.period.window_months)
    found = quality.missing_months(own, window) + quality.unrecognised_types(own) + quality.unplaced_answers(concerns)
    if boundaries.outline_of(areas, settings.force.slug) is None:
        found += [quality.derived_outline(settings.force.slug)]
    if inputs.used(files, "force_export") and any(f.force == settings.force.slug for f in inputs.used(files, "street")):
        found += [quality.street_files_left(settings.force.slug)]
    if any(not team.is_checked for team in settings.teams_on(day)):
        found += [quality.unchecked_teams()]
    return quality.findings_table(found)


def _store_tables(store: Store, kept: dict[str, pd.DataFrame], files: list[RawFile], settings: Settings) -> Store:
    """Everything stored; the manifest of inputs last."""
    for name, frame in kept.items():
        store.write(name, frame)
    listed = [{**dataclasses.asdict(file), "path": str(file.path), "name": file.path.name} for file in files]
    store.write_facts("ingest", {"inputs": listed})
    return store


list_inputs = Step(inputs.list_inputs, "Look through the raw folders", fetches=True)
read_places = Step(readers.read_places, "Read outlines and areas", fetches=True)
read_incidents = Step(readers.read_incidents, "Read incidents", fetches=True)
read_answers = Step(readers.read_answers, "Read survey answers", fetches=True)
read_visits = Step(readers.read_visits, "Read patrol logs", fetches=True)
latest_day = Step(_latest_day, "Find the latest day")
find_outline = Step(_find_outline, "Find the force's outline")
settle_incidents = Step(_settle_incidents, "Settle which incidents count")
settle_answers = Step(_settle_answers, "Settle which answers count")
settle_visits = Step(_settle_visits, "Settle which visits count")
check_tally = Step(_check_tally, "Count rows kept and set aside")
keep_places = Step(_keep_places, "Keep the areas of the day")
keep_incidents = Step(_keep_incidents, "Keep incidents")
keep_concerns = Step(_keep_concerns, "Keep concerns")
keep_visits = Step(_keep_visits, "Keep visits")
notice = Step(_notice, "Notice gaps in the data")
store_tables = Step(_store_tables, "Store the tables")
ingest = Flow(compose, "ingest")
