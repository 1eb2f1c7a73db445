"""The command `hotspots`: what to run, on which files, and how it ended.

Exit status: 0 done, 1 our bug (with a traceback), 2 settings or usage, 3 input refused, 4 published with open findings.
Heavy imports stand inside the commands, so that `--help` is quick.
"""

import gc
import importlib
import json
import logging
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from datetime import date

    from pipelines.settings import Settings
    from pipelines.storage.store import Store

# Looking for cycles to free is a tenth of a run's time, and tables and texts make next to none: look seldom.
RARELY = 200_000
app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)

Force = Annotated[str | None, typer.Option(help="Slug or settings file of the force; the demo town if left out.")]
AsOf = Annotated[str | None, typer.Option(help="Day of the report, 2025-09-30 or 2025-09; the latest if left out.")]
Raw = Annotated[list[Path] | None, typer.Option(help="File or folder of raw data; may be repeated.")]
Processed = Annotated[Path, typer.Option(help="Folder for stored tables.")]
Reports = Annotated[Path, typer.Option(help="Folder for reports.")]
Direct = Annotated[bool, typer.Option("--direct", help="Run without Prefect: sooner, and nothing is recorded.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the run's summary as JSON.")]

PROCESSED, REPORTS = Path("data/processed"), Path("reports")
PUBLISHED_WITH_FINDINGS = 4


@dataclass(frozen=True)
class Job:
    """One force's settings, its raw folders and the day asked for."""

    settings: "Settings"
    raw: tuple[Path, ...]
    as_of: "date | None"


@app.command()
def weekly(
    force: Force = None, as_of: AsOf = None, raw: Raw = None, processed: Processed = PROCESSED,
    reports: Reports = REPORTS, direct: Direct = False, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Run the whole cycle: read the raw files, find hotspots and patrol areas, write the report."""
    job = _job(force, as_of, raw)
    _announce_engine(direct)
    from pipelines.flows.weekly import weekly as flow

    _finish(flow(job.settings, job.raw, processed, reports, job.as_of, engine=not direct), as_json)


@app.command()
def ingest(
    force: Force = None, as_of: AsOf = None, raw: Raw = None, processed: Processed = PROCESSED,
    reports: Reports = REPORTS, direct: Direct = False, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Read the raw files and store their tables."""
    job = _job(force, as_of, raw)
    _announce_engine(direct)
    from pipelines.flows.ingest import ingest as flow

    store = flow(job.settings, job.raw, processed, job.as_of, engine=not direct)
    _say({"force": job.settings.force.slug, "as_of": str(store.as_of), "stored": str(store.day_folder)}, as_json)


@app.command()
def target(
    force: Force = None, as_of: AsOf = None, raw: Raw = None, processed: Processed = PROCESSED,
    reports: Reports = REPORTS, direct: Direct = False, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Find hotspots and patrol areas from what was stored."""
    _run_stored("target", force, as_of, processed, direct=direct, as_json=as_json)


@app.command()
def evaluate(
    force: Force = None, as_of: AsOf = None, raw: Raw = None, processed: Processed = PROCESSED,
    reports: Reports = REPORTS, direct: Direct = False, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Score the last list on what came since it, beside plain ways to choose."""
    _run_stored("evaluate", force, as_of, processed, direct=direct, as_json=as_json)


@app.command()
def task(
    force: Force = None, as_of: AsOf = None, raw: Raw = None, processed: Processed = PROCESSED,
    reports: Reports = REPORTS, direct: Direct = False, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Set residents' answers beside the record, refer what is for partners, suggest where to listen next."""
    _run_stored("task", force, as_of, processed, direct=direct, as_json=as_json)


@app.command()
def publish(
    force: Force = None, as_of: AsOf = None, raw: Raw = None, processed: Processed = PROCESSED,
    reports: Reports = REPORTS, direct: Direct = False, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Write the report from what was stored."""
    job, store = _stored(force, as_of, processed)
    _announce_engine(direct)
    from pipelines.flows.publish import publish as flow

    _finish(flow(job.settings, store, reports, engine=not direct), as_json)


@app.command()
def backtest(
    force: Force = None, as_of: AsOf = None, raw: Raw = None, processed: Processed = PROCESSED,
    reports: Reports = REPORTS, direct: Direct = False, as_json: AsJson = False,
    months: Annotated[
        int | None, typer.Option(min=1, help="Past dates to look ahead from, a month apart; 6 if left out.")
    ] = None,
) -> None:  # fmt: skip
    """Tell what lists of past months would have caught, beside plain ways to choose, as a page and tables."""
    job, store = _stored_or_read(force, as_of, raw, processed, direct)
    _announce_engine(direct)
    from pipelines.flows.backtest import backtest as flow
    from pipelines.flows.backtest import with_dates

    told = flow(with_dates(job.settings, months), store, reports, engine=not direct)
    if as_json:
        typer.echo(json.dumps(told, indent=1))
    else:
        typer.echo("\n".join([*told["said"], f"Open {Path(told['report']) / 'index.html'}"]))


@app.command()
def download(
    force: Annotated[str, typer.Option(help="Slug or settings file of the force.")],
    first: Annotated[str, typer.Option("--from", help="First month, 2024-01; 36 months in all if left out.")] = "",
    last: Annotated[str, typer.Option("--to", help="Last month, 2025-12; the latest published if left out.")] = "",
    raw: Annotated[Path | None, typer.Option(help="Folder to fetch into; data/raw/<force> if left out.")] = None,
    refresh: Annotated[bool, typer.Option("--refresh", help="Fetch anew what was revised since.")] = False,
    direct: Direct = False, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Fetch months and neighbourhoods from data.police.uk; what is there already is not fetched again."""
    from pipelines import settings
    from pipelines.flows.download import DownloadParams
    from pipelines.flows.download import download as flow

    slug = settings.read_settings(force)[0].force.slug
    _announce_engine(direct)
    params = DownloadParams(first_month=first, last_month=last, refresh=refresh)
    summary = flow(slug, raw or Path("data/raw") / slug, params, engine=not direct)
    told = (
        f"{slug}: {len(summary['fetched'])} files fetched, {len(summary['kept'])} there already, in {summary['folder']}"
    )
    typer.echo(json.dumps(summary, indent=1) if as_json else told)


@app.command()
def compare(
    a: Annotated[str, typer.Argument(help="Folder of a report, or force/day under the folder for reports.")],
    b: Annotated[str, typer.Argument(help="Another one: a later run, another force, or other settings.")],
    reports: Reports = REPORTS,
    out: Annotated[Path | None, typer.Option(help="Folder for the page; 'compared' under reports if left out.")] = None,
) -> None:
    """Set two reports side by side, on a page with one map."""
    from pipelines.commands.compare import compare_reports

    typer.echo(f"Open {compare_reports(a, b, reports, out)}")


@app.command()
def check(files: list[Path], force: Force = None) -> None:
    """Tell what is good and bad in input files; nothing is stored."""
    from pipelines import settings
    from pipelines.commands.check import check_files

    force_settings, _ = settings.read_settings(force)
    lines, is_good = check_files(files, force_settings)
    typer.echo("\n".join(lines))
    if not is_good:
        raise typer.Exit(3)


@app.command()
def init(
    name: str,
    example: Annotated[
        Path | None, typer.Option("--from", help="An export whose headings the settings file shall map.")
    ] = None,
) -> None:
    """Make a commented settings file and the folders for a new force."""
    from pipelines.commands.init import start_force

    typer.echo("\n".join(start_force(name, Path(), example)))


@app.command()
def doctor() -> None:
    """Tell versions, and whether the browser, Prefect and the folders are as they should be."""
    from pipelines.commands.doctor import examine

    lines, is_well = examine(Path())
    typer.echo("\n".join(lines))
    if not is_well:
        raise typer.Exit(2)


def main() -> None:
    """Run the command line; end with one of the exit statuses above."""
    gc.set_threshold(RARELY)
    from hotspots.errors import HotspotsError, ParameterError

    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(message)s"))
    log = logging.getLogger("hotspots")
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    log.propagate = False
    try:
        app()
    except ParameterError as error:
        _fail(error, 2)
    except HotspotsError as error:
        _fail(error, 3)


def _fail(error: Exception, status: int) -> None:
    typer.echo(f"hotspots: {error}", err=True)
    sys.exit(status)


def _job(force: str | None, as_of: str | None, raw: list[Path] | None) -> Job:
    """What to run; the demo's raw files are made where they are not there yet."""
    from hotspots import period
    from pipelines import settings
    from pipelines.commands import init

    day = period.as_of_day(as_of) if as_of else None
    force_settings, is_known = settings.read_settings(force)
    slug = force_settings.force.slug
    folders = tuple(raw) if raw else (Path("data/raw") / slug,)
    if slug == settings.DEMO and not raw:
        init.make_demo(folders[0])
    if not raw:
        folders[0].mkdir(parents=True, exist_ok=True)
    if not is_known:
        init.require_files(force_settings, folders)
    return Job(force_settings, folders, day)


def _run_stored(
    stage: str, force: str | None, as_of: str | None, processed: Path, *, direct: bool, as_json: bool
) -> None:
    """Run one flow, `stage` of the module of that name, on a day that is stored already."""
    job, store = _stored(force, as_of, processed)
    _announce_engine(direct)
    flow = getattr(importlib.import_module(f"pipelines.flows.{stage}"), stage)
    flow(job.settings, store, engine=not direct)
    _say({"force": job.settings.force.slug, "as_of": str(store.as_of), "stored": str(store.day_folder)}, as_json)


def _stored(force: str | None, as_of: str | None, processed: Path) -> tuple[Job, "Store"]:
    """What to run on a day that is stored already, the latest where none is asked for."""
    from hotspots import period
    from hotspots.errors import SourceError
    from pipelines import settings
    from pipelines.storage.store import Store, stored_days

    force_settings, _ = settings.read_settings(force)
    slug = force_settings.force.slug
    days = stored_days(processed, slug)
    day = period.as_of_day(as_of) if as_of else days[-1] if days else None
    if day is None:
        raise SourceError(f"Nothing is stored for {slug} under '{processed}'. Run 'hotspots ingest' first.")
    return Job(force_settings, (), day), Store(processed, slug, day)


def _stored_or_read(
    force: str | None, as_of: str | None, raw: list[Path] | None, processed: Path, direct: bool
) -> tuple[Job, "Store"]:
    """What to run on a stored day; the raw files are read first where they are named, or nothing is stored yet."""
    from pipelines import settings
    from pipelines.storage.store import stored_days

    if not raw and stored_days(processed, settings.read_settings(force)[0].force.slug):
        return _stored(force, as_of, processed)
    job = _job(force, as_of, raw)
    from pipelines.flows.ingest import ingest as flow

    return job, flow(job.settings, job.raw, processed, job.as_of, engine=not direct)


def _announce_engine(direct: bool) -> None:
    if not direct:
        typer.echo("Starting Prefect (20 to 30 seconds; --direct runs without it) ...", err=True)


def _finish(summary: dict, as_json: bool) -> None:
    """Print how a run ended; open findings are an exit status of their own."""
    if as_json:
        typer.echo(json.dumps(summary, indent=1))
    else:
        counts = summary["counts"]
        kept = f"{counts['rows_kept']:,} of {counts['rows_in']:,} rows kept"
        typer.echo(f"{summary['force']}, as of {summary['as_of']}: {kept}.")
        for family, number in counts["patrol_areas"].items():
            typer.echo(f"{family}: {counts['hotspots'].get(family, 0)} hotspots, {number} patrol areas.")
        for finding in summary["findings"]:
            typer.echo(f"Note: {finding}")
        typer.echo(f"Open {Path(summary['report']) / 'index.html'}")
    if summary["open_findings"]:
        raise typer.Exit(PUBLISHED_WITH_FINDINGS)


def _say(facts: dict[str, str], as_json: bool) -> None:
    said = f"{facts['force']}, as of {facts['as_of']}: stored in {facts['stored']}"
    typer.echo(json.dumps(facts) if as_json else said)
