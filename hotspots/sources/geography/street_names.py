"""Where a street is that an answer names: the points to which incidents "on or near" it were moved.

Points of one name that hang together are one street; its middle stands for it, unless it is too long for that. Where
several streets of a force share a name, only one that lies in an area the answer names too can be meant.
"""

import re
from collections.abc import Iterable

import geopandas as gpd
import numpy as np
import pandas as pd
from scipy.sparse import coo_matrix, csgraph
from scipy.spatial import cKDTree

from hotspots import crs
from hotspots.sources.parsing import fuzzy_names

NEXT_M = 400.0  # points of one name so far apart still are one street
MOST_REACH_M = 600.0  # from its middle to its furthest point: beyond it the middle says little
_BEFORE = re.compile(r"^\s*(?:on or near|near|on|at|outside|opposite|junction of)\s+", re.IGNORECASE)
_NUMBERS = re.compile(r"^\s*(?:flat\s+\w+,?\s+)?\d+[a-z]?(?:\s*[-/]\s*\d+[a-z]?)?,?\s+", re.IGNORECASE)
_SHORT = {
    "st": "street", "rd": "road", "ave": "avenue", "av": "avenue", "ln": "lane", "cl": "close", "dr": "drive",
    "gdns": "gardens", "gdn": "gardens", "cres": "crescent", "ct": "court", "pl": "place", "sq": "square",
    "terr": "terrace", "ter": "terrace", "gr": "grove",
}  # fmt: skip


# Words at the beginning of a name or inside it, and words that follow its end: "Mill St North".
_BEGIN = {"st": "saint", "gt": "great", "lt": "little", "mt": "mount", "nth": "north", "sth": "south"}
_SIDES = frozenset({"north", "south", "east", "west", "upper", "lower"})


def name_of(texts: pd.Series) -> pd.Series:
    """Street names in one spelling, for comparing: "On or near Mill Ln" and "12 mill lane" alike.

    Examples
    --------
    >>> name_of(pd.Series(["On or near Mill Ln", "12a Mill Lane, Swindon", "St Ann's Rd."])).tolist()
    ['mill lane', 'mill lane', 'saint anns road']
    """
    known = {text: _name(text) for text in texts.dropna().unique()}
    return texts.map(known).astype("str").rename("street")


def without_numbers(texts: pd.Series) -> pd.Series:
    """Places in the source's words, without "on or near" and without the numbers of houses and flats.

    Examples
    --------
    >>> without_numbers(pd.Series(["Flat 2, 14 Mill Lane", "On or near 1st Avenue", "Parking Area"])).tolist()
    ['Mill Lane', '1st Avenue', 'Parking Area']
    """
    plain = {text: _NUMBERS.sub("", _BEFORE.sub("", text)).strip() for text in texts.dropna().unique()}
    return texts.map(plain).astype("str")


def list_streets(incidents: gpd.GeoDataFrame) -> pd.DataFrame:
    """The streets that incidents name, one row each.

    Parameters
    ----------
    incidents
        `tables.INCIDENTS`: `location_text`, `team_name` and points, BNG metres.

    Returns
    -------
    DataFrame
        `street` (as `name_of` spells it), `name` (as the incidents have it), `team_name`, `easting`, `northing` (the
        middle of its points, metres), sorted. Streets whose points reach too far from their middle are left out.
    """
    columns = ["street", "name", "easting", "northing", "team_name"]
    xy = incidents.get_coordinates()
    found = pd.DataFrame({"location": incidents["location_text"], "easting": xy["x"], "northing": xy["y"]})
    found = found.assign(team_name=incidents["team_name"]).dropna(subset=["location", "easting"])
    found = found.drop_duplicates(["location", "easting", "northing"])
    found = found.assign(street=name_of(found["location"])).dropna(subset="street")
    found = found[found["street"] != ""].sort_values(["street", "easting", "northing"], ignore_index=True)
    if found.empty:
        return pd.DataFrame(columns=columns)
    found["piece"] = _pieces(found)
    middle = found.groupby("piece", sort=True)[["easting", "northing"]].transform("mean")
    reach = np.hypot(found["easting"] - middle["easting"], found["northing"] - middle["northing"])
    is_short = reach.groupby(found["piece"]).transform("max") <= MOST_REACH_M
    name = found["location"].str.replace(_BEFORE, "", regex=True).str.strip()
    streets = found.assign(easting=middle["easting"], northing=middle["northing"], name=name)[is_short]
    return streets.drop_duplicates("piece")[columns].sort_values(columns, ignore_index=True)


def find_streets(
    named: pd.Series,
    within: pd.Series,
    towns: pd.Series,
    streets: pd.DataFrame,
    areas: gpd.GeoDataFrame,
    *,
    words: Iterable[str] = (),
) -> pd.Series:
    """Row of `streets` that each answer means; missing where none or more than one can be meant.

    A misspelt letter is forgiven where the answer names an area too and the street lies in it: most streets have no
    incident, so in the whole force a name one letter off is too often another street's.

    Parameters
    ----------
    named
        Streets as the answers have them.
    within
        Index label in `areas` of the area that each answer names besides; missing for none.
    towns
        Towns as the answers have them; one that is no area at hand may be the name of a street's team, or the
        beginning of the names of wards ("Salisbury Milford").
    streets
        As `list_streets` gives them.
    areas
        Polygons, BNG metres.
    words
        Names whose words are no misspelt ones, besides those of the streets.
    """
    spelt = name_of(named).dropna()
    listed = fuzzy_names.NameList(streets["street"], words)
    meant = {text: (listed.find_exact(text), listed.find(text)) for text in spelt.unique()}
    pairs = pd.DataFrame(
        {"answer": spelt.index, "street": spelt.map({text: name for text, (_, name) in meant.items()})}
    )
    pairs["is_sure"] = spelt.map({text: same is not None for text, (same, _) in meant.items()}).to_numpy(dtype=bool)
    pairs = pairs.merge(streets[["street"]].rename_axis("row").reset_index(), on="street")
    points = gpd.points_from_xy(streets["easting"], streets["northing"], crs=crs.BNG)
    area = pairs["answer"].map(within)
    is_meant, is_told = np.ones(len(pairs), dtype=bool), area.notna().to_numpy(copy=True)
    for label in area.dropna().unique():
        here = (area == label).to_numpy()
        is_meant[here] = points[pairs.loc[here, "row"].to_numpy()].within(areas.geometry[label])
    town = pairs["answer"].map(towns).str.casefold().where(area.isna())
    team = streets["team_name"].str.casefold()
    is_known = town.isin(team.dropna()).to_numpy()
    is_meant &= ~is_known | (pairs["row"].map(team) == town).to_numpy()
    is_told |= is_known
    ward_names = areas["name"].str.casefold()
    for name in town[~is_known].dropna().unique():
        wards = areas[ward_names.str.startswith(f"{name} ")]
        here = (town == name).to_numpy()
        if len(wards):
            is_meant[here] &= points[pairs.loc[here, "row"].to_numpy()].within(wards.union_all())
            is_told |= here
    pairs = pairs[is_meant & (is_told | pairs["is_sure"].to_numpy())]
    single = pairs[~pairs["answer"].duplicated(keep=False)].set_index("answer")["row"]
    return single.reindex(named.index).astype("Int64").rename("row")


def _name(text: str) -> str:
    """One street's name in plain words; what follows a comma is a town."""
    text = _NUMBERS.sub("", _BEFORE.sub("", text)).split(",")[0]
    words = fuzzy_names.plain_words(text)
    end = next((n for n in range(len(words), 1, -1) if words[n - 1] not in _SIDES), 1)
    words[1:end] = [_SHORT.get(word, word) if n == end - 1 else _BEGIN.get(word, word)
                    for n, word in enumerate(words[1:end], start=1)]  # fmt: skip
    return " ".join(_BEGIN.get(word, word) for word in words[:1]) + "".join(f" {word}" for word in words[1:])


def _pieces(found: pd.DataFrame) -> np.ndarray:
    """Number of the street that each point belongs to: points of one name that hang together."""
    codes = pd.factorize(found["street"])[0].astype(float)
    places = np.column_stack([found["easting"], found["northing"], codes * 10 * NEXT_M])
    pairs = cKDTree(places).query_pairs(NEXT_M, output_type="ndarray")
    links = coo_matrix((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(len(found), len(found)))
    return csgraph.connected_components(links, directed=False)[1]
