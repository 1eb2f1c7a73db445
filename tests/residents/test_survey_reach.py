"""Places where a survey was not held are out of its reach, and places inside it that did not answer are not."""

import numpy as np
import pandas as pd

from hotspots.residents import survey_reach

AREAS = ("lsoa_code", "beat_code", "ward", "parish", "team_name")


def points(rows: list[tuple[float, str | None]], team: str = "East") -> pd.DataFrame:
    """Return points from easting and ward."""
    frame = pd.DataFrame(rows, columns=["easting", "ward"]).assign(northing=0.0, team_name=team, people=10.0)
    return frame.assign(northing=frame["easting"] * 0).reindex(columns=["easting", "northing", "people", *AREAS])


HOMES = points([(0.0, "A"), (500.0, "B"), (1_000.0, "C"), (9_000.0, "D")])


def test_a_survey_of_one_ward_does_not_reach_the_next() -> None:
    assert survey_reach.reached_areas(HOMES, points([(0.0, "A")]), "ward") == {"A"}


def test_a_ward_that_did_not_answer_is_reached_if_most_did_and_far_places_are_not() -> None:
    assert survey_reach.reached_areas(HOMES, points([(0.0, "A"), (1_000.0, "C")]), "ward") == {"A", "B", "C"}


def test_answers_that_only_name_a_ward_reach_that_ward() -> None:
    assert survey_reach.reached_areas(HOMES, points([(np.nan, "A"), (np.nan, "D")]), "ward") == {"A", "D"}


def test_answers_that_only_name_a_team_reach_its_area() -> None:
    assert survey_reach.reached_areas(HOMES, points([(np.nan, None)]), "ward") == {"A", "B", "C", "D"}
    assert survey_reach.reached_areas(HOMES, points([(np.nan, None)], team="West"), "ward") == set()


def test_without_answers_nothing_is_reached() -> None:
    assert survey_reach.reached_areas(HOMES, points([])[:0], "ward") == set()
