"""Rural areas: where few incidents are recorded nearby, and areas of several stops that are driven between.

A place is rural where few incidents of any type are recorded within a kilometre in a year, so no official look-up is
needed. With the default of 200, 23 to 37 % of the residents of three shire forces live in rural places (residents of
2019 by LSOA, divided among the LSOA's recorded places). The classification is no more precise than that.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csgraph

from hotspots import findings, neighbour_graph, wording
from hotspots.errors import ParameterError

# Incidents are counted on squares of this side: accurate enough for a kilometre, and fast.
_SQUARE_M = 250.0
# Ratio of road distance to straight-line distance.
_DETOUR = 1.3
# A stop is added only where it expects at least this share of the first stop's incidents.
_MIN_STOP_SHARE = 0.2
# With a smaller share of expected incidents in rural areas there is no finding.
_MIN_RURAL_SHARE = 0.05


@dataclass(frozen=True, kw_only=True)
class RuralParams:
    """What counts as rural, and how far apart the stops of a rural area may be.

    Attributes
    ----------
    below_per_year
        A place is rural where fewer incidents of all types than this are recorded nearby in a year.
    within_m
        Distance that counts as nearby, metres.
    max_drive_minutes
        Longest drive between the stops of a rural area that `quotas.min_rural` asks for; 0 for areas of one stop.
    drive_m_per_minute
        Speed of a car on patrol, metres a minute.
    """

    below_per_year: float = 200.0
    within_m: float = 1_000.0
    max_drive_minutes: float = 0.0
    drive_m_per_minute: float = 600.0

    def __post_init__(self) -> None:
        """Check the limits."""
        if self.within_m <= 0 or self.drive_m_per_minute <= 0:
            raise ParameterError("rural: within_m and drive_m_per_minute must be greater than 0.")
        if self.below_per_year < 0 or self.max_drive_minutes < 0:
            raise ParameterError("rural: below_per_year and max_drive_minutes must not be negative.")


def is_rural(easting: ArrayLike, northing: ArrayLike, per_year: ArrayLike, params: RuralParams) -> NDArray[np.bool_]:
    """Return whether each of n places is rural.

    Parameters
    ----------
    easting, northing
        Metres.
    per_year
        Incidents of all types recorded at each place in a year.
    """
    xy = np.column_stack([np.asarray(easting, float), np.asarray(northing, float)]).reshape(-1, 2)
    squares, square = np.unique(np.floor(xy / _SQUARE_M), axis=0, return_inverse=True)
    records = np.bincount(square.ravel(), weights=np.asarray(per_year, float), minlength=len(squares))
    near = neighbour_graph.adjacency(
        neighbour_graph.graph(squares[:, 0] * _SQUARE_M, squares[:, 1] * _SQUARE_M, params.within_m)
    )
    return np.asarray(near @ records < params.below_per_year, bool)[square.ravel()]


def group_stops(
    centres: NDArray[np.float64], weights: NDArray[np.float64], count: int, params: RuralParams
) -> list[NDArray[np.float64]]:
    """Group stops into up to `count` rural areas, such as a village or a stretch of road, the highest first.

    A group starts at the highest stop left and adds the stop with most expected incidents for its distance to the
    group, as long as these distances (roads 30 % longer than lines) add up to at most `max_drive_minutes`.

    Parameters
    ----------
    centres
        n by 2, metres: rural circles.
    weights
        Expected incidents of each.
    """
    max_length_m = params.max_drive_minutes * params.drive_m_per_minute / _DETOUR
    is_free = np.ones(len(centres), dtype=bool)
    groups: list[NDArray[np.float64]] = []
    while len(groups) < count and is_free.any():
        first = int(np.where(is_free, weights, -1.0).argmax())
        group, length = [first], 0.0
        is_free[first] = False
        distance = np.hypot(*(centres - centres[first]).T)
        while True:
            is_near = is_free & (length + distance <= max_length_m) & (weights >= _MIN_STOP_SHARE * weights[first])
            if not is_near.any():
                break
            stop = int(np.where(is_near, weights / (distance + 1.0), -1.0).argmax())
            length += distance[stop]
            group.append(stop)
            is_free[stop] = False
            distance = np.minimum(distance, np.hypot(*(centres - centres[stop]).T))
        groups.append(centres[group])
    return groups


def drive_minutes(centres: NDArray[np.float64], params: RuralParams) -> float:
    """Return the minutes of driving between stops: minimum spanning tree, roads 30 % longer than lines."""
    length = csgraph.minimum_spanning_tree(np.hypot(*(centres[:, None] - centres).T)).sum()
    return float(length * _DETOUR / params.drive_m_per_minute)


def rural_gap_findings(
    spots: pd.DataFrame, inside: pd.DataFrame, label: str, params: RuralParams
) -> list[dict[str, Any]]:
    """Return a finding on the rural incidents that the list does not cover; empty where few are expected.

    Parameters
    ----------
    spots
        `expected` and `is_rural`.
    inside
        `spot`s of the listed areas, as `outlines.spots_inside` returns them.
    """
    is_listed = spots.index.isin(inside["spot"])
    total = spots["expected"].sum()
    rural, urban = (spots.loc[spots["is_rural"] == kind, "expected"].sum() for kind in (True, False))
    if not rural >= _MIN_RURAL_SHARE * total > 0:
        return []
    met, met_urban = (spots.loc[is_listed & (spots["is_rural"] == kind), "expected"].sum() for kind in (True, False))
    missed = 1 - met / rural
    share = "all" if missed == 1 else "nearly all" if missed > 0.995 else wording.percent(missed)
    text = f"{label}: the list misses {share} of the expected incidents in rural areas"
    text += f" and {wording.percent(1 - met_urban / urban)} in towns" if urban else ""
    text += (
        f". Rural areas have {wording.percent(rural / total)} of all expected incidents "
        f"(fewer than {params.below_per_year:g} recorded a year within {params.within_m / 1000:g} km)."
    )
    return [findings.finding("rural_gap", text, _ADVICE, "quotas.min_rural")]


_ADVICE = (
    "Where people live far apart, walkable areas cover few incidents. Set quotas.min_rural to list rural areas; with "
    "rural.max_drive_minutes an area may be a village or a stretch of road."
)
