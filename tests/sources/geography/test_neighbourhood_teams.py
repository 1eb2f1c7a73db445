"""Teams by districts, and by wards where several share one."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from hotspots import crs, tables
from hotspots.errors import ParameterError
from hotspots.sources.geography import neighbourhood_teams
from hotspots.sources.geography.neighbourhood_teams import Team
from hotspots.sources.survey import geocoding
from hotspots.sources.survey.geocoding import Gazetteer

NORTH = Team(name="North LPT", districts=("Potbury",), wards=("Moor", "Abbey and Hill"))
SOUTH = Team(name="South LPT", districts=("Potbury",), wards=("Mere",))
OTHER = Team(name="Leek LPT", districts=("Moorlands",))
E0, N0 = 390_000.0, 346_000.0


def wards(*rows: tuple[str, str | None, float]) -> gpd.GeoDataFrame:
    """Squares of a kilometre side by side: name, district, and how many kilometres east."""
    frame = pd.DataFrame(
        [(f"E05{n}", "ward", name, district) for n, (name, district, _) in enumerate(rows)],
        columns=["place_code", "kind", "name", "district"],
    )
    boxes = [shapely.box(E0 + 1_000 * x, N0, E0 + 1_000 * (x + 1), N0 + 1_000) for *_, x in rows]
    return tables.conform(gpd.GeoDataFrame(frame, geometry=boxes, crs=crs.BNG), tables.PLACES)


POTBURY = wards(("Moor", "Potbury", 0), ("Abbey & Hill", "Potbury", 1), ("Mere", "Potbury", 2), ("Mere", "Leigh", 9))


# inputs


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ((NORTH, Team(name="B", districts=("Potbury",), wards=("Mere", "MOOR"))), "'B' have the ward 'MOOR'"),
        ((NORTH, Team(name="B", districts=("Potbury",))), "'B' shares a district, so it needs 'wards'"),
    ],
)  # fmt: skip
def test_wards_of_two_teams_and_teams_without_wards_are_refused(given: tuple[Team, ...], words: str) -> None:
    with pytest.raises(ParameterError, match=words):
        neighbourhood_teams.check_wards(given)


def test_wards_without_their_one_district_are_refused() -> None:
    with pytest.raises(ParameterError, match="'A' has wards, so 'districts' must name the one district they are in"):
        Team(name="A", wards=("Moor",))


def test_the_same_wards_may_go_from_one_team_to_the_next() -> None:
    old = Team(name="Old", districts=("Potbury",), wards=("Moor",), valid_to="2026-01-19")
    neighbourhood_teams.check_wards(
        [old, Team(name="New", districts=("Potbury",), wards=("Moor",), valid_from="2026-01-19")]
    )
    with pytest.raises(ParameterError, match="both 'Old' and 'New' have the ward"):
        neighbourhood_teams.check_wards(
            [old, Team(name="New", districts=("Potbury",), wards=("Moor",), valid_from="2026-01-18")]
        )


# answers


def test_each_team_of_a_shared_district_has_the_outline_of_its_wards() -> None:
    found = neighbourhood_teams.outline_teams([NORTH, SOUTH, OTHER], POTBURY)
    assert found.notes == []
    assert {name: outline.area for name, outline in found.outlines.items()} == {"North LPT": 2e6, "South LPT": 1e6}
    listed = neighbourhood_teams.as_places(found.outlines, POTBURY)
    assert listed[["kind", "name", "team_name"]].astype("str").iloc[0].tolist() == ["LPT", "North LPT", "North LPT"]
    own = listed.assign(place_code="given")[:1]
    assert neighbourhood_teams.as_places(found.outlines, own)["name"].tolist() == [
        "South LPT"
    ]  # a polygon of its own goes before


def test_a_team_of_whole_districts_has_the_outline_of_all_their_wards() -> None:
    whole = Team(name="Leigh and Potbury SNT", districts=("Potbury", "Leigh"))
    assert neighbourhood_teams.outline_teams([whole], POTBURY).outlines["Leigh and Potbury SNT"].area == 4e6
    assert (
        neighbourhood_teams.outline_teams([whole], POTBURY[:3]).outlines == {}
    )  # Leigh's wards are not there: half an outline is none


def test_without_wards_the_teams_stand_as_one_and_the_run_says_so() -> None:
    found = neighbourhood_teams.outline_teams([NORTH, SOUTH, OTHER], POTBURY[:0])
    assert found.outlines == {}
    assert found.notes == [
        "2 teams share Potbury, but no file has the wards of Potbury, so they are treated as one: "
        "'North LPT and South LPT'."
    ]
    assert neighbourhood_teams.by_district([NORTH, SOUTH, OTHER]) == {
        "Potbury": "North LPT and South LPT",
        "Moorlands": "Leek LPT",
    }


def test_wards_of_no_team_and_names_that_are_no_ward_are_reported() -> None:
    found = neighbourhood_teams.outline_teams(
        [NORTH, SOUTH], wards(("Moor", "Potbury", 0), ("Mere", "Potbury", 2), ("New", "Potbury", 3))
    )
    assert found.notes == [
        "Wards of Potbury that no team in the settings covers: 'New'.",
        "Wards in the teams' lists that Potbury does not have: 'Abbey and Hill'.",
    ]


def test_wards_of_a_file_without_districts_are_known_by_their_names() -> None:
    found = neighbourhood_teams.outline_teams(
        [NORTH, SOUTH], POTBURY[:3].assign(district=pd.Series(pd.NA, index=range(3), dtype="str"))
    )
    assert sorted(found.outlines) == ["North LPT", "South LPT"] and found.notes == []


def test_a_record_just_outside_the_wards_of_its_district_is_the_nearest_team_s() -> None:
    areas = neighbourhood_teams.as_places(neighbourhood_teams.outline_teams([NORTH, SOUTH], POTBURY).outlines, POTBURY)
    east = E0 + np.array([500.0, 2_500.0, 2_500.0, 500.0, np.nan])
    north = N0 - np.array([20.0, 20.0, 900.0, 20.0, 0.0])
    district = ["Potbury", "Potbury", "Potbury", "Moorlands", "Potbury"]
    assert neighbourhood_teams.at_borders(east, north, district, [NORTH, SOUTH, OTHER], areas) == [
        "North LPT", "South LPT", None, None, None,
    ]  # fmt: skip


def test_an_answer_near_a_team_with_an_area_but_outside_it_is_the_nearest_other_team_s(incidents_at) -> None:
    areas = neighbourhood_teams.as_places(neighbourhood_teams.outline_teams([NORTH, SOUTH], POTBURY).outlines, POTBURY)
    records = incidents_at(
        [(E0 + 500, N0 + 10), (E0 + 500, N0 - 900)], team_name=["North LPT", "Leek LPT"], lsoa_code="E01000001",
        location_text="On or near High Street",
    )  # fmt: skip
    answers = pd.DataFrame(
        {"easting": [f"{E0 + 500:.0f}", f"{E0 + 2_500:.0f}"], "northing": [f"{N0 - 30:.0f}", f"{N0 + 30:.0f}"]}
    ).astype("str")
    placed = geocoding.geocode_answers(answers, Gazetteer(areas=areas, incidents=records))
    assert placed["team_name"].tolist() == ["Leek LPT", "South LPT"]
