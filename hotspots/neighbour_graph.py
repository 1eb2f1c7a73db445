"""Neighbour graph of points: built once for the largest radius and shared by every step that needs one."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse
from scipy.spatial import cKDTree


def graph(easting: ArrayLike, northing: ArrayLike, radius_m: float) -> sparse.csr_matrix:
    """Return the distances between points at most `radius_m` apart; each point is its own neighbour.

    Parameters
    ----------
    easting, northing
        n points, metres.
    radius_m
        Largest distance, inclusive.

    Returns
    -------
    csr_matrix
        n by n, symmetric, metres. A stored zero is a distance of zero, a missing entry means no neighbour.
    """
    points = np.column_stack([np.asarray(easting, float), np.asarray(northing, float)]).reshape(-1, 2)
    first, second = pairs(points, radius_m)
    distance = np.hypot(*(points[first] - points[second]).T)
    own = np.arange(len(points))
    entries = (
        np.concatenate([distance, distance, np.zeros(len(points))]),
        (np.concatenate([first, second, own]), np.concatenate([second, first, own])),
    )
    return sparse.csr_matrix(entries, shape=(len(points), len(points)))


def pairs(points: NDArray[Any], radius_m: float) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return each pair of n by 2 points at most `radius_m` apart once, the lower position first."""
    if not len(points):
        return np.empty(0, np.intp), np.empty(0, np.intp)
    tree = cKDTree(points, leafsize=16, balanced_tree=False, compact_nodes=False)
    found = tree.query_pairs(radius_m, output_type="ndarray")
    return found[:, 0], found[:, 1]


def graph_pairs(distances: sparse.csr_matrix) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return the pairs of an existing graph, as `pairs` does."""
    rows = np.repeat(np.arange(distances.shape[0]), np.diff(distances.indptr))
    is_once = rows < distances.indices
    return rows[is_once], distances.indices[is_once]


def within_radius(distances: sparse.csr_matrix, radius_m: float) -> sparse.csr_matrix:
    """Return the graph restricted to distances up to `radius_m`."""
    is_near = distances.data <= radius_m
    starts = np.append(0, is_near.cumsum())[distances.indptr]
    return sparse.csr_matrix((distances.data[is_near], distances.indices[is_near], starts), shape=distances.shape)


def adjacency(distances: sparse.csr_matrix) -> sparse.csr_matrix:
    """Return the graph with 1 for every neighbour, so that its product with counts is their sum over neighbours."""
    return sparse.csr_matrix(
        (np.ones(distances.nnz), distances.indices, distances.indptr), shape=distances.shape, copy=False
    )


def kernel(distances: sparse.csr_matrix, bandwidth_m: float) -> sparse.csr_matrix:
    """Return the graph with Gaussian weights: 1 at distance zero, exp(-1/2) at `bandwidth_m`."""
    weights = np.exp(-0.5 * (distances.data / bandwidth_m) ** 2)
    return sparse.csr_matrix((weights, distances.indices, distances.indptr), shape=distances.shape, copy=False)
