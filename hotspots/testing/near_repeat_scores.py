"""How much of what came in the week after fell in zones, had they been drawn every week, and what that is worth.

Zones stand where burglaries were, and streets that are burgled often are burgled again. So the share of the burglaries
that zones held is set beside their share of the ground, beside the share that the same ground held of the year before
(only what exceeds it is due to the burglaries being recent), and beside what as much ground around the year's busiest
places held (whether an hour there is better spent).
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

from hotspots import proportions

Cover = Callable[[NDArray, NDArray, NDArray, float, int], NDArray]
WEEKS = 12
_LEAST_CAME = 20  # fewer burglaries than this in all weeks say nothing


@dataclass(frozen=True, kw_only=True)
class Reach:
    """How far zones reach around a burglary, and for how many days."""

    radius_m: float
    days: int


@dataclass(frozen=True, kw_only=True)
class Score:
    """What zones of past weeks held.

    Attributes
    ----------
    weeks
        How many.
    came, hits
        Burglaries of the weeks after, and those of them inside.
    ground_share
        Of the force's area, on average.
    before_share
        Of the burglaries of the year before, those of the zones' own days left out, that lay on the same ground.
    busiest_hits
        Burglaries that as much ground around the busiest places of the year before held.
    """

    weeks: int
    came: int
    hits: int
    ground_share: float
    before_share: float
    busiest_hits: float

    def in_words(self) -> str:
        """What to make of it, in a few sentences."""
        if self.came < _LEAST_CAME:
            return f"Too few burglaries came in the last {self.weeks} weeks to tell how good such zones are."
        low, high = (float(end) for end in proportions.wilson(self.hits / self.came, self.came, 0.8))
        told = (
            f"Had zones been drawn at the end of each of the last {self.weeks} weeks, they would have held {self.hits} "
            f"of the {self.came} burglaries of the seven days after ({_percent(self.hits / self.came)}, 80 % interval "
            f"{_percent(low)} to {_percent(high)}) on {_percent(self.ground_share)} of the force's ground. The same "
            f"ground had held {_percent(self.before_share)} of the burglaries of the year before"
        )
        rival = (
            f"As much ground around the year's busiest places would have held {_percent(self.busiest_hits / self.came)}"
        )
        return f"{told}{_verdict(low, high, self.before_share)} {rival}."


def score_weeks(
    draw: Callable[[date], gpd.GeoDataFrame], burglaries: gpd.GeoDataFrame, as_of: date, outline: shapely.Geometry,
    reach: Reach, *, cover: Cover, weeks: int = WEEKS,
) -> Score:  # fmt: skip
    """What zones drawn seven days before each of the last weeks' ends would have held.

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
    reach
        Of the zones.
    cover
        Centres of the circles that cover most: easting, northing, weights, radius, how many.
    """
    found = []
    for week in range(weeks, 0, -1):
        then = as_of - timedelta(days=7 * week)
        ground = shapely.union_all(draw(then).geometry.to_numpy())
        came = _between(burglaries, then, then + timedelta(days=7))
        before = _between(burglaries, then - timedelta(days=365), then - timedelta(days=reach.days))
        year = shapely.get_coordinates(_between(burglaries, then - timedelta(days=365), then))
        busiest = busiest_places(year, ground.area, reach.radius_m, cover)
        held = [_inside([ground], points) for points in (came, before)]
        rival = held_by_discs(busiest, reach.radius_m, outline, ground.area, came)
        found.append((len(came), held[0], ground.area / outline.area, held[1] / max(len(before), 1), rival))
    table = pd.DataFrame(found, columns=["came", "hits", "ground", "before", "rival"])
    total = int(table["came"].sum())
    return Score(
        weeks=weeks,
        came=total,
        hits=int(table["hits"].sum()),
        ground_share=float(table["ground"].mean()),
        before_share=float((table["before"] * table["came"]).sum() / max(total, 1)),
        busiest_hits=float(table["rival"].sum()),
    )


def busiest_places(points: NDArray, area_m2: float, radius_m: float, cover: Cover) -> NDArray:
    """Centres of circles that cover most of n by 2 points, as many as it takes to cover so much ground, and more."""
    many = int(2 + 2 * area_m2 / (np.pi * radius_m**2))
    places, counts = np.unique(points, axis=0, return_counts=True)
    return cover(places[:, 0], places[:, 1], counts.astype(float), radius_m, many)


def held_by_discs(centres: NDArray, radius_m: float, outline: shapely.Geometry, area_m2: float, came: NDArray) -> float:
    """Points inside discs that are taken in order until they cover so much ground; of the last disc its share."""
    discs = shapely.intersection(shapely.buffer(shapely.points(centres), radius_m, quad_segs=12), outline)
    taken = range(len(discs) + 1)
    last = bisect.bisect_left(taken, area_m2, key=lambda many: shapely.union_all(discs[:many]).area)
    if last in (0, len(taken)):
        return 0.0 if last == 0 else float(_inside(discs, came))
    fewer, more = (shapely.union_all(discs[:many]) for many in (last - 1, last))
    part = (area_m2 - fewer.area) / (more.area - fewer.area)
    return (1 - part) * _inside(discs[: last - 1], came) + part * _inside(discs[:last], came)


def _inside(shapes: NDArray | list, points: NDArray) -> int:
    """How many of the points any of the shapes holds."""
    return int(shapely.intersects(shapely.union_all(shapes), points).sum())


def _between(burglaries: gpd.GeoDataFrame, after: date, until: date) -> NDArray:
    """Points of the burglaries of the days after one, up to and with the other."""
    is_in = (burglaries["day"] > pd.Timestamp(after)) & (burglaries["day"] <= pd.Timestamp(until))
    return burglaries.geometry[is_in].to_numpy()


def _verdict(low: float, high: float, before: float) -> str:
    """Whether that is more than streets that are burgled often explain."""
    if low > before:
        return ": burglary did come back there more than streets that are burgled often explain."
    if high < before:
        return ", which is more: recent burglaries told less than the year did."
    return ", so no gain over streets that are burgled often anyway has been shown."


def _percent(share: float) -> str:
    return "under 1 %" if 0 < share < 0.01 else f"{100 * share:.0f} %"
