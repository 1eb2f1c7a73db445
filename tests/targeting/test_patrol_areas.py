"""Places an officer can walk: small enough, apart, inside the force, the busiest first."""

import numpy as np
import pandas as pd
import pytest
import shapely

from hotspots.errors import ParameterError
from hotspots.targeting.patrol_areas import PatrolAreaParams, choose_areas

FORCE = shapely.box(0, 0, 3_000, 3_000)
COLUMNS = ["radius_m", "area_m2", "walk_minutes", "geometry", "surroundings", "drive_minutes"]


def spots_at(points: object, expected: object) -> pd.DataFrame:
    xy = np.array(points, dtype=float).reshape(-1, 2)
    return pd.DataFrame({"easting": xy[:, 0], "northing": xy[:, 1], "expected": expected})


def town(seed: int) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    middles = random.uniform(0, 3_000, (6, 2))
    points = np.clip(middles[random.integers(0, 6, 400)] + random.normal(0, 150, (400, 2)), 0, 3_000)
    return spots_at(points, random.gamma(0.5, 1.0, 400))


# inputs


@pytest.mark.parametrize("name", ["max_radius_m", "max_areas", "street_buffer_m", "walking_m_per_minute", "top_k"])
def test_a_parameter_of_nothing_is_refused_by_its_name(name: str) -> None:
    with pytest.raises(ParameterError, match=f"patrol_areas.{name} must be greater than 0, got 0"):
        PatrolAreaParams(**{name: 0})


def test_a_radius_that_nobody_walks_is_refused() -> None:
    with pytest.raises(ParameterError, match=r"patrol_areas.max_radius_m must be greater than 2 metres"):
        PatrolAreaParams(max_radius_m=1.5)


# answers


def test_the_busiest_place_is_the_first_area() -> None:
    areas = choose_areas(
        spots_at([(500, 500), (2_000, 2_000), (2_050, 2_000)], [3.0, 2.0, 2.0]), FORCE, PatrolAreaParams()
    )
    assert areas.geometry.iloc[0].covers(shapely.Point(2_050, 2_000))
    assert areas.geometry.iloc[1].covers(shapely.Point(500, 500))
    assert len(areas) == 2


def test_a_lone_spot_is_walked_as_far_as_the_street_reaches() -> None:
    area = choose_areas(spots_at([(500, 500)], [1.0]), FORCE, PatrolAreaParams(street_buffer_m=40.0)).iloc[0]
    assert area["radius_m"] == pytest.approx(40.0, abs=0.1)
    assert area["area_m2"] == pytest.approx(np.pi * 40**2, rel=0.01)
    assert area["walk_minutes"] == pytest.approx(2 * np.pi * 40 / 60, abs=0.1)


def test_a_place_where_nothing_is_expected_is_no_area() -> None:
    areas = choose_areas(spots_at([(500, 500), (2_000, 2_000)], [1.0, 0.0]), FORCE, PatrolAreaParams())
    assert len(areas) == 1


# promises


@pytest.mark.parametrize("seed", range(4))
def test_areas_can_be_walked_lie_apart_and_stay_in_the_force(seed: int) -> None:
    params = PatrolAreaParams(max_areas=30)
    areas = choose_areas(town(seed), FORCE, params)
    shapes = areas.geometry.to_numpy()
    assert 10 < len(areas) <= 30
    assert shapely.is_valid(shapes).all()
    assert (shapely.minimum_bounding_radius(shapes) <= params.max_radius_m).all()
    assert (areas["radius_m"] <= params.max_radius_m).all()
    assert shapely.difference(shapely.union_all(shapes), FORCE).area < 1e-6
    for number, shape in enumerate(shapes):
        common = shapely.area(shapely.intersection(shape, shapes[number + 1 :]))
        assert (common <= 0.1 * np.minimum(shape.area, shapely.area(shapes[number + 1 :])) + 1e-9).all()


def test_what_the_areas_expect_hardly_rises_down_the_list() -> None:
    spots = town(9)
    areas = choose_areas(spots, FORCE, PatrolAreaParams(max_areas=20))
    points = shapely.points(spots["easting"], spots["northing"])
    held = [spots["expected"][shapely.intersects(shape, points)].sum() for shape in areas.geometry]
    assert held[0] == max(held)
    assert np.mean(held[:5]) > np.mean(held[10:])


def test_the_order_of_spots_does_not_matter() -> None:
    spots = town(5)
    turned = spots.sample(frac=1, random_state=1)
    before = turned.copy()
    one, other = (choose_areas(each, FORCE, PatrolAreaParams(max_areas=8)) for each in (spots, turned))
    assert shapely.area(one.geometry.symmetric_difference(other.geometry)).max() < 1.0
    pd.testing.assert_frame_equal(turned, before)


@pytest.mark.parametrize("spots", [spots_at([], []), spots_at([(1, 1)], [0.0]), spots_at([(-500, -500)], [1.0])])
def test_nothing_to_walk_to_is_an_empty_table_with_its_columns(spots: pd.DataFrame) -> None:
    areas = choose_areas(spots, FORCE, PatrolAreaParams())
    assert list(areas.columns) == COLUMNS
    assert len(areas) == 0
    assert areas.crs == "EPSG:27700"
