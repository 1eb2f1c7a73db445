"""The country: where few incidents are recorded around, and areas there that are driven rather than walked.

No official look-up is needed: a place is rural where fewer than so many incidents of every type are recorded within a
kilometre in a year. The default of 200 calls 23 to 37 % of the residents of three shire forces rural (residents of
2019 by LSOA, spread over the LSOA's recorded places); it stands for nothing finer than that.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from hotspots import findings, neighbour_graph
from hotspots.errors import ParameterError

# Records are summed on squares of this side: near enough for a kilometre, and a force has few of them.
_SQUARE_M = 250.0
# Roads are longer than the line between two places by about so much.
_DETOUR = 1.3
# A stop is worth a drive only where it expects at least this share of the first stop's incidents.
_WORTH_A_STOP = 0.2
# A force with less than this share of its expected incidents in the country has no country to speak of.
_WORTH_TELLING = 0.05


@dataclass(frozen=True, kw_only=True)
class RuralParams:
    """What counts as the country, and how far a rural area may reach.

    Attributes
    ----------
    below_per_year
        Fewer incidents of every type than this recorded around a place in a year make it rural.
    within_m
        How far around.
    max_drive_minutes
        Longest drive between the parts of a rural area that `quotas.least_rural` asks for; 0: it is one circle too.
    drive_m_per_minute
        Pace of a car on patrol.
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
    """Whether each of n places lies in the country.

    Parameters
    ----------
    easting, northing
        Metres.
    per_year
        Incidents of every type recorded at each place in a year.
    """
    xy = np.column_stack([np.asarray(easting, float), np.asarray(northing, float)]).reshape(-1, 2)
    squares, square = np.unique(np.floor(xy / _SQUARE_M), axis=0, return_inverse=True)
    records = np.bincount(square.ravel(), weights=np.asarray(per_year, float), minlength=len(squares))
    near = neighbour_graph.is_adjacent(
        neighbour_graph.graph(squares[:, 0] * _SQUARE_M, squares[:, 1] * _SQUARE_M, params.within_m)
    )
    return (near @ records < params.below_per_year)[square.ravel()]


def drives(centres: NDArray, weights: NDArray, count: int, params: RuralParams) -> list[NDArray]:
    """Up to `count` villages or stretches of road, each as the circles that one drive joins, the most expected first.

    A drive begins at the best circle that is left and takes in the circle that adds most for its distance, as long as
    the way between them all (the shortest tree, roads a third longer than lines) takes at most `max_drive_minutes`.

    Parameters
    ----------
    centres
        n by 2, metres: of circles in the country.
    weights
        What each expects.
    """
    reach = params.max_drive_minutes * params.drive_m_per_minute / _DETOUR
    is_free = np.ones(len(centres), dtype=bool)
    found: list[NDArray] = []
    while len(found) < count and is_free.any():
        first = int(np.where(is_free, weights, -1.0).argmax())
        taken, length = [first], 0.0
        is_free[first] = False
        apart = np.hypot(*(centres - centres[first]).T)
        while True:
            is_near = is_free & (length + apart <= reach) & (weights >= _WORTH_A_STOP * weights[first])
            if not is_near.any():
                break
            stop = int(np.where(is_near, weights / (apart + 1.0), -1.0).argmax())
            length += apart[stop]
            taken.append(stop)
            is_free[stop] = False
            apart = np.minimum(apart, np.hypot(*(centres - centres[stop]).T))
        found.append(centres[taken])
    return found


def drive_minutes(centres: NDArray, params: RuralParams) -> float:
    """Minutes on the road between circles: the shortest tree that joins them, roads a third longer than lines."""
    left, apart, length = centres[1:], np.hypot(*(centres[1:] - centres[0]).T), 0.0
    while len(left):
        nearest = int(apart.argmin())
        length += apart[nearest]
        there = left[nearest]
        left, apart = np.delete(left, nearest, axis=0), np.delete(apart, nearest)
        apart = np.minimum(apart, np.hypot(*(left - there).T))
    return length * _DETOUR / params.drive_m_per_minute


def missed(spots: pd.DataFrame, inside: pd.DataFrame, label: str, params: RuralParams) -> list[dict]:
    """What the list leaves out in the country, as a finding; none where nothing is expected there.

    Parameters
    ----------
    spots
        `expected` and `is_rural`.
    inside
        `spot`s of the listed areas, as `outlines.who_is_inside` gives them.
    label
        The family in words.
    """
    is_listed = spots.index.isin(inside["spot"])
    total = spots["expected"].sum()
    country, town = (spots.loc[spots["is_rural"] == kind, "expected"].sum() for kind in (True, False))
    if not country >= _WORTH_TELLING * total > 0:
        return []
    met, met_in_town = (spots.loc[is_listed & (spots["is_rural"] == kind), "expected"].sum() for kind in (True, False))
    most = 1 - met / country
    missing = "all" if most == 1 else "nearly all" if most > 0.995 else f"{most:.0%}"
    told = (
        f"{label}: {country / total:.0%} of what is expected lies in the country (fewer than {params.below_per_year:g} "
        f"records a year within {params.within_m / 1000:g} km). The listed areas miss {missing} of that"
    )
    told += f", and {1 - met_in_town / town:.0%} in towns." if town else "."
    return [findings.finding("rural_gap", told.replace("%", " %"), _ADVICE, "quotas.least_rural")]


_ADVICE = (
    "Places that can be walked meet little where people live far apart. Rural areas can be asked for, and may be a "
    "village or a stretch of road (rural.max_drive_minutes)."
)
