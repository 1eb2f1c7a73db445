"""A force's neighbourhoods, asked for one after the other, in one file of areas of teams."""

import json
import logging
from urllib.parse import quote

from hotspots.errors import SourceError
from hotspots.sources.police_uk import neighbourhoods
from pipelines.police_uk_download.download_job import Errand
from pipelines.police_uk_download.web_faults import NotThereError, UnreachableError

LOG = logging.getLogger("hotspots")

MAX_UNANSWERED = 3  # neighbourhoods; more than that is no slip of the server
_LEFT_OUT = {
    "without_boundary": "no boundary is published",
    "broken": "the boundary is broken",
    "repeated": "listed twice",
    "unanswered": "the server did not answer; run the same command later",
}


def take_neighbourhoods(name: str, errand: Errand) -> None:
    """Fetch the neighbourhoods into a file; it is not written where there are none."""
    url = f"{errand.base_url}/api/{errand.force}"
    listed = _list_neighbourhoods(f"{url}/neighbourhoods", errand)
    boundaries = _ask_boundaries(url, listed, errand)
    answered = [item for item in listed if item["id"] in boundaries]
    collection, counts = neighbourhoods.tidy_neighbourhoods(answered, boundaries)
    counts["unanswered"] = len(listed) - len(answered)
    _tell_counts(counts, errand)
    if counts["neighbourhoods"]:
        text = json.dumps(collection, ensure_ascii=False, indent=1)
        errand.ledger.store(name, [text.encode()], {"url": f"{url}/neighbourhoods", **counts})
        errand.outcome.is_new[name] = True


def _list_neighbourhoods(url: str, errand: Errand) -> list[dict[str, str]]:
    """Id and name of each neighbourhood."""
    listed = errand.web.read_json(url)
    if not isinstance(listed, list) or not all(isinstance(item, dict) and {"id", "name"} <= {*item} for item in listed):
        raise SourceError(f"{url} does not answer with ids and names, as it used to. No neighbourhood was fetched.")
    return [{"id": str(item["id"]), "name": str(item["name"])} for item in listed]


def _ask_boundaries(url: str, listed: list[dict[str, str]], errand: Errand) -> dict[str, list[dict[str, str]]]:
    """Points of each outline by id, none where none is published; an id is missing where the server did not answer."""
    boundaries: dict[str, list[dict[str, str]]] = {}
    unanswered = 0
    for item in listed:
        try:
            boundaries[item["id"]] = errand.web.read_json(f"{url}/{quote(item['id'], safe='')}/boundary")
        except NotThereError:
            boundaries[item["id"]] = []
        except UnreachableError as error:
            unanswered += 1
            if unanswered > MAX_UNANSWERED:
                raise
            LOG.info("%s", error)
    return boundaries


def _tell_counts(counts: dict[str, int], errand: Errand) -> None:
    """Say how many neighbourhoods there are, how many were mended, and how many were left out and why."""
    LOG.info("%d neighbourhoods of %s", counts["neighbourhoods"], errand.force)
    if counts["mended"]:
        errand.remark(f"Neighbourhoods of {errand.force} mended: {counts['mended']} (the boundary crosses itself).")
    left_out = [f"{counts[key]} ({reason})" for key, reason in _LEFT_OUT.items() if counts[key]]
    if left_out:
        errand.remark(f"Neighbourhoods of {errand.force} left out: {', '.join(left_out)}.")
