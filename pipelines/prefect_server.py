"""The Prefect server that is configured with PREFECT_API_URL: its address, and whether it answers."""

import http.client
import os
import re
import urllib.error
import urllib.parse
import urllib.request

# A server in the same network answers in milliseconds.
TIMEOUT_SECONDS = 5.0
_ADVICE = "Start it with 'prefect server start', correct PREFECT_API_URL, or run with --direct."


def configured_url() -> str:
    """Return the address of the configured server; empty if every run starts a temporary one.

    The environment is read first, because Prefect cannot be imported if the address there is invalid.
    """
    if "PREFECT_API_URL" in os.environ:
        return os.environ["PREFECT_API_URL"].strip()
    from prefect.settings import PREFECT_API_URL

    return str(PREFECT_API_URL.value() or "")


def find_fault(url: str) -> str:
    """Return, in a sentence, why the server at an address cannot be used; empty if it can."""
    shown = re.sub(r"//[^/@]*@", "//", url)
    try:
        parts = urllib.parse.urlsplit(url)
        is_address = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_address = False
    if not is_address:
        return f"PREFECT_API_URL is '{shown}', expected an address like http://127.0.0.1:4200/api. {_ADVICE}"
    reason = _request_health(url)
    return f"Prefect's server at {shown} cannot be used: {reason}. {_ADVICE}" if reason else ""


def _request_health(url: str) -> str:
    """Ask the server for its health, and return what is wrong; empty if nothing is."""
    try:
        with urllib.request.urlopen(f"{url.rstrip('/')}/health", timeout=TIMEOUT_SECONDS) as answer:
            is_prefect = answer.read(100).strip() == b"true"
        return "" if is_prefect or _is_cloud(url) else "what answers there is not Prefect"
    except urllib.error.HTTPError as error:
        is_refused = error.code >= 500 or (error.code not in (401, 403) and not _is_cloud(url))
        return f"it answers with status {error.code}" if is_refused else ""
    except TimeoutError:
        return f"it does not answer within {TIMEOUT_SECONDS:g} seconds"
    except urllib.error.URLError as error:
        if isinstance(error.reason, TimeoutError):
            return f"it does not answer within {TIMEOUT_SECONDS:g} seconds"
        reason = getattr(error.reason, "strerror", None) or str(error.reason)
        return f"no connection ({reason})"
    except (OSError, http.client.HTTPException, ValueError) as error:
        return f"no connection ({type(error).__name__})"


def _is_cloud(url: str) -> bool:
    """Return whether the address is of Prefect Cloud, whose health page differs."""
    return (urllib.parse.urlsplit(url).hostname or "").endswith(".prefect.cloud")
