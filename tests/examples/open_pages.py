"""What the browser's tests share: pages to open, an open page, and ways to find things on it."""

import importlib.util
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from pathlib import Path

import made_up_report as examples
import pytest

from hotspots.reporting.comparison import comparison_page
from hotspots.reporting.comparison.compare_runs import Run
from hotspots.reporting.pages import report_pages
from hotspots.reporting.report import Report
from hotspots.reporting.web_map import base_layers, map_page
from hotspots.targeting import change

sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

CHROMIUM = Path("/usr/bin/chromium")
WIDE, NARROW = (1280, 800), (360, 740)
REPORT_PAGES = ["index.html", *(page.file for page in report_pages.PAGES)]
ALL_PAGES = [*REPORT_PAGES, "map.html", "public/index.html", "compared.html"]

needs_browser = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.is_file(), reason=f"{CHROMIUM} is not installed"),
]


@dataclass
class Visit:
    """An open page, with what it complained about and asked for."""

    page: "sync_api.Page"
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


Open = Callable[..., AbstractContextManager[Visit]]


def compared(report: Report) -> str:
    """The page that sets a run beside itself a month on, with a few areas gone."""
    shapes = report.hotspots.sort_values("hotspot_id", ignore_index=True)
    areas = report.patrol_areas.reset_index(drop=True)
    side = Run(
        force="littleshire",
        name=report.force_name,
        as_of=report.as_of,
        facts={"counts": {"rows_in": 9}, "settings": report.settings, "inputs": report.inputs, "findings": []},
        areas=areas.assign(id=areas["patrol_area_id"]),
        hotspots=shapes.assign(id=shapes["hotspot_id"], rank=shapes.groupby("family", observed=True).cumcount() + 1),
        base_map=base_layers.parse_base_map(map_page.draw_map(report)),
    )
    later = replace(
        side,
        areas=side.areas.iloc[7:].reset_index(drop=True),
        facts=side.facts | {"findings": list(examples.HOSTILE[:9])},
    )
    return comparison_page.draw_page(side, later, change.match_areas)


def axe_script() -> str:
    """The checker of the accessibility engine axe, from the test dependency that ships it."""
    package = importlib.util.find_spec("axe_playwright_python")
    if package is None or package.origin is None:
        pytest.skip("axe-playwright-python, which ships axe, is not installed")
    return Path(package.origin).with_name("axe.min.js").read_text(encoding="utf-8")


def layer(page: "sync_api.Page", name: str) -> "sync_api.Locator":
    return page.locator(".leaflet-control-layers label", has_text=name).locator("input")


def displayed(page: "sync_api.Page", selector: str) -> int:
    """The number of elements that no style hides, in view or not."""
    shown = "all => all.filter((one) => getComputedStyle(one).display !== 'none').length"
    return int(page.locator(selector).evaluate_all(shown))


def popup_title(page: "sync_api.Page") -> str:
    return page.locator(".leaflet-popup h2").inner_text()


def width_of(page: "sync_api.Page") -> int:
    return int(page.evaluate("document.documentElement.scrollWidth"))
