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

from hotspots import neighbour_graph
from hotspots.errors import ParameterError
from hotspots.targeting.forecasting import additive_poisson, forecast_features, seasonal_level
from hotspots.targeting.forecasting.forecast_features import Past

PARTS = ("recent", "earlier", "nearby")

# Past origins that the weights are learnt from lie a month apart, and look up to three months ahead.
_ORIGIN_DAYS = 30
_AHEAD_DAYS = 91
_MOST_ORIGINS = 12
# Where the past is shorter, or poorer, than this, nothing is learnt from it: plain shrunken history stands in.
LEAST_KNOWN_DAYS = 60
LEAST_ORIGINS = 2
LEAST_INCIDENTS = 30
# Plain shrunken history keeps this share of the forecast: two views together miss less than either.
PLAIN_SHARE = 0.25
# How many earlier forecasts are checked, and how many circles of each.
_MOST_CHECKS = 6
_CIRCLES = 50


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


@dataclass(frozen=True)
class Forecast:
    """What to expect, and what it comes from.

    Attributes
    ----------
    spots
        n rows: `expected`, its parts `recent`, `earlier` and `nearby`, and `variance`, over the horizon.
    shares
        `words`, `part` and `share` of what is expected, a row for each term.
    is_learnt
        False where the past is too short and plain history stands in.
    """

    spots: pd.DataFrame
    shares: pd.DataFrame
    is_learnt: bool

    def in_words(self) -> str:
        """Where what is expected comes from, the largest share first."""
        if not self.is_learnt:
            return "The past is too short to learn from: each spot's own history, drawn towards what surrounds it."
        order = self.shares[self.shares["share"] >= 0.005].sort_values("share", ascending=False, kind="stable")
        said = [f"{100 * row.share:.0f} from {row.words}" for row in order.itertuples()]
        return f"Of 100 expected incidents, {'; '.join(said)}."


def forecast_spots(past: Past, horizon_days: float, params: "ForecastParams", *, origin: int = 0) -> Forecast:
    """Incidents expected at each spot over the horizon, by weights learnt from the past of the same force.

    Parameters
    ----------
    past
        As `forecast_features.past` gives it.
    horizon_days
        Length of the coming period.
    params
        Of the plain history that stands in where the past is short.
    origin
        Steps back of the moment from which to look ahead; nothing later is used.
    """
    samples = learn_from(past, origin)
    if len(samples) < LEAST_ORIGINS or sum(counts.sum() for _, counts in samples) < LEAST_INCIDENTS:
        return _from_history(past, origin, horizon_days, params)
    told, counts = (np.concatenate(parts) for parts in zip(*samples, strict=True))
    said = forecast_features.features(past, origin)[0] * additive_poisson.fit_weights(told, counts)
    plain = _from_history(past, origin, horizon_days, params)
    total = seasonal_level.daily_level(past, origin, horizon_days) * horizon_days
    said *= total * (1 - PLAIN_SHARE) / (said.sum() or 1.0)
    parts = plain.spots[list(PARTS)] * (total * PLAIN_SHARE / (plain.spots["expected"].sum() or 1.0))
    for term, column in zip(past.terms, said.T, strict=True):
        parts[term.part] += column
    expected = parts.sum(axis=1)
    spots = parts.assign(expected=expected, variance=expected)[["expected", *PARTS, "variance"]]
    named = {"words": [term.words for term in past.terms], "part": [term.part for term in past.terms]}
    shares = pd.DataFrame(named).assign(share=said.sum(axis=0) / (total or 1.0))
    plain_shares = plain.shares.assign(share=plain.shares["share"] * PLAIN_SHARE)
    both = pd.concat([shares, plain_shares]).groupby(["words", "part"], sort=False)["share"].sum().reset_index()
    return Forecast(spots, both, True)


def learn_from(past: Past, origin: int) -> list[tuple[NDArray, NDArray]]:
    """What each term said at moments before `origin`, and what followed up to `origin`: one pair for each moment."""
    every, ahead = past.steps(_ORIGIN_DAYS), past.steps(_AHEAD_DAYS)
    samples: list[tuple[NDArray, NDArray]] = []
    for start in range(origin + every, len(past.observed), every):
        if past.observed[start:].sum() * past.step_days < LEAST_KNOWN_DAYS or len(samples) == _MOST_ORIGINS:
            break
        if past.observed[start - every : start].any():
            after = np.arange(max(start - ahead, origin), start)
            after = after[past.observed[after]]
            told, is_known = forecast_features.features(past, start)
            samples.append((told[is_known] * len(after), past.family[is_known][:, after].sum(axis=1)))
    return samples


def past_areas(past: Past, horizon_days: float, radius_m: float, params: "ForecastParams") -> pd.DataFrame:
    """Circles that earlier forecasts would have chosen, with what was expected in them and what came.

    Each forecast learns from what was known then. The circles stand around spots, the highest first, none meeting
    another: a quick stand-in for patrol areas, chosen like them for being high.

    Parameters
    ----------
    past, horizon_days, params
        As in `forecast_spots`.
    radius_m
        Of the circles, at most `features.REACH_M` / 2.

    Returns
    -------
    DataFrame
        A row for each circle: `origin` (steps back), `expected`, `observed`.
    """
    ahead, every = past.steps(horizon_days), past.steps(max(horizon_days, _ORIGIN_DAYS))
    tables: list[pd.DataFrame] = []
    for origin in range(ahead, len(past.observed), every):
        if not past.observed[origin - ahead : origin].all():
            continue
        found = forecast_spots(past, ahead * past.step_days, params, origin=origin)
        if not found.is_learnt or len(tables) == _MOST_CHECKS:
            break
        came = past.family[:, origin - ahead : origin].sum(axis=1)
        tables.append(_circles(past, found.spots["expected"].to_numpy(), came, radius_m).assign(origin=origin))
    empty = pd.DataFrame({"expected": [], "observed": [], "origin": []}, dtype="float64")
    return pd.concat(tables, ignore_index=True) if tables else empty


def _circles(past: Past, expected: NDArray, came: NDArray, radius_m: float) -> pd.DataFrame:
    """The `_CIRCLES` highest circles around spots, none meeting another: what each expected, and what came."""
    distances = past.distances
    near = distances.data <= radius_m
    inside = sparse.csr_matrix((near.astype(float), distances.indices, distances.indptr), shape=distances.shape)
    sums, counts = inside @ expected, inside @ came
    is_free = np.ones(len(expected), bool)
    rows: list[tuple[float, float]] = []
    for spot in np.argsort(-sums, kind="stable"):
        if len(rows) == _CIRCLES or sums[spot] <= 0:
            break
        if is_free[spot]:
            rows.append((sums[spot], counts[spot]))
            around = slice(distances.indptr[spot], distances.indptr[spot + 1])
            is_free[distances.indices[around][distances.data[around] < 2 * radius_m]] = False
    return pd.DataFrame(rows, columns=["expected", "observed"], dtype="float64")


def _from_history(past: Past, origin: int, horizon_days: float, params: "ForecastParams") -> Forecast:
    """Plain shrunken history, where there is too little to learn from."""
    frame = expect_incidents(
        past.family[:, origin:], past.observed[origin:], past.step_days, horizon_days, past.distances, params
    )
    total = frame["expected"].sum() or 1.0
    words = (
        "incidents at the same spot lately",
        "incidents at the same spot over the whole record",
        "incidents nearby",
    )
    shares = pd.DataFrame({"words": words, "part": PARTS, "share": [frame[part].sum() / total for part in PARTS]})
    return Forecast(frame, shares, False)


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
    weights = neighbour_graph.kernel(distances, bandwidth_m)
    local = (weights @ rate) / np.asarray(weights.sum(axis=1)).ravel()
    return local * (rate.sum() / local.sum())
