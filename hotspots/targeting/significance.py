"""P values of hotspots by simulation, allowing for snapped locations and busy places.

In each simulation draw, incidents of the family are redistributed over the same spots in proportion to what is at risk
there and clustered again; the largest log-likelihood ratio of its clusters is kept. A hotspot's p value is the share of
draws whose largest ratio is at least its own. So neither snapping nor a busy town centre alone makes a hotspot
significant.

References
----------
Kulldorff (1997), A spatial scan statistic, doi:10.1080/03610929708831995.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from hotspots import neighbour_graph
from hotspots.errors import ParameterError
from hotspots.targeting import clusters
from hotspots.targeting.clusters import DbscanParams

AT_RISK = ("mix", "records")


@dataclass(frozen=True, kw_only=True)
class SignificanceParams:
    """Exposure, number of simulation draws, and seed.

    Attributes
    ----------
    at_risk
        Exposure by which incidents are redistributed: `mix`, records weighted by the mix of offence types around, or
        `records`, unweighted.
    draws
        Simulation draws for each family; the smallest p value is 1 / (draws + 1).
    seed
        Seed of the random numbers.
    """

    at_risk: str = "mix"
    draws: int = 199
    seed: int = 1

    def __post_init__(self) -> None:
        """Check the limits."""
        if self.at_risk not in AT_RISK:
            raise ParameterError(f"significance.at_risk is '{self.at_risk}', expected one of {', '.join(AT_RISK)}.")
        if self.draws < 19:
            raise ParameterError(f"significance.draws must be at least 19 (p = 0.05 can then occur), got {self.draws}.")


def hotspot_p_values(
    easting: ArrayLike,
    northing: ArrayLike,
    counts: ArrayLike,
    at_risk: ArrayLike,
    radius_m: float,
    min_incidents: int,
    draws: int,
    seed: int,
) -> NDArray[np.float64]:
    """Return the p value of each cluster, in the order of `clusters.dbscan`'s labels.

    Parameters
    ----------
    easting, northing
        n distinct spots, metres.
    counts, at_risk
        Incidents of the family, and what is at risk, at each spot.
    radius_m, min_incidents
        As in `clusters.dbscan`.
    draws, seed
        Number of simulation draws, and seed of the random numbers.
    """
    DbscanParams(radius_m=radius_m, min_incidents=min_incidents)
    links = neighbour_graph.graph_pairs(neighbour_graph.graph(easting, northing, radius_m))

    def label(counts: NDArray[Any]) -> list[NDArray[np.int64]]:
        return [clusters.label_links(*links, counts, min_incidents)]

    return p_values(label, counts, at_risk, SignificanceParams(draws=draws, seed=seed))


def p_values(
    label: Callable[[NDArray[Any]], Sequence[NDArray[np.int64]]],
    counts: ArrayLike,
    at_risk: ArrayLike,
    params: SignificanceParams,
) -> NDArray[np.float64]:
    """Return the p value of each cluster of the first labels.

    Parameters
    ----------
    label
        Returns the cluster of each of n spots, -1 for none, from their counts, and further labels where there are other
        candidates, such as the clusters before a split. The same rule labels the incidents and every draw; the largest
        ratio of a draw is that of all its candidates.
    counts, at_risk
        Incidents of the family, and what is at risk, at each spot.
    params
        Number of simulation draws, and seed of the random numbers.
    """
    counts, at_risk = np.asarray(counts, np.int64), np.asarray(at_risk, float)
    labels = label(counts)[0]
    if labels.max(initial=-1) < 0:
        return np.empty(0)
    share = at_risk / at_risk.sum()
    observed = cluster_ratios(labels, counts, share)
    random = np.random.default_rng(params.seed)
    largest = np.empty(params.draws)
    for draw in range(params.draws):
        simulated = random.multinomial(counts.sum(), share)
        ratios = [cluster_ratios(each, simulated, share).max(initial=0.0) for each in label(simulated)]
        largest[draw] = max(ratios)
    at_least = (largest[:, None] >= observed[None, :]).sum(axis=0)
    return np.asarray((1 + at_least) / (params.draws + 1), float)


def cluster_ratios(labels: NDArray[np.int64], counts: ArrayLike, share: ArrayLike) -> NDArray[np.float64]:
    """Return the log-likelihood ratio of each cluster, given its share of what is at risk."""
    is_in = labels >= 0
    size = int(labels.max(initial=-1)) + 1
    inside = np.bincount(labels[is_in], np.asarray(counts)[is_in], size)
    expected = np.bincount(labels[is_in], np.asarray(share)[is_in], size) * np.asarray(counts).sum()
    return log_likelihood_ratio(inside, expected, float(np.asarray(counts).sum()))


def log_likelihood_ratio(count: ArrayLike, expected: ArrayLike, total: float) -> NDArray[np.float64]:
    """Return Kulldorff's Poisson log-likelihood ratio, 0 where the count is not above the expected number.

    Examples
    --------
    >>> round(float(log_likelihood_ratio(10, 4, 100)), 6)
    3.35444
    """
    count, expected = np.asarray(count, float), np.asarray(expected, float)
    rest = total - count
    with np.errstate(divide="ignore", invalid="ignore"):
        inside = count * np.log(count / expected)
        outside = np.where(rest > 0, rest * np.log(rest / (total - expected)), 0.0)
    return np.where(count > expected, inside + outside, 0.0)


def gi_star(values: ArrayLike, weights: ArrayLike | sparse.spmatrix) -> NDArray[np.float64]:
    """Return Getis-Ord Gi* of each place.

    Parameters
    ----------
    values
        n numbers.
    weights
        n by n, dense or sparse, each place among its own neighbours.

    Returns
    -------
    ndarray
        n z scores; 0 where they are not defined (all values equal, or all places neighbours).

    References
    ----------
    Ord, Getis (1995), doi:10.1111/j.1538-4632.1995.tb00912.x.

    Examples
    --------
    >>> near = np.zeros((10, 10)); near[4, 3:6] = 1
    >>> round(float(gi_star([0, 0, 1, 0, 5, 6, 0, 1, 0, 0], near)[4]), 6)
    2.164809
    """
    values, near = np.asarray(values, float), sparse.csr_array(weights)
    n, mean = len(values), values.mean()
    sums, squares = (np.asarray(each.sum(axis=1)).ravel() for each in (near, near.multiply(near)))
    spread = values.std() * np.sqrt(np.maximum(n * squares - sums**2, 0.0) / max(n - 1, 1))
    difference = near @ values - mean * sums
    is_known = spread > 1e-12 * max(np.abs(values).max(initial=0.0), 1e-300)
    z_scores: NDArray[np.float64] = np.divide(difference, spread, out=np.zeros(n), where=is_known)
    return z_scores
