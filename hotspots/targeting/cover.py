"""Circles that together cover the most: where so many patrols meet the most incidents.

Greedy maximal cover: the first circle covers the most weight that one circle can, the next the most of what is
left, and so on. Greedy reaches at least 1 - 1/e of the best possible cover (Nemhauser, Wolsey, Fisher 1978,
doi:10.1007/BF01588971), usually nearly all of it.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.spatial import cKDTree

# The heaviest discs around a spot are shifted to hold more; this many are tried for each place.
TRIED = 12


def cover(easting: ArrayLike, northing: ArrayLike, weights: ArrayLike, radius_m: float, k: int) -> NDArray:
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

    Returns
    -------
    ndarray
        Up to k rows of easting and northing. Centres need not be points.
    """
    points = np.column_stack([np.asarray(easting, float), np.asarray(northing, float)]).reshape(-1, 2)
    left = np.asarray(weights, float).copy()
    tree = cKDTree(points)
    near = [np.asarray(found) for found in tree.query_ball_point(points, radius_m)] if len(points) else []
    gain = np.array([left[found].sum() for found in near])
    centres: list[NDArray] = []
    while len(centres) < k and gain.max(initial=0.0) > 1e-9:
        centre = _best_shift(points, left, tree, gain, radius_m)
        taken = np.asarray(tree.query_ball_point(centre, radius_m * (1 + 1e-9)))
        left[taken] = 0.0
        for spot in tree.query_ball_point(centre, 2 * radius_m * (1 + 1e-9)):
            gain[spot] = left[near[spot]].sum()
        centres.append(centre)
    return np.array(centres).reshape(-1, 2)


def _best_shift(points: NDArray, left: NDArray, tree: cKDTree, gain: NDArray, radius_m: float) -> NDArray:
    """The centre that covers the most, among circles around the heaviest spots and circles shifted from there."""
    seeds = np.argsort(-gain, kind="stable")[:TRIED]
    seeds = seeds[gain[seeds] > 0]
    best, most = points[seeds[0]], gain[seeds[0]]
    for seed in seeds:
        around = np.asarray(tree.query_ball_point(points[seed], 2 * radius_m))
        around = around[left[around] > 0]
        if left[around].sum() <= most * (1 + 1e-9):
            continue
        centres = _circles_through_pairs(points[around], radius_m)
        covered = _covered(centres, points[around], left[around], radius_m)
        if covered.max(initial=0.0) > most * (1 + 1e-9):
            best, most = centres[covered.argmax()], covered.max()
    return best


def _circles_through_pairs(points: NDArray, radius_m: float) -> NDArray:
    """Centres of the circles that pass through two of the points: one of them covers the most a circle can."""
    first, second = np.triu_indices(len(points), 1)
    middle = (points[first] + points[second]) / 2
    apart = points[second] - points[first]
    gap = np.hypot(*apart.T)
    is_close = (gap > 0) & (gap <= 2 * radius_m)
    middle, apart, gap = middle[is_close], apart[is_close], gap[is_close]
    reach = np.sqrt(np.maximum(radius_m**2 - (gap / 2) ** 2, 0.0))
    aside = np.column_stack([-apart[:, 1], apart[:, 0]]) / gap[:, None] * reach[:, None]
    return np.concatenate([middle + aside, middle - aside, middle])


def _covered(centres: NDArray, points: NDArray, weights: NDArray, radius_m: float) -> NDArray:
    """Weight that each circle covers."""
    squared = ((centres[:, None, :] - points[None, :, :]) ** 2).sum(axis=2)
    return (squared <= (radius_m * (1 + 1e-9)) ** 2) @ weights
