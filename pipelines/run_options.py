"""The options that the commands of a run share: declared once, refused where a command does not use them."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Concatenate, ParamSpec

import typer

from hotspots.errors import ParameterError
from pipelines import progress
from pipelines.storage import atomic_write

if TYPE_CHECKING:
    from datetime import date

    from pipelines.settings import Settings
    from pipelines.storage.store import Store

P = ParamSpec("P")

Force = Annotated[str | None, typer.Option(help="Slug or settings file of the force; the demo town if left out.")]
Reports = Annotated[Path, typer.Option(help="Folder for reports.")]
Direct = Annotated[bool, typer.Option("--direct", help="Run without Prefect: faster, and nothing is recorded.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Show no progress, only how the run ended.")]
REPORTS, PROCESSED = Path("reports"), Path("data/processed")


def _path(text: str) -> Path:
    """Return a path; an empty one, as of a variable that is not set, would be the current folder."""
    if not text.strip():
        raise typer.BadParameter("it is empty. Give a file or a folder, '.' for the current one.")
    return Path(text)


@dataclass(frozen=True, kw_only=True)
class RunOptions:
    """The options of a run as given on the command line."""

    force: Force = None
    as_of: Annotated[
        str | None, typer.Option(help="Day of the report, 2025-09-30 or 2025-09; the latest if left out.")
    ] = None
    raw: Annotated[
        list[Path] | None,
        typer.Option(parser=_path, metavar="PATH", help="File or folder of raw data; may be repeated."),
    ] = None
    processed: Annotated[Path, typer.Option(help="Folder for stored tables.")] = PROCESSED
    reports: Reports = REPORTS
    direct: Direct = False
    as_json: AsJson = False
    quiet: Quiet = False

    def __post_init__(self) -> None:
        """Check that the folders to write to are no files, before anything is read."""
        for option, folder in (("--processed", self.processed), ("--reports", self.reports)):
            file = next((path for path in (folder, *folder.parents) if path.is_file()), None)
            if file:
                raise ParameterError(f"{option} names '{folder}', but '{file}' is a file. Name a folder.")

    @cached_property
    def _settings(self) -> "tuple[Settings, bool]":
        from pipelines import settings

        return settings.read_settings(self.force)

    @property
    def settings(self) -> "Settings":
        """Settings of the force."""
        return self._settings[0]

    @property
    def day(self) -> "date | None":
        """The day of the report, where one was given."""
        from hotspots import period

        return None if self.as_of is None else period.as_of_day(self.as_of)

    @cached_property
    def raw_folders(self) -> tuple[Path, ...]:
        """The raw files or folders given, else `data/raw/<force>`; the demo's raw files are made if they are missing.

        Raises
        ------
        ParameterError
            The force has neither a settings file nor raw files.
        """
        from pipelines import settings
        from pipelines.commands import init

        slug = self.settings.force.slug
        folders = tuple(self.raw) if self.raw else (Path("data/raw") / slug,)
        if slug == settings.DEMO and not self.raw:
            init.make_demo(folders[0])
        if not self.raw:
            folders[0].mkdir(parents=True, exist_ok=True)
        if not self._settings[1]:
            init.require_files(self.settings, folders)
        return folders

    def has_stored_day(self) -> bool:
        """Return whether any day of the force is stored."""
        from pipelines.storage.store import stored_days

        return bool(stored_days(self.processed, self.settings.force.slug))

    def stored_day(self) -> "Store":
        """Return the stored tables of the day given, else of the latest day.

        Raises
        ------
        SourceError
            Nothing is stored for the force.
        """
        from hotspots.errors import SourceError
        from pipelines.storage.store import Store, stored_days

        slug = self.settings.force.slug
        day = self.day or max(stored_days(self.processed, slug), default=None)
        if day is None:
            raise SourceError(f"Nothing is stored for {slug} under '{self.processed}'. Run 'hotspots ingest' first.")
        return Store(self.processed, slug, day)


def takes_run_options(
    function: Callable[Concatenate[RunOptions, P], None], *, unused: dict[str, str] | None = None
) -> Callable[..., None]:
    """Return a Typer command that has the options of a run beside those of the function itself.

    Parameters
    ----------
    function
        What the command does; its first parameter takes the `RunOptions`.
    unused
        Options that this command does not use, and why: given all the same, they are refused with that reason.
    """
    unused = unused or {}
    shared = inspect.signature(RunOptions).parameters
    own = list(inspect.signature(function).parameters.values())[1:]

    def command(context: typer.Context, *args: P.args, **values: P.kwargs) -> None:
        for name, reason in unused.items():
            if getattr(context.get_parameter_source(name), "name", "") == "COMMANDLINE":
                option = f"--{name.replace('_', '-')}"
                raise ParameterError(f"'hotspots {function.__name__}' does not use {option}: {reason}")
        options = RunOptions(**{name: values.pop(name) for name in shared})  # type: ignore[arg-type]
        progress.begin(is_quiet=options.quiet)
        atomic_write.sweep_reports(options.reports)
        function(options, *args, **values)

    context = inspect.Parameter("context", inspect.Parameter.KEYWORD_ONLY, annotation=typer.Context)
    listed = [parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY) for parameter in (*shared.values(), *own)]
    command.__signature__ = inspect.Signature([context, *listed])  # type: ignore[attr-defined]
    command.__name__, command.__doc__ = function.__name__, function.__doc__
    return command
