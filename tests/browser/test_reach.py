"""Accessibility: keyboard, no dragging, enlarged text, forced colours and reduced motion."""

import pytest
from open_pages import ALL_PAGES, NARROW, WIDE, Open, axe_script, layer, needs_browser, popup_title, width_of

pytestmark = needs_browser

SPACED = """* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }
p { margin-bottom: 2em !important; }"""
# Elements that act and have no name, as the browser's own tree for screen readers has it.
NAMELESS = """() =>
  [...document.querySelectorAll("button, a[href], input, select, summary, [tabindex='0']")]
  .filter((e) => e.getClientRects().length && !(e.getAttribute("aria-label") || e.getAttribute("aria-labelledby")
    || e.textContent.trim() || e.title || (e.labels && e.labels.length)))
  .map((e) => e.outerHTML.slice(0, 80))"""
CUT = """() => {
  document.querySelectorAll("details").forEach((one) => { one.open = true; });
  const pen = document.createElement("canvas").getContext("2d");
  const isCut = (cell) => {
    const style = getComputedStyle(cell);
    pen.font = style.font;
    const room = cell.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight) + 1;
    const words = cell.textContent.split(/[^\\p{L}]+/u);
    return words.some((word) => word.length <= 10 && pen.measureText(word).width > room);
  };
  return [...document.querySelectorAll("td, th")]
    .filter((cell) => cell.getClientRects().length && !cell.closest(".tables") && isCut(cell))
    .map((cell) => cell.textContent.trim().slice(0, 40));
}"""
CENTRE = "() => { const at = page.map.getCenter(); return [at.lat, at.lng]; }"
# Pictures inside pages: each is either hidden from screen readers or an image with a name.
UNNAMED = """() => [...document.querySelectorAll("svg")].filter((svg) => !svg.closest("[aria-hidden=true]")
    && !svg.closest(".leaflet-pane")).filter((svg) => {
  const label = (svg.getAttribute("aria-labelledby") || "").split(" ").filter(Boolean)
    .map((id) => document.getElementById(id)?.textContent || "").join("");
  return svg.getAttribute("role") !== "img" || !(svg.getAttribute("aria-label") || label);
}).map((svg) => svg.outerHTML.slice(0, 80))"""


@pytest.mark.parametrize(("name", "run"), [("map.html", "page.map"), ("compared.html", "the map of both")])
def test_arrows_move_the_map_by_click_and_by_keyboard(opened: Open, name: str, run: str) -> None:
    with opened(name) as seen:
        pane = seen.page.locator(".leaflet-map-pane")
        for way in ("up", "left", "right", "down"):
            button = seen.page.get_by_role("button", name=f"Move {way}")
            box = button.bounding_box()
            assert box is not None and min(box["width"], box["height"]) >= 24
            for act in (button.click, lambda: seen.page.keyboard.press("Enter")):
                before = pane.get_attribute("style")
                act()
                seen.page.wait_for_timeout(450)
                assert pane.get_attribute("style") != before
        assert seen.complaints == [], run


def test_the_arrows_go_where_they_point_and_back(opened: Open) -> None:
    with opened("map.html", reduced_motion="reduce") as seen:
        start = seen.page.evaluate(CENTRE)
        seen.page.get_by_role("button", name="Move up").click()
        assert seen.page.evaluate(CENTRE)[0] > start[0]
        seen.page.get_by_role("button", name="Move down").click()
        seen.page.get_by_role("button", name="Move right").click()
        assert seen.page.evaluate(CENTRE)[1] > start[1]
        seen.page.get_by_role("button", name="Move left").click()
        assert seen.page.evaluate(CENTRE) == pytest.approx(start, abs=1e-3)


def test_by_touch_the_arrows_move_the_map_too(opened: Open) -> None:
    with opened("map.html", NARROW, has_touch=True) as seen:
        start = seen.page.evaluate(CENTRE)
        seen.page.get_by_role("button", name="Move right").tap()
        seen.page.wait_for_timeout(450)
        assert seen.page.evaluate(CENTRE)[1] > start[1]


def test_zoom_layers_and_full_screen_work_by_keyboard(opened: Open) -> None:
    with opened("map.html") as seen:
        page = seen.page
        before = page.evaluate("page.map.getZoom()")
        page.get_by_role("button", name="Zoom in").press("Enter")
        page.wait_for_timeout(400)
        assert page.evaluate("page.map.getZoom()") > before
        layer(page, "First 20 areas").press(" ")
        assert page.locator("path.area.asb").count() == 0
        page.get_by_role("button", name="Full screen").press("Enter")
        page.wait_for_function("document.fullscreenElement !== null")


def test_on_a_telephone_the_layers_unfold_by_keyboard(opened: Open) -> None:
    with opened("map.html", NARROW) as seen:
        seen.page.get_by_role("button", name="Layers and legend").press("Enter")
        box = layer(seen.page, "Stand out from their surroundings")
        assert box.is_visible()
        box.press(" ")
        assert box.is_checked()


@pytest.mark.parametrize("name", ALL_PAGES)
def test_everything_that_acts_has_a_name_and_every_picture_too(opened: Open, name: str) -> None:
    with opened(name) as seen:
        assert seen.page.evaluate(NAMELESS) == []
        assert seen.page.evaluate(UNNAMED) == []


@pytest.mark.parametrize("name", ALL_PAGES)
def test_targets_are_large_enough_for_a_finger(opened: Open, name: str) -> None:
    with opened(name, NARROW) as seen:
        seen.page.evaluate(axe_script())
        found = seen.page.evaluate("axe.run({exclude: ['.leaflet-pane']}, {runOnly: ['target-size']})")["violations"]
        assert [node["html"][:80] for fault in found for node in fault["nodes"]] == []


@pytest.mark.parametrize("name", ALL_PAGES)
@pytest.mark.parametrize("size", [(768, 1024), (640, 400), (320, 256)])
def test_enlarged_text_does_not_run_off_the_page(opened: Open, name: str, size: tuple[int, int]) -> None:
    with opened(name, size) as seen:
        assert width_of(seen.page) <= size[0]
        seen.page.add_style_tag(content=SPACED)
        assert width_of(seen.page) <= size[0]


@pytest.mark.parametrize("name", ALL_PAGES)
def test_no_word_of_a_table_is_cut_on_a_telephone(opened: Open, name: str) -> None:
    """A cell as narrow as to break a word of ten letters is too narrow."""
    with opened(name, NARROW) as seen:
        assert seen.page.evaluate(CUT) == []


@pytest.mark.parametrize("name", ALL_PAGES)
def test_colours_that_the_machine_forces_leave_numbers_and_shapes(opened: Open, name: str) -> None:
    with opened(name, WIDE, forced_colors="active") as seen:
        assert seen.complaints == []
        if name == "map.html":
            style = "element => getComputedStyle(element).backgroundColor"
            first = seen.page.locator(".pin b.area.asb.first").first.evaluate(style)
            assert first == "rgb(160, 60, 0)"
            seen.page.locator("[data-area='asb-area-001']").click()
            assert popup_title(seen.page).startswith("ASB 1")


@pytest.mark.parametrize("name", ["map.html", "compared.html"])
def test_in_print_the_map_shows_what_was_seen_without_buttons(opened: Open, name: str) -> None:
    with opened(name) as seen:
        seen.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        seen.page.emulate_media(media="print")
        assert not seen.page.get_by_role("button", name="Move up").is_visible()
        frame = seen.page.locator(".leaflet-container").bounding_box()
        assert frame and frame["width"] < 703  # A4 less its margins
        found = seen.page.locator(".pin" if name == "map.html" else "path.force").all()
        for box in filter(None, (one.bounding_box() for one in found)):
            assert box["x"] >= frame["x"] and box["x"] + box["width"] <= frame["x"] + frame["width"]
            assert box["y"] >= frame["y"] and box["y"] + box["height"] <= frame["y"] + frame["height"]
        assert found
