"""Every argument of every command takes hostile values: one or two sentences and exit status 2 or 3, no traceback."""

import gc
import logging
import shutil
import sys
import warnings
from collections.abc import Callable
from pathlib import Path

import made_up_files as barset
import pytest

from pipelines import cli

RAW = ("--raw", "raw")
RUN = ("weekly", "--direct", "--force", "barset.toml")


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with Barset's settings, one month of files, a file, and an empty folder."""
    (tmp_path / "barset.toml").write_text(barset.SETTINGS, encoding="utf-8")
    barset.write_month(tmp_path / "raw", "2025-09")
    (tmp_path / "a_file").write_text("no folder", encoding="utf-8")
    (tmp_path / "folder.toml").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    """The command line in this process: its exit status and what it wrote to stderr."""

    log = logging.getLogger("hotspots")
    before = (log.handlers[:], log.level, log.propagate, gc.get_threshold())

    def call(*words: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["hotspots", *words])
        try:
            with warnings.catch_warnings(), pytest.raises(SystemExit) as ended:
                cli.main()
        finally:
            log.handlers[:], log.level, log.propagate = before[:3]
            gc.set_threshold(*before[3])
        return int(ended.value.code or 0), capfd.readouterr().err

    return call


WRONG = [
    *[(*RUN, *RAW, "--as-of", day) for day in ("9999-12", "banana", "2025-13", "0000-00", "-1", "1e9", "2031-01", "")],
    *[("weekly", "--direct", *RAW, "--force", name) for name in
      ("", "..", "../x", "a/b", "A", "x" * 300, "nope.toml", "folder.toml", "a_file/x.toml", "x" * 300 + ".toml")],
    (*RUN, "--raw", "nowhere"),
    (*RUN, "--raw", ""),
    (*RUN, "--raw", "x" * 300),
    (*RUN, *RAW, "--processed", "a_file"),
    (*RUN, *RAW, "--processed", "a_file/x"),
    (*RUN, *RAW, "--reports", "a_file"),
    (*RUN, *RAW, "--reports", "a_file/x"),
    *[("backtest", "--direct", "--force", "barset.toml", *RAW, "--months", number) for number in
      ("0", "-1", "100000000", "1e3", "nan", "banana", "9" * 40)],
    *[("download", "--force", "barset.toml", option, month) for option in ("--from", "--to")
      for month in ("2025-13", "2025-00", "9999-12", "0000-01", "banana", "2025-09-30")],
    ("download", "--force", "barset.toml", "--from", "2025-09", "--to", "2025-01"),
    ("compare", "nowhere", "nobody"),
    ("compare", "a_file", "a_file"),
    ("compare", "x" * 300, "raw"),
    ("compare", "raw", "raw", "--reports", "a_file", "--out", "a_file"),
    ("check", "nowhere"),
    ("check", "x" * 300),
    ("check", "a_file", "--force", "../x"),
    *[("init", name) for name in ("", "..", "/", "123", "x" * 300, "\u202e", "barset")],
    ("init", "newshire", "--from", "nowhere.csv"),
    ("init", "newshire", "--from", "raw"),
    ("init", "newshire", "--from", "a_file"),
    *[(command, "--direct", "--force", "barset.toml") for command in ("target", "evaluate", "task", "publish")],
    *[("target", "--direct", "--force", "barset.toml", "--processed", where) for where in ("a_file", "x" * 300)],
]  # fmt: skip


@pytest.mark.parametrize("words", WRONG, ids=lambda words: " ".join(words)[:60])
def test_a_wrong_argument_ends_in_a_sentence(
    desk: Path, run: Callable[..., tuple[int, str]], words: tuple[str, ...]
) -> None:
    status, errors = run(*words)
    assert status in (2, 3), errors
    assert "Traceback" not in errors and "Warning" not in errors and "Exception ignored" not in errors
    assert 0 < len(errors.strip().splitlines()) <= 12, errors
    assert {path.name for path in desk.glob("*.toml")} == {"barset.toml", "folder.toml"}


@pytest.mark.parametrize("month", ["00", "13", "99"])
def test_a_file_named_for_a_month_that_is_none_is_read_by_its_rows(
    desk: Path, run: Callable[..., tuple[int, str]], month: str
) -> None:
    source = desk / "raw" / "2025-09" / "2025-09-barset-street.csv"
    shutil.move(source, source.with_name(f"2025-{month}-barset-street.csv"))
    assert run("check", "raw") == (0, "")


def test_a_folder_that_cannot_be_written_to_is_named(
    desk: Path, run: Callable[..., tuple[int, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    (desk / "data").write_text("a file, not a folder", encoding="utf-8")
    assert run("init", "newshire") == (
        2,
        "hotspots: 'data/raw/newshire' cannot be made (Not a directory). Run the command in a folder in which you "
        "may write.\n",
    )  # fmt: skip
    assert not (desk / "newshire.toml").exists()


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="needs a folder in which nobody may write")
def test_a_read_only_folder_is_named(run: Callable[..., tuple[int, str]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("/proc")
    status, errors = run("init", "newshire")
    assert status == 2 and "cannot be made" in errors
