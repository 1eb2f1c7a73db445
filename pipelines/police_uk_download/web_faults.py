"""What can go wrong between here and a server, whether it may pass, and what to say of it."""

import http.client
import ssl
import urllib.error
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from hotspots.errors import SourceError

_PASSING = (408, 429, 500, 502, 503, 504)
_NOT_THERE = (403, 404, 410)  # the archives' storage says 403 for a file that it does not have
_MEANS = {429: " (too many requests)", 503: " (too busy)"}


class NotThereError(SourceError):
    """What was asked for is not published, or no longer."""


class ChangedError(SourceError):
    """A file became another one while it was being fetched."""


class UnreachableError(SourceError):
    """The server did not answer as often as we may ask."""


class PassingError(Exception):
    """Something that may be over in a moment, and how long the server asks us to wait."""

    def __init__(self, says: str, retry_after: float | None = None) -> None:
        super().__init__(says)
        self.retry_after = retry_after


class UnconnectedError(PassingError):
    """Nobody was reached: no such name, a refused connection, a proxy that lets nothing through."""


@contextmanager
def told(url: str) -> Iterator[None]:
    """What goes wrong with a request inside becomes one of the errors of this module."""
    try:
        yield
    except urllib.error.HTTPError as error:
        with error:
            raise _of_answer(url, error) from None
    except (OSError, http.client.HTTPException) as error:
        raise _of_way(url, error) from None


def host(url: str) -> str:
    """The server's name, for a sentence."""
    return urlsplit(url).hostname or url


def _of_answer(url: str, error: urllib.error.HTTPError) -> Exception:
    """What an answer other than success means."""
    if error.code in _PASSING:
        return PassingError(f"it answered {error.code}{_MEANS.get(error.code, '')}", _retry_after(error.headers))
    if error.code in _NOT_THERE:
        return NotThereError(f"{url} is not there ({error.code}).")
    if error.code == 416:
        return ChangedError(f"{url} no longer has the part that was asked for. Run the same command again.")
    return UnreachableError(
        f"{url} is refused with {error.code} ({error.reason}). Check the address, and the proxy where there is one."
    )


def _of_way(url: str, error: Exception) -> Exception:
    """What it means that no answer came, or not all of it."""
    if isinstance(getattr(error, "reason", error), ssl.SSLCertVerificationError):
        return UnreachableError(
            f"The certificate of {host(url)} is not trusted here ({_words(error)}). Where a proxy puts in its "
            f"own, name its certificate file in SSL_CERT_FILE or REQUESTS_CA_BUNDLE."
        )
    # urllib wraps what goes wrong until the request is out, and nothing after that
    return (UnconnectedError if isinstance(error, urllib.error.URLError) else PassingError)(_words(error))


def _words(error: Exception) -> str:
    """What went wrong on the way, in a few words."""
    reason = getattr(error, "reason", error)
    if isinstance(reason, TimeoutError):
        return "it did not answer in time"
    return getattr(reason, "strerror", None) or str(reason) or type(reason).__name__


def _retry_after(headers: Any) -> float | None:
    """Seconds that the server asks us to wait; a date counts from the server's own."""
    given = headers.get("Retry-After") or ""
    if given.isdigit():
        return float(given)
    try:
        return max(0.0, (parsedate_to_datetime(given) - parsedate_to_datetime(headers.get("Date"))).total_seconds())
    except (TypeError, ValueError):
        return None
