"""Which rows count: inside the force, known on the day, once for each reference."""

from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from hotspots import crs
from hotspots.sources import row_checks

FORCE = shapely.box(0, 0, 1_000, 1_000)
AS_OF = date(2025, 9, 30)


@pytest.fixture
def rows(incidents_at):
    """Incident rows with a reason."""

    def make(points: list, **columns: object) -> gpd.GeoDataFrame:
        return pd.concat([incidents_at([point]) for point in points], ignore_index=True).assign(
            **({"reason": ""} | columns)
        )

    return make


# answers


def test_a_record_outside_the_force_is_set_aside(rows) -> None:
    given = rows([(500, 500), (1_500, 500), (1_001, 500)], incident_id=list("abc"))
    assert row_checks.outside_force(given, FORCE).tolist() == [False, True, True]


def test_a_neighbours_record_counts_only_just_over_the_border(rows) -> None:
    given = rows([(1_050, 500), (1_150, 500), (500, 500)], incident_id=list("abc"), is_own_force=False)
    assert row_checks.outside_force(given, FORCE, 100.0).tolist() == [False, True, True]


def test_a_record_without_a_place_is_not_outside(rows) -> None:
    given = rows([(5_000, 500), (5_000, 500)], incident_id=list("ab"))
    given.loc[1, "geometry"] = None
    assert row_checks.outside_force(given, FORCE).tolist() == [True, False]


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


def test_no_rows_need_no_settling(rows, incidents_at) -> None:
    empty = incidents_at([]).assign(reason=pd.Series(dtype="str"))
    assert row_checks.outside_force(empty, FORCE).empty
    assert row_checks.check_answers(answers_at(), FORCE, AS_OF).empty
    nothing = pd.DataFrame(
        {"visit_id": [], "started_at": pd.to_datetime([]), "ended_at": pd.to_datetime([]), "reason": []}
    )
    assert row_checks.check_visits(nothing, AS_OF).empty
