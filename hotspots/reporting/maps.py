"""The map: one HTML file that asks the network for nothing.

Folium arranges the layers; Leaflet, the styles and our own script stand inside the page. No tiles are fetched: the
force's outline, its teams, shaded squares of recorded incidents and the names in the records show where one is.
"""

from functools import lru_cache, partial
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
page.start({{ this._parent.get_name() }});
{% endmacro %}
"""
_FILL_SCRIPT = """
{% macro script(this, kwargs) %}
page.{{ this.verb }}({{ this._parent.get_name() }}, page.data.{{ this.data }});
{% endmacro %}
"""


def draw_map(report: Report) -> str:
    """The map of a run as an HTML page; the same tables give the same text.

    Notes
    -----
    Branca, under Folium, takes every script it has rendered for a template and renders it again, so a text with
    braces would be run as one. Folium therefore only arranges: the data stands in the page apart from it.
    """
    import folium
    from folium.utilities import JsCode

    is_narrow: Any = JsCode("page.isNarrow()")
    base = folium.Map(tiles=None)
    base.default_js, base.default_css = [], []
    base._template = _macros(_MAP_SCRIPT)
    figure: Any = base.get_root()
    figure._template = pages().get_template("map.html")
    figure.page = _page(report) | {"data": _data(report)}
    for layer in _layers(report, figure.page["data"]):
        layer.add_to(base)
    folium.LayerControl(collapsed=is_narrow, autoZIndex=False).add_to(base)
    base.add_child(_macro(_START_SCRIPT))
    _number(figure)
    return _without_trailing_spaces(figure.render())


@lru_cache
def pages() -> "jinja2.Environment":
    """The templates of the pages, with every value escaped."""
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("hotspots.reporting", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.policies["json.dumps_kwargs"] = {"sort_keys": True, "separators": (",", ":"), "allow_nan": False}
    environment.filters["said"] = partial(words.clean, longest=600)
    return environment


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


def _data(report: Report) -> dict[str, Any]:
    """What the layers draw, by name."""
    data: dict[str, Any] = {"bounds": layers.bounds(report)}
    for family in tables.FAMILIES:
        data[f"{family}_areas"] = layers.areas(report, family)
        data[f"{family}_hotspots"] = layers.hotspots(report, family)
        data[f"{family}_cells"] = layers.cells(report, family)
    data |= {"changes": layers.changes(report), "concerns": layers.concerns(report), "teams": layers.teams(report)}
    return data | {"streets": layers.streets(report), "force": layers.force(report)}


def _layers(report: Report, data: dict[str, Any]) -> list["folium.FeatureGroup"]:
    """Every layer of the map with its legend, what is read first first."""
    short = words.FAMILY_SHORT
    found = [_drawn(f"{short[f]}: areas to visit", f"area {f}", data, f"{f}_areas") for f in tables.FAMILIES]
    found += [_drawn(f"{short[f]}: hotspots", f"hotspot {f}", data, f"{f}_hotspots") for f in tables.FAMILIES]
    if not report.is_first_run:
        found.append(_drawn("Changes since last run", "change", data, "changes", show=False))
    found.append(_drawn(f"Residents' concerns ({words.FEW} answers or more)", "concern", data, "concerns"))
    found.append(_drawn("Teams and beats", "team", data, "teams"))
    found.append(_group('<span class="key street"></span> Street names (when close)', "names", "streets"))
    found += [_shaded(report, family) for family in tables.FAMILIES]
    found.append(_drawn("Force outline", "force", data, "force"))
    return found


def _drawn(name: str, key: str, data: dict[str, Any], what: str, *, show: bool = True) -> "folium.FeatureGroup":
    """One layer of features, its legend standing in its name."""
    said = name if data[what]["features"] else f"{name} (none)"
    return _group(f'<span class="key {key}"></span> {said}', "draw", what, show=show)


def _shaded(report: Report, family: str) -> "folium.FeatureGroup":
    """Squares with recorded incidents, the darker the more; one family shows when the page opens."""
    steps = "".join(
        f'<span class="step"><span class="key cell shade{number}"></span>{text}</span>'
        for number, text in enumerate(counts.shade_words())
    )
    months = words.counted(report.window.length_months, "month", "months")
    name = f"{words.FAMILY_SHORT[family]}: recorded incidents, {months}, per {counts.INCIDENT_CELL_M} m square"
    is_shown = family == tables.FAMILIES[0]
    return _group(f'{name}<span class="steps">{steps}</span>', "cells", f"{family}_cells", show=is_shown)


def _group(name: str, verb: str, data: str, *, show: bool = True) -> "folium.FeatureGroup":
    """One layer that the page's script fills."""
    import folium

    group = folium.FeatureGroup(name=name, show=show)
    group.add_child(_macro(_FILL_SCRIPT, verb=verb, data=data))
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
