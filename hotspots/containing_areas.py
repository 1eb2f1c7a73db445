"""The area that contains each point: the first one, where areas overlap."""

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray


def first_containing_area(points: NDArray[np.object_], areas: gpd.GeoDataFrame) -> NDArray[np.intp]:
    """Return the position of the first area that contains each point, -1 where none does.

    Parameters
    ----------
    points
        Points, BNG metres; None or an empty point is in no area.
    areas
        Polygons, BNG metres, in the order in which they are preferred. A point on a border is in both areas.
    """
    point, area = shapely.STRtree(areas.geometry.to_numpy()).query(points, predicate="intersects")
    first = np.full(len(points), len(areas), dtype=np.intp)
    np.minimum.at(first, point, area)
    return np.where(first < len(areas), first, -1)
