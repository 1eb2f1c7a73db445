"""Accuracy of near-repeat zones: the burglaries of the week after that zones of past weeks would have captured.

Streets that are often burgled are burgled again, with or without near repeats. So the share of burglaries captured is
compared with the zones' share of the area, with the share that the same zones captured of the year before (any surplus
is due to recent burglaries), and with discs of the same total area around the year's busiest places.
"""

import bisect
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from hotspots import maximal_cover, proportions, wording

WEEKS = 12
_MIN_OBSERVED = 20  # with fewer burglaries in all weeks the accuracy cannot be measured


@dataclass(frozen=True, kw_only=True)
class ZoneParams:
    """Radius of zones around a burglary, and how many days they last."""

    radius_m: float
    days: int


@dataclass(frozen=True, kw_only=True)
class ZoneScore:
    """Accuracy of the zones of past weeks.

    Attributes
    ----------
    weeks
        Number of weeks.
    observed, hits
        Burglaries of the seven days after each week, and those of them inside the zones.
    area_share
        Mean share of the force's area.
    before_share
        Share of the burglaries of the year before, without the zones' own days, inside the same zones.
    busiest_hits
        Burglaries inside discs of the same total area around the busiest places of the year before.
    """

    weeks: int
    observed: int
    hits: int
    area_share: float
    before_share: float
    busiest_hits: float

    def summary(self) -> str:
        """Return the score in a few sentences, the captured share first."""
        if self.observed < _MIN_OBSERVED:
            weeks = wording.counted(self.weeks, "week")
            return f"The accuracy of zones cannot be measured: too few burglaries in the last {weeks}."
        low, high = (float(end) for end in proportions.wilson(self.hits / self.observed, self.observed, 0.8))
        return (
            f"Zones drawn in each of the last {wording.counted(self.weeks, 'week')} would have captured "
            f"{self.hits} of the {wording.counted(self.observed, 'burglary', 'burglaries')} of the following "
            f"seven days ({_percent(self.hits / self.observed)}, 80 % "
            f"interval {_percent(low)} to {_percent(high)}) in {_percent(self.area_share)} of the force's area. "
            f"The same zones contain {_percent(self.before_share)} of the burglaries of the year before: "
            f"{_verdict(low, high, self.before_share)}. Areas of the same size around the year's busiest places would "
            f"have captured {_percent(self.busiest_hits / self.observed)}."
        )


def score_weeks(
    draw: Callable[[date], gpd.GeoDataFrame], burglaries: gpd.GeoDataFrame, as_of: date, outline: shapely.Geometry,
    params: ZoneParams, *, weeks: int = WEEKS,
) -> ZoneScore:  # fmt: skip
    """Return the accuracy of zones drawn at the end of each of the last weeks.

    Parameters
    ----------
    draw
        Zones as of a day.
    burglaries
        Known today, with `day`; BNG metres.
    as_of
        Last day that is counted.
    outline
        The force.
    """
    rows = []
    for week in range(weeks, 0, -1):
        day = as_of - timedelta(days=7 * week)
        zones = shapely.union_all(draw(day).geometry.to_numpy())
        observed = _points_between(burglaries, day, day + timedelta(days=7))
        before = _points_between(burglaries, day - timedelta(days=365), day - timedelta(days=params.days))
        year = shapely.get_coordinates(_points_between(burglaries, day - timedelta(days=365), day))
        busiest = busiest_discs(year, zones.area, params.radius_m)
        hits, hits_before = (_count_inside([zones], points) for points in (observed, before))
        busiest_hits = hits_in_discs(busiest, params.radius_m, outline, zones.area, observed)
        before_share = hits_before / max(len(before), 1)
        rows.append((len(observed), hits, zones.area / outline.area, before_share, busiest_hits))
    table = pd.DataFrame(rows, columns=["observed", "hits", "area_share", "before_share", "busiest_hits"])
    total = int(table["observed"].sum())
    return ZoneScore(
        weeks=weeks,
        observed=total,
        hits=int(table["hits"].sum()),
        area_share=float(table["area_share"].mean()),
        before_share=float((table["before_share"] * table["observed"]).sum() / max(total, 1)),
        busiest_hits=float(table["busiest_hits"].sum()),
    )


def busiest_discs(points: NDArray[np.float64], area_m2: float, radius_m: float) -> NDArray[np.float64]:
    """Return the centres of circles that cover most of n by 2 points, enough of them to reach a total area."""
    count = int(2 + 2 * area_m2 / (np.pi * radius_m**2))
    places, counts = np.unique(points, axis=0, return_counts=True)
    return maximal_cover.cover(places[:, 0], places[:, 1], counts.astype(float), radius_m, count)


def hits_in_discs(
    centres: NDArray[np.float64], radius_m: float, outline: shapely.Geometry, area_m2: float,
    points: NDArray[np.object_],
) -> float:  # fmt: skip
    """Return the points inside the first discs up to a total area; the last disc counts in part."""
    discs = shapely.intersection(shapely.buffer(shapely.points(centres), radius_m, quad_segs=12), outline)
    numbers = range(len(discs) + 1)
    last = bisect.bisect_left(numbers, area_m2, key=lambda number: shapely.union_all(discs[:number]).area)
    if last in (0, len(numbers)):
        return 0.0 if last == 0 else float(_count_inside(discs, points))
    fewer, more = (shapely.union_all(discs[:number]) for number in (last - 1, last))
    part = (area_m2 - fewer.area) / (more.area - fewer.area)
    return float((1 - part) * _count_inside(discs[: last - 1], points) + part * _count_inside(discs[:last], points))


def _count_inside(shapes: NDArray[np.object_] | list[shapely.Geometry], points: NDArray[np.object_]) -> int:
    """Return the number of points inside any of the shapes."""
    return int(shapely.intersects(shapely.union_all(shapes), points).sum())


def _points_between(burglaries: gpd.GeoDataFrame, after: date, until: date) -> NDArray[np.object_]:
    """Return the points of the burglaries after one day, up to and including another."""
    is_in = (burglaries["day"] > pd.Timestamp(after)) & (burglaries["day"] <= pd.Timestamp(until))
    return np.asarray(burglaries.geometry[is_in].to_numpy(), dtype=object)


def _verdict(low: float, high: float, before: float) -> str:
    """Return how the captured share compares with that of the year before."""
    if low > before:
        return "recent burglaries added information"
    if high < before:
        return "recent burglaries predicted less than the year before did"
    return "no gain over streets that are often burgled has been shown"


def _percent(share: float) -> str:
    return "under 1 %" if 0 < share < 0.01 else wording.percent(share)
