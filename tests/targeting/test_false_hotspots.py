"""False hotspots, and the actions of the settings on them."""

import pandas as pd
import pytest

from hotspots.errors import ParameterError
from hotspots.targeting import false_hotspots
from hotspots.targeting.false_hotspots import FlagParams


def flagged(
    texts: list[str], params: FlagParams | None = None, precision: str = "snap", spread: int = 10
) -> str | None:
    """The flags of one area whose incidents carry these texts, at up to so many spots."""
    members = pd.DataFrame({"area": 0, "spot": [number % spread for number in range(len(texts))]})
    records = pd.DataFrame({"location_text": texts, "location_precision": precision})
    found = false_hotspots.flag_areas(members, records, 1, params or FlagParams()).iloc[0]
    return None if pd.isna(found) else found


# inputs


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (
            {"actions": {"hospitals": "mark"}},
            "flags.actions: 'hospitals' is not a flag, expected one of single_spot, police_station",
        ),
        (
            {"actions": {"hospital": "hide"}},
            "flags.actions: 'hide' is not an action, expected one of keep, mark, lower, leave_out",
        ),
        ({"words": {"Bus Depot": ("depot",)}}, "flags.words: 'Bus Depot' must be lower-case letters"),
        ({"lower_to": 0.0}, "flags.lower_to must be above 0"),
    ],
)
def test_settings_that_mean_nothing_are_refused(given: dict, words: str) -> None:
    with pytest.raises(ParameterError, match=words):
        FlagParams(**given)


# answers


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("On or near Police Station", "police_station"),
        ("Great Western Hospital, Marlborough Road", "hospital"),
        ("HMP Erlestoke", "prison"),
        ("Swindon Magistrates' Court", "court"),
        ("On or near Supermarket", "supermarket"),
        ("TESCO EXTRA, OCOTAL WAY", "supermarket"),
        ("On or near Parking Area", "parking_area"),
        ("Salisbury (Station)", "station"),
        ("Hospital Road", None),
        ("Police Station Lane", None),
        ("Prison Lane", None),
        ("Doris Archer Court", None),
        ("Station Approach", None),
        ("On or near Mill Lane", None),
        ("Hospitality Suite", None),
    ],
)
def test_a_place_is_recognised_by_its_words_and_not_by_a_street_name(text: str, flag: str | None) -> None:
    assert flagged([text] * 4) == flag


def test_half_the_incidents_make_a_flag_and_four_fifths_at_one_point_a_single_spot() -> None:
    assert flagged(["Hospital", "Hospital", "Mill Lane", "High Street"]) == "hospital"
    assert flagged(["Hospital", "Mill Lane", "High Street"]) is None
    assert flagged(["Mill Lane"] * 5, spread=1) == "single_spot"
    assert flagged(["Mill Lane"] * 5, spread=2) is None
    assert flagged(["Mill Lane"] * 2, spread=1) is None


def test_records_placed_at_stations_are_flagged_whatever_they_are_called() -> None:
    assert flagged(["Swindon"] * 3, precision="station") == "station"


def test_words_can_be_added_and_flags_switched_off() -> None:
    more = FlagParams(
        words={"hospital": ("Treatment Centre",), "bus_depot": ("depot",)}, actions={"supermarket": "keep"}
    )
    assert flagged(["Urgent treatment centre"] * 3, more) == "hospital"
    assert flagged(["Hospital"] * 3, more) == "hospital"
    assert flagged(["Bus depot, The Parade"] * 3, more) == "bus_depot"
    assert flagged(["Supermarket"] * 3, more) is None
    assert flagged(["Mill Lane"] * 5, FlagParams(actions={"single_spot": "keep"}), spread=1) is None


def test_the_strictest_of_an_areas_flags_decides_its_weight() -> None:
    params = FlagParams(actions={"hospital": "lower", "prison": "leave_out"}, lower_to=0.3)
    flags = pd.Series(["hospital", "single_spot hospital", "prison hospital", "court", None], dtype="str")
    assert false_hotspots.weights(flags, params).tolist() == [0.3, 0.3, 0.0, 1.0, 1.0]


def test_flags_and_actions_are_a_finding(squares) -> None:
    flags = pd.Series(["hospital", "single_spot", "hospital", None], dtype="str")
    areas = squares(*[(x, 0, 9) for x in range(4)], main_location=["A", "B", "C", "D"]).assign(flags=flags)
    params = FlagParams(actions={"hospital": "leave_out"})
    found = false_hotspots.flag_findings(areas.head(2), areas, "Burglary", params)[0]["finding"]
    assert found == (
        "Burglary: places that may be false hotspots: of 4 areas, 2 mostly at a hospital (not listed, such as A); 1 "
        "nearly all at one mapped point (marked only); 2 of 2 hotspots marked."
    )
    assert false_hotspots.flag_findings(areas.tail(1), areas.tail(1), "Burglary", FlagParams()) == []
