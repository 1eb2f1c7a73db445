"""DBSCAN's parameters of a run: set by the force, or chosen on its past up to the beginning of the quarter."""

from dataclasses import dataclass

import pandas as pd

from hotspots import period, tables
from hotspots.targeting import cluster_parameters
from hotspots.targeting.cluster_parameters import ClusterParams, GridSearchParams
from hotspots.targeting.clusters import DbscanParams
from hotspots.targeting.evidence import Evidence
from hotspots.targeting.forecasting import expected_incidents
from hotspots.targeting.forecasting.expected_incidents import Expected
from pipelines.engine import step
from pipelines.settings import Settings


@dataclass(frozen=True)
class Choice:
    """DBSCAN's parameters of a family.

    Attributes
    ----------
    now, before
        Parameters of the evidence window, and of the one that ended a reporting step earlier: the same radius and the
        same rate of incidents a month with data.
    curve
        The capture of every pair tried; empty where none was.
    sentence
        Why these values.
    """

    now: DbscanParams
    before: DbscanParams
    curve: pd.DataFrame
    sentence: str


@step("Choose DBSCAN's parameters")
def choose_parameters(expected: Expected, evidence: Evidence, family: str, settings: Settings) -> Choice:
    """Return the family's radius and `min_incidents`, as set or as chosen.

    The choice uses only what was on file before the quarter of the day, so all runs of a quarter make the same one,
    whichever ran before.
    """
    wanted = settings.of_family(family).clusters
    curve = _search(expected, evidence, family, settings)
    months = [
        cluster_parameters.months_with_data(expected.past, settings.period.window_months, back) for back in (0, 1)
    ]
    now = cluster_parameters.chosen_params(wanted, curve, months[0])
    before = cluster_parameters.at_same_rate(now, *months)
    curve = tables.conform(curve, tables.PARAMETER_CHOICES)
    return Choice(now, before, curve, cluster_parameters.describe_choice(now, curve, wanted))


def _search(expected: Expected, evidence: Evidence, family: str, settings: Settings) -> pd.DataFrame:
    """Return the capture of all pairs on the past before the quarter; empty where both values are set."""
    wanted: ClusterParams = settings.of_family(family).clusters
    if wanted.is_set:
        return tables.empty(tables.PARAMETER_CHOICES)
    day = period.quarter_before(evidence.as_of)
    past = expected_incidents.past_counts_on(day, evidence, family, expected.past)
    grid = GridSearchParams(buffer_share=settings.outlines.buffer_share).restricted_to(wanted)
    curve = cluster_parameters.choose_clusters(expected.spots, past, wanted.resolved(), grid)
    return curve.assign(family=family, chosen_on=pd.Timestamp(day))
