"""What zones of past weeks held, against counting by hand."""

from datetime import date, timedelta

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from hotspots import crs
from hotspots.testing.zones import Score, score_weeks

SUNDAY = date(2026, 3, 29)
FORCE = shapely.box(0, 0, 2_000, 1_000)
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

    score = score_weeks(draw, given, SUNDAY, FORCE, own_days=14, weeks=2)
    assert asked == [SUNDAY - timedelta(days=14), SUNDAY - timedelta(days=7)]
    assert score == Score(weeks=2, came=4, hits=3, ground_share=0.25, before_share=0.25)


def test_the_days_that_zones_are_drawn_around_are_no_year_before() -> None:
    given = happened([(100, 2), (100, 10), (1_500, 30)])
    assert score_weeks(lambda day: WEST, given, SUNDAY, FORCE, own_days=14, weeks=1).before_share == 0.0
    assert score_weeks(lambda day: WEST, given, SUNDAY, FORCE, own_days=2, weeks=1).before_share == 0.5


@pytest.mark.parametrize(
    ("hits", "before", "words"),
    [
        (60, 0.3, "60 of the 100 burglaries of the seven days after (60 %, 80 % interval 54 % to 66 %) on 8 % of the"),
        (60, 0.3, "burglary did come back there more than streets that are burgled often explain"),
        (32, 0.3, "no gain over streets that are burgled often anyway has been shown"),
        (20, 0.5, "recent burglaries told less than the year did"),
    ],
)
def test_good_and_poor_scores_are_told_alike(hits: int, before: float, words: str) -> None:
    assert words in Score(weeks=12, came=100, hits=hits, ground_share=0.08, before_share=before).in_words()


def test_a_few_burglaries_tell_nothing() -> None:
    said = Score(weeks=12, came=8, hits=8, ground_share=0.1, before_share=0.1).in_words()
    assert said == "Too few burglaries came in the last 12 weeks to tell how good such zones are."


# promises


def test_weeks_without_burglaries_or_zones_are_normal_weeks() -> None:
    nowhere = gpd.GeoDataFrame(geometry=[], crs=crs.BNG)
    score = score_weeks(lambda day: nowhere, happened([]), SUNDAY, FORCE, own_days=14)
    assert (score.came, score.hits, score.ground_share) == (0, 0, 0.0)
    assert np.isfinite(score.before_share)
