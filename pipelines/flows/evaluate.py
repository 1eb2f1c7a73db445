"""Evaluate: what the last list caught of what came since, beside plain ways to choose as many areas."""

from datetime import date, timedelta

import geopandas as gpd

from hotspots import period
from hotspots.reporting import accuracy_sentences
from hotspots.targeting import maximal_cover
from hotspots.targeting.forecasting import expected_incidents
from hotspots.testing import backtest
from hotspots.testing.backtest import Scored
from hotspots.testing.baselines import Size
from hotspots.testing.scoring import ScoreParams
from pipelines.engine import flow, step
from pipelines.settings import Settings
from pipelines.storage.store import Store, latest_backtest

FIRST = (
    "This is the first run, so there is no earlier list to score. 'hotspots backtest' tells what lists of past months "
    "would have caught."
)
NOTHING_CAME = "Nothing of either family was recorded since the last list, so there is nothing to score it on."


@flow("evaluate")
def evaluate(settings: Settings, store: Store) -> Store:
    """Score the lists of the run before on what came since, and store the figures, with those of the last backtest."""
    return store_scores(store, score_last(store, settings), settings)


@step("Score the last list on what came since")
def score_last(store: Store, settings: Settings) -> Scored:
    """The lists of the run before, as published, on what came since; empty on a first run."""
    earlier = store.earlier()
    if not earlier:
        return backtest.join([])
    last = earlier[0]
    back = period.evidence_window(last.as_of, settings.period.window_months)
    incidents = store.read_incidents(period.Window(back.start, store.as_of + timedelta(days=1)))
    since = _days_since(last.as_of, store.as_of, incidents)
    known, came = period.on_file_by(incidents, last.as_of), period.within(incidents, since)
    areas = gpd.GeoDataFrame(last.read("patrol_areas"))
    params = score_params(store, incidents, settings)
    return backtest.score_areas(
        areas, known, came, last.as_of, since, cover=maximal_cover.cover, params=params, basis="published"
    )


@step("Store the scores")
def store_scores(store: Store, scored: Scored, settings: Settings) -> Store:
    """The figures and what to say of them; those of the last backtest follow."""
    said = accuracy_sentences.of_list(scored.accuracy, scored.calibration, settings.patrol_areas.top_k)
    said = said or [NOTHING_CAME if store.earlier() else FIRST]
    shelf = latest_backtest(store)
    if shelf is not None:
        scored = backtest.join([scored, Scored(shelf.read("accuracy"), shelf.read("calibration"))])
        said += shelf.read_facts("accuracy")["words"]
    store.write("accuracy", scored.accuracy)
    store.write("calibration", scored.calibration)
    store.write_facts("accuracy", {"words": said})
    return store


def score_params(store: Store, incidents: gpd.GeoDataFrame, settings: Settings) -> ScoreParams:
    """Area of the force, what `expected` is for, and the size of areas."""
    places = store.read("places")
    size = Size(
        radius_m=settings.patrol_areas.max_radius_m,
        areas=settings.patrol_areas.max_areas,
        window_months=settings.period.window_months,
    )
    return ScoreParams(
        study_area_m2=float(places.loc[places["kind"] == "force"].geometry.iloc[0].area),
        expected_days=round(expected_incidents.horizon_days(incidents, settings.period.horizon_days)),
        size=size,
    )


def _days_since(day: date, as_of: date, incidents: gpd.GeoDataFrame) -> period.Window:
    """The days that a list of `day` had not seen; where there are only months, all of a month that had not ended."""
    start = day + timedelta(days=1)
    return period.Window(start.replace(day=1) if period.is_month_only(incidents) else start, as_of + timedelta(days=1))
