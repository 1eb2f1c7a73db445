"""Names of locations, as incidents give them: without prefixes, and the most common of a group."""

import pandas as pd

# What data.police.uk calls places that are no street: many places share each of these names.
KINDS_OF_PLACE = frozenset(
    {
        "Airport/Airfield", "Bus/Coach Station", "Conference/Exhibition Centre", "Ferry Terminal",
        "Further/Higher Educational Building", "Hospital", "Motorway Service Area", "Nightclub", "Park/Open Space",
        "Parking Area", "Pedestrian Subway", "Petrol Station", "Police Station", "Prison", "Race Track",
        "Shopping Area", "Sports/Recreation Area", "Supermarket", "Theatre/Concert Hall", "Theme/Adventure Park",
    }
)  # fmt: skip


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
