"""Areas get names and dates from a list: West Mercia's five local policing areas, and the two that took their place."""

import json
from datetime import date
from pathlib import Path

import geopandas as gpd
import made_up_files as barset
import numpy as np
import pandas as pd
import pytest
import shapely

from hotspots import crs, quality, tables
from hotspots.sources import local_lists
from hotspots.sources.geography import areas_at_points, areas_of_day
from pipelines import settings as force_settings
from pipelines.flows.ingest import ingest
from pipelines.settings import Settings

LAST, FIRST = date(2026, 1, 18), date(2026, 1, 19)
# Polygons know codes only: five squares in a row, and the two areas that are made of them.
SQUARES = {"WM1": (0, 1), "WM2": (1, 2), "WM3": (2, 3), "WM4": (3, 4), "WM5": (4, 5), "WM6": (0, 2), "WM7": (2, 5)}
LIST = """place_code,kind,name,valid_from,valid_to
WM1,LPA,Shropshire LPA,,19/01/2026
WM2,LPA,Telford & Wrekin LPA,,19/01/2026
WM3,LPA,North Worcestershire LPA,,2026-01-19
WM4,LPA,South Worcestershire LPA,,2026-01-19
WM5,LPA,Herefordshire LPA,,2026-01-19
WM6,LPA,Shropshire & Telford LPA,19/01/2026,
WM7,lpa,Herefordshire & Worcestershire LPA,2026-01-19,ongoing
"""
FIVE = [line.split(",")[2] for line in LIST.splitlines()[1:6]]
TWO = [line.split(",")[2] for line in LIST.splitlines()[6:]]


def areas() -> gpd.GeoDataFrame:
    frame = pd.DataFrame({"place_code": list(SQUARES), "kind": "LPA", "name": list(SQUARES)})
    boxes = [shapely.box(10_000 * west, 0, 10_000 * east, 10_000) for west, east in SQUARES.values()]
    return tables.conform(gpd.GeoDataFrame(frame, geometry=boxes, crs=crs.BNG), tables.PLACES)


def listed(write, text: str, as_of: date = LAST) -> pd.DataFrame:
    rows, _, _ = local_lists.read_list(write("places.csv", text), "place_names")
    return local_lists.accept_rows(rows, "place_names", pd.Timestamp(as_of))


# answers


@pytest.mark.parametrize(("day", "names"), [(LAST, FIVE), (FIRST, TWO)])
def test_five_areas_hold_until_the_18th_of_january_2026_and_two_from_the_19th(write, day: date, names: list) -> None:
    named, notes = areas_of_day.apply_names(areas(), listed(write, LIST, day))
    today, twice = areas_of_day.drop_duplicates(areas_of_day.valid_on(named, day))
    assert sorted(today["name"]) == sorted(names) and notes == twice == []
    _, teams = areas_at_points.at_points(np.array([5_000.0, 45_000.0]), np.array([5_000.0] * 2), today)
    assert teams == [names[0], names[-1]]


def test_a_new_name_from_a_day_on_is_the_same_area(write) -> None:
    text = "Place code,Kind,Name,Valid from,Valid to\nWM1,LPA,Old,,01/06/2025\nWM1,LPA,New,01/06/2025,\n"
    named, _ = areas_of_day.apply_names(areas(), listed(write, text))
    names = [areas_of_day.valid_on(named, date(2025, *day)).query("place_code == 'WM1'")["name"].tolist()
             for day in ((5, 31), (6, 1))]  # fmt: skip
    assert names == [["Old"], ["New"]]
    assert len(named) == len(areas()) + 1
    assert named.query("place_code == 'WM2'")["name"].tolist() == ["WM2"]  # what the list has not stays as it is


def test_what_does_not_fit_is_said(write) -> None:
    text = (
        "place_code,kind,name,valid_from,valid_to\nWM1,LPA,One,01/01/2020,\nWM1,LPA,Two,01/01/2021,\nXX,ward,None,,\n"
    )
    named, notes = areas_of_day.apply_names(areas(), listed(write, text))
    assert notes == ["The list of places names areas without a polygon (1), which are not used: ward 'XX'."]
    today, twice = areas_of_day.drop_duplicates(areas_of_day.valid_on(named, LAST))
    assert twice == ["Some areas are given twice for the day (1); the one that began last is used: LPA 'WM1'."]
    assert today.query("place_code == 'WM1'")["name"].tolist() == ["Two"]


# inputs


def test_bad_rows_are_set_aside_with_a_reason(write) -> None:
    path = write("places.csv", LIST + "WM8,LPA,,,\nWM8,shire,Name,,\n,LPA,Name,,\nWM8,LPA,Name,soon,\n"
                 "WM8,LPA,Name,19/01/2026,18/01/2026\nWM1,LPA,Shropshire LPA,,19/01/2026\nshort,LPA\n")  # fmt: skip
    assert local_lists.kind_of(path) == "place_names"
    rows, broken, _ = local_lists.read_list(path, "place_names")
    assert rows["reason"].tolist() == [""] * 7 + ["unreadable"] * 5 + [""] and broken == 1
    assert local_lists.check_rows(rows, "place_names", pd.Timestamp(LAST)).tolist().count("repeated_id") == 1


@pytest.mark.parametrize(
    ("headings", "kind"),
    [
        ("place_code,kind,name", "place_names"), ("PLACE CODE,NAME,KIND,Valid From", "place_names"),
        ("wave,place_code,question,share,respondents,kind,name", "confidence"), ("code,type,name", ""),
    ],
)  # fmt: skip
def test_the_list_is_told_by_its_headings(headings: str, kind: str) -> None:
    assert local_lists.kind_by_headings(headings.split(",")) == kind


# a whole run


@pytest.mark.parametrize(("as_of", "team"), [(date(2025, 8, 31), "Old team"), (date(2025, 9, 30), "New team")])
def test_a_run_takes_names_and_dates_from_the_list(settings: Settings, tmp_path: Path, as_of: date, team: str) -> None:
    raw = barset.write_raw(tmp_path / "raw")
    west, south, _, north = barset.FORCES["barset"]
    ring = [[west, south], [barset.BORDER, south], [barset.BORDER, north], [west, north], [west, south]]
    polygon = {"type": "Polygon", "coordinates": [ring]}
    feature = {"type": "Feature", "properties": {"kind": "LPT", "place_code": "B1"}, "geometry": polygon}
    text = json.dumps({"type": "FeatureCollection", "features": [feature]})
    (raw / "teams.geojson").write_text(text, encoding="utf-8")
    (raw / "places.csv").write_text(
        "place_code,kind,name,valid_from,valid_to\n"
        "B1,LPT,Old team,,2025-09-01\nB1,LPT,New team,2025-09-01,\nZZ,LPT,Lost,,\nB2,nowhere,Name,,\n",
        encoding="utf-8",
    )
    store = ingest(settings, (raw,), tmp_path / "processed", as_of)
    own = store.read("incidents").query("is_own_force")
    assert set(own["team_name"]) == {team}
    tally = store.read("tally").query("source == 'names and dates of areas'")
    assert quality.file_totals(tally)[["rows_in", "rows_set_aside"]].to_numpy().tolist() == [[4, 1]]
    assert quality.by_reason(tally)["reason"].tolist() == ["unreadable"]
    found = store.read("findings").set_index("kind")["finding"]
    assert "The list of places names areas without a polygon (1)" in found["place_names"]


def test_west_mercia_s_settings_say_the_same_as_the_list() -> None:
    settings, _ = force_settings.read_settings("west-mercia")
    assert sorted(team.name for team in settings.teams_on(LAST)) == sorted(FIVE)
    assert sorted(team.name for team in settings.teams_on(FIRST)) == sorted(TWO)
