"""Names of locations in incidents: without the prefix of the source, and the most common of a group."""

import pandas as pd

# Names that data.police.uk gives to kinds of places instead of streets; many places share each name.
KINDS_OF_PLACE = frozenset(
    {
        "Airport/Airfield", "Bus/Coach Station", "Conference/Exhibition Centre", "Ferry Terminal",
        "Further/Higher Educational Building", "Hospital", "Motorway Service Area", "Nightclub", "Park/Open Space",
        "Parking Area", "Pedestrian Subway", "Petrol Station", "Police Station", "Prison", "Race Track",
        "Shopping Area", "Sports/Recreation Area", "Supermarket", "Theatre/Concert Hall", "Theme/Adventure Park",
    }
)  # fmt: skip


def main_location(group: pd.Series, location_text: pd.Series) -> pd.Series:
    """Return the most common location name of each group, without the prefix "On or near"; ties go by name.

    A kind of place, such as "Parking Area", is not specific, so the most common street of the group is added.

    Examples
    --------
    >>> main_location(pd.Series([7, 7, 7]), pd.Series(["On or near Mill Lane", "Mill Lane", "High Street"])).to_dict()
    {7: 'Mill Lane'}
    >>> main_location(pd.Series([7, 7, 7]), pd.Series(["Parking Area", "Parking Area", "High Street"])).to_dict()
    {7: 'Parking Area near High Street'}
    """
    names = without_prefix(location_text)
    names = names.where(names.fillna("") != "", "unnamed place")
    counts = pd.DataFrame({"group": group, "name": names}).value_counts(["group", "name"])
    is_street = ~counts.index.get_level_values("name").isin(KINDS_OF_PLACE | {"unnamed place"})
    first = most_common(counts)
    street = most_common(counts[is_street]).reindex(first.index)
    has_street = first.isin(KINDS_OF_PLACE) & street.notna()
    return first.mask(has_street, first + " near " + street).rename("main_location")


def unnamed_street(area: pd.Series) -> pd.Series:
    """Return what stands for a place without a public name, by the beat or team around it.

    Examples
    --------
    >>> unnamed_street(pd.Series(["EC12", None])).tolist()
    ['an unnamed street in EC12', 'an unnamed street']
    """
    return ("an unnamed street in " + area.astype("str")).fillna("an unnamed street")


def most_common(counts: pd.Series) -> pd.Series:
    """Return the most common value of each group; of equally common ones the first in order.

    Parameters
    ----------
    counts
        Indexed by group and value.
    """
    group, value = counts.index.names
    rows = counts.rename("count").reset_index().sort_values([group, "count", value], ascending=[True, False, True])
    return rows.drop_duplicates(group).set_index(group)[value]


def without_prefix(location_text: pd.Series) -> pd.Series:
    """Return location names without the prefix "On or near", and with "St Stephen's" for "St Stephen'S".

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
