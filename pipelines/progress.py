"""Progress of a run on stderr: a bar on a terminal, a line for each step elsewhere, nothing with --quiet."""

import logging
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hotspots import wording

if TYPE_CHECKING:
    from rich.progress import Progress

LOG = logging.getLogger("hotspots")


class StderrHandler(logging.Handler):
    """Write log records to stderr as it is at the time, so that they stand above a bar."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record."""
        sys.stderr.write(f"{self.format(record)}\n")


@dataclass
class _Display:
    """What is shown: the bar where there is one, and the number of steps since the outermost flow began."""

    is_terminal: bool = False
    bar: "Progress | None" = None
    flows: list[str] = field(default_factory=list)
    steps: int = 0


_DISPLAY = _Display()


def begin(*, is_quiet: bool) -> None:
    """Set how the progress of this command is shown."""
    LOG.setLevel(logging.WARNING if is_quiet else logging.INFO)
    _DISPLAY.is_terminal = not is_quiet and sys.stderr.isatty()


@contextmanager
def show_flow(name: str, parts: int | None = None) -> Iterator[None]:
    """Show a flow while it runs.

    Parameters
    ----------
    name
        Name of the flow.
    parts
        Number of flows that it consists of, where it consists of flows; the bar then shows how many are done.
    """
    is_first = not _DISPLAY.flows
    if is_first:
        _DISPLAY.steps = 0
        _DISPLAY.bar = _start_bar(parts) if _DISPLAY.is_terminal else None
    _DISPLAY.flows.append(name)
    try:
        yield
    finally:
        _DISPLAY.flows.pop()
        bar, _DISPLAY.bar = _DISPLAY.bar, None if is_first else _DISPLAY.bar
        if bar and is_first:
            bar.stop()
        elif bar and len(_DISPLAY.flows) == 1:
            bar.advance(bar.task_ids[0])


@contextmanager
def show_step(name: str) -> Iterator[Callable[[object], None]]:
    """Show a step while it runs; what it returns is given to the function for its count of rows."""
    counts: list[str] = []
    started = time.monotonic()
    _DISPLAY.steps += 1
    if _DISPLAY.bar:
        label = f"{_DISPLAY.flows[-1]}: {name}" if _DISPLAY.flows else name
        _DISPLAY.bar.update(_DISPLAY.bar.task_ids[0], description=label, step=_DISPLAY.steps)
    yield lambda result: counts.append(_count(result))
    if not _DISPLAY.bar:
        LOG.info("%s: %s%.1f s", name, "".join(counts), time.monotonic() - started)


def _count(result: object) -> str:
    """Return the number of rows of a table, or of members of a list, in words; empty for anything else."""
    import pandas as pd

    if isinstance(result, pd.DataFrame):
        return f"{wording.counted(len(result), 'row')}, "
    return f"{wording.counted(len(result), 'item')}, " if isinstance(result, list) else ""


def _start_bar(parts: int | None) -> "Progress":
    """Start a bar, which ends without a trace."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        BarColumn(bar_width=20),
        TextColumn("step {task.fields[step]}"),
        TimeElapsedColumn(),
        TextColumn("{task.description}", markup=False),
    )
    bar = Progress(*columns, console=Console(stderr=True), transient=True, redirect_stdout=False)
    bar.add_task("", total=parts, step=0)
    bar.start()
    return bar
