"""How concentrated incidents are: the share of places that hold a quarter, half and 80 % of them."""

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

SHARES = (0.25, 0.5, 0.8)


def concentration(counts: ArrayLike, unit: str) -> pd.DataFrame:
    """How many places, the fullest first, hold a quarter, a half and four fifths of the incidents.

    Parameters
    ----------
    counts
        Incidents at each place.
    unit
        What the places are: `spot` or `hexagon`.

    Returns
    -------
    DataFrame
        `unit`, `share_of_incidents`, `places`, `of_places` and `share_of_places`; empty where nothing was counted.
    """
    falling = np.sort(np.asarray(counts, np.int64))[::-1]
    if not falling.sum():
        return pd.DataFrame(columns=["unit", "share_of_incidents", "places", "of_places", "share_of_places"])
    held = falling.cumsum() / falling.sum()
    places = np.searchsorted(held, np.array(SHARES) - 1e-12) + 1
    table = pd.DataFrame({"unit": unit, "share_of_incidents": SHARES, "places": places, "of_places": len(falling)})
    return table.assign(share_of_places=table["places"] / table["of_places"])
