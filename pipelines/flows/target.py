"""Target: stored incidents and concerns to hotspots and ranked patrol areas."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import geopandas as gpd
import pandas as pd

from hotspots import categories, period, tables
from hotspots.residents import concerns
from hotspots.targeting import (
    cluster_parameters,
    false_hotspots,
    find_hotspots,
    method_notes,
    outlines,
    patrol_areas,
    peak_times,
    profiles,
    ranking,
    rural_areas,
)
from hotspots.targeting import evidence as evidences
from hotspots.targeting.evidence import Evidence
from hotspots.targeting.forecasting import expected_incidents
from hotspots.targeting.forecasting.expected_incidents import Expected
from pipelines.engine import flow, step
from pipelines.settings import Settings
from pipelines.storage.store import Store
from pipelines.target_steps import local_decisions, period_comparison
from pipelines.target_steps.cluster_choice import Choice, choose_parameters
from pipelines.target_steps.local_decisions import apply_decisions
from pipelines.target_steps.near_repeats import find_near_repeats
from pipelines.target_steps.period_comparison import Comparison, compare_periods, keep_identity

STORED = ("hotspots", "members", "patrol_areas", "parameter_choices", "method_notes", "concentration", "hexagons")


@dataclass(frozen=True)
class FamilyTargets:
    """The `STORED` tables of one family, its findings, its settings as written, and the ids of matched decisions."""

    tables: dict[str, pd.DataFrame]
    findings: list[dict[str, Any]]
    written: dict[str, dict[str, object]]
    matched: list[str]


@flow("target")
def target(settings: Settings, store: Store) -> Store:
    """Find near repeats, hotspots and patrol areas, with residents' concerns beside them, and store them."""
    evidence = gather_evidence(store, settings)
    before = gather_evidence_before(evidence)
    find_near_repeats(evidence, settings, store)
    targets = {family: target_family(evidence, before, family, settings, store) for family in categories.FAMILIES}
    return store_tables(store, targets, before)


def target_family(evidence: Evidence, before: Evidence, family: str, settings: Settings, store: Store) -> FamilyTargets:
    """Return the hotspots and the ranked patrol areas of one family, local decisions applied."""
    expected = expect_incidents(evidence, family, settings)
    choice = choose_parameters(expected, evidence, family, settings)
    comparison = compare_periods(before, choice, family, settings, store)
    found = cluster_spots(evidence, family, choice, settings)
    hotspots = describe_areas(found, expected, evidence, family, settings.flags)
    hotspots = keep_identity(hotspots, "hotspots", comparison, evidence, settings)
    hotspots = attach_concerns(hotspots, evidence.concerns, settings.concerns)
    hotspots = attach_peak_times(hotspots, expected.spots, evidence.spot, evidence.own_incidents(family))
    areas = add_places(list_areas(expected, evidence, family, settings), expected, evidence, family, settings, store)
    areas = keep_identity(areas, "patrol_areas", comparison, evidence, settings)
    areas = attach_concerns(areas, evidence.concerns, settings.concerns)
    areas, matched, unclear = apply_decisions(areas, family, store)
    areas = explain_areas(areas, hotspots, evidence, family, settings)
    areas = attach_peak_times(areas, expected.spots, evidence.spot, evidence.own_incidents(family))
    ended = profile_ended_hotspots(hotspots, comparison, expected, evidence, settings)
    listed, members = find_hotspots.list_hotspots(hotspots, ended, evidence, family)
    notes = describe_method(choice.curve, choice.sentence, expected.sentence, hotspots, evidence, family)
    finished = {"hotspots": listed, "members": members, "patrol_areas": ranking.finish_areas(areas, settings.flags)}
    warnings = list_findings(hotspots, areas, comparison, expected, evidence, settings)
    return FamilyTargets(finished | notes, [*warnings, *unclear], comparison.written, matched)


def list_areas(expected: Expected, evidence: Evidence, family: str, settings: Settings) -> gpd.GeoDataFrame:
    """Return the ranked patrol areas of a family without any earlier list: what a backtest scores."""
    areas = describe_areas(choose_areas(expected, evidence, settings), expected, evidence, family, settings.flags)
    return rank_areas(areas, evidence, family, settings)


@step("Gather the evidence")
def gather_evidence(store: Store, settings: Settings) -> Evidence:
    """Return the stored incidents and concerns of the day as evidence; nothing later than the day."""
    incidents = store.read_incidents(period.evidence_window(store.as_of, settings.period.training_months))
    return evidence_as_of(store.as_of, incidents, store.read_facts("health")["left_out"], store, settings)


def evidence_as_of(
    as_of: date, incidents: gpd.GeoDataFrame, left_out: dict[str, list[str]], store: Store, settings: Settings
) -> Evidence:
    """Return incidents as the evidence of a day, with the answers received by then.

    Parameters
    ----------
    as_of
        The day of the store, or an earlier one.
    incidents
        Incidents of the training months, known on that day.
    left_out
        Family to the months left out because they look wrong at the source.
    store
        Its places are used for every day, so that all days have the same outline of the force.
    settings
        Settings of the force.
    """
    places, concerns = store.read("places"), store.read("concerns")
    families = {family: settings.of_family(family) for family in categories.FAMILIES}
    return evidences.gather_evidence(
        incidents,
        concerns[concerns["received_at"] < pd.Timestamp(as_of) + pd.Timedelta(days=1)].reset_index(drop=True),
        places.loc[places["kind"] == "force"].geometry.iloc[0],
        as_of,
        window_months=settings.period.window_months,
        graph_radius_m=cluster_parameters.graph_radius_m(params.clusters for params in families.values()),
        left_out=left_out,
        recent_days={family: params.forecast.recent_days for family, params in families.items()},
        exposure_by=settings.significance.at_risk,
    )


@step("Expect incidents at each spot")
def expect_incidents(evidence: Evidence, family: str, settings: Settings) -> Expected:
    """Return what to expect of the family at each spot over the horizon."""
    return expected_incidents.expect_incidents(
        evidence,
        family,
        settings.of_family(family).forecast,
        area_radius_m=settings.patrol_areas.max_radius_m,
        horizon_days=expected_incidents.horizon_days(evidence.incidents, settings.period.horizon_days),
    )


gather_evidence_before = step("Gather the evidence of the previous period")(period_comparison.evidence_before)


@step("Cluster spots into hotspots")
def cluster_spots(evidence: Evidence, family: str, choice: Choice, settings: Settings) -> gpd.GeoDataFrame:
    """Return the outlines of DBSCAN's clusters with their p values."""
    return find_hotspots.find_hotspots(evidence, family, choice.now, settings.significance, settings.outlines)


@step("Choose patrol areas")
def choose_areas(expected: Expected, evidence: Evidence, settings: Settings) -> gpd.GeoDataFrame:
    """Return walkable areas that cover the most expected incidents, with the quotas of teams and rural areas."""
    placed = patrol_areas.place_spots(expected.spots, evidence, settings.rural)
    return patrol_areas.choose_areas(placed, evidence.outline, settings.patrol_areas, settings.quotas, settings.rural)


describe_areas = step("Describe areas by the incidents inside")(profiles.describe_areas)
attach_peak_times = step("Find the peak times of areas")(peak_times.attach_peak_times)


@step("Rank patrol areas")
def rank_areas(areas: gpd.GeoDataFrame, evidence: Evidence, family: str, settings: Settings) -> gpd.GeoDataFrame:
    """Return the family's areas in order of rank, with their scores."""
    harm_days = ranking.mean_harm_days(evidence.own_incidents(family))
    return ranking.rank_areas(areas, family, settings.patrol_areas.top_k, harm_days, settings.flags)


@step("Add places that local decisions ask for")
def add_places(
    areas: gpd.GeoDataFrame, expected: Expected, evidence: Evidence, family: str, settings: Settings, store: Store
) -> gpd.GeoDataFrame:
    """Return the ranked areas with the places that decisions add ranked among them, in place of the last ones."""
    shapes = local_decisions.places_to_add(areas, evidence, family, settings, store)
    if shapes.empty:
        return areas
    added = describe_areas(shapes, expected, evidence, family, settings.flags)
    kept = areas.head(max(settings.patrol_areas.max_areas - len(added), 0))
    return rank_areas(pd.concat([kept, added], ignore_index=True), evidence, family, settings)


attach_concerns = step("Attach residents' concerns")(concerns.attach_concerns)


@step("Explain each area in words")
def explain_areas(
    areas: gpd.GeoDataFrame, hotspots: gpd.GeoDataFrame, evidence: Evidence, family: str, settings: Settings
) -> gpd.GeoDataFrame:
    """Return the areas with their hotspot and the reason why they are listed."""
    areas = areas.assign(hotspot_id=ranking.assign_hotspots(areas, hotspots))
    p_values = areas["hotspot_id"].map(hotspots.set_index("hotspot_id")["p_value"])
    periods = ranking.periods_of(evidence, family, settings.period.window_months, settings.period.horizon_days)
    return areas.assign(reason=ranking.explain_areas(areas.assign(hotspot_p_value=p_values), family, periods))


@step("List hotspots that ended")
def profile_ended_hotspots(
    hotspots: gpd.GeoDataFrame, comparison: Comparison, expected: Expected, evidence: Evidence, settings: Settings
) -> gpd.GeoDataFrame:
    """Return the previous period's hotspots that no current one matches, with what their outlines hold now."""
    ended = period_comparison.ended_hotspots(hotspots, comparison, evidence, settings)
    if ended.empty:
        return ended
    family, own = comparison.family, evidence.own_incidents(comparison.family)
    ended = profiles.profile_areas(ended, expected.spots, evidence.spot, own, expected.dispersion, settings.flags)
    records = evidence.incidents[evidence.incidents["is_own_force"]]
    ended = profiles.name_areas(ended, expected.spots, evidence.spot, records, family)
    return concerns.attach_concerns(ended, evidence.concerns, settings.concerns)


describe_method = step("Describe the method")(method_notes.describe_method)


@step("Look for findings about the list")
def list_findings(
    hotspots: gpd.GeoDataFrame, areas: gpd.GeoDataFrame, comparison: Comparison, expected: Expected,
    evidence: Evidence, settings: Settings,
) -> list[dict[str, Any]]:  # fmt: skip
    """Return findings on flagged places, changed settings and rural incidents that the list misses."""
    label = categories.FAMILY_LABELS[comparison.family]
    placed = patrol_areas.place_spots(expected.spots, evidence, settings.rural)
    return [
        *false_hotspots.flag_findings(hotspots, areas, label, settings.flags),
        *comparison.findings(),
        *rural_areas.rural_gap_findings(placed, outlines.spots_inside(areas, placed), label, settings.rural),
    ]


@step("Store hotspots and areas")
def store_tables(store: Store, targets: dict[str, FamilyTargets], before: Evidence) -> Store:
    """Store the tables of all families, with their findings, their settings and the day that they are compared with."""
    for name in STORED:
        parts = [tables.empty(tables.TABLES[name]), *(each.tables[name] for each in targets.values())]
        store.write(name, tables.conform(pd.concat(parts, ignore_index=True), tables.TABLES[name]))
    matched = [decision for each in targets.values() for decision in each.matched]
    found = [finding for each in targets.values() for finding in each.findings]
    written = {family: each.written for family, each in targets.items()}
    findings = found + local_decisions.findings(matched, store)
    previous_as_of = before.as_of if before.has_data else None
    store.write_facts("target", {"findings": findings, "settings": written, "previous_as_of": previous_as_of})
    return store
