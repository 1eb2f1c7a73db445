"""DBSCAN's parameters by grid search: the pair that captures most later, at equal area, or the default."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from hotspots import neighbour_graph
from hotspots.errors import ParameterError
from hotspots.targeting import cluster_parameters, limited_clusters
from hotspots.targeting.cluster_parameters import CURVE, ClusterParams, GridSearchParams
from hotspots.targeting.clusters import DbscanParams
from hotspots.targeting.forecasting import forecast_features

WANTED = ClusterParams(default_radius_m=150.0, default_min_incidents=20)
DEFAULT = WANTED.resolved()


def town(steps: int = 18, seed: int = 1) -> tuple[pd.DataFrame, forecast_features.PastCounts]:
    """Ten busy corners of five spots each, far apart, among quiet streets."""
    random = np.random.default_rng(seed)
    corner = (np.arange(10)[:, None] * [2_000.0, 0.0])[:, None] + random.uniform(-60, 60, (10, 5, 2))
    quiet = random.uniform(0, 20_000, (300, 2)) + np.array([0.0, 1_000.0])
    xy = np.concatenate([corner.reshape(-1, 2), quiet])
    rate = np.where(np.arange(len(xy)) < 50, 0.8, 0.05)
    counts = random.poisson(rate[:, None], (len(xy), steps))
    near = neighbour_graph.graph(xy[:, 0], xy[:, 1], forecast_features.MAX_DISTANCE_M)
    spots = pd.DataFrame(xy, columns=["easting", "northing"])
    return spots, forecast_features.prepare_counts(counts, counts, np.ones(steps, bool), 30, near)


def choose(
    spots: pd.DataFrame, past: forecast_features.PastCounts, wanted: ClusterParams = WANTED,
    grid: GridSearchParams | None = None,
) -> tuple[DbscanParams, pd.DataFrame]:  # fmt: skip
    """The chosen pair for a year with data, and the curve."""
    curve = cluster_parameters.choose_clusters(spots, past, wanted.resolved(), grid)
    return cluster_parameters.chosen_params(wanted, curve, 12.0), curve


# inputs


def test_an_empty_grid_is_refused() -> None:
    with pytest.raises(ParameterError, match="must be given"):
        GridSearchParams(radii_m=())


@pytest.mark.parametrize(("given", "says"), [({"radius_m": 0}, "radius_m"), ({"default_min_incidents": 0}, "min_inc")])
def test_limits_hold_for_what_is_set_and_for_what_stands_in(given: dict, says: str) -> None:
    with pytest.raises(ParameterError, match=says):
        ClusterParams(**given)


# answers


def test_what_is_set_is_not_chosen() -> None:
    spots, past = town()
    wanted = ClusterParams(radius_m=90.0)
    tried = GridSearchParams().restricted_to(wanted)
    chosen, curve = choose(spots, past, wanted, tried)
    assert chosen.radius_m == 90.0
    assert curve["radius_m"].unique().tolist() == [90.0]
    assert curve["min_incidents"].nunique() > 3
    assert not wanted.is_set
    assert ClusterParams(radius_m=90.0, min_incidents=7).is_set


def test_of_equal_pairs_the_one_with_the_smallest_hotspots_is_chosen() -> None:
    spots, past = town()
    curve = choose(spots, past, WANTED, GridSearchParams(tolerance_share=1.0))[1]
    assert curve.loc[curve["is_chosen"], "total_area_m2"].iloc[0] == curve["total_area_m2"].min()
    best = choose(spots, past, WANTED, GridSearchParams(tolerance_share=0.0))[1]
    assert best.loc[best["is_chosen"], "capture"].iloc[0] == best["capture"].max()


def test_single_spots_however_busy_make_no_choice_look_good() -> None:
    random = np.random.default_rng(3)
    xy = np.column_stack([np.arange(200) * 1_000.0, np.zeros(200)])
    counts = random.poisson(np.where(np.arange(200) < 20, 5.0, 0.1)[:, None], (200, 18))
    near = neighbour_graph.graph(xy[:, 0], xy[:, 1], forecast_features.MAX_DISTANCE_M)
    past = forecast_features.prepare_counts(counts, counts, np.ones(18, bool), 30, near)
    spots = pd.DataFrame(xy, columns=["easting", "northing"])
    chosen, curve = choose(spots, past)
    assert (curve["captured"] == 0).all()
    assert chosen == DEFAULT


def test_the_choice_is_described() -> None:
    spots, past = town()
    chosen, curve = choose(spots, past)
    sentence = cluster_parameters.describe_choice(chosen, curve, ClusterParams())
    assert f"within {chosen.radius_m:g} m" in sentence
    assert f"{len(curve)} pairs, each tried on 4 past dates" in sentence
    assert "Both values come from the settings." in cluster_parameters.describe_choice(
        DEFAULT, curve, ClusterParams(radius_m=1, min_incidents=2)
    )
    assert "too short" in cluster_parameters.describe_choice(DEFAULT, curve[:0], ClusterParams())


def test_a_minimum_that_is_too_high_is_replaced_by_one_that_finds_the_corners() -> None:
    spots, past = town()
    chosen, curve = choose(spots, past, ClusterParams(default_radius_m=150.0, default_min_incidents=500))
    assert 5 <= chosen.min_incidents <= 30
    best = curve[curve["is_chosen"]].iloc[0]
    assert best["capture"] == curve["capture"].max() > 0.5
    assert best["hotspots"] >= 9


def test_equal_area_is_never_exceeded() -> None:
    spots, past = town()
    _, curve = choose(spots, past, WANTED, GridSearchParams(area_m2=100_000.0))
    assert (curve["area_m2"] <= 100_000.0 + 1e-6).all()
    assert tuple(curve.columns) == CURVE
    assert curve["is_chosen"].sum() == 1


@pytest.mark.parametrize(("months", "number"), [(12.0, 20), (9.0, 15), (3.0, 5), (1.0, 3)])
def test_a_choice_is_a_rate_a_month_with_at_least_three_incidents(months: float, number: int) -> None:
    found = cluster_parameters.chosen_params(WANTED, pd.DataFrame(columns=list(CURVE)), months)
    assert found == DbscanParams(radius_m=150.0, min_incidents=number, max_area_ha=25.0)


def test_a_minimum_that_is_set_holds_for_the_whole_window() -> None:
    wanted = ClusterParams(radius_m=90.0, min_incidents=12)
    assert cluster_parameters.chosen_params(wanted, pd.DataFrame(columns=list(CURVE)), 4.0).min_incidents == 12


@pytest.mark.parametrize(
    ("months", "other", "number"), [(12.0, 12.0, 12), (12.0, 11.0, 11), (9.0, 8.0, 11), (11.0, 12.0, 14), (1.0, 0.0, 1)]
)
def test_another_window_has_at_least_the_same_rate(months: float, other: float, number: int) -> None:
    params = DbscanParams(radius_m=90.0, min_incidents=12)
    assert cluster_parameters.at_same_rate(params, months, other) == DbscanParams(radius_m=90.0, min_incidents=number)


def test_months_with_data_are_counted_in_both_windows() -> None:
    _, past = town(steps=15)
    past.observed[13:] = False
    assert [cluster_parameters.months_with_data(past, 12, back) for back in (0, 1, 2)] == [12, 12, 11]


@pytest.mark.parametrize("limit", [-1.0, 0.5, float("nan")])
def test_an_area_below_a_hectare_is_refused(limit: float) -> None:
    with pytest.raises(ParameterError, match="max_area_ha must be at least 1 hectare, or 0 for no limit"):
        ClusterParams(max_area_ha=limit)


def test_pairs_are_compared_by_hotspots_that_are_split_as_those_of_a_run_are() -> None:
    spots, past = town()
    pair = DbscanParams(radius_m=500.0, min_incidents=3)
    places = limited_clusters.Places(spots.to_numpy(), *neighbour_graph.pairs(spots.to_numpy(), 500.0))
    grid = GridSearchParams(area_m2=1e9)
    limited = dataclasses.replace(pair, max_area_ha=15.0)
    whole, split = (cluster_parameters._capture(past, 3, places, each, grid) for each in (pair, limited))
    assert split[0] > 0
    assert whole[2] / whole[0] > 25 * 1e4
    assert split[2] / split[0] < 16 * 1e4


# promises


def test_a_short_past_keeps_the_default() -> None:
    spots, past = town(steps=6)
    chosen, curve = choose(spots, past)
    assert chosen == DEFAULT
    assert (tuple(curve.columns), len(curve)) == (CURVE, 0)


def test_a_family_without_incidents_keeps_the_default() -> None:
    spots, past = town()
    none = forecast_features.prepare_counts(past.family * 0, past.others, past.observed, 30, past.distances)
    assert choose(spots, none)[0] == DEFAULT


def test_incidents_after_a_date_do_not_find_its_hotspots() -> None:
    spots, past = town()
    later = past.family.copy()
    later[:, :3] = 1
    other = forecast_features.prepare_counts(later, past.others, past.observed, 30, past.distances)
    two = GridSearchParams(origins=2)
    one = choose(spots, past, WANTED, two)[1]
    changed = choose(spots, other, WANTED, two)[1]
    assert one["captured"].tolist() != changed["captured"].tolist()
    places = limited_clusters.Places(spots.to_numpy(), *neighbour_graph.pairs(spots.to_numpy(), 150.0))
    first = [cluster_parameters._capture(each, 3, places, DEFAULT, two) for each in (past, other)]
    assert first[0][:2] == first[1][:2]
