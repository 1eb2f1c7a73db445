"""Hotspots of a family: DBSCAN clusters with an outline and a p value, and their tables."""

from collections.abc import Callable

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from hotspots import neighbour_graph, tables
from hotspots.targeting import limited_clusters, outlines, profiles, significance
from hotspots.targeting.clusters import DbscanParams
from hotspots.targeting.evidence import Evidence
from hotspots.targeting.limited_clusters import Clusters
from hotspots.targeting.outlines import OutlineParams
from hotspots.targeting.significance import SignificanceParams


def find_hotspots(
    evidence: Evidence, family: str, params: DbscanParams, significance_params: SignificanceParams,
    outline_params: OutlineParams,
) -> gpd.GeoDataFrame:  # fmt: skip
    """Return the outlines of a family's clusters (BNG metres) with `cluster` and `p_value`."""
    cluster = _cluster_rule(evidence, params, outline_params)
    labels, radius_m, _ = cluster(evidence.spots[family])
    p_values = significance.p_values(
        lambda counts: _candidates(cluster(counts)),
        evidence.spots[family],
        evidence.exposure(family),
        significance_params,
    )
    shapes = outlines.outline_clusters(evidence.spots, labels, evidence.outline, radius_m, outline_params)
    return shapes.assign(p_value=p_values[shapes["cluster"]])


def outline_hotspots(
    evidence: Evidence, family: str, params: DbscanParams, outline_params: OutlineParams
) -> gpd.GeoDataFrame:
    """Return the outlines of a family's clusters (BNG metres) with `cluster`, without p values."""
    labels, radius_m, _ = _cluster_rule(evidence, params, outline_params)(evidence.spots[family])
    return outlines.outline_clusters(evidence.spots, labels, evidence.outline, radius_m, outline_params)


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


def _cluster_rule(
    evidence: Evidence, params: DbscanParams, outline_params: OutlineParams
) -> Callable[[ArrayLike], Clusters]:
    """Return the function that clusters the spots by their counts: the same for the incidents and for every draw."""
    links = neighbour_graph.graph_pairs(neighbour_graph.within_radius(evidence.near, params.radius_m))
    places = limited_clusters.Places(evidence.spots[["easting", "northing"]].to_numpy(), *links)
    return lambda counts: limited_clusters.cluster_spots(places, counts, params, outline_params.buffer_share)


def _candidates(found: Clusters) -> list[NDArray[np.int64]]:
    """Return the labels of all that may become a hotspot: the clusters after the split, then those before it."""
    return [found.labels] if found.labels is found.whole else [found.labels, found.whole]
