"""This run compared with the previous one: ids, the status of each place, and the rules of both runs."""

import dataclasses
import json
from typing import Any

import geopandas as gpd

from hotspots import categories, findings
from hotspots.errors import SourceError
from hotspots.targeting import change, run_rules, trends
from hotspots.targeting.evidence import Evidence
from hotspots.targeting.run_rules import RunRules
from pipelines.engine import step
from pipelines.settings import Settings
from pipelines.storage.store import Store

# Id column of each table, and what a new id has after its family.
_IDS = {"hotspots": ("hotspot_id", ""), "patrol_areas": ("patrol_area_id", "area-")}
_ADVICE = (
    "Areas that match keep their ids. New, ended, merged and split areas are marked 'rule changed': the change may be "
    "due to the rules."
)


@step("Match with the previous run")
def keep_identity(
    areas: gpd.GeoDataFrame, evidence: Evidence, table: str, family: str, settings: Settings, store: Store
) -> gpd.GeoDataFrame:
    """Return areas of a family with their ids of the previous run, their trends and their status."""
    id_column, infix = _IDS[table]
    earlier = [day.read(table) for day in store.earlier()]
    previous = earlier[0][earlier[0]["family"] == family].reset_index(drop=True) if earlier else None
    taken = frozenset(given for day in earlier for given in day[id_column])
    prefix = f"{family}-{infix}{store.as_of:%Y-%m}"
    named = change.carry_ids(areas, previous, id_column, prefix, taken, settings.change.same_share)
    named = trends.attach_trends(named, evidence, family, settings.change)
    is_comparable = not differences(table, family, evidence, settings, store)
    return named.assign(status=change.assign_status(named, settings.change, is_comparable=is_comparable))


def ended_hotspots(
    hotspots: gpd.GeoDataFrame, evidence: Evidence, family: str, settings: Settings, store: Store
) -> gpd.GeoDataFrame:
    """Return the hotspots of the previous run that none of this run matches, with their status."""
    earlier = store.earlier()
    if not earlier:
        return hotspots[:0]
    ended = change.ended_hotspots(hotspots, earlier[0].read("hotspots"), family, settings.change.same_share)
    is_comparable = not differences("hotspots", family, evidence, settings, store)
    ended = trends.attach_trends(ended, evidence, family, settings.change)
    return ended.assign(status="gone" if is_comparable else change.RULE_CHANGED)


def rules_of(table: str, family: str, evidence: Evidence, settings: Settings) -> RunRules:
    """Return the rules that a table of a family follows in this run."""
    clusters = settings.of_family(family).clusters.resolved()
    sections = {name: getattr(settings, name, clusters) for name in run_rules.SECTIONS[table]}
    values = {name: dataclasses.asdict(section) for name, section in sections.items()}
    return run_rules.rules_of(values, evidence, family)


def differences(table: str, family: str, evidence: Evidence, settings: Settings, store: Store) -> list[str]:
    """Return how the rules differ from those of the previous run; empty where they agree or are not known."""
    earlier = store.earlier()
    before = _stored_rules(earlier[0]).get(family, {}).get(table) if earlier else None
    now: RunRules = json.loads(json.dumps(rules_of(table, family, evidence, settings)))
    return [] if before is None else run_rules.differences(now, before, settings.change)


def rule_findings(evidence: Evidence, family: str, settings: Settings, store: Store) -> list[dict[str, Any]]:
    """Return a finding of what changed in the rules since the previous run; none where nothing did."""
    found = [line for table in _IDS for line in differences(table, family, evidence, settings, store)]
    if not found:
        return []
    since = store.earlier()[0].as_of
    text = f"{categories.FAMILY_LABELS[family]}: since {since} the rules changed: {'; '.join(dict.fromkeys(found))}."
    return [findings.finding("rule_changed", text, _ADVICE)]


def _stored_rules(before: Store) -> dict[str, dict[str, RunRules]]:
    """Return the rules that an earlier run stored, by family and table; empty where it stored none."""
    try:
        rules: dict[str, dict[str, RunRules]] = before.read_facts("target").get("rules", {})
        return rules
    except SourceError:
        return {}
