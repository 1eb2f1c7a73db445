"""Near repeats in a run: whether the force has any, the zones of the day, and what zones of past weeks were worth."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd

from hotspots import categories, period, tables
from hotspots.data_health import monthly_checks
from hotspots.sources.geography import street_names
from hotspots.targeting import maximal_cover, near_repeat_zones, profiles
from hotspots.testing import near_repeat_scores
from pipelines.engine import step
from pipelines.settings import Settings
from pipelines.storage.store import Store

if TYPE_CHECKING:
    from datetime import date

    from pipelines.flows.target import Evidence


@step("Look for near repeats")
def find_near_repeats(evidence: Evidence, settings: Settings, store: Store) -> Store:
    """The zones stored, with what is to be said of them; none where there are no near repeats, or no days."""
    params = settings.near_repeat
    known = burglaries_of(evidence, settings)
    year = period.within(known, evidence.window)
    found = near_repeat_zones.look_for(year, year["day"], params)

    def draw(day: date) -> gpd.GeoDataFrame:
        return near_repeat_zones.outline_zones(known, known["day"], day, evidence.outline, params)

    drawn = draw(evidence.as_of).head(None if found.is_found else 0)
    store.write("near_repeats", name_zones(drawn, found, evidence))
    told = near_repeat_zones.in_words(found, params)
    if found.is_found:
        reach = near_repeat_scores.Reach(radius_m=params.distance_m, days=params.within_days)
        score = near_repeat_scores.score_weeks(
            draw, known, evidence.as_of, evidence.outline, reach, cover=maximal_cover.cover
        )
        told.append(score.in_words())
    store.write_facts("near_repeats", {"words": told})
    return store


def burglaries_of(evidence: Evidence, settings: Settings) -> gpd.GeoDataFrame:
    """The force's own burglaries on file on the day, of months that are evidence, each with its `day` if it has one."""
    own = categories.of_family(evidence.incidents[evidence.incidents["is_own_force"]], "burglary")
    own = period.on_file_by(monthly_checks.without_months(own, "burglary", evidence.left_out), evidence.as_of)
    return own.assign(day=near_repeat_zones.place_in_time(own, settings.near_repeat))


def name_zones(zones: gpd.GeoDataFrame, found: near_repeat_zones.Found, evidence: Evidence) -> gpd.GeoDataFrame:
    """The zones as declared: with street, team and beat, never a house number, and how much likelier a burglary is."""
    own = evidence.incidents[evidence.incidents["is_own_force"]]
    own = own.assign(location_text=street_names.without_numbers(own["location_text"]))
    named = profiles.name_areas(zones, evidence.spots, evidence.spot, own, "burglary")
    named = named.assign(ratio=found.ratio, ratio_low=found.ratio_low, ratio_high=found.ratio_high)
    return gpd.GeoDataFrame(tables.conform(named, tables.NEAR_REPEATS))
