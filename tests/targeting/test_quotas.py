"""Who is due areas: teams and the country get theirs, the busiest places the rest."""

import numpy as np
import pandas as pd
import pytest
import shapely

from hotspots.errors import ParameterError
from hotspots.targeting.patrol_areas import PatrolAreaParams, choose_areas
from hotspots.targeting.quotas import QuotaParams
from hotspots.targeting.rural_areas import RuralParams

FORCE = shapely.box(-5_000, -5_000, 60_000, 60_000)
FIVE = PatrolAreaParams(max_areas=5)


def county() -> pd.DataFrame:
    """Eight busy places of team North, three quieter ones of South, four villages of West along a road."""
    east = [*np.arange(8) * 1_000.0, *(20_000 + np.arange(3) * 1_000.0), *(40_000 + np.arange(4) * 700.0)]
    expected = [*np.linspace(9, 8, 8), 3.0, 2.9, 2.8, 0.4, 0.5, 0.3, 0.2]
    teams = ["North"] * 8 + ["South"] * 3 + ["West"] * 4
    return pd.DataFrame(
        {"easting": east, "northing": 0.0, "expected": expected, "team_name": teams, "is_rural": np.arange(15) > 10}
    )


def held(areas, spots: pd.DataFrame) -> list[list[str]]:
    """Teams of the spots in each area."""
    points = shapely.points(spots["easting"], spots["northing"])
    return [spots["team_name"][shapely.intersects(shape, points)].tolist() for shape in areas.geometry]


# inputs


def test_more_due_than_the_list_holds_is_refused() -> None:
    with pytest.raises(ParameterError, match=r"1 rural areas and 2 for each of 3 teams are 7, more than .* = 5"):
        choose_areas(county(), FORCE, FIVE, QuotaParams(min_per_team=2, min_rural=1))
    with pytest.raises(ParameterError, match="must not be negative"):
        QuotaParams(min_rural=-1)


# answers


def test_without_quotas_the_busiest_places_have_the_list() -> None:
    assert held(choose_areas(county(), FORCE, FIVE), county()) == [["North"]] * 5


def test_every_team_has_its_areas_and_the_busiest_keep_the_rest() -> None:
    areas = choose_areas(county(), FORCE, FIVE, QuotaParams(min_per_team=1))
    assert sorted(held(areas, county())) == [["North"]] * 3 + [["South"], ["West"]]
    assert areas["surroundings"].tolist().count("rural") == 1
    points = shapely.points(county()["easting"], county()["northing"])
    covered = [county()["expected"][shapely.intersects(shape, points)].max() for shape in areas.geometry]
    assert sorted(covered) == pytest.approx([0.5, 3.0, *county()["expected"][[2, 1, 0]]])


def test_rural_areas_have_their_minimum_each_in_its_circle() -> None:
    areas = choose_areas(county(), FORCE, FIVE, QuotaParams(min_rural=2))
    assert areas["surroundings"].tolist().count("rural") == 2
    assert len(areas) == 5
    assert (areas["radius_m"] <= FIVE.max_radius_m).all()
    assert (areas["drive_minutes"] == 0).all()


def test_a_rural_area_may_be_a_stretch_of_road() -> None:
    rural = RuralParams(max_drive_minutes=5.0)
    areas = choose_areas(county(), FORCE, FIVE, QuotaParams(min_rural=1), rural)
    drive = areas[areas["surroundings"] == "rural_drive"]
    assert held(drive, county()) == [["West"] * 4]
    assert drive["drive_minutes"].iloc[0] == pytest.approx(2_100 * 1.3 / 600, abs=0.06)
    assert drive["drive_minutes"].iloc[0] <= 5.0
    assert (areas.loc[areas["surroundings"] == "urban", "radius_m"] <= FIVE.max_radius_m).all()


def test_a_neighbours_name_at_a_border_point_is_no_team() -> None:
    spots = county().assign(team_name=lambda table: table["team_name"].where(table.index != 14, "Elsewhere"))
    spots.loc[14, "expected"] = 0.05
    assert ["Elsewhere"] not in held(choose_areas(spots, FORCE, FIVE, QuotaParams(min_per_team=1)), spots)


def test_a_team_without_enough_places_gets_what_there_is() -> None:
    spots = county()[lambda table: (table["team_name"] != "South") | (table["easting"] == 20_000)].reset_index(
        drop=True
    )
    areas = choose_areas(spots, FORCE, PatrolAreaParams(max_areas=12), QuotaParams(min_per_team=3))
    assert sum(teams == ["South"] for teams in held(areas, spots)) == 1


# promises


@pytest.mark.parametrize("gap", [0.0, 60.0, 400.0])
def test_areas_keep_their_distance(gap: float) -> None:
    random = np.random.default_rng(2)
    xy = random.normal(0, 500, (600, 2)) + 3_000
    spots = pd.DataFrame({"easting": xy[:, 0], "northing": xy[:, 1], "expected": random.gamma(0.5, 1.0, 600)})
    shapes = choose_areas(
        spots, FORCE, PatrolAreaParams(max_areas=8), QuotaParams(min_distance_m=gap)
    ).geometry.to_numpy()
    assert len(shapes) > 3
    apart = [shapely.distance(shape, shapes[number + 1 :]).min() for number, shape in enumerate(shapes[:-1])]
    assert min(apart) >= gap - 0.5


def test_spots_stay_as_they_were_and_their_order_does_not_matter() -> None:
    spots = county()
    before, quota = spots.copy(), QuotaParams(min_per_team=1, min_rural=1)
    one, other = (choose_areas(each, FORCE, FIVE, quota) for each in (spots, spots.iloc[::-1]))
    pd.testing.assert_frame_equal(spots, before)
    assert shapely.area(one.geometry.symmetric_difference(other.geometry)).max() < 1.0
