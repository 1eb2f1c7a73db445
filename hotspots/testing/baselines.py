"""Baselines: squares, kernel density, history cover and random places, against which the method is compared.

All are made from the incidents of one family known on a day, as the method's list is.
"""

from dataclasses import dataclass
from datetime import date

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from hotspots import crs, maximal_cover, neighbour_graph, period, scored_methods

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


def baseline_lists(incidents: gpd.GeoDataFrame, as_of: date, params: BaselineParams) -> dict[str, gpd.GeoDataFrame]:
    """Return the ranked areas of each baseline, by name, from the incidents in the window before a day."""
    points = period.within(incidents, period.evidence_window(as_of, params.window_months)).get_coordinates().to_numpy()
    return {
        scored_methods.SQUARES: _squares(points, params),
        scored_methods.DENSITY: _density(points, params),
        scored_methods.HISTORY: best_cover(points, params),
        scored_methods.RANDOM: _random(points, params),
    }


def best_cover(points: NDArray[np.float64], params: BaselineParams) -> gpd.GeoDataFrame:
    """Return the circles that cover most points: a baseline on past points, the best possible list on observed ones."""
    places, counts = _count_places(points)
    centres = maximal_cover.cover(places[:, 0], places[:, 1], counts, params.radius_m, params.areas)
    return _circles(centres, params.radius_m)


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
