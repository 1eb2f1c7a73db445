"""The web side of data.police.uk: asking it politely, reading parts of its archives, its neighbourhoods as areas.

The API allows 15 requests a second (bursts of 30) and answers 429 beyond that; the archives, of one to two gigabytes,
lie behind a redirect and give out parts of themselves. Waiting, the clock and the way out (proxy, certificates) are
handed in.
"""

import html
import http.client
import io
import json
import random
import re
import ssl
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar
from urllib.parse import urlsplit

import numpy as np
import shapely

from hotspots.errors import ParameterError, SourceError

AGENT = "hotspots"
BLOCK = 65_536
MAX_ANSWER = 32 << 20  # bytes of one answer of the API; the longest boundaries take about one
MAX_PART = 64 << 20  # bytes of an archive in memory at once; its whole list of members takes less than one
MAX_MONTH, MAX_RATIO = 256 << 20, 100  # of one month unpacked; the largest real one has about 25 MB, packed six to one
_STREET = re.compile(r"(?P<month>\d{4}-(0[1-9]|1[0-2]))/(?P=month)-(?P<force>[a-z][a-z-]*)-street\.csv")
_OUTSIDE = re.compile(r"^[/\\]|^[A-Za-z]:|\\|(^|/)\.\.(/|$)")
_PASSING = (408, 429, 500, 502, 503, 504)
_NOT_THERE = (403, 404, 410)  # the archives' storage says 403 for a file that it does not have
_AROUND_UK = shapely.box(-9.5, 49.0, 2.5, 61.5)

T = TypeVar("T")


class NotThereError(SourceError):
    """What was asked for is not published, or no longer."""


class ChangedError(SourceError):
    """A file became another one while it was being fetched."""


class UnreachableError(SourceError):
    """The server did not answer as often as we may ask."""


class DamagedError(SourceError):
    """An archive, or a month in it, is not what it should be."""


class _PassingError(Exception):
    """Something that may be over in a moment, and how long the server asks us to wait."""

    def __init__(self, says: str, retry_after: float | None = None) -> None:
        super().__init__(says)
        self.retry_after = retry_after


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
                with self._ask(url, f"bytes={at}-{end - 1}") as response:
                    _require_version(url, response, version)
                    _skip(response, at - _first_byte(response))
                    while at < end and (block := response.read1(min(BLOCK, end - at))):
                        at += len(block)
                        yield block
                fault = _PassingError("the connection was cut")
            except _PassingError as passing:
                fault = passing
            except (OSError, http.client.HTTPException) as error:
                fault = _PassingError(_words(error))
            if at < end:
                failures = 1 if at - before >= BLOCK else failures + 1
                self._rest(url, failures, fault)

    def _patiently(self, url: str, attempt: Callable[[], T]) -> T:
        """What an attempt gives, tried again while its fault may pass."""
        failures = 0
        while True:
            try:
                return attempt()
            except _PassingError as passing:
                failures += 1
                self._rest(url, failures, passing)

    def _read_json_once(self, url: str) -> Any:
        with self._ask(url) as response:
            try:
                body = response.read(MAX_ANSWER + 1)
            except (OSError, http.client.HTTPException) as error:
                raise _PassingError(_words(error)) from None
            if len(body) > MAX_ANSWER:
                raise SourceError(
                    f"{url} answers with more than {MAX_ANSWER >> 20} MB, which is no answer of this API."
                )
            if len(body) < int(response.headers.get("Content-Length") or 0):
                raise _PassingError("the connection was cut")
        try:
            return json.loads(body)
        except ValueError:
            raise _PassingError("the answer is not JSON") from None

    def _ask(self, url: str, byte_range: str | None = None) -> Any:
        """One request, when its turn has come."""
        self._pace()
        headers = {"User-Agent": AGENT} | ({"Range": byte_range} if byte_range else {})
        try:
            response = self._opener.open(
                urllib.request.Request(url, headers=headers), timeout=self.manners.timeout_seconds
            )
        except urllib.error.HTTPError as error:
            with error:
                raise _verdict(url, error) from None
        except (OSError, http.client.HTTPException) as error:
            if isinstance(getattr(error, "reason", error), ssl.SSLCertVerificationError):
                raise UnreachableError(
                    f"The certificate of {_host(url)} is not trusted here ({_words(error)}). Where a proxy puts in its "
                    f"own, name its certificate file in SSL_CERT_FILE or REQUESTS_CA_BUNDLE."
                ) from None
            raise _PassingError(_words(error)) from None
        if url.startswith("https:") and not response.url.startswith("https:"):
            response.close()
            raise SourceError(
                f"{url} leads to an address that is not encrypted, {response.url}. Nothing was fetched from it."
            )
        return response

    def _pace(self) -> None:
        """Wait until the next request may go out: evenly spaced, so that no burst ever forms."""
        now = self._clock()
        self._free_at = max(self._free_at, now)
        if self._free_at > now:
            self._wait(self._free_at - now, "")
        self._free_at += 1 / self.manners.per_second

    def _rest(self, url: str, failures: int, passing: _PassingError) -> None:
        """Wait as long as the server asks, else twice as long each time, give or take; give up after the last try."""
        if failures >= self.manners.tries:
            raise UnreachableError(
                f"{url} could not be fetched in {failures} tries: {passing}. Check the network, and HTTPS_PROXY where "
                f"there is a proxy; what is fetched already stays, and the same command goes on from there."
            )
        longest = self.manners.longest_wait_seconds
        seconds = min(self.manners.first_wait_seconds * 2 ** (failures - 1), longest) * self._chance.uniform(0.5, 1.0)
        seconds = seconds if passing.retry_after is None else passing.retry_after
        if seconds > longest:
            raise UnreachableError(
                f"{_host(url)} asks to be left alone for {seconds:,.0f} seconds. Run the same command later."
            )
        self._wait(seconds, f"{_host(url)}: {passing}; trying again in {seconds:.1f} seconds")


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


def street_members(infos: Iterable[zipfile.ZipInfo], url: str) -> dict[tuple[str, str], zipfile.ZipInfo]:
    """Street files of an archive by month and force.

    Raises
    ------
    DamagedError
        A member's name points outside the folder that it would be unpacked in: nobody at data.police.uk wrote that.
    """
    members = {}
    for info in infos:
        if _OUTSIDE.search(info.orig_filename):
            raise DamagedError(
                f"{url} has a member named {info.orig_filename[:80]!r}, which points outside its folder. "
                f"Nothing is taken from this archive."
            )
        named = _STREET.fullmatch(info.filename)
        if named:
            members[named["month"], named["force"]] = info
    return members


def require_bounded(info: zipfile.ZipInfo) -> None:
    """Nothing, where a member would unpack to a size that a month can have.

    Raises
    ------
    DamagedError
        It says that it would unpack to far more.
    """
    if info.file_size > MAX_MONTH or info.file_size > MAX_RATIO * max(info.compress_size, 1):
        raise DamagedError(
            f"{info.filename}: it would unpack from {info.compress_size:,} to {info.file_size:,} bytes, more than any "
            f"real month (limits {MAX_MONTH:,} bytes and {MAX_RATIO} times). It was left out."
        )


def tidy_neighbourhoods(
    listed: list[dict[str, str]], boundaries: dict[str, list[dict[str, str]]]
) -> tuple[dict, dict[str, int]]:
    """Neighbourhoods as GeoJSON that `boundaries.read_places` takes for areas of teams, and how many were left out.

    Parameters
    ----------
    listed
        `id` and `name` of each, as the API lists them.
    boundaries
        By id, the points of the outline, degrees as text; missing or empty where none is published.

    Returns
    -------
    tuple
        The collection, ordered by id, and counts: `neighbourhoods` kept, `without_boundary`, `broken` (no area can be
        made of the points), `repeated` (the id was listed before).
    """
    counts = dict.fromkeys(("neighbourhoods", "without_boundary", "broken", "repeated"), 0)
    names: dict[str, str] = {}
    for item in listed:
        counts["repeated"] += item["id"] in names
        names.setdefault(item["id"], html.unescape(item["name"]).strip() or item["id"])
    features = []
    for code, name in sorted(names.items()):
        points = boundaries.get(code)
        area = _area_of(points) if points else None
        counts["neighbourhoods" if area else "broken" if points else "without_boundary"] += 1
        if area:
            properties = {"kind": "NPT", "name": name, "place_code": code, "team_name": name}
            features.append(
                {"type": "Feature", "properties": properties, "geometry": json.loads(shapely.to_geojson(area))}
            )
    return {"type": "FeatureCollection", "features": features}, counts


def _area_of(points: list[dict[str, str]]) -> shapely.Geometry | None:
    """The area inside a ring, or several in a row, mended where it crosses itself; none where there is none."""
    try:
        xy = np.array([(float(point["longitude"]), float(point["latitude"])) for point in points])
    except (KeyError, TypeError, ValueError):
        return None
    if not (np.isfinite(xy).all() and shapely.contains_xy(_AROUND_UK, xy).all()):
        return None
    rings = [shapely.make_valid(shapely.Polygon(ring)) for ring in _rings(xy) if len(np.unique(ring, axis=0)) >= 3]
    parts = shapely.get_parts(shapely.get_parts(rings))
    areas = [part for part in parts if part.geom_type == "Polygon" and part.area > 0]
    return shapely.orient_polygons(shapely.normalize(shapely.union_all(areas))) if areas else None


def _rings(xy: np.ndarray) -> Iterator[np.ndarray]:
    """The rings in a row of points: each ends where it is back at its first point, the last at the end."""
    xy = xy[np.r_[True, (np.diff(xy, axis=0) != 0).any(axis=1)]]
    start = 0
    while start < len(xy):
        again = np.flatnonzero((xy[start + 1 :] == xy[start]).all(axis=1))
        end = start + 2 + int(again[0]) if len(again) else len(xy)
        yield xy[start:end]
        start = end


def _version_of(response: Any) -> Version:
    """Version of the file that an answer is part of."""
    total = (
        (response.headers.get("Content-Range") or "").rpartition("/")[2] or response.headers.get("Content-Length") or ""
    )
    if not total.isdigit():
        raise SourceError(f"{response.url}: the server does not say how large the file is, so it cannot be checked.")
    etag, last_modified = (response.headers.get(name) or "" for name in ("ETag", "Last-Modified"))
    return Version(etag=etag, last_modified=last_modified, size=int(total))


def _require_version(url: str, response: Any, version: Version) -> None:
    """Nothing, where the server still has the version that the fetch began with."""
    if _version_of(response) != version:
        raise ChangedError(f"{url} was published anew while it was being fetched. Run the same command again.")


def _first_byte(response: Any) -> int:
    """Where in the file an answer begins."""
    if response.status != 206:
        return 0
    first = response.headers["Content-Range"].removeprefix("bytes ").partition("-")[0]
    if not first.isdigit():
        raise SourceError(f"{response.url}: the server gives a part of the file without saying which.")
    return int(first)


def _skip(response: Any, number: int) -> None:
    """Read past what is here already, where the server began at the beginning."""
    if number < 0:
        raise SourceError(f"{response.url}: the server gives another part of the file than was asked for.")
    while number > 0 and (block := response.read1(min(BLOCK, number))):
        number -= len(block)


def _verdict(url: str, error: urllib.error.HTTPError) -> Exception:
    """What an answer other than success means."""
    if error.code in _PASSING:
        return _PassingError(f"it answered {error.code}{_MEANS.get(error.code, '')}", _retry_after(error.headers))
    if error.code in _NOT_THERE:
        return NotThereError(f"{url} is not there ({error.code}).")
    if error.code == 416:
        return ChangedError(f"{url} no longer has the part that was asked for. Run the same command again.")
    return UnreachableError(
        f"{url} is refused with {error.code} ({error.reason}). Check the address, and the proxy where there is one."
    )


_MEANS = {429: " (too many requests)", 503: " (too busy)"}


def _retry_after(headers: Any) -> float | None:
    """Seconds that the server asks us to wait; a date counts from the server's own."""
    given = headers.get("Retry-After") or ""
    if given.isdigit():
        return float(given)
    try:
        return max(0.0, (parsedate_to_datetime(given) - parsedate_to_datetime(headers.get("Date"))).total_seconds())
    except (TypeError, ValueError):
        return None


def _words(error: BaseException) -> str:
    """What went wrong on the way, in a few words."""
    reason = getattr(error, "reason", error)
    if isinstance(reason, TimeoutError):
        return "it did not answer in time"
    return getattr(reason, "strerror", None) or str(reason) or type(reason).__name__


def _host(url: str) -> str:
    return urlsplit(url).hostname or url
