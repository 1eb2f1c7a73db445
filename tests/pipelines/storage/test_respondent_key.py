"""The key of respondents is complete whenever it is there, and a damaged one is never replaced."""

import os
from pathlib import Path

import pytest

from hotspots.errors import SourceError
from pipelines.storage import respondent_key


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv(respondent_key.VARIABLE, raising=False)
    (tmp_path / "barset").mkdir()
    return tmp_path / "barset" / respondent_key.FILE


# inputs


@pytest.mark.parametrize(
    "content",
    [b"", b"\n", b"short", b"a" * 15, b"0123456789abcdef" * 2, b"0123456789abcdef" * 3 + b"012345", bytes(65)],
    ids=["empty", "a line end", "short", "15 characters", "half", "nearly whole", "zeros"],
)
def test_a_key_that_is_not_whole_is_refused_and_stays_as_it_is(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(SourceError, match=r"respondents.key' is damaged: it holds \d+ characters.*Restore it from a"):
        respondent_key.read_key(path.parents[1], "barset")
    assert path.read_bytes() == content and list(path.parent.iterdir()) == [path]


def test_a_byte_of_the_key_that_changed_is_noticed(path: Path) -> None:
    key = respondent_key.read_key(path.parents[1], "barset")
    path.write_bytes(key[:20] + bytes([key[20] ^ 0x80]) + key[21:])
    with pytest.raises(SourceError, match="is damaged"):
        respondent_key.read_key(path.parents[1], "barset")


@pytest.mark.parametrize("make", [Path.mkdir, lambda path: path.symlink_to("nowhere"), os.mkfifo])
def test_what_is_no_file_is_refused(path: Path, make) -> None:
    make(path)
    with pytest.raises(SourceError, match=r"respondents.key' is damaged"):
        respondent_key.read_key(path.parents[1], "barset")


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(respondent_key.VARIABLE, raising=False)
    (tmp_path / "barset").write_text("a file", encoding="utf-8")
    with pytest.raises(SourceError, match=r"respondents.key' cannot be written to"):
        respondent_key.read_key(tmp_path, "barset")


# answers


def test_the_key_of_a_run_that_was_quicker_is_used(path: Path) -> None:
    respondent_key._create_key(path)
    before = path.read_bytes()
    respondent_key._create_key(path)
    assert path.read_bytes() == before and list(path.parent.iterdir()) == [path]


def test_a_new_key_beside_stored_days_is_reported(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (path.parent / "2025-08-31").mkdir()
    with caplog.at_level("INFO", "hotspots"):
        respondent_key.read_key(path.parents[1], "barset")
    assert "A new key for respondents is created" in caplog.text
