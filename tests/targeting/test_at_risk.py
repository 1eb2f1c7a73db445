"""What is at risk: records, as far as the types around bring the family."""

import numpy as np
import pytest

from hotspots import neighbour_graph
from hotspots.targeting import at_risk


def two_streets() -> tuple[np.ndarray, np.ndarray]:
    """Twenty spots of a shopping street (many thefts, few burglaries), 5 km off forty of a street of homes."""
    random = np.random.default_rng(4)
    x = np.concatenate([np.arange(20) * 50.0, 5_000 + np.arange(40) * 50.0])
    rates = np.where((x < 2_500)[:, None], [0.5, 30.0, 4.0], [2.0, 0.5, 8.0])
    return x, random.poisson(10 * rates)


# answers


def test_shops_with_many_records_are_not_thought_to_be_burgled_like_homes() -> None:
    x, counts = two_streets()
    found = at_risk.exposure_by_mix(counts, 0, neighbour_graph.graph(x, np.zeros(len(x)), 400.0))
    shops = x < 2_500
    assert found[~shops].sum() == pytest.approx(counts[~shops, 0].sum(), rel=0.2)
    assert found[shops].sum() < 2 * counts[shops, 0].sum()
    plain = counts.sum(axis=1) * counts[:, 0].sum() / counts.sum()
    assert plain[shops].sum() > 4 * counts[shops, 0].sum()


def test_where_the_mix_is_the_same_everywhere_the_records_are_what_is_at_risk() -> None:
    x, _ = two_streets()
    size = np.random.default_rng(2).integers(1, 9, len(x))
    found = at_risk.exposure_by_mix(size[:, None] * [1, 2, 3], 0, neighbour_graph.graph(x, np.zeros(len(x)), 400.0))
    assert found == pytest.approx(size.astype(float), rel=1e-6)


# promises


def test_the_sum_is_the_familys_and_a_spot_without_records_has_nothing_at_risk() -> None:
    x, counts = two_streets()
    counts[7] = 0
    found = at_risk.exposure_by_mix(counts, 0, neighbour_graph.graph(x, np.zeros(len(x)), 400.0))
    assert found.sum() == pytest.approx(counts[:, 0].sum())
    assert found[7] == 0
    assert (found >= 0).all()


def test_a_family_without_incidents_leaves_the_records() -> None:
    x, counts = two_streets()
    counts[:, 0] = 0
    found = at_risk.exposure_by_mix(counts, 0, neighbour_graph.graph(x, np.zeros(len(x)), 400.0))
    assert found.tolist() == counts.sum(axis=1).tolist()
    assert at_risk.exposure_by_mix(np.empty((0, 3)), 0, neighbour_graph.graph([], [], 1.0)).shape == (0,)
