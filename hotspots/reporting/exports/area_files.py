"""Export patrol areas and hotspots as CSV, GeoJSON and GeoPackage, and patrol areas as KML.

Patrol areas are sorted by family and rank, hotspots by family and number of incidents, whatever the order of the
tables, so the same tables give the same bytes.
"""

import html
import json
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from hotspots import categories, crs, tables
from hotspots.reporting import formatting, html_templates, pins
from hotspots.reporting.exports import gis_styles

AREA_COLUMNS = [
    "rank",
    "patrol_area_id",
    "family",
    "team_name",
    "main_location",
    "longitude",
    "latitude",
    "easting",
    "northing",
    "radius_m",
    "area_m2",
    "expected",
    "expected_low",
    "expected_high",
    "top_k_chance",
    "score",
    "concern_status",
    "reason",
]
HOTSPOT_COLUMNS = [
    "hotspot_id",
    "family",
    "status",
    "main_location",
    "longitude",
    "latitude",
    "easting",
    "northing",
    "area_m2",
    "incidents",
    "months_seen",
    "incidents_before",
    "months_before",
    "latest_months",
    "latest_incidents",
    "latest_expected",
    "change_p_value",
    "spots",
    "expected",
    "expected_low",
    "expected_high",
    "p_value",
    "concerns",
    "concern_status",
]

_DECIMALS = {
    "longitude": 7, "latitude": 7, "easting": 2, "northing": 2, "radius_m": 2, "area_m2": 1, "p_value": 6,
    "latest_expected": 2, "change_p_value": 6,
}  # fmt: skip
_KML = "http://www.opengis.net/kml/2.2"
_KML_COLOURS = {"asb": "005ed5", "burglary": "b27200"}  # in the order blue, green, red


def areas_for_export(patrol_areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return patrol areas by family and rank, with the centre of the circle around each in degrees and metres."""
    order = ["family", "rank", "patrol_area_id"]
    return _listed(patrol_areas.sort_values(order, kind="stable"), AREA_COLUMNS, tables.PATROL_AREAS)


def hotspots_for_export(hotspots: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return hotspots by family, those with most incidents first, with the centre of the circle around each."""
    order = ["family", "incidents", "hotspot_id"]
    ordered = hotspots.sort_values(order, ascending=[True, False, True], kind="stable")
    return _listed(ordered, HOTSPOT_COLUMNS, tables.HOTSPOTS)


def write_csv(path: Path, table: pd.DataFrame) -> Path:
    """Write a table without geometry as CSV (UTF-8); texts that look like formulas are escaped."""
    plain = pd.DataFrame(table.drop(columns="geometry", errors="ignore"))
    for name in _texts(plain):
        plain[name] = [formatting.escape_formula(formatting.clean(value)) for value in plain[name]]
    plain.to_csv(path, index=False, lineterminator="\n", encoding="utf-8")
    return path


def write_geojson(path: Path, listed: gpd.GeoDataFrame) -> Path:
    """Write a table as GeoJSON (RFC 7946): WGS84, outer rings anticlockwise, seven decimals."""
    shapes = shapely.orient_polygons(shapely.set_precision(degrees(listed, 7), 0), exterior_cw=False)
    rows = _records(listed)
    features = [
        {"type": "Feature", "geometry": _geojson(shape), "properties": row}
        for shape, row in zip(shapes, rows, strict=True)
    ]
    text = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False, allow_nan=False)
    return html_templates.write_page(path, text + "\n")


def write_gpkg(path: Path, areas: gpd.GeoDataFrame, hotspots: gpd.GeoDataFrame, as_of: date) -> Path:
    """Write both tables as layers of a GeoPackage (EPSG:27700), dated `as_of`, with styles for QGIS."""
    import pyogrio

    path.unlink(missing_ok=True)
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": f"{as_of.isoformat()}T00:00:00.000Z"})
    try:
        for layer, listed in (("patrol_areas", areas), ("hotspots", hotspots)):
            pyogrio.write_dataframe(
                _for_gdal(listed),
                path,
                layer=layer,
                driver="GPKG",
                append=path.exists(),
                geometry_type="MultiPolygon",
                promote_to_multi=True,
            )
        styles = gis_styles.layer_styles(pd.Timestamp(as_of))
        pyogrio.write_dataframe(styles, path, layer="layer_styles", driver="GPKG", append=True)
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})
    return path


def write_kml(path: Path, areas: gpd.GeoDataFrame, title: str) -> Path:
    """Write patrol areas as KML, with a folder for each family."""
    ElementTree.register_namespace("", _KML)
    root = ElementTree.Element(f"{{{_KML}}}kml")
    document = _under(root, "Document")
    _under(document, "name", formatting.clean(title))
    for family in tables.FAMILIES:
        _kml_style(document, family)
    shapes = shapely.orient_polygons(degrees(areas, 7), exterior_cw=False)
    rows = _records(areas)
    for family in tables.FAMILIES:
        folder = _under(document, "Folder")
        _under(folder, "name", categories.FAMILY_LABELS[family])
        for shape, row in zip(shapes, rows, strict=True):
            if row["family"] == family:
                _kml_placemark(folder, row, shape)
    ElementTree.indent(root)
    text = ElementTree.tostring(root, encoding="unicode")
    return html_templates.write_page(path, f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n')


def degrees(shapes: gpd.GeoDataFrame, decimals: int) -> np.ndarray:
    """Return the geometries of a table as valid geometries in degrees, rounded to a number of decimals.

    Rounding can make a narrow shape cross itself; such shapes are rebuilt from rounded corners.
    """
    in_degrees = crs.geometries_to_degrees(shapely.force_2d(np.asarray(shapes.geometry)))
    rounded = shapely.transform(in_degrees, lambda xy: np.round(xy, decimals))
    is_crossed = ~shapely.is_valid(rounded)
    rounded[is_crossed] = shapely.set_precision(shapely.buffer(in_degrees[is_crossed], 0), 10.0**-decimals)
    return np.asarray(shapely.transform(rounded, lambda xy: np.round(xy, decimals)))


def _listed(table: gpd.GeoDataFrame, lead: list[str], declared: tables.Table) -> gpd.GeoDataFrame:
    """Return the table with points: lead columns, then declared columns, then other columns by name.

    The point of a patrol area is the centre of the circle of `radius_m`; that of a hotspot lies inside it.
    """
    shapes = np.asarray(table.geometry)
    is_circle = "radius_m" in declared.columns
    centres = shapely.centroid(shapely.minimum_bounding_circle(shapes)) if is_circle else pins.points_inside(shapes)
    easting, northing = shapely.get_x(centres), shapely.get_y(centres)
    longitude, latitude = crs.to_degrees(easting, northing)
    located = table.assign(easting=easting, northing=northing, longitude=longitude, latitude=latitude)
    rest = [name for name in declared.columns if name not in lead]
    others = sorted(name for name in table.columns if name not in declared.columns and name != "geometry")
    located = located[[*lead, *rest, *others, "geometry"]].reset_index(drop=True)
    measures = [name for name in located.columns if pd.api.types.is_float_dtype(located[name].dtype)]
    return located.round({name: _DECIMALS.get(name, 4) for name in measures})


def _texts(table: pd.DataFrame) -> list[str]:
    """Return the names of text columns."""
    kinds = table.dtypes
    is_text = [isinstance(kind, pd.CategoricalDtype) or str(kind) in ("object", "str") for kind in kinds]
    return list(table.columns[is_text])


def _records(listed: gpd.GeoDataFrame) -> list[dict[str, Any]]:
    """Return rows as dicts of plain values; missing values are None."""
    rows = pd.DataFrame(listed.drop(columns="geometry")).to_dict("records")
    return [{name: _plain(value) for name, value in row.items()} for row in rows]


def _plain(value: Any) -> Any:
    """Return a value as JSON can store it."""
    if pd.api.types.is_scalar(value) and pd.isna(value):
        return None
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat() if value == value.normalize() else value.isoformat()
    if isinstance(value, bool | int | float):
        return value
    return formatting.clean(value)


def _geojson(shape: shapely.Geometry | None) -> dict[str, Any] | None:
    return None if shape is None or shape.is_empty else json.loads(shapely.to_geojson(shape))


def _for_gdal(listed: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the table with texts as objects; missing values are None."""
    cleaned = {name: [_plain(value) for value in listed[name]] for name in _texts(listed.drop(columns="geometry"))}
    objects = {name: pd.Series(values, index=listed.index, dtype="object") for name, values in cleaned.items()}
    return listed.assign(**objects)


def _under(parent: ElementTree.Element, tag: str, text: str | None = None) -> ElementTree.Element:
    """Add an element to its parent."""
    element = ElementTree.SubElement(parent, f"{{{_KML}}}{tag}")
    element.text = text
    return element


def _kml_style(document: ElementTree.Element, family: str) -> None:
    """Add the colours of a family, and a balloon with the description only."""
    style = _under(document, "Style")
    style.set("id", family)
    _under(_under(style, "BalloonStyle"), "text", "$[description]")
    line = _under(style, "LineStyle")
    _under(line, "color", f"ff{_KML_COLOURS[family]}")
    _under(line, "width", "2")
    _under(_under(style, "PolyStyle"), "color", f"59{_KML_COLOURS[family]}")


def _kml_placemark(folder: ElementTree.Element, row: dict[str, Any], shape: shapely.Geometry) -> None:
    """Add an area: name, description (escaped because programs read it as HTML), values and outline."""
    placemark = _under(folder, "Placemark")
    _under(placemark, "name", f"{row['rank']}. {formatting.place(row['main_location'])}")
    expected = formatting.interval(row["expected"], row["expected_low"], row["expected_high"])
    lines = [f"{row['rank']}. {formatting.place(row['main_location'])}", f"Expected: {expected}", row["reason"] or ""]
    _under(placemark, "description", "<br/>".join(html.escape(formatting.clean(line, 1000)) for line in lines))
    _under(placemark, "styleUrl", f"#{row['family']}")
    extended = _under(placemark, "ExtendedData")
    for name, value in row.items():
        if value is not None:
            data = _under(extended, "Data")
            data.set("name", str(name))
            _under(data, "value", str(value))
    parts = [part for part in shapely.get_parts(shape) if not part.is_empty] if shape is not None else []
    if parts:
        multi = _under(placemark, "MultiGeometry")
        for part in parts:
            _kml_polygon(multi, part)


def _kml_polygon(parent: ElementTree.Element, polygon: shapely.Polygon) -> None:
    """Add a polygon with outer and inner rings as longitude,latitude."""
    element = _under(parent, "Polygon")
    rings = [("outerBoundaryIs", polygon.exterior), *(("innerBoundaryIs", ring) for ring in polygon.interiors)]
    for tag, ring in rings:
        text = " ".join(f"{x:.7f},{y:.7f}" for x, y in shapely.get_coordinates(ring))
        _under(_under(_under(element, tag), "LinearRing"), "coordinates", text)
