"""Spots: the distinct locations that incidents share.

data.police.uk moves every record to a public point, and a force's own export repeats addresses, so incidents are
many and places few. Spots are sorted by easting, then northing: nothing later depends on the order of rows in files.
"""

import geopandas as gpd
import numpy as np
import pandas as pd

from hotspots import categories

# What data.police.uk calls places that are no street: many places share each of these names.
KINDS_OF_PLACE = frozenset(
    {
        "Airport/Airfield", "Bus/Coach Station", "Conference/Exhibition Centre", "Ferry Terminal",
        "Further/Higher Educational Building", "Hospital", "Motorway Service Area", "Nightclub", "Park/Open Space",
        "Parking Area", "Pedestrian Subway", "Petrol Station", "Police Station", "Prison", "Race Track",
        "Shopping Area", "Sports/Recreation Area", "Supermarket", "Theatre/Concert Hall", "Theme/Adventure Park",
    }
)  # fmt: skip


def spots_of(incidents: gpd.GeoDataFrame) -> tuple[pd.DataFrame, pd.Series]:
    """The distinct locations of incidents, and which of them each incident is at.

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
    """Spots with `at_risk` (incidents of all types), and a count for each family, of the incidents given."""
    counted = {"at_risk": count(spot.loc[incidents.index], len(spots))}
    for family in categories.FAMILIES:
        counted[family] = count(spot.loc[categories.of_family(incidents, family).index], len(spots))
    return spots.assign(**counted)


def count_types(spot: pd.Series, incidents: pd.DataFrame, spots: int) -> pd.DataFrame:
    """Incidents by spot (rows) and type (columns, by name)."""
    types = incidents["category"].astype("str").astype("category")
    width = len(types.cat.categories)
    cell = spot.loc[incidents.index].to_numpy() * width + types.cat.codes.to_numpy(np.int64)
    counts = np.bincount(cell, minlength=spots * width).reshape(spots, width)
    return pd.DataFrame(counts, columns=types.cat.categories)


def history(spot: pd.Series, incidents: pd.DataFrame, as_of_steps: tuple[pd.Series, int], spots: int) -> np.ndarray:
    """Incidents by spot (rows) and step back from `as_of` (columns, the latest first)."""
    back, _ = as_of_steps
    back = back.loc[incidents.index].to_numpy()
    width = int(back.max(initial=-1)) + 1
    counts = np.zeros((spots, width), dtype=np.int64)
    np.add.at(counts, (spot.loc[incidents.index].to_numpy(), back), 1)
    return counts


def main_location(group: pd.Series, location_text: pd.Series) -> pd.Series:
    """The commonest place named in each group, without the source's "On or near"; ties by name.

    A kind of place, "Parking Area", stands for many places: the commonest street beside it is then added.

    Examples
    --------
    >>> main_location(pd.Series([7, 7, 7]), pd.Series(["On or near Mill Lane", "Mill Lane", "High Street"])).to_dict()
    {7: 'Mill Lane'}
    >>> main_location(pd.Series([7, 7, 7]), pd.Series(["Parking Area", "Parking Area", "High Street"])).to_dict()
    {7: 'Parking Area near High Street'}
    """
    names = without_prefix(location_text)
    names = names.where(names.fillna("") != "", "unnamed place")
    counted = pd.DataFrame({"group": group, "name": names}).value_counts(["group", "name"]).reset_index()
    counted = counted.sort_values(["group", "count", "name"], ascending=[True, False, True])
    first = counted.drop_duplicates("group").set_index("group")["name"]
    is_street = ~counted["name"].isin(KINDS_OF_PLACE | {"unnamed place"})
    street = counted[is_street].drop_duplicates("group").set_index("group")["name"].reindex(first.index)
    beside = first.isin(KINDS_OF_PLACE) & street.notna()
    return first.mask(beside, first + " near " + street).rename("main_location")


def without_prefix(location_text: pd.Series) -> pd.Series:
    """Places without the source's "On or near", and "St Stephen's" where it writes "St Stephen'S".

    Examples
    --------
    >>> without_prefix(pd.Series(["On or near St Stephen'S Place"])).tolist()
    ["St Stephen's Place"]
    """
    given = location_text.astype("str")
    texts = pd.Series(given.dropna().unique(), dtype="str")
    names = texts.str.replace(r"^On or near\s+", "", regex=True).str.strip()
    names = names.str.replace(r"(?<=[a-z])'S\b", "'s", regex=True)
    return given.map(dict(zip(texts, names, strict=True))).astype("str")


def count(spot: pd.Series, spots: int) -> np.ndarray:
    """How often each of so many spots is named."""
    return np.bincount(spot.to_numpy(), minlength=spots).astype(np.int64)


def observed_steps(incidents: pd.DataFrame, as_of_steps: tuple[pd.Series, int]) -> np.ndarray:
    """Which steps back hold any record at all: a step without one has no data, which is not no crime."""
    back = as_of_steps[0].loc[incidents.index].to_numpy()
    longest = int(as_of_steps[0].max()) + 1 if len(as_of_steps[0]) else 0
    return np.bincount(back[back >= 0], minlength=longest) > 0
