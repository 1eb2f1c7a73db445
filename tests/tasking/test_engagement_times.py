"""Times for engagement: from records, else from residents, and never at night for door knocking."""

import pandas as pd

from hotspots import tables
from hotspots.tasking import engagement_times

NO_RECORDS = tables.empty(tables.INCIDENTS)
EVENING, NIGHT = "in the evening (17:00 to 22:00)", "at night (22:00 to 06:00)"


def answers(*bands: str) -> pd.DataFrame:
    return pd.DataFrame({"time_band": list(bands)}, dtype="str")


def test_answers_from_the_place_come_before_answers_from_elsewhere_which_are_labelled() -> None:
    here, elsewhere = answers(*["night"] * 3), answers(*["evening"] * 9)
    assert engagement_times.best_times(NO_RECORDS, here, elsewhere) == f"{NIGHT}, according to residents"
    times = engagement_times.best_times(NO_RECORDS, answers("night"), elsewhere)
    assert times == f"{EVENING}, according to residents elsewhere in the team's area"
    assert engagement_times.best_times(NO_RECORDS, answers(), answers("night")) == engagement_times.MONTHS_ONLY


def test_nobody_is_sent_to_knock_on_doors_at_night() -> None:
    times = engagement_times.best_times(NO_RECORDS, answers(*["night"] * 5))
    evening = engagement_times.door_knocking_times(times)
    assert evening == f"{EVENING}; incidents happen at night, according to residents"
    assert engagement_times.door_knocking_times(engagement_times.TOO_FEW) == engagement_times.TOO_FEW
