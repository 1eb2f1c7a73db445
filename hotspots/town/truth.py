"""Littleham's truth: planted incidents, and the incidents recorded where concerns were planted."""

import numpy as np
import pandas as pd

from hotspots.period import Window
from hotspots.town import streets


def list_members(incidents: pd.DataFrame, window: Window) -> pd.DataFrame:
    """Return the planted incidents of each hotspot: `hotspot_number`, `reference`, `is_in_window`."""
    members = incidents[incidents["hotspot_number"] > 0]
    members = members.assign(is_in_window=is_in(members, window)).sort_values(["hotspot_number", "reference"])
    return members[["hotspot_number", "reference", "is_in_window"]].reset_index(drop=True)


def list_series(incidents: pd.DataFrame) -> pd.DataFrame:
    """Return the burglaries of each series in order of time: `series_number`, `reference`."""
    series = incidents[incidents["series_number"] > 0].sort_values(["series_number", "committed_from"])
    return series[["series_number", "reference"]].reset_index(drop=True)


def count_concerns(concerns: pd.DataFrame, incidents: pd.DataFrame, window: Window) -> pd.DataFrame:
    """Return the planted concerns with `incidents`: ASB recorded within their radius in the last twelve months."""
    asb = incidents[(incidents["type"] == "Anti-social behaviour") & is_in(incidents, window)]
    recorded = [
        int((streets.distance_m(asb, place["easting"], place["northing"]) <= place["radius_m"]).sum())
        for place in concerns.to_dict("records")
    ]
    return concerns.assign(incidents=np.array(recorded, dtype="int64"))


def is_in(incidents: pd.DataFrame, window: Window) -> pd.Series:
    """Return whether each incident began in the window."""
    begun = incidents["committed_from"]
    return begun.between(pd.Timestamp(window.start), pd.Timestamp(window.end), inclusive="left")
