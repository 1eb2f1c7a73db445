"""What is inside an area: counts, names, team and cautions."""

import geopandas as gpd
import pandas as pd
import pytest

from hotspots.predictive_distribution import Dispersion
from hotspots.targeting import profiles, spots
from hotspots.targeting.false_hotspots import FlagParams

ADDED = {
    "incidents", "recent_incidents", "spots", "expected", "expected_low", "expected_high", "variance", "recent",
    "earlier", "nearby", "harm_days", "flags", "area_m2",
}  # fmt: skip
POINTS = [(10, 10), (10, 10), (20, 20), (510, 10), (900, 900)]


@pytest.fixture
def incidents(incidents_at) -> gpd.GeoDataFrame:
    made = incidents_at(
        POINTS,
        category="burglary",
        subcategory=["residential_home", "business_community", None, "residential_home", None],
        location_text=["On or near Mill Lane", "Mill Lane", "High Street", "On or near Supermarket", "Hill"],
        team_name=["North", "North", "South", None, "South"],
    )
    return made.assign(is_recent=[True, False, True, False, True])


def profile(areas: gpd.GeoDataFrame, incidents: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    places, spot = spots.spots_of(incidents)
    rates = {"expected": 2.0, "recent": 1.0, "earlier": 0.5, "nearby": 0.5}
    return profiles.profile_areas(areas, places.assign(**rates), spot, incidents, Dispersion(), FlagParams())


def named(areas: gpd.GeoDataFrame, incidents: gpd.GeoDataFrame, family: str = "burglary") -> gpd.GeoDataFrame:
    return profiles.name_areas(areas, *spots.spots_of(incidents), incidents, family)


# answers


def test_an_area_counts_what_lies_inside_it(squares, incidents: gpd.GeoDataFrame) -> None:
    found = profile(squares((0, 0, 100), (500, 0, 100), (2_000, 2_000, 50)), incidents)
    assert found["incidents"].tolist() == [3, 1, 0]
    assert found["recent_incidents"].tolist() == [2, 0, 0]
    assert found["spots"].tolist() == [2, 1, 0]
    assert found["expected"].tolist() == [4.0, 2.0, 0.0]
    assert found["area_m2"].tolist() == [10_000.0, 10_000.0, 2_500.0]
    assert (found["expected_low"] <= found["expected"]).all()
    assert found["expected_high"].tolist()[2] == 0.0


def test_an_area_sums_its_harm_and_has_none_where_nothing_happened(squares, incidents: gpd.GeoDataFrame) -> None:
    found = profile(squares((0, 0, 100), (2_000, 2_000, 50)), incidents)
    assert found["harm_days"][0] == pytest.approx(273.5 + 183.5 + 244.7)
    assert pd.isna(found["harm_days"][1])


def test_an_area_goes_by_its_commonest_place_and_team(squares, incidents: gpd.GeoDataFrame) -> None:
    found = named(squares((0, 0, 100), (500, 0, 100), (2_000, 2_000, 50)), incidents)
    assert found["main_location"].tolist() == ["Mill Lane", "Supermarket", "an unnamed street"]
    assert found["team_name"].tolist() == ["North", "no team known", "no team known"]
    assert found["beat_code"].isna().all()


def test_an_area_without_the_family_goes_by_what_else_is_recorded_there(squares, incidents: gpd.GeoDataFrame) -> None:
    found = named(squares((0, 0, 100)), incidents, "asb")
    assert found["main_location"].tolist() == ["Mill Lane"]


def test_a_kind_of_place_is_flagged(squares, incidents: gpd.GeoDataFrame) -> None:
    found = profile(squares((0, 0, 100), (500, 0, 100)), incidents)
    assert pd.isna(found["flags"][0])
    assert found["flags"][1] == "supermarket"


def test_an_incident_in_two_areas_counts_in_both(squares, incidents: gpd.GeoDataFrame) -> None:
    found = profile(squares((0, 0, 15), (5, 5, 100)), incidents)
    assert found["incidents"].tolist() == [2, 3]


# promises


def test_the_index_is_kept_and_arguments_unchanged(squares, incidents: gpd.GeoDataFrame) -> None:
    areas = squares((0, 0, 100), (500, 0, 100), name=["a", "b"]).set_axis([7, 4])
    before = areas.copy(deep=True)
    found = profile(areas, incidents)
    assert found.index.tolist() == [7, 4]
    assert found["name"].tolist() == ["a", "b"]
    assert found["flags"][4] == "supermarket"
    pd.testing.assert_frame_equal(pd.DataFrame(areas), pd.DataFrame(before))


def test_the_order_of_rows_does_not_matter(squares, incidents: gpd.GeoDataFrame) -> None:
    areas = squares((0, 0, 100), (500, 0, 100))
    one, other = profile(areas, incidents), profile(areas, incidents.iloc[::-1])
    pd.testing.assert_frame_equal(pd.DataFrame(one), pd.DataFrame(other))


def test_nothing_in_is_nothing_out_with_every_column(squares, incidents: gpd.GeoDataFrame) -> None:
    for areas, inside in [
        (squares(), incidents),
        (squares((0, 0, 9)), incidents.iloc[:0]),
        (squares(), incidents.iloc[:0]),
    ]:
        found = profile(areas, inside)
        assert set(found.columns) >= ADDED
        assert len(found) == len(areas)
        assert found["incidents"].sum() == 0
        assert {"main_location", "team_name", "beat_code"} <= set(named(areas, inside).columns)
