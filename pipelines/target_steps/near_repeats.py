"""Near repeats of a run: whether the force has any, the zones of the day, and how zones of past weeks did."""

from datetime import date

import geopandas as gpd

from hotspots import period
from hotspots.sources.geography import street_names
from hotspots.targeting import maximal_cover, near_repeat_zones
from hotspots.targeting.evidence import Evidence
from hotspots.testing import near_repeat_scores
from pipelines.engine import step
from pipelines.settings import Settings
from pipelines.storage.store import Store


@step("Look for near repeats")
def find_near_repeats(evidence: Evidence, settings: Settings, store: Store) -> Store:
    """Store the near-repeat zones and what was found; no zones where there are no near repeats, or no days."""
    params = settings.near_repeat
    known = near_repeat_zones.burglaries_of(evidence, params)
    year = period.within(known, evidence.window)
    found = near_repeat_zones.look_for(year, year["day"], params)

    def zones_on(day: date) -> gpd.GeoDataFrame:
        return near_repeat_zones.outline_zones(known, known["day"], day, evidence.outline, params)

    zones = zones_on(evidence.as_of).head(None if found.is_found else 0)
    streets = street_names.without_numbers(evidence.incidents["location_text"])
    store.write("near_repeats", near_repeat_zones.name_zones(zones, found, evidence, streets))
    sentences = near_repeat_zones.in_words(found, params)
    if found.is_found:
        reach = near_repeat_scores.Reach(radius_m=params.distance_m, days=params.within_days)
        score = near_repeat_scores.score_weeks(
            zones_on, known, evidence.as_of, evidence.outline, reach, cover=maximal_cover.cover
        )
        sentences.append(score.in_words())
    store.write_facts("near_repeats", {"words": sentences})
    return store
