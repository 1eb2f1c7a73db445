"""Outlines of clusters, and the spots inside areas."""

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import ArrayLike, NDArray

from hotspots import crs
from hotspots.errors import ParameterError


@dataclass(frozen=True, kw_only=True)
class OutlineParams:
    """Buffer of outlines.

    Attributes
    ----------
    buffer_share
        Buffer of an outline around its spots, as a share of the clusters' radius.
    """

    buffer_share: float = 0.5

    def __post_init__(self) -> None:
        """Check the limits."""
        if not 0 < self.buffer_share <= 1:
            raise ParameterError(f"outlines.buffer_share must be above 0 and at most 1, got {self.buffer_share:g}.")


def outline_clusters(
    spots: pd.DataFrame, labels: NDArray[np.int64], outline: shapely.Geometry, radius_m: ArrayLike,
    params: OutlineParams,
) -> gpd.GeoDataFrame:  # fmt: skip
    """Outline each cluster: its spots buffered, dissolved, smoothed, holes filled, clipped to the force; none overlap.

    A cluster inside the outline of another, in one of its filled holes, has no outline of its own. Parts without any
    spot of the cluster, which remain where outlines meet or at the border, are left out.

    Parameters
    ----------
    spots
        `easting` and `northing`, metres.
    labels
        Cluster of each spot, -1 for none.
    outline
        The force, BNG metres.
    radius_m
        Radius of all clusters, or of each.

    Returns
    -------
    GeoDataFrame
        `cluster` and geometry, BNG metres; clusters outside the force are left out.
    """
    points = shapely.points(spots["easting"].to_numpy(), spots["northing"].to_numpy())
    number = int(labels.max(initial=-1)) + 1
    buffers_m = np.broadcast_to(np.asarray(radius_m, float) * params.buffer_share, number)
    own = [shapely.multipoints(points[labels == cluster]) for cluster in range(number)]
    filled = np.array([_surround(*each) for each in zip(own, buffers_m, strict=True)], dtype=object)
    shapely.prepare(outline)
    outlined: list[tuple[int, shapely.Geometry]] = []
    for cluster in np.flatnonzero(~_is_inside_another(filled)):
        shape = filled[cluster]
        if not shapely.contains_properly(outline, shape):
            shape = shapely.intersection(shape, outline)
        near = [other for _, other in outlined if shapely.intersects(other, shape)]
        shape = shapely.difference(shape, shapely.union_all(near)) if near else shape
        parts = shapely.get_parts(polygons_only(shape))
        shape = polygons_only(shapely.multipolygons(parts[shapely.intersects(parts, own[cluster])]))
        if not shape.is_empty:
            outlined.append((int(cluster), shape))
    frame = pd.DataFrame({"cluster": np.array([cluster for cluster, _ in outlined], dtype="int64")})
    return gpd.GeoDataFrame(frame, geometry=[shape for _, shape in outlined], crs=crs.BNG)


def _surround(spots: shapely.MultiPoint, buffer_m: float) -> shapely.Geometry:
    """Return the smoothed surroundings of a cluster's spots, without holes."""
    dissolved = shapely.union_all(shapely.buffer(shapely.get_parts(spots), buffer_m * 1.01, quad_segs=6))
    smooth = shapely.buffer(shapely.buffer(dissolved, buffer_m, quad_segs=6), -buffer_m, quad_segs=6)
    parts = shapely.get_parts(shapely.simplify(smooth, 2.0))
    return shapely.union_all(shapely.polygons(shapely.get_exterior_ring(parts)))


def _is_inside_another(shapes: NDArray[Any]) -> NDArray[np.bool_]:
    """Return which shapes lie inside another one; of two equal shapes the second."""
    inner, outer = shapely.STRtree(shapes).query(shapes, predicate="covered_by")
    is_other = (inner != outer) & ~(shapely.equals(shapes[inner], shapes[outer]) & (inner < outer))
    return np.asarray(np.isin(np.arange(len(shapes)), inner[is_other]))


def polygons_only(shape: shapely.Geometry) -> shapely.Geometry:
    """Return the polygons of a geometry, without slivers under one square metre."""
    parts = [
        part for part in shapely.get_parts(shapely.make_valid(shape)) if part.geom_type in ("Polygon", "MultiPolygon")
    ]
    parts = [part for part in shapely.get_parts(np.array(parts, dtype=object)) if part.area >= 1.0]
    return parts[0] if len(parts) == 1 else shapely.multipolygons(parts) if parts else shapely.Polygon()


def spots_inside(areas: gpd.GeoDataFrame, spots: pd.DataFrame) -> pd.DataFrame:
    """Return the spots inside each area, edges included: `area` (position) and `spot`, sorted."""
    points = shapely.points(spots["easting"].to_numpy(), spots["northing"].to_numpy())
    tree = shapely.STRtree(points)
    area, spot = tree.query(areas.geometry.to_numpy(), predicate="intersects")
    return pd.DataFrame({"area": area, "spot": spot}).sort_values(["area", "spot"], ignore_index=True)
