"""Circles that together cover the most: where so many patrols meet the most incidents.

Greedy maximal cover: the first circle covers the most weight that one circle can, the next the most of what is
left, and so on. Greedy reaches at least 1 - 1/e, 63 %, of the best possible cover (Nemhauser, Wolsey, Fisher 1978,
doi:10.1007/BF01588971). Each step is exact: a best circle can always be shifted until a point that it covers lies on
its edge, so the circles through each point are all there is to try (Chazelle, Lee 1986, doi:10.1007/BF02238188).

The exact choice of all k at once (an integer programme over 1,800 to 3,100 candidate circles, HiGHS, 1 to 2 s) was
tried on twelve real lists of 50: greedy had 98.0 to 99.4 % of its expected incidents, and on the three months after
caught 1 % more or less of the incidents, by family, with the first 20 better served. So greedy it is.
"""

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from hotspots import neighbour_graph

# Rounding may put a point that lies on a circle's edge just outside it: as a share of the radius.
_SLACK = 1e-9
_TURN = 2 * np.pi


def cover(
    easting: ArrayLike, northing: ArrayLike, weights: ArrayLike, radius_m: float, k: int, *, gap_m: float = 0.0
) -> NDArray:
    """Centres of the k circles that cover the most weight, the first covering the most.

    Parameters
    ----------
    easting, northing
        n points, metres.
    weights
        n weights, 0 or more.
    radius_m
        Of the circles; a point at exactly this distance is covered.
    k
        How many circles at most; fewer where nothing is left to cover.
    gap_m
        Points so near to a chosen circle are not left for another.

    Returns
    -------
    ndarray
        Up to k rows of easting and northing. Centres need not be points.
    """
    left = np.asarray(weights, float)
    is_live = left > 0
    left = left[is_live]
    points = np.column_stack([np.asarray(easting, float), np.asarray(northing, float)]).reshape(-1, 2)[is_live]
    near = neighbour_graph.is_adjacent(neighbour_graph.graph(points[:, 0], points[:, 1], 2 * radius_m))
    # What a circle through each point covers at most; worked out in full only for points that can win.
    most = near @ left
    is_exact = np.zeros(len(points), dtype=bool)
    centres: list[NDArray] = []
    while len(centres) < k and most.max(initial=0.0) > _SLACK:
        point = int(most.argmax())
        around = near.indices[near.indptr[point] : near.indptr[point + 1]]
        around = around[left[around] > 0]
        centre = _best_through(points[point], points[around], left[around], radius_m)
        taken = around[np.hypot(*(points[around] - centre).T) <= radius_m * (1 + _SLACK)]
        if not is_exact[point]:
            most[point], is_exact[point] = left[taken].sum(), True
            continue
        centres.append(centre)
        if gap_m:
            taken = np.flatnonzero(np.hypot(*(points - centre).T) <= radius_m * (1 + _SLACK) + gap_m)
        left[taken] = most[taken] = 0.0
        is_exact[near[taken].indices] = False
    return np.array(centres).reshape(-1, 2)


def _best_through(point: NDArray, others: NDArray, weights: NDArray, radius_m: float) -> NDArray:
    """The centre of the circle through a point that covers the most, moved to the middle of what it covers."""
    apart = others - point
    gap = np.hypot(*apart.T)
    angle = _best_angle(np.arctan2(apart[:, 1], apart[:, 0]), gap / (2 * radius_m), weights)
    is_in = np.hypot(*(apart - radius_m * np.array([np.cos(angle), np.sin(angle)])).T) <= radius_m * (1 + _SLACK)
    middle = shapely.centroid(shapely.minimum_bounding_circle(shapely.multipoints(apart[is_in])))
    # Where all that it covers stands at one place, there may be no circle.
    return point + (apart[is_in][0] if middle.is_empty else shapely.get_coordinates(middle)[0])


def _best_angle(towards: NDArray, gap: NDArray, weights: NDArray) -> float:
    """Where on a point's rim a centre covers the most: each other point is covered from an arc of the rim.

    `towards` is the direction of each other point, `gap` its distance as a share of the circle's diameter.
    """
    is_apart = gap > 0
    reach = np.arccos(np.minimum(gap[is_apart], 1.0))
    start = (towards[is_apart] - reach) % _TURN
    if not len(start):
        return 0.0
    begins = np.concatenate([start, start - _TURN])
    ends = begins + 2 * np.tile(reach, 2)
    weight = np.tile(weights[is_apart], 2)
    opening, closing = begins.argsort(), ends.argsort()
    opened = weight[opening].cumsum()[np.searchsorted(begins[opening], start + _SLACK / 10, side="right") - 1]
    closed = np.append(0.0, weight[closing].cumsum())[np.searchsorted(ends[closing], start - _SLACK / 10)]
    return float(start[(opened - closed).argmax()])
