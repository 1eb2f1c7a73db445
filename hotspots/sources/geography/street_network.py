"""Make a network of streets: lines that meet only at their ends.

OS Open Roads is one already. A way of OpenStreetMap may run through several junctions, which are points that it shares
with other ways; a bridge shares no point with the road below it.
"""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

_CENTIMETRES = 100


def split_at_junctions(roads: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Split each line at the points that it shares with others, and at those that it passes twice.

    Parameters
    ----------
    roads
        LineStrings and MultiLineStrings, BNG metres; points within a centimetre are the same.

    Returns
    -------
    GeoDataFrame
        LineStrings with the columns of their roads, in the same order.
    """
    lines, row = shapely.get_parts(roads.geometry.to_numpy(), return_index=True)
    xy, line = shapely.get_coordinates(lines, return_index=True)
    if not len(xy):
        return roads.iloc[:0]
    is_end = np.append(True, line[1:] != line[:-1])
    is_end |= np.append(is_end[1:], True)
    is_node = is_end | _is_shared(xy)
    # A point inside a line that is a node ends one piece and begins the next, so it is repeated.
    repeat = 1 + (is_node & ~is_end)
    starts = (np.cumsum(repeat) - repeat)[is_node & ~is_end] + 1
    begins = np.zeros(repeat.sum(), dtype="int64")
    begins[starts] = 1
    long_line = np.repeat(line, repeat)
    begins |= np.append(0, long_line[1:] != long_line[:-1])
    piece = np.cumsum(begins)
    pieces = shapely.linestrings(np.repeat(xy, repeat, axis=0), indices=piece)
    of_line = long_line[np.append(True, piece[1:] != piece[:-1])]
    attributes = pd.DataFrame(roads.drop(columns=roads.geometry.name)).iloc[row[of_line]].reset_index(drop=True)
    split = gpd.GeoDataFrame(attributes, geometry=pieces, crs=roads.crs)
    return split[split.length > 0].reset_index(drop=True)


def _is_shared(xy: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return whether each point occurs more than once."""
    key = np.round(xy * _CENTIMETRES).astype("int64")
    _, same, count = np.unique(key[:, 0] * (1 << 31) + key[:, 1], return_inverse=True, return_counts=True)
    return np.asarray(count[same] > 1)
