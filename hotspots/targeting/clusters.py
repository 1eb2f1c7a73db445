"""DBSCAN in metres: which spots crowd together.

References
----------
Ester, Kriegel, Sander, Xu (1996), KDD-96, 226-231. Schubert et al. (2017), doi:10.1145/3068335.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from hotspots import neighbours
from hotspots.errors import ParameterError


@dataclass(frozen=True, kw_only=True)
class DbscanParams:
    """How close, and how many, incidents must be to make a hotspot.

    Attributes
    ----------
    radius_m
        Incidents at most so far apart are neighbours.
    min_incidents
        Least number of incidents within the radius, in the whole evidence window.
    """

    radius_m: float = 150.0
    min_incidents: int = 20

    def __post_init__(self) -> None:
        """Check the limits."""
        if self.radius_m <= 0:
            raise ParameterError(f"radius_m must be greater than 0 metres, got {self.radius_m:g}.")
        if self.min_incidents < 1:
            raise ParameterError(f"min_incidents must be at least 1, got {self.min_incidents:g}.")


def dbscan(
    easting: ArrayLike, northing: ArrayLike, radius_m: float, min_incidents: int, weights: ArrayLike | None = None
) -> NDArray[np.int64]:
    """Number of the cluster each row belongs to, -1 where it belongs to none.

    The partition of `sklearn.cluster.DBSCAN` on the rows, each repeated as often as its weight says; a border row
    joins the adjacent cluster whose first core row comes first. Coincident rows are clustered as one point.

    Parameters
    ----------
    easting, northing
        n rows, metres.
    radius_m
        Largest distance between neighbours.
    min_incidents
        Least weight within the radius of a core row, its own included.
    weights
        Whole numbers from 0; all 1 where not given.
    """
    points = np.asarray(easting, float) + 1j * np.asarray(northing, float)
    counts = np.ones(len(points)) if weights is None else np.asarray(weights, float)
    DbscanParams(radius_m=radius_m, min_incidents=min_incidents)
    is_there = counts > 0
    labels = np.full(len(points), -1, dtype=np.int64)
    spots, first, spot = np.unique(points[is_there], return_index=True, return_inverse=True)
    order = np.argsort(first)
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    spot = place[spot]
    spots = spots[order]
    distances = neighbours.graph(spots.real, spots.imag, radius_m)
    labels[is_there] = label_spots(distances, np.bincount(spot, counts[is_there], len(spots)), min_incidents)[spot]
    return labels


def label_spots(distances: sparse.csr_matrix, counts: ArrayLike, min_incidents: int) -> NDArray[np.int64]:
    """Number of the cluster each spot belongs to, -1 for none, from a neighbour graph that stands already.

    Parameters
    ----------
    distances
        n by n neighbour graph (`neighbours.graph`) of the radius wanted.
    counts
        Incidents at each of the n spots; a spot without any joins no cluster.
    min_incidents
        As in `dbscan`.
    """
    from sklearn.cluster import DBSCAN
    from sklearn.neighbors import sort_graph_by_row_values

    counts = np.asarray(counts, float)
    there = np.flatnonzero(counts > 0)
    labels = np.full(len(counts), -1, dtype=np.int64)
    if len(there):
        radius = float(distances.data.max(initial=0.0)) or 1.0
        near = sort_graph_by_row_values(distances[there][:, there], warn_when_not_sorted=False)
        model = DBSCAN(eps=radius, min_samples=min_incidents, metric="precomputed")
        labels[there] = model.fit_predict(near, sample_weight=counts[there])
    return labels
