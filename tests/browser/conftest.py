"""A browser that has no network, and the pages of three runs for it to open."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import made_up_report as examples
import pytest
from open_pages import CHROMIUM, WIDE, Open, Visit, compared, sync_api

from hotspots.reporting import write_report


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    made = {"full": examples.report(), "bare": examples.bare(), "hostile": examples.hostile()}
    folders = {name: tmp_path_factory.mktemp(name) for name in made}
    for name, report in made.items():
        write_report.write_report(report, folders[name])
        (folders[name] / "compared.html").write_text(compared(report), encoding="utf-8")
    return folders


@pytest.fixture(scope="module")
def browser() -> Iterator["sync_api.Browser"]:
    with sync_api.sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"])
        yield running
        running.close()


@pytest.fixture
def opened(browser: "sync_api.Browser", reports: dict[str, Path]) -> Open:
    @contextmanager
    def visit(
        name: str, size: tuple[int, int] = WIDE, run: str = "full", *, script: bool = True, **more: object
    ) -> Iterator[Visit]:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, offline=True, java_script_enabled=script, **more
        )
        page = context.new_page()
        seen = Visit(page)
        page.on("console", lambda message: seen.complaints.append(message.text))
        page.on("pageerror", lambda error: seen.complaints.append(str(error)))
        page.on("dialog", lambda dialog: seen.complaints.append(f"dialog {dialog.message}"))
        page.on("request", lambda request: seen.requests.append(request.url))
        file, _, part = name.partition("#")
        page.route(lambda url: not url.startswith("file:"), lambda route: route.abort())
        page.goto((reports[run] / file).as_uri() + (f"#{part}" if part else ""))
        yield seen
        context.close()

    return visit
