"""Hexagons ranked by their incidents, with Gi*: a second method to compare the hotspots with.

Hexagons of 0.04 square kilometres in rank order follow the College of Policing's guide (equal units, ranked, the top
first). Gi* is computed over each hexagon and the six around it; its significance allows for the number of hexagons.

References
----------
Ord, Getis (1995), doi:10.1111/j.1538-4632.1995.tb00912.x.
"""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import ArrayLike, NDArray
from scipy import sparse, special

from hotspots import crs, multiple_testing, wording
from hotspots.targeting import significance

HEXAGON_M2 = 40_000.0
SIDE_M = float(np.sqrt(HEXAGON_M2 * 2 / (3 * np.sqrt(3))))
LISTED = 20
_FALSE_DISCOVERY_RATE = 0.05
_AROUND = ((0, 0), (1, 0), (-1, 0), (0, 1), (0, -1), (1, -1), (-1, 1))


def count_hexagons(
    easting: ArrayLike, northing: ArrayLike, counts: ArrayLike, outline: shapely.Geometry
) -> pd.DataFrame:
    """Return every hexagon with its centre in the force or with a spot inside, in rank order.

    Parameters
    ----------
    easting, northing, counts
        n spots, metres, and the incidents at each.
    outline
        The force, BNG metres.

    Returns
    -------
    DataFrame
        `rank` (ties by place), `incidents`, `gi_star` (z score), `is_significant` (false discovery rate of 5 %), and
        the hexagon's `column` and `row`.
    """
    column, row = _hexagon_of(np.asarray(easting, float), np.asarray(northing, float))
    cells, counted = _cells(column, row, np.asarray(counts, np.int64), outline)
    z = significance.gi_star(counted, _adjacency(cells)) if len(cells) else np.empty(0)
    order = np.lexsort((cells[:, 1], cells[:, 0], -counted))
    is_significant = multiple_testing.is_significant(special.ndtr(-z), _FALSE_DISCOVERY_RATE)
    columns = {"incidents": counted, "gi_star": z, "is_significant": is_significant}
    frame = pd.DataFrame(columns | {"column": cells[:, 0], "row": cells[:, 1]}).iloc[order].reset_index(drop=True)
    return frame.assign(rank=np.arange(1, len(frame) + 1))


def outline_hexagons(hexagons: pd.DataFrame) -> gpd.GeoDataFrame:
    """Return hexagons (`column`, `row`) with their polygons, BNG metres."""
    turns = np.arange(6) * np.pi / 3
    corners = SIDE_M * np.column_stack([np.cos(turns), np.sin(turns)])
    shapes = shapely.polygons(_centres(hexagons[["column", "row"]].to_numpy())[:, None, :] + corners)
    return gpd.GeoDataFrame(hexagons, geometry=shapes, crs=crs.BNG)


def describe_hexagons(hexagons: pd.DataFrame, spots: pd.DataFrame, hotspots: gpd.GeoDataFrame) -> str:
    """Return how the hexagons compare with the hotspots, in sentences.

    Parameters
    ----------
    hexagons
        As `count_hexagons` returns them.
    spots
        As `method_notes.concentration` returns it, for spots.
    hotspots
        Outlines, BNG metres.
    """
    if spots.empty or hexagons.empty:
        return "No incidents to compare."
    top = outline_hexagons(hexagons.head(LISTED))
    overlapping = shapely.intersects(top.geometry.to_numpy(), shapely.union_all(hotspots.geometry.to_numpy())).sum()
    half = spots[spots["share_of_incidents"] == 0.5].iloc[0]
    return (
        f"{overlapping} of the top {len(top)} hexagons overlap a hotspot of this report. "
        f"{hexagons['is_significant'].sum():,} of {len(hexagons):,} hexagons of 0.04 square kilometres have "
        f"significantly more incidents in and around them than the average (Gi*). Half of all incidents are at "
        f"{wording.percent(half['share_of_places'], 1)} of the recorded places."
    )


def _hexagon_of(x: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the axial column and row of the flat-topped hexagon that contains each point."""
    column, row = 2 / 3 * x / SIDE_M, (np.sqrt(3) / 3 * y - x / 3) / SIDE_M
    third = -column - row
    rounded = np.round([column, row, third])
    rounding = np.abs(rounded - [column, row, third])
    widest = rounding.argmax(axis=0)
    first = np.where(widest == 0, -rounded[1] - rounded[2], rounded[0])
    second = np.where(widest == 1, -rounded[0] - rounded[2], rounded[1])
    return first.astype(np.int64), second.astype(np.int64)


def _centres(cells: NDArray[np.int64] | NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the eastings and northings of the centres of hexagons."""
    return SIDE_M * np.column_stack([1.5 * cells[:, 0], np.sqrt(3) * (cells[:, 1] + cells[:, 0] / 2)])


def _cells(
    column: NDArray[np.int64], row: NDArray[np.int64], counts: NDArray[np.int64], outline: shapely.Geometry
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the columns and rows of all hexagons, and the incidents in each."""
    west, south, east, north = outline.bounds
    columns = np.arange(np.floor(west / SIDE_M / 1.5), np.ceil(east / SIDE_M / 1.5) + 1)
    high = np.ceil((north - south) / SIDE_M / np.sqrt(3)) + 2
    lowest = np.floor(south / SIDE_M / np.sqrt(3) - columns / 2) - 1
    grid = np.column_stack([np.repeat(columns, int(high)), (lowest[:, None] + np.arange(high)).ravel()])
    shapely.prepare(outline)
    grid = grid[shapely.contains_xy(outline, *_centres(grid).T)].astype(np.int64)
    every = np.concatenate([grid, np.column_stack([column, row])])
    cells, number = np.unique(every, axis=0, return_inverse=True)
    return cells, np.bincount(number.ravel()[len(grid) :], counts, len(cells)).astype(np.int64)


def _adjacency(cells: NDArray[np.int64]) -> sparse.csr_matrix:
    """Return which hexagons touch, each itself included."""
    width = cells[:, 1].max() - cells[:, 1].min() + 3
    keys = cells[:, 0] * width + cells[:, 1]
    ends = []
    for across, up in _AROUND:
        wanted = keys + across * width + up
        at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        is_there = keys[at] == wanted
        ends.append(np.column_stack([np.flatnonzero(is_there), at[is_there]]))
    first, second = np.concatenate(ends).T
    return sparse.csr_matrix((np.ones(len(first)), (first, second)), shape=(len(cells), len(cells)))
