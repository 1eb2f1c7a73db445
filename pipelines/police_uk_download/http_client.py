"""HTTP client for data.police.uk: rate limit, retries and errors.

The API allows 15 requests a second (bursts of 30) and answers 429 beyond that.
"""

import http.client
import json
import logging
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import requests
import urllib3
from requests.adapters import HTTPAdapter

from hotspots.errors import ParameterError, SourceError

LOG = logging.getLogger("hotspots")

BLOCK = 65_536  # bytes read at once
MAX_ANSWER = 32 << 20  # bytes of one answer of the API; the longest boundaries take about 1 MB
_TRANSIENT = (408, 429, 500, 502, 503, 504)
_NOT_FOUND = (403, 404, 410)  # the file store answers 403 for a file that it does not have

T = TypeVar("T")


class NotFoundError(SourceError):
    """The file or answer is not published, or no longer."""


class ChangedError(SourceError):
    """The file on the server changed during the download."""


class UnreachableError(SourceError):
    """The server did not answer the request, after all retries."""


@dataclass(frozen=True, kw_only=True)
class RetryPolicy:
    """Rate limit, number of tries of a request, longest wait between two tries, and timeout."""

    requests_per_second: float = 12.0
    tries: int = 5
    max_wait_seconds: float = 120.0
    timeout_seconds: float = 60.0

    def __post_init__(self) -> None:
        """Check the rate limit of data.police.uk."""
        if not 0 < self.requests_per_second <= 15:
            raise ParameterError(
                f"requests_per_second must be above 0 and at most 15, the limit of data.police.uk, "
                f"got {self.requests_per_second:g}."
            )


class LoggedRetry(urllib3.Retry):
    """A `Retry` that logs each wait, and gives up where the server asks for a longer one than `backoff_max`."""

    def sleep(self, response: urllib3.BaseHTTPResponse | None = None) -> None:
        """Wait as long as the server asks, or else twice as long each time.

        Raises
        ------
        UnreachableError
            The server asks for a longer wait than `backoff_max`.
        """
        failed = self.history[-1]
        requested = self.get_retry_after(response) if response else None
        seconds = requested or max(self.backoff_factor, self.get_backoff_time())
        if seconds > self.backoff_max:
            raise UnreachableError(f"The server asks for a wait of {seconds:,.0f} seconds. Run the same command later.")
        reason = _reason(failed.error) if failed.error else f"the server answered {failed.status}"
        LOG.info("%s: %s; trying again in %.1f seconds", failed.url, reason, seconds)
        time.sleep(seconds)


class SystemCertificates(HTTPAdapter):
    """An adapter that trusts the operating system's certificates too, where an organisation installs its proxy's."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Make the connection pools."""
        super().init_poolmanager(*args, ssl_context=ssl.create_default_context(), **kwargs)

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> urllib3.ProxyManager:
        """Return the connection pools of a proxy."""
        context = ssl.create_default_context()
        manager: urllib3.ProxyManager = super().proxy_manager_for(*args, ssl_context=context, **kwargs)
        return manager


def build_session(retry: urllib3.Retry) -> requests.Session:
    """Return a session that names the project and retries as given.

    Notes
    -----
    Proxies are taken from HTTPS_PROXY, HTTP_PROXY and NO_PROXY, the certificates of an organisation's own proxy from
    the operating system, or from the file named in SSL_CERT_FILE, REQUESTS_CA_BUNDLE or CURL_CA_BUNDLE.
    """
    session = requests.Session()
    session.headers.update({"User-Agent": "hotspots", "Accept-Encoding": "identity"})  # ranges count stored bytes
    for scheme in ("https://", "http://"):
        session.mount(scheme, SystemCertificates(max_retries=retry))
    return session


class HttpClient:
    """Client that sends evenly spaced requests, and repeats those whose response was cut."""

    def __init__(self, policy: RetryPolicy) -> None:
        self._policy = policy
        self._retry = LoggedRetry(
            total=policy.tries - 1, connect=1, other=0, backoff_factor=1.0, backoff_max=policy.max_wait_seconds,
            status_forcelist=_TRANSIENT, raise_on_status=False,
        )  # fmt: skip
        self._session = build_session(self._retry)
        self._next_request_at = 0.0

    def request(self, url: str, read: Callable[[requests.Response], T], byte_range: str = "") -> T:
        """Return what `read` makes of the response; a response that is cut is requested again.

        Raises
        ------
        NotFoundError
            The server has no such file.
        ChangedError
            The file no longer has the bytes of the range.
        UnreachableError
            The server did not answer after all tries.
        """
        headers = {"Range": f"bytes={byte_range}"} if byte_range else None
        timeout, retry = self._policy.timeout_seconds, self._retry
        try:
            while True:
                self._wait_for_turn()
                try:
                    with self._session.get(url, headers=headers, stream=True, timeout=timeout) as response:
                        self._retry.connect = self._retry.other = None  # there is a network: use all tries from now on
                        response.raise_for_status()
                        _require_encrypted(url, response)
                        return read(response)
                except urllib3.exceptions.HTTPError as error:
                    retry = retry.increment("GET", url, error=error)
                    retry.sleep()
        except (OSError, urllib3.exceptions.HTTPError) as error:  # the errors of requests are OSErrors
            raise _translate(url, error) from None

    def read_json(self, url: str) -> object:
        """Return the answer of the API; errors as in `request`."""
        body = self.request(url, lambda response: read_bounded(url, response, MAX_ANSWER))
        try:
            answer: object = json.loads(body)
        except ValueError:
            raise UnreachableError(f"{url} did not answer in JSON. Run the same command later.") from None
        return answer

    def _wait_for_turn(self) -> None:
        """Wait until the rate limit allows another request; even spacing never forms a burst."""
        now = time.monotonic()
        if self._next_request_at > now:
            time.sleep(self._next_request_at - now)
        self._next_request_at = max(self._next_request_at, now) + 1 / self._policy.requests_per_second


def _translate(url: str, error: Exception) -> SourceError:
    """Return an error of `requests` or `urllib3` as one of this module."""
    response = error.response if isinstance(error, requests.HTTPError) else None
    status = None if response is None else response.status_code
    if status in _NOT_FOUND:
        return NotFoundError(f"{url} was not found ({status}).")
    if status == 416:
        return ChangedError(f"{url} is shorter than it was. Run the same command again.")
    reason = _reason(error) if response is None else f"the server answered {status} ({response.reason})"
    return UnreachableError(
        f"{url} could not be downloaded: {reason}. Check the network and, where there is a proxy, HTTPS_PROXY and "
        f"REQUESTS_CA_BUNDLE; the same command then goes on from what is in the folder."
    )


def _reason(error: BaseException) -> str:
    """Return the first cause of an error in a few words."""
    while cause := error.__cause__ or error.__context__:
        error = cause
    if isinstance(error, TimeoutError):
        return "the server did not answer in time"
    if isinstance(error, http.client.IncompleteRead):
        return "the connection was cut"
    return getattr(error, "strerror", None) or str(error) or type(error).__name__


def _require_encrypted(url: str, response: requests.Response) -> None:
    """Raise where a redirect leads from an encrypted address to one that is not."""
    if url.startswith("https:") and not response.url.startswith("https:"):
        raise SourceError(f"{url} redirects to an address without encryption, {response.url}, which is not used.")


def read_bounded(url: str, response: requests.Response, limit: int) -> bytes:
    """Return the body of a response unless it is longer than the limit in bytes."""
    body = bytearray()
    for block in response.raw.stream(BLOCK):
        body += block
        if len(body) > limit:
            raise SourceError(f"{url}: the server sent more than {limit:,} bytes, the most that was expected.")
    return bytes(body)
