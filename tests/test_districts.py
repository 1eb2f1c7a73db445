"""Districts of today for abolished ones, and the counties of those that have one."""

import pandas as pd
import pytest

from hotspots import districts, reference


@pytest.mark.parametrize(
    ("text", "code", "name", "county"),
    [
        ("Taunton Deane", "E06000066", "Somerset", ""),
        ("E07000190", "E06000066", "Somerset", ""),
        ("Waveney", "E07000244", "East Suffolk", "Suffolk"),
        ("St Albans", "E07000240", "St Albans", "Hertfordshire"),
        ("Herefordshire, County of", "E06000019", "Herefordshire", ""),
        ("County Durham", "E06000047", "County Durham", ""),
        ("Kingston upon Hull", "E06000010", "Kingston upon Hull", ""),
        ("telford & wrekin", "E06000020", "Telford and Wrekin", ""),
    ],
)
def test_a_district_is_found_by_its_code_or_any_spelling(text: str, code: str, name: str, county: str) -> None:
    assert districts.find(text) == (code, name, county)


def test_abolished_districts_have_the_name_of_their_successor_and_others_keep_theirs() -> None:
    names = ["Corby", "Northumberland", "Barnsley", "Bournemouth", "Bristol, City of", "Central Team"]
    assert [districts.current_name(name) for name in names] == [
        "North Northamptonshire", "Northumberland", "Barnsley", "Bournemouth, Christchurch and Poole",
        "Bristol, City of", "Central Team",
    ]  # fmt: skip


def test_counties_belong_to_districts_of_today_with_two_tiers_only() -> None:
    for row in reference.rows("districts"):
        has_county = row["active_code"].startswith("E07")
        assert bool(row["county"]) == has_county == districts.is_two_tier(row["district_code"])
    assert districts.is_two_tier("E07999901") and not districts.is_two_tier("E06999902")


def test_the_district_in_the_name_of_an_lsoa() -> None:
    assert [districts.in_lsoa_name(name) for name in ("Swindon 012A", "Isle of Wight 001F", "Stafford")] == [
        "Swindon", "Isle of Wight", "Stafford",
    ]  # fmt: skip


def test_codes_are_missing_where_no_district_is_known() -> None:
    codes = districts.codes_of(pd.Series(["Swindon", None, "Nowhere", "E07000150"], index=[4, 2, 3, 1]))
    assert codes.fillna("").tolist() == ["E06000030", "", "", "E06000061"]
    assert codes.index.tolist() == [4, 2, 3, 1]
