"""Read the placemarks of KML files, without GDAL and without what a file refers to."""

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from hotspots.errors import SourceError
from hotspots.sources.file_formats import limits

SUFFIXES = (".kml",)


def read_placemarks(path: Path) -> gpd.GeoDataFrame:
    """Read placemarks with `name`, the values of their extended data, and their polygons, lines or points (WGS84).

    Network links and styles are not followed.

    Raises
    ------
    SourceError
        The file cannot be opened, is no KML, declares entities, or is too large.
    """
    root = _parse(path)
    placemarks = [element for element in root.iter() if _tag(element) == "Placemark"]
    frame = pd.DataFrame([_values(placemark) for placemark in placemarks], dtype="object")
    limits.require_within(path.name, len(frame.columns), limits.MAX_COLUMNS, "columns", "Export fewer of them.")
    shapes = np.array([_shape(placemark) for placemark in placemarks], dtype=object)
    return gpd.GeoDataFrame(frame.drop(columns="geometry", errors="ignore"), geometry=shapes, crs="EPSG:4326")


class _WithoutDoctype(ET.TreeBuilder):
    """Builds a tree of a document that declares no entities: these could refer to files or grow without limit."""

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        raise ValueError("it has a document type declaration, which is not read")


def _parse(path: Path) -> ET.Element:
    """Return the root of a KML document."""
    try:
        root = ET.XML(limits.read_markup(path), ET.XMLParser(target=_WithoutDoctype()))
    except (ET.ParseError, ValueError, LookupError) as error:
        if isinstance(error, SourceError):
            raise
        raise SourceError(_not_kml(path, str(error))) from None
    if _tag(root) != "kml":
        raise SourceError(_not_kml(path, f"its first element is '{_tag(root)[:40]}'"))
    return root


def _not_kml(path: Path, reason: str) -> str:
    return f"{path.name}: the file cannot be opened as areas: it is not KML ({reason}). Export it again."


def _tag(element: ET.Element) -> str:
    """Return the name of an element without its namespace."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _values(placemark: ET.Element) -> dict[str, str]:
    """Return the name of a placemark and its extended data."""
    found = {}
    for element in placemark.iter():
        if _tag(element) == "Data":
            value = next((child.text for child in element if _tag(child) == "value"), None)
            found[element.get("name", "")] = value or ""
        elif _tag(element) == "SimpleData":
            found[element.get("name", "")] = element.text or ""
    name = next((child.text for child in placemark if _tag(child) == "name"), None)
    return {"name": (name or "").strip(), **{key: value for key, value in found.items() if key}}


def _shape(placemark: ET.Element) -> shapely.Geometry | None:
    """Return the polygons of a placemark, or else its lines or points; None if there are none that can be read."""
    try:
        polygons = [_polygon(element) for element in placemark.iter() if _tag(element) == "Polygon"]
        if polygons:
            return shapely.MultiPolygon(polygons) if len(polygons) > 1 else polygons[0]
        points = [point for element in placemark.iter() if _tag(element) == "coordinates" for point in _points(element)]
        return shapely.MultiPoint(points) if points else None
    except (ValueError, IndexError, shapely.errors.ShapelyError):
        return None


def _polygon(element: ET.Element) -> shapely.Polygon:
    rings = list(_rings(element, "outerBoundaryIs"))
    return shapely.Polygon(rings[0], list(_rings(element, "innerBoundaryIs")))


def _rings(polygon: ET.Element, boundary: str) -> Iterator[list[tuple[float, float]]]:
    """Yield the rings of a boundary."""
    for child in polygon:
        if _tag(child) == boundary:
            for element in child.iter():
                if _tag(element) == "coordinates":
                    yield _points(element)


def _points(element: ET.Element) -> list[tuple[float, float]]:
    """Return longitudes and latitudes; heights are left out."""
    numbers = [text.split(",") for text in (element.text or "").split()]
    return [(float(each[0]), float(each[1])) for each in numbers]
