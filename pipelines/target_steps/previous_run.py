"""This run compared with the previous one: ids, the status of each place, and the rules of both runs."""

import dataclasses
import json
from dataclasses import dataclass
from typing import Any

import geopandas as gpd

from hotspots import categories, findings
from hotspots.errors import SourceError
from hotspots.targeting import change, run_rules, trends
from hotspots.targeting.evidence import Evidence
from hotspots.targeting.run_rules import RunRules
from hotspots.targeting.trends import ChangeParams
from pipelines.engine import step
from pipelines.settings import Settings
from pipelines.storage.store import Store

# Id column of each table, and what a new id has after its family.
_IDS = {"hotspots": ("hotspot_id", ""), "patrol_areas": ("patrol_area_id", "area-")}
_ADVICE = (
    "Areas that match keep their ids. New, ended, merged and split areas are marked 'rule changed': the change may be "
    "due to the rules."
)


@dataclass(frozen=True)
class Comparison:
    """A family's run compared with earlier ones.

    Attributes
    ----------
    family
        `asb` or `burglary`.
    earlier
        Stores of earlier runs, the latest first.
    rules
        Rules that each table of this run follows.
    differences
        How the rules of each table differ from those of the previous run; empty where they agree or are not known.
    """

    family: str
    earlier: list[Store]
    rules: dict[str, RunRules]
    differences: dict[str, list[str]]

    def findings(self) -> list[dict[str, Any]]:
        """Return a finding of what changed in the rules since the previous run; none where nothing did."""
        found = [line for lines in self.differences.values() for line in lines]
        if not found:
            return []
        label, since = categories.FAMILY_LABELS[self.family], self.earlier[0].as_of
        text = f"{label}: since {since} the rules changed: {'; '.join(dict.fromkeys(found))}."
        return [findings.finding("rule_changed", text, _ADVICE)]


def compare_runs(evidence: Evidence, family: str, settings: Settings, store: Store) -> Comparison:
    """Return the rules of a family in this run, and how they differ from those of the previous run."""
    earlier = store.earlier_runs()
    before = _stored_rules(earlier[0]).get(family, {}) if earlier else {}
    rules = {table: _rules_of(table, family, evidence, settings) for table in _IDS}
    as_stored: dict[str, RunRules] = json.loads(json.dumps(rules))
    differences = {
        table: run_rules.differences(now, before[table], settings.change) if table in before else []
        for table, now in as_stored.items()
    }
    return Comparison(family, earlier, rules, differences)


@step("Match with the previous run")
def keep_identity(
    areas: gpd.GeoDataFrame, table: str, comparison: Comparison, evidence: Evidence, params: ChangeParams
) -> gpd.GeoDataFrame:
    """Return areas of a family with their ids of the previous run, their trends and their status."""
    (id_column, infix), family = _IDS[table], comparison.family
    earlier = [day.read(table) for day in comparison.earlier]
    previous = earlier[0][earlier[0]["family"] == family].reset_index(drop=True) if earlier else None
    taken = frozenset(given for day in earlier for given in day[id_column])
    prefix = f"{family}-{infix}{evidence.as_of:%Y-%m}"
    named = change.carry_ids(areas, previous, id_column, prefix, taken, params.same_share)
    named = trends.attach_trends(named, evidence, family, params)
    is_comparable = not comparison.differences[table]
    return named.assign(status=change.assign_status(named, params, is_comparable=is_comparable))


def ended_hotspots(
    hotspots: gpd.GeoDataFrame, comparison: Comparison, evidence: Evidence, params: ChangeParams
) -> gpd.GeoDataFrame:
    """Return the hotspots of the previous run that none of this run matches, with their status."""
    if not comparison.earlier:
        return hotspots[:0]
    previous, family = comparison.earlier[0].read("hotspots"), comparison.family
    ended = change.ended_hotspots(hotspots, previous, family, params.same_share)
    ended = trends.attach_trends(ended, evidence, family, params)
    return ended.assign(status=change.RULE_CHANGED if comparison.differences["hotspots"] else "gone")


def _rules_of(table: str, family: str, evidence: Evidence, settings: Settings) -> RunRules:
    """Return the rules that a table of a family follows in this run."""
    clusters = settings.of_family(family).clusters.resolved()
    sections = {name: getattr(settings, name, clusters) for name in run_rules.SECTIONS[table]}
    values = {name: dataclasses.asdict(section) for name, section in sections.items()}
    return run_rules.rules_of(values, evidence, family)


def _stored_rules(before: Store) -> dict[str, dict[str, RunRules]]:
    """Return the rules that an earlier run stored, by family and table; empty where it stored none."""
    try:
        rules: dict[str, dict[str, RunRules]] = before.read_facts("target").get("rules", {})
        return rules
    except SourceError:
        return {}
