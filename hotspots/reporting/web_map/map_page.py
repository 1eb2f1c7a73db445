"""Draw the interactive map: one HTML file that makes no network requests.

Folium arranges the layers; Leaflet, the styles and the map's script are embedded in the page. No tiles are fetched:
the outlines of the force, teams and wards, shaded squares of recorded incidents and street names give orientation.
Every layer of results is also a table in the page, and is drawn from that table.
"""

from collections.abc import Iterable
from itertools import count
from typing import TYPE_CHECKING, Any

from hotspots import tables, wording
from hotspots.reporting import formatting, html_templates
from hotspots.reporting.report import Report
from hotspots.reporting.web_map import area_layers, base_layers, grid_counts, leaflet
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

_BASE = "Base map"
_BOX = 'width="18" height="12"'
# For each layer: its group and name in the list of layers, its legend symbol, and whether it is shown at first.
_LEGEND = {
    "asb_areas": ("Patrol areas", "ASB: patrol areas", "area asb next", True),
    "burglary_areas": ("Patrol areas", "Burglary: patrol areas", "area burglary next", True),
    "asb_hotspots": ("Hotspots", "ASB: hotspots", "hotspot asb", True),
    "burglary_hotspots": ("Hotspots", "Burglary: hotspots", "hotspot burglary", True),
    "changes": ("Hotspots", "Changes since the last period", "change", False),
    "near_repeats": ("Hotspots", "Near-repeat zones", "zone", True),
    "concerns": ("Residents", f"Residents' concerns ({formatting.FEW} responses or more)", "concern", True),
    "hidden_demand": ("Residents", "Hidden demand", "hidden-demand", True),
    "referrals": ("Residents", "Referrals to partners", "referral", False),
}


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
    for layer in [*map(_result_group, layers), *_base_groups(report, figure.page["data"])]:
        layer.add_to(base)
    folium.LayerControl(collapsed=is_narrow, autoZIndex=False).add_to(base)
    base.add_child(_macro(_START_SCRIPT))
    _number(figure)
    return _without_trailing_spaces(figure.render())


def _page(report: Report) -> dict[str, Any]:
    """Return the values of the page around the map."""
    return {
        "leaflet_script": leaflet.read_script(),
        "leaflet_styles": leaflet.read_styles(),
        "report": report,
        "as_of": formatting.day(report.as_of),
        "window": formatting.date_range(report.window),
        "expires_on": formatting.day(report.expires_on),
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


def _data(report: Report, layers: list[MapLayer]) -> dict[str, Any]:
    """Return the data of all layers by name."""
    return {
        **{layer.name: layer.drawn for layer in layers},
        **{f"{family}_cells": base_layers.cells(report, family) for family in tables.FAMILIES},
        "bounds": base_layers.bounds(report),
        "background": base_layers.background(report),
        "tiles": {"url": report.tiles.url},
        "past": area_layers.past_runs(report),
        "force": base_layers.outlines(report, ("force",), "force", simplify_m=40) | {"names": [], "points": []},
        "teams": base_layers.outlines(report, base_layers.TEAM_KINDS, "team", simplify_m=30),
        "wards": base_layers.outlines(report, base_layers.WARD_KINDS, "ward", simplify_m=50),
        "streets": base_layers.streets(report),
        "search": base_layers.search_index(report),
    }


def _result_group(layer: MapLayer) -> "folium.FeatureGroup":
    """Return the group of a layer of results; its name contains its legend."""
    group, name, key, is_shown = _LEGEND[layer.name]
    label = name if layer.rows else f"{name} (none)"
    return _group(group, f"{_key(key)} {label}{_rank_steps(layer)}", "draw", layer.name, show=is_shown)


def _rank_steps(layer: MapLayer) -> str:
    """Return the legend of ranks of a layer of patrol areas."""
    if not layer.name.endswith("_areas") or not layer.rows:
        return ""
    family = layer.name.removesuffix("_areas")
    ranks = (("first", "1 to 5"), ("next", "6 to 20"), ("later", "later"))
    return _steps((f"area {family} {shade}", text) for shade, text in ranks)


def _base_groups(report: Report, data: dict[str, Any]) -> list["folium.FeatureGroup"]:
    """Return the groups of the base layers."""
    found = [_shaded(report, family) for family in tables.FAMILIES]
    kinds = (("teams", "Teams and beats", "team", True), ("wards", "Wards and parishes", "ward", False))
    for name, title, key, is_shown in kinds:
        if data[name]["shapes"]:
            found.append(_group(_BASE, f"{_key(key)} {title}", "outline", name, show=is_shown))
    if data["background"]:
        found.append(_group(_BASE, f"{_key('road')} Rivers, roads and place names", "background", "background"))
    if report.tiles.url:
        found.append(_group(_BASE, "Background tiles", "tiles", "tiles"))
    found.append(_group(_BASE, f"{_key('street')} Street names (zoomed in)", "names", "streets"))
    found.append(_group(_BASE, f"{_key('force')} Force outline", "outline", "force"))
    return found


def _shaded(report: Report, family: str) -> "folium.FeatureGroup":
    """Return the group of squares with recorded incidents; only the first family is shown at first."""
    months = wording.counted(report.window.length_months, "month")
    name = f"{formatting.FAMILY_SHORT[family]}, {months}, per {grid_counts.INCIDENT_CELL_M} m square"
    steps = _steps((f"cell shade{number}", text) for number, text in enumerate(grid_counts.shade_labels()))
    is_shown = family == tables.FAMILIES[0]
    return _group("Recorded incidents", f"{name}{steps}", "cells", f"{family}_cells", show=is_shown)


def _key(style: str) -> str:
    """Return the legend symbol of a style."""
    return f'<svg class="key" aria-hidden="true" viewBox="0 0 22 16"><rect class="{style}" x="2" y="2" {_BOX}/></svg>'


def _steps(steps: Iterable[tuple[str, str]]) -> str:
    """Return the legend of several shades in one line."""
    symbols = "".join(f'<span class="step">{_key(style)}{text}</span>' for style, text in steps)
    return f'<span class="steps">{symbols}</span>'


def _group(group: str, name: str, method: str, data: str, *, show: bool = True) -> "folium.FeatureGroup":
    """Return a layer under its heading in the list of layers; a method of the page's script draws its data."""
    import folium

    layer = folium.FeatureGroup(name=f'<span data-group="{group}" data-layer="{data}">{name}</span>', show=show)
    layer.add_child(_macro(_FILL_SCRIPT, method=method, data=data))
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
