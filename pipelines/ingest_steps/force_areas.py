"""The areas of the force on the day: its outline, teams, beats, wards and other places."""

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from hotspots import findings
from hotspots.sources.geography import areas_of_day, boundaries, force_outlines, neighbourhood_teams
from hotspots.sources.police_uk import police_forces
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
    findings
        Findings about the outline, features that are not used, lists of places and shared districts.
    """

    places: gpd.GeoDataFrame
    outline: shapely.Geometry
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
    outline, found = choose_outline(boundaries.outline_of(areas, inputs.slug), inputs)
    shared = neighbourhood_teams.outline_teams(settings.teams_on(inputs.day), areas)
    team_outlines = neighbourhood_teams.as_places(shared.outlines, areas)
    places = areas_of_day.force_places(areas, team_outlines, outline, inputs.slug, settings.force.name)
    found += readers.describe_unused_areas(inputs.files, settings, inputs.processed)
    found += [findings.unmatched_places(sentence) for sentence in unmatched]
    found += [findings.shared_district(sentence) for sentence in shared.notes]
    return ForceAreas(places, outline, found)


def choose_outline(given: shapely.Geometry | None, inputs: RunInputs) -> tuple[shapely.Geometry, list[dict[str, Any]]]:
    """Return the given outline, or else that of the package, or else one around the force's own records.

    The second value is a finding that names an outline that was not given.
    """
    if given is not None:
        return given, []
    packaged = force_outlines.outline_of(inputs.slug)
    if packaged is not None:
        return packaged, [findings.packaged_outline(inputs.slug, force_outlines.EDGE_M)]
    derived = readers.derive_outline(inputs.files, inputs.settings, inputs.processed)
    return derived, [findings.derived_outline(inputs.slug, police_forces.has_territory(inputs.slug))]
