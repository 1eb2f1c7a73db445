"""What to expect at each spot: by hand, in parts that add up, and in total as much as lately."""

import hypothesis
import numpy as np
import pytest
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from hotspots import neighbours
from hotspots.errors import ParameterError
from hotspots.targeting import forecast
from hotspots.targeting.forecast import PARTS, ForecastParams, expect_incidents

COLUMNS = ["expected", *PARTS, "variance"]
FAR = neighbours.graph([0, 10_000, 20_000], [0, 0, 0], 300.0)
HISTORIES = hnp.arrays(np.int64, st.tuples(st.integers(1, 8), st.integers(1, 14)), elements=st.integers(0, 9))

# inputs


@pytest.mark.parametrize("name", ["half_life_days", "recent_days", "nearby_m", "prior_days"])
def test_a_parameter_of_nothing_is_refused_by_its_name(name: str) -> None:
    with pytest.raises(ParameterError, match=f"forecast.{name} must be greater than 0, got 0"):
        ForecastParams(**{name: 0})


# answers


def test_a_lone_spot_with_a_steady_past_goes_on_as_it_was() -> None:
    graph = neighbours.graph([0], [0], 300.0)
    found = expect_incidents(np.full((1, 12), 3), np.ones(12, bool), 30, 30, graph, ForecastParams())
    assert found["expected"].tolist() == pytest.approx([3.0])


def test_age_halves_what_an_incident_says() -> None:
    params = ForecastParams(half_life_days=30, prior_days=1e-9, recent_days=30)
    history = np.array([[4, 0], [0, 4], [0, 0]])
    found = expect_incidents(history, np.ones(2, bool), 30, 30, FAR, params)
    assert found["expected"].tolist() == pytest.approx([4 / 1.5, 2 / 1.5, 0.0])
    assert found["recent"].tolist() == pytest.approx([4 / 1.5, 0.0, 0.0])
    assert found["earlier"].tolist() == pytest.approx([0.0, 2 / 1.5, 0.0])


def test_a_step_without_data_is_no_quiet_step() -> None:
    params = ForecastParams(half_life_days=1e9, prior_days=1e-9)
    history = np.array([[3, 0, 3]] * 3)
    with_gap = expect_incidents(history, np.array([True, False, True]), 30, 30, FAR, params)
    assert with_gap["expected"].tolist() == pytest.approx([3.0] * 3)
    quiet = expect_incidents(history, np.ones(3, bool), 30, 30, FAR, params)
    assert quiet["expected"].tolist() == pytest.approx([2.0] * 3)


def test_a_quiet_spot_beside_a_busy_one_expects_more_than_a_lonely_one() -> None:
    graph = neighbours.graph([0, 100, 5_000], [0, 0, 0], 600.0)
    history = np.array([[6] * 6, [0] * 6, [0] * 6])
    found = expect_incidents(history, np.ones(6, bool), 30, 30, graph, ForecastParams())
    assert found["expected"][0] > found["expected"][1] > found["expected"][2] == 0.0
    assert found["nearby"][1] == found["expected"][1]


def test_the_variance_is_that_of_the_gamma_behind_it() -> None:
    params = ForecastParams(half_life_days=1e9, prior_days=180)
    found = expect_incidents(np.full((3, 12), 2), np.ones(12, bool), 30, 7, FAR, params)
    assert found["variance"].to_numpy() == pytest.approx(found["expected"].to_numpy() * 7 / (360 + 180))


# promises


@hypothesis.given(HISTORIES, st.integers(0, 2**14 - 1), st.floats(1, 60))
def test_parts_add_up_and_the_total_is_the_weighted_past(history: np.ndarray, gaps: int, horizon: float) -> None:
    spots, steps = history.shape
    observed = np.array([(gaps >> step) & 1 for step in range(steps)], dtype=bool)
    params = ForecastParams()
    graph = neighbours.graph(np.arange(spots) * 70.0, np.zeros(spots), 400.0)
    found = expect_incidents(history, observed, 30, horizon, graph, params)
    assert found[list(PARTS)].sum(axis=1).to_numpy() == pytest.approx(found["expected"].to_numpy())
    assert (found.to_numpy() >= 0).all()
    weight = np.where(observed, 0.5 ** (np.arange(steps) * 30 / params.half_life_days), 0.0)
    rate = (history * weight).sum() / (weight.sum() * 30) if weight.any() else 0.0
    assert found["expected"].sum() == pytest.approx(rate * horizon)


def test_the_order_of_spots_does_not_matter() -> None:
    random = np.random.default_rng(1)
    x, history, turn = random.uniform(0, 2_000, 30), random.integers(0, 5, (30, 12)), random.permutation(30)
    graphs = [neighbours.graph(each, np.zeros(30), 400.0) for each in (x, x[turn])]
    one, other = (
        expect_incidents(rows, np.ones(12, bool), 30, 30, graph, ForecastParams())
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
        found = expect_incidents(history, observed, 30, 30, FAR, ForecastParams())
        assert list(found.columns) == COLUMNS
        assert found.to_numpy().tolist() == [[0.0] * 5] * 3
    none = expect_incidents(
        np.zeros((0, 4), int), np.ones(4, bool), 30, 30, neighbours.graph([], [], 1.0), ForecastParams()
    )
    assert (list(none.columns), len(none)) == (COLUMNS, 0)


def test_the_history_stays_as_it_was() -> None:
    history, observed = np.ones((3, 4), int), np.ones(4, bool)
    forecast.expect_incidents(history, observed, 30, 30, FAR, ForecastParams())
    assert (history == 1).all()
    assert observed.all()
