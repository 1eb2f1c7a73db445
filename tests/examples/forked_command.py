"""The command in a process of its own that need not import everything first.

Each process is forked from one that has the imports done and has run nothing. Where that is not possible (Windows),
it starts afresh.
"""

import atexit
import multiprocessing
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

PRELOADED = [
    "pipelines.cli", "pipelines.commands.check", "pipelines.commands.init", "pipelines.flows.weekly",
    "pipelines.flows.backtest", "folium", "fpdf", "jinja2", "pyarrow.parquet", "pyogrio", "sklearn.cluster",
    "xlsxwriter",
]  # fmt: skip

_CAN_FORK = "forkserver" in multiprocessing.get_all_start_methods()
_PROCESSES = multiprocessing.get_context("forkserver" if _CAN_FORK else "spawn")
if _CAN_FORK:
    _PROCESSES.set_forkserver_preload(PRELOADED)


def run(
    words: list[str], folder: Path, before: Callable[[], object] | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    """What the command with these words prints in a folder, and how it ends.

    `before`, which must be possible to pickle, is called first in its process; keywords are environment variables,
    as the process has those of the first one that was forked.
    """
    with tempfile.TemporaryDirectory() as kept:
        files = [Path(kept) / name for name in ("stdout", "stderr")]
        process = _PROCESSES.Process(target=_run, args=(words, folder, files, before, environment))
        process.start()
        process.join()
        texts = [path.read_text(encoding="utf-8") for path in files]
        done = subprocess.CompletedProcess(["hotspots", *words], process.exitcode, *texts)
        process.close()
    return done


def _run(
    words: list[str], folder: Path, files: list[Path], before: Callable[[], object] | None, environment: dict[str, str]
) -> None:
    for descriptor, path in enumerate(files, start=1):
        file = os.open(path, os.O_WRONLY | os.O_CREAT)
        os.dup2(file, descriptor)
        os.close(file)
    os.chdir(folder)
    os.environ |= environment
    sys.argv = ["hotspots", *words]
    if before:
        before()
    from pipelines.cli import main

    try:
        main()
    finally:
        # A forked process ends without what others do at their exit, such as stopping a temporary Prefect server.
        atexit._run_exitfuncs()
