"""The part of ingest that deals with residents' answers: read, placed, settled, kept as concerns."""

from datetime import date
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

from hotspots import findings, period, tables
from hotspots.sources import raw_file, row_checks, survey
from hotspots.sources.raw_file import RawFile
from hotspots.sources.survey.geocoding import Gazetteer
from pipelines.engine import step
from pipelines.ingest_steps import readers
from pipelines.settings import Settings
from pipelines.storage import respondent_key, stored_incidents
from pipelines.storage.store import incidents_folder
from pipelines.storage.stored_incidents import AtRest


@step("Read survey answers", retry=True)
def read_answers(files: list[RawFile], settings: Settings, processed: Path) -> tuple[pd.DataFrame | None, list[dict]]:
    """The answers of every survey file, without a word of what residents typed, and what to say of the files."""
    if not raw_file.used(files, "survey"):
        return None, []
    return readers.read_answers(files, settings, respondent_key.read_key(processed, settings.force.slug))


@step("Find what places answers", retry=True)
def find_places(
    files: list[RawFile], own_places: gpd.GeoDataFrame, rest: AtRest, settings: Settings, day: date, processed: Path
) -> Gazetteer:
    """What places answers: areas, postcodes, and the streets that incidents of the evidence window name."""
    if not raw_file.used(files, "survey"):
        return Gazetteer()
    months = set(period.evidence_window(day, settings.period.window_months).touched)
    evidence = stored_incidents.read_incidents(rest, incidents_folder(processed, settings.force.slug), months)
    return Gazetteer(
        areas=own_places[own_places["kind"] != "force"].reset_index(drop=True),
        units=readers.read_units(files),
        incidents=evidence[evidence["is_own_force"]],
        teams=tuple(team.name for team in settings.teams_on(day)),
    )


@step("Place survey answers")
def place_answers(answers: pd.DataFrame | None, gazetteer: Gazetteer) -> gpd.GeoDataFrame | None:
    """The answers with where each is from."""
    return None if answers is None else survey.place_answers(answers, gazetteer)


@step("Settle which answers count")
def settle_answers(answers: gpd.GeoDataFrame | None, outline: shapely.Geometry, day: date) -> gpd.GeoDataFrame | None:
    """The answers with their final reason."""
    return None if answers is None else answers.assign(reason=row_checks.settle_answers(answers, outline, day))


@step("Keep concerns")
def keep_concerns(answers: gpd.GeoDataFrame | None, settings: Settings) -> tuple[gpd.GeoDataFrame, list[dict]]:
    """Concerns of the answers that count, each respondent's worry once in a period, and how many came again."""
    if answers is None:
        return tables.empty(tables.CONCERNS), []
    concerns = survey.tidy_concerns(answers[answers["reason"] == ""].reset_index(drop=True), settings.survey)
    once = survey.without_repeats(concerns, settings.survey.repeat_days)
    again = findings.repeated_worries(len(concerns) - len(once), settings.survey.repeat_days)
    return once, again + findings.unplaced_answers(once)
