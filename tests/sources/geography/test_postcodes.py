"""Postcodes in every spelling that residents use."""

import csv
from pathlib import Path

import pandas as pd
import pytest

from hotspots.sources.geography import postcodes

LINE = '"SN1 1AE",10,415000,184000,"E92000001","E1","E2","","E06000030","E05"'

# answers


@pytest.mark.parametrize("text", ["SN1 1AE", "sn11ae", " SN1  1AE ", "Sn1-1ae", "SN1 1 AE", "SN1\u00a01AE"])
def test_a_unit_is_known_in_any_spelling(text: str) -> None:
    assert postcodes.unit_of(pd.Series([text])).tolist() == ["SN1 1AE"]
    assert postcodes.sector_of(pd.Series([text])).tolist() == ["SN1 1"]


@pytest.mark.parametrize(("text", "unit"), [("w1a0ax", "W1A 0AX"), ("ec1a 1bb", "EC1A 1BB"), ("SN15 3HX", "SN15 3HX")])
def test_long_and_lettered_districts_are_units_too(text: str, unit: str) -> None:
    assert postcodes.unit_of(pd.Series([text])).tolist() == [unit]


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("SNI IAE", "SN1 1AE"), ("S015 2AB", "SO15 2AB"), ("0X1 2AB", "OX1 2AB"), ("dy1o 1ae", "DY10 1AE"),
        ("BIO OAB", "B10 0AB"), ("S01 2AB", "SO1 2AB"), ("BS0 1AA", "BS0 1AA"), ("w1aoax", "W1A 0AX"),
    ],
)  # fmt: skip
def test_o_for_nought_and_i_for_one_are_forgiven_where_only_one_can_stand(text: str, unit: str) -> None:
    assert postcodes.unit_of(pd.Series([text])).tolist() == [unit]


def test_the_one_postcode_of_an_address_counts_and_words_are_none() -> None:
    texts = pd.Series(["12 Mill Lane, Swindon SN1 1AE", "I live in SN1", "SN1 1AE or SN1 1AF", "Not 1 of us"])
    assert postcodes.unit_of(texts).fillna("-").tolist() == ["SN1 1AE", "-", "-", "-"]


def test_a_unit_cut_short_is_its_sector() -> None:
    assert postcodes.sector_of(pd.Series(["SN1 1A", "sn15 3h"])).tolist() == ["SN1 1", "SN15 3"]


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


@pytest.mark.real_data
def test_every_real_postcode_is_placed_as_code_point_says_however_it_is_typed(shared_data: Path) -> None:
    """Thirteen areas that cover four counties; the truth is read with the csv module alone."""
    paths = [path for path in sorted((shared_data / "context" / "codepoint").glob("*.csv")) if len(path.stem) <= 2]
    if not paths:
        pytest.skip("no real data: no file of Code-Point Open")
    truth = {
        row[0]: (float(row[2]), float(row[3])) for path in paths for row in csv.reader(path.read_text().splitlines())
    }
    truth = {unit: place for unit, place in truth.items() if place != (0, 0)}
    units = pd.concat([postcodes.read_code_point(path) for path in paths])
    assert len(truth) > 170_000 and len(units) == len(truth)
    typed = {
        "tight": lambda text: text.replace(" ", ""),
        "small letters": lambda text: text.lower(),
        "O for 0": lambda text: text.replace(" ", "").replace("0", "O"),
        "0 for O and 1 for I": lambda text: text.replace("O", "0").replace("I", "1"),
        "I for 1": lambda text: text.replace("1", "i"),
    }
    some = sorted(truth)[::7]
    for how, slip in typed.items():
        found = units.reindex(postcodes.unit_of(pd.Series([slip(text) for text in some])).to_numpy())
        is_right = [tuple(row) == truth[text] for row, text in zip(found.to_numpy()[:, :2], some, strict=True)]
        assert all(is_right), f"{how}: {is_right.count(False)} of {len(some)} misplaced"


# promises


def test_the_index_is_kept_and_none_in_is_none_out() -> None:
    given = pd.Series(["SN1 1AE", None], index=[4, 2], dtype="str")
    assert postcodes.unit_of(given).index.tolist() == postcodes.sector_of(given).index.tolist() == [4, 2]
    assert given.tolist()[0] == "SN1 1AE"
    assert postcodes.unit_of(given.iloc[:0]).empty
    assert postcodes.sector_of(given.iloc[:0]).empty
