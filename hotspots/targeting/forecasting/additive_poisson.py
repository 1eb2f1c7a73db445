"""Poisson regression whose terms add up: expected = sum of weight times term, no weight below nothing.

With an identity link every expected incident can be said to come from one of the terms. The likeliest weights are
found by expectation-maximisation (Shepp, Vardi 1982, doi:10.1109/TMI.1982.4307558): each counted incident is shared
among the terms in proportion to what they expect there, and a term's weight is what it was given, over what it says.
Totals are kept: as many incidents are expected as were counted.
"""

import numpy as np
from numpy.typing import NDArray

# Made-up incidents, shared equally among the terms, that keep weights steady where few were counted.
PRIOR_INCIDENTS = 20.0
_ROUNDS = 300
_CLOSE = 1e-4


def fit_weights(features: NDArray, counts: NDArray, prior_incidents: float = PRIOR_INCIDENTS) -> NDArray:
    """The weight of each term.

    Parameters
    ----------
    features
        Rows by terms, none below 0.
    counts
        Incidents of each row.
    prior_incidents
        As `PRIOR_INCIDENTS`.

    Returns
    -------
    ndarray
        One weight for each term; 0 for a term that says nothing anywhere.
    """
    said, total = features.sum(axis=0), counts.sum()
    is_said = said > 0
    weights = np.zeros(len(said))
    if not is_said.any() or total <= 0:
        return weights
    happened = (counts > 0) & (features.sum(axis=1) > 0)
    rows, counted = features[happened][:, is_said], counts[happened]
    said, even = said[is_said], prior_incidents / is_said.sum()
    found = total / len(said) / said
    for _ in range(_ROUNDS):
        given = found * (rows.T @ (counted / (rows @ found)))
        better = (given + even) / said * (total / (given.sum() + prior_incidents))
        is_close = np.abs(better - found).max() <= _CLOSE * found.max() and (
            np.abs((better - found) * said).max() <= _CLOSE * total
        )
        found = better
        if is_close:
            break
    weights[is_said] = found
    return weights
