"""Backtests of stored days: they list what a run of that day would have listed, and nothing later has a say."""

import csv
import dataclasses
import shutil
from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from hotspots import period, tables
from hotspots.errors import SourceError
from hotspots.testing.backtest import BacktestParams
from pipelines.flows.backtest import areas_as_of, backtest, with_dates
from pipelines.flows.evaluate import evaluate
from pipelines.flows.ingest import ingest
from pipelines.flows.publish import publish
from pipelines.flows.target import target
from pipelines.settings import Settings
from pipelines.storage.store import Store

AUGUST, SEPTEMBER = date(2025, 8, 31), date(2025, 9, 30)


@pytest.fixture(scope="module")
def short(settings: Settings) -> Settings:
    """Settings under which Barset's three months are enough."""
    return dataclasses.replace(settings, backtest=BacktestParams(ahead_months=1, min_months=1))


@pytest.fixture
def stored(targeted: Store, tmp_path: Path) -> Store:
    """September's store, to write to."""
    shutil.copytree(targeted.folder, tmp_path / "stored")
    return dataclasses.replace(targeted, folder=tmp_path / "stored")


def listed_then(settings: Settings, store: Store, incidents: gpd.GeoDataFrame) -> pd.DataFrame:
    known = period.known_by(incidents, AUGUST).reset_index(drop=True)
    areas = areas_as_of(store, settings, known, AUGUST)
    order = areas.sort_values(["family", "rank"], ignore_index=True)
    shapes = shapely.to_wkb(shapely.normalize(order.geometry.to_numpy()))
    return pd.DataFrame(order[["family", "rank", "expected", "top_k_chance"]]).assign(shape=shapes)


# inputs


def test_a_short_record_is_refused_and_nothing_is_written(settings: Settings, targeted: Store, tmp_path: Path) -> None:
    says = "needs 3 months with data before it and 3 after it, and barset has 3, 2025-07 to 2025-09"
    with pytest.raises(SourceError, match=says):
        backtest(settings, targeted, tmp_path)
    assert list(tmp_path.iterdir()) == []


# answers


def test_the_areas_are_those_that_a_run_of_that_day_lists(
    settings: Settings, raw: Path, targeted: Store, tmp_path: Path
) -> None:
    then = listed_then(settings, targeted, targeted.read_incidents())
    real = target(settings, ingest(settings, (raw,), tmp_path, AUGUST)).read("patrol_areas")
    real = real.sort_values(["family", "rank"], ignore_index=True)
    assert then["shape"].tolist() == shapely.to_wkb(shapely.normalize(real.geometry.to_numpy())).tolist()
    assert then["expected"].to_numpy() == pytest.approx(real["expected"].to_numpy(), abs=1e-3)
    assert then["top_k_chance"].to_numpy() == pytest.approx(real["top_k_chance"].to_numpy(), abs=1e-3)


def test_hits_are_the_incidents_of_the_month_after_inside_the_areas(
    short: Settings, stored: Store, tmp_path: Path
) -> None:
    summary = backtest(short, stored, tmp_path / "reports")
    assert summary["dates"] == ["2025-07-31", "2025-08-31"]
    with (Path(str(summary["report"])) / "accuracy.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    incidents = stored.read_incidents()
    known = period.known_by(incidents, AUGUST).reset_index(drop=True)
    areas = areas_as_of(stored, short, known, AUGUST)
    for family in tables.FAMILIES:
        came = incidents.query("is_own_force and category == @family and month == '2025-09'").geometry.to_numpy()
        ranked = areas[areas["family"] == family].sort_values("rank")
        rows = [
            line for line in lines
            if (line["as_of"], line["family"], line["method"]) == ("2025-08-31", family, "this method")
        ]  # fmt: skip
        assert rows
        for line in rows:
            inside = shapely.intersects(ranked.head(int(line["k"])).union_all(), came).sum()
            assert (int(line["hits"]), int(line["total"])) == (inside, len(came))


def test_the_page_says_what_the_table_holds(short: Settings, stored: Store, tmp_path: Path) -> None:
    folder = Path(str(backtest(short, stored, tmp_path)["report"]))
    assert folder == tmp_path / "barset" / "backtest-2025-09-30"
    assert sorted(path.name for path in folder.iterdir()) == ["accuracy.csv", "calibration.csv", "index.html"]
    page = (folder / "index.html").read_text(encoding="utf-8")
    accuracy = pd.read_csv(folder / "accuracy.csv")
    assert list(accuracy) == list(tables.ACCURACY.columns)
    assert list(pd.read_csv(folder / "calibration.csv")) == list(tables.CALIBRATION.columns)
    ours = accuracy.query("family == 'asb' and method == 'this method'")
    k = 20 if (accuracy["k"] == 20).any() else accuracy["k"].max()
    hits, total = ours[ours["k"] <= k].groupby("as_of")[["hits", "total"]].max().sum()
    assert f"the first {k} areas would have captured {hits:,} of the {total:,} incidents" in page
    assert "src=" not in page and "http" not in page.replace("http-equiv", "")


def test_weekly_reports_carry_its_last_line_from_then_on(short: Settings, stored: Store, tmp_path: Path) -> None:
    before = evaluate(short, stored).read_facts("accuracy")["words"]
    backtest(short, stored, tmp_path)
    after = evaluate(short, stored)
    words = after.read_facts("accuracy")["words"]
    assert words[: len(before)] == before
    assert [word[:40] for word in words[len(before) :]] == [
        "Backtest of 30 September 2025. Anti-soci",
        "Backtest of 30 September 2025. Burglary:",
    ]
    assert set(after.read("accuracy")["basis"]) == {"backtest"}
    publish(short, after, tmp_path)
    assert words[-1].split(" (")[0] in (tmp_path / "barset" / "2025-09-30" / "accuracy.html").read_text(
        encoding="utf-8"
    )


def test_a_later_backtest_is_no_part_of_an_earlier_report(
    short: Settings, raw: Path, stored: Store, tmp_path: Path
) -> None:
    backtest(short, stored, tmp_path)
    august = target(short, ingest(short, (raw,), stored.folder, AUGUST))
    assert evaluate(short, august).read("accuracy").empty


def test_so_many_dates_as_asked_for_are_tried(short: Settings, stored: Store, tmp_path: Path) -> None:
    assert backtest(with_dates(short, 1), stored, tmp_path)["dates"] == ["2025-08-31"]
    assert with_dates(short, None) is short


# promises


@pytest.mark.parametrize("change", ["drop", "move", "multiply", "retype"])
def test_nothing_later_than_the_day_changes_the_areas(settings: Settings, targeted: Store, change: str) -> None:
    incidents = targeted.read_incidents()
    is_later = (incidents["month"] > f"{AUGUST:%Y-%m}").to_numpy()
    assert is_later.any()
    later = incidents[is_later]
    if change == "move":
        later = later.set_geometry(later.geometry.translate(700.0, -900.0))
    elif change == "multiply":
        later = pd.concat([later] * 5)
    elif change == "retype":
        later = later.assign(category=np.where(later["category"] == "asb", "burglary", "asb"))
    changed = incidents[~is_later] if change == "drop" else pd.concat([incidents[~is_later], later])
    before, after = (
        listed_then(settings, targeted, gpd.GeoDataFrame(rows, crs=incidents.crs)) for rows in (incidents, changed)
    )
    pd.testing.assert_frame_equal(before, after)


def test_a_change_before_the_day_does_change_them(settings: Settings, targeted: Store) -> None:
    incidents = targeted.read_incidents()
    moved = incidents.set_geometry(incidents.geometry.translate(300.0, 0.0))
    shapes = [listed_then(settings, targeted, rows)["shape"].tolist() for rows in (incidents, moved)]
    assert shapes[0] != shapes[1]


def test_twice_gives_the_same_bytes_and_a_broken_one_leaves_what_was_there(
    short: Settings, stored: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Path(str(backtest(short, stored, tmp_path)["report"]))
    first = {path.name: path.read_bytes() for path in folder.iterdir()}
    backtest(short, stored, tmp_path)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == first

    def break_off(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("hotspots.reporting.exports.area_files.write_csv", break_off)
    with pytest.raises(SourceError, match=r"cannot be written to .* so it stays as it was"):
        backtest(short, stored, tmp_path)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == first
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]
