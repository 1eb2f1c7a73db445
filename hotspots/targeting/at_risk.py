"""What is at risk at each spot: all recorded incidents there, as far as records like those around bring the family.

Burglary does not follow all crime: a shopping street has many records and few burglaries, so against plain records
every residential street would look burgled. Each record therefore counts by the share of the family that the types of
incident within some 200 m would lead one to expect; that share is learnt over the whole force.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from hotspots import neighbour_graph
from hotspots.targeting.forecasting import additive_poisson

# Bandwidth of what "around" means, metres.
AROUND_M = 200.0


def exposure_by_mix(counts: ArrayLike, family: int, distances: sparse.csr_matrix) -> NDArray:
    """Incidents of a family to expect at each spot from the number of records there and the types around.

    Parameters
    ----------
    counts
        n spots by types of incident.
    family
        Which of the types is asked for.
    distances
        n by n neighbour graph (`neighbour_graph.graph`) that reaches at least 2 * `AROUND_M`, metres.

    Returns
    -------
    ndarray
        n numbers that add up to the family's count; as the records where nothing of it was counted.
    """
    counts = np.asarray(counts, float)
    records = counts.sum(axis=1)
    around = neighbour_graph.kernel(neighbour_graph.within_radius(distances, 2 * AROUND_M), AROUND_M) @ np.column_stack(
        [counts, records]
    )
    told = np.delete(around, family, axis=1)
    share = (told @ additive_poisson.fit_weights(told, around[:, family])) / np.maximum(around[:, -1], 1e-12)
    at_risk = records * share
    return at_risk * (counts[:, family].sum() / at_risk.sum()) if at_risk.sum() > 0 else records
