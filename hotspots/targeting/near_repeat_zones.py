"""Near repeats of burglary: a test of the force's own past, and the zones around recent burglaries.

Zones are drawn only where the test (`near_repeat.knox`) shows near repeats. A burglary is dated to the middle of the
time in which it can have happened: most happen overnight or over a working day, so this is accurate to a day. Aoristic
weights over several days would give fractions of pairs, which cannot be permuted. Burglaries with a wider time span, or
known only to the month, have no day: they are left out and counted.
"""

from dataclasses import dataclass
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy import special

from hotspots import categories, crs, neighbour_graph, period, tables, wording
from hotspots.data_health import monthly_checks
from hotspots.errors import ParameterError
from hotspots.targeting import near_repeat, outlines, profiles
from hotspots.targeting.evidence import Evidence

COVERAGE = 0.8
# With fewer burglaries than this only a strong pattern can be detected.
_FEW = 200
# Fewer pairs than this are no evidence, however small the p value.
_MIN_PAIRS = 5


@dataclass(frozen=True, kw_only=True)
class NearRepeatParams:
    """Distance and time of a near repeat, and the evidence needed to draw zones.

    Attributes
    ----------
    distance_m
        Distance within which another burglary is a near repeat, metres.
    within_days
        Days after a burglary within which another is a near repeat.
    max_span_days
        A burglary whose possible time spans more days than this is left out.
    draws
        Random permutations of the dates; the smallest p value is 1 / (draws + 1).
    seed
        Seed of the random numbers.
    p_below
        Zones are drawn only where the p value is below this.
    min_ratio
        And only where the ratio of observed to expected pairs is at least this.
    """

    distance_m: float = 200.0
    within_days: int = 14
    max_span_days: float = 3.0
    draws: int = 999
    seed: int = 1
    p_below: float = 0.05
    min_ratio: float = 1.2

    def __post_init__(self) -> None:
        """Check the limits."""
        if not self.distance_m > 0 or self.within_days < 1 or not self.max_span_days > 0:
            raise ParameterError("near_repeat: distance_m, within_days and max_span_days must be greater than 0.")
        if self.draws < 19:
            raise ParameterError(f"near_repeat.draws must be at least 19 (p = 0.05 can then occur), got {self.draws}.")
        if not 0 < self.p_below < 1 or not self.min_ratio >= 1:
            raise ParameterError("near_repeat: p_below must lie between 0 and 1, min_ratio must be at least 1.")


@dataclass(frozen=True, kw_only=True)
class NearRepeatResult:
    """Result of the near-repeat test on the force's own past.

    Attributes
    ----------
    burglaries
        Burglaries of the window that have a day.
    left_out
        Burglaries without one: month only, no start, or too wide a time span.
    followers
        Burglaries with another one within the distance on one of the days before.
    pairs, expected
        Observed pairs within the distance and the days, and the mean over all permutations.
    ratio, ratio_low, ratio_high
        Observed / expected pairs and its 80 % interval; missing where none is expected.
    p_value
        P value of the number of pairs.
    has_near_repeats
        Whether the evidence is enough to draw zones.
    """

    burglaries: int
    left_out: int
    followers: int
    pairs: int
    expected: float
    ratio: float
    ratio_low: float
    ratio_high: float
    p_value: float
    has_near_repeats: bool


def assign_days(burglaries: pd.DataFrame, params: NearRepeatParams) -> pd.Series:
    """Return the day of each burglary, the middle of its possible time; missing where the time span is too wide.

    Parameters
    ----------
    burglaries
        `tables.INCIDENTS`. Month-only records, and those without a start, have no day.
    """
    start = burglaries["committed_from"].where(burglaries["date_precision"] != "month")
    end = burglaries["committed_to"].where(burglaries["committed_to"] > start, start)
    span = end - start
    is_known = span <= pd.Timedelta(days=params.max_span_days)
    return (start + span / 2).dt.normalize().where(is_known).astype("datetime64[us]").rename("day")


def burglaries_of(evidence: Evidence, params: NearRepeatParams) -> gpd.GeoDataFrame:
    """Return the force's own burglaries on file on the day of the run, with their `day`."""
    own = categories.of_family(evidence.incidents[evidence.incidents["is_own_force"]], "burglary")
    own = period.known_by(monthly_checks.without_months(own, "burglary", evidence.left_out), evidence.as_of)
    return own.assign(day=assign_days(own, params))


def name_zones(
    zones: gpd.GeoDataFrame, result: NearRepeatResult, evidence: Evidence, location_text: pd.Series
) -> gpd.GeoDataFrame:
    """Return `tables.NEAR_REPEATS`: zones with their street, team, beat and the ratio of the test.

    Parameters
    ----------
    zones
        As `outline_zones` returns them.
    result
        As `detect_near_repeats` returns it.
    location_text
        Street of each incident of the evidence, without house numbers.
    """
    own = evidence.incidents.assign(location_text=location_text)[evidence.incidents["is_own_force"]]
    named = profiles.name_areas(zones, evidence.spots, evidence.spot, own, "burglary")
    named = named.assign(ratio=result.ratio, ratio_low=result.ratio_low, ratio_high=result.ratio_high)
    return gpd.GeoDataFrame(tables.conform(named, tables.NEAR_REPEATS))


def detect_near_repeats(burglaries: gpd.GeoDataFrame, day: pd.Series, params: NearRepeatParams) -> NearRepeatResult:
    """Test whether burglaries close in space are also close in time more often than expected by chance.

    Parameters
    ----------
    burglaries
        The force's own, of the evidence window; BNG metres.
    day
        As `assign_days` returns it.
    """
    dated = burglaries[day.notna()]
    xy = dated.get_coordinates()
    # Days are whole numbers, so the open edge within_days + 1 includes within_days.
    observed, permuted = near_repeat.permute_dates(
        xy["x"], xy["y"], day[day.notna()], [0, params.distance_m], [0, params.within_days + 1], params.draws,
        params.seed,
    )  # fmt: skip
    table = near_repeat.compare_with_permutations(observed, permuted)
    pairs, expected, ratio, p_value = (values[0, 0].item() for values in table)
    low, high = _interval(ratio, pairs, permuted[:, 0, 0])
    return NearRepeatResult(
        burglaries=len(dated), left_out=len(burglaries) - len(dated),
        followers=_followers(dated, day[day.notna()], params), pairs=pairs, expected=expected,
        ratio=ratio, ratio_low=low, ratio_high=high, p_value=p_value,
        has_near_repeats=pairs >= _MIN_PAIRS and np.isfinite(high) and p_value < params.p_below
        and ratio >= params.min_ratio,
    )  # fmt: skip


def outline_zones(
    burglaries: gpd.GeoDataFrame, day: pd.Series, as_of: date, outline: shapely.Geometry, params: NearRepeatParams
) -> gpd.GeoDataFrame:
    """Return the zones around recent burglaries, dissolved where they touch and clipped to the force, latest first.

    Parameters
    ----------
    burglaries, day
        As in `detect_near_repeats`; those after `as_of` are not used.
    as_of
        Day of the report.
    outline
        The force, BNG metres.

    Returns
    -------
    GeoDataFrame
        `zone_id`, `burglaries`, `first_day`, `last_day`, `until` (its last day), `area_m2`.
    """
    today = pd.Timestamp(as_of)
    is_recent = (day <= today) & (day > today - pd.Timedelta(days=params.within_days))
    points, days = burglaries.geometry[is_recent].to_numpy(), day[is_recent].to_numpy()
    discs = shapely.buffer(points, params.distance_m, quad_segs=12)
    parts = shapely.get_parts(outlines.polygons_only(shapely.intersection(shapely.union_all(discs), outline)))
    zone, member = shapely.STRtree(points).query(parts, predicate="intersects")
    inside = pd.DataFrame({"zone": zone, "day": days[member]}).groupby("zone")["day"].agg(["size", "min", "max"])
    zones = gpd.GeoDataFrame(
        {"burglaries": inside["size"], "first_day": inside["min"], "last_day": inside["max"]},
        geometry=parts[inside.index], crs=crs.BNG,
    )  # fmt: skip
    return _number_zones(zones, as_of, params)


def describe_result(result: NearRepeatResult, params: NearRepeatParams) -> list[str]:
    """Return the result of the test in sentences."""
    if not result.burglaries:
        return [_NO_DAYS]
    share = f"{100 * result.followers / result.burglaries:.0f} in 100 burglaries"
    days = wording.counted(params.within_days, "day")
    sentences = [
        (_DETECTED if result.has_near_repeats else _NOT_DETECTED).format(days=days),
        _compare_pairs(result, f"within {params.distance_m:g} m and {days} of each other"),
        f"{share} had another within {params.distance_m:g} m in the {days} before.",
    ]
    if not result.has_near_repeats and result.burglaries < _FEW:
        number = wording.counted(result.burglaries, "burglary", "burglaries")
        sentences.append(f"With only {number} in the window, only a strong pattern can be detected.")
    if result.left_out:
        total = wording.counted(result.burglaries + result.left_out, "burglary", "burglaries")
        were = "was" if result.left_out == 1 else "were"
        sentences.append(
            f"{result.left_out:,} of {total} {were} left out: the date is not known to within "
            f"{params.max_span_days:g} days."
        )
    return sentences


_NO_DAYS = "Near repeats were not tested: no burglary in the window has an exact date. No zones are drawn."
_NOT_DETECTED = "No near repeats were detected, so no zones are drawn."
_DETECTED = (
    "Near repeats were detected: after a burglary, more followed nearby than expected by chance. A place that became "
    "busier during the year has the same effect. Zones are drawn around the burglaries of the last {days}."
)


def _compare_pairs(result: NearRepeatResult, near: str) -> str:
    """Return observed and expected pairs in a sentence."""
    pairs = f"{result.pairs:,} {'pair of burglaries was' if result.pairs == 1 else 'pairs of burglaries were'} {near}"
    if not result.expected:
        return f"{pairs}; none would be expected by chance."
    sentence = f"{pairs}; {result.expected:,.0f} would be expected by chance"
    if not result.pairs:
        return f"{sentence}."
    return (
        f"{sentence}. Observed / expected: {result.ratio:.2f} (80 % interval {result.ratio_low:.2f} to "
        f"{result.ratio_high:.2f}; p = {result.p_value:.3f})."
    )


def _followers(burglaries: gpd.GeoDataFrame, day: pd.Series, params: NearRepeatParams) -> int:
    """Return the number of burglaries with another one nearby on one of the days before."""
    points, days = burglaries.get_coordinates().to_numpy(), day.to_numpy()
    first, second = neighbour_graph.pairs(points, params.distance_m)
    later = (days[second] - days[first]) // np.timedelta64(1, "D")
    is_soon = (later != 0) & (np.abs(later) <= params.within_days)
    return len(np.unique(np.where(later > 0, second, first)[is_soon]))


def _number_zones(zones: gpd.GeoDataFrame, as_of: date, params: NearRepeatParams) -> gpd.GeoDataFrame:
    """Return the zones with their ids: the latest first, then by burglaries, then from the west."""
    west, south = zones.bounds["minx"], zones.bounds["miny"]
    ordered = zones.assign(west=west, south=south).sort_values(
        ["last_day", "burglaries", "west", "south"], ascending=[False, False, True, True], ignore_index=True
    )
    numbers = [f"near-repeat-{as_of.isoformat()}-{number:03d}" for number in range(1, len(ordered) + 1)]
    return ordered.drop(columns=["west", "south"]).assign(
        zone_id=pd.Series(numbers, dtype="str"),
        until=ordered["last_day"] + pd.Timedelta(days=params.within_days),
        area_m2=ordered.area.round(1),
    )


def _interval(ratio: float, pairs: int, permuted: NDArray[np.int64]) -> tuple[float, float]:
    """Return the 80 % interval of the ratio; its dispersion is that of the permutations, as pairs are clustered."""
    if not pairs or not permuted.any():
        return float("nan"), float("nan")
    dispersion = max(permuted.var() / permuted.mean(), 1.0)
    factor = float(np.exp(special.ndtri((1 + COVERAGE) / 2) * np.sqrt(dispersion / pairs)))
    return ratio / factor, ratio * factor
