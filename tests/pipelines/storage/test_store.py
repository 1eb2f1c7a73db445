"""Stored tables are whole or not there, and an error names the command that makes them."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from hotspots import tables
from hotspots.data_health.file_counts import FileCounts
from hotspots.errors import SchemaError, SourceError
from hotspots.sources import raw_file
from pipelines.storage.incident_partitions import Partition
from pipelines.storage.store import Store, stored_days
from pipelines.storage.stored_incidents import SharedReferences, StoredIncidents

DAY = date(2025, 9, 30)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path, "barset", DAY)


# inputs


@pytest.mark.parametrize(
    ("table", "command"),
    [
        ("incidents", "ingest"),
        ("tally", "ingest"),
        ("hotspots", "target"),
        ("members", "target"),
        ("patrol_areas", "target"),
    ],
)
def test_a_table_that_is_not_stored_names_the_command_that_stores_it(store: Store, table: str, command: str) -> None:
    with pytest.raises(
        SourceError, match=rf"Nothing is stored for barset on 2025-09-30 .*Run 'hotspots {command}' for that"
    ):
        store.read(table)


def test_facts_that_are_not_stored_name_the_command_too(store: Store) -> None:
    with pytest.raises(SourceError, match="Run 'hotspots ingest'"):
        store.read_facts("ingest")


def test_a_table_that_is_not_as_declared_is_not_stored(store: Store) -> None:
    with pytest.raises(SchemaError, match="members: column 'hotspot_id' is missing"):
        store.write("members", pd.DataFrame({"incident_id": ["a"]}))
    assert not list(store.folder.rglob("*.parquet"))


def test_a_table_of_an_older_version_is_read_or_refused_in_a_sentence(store: Store) -> None:
    store.write("members", tables.empty(tables.MEMBERS))
    path = store.day_folder / "members.parquet"
    pd.read_parquet(path).drop(columns="incident_id").to_parquet(path)
    with pytest.raises(
        SourceError,
        match=r"'members.parquet' of barset on 2025-09-30 was stored by another version: .*"
        r"column 'incident_id' is missing\. Run 'hotspots target' for that day again",
    ):
        store.read("members")
    store.write("visits", tables.empty(tables.VISITS))
    path = store.day_folder / "visits.parquet"
    lacking = pd.read_parquet(path).drop(columns="outcome")
    lacking.to_parquet(path)
    assert "outcome" in store.read("visits").columns


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "processed").write_text("a file", encoding="utf-8")
    with pytest.raises(SourceError, match=r"processed.* cannot be written to"):
        Store(tmp_path / "processed", "barset", DAY).write("members", tables.empty(tables.MEMBERS))


# answers


def test_what_is_stored_comes_back(store: Store) -> None:
    members = pd.DataFrame({"hotspot_id": ["asb-2025-09-0001"], "incident_id": ["a"]}).astype("str")
    store.write("members", members)
    store.write_facts("ingest", {"inputs": [1]})
    pd.testing.assert_frame_equal(tables.check(store.read("members"), tables.MEMBERS), members)
    assert store.read_facts("ingest") == {"inputs": [1]}


def test_a_table_without_rows_comes_back_with_its_columns(store: Store) -> None:
    for name in ("hotspots", "patrol_areas", "members", "visits"):
        store.write(name, tables.empty(tables.TABLES[name]))
        assert len(tables.check(store.read(name), tables.TABLES[name])) == 0


def test_stored_days_are_in_order_and_only_days(tmp_path: Path) -> None:
    for name in ("2025-09-30", "2025-08-31", "2025-13-99", "notes"):
        (tmp_path / "barset" / name).mkdir(parents=True)
    assert stored_days(tmp_path, "barset") == [date(2025, 8, 31), date(2025, 9, 30)]
    assert stored_days(tmp_path, "nobody") == []


def test_earlier_runs_are_those_finished_and_of_an_earlier_month_where_records_have_only_months(tmp_path: Path) -> None:
    days = [date(2025, 7, 31), date(2025, 8, 31), date(2025, 9, 29), date(2025, 9, 30), date(2025, 10, 31)]
    for day in days:
        rest_on(Store(tmp_path, "barset", day), "street")
        if day != date(2025, 8, 31):
            Store(tmp_path, "barset", day).write("patrol_areas", tables.empty(tables.PATROL_AREAS))
    assert [earlier.as_of for earlier in Store(tmp_path, "barset", DAY).earlier_runs()] == [date(2025, 7, 31)]
    rest_on(Store(tmp_path, "barset", DAY), "force_export")
    seen = [earlier.as_of for earlier in Store(tmp_path, "barset", DAY).earlier_runs()]
    assert seen == [date(2025, 9, 29), date(2025, 7, 31)]


def rest_on(store: Store, kind: str) -> None:
    """Let the day rest on one file of this kind."""
    record = {
        "cache_key": kind,
        "file": "a.csv",
        "kind": raw_file.KINDS[kind],
        "force": "barset",
        "months": {},
        "tally": [],
    }
    part = Partition(**record, rejected={}, counts=FileCounts(), findings=[])
    store.write_facts("incidents", StoredIncidents([part], SharedReferences(), []).facts())


# promises


def test_a_table_that_fails_half_way_leaves_the_old_one_alone(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    old = pd.DataFrame({"hotspot_id": ["asb-2025-09-0001"], "incident_id": ["a"]}).astype("str")
    store.write("members", old)

    def break_off(self: pd.DataFrame, path: Path, **_: object) -> None:
        Path(path).write_bytes(b"PAR1 half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pd.DataFrame, "to_parquet", break_off)
    with pytest.raises(SourceError, match="No space left"):
        store.write("members", old)
    monkeypatch.undo()
    pd.testing.assert_frame_equal(store.read("members"), old)
    assert [path.name for path in store.day_folder.iterdir()] == ["members.parquet"]


def test_storing_the_same_table_twice_gives_the_same_bytes(store: Store) -> None:
    seen = []
    for _ in range(2):
        store.write("members", pd.DataFrame({"hotspot_id": ["a"], "incident_id": ["b"]}).astype("str"))
        seen.append((store.day_folder / "members.parquet").read_bytes())
    assert seen[0] == seen[1]
