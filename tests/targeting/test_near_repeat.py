"""Knox's test against counting by hand, against the exact mean of all permutations, and against published tables."""

from itertools import pairwise
from pathlib import Path

import hypothesis
import numpy as np
import pandas as pd
import pytest
from hypothesis import strategies as st

from hotspots.errors import ParameterError
from hotspots.targeting.near_repeat import knox, permute_dates

# Distances and days that fall on the edges of the bands as often as between them.
EVENTS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4), st.integers(0, 9)), min_size=0, max_size=25).map(
    lambda rows: np.array(rows, float).reshape(-1, 3) * [50, 50, 1]
)
DISTANCES, TIMES = [0, 50, 100, 250], [0, 1, 3, 7]


def in_bands(value: float, edges: list, closed: str) -> list[int]:
    """Which band a value belongs to, one edge after the other."""
    bands = enumerate(pairwise(edges))
    return [n for n, (low, high) in bands if (low <= value < high if closed == "left" else low < value <= high)]


def count_by_hand(events: np.ndarray, metric: str, closed: str) -> np.ndarray:
    """Pairs by distance and time, one by one."""
    table = np.zeros((len(DISTANCES) - 1, len(TIMES) - 1), int)
    for first in range(len(events)):
        for second in range(first):
            across, up, days = np.abs(events[first] - events[second])
            apart = across + up if metric == "manhattan" else (across**2 + up**2) ** 0.5
            for band in in_bands(apart, DISTANCES, closed):
                for time in in_bands(days, TIMES, closed):
                    table[band, time] += 1
    return table


def exact_mean(events: np.ndarray) -> np.ndarray:
    """Mean over all permutations: every two places are as likely to get any two of the days."""
    x, y, days = events.T
    first, second = np.triu_indices(len(events), 1)
    near, _ = np.histogram(np.hypot(x[first] - x[second], y[first] - y[second]), [*DISTANCES, np.inf])
    soon, _ = np.histogram(np.abs(days[first] - days[second]), [*TIMES, np.inf])
    return np.outer(near[:-1], soon[:-1]) / len(first)


def chance_events(seed: int, number: int = 150) -> np.ndarray:
    """Events crowded in place and in time, independently."""
    random = np.random.default_rng(seed)
    centres = random.uniform(0, 2_000, (5, 2))
    places = centres[random.integers(0, 5, number)] + random.normal(0, 150, (number, 2))
    return np.column_stack([places, np.floor(365 * random.beta(2, 4, number))])


# inputs


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (
            {"distance_bands_m": [0, 200, 200]},
            r"distance_bands_m must be at least two rising edges .* \[0.0, 200.0, 200",
        ),
        ({"time_bands_days": [7]}, "time_bands_days must be at least two rising edges from 0 upwards"),
        ({"time_bands_days": [-1, 7]}, "from 0 upwards"),
        ({"metric": "taxi"}, "metric is 'taxi', expected one of euclidean, manhattan"),
        ({"closed": "both"}, "closed is 'both', expected one of left, right"),
        ({"draws": 0}, "draws must be at least 1, got 0"),
        ({"days": [1, 2, 3]}, "there are 2 places and 3 days"),
    ],
)
def test_what_means_nothing_is_refused(given: dict, words: str) -> None:
    usual = {"x": [0, 1], "y": [0, 1], "days": [0, 1], "distance_bands_m": [0, 9], "time_bands_days": [0, 9]}
    with pytest.raises(ParameterError, match=words):
        knox(**(usual | {"draws": 9, "seed": 1} | given))


# answers


@hypothesis.given(EVENTS, st.sampled_from(["euclidean", "manhattan"]), st.sampled_from(["left", "right"]))
def test_pairs_are_those_counted_by_hand(events: np.ndarray, metric: str, closed: str) -> None:
    found = knox(*events.T, DISTANCES, TIMES, 1, 1, metric, closed)
    assert found.observed.tolist() == count_by_hand(events, metric, closed).tolist()


def test_days_may_be_moments_or_dates() -> None:
    x, y, days = chance_events(1).T
    dates = pd.Timestamp("2025-01-01") + pd.to_timedelta(days, unit="D")
    whole, dated = (knox(x, y, when, DISTANCES, TIMES, 19, 1) for when in (days, dates))
    assert all(np.array_equal(one, other, equal_nan=True) for one, other in zip(whole, dated, strict=True))
    assert knox([0, 0], [0, 0], [0.5, 7.4], [0, 1], [0, 6.95, 7], 1, 1).observed.tolist() == [[1, 0]]


def test_the_mean_of_random_permutations_is_that_of_all_permutations() -> None:
    events = chance_events(2)
    observed, permuted = permute_dates(*events.T, DISTANCES, TIMES, 2_000, 1)
    error = 5 * permuted.std(axis=0) / 2_000**0.5 + 1e-9
    assert (np.abs(permuted.mean(axis=0) - exact_mean(events)) < error).all()
    assert knox(*events.T, DISTANCES, TIMES, 2_000, 1).p_value == pytest.approx(
        (1 + (permuted >= observed).sum(axis=0)) / 2_001
    )


def test_published_tables_of_chicago_come_out(shared_data: Path, expected_results: dict) -> None:
    known = expected_results["knox_chicago_2016_01"]
    given = pd.read_csv(shared_data / "benchmarks/near_repeat/chicago_burglary_2016_01.csv", parse_dates=["date"])
    bands = known["distance_bands_m"], known["time_bands_days"]
    # The published p values carry the randomness of 999 permutations; with ten times as many ours add little to it.
    found = knox(given["X"], given["Y"], given["date"], *bands, 9_999, 1, "manhattan")
    assert found.observed.tolist() == known["observed_pairs"]
    assert np.abs(found.ratio - known["ratio"]).max() < known["ratio_tolerance"]
    assert np.abs(found.p_value - known["p_value"]).max() < known["p_value_tolerance"]


def test_by_chance_alone_small_p_values_are_as_rare_as_they_say() -> None:
    p_values = np.array(
        [knox(*chance_events(seed).T, [0, 200], [0, 14], 99, seed).p_value[0, 0] for seed in range(300)]
    )
    # 300 towns: 15 and 60 are due, with standard errors of 3.8 and 6.9.
    assert 4 <= (p_values <= 0.05).sum() <= 27
    assert 39 <= (p_values <= 0.2).sum() <= 81


def test_events_that_others_follow_nearby_are_found() -> None:
    events = chance_events(3)
    followers = events[:40] + np.array([60.0, 30.0, 5.0])
    found = knox(*np.vstack([events, followers]).T, [0, 100, 400], [0, 7, 28], 199, 1)
    assert found.p_value[0, 0] == 1 / 200
    assert found.ratio[0, 0] > 1.5 > found.ratio[1, 1]


# promises


def test_the_order_of_events_does_not_matter_and_nothing_given_is_changed() -> None:
    events = chance_events(4)
    before, turned = events.copy(), events[np.random.default_rng(1).permutation(len(events))]
    one, other = (knox(*rows.T, DISTANCES, TIMES, 49, 7) for rows in (events, turned))
    assert all(np.array_equal(a, b, equal_nan=True) for a, b in zip(one, other, strict=True))
    assert np.array_equal(events, before)


def test_rows_with_something_missing_are_as_if_they_were_not_there() -> None:
    events = chance_events(5, 40)
    holes = np.vstack([events, [[np.nan, 0, 3], [0, 0, np.nan]]])
    assert np.array_equal(knox(*holes.T, DISTANCES, TIMES, 9, 1), knox(*events.T, DISTANCES, TIMES, 9, 1), True)


def test_without_events_there_are_no_pairs() -> None:
    found = knox([], [], [], DISTANCES, TIMES, 19, 1)
    assert found.observed.sum() == 0 and (found.p_value == 1).all() and np.isnan(found.ratio).all()
