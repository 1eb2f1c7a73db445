"""When to come: what records or residents say, and never at night to a door."""

import pandas as pd

from hotspots import tables
from hotspots.tasking import visiting_hours

NO_RECORDS = tables.empty(tables.INCIDENTS)
EVENING, NIGHT = "in the evening (17:00 to 22:00)", "at night (22:00 to 06:00)"


def said(*bands: str) -> pd.DataFrame:
    return pd.DataFrame({"time_band": list(bands)}, dtype="str")


def test_the_place_s_own_residents_are_heard_before_those_elsewhere_who_are_named_as_such() -> None:
    here, elsewhere = said(*["night"] * 3), said(*["evening"] * 9)
    assert visiting_hours.when(NO_RECORDS, here, elsewhere) == f"{NIGHT}, residents say"
    told = visiting_hours.when(NO_RECORDS, said("night"), elsewhere)
    assert told == f"{EVENING}, residents elsewhere in the team's area say"
    assert visiting_hours.when(NO_RECORDS, said(), said("night")) == visiting_hours.MONTHS_ONLY


def test_nobody_is_sent_to_knock_on_doors_at_night() -> None:
    told = visiting_hours.at_doors(visiting_hours.when(NO_RECORDS, said(*["night"] * 5)))
    assert told == f"{EVENING}; it happens at night, residents say"
    assert visiting_hours.at_doors(visiting_hours.TOO_FEW) == visiting_hours.TOO_FEW
