"""P values of hotspots: the ratio's published value, the quick labelling, chance alone, and a planted hotspot."""

import numpy as np
import pytest
from snapped_maps import snapped_map

from hotspots.errors import ParameterError
from hotspots.targeting import clusters, significance


def town(side: int = 12, gap_m: float = 100.0) -> tuple[np.ndarray, np.ndarray]:
    """Spots on a square grid."""
    x, y = np.meshgrid(np.arange(side) * gap_m, np.arange(side) * gap_m)
    return x.ravel(), y.ravel()


# inputs


def test_too_few_draws_are_refused() -> None:
    with pytest.raises(ParameterError, match=r"significance.draws must be at least 19 .*got 5"):
        significance.SignificanceParams(draws=5)


# answers


def test_the_log_likelihood_ratio_has_its_published_value() -> None:
    assert float(significance.log_likelihood_ratio(10, 4, 100)) == pytest.approx(3.354440416360145, abs=1e-12)


@pytest.mark.real_data
def test_the_log_likelihood_ratio_is_the_one_in_the_benchmarks(expected_results: dict) -> None:
    known = expected_results["kulldorff_llr"]
    assert float(significance.log_likelihood_ratio(known["c"], known["E"], known["C"])) == pytest.approx(
        known["llr"], abs=1e-12
    )


def test_no_more_than_expected_is_no_evidence_and_everything_inside_is_finite() -> None:
    assert significance.log_likelihood_ratio([4, 3], [4, 4], 100).tolist() == [0.0, 0.0]
    assert float(significance.log_likelihood_ratio(100, 40, 100)) == pytest.approx(100 * np.log(2.5))


def test_a_clusters_ratio_is_that_of_its_sums() -> None:
    labels, counts, share = np.array([0, 0, -1, 1]), np.array([6, 4, 80, 10]), np.array([0.02, 0.02, 0.86, 0.1])
    assert significance.cluster_ratios(labels, counts, share) == pytest.approx([3.354440416360145, 0.0])


def test_a_planted_hotspot_is_found_and_a_busy_place_alone_is_none() -> None:
    x, y = town()
    random = np.random.default_rng(2)
    at_risk = np.full(len(x), 40.0)
    centre = (x < 200) & (y < 200)
    at_risk[centre] = 1_000.0
    counts = random.multinomial(400, at_risk / at_risk.sum())
    planted = (x > 800) & (x < 1_100) & (y > 800) & (y < 1_100)
    counts[planted] += 12
    labels = clusters.dbscan(x, y, 100, 20, counts)
    p = significance.hotspot_p_values(x, y, counts, at_risk, 100, 20, draws=199, seed=1)
    assert len(p) == labels.max() + 1
    assert p[labels[np.flatnonzero(planted)[0]]] == pytest.approx(1 / 200)
    assert p[labels[0]] > 0.1


def test_points_of_chance_moved_to_few_places_are_seldom_a_significant_hotspot() -> None:
    maps, hits = 60, 0
    for seed in range(maps):
        made = snapped_map(seed)
        p = significance.hotspot_p_values(
            made.easting, made.northing, made.counts, made.at_risk, 400, 20, draws=59, seed=seed
        )
        hits += bool(p.min(initial=1.0) < 0.05)
    assert hits <= 0.08 * maps


def test_under_chance_alone_the_least_p_value_is_about_uniform() -> None:
    x, y = town(7)
    random = np.random.default_rng(3)
    at_risk = random.integers(5, 60, len(x)).astype(float)
    least = []
    for seed in range(60):
        counts = random.multinomial(150, at_risk / at_risk.sum())
        p = significance.hotspot_p_values(x, y, counts, at_risk, 100, 18, draws=59, seed=seed)
        least.append(p.min(initial=1.0))
    assert (np.array(least) <= 0.1).mean() <= 0.2
    assert (np.array(least) <= 0.5).mean() == pytest.approx(0.5, abs=0.2)


# promises


def test_the_same_seed_gives_the_same_p_values() -> None:
    x, y = town(6)
    counts = np.random.default_rng(5).integers(0, 8, len(x))
    first, again = (
        significance.hotspot_p_values(x, y, counts, np.ones(len(x)), 100, 15, draws=39, seed=7) for _ in range(2)
    )
    assert first.tolist() == again.tolist()
    assert ((first > 0) & (first <= 1)).all()


def test_no_cluster_has_no_p_value() -> None:
    assert significance.hotspot_p_values([], [], [], [], 100, 5, 19, 1).shape == (0,)
    assert significance.hotspot_p_values([0], [0], [1], [1], 100, 5, 19, 1).shape == (0,)
