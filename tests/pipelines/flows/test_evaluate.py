"""The last list scored on what came since: Barset's published areas against counts of its rows made here."""

import csv
import dataclasses
import shutil
from datetime import date
from pathlib import Path

import geopandas as gpd
import made_up_files as barset
import numpy as np
import pandas as pd
import pytest
import shapely

from hotspots import tables
from hotspots.errors import SourceError
from pipelines.flows import evaluate as evaluation
from pipelines.flows.evaluate import evaluate
from pipelines.flows.ingest import ingest
from pipelines.flows.publish import publish
from pipelines.flows.target import target
from pipelines.flows.task import task
from pipelines.settings import Settings
from pipelines.storage.store import Store

AUGUST, SEPTEMBER = date(2025, 8, 31), date(2025, 9, 30)


def run(settings: Settings, raw: Path, processed: Path, as_of: date) -> Store:
    return evaluate(settings, target(settings, ingest(settings, (raw,), processed, as_of)))


@pytest.fixture(scope="module")
def two_weeks(settings: Settings, raw: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Store, Store]:
    processed = tmp_path_factory.mktemp("evaluated")
    return run(settings, raw, processed, AUGUST), run(settings, raw, processed, SEPTEMBER)


def of_september(store: Store, family: str) -> gpd.GeoDataFrame:
    return store.read("incidents").query("is_own_force and category == @family and month == '2025-09'")


# inputs


def test_a_day_without_a_list_names_the_command(settings: Settings, ingested: Store, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="Run 'hotspots ingest' for that day first"):
        evaluate(settings, Store(tmp_path, "barset", SEPTEMBER))


# answers


def test_on_a_first_run_there_is_nothing_to_score_and_it_says_why(two_weeks: tuple[Store, Store]) -> None:
    first = two_weeks[0]
    assert [len(first.read(name)) for name in ("accuracy", "calibration")] == [0, 0]
    assert first.read_facts("accuracy")["words"] == [evaluation.FIRST_RUN]


def test_hits_are_the_incidents_of_the_new_month_inside_the_old_areas(two_weeks: tuple[Store, Store]) -> None:
    before, now = two_weeks
    accuracy, areas = now.read("accuracy"), before.read("patrol_areas")
    force = now.read("places").geometry.iloc[0]
    assert set(accuracy["basis"]) == {"published"} and set(accuracy["as_of"]) == {pd.Timestamp(AUGUST)}
    for family in tables.FAMILIES:
        listed = areas[areas["family"] == family].sort_values("rank")
        came = of_september(now, family)
        own = accuracy[(accuracy["family"] == family) & (accuracy["method"] == "this method")].set_index("k")
        for k, row in own.iterrows():
            first = listed.head(k)
            hits = int(shapely.intersects(first.union_all(), came.geometry.to_numpy()).sum())
            assert (row["hits"], row["total"]) == (hits, len(came))
            share = hits / len(came)
            assert row["hit_rate"] == pytest.approx(share, abs=1e-6)
            assert row["pai"] == pytest.approx(share / (first.area.sum() / force.area), rel=1e-3)
            assert row["rri"] == pytest.approx(first["expected"].sum() / hits, rel=1e-3)
        is_best = (accuracy["family"] == family) & (accuracy["method"] == "best possible")
        best = accuracy[is_best].set_index("k")["hits"]
        for k, pei in own["pei"].items():
            assert pei == pytest.approx(own.loc[k, "hits"] / best[best.index <= k].iloc[-1], abs=1e-4)


def test_intervals_are_checked_on_the_month_they_were_for(two_weeks: tuple[Store, Store]) -> None:
    before, now = two_weeks
    areas = before.read("patrol_areas").query("family == 'asb'")
    came = of_september(now, "asb").geometry.to_numpy()
    counted = np.array([shapely.intersects(shape, came).sum() for shape in areas.geometry])
    held = (counted >= areas["expected_low"]) & (counted <= areas["expected_high"])
    rows = now.read("calibration").query("family == 'asb' and statement == 'interval' and band == 'all areas'")
    assert rows["share"].tolist() == pytest.approx([held.mean()], abs=1e-4)
    assert rows["areas"].tolist() == [len(areas)]


def test_the_report_carries_the_figures_and_says_them(
    settings: Settings, two_weeks: tuple[Store, Store], tmp_path: Path
) -> None:
    publish(settings, task(settings, two_weeks[1]), tmp_path)
    folder = tmp_path / "barset" / "2025-09-30"
    with (folder / "accuracy.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    assert list(lines[0]) == list(tables.ACCURACY.columns)
    assert {line["method"] for line in lines} >= {"this method", "last year on squares", "history cover", "random"}
    words = two_weeks[1].read_facts("accuracy")["words"]
    assert len(words) == 2 and "on the list of 31 August 2025 captured" in words[0]
    page = (folder / "accuracy.html").read_text(encoding="utf-8")
    assert all(word.split(" (")[0].replace("'", "&#39;") in page for word in words)


def test_a_day_that_was_not_evaluated_is_published_and_says_so(
    settings: Settings, targeted: Store, tmp_path: Path
) -> None:
    shutil.copytree(targeted.folder, tmp_path / "copy")
    copied = dataclasses.replace(targeted, folder=tmp_path / "copy")
    (copied.day_folder / "accuracy.parquet").unlink(missing_ok=True)
    publish(settings, copied, tmp_path)
    folder = tmp_path / "barset" / "2025-09-30"
    assert "was not run for this day" in (folder / "index.html").read_text(encoding="utf-8")
    assert (folder / "accuracy.csv").read_text(encoding="utf-8").count("\n") == 1


def test_a_month_with_nothing_to_score_on_says_so(settings: Settings, tmp_path: Path) -> None:
    for month in ("2025-07", "2025-08"):
        barset.write_month(tmp_path / "raw", month)
    quiet = [
        row for row in barset.month_rows("2025-09") if row["Crime type"] not in ("Burglary", "Anti-social behaviour")
    ]
    barset.write_month(tmp_path / "raw", "2025-09", rows=quiet or [barset.row(crime_type="Drugs", crime_id="a")])
    barset.write_outline(tmp_path / "raw" / "outlines.geojson")
    run(settings, tmp_path / "raw", tmp_path / "processed", AUGUST)
    after = run(settings, tmp_path / "raw", tmp_path / "processed", SEPTEMBER)
    assert after.read("accuracy").empty
    assert after.read_facts("accuracy")["words"] == [evaluation.NO_INCIDENTS]


# promises


def test_local_decisions_are_scored_beside_the_method(
    settings: Settings, two_weeks: tuple[Store, Store], tmp_path: Path
) -> None:
    shutil.copytree(two_weeks[0].folder, tmp_path / "copy")
    before, now = (dataclasses.replace(store, folder=tmp_path / "copy") for store in two_weeks)
    areas = before.read("patrol_areas")
    turned = areas["rank"].groupby(areas["family"], observed=True).transform("max") + 1 - areas["rank"]
    before.write("patrol_areas", areas.assign(rank=turned))
    after = evaluate(settings, now).read("accuracy").query("k == 1 and family == 'asb'").set_index("method")
    plain = two_weeks[1].read("accuracy").query("k == 1 and family == 'asb'").set_index("method")
    assert after.loc["this method", "hits"] == plain.loc["this method", "hits"]
    assert after.loc["list with local decisions", "hits"] < plain.loc["this method", "hits"]


def test_twice_gives_the_same_bytes(settings: Settings, two_weeks: tuple[Store, Store]) -> None:
    files = [two_weeks[1].day_folder / name for name in ("accuracy.parquet", "calibration.parquet", "accuracy.json")]
    before = [path.read_bytes() for path in files]
    evaluate(settings, two_weeks[1])
    assert [path.read_bytes() for path in files] == before
