"""Accuracy of the zones of past weeks, against counting by hand."""

from datetime import date, timedelta

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from hotspots import crs
from hotspots.testing.near_repeat_scores import ZoneParams, ZoneScore, hits_in_discs, score_weeks

SUNDAY = date(2026, 3, 29)
FORCE = shapely.box(0, 0, 2_000, 1_000)
PARAMS = ZoneParams(radius_m=100, days=14)
WEST = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 500, 1_000)], crs=crs.BNG)


def happened(rows: list[tuple[float, int]]) -> gpd.GeoDataFrame:
    """Burglaries at an easting, so many days before the Sunday."""
    days = [pd.Timestamp(SUNDAY - timedelta(days=ago)) for _, ago in rows]
    points = gpd.points_from_xy([x for x, _ in rows], [500.0] * len(rows))
    return gpd.GeoDataFrame({"day": pd.to_datetime(days)}, geometry=points, crs=crs.BNG)


# answers


def test_hits_and_the_year_before_are_those_counted_by_hand() -> None:
    # 2 of the 3 of the last week lie inside, and the 1 of the week before; of the year before each week 1 of 4.
    given = happened([(100, 0), (499, 6), (900, 3), (200, 7), (300, 100), *[(1_500, 200 + n) for n in range(3)]])
    asked: list[date] = []

    def draw(day: date) -> gpd.GeoDataFrame:
        asked.append(day)
        return WEST

    score = score_weeks(draw, given, SUNDAY, FORCE, PARAMS, weeks=2)
    assert asked == [SUNDAY - timedelta(days=14), SUNDAY - timedelta(days=7)]
    assert (score.weeks, score.observed, score.hits, score.area_share, score.before_share) == (2, 4, 3, 0.25, 0.25)


def test_the_year_before_leaves_out_the_days_of_the_zones() -> None:
    given = happened([(100, 2), (100, 10), (1_500, 30)])
    for days, share in ((14, 0.0), (2, 0.5)):
        params = ZoneParams(radius_m=100, days=days)
        score = score_weeks(lambda day: WEST, given, SUNDAY, FORCE, params, weeks=1)
        assert score.before_share == share


@pytest.mark.parametrize(
    ("hits", "before", "words"),
    [
        (
            60,
            0.3,
            "60 of the 100 burglaries of the following seven days (60 %, 80 % interval 54 % to 66 %) in 8 % of the",
        ),
        (60, 0.3, "30 % of the burglaries of the year before: recent burglaries added information."),
        (32, 0.3, "no gain over streets that are often burgled has been shown"),
        (20, 0.5, "recent burglaries predicted less than the year before did"),
        (20, 0.5, "around the year's busiest places would have captured 44 %."),
    ],
)
def test_good_and_poor_scores_are_both_reported(hits: int, before: float, words: str) -> None:
    score = ZoneScore(weeks=12, observed=100, hits=hits, area_share=0.08, before_share=before, busiest_hits=44.0)
    assert words in score.summary()


def test_discs_are_counted_up_to_the_area_asked_for() -> None:
    came = happened([(200, 0), (800, 0), (800, 0), (1_900, 0)]).geometry.to_numpy()
    centres, disc = np.array([[200.0, 500.0], [800.0, 500.0]]), shapely.Point(0, 0).buffer(100, quad_segs=12).area
    held = [hits_in_discs(centres, 100, FORCE, share * disc, came) for share in (0.5, 1.0, 1.5, 2.0, 9.0)]
    assert held == pytest.approx([0.5, 1.0, 2.0, 3.0, 3.0])


def test_the_busiest_places_have_the_same_area() -> None:
    given = happened([(1_500, 1), (100, 5), *[(1_500, 30 + n) for n in range(4)]])
    zone = gpd.GeoDataFrame(geometry=[shapely.Point(100, 500).buffer(100, quad_segs=12)], crs=crs.BNG)
    score = score_weeks(lambda day: zone, given, SUNDAY, FORCE, PARAMS, weeks=1)
    assert (score.observed, score.hits) == (2, 1) and score.busiest_hits == pytest.approx(1.0, abs=0.01)


def test_a_few_burglaries_measure_nothing() -> None:
    sentence = ZoneScore(weeks=12, observed=8, hits=8, area_share=0.1, before_share=0.1, busiest_hits=1).summary()
    assert sentence == "The accuracy of zones cannot be measured: too few burglaries in the last 12 weeks."


# promises


def test_weeks_without_burglaries_or_zones_are_normal_weeks() -> None:
    nowhere = gpd.GeoDataFrame(geometry=[], crs=crs.BNG)
    score = score_weeks(lambda day: nowhere, happened([]), SUNDAY, FORCE, PARAMS)
    assert (score.observed, score.hits, score.area_share) == (0, 0, 0.0)
    assert np.isfinite(score.before_share)
