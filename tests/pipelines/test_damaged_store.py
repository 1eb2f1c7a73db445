"""A damaged stored file is named in a sentence by each command that reads it, and made again from the raw files."""

import json
import shutil
from collections.abc import Callable, Iterator
from itertools import cycle
from pathlib import Path

import made_up_files as barset
import pandas as pd
import pytest

from hotspots import tables
from hotspots.errors import HotspotsError, SourceError
from pipelines.flows.evaluate import evaluate
from pipelines.flows.ingest import ingest
from pipelines.flows.publish import publish
from pipelines.flows.target import target
from pipelines.flows.task import task
from pipelines.settings import Settings
from pipelines.storage import referral_ledger, respondent_key, stored_files
from pipelines.storage.store import Store


def keep_half(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def flip_a_byte(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 3] ^= 0xFF
    path.write_bytes(content)


def put_a_folder_there(path: Path) -> None:
    path.unlink()
    path.mkdir()


DAMAGES: dict[str, Callable[[Path], object]] = {
    "emptied": lambda path: path.write_bytes(b""),
    "half-written": keep_half,
    "a flipped byte": flip_a_byte,
    "an empty record": lambda path: path.write_text("{}", encoding="utf-8"),
    "another record": lambda path: path.write_text(json.dumps({"partitions": 1}), encoding="utf-8"),
    "a folder in its place": put_a_folder_there,
    "missing": Path.unlink,
}
KEPT_FOR_EVER = ("referred", "public.json", respondent_key.FILE)


@pytest.fixture
def run(targeted: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A copy of a complete run, with an entry of an earlier day in the ledger."""
    monkeypatch.delenv(respondent_key.VARIABLE, raising=False)
    store = Store(Path(shutil.copytree(targeted.folder, tmp_path / "processed")), "barset", targeted.as_of)
    earlier = store.folder / "barset" / "referred" / "2025-08-31.json"
    stored_files.write_json(earlier, {"concerns": {"k": "r1"}, "referrals": {}, "answers": {}})
    return store


@pytest.fixture
def commands(settings: Settings, raw: Path, run: Store, tmp_path: Path) -> dict[str, Callable[[], object]]:
    return {
        "target": lambda: target(settings, run),
        "evaluate": lambda: evaluate(settings, run),
        "task": lambda: task(settings, run),
        "publish": lambda: publish(settings, run, tmp_path / "reports"),
        "ingest": lambda: ingest(settings, (raw,), run.folder, run.as_of),
    }


def files_of(store: Store) -> list[Path]:
    return sorted(path for path in (store.folder / store.force).rglob("*") if path.is_file() and path.suffix != ".csv")


def cannot_be_made_again(path: Path) -> bool:
    return any(part in KEPT_FOR_EVER for part in path.parts)


def read_by(command: Callable[[], object], monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The stored files that a command reads."""
    seen: dict[Path, None] = {}
    require_file = stored_files._require_file

    def note(path: Path) -> Path:
        seen.setdefault(path)
        return require_file(path)

    with monkeypatch.context() as patch:
        patch.setattr(stored_files, "_require_file", note)
        command()
    return list(seen)


def damaged_in_turn(paths: list[Path], aside: Path) -> Iterator[tuple[Path, str]]:
    """Damage one file after the other, each in the next way, and put it back."""
    for path, (name, damage) in zip(paths, cycle(DAMAGES.items()), strict=False):
        shutil.copy2(path, aside)
        damage(path)
        yield path, name
        if path.is_dir():
            path.rmdir()
        shutil.copy2(aside, path)


# inputs


@pytest.mark.parametrize("name", ["target", "evaluate", "task", "publish"])
def test_a_command_that_reads_a_damaged_file_names_it_and_what_to_do(
    run: Store, commands: dict[str, Callable[[], object]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    read = [path for path in read_by(commands[name], monkeypatch) if path.is_file()]
    assert read
    for path, damage in damaged_in_turn(read[:: len(read) // 12 + 1], tmp_path / "aside"):
        if damage == "missing" and cannot_be_made_again(path):
            continue  # what is not there is not known to be missing
        with pytest.raises(SourceError) as caught:
            commands[name]()
        told = str(caught.value)
        assert ("Run 'hotspots " in told) != cannot_be_made_again(path), (path.name, damage, told)
        assert path.name in told or str(run.incidents_folder) in told, (path.name, damage, told)


@pytest.mark.parametrize("damage", [name for name in DAMAGES if name != "missing"])
def test_what_cannot_be_made_again_is_refused_and_stays_as_it_is(
    run: Store, commands: dict[str, Callable[[], object]], tmp_path: Path, damage: str
) -> None:
    folder = run.folder / "barset"
    staged = folder / "referred" / "2025-09-30.announced"
    referral_ledger.stage(run, tmp_path / "reports")
    ends = {
        folder / respondent_key.FILE: "ingest",
        staged: "task",
        folder / "referred" / "2025-08-31.json": "task",
        run.day_folder / "public.json": "publish",
    }
    for path, command in ends.items():
        shutil.copy2(path, tmp_path / "aside")
        DAMAGES[damage](path)
        before = path.read_bytes() if path.is_file() else None
        with pytest.raises(SourceError, match="Restore it from a backup") as caught:
            commands[command]()
        assert path.name in str(caught.value) and "Traceback" not in str(caught.value)
        assert (path.read_bytes() if path.is_file() else None) == before
        if path.is_dir():
            path.rmdir()
        shutil.copy2(tmp_path / "aside", path)


def test_a_missing_day_of_the_ledger_is_noticed_and_may_be_given_up_in_words(
    run: Store, commands: dict[str, Callable[[], object]]
) -> None:
    gone = run.folder / "barset" / "referred" / "2025-08-31.json"
    whole, own = gone.read_bytes(), gone.with_name("2025-09-30.json")
    own.unlink(missing_ok=True)
    none = tables.empty(tables.REFERRALS), tables.empty(tables.REFERRAL_ANSWERS)
    referral_ledger.prepare(run, pd.Series({"a": "r2"}, dtype="str"), *none)
    referral_ledger.commit(run)
    assert "2025-08-31" in own.read_text(encoding="utf-8")
    gone.unlink()
    with pytest.raises(SourceError, match=r"2025-08-31.json' is missing. It records what was sent to partners"):
        commands["task"]()
    gone.write_text(json.dumps(referral_ledger.EMPTY), encoding="utf-8")
    commands["task"]()
    gone.write_bytes(whole)
    commands["task"]()


def test_a_ledger_that_cannot_be_read_is_not_an_empty_one(
    run: Store, commands: dict[str, Callable[[], object]]
) -> None:
    folder = run.folder / "barset" / "referred"
    shutil.rmtree(folder)
    folder.write_text("a file", encoding="utf-8")
    with pytest.raises(SourceError, match=r"referred' cannot be read \(Not a directory\)"):
        commands["task"]()


# answers


@pytest.mark.parametrize("first", (0, 4))
def test_what_raw_files_hold_is_made_again_with_the_same_bytes(
    settings: Settings, raw: Path, run: Store, published: Path, tmp_path: Path, first: int, caplog
) -> None:
    files = [path for path in files_of(run) if not cannot_be_made_again(path)]
    before = {path: path.read_bytes() for path in files}
    ways = list(DAMAGES.values())
    for number, path in enumerate(files, start=first):
        ways[number % len(ways)](path)
    with caplog.at_level("INFO", "hotspots"):
        store = ingest(settings, (raw,), run.folder, run.as_of)
        publish(settings, evaluate(settings, task(settings, target(settings, store))), tmp_path / "reports")
    assert {path: path.read_bytes() for path in files} == before
    assert barset.report_of(tmp_path / "reports" / "barset" / "2025-09-30") == barset.report_of(published)
    assert "read again: what was stored of them is damaged" in caplog.text
    assert "It is made again from the raw files." in caplog.text


def test_an_earlier_day_that_is_damaged_does_not_delete_what_it_uses(
    settings: Settings, raw: Path, run: Store, caplog: pytest.LogCaptureFixture
) -> None:
    earlier = Store(run.folder, "barset", run.as_of.replace(month=8, day=31))
    stored_files.write_json(earlier.day_folder / "incidents.json", {"partitions": ["a"], "is_month_only": True})
    keep_half(earlier.day_folder / "incidents.json")
    with caplog.at_level("INFO", "hotspots"):
        ingest(settings, (raw,), run.folder, run.as_of)
    assert (
        "2025-08-31 again, which makes it anew. Until then, stored incidents of earlier runs are kept." in caplog.text
    )


def test_a_table_with_columns_of_other_types_is_refused_in_a_sentence(settings: Settings, run: Store) -> None:
    path = run.day_folder / "tally.parquet"
    pd.read_parquet(path).assign(rows_in="many").to_parquet(path)
    with pytest.raises(HotspotsError, match=r"'tally.parquet' of barset .* was stored by another version: .*'rows_in'"):
        run.read("tally")
