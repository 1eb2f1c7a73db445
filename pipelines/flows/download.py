"""Download: one force's months and neighbourhoods from data.police.uk into its raw folder.

An archive holds 36 months of every force in one to two gigabytes: only the members wanted are fetched out of it, by
parts; where a server or a proxy gives out no parts, the whole archive is fetched first, and goes on where it stopped.
A file gets its name only when it is whole and checked, and `download.json` says where it came from, so that the next
run asks for nothing that is there.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from hotspots.errors import ParameterError, SourceError
from pipelines.engine import flow, step
from pipelines.police_uk_download import neighbourhoods, street_files
from pipelines.police_uk_download.download_job import Errand, Outcome, way_out
from pipelines.police_uk_download.download_manifest import Ledger
from pipelines.police_uk_download.http_client import Manners
from pipelines.police_uk_download.web_faults import NotThereError
from pipelines.settings import DEMO

MONTHS_IN_ARCHIVE = 36


@dataclass(frozen=True, kw_only=True)
class DownloadParams:
    """What to fetch, from where.

    Attributes
    ----------
    first_month, last_month
        YYYY-MM, both included. Without a last month, up to the latest published; without a first, the 36 months up to
        the last.
    refresh
        Ask for months that are there too, and fetch those that were revised since.
    base_url
        Of data.police.uk, or a copy of it.
    manners
        How politely.
    """

    first_month: str = ""
    last_month: str = ""
    refresh: bool = False
    base_url: str = "https://data.police.uk"
    manners: Manners = field(default_factory=Manners)

    def __post_init__(self) -> None:
        """Check months and address."""
        for option, month in (("--from", self.first_month), ("--to", self.last_month)):
            if month and not street_files.MONTH.fullmatch(month):
                raise ParameterError(f"{option} is '{month}', expected a month like 2024-01.")
        if self.first_month and self.last_month and self.first_month > self.last_month:
            raise ParameterError(f"--from {self.first_month} is later than --to {self.last_month}.")
        if not self.base_url.startswith(("https://", "http://")):
            raise ParameterError(f"base_url is '{self.base_url}', expected an address that begins with https://.")

    def months_to(self, last: str) -> set[str]:
        """The months wanted, where `last` is the last of them."""
        start = pd.Period(self.first_month or last, freq="M") - (0 if self.first_month else MONTHS_IN_ARCHIVE - 1)
        return {str(month) for month in pd.period_range(start, last, freq="M")}


@flow("download")
def download(force: str, folder: Path, params: DownloadParams) -> dict[str, Any]:
    """Fetch what is missing, and tell what is there.

    Raises
    ------
    ParameterError
        The force is made up, or a certificate file cannot be read.
    SourceError
        Nothing could be fetched, or nothing could be written.
    """
    require_real(force)
    months = fetch_months(force, folder, params)
    areas = fetch_neighbourhoods(force, folder, params)
    return check_outcome(force, folder, months, areas)


@step("Check the name of the force")
def require_real(force: str) -> None:
    """Nothing, where the slug can be one of a force."""
    if force == DEMO:
        raise ParameterError("Littleham is made up, so nothing can be downloaded; 'hotspots weekly' makes its files.")
    if not re.fullmatch("[a-z][a-z-]*", force):
        raise ParameterError(f"'{force}' is no name of a force on data.police.uk, expected one like 'west-mercia'.")


@step("Fetch months", retry=True)
def fetch_months(force: str, folder: Path, params: DownloadParams) -> Outcome:
    """The force's street files of the months wanted; what no archive has undamaged is left out."""
    errand = _errand(force, folder, params)
    try:
        last = params.last_month or street_files.latest_month(errand)
        wanted = params.months_to(last)
        missing = wanted if params.refresh else street_files.without_kept(wanted, errand)
        street_files.search_archives(last, missing, errand)
    except SourceError as error:
        errand.fault(str(error))
    for sentence in errand.damaged.values():
        errand.fault(f"{sentence} It was left out.")
    return errand.outcome


@step("Fetch neighbourhoods", retry=True)
def fetch_neighbourhoods(force: str, folder: Path, params: DownloadParams) -> Outcome:
    """The force's neighbourhoods as areas of teams; a file that is there stays until a refresh is asked for."""
    errand, name = _errand(force, folder, params), f"neighbourhoods-{force}.geojson"
    if errand.ledger.is_intact(name) and not errand.ledger.facts(name).get("unanswered") and not params.refresh:
        errand.outcome.is_new[name] = False
        return errand.outcome
    try:
        neighbourhoods.take_neighbourhoods(name, errand)
    except NotThereError:
        errand.remark(f"data.police.uk lists no neighbourhoods of '{force}'.")
    except SourceError as error:
        errand.fault(str(error))
    return errand.outcome


def _errand(force: str, folder: Path, params: DownloadParams) -> Errand:
    return Errand(force=force, base_url=params.base_url, web=way_out(params.manners), ledger=Ledger(folder))


@step("Check what is there")
def check_outcome(force: str, folder: Path, *outcomes: Outcome) -> dict[str, Any]:
    """What was fetched, what was there, and notes; refused where a fault left nothing new, or nothing is there."""
    is_new = {name: new for outcome in outcomes for name, new in outcome.is_new.items()}
    faults = [fault for outcome in outcomes for fault in outcome.faults]
    notes = faults + [remark for outcome in outcomes for remark in outcome.remarks]
    fetched, kept = ([name for name, new in is_new.items() if new is wanted] for wanted in (True, False))
    if not fetched and (faults or not kept):
        raise SourceError(f"Nothing could be fetched for {force}. {notes[0]}")
    return {"force": force, "folder": str(folder), "fetched": fetched, "kept": kept, "notes": notes}
