"""Near repeats: whether burglary comes back near and soon in a force, and the zones in which it may come back now.

First the force's own past is asked (`near_repeat.knox`); only where it shows near repeats are zones drawn, around the
burglaries of the last days. A burglary counts on the day in the middle of the time in which it can have happened: most
are overnight or over a working day, so it is known to the day whichever way it is told; sharing it out over several
days (aoristic) would make parts of pairs that no deal could deal out again. One whose time is too wide for that is left
out, and counted. Without days nothing of this is possible, and no day is invented.
"""

from dataclasses import dataclass
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy import special

from hotspots import categories, crs, neighbour_graph, period, tables
from hotspots.data_health import monthly_checks
from hotspots.errors import ParameterError
from hotspots.targeting import near_repeat, outlines, profiles
from hotspots.targeting.evidence import Evidence

COVERAGE = 0.8
# With fewer burglaries than this only a strong pattern shows.
_FEW = 200
# Fewer pairs than this are no pattern, however seldom chance gives them.
_LEAST_PAIRS = 5


@dataclass(frozen=True, kw_only=True)
class NearRepeatParams:
    """How near and how soon a burglary is a near repeat, and how sure it has to be that there are any.

    Attributes
    ----------
    distance_m
        How far around a burglary another is likelier.
    within_days
        For how many days after it.
    max_span_days
        A burglary that can have happened at any time of more days than this has no day, and is left out.
    draws
        Random deals of the days over the places; the smallest p value is 1 / (draws + 1).
    seed
        Where the random numbers start.
    p_below
        Zones are drawn only where chance alone would give so many pairs more seldom than this.
    least_ratio
        And only where there are so many pairs for each one that chance gives.
    """

    distance_m: float = 200.0
    within_days: int = 14
    max_span_days: float = 3.0
    draws: int = 999
    seed: int = 1
    p_below: float = 0.05
    least_ratio: float = 1.2

    def __post_init__(self) -> None:
        """Check the limits."""
        if not self.distance_m > 0 or self.within_days < 1 or not self.max_span_days > 0:
            raise ParameterError("near_repeat: distance_m, within_days and max_span_days must be greater than 0.")
        if self.draws < 19:
            raise ParameterError(f"near_repeat.draws must be at least 19 (p = 0.05 can then occur), got {self.draws}.")
        if not 0 < self.p_below < 1 or not self.least_ratio >= 1:
            raise ParameterError("near_repeat: p_below must lie between 0 and 1, least_ratio must be at least 1.")


@dataclass(frozen=True, kw_only=True)
class Found:
    """What the force's own past says of near repeats.

    Attributes
    ----------
    burglaries
        With a day, in the window.
    left_out
        Without one: month only, without a start, or with too wide a span.
    followers
        Of them, those with another one within the distance on an earlier day of the days before.
    pairs, expected
        Of burglaries within the distance and the days of one another, and how many chance would give.
    ratio, ratio_low, ratio_high
        Pairs for each expected one, and its 80 % interval; missing where none is expected.
    p_value
        How often chance alone gives so many.
    is_found
        Whether that is enough to draw zones.
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
    is_found: bool


def place_in_time(burglaries: pd.DataFrame, params: NearRepeatParams) -> pd.Series:
    """The day of each burglary, the middle of the time in which it can have happened; missing where that is too wide.

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
    """Return the force's own burglaries on file on the day, each with its `day` if it has one; no month left out."""
    own = categories.of_family(evidence.incidents[evidence.incidents["is_own_force"]], "burglary")
    own = period.on_file_by(monthly_checks.without_months(own, "burglary", evidence.left_out), evidence.as_of)
    return own.assign(day=place_in_time(own, params))


def name_zones(zones: gpd.GeoDataFrame, found: Found, evidence: Evidence, location_text: pd.Series) -> gpd.GeoDataFrame:
    """Return `tables.NEAR_REPEATS`: zones with street, team, beat, and how much likelier a burglary is in them.

    Parameters
    ----------
    zones
        As `outline_zones` gives them.
    found
        As `look_for` gives it.
    evidence
        Of the run.
    location_text
        Street of each incident of the evidence, without house numbers.
    """
    own = evidence.incidents.assign(location_text=location_text)[evidence.incidents["is_own_force"]]
    named = profiles.name_areas(zones, evidence.spots, evidence.spot, own, "burglary")
    named = named.assign(ratio=found.ratio, ratio_low=found.ratio_low, ratio_high=found.ratio_high)
    return gpd.GeoDataFrame(tables.conform(named, tables.NEAR_REPEATS))


def look_for(burglaries: gpd.GeoDataFrame, day: pd.Series, params: NearRepeatParams) -> Found:
    """Whether burglaries within the distance and the days of one another are commoner than chance makes them.

    Parameters
    ----------
    burglaries
        The force's own, of the evidence window; BNG metres.
    day
        As `place_in_time` gives it.
    """
    dated = burglaries[day.notna()]
    xy = dated.get_coordinates()
    # Whole days: below within_days + 1 is up to and with within_days.
    observed, drawn = near_repeat.deal(
        xy["x"], xy["y"], day[day.notna()], [0, params.distance_m], [0, params.within_days + 1], params.draws,
        params.seed,
    )  # fmt: skip
    table = near_repeat.compare(observed, drawn)
    pairs, expected, ratio, p_value = (values[0, 0].item() for values in table)
    low, high = _interval(ratio, pairs, drawn[:, 0, 0])
    return Found(
        burglaries=len(dated), left_out=len(burglaries) - len(dated),
        followers=_followers(dated, day[day.notna()], params), pairs=pairs, expected=expected,
        ratio=ratio, ratio_low=low, ratio_high=high, p_value=p_value,
        is_found=pairs >= _LEAST_PAIRS and np.isfinite(high) and p_value < params.p_below
        and ratio >= params.least_ratio,
    )  # fmt: skip


def outline_zones(
    burglaries: gpd.GeoDataFrame, day: pd.Series, as_of: date, outline: shapely.Geometry, params: NearRepeatParams
) -> gpd.GeoDataFrame:
    """Places near a burglary of the last days, joined where they meet and clipped to the force; the latest first.

    Parameters
    ----------
    burglaries, day
        As in `look_for`; those after `as_of` are not used.
    as_of
        Day of the report.
    outline
        The force, BNG metres.

    Returns
    -------
    GeoDataFrame
        `zone_id`, `burglaries`, `first_day`, `last_day`, `until` (the last day on which any of it holds), `area_m2`.
    """
    today = pd.Timestamp(as_of)
    is_recent = (day <= today) & (day > today - pd.Timedelta(days=params.within_days))
    points, days = burglaries.geometry[is_recent].to_numpy(), day[is_recent].to_numpy()
    discs = shapely.buffer(points, params.distance_m, quad_segs=12)
    parts = shapely.get_parts(outlines.polygons_only(shapely.intersection(shapely.union_all(discs), outline)))
    zone, member = shapely.STRtree(points).query(parts, predicate="intersects")
    held = pd.DataFrame({"zone": zone, "day": days[member]}).groupby("zone")["day"].agg(["size", "min", "max"])
    found = gpd.GeoDataFrame(
        {"burglaries": held["size"], "first_day": held["min"], "last_day": held["max"]},
        geometry=parts[held.index], crs=crs.BNG,
    )  # fmt: skip
    return _numbered(found, as_of, params)


def in_words(found: Found, params: NearRepeatParams) -> list[str]:
    """What the test found, in sentences."""
    if not found.burglaries:
        return [_NO_DAYS]
    told = [_compared(found, f"within {params.distance_m:g} m and {params.within_days} days of one another")]
    share = f"{100 * found.followers / found.burglaries:.0f} in 100 burglaries"
    told.append(f"{share} had another that near on one of the {params.within_days} days before.")
    if found.is_found:
        told.append(_FOUND.format(days=params.within_days))
    else:
        told.append(_NOT_FOUND)
    if not found.is_found and found.burglaries < _FEW:
        told.append(f"With {found.burglaries} burglaries only a strong pattern would show.")
    if found.left_out:
        told.append(
            f"{found.left_out:,} of {found.burglaries + found.left_out:,} burglaries have no day (month only, no "
            f"start, or more than {params.max_span_days:g} days in which they may have happened) and were left out."
        )
    return told


_NO_DAYS = (
    "No burglary of the window is known to the day, so nothing can be said about burglaries soon after one another, "
    "and no zones are drawn. A month is not turned into a day."
)
_NOT_FOUND = "That shows no near repeats here, so no zones are drawn."
_FOUND = (
    "So for a while after a burglary another nearby is likelier here, and zones are drawn around those of the "
    "last {days} days. A place that grew busier within the year makes such pairs too."
)


def _compared(found: Found, near: str) -> str:
    """Pairs against chance, in a sentence."""
    pairs = f"{found.pairs:,} {'pair of burglaries lies' if found.pairs == 1 else 'pairs of burglaries lie'} {near}"
    if not found.expected:
        return f"{pairs}, and chance would give none."
    told = f"{pairs}; chance alone would give {found.expected:,.0f}"
    if not found.pairs:
        return f"{told}."
    return (
        f"{told}: {found.ratio:.2f} times as many (80 % interval {found.ratio_low:.2f} to {found.ratio_high:.2f}; "
        f"p = {found.p_value:.3f})."
    )


def _followers(burglaries: gpd.GeoDataFrame, day: pd.Series, params: NearRepeatParams) -> int:
    """How many burglaries had another one near on an earlier day of the days before."""
    points, days = burglaries.get_coordinates().to_numpy(), day.to_numpy()
    first, second = neighbour_graph.pairs(points, params.distance_m)
    later = (days[second] - days[first]) // np.timedelta64(1, "D")
    is_soon = (later != 0) & (np.abs(later) <= params.within_days)
    return len(np.unique(np.where(later > 0, second, first)[is_soon]))


def _numbered(zones: gpd.GeoDataFrame, as_of: date, params: NearRepeatParams) -> gpd.GeoDataFrame:
    """Zones in order, the latest first, then the fullest, then from the west, with their ids."""
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


def _interval(ratio: float, pairs: int, drawn: NDArray) -> tuple[float, float]:
    """An 80 % interval of a ratio: pairs come in bunches, so their spread is that of the deals, not of a count."""
    if not pairs or not drawn.any():
        return float("nan"), float("nan")
    bunching = max(drawn.var() / drawn.mean(), 1.0)
    factor = float(np.exp(special.ndtri((1 + COVERAGE) / 2) * np.sqrt(bunching / pairs)))
    return ratio / factor, ratio * factor
