"""Locate the streets that answers name, from incidents "on or near" them.

Nearby points with the same name are one street, located at its centre unless it is too long. Where several streets of a
force have the same name, the street must be in an area that the answer names as well.
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

MAX_STEP_M = 400.0  # between neighbouring points of one street
MAX_RADIUS_M = 600.0  # from a street's centre to its furthest point
_PREFIX = re.compile(r"^\s*(?:on or near|near|on|at|outside|opposite|junction of)\s+", re.IGNORECASE)
_NUMBERS = re.compile(r"^\s*(?:flat\s+\w+,?\s+)?\d+[a-z]?(?:\s*[-/]\s*\d+[a-z]?)?,?\s+", re.IGNORECASE)
_ABBREVIATIONS = {
    "st": "street", "rd": "road", "ave": "avenue", "av": "avenue", "ln": "lane", "cl": "close", "dr": "drive",
    "gdns": "gardens", "gdn": "gardens", "cres": "crescent", "ct": "court", "pl": "place", "sq": "square",
    "terr": "terrace", "ter": "terrace", "gr": "grove",
}  # fmt: skip


# Abbreviations at the beginning of a name or inside it, and words that may follow its last word: "Mill St North".
_FIRST_WORDS = {"st": "saint", "gt": "great", "lt": "little", "mt": "mount", "nth": "north", "sth": "south"}
_SIDES = frozenset({"north", "south", "east", "west", "upper", "lower"})


def name_of(texts: pd.Series) -> pd.Series:
    """Return street names in one spelling, so that "On or near Mill Ln" and "12 mill lane" are equal.

    Examples
    --------
    >>> name_of(pd.Series(["On or near Mill Ln", "12a Mill Lane, Swindon", "St Ann's Rd."])).tolist()
    ['mill lane', 'mill lane', 'saint anns road']
    """
    known = {text: _name(text) for text in texts.dropna().unique()}
    return texts.map(known).astype("str").rename("street")


def without_numbers(texts: pd.Series) -> pd.Series:
    """Return places in the source's words, without "on or near" and the numbers of houses and flats.

    Examples
    --------
    >>> without_numbers(pd.Series(["Flat 2, 14 Mill Lane", "On or near 1st Avenue", "Parking Area"])).tolist()
    ['Mill Lane', '1st Avenue', 'Parking Area']
    """
    plain = {text: _NUMBERS.sub("", _PREFIX.sub("", text)).strip() for text in texts.dropna().unique()}
    return texts.map(plain).astype("str")


def list_streets(incidents: gpd.GeoDataFrame) -> pd.DataFrame:
    """List the streets that incidents name, one row each.

    Parameters
    ----------
    incidents
        `tables.INCIDENTS`: `location_text`, `team_name` and points, BNG metres.

    Returns
    -------
    DataFrame
        `street` (in the spelling of `name_of`), `name` (as in the incidents), `team_name`, `easting`, `northing` (the
        centre of its points, metres), sorted. Streets with points too far from their centre are left out.
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
    found["piece"] = _street_numbers(found)
    centre = found.groupby("piece", sort=True)[["easting", "northing"]].transform("mean")
    radius_m = np.hypot(found["easting"] - centre["easting"], found["northing"] - centre["northing"])
    is_short = radius_m.groupby(found["piece"]).transform("max") <= MAX_RADIUS_M
    name = found["location"].str.replace(_PREFIX, "", regex=True).str.strip()
    streets = found.assign(easting=centre["easting"], northing=centre["northing"], name=name)[is_short]
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
    """Return the row of `streets` that each answer means; missing where none or several are possible.

    One wrong letter is allowed if the answer also names an area and the street is in it. Most streets have no incident,
    so in a whole force a name that is one letter off is too often that of another street.

    Parameters
    ----------
    named
        Streets as in the answers.
    within
        Index label in `areas` of the area that each answer names as well; missing for none.
    towns
        Towns as in the answers; a town that is not an area may be the name of a street's team, or the beginning of the
        names of wards ("Salisbury Milford").
    streets
        From `list_streets`.
    areas
        Polygons, BNG metres.
    words
        Further names whose words are never misspelt ones.
    """
    pairs = _candidates(named, streets, words)
    is_possible, is_located = _in_named_places(pairs, within, towns, streets, areas)
    pairs = pairs[is_possible & (is_located | pairs["is_exact"].to_numpy())]
    single = pairs[~pairs["answer"].duplicated(keep=False)].set_index("answer")["row"]
    return single.reindex(named.index).astype("Int64").rename("row")


def _candidates(named: pd.Series, streets: pd.DataFrame, words: Iterable[str]) -> pd.DataFrame:
    """Return `answer`, `row` of a street with the name or one letter off, and whether it is exact (`is_exact`)."""
    names = name_of(named).dropna()
    listed = fuzzy_names.NameList(streets["street"], words)
    found = {text: listed.find(text) for text in names.unique()}
    is_exact = {text: listed.find_exact(text) is not None for text in found}
    pairs = pd.DataFrame({"answer": names.index, "street": names.map(found), "is_exact": names.map(is_exact)})
    return pairs.astype({"is_exact": "bool"}).merge(streets[["street"]].rename_axis("row").reset_index(), on="street")


def _in_named_places(
    pairs: pd.DataFrame, within: pd.Series, towns: pd.Series, streets: pd.DataFrame, areas: gpd.GeoDataFrame
) -> tuple[np.ndarray, np.ndarray]:
    """Return whether each street may be in the area or town that the answer names, and whether it names a known one."""
    points = gpd.points_from_xy(streets["easting"], streets["northing"], crs=crs.BNG)
    area = pairs["answer"].map(within)
    is_possible, is_located = np.ones(len(pairs), dtype=bool), area.notna().to_numpy(copy=True)
    for label in area.dropna().unique():
        here = (area == label).to_numpy()
        is_possible[here] = points[pairs.loc[here, "row"].to_numpy()].within(areas.geometry[label])
    town = pairs["answer"].map(towns).str.casefold().where(area.isna())
    team = streets["team_name"].str.casefold()
    is_known = town.isin(team.dropna()).to_numpy()
    is_possible &= ~is_known | (pairs["row"].map(team) == town).to_numpy()
    is_located |= is_known
    ward_names = areas["name"].str.casefold()
    for name in town[~is_known].dropna().unique():
        wards = areas[ward_names.str.startswith(f"{name} ")]
        here = (town == name).to_numpy()
        if len(wards):
            is_possible[here] &= points[pairs.loc[here, "row"].to_numpy()].within(wards.union_all())
            is_located |= here
    return is_possible, is_located


def _name(text: str) -> str:
    """Return one street's name in plain words, without a town after a comma."""
    text = _NUMBERS.sub("", _PREFIX.sub("", text)).split(",")[0]
    words = fuzzy_names.plain_words(text)
    end = next((n for n in range(len(words), 1, -1) if words[n - 1] not in _SIDES), 1)
    words[1:end] = [_ABBREVIATIONS.get(word, word) if n == end - 1 else _FIRST_WORDS.get(word, word)
                    for n, word in enumerate(words[1:end], start=1)]  # fmt: skip
    return " ".join(_FIRST_WORDS.get(word, word) for word in words[:1]) + "".join(f" {word}" for word in words[1:])


def _street_numbers(found: pd.DataFrame) -> np.ndarray:
    """Return the number of the street that each point belongs to: connected points with the same name."""
    codes = pd.factorize(found["street"])[0].astype(float)
    places = np.column_stack([found["easting"], found["northing"], codes * 10 * MAX_STEP_M])
    pairs = cKDTree(places).query_pairs(MAX_STEP_M, output_type="ndarray")
    links = coo_matrix((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(len(found), len(found)))
    return np.asarray(csgraph.connected_components(links, directed=False)[1])
