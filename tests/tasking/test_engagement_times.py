"""When to come: what records or residents say, and never at night to a door."""

import pandas as pd

from hotspots import tables
from hotspots.tasking import engagement_times

NO_RECORDS = tables.empty(tables.INCIDENTS)
EVENING, NIGHT = "in the evening (17:00 to 22:00)", "at night (22:00 to 06:00)"


def said(*bands: str) -> pd.DataFrame:
    return pd.DataFrame({"time_band": list(bands)}, dtype="str")


def test_the_place_s_own_residents_are_heard_before_those_elsewhere_who_are_named_as_such() -> None:
    here, elsewhere = said(*["night"] * 3), said(*["evening"] * 9)
    assert engagement_times.when(NO_RECORDS, here, elsewhere) == f"{NIGHT}, residents say"
    told = engagement_times.when(NO_RECORDS, said("night"), elsewhere)
    assert told == f"{EVENING}, residents elsewhere in the team's area say"
    assert engagement_times.when(NO_RECORDS, said(), said("night")) == engagement_times.MONTHS_ONLY


def test_nobody_is_sent_to_knock_on_doors_at_night() -> None:
    told = engagement_times.at_doors(engagement_times.when(NO_RECORDS, said(*["night"] * 5)))
    assert told == f"{EVENING}; it happens at night, residents say"
    assert engagement_times.at_doors(engagement_times.TOO_FEW) == engagement_times.TOO_FEW
