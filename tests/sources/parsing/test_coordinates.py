"""Coordinates read as they are written, and their faults told apart."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspots.errors import SourceError
from hotspots.sources.parsing import coordinates


def metres(*texts: str | None) -> list[float]:
    return coordinates.numbers(pd.Series(texts, dtype="str"), are_metres=True).tolist()


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("415000", 415_000), ("415000.25", 415_000.25), ("415,000", 415_000), ("415 000", 415_000),
        ("415'000", 415_000),
        ("415000,25", 415_000.25), ("1,234,567", 1_234_567), ("415,000.5", 415_000.5), ("415.000,5", 415_000.5),
        ("4.15e5", 415_000), ("-5", -5),
    ],
)  # fmt: skip
def test_metres_are_read_with_any_separators(text: str, number: float) -> None:
    assert metres(text) == [number]


@pytest.mark.parametrize("text", ["", "east of here", "12,34,5", "415000 E", "inf", "1e999", None, "1..2", "--5"])
def test_what_is_no_number_is_missing(text: str | None) -> None:
    assert np.isnan(metres(text)).all()


def test_a_comma_in_degrees_is_a_decimal_point() -> None:
    assert coordinates.numbers(pd.Series(["-1,785", "51,558"]), are_metres=False).tolist() == [-1.785, 51.558]


@pytest.mark.parametrize(
    ("easting", "northing", "fault"),
    [
        (415_000, 184_000, ""), (90_000, 10_000, ""), (655_000, 310_000, ""), (460_000, 1_210_000, ""),
        (np.nan, 184_000, "missing"), (0, 0, "zero"), (0, 184_000, "zero"), (-1.785, 51.558, "degrees"),
        (51.558, -1.785, "degrees"), (415, 184, "kilometres"), (4_150_000, 184_000, "extra_digit"),
        (415_000, 1_840_000, "extra_digit"), (4_150_000, 1_840_000, "extra_digit"), (-5, 99_999_999, "outside"),
        (1_361_549, 604_856, "feet"), (-198_700, 6_720_000, "web_mercator"), (584_000, 5_712_000, "utm"),
    ],
)  # fmt: skip
def test_the_fault_of_metres_is_named(easting: float, northing: float, fault: str) -> None:
    assert coordinates.metre_faults(np.array([easting]), np.array([northing])).tolist() == [fault]


def test_cells_that_are_no_numbers_are_named() -> None:
    first = pd.Series(["SU 145 845", "Mill Lane", None, "415000", "51 33 29 N"], dtype="str")
    second = pd.Series([None, "Barchester", None, "184000", "1 47 06 W"], dtype="str")
    faults = coordinates.metre_faults(*(coordinates.numbers(texts, are_metres=True) for texts in (first, second)))
    found = coordinates.text_faults(faults, first, second)
    assert found.tolist() == ["grid_reference", "text", "missing", "", "text"]


@pytest.mark.parametrize(
    ("longitude", "latitude", "fault"),
    [
        (-1.785, 51.558, ""), (-6.3, 49.9, ""), (-0.9, 60.8, ""), (0.0, 51.5, ""), (np.nan, 51, "missing"),
        (0, 0, "zero"), (0.001, -0.001, "zero"), (51.558, -1.785, "swapped"), (415_000, 184_000, "metres"),
        (-71, 42, "outside"),
    ],
)  # fmt: skip
def test_the_fault_of_degrees_is_named(longitude: float, latitude: float, fault: str) -> None:
    assert coordinates.degree_faults(np.array([longitude]), np.array([latitude])).tolist() == [fault]


def test_a_fault_that_most_rows_share_refuses_the_file_and_one_that_few_have_does_not() -> None:
    coordinates.require_plausible(np.array(["", "", "zero", "zero", "missing", "missing"]), "a.csv")
    with pytest.raises(SourceError, match=r"a\.csv: 3 of 5 coordinates are at 0, 0\."):
        coordinates.require_plausible(np.array(["", "", "zero", "zero", "zero", "missing"]), "a.csv")


def test_swapped_columns_are_recognised_by_points_in_the_sea() -> None:
    easting, northing = np.full(9, 415_000.0), np.full(9, 184_000.0)
    coordinates.require_order(easting, northing, "a.csv")
    with pytest.raises(SourceError, match="easting and northing look swapped: 9 of 9 points lie in the sea"):
        coordinates.require_order(northing, easting, "a.csv")


@given(st.floats(-1e12, 1e12), st.floats(-1e12, 1e12))
def test_every_pair_has_one_verdict(x: float, y: float) -> None:
    known = {*coordinates.DESCRIPTIONS, "missing", ""}
    for judge in (coordinates.metre_faults, coordinates.degree_faults):
        assert set(judge(np.array([x]), np.array([y])).tolist()) <= known
    coordinates.require_order(np.array([x]), np.array([x]), "a.csv")


@given(st.integers(0, 700_000), st.sampled_from(["{:,}", "{}", "{:,}.0", "{},0"]))
def test_a_number_is_the_same_with_separators(number: int, form: str) -> None:
    assert metres(form.format(number)) == [number]
