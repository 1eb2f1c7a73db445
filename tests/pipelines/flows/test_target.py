"""Hotspots and patrol areas from stored tables: what they count, and how they keep their names from run to run."""

import dataclasses
from datetime import date
from pathlib import Path

import made_up_files as barset
import pandas as pd
import pytest
import shapely

from hotspots.errors import SourceError
from pipelines.flows.ingest import ingest
from pipelines.flows.target import target
from pipelines.settings import Settings
from pipelines.storage.store import Store

AUGUST, SEPTEMBER = date(2025, 8, 31), date(2025, 9, 30)


def own_of(store: Store, family: str) -> pd.DataFrame:
    return store.read("incidents").query("is_own_force and category == @family")


def run(settings: Settings, raw: Path, processed: Path, as_of: date) -> Store:
    return target(settings, ingest(settings, (raw,), processed, as_of))


@pytest.fixture(scope="module")
def two_runs(settings: Settings, raw: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Store, Store]:
    processed = tmp_path_factory.mktemp("two")
    return run(settings, raw, processed, AUGUST), run(settings, raw, processed, SEPTEMBER)


# inputs


def test_a_day_that_was_not_ingested_names_the_command(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="Run 'hotspots ingest' for that day first"):
        target(settings, Store(tmp_path, "barset", SEPTEMBER))


# answers


def test_every_place_where_incidents_crowd_is_found(targeted: Store) -> None:
    hotspots = targeted.read("hotspots")
    assert hotspots["family"].value_counts().to_dict() == {"asb": 3, "burglary": 2}
    assert (hotspots["incidents"] > 15).all()
    assert (hotspots["expected_low"] <= hotspots["expected"]).all()
    assert (hotspots["expected"] <= hotspots["expected_high"]).all()


def test_a_hotspot_counts_the_incidents_inside_its_outline_and_lists_them(targeted: Store) -> None:
    hotspots, members = targeted.read("hotspots"), targeted.read("members")
    for hotspot in hotspots.itertuples():
        own = own_of(targeted, hotspot.family)
        inside = own[shapely.intersects(hotspot.geometry, own.geometry.to_numpy())]
        assert hotspot.incidents == len(inside)
        assert set(members.loc[members["hotspot_id"] == hotspot.hotspot_id, "incident_id"]) == set(
            inside["incident_id"]
        )


def test_a_neighbour_s_incidents_help_but_are_never_counted(
    settings: Settings, targeted: Store, tmp_path: Path
) -> None:
    incidents = targeted.read("incidents")
    strangers = incidents[~incidents["is_own_force"]]
    assert (strangers["category"] == "asb").any()
    assert not targeted.read("members")["incident_id"].isin(strangers["incident_id"]).any()
    outline = targeted.read("places").geometry.iloc[0]
    for table in ("hotspots", "patrol_areas"):
        shapes = targeted.read(table).geometry.to_numpy()
        assert shapely.area(shapely.difference(shapes, outline)).max() < 1.0


def test_patrol_areas_are_ranked_within_their_family_and_fit_their_circle(targeted: Store, settings: Settings) -> None:
    areas = targeted.read("patrol_areas")
    for family, listed in areas.groupby("family", observed=True):
        assert sorted(listed["rank"]) == list(range(1, len(listed) + 1))
        assert (listed["score"].to_numpy()[listed["rank"].to_numpy().argsort()][:-1] > 0).all()
        own = own_of(targeted, str(family))
        for area in listed.itertuples():
            assert area.incidents == shapely.intersects(area.geometry, own.geometry.to_numpy()).sum()
    assert (shapely.minimum_bounding_radius(areas.geometry.to_numpy()) <= settings.patrol_areas.max_radius_m).all()
    assert (areas["reason"] != "").all()


def test_a_first_run_is_compared_with_the_month_before_in_the_same_data(targeted: Store) -> None:
    hotspots = targeted.read("hotspots")
    assert (hotspots["status"].astype("str") == "persistent").all() and hotspots["previous_hotspot_id"].isna().all()
    assert hotspots["hotspot_id"].str.fullmatch(r"(asb|burglary)-2025-09-\d{4}").all()
    assert targeted.read_facts("target")["previous_as_of"] == "2025-08-31"
    for hotspot in hotspots.itertuples():
        earlier = own_of(targeted, hotspot.family).query("month < '2025-09'")
        assert hotspot.incidents_before == shapely.intersects(hotspot.geometry, earlier.geometry.to_numpy()).sum()


def test_a_hotspot_that_stays_keeps_its_id(two_runs: tuple[Store, Store]) -> None:
    before, after = (store.read("hotspots") for store in two_runs)
    assert set(after["hotspot_id"]) >= set(before["hotspot_id"])
    stayed = after[after["hotspot_id"].isin(before["hotspot_id"])]
    assert (stayed["status"].astype("str") == "persistent").all()
    assert (stayed["previous_hotspot_id"] == stayed["hotspot_id"]).all()
    old_areas, areas = (store.read("patrol_areas") for store in two_runs)
    assert areas["patrol_area_id"].isin(old_areas["patrol_area_id"]).any()


def test_a_hotspot_that_went_is_listed_once_as_gone_and_its_id_is_not_given_again(
    settings: Settings, tmp_path: Path
) -> None:
    raw, processed = tmp_path / "raw", tmp_path / "processed"
    barset.write_month(raw, "2025-08")
    for month in ("2025-09", "2025-10"):
        rows = [row for row in barset.month_rows(month) if row["Crime type"] != "Burglary"]
        barset.write_month(raw, month, rows=rows)
    barset.write_outline(raw / "outlines.geojson")
    short = dataclasses.replace(settings, period=dataclasses.replace(settings.period, window_months=1))
    runs = [run(short, raw, processed, day) for day in (AUGUST, SEPTEMBER, date(2025, 10, 31))]
    august, september, october = (store.read("hotspots").query("family == 'burglary'") for store in runs)
    assert len(august) == 2
    assert set(september["hotspot_id"]) == set(august["hotspot_id"])
    assert (september["status"].astype("str") == "gone").all()
    assert (september["incidents"] == 0).all() and september["p_value"].isna().all()
    assert october.empty


def test_the_same_day_again_is_compared_with_the_day_before_it_not_with_itself(
    settings: Settings, raw: Path, two_runs: tuple[Store, Store]
) -> None:
    tables = ("hotspots", "patrol_areas", "members")
    first = [(two_runs[1].day_folder / f"{name}.parquet").read_bytes() for name in tables]
    again = run(settings, raw, two_runs[1].folder, SEPTEMBER)
    assert [(again.day_folder / f"{name}.parquet").read_bytes() for name in tables] == first


def test_concerns_stand_beside_the_record_and_change_no_rank(
    settings: Settings, targeted: Store, tmp_path: Path
) -> None:
    assert targeted.read("hotspots")["concerns"].max() > 0
    silent = barset.write_raw(tmp_path / "raw")
    (silent / "lets-talk.csv").unlink()
    quiet = run(settings, silent, tmp_path / "processed", SEPTEMBER)
    heard, unheard = targeted.read("patrol_areas"), quiet.read("patrol_areas")
    columns = ["patrol_area_id", "rank", "score", "expected", "incidents"]
    pd.testing.assert_frame_equal(pd.DataFrame(heard[columns]), pd.DataFrame(unheard[columns]))
    assert unheard["answers"].sum() == 0


# promises


def test_a_force_without_asb_or_burglary_has_empty_tables(settings: Settings, tmp_path: Path) -> None:
    barset.write_month(tmp_path / "raw", "2025-09", rows=[barset.row(crime_type="Drugs", crime_id="a")])
    store = run(settings, tmp_path / "raw", tmp_path / "processed", SEPTEMBER)
    assert [len(store.read(name)) for name in ("hotspots", "patrol_areas", "members")] == [0, 0, 0]
