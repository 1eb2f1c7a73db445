"""Names of locations: the most common of a group, without the prefixes of the source."""

import pandas as pd
import pytest

from hotspots import location_names

# answers


@pytest.mark.parametrize(
    ("names", "main"),
    [
        (["On or near Mill Lane", "Mill Lane", "High Street"], "Mill Lane"),
        (["High Street", "On or near Mill Lane"], "High Street"),
        ([None, None, "High Street"], "unnamed place"),
        (["On or near ", "x"], "unnamed place"),
        (["On or near Parking Area"] * 2 + ["High Street"], "Parking Area near High Street"),
        (["On or near Parking Area"] * 2 + [None], "Parking Area"),
    ],
    ids=[
        "commonest",
        "a tie goes by name",
        "mostly unnamed",
        "nothing after On or near",
        "a kind of place",
        "a kind of place only",
    ],
)
def test_the_main_location_is_the_commonest_place_named(names: list, main: str) -> None:
    text = pd.Series(names, dtype="str")
    assert location_names.main_location(pd.Series(0, index=text.index), text).to_dict() == {0: main}


# promises


def test_no_incidents_have_no_main_location() -> None:
    found = location_names.main_location(pd.Series(dtype="int64"), pd.Series(dtype="str"))
    assert found.size == 0
