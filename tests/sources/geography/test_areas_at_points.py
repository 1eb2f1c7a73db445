"""Which area each incident or answer lies in, on the day of the report."""

from datetime import date

import numpy as np
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


def beats_and_teams(areas, *points: tuple[float, float]) -> tuple[list[str | None], list[str | None]]:
    easting, northing = np.array(points, dtype=float).reshape(-1, 2).T
    return areas_at_points.at_points(easting, northing, areas)


def test_a_point_gets_the_beat_and_team_it_lies_in(squares) -> None:
    areas = squares(
        (0, 0, 100), (0, 0, 500), kind=["beat", "NPT"], name=["Beat 1", "North"],
        place_code=["B1", "N"], team_name=["North", None],
    )  # fmt: skip
    beats, teams = beats_and_teams(areas, (50, 50), (300, 300), (900, 900), (np.nan, np.nan))
    assert beats == ["B1", None, None, None]
    assert teams == ["North", "North", None, None]


def test_beats_alone_name_their_teams(squares) -> None:
    facts = {"kind": "beat", "name": ["Hill", "Vale"], "place_code": ["B1", "B2"], "team_name": ["North", "South"]}
    areas = squares((0, 0, 100), (500, 0, 100), **facts)
    assert beats_and_teams(areas, (50, 50), (300, 300), (550, 50)) == (["B1", None, "B2"], ["North", None, "South"])


def test_where_areas_overlap_the_first_in_the_file_counts(squares) -> None:
    areas = squares(
        *[(0, 0, 100)] * 9, kind="beat", name=list("abcdefghi"), place_code=list("abcdefghi"), team_name=None
    )
    assert beats_and_teams(areas, (50, 50))[0] == ["a"]


def test_no_points_or_no_areas_are_normal(squares) -> None:
    nowhere = squares(kind=[], name=[], place_code=[], team_name=[])
    assert beats_and_teams(nowhere, (1, 1)) == ([None], [None])
    areas = squares((0, 0, 9), kind="beat", name="a", place_code="a", team_name="t")
    assert beats_and_teams(areas) == ([], [])
