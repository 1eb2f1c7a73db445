"""Near repeats in a run: of days only, of the force alone, and nowhere in what is published."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest
import shapely

from hotspots.town import littleham
from pipelines import settings as force_settings
from pipelines.flows import target
from pipelines.flows.ingest import ingest
from pipelines.flows.publish import publish
from pipelines.flows.task import task
from pipelines.settings import Settings
from pipelines.storage.store import Store
from pipelines.target_steps import near_repeats

SUNDAY = date(2026, 3, 29)


@pytest.fixture(scope="module")
def demo() -> Settings:
    return force_settings.read_settings(None)[0]


@pytest.fixture(scope="module")
def town() -> littleham.Town:
    """Littleham where a quarter of the burglaries is followed by another nearby, with few incidents of other kinds."""
    return littleham.build_town(littleham.TownParams(near_repeat_share=0.25, monthly_asb=120, monthly_others=150))


@pytest.fixture(scope="module")
def export(town: littleham.Town) -> pd.DataFrame:
    """The town's incidents, with house numbers."""
    return town.incident_rows.assign(Location="Flat 2, 14 " + town.incident_rows["Location"])


@pytest.fixture(scope="module")
def files(town: littleham.Town, export: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return handed_in(town, export, tmp_path_factory.mktemp("raw"))


@pytest.fixture(scope="module")
def followed(demo: Settings, files: Path, tmp_path_factory: pytest.TempPathFactory) -> Store:
    return ingest(demo, (files,), tmp_path_factory.mktemp("processed"), SUNDAY)


@pytest.fixture(scope="module")
def looked(demo: Settings, followed: Store) -> Store:
    return near_repeats.find_near_repeats(target.gather_evidence(followed, demo), demo, followed)


def handed_in(town: littleham.Town, export: pd.DataFrame, folder: Path) -> Path:
    """The town's files with another export of incidents."""
    littleham.write_town(town, folder)
    export.to_csv(folder / "incidents.csv", index=False)
    return folder


# answers


def test_month_only_records_get_no_zone_and_no_invented_day(targeted: Store, published: Path) -> None:
    assert targeted.read("near_repeats").empty
    page = (published / "method.html").read_text(encoding="utf-8")
    assert "no burglary in the window has an exact date" in page
    assert 'id="table-near_repeats"' not in (published / "map.html").read_text(encoding="utf-8")


def test_zones_lie_in_the_force_around_every_burglary_of_the_last_fortnight(looked: Store) -> None:
    zones, incidents = looked.read("near_repeats"), looked.read("incidents")
    outline = looked.read("places").query("kind == 'force'").geometry.iloc[0]
    assert zones.geometry.within(outline.buffer(0.01)).all()
    own = incidents[(incidents["category"] == "burglary") & incidents["is_own_force"]]
    middle = (own["committed_from"] + (own["committed_to"] - own["committed_from"]) / 2).dt.normalize()
    is_short = own["committed_to"] - own["committed_from"] <= pd.Timedelta(days=3)
    recent = own[is_short & middle.between(pd.Timestamp(2026, 3, 16), pd.Timestamp(SUNDAY))]
    inside = shapely.intersects(zones.geometry.union_all(), recent.geometry.to_numpy())
    assert inside.all() and zones["burglaries"].sum() == len(recent)
    assert (zones["until"] > pd.Timestamp(SUNDAY)).all()


def test_a_zone_names_a_street_and_no_house(export: pd.DataFrame, looked: Store) -> None:
    assert export["Location"].str.startswith("Flat 2, 14 ").all()
    for table, name in (("near_repeats", "main_location"), ("incidents", "location_text")):
        names = looked.read(table)[name]
        assert names.notna().any() and not names.str.contains(r"\d|Flat").any()


def test_the_result_and_the_accuracy_of_zones_are_reported(looked: Store) -> None:
    words = " ".join(looked.read_facts("near_repeats")["words"])
    assert "Observed / expected: " in words and "Zones drawn in each of the last 12 weeks" in words


def test_page_and_map_name_the_zones_and_the_public_version_does_not(
    demo: Settings, followed: Store, tmp_path: Path
) -> None:
    target.target(demo, followed)
    publish(demo, task(demo, followed), tmp_path)
    report = tmp_path / "littleham" / SUNDAY.isoformat()
    first = followed.read("near_repeats").iloc[0]
    for name in ("areas.html", "map.html"):
        text = (report / name).read_text(encoding="utf-8")
        assert first["zone_id"] in text and first["main_location"] in text
    for path in (report / "public").rglob("*"):
        assert path.is_dir() or "near-repeat" not in path.read_text(encoding="utf-8").lower()


# promises


def test_burglaries_recorded_later_change_no_zone_of_an_earlier_day(
    demo: Settings, town: littleham.Town, export: pd.DataFrame, files: Path, tmp_path: Path
) -> None:
    recorded = pd.to_datetime(export["Recorded"], format="%d/%m/%Y %H:%M", errors="coerce")
    known = handed_in(town, export[recorded < pd.Timestamp(SUNDAY) - pd.Timedelta(days=13)], tmp_path / "raw")
    found = []
    for number, folder in enumerate((files, known)):
        store = ingest(demo, (folder,), tmp_path / str(number), date(2026, 3, 15))
        store = near_repeats.find_near_repeats(target.gather_evidence(store, demo), demo, store)
        found.append((store.read("near_repeats"), store.read_facts("near_repeats")))
    (zones, words), (zones_then, words_then) = found
    assert len(zones) > 5 and words == words_then
    pd.testing.assert_frame_equal(zones, zones_then)
