"""A stored file that is not as it was stored is recognised, whatever happened to it."""

import json
import shutil
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from pipelines.storage import stored_files
from pipelines.storage.store import Store
from pipelines.storage.stored_files import DamagedFileError

FACTS = {"partitions": ["a", "b"], "places": {"x": 1.5, "y": None}, "name": "Ynys Môn"}
FRAME = pd.DataFrame({"name": ["a", "b", "c"] * 50, "count": range(150)})


@pytest.fixture
def json_file(tmp_path: Path) -> Path:
    stored_files.write_json(tmp_path / "facts.json", FACTS, indent=1)
    return tmp_path / "facts.json"


@pytest.fixture
def parquet(tmp_path: Path) -> Path:
    with stored_files.parquet_file(tmp_path / "rows.parquet") as path:
        FRAME.to_parquet(path, index=False)
    return tmp_path / "rows.parquet"


# inputs


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "not whole, or not JSON"),
        (b'{"checksum": "', "not whole, or not JSON"),
        (b"\xff\xfe", "not whole, or not JSON"),
        (b"[" * 100_000, "not whole, or not JSON"),
        (b"[]", "does not hold what was stored"),
        (b"null", "does not hold what was stored"),
        (b"{}", "checksum is missing or does not match"),
        (b'{"partitions": []}', "checksum is missing or does not match"),
    ],
)
def test_json_that_is_not_what_was_stored_is_refused(json_file: Path, content: bytes, why: str) -> None:
    json_file.write_bytes(content)
    with pytest.raises(DamagedFileError, match=rf"facts.json' is damaged: .*{why}"):
        stored_files.read_json(json_file)


def test_json_of_an_earlier_version_is_read_only_where_it_has_the_keys_of_that_version(json_file: Path) -> None:
    json_file.write_text(json.dumps({"areas": "team"}), encoding="utf-8")
    assert stored_files.read_json(json_file, frozenset({"areas"})) == {"areas": "team"}
    with pytest.raises(DamagedFileError, match="checksum"):
        stored_files.read_json(json_file, frozenset({"areas", "months"}))


@pytest.mark.parametrize("content", [b"", b"PAR1", b"PAR1 half", bytes(500), b"{}"])
def test_a_parquet_file_that_is_none_is_refused(parquet: Path, content: bytes) -> None:
    parquet.write_bytes(content)
    with pytest.raises(DamagedFileError, match="cannot be read"):
        stored_files.read_parquet(parquet, pd.read_parquet)


@pytest.mark.parametrize("name", ["facts.json", "rows.parquet"])
def test_a_folder_or_nothing_in_the_place_of_a_file_is_refused(tmp_path: Path, name: str) -> None:
    def read() -> None:
        path = tmp_path / name
        stored_files.read_json(path) if path.suffix == ".json" else stored_files.require_whole(path)

    with pytest.raises(DamagedFileError, match="it is missing"):
        read()
    (tmp_path / name).mkdir()
    with pytest.raises(DamagedFileError, match="it is not a file"):
        read()


# answers


def test_what_was_stored_comes_back_without_the_checksum(json_file: Path, parquet: Path) -> None:
    assert stored_files.read_json(json_file) == FACTS
    assert next(iter(json.loads(json_file.read_text(encoding="utf-8")))) == stored_files.CHECKSUM
    pd.testing.assert_frame_equal(stored_files.read_parquet(parquet, pd.read_parquet), FRAME.astype({"name": "str"}))
    assert stored_files.require_whole(parquet)
    assert pq.read_metadata(parquet).num_rows == len(FRAME)


def test_a_parquet_file_of_an_earlier_version_is_read_and_known_to_have_no_checksum(tmp_path: Path) -> None:
    FRAME.to_parquet(tmp_path / "rows.parquet")
    assert not stored_files.require_whole(tmp_path / "rows.parquet")
    assert len(stored_files.read_parquet(tmp_path / "rows.parquet", pd.read_parquet)) == len(FRAME)


def test_a_changed_byte_anywhere_is_noticed_or_changes_nothing(parquet: Path, json_file: Path) -> None:
    for path, read in ((parquet, lambda path: stored_files.read_parquet(path, pd.read_parquet)),
                       (json_file, stored_files.read_json)):  # fmt: skip
        content, whole, unnoticed = path.read_bytes(), read(path), 0
        for place in range(0, len(content), 7):
            path.write_bytes(content[:place] + bytes([content[place] ^ 0x11]) + content[place + 1 :])
            try:
                found = read(path)
            except DamagedFileError:
                continue
            unnoticed += 1
            assert found.equals(whole) if isinstance(whole, pd.DataFrame) else found == whole
        assert unnoticed <= 1  # in the mark of the checksum


def test_every_stored_file_of_a_run_has_a_checksum(targeted: Store, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(targeted.folder / "barset", tmp_path / "barset"))
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    assert {path.suffix for path in files} == {".json", ".parquet", ".csv", ".key"}
    for path in files:
        if path.suffix == ".json":
            stored_files.read_json(path)
        assert path.suffix != ".parquet" or stored_files.require_whole(path), path


def test_a_damaged_file_that_can_be_made_again_is_and_this_is_reported(
    json_file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    json_file.write_bytes(b"{")
    made: list[int] = []

    def make() -> None:
        made.append(1)
        stored_files.write_json(json_file, FACTS)

    with caplog.at_level("INFO", "hotspots"):
        for _ in range(2):
            assert stored_files.read_or_make(json_file, stored_files.read_json, make) == FACTS
    assert made == [1] and caplog.text.count("It is made again from the raw files.") == 1
