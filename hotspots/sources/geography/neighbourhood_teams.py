"""The force's teams by the districts they look after, and by wards where several teams share a district.

A district's name stands in every record's LSOA, so it tells the team by itself. Of a district that teams share each
looks after wards, and which of them a record lies in takes the wards' outlines. Without those outlines nobody knows
which of the teams it is, so they stand together as one, under all their names.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from hotspots import crs, tables
from hotspots.errors import ParameterError
from hotspots.sources.geography import areas_at_points
from hotspots.sources.parsing import offence_types

# Records of a district so near to a team's wards are that team's: outlines are drawn more or less finely.
SLIVER_M = 100.0


@dataclass(frozen=True, kw_only=True)
class Team:
    """A team and the districts it looks after, for the time it exists.

    Attributes
    ----------
    name
        Of the team.
    districts
        As in the names of LSOAs ("Swindon" of "Swindon 012A").
    wards
        Of its one district only these, by name; empty: all of each district.
    valid_from, valid_to
        First day on which it holds, and first on which it no longer does: YYYY-MM-DD, or empty.
    is_checked
        False where nobody has confirmed it with the force yet.
    """

    name: str
    districts: tuple[str, ...] = ()
    wards: tuple[str, ...] = ()
    valid_from: str = ""
    valid_to: str = ""
    is_checked: bool = False

    def __post_init__(self) -> None:
        """Check that wards belong to one district and stand there once."""
        if self.wards and len(self.districts) != 1:
            raise ParameterError(f"teams: '{self.name}' has wards, so 'districts' must name the one they lie in.")

    def meets(self, other: "Team") -> bool:
        """Whether there is a day on which both exist."""
        return not "" < self.valid_to <= other.valid_from and not "" < other.valid_to <= self.valid_from


@dataclass(frozen=True)
class Shared:
    """Teams' outlines by name, and what there is to say of the wards of districts that they share."""

    outlines: dict[str, shapely.Geometry]
    notes: list[str]


def check_wards(teams: Iterable[Team]) -> None:
    """Nothing, where no ward is given to two teams of one time, and all who share a district name their wards.

    Raises
    ------
    ParameterError
        Names the ward, or the team without wards.
    """
    seen: list[Team] = []
    for team in teams:
        for other in (other for other in seen if other.meets(team) and set(other.districts) & set(team.districts)):
            both = {_plain(ward): ward for ward in other.wards}.keys() & {_plain(ward): ward for ward in team.wards}
            if both:
                ward = next(ward for ward in team.wards if _plain(ward) in both)
                raise ParameterError(f"teams: ward '{ward}' is given to both '{other.name}' and '{team.name}'.")
            if bool(other.wards) != bool(team.wards):
                bare = team if other.wards else other
                raise ParameterError(f"teams: '{bare.name}' shares a district, so it needs 'wards' as the other has.")
        seen.append(team)


def by_district(teams: Iterable[Team]) -> dict[str, str]:
    """Team of each district; of a district that several share, all their names together.

    Examples
    --------
    >>> by_district([Team(name="Bury", districts=("Bury",)), Team(name="Rochdale", districts=("Bury", "Rochdale"))])
    {'Bury': 'Bury and Rochdale', 'Rochdale': 'Rochdale'}
    """
    return {district: " and ".join(names) for district, names in _sharing(teams).items()}


def share_out(teams: Iterable[Team], areas: gpd.GeoDataFrame) -> Shared:
    """The outlines of teams, each the wards it looks after: those of its districts, or its own of a shared one.

    Parameters
    ----------
    teams
        Those of the day.
    areas
        `tables.PLACES` of the day: wards with `name` and `district`. A ward without a district is one of the district
        where a team names it.

    Returns
    -------
    Shared
        No outline of a team whose wards are not at hand, and a note that says so where teams share a district; a note
        where wards of the list and of the file do not match.
    """
    teams = list(teams)
    sharing = _sharing(teams)
    outlines = {team.name: _of_districts(team, areas) for team in teams if _is_alone(team, sharing)}
    outlines = {name: outline for name, outline in outlines.items() if outline is not None}
    notes: list[str] = []
    for district, names in sharing.items():
        own = [team for team in teams if team.name in names and team.wards]
        wards = _wards_of(district, own, areas)
        if len(names) == 1 and not own:
            continue
        if wards.empty or not own:
            notes.append(_no_wards(district, names, bool(own)))
            continue
        at = wards["name"].map(_plain)
        for team in own:
            is_own = at.isin({_plain(ward) for ward in team.wards})
            if is_own.any():
                outlines[team.name] = shapely.union_all(wards.geometry[is_own].normalize().to_numpy())
        notes += _mismatch(district, own, wards["name"])
    return Shared(outlines, notes)


def as_places(outlines: dict[str, shapely.Geometry], areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Outlines of teams as `tables.PLACES`, but of those whose own polygon is given already."""
    given = set(areas.loc[areas["kind"].isin(areas_at_points.TEAM_KINDS), "name"])
    made = {name: outline for name, outline in sorted(outlines.items()) if name not in given}
    kinds = [next((kind for kind in areas_at_points.TEAM_KINDS if kind in name.split()), "NPT") for name in made]
    frame = pd.DataFrame({"place_code": list(made), "kind": kinds, "name": list(made), "team_name": list(made)})
    return tables.conform(gpd.GeoDataFrame(frame, geometry=list(made.values()), crs=crs.BNG), tables.PLACES)


def at_borders(
    easting: NDArray, northing: NDArray, district: list[str | None], teams: Iterable[Team], areas: gpd.GeoDataFrame
) -> list[str | None]:
    """Team of each point of a shared district that lies just outside the wards of its teams; None for any other."""
    found: list[str | None] = [None] * len(easting)
    kinds = areas[areas["kind"].isin(areas_at_points.TEAM_KINDS)]
    outlines = dict(zip(kinds["name"], kinds.geometry, strict=True))
    for name, sharing in _sharing(teams).items():
        near = {team: outlines[team] for team in sharing if team in outlines} if len(sharing) > 1 else {}
        rows = (
            [row for row, other in enumerate(district) if other == name and np.isfinite(easting[row])] if near else []
        )
        if rows:
            points = shapely.points(easting[rows], northing[rows])
            away = np.array([shapely.distance(outline, points) for outline in near.values()])
            for row, best, gap in zip(rows, away.argmin(axis=0), away.min(axis=0), strict=True):
                found[row] = list(near)[best] if gap <= SLIVER_M else None
    return found


def _sharing(teams: Iterable[Team]) -> dict[str, list[str]]:
    """Names of the teams of each district, in the order of the settings."""
    found: dict[str, list[str]] = {}
    for team in teams:
        for district in team.districts:
            found.setdefault(district, []).append(team.name)
    return found


def _is_alone(team: Team, sharing: dict[str, list[str]]) -> bool:
    """Whether a team looks after whole districts that no other team shares."""
    return not team.wards and all(sharing[district] == [team.name] for district in team.districts)


def _of_districts(team: Team, areas: gpd.GeoDataFrame) -> shapely.Geometry | None:
    """All wards of a team's districts as one; None where a district has none among the areas."""
    wards = [_wards_of(district, [], areas) for district in team.districts]
    if not wards or any(found.empty for found in wards):
        return None
    return shapely.union_all(pd.concat(wards).geometry.normalize().to_numpy())


def _wards_of(district: str, teams: list[Team], areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The district's wards; of a file that names no districts, those that a team names."""
    wards = areas[areas["kind"] == "ward"].sort_values("place_code")
    said = wards["district"] if "district" in wards else pd.Series(pd.NA, index=wards.index, dtype="str")
    named = {_plain(ward) for team in teams for ward in team.wards}
    is_named = wards["name"].map(_plain).isin(named)
    return wards[(said == district) | (said.isna() & is_named)]


def _no_wards(district: str, names: list[str], has_lists: bool) -> str:
    """Why the teams of a district stand together."""
    lacking = f"the wards of {district} are not among the files" if has_lists else "the settings name no wards"
    return f"{district} is shared by {len(names)} teams, but {lacking}, so they stand as one: '{' and '.join(names)}'."


def _mismatch(district: str, teams: list[Team], wards: pd.Series) -> list[str]:
    """Wards that belong to no team, and names on the teams' lists that are no ward."""
    there = {_plain(ward): ward for ward in wards}
    given = {_plain(ward): ward for team in teams for ward in team.wards}
    of_none = [f"'{there[key]}'" for key in sorted(there.keys() - given.keys())]
    unknown = [f"'{given[key]}'" for key in sorted(given.keys() - there.keys())]
    said = []
    if of_none:
        said.append(f"Wards of {district} that belong to no team of the settings: {', '.join(of_none)}.")
    if unknown:
        said.append(f"Wards in the teams' lists that are not among those of {district}: {', '.join(unknown)}.")
    return said


def _plain(name: str) -> str:
    return offence_types.plain(name)
