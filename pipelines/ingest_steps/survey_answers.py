"""Survey answers: read, placed, and kept as concerns. What residents typed does not leave these steps."""

from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from hotspots import findings, period, tables
from hotspots.sources import row_checks, survey
from hotspots.sources.survey.geocoding import Gazetteer
from pipelines import memory
from pipelines.engine import step
from pipelines.ingest_steps import readers
from pipelines.ingest_steps.force_areas import ForceAreas
from pipelines.ingest_steps.run_inputs import RunInputs
from pipelines.storage import respondent_key, stored_incidents
from pipelines.storage.stored_incidents import StoredIncidents


@dataclass(frozen=True)
class Survey:
    """Concerns, all answers with their reasons for the tally, postcode units, and findings."""

    concerns: gpd.GeoDataFrame = field(default_factory=lambda: tables.empty(tables.CONCERNS))
    rows: list[pd.DataFrame] = field(default_factory=list)
    postcodes: pd.DataFrame | None = None
    findings: list[dict[str, Any]] = field(default_factory=list)


def read_survey(inputs: RunInputs, areas: ForceAreas, incidents: StoredIncidents) -> Survey:
    """Read the answers of every survey file, and keep their concerns."""
    if not inputs.used("survey"):
        return Survey()
    read, found = read_answers(inputs)
    gazetteer = make_gazetteer(inputs, areas, incidents)
    answers = place_answers(read, gazetteer, areas.outline, inputs)
    concerns, repeated = keep_concerns(answers, inputs)
    same = findings.same_answers(
        int((answers["reason"] == "same_answer").sum()), inputs.settings.survey.same_answer_minutes
    )
    return Survey(concerns, [answers], gazetteer.units, found + same + repeated)


@step("Read survey answers", retry=True)
def read_answers(inputs: RunInputs) -> tuple[pd.DataFrame, list[dict[str, Any]]]:
    """Read the answers of every survey file without the text that residents typed, and findings about the files."""
    key = respondent_key.read_key(inputs.processed, inputs.slug)
    found = readers.read_answers(inputs.files, inputs.settings, key)
    memory.release_unused()
    return found


@step("Collect places to locate answers")
def make_gazetteer(inputs: RunInputs, areas: ForceAreas, incidents: StoredIncidents) -> Gazetteer:
    """Collect areas, postcodes, and the streets of the incidents in the evidence window."""
    window = period.evidence_window(inputs.day, inputs.settings.period.window_months)
    evidence = stored_incidents.read_incidents(incidents, inputs.incidents_folder, set(window.touched))
    return Gazetteer(
        areas=areas.within_force.reset_index(drop=True),
        units=inputs.postcodes,
        incidents=evidence[evidence["is_own_force"]],
        teams=tuple(team.name for team in inputs.settings.teams_on(inputs.day)),
    )


@step("Locate survey answers")
def place_answers(
    answers: pd.DataFrame, gazetteer: Gazetteer, outline: shapely.Geometry, inputs: RunInputs
) -> gpd.GeoDataFrame:
    """Locate each answer, and assign its final reason."""
    placed = survey.geocode_answers(answers, gazetteer)
    same_minutes = inputs.settings.survey.same_answer_minutes
    placed["reason"] = row_checks.check_answers(placed, outline, inputs.day, same_minutes=same_minutes)
    memory.release_unused()
    return placed


@step("Keep concerns")
def keep_concerns(answers: gpd.GeoDataFrame, inputs: RunInputs) -> tuple[gpd.GeoDataFrame, list[dict[str, Any]]]:
    """Return the concerns of accepted answers, each respondent's once in a period, and findings about them."""
    params = inputs.settings.survey
    concerns = survey.tidy_concerns(answers, params)
    kept = survey.without_repeats(concerns, params.repeat_days)
    repeated = findings.repeated_concerns(len(concerns) - len(kept), params.repeat_days)
    return kept, repeated + findings.unplaced_answers(kept)
