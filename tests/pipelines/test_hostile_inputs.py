"""Hostile texts in every text field of every input file: in every file of the report they are texts and no more."""

import csv
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import cycle
from pathlib import Path
from xml.etree import ElementTree

import made_up_files as barset
import openpyxl
import pyogrio
import pytest
from hostile_texts import HOSTILE

from hotspots.town import littleham
from pipelines import settings as force_settings
from pipelines.weekly import weekly

# Columns that must hold numbers, dates or words of a closed list, or the row is none; all others are spoilt.
_KEPT = {
    "incidents.csv": {"Type", "Recorded", "From", "To", "Easting", "Northing"},
    "survey.csv": {"Submitted", "Postcode", "Longitude", "Latitude", "What worries you most?"},
    "patrol_log.csv": {"Start", "End"},
    "street": {"Month", "Longitude", "Latitude", "Crime type", "Reported by", "Falls within", "LSOA code"},
}
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
_TURNS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029]")
_TEXTS = tuple(text for text in HOSTILE if "\x00" not in text)  # a file with NUL bytes is refused as no text


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


def spoil(path: Path, kept: set[str]) -> None:
    """Each different value of every other column becomes a hostile text, the same one wherever it stands."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        heads, rows = list(reader.fieldnames or ()), list(reader)
    for head in set(heads) - kept:
        texts = cycle(_TEXTS[len(head) :] + _TEXTS[: len(head)])
        values = list(dict.fromkeys(row[head] for row in rows if row[head]))
        is_key = head == heads[0]
        spoilt = {
            value: f"{text}{n} {path.name}" if is_key else text
            for n, (value, text) in enumerate(zip(values, texts, strict=False))
        }
        for row in rows:
            row[head] = spoilt.get(row[head], "")
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, heads)
        writer.writeheader()
        writer.writerows(rows)


def spoil_places(path: Path) -> None:
    collection = json.loads(path.read_text(encoding="utf-8"))
    texts = cycle(_TEXTS)
    for feature in collection["features"]:
        told = feature["properties"]
        for name in set(told) - {"force", "kind", "valid_from", "valid_to"}:
            told[name] = next(texts) + (str(told[name]) if name == "place_code" else "")
    path.write_text(json.dumps(collection), encoding="utf-8")


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Path]]:
    """A week from a force's own export, and one from published files."""
    folder = tmp_path_factory.mktemp("hostile")
    littleham.write_town(littleham.build_town(littleham.TownParams()), folder / "littleham")
    for name in ("incidents.csv", "survey.csv", "patrol_log.csv"):
        spoil(folder / "littleham" / name, _KEPT[name])
    spoil_places(folder / "littleham" / "places.geojson")
    barset.write_raw(folder / "barset")
    barset.write_survey(folder / "barset" / "lets-talk.csv", _TEXTS)
    for path in (folder / "barset").glob("*/*-barset-street.csv"):
        spoil(path, _KEPT["street"])
    found = {}
    for name in ("littleham", "barset"):
        settings = (
            force_settings.read_settings("littleham")[0]
            if name == "littleham"
            else force_settings.from_toml(barset.SETTINGS, "barset.toml")
        )
        summary = weekly(settings, (folder / name,), folder / "processed", folder / "reports")
        found[name] = Path(str(summary["report"]))
    yield found


@pytest.fixture(params=["littleham", "barset"])
def report(request: pytest.FixtureRequest, reports: dict[str, Path]) -> Path:
    return reports[request.param]


def texts_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def test_two_hundred_texts_come_in_and_many_come_out(reports: dict[str, Path]) -> None:
    assert len(_TEXTS) >= 200
    index = texts_of(reports["littleham"] / "map.html")
    assert index.count("&lt;script&gt;") > 20 and "{{ 7*7 }}" in index.replace("&#39;", "'")


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


def test_no_cell_of_a_workbook_is_a_formula_or_a_link(report: Path) -> None:
    for path in report.rglob("*.xlsx"):
        for sheet in openpyxl.load_workbook(path):
            for row in sheet.iter_rows():
                for cell in row:
                    assert cell.data_type != "f" and cell.hyperlink is None
                    assert not (isinstance(cell.value, str) and cell.value.startswith(_FORMULA))


def test_maps_and_layers_still_open(report: Path) -> None:
    for path in report.rglob("*.geojson"):
        assert json.loads(texts_of(path))["type"] == "FeatureCollection"
    for path in report.rglob("*.kml"):
        told = [
            element.text or "" for element in ElementTree.parse(path).getroot().iter() if element.tag.endswith("tion")
        ]
        assert not [text for text in told if re.search(r"<(?!br/>)", text)]
    for path in report.rglob("*.gpkg"):
        for layer, _ in pyogrio.list_layers(path):
            assert len(pyogrio.read_dataframe(path, layer=layer)) > 0


def test_nothing_turns_the_text_around_or_breaks_its_lines(report: Path) -> None:
    for path in report.rglob("*"):
        if path.suffix in (".html", ".csv", ".kml", ".txt"):
            found = _TURNS.search(texts_of(path))
            assert found is None, (path.name, texts_of(path)[max(found.start() - 60, 0) : found.start() + 60])
