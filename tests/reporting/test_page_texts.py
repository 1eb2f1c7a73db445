import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import made_up_report as examples
import numpy as np
import pandas as pd
import pytest
import shapely

from hotspots import crs, tables
from hotspots.errors import ParameterError
from hotspots.reporting import formatting
from hotspots.reporting.pages import areas_page, key_points, report_pages
from hotspots.reporting.report import Report
from hotspots.reporting.residents_report import ResidentsReport
from hotspots.reporting.tiles import TileParams
from hotspots.reporting.web_map import geometry_encoding, map_page

PAGES = (*("index.html", *(page.file for page in report_pages.PAGES)), "map.html")
REQUESTS = (
    r"""(?:src|href|action|data|poster|srcset|background)\s*=\s*["']?\s*(?:https?:)?//""",
    r"""url\(\s*["']?\s*(?:https?:)?//""",
    r"@import",
    r"\bfetch\s*\(|XMLHttpRequest|WebSocket|EventSource|sendBeacon|importScripts|\bimport\s*\(",
    r"<(?:link|iframe|object|embed|base|form|img|audio|video|source)\b",
)


class Page(HTMLParser):
    """Parts of a page: elements with their attributes, headings, text outside scripts and styles."""

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
    """Return the page without its embedded data."""
    return re.sub(r'<script type="application/json".*?</script>', "", page, flags=re.DOTALL)


def data_of(drawn: str) -> dict:
    """Return the data that the script of a map draws."""
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', drawn, flags=re.DOTALL)
    assert found is not None
    return json.loads(found[1])


@pytest.mark.parametrize("name", PAGES)
def test_a_page_makes_no_requests(written: Path, name: str) -> None:
    for pattern in REQUESTS:
        assert not re.search(pattern, without_texts(read(written, name))), pattern


@pytest.mark.parametrize("name", PAGES)
def test_styles_refer_to_nothing_but_what_they_hold(written: Path, name: str) -> None:
    styles = "".join(re.findall(r"<style>(.*?)</style>", read(written, name), flags=re.DOTALL))
    assert styles and not re.search(r"url\((?!data:|#)", styles)
    for pattern in set(re.findall(r"url\(#([\w-]+)\)", styles)):
        assert f'<pattern id="{pattern}"' in read(written, name)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_language_title_and_content_policy(written: Path, name: str) -> None:
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
    for words in ("OFFICIAL", "30 September 2025", "Do not use after 4 November 2025", "Open Government Licence v3.0"):
        assert words in text


@pytest.mark.parametrize("name", PAGES)
def test_the_licence_of_data_police_uk_is_named_only_where_it_is_the_source(run: Report, name: str) -> None:
    source = run.incidents["source"].cat.set_categories(["police_uk", "force_export"])
    own = examples.report(incidents=run.incidents.assign(source=source.where(source.isna(), "force_export")))
    text = map_page.draw_map(own) if name == "map.html" else examples.page(own, name)
    assert "Open Government Licence" not in text and "records of Littleshire Police" in text


@pytest.mark.parametrize("name", PAGES)
def test_hostile_texts_add_no_element_and_no_handler(written: Path, hostile_written: Path, name: str) -> None:
    page, kind = Page(read(hostile_written, name)), Page(read(written, name))
    assert set(page.tags()) <= set(kind.tags()) | {"ol", "ul", "small"}
    for tag in ("script", "style", "meta", "title", "h1", "main"):
        assert page.tags().count(tag) == kind.tags().count(tag), tag
    assert _drawings(page) == _drawings(kind)
    handlers = [key for _, given in page.elements for key in given if key.startswith("on")]
    assert handlers == []
    links = [given["href"] or "" for tag, given in page.elements if tag == "a"]
    assert all(
        re.match(
            r"(?:#|map\.html|[\w.-]+(?:#\w+)?$|briefings/[\w-]+\.pdf$|public/index\.html$|referrals/index\.html$)",
            link,
        )
        for link in links
    )


def _drawings(page: Page) -> int:
    """The number of drawings, without the lines of months, one in each row."""
    return sum(tag == "svg" and given.get("class") != "spark" for tag, given in page.elements)


def test_hostile_data_cannot_leave_the_script_it_stands_in(hostile_written: Path) -> None:
    data = re.search(r'<script type="application/json" id="data">(.*?)</script>', read(hostile_written, "map.html"))
    assert data is not None and not re.search(r"[<>&'\u2028\u2029]", data[1])


def test_braces_in_a_text_are_no_template(hostile_written: Path) -> None:
    for name in PAGES:
        assert "{{ 7*7 }}" in read(hostile_written, name).replace("&#39;", "'")


@pytest.mark.parametrize("name", PAGES[:-1])
def test_headings_go_down_one_step_at_a_time(written: Path, name: str) -> None:
    levels = [int(tag[1]) for tag in Page(read(written, name)).tags() if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_the_page_ranks_twenty_areas_of_each_family_and_names_the_rest(written: Path) -> None:
    text = read(written, "areas.html")
    assert text.count('<tr data-team="') == 40
    assert text.count("30 more areas are in") == 2


def test_the_page_has_five_key_points(run: Report) -> None:
    for one in (run, examples.bare()):
        found = re.search(r'id="key-points".*?</section>', examples.page(one), flags=re.DOTALL)
        assert found is not None and found[0].count("<li>") == 5


def test_a_first_period_has_nothing_to_compare_with(run: Report) -> None:
    first = run.hotspots.assign(status=run.hotspots["status"].where(run.hotspots["status"].isna()))
    report = examples.report(hotspots=first, previous_as_of=None)
    assert not report.has_comparison
    assert "The previous period has no data, so there is nothing to compare with." in examples.page(report)
    assert "Changes since the last period" not in map_page.draw_map(report)


def test_changes_have_their_counts_before_and_now_and_a_p_value(run: Report) -> None:
    page, drawn = examples.page(run, "areas.html"), map_page.draw_map(run)
    for status in ("new", "emerging", "fading", "gone"):
        largest = run.hotspots[run.hotspots["status"] == status].sort_values("incidents").iloc[-1]
        count, latest = largest["incidents"], largest["incidents"] // 3
        assert f"{count - 1} before, {count} now" in page
        latest_text = (
            f"{latest} in the last 3 months, {count / 4:.1f} expected from the {count - latest} before (p = 0.040)"
        )
        assert latest_text in page and latest_text in drawn


def test_nothing_at_all_still_makes_pages_that_read_well() -> None:
    pages, drawn = report_pages.draw_pages(examples.bare()), map_page.draw_map(examples.bare())
    assert set(pages) == {"index.html", "areas.html", "data-quality.html", "method.html"}
    assert "No survey responses" in pages["index.html"] and "No rows were read" in pages["index.html"]
    assert "No areas in this run:" in pages["areas.html"]
    assert "No patrol areas in this run" in drawn
    for text in (*pages.values(), drawn):
        assert not re.search(r"\bnan\b|<NA>|\bNone\b|\bNaT\b", Page(text).text)


def test_one_family_may_be_empty(run: Report) -> None:
    asb = examples.report(patrol_areas=run.patrol_areas[run.patrol_areas["family"] == "asb"])
    assert examples.page(asb, "areas.html").count("No areas in this run:") == 1
    assert "Burglary: patrol areas: none in this run." in map_page.draw_map(asb)


def test_small_numbers_of_responses_are_never_given_as_a_number(run: Report) -> None:
    areas = run.patrol_areas.assign(concerns=1)
    report = examples.report(patrol_areas=areas)
    text = examples.page(report, "areas.html") + map_page.draw_map(report)
    assert text.count("fewer than 3") >= 80
    assert not re.search(r"naming it: [12]( of |<)", text)


def test_families_are_never_added_together(written: Path, run: Report) -> None:
    total = run.incidents["category"].isin(["asb", "burglary"]).sum()
    assert not any(f"{total:,}" in read(written, name) for name in PAGES)


def test_the_map_of_a_force_is_under_a_megabyte(written: Path) -> None:
    assert (written / "map.html").stat().st_size < 1_000_000


def test_outlines_that_are_no_longer_valid_are_not_drawn(run: Report) -> None:
    places = run.places.copy()
    places.loc[places["name"] == "Stowbridge", "valid_to"] = "2025-01-01"
    assert data_of(map_page.draw_map(run))["teams"]["names"] == ["Great Bexley", "Littleham", "Stowbridge"]
    assert data_of(map_page.draw_map(examples.report(places=places)))["teams"]["names"] == ["Great Bexley", "Littleham"]


def test_ended_hotspots_are_drawn_as_changes_only(run: Report) -> None:
    gone = run.hotspots.assign(status=run.hotspots["status"].where(run.hotspots["status"].isna(), "gone"))
    drawn = map_page.draw_map(examples.report(hotspots=gone))
    assert "Busy, as their surroundings are (none)" in drawn and "ASB: hotspots: none in this run." in drawn
    assert set(data_of(drawn)["changes"]["marks"]) == {"✕"}


def test_the_first_run_on_month_only_data_names_no_hour(written: Path) -> None:
    assert "peak" not in Page(read(written, "map.html")).text.lower()
    assert set(tables.FAMILIES) == {"asb", "burglary"}


def test_the_tables_of_the_map_have_a_row_for_each_thing_drawn(written: Path, run: Report) -> None:
    text = read(written, "map.html")
    data = data_of(text)
    for name in ("asb_areas", "burglary_areas", "asb_hotspots", "changes", "concerns", "referrals", "near_repeats"):
        table = re.search(rf'<table id="table-{name}">.*?</table>', text, flags=re.DOTALL)
        assert table is not None and table[0].count("<tr>") - 1 == len(data[name]["ids"]) == len(data[name]["points"])
    assert len(data["asb_areas"]["ids"]) == 50


def test_shapes_are_where_the_areas_are(written: Path, run: Report) -> None:
    drawn = data_of(read(written, "map.html"))["asb_areas"]
    areas = run.patrol_areas.set_index("patrol_area_id")
    for identity, parts, point in zip(drawn["ids"], drawn["shapes"], drawn["points"], strict=True):
        ring = np.cumsum(np.reshape(parts[0][0], (-1, 2)), axis=0)
        longitude, latitude = (ring / geometry_encoding.STEPS_PER_DEGREE + geometry_encoding.ORIGIN).T
        outline = shapely.Polygon(np.column_stack(crs.to_grid(longitude, latitude)))
        assert outline.hausdorff_distance(areas.geometry[identity]) < 6
        longitude, latitude = np.divide(point, geometry_encoding.STEPS_PER_DEGREE) + geometry_encoding.ORIGIN
        assert outline.contains(shapely.Point(*(float(value) for value in crs.to_grid(longitude, latitude))))


def test_a_referral_without_a_place_on_the_map_is_in_the_table_only(written: Path) -> None:
    text = read(written, "map.html")
    points = data_of(text)["referrals"]["points"]
    assert [point is None for point in points] == [False, False, True]
    assert "Nowhere in particular" in text


def test_a_small_number_of_residents_behind_a_referral_is_given_in_words(written: Path) -> None:
    table = re.search(r'<table id="table-referrals">.*?</table>', read(written, "map.html"), flags=re.DOTALL)
    assert table is not None and "<td>14</td>" in table[0] and "<td>fewer than 3</td>" in table[0]


def test_the_page_shows_the_rank_in_the_last_run(run: Report) -> None:
    text = examples.page(run, "areas.html")
    assert '<th scope="col" data-sort="up">Last run</th>' in text and "new</td>" in text
    assert '<th scope="col" data-sort="up">Last run</th>' not in examples.page(
        examples.report(past_areas=None), "areas.html"
    )


def test_the_key_point_on_change_counts_hotspots_and_calls_none_worse_that_may_be_chance(run: Report) -> None:
    hotspots = run.hotspots[run.hotspots["family"] == "asb"]
    worse = int((hotspots["status"] == "emerging").sum())
    current = hotspots[hotspots["status"] != "gone"]
    strong = int((current["p_value"] < 0.05).sum())
    words = f"ASB: {len(current)} busy places, {strong} of them hotspots (p < 0.05); {worse} worse, "
    assert words in dict(key_points.list_key_points(run))["Change"]
    by_chance = replace(run, hotspots=run.hotspots.assign(change_p_value=0.2))
    assert "worse" not in dict(key_points.list_key_points(by_chance))["Change"]


def test_dates_do_not_follow_the_locale_of_the_machine(run: Report) -> None:
    assert formatting.day(run.as_of) == "30 September 2025"
    for path in Path(formatting.__file__).parent.rglob("*.py"):
        assert not re.search(r"%-?[aAbBcxXp]\b|month_name|day_name|locale\.", path.read_text(encoding="utf-8")), (
            path.name
        )


def test_only_a_named_server_may_be_asked_for_tiles(run: Report) -> None:
    named = TileParams(url="https://tiles.example.org/{z}/{x}/{y}.png", credit="<b>Ours</b>")
    drawn = map_page.draw_map(examples.report(tiles=named))
    assert 'img-src data: https://tiles.example.org">' in drawn and "Background tiles" in drawn
    assert data_of(drawn)["tiles"]["url"] == named.url and "&lt;b&gt;Ours&lt;/b&gt;" in drawn
    assert "Background tiles" not in map_page.draw_map(run) and "https://" not in without_texts(examples.page(run))


@pytest.mark.parametrize(
    "url",
    [
        "tiles.example.org",
        "https://t.org/{z}/{x}.png",
        "https://t.org/{z}/{x}/{y}.png' x",
        "https://t.org/{{z}}/{x}/{y}",
    ],
)
def test_an_invalid_address_is_refused(url: str) -> None:
    with pytest.raises(ParameterError, match="expected an address such as"):
        TileParams(url=url)


def test_places_with_hidden_demand_that_are_not_listed_are_named_and_drawn(run: Report) -> None:
    row = {
        "family": "asb", "kind": "place", "place_code": "417000 184500", "name": "Clover Lane", "people": 50.0,
        "team_name": "Littleham", "easting": 417_000.0, "northing": 184_500.0, "answers": 36, "worried": 29,
        "incidents": 7, "is_low_response": False, "is_silent": False, "concern_status": "hidden_demand",
    }  # fmt: skip
    measures = {name: 0.5 for name, column in tables.AREA_COMPARISON.columns.items() if column.kind == "float64"}
    comparison = tables.conform(pd.DataFrame([measures | row]), tables.AREA_COMPARISON)
    calm = run.patrol_areas.assign(concern_status="agreement").astype(
        {"concern_status": run.patrol_areas["concern_status"].dtype}
    )
    report = examples.report(patrol_areas=calm, residents=ResidentsReport(comparison=comparison))
    assert dict(key_points.list_key_points(report))["Residents"].startswith(
        "Hidden demand (many concerns, few reports): ASB at 1 place (Clover Lane)."
    )
    drawn = data_of(map_page.draw_map(report))["hidden_demand"]
    longitude, latitude = np.divide(drawn["points"][0], geometry_encoding.STEPS_PER_DEGREE) + geometry_encoding.ORIGIN
    easting, northing = crs.to_grid(longitude, latitude)
    assert (float(easting), float(northing)) == pytest.approx((417_000, 184_500), abs=1)


def test_months_without_data_are_given_with_the_number_of_incidents(run: Report) -> None:
    first = replace(run, previous_as_of=None, hotspots=run.hotspots.head(0))
    months = first.window.months
    known = int(run.incidents["month"].nunique())
    gap = run.incidents["month"] == sorted(run.incidents["month"].unique())[0]
    for report, without in ((first, len(months) - known), (replace(first, incidents=run.incidents[~gap]), 13 - known)):
        line = dict(key_points.list_key_points(report))["Recorded"]
        assert line.endswith(f" in {12 - without} months with data." if without else " in 12 months.")


def test_lists_among_the_settings_are_words_not_brackets(run: Report) -> None:
    settings = {"force": {"neighbours": ["dorset", "kent"]}, "teams": ({"name": "East", "wards": ()},), "councils": ()}
    text = " ".join(re.sub(r"<[^>]+>", " ", examples.page(replace(run, settings=settings), "method.html")).split())
    assert all(line in text for line in ("force.neighbours dorset, kent", "teams East", "councils none"))


def test_an_area_that_a_local_decision_put_last_is_named_below_the_list(run: Report) -> None:
    areas = run.patrol_areas.sort_values(["family", "rank"], ignore_index=True)
    last = areas.index[areas["family"] == "asb"][-1]
    assert areas.loc[last, "rank"] > areas_page.SHOWN
    areas.loc[last, ["decision", "main_location"]] = ["exclude", "Quiet Yard"]
    areas.loc[last, "reason"] = "9 reports; put last by local decision (Road works; until 30/4/2026)."
    text = " ".join(re.sub(r"<[^>]+>", " ", examples.page(replace(run, patrol_areas=areas), "areas.html")).split())
    assert ": put last by local decision (Road works; until 30/4/2026)." in text
    assert "Quiet Yard" in text
    assert "put last by" not in examples.page(run, "areas.html")
