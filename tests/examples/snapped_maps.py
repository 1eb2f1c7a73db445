"""Made-up maps on which nothing but snapping crowds incidents together."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

SIDE_M = 5_000.0


@dataclass(frozen=True)
class SnappedMap:
    """Places with incidents of a family and of all types, points of chance moved to the nearest place."""

    easting: NDArray
    northing: NDArray
    counts: NDArray
    at_risk: NDArray


def snapped_map(seed: int, places: int = 150, family: int = 400, others: int = 2_000) -> SnappedMap:
    """Points anywhere alike in a square of 5 km, each at the nearest of few places; those at risk include it."""
    random = np.random.default_rng([7, seed])
    xy = random.uniform(0, SIDE_M, (places, 2))
    tree = cKDTree(xy)
    counts, rest = (
        np.bincount(tree.query(random.uniform(0, SIDE_M, (size, 2)))[1], minlength=places) for size in (family, others)
    )
    return SnappedMap(xy[:, 0], xy[:, 1], counts, counts + rest)
