"""Clusters of limited area: DBSCAN's own where they fit, smaller ones at a smaller radius where they do not."""

import hypothesis
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import strategies as st
from sklearn.cluster import DBSCAN
from snapped_maps import snapped_map

from hotspots import neighbour_graph
from hotspots.targeting import clusters, limited_clusters, outlines, significance
from hotspots.targeting.clusters import DbscanParams
from hotspots.targeting.limited_clusters import Clusters, Places
from hotspots.targeting.outlines import OutlineParams

WIDE = shapely.box(-1e5, -1e5, 1e5, 1e5)


def cluster(xy: np.ndarray, counts: np.ndarray, params: DbscanParams, buffer_share: float = 0.5) -> Clusters:
    places = Places(xy, *neighbour_graph.pairs(xy, params.radius_m))
    return limited_clusters.cluster_spots(places, counts, params, buffer_share)


def two_squares_and_a_bridge() -> np.ndarray:
    """Two squares of 16 spots 50 m apart, joined by six spots 94 m apart that are 95 m or more from both."""
    x, y = (steps.ravel() for steps in np.meshgrid(np.arange(4) * 50.0, np.arange(4) * 50.0))
    left = np.column_stack([x, y])
    bridge = np.column_stack([np.arange(245.0, 720, 94), np.full(6, 75.0)])
    xy = np.concatenate([left, left + np.array([810.0, 0.0]), bridge])
    return xy[np.lexsort((xy[:, 1], xy[:, 0]))]


def sizes(found: Clusters) -> list[int]:
    return sorted(np.bincount(found.labels[found.labels >= 0]).tolist())


# answers


def test_a_cluster_of_two_places_and_a_bridge_becomes_two() -> None:
    xy = two_squares_and_a_bridge()
    counts = np.ones(len(xy), int)
    whole = cluster(xy, counts, DbscanParams(radius_m=100.0, min_incidents=3))
    split = cluster(xy, counts, DbscanParams(radius_m=100.0, min_incidents=3, max_area_ha=10.0))
    assert sizes(whole) == [len(xy)]
    assert split.radius_m == pytest.approx([90.0, 90.0])
    assert sizes(split) == [16, 16]


def test_each_part_is_dbscan_at_its_radius_within_the_cluster() -> None:
    xy = two_squares_and_a_bridge()
    counts = np.random.default_rng(1).integers(1, 4, len(xy))
    found = cluster(xy, counts, DbscanParams(radius_m=100.0, min_incidents=6, max_area_ha=5.5))
    for number, radius in enumerate(found.radius_m):
        expected = DBSCAN(eps=radius + 1e-9, min_samples=6).fit_predict(xy, sample_weight=counts)
        own = found.labels == number
        assert (expected[own] == expected[own][0]).all()
        assert (expected == expected[own][0]).sum() == own.sum()


def test_parts_take_the_place_of_their_cluster_in_the_order() -> None:
    far = np.array([[-5_000.0, 0.0], [5_000.0, 0.0]]).repeat(3, axis=0) + np.tile([[0, 0], [9, 0], [0, 9]], (2, 1))
    xy = np.concatenate([far[:3], two_squares_and_a_bridge(), far[3:]])
    found = cluster(xy, np.ones(len(xy)), DbscanParams(radius_m=100.0, min_incidents=3, max_area_ha=10.0))
    first = [np.flatnonzero(found.labels == number)[0] for number in range(len(found.radius_m))]
    assert first == sorted(first)
    assert found.radius_m == pytest.approx([100.0, 90.0, 90.0, 100.0])


def test_a_cluster_without_a_denser_core_ends() -> None:
    line = np.column_stack([np.arange(40) * 95.0, np.zeros(40)])
    found = cluster(line, np.ones(40), DbscanParams(radius_m=100.0, min_incidents=3, max_area_ha=10.0))
    assert (found.labels == -1).all()
    assert len(found.radius_m) == 0


@pytest.mark.parametrize("shape", ["line", "ring", "block"])
def test_the_area_in_squares_is_that_of_the_outline(shape: str) -> None:
    angle = np.linspace(0, 2 * np.pi, 25)[:-1]
    xy = {
        "line": np.column_stack([np.arange(12) * 80.0, np.arange(12) * 13.0]),
        "ring": 300.0 * np.column_stack([np.cos(angle), np.sin(angle)]),
        "block": np.random.default_rng(4).uniform(0, 500, (80, 2)),
    }[shape]
    spots = pd.DataFrame(xy, columns=["easting", "northing"])
    drawn = outlines.outline_clusters(spots, np.zeros(len(xy), int), WIDE, 125.0, OutlineParams()).area.iloc[0]
    assert limited_clusters.outline_m2(xy, 62.5) == pytest.approx(drawn, rel=0.15)


# promises


@hypothesis.settings(max_examples=25)
@hypothesis.given(st.integers(0, 10_000), st.sampled_from([0.0, 100_000.0]))
def test_without_a_limit_it_is_dbscan(seed: int, limit: float) -> None:
    random = np.random.default_rng(seed)
    xy, counts = random.uniform(0, 1_000, (80, 2)), random.integers(0, 4, 80)
    found = cluster(xy, counts, DbscanParams(radius_m=90.0, min_incidents=5, max_area_ha=limit))
    assert found.labels.tolist() == clusters.dbscan(*xy.T, 90.0, 5, counts).tolist()
    assert found.radius_m.tolist() == [90.0] * (found.labels.max() + 1)


@hypothesis.settings(max_examples=25)
@hypothesis.given(st.integers(0, 10_000), st.sampled_from([3.0, 8.0, 20.0]))
def test_no_part_is_larger_than_the_limit_and_all_of_it_was_in_one_cluster(seed: int, limit: float) -> None:
    random = np.random.default_rng(seed)
    xy, counts = np.round(random.uniform(0, 1_200, (120, 2)), 2), random.integers(0, 4, 120)
    params = DbscanParams(radius_m=150.0, min_incidents=6, max_area_ha=limit)
    found = cluster(xy, counts, params)
    before = clusters.dbscan(*xy.T, 150.0, 6, counts)
    for number, radius in enumerate(found.radius_m):
        own = found.labels == number
        assert own.any()
        assert len(set(before[own])) == 1
        assert before[own][0] >= 0
        assert limited_clusters.outline_m2(xy[own], radius / 2) <= limit * 1e4
    spots = pd.DataFrame(xy, columns=["easting", "northing"])
    shapes = outlines.outline_clusters(spots, found.labels, WIDE, found.radius_m, OutlineParams())
    assert shapes.area.max() <= 1.2 * limit * 1e4


@hypothesis.settings(max_examples=25)
@hypothesis.given(st.integers(0, 10_000))
def test_the_order_of_rows_changes_no_core(seed: int) -> None:
    random = np.random.default_rng(seed)
    xy, counts = np.round(random.uniform(0, 1_000, (100, 2)), 2), random.integers(1, 5, 100)
    params = DbscanParams(radius_m=120.0, min_incidents=1, max_area_ha=6.0)  # every spot is a core spot
    order = random.permutation(100)
    one, other = cluster(xy, counts, params), cluster(xy[order], counts[order], params)
    names = {(a, b) for a, b in zip(one.labels[order], other.labels, strict=True)}
    assert len(names) == len({a for a, _ in names}) == len({b for _, b in names})


def test_draws_are_split_as_the_incidents_are() -> None:
    made = snapped_map(3, places=40, family=150, others=600)
    xy = np.column_stack([made.easting, made.northing])
    params = DbscanParams(radius_m=700.0, min_incidents=8, max_area_ha=120.0)
    share = made.at_risk / made.at_risk.sum()
    random, ratios, splits = np.random.default_rng(1), [], 0
    for _ in range(39):
        counts = random.multinomial(made.counts.sum(), share)
        found = cluster(xy, counts, params)
        both = [significance.cluster_ratios(each, counts, share) for each in (found.labels, found.whole)]
        ratios.append(np.concatenate(both).max(initial=0.0))
        splits += bool((found.radius_m < 700).any())
    own = significance.cluster_ratios(cluster(xy, made.counts, params).labels, made.counts, share)
    p = significance.p_values(
        lambda counts: [(found := cluster(xy, counts, params)).labels, found.whole], made.counts, made.at_risk,
        significance.SignificanceParams(draws=39, seed=1),
    )  # fmt: skip
    assert splits > 20
    assert p.tolist() == [(1 + sum(ratio >= each for ratio in ratios)) / 40 for each in own]
