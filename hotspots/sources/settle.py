"""Which located rows count: inside the force, and once for each reference."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely


def outside_force(incidents: gpd.GeoDataFrame, outline: shapely.Geometry, border_buffer_m: float = 0.0) -> pd.Series:
    """Whether each incident lies outside the force; a neighbour's counts as outside unless just over the border.

    What neighbours put inside the force's own outline is left out, so that all inside is the force's own record.

    Parameters
    ----------
    incidents
        Points, BNG metres, with `is_own_force`; a missing point is not outside.
    outline
        The force, BNG metres.
    border_buffer_m
        How far over the border a neighbour's incident may lie.
    """
    xy = incidents.get_coordinates().reindex(incidents.index).to_numpy()
    spots, spot = np.unique(xy[:, 0] + 1j * xy[:, 1], return_inverse=True)
    is_own = incidents["is_own_force"].to_numpy()
    shapely.prepare(outline)
    is_in = shapely.contains_xy(outline, spots.real, spots.imag)[spot]
    if not is_own.all():
        is_near = shapely.dwithin(outline, shapely.points(spots.real, spots.imag), border_buffer_m)[spot]
        is_in = np.where(is_own, is_in, is_near & ~is_in)
    return pd.Series(~is_in & np.isfinite(xy[:, 0]), index=incidents.index, name="outside_force")


def repeated_ids(incidents: gpd.GeoDataFrame) -> pd.Series:
    """Whether each incident's id stands in another row that is kept instead.

    Of the rows that share an id the one with the smallest easting, northing, type and month is kept, so that the
    order of rows and files does not matter.
    """
    is_shared = incidents["incident_id"].duplicated(keep=False)
    shared = incidents[is_shared]
    order = shared[["incident_id", "category", "month"]].astype("str").assign(x=shared.geometry.x, y=shared.geometry.y)
    order = order.sort_values(["incident_id", "x", "y", "category", "month"], kind="stable")
    repeated = order["incident_id"].duplicated()
    return repeated.reindex(incidents.index, fill_value=False).astype(bool).rename("repeated_id")
