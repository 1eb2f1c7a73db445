"""Which area each incident or answer lies in."""

from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hotspots import crs

BEAT_KINDS = ("beat", "SNT")
TEAM_KINDS = ("NPT", "LPT", "LPA", "SNT")


def valid_on(places: gpd.GeoDataFrame, day: date) -> gpd.GeoDataFrame:
    """The places that hold on a day: half-open from `valid_from` to `valid_to`, missing means always."""
    moment = pd.Timestamp(day)
    starts = pd.to_datetime(places["valid_from"]) if "valid_from" in places else pd.Series(pd.NaT, index=places.index)
    ends = pd.to_datetime(places["valid_to"]) if "valid_to" in places else pd.Series(pd.NaT, index=places.index)
    return places[~(starts > moment) & ~(ends <= moment)]


def with_names(areas: gpd.GeoDataFrame, names: pd.DataFrame) -> tuple[gpd.GeoDataFrame, list[str]]:
    """The areas under the names and dates of a list, and what does not fit, in sentences.

    An area that the list has several times stands there as often, each time between other dates; an area that the list
    has not keeps its own name and dates.

    Parameters
    ----------
    areas
        `tables.PLACES`.
    names
        `tables.PLACE_NAMES`.
    """
    key = ["place_code", "kind"]
    listed = names[[*key, "name", "team_name", "valid_from", "valid_to"]].astype({"kind": "str"})
    both = pd.DataFrame(areas).astype({"kind": "str"}).merge(listed, on=key, how="left", suffixes=("", "_listed"))
    is_listed = both["name_listed"].notna()
    for name in ("name", "valid_from", "valid_to"):
        both[name] = both[name].mask(is_listed, both[f"{name}_listed"])
    both["team_name"] = both["team_name_listed"].astype("str").fillna(both["team_name"].astype("str"))
    there = set(areas[key].astype("str").itertuples(index=False, name=None))
    lost = [row for row in listed.itertuples() if (row.place_code, row.kind) not in there]
    notes = [
        f"The list of places names areas without a polygon ({len(lost):,}), which count for nothing: {_few(lost)}."
    ]
    return gpd.GeoDataFrame(both[areas.columns], geometry="geometry", crs=areas.crs), notes if lost else []


def once_each(areas: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, list[str]]:
    """Areas of one day, each once: of two with the same code the one that began last, and a sentence that says so."""
    key = ["place_code", "kind"]
    order = areas.sort_values([*key, "valid_from", "name"], kind="stable", na_position="first")
    again = order[order.duplicated(key, keep="last")]
    kept = areas.drop(index=again.index)
    said = f"Areas that stand there twice on the day ({len(again):,}); the one that began last counts"
    return kept, [f"{said}: {_few(again.itertuples())}."] if len(again) else []


def _few(rows) -> str:  # type: ignore[no-untyped-def]
    """The first few codes."""
    codes = list(dict.fromkeys(f"{row.kind} '{str(row.place_code)[:40]}'" for row in rows))
    return ", ".join(codes[:5]) + (", ..." if len(codes) > 5 else "")


def assign_teams(points: gpd.GeoDataFrame, places: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Points with `beat_code` and `team_name` of the beat or team area they lie in; what is known already stays.

    A beat gives its code and, where it names one, its team; else the team's own area does.

    Parameters
    ----------
    points
        Incidents, BNG metres.
    places
        `tables.PLACES`.
    """
    beats = places[places["kind"].isin(BEAT_KINDS)]
    teams = places[places["kind"].isin(TEAM_KINDS)]
    beat = inside(points, beats)
    beat_code = beat.map(beats["place_code"]).astype("str")
    team = beat.map(beats["team_name"]).astype("str").fillna(inside(points, teams).map(teams["name"]).astype("str"))
    nothing = pd.Series(pd.NA, index=points.index, dtype="str")
    known = {name: points.get(name, nothing) for name in ("beat_code", "team_name")}
    return points.assign(
        beat_code=known["beat_code"].astype("str").fillna(beat_code),
        team_name=team.fillna(known["team_name"].astype("str")),
    )


def at_points(
    easting: NDArray, northing: NDArray, places: gpd.GeoDataFrame
) -> tuple[list[str | None], list[str | None]]:
    """Beat code and team name at each point, as `assign_teams` gives them; None where no area says."""
    if not places["kind"].isin([*BEAT_KINDS, *TEAM_KINDS]).any():
        return [None] * len(easting), [None] * len(easting)
    points = gpd.points_from_xy(easting, northing)
    points[~np.isfinite(easting)] = None
    assigned = assign_teams(gpd.GeoDataFrame(geometry=points, crs=crs.BNG), places)
    return _texts(assigned["beat_code"]), _texts(assigned["team_name"])


def _texts(values: pd.Series) -> list[str | None]:
    """Texts, None where missing."""
    return [None if pd.isna(value) else str(value) for value in values]


def inside(points: gpd.GeoDataFrame, areas: gpd.GeoDataFrame) -> pd.Series:
    """Index label of the first area that each point lies in, missing for none."""
    found = pd.Series(pd.NA, index=points.index, dtype="object")
    if areas.empty or points.empty:
        return found
    point, area = areas.sindex.query(points.geometry, predicate="intersects")
    first = pd.DataFrame({"point": point, "area": areas.index[area]})
    first = first.sort_values(["point", "area"]).drop_duplicates("point")
    found.iloc[first["point"].to_numpy()] = first["area"].to_numpy()
    return found
