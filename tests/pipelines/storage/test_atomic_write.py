"""A folder is the old or the new one under its name, at whatever instant its writer is killed."""

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from hotspots.errors import SourceError
from pipelines.storage import atomic_write

ROOT = Path(__file__).resolve().parents[3]
DAY = "2025-09-30"
FILES = ("index.html", "map.html", "public/index.html")

# One process after the other writes a report in place of an old one, and is killed before its first call of the
# operating system on files, before its second, and so on until one ends. Each time it prints what the folder holds.
KILLED_AT_EACH_CALL = """
import json, os, shutil, signal, sys
from pathlib import Path
from pipelines.storage import atomic_write

reports, way, files = Path(sys.argv[1]), sys.argv[2], json.loads(sys.argv[3])
final = reports / "barset" / "2025-09-30"
if way == "two renames":
    atomic_write._exchange = lambda first, second: False

def write(folder, version):
    for name in files:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(version)

def held():
    if not final.exists():
        return None
    return sorted({(final / name).read_text() if (final / name).exists() else "missing" for name in files})

def publish(last):
    calls = 0
    def count(event, _):
        nonlocal calls
        if event == "open" or event.startswith(("os.", "shutil.", "ctypes.", "fcntl.")):
            calls += 1
            if calls == last:
                os.kill(os.getpid(), 9)
    sys.addaudithook(count)
    with atomic_write.atomic_folder(final) as folder:
        write(folder, "new")

last, status = 0, 9
while status == 9:
    last += 1
    shutil.rmtree(reports, ignore_errors=True)
    if way != "first report":
        write(final, "old")
    child = os.fork()
    if not child:
        publish(last)
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    killed = held()
    atomic_write.sweep_reports(reports)
    left = sorted(os.listdir(final.parent)) if final.parent.exists() else []
    print(json.dumps([killed, held(), left]))
"""


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def states(folder: Path, way: str) -> list[tuple[list[str] | None, list[str] | None, list[str]]]:
    words = [sys.executable, "-c", KILLED_AT_EACH_CALL, str(folder / "reports"), way, json.dumps(FILES)]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True)
    return [tuple(json.loads(line)) for line in done.stdout.splitlines()]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked")
def test_a_report_is_whole_at_whatever_call_its_writer_is_killed(tmp_path: Path) -> None:
    found = states(tmp_path, "exchange")
    assert len(found) > 20 and found[-1][0] == ["new"]
    if sys.platform == "linux":
        assert {tuple(killed) for killed, _, _ in found} == {("old",), ("new",)}
    assert {tuple(swept) for _, swept, _ in found} == {("old",), ("new",)}
    assert all(left == [DAY] for _, _, left in found)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked")
def test_where_folders_cannot_be_exchanged_the_next_command_repairs_the_report(tmp_path: Path) -> None:
    found = states(tmp_path, "two renames")
    assert None in [killed for killed, _, _ in found]  # between the two renames
    assert {tuple(swept) for _, swept, _ in found} == {("old",), ("new",)}
    assert all(left == [DAY] for _, _, left in found)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked")
def test_a_first_report_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    found = states(tmp_path, "first report")
    assert {tuple(swept or ()) for _, swept, _ in found} == {(), ("new",)}
    assert all(left in ([], [DAY]) for _, _, left in found)


def test_a_reader_always_finds_a_report_while_it_is_replaced(tmp_path: Path) -> None:
    final, done, missing = tmp_path / DAY, threading.Event(), []
    final.mkdir()

    def watch() -> None:
        while not done.is_set():
            missing.extend([] if final.is_dir() else [1])

    reader = threading.Thread(target=watch)
    reader.start()
    for version in range(100):
        with atomic_write.atomic_folder(final) as folder:
            (folder / "index.html").write_text(str(version), encoding="utf-8")
    done.set()
    reader.join()
    assert (final / "index.html").read_text(encoding="utf-8") == "99" and names_in(tmp_path) == [DAY]
    assert sys.platform != "linux" or missing == []


def test_what_earlier_runs_left_is_swept_and_what_is_not_theirs_stays(tmp_path: Path) -> None:
    folder = tmp_path / "barset"
    for name in (f".{DAY}.99", f".{DAY}.99.old", f".backtest-{DAY}.7", DAY, ".cache", ".notes.12", "2025-08-31"):
        (folder / name).mkdir(parents=True)
    (folder / ".2025-08-30.5.old").mkdir()
    atomic_write.sweep_reports(tmp_path)
    assert names_in(folder) == [".cache", ".notes.12", "2025-08-30", "2025-08-31", DAY]


def test_a_folder_that_another_process_is_writing_is_not_swept(tmp_path: Path) -> None:
    code = (
        "import sys\nfrom pathlib import Path\nfrom pipelines.storage import atomic_write\n"
        f"with atomic_write.atomic_folder(Path(sys.argv[1]) / '{DAY}') as folder:\n"
        "    print(folder.name, flush=True)\n    input()\n"
    )
    words = [sys.executable, "-c", code, str(tmp_path)]
    writer = subprocess.Popen(words, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    name = writer.stdout.readline().strip()
    atomic_write.sweep_folders(tmp_path)
    assert names_in(tmp_path) == [name]
    writer.send_signal(signal.SIGKILL)
    writer.communicate()
    atomic_write.sweep_folders(tmp_path)
    assert names_in(tmp_path) == []


def test_temporary_files_of_processes_that_ended_are_swept(tmp_path: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    (tmp_path / "records").mkdir()
    kept = [tmp_path / ".hidden", tmp_path / f".a.json.{os.getpid()}.1", tmp_path / "records" / "a.json"]
    for path in [*kept, tmp_path / "records" / f".a.json.{ended.pid}.140"]:
        path.touch()
    atomic_write.sweep_files(tmp_path)
    assert sorted(path for path in tmp_path.rglob("*") if path.is_file()) == sorted(kept)


def test_a_file_in_the_place_of_a_report_stays_and_is_named(tmp_path: Path) -> None:
    (tmp_path / DAY).write_text("mine", encoding="utf-8")
    message = rf"{DAY}' cannot be written to \(a file has this name\)"
    with pytest.raises(SourceError, match=message), atomic_write.atomic_folder(tmp_path / DAY):
        pass
    assert names_in(tmp_path) == [DAY] and (tmp_path / DAY).read_text(encoding="utf-8") == "mine"


def test_an_empty_folder_in_the_place_of_a_file_is_replaced_and_one_with_files_is_not(tmp_path: Path) -> None:
    path = tmp_path / "members.parquet"
    path.mkdir()
    with atomic_write.atomic_file(path) as temporary:
        temporary.write_text("whole", encoding="utf-8")
    assert path.read_text(encoding="utf-8") == "whole"
    (tmp_path / "other" / "mine").mkdir(parents=True)
    other = atomic_write.atomic_file(tmp_path / "other")
    with pytest.raises(SourceError, match="cannot be written to"), other as temporary:
        temporary.touch()
    assert (tmp_path / "other" / "mine").is_dir()
