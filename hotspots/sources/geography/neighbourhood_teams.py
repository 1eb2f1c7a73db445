"""Assign teams to the districts they cover, and to wards where several teams share a district.

The name of every record's LSOA includes its district, which gives the team. Where teams share a district, each covers
some of its wards, so outlines of the wards are needed. Without them the teams cannot be distinguished and are treated
as one, under all their names.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from hotspots import crs, period, tables
from hotspots.errors import ParameterError
from hotspots.sources.parsing import offence_types

# Outlines differ in detail, so records of a shared district within this distance of a team's wards belong to it.
BORDER_M = 100.0


@dataclass(frozen=True, kw_only=True)
class Team:
    """A team and the districts it covers, for the period in which it exists.

    Attributes
    ----------
    name
        Name of the team.
    districts
        As in the names of LSOAs ("Swindon" of "Swindon 012A").
    wards
        Names of the wards of its one district that it covers; empty if it covers whole districts.
    valid_from, valid_to
        First day of its existence, and first day after it: YYYY-MM-DD, or empty.
    is_checked
        Whether the force has confirmed it.
    """

    name: str
    districts: tuple[str, ...] = ()
    wards: tuple[str, ...] = ()
    valid_from: str = ""
    valid_to: str = ""
    is_checked: bool = False

    def __post_init__(self) -> None:
        """Check the dates, and that a team with wards has one district."""
        for name in ("valid_from", "valid_to"):
            period.require_day(getattr(self, name), f"teams: {name} of '{self.name}'")
        if self.wards and len(self.districts) != 1:
            raise ParameterError(
                f"teams: '{self.name}' has wards, so 'districts' must name the one district they are in."
            )

    def overlaps(self, other: "Team") -> bool:
        """Return whether both exist on some day."""
        return not "" < self.valid_to <= other.valid_from and not "" < other.valid_to <= self.valid_from


@dataclass(frozen=True)
class TeamOutlines:
    """Outlines of teams by name, and notes on the wards of districts that they share."""

    outlines: dict[str, shapely.Geometry]
    notes: list[str]


def check_wards(teams: Iterable[Team]) -> None:
    """Raise if two teams have the same ward at the same time, or a team that shares a district has no wards.

    Raises
    ------
    ParameterError
        Names the ward, or the team without wards.
    """
    seen: list[Team] = []
    for team in teams:
        for other in (other for other in seen if other.overlaps(team) and set(other.districts) & set(team.districts)):
            both = {_plain(ward): ward for ward in other.wards}.keys() & {_plain(ward): ward for ward in team.wards}
            if both:
                ward = next(ward for ward in team.wards if _plain(ward) in both)
                raise ParameterError(f"teams: both '{other.name}' and '{team.name}' have the ward '{ward}'.")
            if bool(other.wards) != bool(team.wards):
                incomplete = team if other.wards else other
                raise ParameterError(f"teams: '{incomplete.name}' shares a district, so it needs 'wards' as well.")
        seen.append(team)


def by_district(teams: Iterable[Team]) -> dict[str, str]:
    """Return the team of each district; where several share it, all their names together.

    Examples
    --------
    >>> by_district([Team(name="Bury", districts=("Bury",)), Team(name="Rochdale", districts=("Bury", "Rochdale"))])
    {'Bury': 'Bury and Rochdale', 'Rochdale': 'Rochdale'}
    """
    return {district: " and ".join(names) for district, names in _sharing(teams).items()}


def outline_teams(teams: Iterable[Team], areas: gpd.GeoDataFrame) -> TeamOutlines:
    """Outline teams by the wards they cover: all wards of their districts, or their own in a shared district.

    Parameters
    ----------
    teams
        Teams of the day.
    areas
        `tables.PLACES` of the day: wards with `name` and `district`. A ward without a district belongs to that of the
        team that names it.

    Returns
    -------
    TeamOutlines
        A team whose wards are not in the areas has no outline. Notes report this for shared districts, and wards that
        do not match.
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
            notes.append(_why_joined(district, names, bool(own)))
            continue
        plain_names = wards["name"].map(_plain)
        for team in own:
            is_own = plain_names.isin({_plain(ward) for ward in team.wards})
            if is_own.any():
                outlines[team.name] = shapely.union_all(wards.geometry[is_own].normalize().to_numpy())
        notes += _mismatch(district, own, wards["name"])
    return TeamOutlines(outlines, notes)


def as_places(outlines: dict[str, shapely.Geometry], areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the outlines of teams as `tables.PLACES`, except for teams whose own polygon is in the areas."""
    given = set(areas.loc[areas["kind"].isin(tables.TEAM_KINDS), "name"])
    made = {name: outline for name, outline in sorted(outlines.items()) if name not in given}
    kinds = [next((kind for kind in tables.TEAM_KINDS if kind in name.split()), "NPT") for name in made]
    frame = pd.DataFrame({"place_code": list(made), "kind": kinds, "name": list(made), "team_name": list(made)})
    return tables.conform(gpd.GeoDataFrame(frame, geometry=list(made.values()), crs=crs.BNG), tables.PLACES)


def at_borders(
    easting: NDArray[Any],
    northing: NDArray[Any],
    district: list[str | None],
    teams: Iterable[Team],
    areas: gpd.GeoDataFrame,
) -> list[str | None]:
    """Return the team of each point of a shared district that is just outside its wards; None for other points."""
    found: list[str | None] = [None] * len(easting)
    kinds = areas[areas["kind"].isin(tables.TEAM_KINDS)]
    outlines = dict(zip(kinds["name"], kinds.geometry, strict=True))
    for name, sharing in _sharing(teams).items():
        near = {team: outlines[team] for team in sharing if team in outlines} if len(sharing) > 1 else {}
        rows = (
            [row for row, other in enumerate(district) if other == name and np.isfinite(easting[row])] if near else []
        )
        if rows:
            points = shapely.points(easting[rows], northing[rows])
            distances = np.array([shapely.distance(outline, points) for outline in near.values()])
            for row, best, distance_m in zip(rows, distances.argmin(axis=0), distances.min(axis=0), strict=True):
                found[row] = list(near)[best] if distance_m <= BORDER_M else None
    return found


def _sharing(teams: Iterable[Team]) -> dict[str, list[str]]:
    """Return the names of the teams of each district, in the order of the settings."""
    found: dict[str, list[str]] = {}
    for team in teams:
        for district in team.districts:
            found.setdefault(district, []).append(team.name)
    return found


def _is_alone(team: Team, sharing: dict[str, list[str]]) -> bool:
    """Return whether a team covers whole districts that no other team shares."""
    return not team.wards and all(sharing[district] == [team.name] for district in team.districts)


def _of_districts(team: Team, areas: gpd.GeoDataFrame) -> shapely.Geometry | None:
    """Return all wards of a team's districts, dissolved; None where a district has no wards in the areas."""
    wards = [_wards_of(district, [], areas) for district in team.districts]
    if not wards or any(found.empty for found in wards):
        return None
    return shapely.union_all(pd.concat(wards).geometry.normalize().to_numpy())


def _wards_of(district: str, teams: list[Team], areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the wards of a district; in a file without districts, those that a team names."""
    wards = areas[areas["kind"] == "ward"].sort_values("place_code")
    districts = wards["district"] if "district" in wards else pd.Series(pd.NA, index=wards.index, dtype="str")
    named = {_plain(ward) for team in teams for ward in team.wards}
    is_named = wards["name"].map(_plain).isin(named)
    return wards[(districts == district) | (districts.isna() & is_named)]


def _why_joined(district: str, names: list[str], has_lists: bool) -> str:
    """Say why the teams of a district are treated as one."""
    why = f"no file has the wards of {district}" if has_lists else "the settings name no wards"
    joined = " and ".join(names)
    return f"{len(names)} teams share {district}, but {why}, so they are treated as one: '{joined}'."


def _mismatch(district: str, teams: list[Team], wards: pd.Series) -> list[str]:
    """Report wards without a team, and names in the teams' lists that are not wards of the district."""
    known = {_plain(ward): ward for ward in wards}
    listed = {_plain(ward): ward for team in teams for ward in team.wards}
    without_team = [f"'{known[key]}'" for key in sorted(known.keys() - listed.keys())]
    unknown = [f"'{listed[key]}'" for key in sorted(listed.keys() - known.keys())]
    notes = []
    if without_team:
        notes.append(f"Wards of {district} that no team in the settings covers: {', '.join(without_team)}.")
    if unknown:
        notes.append(f"Wards in the teams' lists that {district} does not have: {', '.join(unknown)}.")
    return notes


def _plain(name: str) -> str:
    return offence_types.plain(name)
