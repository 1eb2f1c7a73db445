"""A browser that has no network, and the pages of three runs for it to open."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import made_up_report as examples
import pytest
from open_pages import CHROMIUM, WIDE, Open, Visit, compared, sync_api

from hotspots.reporting import write_report
from hotspots.reporting.report import Report


@pytest.fixture(scope="session")
def reports(made_once: Callable[..., Path]) -> dict[str, Path]:
    """Folders of three reports, each with a page that compares the report with itself."""

    def pages(name: str, make: Callable[[], Report]) -> Path:
        def fill(folder: Path) -> None:
            report = make()
            written = made_once(f"report_{name}", lambda empty: write_report.write_report(report, empty))
            shutil.copytree(written, folder, dirs_exist_ok=True)
            (folder / "compared.html").write_text(compared(report), encoding="utf-8")

        return made_once(f"pages_{name}", fill)

    makers = {"full": examples.report, "bare": examples.bare, "hostile": examples.hostile}
    return {name: pages(name, make) for name, make in makers.items()}


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
