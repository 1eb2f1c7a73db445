"""Who is near whom: one graph over spots, built once for each radius and shared by every step that needs it."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse
from scipy.spatial import cKDTree


def graph(easting: ArrayLike, northing: ArrayLike, radius_m: float) -> sparse.csr_matrix:
    """Distances between points at most `radius_m` apart, each point its own neighbour.

    Parameters
    ----------
    easting, northing
        n points, metres.
    radius_m
        Largest distance, itself included.

    Returns
    -------
    csr_matrix
        n by n, symmetric, metres; a stored zero is a distance of nothing, an absent entry is no neighbour.
    """
    points = np.column_stack([np.asarray(easting, float), np.asarray(northing, float)]).reshape(-1, 2)
    first, second = pairs(points, radius_m)
    gap = np.hypot(*(points[first] - points[second]).T)
    itself = np.arange(len(points))
    entries = (
        np.concatenate([gap, gap, np.zeros(len(points))]),
        (np.concatenate([first, second, itself]), np.concatenate([second, first, itself])),
    )
    return sparse.csr_matrix(entries, shape=(len(points), len(points)))


def pairs(points: NDArray, radius_m: float) -> tuple[NDArray, NDArray]:
    """Every two of n by 2 points at most `radius_m` apart, once: the lower number and the higher."""
    if not len(points):
        return np.empty(0, np.intp), np.empty(0, np.intp)
    tree = cKDTree(points, leafsize=16, balanced_tree=False, compact_nodes=False)
    found = tree.query_pairs(radius_m, output_type="ndarray")
    return found[:, 0], found[:, 1]


def pairs_of(distances: sparse.csr_matrix) -> tuple[NDArray, NDArray]:
    """As `pairs`, from a graph that stands already."""
    rows = np.repeat(np.arange(distances.shape[0]), np.diff(distances.indptr))
    is_once = rows < distances.indices
    return rows[is_once], distances.indices[is_once]


def cut(distances: sparse.csr_matrix, radius_m: float) -> sparse.csr_matrix:
    """The part of a graph that reaches only `radius_m`: a run builds one graph, every step takes what it needs."""
    is_near = distances.data <= radius_m
    starts = np.append(0, is_near.cumsum())[distances.indptr]
    return sparse.csr_matrix((distances.data[is_near], distances.indices[is_near], starts), shape=distances.shape)


def is_adjacent(distances: sparse.csr_matrix) -> sparse.csr_matrix:
    """The graph with a one for every neighbour, so that a product with counts sums them over the neighbours."""
    return sparse.csr_matrix(
        (np.ones(distances.nnz), distances.indices, distances.indptr), shape=distances.shape, copy=False
    )


def kernel(distances: sparse.csr_matrix, bandwidth_m: float) -> sparse.csr_matrix:
    """The graph with Gaussian weights, one at no distance, exp(-1/2) at `bandwidth_m`."""
    weights = np.exp(-0.5 * (distances.data / bandwidth_m) ** 2)
    return sparse.csr_matrix((weights, distances.indices, distances.indptr), shape=distances.shape, copy=False)


def within(points: ArrayLike, centres: ArrayLike, radius_m: float) -> Sequence[NDArray]:
    """For each centre the numbers of the points at most `radius_m` away, in order.

    Both are n by 2 arrays of eastings and northings in metres.
    """
    found = cKDTree(np.asarray(points, float).reshape(-1, 2)).query_ball_point(np.asarray(centres, float), radius_m)
    return [np.sort(np.asarray(numbers, dtype=np.intp)) for numbers in found]
