"""Asking a server politely: evenly spaced, patiently, and for parts of files.

The API of data.police.uk allows 15 requests a second (bursts of 30) and answers 429 beyond that; its archives, of one
to two gigabytes, lie behind a redirect and give out parts of themselves. Waiting, the clock and the way out (proxy,
certificates) are handed in.
"""

import io
import json
import random
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from hotspots.errors import ParameterError, SourceError
from pipelines.police_uk_download import web_faults
from pipelines.police_uk_download.web_faults import ChangedError, PassingError, UnconnectedError, UnreachableError

AGENT = "hotspots"
BLOCK = 65_536
MAX_ANSWER = 32 << 20  # bytes of one answer of the API; the longest boundaries take about one
MAX_PART = 64 << 20  # bytes of an archive in memory at once; its whole list of members takes less than one
OFFLINE_SECONDS = 2.5  # until nobody is reached at all; months and neighbourhoods each find out for themselves

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Manners:
    """How politely to ask: requests a second, tries without progress, waits between them, and patience in seconds."""

    per_second: float = 12.0
    tries: int = 5
    first_wait_seconds: float = 1.0
    longest_wait_seconds: float = 120.0
    timeout_seconds: float = 60.0
    seed: int = 0

    def __post_init__(self) -> None:
        """Stay below what data.police.uk allows."""
        if not 0 < self.per_second <= 15:
            raise ParameterError(
                f"per_second must be from 0 to 15, which data.police.uk allows, got {self.per_second:g}."
            )
        if self.tries < 1:
            raise ParameterError(f"tries must be at least 1, got {self.tries}.")


@dataclass(frozen=True, kw_only=True)
class Version:
    """Which version of a file the server has: its tag, its date, its size in bytes."""

    etag: str = ""
    last_modified: str = ""
    size: int = 0


class Web:
    """Asks one thing after the other, evenly spaced, and again where a fault may pass.

    Parameters
    ----------
    opener
        The way out, with its proxy and certificates.
    manners
        How politely.
    wait
        Waits so many seconds; is also told why, or nothing where requests are only being spaced.
    clock
        Seconds that only grow.
    """

    def __init__(
        self, opener: urllib.request.OpenerDirector, manners: Manners, *,
        wait: Callable[[float, str], None], clock: Callable[[], float],
    ) -> None:  # fmt: skip
        self.manners = manners
        self._opener, self._wait, self._clock = opener, wait, clock
        self._began: float | None = None
        self._is_reached = False
        self._free_at = float("-inf")
        self._chance = random.Random(manners.seed)

    def read_json(self, url: str) -> Any:
        """What the API answers.

        Raises
        ------
        NotThereError
            It has no such thing.
        UnreachableError
            It did not answer in JSON after all tries.
        """
        return self._patiently(url, lambda: self._read_json_once(url))

    def look(self, url: str) -> tuple[Version, bool]:
        """Version of a file, and whether the server gives out parts of it; errors as in `read_json`."""

        def once() -> tuple[Version, bool]:
            with self._ask(url, "bytes=0-0") as response:
                return _version_of(response), response.status == 206

        return self._patiently(url, once)

    def stream(self, url: str, start: int, end: int, version: Version) -> Iterator[bytes]:
        """Bytes of a file from `start` up to, but not with, `end`; a cut connection goes on where it stopped.

        Raises
        ------
        ChangedError
            The server has another version by now.
        UnreachableError
            Too many tries in a row brought too little.
        """
        at, failures = start, 0
        while at < end:
            before = at
            try:
                with self._ask(url, f"bytes={at}-{end - 1}") as response, web_faults.told(url):
                    _require_version(url, response, version)
                    _skip_to(response, at)
                    while at < end and (block := response.read1(min(BLOCK, end - at))):
                        at += len(block)
                        yield block
                fault = PassingError("the connection was cut")
            except PassingError as passing:
                fault = passing
            if at < end:
                failures = 1 if at - before >= BLOCK else failures + 1
                self._rest(url, failures, fault)

    def _patiently(self, url: str, attempt: Callable[[], T]) -> T:
        """What an attempt gives, tried again while its fault may pass."""
        failures = 0
        while True:
            try:
                return attempt()
            except PassingError as passing:
                failures += 1
                self._rest(url, failures, passing)

    def _read_json_once(self, url: str) -> Any:
        with self._ask(url) as response, web_faults.told(url):
            body = response.read(MAX_ANSWER + 1)
            announced = int(response.headers.get("Content-Length") or 0)
        if len(body) > MAX_ANSWER:
            raise SourceError(f"{url} answers with more than {MAX_ANSWER >> 20} MB, which is no answer of this API.")
        if len(body) < announced:
            raise PassingError("the connection was cut")
        try:
            return json.loads(body)
        except ValueError:
            raise PassingError("the answer is not JSON") from None

    def _ask(self, url: str, byte_range: str | None = None) -> Any:
        """One request, when its turn has come."""
        self._pace()
        headers = {"User-Agent": AGENT} | ({"Range": byte_range} if byte_range else {})
        request = urllib.request.Request(url, headers=headers)
        try:
            with web_faults.told(url):
                response = self._opener.open(request, timeout=self.manners.timeout_seconds)
        except (SourceError, PassingError) as error:
            self._is_reached |= not isinstance(error, UnconnectedError)
            raise
        self._is_reached = True
        if url.startswith("https:") and not response.url.startswith("https:"):
            response.close()
            raise SourceError(
                f"{url} leads to an address that is not encrypted, {response.url}. Nothing was fetched from it."
            )
        return response

    def _pace(self) -> None:
        """Wait until the next request may go out: evenly spaced, so that no burst ever forms."""
        now = self._clock()
        self._began = now if self._began is None else self._began
        self._free_at = max(self._free_at, now)
        if self._free_at > now:
            self._wait(self._free_at - now, "")
        self._free_at += 1 / self.manners.per_second

    def _rest(self, url: str, failures: int, passing: PassingError) -> None:
        """Wait as long as the server asks, else twice as long each time, give or take; give up after the last try."""
        host, longest = web_faults.host(url), self.manners.longest_wait_seconds
        seconds = min(self.manners.first_wait_seconds * 2 ** (failures - 1), longest) * self._chance.uniform(0.5, 1.0)
        if failures >= self.manners.tries or self._is_offline(passing, seconds):
            raise UnreachableError(
                f"{url} could not be fetched in {failures} {'try' if failures == 1 else 'tries'}: {passing}. Check the "
                f"network, and HTTPS_PROXY where there is a proxy; what is fetched already stays, and the same command "
                f"goes on from there."
            )
        seconds = seconds if passing.retry_after is None else passing.retry_after
        if seconds > longest:
            raise UnreachableError(
                f"{host} asks to be left alone for {seconds:,.0f} seconds. Run the same command later."
            )
        self._wait(seconds, f"{host}: {passing}; trying again in {seconds:.1f} seconds")

    def _is_offline(self, fault: PassingError, seconds: float) -> bool:
        """Whether nobody was ever reached, and waiting so long would go beyond patience with that."""
        is_late = self._clock() + seconds > (self._began or 0.0) + OFFLINE_SECONDS
        return isinstance(fault, UnconnectedError) and not self._is_reached and is_late


class RemoteFile(io.RawIOBase):
    """A file on a server that can be read like one here, part by part; the part that was read last is held."""

    def __init__(self, web: Web, url: str, version: Version) -> None:
        super().__init__()
        self.size = version.size
        self._web, self._url, self._version = web, url, version
        self._at, self._start, self._held = 0, 0, b""

    def hold(self, start: int, end: int) -> None:
        """Fetch a part, so that reading in it asks for nothing more."""
        start, end = max(0, start), min(end, self.size)
        if end - start > MAX_PART:
            raise SourceError(
                f"{self._url} wants {(end - start) >> 20:,} MB read at once, more than any real archive does. "
                f"It is not used."
            )
        self._held = b"".join(self._web.stream(self._url, start, end, self._version))
        self._start = start

    def read(self, size: int = -1, /) -> bytes:
        """Bytes from here on, fetched where they are not held."""
        end = self.size if size is None or size < 0 else min(self._at + size, self.size)
        if end <= self._at:
            return b""
        if not self._start <= self._at <= end <= self._start + len(self._held):
            self.hold(self._at, max(end, self._at + BLOCK))
        part = self._held[self._at - self._start : end - self._start]
        self._at = end
        return part

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Go to a place in the file."""
        at = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self.size}[whence] + offset
        if at < 0:
            raise OSError("there is nothing before the start of a file")
        self._at = at
        return at

    def tell(self) -> int:
        """Place in the file."""
        return self._at

    def seekable(self) -> bool:
        """Yes."""
        return True

    def readable(self) -> bool:
        """Yes."""
        return True


def _version_of(response: Any) -> Version:
    """Version of the file that an answer is part of."""
    headers = response.headers
    total = (headers.get("Content-Range") or "").rpartition("/")[2] or headers.get("Content-Length") or ""
    if not total.isdigit():
        raise SourceError(f"{response.url}: the server does not say how large the file is, so it cannot be checked.")
    etag, last_modified = (headers.get(name) or "" for name in ("ETag", "Last-Modified"))
    return Version(etag=etag, last_modified=last_modified, size=int(total))


def _require_version(url: str, response: Any, version: Version) -> None:
    """Nothing, where the server still has the version that the fetch began with."""
    if _version_of(response) != version:
        raise ChangedError(f"{url} was published anew while it was being fetched. Run the same command again.")


def _skip_to(response: Any, at: int) -> None:
    """Read past what is here already, where the server began before it."""
    first = "0"
    if response.status == 206:
        first = response.headers["Content-Range"].removeprefix("bytes ").partition("-")[0]
    if not first.isdigit() or int(first) > at:
        raise SourceError(f"{response.url}: the server gives another part of the file than was asked for.")
    left = at - int(first)
    while left > 0 and (block := response.read1(min(BLOCK, left))):
        left -= len(block)
