"""Hotspots of a family: DBSCAN clusters with an outline and a p value, and their tables."""

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from hotspots import neighbour_graph, tables
from hotspots.targeting import clusters, outlines, profiles, significance
from hotspots.targeting.clusters import DbscanParams
from hotspots.targeting.evidence import Evidence
from hotspots.targeting.outlines import OutlineParams
from hotspots.targeting.significance import SignificanceParams


def find_hotspots(
    evidence: Evidence, family: str, params: DbscanParams, significance_params: SignificanceParams,
    outline_params: OutlineParams,
) -> gpd.GeoDataFrame:  # fmt: skip
    """Return the outlines of a family's clusters (BNG metres) with `cluster` and `p_value`."""
    near, labels = _label_spots(evidence, family, params)
    p_values = significance.p_values(
        near, labels, evidence.spots[family], evidence.exposure(family), params.min_incidents, significance_params
    )
    shapes = outlines.outline_clusters(evidence.spots, labels, evidence.outline, params.radius_m, outline_params)
    return shapes.assign(p_value=p_values[shapes["cluster"]])


def outline_hotspots(
    evidence: Evidence, family: str, params: DbscanParams, outline_params: OutlineParams
) -> gpd.GeoDataFrame:
    """Return the outlines of a family's clusters (BNG metres) with `cluster`, without p values."""
    _, labels = _label_spots(evidence, family, params)
    return outlines.outline_clusters(evidence.spots, labels, evidence.outline, params.radius_m, outline_params)


def list_hotspots(
    hotspots: gpd.GeoDataFrame, ended: gpd.GeoDataFrame, evidence: Evidence, family: str
) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """Return `tables.HOTSPOTS` of a family, including ended hotspots, and `tables.MEMBERS`.

    Parameters
    ----------
    hotspots, ended
        With `hotspot_id` and the columns of `profiles.profile_areas`.
    family
        `asb` or `burglary`.
    """
    window = {"period_start": pd.Timestamp(evidence.window.start), "period_end": pd.Timestamp(evidence.window.end)}
    listed = gpd.GeoDataFrame(pd.concat([hotspots, ended], ignore_index=True), crs=hotspots.crs)
    listed = listed.assign(**window).sort_values("hotspot_id", ignore_index=True)
    own = evidence.own_incidents(family)
    inside = outlines.spots_inside(listed, evidence.spots)
    members = profiles.members_of(inside, evidence.spot, own)
    ids = {
        "hotspot_id": listed["hotspot_id"].to_numpy()[members["area"]],
        "incident_id": own["incident_id"].loc[members["incident"]].to_numpy(),
    }
    return (
        gpd.GeoDataFrame(tables.conform(listed, tables.HOTSPOTS)),
        tables.conform(pd.DataFrame(ids), tables.MEMBERS),
    )


def _label_spots(evidence: Evidence, family: str, params: DbscanParams) -> tuple[sparse.csr_matrix, NDArray[np.int64]]:
    """Return the neighbour graph of the radius, and the cluster of each spot."""
    near = neighbour_graph.within_radius(evidence.near, params.radius_m)
    return near, clusters.label_spots(near, evidence.spots[family], params.min_incidents)
