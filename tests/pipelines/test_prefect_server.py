"""A Prefect server that cannot be used is one sentence, at once, before a run waits for it."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import forked_command
import pytest

from pipelines import prefect_server


@contextmanager
def serve(status: int, body: bytes) -> Iterator[str]:
    """A server that gives this answer to everything; its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/api"
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def listen(*, answers: bool) -> Iterator[str]:
    """An address that is closed, or accepts connections and never answers."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        if answers:
            listener.listen()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/api"


# inputs


@pytest.mark.parametrize("url", ["banana", "ftp://127.0.0.1/api", "http://", "http://[::1", "http://127.0.0.1:x/api"])
def test_an_address_that_is_none_is_reported(url: str) -> None:
    assert "expected an address like http://127.0.0.1:4200/api" in prefect_server.find_fault(url)


# answers


def test_a_server_that_answers_as_prefect_is_in_order() -> None:
    with serve(200, b"true") as url:
        assert prefect_server.find_fault(url) == ""
        assert prefect_server.find_fault(f"{url}/") == ""


def test_a_server_that_asks_for_a_password_is_there() -> None:
    with serve(401, b"") as url:
        assert prefect_server.find_fault(url) == ""


@pytest.mark.parametrize(
    ("status", "body", "says"),
    [
        (500, b"", "it answers with status 500"), (404, b"", "it answers with status 404"),
        (200, b"<html>", "what answers there is not Prefect"),
    ],
)  # fmt: skip
def test_a_server_that_fails_is_reported(status: int, body: bytes, says: str) -> None:
    with serve(status, body) as url:
        fault = prefect_server.find_fault(url.replace("//", "//somebody:secret@", 1))
        assert says in prefect_server.find_fault(url)
    assert "secret" not in fault


def test_a_closed_port_is_reported_at_once() -> None:
    with listen(answers=False) as url:
        started = time.monotonic()
        assert "no connection (Connection refused)" in prefect_server.find_fault(url)
        assert time.monotonic() - started < 2


def test_a_server_that_never_answers_is_reported_after_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prefect_server, "TIMEOUT_SECONDS", 0.2)
    with listen(answers=True) as url:
        assert "it does not answer within 0.2 seconds" in prefect_server.find_fault(url)


# promises


@pytest.mark.parametrize("command", ["weekly", "doctor"])
@pytest.mark.parametrize("url", ["", "banana"], ids=["closed", "no address"])
def test_a_command_that_needs_the_server_ends_with_a_sentence(tmp_path: Path, command: str, url: str) -> None:
    with listen(answers=False) as closed:
        done = forked_command.run([command], tmp_path, PREFECT_API_URL=url or closed)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    said = done.stderr if command == "weekly" else done.stdout
    line = next(line for line in said.splitlines() if "PREFECT_API_URL" in line)
    assert line.startswith("hotspots: " if command == "weekly" else "BAD ")
    assert "run with --direct" in line
