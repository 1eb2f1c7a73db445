"""Target: stored incidents and concerns to hotspots and ranked patrol areas."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy import sparse

from hotspots import categories, neighbour_graph, period, predictive_distribution, tables
from hotspots.data_health import monthly_checks
from hotspots.residents import concerns as concern_counts
from hotspots.targeting import (
    at_risk,
    clusters,
    false_hotspots,
    forecast,
    forecast_features,
    outlines,
    patrol_areas,
    profiles,
    ranking,
    rural_areas,
    significance,
)
from hotspots.targeting import spots as spot_tables
from pipelines.engine import flow, step
from pipelines.settings import Settings
from pipelines.storage.store import Store
from pipelines.target_steps import cluster_choice, local_decisions, near_repeats, previous_run

# A place that expects less than this over the horizon is no reason to go there.
LEAST_EXPECTED = 0.001
STORED = ("hotspots", "members", "patrol_areas", "parameter_choices", "method_notes", "concentration", "hexagons")


@dataclass(frozen=True)
class Evidence:
    """What targeting works from: all incidents known on the day, those of the window, their spots, and the rest.

    `left_out` are the months of each family that look wrong at the source and are no evidence of it.
    """

    as_of: date
    window: period.Window
    incidents: gpd.GeoDataFrame
    spots: pd.DataFrame
    spot: pd.Series
    near: sparse.csr_matrix
    concerns: gpd.GeoDataFrame
    outline: shapely.Geometry
    left_out: dict[str, list[str]]
    exposed: dict[tuple[str, str], pd.Series | np.ndarray] = field(default_factory=dict, repr=False, compare=False)
    owned: dict[tuple[str, int], gpd.GeoDataFrame] = field(default_factory=dict, repr=False, compare=False)

    def own(self, family: str, recent_days: int) -> gpd.GeoDataFrame:
        """The force's own incidents of a family in the window, with `is_recent`; worked out once."""
        key = family, recent_days
        if key not in self.owned:
            own = period.within(categories.of_family(self.incidents, family), self.window)
            own = monthly_checks.without_months(own[own["is_own_force"]], family, self.left_out)
            since = pd.Timestamp(self.window.end) - timedelta(days=recent_days)
            self.owned[key] = own.assign(is_recent=period.days_of(own)["starts"] >= since)
        return self.owned[key]

    def at_risk(self, family: str, settings: Settings) -> pd.Series | np.ndarray:
        """What the family's incidents are dealt out by at each spot, as the settings say; worked out once."""
        key = family, settings.significance.at_risk
        if key not in self.exposed:
            types = spot_tables.count_types(
                self.spot, _counted(self.incidents, self.window, self.left_out), len(self.spots)
            )
            is_plain = settings.significance.at_risk == "records" or family not in types
            mixed = None if is_plain else at_risk.by_mix(types, types.columns.get_loc(family), self.near)
            self.exposed[key] = self.spots["at_risk"] if mixed is None else mixed
        return self.exposed[key]


@dataclass(frozen=True)
class Expected:
    """Spots with what to expect, how far earlier forecasts were off, and the forecast's weights in words."""

    spots: pd.DataFrame
    spread: predictive_distribution.Spread
    words: str


@flow("target")
def target(settings: Settings, store: Store) -> Store:
    """Find hotspots, patrol areas and near repeats, beside what residents worry about, and store them."""
    evidence = gather(store, settings)
    near_repeats.find_near_repeats(evidence, settings, store)
    found = [target_family(evidence, family, settings, store) for family in categories.FAMILIES]
    return store_tables(store, found)


def target_family(evidence: Evidence, family: str, settings: Settings, store: Store) -> dict[str, Any]:
    """One family's hotspots, their members and its patrol areas, with findings and the decisions applied."""
    expected = expect_incidents(evidence, family, settings)
    choice = cluster_choice.choose_parameters(evidence, family, settings, store)
    settings = choice.settings
    shapes = cluster_spots(evidence, expected.spots, family, settings)
    hotspots = profile(shapes, expected, evidence, family, settings)
    hotspots = keep_identity(hotspots, evidence, "hotspots", family, settings, store)
    hotspots = attach_concerns(hotspots, evidence, settings)
    areas = list_areas(expected, evidence, family, settings)
    areas = add_places(areas, expected, evidence, family, settings, store)
    areas = keep_identity(areas, evidence, "patrol_areas", family, settings, store)
    areas = attach_concerns(areas, evidence, settings)
    areas, applied, unclear = decide(areas, family, store)
    areas = explain_areas(areas, hotspots, evidence, family, settings)
    found = finish(hotspots, areas, expected, evidence, family, settings, store)
    told = cluster_choice.describe_method(choice, expected, hotspots, evidence, family)
    return {**found, **told, "applied": applied, "findings": [*found["findings"], *unclear]}


def list_areas(expected: Expected, evidence: Evidence, family: str, settings: Settings) -> gpd.GeoDataFrame:
    """The family's ranked patrol areas, before anything is known of earlier lists: what a backtest scores."""
    shapes = choose_areas(expected.spots, evidence, settings)
    areas = profile(shapes, expected, evidence, family, settings)
    return rank_areas(areas, evidence, family, settings)


@step("Gather the evidence")
def gather(store: Store, settings: Settings) -> Evidence:
    """The stored tables of the day; nothing later than it. Police-generated records are not what is at risk."""
    places = store.read("places")
    incidents = store.read_incidents(period.evidence_window(store.as_of, settings.period.training_months))
    incidents = incidents[~incidents["is_police_generated"]].reset_index(drop=True)
    window = period.evidence_window(store.as_of, settings.period.window_months)
    spots, spot = spot_tables.spots_of(incidents)
    left_out = store.read_facts("health")["left_out"]
    counted = _counted(incidents, window, left_out)
    return Evidence(
        as_of=store.as_of,
        window=window,
        incidents=incidents,
        spots=spot_tables.count_spots(spots, spot, counted),
        spot=spot,
        near=neighbour_graph.graph(spots["easting"], spots["northing"], cluster_choice.reach_m(settings)),
        concerns=store.read("concerns"),
        outline=places.loc[places["kind"] == "force"].geometry.iloc[0],
        left_out=left_out,
    )


def _counted(incidents: gpd.GeoDataFrame, window: period.Window, left_out: dict[str, list[str]]) -> gpd.GeoDataFrame:
    """The incidents of the window that are evidence: not what police went looking for, no month that looks wrong."""
    counted = period.within(incidents, window)
    counted = counted[~counted["category"].isin(categories.POLICE_GENERATED)]
    for family in categories.FAMILIES:
        counted = monthly_checks.without_months(counted, family, left_out)
    return counted


@step("Expect incidents at each spot")
def expect_incidents(evidence: Evidence, family: str, settings: Settings) -> Expected:
    """Spots with what to expect of the family over the horizon, nothing outside the force; and how sure that is."""
    params = settings.of_family(family).forecast
    incidents, spots = evidence.incidents, evidence.spots
    steps = period.steps_back(incidents, evidence.as_of)
    is_sound = ~incidents["month"].isin(evidence.left_out[family])
    own = categories.of_family(incidents[is_sound], family)
    is_other = ~incidents["category"].isin([*categories.FAMILIES[family], *categories.POLICE_GENERATED])
    others = incidents[is_other]
    family_history = spot_tables.history(evidence.spot, own, steps, len(spots))
    other_history = spot_tables.history(evidence.spot, others, steps, len(spots))
    observed = spot_tables.observed_steps(incidents[is_sound], steps)
    past = forecast_features.past(family_history, other_history, observed, steps[1], evidence.near)
    days = horizon_days(incidents, settings)
    found = forecast.forecast_spots(past, days, params)
    checked = forecast.past_areas(past, days, settings.patrol_areas.max_radius_m, params)
    spread = predictive_distribution.fit_spread(checked["expected"], checked["observed"])
    is_inside = shapely.contains_xy(evidence.outline, spots["easting"], spots["northing"])
    rates = (found.spots * spread.slope).where(is_inside, 0.0)
    return Expected(spots.join(rates), spread, found.in_words())


@step("Cluster spots into hotspots")
def cluster_spots(evidence: Evidence, spots: pd.DataFrame, family: str, settings: Settings) -> gpd.GeoDataFrame:
    """Outlines of DBSCAN's clusters with their p values, on the run's neighbour graph."""
    params = settings.of_family(family).clusters.settled()
    near = neighbour_graph.cut(evidence.near, params.radius_m)
    labels = clusters.label_spots(near, spots[family], params.min_incidents)
    exposed = evidence.at_risk(family, settings)
    chances = significance.p_values(near, labels, spots[family], exposed, params.min_incidents, settings.significance)
    shapes = outlines.outline_clusters(spots, labels, evidence.outline, params.radius_m, settings.outlines)
    return shapes.assign(p_value=chances[shapes["cluster"]])


@step("Choose patrol areas")
def choose_areas(spots: pd.DataFrame, evidence: Evidence, settings: Settings) -> gpd.GeoDataFrame:
    """Walkable areas that together cover the most expected incidents, with those due to teams and the country."""
    placed = place_spots(spots, evidence, settings)
    return patrol_areas.choose_areas(placed, evidence.outline, settings.patrol_areas, settings.quotas, settings.rural)


def place_spots(spots: pd.DataFrame, evidence: Evidence, settings: Settings) -> pd.DataFrame:
    """Spots with `is_rural`, by what is recorded around them in a year, and `team_name`."""
    counted = period.within(evidence.incidents, evidence.window)
    months = max(counted["month"].nunique(), 1)
    per_year = spot_tables.count(evidence.spot.loc[counted.index], len(spots)) * 12 / months
    teams = evidence.incidents["team_name"].groupby(evidence.spot).min().reindex(spots.index)
    is_rural = rural_areas.is_rural(spots["easting"], spots["northing"], per_year, settings.rural)
    return spots.assign(is_rural=is_rural, team_name=teams)


@step("Describe what lies inside")
def profile(
    shapes: gpd.GeoDataFrame, expected: Expected, evidence: Evidence, family: str, settings: Settings
) -> gpd.GeoDataFrame:
    """Areas with what lies inside them; those that expect nothing are left out, unless people added them."""
    own = evidence.own(family, settings.of_family(family).forecast.recent_days)
    filled = profiles.profile_areas(
        shapes.assign(family=family), expected.spots, evidence.spot, own, expected.spread, settings.flags
    )
    is_added = filled["decision_id"].notna() if "decision_id" in filled else False
    filled = filled[(filled["expected"] >= LEAST_EXPECTED) | is_added].reset_index(drop=True)
    everything = evidence.incidents[evidence.incidents["is_own_force"]]
    return profiles.name_areas(filled, expected.spots, evidence.spot, everything, family)


@step("Add places that people decided on")
def add_places(
    areas: gpd.GeoDataFrame, expected: Expected, evidence: Evidence, family: str, settings: Settings, store: Store
) -> gpd.GeoDataFrame:
    """The ranked areas with the places that local decisions add, ranked among them; the last make room for them."""
    shapes = local_decisions.places_to_add(areas, evidence, family, settings, store)
    if shapes.empty:
        return areas
    added = profile.function(shapes, expected, evidence, family, settings)
    kept = areas.head(max(settings.patrol_areas.max_areas - len(added), 0))
    return rank_areas.function(pd.concat([kept, added], ignore_index=True), evidence, family, settings)


@step("Rank patrol areas")
def rank_areas(areas: gpd.GeoDataFrame, evidence: Evidence, family: str, settings: Settings) -> gpd.GeoDataFrame:
    """The family's areas in order, with their scores."""
    own = evidence.own(family, settings.of_family(family).forecast.recent_days)
    top_k = settings.patrol_areas.top_k
    return ranking.rank_areas(areas, family, top_k, ranking.mean_harm_days(own), settings.flags)


@step("Set concerns beside the record")
def attach_concerns(areas: gpd.GeoDataFrame, evidence: Evidence, settings: Settings) -> gpd.GeoDataFrame:
    """Areas with what residents nearby worry about; never added to incidents."""
    return concern_counts.attach_concerns(areas, evidence.concerns, settings.concerns)


@step("Give the reasons in words")
def explain_areas(
    areas: gpd.GeoDataFrame, hotspots: gpd.GeoDataFrame, evidence: Evidence, family: str, settings: Settings
) -> gpd.GeoDataFrame:
    """Areas with their hotspot and the reason in words."""
    areas = areas.assign(hotspot_id=ranking.hotspot_of(areas, hotspots))
    missing = set(evidence.window.months) - set(evidence.incidents["month"].unique())
    missing |= set(evidence.window.months) & set(evidence.left_out[family])
    months = settings.period.window_months
    periods = ranking.Periods(
        evidence=f"the {months - len(missing)} months with data" if missing else f"{months} months",
        recently=f"the last {round(settings.of_family(family).forecast.recent_days / 30.4)} months",
        horizon=horizon_in_words(evidence.incidents, settings),
        horizon_days=horizon_days(evidence.incidents, settings),
    )
    reasons = ranking.explain_areas(areas, family, periods, settings.change)
    return areas.assign(reason=reasons)


@step("Check the tables")
def finish(
    hotspots: gpd.GeoDataFrame, areas: gpd.GeoDataFrame, expected: Expected, evidence: Evidence, family: str,
    settings: Settings, store: Store,
) -> dict[str, Any]:  # fmt: skip
    """The tables as declared; hotspots that are gone are listed with what their outline holds now."""
    own = evidence.own(family, settings.of_family(family).forecast.recent_days)
    window = {"period_start": pd.Timestamp(evidence.window.start), "period_end": pd.Timestamp(evidence.window.end)}
    left = previous_run.find_gone(hotspots, evidence, family, settings, store)
    if len(left):
        left = profiles.profile_areas(left, expected.spots, evidence.spot, own, expected.spread, settings.flags)
        left = concern_counts.attach_concerns(left, evidence.concerns, settings.concerns)
    everything = gpd.GeoDataFrame(pd.concat([hotspots, left], ignore_index=True), crs=hotspots.crs)
    everything = everything.assign(**window).sort_values("hotspot_id", ignore_index=True)
    inside = outlines.who_is_inside(everything, evidence.spots)
    members = profiles.members_of(inside, evidence.spot, own)
    named = {
        "hotspot_id": everything["hotspot_id"].to_numpy()[members["area"]],
        "incident_id": own["incident_id"].loc[members["incident"]].to_numpy(),
    }
    return {
        "hotspots": tables.conform(everything, tables.HOTSPOTS),
        "members": tables.conform(pd.DataFrame(named), tables.MEMBERS),
        "patrol_areas": ranking.finish_areas(areas, settings.flags),
        "findings": [
            *false_hotspots.told(hotspots, areas, categories.FAMILY_LABELS[family], settings.flags),
            *_notice(areas, expected, evidence, family, settings, store),
        ],
        "rules": {
            family: {
                table: previous_run.rules_of(table, family, evidence, settings)
                for table in ("hotspots", "patrol_areas")
            }
        },
    }


def _notice(
    areas: gpd.GeoDataFrame, expected: Expected, evidence: Evidence, family: str, settings: Settings, store: Store
) -> list[dict]:
    """What there is to say of a list as a whole."""
    label = categories.FAMILY_LABELS[family]
    placed = place_spots(expected.spots, evidence, settings)
    return [
        *previous_run.rule_findings(evidence, family, settings, store),
        *rural_areas.missed(placed, outlines.who_is_inside(areas, placed), label, settings.rural),
    ]


@step("Store hotspots and areas")
def store_tables(store: Store, found: list[dict[str, Any]]) -> Store:
    """The tables of all families, one after the other, stored; what the lists give to say last."""
    for name in STORED:
        parts = [tables.empty(tables.TABLES[name]), *(part[name] for part in found)]
        store.write(name, tables.conform(pd.concat(parts, ignore_index=True), tables.TABLES[name]))
    applied = [decision for part in found for decision in part["applied"]]
    notes = [note for part in found for note in part["findings"]] + local_decisions.findings(applied, store)
    rules = {family: rules for part in found for family, rules in part["rules"].items()}
    store.write_facts("target", {"findings": notes, "rules": rules})
    return store


def horizon_days(incidents: pd.DataFrame, settings: Settings) -> float:
    """Days that the list looks ahead: a month where the data has only months."""
    return 30.0 if period.is_month_only(incidents) else float(settings.period.horizon_days)


def horizon_in_words(incidents: pd.DataFrame, settings: Settings) -> str:
    """What the list looks ahead to."""
    if period.is_month_only(incidents):
        return "the next month"
    return f"the next {settings.period.horizon_days} days"


keep_identity = step("Match with the previous run")(previous_run.keep_identity)
decide = step("Apply local decisions")(local_decisions.decide)
