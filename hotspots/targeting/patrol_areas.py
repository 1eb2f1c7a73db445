"""Places an officer can walk: circles chosen to cover the most expected incidents, cut to the streets inside."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from hotspots import crs
from hotspots.errors import ParameterError
from hotspots.targeting import cover as maximal_cover
from hotspots.targeting import outlines

cover = maximal_cover.cover

# A circle drawn with this many corners a quarter lies within a tenth of a metre of the true one.
_QUARTER = 32
_INSET_M = 0.2


@dataclass(frozen=True, kw_only=True)
class PatrolAreaParams:
    """What can be walked.

    Attributes
    ----------
    max_radius_m
        Every area lies inside a circle of this radius.
    max_areas
        Longest list for a family.
    street_reach_m
        How far an area reaches beyond the outermost spots in its circle.
    walking_m_per_minute
        Pace of an officer who looks and talks.
    top_k
        The list's first part: the chance of belonging to it is given for every area.
    """

    max_radius_m: float = 150.0
    max_areas: int = 50
    street_reach_m: float = 40.0
    walking_m_per_minute: float = 60.0
    top_k: int = 20

    def __post_init__(self) -> None:
        """Check the limits."""
        for name in ("max_radius_m", "max_areas", "street_reach_m", "walking_m_per_minute", "top_k"):
            if getattr(self, name) <= 0:
                raise ParameterError(f"patrol_areas.{name} must be greater than 0, got {getattr(self, name):g}.")
        if self.max_radius_m <= 10 * _INSET_M:
            raise ParameterError(f"patrol_areas.max_radius_m must be greater than {10 * _INSET_M:g} metres.")


def choose_areas(spots: pd.DataFrame, outline: shapely.Geometry, params: PatrolAreaParams) -> gpd.GeoDataFrame:
    """Areas that together cover the most expected incidents; no two overlap.

    Parameters
    ----------
    spots
        `easting` and `northing`, metres, and `expected`; spots outside the force must expect nothing.
    outline
        The force, BNG metres.

    Returns
    -------
    GeoDataFrame
        Geometry (BNG metres), `radius_m`, `area_m2` and `walk_minutes`, in the order chosen.
    """
    is_live = spots["expected"].to_numpy() > 0
    points = spots.loc[is_live, ["easting", "northing"]].to_numpy()
    radius = params.max_radius_m - _INSET_M
    centres = cover(points[:, 0], points[:, 1], spots.loc[is_live, "expected"].to_numpy(), radius, params.max_areas)
    shapes = _shapes(centres, points, outline, params)
    radii = shapely.minimum_bounding_radius(shapes)
    frame = pd.DataFrame(
        {
            "radius_m": np.round(radii, 1),
            "area_m2": np.round(shapely.area(shapes), 1),
            "walk_minutes": np.round(shapely.length(shapely.convex_hull(shapes)) / params.walking_m_per_minute, 1),
        }
    )
    return gpd.GeoDataFrame(frame, geometry=shapes, crs=crs.BNG)


def _shapes(centres: np.ndarray, points: np.ndarray, outline: shapely.Geometry, params: PatrolAreaParams) -> np.ndarray:
    """Each circle cut to the streets inside it, to the force, and to what earlier areas have left."""
    circles = shapely.buffer(shapely.points(centres), params.max_radius_m, quad_segs=_QUARTER)
    tree = shapely.STRtree(shapely.points(points))
    taken: list[shapely.Geometry] = []
    for centre, circle in zip(centres, circles, strict=True):
        streets = shapely.multipoints(points[tree.query(circle, predicate="intersects")])
        shape = shapely.buffer(shapely.convex_hull(streets), params.street_reach_m, quad_segs=8)
        shape = shapely.intersection(shapely.intersection(shape, circle), outline)
        near = [other for other in taken if shapely.dwithin(other, shapely.Point(centre), params.max_radius_m)]
        taken.append(outlines.polygons_only(shapely.difference(shape, shapely.union_all(near)) if near else shape))
    return np.array([shape for shape in taken if not shape.is_empty], dtype=object)
