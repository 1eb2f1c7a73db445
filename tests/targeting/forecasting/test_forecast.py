"""What to expect at each spot: by hand, in parts that add up, and in total as much as recently."""

import hypothesis
import numpy as np
import pandas as pd
import pytest
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from hotspots import neighbour_graph
from hotspots.errors import ParameterError
from hotspots.targeting.forecasting import additive_poisson, forecast, forecast_features, seasonal_level
from hotspots.targeting.forecasting.forecast import PARTS, ForecastParams, shrunken_history

COLUMNS = ["expected", *PARTS]
FAR = neighbour_graph.graph([0, 10_000, 20_000], [0, 0, 0], 300.0)
HISTORIES = hnp.arrays(np.int64, st.tuples(st.integers(1, 8), st.integers(1, 14)), elements=st.integers(0, 9))

# inputs


@pytest.mark.parametrize("name", ["half_life_days", "recent_days", "nearby_m", "prior_days"])
def test_a_parameter_of_nothing_is_refused_by_its_name(name: str) -> None:
    with pytest.raises(ParameterError, match=f"forecast.{name} must be greater than 0, got 0"):
        ForecastParams(**{name: 0})


# answers


def test_a_lone_spot_with_a_steady_past_goes_on_as_it_was() -> None:
    graph = neighbour_graph.graph([0], [0], 300.0)
    found = shrunken_history(np.full((1, 12), 3), np.ones(12, bool), 30, 30, graph, ForecastParams())
    assert found["expected"].tolist() == pytest.approx([3.0])


def test_an_incident_counts_half_at_its_half_life() -> None:
    params = ForecastParams(half_life_days=30, prior_days=1e-9, recent_days=30)
    history = np.array([[4, 0], [0, 4], [0, 0]])
    found = shrunken_history(history, np.ones(2, bool), 30, 30, FAR, params)
    assert found["expected"].tolist() == pytest.approx([4 / 1.5, 2 / 1.5, 0.0])
    assert found["recent"].tolist() == pytest.approx([4 / 1.5, 0.0, 0.0])
    assert found["earlier"].tolist() == pytest.approx([0.0, 2 / 1.5, 0.0])


def test_a_step_without_data_is_no_quiet_step() -> None:
    params = ForecastParams(half_life_days=1e9, prior_days=1e-9)
    history = np.array([[3, 0, 3]] * 3)
    with_gap = shrunken_history(history, np.array([True, False, True]), 30, 30, FAR, params)
    assert with_gap["expected"].tolist() == pytest.approx([3.0] * 3)
    quiet = shrunken_history(history, np.ones(3, bool), 30, 30, FAR, params)
    assert quiet["expected"].tolist() == pytest.approx([2.0] * 3)


def test_a_quiet_spot_beside_a_busy_one_expects_more_than_a_lonely_one() -> None:
    graph = neighbour_graph.graph([0, 100, 5_000], [0, 0, 0], 600.0)
    history = np.array([[6] * 6, [0] * 6, [0] * 6])
    found = shrunken_history(history, np.ones(6, bool), 30, 30, graph, ForecastParams())
    assert found["expected"][0] > found["expected"][1] > found["expected"][2] == 0.0
    assert found["nearby"][1] == found["expected"][1]


# promises


@hypothesis.given(HISTORIES, st.integers(0, 2**14 - 1), st.floats(1, 60))
def test_parts_add_up_and_the_total_is_the_weighted_past(history: np.ndarray, gaps: int, horizon: float) -> None:
    spots, steps = history.shape
    observed = np.array([(gaps >> step) & 1 for step in range(steps)], dtype=bool)
    params = ForecastParams()
    graph = neighbour_graph.graph(np.arange(spots) * 70.0, np.zeros(spots), 400.0)
    found = shrunken_history(history, observed, 30, horizon, graph, params)
    assert found[list(PARTS)].sum(axis=1).to_numpy() == pytest.approx(found["expected"].to_numpy())
    assert (found.to_numpy() >= 0).all()
    weight = np.where(observed, 0.5 ** (np.arange(steps) * 30 / params.half_life_days), 0.0)
    rate = (history * weight).sum() / (weight.sum() * 30) if weight.any() else 0.0
    assert found["expected"].sum() == pytest.approx(rate * horizon)


def test_the_order_of_spots_does_not_matter() -> None:
    random = np.random.default_rng(1)
    x, history, turn = random.uniform(0, 2_000, 30), random.integers(0, 5, (30, 12)), random.permutation(30)
    graphs = [neighbour_graph.graph(each, np.zeros(30), 400.0) for each in (x, x[turn])]
    one, other = (
        shrunken_history(rows, np.ones(12, bool), 30, 30, graph, ForecastParams())
        for rows, graph in zip((history, history[turn]), graphs, strict=True)
    )
    assert one["expected"].to_numpy()[turn] == pytest.approx(other["expected"].to_numpy())


def test_nothing_known_is_nothing_expected_with_all_columns() -> None:
    for history, observed in [
        (np.zeros((3, 4), int), np.ones(4, bool)),
        (np.ones((3, 4), int), np.zeros(4, bool)),
        (np.array([[0, 1]] * 3), np.array([True, False])),
        (np.zeros((3, 0), int), np.zeros(0, bool)),
    ]:
        found = shrunken_history(history, observed, 30, 30, FAR, ForecastParams())
        assert list(found.columns) == COLUMNS
        assert found.to_numpy().tolist() == [[0.0] * 4] * 3
    none = shrunken_history(
        np.zeros((0, 4), int), np.ones(4, bool), 30, 30, neighbour_graph.graph([], [], 1.0), ForecastParams()
    )
    assert (list(none.columns), len(none)) == (COLUMNS, 0)


def test_the_history_stays_as_it_was() -> None:
    history, observed = np.ones((3, 4), int), np.ones(4, bool)
    forecast.shrunken_history(history, observed, 30, 30, FAR, ForecastParams())
    assert (history == 1).all()
    assert observed.all()


# the model fitted to the past


def made_up_past(
    spots: int = 60, steps: int = 18, *, step_days: int = 30, seed: int = 5, quiet: bool = False
) -> forecast_features.PastCounts:
    """Spots along a road whose rates differ; the first hundred metres are busy. Other crime follows at random."""
    random = np.random.default_rng(seed)
    x = np.arange(spots) * 80.0
    rate = np.where(np.arange(spots) < 6, 4.0, 0.4) * (0.0 if quiet else 1.0)
    family = random.poisson(rate[:, None], (spots, steps))
    others = random.poisson(1.0, (spots, steps))
    near = neighbour_graph.graph(x, np.zeros(spots), forecast_features.MAX_DISTANCE_M)
    return forecast_features.prepare_counts(family, others, np.ones(steps, bool), step_days, near)


def test_busy_spots_are_expected_to_stay_busy() -> None:
    found = forecast.forecast_spots(made_up_past(), 30, ForecastParams())
    expected = found.spots["expected"].to_numpy()
    assert found.is_fitted
    assert expected[:6].min() > 2.0
    assert expected[20:].mean() == pytest.approx(0.4, rel=0.3)


def test_the_parts_add_up_and_the_shares_are_a_whole() -> None:
    found = forecast.forecast_spots(made_up_past(), 30, ForecastParams())
    assert found.spots[list(PARTS)].sum(axis=1).to_numpy() == pytest.approx(found.spots["expected"].to_numpy())
    assert found.shares["share"].sum() == pytest.approx(1.0)
    assert list(found.spots.columns) == COLUMNS
    assert found.summary().startswith("Of 100 expected incidents, ")


def test_the_total_is_the_latest_daily_rate() -> None:
    past = made_up_past()
    found = forecast.forecast_spots(past, 30, ForecastParams())
    assert found.spots["expected"].sum() == pytest.approx(seasonal_level.daily_rate(past, 0, 30) * 30)


def test_a_spot_without_the_family_but_with_other_crime_expects_something() -> None:
    past = made_up_past()
    family = past.family.copy()
    family[40] = 0
    near = forecast_features.prepare_counts(family, past.others, past.observed, 30, past.distances)
    assert forecast.forecast_spots(near, 30, ForecastParams()).spots["expected"][40] > 0


def test_a_short_past_falls_back_to_shrunken_history() -> None:
    past = made_up_past(steps=3)
    found = forecast.forecast_spots(past, 30, ForecastParams())
    history = shrunken_history(past.family, past.observed, 30, 30, past.distances, ForecastParams())
    assert not found.is_fitted
    assert "Too little past data" in found.summary()
    pd.testing.assert_frame_equal(found.spots, history)


def test_a_family_without_incidents_expects_none() -> None:
    found = forecast.forecast_spots(made_up_past(quiet=True), 30, ForecastParams())
    assert found.spots["expected"].tolist() == [0.0] * 60
    assert not found.is_fitted


def test_one_spot_goes_on_as_it_was() -> None:
    graph = neighbour_graph.graph([0], [0], forecast_features.MAX_DISTANCE_M)
    past = forecast_features.prepare_counts(np.full((1, 18), 6), np.zeros((1, 18)), np.ones(18, bool), 30, graph)
    assert forecast.forecast_spots(past, 30, ForecastParams()).spots["expected"].tolist() == pytest.approx([6.0])


@pytest.mark.parametrize("step_days", [7, 30])
def test_what_comes_after_the_origin_changes_nothing(step_days: int) -> None:
    steps, later = 40, 4
    random = np.random.default_rng(2)
    past = made_up_past(steps=steps, step_days=step_days)
    after = random.poisson(9.0, (2, 60, later))
    known = np.concatenate([np.ones(later, bool), past.observed])
    longer = forecast_features.prepare_counts(
        np.hstack([after[0], past.family]), np.hstack([after[1], past.others]), known, step_days, past.distances
    )
    now = forecast.forecast_spots(past, step_days, ForecastParams())
    then = forecast.forecast_spots(longer, step_days, ForecastParams(), origin=later)
    pd.testing.assert_frame_equal(now.spots, then.spots)


def test_the_order_of_spots_does_not_change_the_model() -> None:
    past, turn = made_up_past(), np.random.default_rng(1).permutation(60)
    x = np.arange(60) * 80.0
    near = neighbour_graph.graph(x[turn], np.zeros(60), forecast_features.MAX_DISTANCE_M)
    turned = forecast_features.prepare_counts(past.family[turn], past.others[turn], past.observed, 30, near)
    one, other = (forecast.forecast_spots(each, 30, ForecastParams()).spots for each in (past, turned))
    assert one["expected"].to_numpy()[turn] == pytest.approx(other["expected"].to_numpy(), rel=1e-6)


def test_smoothing_keeps_every_terms_total() -> None:
    past = made_up_past()
    values, is_known = forecast_features.features(past, 0)
    own = [
        number
        for number, term in enumerate(forecast_features.TERMS)
        if term.kind == "family" and term.max_age_days > 1e9
    ]
    assert is_known.all()
    assert values[:, own].sum(axis=0) == pytest.approx(np.full(len(own), values[:, own[0]].sum()))


def test_the_weights_are_those_that_made_the_counts() -> None:
    random = np.random.default_rng(3)
    features = random.gamma(1.0, 1.0, (20_000, 3))
    counts = random.poisson(features @ [0.5, 0.0, 0.2])
    weights = additive_poisson.fit_weights(features, counts)
    assert weights == pytest.approx([0.5, 0.0, 0.2], abs=0.03)
    assert (features @ weights).sum() == pytest.approx(counts.sum(), rel=1e-6)


def test_nothing_counted_gives_no_weights() -> None:
    assert additive_poisson.fit_weights(np.ones((5, 2)), np.zeros(5)).tolist() == [0.0, 0.0]
    assert additive_poisson.fit_weights(np.zeros((5, 2)), np.ones(5)).tolist() == [0.0, 0.0]


def test_a_season_seen_twice_moves_the_level_towards_it() -> None:
    months = np.arange(36)
    family = np.where((months % 12) == 11, 20, 10)[None, :]
    near = neighbour_graph.graph([0], [0], forecast_features.MAX_DISTANCE_M)
    past = forecast_features.prepare_counts(family, family, np.ones(36, bool), 30, near)
    assert 10.0 < seasonal_level.daily_rate(past, 0, 30) * 30 < 20.0
    assert seasonal_level.daily_rate(past, 0, 30) * 30 == pytest.approx(10 * 2 ** (2 / 2.5), rel=0.02)


def test_earlier_forecasts_are_checked_on_circles_that_do_not_overlap() -> None:
    checked = forecast.check_past_forecasts(made_up_past(), 30, 150, ForecastParams())
    assert list(checked.columns) == ["expected", "observed", "origin"]
    assert checked["origin"].nunique() == 6
    assert checked["observed"].sum() == pytest.approx(checked["expected"].sum(), rel=0.25)
    assert len(forecast.check_past_forecasts(made_up_past(steps=3), 30, 150, ForecastParams())) == 0
