"""Which rows count: inside the force, known on the day, once for each reference."""

from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from hotspots import crs
from hotspots.sources import settle

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


def settled(rows: gpd.GeoDataFrame, buffer_m: float = 100.0) -> list[str]:
    return settle.settle_incidents(rows, FORCE, buffer_m, AS_OF).tolist()


# answers


def test_a_record_outside_the_force_is_set_aside(rows) -> None:
    assert settled(rows([(500, 500), (1_500, 500), (1_001, 500)], incident_id=list("abc"))) == [
        "",
        "outside_force",
        "outside_force",
    ]


def test_a_neighbours_record_counts_only_just_over_the_border(rows) -> None:
    given = rows([(1_050, 500), (1_150, 500), (500, 500)], incident_id=list("abc"), is_own_force=False)
    assert settled(given) == ["", "outside_force", "outside_force"]


def test_of_a_repeated_id_the_smallest_easting_northing_and_type_is_kept(rows) -> None:
    given = rows([(300, 5), (200, 9), (200, 5), (200, 5)], incident_id="x", category=["asb", "asb", "burglary", "asb"])
    assert settled(given) == ["repeated_id", "repeated_id", "repeated_id", ""]


def test_of_a_repeated_id_the_located_row_inside_the_force_is_kept(rows) -> None:
    given = rows([(-900, 5), (800, 5), (1, 1)], incident_id="x", reason=["", "", "no_coordinates"])
    given.loc[2, "geometry"] = None
    assert settled(given) == ["outside_force", "", "no_coordinates"]


def test_a_month_that_is_not_over_is_not_known_yet(rows) -> None:
    given = rows([(500, 500)] * 2, incident_id=list("ab"), month=["2025-09", "2025-10"])
    assert settled(given) == ["", "after_as_of"]


def test_a_later_row_never_pushes_out_an_earlier_one_of_the_same_id(rows) -> None:
    given = rows([(500, 500), (100, 100)], incident_id="x", month=["2025-09", "2025-10"])
    assert settled(given) == ["", "after_as_of"]


def test_a_row_that_cannot_be_read_keeps_that_reason(rows) -> None:
    given = rows([(5_000, 500)] * 2, incident_id="x", reason=["unreadable", ""], month=["", "2025-09"])
    assert settled(given) == ["unreadable", "outside_force"]


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
    assert settle.settle_answers(given, FORCE, AS_OF).tolist() == expected


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
    assert settle.settle_visits(visits, AS_OF).tolist() == ["repeated_id", "", "after_as_of", "unreadable", ""]


# promises


def test_the_order_of_rows_does_not_matter_and_the_index_is_kept(rows) -> None:
    random = np.random.default_rng(1)
    given = rows(
        [tuple(point) for point in random.integers(-100, 1_200, (60, 2))],
        incident_id=random.choice(list("abcdefgh"), 60),
    )
    before = given.copy(deep=True)
    turned = given.iloc[random.permutation(60)]
    one, other = (settle.settle_incidents(each, FORCE, 0, AS_OF) for each in (given, turned))
    assert other.index.tolist() == turned.index.tolist()
    pd.testing.assert_series_equal(one, other.sort_index())
    assert given[one == ""]["incident_id"].is_unique
    pd.testing.assert_frame_equal(pd.DataFrame(given), pd.DataFrame(before))


def test_no_rows_need_no_settling(rows, incidents_at) -> None:
    empty = incidents_at([]).assign(reason=pd.Series(dtype="str"))
    assert settle.settle_incidents(empty, FORCE, 0, AS_OF).empty
    assert settle.settle_answers(answers_at(), FORCE, AS_OF).empty
    nothing = pd.DataFrame(
        {"visit_id": [], "started_at": pd.to_datetime([]), "ended_at": pd.to_datetime([]), "reason": []}
    )
    assert settle.settle_visits(nothing, AS_OF).empty
