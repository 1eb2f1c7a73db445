"""What chance allows: rates with a spread, and the counts they lead to.

An expected number of incidents is never exact. Here it is a gamma distribution given by its mean and variance; the
count that follows is negative binomial, and its 80 % interval the shortest run of whole numbers that holds so much.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

COVERAGE = 0.8


def prediction_interval(mean: ArrayLike, variance: ArrayLike, coverage: float = COVERAGE) -> tuple[NDArray, NDArray]:
    """Lowest and highest count of the shortest run of whole numbers that holds at least `coverage`.

    Parameters
    ----------
    mean, variance
        Of the expected rate, not of the count.
    coverage
        Share, 0 to 1.
    """
    means, variances = np.atleast_1d(np.asarray(mean, float)), np.atleast_1d(np.asarray(variance, float))
    runs = np.array([_shortest_run(m, v, coverage) for m, v in zip(means, variances, strict=True)]).reshape(-1, 2)
    return runs[:, 0], runs[:, 1]


def top_k_chance(mean: ArrayLike, variance: ArrayLike, k: int, draws: int = 2_000, seed: int = 1) -> NDArray:
    """Chance that each of n rates is among the k largest, by drawing all of them together."""
    mean, variance = np.asarray(mean, float), np.asarray(variance, float)
    if len(mean) <= k:
        return np.ones(len(mean))
    shape, scale = _gamma(mean, variance)
    drawn = np.random.default_rng(seed).gamma(shape, scale, size=(draws, len(mean)))
    last = -np.partition(-drawn, k - 1, axis=1)[:, k - 1]
    return (drawn >= last[:, None]).mean(axis=0)


def _gamma(mean: NDArray, variance: NDArray) -> tuple[NDArray, NDArray]:
    """Shape and scale of gamma distributions; no spread is a very small one."""
    mean = np.maximum(mean, 1e-9)
    variance = np.maximum(variance, 1e-6 * mean**2)
    return mean**2 / variance, variance / mean


def _shortest_run(mean: float, variance: float, coverage: float) -> tuple[float, float]:
    """Ends of the shortest run of counts for one rate; of equally short ones the likeliest."""
    shape, scale = _gamma(np.array(mean), np.array(variance))
    count = stats.nbinom(shape, 1 / (1 + scale))
    highest = int(count.ppf(1 - (1 - coverage) / 20)) + 1
    below = np.concatenate([[0.0], count.cdf(np.arange(highest + 1))])
    lows = np.arange(highest + 1)
    ends = np.searchsorted(below, below[lows] + coverage - 1e-12)
    possible = ends < len(below)
    lows, ends = lows[possible], ends[possible]
    held = below[ends] - below[lows]
    best = np.lexsort((-held, ends - lows))[0]
    return float(lows[best]), float(ends[best] - 1)
