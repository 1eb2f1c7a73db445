"""This run beside the one before it: ids, what became of each place, and which rules both followed."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import shapely

from hotspots import categories, findings, period
from hotspots.errors import SourceError
from hotspots.targeting import change, outlines, profiles, trends
from pipelines.settings import Settings
from pipelines.storage.store import Store

if TYPE_CHECKING:
    from pipelines.flows.target import Evidence

# Name of the id in each table, and what a new id has after its family.
_IDS = {"hotspots": ("hotspot_id", ""), "patrol_areas": ("patrol_area_id", "area-")}

# Settings that move the outlines of a table, by section.
_RULES = {
    "hotspots": ("clusters", "outlines", "period"),
    "patrol_areas": ("patrol_areas", "quotas", "rural", "flags", "period"),
}
# Settings there that move none.
_NO_RULES = ("period.horizon_days", "patrol_areas.top_k", "patrol_areas.walking_m_per_minute")


def keep_identity(
    areas: gpd.GeoDataFrame, evidence: Evidence, table: str, family: str, settings: Settings, store: Store
) -> gpd.GeoDataFrame:
    """Areas of a family with the ids they had in the previous run, and what became of them."""
    id_column, infix = _IDS[table]
    earlier = [day.read(table) for day in store.earlier()]
    previous = earlier[0][earlier[0]["family"] == family].reset_index(drop=True) if earlier else None
    taken = frozenset(given for day in earlier for given in day[id_column])
    prefix = f"{family}-{infix}{store.as_of:%Y-%m}"
    named = change.carry_ids(areas, previous, id_column, prefix, taken, settings.change.same_share)
    named = attach_trends(named, evidence, family, settings)
    told = differences(table, family, evidence, settings, store)
    return named.assign(status=change.tell_status(named, settings.change, is_comparable=not told))


def find_gone(
    hotspots: gpd.GeoDataFrame, evidence: Evidence, family: str, settings: Settings, store: Store
) -> gpd.GeoDataFrame:
    """The hotspots of the previous run that none of this run matches, with their status."""
    earlier = store.earlier()
    if not earlier:
        return hotspots[:0]
    left = change.gone(hotspots, earlier[0].read("hotspots"), family, settings.change.same_share)
    told = differences("hotspots", family, evidence, settings, store)
    return attach_trends(left, evidence, family, settings).assign(status=change.RULE_CHANGED if told else "gone")


def attach_trends(areas: gpd.GeoDataFrame, evidence: Evidence, family: str, settings: Settings) -> gpd.GeoDataFrame:
    """Areas with what the window itself tells of them; months left out of it say nothing."""
    own = evidence.own(family, settings.of_family(family).forecast.recent_days)
    inside = outlines.who_is_inside(areas, evidence.spots)
    members = profiles.members_of(inside, evidence.spot, own)
    month = trends.months_of(own, evidence.window)
    months = max(evidence.window.length_months, 1)
    counts = np.zeros((len(areas), months), dtype=np.int64)
    np.add.at(counts, (members["area"].to_numpy(), month.loc[members["incident"]].to_numpy()), 1)
    spots = evidence.spots
    is_own = shapely.contains_xy(evidence.outline, spots["easting"], spots["northing"])
    risk = np.where(is_own, evidence.at_risk(family, settings), 0.0)
    shares = np.bincount(inside["area"], weights=risk[inside["spot"]], minlength=len(areas)) / max(risk.sum(), 1.0)
    force = np.bincount(month.to_numpy(), minlength=months).astype(float)
    force[~months_with_data(evidence, family)] = np.nan
    return trends.attach_trends(areas, counts, force, shares, settings.change)


def months_with_data(evidence: Evidence, family: str) -> np.ndarray:
    """Which months of the window hold any record of the force, and are not left out for the family."""
    known = period.within(evidence.incidents, evidence.window)
    known = known[known["is_own_force"] & ~known["month"].isin(evidence.left_out[family])]
    months = trends.months_of(known, evidence.window)
    return np.bincount(months.to_numpy(), minlength=max(evidence.window.length_months, 1)) > 0


def rules_of(table: str, family: str, evidence: Evidence, settings: Settings) -> dict:
    """What a table of a family rests on in this run: settings, months left out, and counts of its whole months."""
    sections = {
        name: getattr(settings, name, None) or settings.of_family(family).clusters.settled() for name in _RULES[table]
    }
    values = {
        f"{name}.{key}": value
        for name, section in sections.items()
        for key, value in dataclasses.asdict(section).items()
        if f"{name}.{key}" not in _NO_RULES
    }
    own = evidence.own(family, settings.of_family(family).forecast.recent_days)
    counted = own["month"].astype("str").value_counts()
    return {
        "settings": values,
        "months_seen": int(months_with_data(evidence, family).sum()),
        "left_out": sorted(evidence.left_out[family]),
        "counts": {month: int(counted.get(month, 0)) for month in evidence.window.months},
    }


def differences(table: str, family: str, evidence: Evidence, settings: Settings, store: Store) -> list[str]:
    """What the rules of the run before differ in, in words; nothing where they agree or are not known."""
    earlier = store.earlier()
    was = _rules_then(earlier[0]).get(family, {}).get(table) if earlier else None
    now = rules_of(table, family, evidence, settings)
    return [] if was is None else change.rules_changed(json.loads(json.dumps(now)), was, settings.change)


def rule_findings(evidence: Evidence, family: str, settings: Settings, store: Store) -> list[dict]:
    """What changed in the rules since the run before, as a finding; none where nothing did."""
    told = [change for table in _RULES for change in differences(table, family, evidence, settings, store)]
    if not told:
        return []
    said = f"{categories.FAMILY_LABELS[family]}: since {store.earlier()[0].as_of} the rules changed: "
    done = (
        "Places that match keep their ids. What came, went, joined or parted is called 'rule changed': it says nothing "
        "of the street."
    )
    return [findings.finding("rule_changed", f"{said}{'; '.join(dict.fromkeys(told))}.", done)]


def _rules_then(before: Store) -> Mapping:
    """The rules that an earlier run stored; none where it stored none."""
    try:
        return before.read_facts("target").get("rules", {})
    except SourceError:
        return {}
