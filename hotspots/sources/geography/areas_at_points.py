"""Areas at points: the beat, team or other area that each incident or answer is in."""

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hotspots import crs

BEAT_KINDS = ("beat", "SNT")
TEAM_KINDS = ("NPT", "LPT", "LPA", "SNT")


def assign_teams(points: gpd.GeoDataFrame, places: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Assign points the `beat_code` and `team_name` of the area they are in; a known beat is kept.

    The team is that of the beat, if the beat has one, or else the team whose area it is.

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
    easting: NDArray[Any], northing: NDArray[Any], places: gpd.GeoDataFrame
) -> tuple[list[str | None], list[str | None]]:
    """Return beat code and team name at each point, as `assign_teams`; None where no area has one."""
    if not places["kind"].isin([*BEAT_KINDS, *TEAM_KINDS]).any():
        return [None] * len(easting), [None] * len(easting)
    points = gpd.points_from_xy(easting, northing)
    points[~np.isfinite(easting)] = None
    assigned = assign_teams(gpd.GeoDataFrame(geometry=points, crs=crs.BNG), places)
    return _texts(assigned["beat_code"]), _texts(assigned["team_name"])


def _texts(values: pd.Series) -> list[str | None]:
    """Return texts, None where missing."""
    return [None if pd.isna(value) else str(value) for value in values]


def inside(points: gpd.GeoDataFrame, areas: gpd.GeoDataFrame) -> pd.Series:
    """Return the index label of the first area that each point is in; missing where there is none."""
    found = pd.Series(pd.NA, index=points.index, dtype="object")
    if areas.empty or points.empty:
        return found
    point, area = areas.sindex.query(points.geometry, predicate="intersects")
    first = pd.DataFrame({"point": point, "area": areas.index[area]})
    first = first.sort_values(["point", "area"]).drop_duplicates("point")
    found.iloc[first["point"].to_numpy()] = first["area"].to_numpy()
    return found
