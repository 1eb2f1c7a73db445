"""DBSCAN's parameters by evidence: the pair that catches most later, at equal area, or the default."""

import numpy as np
import pandas as pd
import pytest

from hotspots import neighbours
from hotspots.errors import ParameterError
from hotspots.targeting import features, parameters
from hotspots.targeting.clusters import DbscanParams
from hotspots.targeting.parameters import CURVE, ChoiceParams

DEFAULT = DbscanParams(radius_m=150.0, min_incidents=20)


def town(steps: int = 18, seed: int = 1) -> tuple[pd.DataFrame, features.Past]:
    """Ten busy corners of five spots each, far apart, among quiet streets."""
    random = np.random.default_rng(seed)
    corner = (np.arange(10)[:, None] * [2_000.0, 0.0])[:, None] + random.uniform(-60, 60, (10, 5, 2))
    quiet = random.uniform(0, 20_000, (300, 2)) + np.array([0.0, 1_000.0])
    xy = np.concatenate([corner.reshape(-1, 2), quiet])
    rate = np.where(np.arange(len(xy)) < 50, 0.8, 0.05)
    counts = random.poisson(rate[:, None], (len(xy), steps))
    near = neighbours.graph(xy[:, 0], xy[:, 1], features.REACH_M)
    spots = pd.DataFrame(xy, columns=["easting", "northing"])
    return spots, features.past(counts, counts, np.ones(steps, bool), 30, near)


# inputs


def test_nothing_to_try_is_refused() -> None:
    with pytest.raises(ParameterError, match="must be given"):
        ChoiceParams(radii_m=())


# answers


def test_a_number_nobody_reaches_gives_way_to_one_that_finds_the_corners() -> None:
    spots, past = town()
    chosen, curve = parameters.choose_clusters(spots, past, DbscanParams(radius_m=150.0, min_incidents=500))
    assert 5 <= chosen.min_incidents <= 30
    best = curve[curve["is_chosen"]].iloc[0]
    assert best["capture"] == curve["capture"].max() > 0.5
    assert best["hotspots"] >= 9


def test_equal_area_is_never_exceeded() -> None:
    spots, past = town()
    _, curve = parameters.choose_clusters(spots, past, DEFAULT, ChoiceParams(area_m2=100_000.0))
    assert (curve["area_m2"] <= 100_000.0 + 1e-6).all()
    assert tuple(curve.columns) == CURVE
    assert curve["is_chosen"].sum() == 1


# promises


def test_a_short_past_keeps_the_default() -> None:
    spots, past = town(steps=6)
    chosen, curve = parameters.choose_clusters(spots, past, DEFAULT)
    assert chosen == DEFAULT
    assert (tuple(curve.columns), len(curve)) == (CURVE, 0)


def test_a_family_without_incidents_keeps_the_default() -> None:
    spots, past = town()
    none = features.past(past.family * 0, past.others, past.observed, 30, past.distances)
    assert parameters.choose_clusters(spots, none, DEFAULT)[0] == DEFAULT


def test_what_came_after_a_date_finds_no_hotspots_for_it() -> None:
    spots, past = town()
    later = past.family.copy()
    later[:, :3] = 1
    other = features.past(later, past.others, past.observed, 30, past.distances)
    two = ChoiceParams(origins=2)
    one = parameters.choose_clusters(spots, past, DEFAULT, two)[1]
    changed = parameters.choose_clusters(spots, other, DEFAULT, two)[1]
    assert one["hits"].tolist() != changed["hits"].tolist()
    first = [parameters._capture(spots.to_numpy(), each, 3, neighbours.graph(*spots.to_numpy().T, 150.0), DEFAULT, two)
             for each in (past, other)]  # fmt: skip
    assert first[0][:2] == first[1][:2]
