"""The areas of the force on the day: its outline, teams, beats, wards and other places."""

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from hotspots import findings
from hotspots.sources.geography import areas_of_day, boundaries, neighbourhood_teams
from pipelines.engine import step
from pipelines.ingest_steps import readers
from pipelines.ingest_steps.local_list_files import LocalLists
from pipelines.ingest_steps.run_inputs import RunInputs


@dataclass(frozen=True)
class ForceAreas:
    """The areas of the force on the day.

    Attributes
    ----------
    places
        The force itself and its areas (`tables.PLACES`).
    outline
        Outline of the force, BNG metres.
    is_derived
        Whether the outline was derived from records.
    findings
        Findings about lists of places and shared districts.
    """

    places: gpd.GeoDataFrame
    outline: shapely.Geometry
    is_derived: bool
    findings: list[dict[str, Any]]

    @property
    def within_force(self) -> gpd.GeoDataFrame:
        """Return the areas without the force itself."""
        return self.places[self.places["kind"] != "force"]

    def names(self) -> set[str]:
        """Return the names and codes of all areas, and the names of their teams."""
        columns = ("name", "place_code", "team_name")
        return set(pd.concat([self.places[name] for name in columns]).dropna())


@step("Read outlines and areas", retry=True)
def read_areas(inputs: RunInputs, lists: LocalLists) -> ForceAreas:
    """Read the areas of the force under the names of local lists, and derive an outline if none is given."""
    settings = inputs.settings
    read = readers.read_places(inputs.files, settings, inputs.processed)
    areas, unmatched = areas_of_day.name_areas(read, lists.tables["place_names"], inputs.day)
    given = boundaries.outline_of(areas, inputs.slug)
    outline = readers.derive_outline(inputs.files, settings, inputs.processed) if given is None else given
    shared = neighbourhood_teams.outline_teams(settings.teams_on(inputs.day), areas)
    team_outlines = neighbourhood_teams.as_places(shared.outlines, areas)
    places = areas_of_day.force_places(areas, team_outlines, outline, inputs.slug, settings.force.name)
    found = [findings.unmatched_places(sentence) for sentence in unmatched]
    found += [findings.shared_district(sentence) for sentence in shared.notes]
    return ForceAreas(places, outline, given is None, found)
