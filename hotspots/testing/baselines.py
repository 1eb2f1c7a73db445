"""Plain ways to choose places, that any method has to beat: squares, kernel density, history cover, chance.

Each takes the known incidents of one family and the day, and gives areas in order, as a method does.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from hotspots import crs, neighbour_graph, period

Method = Callable[[gpd.GeoDataFrame, date], gpd.GeoDataFrame]
Cover = Callable[[NDArray, NDArray, NDArray, float, int], NDArray]

_BANDWIDTH_M = 200.0
_SEED = 1


@dataclass(frozen=True, kw_only=True)
class Size:
    """How many areas a baseline names, how large, and from how many months.

    Attributes
    ----------
    radius_m
        Of circles; squares have the same area.
    areas
        Longest list.
    window_months
        Months of history counted.
    """

    radius_m: float = 150.0
    areas: int = 50
    window_months: int = 12


def named(cover: Cover, size: Size) -> dict[str, Method]:
    """The baselines by name.

    Parameters
    ----------
    cover
        Centres of the circles that cover most weight: easting, northing, weights, radius, how many.
    size
        Of the areas.
    """
    return {
        "last year on squares": lambda incidents, as_of: _squares(_counted(incidents, as_of, size), size),
        "kernel density": lambda incidents, as_of: _density(_counted(incidents, as_of, size), size),
        "history cover": lambda incidents, as_of: cover_of(_counted(incidents, as_of, size), cover, size),
        "random": lambda incidents, as_of: _random(_counted(incidents, as_of, size), size),
    }


def cover_of(points: NDArray, cover: Cover, size: Size) -> gpd.GeoDataFrame:
    """The circles that cover most of the points: a baseline on past points, the best possible on those to come."""
    places, counts = _places(points)
    return _circles(cover(places[:, 0], places[:, 1], counts, size.radius_m, size.areas), size.radius_m)


def _squares(points: NDArray, size: Size) -> gpd.GeoDataFrame:
    """The squares of a fixed grid that counted most, ties from the south-west."""
    side = size.radius_m * np.sqrt(np.pi)
    cells, counts = np.unique(np.floor(points / side), axis=0, return_counts=True)
    cells = cells[np.argsort(-counts, kind="stable")][: size.areas] * side
    shapes = shapely.box(cells[:, 0], cells[:, 1], cells[:, 0] + side, cells[:, 1] + side)
    return _ranked(np.asarray(shapes, dtype=object))


def _density(points: NDArray, size: Size) -> gpd.GeoDataFrame:
    """Circles around the places of highest density, none meeting another."""
    places, counts = _places(points)
    near = neighbour_graph.graph(places[:, 0], places[:, 1], 3 * _BANDWIDTH_M)
    density = neighbour_graph.kernel(near, _BANDWIDTH_M) @ counts
    centres: list[NDArray] = []
    is_free = np.ones(len(places), bool)
    for place in np.argsort(-density, kind="stable"):
        if len(centres) == size.areas:
            break
        if is_free[place]:
            centres.append(places[place])
            is_free &= np.hypot(*(places - places[place]).T) >= 2 * size.radius_m
    return _circles(np.array(centres).reshape(-1, 2), size.radius_m)


def _random(points: NDArray, size: Size) -> gpd.GeoDataFrame:
    """Circles around places drawn by lot from all that had an incident."""
    places, _ = _places(points)
    drawn = np.random.default_rng(_SEED).permutation(len(places))[: size.areas]
    return _circles(places[drawn], size.radius_m)


def _counted(incidents: gpd.GeoDataFrame, as_of: date, size: Size) -> NDArray:
    """Points of the incidents in the window before the day."""
    window = period.evidence_window(as_of, size.window_months)
    return period.within(incidents, window).get_coordinates().to_numpy()


def _places(points: NDArray) -> tuple[NDArray, NDArray]:
    """Distinct points, sorted, and how often each occurs."""
    places, counts = np.unique(points.reshape(-1, 2), axis=0, return_counts=True)
    return places, counts.astype(float)


def _circles(centres: NDArray, radius_m: float) -> gpd.GeoDataFrame:
    """Circles in order."""
    return _ranked(shapely.buffer(shapely.points(centres.reshape(-1, 2)), radius_m, quad_segs=32))


def _ranked(shapes: NDArray) -> gpd.GeoDataFrame:
    """Shapes with their rank, from 1."""
    return gpd.GeoDataFrame({"rank": np.arange(1, len(shapes) + 1)}, geometry=shapes, crs=crs.BNG)
