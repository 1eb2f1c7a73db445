"""Postcodes in every spelling that residents use."""

from pathlib import Path

import pandas as pd
import pytest

from hotspots.sources import postcodes

LINE = '"SN1 1AE",10,415000,184000,"E92000001","E1","E2","","E06000030","E05"'

# answers


@pytest.mark.parametrize("text", ["SN1 1AE", "sn11ae", " SN1  1AE ", "Sn1-1ae", "SN1 1 AE", "SN1\u00a01AE"])
def test_a_unit_is_known_in_any_spelling(text: str) -> None:
    assert postcodes.unit_of(pd.Series([text])).tolist() == ["SN1 1AE"]
    assert postcodes.sector_of(pd.Series([text])).tolist() == ["SN1 1"]


@pytest.mark.parametrize(("text", "unit"), [("w1a0ax", "W1A 0AX"), ("ec1a 1bb", "EC1A 1BB"), ("SN15 3HX", "SN15 3HX")])
def test_long_and_lettered_districts_are_units_too(text: str, unit: str) -> None:
    assert postcodes.unit_of(pd.Series([text])).tolist() == [unit]


@pytest.mark.parametrize("text", [None, "", "SN1", "SN1 1", "SN1 1A", "Swindon", "1SN 1AE", "SN1 1AE SN1 1AF"])
def test_what_is_no_unit_is_missing(text: str | None) -> None:
    assert postcodes.unit_of(pd.Series([text], dtype="str")).isna().all()


@pytest.mark.parametrize(("text", "sector"), [("SN1 1", "SN1 1"), ("sn15 3", "SN15 3"), ("EC1A 1", "EC1A 1")])
def test_a_sector_may_be_given_as_such(text: str, sector: str) -> None:
    assert postcodes.sector_of(pd.Series([text])).tolist() == [sector]


@pytest.mark.parametrize("text", ["SN11", "SN1", "SN", "SN15", "", None])
def test_a_district_is_never_taken_for_a_sector(text: str | None) -> None:
    assert postcodes.sector_of(pd.Series([text], dtype="str")).isna().all()


def test_code_point_open_is_known_by_its_first_line(write) -> None:
    assert postcodes.is_code_point(write("sn.csv", LINE + "\n"))
    assert not postcodes.is_code_point(write("head.csv", ",".join(postcodes.COLUMNS) + "\n"))
    assert not postcodes.is_code_point(write("empty.csv", ""))


def test_units_without_a_location_place_nobody(write) -> None:
    nowhere = LINE.replace("1AE", "9ZZ").replace("415000,184000", "0,0")
    units = postcodes.read_code_point(write("sn.csv", "\n".join([LINE, nowhere, ""])))
    assert units.loc["SN1 1AE", ["easting", "northing", "district"]].tolist() == [415_000, 184_000, "E06000030"]
    assert len(units) == 1


def test_a_coordinate_that_is_no_number_leaves_its_unit_out(write) -> None:
    units = postcodes.read_code_point(
        write("sn.csv", "\n".join([LINE, LINE.replace("1AE", "1AF").replace("415000", "x"), ""]))
    )
    assert units.index.tolist() == ["SN1 1AE"]


@pytest.mark.real_data
def test_the_real_file_holds_the_town_halls_postcode(shared_data: Path) -> None:
    path = shared_data / "context" / "codepoint" / "sn.csv"
    if not path.is_file():
        pytest.skip(f"no real data: {path} is missing")
    units = postcodes.read_code_point(path)
    assert postcodes.is_code_point(path)
    assert len(units) > 10_000
    assert units.index.str.startswith("SN").all()


# promises


def test_the_index_is_kept_and_none_in_is_none_out() -> None:
    given = pd.Series(["SN1 1AE", None], index=[4, 2], dtype="str")
    assert postcodes.unit_of(given).index.tolist() == postcodes.sector_of(given).index.tolist() == [4, 2]
    assert given.tolist()[0] == "SN1 1AE"
    assert postcodes.unit_of(given.iloc[:0]).empty
    assert postcodes.sector_of(given.iloc[:0]).empty
