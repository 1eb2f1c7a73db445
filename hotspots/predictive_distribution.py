"""Predictive distributions of counts: how far the observed number of incidents may be from the expected number.

The expected rate is uncertain: it has a gamma distribution with a given mean and variance, so the count is negative
binomial. Its 80 % prediction interval is the shortest range of counts with at least that probability.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

COVERAGE = 0.8
# Minimum number of areas from which the dispersion is estimated.
MIN_AREAS = 40
# Prior incidents, both expected and observed, that keep the slope near 1 where there are few observed.
_PRIOR_INCIDENTS = 50.0
_QUADRATIC = np.concatenate([[0.0], np.geomspace(0.005, 1.0, 24)])
_LINEAR = np.concatenate([[0.0], np.geomspace(0.02, 3.0, 16)])


@dataclass(frozen=True, kw_only=True)
class Dispersion:
    """Dispersion of observed around expected incidents, in areas chosen for their high forecasts.

    Attributes
    ----------
    slope
        Observed incidents per expected one; below 1 if the highest forecasts were partly chance.
    linear, quadratic
        Variance of a rate with mean m: linear times m (bursts and repeat calls) plus quadratic times m squared
        (places and months above or below their forecast).
    areas
        Number of areas it was estimated from; 0 for the default.
    """

    slope: float = 1.0
    linear: float = 0.3
    quadratic: float = 0.06
    areas: int = 0

    def variance(self, expected: ArrayLike) -> NDArray[Any]:
        """Return the variance of rates with the given expected incidents."""
        mean = np.asarray(expected, float)
        return self.linear * mean + self.quadratic * mean**2


def fit_dispersion(expected: ArrayLike, observed: ArrayLike) -> Dispersion:
    """Estimate the dispersion of earlier forecasts by maximum likelihood; the default if there are too few areas.

    Counts are negative binomial around the expected number times the slope. The slope corrects for regression to the
    mean, because the areas were chosen for their high forecasts.

    Parameters
    ----------
    expected, observed
        Expected and observed incidents of each area of earlier forecasts.
    """
    mean, count = np.asarray(expected, float), np.asarray(observed, float)
    mean, count = mean[mean > 0], count[mean > 0]
    if len(mean) < MIN_AREAS or not count.sum():
        return Dispersion()
    slope = (count.sum() + _PRIOR_INCIDENTS) / (mean.sum() + _PRIOR_INCIDENTS)
    mean = mean * slope
    quadratic, linear = (grid[:, None] for grid in np.array(np.meshgrid(_QUADRATIC, _LINEAR)).reshape(2, -1))
    shape = mean / np.maximum(linear + quadratic * mean, 1e-6)
    likelihood = (
        special.gammaln(count + shape) - special.gammaln(shape)
        + shape * np.log(shape / (shape + mean)) + count * np.log(mean / (shape + mean))
    ).sum(axis=1)  # fmt: skip
    best = int(likelihood.argmax())
    return Dispersion(
        slope=float(slope), linear=float(linear[best, 0]), quadratic=float(quadratic[best, 0]), areas=len(mean)
    )


def prediction_interval(
    mean: ArrayLike, variance: ArrayLike, coverage: float = COVERAGE
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return the lowest and highest count of the shortest range with at least the given probability.

    Parameters
    ----------
    mean, variance
        Mean and variance of the expected rate, not of the count.
    coverage
        Probability, 0 to 1.
    """
    means, variances = np.atleast_1d(np.asarray(mean, float)), np.atleast_1d(np.asarray(variance, float))
    ranges = np.array([_shortest_range(m, v, coverage) for m, v in zip(means, variances, strict=True)])
    ranges = ranges.reshape(-1, 2)
    return ranges[:, 0], ranges[:, 1]


def top_k_chance(mean: ArrayLike, variance: ArrayLike, k: int, draws: int = 2_000, seed: int = 1) -> NDArray[Any]:
    """Return the probability that each of n rates is among the k largest, by simulation."""
    mean, variance = np.asarray(mean, float), np.asarray(variance, float)
    if len(mean) <= k:
        return np.ones(len(mean))
    shape, scale = _gamma(mean, variance)
    drawn = np.random.default_rng(seed).gamma(shape, scale, size=(draws, len(mean)))
    last = -np.partition(-drawn, k - 1, axis=1)[:, k - 1]
    return np.asarray((drawn >= last[:, None]).mean(axis=0))


def pit(mean: ArrayLike, variance: ArrayLike, count: ArrayLike, seed: int) -> NDArray[Any]:
    """Return the randomised probability integral transform of each count: uniform on 0 to 1 for a correct distribution.

    Parameters
    ----------
    mean, variance
        Mean and variance of the expected rates.
    count
        Observed counts.
    seed
        Seed of the random draw within the step of each count.

    References
    ----------
    Czado, Gneiting and Held 2009, https://doi.org/10.1111/j.1541-0420.2009.01191.x
    """
    shape, scale = _gamma(np.asarray(mean, float), np.asarray(variance, float))
    observed = np.asarray(count)
    below, up_to = _at_most(observed - 1, shape, scale), _at_most(observed, shape, scale)
    return np.asarray(below + np.random.default_rng(seed).uniform(size=len(observed)) * (up_to - below))


def _gamma(mean: NDArray[Any], variance: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return shape and scale of gamma distributions; a variance of zero becomes a very small one."""
    mean = np.maximum(mean, 1e-9)
    variance = np.maximum(variance, 1e-6 * mean**2)
    return mean**2 / variance, variance / mean


def _at_most(count: ArrayLike, shape: ArrayLike, scale: ArrayLike) -> NDArray[Any]:
    """Return the negative binomial distribution function: the probability of at most the given count."""
    count = np.asarray(count, float)
    return np.where(count < 0, 0.0, special.betainc(shape, np.maximum(count, 0.0) + 1.0, 1 / (1 + np.asarray(scale))))


def _shortest_range(mean: float, variance: float, coverage: float) -> tuple[float, float]:
    """Return the ends of the shortest range of counts for one rate; of equally short ranges, the most probable."""
    shape, scale = _gamma(np.array(mean), np.array(variance))
    highest = 16
    while _at_most(highest - 1, shape, scale) < 1 - (1 - coverage) / 20:
        highest *= 2
    below = np.concatenate([[0.0], _at_most(np.arange(highest + 1), shape, scale)])
    lows = np.arange(highest + 1)
    ends = np.searchsorted(below, below[lows] + coverage - 1e-12)
    possible = ends < len(below)
    lows, ends = lows[possible], ends[possible]
    probability = below[ends] - below[lows]
    best = np.lexsort((-probability, ends - lows))[0]
    return float(lows[best]), float(ends[best] - 1)
