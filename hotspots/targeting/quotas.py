"""Which circles become areas: those that cover most, and as many for each team and the country as they are due."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hotspots.errors import ParameterError
from hotspots.targeting import maximal_cover, rural_areas
from hotspots.targeting.rural_areas import RuralParams

# Circles in the country that drives are made of, for each drive asked for.
_CIRCLES_A_DRIVE = 40
# Of what the force expects; a team with less is not due any area.
_LEAST_SHARE = 0.002


@dataclass(frozen=True, kw_only=True)
class QuotaParams:
    """Who is to have areas on every list, however busy others are, and how far areas lie apart.

    Attributes
    ----------
    least_per_team
        Areas that every team has at least on each family's list; a team that expects next to nothing has none.
    least_rural
        Areas in the country at least, on each family's list.
    min_gap_m
        Least distance between two areas.
    """

    least_per_team: int = 0
    least_rural: int = 0
    min_gap_m: float = 0.0

    def __post_init__(self) -> None:
        """Check the limits."""
        if min(self.least_per_team, self.least_rural, self.min_gap_m) < 0:
            raise ParameterError("quotas: least_per_team, least_rural and min_gap_m must not be negative.")


@dataclass(frozen=True, kw_only=True)
class Pick:
    """One area to be: its circles (one, unless it is driven), what they expect, and whose they are."""

    centres: NDArray
    expected: float
    is_rural: bool
    team: str


def choose(spots: pd.DataFrame, radius_m: float, max_areas: int, quotas: QuotaParams, rural: RuralParams) -> list[Pick]:
    """The areas to be, those that were due to a team or the country after those that cover most.

    Parameters
    ----------
    spots
        `easting`, `northing`, `expected` (above 0), `is_rural` and `team_name` (empty where none is known).
    radius_m, max_areas
        Of the circles, and how many areas at most.

    Raises
    ------
    ParameterError
        More areas are due than may be listed.
    """
    picks = _cover(spots, spots["expected"].to_numpy(), radius_m, max_areas, quotas)
    teams = _teams(spots) if quotas.least_per_team else []
    due = quotas.least_rural + quotas.least_per_team * len(teams)
    if due > max_areas:
        raise ParameterError(
            f"quotas: {quotas.least_rural} rural areas and {quotas.least_per_team} for each of {len(teams)} teams "
            f"are {due}, more than patrol_areas.max_areas = {max_areas}."
        )
    short = quotas.least_rural - sum(pick.is_rural for pick in picks)
    if short > 0:
        weights = _left(spots, picks, radius_m, quotas) * spots["is_rural"].to_numpy()
        picks += _rural(spots, weights, radius_m, short, quotas, rural)
    for team in teams:
        short = quotas.least_per_team - sum(pick.team == team for pick in picks)
        weights = _left(spots, picks, radius_m, quotas) * (spots["team_name"] == team).to_numpy()
        picks += _cover(spots, weights, radius_m, max(short, 0), quotas)
    return _trim(picks, max_areas, quotas)


def _teams(spots: pd.DataFrame) -> list[str]:
    """The teams that expect enough to be the force's own: a neighbour's district is named at a few border points."""
    shares = spots.groupby("team_name")["expected"].sum() / spots["expected"].sum()
    return sorted(set(shares.index[shares >= _LEAST_SHARE]) - {""})


def _cover(spots: pd.DataFrame, weights: NDArray, radius_m: float, count: int, quotas: QuotaParams) -> list[Pick]:
    """The circles that cover most of the weights."""
    centres = maximal_cover.cover(spots["easting"], spots["northing"], weights, radius_m, count, gap_m=quotas.min_gap_m)
    return [_pick(centre[None, :], spots, radius_m) for centre in centres]


def _rural(
    spots: pd.DataFrame, weights: NDArray, radius_m: float, count: int, quotas: QuotaParams, rural: RuralParams
) -> list[Pick]:  # fmt: skip
    """Rural areas: single circles, or drives between several where the settings allow them."""
    if not rural.max_drive_minutes:
        return _cover(spots, weights, radius_m, count, quotas)
    circles = _cover(spots, weights, radius_m, _CIRCLES_A_DRIVE * count, quotas)
    if not circles:
        return []
    centres = np.vstack([pick.centres for pick in circles])
    expected = np.array([pick.expected for pick in circles])
    return [_pick(stops, spots, radius_m) for stops in rural_areas.drives(centres, expected, count, rural)]


def _pick(centres: NDArray, spots: pd.DataFrame, radius_m: float) -> Pick:
    """Circles with what they expect and whose most of it is."""
    inside = spots[_is_near(spots, centres, radius_m)]
    by_team = inside.groupby("team_name")["expected"].sum().sort_index()
    expected = float(inside["expected"].sum())
    of_country = float(inside.loc[inside["is_rural"], "expected"].sum())
    return Pick(centres=centres, expected=expected, is_rural=of_country > expected / 2, team=str(by_team.idxmax()))


def _left(spots: pd.DataFrame, picks: list[Pick], radius_m: float, quotas: QuotaParams) -> NDArray:
    """What the spots expect that no circle covers yet."""
    weights = spots["expected"].to_numpy().copy()
    for pick in picks:
        weights[_is_near(spots, pick.centres, radius_m + quotas.min_gap_m)] = 0.0
    return weights


def _is_near(spots: pd.DataFrame, centres: NDArray, distance_m: float) -> NDArray[np.bool_]:
    """Whether each spot lies within a distance of any centre."""
    x, y = spots["easting"].to_numpy(), spots["northing"].to_numpy()
    is_near = np.zeros(len(spots), dtype=bool)
    for easting, northing in centres:
        is_near |= np.hypot(x - easting, y - northing) <= distance_m * (1 + 1e-9)
    return is_near


def _trim(picks: list[Pick], max_areas: int, quotas: QuotaParams) -> list[Pick]:
    """At most so many areas: those that expect least go, unless somebody is due them."""
    for pick in sorted(picks, key=lambda pick: pick.expected):
        if len(picks) <= max_areas:
            break
        is_due = pick.is_rural and sum(other.is_rural for other in picks) <= quotas.least_rural
        if pick.team:
            is_due |= sum(other.team == pick.team for other in picks) <= quotas.least_per_team
        picks = picks if is_due else [other for other in picks if other is not pick]
    return picks
