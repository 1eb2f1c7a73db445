"""What the evidence window itself tells of a place: in how many months it stood out, and whether it grows or fades.

Both are told against the rest of the force in the same months, so a season, a month without data, late records or an
unfinished last month change nothing: what is missing is missing everywhere. A month is significant where the place
had more incidents, in it and the two months before, than its share of what is at risk explains (one-sided Poisson p
below `month_p_below`): one month of one place is too little to tell. Growing and
fading are an exact conditional test of two Poisson rates (Przyborowski, Wilenski 1940,
doi:10.1093/biomet/31.3-4.313): given the place's incidents, how many of them fall in the recent part of the window,
against the rest of the force. Counts are first divided by how much more than Poisson counts they scatter from month
to month.
"""

from dataclasses import dataclass

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
    """What counts as the same place, as staying, growing and fading.

    Attributes
    ----------
    same_share
        Two outlines are one place where they share at least this much of the smaller one.
    persistent_share
        A hotspot is persistent where at least this share of the window's months are significant.
    month_p_below
        A month is significant where chance alone would give so many incidents less often than this.
    months_together
        How many months that end with a month are counted for it.
    p_below
        It is emerging or fading where chance alone would change it so much less often than this.
    recent_share
        The part of the window, at its end, that is compared with the part before.
    max_revision_share
        Where the counts of past months changed by more than this since the last run, the data changed, not the street.
    """

    same_share: float = 0.3
    persistent_share: float = 0.8
    month_p_below: float = 0.05
    months_together: int = 3
    p_below: float = 0.05
    recent_share: float = 0.25
    max_revision_share: float = 0.05

    def __post_init__(self) -> None:
        """Check that each is a share."""
        for name in ("same_share", "persistent_share", "month_p_below", "p_below", "recent_share"):
            if not 0 < getattr(self, name) < 1:
                raise ParameterError(f"change.{name} must be above 0 and below 1, got {getattr(self, name):g}.")
        if self.max_revision_share < 0 or self.months_together < 1:
            raise ParameterError("change: max_revision_share must not be negative, and months_together at least 1.")


def attach_trends(areas: gpd.GeoDataFrame, evidence: Evidence, family: str, params: ChangeParams) -> gpd.GeoDataFrame:
    """Return the areas with `months_seen`, `months_significant`, `rate_ratio` and `change_p_value`.

    Parameters
    ----------
    areas
        n outlines, BNG metres.
    evidence
        Of the run; months left out of it count as no data.
    family
        `asb` or `burglary`.
    params
        What counts as a change.
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


def compare_with_force(
    areas: gpd.GeoDataFrame, counts: NDArray[np.int64], force: NDArray, at_risk: NDArray, params: ChangeParams
) -> gpd.GeoDataFrame:
    """Areas with `months_seen`, `months_significant`, `rate_ratio` and `change_p_value`.

    Parameters
    ----------
    areas
        n outlines.
    counts
        n by m: incidents of the family in each area and month of the window, the first month first.
    force
        m: those of the whole force, NaN for a month without data or left out: it says nothing.
    at_risk
        n: each area's share, 0 to 1, of what is at risk in the force.

    Returns
    -------
    GeoDataFrame
        `rate_ratio` is the recent rate over the earlier one, each as a share of the rest of the force's; it and its
        two-sided p value are missing where the window has no two parts with data.
    """
    is_seen = ~np.isnan(force)
    force = np.where(is_seen, force, 0.0)
    several, of_force = (_together(each, params.months_together) for each in (counts, force[None, :]))
    tails = special.gammainc(np.maximum(several, 1e-300), np.maximum(at_risk[:, None] * of_force, 1e-12))
    tails = np.where(several > 0, tails, 1.0)
    ratio, p_value = _change(counts, force, is_recent(len(force), params), is_seen)
    return areas.assign(
        months_seen=int(is_seen.sum()),
        months_significant=((tails < params.month_p_below) & is_seen).sum(axis=1).astype(np.int64),
        rate_ratio=ratio,
        change_p_value=p_value,
    )


def is_recent(months: int, params: ChangeParams) -> NDArray[np.bool_]:
    """Which months of the window are its recent part; at least one, and at least one is not."""
    recent = min(max(round(months * params.recent_share), 1), max(months - 1, 1))
    return np.arange(months) >= months - recent


def _together(counts: NDArray, months: int) -> NDArray:
    """Counts of each month (column) and those just before it, so many in all."""
    summed = counts.cumsum(axis=1)
    before = np.zeros_like(summed)
    before[:, months:] = summed[:, :-months]
    return summed - before


def _change(
    counts: NDArray, force: NDArray, recent: NDArray[np.bool_], is_seen: NDArray[np.bool_]
) -> tuple[NDArray, NDArray]:
    """Recent over earlier rate of each area, against the rest of the force, and how often chance does as much."""
    parts = [recent & is_seen, ~recent & is_seen]
    nothing = np.full(len(counts), np.nan)
    if not all(part.any() for part in parts) or not len(counts):
        return nothing, nothing
    after, before = (counts[:, part].sum(axis=1).astype(float) for part in parts)
    rest_after, rest_before = (
        np.maximum(force[part].sum() - n, 0) for part, n in zip(parts, (after, before), strict=True)
    )
    is_all = (rest_after == 0) | (rest_before == 0)
    rest_after = np.where(is_all, parts[0].sum(), rest_after)
    rest_before = np.where(is_all, parts[1].sum(), rest_before)
    share = rest_after / (rest_after + rest_before)
    both = after + before
    bursts = _dispersion(counts, force, parts) * (1 + both / np.where(is_all, np.inf, rest_after + rest_before))
    x, n = after / bursts, both / bursts
    as_many = np.where(x > 0, special.betainc(np.maximum(x, 1e-9), n - x + 1, share), 1.0)
    as_few = np.where(n > x, special.betainc(np.maximum(n - x, 1e-9), x + 1, 1 - share), 1.0)
    half = np.where(before > 0, 0.0, 0.5)
    ratio = np.divide((after + half) * rest_before, (before + half) * rest_after, out=nothing.copy(), where=both > 0)
    return ratio, np.where(both > 0, np.minimum(2 * np.minimum(as_many, as_few), 1.0), np.nan)


def _dispersion(counts: NDArray, force: NDArray, parts: list[NDArray[np.bool_]]) -> float:
    """How many times wider than Poisson counts the areas' monthly counts scatter inside each part; 1 or more."""
    squares, freedom = 0.0, 0
    for part in parts:
        inside, share = counts[:, part], force[part] / max(force[part].sum(), 1.0)
        expected = inside.sum(axis=1, keepdims=True) * share
        is_there = expected > 0
        squares += float((((inside - expected) ** 2)[is_there] / expected[is_there]).sum())
        freedom += int((inside.sum(axis=1) > 0).sum()) * (int(part.sum()) - 1)
    return max(squares / freedom, 1.0) if freedom else 1.0
