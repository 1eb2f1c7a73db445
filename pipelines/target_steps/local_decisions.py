"""Local knowledge in a run: the decisions that hold, the places they add, and the list as they leave it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from hotspots import crs, tables
from hotspots.targeting import decisions
from pipelines.settings import Settings
from pipelines.storage.store import Store

if TYPE_CHECKING:
    from pipelines.flows.target import Evidence


def decisions_of(store: Store) -> tuple[pd.DataFrame, list[dict]]:
    """The decisions that hold on the day, and a finding for those that ran out."""
    stored = store.read("decisions") if store.has("decisions") else tables.empty(tables.DECISIONS)
    return decisions.in_force(stored, store.as_of)


def places_to_add(
    areas: gpd.GeoDataFrame, evidence: Evidence, family: str, settings: Settings, store: Store
) -> gpd.GeoDataFrame:
    """Outlines that decisions ask for beside the method's areas."""
    made = decisions.of_family(decisions_of(store)[0], family)
    known = [day.read("patrol_areas") for day in store.earlier()]
    empty = tables.empty(tables.PATROL_AREAS)
    earlier = gpd.GeoDataFrame(pd.concat([*known, empty], ignore_index=True) if known else empty, crs=crs.BNG)
    own = evidence.incidents[evidence.incidents["is_own_force"]]
    names = evidence.spots.loc[evidence.spot.loc[own.index], ["easting", "northing"]].reset_index(drop=True)
    names = names.assign(location_text=own["location_text"].to_numpy())
    return decisions.places_to_add(made, areas, earlier, names, evidence.outline, settings.patrol_areas)


def decide(areas: gpd.GeoDataFrame, family: str, store: Store) -> tuple[gpd.GeoDataFrame, list[str], list[dict]]:
    """The list as the decisions leave it, the decisions that were applied, and findings."""
    return decisions.apply(areas, decisions.of_family(decisions_of(store)[0], family))


def findings(applied: list[str], store: Store) -> list[dict]:
    """Decisions that ran out, and those that no list of any family had an area for."""
    made, found = decisions_of(store)
    return found + decisions.unused(made, set(applied))
