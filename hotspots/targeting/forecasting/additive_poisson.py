"""Additive Poisson regression: expected = sum of weight times feature, with weights of 0 or more.

With an identity link every expected incident can be attributed to one of the features. The maximum likelihood weights
are found by expectation-maximisation (Shepp, Vardi 1982, doi:10.1109/TMI.1982.4307558): each counted incident is
divided among the features in proportion to what they expect there, and a weight is the incidents attributed to its
feature over the feature's total. As many incidents are expected as were counted.
"""

import numpy as np
from numpy.typing import NDArray

# Pseudo-incidents, divided equally among the features, that keep weights stable where few were counted.
PRIOR_INCIDENTS = 20.0
_MAX_ITERATIONS = 300
_TOLERANCE = 1e-4


def fit_weights(features: NDArray[np.float64], counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the weight of each feature.

    Parameters
    ----------
    features
        Rows by features, none below 0.
    counts
        Incidents of each row.

    Returns
    -------
    ndarray
        One weight for each feature; 0 for a feature that is 0 in every row.
    """
    sums, total = features.sum(axis=0), counts.sum()
    is_used = sums > 0
    weights = np.zeros(len(sums))
    if not is_used.any() or total <= 0:
        return weights
    is_counted = (counts > 0) & (features.sum(axis=1) > 0)
    rows, counted = features[is_counted][:, is_used], counts[is_counted]
    sums, prior = sums[is_used], PRIOR_INCIDENTS / is_used.sum()
    fitted = total / len(sums) / sums
    for _ in range(_MAX_ITERATIONS):
        attributed = fitted * (rows.T @ (counted / (rows @ fitted)))
        updated = (attributed + prior) / sums * (total / (attributed.sum() + PRIOR_INCIDENTS))
        has_converged = np.abs(updated - fitted).max() <= _TOLERANCE * fitted.max() and (
            np.abs((updated - fitted) * sums).max() <= _TOLERANCE * total
        )
        fitted = updated
        if has_converged:
            break
    weights[is_used] = fitted
    return weights
