"""Areas of a force on a day: those that are valid, under the names of local lists, and the force itself."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from hotspots import crs, tables
from hotspots.sources.geography import boundaries

_KEY = ["place_code", "kind"]


def valid_on(places: gpd.GeoDataFrame, day: date) -> gpd.GeoDataFrame:
    """Return the places valid on a day, from `valid_from` to before `valid_to`; a missing date is no limit."""
    moment = pd.Timestamp(day)
    starts = pd.to_datetime(places["valid_from"]) if "valid_from" in places else pd.Series(pd.NaT, index=places.index)
    ends = pd.to_datetime(places["valid_to"]) if "valid_to" in places else pd.Series(pd.NaT, index=places.index)
    return places[~(starts > moment) & ~(ends <= moment)]


def name_areas(areas: gpd.GeoDataFrame, names: pd.DataFrame, day: date) -> tuple[gpd.GeoDataFrame, list[str]]:
    """Return the areas valid on a day under the names of a list, and what does not match, in sentences.

    Parameters
    ----------
    areas
        `tables.PLACES`.
    names
        `tables.PLACE_NAMES`.
    day
        Day of the report.
    """
    named, unmatched = apply_names(areas, names)
    valid, repeated = drop_duplicates(valid_on(named, day))
    return valid.reset_index(drop=True), unmatched + repeated


def apply_names(areas: gpd.GeoDataFrame, names: pd.DataFrame) -> tuple[gpd.GeoDataFrame, list[str]]:
    """Give areas the names and dates of a list, and say in sentences which names have no area.

    An area that the list names several times, each between other dates, is repeated as often. An area that is not in
    the list keeps its own name and dates.

    Parameters
    ----------
    areas
        `tables.PLACES`.
    names
        `tables.PLACE_NAMES`.
    """
    listed = names[[*_KEY, "name", "team_name", "valid_from", "valid_to"]].astype({"kind": "str"})
    both = pd.DataFrame(areas).astype({"kind": "str"}).merge(listed, on=_KEY, how="left", suffixes=("", "_listed"))
    is_listed = both["name_listed"].notna()
    for name in ("name", "valid_from", "valid_to"):
        both[name] = both[name].mask(is_listed, both[f"{name}_listed"])
    both["team_name"] = both["team_name_listed"].astype("str").fillna(both["team_name"].astype("str"))
    known = set(areas[_KEY].astype("str").itertuples(index=False, name=None))
    unmatched = [row for row in listed.itertuples() if (row.place_code, row.kind) not in known]
    sentence = (
        f"The list of places names areas without a polygon ({len(unmatched):,}), which are not used: {_few(unmatched)}."
    )
    return gpd.GeoDataFrame(both[areas.columns], geometry="geometry", crs=areas.crs), [sentence] if unmatched else []


def drop_duplicates(areas: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, list[str]]:
    """Return each area of a day once, the one that began last, and say in a sentence which were repeated."""
    order = areas.sort_values([*_KEY, "valid_from", "name"], kind="stable", na_position="first")
    repeated = order[order.duplicated(_KEY, keep="last")]
    sentence = f"Some areas are given twice for the day ({len(repeated):,}); the one that began last is used"
    sentences = [f"{sentence}: {_few(repeated.itertuples())}."] if len(repeated) else []
    return areas.drop(index=repeated.index), sentences


def force_places(
    areas: gpd.GeoDataFrame, team_outlines: gpd.GeoDataFrame, outline: shapely.Geometry, slug: str, name: str
) -> gpd.GeoDataFrame:
    """Return the places of a force (`tables.PLACES`): the force itself, its areas, and teams made of wards.

    Parameters
    ----------
    areas
        Areas of the day; those of the Office for National Statistics are kept where they meet the force.
    team_outlines
        Outlines of teams that are made of wards.
    outline
        Outline of the force, BNG metres.
    slug, name
        Of the force.
    """
    force = pd.DataFrame({"place_code": [slug], "kind": ["force"], "name": [name]})
    force = gpd.GeoDataFrame(force, geometry=[outline], crs=crs.BNG)
    inside = areas[areas["kind"] != "force"]
    inside = inside[~inside["kind"].isin(boundaries.ONS_KINDS.values()) | inside.intersects(outline)]
    every = pd.concat([force, inside.sort_values(["kind", "place_code"]), team_outlines], ignore_index=True)
    return tables.conform(gpd.GeoDataFrame(every, crs=crs.BNG), tables.PLACES)


def unknown_names(names: pd.Series, known: Iterable[str]) -> list[str]:
    """Return the names, in order, that are no known area; case and spaces do not matter."""
    plain = {_plain(name) for name in known}
    return sorted({name for name in names.dropna() if _plain(name) not in plain})


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())


def _few(rows: Iterable[Any]) -> str:
    """Return the kinds and codes of the first few areas."""
    codes = list(dict.fromkeys(f"{row.kind} '{str(row.place_code)[:40]}'" for row in rows))
    return ", ".join(codes[:5]) + (", ..." if len(codes) > 5 else "")
