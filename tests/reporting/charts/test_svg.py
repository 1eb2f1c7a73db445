"""Charts as SVG: what is drawn where, and texts that cannot break out of it."""

from xml.etree import ElementTree

import pytest

from hotspots.reporting.charts import svg
from hotspots.reporting.charts.svg import Plot

PLOT = Plot(width=100, height=80, left=10, right=90, top=5, bottom=65, x_max=4, y_max=20)


def test_a_value_lies_in_proportion_between_the_edges_of_the_plotting_area() -> None:
    assert [PLOT.x(value) for value in (0, 1, 4)] == [10, 30, 90]
    assert [PLOT.y(value) for value in (0, 5, 20)] == [65, 50, 5]


def test_a_bar_stands_on_the_axis_and_is_as_high_as_its_value() -> None:
    bar = ElementTree.fromstring(PLOT.bar(30, 15, 5, "bar", "5 incidents"))
    assert (bar.get("x"), bar.get("y"), bar.get("width"), bar.get("height")) == ("30", "50.0", "15", "15.0")
    assert bar[0].tag == "title" and bar[0].text == "5 incidents"


def test_a_chart_names_its_title_and_description_for_screen_readers() -> None:
    drawn = ElementTree.fromstring(PLOT.draw("", "asb", "ASB & more", "From 1 to <5>."))
    assert drawn.get("aria-labelledby") == "asb-title asb-desc" and drawn.get("viewBox") == "0 0 100 80"
    assert [(part.get("id"), part.text) for part in drawn] == [
        ("asb-title", "ASB & more"),
        ("asb-desc", "From 1 to <5>."),
    ]


def test_no_text_or_attribute_breaks_out_of_its_element() -> None:
    hostile = '"><script>alert(1)</script>'
    for drawn in (svg.text(1, 2, hostile), svg.rect(1, 2, 3, 4, hostile, hostile), svg.figure(hostile, "", hostile)):
        assert "script" not in {part.tag for part in ElementTree.fromstring(drawn).iter()}


@pytest.mark.parametrize(("highest", "top"), [(0, 2), (3, 4), (7, 10), (95, 100), (101, 200), (2770, 4000)])
def test_the_scale_ends_at_a_round_number(highest: int, top: int) -> None:
    assert svg.round_top(highest) == top
