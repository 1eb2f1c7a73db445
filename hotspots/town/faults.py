"""Littleham's incidents as a force exports them, with a few faulty rows of every kind among the good ones."""

import numpy as np
import pandas as pd

from hotspots.quality import FAULTS
from hotspots.town import times

COLUMNS = [
    "Reference", "Type", "Sub type", "Recorded", "From", "To", "Easting", "Northing", "Location", "Beat", "Team",
]  # fmt: skip
_TIMES = ["Recorded", "From", "To"]
_PLACE = ["Easting", "Northing"]
_SEA = ("541250", "61300")


def export_rows(incidents: pd.DataFrame) -> pd.DataFrame:
    """Return the incidents as rows of text in the export's columns.

    Parameters
    ----------
    incidents
        `reference`, `type`, `subtype`, three times, `easting`, `northing`, `street`, `beat_code`, `team_name`.
    """
    return pd.DataFrame({
        "Reference": incidents["reference"],
        "Type": incidents["type"],
        "Sub type": incidents["subtype"],
        "Recorded": times.format_datetimes(incidents["recorded_at"]),
        "From": times.format_datetimes(incidents["committed_from"]),
        "To": times.format_datetimes(incidents["committed_to"]),
        "Easting": incidents["easting"].astype("str"),
        "Northing": incidents["northing"].astype("str"),
        "Location": incidents["street"],
        "Beat": incidents["beat_code"],
        "Team": incidents["team_name"],
    }).astype("str")  # fmt: skip


def add_faulty_rows(rows: pd.DataFrame, rng: np.random.Generator) -> tuple[pd.DataFrame, dict[str, int]]:
    """Return the rows with faulty ones added, and the number of these by reason (`quality.FAULTS`).

    The good rows are not changed, so setting aside the faulty ones leaves exactly the good ones.
    """
    makers = {
        "unreadable": _unreadable, "no_coordinates": _no_coordinates, "outside_force": _outside_force,
        "repeated_id": _repeated_id,
    }  # fmt: skip
    # Neither ASB nor burglary, so never part of a planted hotspot.
    is_plain = ~rows["Type"].isin(["Anti-social behaviour", "Burglary"])
    bad = []
    for reason in FAULTS:
        number = int(rng.integers(8, 13))
        models = rows.loc[np.sort(rng.choice(np.flatnonzero(is_plain), number, replace=False))]
        bad.append(makers[reason](models))
    counts = dict(zip(FAULTS, map(len, bad), strict=True))
    fresh = pd.concat(bad[:3])
    fresh["Reference"] = [f"LH99-{number:06d}" for number in range(1, len(fresh) + 1)]
    return pd.concat([rows, fresh, bad[3]]).sort_index(kind="stable").reset_index(drop=True), counts


def _unreadable(models: pd.DataFrame) -> pd.DataFrame:
    """Return rows with an impossible date, with text for a date, without dates and without a type, in turn."""
    bad, turn = models.copy(), np.arange(len(models)) % 4
    bad.loc[turn == 0, _TIMES] = "31/02/2026 10:00"
    bad.loc[turn == 1, _TIMES] = "not known"
    bad.loc[turn == 2, _TIMES] = ""
    bad.loc[turn == 3, "Type"] = ""
    return bad


def _no_coordinates(models: pd.DataFrame) -> pd.DataFrame:
    """Return rows without coordinates, or, every third row, without the easting."""
    bad = models.copy()
    bad["Easting"] = ""
    bad.loc[np.arange(len(models)) % 3 < 2, "Northing"] = ""
    return bad


def _outside_force(models: pd.DataFrame) -> pd.DataFrame:
    """Return rows with an extra digit in the easting, or with a point at sea, in turn."""
    bad, is_digit = models.copy(), np.arange(len(models)) % 2 == 0
    bad.loc[is_digit, "Easting"] = bad.loc[is_digit, "Easting"] + "0"
    bad.loc[~is_digit, _PLACE] = _SEA
    return bad


def _repeated_id(models: pd.DataFrame) -> pd.DataFrame:
    """Return copies of the rows, every other one with the type in capitals; one row of each offence is to be kept."""
    bad, is_other = models.copy(), np.arange(len(models)) % 2 == 1
    bad.loc[is_other, "Type"] = bad.loc[is_other, "Type"].str.upper()
    return bad
