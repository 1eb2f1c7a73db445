"""Scores of lists against counting by hand, on made-up maps: overlapping areas, empty areas, one point."""

from collections.abc import Callable
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspots import crs
from hotspots.period import Window
from hotspots.scored_methods import BEST, METHOD
from hotspots.testing import baselines, scoring
from hotspots.testing.baselines import BaselineParams
from hotspots.testing.scoring import EvaluationData, ScoreParams

MARCH = date(2025, 3, 31)
APRIL = Window(date(2025, 4, 1), date(2025, 5, 1))
PARAMS = ScoreParams(study_area_m2=4e6, baselines=BaselineParams(radius_m=60.0, areas=8))
PLACE = st.tuples(st.integers(0, 20), st.integers(0, 20)).map(
    lambda at: (400_000.0 + 50 * at[0], 150_000.0 + 50 * at[1])
)


def areas_at(places: list[tuple[float, float]], **columns: object) -> gpd.GeoDataFrame:
    frame = pd.DataFrame({"rank": range(1, len(places) + 1)} | columns, index=range(len(places)))
    points = gpd.points_from_xy(*np.array(places, float).reshape(-1, 2).T)
    return gpd.GeoDataFrame(frame, geometry=points.buffer(60), crs=crs.BNG)


@pytest.fixture(scope="module")
def after(incidents_at: Callable[..., gpd.GeoDataFrame]) -> Callable[..., EvaluationData]:
    def make(known: list[tuple[float, float]], came: list[tuple[float, float]]) -> EvaluationData:
        return EvaluationData(MARCH, APRIL, incidents_at(known, month="2025-03"), incidents_at(came, month="2025-04"))

    return make


# answers


@settings(max_examples=12)
@given(listed=st.lists(PLACE, max_size=8), came=st.lists(PLACE, min_size=1, max_size=40))
def test_hits_are_the_incidents_inside_the_first_areas_taken_together(after, listed, came) -> None:
    areas = areas_at(listed)
    table = scoring.score_list(areas, after(came, came), PARAMS)
    points = shapely.points(np.array(came))
    by_hand = [int(shapely.intersects(areas.head(k).union_all(), points).sum()) for k in range(1, len(areas) + 1)]
    assert table["hits"].tolist() == by_hand
    assert (table["total"] == len(came)).all()
    assert table["hit_rate"].tolist() == pytest.approx([hits / len(came) for hits in by_hand])
    assert table["recapture_rate_index"].dropna().tolist() == pytest.approx([1.0] * int(np.count_nonzero(by_hand)))


@settings(max_examples=12)
@given(came=st.lists(PLACE, min_size=1, max_size=40), known=st.lists(PLACE, min_size=1, max_size=40))
def test_no_single_circle_holds_more_than_the_best_possible_one(after, came, known) -> None:
    table = scoring.score_lists({METHOD: areas_at([known[0]])}, after(known, came), params=PARAMS)
    first = table[table["k"] == 1].set_index("method")
    assert first.loc[first.index != "last year on squares", "hits"].max() == first.loc[BEST, "hits"]
    assert first.loc[BEST, "pei"] == 1.0


def test_squares_are_those_that_counted_most(after) -> None:
    side = PARAMS.baselines.radius_m * np.pi**0.5
    corner = np.floor(np.array([400_000.0, 150_000.0]) / side) * side
    middles = [tuple(corner + side * (np.array(cell) + 0.5)) for cell in ((0, 0), (3, 0), (0, 5))]
    known = [middles[0]] * 2 + [middles[1]] * 5 + [middles[2]] * 3
    squares = baselines.baseline_lists(after(known, known).known, MARCH, PARAMS.baselines)["last year on squares"]
    counted = scoring.count_by_area(squares, after(known, known).known)
    assert counted.tolist() == [5, 3, 2]
    assert squares.area.to_numpy() == pytest.approx(np.pi * 60.0**2)


@pytest.mark.parametrize(
    ("window", "days", "times"),
    [
        (APRIL, 30, 1),
        (Window(date(2025, 2, 1), date(2025, 5, 1)), 30, 3),
        (Window(date(2025, 4, 1), date(2025, 4, 8)), 7, 1),
        (Window(date(2025, 4, 1), date(2025, 4, 15)), 7, 2),
    ],
    ids=["a month", "three months", "a week", "two weeks"],
)
def test_what_was_expected_is_for_as_long_as_what_is_counted(after, window, days, times) -> None:
    facts = after([(400_000.0, 150_000.0)], [(400_000.0, 150_000.0)])
    longer = EvaluationData(MARCH, window, facts.known, facts.observed)
    table = scoring.score_list(
        areas_at([(400_000.0, 150_000.0)], expected=[2.0]), longer, ScoreParams(expected_days=days)
    )
    assert table["expected"].tolist() == [2.0 * times]
    assert scoring.expected_window(MARCH, 30) == APRIL


# promises


@settings(max_examples=12)
@given(listed=st.lists(PLACE, min_size=1, max_size=8), came=st.lists(PLACE, min_size=1, max_size=40))
def test_the_order_of_rows_changes_nothing(after, listed, came) -> None:
    areas = areas_at(listed)
    one = scoring.score_list(areas, after(came, came), PARAMS)
    other = scoring.score_list(areas.iloc[::-1], after(came[::-1], came), PARAMS)
    pd.testing.assert_frame_equal(one, other)
