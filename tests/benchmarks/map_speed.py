"""How soon a map is drawn in Chromium without network, and how large it is: one force, and 5,000 areas.

    python tests/benchmarks/map_speed.py [REPORT/map.html ...]

Prints, for each map, its size, the seconds from opening to the second frame after its script has run (the best of
five), and beside it the same areas as Folium's own GeoJson layer draws them, without tables, numbers or search.
"""

import json
import sys
import tempfile
import time
from pathlib import Path

import folium

sys.path.insert(0, str(Path(__file__).parents[1] / "examples"))

import made_up_report as examples

from hotspots.reporting.report import Report
from hotspots.reporting.web_map import leaflet, map_page

CHROMIUM = "/usr/bin/chromium"
RUNS = 5
DRAWN = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


def main() -> None:
    """Draw, open, print."""
    from playwright.sync_api import sync_playwright

    folder = Path(tempfile.mkdtemp())
    force, many = examples.report(), examples.report(patrol_areas=examples.made_areas(2500))
    pages = [Path(name) for name in sys.argv[1:]]
    for name, report in (("one force", force), ("5,000 areas", many)):
        began = time.perf_counter()
        path = folder / f"{name}.html"
        path.write_text(map_page.draw_map(report), encoding="utf-8")
        print(f"{name}: made in {time.perf_counter() - began:.1f} s")
        pages += [path, plain_folium(report, folder / f"{name}, plain Folium.html")]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for path in pages:
            seconds = min(opened(browser, path) for _ in range(RUNS))
            print(f"{path.stem:28} {path.stat().st_size / 1e6:6.2f} MB {seconds:6.2f} s")
        browser.close()


def opened(browser: object, path: Path) -> float:
    """Seconds until the page stands."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, offline=True)  # type: ignore[attr-defined]
    page = context.new_page()
    began = time.perf_counter()
    page.goto(path.as_uri())
    page.evaluate(DRAWN)
    seconds = time.perf_counter() - began
    context.close()
    return seconds


def plain_folium(report: Report, path: Path) -> Path:
    """The same areas with pop-ups, as Folium draws them by itself, Leaflet inlined."""
    drawn = folium.Map(tiles=None, location=[51.5, -1.9], zoom_start=9)
    drawn.default_js, drawn.default_css = [], []
    areas = report.patrol_areas.to_crs("EPSG:4326")[["main_location", "expected", "reason", "geometry"]]
    fields = ["main_location", "expected", "reason"]
    layer = folium.GeoJson(json.loads(areas.to_json()), popup=folium.GeoJsonPopup(fields))
    layer.add_to(drawn)
    page = drawn.get_root().render()
    head = f"<style>{leaflet.read_styles()}</style><script>{leaflet.read_script()}</script>"
    path.write_text(page.replace("<head>", f"<head>{head}", 1), encoding="utf-8")
    return path


if __name__ == "__main__":
    main()
