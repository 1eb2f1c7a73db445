"""DBSCAN's parameters of a run: given in the settings, chosen earlier this quarter, or chosen now."""

from dataclasses import dataclass, replace
from datetime import timedelta

import pandas as pd

from hotspots import tables
from hotspots.targeting import cluster_parameters
from hotspots.targeting.cluster_parameters import ChoiceParams
from hotspots.targeting.evidence import Evidence
from pipelines.engine import step
from pipelines.settings import Settings
from pipelines.storage.store import Store

# A choice is kept for a quarter, so that hotspots do not move every week because of it.
CHOICE_DAYS = 92


@dataclass(frozen=True)
class Choice:
    """The settings with the family's radius and `min_incidents`, the capture of every pair tried, and why this one."""

    settings: Settings
    curve: pd.DataFrame
    sentence: str


@step("Choose DBSCAN's parameters")
def choose_parameters(evidence: Evidence, family: str, settings: Settings, store: Store) -> Choice:
    """Return the family's radius and `min_incidents`: as given, as chosen this quarter, or chosen now."""
    wanted = settings.of_family(family).clusters
    if wanted.is_given:
        pair, curve = wanted.settled(), tables.empty(tables.PARAMETER_CHOICES)
        return Choice(settings, curve, cluster_parameters.in_words(pair, curve, wanted))
    past, years = cluster_parameters.past_counts(evidence, family, settings.period.window_months)
    tried = replace(ChoiceParams(), reach_share=settings.outlines.reach_share).within(wanted)
    curve = _stored_curve(store, family, tried)
    if curve.empty:
        _, curve = cluster_parameters.choose_clusters(evidence.spots, past, wanted.settled(), tried)
        curve = curve.assign(family=family, chosen_on=pd.Timestamp(store.as_of))
    pair = cluster_parameters.chosen_params(wanted, curve, years)
    curve = tables.conform(curve, tables.PARAMETER_CHOICES)
    chosen = settings.with_clusters(family, pair.radius_m, pair.min_incidents)
    return Choice(chosen, curve, cluster_parameters.in_words(pair, curve, wanted))


def _stored_curve(store: Store, family: str, tried: ChoiceParams) -> pd.DataFrame:
    """Return what an earlier run of this quarter tried; empty if none did, or if it tried other pairs."""
    since = pd.Timestamp(store.as_of - timedelta(days=CHOICE_DAYS))
    for day in store.earlier():
        if not day.has("parameter_choices"):
            continue
        stored = day.read("parameter_choices")
        stored = stored[(stored["family"] == family) & (stored["chosen_on"] > since)]
        if set(tried.radii_m) <= set(stored["radius_m"]) and set(tried.least) <= set(stored["min_incidents"]):
            return stored.reset_index(drop=True)
    return tables.empty(tables.PARAMETER_CHOICES)
