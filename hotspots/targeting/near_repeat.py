"""Knox's test: are events that are close in space also close in time, more often than expected by chance?

Pairs of events are counted by their distance in metres and in days. The dates are then permuted over the places many
times: a surplus over the permutations is due neither to where events cluster nor to when.
"""

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.spatial import cKDTree

from hotspots.errors import ParameterError

METRICS = {"euclidean": 2.0, "manhattan": 1.0}
# Side of `np.searchsorted` for bands closed on the left or on the right.
_SIDES: dict[str, Literal["left", "right"]] = {"left": "right", "right": "left"}
# Relative tolerance, so that rounding does not exclude a pair at exactly the largest distance.
_TOLERANCE = 1e-9
_DAY = np.timedelta64(1, "D")


class KnoxResult(NamedTuple):
    """Pairs by distance (rows) and time (columns): observed, expected by chance, their ratio, and the p value."""

    observed: NDArray[np.int64]
    expected: NDArray[np.float64]
    ratio: NDArray[np.float64]
    p_value: NDArray[np.float64]


def knox(
    x: ArrayLike, y: ArrayLike, days: ArrayLike, distance_bands_m: ArrayLike, time_bands_days: ArrayLike, draws: int,
    seed: int, metric: str = "euclidean", closed: str = "left",
) -> KnoxResult:  # fmt: skip
    """Count pairs of events by distance and time, and compare with random permutations of the dates.

    Parameters
    ----------
    x, y
        n points, metres. Rows with anything missing are left out.
    days
        Day, or moment in days, of each; or dates.
    distance_bands_m, time_bands_days
        Edges of the bands, rising: [0, 200, 400] is two bands. [0, 0.1, 200] separates repeats at the same place.
    draws, seed
        Number of permutations, and seed of the random numbers. The order of the events does not matter.
    metric
        `euclidean` or `manhattan`.
    closed
        Which edge belongs to a band: `left` is [a, b), `right` is (a, b]. With `right`, pairs at the lowest edge (the
        same place, where that is 0) are not counted.

    Returns
    -------
    KnoxResult
        One array each, distance by time. `ratio` is observed / expected, missing where both are 0; `p_value` is
        (1 + permutations with at least as many pairs) / (draws + 1).

    Raises
    ------
    ParameterError
        Bands that do not rise, an unknown metric or side, no draws, or columns of unequal length.

    Notes
    -----
    A place that becomes busier, or quieter, within the period also produces pairs: the test cannot distinguish this
    from one burglary leading to the next (Kulldorff and Hjalmars 1999, doi:10.1111/j.0006-341X.1999.00544.x).

    References
    ----------
    Knox (1964), The detection of space-time interactions, doi:10.2307/2985220. Johnson et al. (2007), Space-time
    patterns of risk, doi:10.1007/s10940-007-9025-3. Ratcliffe and Rengert (2008), Near-repeat patterns in Philadelphia
    shootings, doi:10.1057/palgrave.sj.8350068.

    Examples
    --------
    >>> result = knox([0, 50, 900, 950], [0, 0, 0, 0], [1, 2, 80, 81], [0, 200], [0, 7], draws=99, seed=1)
    >>> int(result.observed[0, 0]), round(float(result.expected[0, 0]), 1)
    (2, 0.7)
    """
    return compare_with_permutations(
        *permute_dates(x, y, days, distance_bands_m, time_bands_days, draws, seed, metric, closed)
    )


def permute_dates(
    x: ArrayLike, y: ArrayLike, days: ArrayLike, distance_bands_m: ArrayLike, time_bands_days: ArrayLike, draws: int,
    seed: int, metric: str = "euclidean", closed: str = "left",
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:  # fmt: skip
    """Count pairs by distance and time, observed and in each permutation of the dates; parameters as `knox`."""
    distances, times = _edges(distance_bands_m, "distance_bands_m"), _edges(time_bands_days, "time_bands_days")
    if metric not in METRICS:
        raise ParameterError(f"knox: metric is '{metric}', expected one of {', '.join(METRICS)}.")
    if closed not in _SIDES:
        raise ParameterError(f"knox: closed is '{closed}', expected one of {', '.join(_SIDES)}.")
    if draws < 1:
        raise ParameterError(f"knox: draws must be at least 1, got {draws}.")
    points, dates = _events(x, y, days)
    first, second, starts = _near_pairs(points, distances, metric, closed)
    random = np.random.default_rng(seed)
    observed = _count_pairs(dates, first, second, starts, times, closed)
    permuted = [_count_pairs(random.permutation(dates), first, second, starts, times, closed) for _ in range(draws)]
    return observed, np.stack(permuted)


def compare_with_permutations(observed: NDArray[np.int64], permuted: NDArray[np.int64]) -> KnoxResult:
    """Return the result of `knox` from the counts of `permute_dates`."""
    expected = permuted.mean(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = observed / expected
    return KnoxResult(observed, expected, ratio, (1 + (permuted >= observed).sum(axis=0)) / (len(permuted) + 1))


def _events(
    x: ArrayLike, y: ArrayLike, days: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64] | NDArray[np.int16]]:
    """Return the places and days of complete events, sorted; whole days as integers."""
    points = np.column_stack([np.asarray(x, float), np.asarray(y, float)]).reshape(-1, 2)
    dates = np.asarray(days)
    dates = (dates - np.datetime64(0, "D")) / _DAY if dates.dtype.kind == "M" else dates.astype(float)
    if len(dates) != len(points):
        raise ParameterError(f"knox: there are {len(points)} places and {len(dates)} days.")
    is_complete = np.isfinite(points).all(axis=1) & np.isfinite(dates)
    points, dates = points[is_complete], dates[is_complete]
    order = np.lexsort((dates, points[:, 1], points[:, 0]))
    points, dates = points[order], dates[order] - (dates.min() if len(dates) else 0.0)
    is_whole_days = bool((dates == np.floor(dates)).all()) and dates.max(initial=0.0) < 2**15
    return points, dates.astype(np.int16) if is_whole_days else dates


def _near_pairs(
    points: NDArray[np.float64], edges: NDArray[np.float64], metric: str, closed: str
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
    """Return both ends of every pair within the bands, sorted by band, and where each band starts."""
    norm = METRICS[metric]
    pairs = (
        cKDTree(points).query_pairs(edges[-1] * (1 + _TOLERANCE), p=norm, output_type="ndarray")
        if len(points)
        else np.empty((0, 2), np.intp)
    )
    apart = np.abs(points[pairs[:, 0]] - points[pairs[:, 1]])
    distance = apart.sum(axis=1) if metric == "manhattan" else np.hypot(*apart.T)
    band = np.searchsorted(edges, distance, side=_SIDES[closed]) - 1
    order = np.argsort(band, kind="stable")
    starts = np.searchsorted(band[order], np.arange(len(edges)))
    return pairs[order, 0], pairs[order, 1], starts


def _count_pairs(
    dates: NDArray[np.float64] | NDArray[np.int16], first: NDArray[np.intp], second: NDArray[np.intp],
    starts: NDArray[np.intp], times: NDArray[np.float64], closed: str,
) -> NDArray[np.int64]:  # fmt: skip
    """Return the pairs by distance and time band, as differences of the cumulative counts at each time edge."""
    days = np.abs(dates[first] - dates[second])
    below = [np.append(0, np.cumsum(days < edge if closed == "left" else days <= edge))[starts] for edge in times]
    return np.diff(np.diff(np.column_stack(below), axis=0), axis=1)


def _edges(bands: ArrayLike, name: str) -> NDArray[np.float64]:
    """Return the edges of bands, or raise where they do not rise."""
    edges = np.asarray(bands, float)
    if edges.ndim != 1 or len(edges) < 2 or not np.isfinite(edges).all() or (np.diff(edges) <= 0).any() or edges[0] < 0:
        raise ParameterError(f"knox: {name} must be at least two rising edges from 0 upwards, got {edges.tolist()}.")
    return edges
