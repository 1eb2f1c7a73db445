"""Local decisions of a run: current ones, the places they add, and the list after them."""

from typing import Any

import geopandas as gpd
import pandas as pd

from hotspots import crs, tables
from hotspots.targeting import decisions
from hotspots.targeting.evidence import Evidence
from pipelines.engine import step
from pipelines.settings import Settings
from pipelines.storage.store import Store


def decisions_of(store: Store) -> tuple[pd.DataFrame, list[dict[str, Any]]]:
    """Return the current decisions, and a finding on those that have expired."""
    return decisions.current_decisions(store.read("decisions"), store.as_of)


def places_to_add(
    areas: gpd.GeoDataFrame, evidence: Evidence, family: str, settings: Settings, store: Store
) -> gpd.GeoDataFrame:
    """Return the outlines that decisions add to the method's areas."""
    made = decisions.of_family(decisions_of(store)[0], family)
    known = [day.read("patrol_areas") for day in store.earlier_runs()]
    empty = tables.empty(tables.PATROL_AREAS)
    earlier = gpd.GeoDataFrame(pd.concat([*known, empty], ignore_index=True) if known else empty, crs=crs.BNG)
    places = decisions.named_places(evidence)
    return decisions.places_to_add(made, areas, earlier, places, evidence.outline, settings.patrol_areas)


@step("Apply local decisions")
def apply_decisions(
    areas: gpd.GeoDataFrame, family: str, store: Store
) -> tuple[gpd.GeoDataFrame, list[str], list[dict[str, Any]]]:
    """Return the list after the decisions, the ids of those that match an area, and findings."""
    return decisions.apply_decisions(areas, decisions.of_family(decisions_of(store)[0], family))


def findings(matched: list[str], store: Store) -> list[dict[str, Any]]:
    """Return findings on expired decisions and on those that match no area."""
    made, found = decisions_of(store)
    return found + decisions.unused_findings(made, set(matched))
