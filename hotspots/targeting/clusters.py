"""DBSCAN in metres: clusters of spots.

References
----------
Ester, Kriegel, Sander, Xu (1996), KDD-96, 226-231. Schubert et al. (2017), doi:10.1145/3068335.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import sparse
from scipy.sparse import csgraph

from hotspots import neighbour_graph
from hotspots.errors import ParameterError


@dataclass(frozen=True, kw_only=True)
class DbscanParams:
    """Radius, minimum number of incidents and largest area of a cluster.

    Attributes
    ----------
    radius_m
        Maximum distance between neighbouring incidents.
    min_incidents
        Minimum number of incidents within the radius, in the whole evidence window.
    max_area_ha
        A cluster with a larger outline is split (`limited_clusters.cluster_spots`), hectares; 0 for no limit.
    """

    radius_m: float = 150.0
    min_incidents: int = 20
    max_area_ha: float = 0.0

    def __post_init__(self) -> None:
        """Check the limits."""
        if self.radius_m <= 0:
            raise ParameterError(f"radius_m must be greater than 0 metres, got {self.radius_m:g}.")
        if self.min_incidents < 1:
            raise ParameterError(f"min_incidents must be at least 1, got {self.min_incidents:g}.")
        if not (self.max_area_ha == 0 or self.max_area_ha >= 1):
            raise ParameterError(
                f"max_area_ha must be at least 1 hectare, or 0 for no limit, got {self.max_area_ha:g}."
            )


def dbscan(
    easting: ArrayLike, northing: ArrayLike, radius_m: float, min_incidents: int, weights: ArrayLike | None = None
) -> NDArray[np.int64]:
    """Label each row with its cluster, -1 where it belongs to none.

    The partition of `sklearn.cluster.DBSCAN` on the rows, each repeated by its weight; a border row
    joins the adjacent cluster whose first core row comes first. Coincident rows are clustered as one point.

    Parameters
    ----------
    easting, northing
        n rows, metres.
    radius_m
        Maximum distance between neighbours.
    min_incidents
        Minimum weight within the radius of a core row, its own included.
    weights
        Integers from 0; all 1 by default.
    """
    x, y = np.asarray(easting, float), np.asarray(northing, float)
    DbscanParams(radius_m=radius_m, min_incidents=min_incidents)
    if not (np.isfinite(x.sum()) and np.isfinite(y.sum())):
        raise ParameterError("dbscan: an easting or a northing is missing or not finite; leave such rows out first.")
    counts = np.ones(len(x)) if weights is None else np.asarray(weights, float)
    is_used = counts > 0
    spot, keys = pd.factorize((x + 1j * y)[is_used])
    places = np.column_stack([keys.real, keys.imag])
    links = neighbour_graph.pairs(places, radius_m)
    labels = np.full(len(x), -1, dtype=np.int64)
    labels[is_used] = label_links(*links, np.bincount(spot, counts[is_used], len(places)), min_incidents)[spot]
    return labels


def label_spots(distances: sparse.csr_matrix, counts: ArrayLike, min_incidents: int) -> NDArray[np.int64]:
    """Label each spot with its cluster, -1 for none, from a ready-made neighbour graph.

    Parameters
    ----------
    distances
        n by n neighbour graph (`neighbour_graph.graph`) of the radius.
    counts
        Incidents at each of the n spots; a spot without any joins no cluster.
    min_incidents
        As in `dbscan`.
    """
    return label_links(*neighbour_graph.graph_pairs(distances), np.asarray(counts, float), min_incidents)


def label_links(
    first: NDArray[np.intp], second: NDArray[np.intp], counts: NDArray[Any], min_incidents: int
) -> NDArray[np.int64]:
    """Label spots as `label_spots` does, from the pairs of neighbours (`neighbour_graph.pairs`).

    Neighbouring core spots are in one cluster; a border spot joins the first cluster next to it. Clusters are numbered
    by their first core spot, as in scikit-learn.
    """
    spots = len(counts)
    around = counts + np.bincount(first, counts[second], spots) + np.bincount(second, counts[first], spots)
    is_used = counts > 0
    is_core = is_used & (around >= min_incidents)
    core = np.flatnonzero(is_core)
    labels = np.full(spots, -1, dtype=np.int64)
    place = np.cumsum(is_core) - 1
    inner = is_core[first] & is_core[second]
    ends = (place[first[inner]], place[second[inner]])
    adjacency = sparse.coo_matrix((np.ones(len(ends[0]), np.int8), ends), shape=(len(core), len(core)))
    labels[core] = pd.factorize(csgraph.connected_components(adjacency, directed=False)[1])[0]
    nearest = np.full(spots, len(core))
    for one, other in ((first, second), (second, first)):
        is_edge = is_core[one] & ~is_core[other] & is_used[other]
        np.minimum.at(nearest, other[is_edge], labels[one[is_edge]])
    is_border = nearest < len(core)
    labels[is_border] = nearest[is_border]
    return labels
