"""Evaluate: score the last list on the incidents observed since, with baselines of as many areas."""

from datetime import timedelta

import geopandas as gpd

from hotspots import period
from hotspots.reporting import accuracy_sentences
from hotspots.targeting.forecasting import expected_incidents
from hotspots.testing import backtest, scoring
from hotspots.testing.backtest import ListScores
from hotspots.testing.baselines import BaselineParams
from hotspots.testing.scoring import ScoreParams
from pipelines.engine import flow, step
from pipelines.settings import Settings
from pipelines.storage.store import Store, latest_backtest

FIRST_RUN = (
    "This is the first run: there is no earlier list to score. 'hotspots backtest' measures the accuracy of lists for "
    "past months."
)
NO_INCIDENTS = "The last list was not scored: no ASB or burglary has been recorded since."


@flow("evaluate")
def evaluate(settings: Settings, store: Store) -> Store:
    """Score the previous run's lists on the incidents since, and store the scores with those of the last backtest."""
    return store_scores(store, score_last(store, settings), settings)


@step("Score the last list on the incidents since")
def score_last(store: Store, settings: Settings) -> ListScores:
    """Return the scores of the previous run's published lists; empty on a first run."""
    earlier = store.earlier_runs()
    if not earlier:
        return backtest.concat_scores([])
    last = earlier[0]
    back = period.evidence_window(last.as_of, settings.period.window_months)
    incidents = store.read_incidents(period.Window(back.start, store.as_of + timedelta(days=1)))
    since = scoring.window_since(last.as_of, store.as_of, incidents)
    known, observed = period.known_by(incidents, last.as_of), period.within(incidents, since)
    areas = gpd.GeoDataFrame(last.read("patrol_areas"))
    params = score_params(store, incidents, settings)
    return backtest.score_areas(areas, known, observed, last.as_of, since, params=params, basis="published")


@step("Store the scores")
def store_scores(store: Store, scored: ListScores, settings: Settings) -> Store:
    """Store the scores and their sentences, followed by those of the last backtest."""
    sentences = accuracy_sentences.describe_list(scored.accuracy, scored.calibration, settings.patrol_areas.top_k)
    sentences = sentences or [NO_INCIDENTS if store.earlier_runs() else FIRST_RUN]
    last_backtest = latest_backtest(store)
    if last_backtest is not None:
        scored = backtest.concat_scores(
            [scored, ListScores(last_backtest.read("accuracy"), last_backtest.read("calibration"))]
        )
        sentences += last_backtest.read_facts("accuracy")["words"]
    store.write("accuracy", scored.accuracy)
    store.write("calibration", scored.calibration)
    store.write_facts("accuracy", {"words": sentences})
    return store


def score_params(store: Store, incidents: gpd.GeoDataFrame, settings: Settings) -> ScoreParams:
    """Return the parameters of the scores: area of the force, horizon, and baselines."""
    places = store.read("places")
    baselines = BaselineParams(
        radius_m=settings.patrol_areas.max_radius_m,
        areas=settings.patrol_areas.max_areas,
        window_months=settings.period.window_months,
    )
    return ScoreParams(
        study_area_m2=float(places.loc[places["kind"] == "force"].geometry.iloc[0].area),
        expected_days=round(expected_incidents.horizon_days(incidents, settings.period.horizon_days)),
        baselines=baselines,
    )
