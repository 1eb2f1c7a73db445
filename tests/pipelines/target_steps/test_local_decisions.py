"""Decisions from a CSV to the ranked list, and what two runs of different settings say of change."""

import dataclasses
import shutil
from datetime import date
from pathlib import Path

import made_up_files as barset
import pandas as pd
import pytest

from pipelines.flows.evaluate import evaluate
from pipelines.flows.ingest import ingest
from pipelines.flows.publish import publish
from pipelines.flows.target import target
from pipelines.flows.task import task
from pipelines.settings import Settings
from pipelines.storage.store import Store

AUGUST, SEPTEMBER = date(2025, 8, 31), date(2025, 9, 30)


def run(settings: Settings, raw: Path, processed: Path, as_of: date) -> Store:
    return target(settings, ingest(settings, (raw,), processed, as_of))


@pytest.fixture(scope="module")
def august(settings: Settings, raw: Path, tmp_path_factory: pytest.TempPathFactory) -> Store:
    return run(settings, raw, tmp_path_factory.mktemp("august"), AUGUST)


def again(august: Store, folder: Path) -> Path:
    """A copy of what August left behind, for a September of one's own."""
    return Path(shutil.copytree(august.folder, folder / "processed"))


def told(store: Store) -> list[str]:
    return [note["finding"] for note in store.read_facts("target")["findings"]]


def test_decisions_change_the_rank_and_not_the_methods(settings: Settings, august: Store, tmp_path: Path) -> None:
    listed = august.read("patrol_areas").query("family == 'asb'").sort_values("rank")
    first, second = listed["patrol_area_id"].head(2)
    raw = barset.write_raw(tmp_path / "raw")
    (raw / "decisions.csv").write_text(
        "decision_id,patrol_area_id,place,decision,reason,decided_by,until,easting,northing\n"
        f"d1,{first},,exclude,Market has moved,Sgt A. Person,31/12/2025,,\n"
        f"d2,{second},Our Corner,rename,Locals call it so,NPT inspector,,,\n"
        "d3,,,pin,nothing named,analyst,,,\n"
        "d4,,Old Mill,pin,over,analyst,2025-08-31,,\n"
        f"d5,,The Green,add,New youth club,analyst,,{411_000},{181_000}\n",
        encoding="utf-8",
    )
    store = run(settings, raw, again(august, tmp_path), SEPTEMBER)
    areas = store.read("patrol_areas").query("family == 'asb'").sort_values("rank").set_index("patrol_area_id")
    assert areas["rank"].tolist() == list(range(1, len(areas) + 1))
    assert sorted(areas["rank_by_method"]) == [0, *areas["rank"].tolist()[:-1]]
    assert areas.index[-1] == first
    assert areas.loc[first, "rank_by_method"] < len(areas)
    assert (
        "put last by local decision (Market has moved, decided by Sgt, until 31/12/2025)" in areas.loc[first, "reason"]
    )
    assert areas.loc[first, "decision"] == "exclude"
    assert areas.loc[second, "main_location"] == "Our Corner"
    added = areas[areas["decision"] == "add"].iloc[0]
    assert added["main_location"] == "The Green"
    assert added["rank_by_method"] == 0
    assert "added by local decision (New youth club, decided by analyst)" in added["reason"]
    notes = told(store)
    assert "1 of 5 local decisions expired before 2025-09-30: d4." in notes
    assert any("not applied (no matching area, or no new name): " in note and "d3" in note for note in notes)
    kept = store.read("decisions")
    assert "Person" not in kept.to_csv()
    report = publish(settings, evaluate(settings, task(settings, store)), tmp_path / "reports")
    assert report["open_findings"] >= 1
    csv = pd.read_csv(tmp_path / "reports" / "barset" / "2025-09-30" / "patrol_areas.csv")
    assert {"rank", "rank_by_method", "decision"} <= set(csv.columns)


def test_a_changed_rule_is_no_change_on_the_street(
    settings: Settings, raw: Path, august: Store, tmp_path: Path
) -> None:
    plain = run(settings, raw, again(august, tmp_path / "plain"), SEPTEMBER)
    assert not any("settings changed" in note for note in told(plain))
    clusters = dataclasses.replace(settings.asb.clusters, radius_m=40.0, min_incidents=3)
    changed = dataclasses.replace(settings, asb=dataclasses.replace(settings.asb, clusters=clusters))
    store = run(changed, raw, again(august, tmp_path / "changed"), SEPTEMBER)
    note = next(note for note in told(store) if note.startswith("Anti-social behaviour: since 2025-08-31"))
    assert "clusters.radius_m from" in note and "to 40.0" in note
    status = store.read("hotspots").query("family == 'asb'")["status"].astype("str")
    assert not set(status) & {"new", "gone", "merged", "split"}
    assert (status == "rule_changed").any()
    assert "rule_changed" in told_kinds(store)


def told_kinds(store: Store) -> list[str]:
    return [note["kind"] for note in store.read_facts("target")["findings"]]
