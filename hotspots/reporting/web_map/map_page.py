"""Draw the interactive map: one HTML file that makes no network requests.

Folium arranges the layers; Leaflet, the styles and the map's script are embedded in the page. No tiles are fetched:
the outlines of the force, teams and wards, shaded squares of recorded incidents and street names give orientation.
Every layer of results is also a table in the page, and is drawn from that table.
"""

from itertools import count
from typing import TYPE_CHECKING, Any

from hotspots import tables, wording
from hotspots.reporting import changes, formatting, html_templates
from hotspots.reporting.charts import sparkline
from hotspots.reporting.report import Report
from hotspots.reporting.web_map import area_layers, base_layers, layer_list, leaflet
from hotspots.reporting.web_map.layer_list import Entry
from hotspots.reporting.web_map.map_layer import MapLayer

if TYPE_CHECKING:
    import folium
    import jinja2
    from branca.element import Element

_MAP_SCRIPT = """
{% macro html(this, kwargs) %}
<div class="folium-map" id="{{ this.get_name() }}"></div>
{% endmacro %}
{% macro script(this, kwargs) %}
const {{ this.get_name() }} = page.open({{ this.get_name()|tojson }});
{% endmacro %}
"""
_START_SCRIPT = """
{% macro script(this, kwargs) %}
page.start({{ this._parent.get_name() }});
{% endmacro %}
"""
_FILL_SCRIPT = """
{% macro script(this, kwargs) %}
page.{{ this.method }}({{ this._parent.get_name() }}, {{ this.data|tojson }});
{% endmacro %}
"""


def draw_map(report: Report) -> str:
    """Return the map of a run as an HTML page.

    Notes
    -----
    Branca, which Folium uses, renders each script a second time as a template, so braces in a text would be evaluated.
    The data is therefore embedded in the page as JSON, and Folium only arranges the layers.
    """
    import folium
    from folium.utilities import JsCode

    is_narrow: Any = JsCode("page.isNarrow()")
    layers = area_layers.all_layers(report)
    base = folium.Map(tiles=None)
    base.default_js, base.default_css = [], []
    base._template = _macros(_MAP_SCRIPT)
    figure: Any = base.get_root()
    figure._template = html_templates.template("map.html")
    figure.page = _page(report) | {"data": _data(report, layers), "layers": layers}
    for entry in [*layer_list.results(report, layers), *layer_list.base(report, figure.page["data"])]:
        _group(entry).add_to(base)
    folium.LayerControl(collapsed=is_narrow, autoZIndex=False).add_to(base)
    base.add_child(_macro(_START_SCRIPT))
    _number(figure)
    return _without_trailing_spaces(figure.render())


def _page(report: Report) -> dict[str, Any]:
    """Return the values of the page around the map."""
    tested = int(report.hotspots["change_p_value"].notna().sum())
    return {
        "leaflet_script": leaflet.read_script(),
        "leaflet_styles": leaflet.read_styles(),
        "report": report,
        "as_of": formatting.day(report.as_of),
        "window": formatting.date_range(report.window),
        "expires_on": formatting.day(report.expires_on),
        "changes": _changes(report),
        "since": formatting.day(report.previous_as_of) if report.previous_as_of else "the previous period",
        "months": wording.counted(report.window.length_months, "month"),
        "tested": tested,
        "by_chance": max(round(tested * changes.P_BELOW), 1),
        "lists": [(formatting.FAMILY_SHORT[family], family, _ranked(report, family)) for family in tables.FAMILIES],
    }


def _ranked(report: Report, family: str) -> list[dict[str, str]]:
    """Return the first 20 areas of a family, for the list beside the map."""
    return [
        {
            "rank": str(row["rank"]),
            "id": formatting.clean(row["patrol_area_id"]),
            "place": formatting.street(row["main_location"]),
            "team": formatting.clean(row["team_name"], 40),
            "expected": formatting.interval(row["expected"], row["expected_low"], row["expected_high"]),
        }
        for _, row in report.areas_of(family).head(20).iterrows()
    ]


def _changes(report: Report) -> list[dict[str, Any]]:
    """Return the changes by kind, for the list beside the map."""
    found = changes.of_report(report)
    rows = [
        {
            "kind": row.kind,
            "id": f"change-{formatting.clean(row.hotspot_id)}",
            "family": row.family,
            "family_label": formatting.FAMILY_SHORT[row.family],
            "place": row.place,
            "mark": area_layers.CHANGE_MARKS.get(row.kind, "◇"),
            "maybe": row.may_be_chance,
            "rates": area_layers.rates(row.before, row.now),
            "chance": area_layers.chance(row.p) if row.may_be_chance else formatting.p_value(row.p),
            "spark": sparkline.draw_sparkline(row.months, row.latest_months),
        }
        for row in found.itertuples()
    ]
    kinds = [(changes.KIND_LABELS[kind], [row for row in rows if row["kind"] == kind]) for kind in changes.KINDS]
    return [{"label": label, "rows": own} for label, own in kinds if own]


def _data(report: Report, layers: list[MapLayer]) -> dict[str, Any]:
    """Return the data of all layers by name."""
    return {
        **{layer.name: layer.drawn for layer in layers},
        **{f"{family}_cells": base_layers.cells(report, family) for family in tables.FAMILIES},
        "bounds": base_layers.bounds(report),
        "base_map": {"credit": "; ".join(report.base_map_credits)},
        "tiles": {"url": report.tiles.url},
        "past": area_layers.past_runs(report),
        "force": base_layers.outlines(report, ("force",), "force", simplify_m=40) | {"names": [], "points": []},
        "teams": base_layers.outlines(report, base_layers.TEAM_KINDS, "team", simplify_m=30),
        "wards": base_layers.outlines(report, base_layers.WARD_KINDS, "ward", simplify_m=80),
        "districts": base_layers.districts(report),
        "streets": base_layers.streets(report),
        "search": base_layers.search_index(report),
    }


def _group(entry: Entry) -> "folium.FeatureGroup":
    """Return a layer under its heading in the list of layers; a method of the page's script draws its data."""
    import folium

    facts = f'data-group="{entry.group}" data-layer="{entry.name}" data-family="{entry.family}"'
    layer = folium.FeatureGroup(name=f"<span {facts}>{entry.label}</span>", show=entry.is_shown)
    layer.add_child(_macro(_FILL_SCRIPT, method=entry.method, data=entry.data))
    return layer


def _macro(template: str, **values: Any) -> "Element":
    """Return part of the page's script with its values."""
    from branca.element import MacroElement

    piece = MacroElement()  # type: ignore[no-untyped-call]
    piece._template = _macros(template)
    for name, value in values.items():
        setattr(piece, name, value)
    return piece


def _macros(text: str) -> "jinja2.Template":
    import jinja2

    return jinja2.Environment(autoescape=False).from_string(text)  # scripts: values pass through tojson


def _number(root: "Element") -> None:
    """Number the elements of the page, so that their ids do not change from run to run."""
    numbers = count(1)

    def visit(element: "Element") -> None:
        element._id = str(next(numbers))
        for child in element._children.values():
            visit(child)

    visit(root)


def _without_trailing_spaces(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.split("\n") if line.strip()) + "\n"
