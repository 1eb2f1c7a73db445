"""Read the features of GeoJSON files.

GDAL is not used, because it follows references to other files and addresses, and takes the content of a file for that
of another format.
"""

import json
import re
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from hotspots.errors import SourceError
from hotspots.sources.file_formats import limits

SUFFIXES = (".geojson", ".json")
_GEOMETRIES = ("Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection")
_EPSG = re.compile(r"(?:urn:(?:x-)?ogc:def:crs:)?EPSG:[\d.]*:?(\d{4,6})", re.IGNORECASE)
_CRS84 = re.compile(r"(?:urn:(?:x-)?ogc:def:crs:)?OGC:[\d.]*:?CRS84", re.IGNORECASE)


def read_features(path: Path) -> gpd.GeoDataFrame:
    """Read the features with their properties; a feature whose geometry cannot be read has none.

    The coordinate system is that of the member `crs`, if it is an EPSG code or CRS84, and missing otherwise.

    Raises
    ------
    SourceError
        The file cannot be opened, is no GeoJSON, or is too large.
    """
    text = limits.read_markup(path)
    try:
        document = json.loads(text.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise SourceError(_not_geojson(path, (str(error).splitlines() or [""])[0])) from None
    features = _features(document)
    if features is None:
        raise SourceError(_not_geojson(path, "it has no features"))
    properties = [given if isinstance(given := feature.get("properties"), dict) else {} for feature in features]
    names = list(dict.fromkeys(name for given in properties for name in given if name != "geometry"))
    limits.require_within(path.name, len(names), limits.MAX_COLUMNS, "properties", "Export fewer of them.")
    # Whole numbers stay whole, also where a feature lacks the property.
    columns = {name: pd.Series([given.get(name) for given in properties], dtype="object") for name in names}
    shapes = np.array([_shape(feature.get("geometry")) for feature in features], dtype=object)
    return gpd.GeoDataFrame(pd.DataFrame(columns, index=range(len(features))), geometry=shapes, crs=_crs_of(document))


def _not_geojson(path: Path, reason: str) -> str:
    return f"{path.name}: the file cannot be opened as areas: it is not GeoJSON ({reason}). Export it again."


def _features(document: Any) -> list[dict[str, Any]] | None:
    """Return the features of a document; None if it is not GeoJSON."""
    kind = document.get("type") if isinstance(document, dict) else None
    if kind == "FeatureCollection" and isinstance(document.get("features"), list):
        return [feature for feature in document["features"] if isinstance(feature, dict)]
    if kind == "Feature":
        return [document]
    return [{"geometry": document}] if kind in _GEOMETRIES else None


def _shape(geometry: Any) -> shapely.Geometry | None:
    """Return a geometry, with its rings closed; None if it cannot be read."""
    if not isinstance(geometry, dict):
        return None
    try:
        return shapely.geometry.shape(geometry)
    except Exception:  # what a wrong list of coordinates raises depends on where it is wrong
        return None


def _crs_of(document: dict[str, Any]) -> str | None:
    """Return the coordinate system that a document names; a link to one is not followed."""
    given = document.get("crs")
    properties = given.get("properties") if isinstance(given, dict) else None
    name = str(properties.get("name", "")) if isinstance(properties, dict) else ""
    if _CRS84.fullmatch(name):
        return "EPSG:4326"
    code = _EPSG.fullmatch(name)
    return f"EPSG:{code[1]}" if code else None
