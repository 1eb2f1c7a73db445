"""Baselines: squares, kernel density, history cover and random places, against which the method is compared.

Each takes the known incidents of one family and a day, and returns ranked areas, as the method does.
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
Cover = Callable[[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], float, int], NDArray[np.float64]]

_BANDWIDTH_M = 200.0
_SEED = 1


@dataclass(frozen=True, kw_only=True)
class BaselineParams:
    """Number and size of a baseline's areas, and months of history.

    Attributes
    ----------
    radius_m
        Radius of circles; squares have the same area.
    areas
        Number of areas.
    window_months
        Months of history.
    """

    radius_m: float = 150.0
    areas: int = 50
    window_months: int = 12


def baseline_methods(cover: Cover, params: BaselineParams) -> dict[str, Method]:
    """Return the baselines by name.

    Parameters
    ----------
    cover
        Centres of the circles that cover most weight: easting, northing, weights, radius, how many.
    params
        Of the areas.
    """
    return {
        "last year on squares": lambda incidents, as_of: _squares(_recent_points(incidents, as_of, params), params),
        "kernel density": lambda incidents, as_of: _density(_recent_points(incidents, as_of, params), params),
        "history cover": lambda incidents, as_of: best_cover(_recent_points(incidents, as_of, params), cover, params),
        "random": lambda incidents, as_of: _random(_recent_points(incidents, as_of, params), params),
    }


def best_cover(points: NDArray[np.float64], cover: Cover, params: BaselineParams) -> gpd.GeoDataFrame:
    """Return the circles that cover most points: a baseline on past points, the best possible list on observed ones."""
    places, counts = _count_places(points)
    return _circles(cover(places[:, 0], places[:, 1], counts, params.radius_m, params.areas), params.radius_m)


def _squares(points: NDArray[np.float64], params: BaselineParams) -> gpd.GeoDataFrame:
    """Return the squares of a fixed grid with most points, ties from the south-west."""
    side = params.radius_m * np.sqrt(np.pi)
    cells, counts = np.unique(np.floor(points / side), axis=0, return_counts=True)
    cells = cells[np.argsort(-counts, kind="stable")][: params.areas] * side
    shapes = shapely.box(cells[:, 0], cells[:, 1], cells[:, 0] + side, cells[:, 1] + side)
    return _ranked(np.asarray(shapes, dtype=object))


def _density(points: NDArray[np.float64], params: BaselineParams) -> gpd.GeoDataFrame:
    """Return circles around the places of highest density that do not overlap."""
    places, counts = _count_places(points)
    near = neighbour_graph.graph(places[:, 0], places[:, 1], 3 * _BANDWIDTH_M)
    density = neighbour_graph.kernel(near, _BANDWIDTH_M) @ counts
    centres: list[NDArray[np.float64]] = []
    is_free = np.ones(len(places), bool)
    for place in np.argsort(-density, kind="stable"):
        if len(centres) == params.areas:
            break
        if is_free[place]:
            centres.append(places[place])
            is_free &= np.hypot(*(places - places[place]).T) >= 2 * params.radius_m
    return _circles(np.array(centres).reshape(-1, 2), params.radius_m)


def _random(points: NDArray[np.float64], params: BaselineParams) -> gpd.GeoDataFrame:
    """Return circles around random places out of those with an incident."""
    places, _ = _count_places(points)
    random = np.random.default_rng(_SEED).permutation(len(places))[: params.areas]
    return _circles(places[random], params.radius_m)


def _recent_points(incidents: gpd.GeoDataFrame, as_of: date, params: BaselineParams) -> NDArray[np.float64]:
    """Return the points of the incidents in the window before the day."""
    window = period.evidence_window(as_of, params.window_months)
    return np.asarray(period.within(incidents, window).get_coordinates(), float)


def _count_places(points: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the distinct points, sorted, and the number of each."""
    places, counts = np.unique(points.reshape(-1, 2), axis=0, return_counts=True)
    return places, counts.astype(float)


def _circles(centres: NDArray[np.float64], radius_m: float) -> gpd.GeoDataFrame:
    """Return ranked circles."""
    return _ranked(shapely.buffer(shapely.points(centres.reshape(-1, 2)), radius_m, quad_segs=32))


def _ranked(shapes: NDArray[np.object_]) -> gpd.GeoDataFrame:
    """Return shapes with their rank, from 1."""
    return gpd.GeoDataFrame({"rank": np.arange(1, len(shapes) + 1)}, geometry=shapes, crs=crs.BNG)
