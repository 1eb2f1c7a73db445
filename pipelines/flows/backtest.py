"""Backtest: the method at past dates of the force, without later data, compared with baselines."""

import dataclasses
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from hotspots import categories, crs, period, scored_methods, wording
from hotspots.data_health import monthly_checks
from hotspots.errors import SourceError
from hotspots.reporting import accuracy_sentences, backtest_page, formatting
from hotspots.reporting.backtest_page import Backtest
from hotspots.targeting.forecasting import expected_incidents
from hotspots.testing import backtest as backtests
from hotspots.testing import calibration, scoring
from hotspots.testing.backtest import ListScores
from pipelines.engine import flow, step
from pipelines.flows import evaluate, target
from pipelines.settings import Settings
from pipelines.storage import atomic_write
from pipelines.storage.store import Store, backtest_store

# List lengths and baselines in the summary.
SUMMARY_LENGTHS = (20, 50)
BASELINES = (scored_methods.HISTORY, scored_methods.SQUARES)


@flow("backtest")
def backtest(settings: Settings, store: Store, reports: Path) -> dict[str, Any]:
    """Run the method at past dates, and write the scores as a page and tables."""
    days = find_dates(store, settings)
    scored = join_dates([score_past_date(store, settings, day) for day in days])
    result = describe(scored, days, store, settings)
    store_backtest(result, store)
    return write_page(result, reports)


@step("Find past dates")
def find_dates(store: Store, settings: Settings) -> list[date]:
    """Return the past dates with enough data."""
    incidents = store.read_incidents()
    own = incidents[incidents["is_own_force"]]
    params = settings.backtest
    days = backtests.past_dates(own, store.as_of, params)
    if not days:
        months = sorted(own["month"].unique())
        raise SourceError(
            f"The record is too short for a backtest: a past date needs "
            f"{wording.counted(params.min_months, 'month')} with data before "
            f"it and {params.ahead_months} after it, and {store.force} has {len(months)}, {months[0]} to {months[-1]}. "
            "Add earlier months, or set 'ahead_months' lower under [backtest]."
        )
    return days


@step("Run the method at a past date")
def score_past_date(store: Store, settings: Settings, day: date) -> ListScores:
    """Return the scores of the lists of one past date."""
    window = scoring.scored_window(day, settings.backtest.ahead_months, store.as_of + timedelta(days=1))
    learnt = period.evidence_window(day, settings.period.training_months)
    incidents = store.read_incidents(period.Window(learnt.start, window.end))
    return backtests.backtest(
        lambda known, as_of: areas_as_of(store, settings, known, as_of),
        incidents,
        [day],
        ahead_months=settings.backtest.ahead_months,
        params=evaluate.score_params(store, incidents, settings),
    )


@step("Compare with baselines")
def describe(scored: ListScores, days: list[date], store: Store, settings: Settings) -> Backtest:
    """Return the content of the page."""
    lengths = sorted(set(scored.accuracy["k"]))
    pooled = pd.concat([backtests.pool_dates(scored.accuracy, k).assign(k=k) for k in lengths], ignore_index=True)
    summary = [k for k in SUMMARY_LENGTHS if k in lengths] or lengths[-1:]
    gains = [
        backtests.compare_with_baseline(scored.accuracy, baseline, k).assign(k=k, baseline=baseline)
        for k in summary
        for baseline in BASELINES
    ]
    return Backtest(
        force_name=settings.force.name,
        slug=settings.force.slug,
        marking=settings.force.marking,
        as_of=store.as_of,
        dates=tuple(days),
        ahead_months=settings.backtest.ahead_months,
        horizon_label=expected_incidents.horizon_label(store.read_incidents(), settings.period.horizon_days),
        accuracy=scored.accuracy,
        calibration=scored.calibration,
        pooled=pooled,
        chances=calibration.pool(scored.calibration),
        gains=pd.concat(gains, ignore_index=True).sort_values(["family", "k"], kind="stable", ignore_index=True),
    )


@step("Store the backtest")
def store_backtest(found: Backtest, store: Store) -> None:
    """Store the scores, and the sentences for weekly reports."""
    stored = backtest_store(store)
    stored.write("accuracy", found.accuracy)
    stored.write("calibration", found.calibration)
    gains = found.gains[
        (found.gains["baseline"] == scored_methods.HISTORY) & (found.gains["k"] == found.gains["k"].min())
    ]
    sentences = [
        f"Backtest of {formatting.day(found.as_of)}. {line}"
        for line in accuracy_sentences.describe_backtest(gains, found.pooled)
    ]
    stored.write_facts("accuracy", {"words": sentences})


@step("Write the page of the backtest")
def write_page(found: Backtest, reports: Path) -> dict[str, Any]:
    """Write the page and its tables, and return the summary for the terminal."""
    final = reports / found.slug / f"backtest-{found.as_of.isoformat()}"
    with atomic_write.atomic_folder(final) as temporary:
        backtest_page.write_backtest(found, temporary)
    return {
        "force": found.slug,
        "as_of": found.as_of.isoformat(),
        "dates": [day.isoformat() for day in found.dates],
        "report": str(final),
        "sentences": accuracy_sentences.describe_backtest(found.gains, found.pooled)
        + accuracy_sentences.describe_calibration(found.chances),
    }


def areas_as_of(
    store: Store, settings: Settings, known: gpd.GeoDataFrame, as_of: date,
    families: Iterable[str] = categories.FAMILIES,
) -> gpd.GeoDataFrame:  # fmt: skip
    """Return the patrol areas that the weekly run would have listed on a past day, ranked within their family.

    Parameters
    ----------
    store
        Store of a later day.
    known
        Incidents on file on the past day, as `Store.read_incidents` gives them.
    as_of
        The past day.
    families
        Families of the lists.
    """
    window = period.evidence_window(as_of, settings.period.training_months)
    verdicts = monthly_checks.examine_months(monthly_checks.count_months(known), as_of, settings.health)
    left_out = monthly_checks.months_left_out(verdicts, settings.health)
    incidents = known[known["month"].isin(window.touched)].reset_index(drop=True)
    evidence = target.evidence_as_of(as_of, incidents, left_out, store, settings)
    listed = []
    for family in families:
        expected = target.expect_incidents(evidence, family, settings)
        listed.append(target.list_areas(expected, evidence, family, settings).assign(family=family))
    return gpd.GeoDataFrame(pd.concat(listed, ignore_index=True), crs=crs.BNG)


def with_dates(settings: Settings, dates: int | None) -> Settings:
    """Return settings with a number of past dates, unchanged where it is None."""
    if dates is None:
        return settings
    return dataclasses.replace(settings, backtest=dataclasses.replace(settings.backtest, dates=dates))


join_dates = step("Pool the dates")(backtests.concat_scores)
