"""How well places that were named beforehand caught what came: plain ratios, on numbers or on arrays of them.

Two measures go by the name of RRI. `rri` is the ratio of predicted to observed incidents in the same places (as the
R package ptools has it); `recapture_rate_index` compares the places' share of incidents after and before
(Levine 2008, doi:10.1057/palgrave.cpcs.8150038). A ratio to nothing is not a number (NaN).
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray


def hit_rate(hits: ArrayLike, total: ArrayLike) -> NDArray | np.float64:
    """Share of all incidents that fell in the places named.

    Examples
    --------
    >>> float(hit_rate(6, 9))
    0.6666666666666666
    """
    return _ratio(hits, total)


def pai(hits: ArrayLike, total: ArrayLike, area: ArrayLike, study_area: ArrayLike) -> NDArray | np.float64:
    """Prediction accuracy index: share of the incidents caught for each share of the area named.

    It prefers tiny areas; compare it only at equal area.

    Parameters
    ----------
    hits, total
        Incidents in the places named, and in the whole study area.
    area, study_area
        Of the places named, and of all, in the same unit.

    References
    ----------
    Chainey, Tompson, Uhlig (2008), doi:10.1057/palgrave.sj.8350066.

    Examples
    --------
    >>> float(pai(6, 9, 1, 3))
    2.0
    """
    return _ratio(_ratio(hits, total), _ratio(area, study_area))


def pei(hits: ArrayLike, best_hits: ArrayLike) -> NDArray | np.float64:
    """Prediction efficiency index: what was caught, of the most that as large an area could have caught.

    Parameters
    ----------
    hits, best_hits
        Incidents in the places named, and in the best places of the same area; or the PAI of both.

    References
    ----------
    Hunt (2016), Do crime hot spots move? (PhD thesis, American University).
    """
    return _ratio(hits, best_hits)


def rri(predicted: ArrayLike, observed: ArrayLike) -> NDArray | np.float64:
    """Predicted incidents for each one observed in the same places: above 1 is too many, below 1 too few."""
    return _ratio(predicted, observed)


def recapture_rate_index(
    hits: ArrayLike, total: ArrayLike, hits_before: ArrayLike, total_before: ArrayLike
) -> NDArray | np.float64:
    """The places' share of incidents afterwards, as a ratio to their share before: 1 where they stayed as hot."""
    return _ratio(_ratio(hits, total), _ratio(hits_before, total_before))


def _ratio(part: ArrayLike, whole: ArrayLike) -> NDArray | np.float64:
    """One divided by the other, not a number where there is nothing to divide by."""
    top, bottom = np.broadcast_arrays(np.asarray(part, float), np.asarray(whole, float))
    return np.divide(top, bottom, out=np.full(top.shape, np.nan), where=bottom != 0)[()]
