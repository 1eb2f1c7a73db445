"""How a run chooses its radius and `min_incidents` on the data before its quarter, and reports them; its hexagons."""

import dataclasses
from datetime import date
from pathlib import Path

import made_up_files as barset
import pandas as pd
import pytest

from hotspots.targeting.cluster_parameters import ClusterParams
from pipelines.flows.ingest import ingest
from pipelines.flows.target import target
from pipelines.settings import Settings
from pipelines.storage.store import Store

MONTHS = [f"{month:%Y-%m}" for month in pd.period_range("2024-09", "2025-12", freq="M").to_timestamp()]
OCTOBER, AUGUST, SEPTEMBER, DECEMBER = date(2024, 10, 31), date(2025, 8, 31), date(2025, 9, 30), date(2025, 12, 31)


@pytest.fixture(scope="module")
def free(settings: Settings) -> Settings:
    """Barset's settings with nothing said of ASB, and only the minimum number of burglaries set."""
    asb = dataclasses.replace(settings.asb, clusters=ClusterParams(default_radius_m=111.0, default_min_incidents=17))
    return dataclasses.replace(settings, asb=asb)


@pytest.fixture(scope="module")
def runs(free: Settings, tmp_path_factory: pytest.TempPathFactory) -> dict[date, Store]:
    raw, processed = tmp_path_factory.mktemp("long"), tmp_path_factory.mktemp("chosen")
    for month in MONTHS:
        barset.write_month(raw, month)
    barset.write_outline(raw / "outlines.geojson", "barset")
    return {day: target(free, ingest(free, (raw,), processed, day)) for day in (OCTOBER, AUGUST, SEPTEMBER, DECEMBER)}


def note(store: Store, family: str, topic: str) -> str:
    notes = store.read("method_notes")
    return notes.loc[(notes["family"] == family) & (notes["topic"] == topic), "description"].item()


def test_a_long_past_chooses_and_the_note_names_the_pair_taken(runs: dict[date, Store]) -> None:
    curve = runs[AUGUST].read("parameter_choices")
    asb = curve[curve["family"] == "asb"]
    taken = asb[asb["is_chosen"]].iloc[0]
    assert asb["is_chosen"].sum() == 1
    assert taken["capture"] >= 0.97 * asb["capture"].max() > 0.5
    assert note(runs[AUGUST], "asb", "hotspots").startswith("A hotspot has at least")
    assert f" incidents within {taken['radius_m']:g} m in " in note(runs[AUGUST], "asb", "hotspots")


def test_what_the_settings_give_is_kept_and_only_the_rest_is_tried(runs: dict[date, Store]) -> None:
    curve = runs[AUGUST].read("parameter_choices")
    burglary = curve[curve["family"] == "burglary"]
    assert burglary["min_incidents"].unique().tolist() == [6]
    assert burglary["radius_m"].nunique() > 3
    assert "A hotspot has at least 6 incidents within" in note(runs[AUGUST], "burglary", "hotspots")


def test_a_choice_holds_for_a_quarter_and_is_then_made_again(runs: dict[date, Store]) -> None:
    tried = {day: set(store.read("parameter_choices")["chosen_on"]) for day, store in runs.items() if day != OCTOBER}
    june, september = pd.Timestamp(2025, 6, 30), pd.Timestamp(SEPTEMBER)
    assert tried == {AUGUST: {june}, SEPTEMBER: {june}, DECEMBER: {september}}
    assert runs[SEPTEMBER].read("parameter_choices").equals(runs[AUGUST].read("parameter_choices"))


def test_a_day_gives_the_same_hotspots_whatever_ran_before(
    free: Settings, runs: dict[date, Store], tmp_path: Path
) -> None:
    raw = tmp_path / "raw"
    for month in MONTHS:
        barset.write_month(raw, month)
    barset.write_outline(raw / "outlines.geojson", "barset")
    fresh = target(free, ingest(free, (raw,), tmp_path / "fresh", DECEMBER))
    ids = ["hotspot_id", "previous_hotspot_id"]
    alone, after = (
        store.read("hotspots").drop(columns=ids).sort_values(["family", "period_start", "area_m2", "incidents"])
        for store in (fresh, runs[DECEMBER])
    )
    pd.testing.assert_frame_equal(
        pd.DataFrame(alone.drop(columns="geometry")).reset_index(drop=True),
        pd.DataFrame(after.drop(columns="geometry")).reset_index(drop=True),
    )
    assert fresh.read("parameter_choices").equals(runs[DECEMBER].read("parameter_choices"))


def test_a_growing_record_changes_no_setting(runs: dict[date, Store]) -> None:
    found = [finding["kind"] for store in runs.values() for finding in store.read_facts("target")["findings"]]
    assert "rule_changed" not in found
    status = pd.concat([store.read("hotspots")["status"].astype("str") for store in runs.values()])
    assert not (status == "rule_changed").any()


def test_a_short_past_takes_the_default_pair_and_says_so(runs: dict[date, Store]) -> None:
    sentence = note(runs[OCTOBER], "asb", "hotspots")
    assert sentence.startswith("A hotspot has at least 3 incidents within 111 m")  # 17 a year, in two months
    assert "too short" in sentence
    assert runs[OCTOBER].read("parameter_choices").empty


def test_second_opinions_count_what_the_window_holds(runs: dict[date, Store]) -> None:
    store = runs[AUGUST]
    hexagons, held = store.read("hexagons"), store.read("concentration")
    assert hexagons.groupby("family", observed=True)["rank"].apply(list).map(len).to_dict() == {
        "asb": 20,
        "burglary": 20,
    }
    top = hexagons[(hexagons["family"] == "asb") & (hexagons["rank"] == 1)].iloc[0]
    assert top["is_significant"]
    assert top["hotspot_id"] in set(store.read("hotspots")["hotspot_id"])
    assert (
        held.groupby(["family", "unit"], observed=True)["places"].apply(lambda each: each.is_monotonic_increasing).all()
    )
    assert "of the top 20 hexagons overlap a hotspot" in note(store, "asb", "hexagons")
    assert note(store, "asb", "forecast").startswith("Of 100 expected incidents")


def test_the_page_tells_how_it_was_chosen(published: Path) -> None:
    page = (published / "method.html").read_text(encoding="utf-8")
    assert "How hotspots are found" in page
    assert "top 20 hexagons overlap a hotspot" in page
