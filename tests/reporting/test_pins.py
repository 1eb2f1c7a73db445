"""The point that stands for a shape: the centre where the shape holds it, and always inside."""

import hypothesis
import numpy as np
import shapely
from hypothesis import strategies as st

from hotspots.reporting import pins


def test_a_disc_has_its_centre_and_a_ring_a_point_on_the_ring() -> None:
    disc = shapely.Point(3, 4).buffer(10, quad_segs=64)
    ring = disc.difference(shapely.Point(3, 4).buffer(6))
    centre, on_ring = pins.points_inside([disc, ring])
    assert shapely.distance(centre, shapely.Point(3, 4)) < 1e-6
    assert shapely.intersects(ring, on_ring)


@hypothesis.settings(max_examples=25)
@hypothesis.given(st.integers(0, 10_000))
def test_every_point_is_inside_its_shape(seed: int) -> None:
    random = np.random.default_rng(seed)
    lines = [shapely.LineString(random.uniform(0, 100, (random.integers(2, 6), 2))).buffer(2) for _ in range(5)]
    assert shapely.intersects(np.array(lines), pins.points_inside(lines)).all()


def test_no_shapes_have_no_points() -> None:
    assert len(pins.points_inside([])) == 0
