"""Styles of the GeoPackage for QGIS and other programs, as the table `layer_styles`.

QGIS reads the QML, other programs the SLD. Hatching distinguishes families and ranks without colour.
"""

from dataclasses import dataclass
from xml.etree import ElementTree

import pandas as pd

_COLOURS = {"asb": ("160,60,0", "#a03c00"), "burglary": ("0,86,138", "#00568a")}
_LABELS = {"asb": "ASB", "burglary": "Burglary"}
_SLD = "http://www.opengis.net/sld"
_OGC = "http://www.opengis.net/ogc"
_DESCRIPTION = "QML and SLD written with the report"


@dataclass(frozen=True)
class Rule:
    """Style of one kind of area: filter, name in the legend, fill and outline."""

    family: str
    label: str
    where: tuple[str, int, int] | None  # column, from, to
    fill: str  # name of the hatching in QGIS
    opacity: float
    width_mm: float

    @property
    def expression(self) -> str:
        """Filter of the rule in the syntax of QGIS."""
        of_family = f"\"family\" = '{self.family}'"
        if self.where is None:
            return of_family
        column, low, high = self.where
        return f'{of_family} AND "{column}" >= {low} AND "{column}" <= {high}'


def _area_rules() -> list[Rule]:
    """Return rules for first, next and later ranks of each family."""
    hatching = {"asb": ("b_diagonal", "b_diagonal", "no"), "burglary": ("cross", "dense6", "no")}
    ranks = ((1, 5, "rank 1 to 5", 0.9), (6, 20, "rank 6 to 20", 0.6), (21, 100_000, "later", 0.3))
    return [
        Rule(family, f"{_LABELS[family]}: {name}", ("rank", low, high), fill, opacity, 0.7 if high == 5 else 0.4)
        for family, fills in hatching.items()
        for (low, high, name, opacity), fill in zip(ranks, fills, strict=True)
    ]


_RULES = {
    "patrol_areas": _area_rules(),
    "hotspots": [Rule(family, f"{label} hotspot", None, "no", 0.2, 0.5) for family, label in _LABELS.items()],
}


def layer_styles(written: pd.Timestamp) -> pd.DataFrame:
    """Return the table of styles, with a row for each layer and `written` as the time of writing."""
    rows = [
        {
            "f_table_catalog": "",
            "f_table_schema": "",
            "f_table_name": layer,
            "f_geometry_column": "geom",
            "styleName": layer,
            "styleQML": qml(rules),
            "styleSLD": sld(layer, rules),
            "useAsDefault": True,
            "description": _DESCRIPTION,
            "owner": "",
            "ui": "",
            "update_time": written,
        }
        for layer, rules in _RULES.items()
    ]
    return pd.DataFrame(rows).astype({"update_time": "datetime64[ms]"})


def qml(rules: list[Rule]) -> str:
    """Return the rules as a QGIS style of filled polygons."""
    root = ElementTree.Element("qgis", {"version": "3.22.0", "styleCategories": "Symbology"})
    renderer = ElementTree.SubElement(root, "renderer-v2", {"type": "RuleRenderer", "symbollevels": "0"})
    listed = ElementTree.SubElement(renderer, "rules", {"key": "all"})
    symbols = ElementTree.SubElement(renderer, "symbols")
    for number, rule in enumerate(rules):
        attributes = {"key": f"rule{number}", "symbol": str(number), "label": rule.label, "filter": rule.expression}
        ElementTree.SubElement(listed, "rule", attributes)
        symbol = ElementTree.SubElement(symbols, "symbol", {"type": "fill", "name": str(number), "alpha": "1"})
        layer = ElementTree.SubElement(symbol, "layer", {"class": "SimpleFill", "enabled": "1", "pass": "0"})
        options = ElementTree.SubElement(layer, "Option", {"type": "Map"})
        colour = _COLOURS[rule.family][0]
        for name, value in {
            "color": f"{colour},{round(255 * rule.opacity)}",
            "style": rule.fill,
            "outline_color": f"{colour},255",
            "outline_style": "solid" if rule.family == "asb" else "dash",
            "outline_width": f"{rule.width_mm:g}",
            "outline_width_unit": "MM",
        }.items():
            ElementTree.SubElement(options, "Option", {"type": "QString", "name": name, "value": value})
            ElementTree.SubElement(layer, "prop", {"k": name, "v": value})
    return (
        f"<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n{ElementTree.tostring(root, encoding='unicode')}"
    )


def sld(layer: str, rules: list[Rule]) -> str:
    """Return the rules as an OGC style (SLD 1.0), which has no hatching."""
    ElementTree.register_namespace("sld", _SLD)
    ElementTree.register_namespace("ogc", _OGC)
    root = ElementTree.Element(f"{{{_SLD}}}StyledLayerDescriptor", {"version": "1.0.0"})
    named = _under(root, "NamedLayer")
    _under(named, "Name", layer)
    style = _under(_under(named, "UserStyle"), "FeatureTypeStyle")
    for rule in rules:
        element = _under(style, "Rule")
        _under(element, "Title", rule.label)
        _filter(element, rule)
        polygon, colour = _under(element, "PolygonSymbolizer"), _COLOURS[rule.family][1]
        fill, stroke = _under(polygon, "Fill"), _under(polygon, "Stroke")
        _parameters(fill, {"fill": colour, "fill-opacity": f"{rule.opacity / 2:g}"})
        dashes = {} if rule.family == "asb" else {"stroke-dasharray": "6 3"}
        _parameters(stroke, {"stroke": colour, "stroke-width": f"{rule.width_mm * 3:.1f}", **dashes})
    return ElementTree.tostring(root, encoding="unicode")


def _filter(parent: ElementTree.Element, rule: Rule) -> None:
    """Add the filter of a rule."""
    parent = ElementTree.SubElement(parent, f"{{{_OGC}}}Filter")
    if rule.where is not None:
        parent = ElementTree.SubElement(parent, f"{{{_OGC}}}And")
    equal = ElementTree.SubElement(parent, f"{{{_OGC}}}PropertyIsEqualTo")
    ElementTree.SubElement(equal, f"{{{_OGC}}}PropertyName").text = "family"
    ElementTree.SubElement(equal, f"{{{_OGC}}}Literal").text = rule.family
    if rule.where is not None:
        column, low, high = rule.where
        between = ElementTree.SubElement(parent, f"{{{_OGC}}}PropertyIsBetween")
        ElementTree.SubElement(between, f"{{{_OGC}}}PropertyName").text = column
        for tag, value in (("LowerBoundary", low), ("UpperBoundary", high)):
            bound = ElementTree.SubElement(between, f"{{{_OGC}}}{tag}")
            ElementTree.SubElement(bound, f"{{{_OGC}}}Literal").text = str(value)


def _parameters(parent: ElementTree.Element, values: dict[str, str]) -> None:
    for name, value in values.items():
        ElementTree.SubElement(parent, f"{{{_SLD}}}CssParameter", {"name": name}).text = value


def _under(parent: ElementTree.Element, tag: str, text: str | None = None) -> ElementTree.Element:
    element = ElementTree.SubElement(parent, f"{{{_SLD}}}{tag}")
    element.text = text
    return element
