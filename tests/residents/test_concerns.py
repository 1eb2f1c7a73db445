"""What residents worry about, set beside the record."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from hotspots import crs, tables
from hotspots.errors import ParameterError
from hotspots.residents.concerns import ConcernParams, attach_concerns

ADDED = ["concerns", "answers", "concern_status"]


def concerns_of(*rows: tuple[str, str, float | None]) -> gpd.GeoDataFrame:
    """Concerns given by answer, issue and easting (northing 0; None: no point)."""
    number: dict[str, int] = {}
    frame = pd.DataFrame(rows, columns=["answer", "issue", "easting"])
    for answer in frame["answer"]:
        number[answer] = number.get(answer, 0) + 1
    frame["priority"] = frame.groupby("answer").cumcount() + 1
    points = np.array([None if pd.isna(x) else shapely.Point(x, 0) for x in frame["easting"]], dtype=object)
    facts = {
        "concern_id": "lets-talk-" + frame["answer"] + "-" + frame["priority"].astype("str"),
        "survey": "lets-talk", "channel": "online", "received_at": pd.Timestamp("2025-09-01"), "owner": "police",
        "location_precision": np.where(frame["easting"].isna(), "unplaced", "point"),
    }  # fmt: skip
    return tables.conform(gpd.GeoDataFrame(frame.assign(**facts), geometry=points, crs=crs.BNG), tables.CONCERNS)


def worried(answers: int, issue: str, easting: float, start: int = 0) -> list[tuple[str, str, float]]:
    return [(f"r{start + number}", issue, easting) for number in range(answers)]


# inputs


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"concern_radius_m": 0}, "concern_radius_m must be greater than 0"),
        ({"prior_answers": -1}, "prior_answers at least 0"),
        ({"min_answers": 0}, "concerns.min_answers must be at least 1, got 0"),
    ],
)
def test_a_setting_outside_its_limits_is_refused(settings: dict, words: str) -> None:
    with pytest.raises(ParameterError, match=words):
        ConcernParams(**settings)


# answers


def test_each_answer_counts_once_however_many_issues_it_ticks(squares) -> None:
    areas = squares((0, -50, 100), family="asb")
    found = attach_concerns(
        areas,
        concerns_of(("a", "noise", 50), ("a", "fireworks", 50), ("a", "burglary", 50), ("b", "burglary", 50)),
        ConcernParams(),
    )
    assert found[["concerns", "answers"]].iloc[0].tolist() == [1, 2]


def test_an_answer_at_exactly_the_radius_is_near_and_one_beyond_is_not(squares) -> None:
    areas = squares((0, -50, 100), family="asb")
    found = attach_concerns(
        areas, concerns_of(("a", "noise", 400), ("b", "noise", 401)), ConcernParams(concern_radius_m=300)
    )
    assert found["answers"].tolist() == [1]


def test_an_answer_without_a_point_is_near_nothing_but_counts_for_the_force(squares) -> None:
    rows = [*worried(12, "noise", 50), *[(f"u{n}", "burglary", None) for n in range(88)]]
    found = attach_concerns(squares((0, -50, 100), family=["burglary"]), concerns_of(*rows), ConcernParams())
    assert found[ADDED].iloc[0].tolist() == [0, 12, "normalised"]


def test_many_reports_and_many_worries_agree_and_few_worries_are_normalised(squares) -> None:
    rows = [
        *worried(15, "noise", 50), *worried(5, "speeding", 50, 15),
        *worried(2, "noise", 5_050, 20), *worried(18, "speeding", 5_050, 22),
    ]  # fmt: skip
    found = attach_concerns(
        squares((0, -50, 100), (5_000, -50, 100), family="asb"), concerns_of(*rows), ConcernParams()
    )
    assert found["concern_status"].tolist() == ["agreement", "normalised"]


def test_below_the_least_number_of_answers_nothing_is_said(squares) -> None:
    areas = squares((0, -50, 100), family="asb")
    assert (
        attach_concerns(areas, concerns_of(*worried(9, "noise", 50)), ConcernParams())["concern_status"][0] == "unknown"
    )
    assert (
        attach_concerns(areas, concerns_of(*worried(10, "noise", 50)), ConcernParams())["concern_status"][0]
        == "agreement"
    )


def test_where_nobody_is_worried_nobody_agrees_and_few_answers_may_be_chance(squares) -> None:
    area, quiet = squares((0, -50, 100), family="burglary"), worried(20, "noise", 50)
    elsewhere = [(f"e{n}", "burglary" if n % 2 else "noise", 9_000.0) for n in range(40)]
    found = attach_concerns(area, concerns_of(*quiet, *elsewhere), ConcernParams())
    assert found[ADDED].iloc[0].tolist() == [0, 20, "normalised"]
    seldom = [(f"e{n}", "burglary" if n == 1 else "noise", 9_000.0) for n in range(40)]
    found = attach_concerns(area, concerns_of(*quiet, *seldom), ConcernParams())
    assert found[ADDED].iloc[0].tolist() == [0, 20, "unknown"]


def test_the_more_answers_the_force_weighs_the_more_it_takes_to_differ(squares) -> None:
    rows = [*worried(2, "noise", 50), *worried(12, "speeding", 50, 2), *worried(20, "noise", 9_000, 14),
            *worried(20, "speeding", 9_000, 34)]  # fmt: skip
    area, concerns = squares((0, -50, 100), family="asb"), concerns_of(*rows)
    statuses = [
        attach_concerns(area, concerns, ConcernParams(prior_answers=prior))["concern_status"][0] for prior in (5, 200)
    ]
    assert statuses == ["normalised", "agreement"]


def test_a_resident_who_answers_twice_counts_once(squares) -> None:
    rows = concerns_of(("a", "noise", 50), ("b", "burglary", 60), ("c", "burglary", 70))
    rows["respondent_id"] = pd.Series(["one", "one", "two"], dtype="str")
    found = attach_concerns(squares((0, -50, 100), family="asb"), rows, ConcernParams())
    assert found[["concerns", "answers"]].iloc[0].tolist() == [1, 2]


def test_a_share_just_like_the_forces_agrees(squares) -> None:
    rows = [
        *worried(5, "noise", 50),
        *worried(10, "speeding", 50, 5),
        *worried(5, "noise", 9_000, 15),
        *worried(10, "speeding", 9_000, 20),
    ]
    found = attach_concerns(squares((0, -50, 100), family="asb"), concerns_of(*rows), ConcernParams())
    assert found["concern_status"][0] == "agreement"


# promises


def test_the_index_is_kept_and_the_order_of_answers_does_not_matter(squares) -> None:
    areas = squares((0, -50, 100), (5_000, -50, 100), family=["asb", "burglary"]).set_axis(["x", "y"])
    before = areas.copy(deep=True)
    concerns = concerns_of(*worried(12, "noise", 50), *worried(11, "burglary", 5_000, 12))
    found = attach_concerns(areas, concerns, ConcernParams())
    assert found.index.tolist() == ["x", "y"]
    assert found["concerns"].tolist() == [12, 11]
    pd.testing.assert_frame_equal(
        pd.DataFrame(found), pd.DataFrame(attach_concerns(areas, concerns.iloc[::-1], ConcernParams()))
    )
    pd.testing.assert_frame_equal(pd.DataFrame(areas), pd.DataFrame(before))


def test_no_areas_or_no_answers_still_give_every_column(squares) -> None:
    areas = squares((0, -50, 100), family="asb")
    silent = attach_concerns(areas, tables.empty(tables.CONCERNS), ConcernParams())
    assert silent[ADDED].iloc[0].tolist() == [0, 0, "unknown"]
    unplaced = attach_concerns(areas, concerns_of(("a", "noise", None)), ConcernParams())
    assert unplaced[ADDED].iloc[0].tolist() == [0, 0, "unknown"]
    nowhere = attach_concerns(areas.iloc[:0], concerns_of(("a", "noise", 50)), ConcernParams())
    assert (list(nowhere.columns), len(nowhere)) == (["family", "geometry", *ADDED], 0)
