"""Local decisions of a run: those in force, the places they add, and the list they leave."""

import geopandas as gpd
import pandas as pd

from hotspots import crs, tables
from hotspots.targeting import decisions
from hotspots.targeting.evidence import Evidence
from pipelines.engine import step
from pipelines.settings import Settings
from pipelines.storage.store import Store


def decisions_of(store: Store) -> tuple[pd.DataFrame, list[dict]]:
    """Return the decisions in force on the day, and a finding for those that have expired."""
    stored = store.read("decisions") if store.has("decisions") else tables.empty(tables.DECISIONS)
    return decisions.in_force(stored, store.as_of)


def places_to_add(
    areas: gpd.GeoDataFrame, evidence: Evidence, family: str, settings: Settings, store: Store
) -> gpd.GeoDataFrame:
    """Return the outlines that decisions add to the method's areas."""
    made = decisions.of_family(decisions_of(store)[0], family)
    known = [day.read("patrol_areas") for day in store.earlier()]
    empty = tables.empty(tables.PATROL_AREAS)
    earlier = gpd.GeoDataFrame(pd.concat([*known, empty], ignore_index=True) if known else empty, crs=crs.BNG)
    places = decisions.named_places(evidence)
    return decisions.places_to_add(made, areas, earlier, places, evidence.outline, settings.patrol_areas)


@step("Apply local decisions")
def apply_decisions(
    areas: gpd.GeoDataFrame, family: str, store: Store
) -> tuple[gpd.GeoDataFrame, list[str], list[dict]]:
    """Return the list with the decisions applied, the ids of those that were, and findings."""
    return decisions.apply(areas, decisions.of_family(decisions_of(store)[0], family))


def findings(applied: list[str], store: Store) -> list[dict]:
    """Return findings for decisions that have expired, and for those that no list has an area for."""
    made, found = decisions_of(store)
    return found + decisions.unused(made, set(applied))
