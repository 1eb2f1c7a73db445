import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import made_up_report as examples
import pytest

from hotspots import tables
from hotspots.reporting import maps, site
from hotspots.reporting.report import Report

PAGES = ("index.html", "map.html")
REQUESTS = (
    r"""(?:src|href|action|data|poster|srcset|background)\s*=\s*["']?\s*(?:https?:)?//""",
    r"""url\(\s*["']?\s*(?:https?:)?//""",
    r"@import",
    r"\bfetch\s*\(|XMLHttpRequest|WebSocket|EventSource|sendBeacon|importScripts|\bimport\s*\(",
    r"<(?:link|iframe|object|embed|base|form|img|audio|video|source)\b",
)


class Page(HTMLParser):
    """What a page is made of: elements with their attributes, headings, text outside scripts and styles."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.inside = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attributes)))
        self.inside = tag

    def handle_endtag(self, tag: str) -> None:
        self.inside = ""

    def handle_data(self, data: str) -> None:
        if self.inside not in ("script", "style"):
            self.text += data

    def tags(self) -> list[str]:
        return [tag for tag, _ in self.elements]


def read(folder: Path, name: str) -> str:
    return (folder / name).read_text(encoding="utf-8")


def without_texts(page: str) -> str:
    """The page without the data that stands in it as text."""
    return re.sub(r'<script type="application/json".*?</script>', "", page, flags=re.DOTALL)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_asks_for_nothing(written: Path, name: str) -> None:
    for pattern in REQUESTS:
        assert not re.search(pattern, without_texts(read(written, name))), pattern


@pytest.mark.parametrize("name", PAGES)
def test_styles_refer_to_nothing_but_what_they_hold(written: Path, name: str) -> None:
    styles = "".join(re.findall(r"<style>(.*?)</style>", read(written, name), flags=re.DOTALL))
    assert styles and not re.search(r"url\((?!data:)", styles)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_says_its_language_title_and_what_it_may_load(written: Path, name: str) -> None:
    page = Page(read(written, name))
    assert ("html", {"lang": "en-GB"}) in page.elements
    assert "Littleshire Police, 30 September 2025" in page.text
    assert page.tags()[: page.tags().index("body")].count("title") == 1
    policy = [given["content"] for tag, given in page.elements if given.get("http-equiv") == "Content-Security-Policy"]
    assert policy == ["default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:"]
    viewport = [given["content"] for tag, given in page.elements if given.get("name") == "viewport"]
    assert viewport == ["width=device-width, initial-scale=1"]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_shows_marking_day_expiry_and_licence(written: Path, name: str) -> None:
    text = " ".join(Page(read(written, name)).text.split())
    for said in ("OFFICIAL", "30 September 2025", "Not for use after 4 November 2025", "Open Government Licence v3.0"):
        assert said in text


@pytest.mark.parametrize("name", PAGES)
def test_the_licence_of_data_police_uk_is_named_only_where_it_is_the_source(run: Report, name: str) -> None:
    source = run.incidents["source"].cat.set_categories(["police_uk", "force_export"])
    own = examples.report(incidents=run.incidents.assign(source=source.where(source.isna(), "force_export")))
    text = site.draw_index(own) if name == "index.html" else maps.draw_map(own)
    assert "Open Government Licence" not in text and "records of Littleshire Police" in text


@pytest.mark.parametrize("name", PAGES)
def test_hostile_texts_add_no_element_and_no_handler(written: Path, hostile_written: Path, name: str) -> None:
    page, kind = Page(read(hostile_written, name)), Page(read(written, name))
    assert set(page.tags()) <= set(kind.tags()) | {"ol", "ul", "small"}
    for tag in ("script", "style", "meta", "title", "h1", "main", "svg"):
        assert page.tags().count(tag) == kind.tags().count(tag), tag
    handlers = [key for _, given in page.elements for key in given if key.startswith("on")]
    assert handlers == []
    links = [given["href"] or "" for tag, given in page.elements if tag == "a"]
    assert all(re.match(r"(?:#|index\.html|map\.html|[\w.]+$)", link) for link in links)


def test_hostile_data_cannot_leave_the_script_it_stands_in(hostile_written: Path) -> None:
    data = re.search(r'<script type="application/json" id="data">(.*?)</script>', read(hostile_written, "map.html"))
    assert data is not None and not re.search(r"[<>&'\u2028\u2029]", data[1])


def test_braces_in_a_text_are_no_template(hostile_written: Path) -> None:
    for name in PAGES:
        assert "{{ 7*7 }}" in read(hostile_written, name).replace("&#39;", "'")


def test_headings_go_down_one_step_at_a_time(written: Path) -> None:
    levels = [int(tag[1]) for tag in Page(read(written, "index.html")).tags() if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_the_page_ranks_twenty_areas_of_each_family_and_names_the_rest(written: Path) -> None:
    text = read(written, "index.html")
    assert text.count('<tr data-team="') == 40
    assert text.count("30 more areas stand in") == 2


def test_the_page_says_what_to_know_in_five_lines_at_most(run: Report) -> None:
    for one in (run, examples.bare()):
        found = re.search(r'id="to-know".*?</section>', site.draw_index(one), flags=re.DOTALL)
        assert found is not None and 3 <= found[0].count("<li>") <= 5


def test_a_first_run_has_nothing_to_compare_with(run: Report) -> None:
    first = run.hotspots.assign(status=run.hotspots["status"].where(run.hotspots["status"].isna()))
    report = examples.report(hotspots=first, previous_as_of=None)
    assert report.is_first_run
    assert "First run: nothing to compare with." in site.draw_index(report)
    assert "Changes since last run" not in maps.draw_map(report)


def test_nothing_at_all_still_makes_pages_that_read_well() -> None:
    index, drawn = site.draw_index(examples.bare()), maps.draw_map(examples.bare())
    assert "No area to list in this run" in index and "No survey answers" in index and "No rows were read" in index
    assert "No area of this kind in this run" in drawn
    for text in (index, drawn):
        assert not re.search(r"\bnan\b|<NA>|\bNone\b|\bNaT\b", Page(text).text)


def test_one_family_may_be_empty(run: Report) -> None:
    asb = examples.report(patrol_areas=run.patrol_areas[run.patrol_areas["family"] == "asb"])
    assert site.draw_index(asb).count("No area to list in this run") == 1
    assert "Burglary: areas to visit (none)" in maps.draw_map(asb)


def test_few_answers_are_never_given_as_a_number(run: Report) -> None:
    areas = run.patrol_areas.assign(concerns=1)
    text = site.draw_index(examples.report(patrol_areas=areas)) + maps.draw_map(examples.report(patrol_areas=areas))
    assert text.count("fewer than 3") >= 80
    assert not re.search(r"name it: [12]( of |<)", text)


def test_families_are_never_added_together(written: Path, run: Report) -> None:
    total = run.incidents["category"].isin(["asb", "burglary"]).sum()
    assert f"{total:,}" not in read(written, "index.html")


def test_the_map_of_a_force_is_under_a_megabyte(written: Path) -> None:
    assert (written / "map.html").stat().st_size < 1_000_000


def test_outlines_that_no_longer_hold_are_not_drawn(run: Report) -> None:
    places = run.places.copy()
    places.loc[places["name"] == "Stowbridge", "valid_to"] = "2025-01-01"
    assert '"text":"Stowbridge"' in maps.draw_map(run)
    assert '"text":"Stowbridge"' not in maps.draw_map(examples.report(places=places))


def test_gone_hotspots_are_drawn_as_changes_only(run: Report) -> None:
    gone = run.hotspots.assign(status=run.hotspots["status"].where(run.hotspots["status"].isna(), "gone"))
    drawn = maps.draw_map(examples.report(hotspots=gone))
    assert "ASB: hotspots (none)" in drawn and '"text":"gone"' in drawn


def test_the_first_run_on_month_only_data_names_no_hour(written: Path) -> None:
    assert "peak" not in Page(read(written, "map.html")).text.lower()
    assert set(tables.FAMILIES) == {"asb", "burglary"}
