"""Near repeats of a run: the test, the zones of the day, and the accuracy of zones of past weeks."""

from datetime import date

import geopandas as gpd

from hotspots import period
from hotspots.sources.geography import street_names
from hotspots.targeting import near_repeat_zones
from hotspots.targeting.evidence import Evidence
from hotspots.testing import near_repeat_scores
from pipelines.engine import step
from pipelines.settings import Settings
from pipelines.storage.store import Store


@step("Test for near repeats")
def find_near_repeats(evidence: Evidence, settings: Settings, store: Store) -> Store:
    """Store the result of the near-repeat test and, where near repeats were detected, the zones."""
    params = settings.near_repeat
    known = near_repeat_zones.burglaries_of(evidence, params)
    year = period.within(known, evidence.window)
    result = near_repeat_zones.detect_near_repeats(year, year["day"], params)

    def zones_on(day: date) -> gpd.GeoDataFrame:
        return near_repeat_zones.outline_zones(known, known["day"], day, evidence.outline, params)

    zones = zones_on(evidence.as_of).head(None if result.has_near_repeats else 0)
    streets = street_names.without_numbers(evidence.incidents["location_text"])
    store.write("near_repeats", near_repeat_zones.name_zones(zones, result, evidence, streets))
    sentences = near_repeat_zones.describe_result(result, params)
    if result.has_near_repeats:
        zone_params = near_repeat_scores.ZoneParams(radius_m=params.distance_m, days=params.within_days)
        score = near_repeat_scores.score_weeks(zones_on, known, evidence.as_of, evidence.outline, zone_params)
        sentences.append(score.summary())
    store.write_facts("near_repeats", {"words": sentences})
    return store
