"""A made-up data.police.uk on loopback that misbehaves as the real one, or a proxy before it, does."""

import functools
import hashlib
import io
import json
import struct
import threading
import time
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import geopandas as gpd
import shapely

HEADER = (
    "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,"
    "Last outcome category,Context\n"
)


@functools.cache
def street_csv(month: str, force: str, rows: int = 300) -> bytes:
    """A street file of made-up rows in Swindon, different in every month and force."""
    start = zlib.crc32(f"{month}{force}".encode())
    lines = [
        f"{zlib.crc32(f'{start}{row}'.encode()):08x}{zlib.crc32(f'{row}{start}'.encode()):08x},{month},Police,Police,"
        f"-1.7{(start + row * 7919) % 9973:04d},51.5{(start + row * 104729) % 9973:04d},On or near Mill Lane,E01000001,"
        f"Littleham 001A,Burglary,,\n"
        for row in range(rows)
    ]
    return (HEADER + "".join(lines)).encode()


def archive_of(months: list[str], forces: list[str], rows: int = 300, **more: bytes) -> bytes:
    """A monthly archive; `more` members by name. The last member is as long as what is read to list the members."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for month in months:
            for force in forces:
                for kind in ("street", "outcomes"):
                    info = zipfile.ZipInfo(f"{month}/{month}-{force}-{kind}.csv", (2025, 12, 1, 0, 0, 0))
                    info.compress_type = zipfile.ZIP_DEFLATED
                    archive.writestr(info, street_csv(month, force, rows if kind == "street" else 5))
        for name, content in {**more, "padding.bin": bytes(1 << 20)}.items():
            archive.writestr(zipfile.ZipInfo(name, (2025, 12, 1, 0, 0, 0)), content)
    return file.getvalue()


def damaged(archive: bytes, name: str) -> bytes:
    """The archive with one byte of a member turned over."""
    info = zipfile.ZipFile(io.BytesIO(archive)).getinfo(name)
    at = info.header_offset + 30 + len(name) + info.compress_size // 2
    return archive[:at] + bytes([archive[at] ^ 0xFF]) + archive[at + 1 :]


def with_size(archive: bytes, name: str, size: int) -> bytes:
    """The archive whose list of members gives another unpacked size for one of them."""
    at = archive.rindex(name.encode()) - 46
    assert archive[at : at + 4] == b"PK\x01\x02"
    return archive[: at + 24] + struct.pack("<L", size) + archive[at + 28 :]


def square(longitude: float, latitude: float, side: float = 0.02) -> list[dict[str, str]]:
    """The points of a square, as the API gives them: text, and the first one again at the end."""
    corners = [(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)]
    return [{"latitude": f"{latitude + y * side:.6f}", "longitude": f"{longitude + x * side:.6f}"} for x, y in corners]


@dataclass
class Asked:
    """One request that arrived."""

    path: str
    range: str
    agent: str
    at: float


@dataclass
class Fault:
    """What the server does instead of answering, once: a status, or bytes after which it cuts or goes silent."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    cut_after: int | None = None
    silent_seconds: float = 0.0
    before: Callable[[], None] | None = None


class MadeUpSite:
    """Files by path, faults waiting by path (first in, first out), and what was asked."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.etags: dict[str, str] = {}
        self.redirects: dict[str, str] = {}
        self.faults: dict[str, list[Fault]] = {}
        self.asked: list[Asked] = []
        self.clock: Callable[[], float] = time.monotonic
        self.gives_parts = True
        self.drip: tuple[int, float] | None = None  # bytes and seconds between them
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_of(self))
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def encrypt(self, context: Any) -> None:
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)

    def put_json(self, path: str, answer: object) -> None:
        self.files[path] = json.dumps(answer).encode()

    def put_archive(self, name: str, content: bytes, etag: str = '"one"') -> str:
        path = f"/data/archive/{name}.zip"
        self.files[path], self.etags[path] = content, etag
        return path

    def put_neighbourhoods(self, force: str, outlines: dict[str, list[dict[str, str]] | None]) -> None:
        self.put_json(f"/api/{force}/neighbourhoods", [{"id": code, "name": f"Beat {code}"} for code in outlines])
        for code, points in outlines.items():
            if points is not None:
                self.put_json(f"/api/{force}/{code}/boundary", points)

    def put_roads(self, folder: Path, list_path: str = "/roads") -> str:
        """Put OS Open Roads with one road in Wiltshire, packed as Ordnance Survey does, and its list."""
        link = shapely.LineString([(415_000, 184_000), (415_400, 184_100)])
        frame = gpd.GeoDataFrame({"road_function": ["Local Road"], "name_1": ["Mill Lane"]}, geometry=[link], crs=27700)
        frame.to_file(folder / "oproad_gb.gpkg", layer="road_link")
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("Doc/licence.txt", "OGL")
            archive.writestr("Data/oproad_gb.gpkg", (folder / "oproad_gb.gpkg").read_bytes())
        path, content = "/files/oproad_gpkg_gb.zip", packed.getvalue()
        self.files[path] = content
        self.redirects[f"{list_path}&redirect"] = path
        self.list_roads(list_path, md5=hashlib.md5(content).hexdigest(), size=len(content))
        return path

    def list_roads(self, list_path: str, **facts: object) -> None:
        entry = {"url": f"{self.url}{list_path}&redirect", "fileName": "oproad_gpkg_gb.zip", "area": "GB"}
        self.put_json(list_path, [{**entry, **facts}])

    def fail(self, path: str, *faults: Fault) -> None:
        self.faults.setdefault(path, []).extend(faults)

    def asked_for(self, path: str) -> list[Asked]:
        return [asked for asked in self.asked if asked.path == path]


def _handler_of(site: MadeUpSite) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *args: object) -> None:
            pass

        def do_GET(self) -> None:
            path = self.path.partition("127.0.0.1")[2].partition("/")[2] if "://" in self.path else self.path
            path = path if path.startswith("/") else f"/{path}"
            given = self.headers.get("Range") or ""
            site.asked.append(Asked(self.path, given, self.headers.get("User-Agent") or "", site.clock()))
            fault = site.faults[path].pop(0) if site.faults.get(path) else Fault()
            if fault.before:
                fault.before()
            if fault.status:
                self._answer(fault.status, b"", fault.headers)
            elif path in site.redirects:
                self._answer(302, b"", {"Location": site.redirects[path]})
            elif path not in site.files:
                self._answer(404, b"Not Found", {})
            else:
                self._give(path, given, fault)

        def _give(self, path: str, given: str, fault: Fault) -> None:
            content = site.files[path]
            headers = {"Last-Modified": "Mon, 01 Dec 2025 00:00:00 GMT"}
            if path in site.etags:
                headers["ETag"] = site.etags[path]
            status = 200
            if given and site.gives_parts:
                first, _, last = given.removeprefix("bytes=").partition("-")
                start, end = int(first), min(int(last), len(content) - 1)
                if start >= len(content):
                    self._answer(416, b"", {"Content-Range": f"bytes */{len(content)}"})
                    return
                headers["Content-Range"] = f"bytes {start}-{end}/{len(content)}"
                content, status = content[start : end + 1], 206
            self._answer(status, content, headers, fault)

        def _answer(self, status: int, body: bytes, headers: dict[str, str], fault: Fault | None = None) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            fault = fault or Fault()
            try:
                self._write(body if fault.cut_after is None else body[: fault.cut_after])
                if fault.silent_seconds:
                    self.wfile.flush()
                    time.sleep(fault.silent_seconds)
            except OSError:
                pass  # whoever asked has gone
            self.close_connection = True

        def _write(self, body: bytes) -> None:
            if not site.drip:
                self.wfile.write(body)
                return
            size, seconds = site.drip
            for at in range(0, len(body), size):
                self.wfile.write(body[at : at + size])
                self.wfile.flush()
                time.sleep(seconds)

    return Handler
