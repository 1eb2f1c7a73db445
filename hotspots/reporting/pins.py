"""Points that stand for shapes on a map, always inside them."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray


def points_inside(shapes: Iterable[Any]) -> NDArray[Any]:
    """Return the centre of the smallest circle around each shape, or another point inside where it lies outside.

    Examples
    --------
    >>> corner = shapely.from_wkt("POLYGON ((0 0, 9 0, 9 1, 1 1, 1 9, 0 9, 0 0))")
    >>> bool(shapely.intersects(points_inside([corner])[0], corner))
    True
    """
    geometries = np.asarray(shapes, dtype=object)
    centres = shapely.centroid(shapely.minimum_bounding_circle(geometries))
    inside: NDArray[Any] = shapely.point_on_surface(geometries)
    return np.asarray(np.where(shapely.intersects(geometries, centres), centres, inside), dtype=object)
