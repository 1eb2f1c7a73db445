"""Proportions and ratios with intervals, shrunken towards the whole force's where there is little data.

A share of ten answers is uncertain, so it is shrunken towards the share of the whole force. The prior that sets how far
is estimated from the differences between areas beyond chance (empirical Bayes).
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

Interval = tuple[NDArray[Any], NDArray[Any]]
# Minimum number of areas from which a prior is estimated.
MIN_AREAS = 8


def wilson(share: ArrayLike, respondents: ArrayLike, confidence: float = 0.95) -> Interval:
    """Return Wilson's interval of a share, given the number of respondents.

    References
    ----------
    Wilson 1927, https://doi.org/10.1080/01621459.1927.10502953

    Examples
    --------
    >>> [round(float(end), 4) for end in wilson(0.1, 50)]
    [0.0435, 0.2136]
    """
    p, n = np.asarray(share, float), np.asarray(respondents, float)
    z = special.ndtri((1 + confidence) / 2)
    middle = (p + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2)) / (1 + z**2 / n)
    return np.maximum(middle - half, 0), np.minimum(middle + half, 1)


def difference(
    later: tuple[ArrayLike, ArrayLike], earlier: tuple[ArrayLike, ArrayLike], confidence: float = 0.95
) -> Interval:
    """Return Newcombe's interval of the later share minus the earlier, each given with its number of respondents.

    References
    ----------
    Newcombe 1998 (method 10), https://doi.org/10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I

    Examples
    --------
    >>> [round(float(end), 4) for end in difference((56 / 70, 70), (48 / 80, 80))]
    [0.0524, 0.3339]
    """
    (p2, n2), (p1, n1) = later, earlier
    low2, high2 = wilson(p2, n2, confidence)
    low1, high1 = wilson(p1, n1, confidence)
    p2, p1 = np.asarray(p2, float), np.asarray(p1, float)
    low = p2 - p1 - np.hypot(p2 - low2, high1 - p1)
    return low, p2 - p1 + np.hypot(high2 - p2, p1 - low1)


def shrunken_share(
    count: ArrayLike, total: ArrayLike, mean: ArrayLike, prior: float, coverage: float = 0.8
) -> NDArray[Any]:
    """Return share, low and high end, one column each, shrunken towards a mean with the weight of `prior` answers."""
    count, total, mean = (np.asarray(values, float) for values in (count, total, mean))
    weight = max(prior, 1e-6)
    a, b = count + weight * mean + 1e-9, total - count + weight * (1 - mean) + 1e-9
    ends = [special.betaincinv(a, b, (1 + side * coverage) / 2) for side in (-1, 1)]
    return np.column_stack([a / (a + b), *ends])


def shrunken_ratio(count: ArrayLike, expected: ArrayLike, prior: float, coverage: float = 0.8) -> NDArray[Any]:
    """Return count / expected, low and high end, one column each, shrunken towards 1 with the weight of `prior`."""
    a, b = np.asarray(count, float) + prior, np.asarray(expected, float) + prior
    ends = [special.gammaincinv(a, (1 + side * coverage) / 2) / b for side in (-1, 1)]
    return np.column_stack([a / b, *ends])


def share_prior(count: ArrayLike, total: ArrayLike, default: float) -> float:
    """Estimate the prior of a share, in answers, from the differences between areas (beta-binomial, moments)."""
    count, total = np.asarray(count, float), np.asarray(total, float)
    count, total = count[total > 0], total[total > 0]
    mean = count.sum() / max(total.sum(), 1)
    if len(total) < MIN_AREAS or not 0 < mean < 1:
        return default
    spare = total.sum() - (total**2).sum() / total.sum() - (len(total) - 1)
    differs = (total * (count / total - mean) ** 2).sum() / (mean * (1 - mean)) - (len(total) - 1)
    alike = np.clip(differs / max(spare, 1e-9), 0.002, 0.5)
    return float((1 - alike) / alike)


def ratio_prior(count: ArrayLike, expected: ArrayLike, default: float = 2.0) -> float:
    """Estimate the prior of a ratio, in expected incidents, from the differences of areas (gamma-Poisson, moments)."""
    count, expected = np.asarray(count, float), np.asarray(expected, float)
    count, expected = count[expected > 0], expected[expected > 0]
    if len(expected) < MIN_AREAS:
        return default
    differs = ((count - expected) ** 2 / expected).sum() - (len(expected) - 1)
    spare = expected.sum() - (expected**2).sum() / expected.sum()
    return float(1 / np.clip(differs / max(spare, 1e-9), 0.001, 2.0))
