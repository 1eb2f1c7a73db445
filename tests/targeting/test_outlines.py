"""From clusters to places: outlines that hold their spots, stay in the force and never overlap."""

import hypothesis
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import strategies as st

from hotspots.errors import ParameterError
from hotspots.targeting import outlines
from hotspots.targeting.outlines import OutlineParams, outline_clusters

FORCE = shapely.box(0, 0, 5_000, 5_000)


def spots_at(*points: tuple[float, float]) -> pd.DataFrame:
    return pd.DataFrame(np.array(points, dtype=float).reshape(-1, 2), columns=["easting", "northing"])


# inputs


@pytest.mark.parametrize("share", [0, 1.1, -0.5])
def test_a_reach_outside_its_limits_is_refused(share: float) -> None:
    with pytest.raises(ParameterError, match=f"outlines.buffer_share must be above 0 and at most 1, got {share:g}"):
        OutlineParams(buffer_share=share)


# answers


def test_one_spot_becomes_a_disc_of_half_the_radius() -> None:
    found = outline_clusters(spots_at((1_000, 1_000)), np.array([0]), FORCE, 200, OutlineParams())
    assert found.geometry.iloc[0].area == pytest.approx(np.pi * 100**2, rel=0.06)


def test_spots_of_a_cluster_share_one_outline_and_noise_has_none() -> None:
    spots = spots_at((1_000, 1_000), (1_150, 1_000), (3_000, 3_000))
    found = outline_clusters(spots, np.array([0, 0, -1]), FORCE, 200, OutlineParams())
    assert found["cluster"].tolist() == [0]
    assert found.geometry.iloc[0].geom_type == "Polygon"
    assert outlines.spots_inside(found, spots)["spot"].tolist() == [0, 1]


def test_a_cluster_outside_the_force_is_left_out_and_one_on_the_border_is_cut() -> None:
    spots = spots_at((-900, -900), (0, 2_500))
    found = outline_clusters(spots, np.array([0, 1]), FORCE, 200, OutlineParams())
    assert found["cluster"].tolist() == [1]
    assert found.geometry.iloc[0].bounds[0] >= 0


def test_a_spot_on_the_edge_is_inside() -> None:
    square = spots_at((0, 0), (100, 50), (101, 50))
    areas = outline_clusters(spots_at((50, 50)), np.array([0]), shapely.box(0, 0, 100, 100), 400, OutlineParams())
    assert outlines.spots_inside(areas, square)["spot"].tolist() == [0, 1]


def test_only_the_areal_parts_of_a_geometry_are_kept() -> None:
    mixed = shapely.GeometryCollection(
        [shapely.box(0, 0, 10, 10), shapely.Point(50, 50), shapely.box(20, 0, 20.5, 0.5)]
    )
    assert shapely.equals(outlines.polygons_only(mixed), shapely.box(0, 0, 10, 10))
    assert outlines.polygons_only(shapely.Point(1, 1)).is_empty
    assert (
        outlines.polygons_only(shapely.MultiPolygon([shapely.box(0, 0, 9, 9), shapely.box(20, 0, 29, 9)])).area == 162
    )


def ring_at(radius_m: float) -> list[tuple[float, float]]:
    angle = np.linspace(0, 2 * np.pi, 41)[:-1]
    return [(2_500 + radius_m * np.cos(each), 2_500 + radius_m * np.sin(each)) for each in angle]


def test_a_ring_has_no_hole_and_what_is_inside_is_counted() -> None:
    spots = spots_at(*ring_at(400), (2_500, 2_500))
    found = outline_clusters(spots, np.array([0] * 40 + [-1]), FORCE, 125, OutlineParams())
    assert shapely.get_num_interior_rings(found.geometry.iloc[0]) == 0
    assert found.geometry.iloc[0].area == pytest.approx(np.pi * 462.5**2, rel=0.03)
    assert 40 in set(outlines.spots_inside(found, spots)["spot"])


@pytest.mark.parametrize("inner", [0, 1])
def test_a_cluster_in_the_hole_of_a_ring_belongs_to_the_ring(inner: int) -> None:
    spots = spots_at(*ring_at(400), (2_500, 2_500), (2_520, 2_500))
    found = outline_clusters(spots, np.array([1 - inner] * 40 + [inner] * 2), FORCE, 125, OutlineParams())
    assert found["cluster"].tolist() == [1 - inner]
    assert shapely.get_num_interior_rings(found.geometry.iloc[0]) == 0


def test_each_cluster_may_have_its_own_radius() -> None:
    found = outline_clusters(
        spots_at((1_000, 1_000), (3_000, 3_000)), np.array([0, 1]), FORCE, np.array([100.0, 200.0]), OutlineParams()
    )
    assert found.area.tolist() == pytest.approx([np.pi * 50**2, np.pi * 100**2], rel=0.06)


def test_what_remains_of_an_outline_beside_another_is_left_out_unless_it_has_a_spot() -> None:
    line = [(1_000.0, 1_000 + 60.0 * step) for step in range(9)]
    spots = spots_at(*line, (1_070, 1_240), (1_000 - 120, 1_240))
    found = outline_clusters(spots, np.array([0] * 9 + [1, 1]), FORCE, 200, OutlineParams())
    shapes = found.geometry.to_numpy()
    parts = shapely.get_parts(shapes)
    points = shapely.points(spots.to_numpy())
    assert all(shapely.intersects(part, points).any() for part in parts)
    assert shapely.area(shapely.intersection(shapes[0], shapes[1])) < 1e-6


def test_two_clusters_with_the_same_outline_leave_one() -> None:
    spots = spots_at((1_000, 1_000), (1_000, 1_000))
    assert len(outline_clusters(spots, np.array([0, 1]), FORCE, 200, OutlineParams())) == 1


# promises


@hypothesis.given(st.integers(0, 10_000))
def test_outlines_lie_in_the_force_overlap_none_and_hold_their_spots(seed: int) -> None:
    random = np.random.default_rng(seed)
    spots = spots_at(*random.uniform(-100, 1_100, (60, 2)))
    labels = random.integers(-1, 5, 60)
    force = shapely.Point(500, 500).buffer(520)
    found = outline_clusters(spots, labels, force, 120, OutlineParams())
    shapes = found.geometry.to_numpy()
    assert shapely.is_valid(shapes).all()
    assert all(shapely.difference(shape, force).area < 1e-6 for shape in shapes)
    assert shapely.area(shapes).sum() == pytest.approx(shapely.union_all(shapes).area, abs=0.01)
    inside = outlines.spots_inside(found, spots)
    in_any = set(inside["spot"])
    well_inside = shapely.contains_xy(force.buffer(-1), *spots.to_numpy().T)
    assert set(np.flatnonzero((labels >= 0) & well_inside)) <= in_any


def test_no_clusters_have_no_outlines() -> None:
    for spots, labels in [(spots_at(), np.array([], int)), (spots_at((1, 1)), np.array([-1]))]:
        found = outline_clusters(spots, labels, FORCE, 100, OutlineParams())
        assert list(found.columns) == ["cluster", "geometry"]
        assert len(found) == 0
        assert found.crs == "EPSG:27700"
        assert list(outlines.spots_inside(found, spots).columns) == ["area", "spot"]


def test_the_arguments_stay_as_they_were() -> None:
    spots, labels = spots_at((1_000, 1_000)), np.array([0])
    outline_clusters(spots, labels, FORCE, 200, OutlineParams())
    assert spots.to_numpy().tolist() == [[1_000, 1_000]]
    assert labels.tolist() == [0]
