"""Steps are shown with rows and seconds: lines in a log, a bar on a terminal, nothing with --quiet."""

import io
import sys

import pandas as pd
import pytest

from pipelines import progress
from pipelines.engine import Flow, Step


class Terminal(io.StringIO):
    """Text that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def no_display() -> object:
    yield
    progress.begin(is_quiet=False)


def run() -> int:
    """A flow of two flows with three steps."""
    read = Step(lambda: pd.DataFrame({"a": [1]}), "Read rows")
    listed = Step(lambda: [1, 2, 3], "List files")
    nothing = Step(lambda: None, "Do nothing")
    parts = [Flow(lambda: (read(), listed()), "first"), Flow(lambda: nothing(), "second")]
    return Flow(lambda: len([part() for part in parts]), "both", parts=2)()


def test_each_step_is_a_line_with_its_rows_and_seconds(caplog: pytest.LogCaptureFixture) -> None:
    progress.begin(is_quiet=False)
    assert run() == 2
    lines = [message.rpartition(" ")[0].rstrip("0123456789.") for message in caplog.messages]
    assert lines == ["Read rows: 1 row, ", "List files: 3 items, ", "Do nothing: "]
    assert all(message.endswith(" s") for message in caplog.messages)


def test_a_quiet_run_shows_nothing(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", Terminal())
    progress.begin(is_quiet=True)
    run()
    assert caplog.messages == [] and sys.stderr.getvalue() == ""


def test_a_terminal_shows_a_bar_and_no_lines(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", Terminal())
    monkeypatch.setenv("TERM", "xterm")
    progress.begin(is_quiet=False)
    run()
    assert caplog.messages == []
    assert "step 3" in sys.stderr.getvalue() and "second: Do nothing" in sys.stderr.getvalue()


def test_a_failed_flow_leaves_no_bar_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", Terminal())
    progress.begin(is_quiet=False)

    def fail() -> None:
        raise ValueError("bad")

    with pytest.raises(ValueError, match="bad"):
        Flow(fail, "failing")()
    assert run() == 2
