"""Quotas: circles that cover most expected incidents, with a minimum number for each team and for rural areas."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hotspots import maximal_cover
from hotspots.errors import ParameterError
from hotspots.targeting import rural_areas
from hotspots.targeting.rural_areas import RuralParams

# Rural circles to group into stops, for each rural area needed.
_CIRCLES_PER_AREA = 40
# A team with a smaller share of the force's expected incidents has no quota.
_MIN_TEAM_SHARE = 0.002


@dataclass(frozen=True, kw_only=True)
class QuotaParams:
    """Minimum numbers of areas, and the minimum distance between them.

    Attributes
    ----------
    min_per_team
        Minimum number of areas of each team on each family's list; teams with next to no expected incidents have none.
    min_rural
        Minimum number of rural areas on each family's list.
    min_distance_m
        Minimum distance between two areas, metres.
    """

    min_per_team: int = 0
    min_rural: int = 0
    min_distance_m: float = 0.0

    def __post_init__(self) -> None:
        """Check the limits."""
        if min(self.min_per_team, self.min_rural, self.min_distance_m) < 0:
            raise ParameterError("quotas: min_per_team, min_rural and min_distance_m must not be negative.")


@dataclass(frozen=True, kw_only=True)
class AreaPlan:
    """One area: its circles (several for a drive), expected incidents, and team."""

    centres: NDArray[np.float64]
    expected: float
    is_rural: bool
    team: str


def apply_quotas(
    spots: pd.DataFrame, radius_m: float, max_areas: int, quotas: QuotaParams, rural: RuralParams
) -> list[AreaPlan]:
    """Choose circles that cover most expected incidents, then those that fill the quotas.

    Parameters
    ----------
    spots
        `easting`, `northing`, `expected` (above 0), `is_rural` and `team_name` (empty where none is known).
    radius_m, max_areas
        Radius of the circles, and maximum number of areas.

    Raises
    ------
    ParameterError
        The quotas need more areas than the list may have.
    """
    plans = _cover(spots, spots["expected"].to_numpy(), radius_m, max_areas, quotas)
    teams = _teams(spots) if quotas.min_per_team else []
    needed = quotas.min_rural + quotas.min_per_team * len(teams)
    if needed > max_areas:
        raise ParameterError(
            f"quotas: {quotas.min_rural} rural areas and {quotas.min_per_team} for each of {len(teams)} teams "
            f"are {needed}, more than patrol_areas.max_areas = {max_areas}."
        )
    missing = quotas.min_rural - sum(plan.is_rural for plan in plans)
    if missing > 0:
        weights = _uncovered(spots, plans, radius_m, quotas) * spots["is_rural"].to_numpy()
        plans += _rural(spots, weights, radius_m, missing, quotas, rural)
    for team in teams:
        missing = quotas.min_per_team - sum(plan.team == team for plan in plans)
        weights = _uncovered(spots, plans, radius_m, quotas) * (spots["team_name"] == team).to_numpy()
        plans += _cover(spots, weights, radius_m, max(missing, 0), quotas)
    return _trim(plans, max_areas, quotas)


def _teams(spots: pd.DataFrame) -> list[str]:
    """Return the teams with enough expected incidents; a neighbour's district may be named at a few border points."""
    shares = spots.groupby("team_name")["expected"].sum() / spots["expected"].sum()
    return sorted(set(shares.index[shares >= _MIN_TEAM_SHARE]) - {""})


def _cover(
    spots: pd.DataFrame, weights: NDArray[np.float64], radius_m: float, count: int, quotas: QuotaParams
) -> list[AreaPlan]:
    """Return the circles that cover most weight."""
    centres = maximal_cover.cover(
        spots["easting"], spots["northing"], weights, radius_m, count, min_distance_m=quotas.min_distance_m
    )
    return [_plan(centre[None, :], spots, radius_m) for centre in centres]


def _rural(
    spots: pd.DataFrame, weights: NDArray[np.float64], radius_m: float, count: int, quotas: QuotaParams,
    rural: RuralParams,
) -> list[AreaPlan]:  # fmt: skip
    """Return rural areas of one circle, or of several stops where the settings allow a drive."""
    if not rural.max_drive_minutes:
        return _cover(spots, weights, radius_m, count, quotas)
    circles = _cover(spots, weights, radius_m, _CIRCLES_PER_AREA * count, quotas)
    if not circles:
        return []
    centres = np.vstack([plan.centres for plan in circles])
    expected = np.array([plan.expected for plan in circles])
    return [_plan(stops, spots, radius_m) for stops in rural_areas.group_stops(centres, expected, count, rural)]


def _plan(centres: NDArray[np.float64], spots: pd.DataFrame, radius_m: float) -> AreaPlan:
    """Return circles with their expected incidents and the team with most of them."""
    inside = spots[_is_near(spots, centres, radius_m)]
    by_team = inside.groupby("team_name")["expected"].sum().sort_index()
    expected = float(inside["expected"].sum())
    rural = float(inside.loc[inside["is_rural"], "expected"].sum())
    return AreaPlan(centres=centres, expected=expected, is_rural=rural > expected / 2, team=str(by_team.idxmax()))


def _uncovered(spots: pd.DataFrame, plans: list[AreaPlan], radius_m: float, quotas: QuotaParams) -> NDArray[np.float64]:
    """Return the expected incidents of spots that no circle covers yet."""
    weights: NDArray[np.float64] = spots["expected"].to_numpy().copy()
    for plan in plans:
        weights[_is_near(spots, plan.centres, radius_m + quotas.min_distance_m)] = 0.0
    return weights


def _is_near(spots: pd.DataFrame, centres: NDArray[np.float64], distance_m: float) -> NDArray[np.bool_]:
    """Return whether each spot lies within a distance of any centre."""
    x, y = spots["easting"].to_numpy(), spots["northing"].to_numpy()
    is_near = np.zeros(len(spots), dtype=bool)
    for easting, northing in centres:
        is_near |= np.hypot(x - easting, y - northing) <= distance_m * (1 + 1e-9)
    return is_near


def _trim(plans: list[AreaPlan], max_areas: int, quotas: QuotaParams) -> list[AreaPlan]:
    """Return at most so many areas, without the lowest that no quota needs."""
    for plan in sorted(plans, key=lambda plan: plan.expected):
        if len(plans) <= max_areas:
            break
        is_needed = plan.is_rural and sum(other.is_rural for other in plans) <= quotas.min_rural
        if plan.team:
            is_needed |= sum(other.team == plan.team for other in plans) <= quotas.min_per_team
        plans = plans if is_needed else [other for other in plans if other is not plan]
    return plans
