"""Concentration of incidents: the share of places with 25, 50 and 80 % of them."""

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

SHARES = (0.25, 0.5, 0.8)


def concentration(counts: ArrayLike, unit: str) -> pd.DataFrame:
    """Return how many places, the busiest first, have 25, 50 and 80 % of the incidents.

    Parameters
    ----------
    counts
        Incidents at each place.
    unit
        Kind of place: `spot` or `hexagon`.

    Returns
    -------
    DataFrame
        `unit`, `share_of_incidents`, `places`, `of_places` and `share_of_places`; empty without incidents.
    """
    counts = np.sort(np.asarray(counts, np.int64))[::-1]
    if not counts.sum():
        return pd.DataFrame(columns=["unit", "share_of_incidents", "places", "of_places", "share_of_places"])
    shares = counts.cumsum() / counts.sum()
    places = np.searchsorted(shares, np.array(SHARES) - 1e-12) + 1
    table = pd.DataFrame({"unit": unit, "share_of_incidents": SHARES, "places": places, "of_places": len(counts)})
    return table.assign(share_of_places=table["places"] / table["of_places"])
