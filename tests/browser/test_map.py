"""The map in a browser: pins, families, the address, the first view, strength and changes."""

from itertools import combinations

import made_up_report as examples
import pytest
from open_pages import NARROW, WIDE, Open, Visit, displayed, layer, needs_browser, popup_title

from hotspots.reporting import changes

pytestmark = needs_browser

ON_AT_FIRST = ["areas_first", "changes", "teams", "base_map", "streets", "force"]
# Title, left, top, right and bottom of each pin, in pixels of the screen.
PINS = """() => [...document.querySelectorAll(".pin")].map((pin) => {
  const box = pin.getBoundingClientRect();
  return [pin.getAttribute("aria-label"), box.left, box.top, box.right, box.bottom];
})"""
# Ids of the places in each pin, and of all that should have one.
MEMBERS = "() => page.pins.map((pin) => pin.members.map((feature) => feature.id))"
SHOWN = "() => page.pinned.filter(page.isShown).map((feature) => feature.id)"


def all_on(seen: Visit) -> None:
    seen.page.get_by_label("Both", exact=True).check()
    for box in seen.page.locator(".leaflet-control-layers-overlays input").all():
        box.check()


@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_no_pin_hides_another_at_any_zoom(opened: Open, size: tuple[int, int]) -> None:
    with opened("map.html", size, reduced_motion="reduce") as seen:
        if size == WIDE:
            all_on(seen)
        else:
            seen.page.get_by_label("Both", exact=True).check()
        for zoom in (8, 12, 16):
            seen.page.evaluate("zoom => page.map.setZoom(zoom, { animate: false })", zoom)
            members, shown = seen.page.evaluate(MEMBERS), seen.page.evaluate(SHOWN)
            assert sorted(one for pin in members for one in pin) == sorted(shown) and len(shown) > 40
            for one, other in combinations(seen.page.evaluate(PINS), 2):
                assert one[3] <= other[1] or other[3] <= one[1] or one[4] <= other[2] or other[4] <= one[2], (
                    one,
                    other,
                )
        assert seen.complaints == []


def test_where_centres_fall_together_one_pin_has_both_and_lists_both(opened: Open) -> None:
    with opened("map.html", reduced_motion="reduce") as seen:
        page = seen.page
        page.get_by_label("Both", exact=True).check()
        layer(page, "Changes since").uncheck()
        page.evaluate("""() => {
          const [one, other] = [page.places["asb-area-001"], page.places["burglary-area-007"]];
          other.at = one.at;
          page.pinState = "";
          page.map.setView(one.at, 18, { animate: false });
          page.placeLabels(page.map);
        }""")
        pin = page.locator(".pin.of-2[aria-label^='ASB 1:']")
        assert pin.locator("b").all_inner_texts() == ["1", "7"]
        pin.focus()
        page.keyboard.press("Enter")
        assert popup_title(page) == "2 places here"
        page.locator(".members button", has_text="Burglary 7").click()
        assert popup_title(page).startswith("Burglary 7:")
        page.keyboard.press("Escape")
        assert "Burglary 7:" in page.evaluate("document.activeElement.getAttribute('aria-label')")


def test_far_out_a_pin_of_many_lists_all_of_them_and_zooms_in(opened: Open) -> None:
    with opened("map.html", reduced_motion="reduce") as seen:
        page = seen.page
        page.evaluate("page.map.setZoom(8, { animate: false })")
        most = max(page.evaluate(MEMBERS), key=len)
        assert len(most) > 5
        page.evaluate("n => page.openPin(page.pins.find((pin) => pin.members.length === n))", len(most))
        assert popup_title(page) == f"{len(most)} places here"
        assert page.locator(".members button").count() == len(most)
        page.get_by_role("button", name="Zoom in to these places").click()
        assert page.evaluate("page.map.getZoom()") > 9


def test_the_map_opens_on_the_first_areas_and_changes_of_one_family(opened: Open) -> None:
    with opened("map.html") as seen:
        on = seen.page.evaluate(
            "[...document.querySelectorAll('.leaflet-control-layers-overlays input:checked')]"
            ".map((one) => one.closest('label').querySelector('[data-layer]').dataset.layer)"
        )
        assert on == ON_AT_FIRST
        assert displayed(seen.page, "path.area.asb") == 20
        assert displayed(seen.page, "path.burglary") == 0
        assert not any("Burglary" in title for title, *_ in seen.page.evaluate(PINS))


@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_the_view_opens_on_the_pins_clear_of_the_controls(opened: Open, size: tuple[int, int]) -> None:
    with opened("map.html", size) as seen:
        frame, legend = (
            seen.page.locator(name).bounding_box() for name in (".leaflet-container", ".leaflet-control-layers")
        )
        assert frame and legend
        for title, left, top, right, bottom in seen.page.evaluate(PINS):
            assert left >= frame["x"] and right <= frame["x"] + frame["width"], title
            assert top >= frame["y"] and bottom <= frame["y"] + frame["height"], title
            assert right <= legend["x"] or top >= legend["y"] + legend["height"], title


def test_the_family_is_in_the_address_and_back_and_forward_change_it(opened: Open) -> None:
    with opened("map.html#family=burglary") as seen:
        page = seen.page
        chosen = page.locator("input[name=family]:checked")
        assert chosen.get_attribute("value") == "burglary"
        assert displayed(page, "path.area.burglary") == 20
        assert displayed(page, "path.area.asb") == 0
        page.keyboard.press("Tab")
        chosen.focus()
        page.keyboard.press("ArrowRight")
        assert chosen.get_attribute("value") == "both" and "#family=both&" in page.url
        page.get_by_label("ASB", exact=True).check()
        assert "#family=asb&" in page.url
        for family, step in (("both", page.go_back), ("burglary", page.go_back), ("both", page.go_forward)):
            step()
            page.wait_for_timeout(100)
            assert chosen.get_attribute("value") == family and f"#family={family}" in page.url
        assert seen.complaints == []


@pytest.mark.parametrize("part", ["burglary-area-005", "family=asb&burglary-area-005", "family=both&burglary-area-005"])
def test_a_link_to_an_area_shows_its_family(opened: Open, part: str) -> None:
    with opened(f"map.html#{part}") as seen:
        assert popup_title(seen.page).startswith("Burglary 5: ")
        expected = "both" if "both" in part else "burglary"
        assert seen.page.locator("input[name=family]:checked").get_attribute("value") == expected


@pytest.mark.parametrize("part", ["family=arson", "family=", "%", "family=asb&%E0%A4%A", "family=burglary&x/y/z"])
def test_an_address_that_means_nothing_opens_the_map(opened: Open, part: str) -> None:
    with opened(f"map.html#{part}") as seen:
        assert seen.page.locator(".pin").count() > 0 and seen.complaints == []


def test_only_hotspots_that_stand_out_are_solid_and_called_hotspots(opened: Open) -> None:
    report = examples.report()
    shown = report.hotspots[report.hotspots["status"] != "gone"]
    strong = shown["p_value"] < 0.05
    with opened("map.html") as seen:
        all_on(seen)
        found = seen.page.evaluate(
            "[...document.querySelectorAll('path.hotspot')]"
            ".map((one) => [one.getAttribute('aria-label'), getComputedStyle(one).strokeDasharray])"
        )
    assert len(found) == len(shown) and 0 < strong.sum() < len(shown)
    assert sum("hotspot:" in title for title, _ in found) == strong.sum()
    for title, dashes in found:
        assert (dashes == "none") == ("hotspot:" in title)
        assert ("busy, as its surroundings are:" in title) == (dashes != "none")


def test_the_list_of_changes_says_worse_only_beyond_chance_and_goes_there(opened: Open) -> None:
    found = changes.of_report(examples.report())
    with opened("map.html") as seen:
        for kind, label in changes.KIND_LABELS.items():
            own = found[(found["kind"] == kind) & (found["family"] == "asb")]
            section = seen.page.locator(".kind:visible").filter(has=seen.page.locator("h3", has_text=label))
            assert section.locator("button:visible").count() == len(own)
        row = seen.page.locator(".kind button:visible").first
        assert "before" in row.inner_text() and row.locator("svg.spark path").count() == 2
        row.click()
        assert popup_title(seen.page).startswith("ASB, worse: ")
        assert seen.page.locator(".pin b.change.worse").count() > 0


def test_on_a_telephone_the_lists_fold(opened: Open) -> None:
    with opened("map.html", NARROW) as seen:
        heading = seen.page.locator(".lists summary").first
        assert heading.bounding_box()["y"] < NARROW[1]  # the map leaves the heading in sight
        rows = seen.page.locator(".lists details:first-of-type button:visible")
        assert rows.count() > 0
        heading.click()
        assert rows.count() == 0
