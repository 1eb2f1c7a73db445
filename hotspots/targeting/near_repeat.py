"""Knox's test: do events that are close in place lie close in time too, more than chance makes them?

Every pair of events is counted by its distance in metres and in days. Then the same days are dealt out anew to the same
places, again and again: what the real days have beyond these deals is due neither to where events crowd nor to when.
"""

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.spatial import cKDTree

from hotspots.errors import ParameterError

METRICS = {"euclidean": 2.0, "manhattan": 1.0}
# Of the edges that a band may own, the side on which numpy looks for it.
_SIDES: dict[str, Literal["left", "right"]] = {"left": "right", "right": "left"}
# Rounding may put a pair at exactly the largest distance just beyond it: as a share of that distance.
_SLACK = 1e-9
_DAY = np.timedelta64(1, "D")


class Knox(NamedTuple):
    """Pairs by distance (rows) and time (columns): observed, expected by chance, their ratio, and the p value."""

    observed: NDArray[np.int64]
    expected: NDArray[np.float64]
    ratio: NDArray[np.float64]
    p_value: NDArray[np.float64]


def knox(
    x: ArrayLike, y: ArrayLike, days: ArrayLike, distance_bands_m: ArrayLike, time_bands_days: ArrayLike, draws: int,
    seed: int, metric: str = "euclidean", closed: str = "left",
) -> Knox:  # fmt: skip
    """Pairs of events by distance and time apart, against chance: the same days dealt out anew to the same places.

    Parameters
    ----------
    x, y
        n points, metres. Rows with anything missing are left out.
    days
        Day, or moment in days, of each; or dates.
    distance_bands_m, time_bands_days
        Edges of the bands, rising: [0, 200, 400] is two bands. [0, 0.1, 200] sets repeats at the same place apart.
    draws, seed
        How many deals, and where the random numbers start. The order of the events does not matter.
    metric
        `euclidean` or `manhattan`.
    closed
        Which edge belongs to a band: `left` is [a, b), `right` is (a, b], in which pairs at the lowest edge (the same
        place, where that is 0) count nowhere.

    Returns
    -------
    Knox
        One array each, distance by time. `ratio` is observed by expected, missing where both are nought; `p_value` is
        (1 + deals with at least as many pairs) / (draws + 1).

    Raises
    ------
    ParameterError
        Bands that do not rise, an unknown metric or side, no draws, or columns of unequal length.

    Notes
    -----
    A place that becomes busier, or quieter, within the period makes pairs too: the test cannot tell this from
    one burglary leading to the next (Kulldorff and Hjalmars 1999, doi:10.1111/j.0006-341X.1999.00544.x).

    References
    ----------
    Knox (1964), The detection of space-time interactions, doi:10.2307/2985220. Johnson et al. (2007), Space-time
    patterns of risk, doi:10.1007/s10940-007-9025-3. Ratcliffe and Rengert (2008), Near-repeat patterns in Philadelphia
    shootings, doi:10.1057/palgrave.sj.8350068.

    Examples
    --------
    >>> found = knox([0, 50, 900, 950], [0, 0, 0, 0], [1, 2, 80, 81], [0, 200], [0, 7], draws=99, seed=1)
    >>> int(found.observed[0, 0]), round(float(found.expected[0, 0]), 1)
    (2, 0.7)
    """
    return compare(*deal(x, y, days, distance_bands_m, time_bands_days, draws, seed, metric, closed))


def deal(
    x: ArrayLike, y: ArrayLike, days: ArrayLike, distance_bands_m: ArrayLike, time_bands_days: ArrayLike, draws: int,
    seed: int, metric: str = "euclidean", closed: str = "left",
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:  # fmt: skip
    """Pairs by distance and time as they are, and in every deal (deals by distance by time); parameters as `knox`."""
    distances, times = _edges(distance_bands_m, "distance_bands_m"), _edges(time_bands_days, "time_bands_days")
    if metric not in METRICS:
        raise ParameterError(f"knox: metric is '{metric}', expected one of {', '.join(METRICS)}.")
    if closed not in _SIDES:
        raise ParameterError(f"knox: closed is '{closed}', expected one of {', '.join(_SIDES)}.")
    if draws < 1:
        raise ParameterError(f"knox: draws must be at least 1, got {draws}.")
    points, when = _events(x, y, days)
    first, second, starts = _near_pairs(points, distances, metric, closed)
    random = np.random.default_rng(seed)
    observed = _count(when, first, second, starts, times, closed)
    drawn = [_count(random.permutation(when), first, second, starts, times, closed) for _ in range(draws)]
    return observed, np.stack(drawn)


def compare(observed: NDArray[np.int64], drawn: NDArray[np.int64]) -> Knox:
    """The tables of `knox` from what `deal` gives."""
    expected = drawn.mean(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = observed / expected
    return Knox(observed, expected, ratio, (1 + (drawn >= observed).sum(axis=0)) / (len(drawn) + 1))


def _events(x: ArrayLike, y: ArrayLike, days: ArrayLike) -> tuple[NDArray, NDArray]:
    """Places and days of the events that have both, in an order of their own; whole days as whole numbers."""
    points = np.column_stack([np.asarray(x, float), np.asarray(y, float)]).reshape(-1, 2)
    when = np.asarray(days)
    when = (when - np.datetime64(0, "D")) / _DAY if when.dtype.kind == "M" else when.astype(float)
    if len(when) != len(points):
        raise ParameterError(f"knox: there are {len(points)} places and {len(when)} days.")
    is_whole = np.isfinite(points).all(axis=1) & np.isfinite(when)
    points, when = points[is_whole], when[is_whole]
    order = np.lexsort((when, points[:, 1], points[:, 0]))
    points, when = points[order], when[order] - (when.min() if len(when) else 0.0)
    is_to_the_day = bool((when == np.floor(when)).all()) and when.max(initial=0.0) < 2**15
    return points, when.astype(np.int16) if is_to_the_day else when


def _near_pairs(points: NDArray, edges: NDArray, metric: str, closed: str) -> tuple[NDArray, NDArray, NDArray]:
    """Both ends of every pair within the bands, by band, and where each band begins."""
    norm = METRICS[metric]
    found = (
        cKDTree(points).query_pairs(edges[-1] * (1 + _SLACK), p=norm, output_type="ndarray")
        if len(points)
        else np.empty((0, 2), np.intp)
    )
    apart = np.abs(points[found[:, 0]] - points[found[:, 1]])
    gap = apart.sum(axis=1) if metric == "manhattan" else np.hypot(*apart.T)
    band = np.searchsorted(edges, gap, side=_SIDES[closed]) - 1
    order = np.argsort(band, kind="stable")
    starts = np.searchsorted(band[order], np.arange(len(edges)))
    return found[order, 0], found[order, 1], starts


def _count(
    when: NDArray, first: NDArray, second: NDArray, starts: NDArray, times: NDArray, closed: str
) -> NDArray[np.int64]:
    """Pairs by distance and time band: those below each edge of time are summed, and differences taken."""
    gap = np.abs(when[first] - when[second])
    below = [np.append(0, np.cumsum(gap < edge if closed == "left" else gap <= edge))[starts] for edge in times]
    return np.diff(np.diff(np.column_stack(below), axis=0), axis=1)


def _edges(bands: ArrayLike, name: str) -> NDArray[np.float64]:
    """Edges of bands, checked."""
    edges = np.asarray(bands, float)
    if edges.ndim != 1 or len(edges) < 2 or not np.isfinite(edges).all() or (np.diff(edges) <= 0).any() or edges[0] < 0:
        raise ParameterError(f"knox: {name} must be at least two rising edges from 0 upwards, got {edges.tolist()}.")
    return edges
