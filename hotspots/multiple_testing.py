"""Significance where many places are tested at once."""

import numpy as np
from numpy.typing import ArrayLike, NDArray


def is_significant(p_values: ArrayLike, false_discovery_rate: float) -> NDArray[np.bool_]:
    """Return which p values are significant at a false discovery rate (Benjamini-Hochberg procedure).

    `scipy.stats.false_discovery_control` adjusts p values in the same way, but takes half a second to import.

    References
    ----------
    Benjamini, Hochberg (1995), doi:10.1111/j.2517-6161.1995.tb02031.x.

    Examples
    --------
    >>> is_significant([0.01, 0.04, 0.03, 0.6], 0.06).tolist()
    [True, True, True, False]
    """
    p_values = np.asarray(p_values, float)
    ordered = np.sort(p_values)
    passing = ordered[ordered <= false_discovery_rate * np.arange(1, len(ordered) + 1) / max(len(ordered), 1)]
    return np.asarray(p_values <= passing.max(initial=-1.0), bool)
