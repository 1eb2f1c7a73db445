"""Concerns, recorded incidents and population of a force, joined by the same kinds of areas."""

from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from hotspots import districts, surveys
from hotspots.residents import hidden_demand, resident_areas, respondent_counts
from hotspots.residents.area_comparison import SurveyAndRecord
from hotspots.residents.resident_areas import POLYGON_KINDS

AREA_CODE_COLUMNS = {"team": "team_name", "beat": "beat_code", "lsoa": "lsoa_code", "ward": "ward", "parish": "parish"}
NAMING_RADIUS_M = 150.0


@dataclass(frozen=True)
class ResidentData:
    """Concerns with their areas, and the survey, record and population to compare.

    Attributes
    ----------
    concerns
        `tables.CONCERNS` of the evidence window, with `respondent`, `street`, `ward` and `parish`.
    compared
        Survey answers, recorded incidents and population.
    area_names
        Code of an area to its name.
    population_unit
        What the population counts: residents, postcodes or street points.
    """

    concerns: pd.DataFrame
    compared: SurveyAndRecord
    area_names: dict[str, str]
    population_unit: str

    @property
    def area_columns(self) -> dict[str, str]:
        """Return the kinds of areas that occur in the data, each with its column of codes."""
        frames = (self.compared.records, self.compared.answers)
        return {
            kind: column
            for kind, column in AREA_CODE_COLUMNS.items()
            if any(frame[column].notna().any() for frame in frames)
        }

    def name_places(self, places: pd.DataFrame) -> pd.DataFrame:
        """Return the places named after the street with most records around them."""
        return hidden_demand.name_places(places, self.compared.records, NAMING_RADIUS_M)


def assign_areas(
    concerns: gpd.GeoDataFrame, incidents: gpd.GeoDataFrame, places: gpd.GeoDataFrame, *,
    postcodes: pd.DataFrame, lsoas: pd.DataFrame, team_districts: dict[str, str],
) -> ResidentData:  # fmt: skip
    """Assign concerns, incidents and population to the same areas.

    Parameters
    ----------
    concerns, incidents
        `tables.CONCERNS` and `tables.INCIDENTS` of the evidence window.
    places
        `tables.PLACES`.
    postcodes, lsoas
        `tables.POSTCODES` and `tables.LSOAS`; may be empty.
    team_districts
        District of each team that has only one.
    """
    records = resident_areas.with_coordinates(incidents)
    records = records.assign(district_code=districts.codes_of(records["district"]))
    population, population_unit = resident_areas.locate_population(records, postcodes, lsoas)
    concerns = resident_areas.with_coordinates(resident_areas.fill_missing_areas(concerns, records))
    concerns = concerns.assign(respondent=surveys.respondents_of(concerns))
    records, population, concerns = (
        points.assign(**{kind: resident_areas.containing_areas(points, places, kind) for kind in POLYGON_KINDS})
        for points in (records, population, concerns)
    )
    concerns = concerns.assign(
        district_code=resident_areas.fill_missing_districts(
            concerns, population, team_districts, resident_areas.districts_of_places(places)
        ),
        street=resident_areas.nearest_streets(concerns, records),
    )
    answers = respondent_counts.tabulate_respondents(concerns, (*AREA_CODE_COLUMNS.values(), "street"))
    named = places[places["kind"] != "lsoa"]
    names = resident_areas.name_lsoas(records) | dict(zip(named["place_code"], named["name"], strict=True))
    return ResidentData(concerns, SurveyAndRecord(answers, records, population), names, population_unit)
