"""The command `hotspots`: what to run, on which files, and how it ended.

Exit status: 0 done, 1 our bug (with a traceback), 2 wrong settings or usage, or a failed `doctor`, 3 input refused,
4 published with open findings.
Heavy imports stand inside the commands, so that `--help` is quick.
"""

import gc
import importlib
import io
import json
import logging
import os
import sys
import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Concatenate, ParamSpec, TypeVar

import typer

from hotspots import wording
from pipelines import progress
from pipelines.run_options import PROCESSED, REPORTS, AsJson, Direct, Quiet, Reports, RunOptions, takes_run_options
from pipelines.storage import atomic_write

if TYPE_CHECKING:
    from pipelines.engine import Flow
    from pipelines.storage.store import Store

# Searching for reference cycles took a tenth of a run's time, and tables and texts make next to none.
GC_THRESHOLD = 200_000
PUBLISHED_WITH_FINDINGS = 4
CheckedForce = Annotated[
    str | None, typer.Option("--force", help="Slug or settings file; without it, files are judged by themselves.")
]
P = ParamSpec("P")
R = TypeVar("R")
app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)

_STORED = "it works on what 'hotspots ingest' stored."
_NO_REPORT = "it writes no report; 'hotspots publish' does."


def run_command(**unused: str) -> Callable[[Callable[Concatenate[RunOptions, P], None]], Callable[..., None]]:
    """Return a decorator that registers a command with the options of a run.

    Options in `unused` are refused, with the reason given there.
    """

    def register(function: Callable[Concatenate[RunOptions, P], None]) -> Callable[..., None]:
        return app.command()(takes_run_options(function, unused=unused))

    return register


@app.callback()
def repair_reports() -> None:
    """Find hotspots of ASB and burglary and plan patrols, week by week."""
    atomic_write.sweep_reports(REPORTS)


@run_command()
def weekly(options: RunOptions) -> None:
    """Run the whole cycle: read the raw files, find hotspots and patrol areas, write the report."""
    from pipelines.flows.weekly import weekly as flow

    run = _runner(flow, options.direct)
    _print_summary(
        run(options.settings, options.raw_folders, options.processed, options.reports, options.day), options.as_json
    )


@run_command(reports=_NO_REPORT)
def ingest(options: RunOptions) -> None:
    """Read the raw files and store their tables."""
    _print_stored(_ingest(options), options.as_json)


@run_command(raw=_STORED, reports=_NO_REPORT)
def target(options: RunOptions) -> None:
    """Find hotspots and patrol areas from what was stored."""
    _run_on_stored_day("target", options)


@run_command(raw=_STORED, reports=_NO_REPORT)
def evaluate(options: RunOptions) -> None:
    """Score the last list on the incidents recorded since, beside the baselines."""
    _run_on_stored_day("evaluate", options)


@run_command(raw=_STORED, reports=_NO_REPORT)
def task(options: RunOptions) -> None:
    """Compare residents' concerns with recorded incidents, prepare referrals to partners, suggest engagement."""
    _run_on_stored_day("task", options)


@run_command(raw=_STORED)
def publish(options: RunOptions) -> None:
    """Write the report from what was stored."""
    from pipelines.flows.publish import publish as flow

    _print_summary(
        _runner(flow, options.direct)(options.settings, options.stored_day(), options.reports), options.as_json
    )


@run_command()
def backtest(
    options: RunOptions,
    months: Annotated[
        int | None,
        typer.Option(min=1, max=120, help="Number of past dates to forecast from, a month apart; 6 if left out."),
    ] = None,
) -> None:
    """Score lists of past dates on what was recorded after them, beside the baselines, as a page and tables."""
    from pipelines.flows.backtest import backtest as flow
    from pipelines.flows.backtest import with_dates

    reads_first = options.raw or not options.has_stored_day()
    store = _ingest(options) if reads_first else options.stored_day()
    result = _runner(flow, options.direct)(with_dates(options.settings, months), store, options.reports)
    lines = [*result["sentences"], f"Open {Path(result['report']) / 'index.html'}"]
    typer.echo(json.dumps(result, indent=1) if options.as_json else "\n".join(lines))


@app.command()
def download(
    force: Annotated[str, typer.Option(help="Slug or settings file of the force.")],
    first: Annotated[str, typer.Option("--from", help="First month, 2024-01; 36 months in all if left out.")] = "",
    last: Annotated[str, typer.Option("--to", help="Last month, 2025-12; the latest published if left out.")] = "",
    raw: Annotated[Path | None, typer.Option(help="Folder to store into; data/raw/<force> if left out.")] = None,
    refresh: Annotated[bool, typer.Option("--refresh", help="Download again what was revised since.")] = False,
    roads: Annotated[
        bool, typer.Option("--roads", help="Download OS Open Roads (about 1 GB) for base maps, and nothing else.")
    ] = False,
    direct: Direct = False, as_json: AsJson = False, quiet: Quiet = False,
) -> None:  # fmt: skip
    """Download months and neighbourhoods from data.police.uk; files already there are kept."""
    from pipelines import settings
    from pipelines.flows.download import DownloadParams
    from pipelines.flows.download import download as flow

    progress.begin(is_quiet=quiet)
    slug = settings.read_settings(force)[0].force.slug
    if roads:
        _download_roads(slug, raw, direct, as_json)
        return
    params = DownloadParams(first_month=first, last_month=last, refresh=refresh)
    summary = _runner(flow, direct)(slug, raw or Path("data/raw") / slug, params)
    fetched, kept = wording.counted(len(summary["fetched"]), "file"), len(summary["kept"])
    line = f"{slug}: {fetched} downloaded, {kept} already there, in {summary['folder']}"
    typer.echo(json.dumps(summary, indent=1) if as_json else line)


@app.command()
def basemap(
    files: Annotated[
        list[Path],
        typer.Argument(help="Files (.gpkg, .shp, .pbf) of OS Open Roads, Zoomstack or OpenStreetMap, or folders."),
    ],
    force: Annotated[str, typer.Option(help="Slug or settings file of the force.")],
    processed: Annotated[Path, typer.Option(help="Folder for stored tables.")] = PROCESSED,
    as_json: AsJson = False, quiet: Quiet = False,
) -> None:  # fmt: skip
    """Store roads, water, woods and names around a force as the base map of its maps and briefings."""
    from pipelines import settings
    from pipelines.commands.base_map import build_base_map, describe

    progress.begin(is_quiet=quiet)
    summary = build_base_map(settings.read_settings(force)[0].force.slug, files, processed)
    typer.echo(json.dumps(summary, indent=1) if as_json else "\n".join(describe(summary)))


@app.command()
def compare(
    a: Annotated[str, typer.Argument(help="Folder of a report, or force/day under the folder for reports.")],
    b: Annotated[str, typer.Argument(help="Another one: a later run, another force, or other settings.")],
    reports: Reports = REPORTS,
    out: Annotated[Path | None, typer.Option(help="Folder for the page; 'compared' under reports if left out.")] = None,
) -> None:
    """Compare two reports on one page with one map."""
    from pipelines.commands.compare import compare_reports

    atomic_write.sweep_reports(reports)
    typer.echo(f"Open {compare_reports(a, b, reports, out)}")


@app.command()
def check(files: list[Path], force: CheckedForce = None) -> None:
    """Report what is good and bad in input files; nothing is stored."""
    from pipelines import settings
    from pipelines.commands.check import check_files

    lines, is_good = check_files(files, settings.read_settings(force)[0] if force else None)
    typer.echo("\n".join(lines))
    if not is_good:
        raise typer.Exit(3)


@app.command()
def init(
    name: str,
    example: Annotated[
        Path | None, typer.Option("--from", help="An export or survey whose columns the settings file should map.")
    ] = None,
) -> None:
    """Make a commented settings file and the folders for a new force."""
    from pipelines.commands.init import start_force

    typer.echo("\n".join(start_force(name, Path(), example)))


@app.command()
def doctor() -> None:
    """Report versions, and whether the browser, Prefect and the folders are in order."""
    from pipelines.commands.doctor import check_machine

    lines, is_ok = check_machine(Path())
    typer.echo("\n".join(lines))
    if not is_ok:
        raise typer.Exit(2)


def main() -> None:
    """Run the command line; end with one of the exit statuses above."""
    gc.set_threshold(GC_THRESHOLD)
    from hotspots.errors import HotspotsError, ParameterError

    progress.LOG.addHandler(progress.StderrHandler())
    progress.LOG.setLevel(logging.INFO)
    progress.LOG.propagate = False
    # Names of files may hold bytes that the terminal cannot show; libraries warn about things that findings report.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    if not sys.warnoptions:
        warnings.simplefilter("ignore")
    try:
        app()
    except ParameterError as error:
        _fail(str(error), 2)
    except HotspotsError as error:
        _fail(str(error), 3)
    except BrokenPipeError:  # the reader of the output has ended, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as error:
        if error.filename is None:
            raise
        advice = "Check that it exists, and that you may read and write there"
        _fail(f"'{error.filename}' cannot be used ({error.strerror}). {advice}.", 3)


def _download_roads(slug: str, raw: Path | None, direct: bool, as_json: bool) -> None:
    """Download OS Open Roads, which all forces share, and say how to make the base map of one."""
    from pipelines.flows.download_roads import FOLDER, RoadsParams, download_roads

    found = _runner(download_roads, direct)(raw or Path("data/raw") / FOLDER, RoadsParams())
    state = "downloaded" if found["is_new"] else "already there"
    line = f"OS Open Roads: {state}, in {found['folder']}. Then: hotspots basemap {found['folder']} --force {slug}"
    typer.echo(json.dumps(found, indent=1) if as_json else line)


def _fail(message: str, status: int) -> None:
    typer.echo(f"hotspots: {message}", err=True)
    sys.exit(status)


def _runner(flow: "Flow[P, R]", direct: bool) -> Callable[P, R]:
    """Return the flow as a function that runs it directly or through Prefect."""

    def with_prefect(*args: P.args, **kwargs: P.kwargs) -> R:
        progress.LOG.info("Starting Prefect (20 to 30 seconds; --direct runs without it) ...")
        return flow.with_prefect(*args, **kwargs)

    return partial(flow) if direct else with_prefect


def _ingest(options: RunOptions) -> "Store":
    """Read the raw files into the store."""
    from pipelines.flows.ingest import ingest as flow

    run = _runner(flow, options.direct)
    return run(options.settings, options.raw_folders, options.processed, options.day)


def _run_on_stored_day(name: str, options: RunOptions) -> None:
    """Run the flow of this name on a day that is stored."""
    flow: Flow[[object, Store], Store] = getattr(importlib.import_module(f"pipelines.flows.{name}"), name)
    store = options.stored_day()
    _runner(flow, options.direct)(options.settings, store)
    _print_stored(store, options.as_json)


def _print_summary(summary: dict[str, Any], as_json: bool) -> None:
    """Print how a run ended; open findings are an exit status of their own."""
    from hotspots.reporting import run_summary

    if as_json:
        shown = {name: fact for name, fact in summary.items() if name not in run_summary.TERMINAL_ONLY}
        typer.echo(json.dumps(shown, indent=1))
    else:
        typer.echo("\n".join(run_summary.describe_end(summary, PUBLISHED_WITH_FINDINGS)))
    if summary["open_findings"]:
        raise typer.Exit(PUBLISHED_WITH_FINDINGS)


def _print_stored(store: "Store", as_json: bool) -> None:
    """Print where the tables of a day are stored."""
    facts = {"force": store.force, "as_of": str(store.as_of), "stored": str(store.day_folder)}
    line = f"{facts['force']}, as of {facts['as_of']}: stored in {facts['stored']}"
    typer.echo(json.dumps(facts) if as_json else line)
