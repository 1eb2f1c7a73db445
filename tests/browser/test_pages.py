"""The pages in a browser that has no network."""

import re

import made_up_report as examples
import numpy as np
import pytest
from open_pages import (
    ALL_PAGES,
    NARROW,
    REPORT_PAGES,
    WIDE,
    Open,
    axe_script,
    displayed,
    layer,
    needs_browser,
    popup_title,
    sync_api,
    width_of,
)

from hotspots import crs
from hotspots.reporting.web_map import grid_counts

RESIDENTS = ("concerns", "hidden_demand", "referrals")
SENT_OUT = ["referrals/index.html", "referrals/littleham-town-council.html", "public/updates/littleham.html"]

# Every page of each report; a page without content is not written.
WITHOUT_CONTENT = (("residents.html", "bare"), ("accuracy.html", "bare"))
PAGES = [(name, run) for name in ALL_PAGES for run in ("full", "bare", "hostile") if (name, run) not in WITHOUT_CONTENT]

pytestmark = needs_browser


@pytest.mark.parametrize("size", [WIDE, NARROW])
@pytest.mark.parametrize(("name", "run"), PAGES)
def test_a_page_opens_without_complaint_request_or_overflow(
    opened: Open, name: str, run: str, size: tuple[int, int]
) -> None:
    with opened(name, size, run) as seen:
        seen.page.wait_for_timeout(200)
        assert seen.complaints == []
        assert [url for url in seen.requests if not url.startswith(("file:", "data:"))] == []
        assert len([url for url in seen.requests if url.startswith("file:")]) == 1
        assert width_of(seen.page) <= size[0]


def test_every_layer_can_be_switched_off_and_on(opened: Open) -> None:
    with opened("map.html") as seen:
        seen.page.get_by_label("Both", exact=True).check()
        boxes = seen.page.locator(".leaflet-control-layers-overlays input")
        assert boxes.count() == 15
        for number in range(boxes.count()):
            for _ in range(2):
                before = boxes.nth(number).is_checked()
                boxes.nth(number).click()
                assert boxes.nth(number).is_checked() is not before
        assert seen.complaints == []


def test_a_layer_that_is_off_hides_its_shapes_and_ranks(opened: Open) -> None:
    with opened("map.html") as seen:
        assert displayed(seen.page, "path.area.asb") == 20
        layer(seen.page, "Areas ranked 21 to 50").check()
        assert displayed(seen.page, "path.area.asb") == 50
        for name in ("First 20 areas", "Areas ranked 21 to 50"):
            layer(seen.page, name).uncheck()
        assert displayed(seen.page, "path.area.asb, .pin b.area") == 0
        assert seen.page.locator(".pin b.change").count() > 0


def test_the_legend_of_a_hidden_layer_is_greyed(opened: Open) -> None:
    with opened("map.html") as seen:
        entry = seen.page.locator(".leaflet-control-layers label", has_text="Busy, as their surroundings are")
        key, seen_as = entry.locator("svg.key:visible"), "element => getComputedStyle(element).opacity"
        assert float(key.evaluate(seen_as)) < 0.5
        entry.locator("input").click()
        assert key.evaluate(seen_as) == "1"


def test_a_click_on_a_rank_opens_the_area(opened: Open) -> None:
    with opened("map.html") as seen:
        layer(seen.page, "Changes since").uncheck()
        seen.page.evaluate("page.map.setView(page.places['asb-area-001'].at, 18, {animate: false})")
        seen.page.locator(".pin[aria-label^='ASB 1:'] b.first").first.click()
        assert popup_title(seen.page).startswith("ASB 1: On or near")
        text = seen.page.locator(".leaflet-popup dl").inner_text()
        for heading in ("Expected in the next month", "Recorded incidents", "Why it is listed", "Team", "concerns"):
            assert heading in text


def test_the_keyboard_reaches_an_area_opens_it_and_comes_back(opened: Open) -> None:
    with opened("map.html#family=burglary&18/51.55/-1.78") as seen:
        layer(seen.page, "Changes since").uncheck()
        number = seen.page.locator(".pin.of-1[aria-label^='Burglary']").first
        number.focus()
        title = str(number.get_attribute("aria-label"))
        seen.page.keyboard.press("Enter")
        assert popup_title(seen.page) == title
        assert seen.page.evaluate("document.activeElement.textContent") == title
        seen.page.keyboard.press("Escape")
        assert seen.page.locator(".leaflet-popup").count() == 0
        assert seen.page.evaluate("document.activeElement.getAttribute('aria-label')") == title


def test_the_keyboard_opens_a_hotspot(opened: Open) -> None:
    with opened("map.html") as seen:
        layer(seen.page, "Stand out from their surroundings").check()
        seen.page.locator("path.hotspot.asb").first.focus()
        seen.page.keyboard.press("Enter")
        assert popup_title(seen.page).startswith("ASB hotspot: ")


def test_the_list_beside_the_map_goes_to_the_area(opened: Open) -> None:
    with opened("map.html") as seen:
        seen.page.get_by_label("Burglary", exact=True).check()
        layer(seen.page, "First 20 areas").uncheck()
        seen.page.locator("[data-area='burglary-area-002']").click()
        assert popup_title(seen.page).startswith("Burglary 2: ")
        assert layer(seen.page, "First 20 areas").is_checked()
        assert seen.page.locator(".mark.street:not(.crowded) b:visible").count() > 0


def test_the_address_of_a_page_can_name_an_area(opened: Open) -> None:
    with opened("map.html#asb-area-003") as seen:
        assert popup_title(seen.page).startswith("ASB 3: ")


def test_on_a_telephone_the_layers_fold_away_and_a_pop_up_fits(opened: Open) -> None:
    with opened("map.html", NARROW) as seen:
        assert not seen.page.locator(".leaflet-control-layers-list").is_visible()
        seen.page.locator("[data-area='asb-area-001']").click()
        seen.page.wait_for_timeout(200)
        box = seen.page.locator(".leaflet-popup").bounding_box()
        assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= NARROW[0]
        seen.page.locator(".leaflet-popup-close-button").click()
        assert seen.page.locator(".leaflet-popup").count() == 0
        assert seen.page.locator(".leaflet-control-layers").is_visible()


def test_the_layers_are_grouped_under_headings(opened: Open) -> None:
    with opened("map.html") as seen:
        headings = seen.page.locator(".leaflet-control-layers legend").all_inner_texts()
        assert headings == ["Patrol areas", "Change", "Hotspots", "Residents", "Recorded incidents", "Base map"]
        layer(seen.page, "Changes since the last period").click()
        assert seen.page.locator(".leaflet-control-layers legend").all_inner_texts() == headings


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("mill lane", "Mill Lane"),
        ("asb 7", "ASB 7: "),
        ("STOWBRIDGE", "Stowbridge"),
        ("littleham east", "Littleham East"),
    ],
)
def test_search_finds_a_street_an_area_and_a_team(opened: Open, asked: str, first: str) -> None:
    with opened("map.html") as seen:
        seen.page.get_by_label("Find a street, area or team").fill(asked)
        found = seen.page.locator("#search-results button").all_inner_texts()
        assert 0 < len(found) <= 8 and any(first in text for text in found)
        before = seen.page.url
        seen.page.keyboard.press("Enter")
        assert seen.page.url != before and not seen.page.locator("#search-results").is_visible()
        assert seen.complaints == []


@pytest.mark.parametrize("run", ["full", "hostile"])
def test_every_street_of_the_records_can_be_searched_where_it_is(opened: Open, run: str) -> None:
    report = {"full": examples.report, "hostile": examples.hostile}[run]()
    streets = grid_counts.street_names(report.incidents, None, around_m=0)
    longitude, latitude = crs.to_degrees(streets["easting"], streets["northing"])
    with opened("map.html", run=run) as seen:
        found = seen.page.evaluate(
            "page.unpackTexts(page.data.search.names)"
            ".map((name, n) => [name, ...shared.at(page.unpackPoint(page.data.search.points, n))])"
        )
    assert {name for name, *_ in found} == set(streets["name"])
    points = np.array([place for _, *place in found])
    for name, true in streets.assign(latitude=latitude, longitude=longitude).groupby("name"):
        at = points[[one == name for one, *_ in found]]
        off = np.abs(at[:, None] - true[["latitude", "longitude"]].to_numpy()[None]).max(axis=2).min(axis=1)
        assert off.max() < 6e-5  # six metres


def test_a_street_is_found_with_its_ward_or_team(opened: Open) -> None:
    report = examples.report()
    with opened("map.html") as seen:
        seen.page.get_by_label("Find a street, area or team").fill("mill lane")
        texts = seen.page.locator("#search-results button").all_inner_texts()
    found = [text.split("street or place, ")[-1] for text in texts]
    names = {str(name) for name in report.places["name"].dropna()}
    assert len(found) == len(set(found)) and set(found) <= names


def test_search_without_results_says_so(opened: Open) -> None:
    with opened("map.html") as seen:
        seen.page.get_by_label("Find a street, area or team").fill("qqq<b>")
        assert seen.page.locator("#search-status").inner_text() == "No results"


def test_the_address_follows_the_map_and_brings_one_back(opened: Open) -> None:
    with opened("map.html") as seen:
        seen.page.get_by_role("button", name="Zoom in").click()
        seen.page.wait_for_timeout(400)
        place = seen.page.url.partition("#")[2]
        assert len(place.split("/")) == 3
        seen.page.locator("[data-area='asb-area-004']").click()
        assert seen.page.url.endswith("#family=asb&asb-area-004")
    with opened(f"map.html#{place}") as again:
        assert again.page.url.endswith(f"#{place}") or again.page.url.partition("#")[2] == place


def test_a_name_in_the_tables_goes_to_its_place_on_the_map(opened: Open) -> None:
    with opened("map.html") as seen:
        for name in ("asb_areas", "burglary_hotspots", "changes", *RESIDENTS, "near_repeats"):
            link = seen.page.locator(f"#table-{name} tbody a").first
            link.click()
            # The map travels there first, so the previous pop-up may be open for a moment.
            sync_api.expect(seen.page.locator(".leaflet-popup h2")).to_have_text(str(link.text_content()))
        assert seen.complaints == []


def test_a_pop_up_has_the_text_of_the_table(opened: Open) -> None:
    with opened("map.html#burglary-area-005") as seen:
        texts = seen.page.locator(".leaflet-popup dd").all_inner_texts()
        row = seen.page.locator("#table-burglary_areas tbody tr").nth(4).locator("td").all_text_contents()
        assert texts == [text for text in row if text]


def test_measuring_by_mouse_and_by_keyboard(opened: Open) -> None:
    with opened("map.html") as seen:
        page = seen.page
        page.get_by_role("button", name="Measure").click()
        page.mouse.click(600, 700)
        page.mouse.click(700, 700)
        assert "km (2 points)" in page.locator("#tool-status").inner_text()
        page.locator(".folium-map").focus()
        page.keyboard.press("Enter")
        assert "(3 points)" in page.locator("#tool-status").inner_text()
        page.keyboard.press("Escape")
        assert page.locator("#tool-status").inner_text() == "" and page.locator("path.measure").count() == 0
        assert seen.complaints == []


def test_an_earlier_run_is_outlined_and_put_away(opened: Open) -> None:
    with opened("map.html") as seen:
        page = seen.page
        assert page.locator("path.past").count() == 0
        page.get_by_label("List as of", exact=True).select_option(label="31 August 2025")
        assert page.locator("path.past").count() == 40 and displayed(page, "path.past") == 20
        assert page.locator(".pin b:not(.past, .more)").count() == 0
        assert "31 August 2025" in page.locator("#tool-status").inner_text()
        page.get_by_role("button", name="Earlier list").click()
        assert "31 July 2025" in page.locator("#tool-status").inner_text()
        page.locator(".pin:has(b.past)").first.focus()
        page.keyboard.press("Enter")
        assert "31 July 2025" in page.locator(".leaflet-popup").inner_text()
        for _ in range(2):
            page.get_by_role("button", name="Later list").click()
        assert page.locator("path.past").count() == 0 and page.locator("#tool-status").inner_text() == ""


def test_the_full_screen_holds_the_map_and_its_tools(opened: Open) -> None:
    with opened("map.html") as seen:
        button = seen.page.get_by_role("button", name="Full screen")
        button.click()
        seen.page.wait_for_function("document.fullscreenElement !== null")
        assert seen.page.evaluate("document.fullscreenElement.className") == "place-of-map"
        assert button.get_attribute("aria-pressed") == "true"


@pytest.mark.parametrize("size", [WIDE, NARROW])
@pytest.mark.parametrize(("name", "run"), [page for page in PAGES if page[1] != "hostile"])
def test_axe_finds_no_serious_fault(opened: Open, name: str, size: tuple[int, int], run: str) -> None:
    with opened(name, size, run) as seen:
        seen.page.evaluate(axe_script())
        found = seen.page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
        grave = [fault for fault in found if fault["impact"] in ("serious", "critical")]
        assert [(fault["id"], fault["nodes"][0]["html"], len(fault["nodes"])) for fault in grave] == []


@pytest.mark.parametrize("name", SENT_OUT)
@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_pages_for_publication_make_no_requests_fit_the_screen_and_pass_axe(
    opened: Open, name: str, size: tuple[int, int]
) -> None:
    with opened(name, size) as seen:
        assert seen.complaints == [] and len(seen.requests) == 1
        assert width_of(seen.page) <= size[0]
        seen.page.evaluate(axe_script())
        found = seen.page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
        assert [fault["id"] for fault in found if fault["impact"] in ("serious", "critical")] == []


@pytest.mark.parametrize("name", [*ALL_PAGES, *SENT_OUT])
def test_a_print_to_pdf_fits_the_width_of_a4(opened: Open, name: str) -> None:
    with opened(name) as seen:
        pdf = seen.page.pdf(prefer_css_page_size=True)
        boxes = set(re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf))
        assert {(round(float(w)), round(float(h))) for w, h in boxes} == {(595, 842)}
        seen.page.emulate_media(media="print")
        seen.page.set_viewport_size({"width": 703, "height": 1017})  # A4 less the margins of the narrower page
        assert width_of(seen.page) <= 703


def test_hostile_texts_are_texts_in_a_pop_up(opened: Open) -> None:
    with opened("map.html", run="hostile", reduced_motion="reduce") as seen:
        opened_by, elements = seen.page.evaluate(POP_UPS)
        assert len(opened_by) == len(set(opened_by)) == seen.page.locator("[data-area]").count() > 40
        assert set(elements) == {"DIV", "H2", "DL", "DT", "DD"}
        assert seen.complaints == []


# Which buttons of the list opened a pop-up of their own, and the elements inside all of those pop-ups.
POP_UPS = """() => {
  const opened = [], elements = new Set();
  let last = null;
  for (const button of document.querySelectorAll("[data-area]")) {
    button.click();
    const content = document.querySelector(".leaflet-popup-content");
    if (content && content !== last) opened.push(button.dataset.area);
    last = content;
    content.querySelectorAll("*").forEach((element) => elements.add(element.tagName));
  }
  return [opened, [...elements]];
}"""


def test_the_buttons_sort_the_list_both_ways(opened: Open) -> None:
    with opened("areas.html") as seen:
        table = seen.page.locator(".family.asb table.ranked")

        def column(number: int) -> list[float]:
            cells = table.locator(f"tbody tr td:nth-child({number})")
            return [float(value) for value in cells.evaluate_all("all => all.map(one => one.dataset.value)")]

        button = table.get_by_role("button", name="Recorded")
        button.click()
        assert column(5) == sorted(column(5), reverse=True)
        button.click()
        assert column(5) == sorted(column(5))
        assert table.locator("th[aria-sort='ascending']").inner_text().startswith("Recorded")
        table.get_by_role("button", name="Rank").click()
        assert column(1) == [float(rank) for rank in range(1, 21)]


def test_the_list_can_be_filtered_by_team(opened: Open) -> None:
    with opened("areas.html") as seen:
        rows = seen.page.locator("table.ranked tbody tr")
        seen.page.get_by_label("Show areas of").select_option("Stowbridge")
        shown = [row for row in rows.all() if row.is_visible()]
        assert 0 < len(shown) < 40
        assert {row.get_attribute("data-team") for row in shown} == {"Stowbridge"}
        assert seen.page.locator("#shown").inner_text().startswith(f"{len(shown)} area")
        seen.page.get_by_label("Show areas of").select_option("")
        assert all(row.is_visible() for row in rows.all())


def test_the_page_works_without_a_script(opened: Open) -> None:
    with opened("areas.html", script=False) as seen:
        assert seen.page.locator("table.ranked tbody tr").count() == 40
        assert not seen.page.locator(".filter").is_visible()
        assert seen.page.locator("thead button").count() == 0


def test_the_first_tab_skips_to_the_ranked_areas(opened: Open) -> None:
    with opened("index.html") as seen:
        seen.page.keyboard.press("Tab")
        assert seen.page.evaluate("document.activeElement.textContent") == "Skip to the first areas"
        seen.page.keyboard.press("Enter")
        assert seen.page.evaluate("document.activeElement.id") == "go-first"


@pytest.mark.parametrize("name", REPORT_PAGES)
def test_texts_have_enough_contrast(opened: Open, name: str) -> None:
    with opened(name) as seen:
        worst = seen.page.evaluate(CONTRAST)
        assert worst["ratio"] >= 4.5, worst


def test_the_page_prints_with_the_sign_off_and_without_the_controls(opened: Open) -> None:
    with opened("index.html") as seen:
        seen.page.emulate_media(media="print")
        assert seen.page.locator(".sign").is_visible()
        assert not seen.page.locator("nav.pages").is_visible()
    with opened("areas.html") as seen:
        seen.page.emulate_media(media="print")
        assert not seen.page.locator("nav.sections").is_visible()
        assert not seen.page.locator(".filter").is_visible()


CONTRAST = """
() => {
  const channel = (v) => { v /= 255; return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; };
  const numbers = (text) => (text.match(/[\\d.]+/g) || []).map(Number);
  const light = (c) => 0.2126 * channel(c[0]) + 0.7152 * channel(c[1]) + 0.0722 * channel(c[2]);
  const ground = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const c = numbers(getComputedStyle(e).backgroundColor);
      if (c.length === 3 || c[3] > 0) return c;
    }
    return [255, 255, 255];
  };
  let worst = { ratio: 99 };
  for (const element of document.body.querySelectorAll("*")) {
    const has = [...element.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
    if (!has || !element.getClientRects().length || element.closest("svg, script, style")) continue;
    const [a, b] = [light(numbers(getComputedStyle(element).color)), light(ground(element))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < worst.ratio) worst = { ratio, text: element.textContent.slice(0, 40) };
  }
  return worst;
}
"""


def test_both_reports_are_on_one_map_and_open_by_keyboard(opened: Open) -> None:
    with opened("compared.html") as seen:
        boxes = seen.page.locator("#layers input")
        assert boxes.count() == 8
        for box in boxes.all():
            box.uncheck()
        assert seen.page.locator("#map path[tabindex]").count() == 0
        assert (
            seen.page.locator("#map path.force").count() == 1 and "Littleham" in seen.page.locator("#map").inner_text()
        )
        boxes.nth(2).check()
        seen.page.locator("#map path[tabindex]").first.focus()
        seen.page.keyboard.press("Enter")
        assert seen.page.locator(".leaflet-popup-content").inner_text().startswith("A 1: ")
        assert seen.complaints == []
