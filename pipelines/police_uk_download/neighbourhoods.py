"""Download of the boundaries of a force's neighbourhood policing teams into one file."""

import json
import logging
from typing import cast
from urllib.parse import quote

from hotspots.errors import SourceError
from hotspots.sources.police_uk import neighbourhoods
from pipelines.police_uk_download.download_job import DownloadJob
from pipelines.police_uk_download.http_client import NotFoundError, UnreachableError

LOG = logging.getLogger("hotspots")

MAX_UNANSWERED = 3  # boundaries; with more than that the download stops
_LEFT_OUT = {
    "without_boundary": "no boundary is published",
    "broken": "the boundary is broken",
    "repeated": "listed twice",
    "unanswered": "the server did not answer; run the same command later",
}


def download_neighbourhoods(name: str, job: DownloadJob) -> None:
    """Download the neighbourhoods into a file; without any, no file is written."""
    url = f"{job.base_url}/api/{job.force}"
    listed = _list_neighbourhoods(f"{url}/neighbourhoods", job)
    boundaries = _read_boundaries(url, listed, job)
    answered = [item for item in listed if item["id"] in boundaries]
    collection, counts = neighbourhoods.tidy_neighbourhoods(answered, boundaries)
    counts["unanswered"] = len(listed) - len(answered)
    _report_counts(counts, job)
    if counts["neighbourhoods"]:
        text = json.dumps(collection, ensure_ascii=False, indent=1)
        job.manifest.write(name, [text.encode()], {"url": f"{url}/neighbourhoods", **counts})
        job.result.is_new[name] = True


def _list_neighbourhoods(url: str, job: DownloadJob) -> list[dict[str, str]]:
    """Return the id and the name of each neighbourhood."""
    listed = job.client.read_json(url)
    if not isinstance(listed, list) or not all(isinstance(item, dict) and {"id", "name"} <= {*item} for item in listed):
        raise SourceError(f"{url} does not answer with ids and names, as it used to. No neighbourhood was downloaded.")
    return [{"id": str(item["id"]), "name": str(item["name"])} for item in listed]


def _read_boundaries(url: str, listed: list[dict[str, str]], job: DownloadJob) -> dict[str, list[dict[str, str]]]:
    """Return the points of each boundary by id, empty if none is published; ids without an answer are left out."""
    boundaries: dict[str, list[dict[str, str]]] = {}
    unanswered = 0
    for item in listed:
        try:
            points = job.client.read_json(f"{url}/{quote(item['id'], safe='')}/boundary")
            boundaries[item["id"]] = cast("list[dict[str, str]]", points)  # checked when the boundary is built
        except NotFoundError:
            boundaries[item["id"]] = []
        except UnreachableError as error:
            unanswered += 1
            if unanswered > MAX_UNANSWERED:
                raise
            LOG.info("%s", error)
    return boundaries


def _report_counts(counts: dict[str, int], job: DownloadJob) -> None:
    """Report how many neighbourhoods were kept, repaired, and left out and why."""
    LOG.info("%d neighbourhoods of %s", counts["neighbourhoods"], job.force)
    if counts["mended"]:
        job.add_note(f"Neighbourhoods of {job.force} repaired: {counts['mended']} (the boundary crosses itself).")
    left_out = [f"{counts[key]} ({reason})" for key, reason in _LEFT_OUT.items() if counts[key]]
    if left_out:
        job.add_note(f"Neighbourhoods of {job.force} left out: {', '.join(left_out)}.")
