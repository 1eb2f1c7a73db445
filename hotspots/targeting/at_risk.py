"""Exposure at each spot: its recorded incidents, weighted by the mix of offence types around.

Burglary is not proportional to all crime: a shopping street has many incidents and few burglaries, so without weights
every residential street would seem to have too many burglaries. Each incident is weighted by the share of the family
that is expected from the types of incident within about 200 m; the weights are fitted to the whole force.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from hotspots import neighbour_graph
from hotspots.targeting.forecasting import additive_poisson

# Bandwidth of the surroundings, metres.
AROUND_M = 200.0


def exposure_by_mix(counts: ArrayLike, family: int, distances: sparse.csr_matrix) -> NDArray[np.float64]:
    """Return the incidents of a family to expect at each spot from its records and the offence types around.

    Parameters
    ----------
    counts
        n spots by types of incident.
    family
        Column of the family.
    distances
        n by n neighbour graph (`neighbour_graph.graph`) up to at least 2 * `AROUND_M`, metres.

    Returns
    -------
    ndarray
        n numbers that add up to the family's count; the records where its count is 0.
    """
    counts = np.asarray(counts, float)
    records: NDArray[np.float64] = counts.sum(axis=1)
    around = neighbour_graph.kernel(neighbour_graph.within_radius(distances, 2 * AROUND_M), AROUND_M) @ np.column_stack(
        [counts, records]
    )
    others = np.delete(around, family, axis=1)
    share = (others @ additive_poisson.fit_weights(others, around[:, family])) / np.maximum(around[:, -1], 1e-12)
    at_risk: NDArray[np.float64] = records * share
    if not at_risk.sum() > 0:
        return records
    return at_risk * float(counts[:, family].sum() / at_risk.sum())
