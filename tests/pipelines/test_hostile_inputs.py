"""Hostile texts in every text field of every input file: in every file of the report they are texts and no more."""

import csv
import json
import re
from collections.abc import Callable
from datetime import date
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pyogrio
import pypdfium2
import pytest
import shapely
import spoilt_inputs
from python_calamine import CalamineWorkbook

from pipelines.commands import compare
from pipelines.flows.weekly import weekly

_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
_TURNS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029]")
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")


class Page(HTMLParser):
    """Elements of a page, and attributes that act."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.acts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.acts += [f"{name}={value}" for name, value in attributes if name.startswith("on") or name == "srcdoc"]
        links = [value or "" for name, value in attributes if name in ("href", "src", "action", "formaction")]
        self.acts += [link for link in links if re.match(r"\s*(?:[a-z]+:|//)", link, re.IGNORECASE)]


RUNS = ("littleham", "barset", "filled_in")


@pytest.fixture(scope="module")
def report_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """A week from a force's own export, one from published files, one from workbooks, layers and lists filled in."""
    folder = tmp_path_factory.mktemp("hostile")

    @cache
    def make(name: str) -> Path:
        raw, out = folder / name, folder / f"{name}-out"
        if name != "filled_in":
            write = {"littleham": spoilt_inputs.write_littleham, "barset": spoilt_inputs.write_barset}[name]
            return run(write(raw), raw, out)
        settings = spoilt_inputs.write_workbooks_and_layers(raw)
        first = run(settings, raw, out, date(2026, 3, 22))
        spoilt_inputs.fill_in(raw, first)
        second = run(settings, raw, out, date(2026, 3, 29))
        compare.compare_reports(str(first), str(second), out, second)
        return second

    return make


def run(settings: spoilt_inputs.Settings, raw: Path, folder: Path, as_of: date | None = None) -> Path:
    """The report of a week."""
    return Path(str(weekly(settings, (raw,), folder / "processed", folder / "reports", as_of=as_of)["report"]))


@pytest.fixture(params=RUNS)
def report(request: pytest.FixtureRequest, report_of: Callable[[str], Path]) -> Path:
    return report_of(request.param)


def texts_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def test_two_hundred_texts_come_in_and_many_come_out(report_of: Callable[[str], Path]) -> None:
    assert len(spoilt_inputs.TEXTS) >= 200
    index = texts_of(report_of("littleham") / "map.html")
    # Most texts stand in addresses, of which only streets are kept; those in other fields still come out.
    assert index.count("&lt;script&gt;") > 10 and "{{ 7*7 }}" in index.replace("&#39;", "'")


def test_what_people_filled_in_comes_out_too(report_of: Callable[[str], Path]) -> None:
    found = report_of("filled_in")
    assert "answered-" in texts_of(found / "run.json")
    for name in (
        "priorities.csv",
        "confidence.csv",
        "referrals/index.html",
        "areas.html",
        "residents.html",
        "public/index.html",
    ):
        assert "alert" in texts_of(found / name), name
    assert "example.org" in texts_of(found / "patrol_areas.csv"), "decisions rename areas"


def test_pages_hold_no_element_and_no_deed_of_a_text(report: Path) -> None:
    strange = {"img", "iframe", "math", "object", "form", "base", "link", "embed", "template", "mtext"}
    for path in report.rglob("*.html"):
        page = Page(texts_of(path))
        assert page.acts == [] and not page.tags & strange, path.name
        if path.name != "map.html":
            assert "input" not in page.tags, path.name


def test_no_cell_of_a_csv_is_a_formula(report: Path) -> None:
    for path in report.rglob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            cells = [cell for row in csv.reader(file) for cell in row]
        formulas = [cell for cell in cells if cell.startswith(_FORMULA) and not re.fullmatch(r"-?[\d.e-]+", cell)]
        assert formulas == [], path.name


def test_numbers_stay_numbers_also_below_nought(report: Path) -> None:
    with (report / "patrol_areas.csv").open(encoding="utf-8", newline="") as file:
        west = [row["longitude"] for row in csv.DictReader(file)]
    assert west and all(-9 < float(text) < 2 for text in west) and any(text.startswith("-") for text in west)
    rows = CalamineWorkbook.from_path(report / "patrol_areas.xlsx").get_sheet_by_name("All columns").to_python()
    column = rows[0].index("longitude")
    assert all(isinstance(row[column], float) for row in rows[1:])


def test_no_cell_of_a_workbook_is_a_formula_or_a_link(report: Path) -> None:
    for path in report.rglob("*.xlsx"):
        for sheet in openpyxl.load_workbook(path):
            for row in sheet.iter_rows():
                for cell in row:
                    assert cell.data_type != "f" and cell.hyperlink is None
                    assert not (isinstance(cell.value, str) and cell.value.startswith(_FORMULA))


def test_maps_and_layers_still_open(report: Path) -> None:
    for path in report.rglob("*.geojson"):
        features = json.loads(texts_of(path))["features"]
        assert all(shapely.from_geojson(json.dumps(one["geometry"])).is_valid for one in features if one["geometry"])
        assert len(pyogrio.read_dataframe(path)) == len(features)
    for path in report.rglob("*.kml"):
        told = [
            element.text or "" for element in ElementTree.parse(path).getroot().iter() if element.tag.endswith("tion")
        ]
        assert not [text for text in told if re.search(r"<(?!br/>)", text)]
        assert sum(len(pyogrio.read_dataframe(path, layer=name)) for name, _ in pyogrio.list_layers(path)) > 0
    for path in report.rglob("*.gpkg"):
        for layer, _ in pyogrio.list_layers(path):
            assert len(pyogrio.read_dataframe(path, layer=layer)) > 0


def test_sheets_hold_the_texts_within_their_page(report: Path) -> None:
    sheets = list(report.rglob("*.pdf"))
    assert sheets
    for path in sheets:
        with pypdfium2.PdfDocument(path) as document:
            for page in document:
                assert [round(size) for size in page.get_size()] == [595, 842]
                text = page.get_textpage()
                assert len(text.get_text_range()) > 20
                for number in range(text.count_rects()):
                    left, bottom, right, top = text.get_rect(number)
                    assert left >= 0 and bottom >= 0 and right <= 595 and top <= 842, path.name
        raw = path.read_bytes()
        assert not re.search(rb"/(JavaScript|JS|Launch|URI|EmbeddedFile)\b", raw), path.name


def test_the_manifest_can_be_read_and_short_texts_are_short(report: Path) -> None:
    facts = json.loads(texts_of(report / "run.json"))
    assert facts["counts"]["incidents_in_window"] > 0
    for path in report.rglob("*.txt"):
        text = texts_of(path)
        assert text.endswith("\n") and text.count("\n") == 1 and len(text) <= 460
        assert not text.startswith(_FORMULA) and not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", text)


def test_names_of_files_do_on_every_system(report: Path) -> None:
    names = [path.relative_to(report).as_posix() for path in report.rglob("*")]
    assert len({name.lower() for name in names}) == len(names)
    for name in names:
        for part in name.split("/"):
            assert re.fullmatch(r"[a-z0-9][a-z0-9_.-]{0,100}", part) and not part.endswith("."), name
            assert not _RESERVED.fullmatch(part), name


def test_teams_of_nasty_names_have_a_sheet_and_an_update_each(report_of: Callable[[str], Path]) -> None:
    found = report_of("filled_in")
    _, areas = spoilt_inputs.read_rows(found / "patrol_areas.csv")
    assert len({area["team_name"] for area in areas}) == len(list((found / "briefings").glob("*.pdf"))) > 6
    assert len(list((found / "public" / "updates").glob("*.html"))) > 6


def test_nothing_turns_the_text_around_or_breaks_its_lines(report: Path) -> None:
    for path in report.rglob("*"):
        if path.suffix in (".html", ".csv", ".kml", ".txt"):
            found = _TURNS.search(texts_of(path))
            assert found is None, (path.name, texts_of(path)[max(found.start() - 60, 0) : found.start() + 60])


@pytest.mark.browser
@pytest.mark.skipif(not Path("/usr/bin/chromium").is_file(), reason="/usr/bin/chromium is not installed")
def test_a_browser_draws_every_page_and_nothing_of_a_text_acts(report: Path) -> None:
    sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    acting = (
        "() => [...document.querySelectorAll('*')].filter((one) => [...one.attributes].some((given) => /^on|^srcdoc$/"
        ".test(given.name) || /^\\s*(javascript|data|https?):/i.test(given.name === 'href' ? given.value : ''))).length"
    )
    seen: list[str] = []
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_context(offline=True).new_page()
        page.on("console", lambda message: seen.append(message.text))
        page.on("pageerror", lambda error: seen.append(str(error)))
        page.on("dialog", lambda dialog: seen.append(f"dialog {dialog.message}"))
        page.on("request", lambda asked: seen.append(asked.url) if not asked.url.startswith("file:") else None)
        for path in sorted(report.rglob("*.html")):
            page.goto(path.as_uri())
            title = page.title()
            assert page.locator("h1").is_visible() and page.evaluate(acting) == 0, path.name
            if path.name == "map.html":
                shown = page.locator("[data-area]:visible")  # of one family
                for number in range(min(shown.count(), 12)):
                    shown.nth(number).click()
                    inside = page.locator(".leaflet-popup-content :not(div, h2, dl, dt, dd)")
                    assert inside.count() == 0
            assert page.title() == title and page.url.startswith(path.as_uri())
        browser.close()
    assert [one for one in seen if not one.startswith("data:image")] == []
