"""This period compared with the previous one: ids, the status of each place, and settings that changed since a run."""

import dataclasses
import json
from dataclasses import dataclass
from typing import Any

import geopandas as gpd

from hotspots import categories, findings, period
from hotspots.errors import SourceError
from hotspots.targeting import change, find_hotspots, run_rules, trends
from hotspots.targeting.evidence import Evidence
from pipelines.engine import step
from pipelines.settings import Settings
from pipelines.storage.store import Store
from pipelines.target_steps.cluster_choice import Choice

# Id column of each table, and what a new id has after its family.
_IDS = {"hotspots": ("hotspot_id", ""), "patrol_areas": ("patrol_area_id", "area-")}
_ADVICE = (
    "Areas that match keep their ids. Areas that are new, merged or split only because of the settings are marked "
    "'settings changed'."
)


@dataclass(frozen=True)
class Comparison:
    """A family's run compared with the previous period, and with earlier runs.

    Attributes
    ----------
    family
        `asb` or `burglary`.
    before
        Evidence of the previous period.
    outlines
        Hotspots of the previous period under today's parameters.
    earlier
        Stores of earlier runs, the latest first.
    written
        Settings that affect each table, as written.
    differences
        Settings of each table that changed since the previous run; empty where none did or they are not known.
    """

    family: str
    before: Evidence
    outlines: gpd.GeoDataFrame
    earlier: list[Store]
    written: dict[str, dict[str, object]]
    differences: dict[str, list[str]]

    def findings(self) -> list[dict[str, Any]]:
        """Return a finding of the settings that changed since the previous run; none where none did."""
        found = [line for lines in self.differences.values() for line in lines]
        if not found:
            return []
        label, since = categories.FAMILY_LABELS[self.family], self.earlier[0].as_of
        text = f"{label}: since {since} settings changed: {'; '.join(dict.fromkeys(found))}."
        return [findings.finding("rule_changed", text, _ADVICE)]

    def previous(self, table: str) -> gpd.GeoDataFrame | None:
        """Return the table of the previous run, without hotspots that had ended; None on a first run."""
        if not self.earlier:
            return None
        stored = self.earlier[0].read(table)
        is_there = stored["family"] == self.family
        if table == "hotspots":
            is_there &= ~categories.is_gone(stored)
        return gpd.GeoDataFrame(stored[is_there].reset_index(drop=True))

    def taken(self, table: str) -> frozenset[str]:
        """Return the ids that earlier runs gave."""
        return frozenset(given for day in self.earlier for given in day.read(table)[_IDS[table][0]])


@step("Find the hotspots of the previous period")
def compare_periods(before: Evidence, choice: Choice, family: str, settings: Settings, store: Store) -> Comparison:
    """Return the previous period's hotspots of a family, and the settings that changed since the previous run."""
    outlines = find_hotspots.outline_hotspots(before, family, choice.before, settings.outlines)
    earlier = store.earlier_runs()
    stored = _stored_settings(earlier[0]).get(family, {}) if earlier else {}
    written = {table: _settings_of(table, family, settings) for table in _IDS}
    as_stored: dict[str, dict[str, object]] = json.loads(json.dumps(written))
    differences = {table: run_rules.differences(now, stored.get(table, now)) for table, now in as_stored.items()}
    return Comparison(family, before, outlines, earlier, written, differences)


@step("Compare with the previous period")
def keep_identity(
    areas: gpd.GeoDataFrame, table: str, comparison: Comparison, evidence: Evidence, settings: Settings
) -> gpd.GeoDataFrame:
    """Return areas of a family with their ids of the previous run, their counts before, and their status.

    Hotspots are compared with the outlines of the previous period. Patrol areas are chosen afresh every time, so their
    status comes from their own counts alone.
    """
    (id_column, infix), params = _IDS[table], settings.change
    prefix, previous = f"{comparison.family}-{infix}{evidence.as_of:%Y-%m}", comparison.previous(table)
    named = change.carry_ids(areas, previous, id_column, prefix, comparison.taken(table), params.same_share)
    named = trends.attach_trends(named, evidence, comparison.family, params)
    named = trends.attach_counts_before(named, comparison.before, comparison.family)
    is_hotspots = table == "hotspots"
    matched = change.compare_outlines(named, comparison.outlines, params.same_share) if is_hotspots else "continuing"
    named = named.assign(status=change.assign_status(named.assign(status=matched), params))
    if previous is None or not comparison.differences[table]:
        return named
    return named.assign(status=change.mark_rule_changes(named, previous, params.same_share))


def ended_hotspots(
    hotspots: gpd.GeoDataFrame, comparison: Comparison, evidence: Evidence, settings: Settings
) -> gpd.GeoDataFrame:
    """Return the hotspots of the previous period that none of this one matches, with their ids and status."""
    params, family, given = settings.change, comparison.family, set(hotspots["hotspot_id"])
    previous = comparison.previous("hotspots")
    if previous is not None:
        previous = previous[~previous["hotspot_id"].isin(given)].reset_index(drop=True)
    ended = change.ended_hotspots(hotspots, comparison.outlines, params.same_share).assign(family=family)
    taken = comparison.taken("hotspots") | given
    ended = change.carry_ids(
        ended, previous, "hotspot_id", f"{family}-{evidence.as_of:%Y-%m}", taken, params.same_share
    )
    ended = trends.attach_trends(ended, evidence, family, params)
    return trends.attach_counts_before(ended, comparison.before, family).assign(status="gone")


def evidence_before(evidence: Evidence) -> Evidence:
    """Return the evidence of the previous period: one reporting step earlier, in today's data."""
    return evidence.at(period.one_step_before(evidence.incidents, evidence.as_of))


def _settings_of(table: str, family: str, settings: Settings) -> dict[str, object]:
    """Return the settings that affect a table of a family, as written."""
    clusters = settings.of_family(family).clusters
    sections = {name: getattr(settings, name, clusters) for name in run_rules.SECTIONS[table]}
    return run_rules.settings_of({name: dataclasses.asdict(section) for name, section in sections.items()})


def _stored_settings(before: Store) -> dict[str, dict[str, dict[str, object]]]:
    """Return the settings that an earlier run stored, by family and table; empty where it stored none."""
    try:
        stored: dict[str, dict[str, dict[str, object]]] = before.read_facts("target").get("settings", {})
        return stored
    except SourceError:
        return {}
