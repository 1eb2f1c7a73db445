"""Outlines of clusters, and the spots inside areas."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

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
    spots: pd.DataFrame, labels: NDArray[np.int64], outline: shapely.Geometry, radius_m: float, params: OutlineParams
) -> gpd.GeoDataFrame:
    """Outline each cluster: its spots buffered, dissolved, smoothed and clipped to the force; none overlap.

    Parameters
    ----------
    spots
        `easting` and `northing`, metres.
    labels
        Cluster of each spot, -1 for none.
    outline
        The force, BNG metres.
    radius_m
        Radius of the clusters.

    Returns
    -------
    GeoDataFrame
        `cluster` and geometry, BNG metres; clusters outside the force are left out.
    """
    buffer_m = radius_m * params.buffer_share
    points = shapely.points(spots["easting"].to_numpy(), spots["northing"].to_numpy())
    shapely.prepare(outline)
    outlined: list[tuple[int, shapely.Geometry]] = []
    for cluster in range(int(labels.max(initial=-1)) + 1):
        dissolved = shapely.union_all(shapely.buffer(points[labels == cluster], buffer_m * 1.01, quad_segs=6))
        smooth = shapely.simplify(
            shapely.buffer(shapely.buffer(dissolved, buffer_m, quad_segs=6), -buffer_m, quad_segs=6), 2.0
        )
        shape = smooth if shapely.contains_properly(outline, smooth) else shapely.intersection(smooth, outline)
        shape = polygons_only(shape)
        near = [other for _, other in outlined if shapely.intersects(other, shape)]
        shape = polygons_only(shapely.difference(shape, shapely.union_all(near))) if near else shape
        if not shape.is_empty:
            outlined.append((cluster, shape))
    frame = pd.DataFrame({"cluster": np.array([cluster for cluster, _ in outlined], dtype="int64")})
    return gpd.GeoDataFrame(frame, geometry=[shape for _, shape in outlined], crs=crs.BNG)


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
