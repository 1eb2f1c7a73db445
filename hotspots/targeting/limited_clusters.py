"""Clusters of limited area: DBSCAN, and DBSCAN again at a smaller radius within clusters that are too large.

DBSCAN links neighbour to neighbour, so a town centre and the streets around it can become one cluster of a square
kilometre. Such a cluster is clustered again by itself, with the same minimum number of incidents at ever smaller radii,
until no part is larger than the limit. What is not dense enough at the smaller radius belongs to no cluster. The area
is that of the outline, in squares: buffered spots, smoothed, holes filled.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import ndimage

from hotspots.targeting import clusters
from hotspots.targeting.clusters import DbscanParams

# Areas are measured in squares of this side.
CELL_M = 25.0
# Factor on the radius, from one step of a split to the next.
_SHRINK = 0.9
_M2_PER_HA = 10_000.0


class Places(NamedTuple):
    """Positions of n spots (n by 2, BNG metres), and the pairs of neighbours within the radius, each once."""

    xy: NDArray[np.float64]
    first: NDArray[np.intp]
    second: NDArray[np.intp]


class Clusters(NamedTuple):
    """Cluster of each spot, -1 for none, and the radius of each cluster, metres; DBSCAN's own clusters in `whole`."""

    labels: NDArray[np.int64]
    radius_m: NDArray[np.float64]
    whole: NDArray[np.int64]


def cluster_spots(places: Places, counts: ArrayLike, params: DbscanParams, buffer_share: float) -> Clusters:
    """Cluster spots by DBSCAN, and split clusters whose outline would be larger than `params.max_area_ha`.

    Parameters
    ----------
    places
        n spots, with the pairs within `params.radius_m` (`neighbour_graph.graph_pairs`).
    counts
        Incidents at each spot.
    params
        Radius, minimum number of incidents, and largest area (0 for no limit).
    buffer_share
        Buffer of an outline around its spots, as a share of the cluster's radius.

    Returns
    -------
    Clusters
        In DBSCAN's order; the parts of a split cluster take its place.
    """
    counts = np.asarray(counts, float)
    labels = clusters.label_links(places.first, places.second, counts, params.min_incidents)
    number = int(labels.max(initial=-1)) + 1
    radius_m = np.full(number, params.radius_m)
    found: list[tuple[NDArray[np.intp], float]] = []
    is_split, sizes = np.zeros(number, bool), np.ones(number, np.int64)
    for cluster in _wide_clusters(places.xy, labels, params, buffer_share):
        members = np.flatnonzero(labels == cluster)
        if _is_large(places.xy[members], params.radius_m, params, buffer_share):
            parts = list(_split(places, members, counts, params.radius_m, params, buffer_share))
            sizes[cluster] = len(parts)
            found += parts
            is_split[cluster] = True
    return (
        _renumbered(labels, radius_m, is_split, sizes, found) if is_split.any() else Clusters(labels, radius_m, labels)
    )


def _renumbered(
    labels: NDArray[np.int64], radius_m: NDArray[np.float64], is_split: NDArray[np.bool_], sizes: NDArray[np.int64],
    parts: list[tuple[NDArray[np.intp], float]],
) -> Clusters:  # fmt: skip
    """Return the clusters with the parts, in order, in place of the clusters that were split."""
    start = sizes.cumsum() - sizes
    numbered = np.where((labels >= 0) & ~is_split[labels], start[labels], -1)
    radii = radius_m.repeat(sizes)
    for position, (members, radius) in zip(np.flatnonzero(is_split.repeat(sizes)), parts, strict=True):
        numbered[members], radii[position] = position, radius
    return Clusters(numbered, radii, labels)


def _split(
    places: Places, members: NDArray[np.intp], counts: NDArray[np.float64], radius_m: float, params: DbscanParams,
    buffer_share: float,
) -> Iterator[tuple[NDArray[np.intp], float]]:  # fmt: skip
    """Yield the spots and the radius of each part of a cluster; none where nothing is dense enough."""
    radius_m *= _SHRINK
    xy, is_member = places.xy[members], np.zeros(len(places.xy), bool)
    is_member[members] = True
    pairs = np.flatnonzero(is_member[places.first] & is_member[places.second])
    first, second = (np.searchsorted(members, ends[pairs]) for ends in (places.first, places.second))
    near = np.hypot(*(xy[first] - xy[second]).T) <= radius_m
    inner = Places(xy, first[near], second[near])
    labels = clusters.label_links(inner.first, inner.second, counts[members], params.min_incidents)
    for part in range(int(labels.max(initial=-1)) + 1):
        own = np.flatnonzero(labels == part)
        if _is_large(xy[own], radius_m, params, buffer_share):
            smaller = _split(inner, own, counts[members], radius_m, params, buffer_share)
            yield from ((members[each], radius) for each, radius in smaller)
        else:
            yield members[own], radius_m


def _wide_clusters(
    xy: NDArray[np.float64], labels: NDArray[np.int64], params: DbscanParams, buffer_share: float
) -> NDArray[np.intp]:
    """Return the clusters whose bounding box is larger than the limit, which others cannot exceed."""
    if not params.max_area_ha:
        return np.empty(0, np.intp)
    is_in = labels >= 0
    size, label = int(labels.max(initial=-1)) + 1, labels[is_in]
    sides = []
    for values in xy[is_in].T:
        low, high = np.full(size, np.inf), np.full(size, -np.inf)
        np.minimum.at(low, label, values)
        np.maximum.at(high, label, values)
        sides.append(high - low + 2 * (params.radius_m * buffer_share + CELL_M))
    return np.flatnonzero(sides[0] * sides[1] > params.max_area_ha * _M2_PER_HA)


def _is_large(xy: NDArray[np.float64], radius_m: float, params: DbscanParams, buffer_share: float) -> bool:
    """Return whether the outline of a cluster's spots is larger than the limit; most are judged by their bounds."""
    buffer_m, limit_m2 = radius_m * buffer_share, params.max_area_ha * _M2_PER_HA
    if np.prod(np.ptp(xy, axis=0) + 2 * (buffer_m + CELL_M)) <= limit_m2:
        return False
    return _squares_near(xy, buffer_m).sum() * CELL_M**2 > limit_m2 or outline_m2(xy, buffer_m) > limit_m2


def outline_m2(xy: NDArray[np.float64], buffer_m: float) -> float:
    """Return the area of the outline of spots, measured in squares: buffered, smoothed, holes filled.

    Examples
    --------
    >>> round(outline_m2(np.array([[0.0, 0.0]]), 200.0) / (np.pi * 200.0**2), 1)
    1.0
    """
    smooth = ndimage.distance_transform_edt(_squares_near(xy, 2 * buffer_m)) * CELL_M > buffer_m
    around, _ = ndimage.label(~smooth)
    return float((around != around[0, 0]).sum()) * CELL_M**2


def _squares_near(xy: NDArray[np.float64], distance_m: float) -> NDArray[np.bool_]:
    """Return the squares within a distance of spots, on a grid with an empty edge."""
    cells, steps = np.floor(xy / CELL_M).astype(np.int64), disc(distance_m)
    edge = int(steps.max()) + 2
    cells = cells - cells.min(axis=0) + edge
    grid = np.zeros(cells.max(axis=0) + edge + 1, bool)
    flat = (cells[:, 0] * grid.shape[1] + cells[:, 1])[:, None] + steps @ [grid.shape[1], 1]
    grid.ravel()[flat.ravel()] = True
    return grid


@lru_cache(maxsize=256)
def disc(radius_m: float) -> NDArray[np.int64]:
    """Return the squares within a radius of the square at 0, 0: column and row of each."""
    span = np.arange(-int(radius_m // CELL_M) - 1, int(radius_m // CELL_M) + 2)
    across, up = (steps.ravel() for steps in np.meshgrid(span, span))
    is_near = np.hypot(across, up) * CELL_M <= radius_m
    return np.column_stack([across[is_near], up[is_near]])
