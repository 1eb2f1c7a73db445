"""Spots: the distinct locations that incidents share.

data.police.uk moves every record to a snap point, and a force's own export repeats addresses, so there are far fewer
spots than incidents. Spots are sorted by easting, then northing, so results do not depend on the order of rows.
"""

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hotspots import categories


def spots_of(incidents: gpd.GeoDataFrame) -> tuple[pd.DataFrame, pd.Series]:
    """Return the distinct locations of incidents, and the spot of each incident.

    Parameters
    ----------
    incidents
        Points, BNG metres.

    Returns
    -------
    spots
        `easting` and `northing`, sorted, numbered from 0.
    spot
        Number of each incident's spot, on the incidents' index.
    """
    xy = np.round(incidents.get_coordinates().to_numpy(), 2)
    places, number = np.unique(xy[:, 0] + 1j * xy[:, 1], return_inverse=True)
    spots = pd.DataFrame({"easting": places.real, "northing": places.imag})
    return spots, pd.Series(number, index=incidents.index, name="spot", dtype="int64")


def count_spots(spots: pd.DataFrame, spot: pd.Series, incidents: pd.DataFrame) -> pd.DataFrame:
    """Return the spots with `at_risk` (incidents of all types) and the number of incidents of each family."""
    counted = {"at_risk": count(spot.loc[incidents.index], len(spots))}
    for family in categories.FAMILIES:
        counted[family] = count(spot.loc[categories.of_family(incidents, family).index], len(spots))
    return spots.assign(**counted)


def count_types(spot: pd.Series, incidents: pd.DataFrame, spots: int) -> pd.DataFrame:
    """Count incidents by spot (rows) and type (columns, by name)."""
    types = incidents["category"].astype("str").astype("category")
    width = len(types.cat.categories)
    cell = spot.loc[incidents.index].to_numpy() * width + types.cat.codes.to_numpy(np.int64)
    counts = np.bincount(cell, minlength=spots * width).reshape(spots, width)
    return pd.DataFrame(counts, columns=types.cat.categories)


def history(spot: pd.Series, incidents: pd.DataFrame, steps_back: pd.Series, spots: int) -> NDArray[np.int64]:
    """Count incidents by spot (rows) and step back (columns, the latest first; `period.steps_back`)."""
    back = steps_back.loc[incidents.index].to_numpy()
    width = int(back.max(initial=-1)) + 1
    counts = np.zeros((spots, width), dtype=np.int64)
    np.add.at(counts, (spot.loc[incidents.index].to_numpy(), back), 1)
    return counts


def count(spot: pd.Series, spots: int) -> NDArray[np.int64]:
    """Count the incidents of each spot."""
    return np.bincount(spot.to_numpy(), minlength=spots).astype(np.int64)


def observed_steps(incidents: pd.DataFrame, steps_back: pd.Series) -> NDArray[np.bool_]:
    """Return which steps back have any record; a step without one has no data, which is not the same as no crime."""
    back = steps_back.loc[incidents.index].to_numpy()
    longest = max(int(steps_back.max()) + 1, 0) if len(steps_back) else 0
    return np.bincount(back[back >= 0], minlength=longest) > 0
