"""Areas at points: the beat, team or other area that each incident or answer is in."""

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from hotspots import tables
from hotspots.containing_areas import first_containing_area


def at_points(
    easting: NDArray[Any], northing: NDArray[Any], places: gpd.GeoDataFrame
) -> tuple[list[str | None], list[str | None]]:
    """Return beat code and team name at each point, BNG metres; None where no area has one.

    The team is that of the beat, if the beat has one, or else the team whose area it is.
    """
    beats, teams = (places[places["kind"].isin(kinds)] for kinds in (tables.BEAT_KINDS, tables.TEAM_KINDS))
    beat = inside(easting, northing, beats)
    team = beat.map(beats["team_name"]).astype("str")
    team = team.fillna(inside(easting, northing, teams).map(teams["name"]).astype("str"))
    return _texts(beat.map(beats["place_code"])), _texts(team)


def _texts(values: pd.Series) -> list[str | None]:
    """Return texts, None where missing."""
    return [None if pd.isna(value) else str(value) for value in values]


def inside(easting: NDArray[Any], northing: NDArray[Any], areas: gpd.GeoDataFrame) -> pd.Series:
    """Return the index label of the first area that each point is in; missing where there is none."""
    found = pd.Series(pd.NA, index=range(len(easting)), dtype="object")
    is_placed = np.isfinite(easting)
    if areas.empty or not is_placed.any():
        return found
    areas = areas.sort_index()
    area = first_containing_area(shapely.points(easting[is_placed], northing[is_placed]), areas)
    found.iloc[np.flatnonzero(is_placed)[area >= 0]] = areas.index[area[area >= 0]]
    return found
