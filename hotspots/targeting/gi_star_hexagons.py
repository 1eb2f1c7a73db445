"""Hexagons ranked by their incidents, each with its Gi*: a second method to compare the hotspots with.

Hexagons of 0.04 square kilometres, ranked by their incidents, are what the College of Policing's guide asks for
(equal units, rank order, the top first); each has its Gi* over itself and the six around it, and says whether that
is more than chance once all hexagons are looked at together.

References
----------
Ord, Getis (1995), doi:10.1111/j.1538-4632.1995.tb00912.x. Benjamini, Hochberg (1995),
doi:10.1111/j.2517-6161.1995.tb02031.x.
"""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import ArrayLike, NDArray
from scipy import sparse, special

from hotspots import crs
from hotspots.targeting import significance

HEXAGON_M2 = 40_000.0
SIDE_M = float(np.sqrt(HEXAGON_M2 * 2 / (3 * np.sqrt(3))))
LISTED = 20
_FALSE_SHARE = 0.05
_AROUND = ((0, 0), (1, 0), (-1, 0), (0, 1), (0, -1), (1, -1), (-1, 1))


def count_hexagons(
    easting: ArrayLike, northing: ArrayLike, counts: ArrayLike, outline: shapely.Geometry
) -> pd.DataFrame:
    """Every hexagon whose middle lies in the force or that holds a spot, in rank order.

    Parameters
    ----------
    easting, northing, counts
        n spots, metres, and the incidents at each.
    outline
        The force, BNG metres.

    Returns
    -------
    DataFrame
        `rank` (ties by place), `incidents`, `gi_star` (z score), `is_significant` (false share of 5 % over all
        hexagons), and the hexagon's `column` and `row`.
    """
    column, row = _hexagon_of(np.asarray(easting, float), np.asarray(northing, float))
    cells, counted = _cells(column, row, np.asarray(counts, np.int64), outline)
    z = significance.gi_star(counted, _near(cells)) if len(cells) else np.empty(0)
    order = np.lexsort((cells[:, 1], cells[:, 0], -counted))
    is_significant = _is_no_chance(special.ndtr(-z))
    columns = {"incidents": counted, "gi_star": z, "is_significant": is_significant}
    frame = pd.DataFrame(columns | {"column": cells[:, 0], "row": cells[:, 1]}).iloc[order].reset_index(drop=True)
    return frame.assign(rank=np.arange(1, len(frame) + 1))


def _is_no_chance(p_values: NDArray) -> NDArray:
    """Which p values stand where at most a twentieth of those that do are expected to be chance.

    References
    ----------
    Benjamini and Hochberg 1995, doi:10.1111/j.2517-6161.1995.tb02031.x.
    """
    ordered = np.sort(p_values)
    stands = np.flatnonzero(ordered <= _FALSE_SHARE * np.arange(1, len(ordered) + 1) / max(len(ordered), 1))
    return p_values <= ordered[stands[-1]] if len(stands) else np.zeros(len(p_values), bool)


def outline_hexagons(hexagons: pd.DataFrame) -> gpd.GeoDataFrame:
    """Hexagons (`column`, `row`) with their polygons, BNG metres."""
    turns = np.arange(6) * np.pi / 3
    corners = SIDE_M * np.column_stack([np.cos(turns), np.sin(turns)])
    shapes = shapely.polygons(_middles(hexagons[["column", "row"]].to_numpy())[:, None, :] + corners)
    return gpd.GeoDataFrame(hexagons, geometry=shapes, crs=crs.BNG)


def in_words(hexagons: pd.DataFrame, spots: pd.DataFrame, hotspots: gpd.GeoDataFrame) -> str:
    """What the second opinions say of the hotspots.

    Parameters
    ----------
    hexagons
        As `count_hexagons` gives them.
    spots
        As `concentration` gives it, for spots.
    hotspots
        Outlines, BNG metres.
    """
    if spots.empty or hexagons.empty:
        return "Nothing was recorded to compare."
    top = outline_hexagons(hexagons.head(LISTED))
    met = shapely.intersects(top.geometry.to_numpy(), shapely.union_all(hotspots.geometry.to_numpy())).sum()
    half = spots[spots["share_of_incidents"] == 0.5].iloc[0]
    return (
        f"Half of all incidents are at {100 * half['share_of_places']:.1f} in 100 of the places with any record. "
        f"{hexagons['is_significant'].sum():,} of {len(hexagons):,} hexagons of 0.04 square kilometres have more "
        f"incidents in and around them than chance allows (Gi*). Of the {len(top)} fullest hexagons {met} meet a "
        "hotspot of this report."
    )


def _hexagon_of(x: NDArray, y: NDArray) -> tuple[NDArray, NDArray]:
    """Axial column and row of the hexagon, flat side up, that each point lies in."""
    column, row = 2 / 3 * x / SIDE_M, (np.sqrt(3) / 3 * y - x / 3) / SIDE_M
    third = -column - row
    rounded = np.round([column, row, third])
    gap = np.abs(rounded - [column, row, third])
    widest = gap.argmax(axis=0)
    first = np.where(widest == 0, -rounded[1] - rounded[2], rounded[0])
    second = np.where(widest == 1, -rounded[0] - rounded[2], rounded[1])
    return first.astype(np.int64), second.astype(np.int64)


def _middles(cells: NDArray) -> NDArray:
    """Eastings and northings of the middles of hexagons."""
    return SIDE_M * np.column_stack([1.5 * cells[:, 0], np.sqrt(3) * (cells[:, 1] + cells[:, 0] / 2)])


def _cells(column: NDArray, row: NDArray, counts: NDArray, outline: shapely.Geometry) -> tuple[NDArray, NDArray]:
    """Columns and rows of all hexagons, and the incidents in each."""
    west, south, east, north = outline.bounds
    columns = np.arange(np.floor(west / SIDE_M / 1.5), np.ceil(east / SIDE_M / 1.5) + 1)
    high = np.ceil((north - south) / SIDE_M / np.sqrt(3)) + 2
    lowest = np.floor(south / SIDE_M / np.sqrt(3) - columns / 2) - 1
    grid = np.column_stack([np.repeat(columns, int(high)), (lowest[:, None] + np.arange(high)).ravel()])
    shapely.prepare(outline)
    grid = grid[shapely.contains_xy(outline, *_middles(grid).T)].astype(np.int64)
    every = np.concatenate([grid, np.column_stack([column, row])])
    cells, number = np.unique(every, axis=0, return_inverse=True)
    return cells, np.bincount(number.ravel()[len(grid) :], counts, len(cells)).astype(np.int64)


def _near(cells: NDArray) -> sparse.csr_matrix:
    """Which hexagons touch, each itself included."""
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
