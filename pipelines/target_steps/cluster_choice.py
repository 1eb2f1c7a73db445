"""How the day's hotspots come about: DBSCAN's parameters by evidence, and other views to hold beside the result."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd

from hotspots import categories, period, tables
from hotspots.targeting import cluster_parameters, forecast_features, gi_star_hexagons, ranking
from hotspots.targeting import spots as spot_tables
from hotspots.targeting.clusters import DbscanParams
from pipelines.engine import step
from pipelines.settings import Settings
from pipelines.storage.store import Store

if TYPE_CHECKING:
    from pipelines.flows.target import Evidence, Expected

# A choice holds for a quarter: it is stored, and not made again every week.
CHOICE_DAYS = 92


@dataclass(frozen=True)
class Choice:
    """The settings with radius and least number settled, what the other pairs would have caught, and why, in words."""

    settings: Settings
    curve: pd.DataFrame
    words: str


def reach_m(settings: Settings) -> float:
    """How far the run's one neighbour graph reaches: as far as any step asks."""
    given = [settings.of_family(family).clusters.settled().radius_m for family in categories.FAMILIES]
    return max(forecast_features.REACH_M, *given, *cluster_parameters.ChoiceParams().radii_m)


@step("Choose what makes a hotspot")
def choose_parameters(evidence: "Evidence", family: str, settings: Settings, store: Store) -> Choice:
    """Radius and least number of the family: as given, as chosen this quarter, or chosen now."""
    wanted = settings.of_family(family).clusters
    if wanted.is_given:
        pair, curve = wanted.settled(), tables.empty(tables.PARAMETER_CHOICES)
        return Choice(settings, curve, cluster_parameters.in_words(pair, curve, wanted))
    past, share = _past_of(evidence, family, settings)
    tried = replace(cluster_parameters.ChoiceParams(), reach_share=settings.outlines.reach_share).within(wanted)
    curve = _stored_curve(store, family, tried)
    if curve.empty:
        _, curve = cluster_parameters.choose_clusters(evidence.spots, past, wanted.settled(), tried)
        curve = curve.assign(family=family, chosen_on=pd.Timestamp(store.as_of))
    pair = _for_window(wanted, curve, share)
    settled = settings.with_clusters(family, pair.radius_m, pair.min_incidents)
    return Choice(
        settled, tables.conform(curve, tables.PARAMETER_CHOICES), cluster_parameters.in_words(pair, curve, wanted)
    )


@step("Look at it another way")
def describe_method(
    choice: Choice, expected: "Expected", hotspots: gpd.GeoDataFrame, evidence: "Evidence", family: str
) -> dict[str, pd.DataFrame]:
    """What the method page shows of the family: the choice, how few places hold how much, the fullest hexagons."""
    spots = evidence.spots
    is_live = spots["at_risk"] > 0
    x, y, counts = (spots.loc[is_live, column] for column in ("easting", "northing", family))
    hexagons = gi_star_hexagons.count_hexagons(x, y, counts, evidence.outline)
    held = [
        gi_star_hexagons.concentration(counts, "spot"),
        gi_star_hexagons.concentration(hexagons["incidents"], "hexagon"),
    ]
    top = gi_star_hexagons.outline_hexagons(hexagons.head(gi_star_hexagons.LISTED))
    said = {
        "hotspots": choice.words,
        "forecast": expected.words,
        "second opinions": gi_star_hexagons.in_words(hexagons, held[0], hotspots),
    }
    notes = pd.DataFrame({"family": family, "topic": list(said), "says": list(said.values())})
    found = {
        "parameter_choices": choice.curve,
        "method_notes": notes,
        "concentration": pd.concat(held, ignore_index=True).assign(family=family),
        "hexagons": top.assign(family=family, hotspot_id=ranking.hotspot_of(top, hotspots)),
    }
    return {name: tables.conform(frame, tables.TABLES[name]) for name, frame in found.items()}


def _past_of(evidence: "Evidence", family: str, settings: Settings) -> tuple[forecast_features.Past, float]:
    """The family's counts by spot and step, and how many years of the evidence window have data."""
    sound = evidence.incidents[~evidence.incidents["month"].isin(evidence.left_out[family])]
    steps = period.steps_back(evidence.incidents, evidence.as_of)
    counts = spot_tables.history(evidence.spot, categories.of_family(sound, family), steps, len(evidence.spots))
    observed = spot_tables.observed_steps(sound, steps)
    past = forecast_features.past(counts, np.zeros((len(counts), 0)), observed, steps[1], evidence.near, terms=())
    window = past.observed[: round(past.year * settings.period.window_months / 12)]
    return past, float(window.sum() / past.year)


def _stored_curve(store: Store, family: str, tried: cluster_parameters.ChoiceParams) -> pd.DataFrame:
    """What was tried in an earlier run of this quarter; empty where nothing was, or other pairs."""
    since = pd.Timestamp(store.as_of - timedelta(days=CHOICE_DAYS))
    for day in store.earlier():
        if not day.has("parameter_choices"):
            continue
        stored = day.read("parameter_choices")
        stored = stored[(stored["family"] == family) & (stored["chosen_on"] > since)]
        if set(tried.radii_m) <= set(stored["radius_m"]) and set(tried.least) <= set(stored["min_incidents"]):
            return stored.reset_index(drop=True)
    return tables.empty(tables.PARAMETER_CHOICES)


def _for_window(wanted: cluster_parameters.ClusterParams, curve: pd.DataFrame, years: float) -> DbscanParams:
    """The pair taken, its least number for the data that the window has; plain values where nothing was tried."""
    if curve.empty:
        return wanted.settled()
    pair = curve[curve["is_chosen"]].iloc[0]
    least = max(2, round(pair["min_incidents"] * years)) if wanted.min_incidents is None else wanted.min_incidents
    return DbscanParams(radius_m=float(pair["radius_m"]), min_incidents=least)
