"""DBSCAN's parameters of a run: set by the force, chosen earlier this quarter, or chosen now."""

from dataclasses import dataclass
from datetime import timedelta

import pandas as pd

from hotspots import tables
from hotspots.errors import SourceError
from hotspots.targeting import cluster_parameters
from hotspots.targeting.cluster_parameters import GridSearchParams
from hotspots.targeting.forecasting.expected_incidents import Expected
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
def choose_parameters(expected: Expected, family: str, settings: Settings, store: Store) -> Choice:
    """Return the family's radius and `min_incidents`: as set, as chosen this quarter, or chosen now."""
    wanted = settings.of_family(family).clusters
    if wanted.is_set:
        pair, curve = wanted.resolved(), tables.empty(tables.PARAMETER_CHOICES)
        return Choice(settings, curve, cluster_parameters.describe_choice(pair, curve, wanted))
    years = cluster_parameters.years_with_data(expected.past, settings.period.window_months)
    grid = GridSearchParams(buffer_share=settings.outlines.buffer_share).restricted_to(wanted)
    curve = _stored_curve(store, family, grid)
    if curve.empty:
        curve = cluster_parameters.choose_clusters(expected.spots, expected.past, wanted.resolved(), grid)
        curve = curve.assign(family=family, chosen_on=pd.Timestamp(store.as_of))
    pair = cluster_parameters.chosen_params(wanted, curve, years)
    curve = tables.conform(curve, tables.PARAMETER_CHOICES)
    chosen = settings.with_clusters(family, pair.radius_m, pair.min_incidents)
    return Choice(chosen, curve, cluster_parameters.describe_choice(pair, curve, wanted))


def _stored_curve(store: Store, family: str, grid: GridSearchParams) -> pd.DataFrame:
    """Return the grid search of an earlier run of this quarter; empty if there is none, or on another grid."""
    since = pd.Timestamp(store.as_of - timedelta(days=CHOICE_DAYS))
    for day in store.earlier_runs():
        try:
            stored = day.read("parameter_choices")
        except SourceError:  # not stored, or by a version with other columns: the search is made again
            continue
        stored = stored[(stored["family"] == family) & (stored["chosen_on"] > since)]
        if set(grid.radii_m) <= set(stored["radius_m"]) and set(grid.min_incidents) <= set(stored["min_incidents"]):
            return stored.reset_index(drop=True)
    return tables.empty(tables.PARAMETER_CHOICES)
