"""Which area each incident or answer lies in, on the day of the report."""

from datetime import date

import pandas as pd

from hotspots.sources.geography import areas_at_points, areas_of_day


def test_an_area_holds_from_its_first_day_to_the_day_before_its_end(squares) -> None:
    areas = squares(
        (0, 0, 1), (0, 0, 1), (0, 0, 1),
        valid_from=pd.to_datetime([None, "2026-01-19", None]), valid_to=pd.to_datetime(["2026-01-19", None, None]),
    )  # fmt: skip
    assert areas_of_day.valid_on(areas, date(2026, 1, 18)).index.tolist() == [0, 2]
    assert areas_of_day.valid_on(areas, date(2026, 1, 19)).index.tolist() == [1, 2]
    assert len(areas_of_day.valid_on(areas.drop(columns=["valid_from", "valid_to"]), date(2026, 1, 1))) == 3


def test_a_point_gets_the_beat_and_team_it_lies_in(squares, incidents_at) -> None:
    areas = squares(
        (0, 0, 100), (0, 0, 500), kind=["beat", "NPT"], name=["Beat 1", "North"],
        place_code=["B1", "N"], team_name=["North", None],
    )  # fmt: skip
    points = incidents_at([(50, 50), (300, 300), (900, 900)], team_name=[None, None, "Elsewhere"])
    found = areas_at_points.assign_teams(points, areas)
    assert found["beat_code"].fillna("-").tolist() == ["B1", "-", "-"]
    assert found["team_name"].tolist() == ["North", "North", "Elsewhere"]


def test_beats_alone_name_their_teams(squares, incidents_at) -> None:
    facts = {"kind": "beat", "name": ["Hill", "Vale"], "place_code": ["B1", "B2"], "team_name": ["North", "South"]}
    areas = squares((0, 0, 100), (500, 0, 100), **facts)
    points = incidents_at([(50, 50), (300, 300), (550, 50)], team_name=None)
    found = areas_at_points.assign_teams(points, areas)
    assert found["beat_code"].fillna("-").tolist() == ["B1", "-", "B2"]
    assert found["team_name"].fillna("-").tolist() == ["North", "-", "South"]


def test_where_areas_overlap_the_first_in_the_file_counts(squares, incidents_at) -> None:
    areas = squares(
        *[(0, 0, 100)] * 9, kind="beat", name=list("abcdefghi"), place_code=list("abcdefghi"), team_name=None
    )
    assert areas_at_points.assign_teams(incidents_at([(50, 50)]), areas)["beat_code"].tolist() == ["a"]


def test_no_points_or_no_areas_are_normal(squares, incidents_at) -> None:
    nowhere = squares(kind=[], name=[], place_code=[], team_name=[])
    assert areas_at_points.assign_teams(incidents_at([(1, 1)]), nowhere)["team_name"].tolist() == ["Littleham"]
    areas = squares((0, 0, 9), kind="beat", name="a", place_code="a", team_name="t")
    assert areas_at_points.assign_teams(incidents_at([]), areas).empty
