"""The map: one HTML file that asks the network for nothing.

Folium arranges the layers; Leaflet, the styles and our own script stand inside the page. No tiles are fetched: the
force's outline, its teams, shaded squares of recorded incidents and the names in the records show where one is.
"""

from functools import lru_cache
from itertools import count
from typing import TYPE_CHECKING, Any

from hotspots import tables
from hotspots.reporting import counts, layers, leaflet, words
from hotspots.reporting.report import Report

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
page.start({{ this._parent.get_name() }}, {{ this.bounds|tojson }});
{% endmacro %}
"""
_CELLS_SCRIPT = """
{% macro script(this, kwargs) %}
page.cells({{ this._parent.get_name() }}, {{ this.cells|tojson }});
{% endmacro %}
"""


def draw_map(report: Report) -> str:
    """The map of a run as an HTML page; the same tables give the same text."""
    import folium
    from folium.utilities import JsCode

    base = folium.Map(tiles=None)
    base.default_js, base.default_css = [], []
    base._template = _macros(_MAP_SCRIPT)
    figure = base.get_root()
    figure._template = pages().get_template("map.html")
    figure.page = _page(report)
    for layer in _layers(report):
        layer.add_to(base)
    folium.LayerControl(collapsed=JsCode("page.isNarrow()"), autoZIndex=False).add_to(base)
    base.add_child(_macro(_START_SCRIPT, bounds=layers.bounds(report)))
    _number(figure)
    return _without_trailing_spaces(figure.render())


@lru_cache
def pages() -> "jinja2.Environment":
    """The templates of the pages, with every value escaped."""
    import jinja2

    return jinja2.Environment(
        loader=jinja2.PackageLoader("hotspots.reporting", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _page(report: Report) -> dict[str, Any]:
    """What stands around the map."""
    held = report.patrol_areas.sort_values(["rank", "patrol_area_id"])
    return {
        "leaflet_script": leaflet.read_script(),
        "leaflet_styles": leaflet.read_styles(),
        "report": report,
        "as_of": words.day(report.as_of),
        "window": words.span(report.window),
        "expires_on": words.day(report.expires_on),
        "lists": [(words.FAMILY_SHORT[family], family, _ranked(held, family)) for family in tables.FAMILIES],
    }


def _ranked(areas: Any, family: str) -> list[dict[str, str]]:
    """The first twenty of a family, to be found from the list beside the map."""
    return [
        {
            "rank": str(row["rank"]),
            "id": words.clean(row["patrol_area_id"]),
            "place": words.place(row["main_location"], 60),
            "team": words.clean(row["team_name"], 40),
            "expected": words.interval(row["expected"], row["expected_low"], row["expected_high"]),
        }
        for _, row in areas[areas["family"] == family].head(20).iterrows()
    ]


def _layers(report: Report) -> list["folium.FeatureGroup"]:
    """Every layer of the map with its legend, what is read first first."""
    found = []
    for family in tables.FAMILIES:
        name = words.FAMILY_SHORT[family]
        found.append(_layer(f"{name}: areas to visit", f"area {family}", layers.areas(report, family), "areas"))
    for family in tables.FAMILIES:
        name = words.FAMILY_SHORT[family]
        found.append(_layer(f"{name}: hotspots", f"hotspot {family}", layers.hotspots(report, family), "hotspots"))
    if not report.is_first_run:
        found.append(_layer("Changes since last run", "change", layers.changes(report), "labels", show=False))
    found.append(_layer("Residents' concerns (3 answers or more)", "concern", layers.concerns(report), "concerns"))
    found.append(_layer("Teams and beats", "team", layers.teams(report), "outlines"))
    found.append(_layer("Street names (when close)", "street", layers.streets(report), "labels"))
    for family in tables.FAMILIES:
        found.append(_shaded(report, family))
    found.append(_layer("Force outline", "force", layers.force(report), "ground"))
    return found


def _layer(name: str, key: str, data: dict, pane: str, *, show: bool = True) -> "folium.FeatureGroup":
    """One layer of features, its legend standing in its name."""
    import folium
    from folium.utilities import JsCode

    said = name if data["features"] else f"{name} (none)"
    group = folium.FeatureGroup(name=f'<span class="key {key}"></span> {said}', show=show)
    folium.GeoJson(
        data,
        pane=pane,
        on_each_feature=JsCode("page.bind"),
        style=JsCode("page.style"),
        point_to_layer=JsCode("page.point"),
    ).add_to(group)
    return group


def _shaded(report: Report, family: str) -> "folium.FeatureGroup":
    """Squares with recorded incidents, the darker the more; one family shows when the page opens."""
    import folium

    steps = "".join(
        f'<span class="step"><span class="key cell shade{number}"></span>{text}</span>'
        for number, text in enumerate(counts.shade_words())
    )
    months = len(report.window.months)
    name = f"{words.FAMILY_SHORT[family]}: recorded incidents, {months} months, per {counts.INCIDENT_CELL_M} m square"
    group = folium.FeatureGroup(name=f'{name}<span class="steps">{steps}</span>', show=family == tables.FAMILIES[0])
    group.add_child(_macro(_CELLS_SCRIPT, cells=layers.cells(report, family)))
    return group


def _macro(template: str, **values: Any) -> "Element":
    """A piece of the page's script with its values."""
    from branca.element import MacroElement

    piece = MacroElement()
    piece._template = _macros(template)
    for name, value in values.items():
        setattr(piece, name, value)
    return piece


def _macros(text: str) -> "jinja2.Template":
    import jinja2

    return jinja2.Environment(autoescape=False).from_string(text)  # scripts: values pass through tojson


def _number(root: "Element") -> None:
    """Names in the page counted from the top, in place of Folium's random ones."""
    numbers = count(1)

    def visit(element: "Element") -> None:
        element._id = str(next(numbers))
        for child in element._children.values():
            visit(child)

    visit(root)


def _without_trailing_spaces(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.split("\n") if line.strip()) + "\n"
