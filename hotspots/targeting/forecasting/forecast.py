"""Forecast: incidents to expect at each spot in the coming period.

The weights of the features are fitted on the force's own past, where it is long enough. Part of every forecast, and
all of it where the past is short, is shrunken history: a spot's own rate, recent steps counting more than old ones,
shrunk towards the mean of the spots around it where few incidents are known (a gamma prior on a Poisson rate; Clayton,
Kaldor 1987, doi:10.2307/2532003). Every expected number has three parts: recent incidents, earlier ones, and those
nearby.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from hotspots import neighbour_graph
from hotspots.errors import ParameterError
from hotspots.targeting.forecasting import additive_poisson, forecast_features, seasonal_level
from hotspots.targeting.forecasting.forecast_features import PastCounts

PARTS = ("recent", "earlier", "nearby")

# Weights are fitted at past origins a month apart, each looking up to three months ahead.
_ORIGIN_DAYS = 30
_AHEAD_DAYS = 91
_MAX_ORIGINS = 12
# With less data than this no weights are fitted: shrunken history is the whole forecast.
MIN_KNOWN_DAYS = 60
MIN_ORIGINS = 2
MIN_INCIDENTS = 30
# Share of shrunken history in a fitted forecast: the mean of both is more accurate than either.
HISTORY_SHARE = 0.25
# Number of earlier forecasts checked, and of circles in each.
_MAX_CHECKS = 6
_CIRCLES = 50


@dataclass(frozen=True, kw_only=True)
class ForecastParams:
    """How much recent and nearby incidents count.

    Attributes
    ----------
    half_life_days
        Age at which an incident counts half.
    recent_days
        Maximum age of a recent incident, days, in the shrunken history and in the reason of an area.
    nearby_m
        Bandwidth of the surroundings, metres.
    prior_days
        Days of a spot's own history that count as much as its surroundings.
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
    """Expected incidents and the features they come from.

    Attributes
    ----------
    spots
        n rows: `expected` and its parts `recent`, `earlier` and `nearby`, over the horizon.
    shares
        `label`, `part` and `share` of the expected incidents, a row for each feature.
    is_fitted
        False where the past is too short to fit weights and shrunken history is the whole forecast.
    """

    spots: pd.DataFrame
    shares: pd.DataFrame
    is_fitted: bool

    def summary(self) -> str:
        """Return a sentence on where the expected incidents come from, the largest share first."""
        if not self.is_fitted:
            return "Too little past data to fit the forecast: each spot's own history, adjusted for its surroundings."
        order = self.shares[self.shares["share"] >= 0.005].sort_values("share", ascending=False, kind="stable")
        parts = [f"{100 * row.share:.0f} from {row.label}" for row in order.itertuples()]
        return f"Of 100 expected incidents, {'; '.join(parts)}."


def forecast_spots(past: PastCounts, horizon_days: float, params: ForecastParams, *, origin: int = 0) -> Forecast:
    """Return the incidents expected at each spot over the horizon.

    Parameters
    ----------
    past
        As `forecast_features.prepare_counts` returns it.
    horizon_days
        Length of the coming period.
    origin
        Forecast origin in steps back; nothing later is used.
    """
    samples = training_samples(past, origin)
    history = _forecast_from_history(past, origin, horizon_days, params)
    if len(samples) < MIN_ORIGINS or sum(counts.sum() for _, counts in samples) < MIN_INCIDENTS:
        return history
    features, counts = (np.concatenate(parts) for parts in zip(*samples, strict=True))
    fitted = forecast_features.features(past, origin)[0] * additive_poisson.fit_weights(features, counts)
    total = seasonal_level.daily_rate(past, origin, horizon_days) * horizon_days
    fitted *= total * (1 - HISTORY_SHARE) / (fitted.sum() or 1.0)
    parts = history.spots[list(PARTS)] * (total * HISTORY_SHARE / (history.spots["expected"].sum() or 1.0))
    for term, column in zip(forecast_features.TERMS, fitted.T, strict=True):
        parts[term.part] += column
    spots = parts.assign(expected=parts.sum(axis=1))[["expected", *PARTS]]
    terms = forecast_features.TERMS
    named = {"label": [term.label for term in terms], "part": [term.part for term in terms]}
    shares = pd.DataFrame(named).assign(share=fitted.sum(axis=0) / (total or 1.0))
    history_shares = history.shares.assign(share=history.shares["share"] * HISTORY_SHARE)
    both = pd.concat([shares, history_shares]).groupby(["label", "part"], sort=False)["share"].sum().reset_index()
    return Forecast(spots, both, True)


def training_samples(past: PastCounts, origin: int) -> list[tuple[NDArray[np.float64], NDArray[np.float64]]]:
    """Return the features at each past origin before `origin`, with the incidents that followed up to `origin`."""
    every, ahead = past.steps(_ORIGIN_DAYS), past.steps(_AHEAD_DAYS)
    samples: list[tuple[NDArray[np.float64], NDArray[np.float64]]] = []
    for start in range(origin + every, len(past.observed), every):
        if past.observed[start:].sum() * past.step_days < MIN_KNOWN_DAYS or len(samples) == _MAX_ORIGINS:
            break
        if past.observed[start - every : start].any():
            after = np.arange(max(start - ahead, origin), start)
            after = after[past.observed[after]]
            features, is_known = forecast_features.features(past, start)
            samples.append((features[is_known] * len(after), past.family[is_known][:, after].sum(axis=1)))
    return samples


def check_past_forecasts(
    past: PastCounts, horizon_days: float, radius_m: float, params: ForecastParams
) -> pd.DataFrame:
    """Return the expected and observed incidents of circles that earlier forecasts would have chosen.

    Each forecast is fitted on what was known then. The circles are centred on spots, the highest first, and do not
    overlap: a fast approximation of patrol areas.

    Parameters
    ----------
    past, horizon_days, params
        As in `forecast_spots`.
    radius_m
        Radius of the circles, at most `forecast_features.MAX_DISTANCE_M` / 2.

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
        forecast = forecast_spots(past, ahead * past.step_days, params, origin=origin)
        if not forecast.is_fitted or len(tables) == _MAX_CHECKS:
            break
        observed = past.family[:, origin - ahead : origin].sum(axis=1)
        expected = forecast.spots["expected"].to_numpy()
        tables.append(_top_circles(past, expected, observed, radius_m).assign(origin=origin))
    empty = pd.DataFrame({"expected": [], "observed": [], "origin": []}, dtype="float64")
    return pd.concat(tables, ignore_index=True) if tables else empty


def _top_circles(
    past: PastCounts, expected: NDArray[np.float64], observed: NDArray[np.float64], radius_m: float
) -> pd.DataFrame:
    """Return `expected` and `observed` of the `_CIRCLES` highest circles around spots that do not overlap."""
    distances = past.distances
    inside = neighbour_graph.adjacency(neighbour_graph.within_radius(distances, radius_m))
    sums, counts = inside @ expected, inside @ observed
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


def _forecast_from_history(past: PastCounts, origin: int, horizon_days: float, params: ForecastParams) -> Forecast:
    """Return a forecast that is shrunken history only."""
    frame = shrunken_history(
        past.family[:, origin:], past.observed[origin:], past.step_days, horizon_days, past.distances, params
    )
    total = frame["expected"].sum() or 1.0
    labels = ("recent incidents at the same spot", "all past incidents at the same spot", "incidents nearby")
    shares = pd.DataFrame({"label": labels, "part": PARTS, "share": [frame[part].sum() / total for part in PARTS]})
    return Forecast(frame, shares, False)


def shrunken_history(
    history: NDArray[np.float64], observed: NDArray[np.bool_], step_days: int, horizon_days: float,
    distances: sparse.csr_matrix, params: ForecastParams,
) -> pd.DataFrame:  # fmt: skip
    """Return the incidents expected at each spot over the horizon from its history and that of its surroundings.

    Parameters
    ----------
    history
        n spots by steps back, the latest first: incidents of one family.
    observed
        Whether each step back has data.
    step_days, horizon_days
        Length of a step, and of the coming period.
    distances
        n by n neighbour graph up to at least twice `nearby_m`.

    Returns
    -------
    DataFrame
        n rows: `expected` and its parts `recent`, `earlier` and `nearby`, which add up to it; over the horizon.
    """
    steps = history.shape[1]
    seen = np.zeros(steps, bool)
    seen[: min(steps, len(observed))] = observed[:steps]
    age = np.arange(steps) * step_days
    weight = np.where(seen, 0.5 ** (age / params.half_life_days), 0.0)
    known = weight.sum() * step_days
    weighted = history * weight
    if not weighted.sum():
        return pd.DataFrame(0.0, index=range(len(history)), columns=["expected", *PARTS])
    is_recent = age < params.recent_days
    recent, earlier = weighted[:, is_recent].sum(axis=1), weighted[:, ~is_recent].sum(axis=1)
    local = _local_rate((recent + earlier) / known, distances, params.nearby_m)
    days = known + params.prior_days
    parts = {"recent": recent / days, "earlier": earlier / days, "nearby": local * params.prior_days / days}
    frame = pd.DataFrame(parts) * horizon_days
    return frame.assign(expected=frame.sum(axis=1))[["expected", *PARTS]]


def _local_rate(rate: NDArray[np.float64], distances: sparse.csr_matrix, bandwidth_m: float) -> NDArray[np.float64]:
    """Return the kernel-weighted mean rate of the spots around each spot; the sum over all spots is kept."""
    weights = neighbour_graph.kernel(distances, bandwidth_m)
    local = (weights @ rate) / np.asarray(weights.sum(axis=1)).ravel()
    return np.asarray(local * (rate.sum() / local.sum()), float)
