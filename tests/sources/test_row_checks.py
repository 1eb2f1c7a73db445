"""Which rows count: inside the force, known on the day, once for each reference."""

from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from hotspots import crs
from hotspots.sources import row_checks

FORCE = shapely.box(0, 0, 1_000, 1_000)
AS_OF = date(2025, 9, 30)


# answers


def outside(*easting: float, neighbour_within_m: float | None = None) -> list[bool]:
    points = np.array(easting), np.full(len(easting), 500.0)
    return row_checks.points_outside(*points, FORCE, neighbour_within_m=neighbour_within_m).tolist()


def test_a_record_outside_the_force_is_set_aside() -> None:
    assert outside(500, 1_500, 1_001) == [False, True, True]


def test_a_neighbours_record_counts_only_just_over_the_border() -> None:
    assert outside(1_050, 1_150, 500, neighbour_within_m=100.0) == [False, True, True]


def test_a_record_without_a_place_is_not_outside() -> None:
    assert outside(5_000, np.nan) == [True, False]


def answers_at(*rows: tuple[str, str, float | None, str]) -> gpd.GeoDataFrame:
    frame = pd.DataFrame(rows, columns=["answer_id", "received_at", "easting", "reason"])
    points = np.array([None if pd.isna(x) else shapely.Point(x, 500) for x in frame.pop("easting")], dtype=object)
    frame["received_at"] = pd.to_datetime(frame["received_at"])
    return gpd.GeoDataFrame(frame, geometry=points, crs=crs.BNG)


def test_an_answer_counts_without_a_place_but_not_from_outside_or_later_or_twice() -> None:
    given = answers_at(
        ("a", "2025-09-01 10:00", None, ""), ("b", "2025-09-01 10:00", 5_000, ""), ("c", "2025-10-01 00:00", 500, ""),
        ("d", "2025-09-30 23:59", 500, ""), ("d", "2025-09-29 10:00", 500, ""),
        ("e", "2025-09-01 10:00", 500, "unreadable"),
        ("e", "2025-09-02 10:00", 500, ""),
    )  # fmt: skip
    expected = ["", "outside_force", "after_as_of", "repeated_id", "", "unreadable", ""]
    assert row_checks.check_answers(given, FORCE, AS_OF).tolist() == expected


def same_answers(*rows: tuple[str, str, int, str | None]) -> list[str]:
    given = answers_at(*((answer_id, time, None, "") for answer_id, time, _, _ in rows))
    given = given.assign(content=[row[2] for row in rows], respondent_id=[row[3] for row in rows])
    return row_checks.check_answers(given, FORCE, AS_OF, same_minutes=10).tolist()


def test_an_identical_answer_within_minutes_counts_once() -> None:
    found = same_answers(
        ("a", "2025-09-01 10:00", 1, None), ("b", "2025-09-01 10:04", 1, None), ("c", "2025-09-01 10:05", 2, None),
        ("d", "2025-09-01 10:13", 1, None), ("e", "2025-09-01 11:00", 1, None),
    )  # fmt: skip
    assert found == ["", "same_answer", "", "same_answer", ""]


def test_identical_answers_of_different_respondents_or_without_a_time_are_all_kept() -> None:
    assert same_answers(("a", "2025-09-01 10:00", 1, "p"), ("b", "2025-09-01 10:04", 1, "q")) == ["", ""]
    assert same_answers(("a", "2025-09-01 10:00", 1, "p"), ("b", "2025-09-01 10:04", 1, "p")) == ["", "same_answer"]
    assert same_answers(("a", "2025-09-01 00:00", 1, None), ("b", "2025-09-01 00:00", 1, None)) == ["", ""]


def test_a_visit_counts_once_and_not_before_it_is_made() -> None:
    starts = pd.to_datetime(
        ["2025-09-02 10:00", "2025-09-01 10:00", "2025-10-01 10:00", "2025-09-03 10:00", "2025-09-03 10:00"]
    )
    visits = pd.DataFrame(
        {
            "visit_id": ["a", "a", "b", "c", "c"],
            "started_at": starts,
            "ended_at": starts,
            "reason": [""] * 3 + ["unreadable", ""],
        }
    )
    assert row_checks.check_visits(visits, AS_OF).tolist() == ["repeated_id", "", "after_as_of", "unreadable", ""]


# promises


def test_no_rows_need_no_settling() -> None:
    assert outside() == []
    assert row_checks.check_answers(answers_at(), FORCE, AS_OF).empty
    nothing = pd.DataFrame(
        {"visit_id": [], "started_at": pd.to_datetime([]), "ended_at": pd.to_datetime([]), "reason": []}
    )
    assert row_checks.check_visits(nothing, AS_OF).empty
