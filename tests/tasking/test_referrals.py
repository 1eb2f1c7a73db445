"""Partners of concerns, and the smallest number of residents in a referral."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from hotspots import tables
from hotspots.errors import ParameterError
from hotspots.tasking import partners, referrals
from hotspots.tasking.partners import Council

DAY = date(2026, 3, 29)
PARAMS = referrals.ReferralParams()


def concerns_of(rows: list[tuple[str, float | None, str | None]], issue: str = "litter") -> pd.DataFrame:
    """Return concerns from respondent, easting and beat."""
    frame = pd.DataFrame(rows, columns=["respondent", "easting", "area"])
    facts = {
        "concern_id": [f"s-{n}-1" for n in range(len(frame))], "issue": issue, "northing": frame["easting"] * 0,
        "received_at": pd.Timestamp("2026-02-03"), "partner": "Barchester City Council", "department": "cleansing",
        "tier": "district", "team_name": "Barchester", "street": "Close",
    }  # fmt: skip
    frame = frame.assign(**facts)
    frame["issue"] = frame["issue"].astype(pd.CategoricalDtype(tables.REFERRALS.columns["issue"].choices))
    return frame.assign(key=referrals.hash_concerns(frame), received_at=frame["received_at"].astype("datetime64[us]"))


def refer(concerns: pd.DataFrame) -> pd.DataFrame:
    return referrals.make_referrals(referrals.group_concerns(concerns, DAY, PARAMS), DAY)


def test_in_a_two_tier_county_the_responsible_council_is_chosen() -> None:
    councils = partners.councils_on([], DAY)
    rows = pd.DataFrame(
        [("council", "fly_tipping", "district", "E07000197"), ("council", "street_lighting", "county", "E07000197"),
         ("council", "street_lighting", None, "Stafford"), ("council", "street_lighting", "unitary", "E06000054"),
         ("council", "litter", "district", None), ("police", "speeding", "force", "E07000197"),
         ("DVLA", "untaxed_vehicle", "national", "E07000197"), ("landowner", "fly_tipping", "district", "E07000197")],
        columns=["owner", "issue", "tier", "district_code"],
    )  # fmt: skip
    assert partners.assign_partners(rows, councils).tolist() == [
        "Stafford Borough Council", "Staffordshire County Council", "Staffordshire County Council", "Wiltshire Council",
        partners.UNKNOWN_COUNCIL, "police", "DVLA", "Stafford Borough Council",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("district", "issue", "tier", "council"),
    [
        ("Swale", "litter", "district", "Swale Council"),
        ("E07000113", "street_lighting", "county", "Kent County Council"),
        ("Kettering", "litter", "district", "North Northamptonshire Council"),
        ("E07000150", "street_lighting", "county", "North Northamptonshire Council"),
        ("Bristol, City of", "litter", None, "Bristol City Council"),
        ("W06000015", "road_defect", "unitary", "Cardiff Council"),
        ("E09000012", "noise", "unitary", "Hackney Council"),
        ("S12000036", "litter", "unitary", partners.UNKNOWN_COUNCIL),
        ("Nowhere", "litter", None, partners.UNKNOWN_COUNCIL),
    ],
)
def test_the_council_of_any_district_of_england_and_wales_is_named(district, issue, tier, council) -> None:
    rows = pd.DataFrame([("council", issue, tier, district)], columns=["owner", "issue", "tier", "district_code"])
    assert partners.assign_partners(rows, partners.councils_on([], DAY)).tolist() == [council]


def test_a_council_of_the_settings_is_found_by_code_and_by_name() -> None:
    own = [Council(district="Swale", name="Our Council", county="Our County")]
    rows = pd.DataFrame(
        [("council", "litter", "district", text) for text in ("Swale", "E07000113")],
        columns=["owner", "issue", "tier", "district_code"],
    )
    assert partners.assign_partners(rows, partners.councils_on(own, DAY)).tolist() == ["Our Council"] * 2


def test_concerns_of_nobody_and_of_an_unknown_council_are_not_sent() -> None:
    whose = ["police", partners.NOBODY, partners.UNKNOWN_COUNCIL, "DVLA"]
    rows = pd.DataFrame({"partner": whose, "key": list("abcd")})
    assert referrals.unsent_concerns(rows, frozenset())["partner"].tolist() == ["DVLA"]


def test_a_reorganised_council_is_valid_from_its_first_day() -> None:
    old = Council(district="E07000197", name="Old Council", county="Old County", valid_to="2026-04-01")
    new = Council(district="E07000197", name="New Council", valid_from="2026-04-01")
    assert partners.councils_on([old, new], DAY)["E07000197"].name == "Old Council"
    assert partners.councils_on([old, new], date(2026, 4, 1))["E07000197"].name == "New Council"


def test_five_residents_near_one_street_make_a_referral_and_four_are_held_back() -> None:
    five = concerns_of([(f"r{n}", 10.0 * n, "Minster") for n in range(5)])
    referred = refer(five)
    assert referred[["concerns", "place", "department"]].to_numpy().tolist() == [
        [5, "Around Close (within 300 m)", "cleansing"]
    ]
    four = referrals.group_concerns(five.iloc[:4], DAY, PARAMS)
    assert referrals.make_referrals(four, DAY).empty
    assert referrals.count_held_back(four).to_dict() == {"Barchester City Council": 4}


def test_one_resident_five_times_is_one_resident() -> None:
    assert refer(concerns_of([("r1", 10.0 * n, "Minster") for n in range(9)])).empty


def test_the_place_grows_until_there_are_enough_residents() -> None:
    spread = [(f"r{n}", 5_000.0 * n, "Minster") for n in range(5)]
    assert refer(concerns_of(spread))["place"].tolist() == ["Minster"]
    beats = [(f"r{n}", np.nan, "Minster" if n % 2 else "Castle") for n in range(6)]
    assert refer(concerns_of(beats))["place"].tolist() == ["Barchester"]


def test_the_order_of_rows_does_not_matter() -> None:
    rows = concerns_of([(f"r{n}", 40.0 * (n % 7), "Minster") for n in range(23)])
    pd.testing.assert_frame_equal(refer(rows), refer(rows.sample(frac=1, random_state=3)))


def test_too_small_a_group_is_no_setting() -> None:
    with pytest.raises(ParameterError, match="min_residents must be at least 3"):
        referrals.ReferralParams(min_residents=2)
