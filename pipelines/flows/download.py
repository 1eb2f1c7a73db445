"""Download: one force's months and neighbourhoods from data.police.uk into its raw folder.

An archive holds 36 months of every force in one to two gigabytes, so only the members needed are downloaded. Where a
server or a proxy serves no byte ranges, the whole archive is downloaded to a temporary file first. A month gets its
name when it is complete and checked, and `download.json` records its source: after an interruption, the next run
downloads only what is missing.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypedDict

import pandas as pd

from hotspots.errors import ParameterError, SourceError
from pipelines.engine import flow, step
from pipelines.police_uk_download import neighbourhoods, street_files
from pipelines.police_uk_download.download_job import DownloadJob, DownloadResult
from pipelines.police_uk_download.download_manifest import DownloadManifest
from pipelines.police_uk_download.http_client import HttpClient, NotFoundError, RetryPolicy
from pipelines.settings import DEMO

MONTHS_IN_ARCHIVE = 36


@dataclass(frozen=True, kw_only=True)
class DownloadParams:
    """Months to download, and the site.

    Attributes
    ----------
    first_month, last_month
        YYYY-MM, both included. Without a last month, the latest published one; without a first, 36 months in all.
    refresh
        Check months in the folder too, and download those revised since.
    base_url
        Address of data.police.uk, or of a copy.
    retry
        Rate limit and retries.
    """

    first_month: str = ""
    last_month: str = ""
    refresh: bool = False
    base_url: str = "https://data.police.uk"
    retry: RetryPolicy = field(default_factory=RetryPolicy)

    def __post_init__(self) -> None:
        """Check the months and the address."""
        for option, month in (("--from", self.first_month), ("--to", self.last_month)):
            if month and not street_files.MONTH.fullmatch(month):
                raise ParameterError(f"{option} is '{month}', expected a month like 2024-01.")
        if self.first_month and self.last_month and self.first_month > self.last_month:
            raise ParameterError(f"--from {self.first_month} is later than --to {self.last_month}.")
        if not self.base_url.startswith(("https://", "http://")):
            raise ParameterError(f"base_url is '{self.base_url}', expected an address that begins with https://.")

    def months_to(self, last: str) -> set[str]:
        """Return the months to download, of which `last` is the last one."""
        start = pd.Period(self.first_month or last, freq="M") - (0 if self.first_month else MONTHS_IN_ARCHIVE - 1)
        return {str(month) for month in pd.period_range(start, last, freq="M")}


class DownloadSummary(TypedDict):
    """Names of the files downloaded and of those in the folder already, and notes in sentences."""

    force: str
    folder: str
    fetched: list[str]
    kept: list[str]
    notes: list[str]


@flow("download")
def download(force: str, folder: Path, params: DownloadParams) -> DownloadSummary:
    """Download the missing files, and return a summary.

    Raises
    ------
    ParameterError
        The force is the demonstration force, or its name is no slug.
    SourceError
        Nothing could be downloaded or written.
    """
    require_real(force)
    months = fetch_months(force, folder, params)
    areas = fetch_neighbourhoods(force, folder, params)
    return summarise(force, folder, months, areas)


@step("Check the name of the force")
def require_real(force: str) -> None:
    """Raise unless the slug can be that of a real force."""
    if force == DEMO:
        raise ParameterError("Littleham is made up, so nothing can be downloaded; 'hotspots weekly' makes its files.")
    if not re.fullmatch("[a-z][a-z-]*", force):
        raise ParameterError(f"'{force}' is not a force on data.police.uk, expected a name like 'west-mercia'.")


@step("Fetch months", retry=True)
def fetch_months(force: str, folder: Path, params: DownloadParams) -> DownloadResult:
    """Download the force's street files; a month that is damaged in every archive is left out."""
    job = _job(force, folder, params)
    try:
        last = params.last_month or street_files.latest_month(job)
        months = params.months_to(last)
        missing = months if params.refresh else street_files.missing_months(months, job)
        street_files.search_archives(last, missing, job)
    except SourceError as error:
        job.add_error(str(error))
    for sentence in job.damaged.values():
        job.add_error(f"{sentence} It was left out.")
    return job.result


@step("Fetch neighbourhoods", retry=True)
def fetch_neighbourhoods(force: str, folder: Path, params: DownloadParams) -> DownloadResult:
    """Download the force's neighbourhoods as areas of teams; an intact file stays unless a refresh is requested."""
    job, name = _job(force, folder, params), f"neighbourhoods-{force}.geojson"
    if job.manifest.is_intact(name) and not job.manifest.facts(name).get("unanswered") and not params.refresh:
        job.result.is_new[name] = False
        return job.result
    try:
        neighbourhoods.download_neighbourhoods(name, job)
    except NotFoundError:
        job.add_note(f"data.police.uk lists no neighbourhoods of '{force}'.")
    except SourceError as error:
        job.add_error(str(error))
    return job.result


def _job(force: str, folder: Path, params: DownloadParams) -> DownloadJob:
    client, manifest = HttpClient(params.retry), DownloadManifest(folder)
    return DownloadJob(force=force, base_url=params.base_url, client=client, manifest=manifest)


@step("Summarise the download")
def summarise(force: str, folder: Path, *results: DownloadResult) -> DownloadSummary:
    """Return the summary; raise if errors left nothing new, or if the folder has nothing."""
    is_new = {name: new for result in results for name, new in result.is_new.items()}
    errors = [error for result in results for error in result.errors]
    notes = errors + [note for result in results for note in result.notes]
    fetched, kept = ([name for name, new in is_new.items() if new is state] for state in (True, False))
    if not fetched and (errors or not kept):
        raise SourceError(f"Nothing could be downloaded for {force}. {notes[0]}")
    return {"force": force, "folder": str(folder), "fetched": fetched, "kept": kept, "notes": notes}
