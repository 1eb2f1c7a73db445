"""Download job: one force, the site, the folder for its files, and the result so far."""

import logging
from dataclasses import dataclass, field

from pipelines.police_uk_download.download_manifest import DownloadManifest
from pipelines.police_uk_download.http_client import HttpClient

LOG = logging.getLogger("hotspots")


@dataclass(kw_only=True)
class DownloadResult:
    """Files by name and whether they are new, notes on what is not published, and errors, both in sentences."""

    is_new: dict[str, bool] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class DownloadJob:
    """A force, the site and the client for it, the manifest of the folder, and the result so far.

    `damaged` gives the error by month of the archives read so far: another archive may hold the month undamaged.
    """

    force: str
    base_url: str
    client: HttpClient
    manifest: DownloadManifest
    result: DownloadResult = field(default_factory=DownloadResult)
    damaged: dict[str, str] = field(default_factory=dict)

    def add_note(self, sentence: str) -> None:
        """Log a note, and keep it for the summary."""
        LOG.info("%s", sentence)
        self.result.notes.append(sentence)

    def add_error(self, sentence: str) -> None:
        """Log an error, and keep it for the summary."""
        LOG.info("%s", sentence)
        self.result.errors.append(sentence)
