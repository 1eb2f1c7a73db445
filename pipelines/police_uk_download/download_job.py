"""One force's files: where they come from, where they go, and what has come of it."""

import logging
import os
import ssl
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

from hotspots.errors import ParameterError
from pipelines.police_uk_download.download_manifest import Ledger
from pipelines.police_uk_download.http_client import Manners, Web

LOG = logging.getLogger("hotspots")


@dataclass(kw_only=True)
class Outcome:
    """Files by name, and whether they were fetched now; in sentences, what is not published, and what went wrong."""

    is_new: dict[str, bool] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Errand:
    """A force, the site and the way to it, the ledger of the folder, and the outcome so far.

    `damaged` says by month what is wrong with it in the archives seen so far: another one may have it whole.
    """

    force: str
    base_url: str
    web: Web
    ledger: Ledger
    outcome: Outcome = field(default_factory=Outcome)
    damaged: dict[str, str] = field(default_factory=dict)

    def remark(self, sentence: str) -> None:
        """Say, and keep for the summary, what is or is not published."""
        LOG.info("%s", sentence)
        self.outcome.remarks.append(sentence)

    def fault(self, sentence: str) -> None:
        """Say, and keep for the summary, what went wrong."""
        LOG.info("%s", sentence)
        self.outcome.faults.append(sentence)


def way_out(manners: Manners) -> Web:
    """The way out of this machine: its proxy (HTTPS_PROXY, NO_PROXY) and its certificates.

    Raises
    ------
    ParameterError
        SSL_CERT_FILE or REQUESTS_CA_BUNDLE names no certificates that can be read.
    """
    context = ssl.create_default_context()
    for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"):
        given = os.environ.get(name)
        if not given:
            continue
        try:
            context.load_verify_locations(**{"capath" if Path(given).is_dir() else "cafile": given})
        except OSError as error:
            says = f"{name} names '{given}', which cannot be read as certificates ({error.strerror})."
            raise ParameterError(says) from None
    opener = urllib.request.build_opener(urllib.request.HTTPSHandler(context=context))
    return Web(opener, manners, wait=_wait, clock=time.monotonic)


def _wait(seconds: float, why: str) -> None:
    if why:
        LOG.info("%s", why)
    time.sleep(seconds)
