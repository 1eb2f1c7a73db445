"""Incidents to expect at each spot in the coming period: recent history, drawn towards what surrounds it.

A spot's own rate counts recent steps (months, or weeks) more than old ones. Few incidents say little, so the rate
is drawn towards the mean of the spots around it, the more the less is known: a gamma prior on a Poisson rate
(Clayton, Kaldor 1987, doi:10.2307/2532003). The three parts of every expected number stay visible: what happened
lately, what happened before, what the surroundings lend.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from hotspots import neighbours
from hotspots.errors import ParameterError

PARTS = ("recent", "earlier", "nearby")


@dataclass(frozen=True, kw_only=True)
class ForecastParams:
    """How fast the past fades, and how much the surroundings say.

    Attributes
    ----------
    half_life_days
        Age at which an incident counts half.
    recent_days
        What the reason in words calls "lately".
    nearby_m
        Bandwidth of the surroundings, metres.
    prior_days
        Days of a spot's own history that weigh as much as its surroundings.
    """

    half_life_days: float = 365.0
    recent_days: int = 92
    nearby_m: float = 150.0
    prior_days: float = 180.0

    def __post_init__(self) -> None:
        """Check the limits."""
        for name in ("half_life_days", "recent_days", "nearby_m", "prior_days"):
            if getattr(self, name) <= 0:
                raise ParameterError(f"forecast.{name} must be greater than 0, got {getattr(self, name):g}.")


def expect_incidents(
    history: NDArray, observed: NDArray, step_days: int, horizon_days: float, distances: sparse.csr_matrix,
    params: ForecastParams,
) -> pd.DataFrame:  # fmt: skip
    """Incidents expected at each spot over the horizon, in parts, with their variance.

    Parameters
    ----------
    history
        n spots by steps back, the latest first: incidents of one family.
    observed
        Whether each step back has data at all; the others say nothing.
    step_days, horizon_days
        Length of a step, and of the coming period.
    distances
        n by n neighbour graph that reaches at least twice `nearby_m`.
    params
        How to weigh.

    Returns
    -------
    DataFrame
        n rows: `expected`, its parts `recent`, `earlier` and `nearby` (they add up to it), and `variance` of the
        expected rate; all over the horizon.
    """
    steps = history.shape[1]
    seen = np.zeros(steps, bool)
    seen[: min(steps, len(observed))] = observed[:steps]
    age = np.arange(steps) * step_days
    weight = np.where(seen, 0.5 ** (age / params.half_life_days), 0.0)
    known = weight.sum() * step_days
    weighted = history * weight
    if not weighted.sum():
        return pd.DataFrame(0.0, index=range(len(history)), columns=["expected", *PARTS, "variance"])
    is_recent = age < params.recent_days
    recent, earlier = weighted[:, is_recent].sum(axis=1), weighted[:, ~is_recent].sum(axis=1)
    local = _local_rate((recent + earlier) / known, distances, params.nearby_m)
    days = known + params.prior_days
    parts = {"recent": recent / days, "earlier": earlier / days, "nearby": local * params.prior_days / days}
    frame = pd.DataFrame(parts) * horizon_days
    expected = frame.sum(axis=1)
    return frame.assign(expected=expected, variance=expected * horizon_days / days)[["expected", *PARTS, "variance"]]


def _local_rate(rate: NDArray, distances: sparse.csr_matrix, bandwidth_m: float) -> NDArray:
    """Mean rate of the spots around each spot, near ones counting most; the sum over all spots is kept."""
    weights = neighbours.kernel(distances, bandwidth_m)
    local = (weights @ rate) / np.asarray(weights.sum(axis=1)).ravel()
    return local * (rate.sum() / local.sum())
