"""Local decisions: applied after the method, and reported."""

from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from hotspots import tables
from hotspots.targeting import decisions, patrol_areas
from hotspots.targeting.patrol_areas import PatrolAreaParams

FORCE = shapely.box(-1_000, -1_000, 10_000, 10_000)
NAMES = pd.DataFrame(
    {
        "easting": [5_000.0, 5_060, 5_030, 8_000, 100, 9_000],
        "northing": [5_000.0, 5_000, 5_040, 8_000, 50, 0],
        "location_text": ["On or near Mill Lane", "Mill Lane", "Pond Street", "Long Road", "High Street", "Long Road"],
    }
)


def made(*rows: dict) -> pd.DataFrame:
    """A table of decisions; what a row does not say is empty."""
    usual = {"reason": "school holidays", "decided_by": "NPT sergeant"}
    listed = [{"decision_id": f"d{number}", **usual, **row} for number, row in enumerate(rows, start=1)]
    frame = pd.DataFrame(listed, columns=list(tables.DECISIONS.columns))
    return tables.conform(frame.assign(until=pd.to_datetime(frame["until"])), tables.DECISIONS)


@pytest.fixture
def ranked(squares) -> gpd.GeoDataFrame:
    """Four ranked areas; two of them share a name."""
    return squares(
        (0, 0, 100), (500, 0, 100), (900, 0, 100), (1_500, 0, 100),
        patrol_area_id=[f"asb-area-2025-09-000{number}" for number in range(1, 5)], rank=[1, 2, 3, 4],
        rank_by_method=[1, 2, 3, 4], main_location=["High Street", "Mill Lane", "Park", "High Street"],
    )  # fmt: skip


def ids(areas: gpd.GeoDataFrame) -> list[str]:
    return areas["patrol_area_id"].str[-1].tolist()


# current decisions


def test_a_decision_is_valid_through_its_last_day_and_reported_afterwards() -> None:
    listed = made(
        {"decision": "pin", "until": "2025-09-30"}, {"decision": "pin", "until": "2025-09-29"}, {"decision": "pin"}
    )
    hold, found = decisions.current_decisions(listed, date(2025, 9, 30))
    assert hold["decision_id"].tolist() == ["d1", "d3"]
    assert found[0]["finding"] == "1 of 3 local decisions expired before 2025-09-30: d2."
    assert decisions.current_decisions(listed, date(2025, 9, 1))[1] == []


def test_a_list_that_names_places_only_needs_no_ids() -> None:
    """As it comes back from the store: without any id the column is text all the same."""
    listed = made(
        {"decision": "pin", "place": "Park", "family": "asb"}, {"decision": "exclude", "place": "Pond Street"}
    )
    assert decisions.of_family(listed, "asb")["decision_id"].tolist() == ["d1", "d2"]
    assert decisions.of_family(listed, "burglary")["decision_id"].tolist() == ["d2"]


def test_an_area_s_id_names_its_family_and_a_place_is_anybodys() -> None:
    listed = made(
        {"decision": "pin", "patrol_area_id": "asb-area-2025-09-0001"},
        {"decision": "pin", "place": "Park", "family": "burglary"},
        {"decision": "pin", "place": "Park"},
    )
    assert decisions.of_family(listed, "asb")["decision_id"].tolist() == ["d1", "d3"]
    assert decisions.of_family(listed, "burglary")["decision_id"].tolist() == ["d2", "d3"]


# what they do


def test_pinned_first_excluded_last_and_the_methods_rank_stays(ranked: gpd.GeoDataFrame) -> None:
    listed = made(
        {"decision": "exclude", "patrol_area_id": "asb-area-2025-09-0001"},
        {"decision": "pin", "place": "park", "until": "2025-12-31"},
    )
    found, applied, unclear = decisions.apply_decisions(ranked, listed)
    assert ids(found) == ["3", "2", "4", "1"]
    assert found["rank"].tolist() == [1, 2, 3, 4]
    assert found["rank_by_method"].tolist() == [3, 2, 4, 1]
    assert found["decision"].fillna("").tolist() == ["pin", "", "", "exclude"]
    assert found["decision_words"][0] == (
        "put first by local decision (school holidays, decided by NPT sergeant, until 31/12/2025)"
    )
    assert (applied, unclear) == (["d1", "d2"], [])


def test_a_renamed_area_keeps_its_place_on_the_list(ranked: gpd.GeoDataFrame) -> None:
    listed = made(
        {"decision": "rename", "patrol_area_id": "asb-area-2025-09-0002", "place": "The Mill"},
        {"decision": "rename", "place": "Park", "new_name": "Queen's Park"},
    )
    found, _, _ = decisions.apply_decisions(ranked, listed)
    assert found["main_location"].tolist() == ["High Street", "The Mill", "Queen's Park", "High Street"]
    assert found["rank"].tolist() == [1, 2, 3, 4]


def test_a_name_that_two_areas_share_is_not_applied_but_asked_about(ranked: gpd.GeoDataFrame) -> None:
    found, applied, unclear = decisions.apply_decisions(ranked, made({"decision": "exclude", "place": "High Street"}))
    assert ids(found) == ["1", "2", "3", "4"]
    assert found["decision"].isna().all()
    assert unclear[0]["finding"] == "Decision d1 matches 2 areas named 'High Street'."
    assert unclear[0]["is_open"]
    assert decisions.unused_findings(made({"decision": "exclude", "place": "High Street"}), set(applied)) == []


def test_a_decision_without_an_area_waits_for_somebody(ranked: gpd.GeoDataFrame) -> None:
    listed = made({"decision": "exclude", "place": "Nowhere"}, {"decision": "rename", "place": "Park"})
    _, applied, _ = decisions.apply_decisions(ranked, listed)
    assert decisions.unused_findings(listed, set(applied))[0]["finding"] == (
        "2 of 2 local decisions not applied (no matching area, or no new name): d1, d2."
    )


# places to add


def add(ranked: gpd.GeoDataFrame, *rows: dict, earlier: gpd.GeoDataFrame | None = None) -> gpd.GeoDataFrame:
    known = ranked.iloc[:0] if earlier is None else earlier
    return decisions.places_to_add(made(*rows), ranked, known, NAMES, FORCE, PatrolAreaParams())


def test_a_street_is_added_as_what_can_be_walked_about_it(ranked: gpd.GeoDataFrame) -> None:
    added = add(ranked, {"decision": "add", "place": "mill lane"})
    assert added["decision_id"].tolist() == ["d1"]
    shape = added.geometry[0]
    assert shapely.intersects(shape, shapely.points([[5_000, 5_000], [5_060, 5_000], [5_030, 5_040]])).all()
    assert added["radius_m"][0] <= PatrolAreaParams().max_radius_m
    expected = patrol_areas.walkable(
        np.array([5_030.0, 5_000.0]), NAMES[["easting", "northing"]].to_numpy(), PatrolAreaParams()
    )
    assert shapely.area(shapely.symmetric_difference(shape, expected)) < 0.1 * expected.area


def test_a_point_is_added_where_no_street_has_a_name(ranked: gpd.GeoDataFrame) -> None:
    added = add(ranked, {"decision": "add", "place": "behind the school", "easting": 3_000.0, "northing": 3_000.0})
    assert added.geometry[0].centroid.distance(shapely.Point(3_000, 3_000)) < 1


@pytest.mark.parametrize(
    "row",
    [
        {"place": "Long Road"},  # two of the name, far apart
        {"place": "Nowhere"},
        {},
        {"place": "High Street"},  # the list has it
        {"place": "sea", "easting": -5_000.0, "northing": 0.0},
    ],
)
def test_what_is_not_one_place_or_on_the_list_or_outside_is_not_added(ranked: gpd.GeoDataFrame, row: dict) -> None:
    assert add(ranked, {"decision": "add", **row}).empty


def test_a_pinned_area_that_the_method_dropped_comes_back_as_it_was(ranked: gpd.GeoDataFrame, squares) -> None:
    earlier = squares(
        (4_000, 4_000, 100), (0, 0, 100), patrol_area_id=["asb-area-2025-08-0009", "asb-area-2025-08-0001"]
    )
    pins = [{"decision": "pin", "patrol_area_id": name} for name in earlier["patrol_area_id"]]
    added = add(ranked, *pins, earlier=earlier)
    assert added["decision_id"].tolist() == ["d1"]
    assert added.geometry[0].equals(earlier.geometry[0])


# promises


def test_no_decisions_change_nothing(ranked: gpd.GeoDataFrame) -> None:
    before = ranked.copy(deep=True)
    found, applied, unclear = decisions.apply_decisions(ranked, made())
    pd.testing.assert_frame_equal(pd.DataFrame(found[list(before.columns)]), pd.DataFrame(before))
    assert (applied, unclear, decisions.unused_findings(made(), set())) == ([], [], [])
    assert add(ranked).empty
    empty, _, _ = decisions.apply_decisions(ranked.iloc[:0], made({"decision": "pin", "place": "Park"}))
    assert len(empty) == 0
