"""What chance allows: rates with a spread, and the counts they lead to.

An expected number of incidents is never exact. Here it is a gamma distribution given by its mean and variance; the
count that follows is negative binomial, and its 80 % interval the shortest run of whole numbers that holds so much.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

COVERAGE = 0.8
# Areas that must be checked before their own spread is believed.
MIN_AREAS = 40
# Made-up incidents, as many as expected, that keep the slope near 1 where few came.
_PRIOR_INCIDENTS = 50.0
_SHARES = np.concatenate([[0.0], np.geomspace(0.005, 1.0, 24)])
_EXCESSES = np.concatenate([[0.0], np.geomspace(0.02, 3.0, 16)])


@dataclass(frozen=True, kw_only=True)
class Spread:
    """How far what came fell from what was expected, in areas chosen because they expected much.

    Attributes
    ----------
    slope
        Incidents that came for each one expected: below 1 where the highest forecasts were partly luck.
    excess, share
        Variance of a rate of mean m: excess times m (bursts and repeat calls), and share times m squared (places
        and months that are more, or less, than was thought).
    areas
        How many areas it was read off; 0 where it is the plain default.
    """

    slope: float = 1.0
    excess: float = 0.3
    share: float = 0.06
    areas: int = 0

    def variance(self, expected: ArrayLike) -> NDArray:
        """Variance of the rates of areas that expect so much."""
        mean = np.asarray(expected, float)
        return self.excess * mean + self.share * mean**2


def fit_spread(expected: ArrayLike, observed: ArrayLike) -> Spread:
    """The spread that earlier forecasts had, by maximum likelihood; the default where too few areas were checked.

    Counts are negative binomial around the expected number times the slope. The slope corrects for selection: areas
    are chosen because they expect most, so on average they fall back.

    Parameters
    ----------
    expected, observed
        One of each for every area of earlier forecasts: what was expected and what came.
    """
    mean, came = np.asarray(expected, float), np.asarray(observed, float)
    mean, came = mean[mean > 0], came[mean > 0]
    if len(mean) < MIN_AREAS or not came.sum():
        return Spread()
    slope = (came.sum() + _PRIOR_INCIDENTS) / (mean.sum() + _PRIOR_INCIDENTS)
    mean = mean * slope
    share, excess = (grid[:, None] for grid in np.array(np.meshgrid(_SHARES, _EXCESSES)).reshape(2, -1))
    shape = mean / np.maximum(excess + share * mean, 1e-6)
    likelihood = (
        special.gammaln(came + shape) - special.gammaln(shape)
        + shape * np.log(shape / (shape + mean)) + came * np.log(mean / (shape + mean))
    ).sum(axis=1)  # fmt: skip
    best = int(likelihood.argmax())
    return Spread(slope=float(slope), excess=float(excess[best, 0]), share=float(share[best, 0]), areas=len(mean))


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


def pit(mean: ArrayLike, variance: ArrayLike, count: ArrayLike, seed: int) -> NDArray:
    """Where in its predicted spread each count fell, from 0 to 1: even over that range where the spread is right.

    Counts are whole, so each lot is drawn within its own step (the randomised probability integral transform:
    Czado, Gneiting, Held 2009, doi:10.1111/j.1541-0420.2009.01191.x).

    Parameters
    ----------
    mean, variance
        Of the expected rates.
    count
        What came.
    seed
        Of the draw.
    """
    shape, scale = _gamma(np.asarray(mean, float), np.asarray(variance, float))
    came = np.asarray(count)
    below, up_to = _at_most(came - 1, shape, scale), _at_most(came, shape, scale)
    return below + np.random.default_rng(seed).uniform(size=len(came)) * (up_to - below)


def _gamma(mean: NDArray, variance: NDArray) -> tuple[NDArray, NDArray]:
    """Shape and scale of gamma distributions; no spread is a very small one."""
    mean = np.maximum(mean, 1e-9)
    variance = np.maximum(variance, 1e-6 * mean**2)
    return mean**2 / variance, variance / mean


def _at_most(count: ArrayLike, shape: ArrayLike, scale: ArrayLike) -> NDArray:
    """Chance of at most so many where the rate is gamma distributed: the negative binomial's distribution function."""
    count = np.asarray(count, float)
    return np.where(count < 0, 0.0, special.betainc(shape, np.maximum(count, 0.0) + 1.0, 1 / (1 + np.asarray(scale))))


def _shortest_run(mean: float, variance: float, coverage: float) -> tuple[float, float]:
    """Ends of the shortest run of counts for one rate; of equally short ones the likeliest."""
    shape, scale = _gamma(np.array(mean), np.array(variance))
    highest = 16
    while _at_most(highest - 1, shape, scale) < 1 - (1 - coverage) / 20:
        highest *= 2
    below = np.concatenate([[0.0], _at_most(np.arange(highest + 1), shape, scale)])
    lows = np.arange(highest + 1)
    ends = np.searchsorted(below, below[lows] + coverage - 1e-12)
    possible = ends < len(below)
    lows, ends = lows[possible], ends[possible]
    held = below[ends] - below[lows]
    best = np.lexsort((-held, ends - lows))[0]
    return float(lows[best]), float(ends[best] - 1)
