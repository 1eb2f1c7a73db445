"""Trends of areas within the evidence window: significant months, and a rise or fall compared with the force.

Both compare an area with the force in the same months, so seasons, months without data and late records do not count as
change. A month is significant where the area had more incidents, in it and the two months before, than expected from
its share of what is at risk (one-sided Poisson p below `month_p_below`); a single month has too few incidents. Rise and
fall are an exact conditional test of two Poisson rates (Przyborowski, Wilenski 1940, doi:10.1093/biomet/31.3-4.313):
the share of an area's incidents in the recent part of the window, compared with the rest of the force. Counts are first
divided by their dispersion from month to month. The counts that the test compares are returned beside its result.
"""

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from scipy import special

from hotspots import period
from hotspots.errors import ParameterError
from hotspots.targeting import outlines, profiles
from hotspots.targeting.evidence import Evidence


@dataclass(frozen=True, kw_only=True)
class ChangeParams:
    """Thresholds for the same place, and for a persistent, emerging or fading one.

    Attributes
    ----------
    same_share
        Two outlines are the same place where they share at least this much of the smaller one.
    persistent_share
        An area is persistent where at least this share of the window's months is significant.
    month_p_below
        A month is significant where its p value is below this.
    months_together
        Number of months, up to and including a month, that are tested together.
    p_below
        An area is emerging or fading where the p value of its change is below this.
    recent_share
        Share of the window, at its end, that is compared with the part before.
    """

    same_share: float = 0.3
    persistent_share: float = 0.8
    month_p_below: float = 0.05
    months_together: int = 3
    p_below: float = 0.05
    recent_share: float = 0.25

    def __post_init__(self) -> None:
        """Check the limits."""
        for name in ("same_share", "persistent_share", "month_p_below", "p_below", "recent_share"):
            if not 0 < getattr(self, name) < 1:
                raise ParameterError(f"change.{name} must be above 0 and below 1, got {getattr(self, name):g}.")
        if self.months_together < 1:
            raise ParameterError(f"change.months_together must be at least 1, got {self.months_together}.")


def attach_trends(areas: gpd.GeoDataFrame, evidence: Evidence, family: str, params: ChangeParams) -> gpd.GeoDataFrame:
    """Return the areas with the columns of `compare_with_force`.

    Parameters
    ----------
    areas
        n outlines, BNG metres.
    evidence
        Of the run; months left out count as months without data.
    family
        `asb` or `burglary`.
    """
    own, spots = evidence.own_incidents(family), evidence.spots
    inside = outlines.spots_inside(areas, spots)
    members = profiles.members_of(inside, evidence.spot, own)
    month = period.month_of_window(own, evidence.window)
    months = max(evidence.window.length_months, 1)
    counts = np.zeros((len(areas), months), dtype=np.int64)
    np.add.at(counts, (members["area"].to_numpy(), month.loc[members["incident"]].to_numpy()), 1)
    is_own = shapely.contains_xy(evidence.outline, spots["easting"], spots["northing"])
    risk = np.where(is_own, evidence.exposure(family), 0.0)
    shares = np.bincount(inside["area"], weights=risk[inside["spot"]], minlength=len(areas)) / max(risk.sum(), 1.0)
    force = np.bincount(month.to_numpy(), minlength=months).astype(float)
    force[~evidence.months_with_data(family)] = np.nan
    return compare_with_force(areas, counts, force, shares, params)


def attach_counts_before(areas: gpd.GeoDataFrame, before: Evidence, family: str) -> gpd.GeoDataFrame:
    """Return the areas with `incidents_before` and `months_before`.

    Parameters
    ----------
    areas
        Outlines, BNG metres.
    before
        Evidence of a reporting step earlier.
    family
        `asb` or `burglary`.
    """
    inside = outlines.spots_inside(areas, before.spots)
    members = profiles.members_of(inside, before.spot, before.own_incidents(family))
    return areas.assign(
        incidents_before=np.bincount(members["area"], minlength=len(areas)).astype(np.int64),
        months_before=int(before.months_with_data(family).sum()),
    )


def compare_with_force(
    areas: gpd.GeoDataFrame,
    counts: NDArray[np.int64],
    force: NDArray[np.float64],
    at_risk: NDArray[np.float64],
    params: ChangeParams,
) -> gpd.GeoDataFrame:
    """Return the areas with their significant months, and their recent incidents compared with those before.

    Parameters
    ----------
    areas
        n outlines.
    counts
        n by m: incidents of the family in each area and month of the window, the first month first.
    force
        m: incidents of the whole force, NaN for a month without data or left out.
    at_risk
        n: each area's share, 0 to 1, of what is at risk in the force.

    Returns
    -------
    GeoDataFrame
        The areas with `months_seen`, `months_significant` and `is_significant` (the latest month with data);
        `latest_months`, those with data in the recent part, and `latest_incidents` in them; `latest_expected`, the
        incidents before, continued at the change in the rest of the force; `rate_ratio`, the former over the latter,
        and its two-sided `change_p_value`. The last three are missing where either part of the window has no data.
    """
    is_seen = ~np.isnan(force)
    force = np.where(is_seen, force, 0.0)
    pooled, force_pooled = (_rolling_sum(each, params.months_together) for each in (counts, force[None, :]))
    tails = special.gammainc(np.maximum(pooled, 1e-300), np.maximum(at_risk[:, None] * force_pooled, 1e-12))
    tails = np.where(pooled > 0, tails, 1.0)
    is_significant = (tails < params.month_p_below) & is_seen
    is_latest = is_recent(len(force), params) & is_seen
    expected, ratio, p_value = _rate_ratio(counts, force, is_recent(len(force), params), is_seen)
    return areas.assign(
        months_seen=int(is_seen.sum()),
        months_significant=is_significant.sum(axis=1).astype(np.int64),
        is_significant=is_significant[:, np.flatnonzero(is_seen)[-1:]].any(axis=1),
        latest_months=int(is_latest.sum()),
        latest_incidents=counts[:, is_latest].sum(axis=1).astype(np.int64),
        latest_expected=expected,
        rate_ratio=ratio,
        change_p_value=p_value,
    )


def is_recent(months: int, params: ChangeParams) -> NDArray[np.bool_]:
    """Return which months of the window are recent; at least one is, and at least one is not."""
    recent = min(max(round(months * params.recent_share), 1), max(months - 1, 1))
    return np.arange(months) >= months - recent


def _rolling_sum(counts: NDArray[Any], months: int) -> NDArray[Any]:
    """Return the rolling sum over a number of months (columns)."""
    rolling: NDArray[Any] = counts.cumsum(axis=1)
    rolling[:, months:] -= rolling[:, :-months].copy()
    return rolling


def _rate_ratio(
    counts: NDArray[np.int64], force: NDArray[np.float64], recent: NDArray[np.bool_], is_seen: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return the recent incidents expected of each area, the ratio of those observed to them, and its p value."""
    parts = [recent & is_seen, ~recent & is_seen]
    nothing = np.full(len(counts), np.nan)
    if not all(part.any() for part in parts) or not len(counts):
        return nothing, nothing, nothing
    after, before = (counts[:, part].sum(axis=1).astype(float) for part in parts)
    rest_after, rest_before = (
        np.maximum(force[part].sum() - n, 0) for part, n in zip(parts, (after, before), strict=True)
    )
    is_only = (rest_after == 0) | (rest_before == 0)
    rest_after = np.where(is_only, parts[0].sum(), rest_after)
    rest_before = np.where(is_only, parts[1].sum(), rest_before)
    share = rest_after / (rest_after + rest_before)
    both = after + before
    dispersion = _dispersion(counts, force, parts) * (1 + both / np.where(is_only, np.inf, rest_after + rest_before))
    x, n = after / dispersion, both / dispersion
    p_more = np.where(x > 0, special.betainc(np.maximum(x, 1e-9), n - x + 1, share), 1.0)
    p_fewer = np.where(n > x, special.betainc(np.maximum(n - x, 1e-9), x + 1, 1 - share), 1.0)
    half = np.where(before > 0, 0.0, 0.5)
    ratio = np.divide((after + half) * rest_before, (before + half) * rest_after, out=nothing.copy(), where=both > 0)
    expected = np.divide(before * rest_after, rest_before, out=nothing.copy(), where=rest_before > 0)
    return expected, ratio, np.where(both > 0, np.minimum(2 * np.minimum(p_more, p_fewer), 1.0), np.nan)


def _dispersion(counts: NDArray[np.int64], force: NDArray[np.float64], parts: list[NDArray[np.bool_]]) -> float:
    """Return the dispersion of the areas' monthly counts within each part, relative to Poisson counts; at least 1."""
    squares, degrees = 0.0, 0
    for part in parts:
        inside, share = counts[:, part], force[part] / max(force[part].sum(), 1.0)
        expected = inside.sum(axis=1, keepdims=True) * share
        is_there = expected > 0
        squares += float((((inside - expected) ** 2)[is_there] / expected[is_there]).sum())
        degrees += int((inside.sum(axis=1) > 0).sum()) * (int(part.sum()) - 1)
    return max(squares / degrees, 1.0) if degrees else 1.0
