"""Accuracy measures of predicted places: hit rate, PAI, PEI, RRI; on numbers or arrays, NaN where a divisor is 0.

Two measures are called RRI. `rri`, the recovery rate index of the R package ptools, is the ratio of predicted to
observed incidents in the same places; `recapture_rate_index` is the ratio of the places' share of incidents after
to that before (Levine 2008, doi:10.1057/palgrave.cpcs.8150038).
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray


def hit_rate(hits: ArrayLike, total: ArrayLike) -> NDArray[np.float64] | np.float64:
    """Return the share of all incidents inside the predicted places.

    Examples
    --------
    >>> float(hit_rate(6, 9))
    0.6666666666666666
    """
    return _ratio(hits, total)


def pai(hits: ArrayLike, total: ArrayLike, area: ArrayLike, study_area: ArrayLike) -> NDArray[np.float64] | np.float64:
    """Return the prediction accuracy index: hit rate over the share of the area.

    Very small areas have the highest values; compare at equal area only.

    Parameters
    ----------
    hits, total
        Incidents in the predicted places, and in the whole study area.
    area, study_area
        Area of the predicted places, and of the study area, in the same unit.

    References
    ----------
    Chainey, Tompson, Uhlig (2008), doi:10.1057/palgrave.sj.8350066.

    Examples
    --------
    >>> float(pai(6, 9, 1, 3))
    2.0
    """
    return _ratio(_ratio(hits, total), _ratio(area, study_area))


def pei(hits: ArrayLike, best_hits: ArrayLike) -> NDArray[np.float64] | np.float64:
    """Return the prediction efficiency index: hits over the most that the same area could have captured.

    Parameters
    ----------
    hits, best_hits
        Incidents in the predicted places, and in the best places of the same area; or the PAI of both.

    References
    ----------
    Hunt (2016), Do crime hot spots move? (PhD thesis, American University).
    """
    return _ratio(hits, best_hits)


def rri(predicted: ArrayLike, observed: ArrayLike) -> NDArray[np.float64] | np.float64:
    """Return the ratio of predicted to observed incidents in the same places: above 1 is too many, below 1 too few."""
    return _ratio(predicted, observed)


def recapture_rate_index(
    hits: ArrayLike, total: ArrayLike, hits_before: ArrayLike, total_before: ArrayLike
) -> NDArray[np.float64] | np.float64:
    """Return the ratio of the places' share of incidents after to that before: 1 where the share is the same."""
    return _ratio(_ratio(hits, total), _ratio(hits_before, total_before))


def _ratio(part: ArrayLike, whole: ArrayLike) -> NDArray[np.float64] | np.float64:
    """Return part / whole, NaN where whole is 0."""
    top, bottom = np.broadcast_arrays(np.asarray(part, float), np.asarray(whole, float))
    ratio: NDArray[np.float64] | np.float64 = np.divide(top, bottom, out=np.full(top.shape, np.nan), where=bottom != 0)[
        ()
    ]
    return ratio
