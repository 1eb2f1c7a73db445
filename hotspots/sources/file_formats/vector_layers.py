"""Open vector files with the one driver that belongs to the suffix, and nothing that a file refers to.

GDAL chooses a driver by content. A virtual file named `beats.kml` would so be able to read other files and addresses.
Therefore GeoJSON and KML are read by modules of ours, the content of any other file must begin as its suffix says, and
the drivers of GDAL that follow references are switched off.
"""

import importlib
import os
import re
import sqlite3
import warnings
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from hotspots import crs
from hotspots.errors import SourceError
from hotspots.sources.file_formats import file_content, geojson, kml, limits

GDAL_SUFFIXES = (".gpkg", ".shp", ".tab", ".mif")
OPENSTREETMAP_SUFFIXES = (".pbf", ".osm")
Bounds = tuple[float, float, float, float]
MAX_FILE_BYTES = 4_000_000_000
# Maps of the whole country, of which only the part of one force is read.
MAX_MAP_BYTES = 40_000_000_000
# Drivers that follow references to other files, to addresses or to programs.
DRIVERS_OFF = (
    "VRT", "OGR_VRT", "GDALG", "HTTP", "WFS", "OAPIF", "OGCAPI", "CSW", "WMS", "WMTS", "WCS", "STACIT", "STACTA", "GTI",
    "GML", "GMLAS", "GeoRSS", "ESRIJSON", "TopoJSON", "JSONFG", "PLSCENES", "PLMosaic", "EEDA", "EEDAI", "Elastic",
    "Carto", "AmigoCloud", "NGW", "SXF", "LVBAG", "ODS", "XLSX", "XLS", "PDS4", "DAAS", "MiraMonVector", "CAD",
)  # fmt: skip
_SHAPEFILE, _SQLITE, _PBF = b"\x00\x00\x27\x0a", b"SQLite format 3\x00", b"\x0a\x09OSMHeader"
# Tables of a GeoPackage that hold a spatial or text index; any other virtual table may read other files.
_INDEX_TABLE = re.compile(r"(?is)\s*create\s+virtual\s+table\b.*?\busing\s+(rtree|fts\d)\b")
_REACHES_OUT = re.compile(r"(?i)\b(gdal_|ogr_|load_extension|readfile|writefile)\w*\s*\(")
# Lines of a MapInfo table that name other files.
_MAPINFO_REFERENCE = re.compile(rb"(?im)^\s*(open\s+table|file\s+\"|create\s+view)|isseamless")


def list_layers(path: Path, purpose: str, max_bytes: int = MAX_FILE_BYTES) -> dict[str, str]:
    """Return the layers of a GeoPackage, Shapefile, MapInfo or OpenStreetMap file: name to kind of geometry.

    Raises
    ------
    SourceError
        The file cannot be opened, or its content is not what its suffix says.
    """
    _require_content(path, purpose, max_bytes)
    with _translate_errors(path, purpose):
        layers = _pyogrio().list_layers(_plain(path))
    limits.require_within(path.name, len(layers), limits.MAX_LAYERS, "layers", "Save the one that is needed.")
    return {str(name): "" if kind is None else str(kind) for name, kind in layers}


def read_fields(path: Path, layer: str, purpose: str, max_bytes: int = MAX_FILE_BYTES) -> list[str]:
    """Return the headings of a layer.

    Raises
    ------
    SourceError
        The file cannot be opened, or the layer has too many columns.
    """
    _require_content(path, purpose, max_bytes)
    fields = [str(field) for field in _read_info(path, layer, purpose)["fields"]]
    limits.require_within(path.name, len(fields), limits.MAX_COLUMNS, "columns", "Export fewer of them.")
    return fields


def read_layer(path: Path, layer: str, purpose: str, **options: Any) -> pd.DataFrame:
    """Read a layer: a GeoDataFrame, or a table where it has no geometry; rings are closed.

    Parameters
    ----------
    path
        A GeoPackage, Shapefile or MapInfo file.
    layer
        Name of the layer.
    purpose
        What is read, for messages: "as areas".
    **options
        Of `pyogrio.read_dataframe`.

    Raises
    ------
    SourceError
        The file cannot be opened, or the layer has too many columns or rows.
    """
    read_fields(path, layer, purpose)
    _require_rows(path, int(_read_info(path, layer, purpose)["features"]))
    with _translate_errors(path, purpose):
        frame: pd.DataFrame = _pyogrio().read_dataframe(
            _plain(path), layer=layer, encoding=_encoding(path), on_invalid="fix", **options
        )
    return frame


def read_extract(
    path: Path, layer: str, purpose: str, columns: Iterable[str], bounds: Bounds
) -> gpd.GeoDataFrame | None:
    """Read some columns of the features of a layer that meet a rectangle; None if the layer has no geometry.

    Parameters
    ----------
    path
        A GeoPackage, Shapefile, MapInfo or OpenStreetMap file, of up to `MAX_MAP_BYTES`.
    layer
        Name of the layer.
    purpose
        What is read, for messages: "as a map".
    columns
        Columns to read; at least one.
    bounds
        West, south, east and north, BNG metres.

    Raises
    ------
    SourceError
        The file cannot be opened, or too many features meet the rectangle.
    """
    _require_content(path, purpose, MAX_MAP_BYTES)
    box = _in_crs(bounds, _read_info(path, layer, purpose)["crs"])
    options: dict[str, Any] = {"layer": layer, "columns": list(columns)}
    if path.suffix.lower() in OPENSTREETMAP_SUFFIXES:
        # Without a query GDAL keeps the features of all other layers in memory, and gives up in a large file.
        fields = ", ".join(f'"{column}"' for column in columns)
        options = {"sql": f'SELECT {fields} FROM "{layer}"', "sql_dialect": "OGRSQL"}
    with _translate_errors(path, purpose):
        frame = _pyogrio().read_dataframe(_plain(path), bbox=box, encoding=_encoding(path), on_invalid="fix", **options)
    _require_rows(path, len(frame))
    return frame if isinstance(frame, gpd.GeoDataFrame) else None


def _read_info(path: Path, layer: str, purpose: str) -> dict[str, Any]:
    """Return what pyogrio knows of a layer without reading its features."""
    with _translate_errors(path, purpose):
        info: dict[str, Any] = _pyogrio().read_info(_plain(path), layer=layer)
    return info


def _require_rows(path: Path, rows: int) -> None:
    """Raise if a layer has more features than are read."""
    limits.require_within(path.name, rows, limits.MAX_ROWS, "features", "Export them in parts.")


def _in_crs(bounds: Bounds, name: str | None) -> Bounds | None:
    """Return bounds in a layer's coordinate system; None, for everything, where it names none."""
    if name is None:
        return None
    west, south, east, north = gpd.GeoSeries([shapely.box(*bounds)], crs=crs.BNG).to_crs(name).total_bounds
    margin = 0.01 * max(east - west, north - south)  # the sides of a rectangle are curved in another system
    return west - margin, south - margin, east + margin, north + margin


def read_layers(path: Path, purpose: str) -> dict[str, gpd.GeoDataFrame]:
    """Read every layer that has geometry, by name; GeoJSON and KML files have one, named like the file.

    Raises
    ------
    SourceError
        As `read_layer`.
    """
    suffix = path.suffix.lower()
    if suffix in geojson.SUFFIXES:
        return {path.stem: geojson.read_features(path)}
    if suffix in kml.SUFFIXES:
        return {path.stem: kml.read_placemarks(path)}
    layers = {name: read_layer(path, name, purpose) for name in list_layers(path, purpose)}
    return {name: layer for name, layer in layers.items() if isinstance(layer, gpd.GeoDataFrame)}


def _pyogrio() -> ModuleType:
    """Import pyogrio; drivers can be switched off only before its first import in a process.

    A driver that this build of GDAL lacks would give a warning, so warnings go to no file.
    """
    os.environ |= {"GDAL_SKIP": ",".join(DRIVERS_OFF), "CPL_LOG": os.devnull}
    return importlib.import_module("pyogrio")


def _plain(path: Path) -> str:
    """Return an absolute path that names only itself: pyogrio reads other forms as archives or addresses."""
    return str(path.absolute())


def _require_content(path: Path, purpose: str, max_bytes: int = MAX_FILE_BYTES) -> None:
    """Raise if a file does not begin as its suffix says, or refers to others."""
    head = file_content.read_head(path)
    try:
        size = path.stat().st_size
    except OSError as error:
        raise SourceError(f"{path.name}: the file cannot be opened ({error.strerror or error}).") from None
    limits.require_within(path.name, size, max_bytes, "bytes", "Save only what is needed.")
    suffix = path.suffix.lower()
    fault = _CHECKS[suffix](path, head) if suffix in _CHECKS else "its suffix is not one that is read"
    if "!" in str(path.absolute()):
        fault = "its path contains '!', which stands for archives; rename it"
    if fault:
        raise SourceError(f"{path.name}: the file cannot be opened {purpose}: {fault}.")


def _geopackage_fault(path: Path, head: bytes) -> str:
    """Return why a GeoPackage is not opened; empty if it is one that holds only its own data."""
    if not head.startswith(_SQLITE):
        return f"it is no GeoPackage but {file_content.what_is(path)}"
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as database:
            parts = database.execute("select type, coalesce(sql, '') from sqlite_master").fetchall()
    except sqlite3.Error as error:
        return f"it is damaged ({error})"
    for kind, sql in parts:
        is_virtual = re.match(r"(?i)\s*create\s+virtual", sql) and not _INDEX_TABLE.match(sql)
        if is_virtual or (kind in ("view", "trigger") and _REACHES_OUT.search(sql)):
            return "it has a table or view that reads other files, which is not followed"
    return ""


def _shapefile_fault(path: Path, head: bytes) -> str:
    return "" if head.startswith(_SHAPEFILE) else f"it is no Shapefile but {file_content.what_is(path)}"


def _table_fault(path: Path, head: bytes) -> str:
    if not head.lstrip().lower().startswith(b"!table"):
        return f"it is no MapInfo table but {file_content.what_is(path)}"
    return "it refers to other files, which are not followed" if _MAPINFO_REFERENCE.search(head) or b"<" in head else ""


def _interchange_fault(path: Path, head: bytes) -> str:
    if not head.lstrip().lower().startswith(b"version"):
        return f"it is no MapInfo interchange file but {file_content.what_is(path)}"
    return "it holds markup" if b"<OGRVRT" in head or b"<VRT" in head or b"<osm" in head else ""


def _openstreetmap_fault(path: Path, head: bytes) -> str:
    is_one = (
        b"<osm" in head[:1000] and head.lstrip().startswith(b"<")
        if path.suffix.lower() == ".osm"
        else (head[4:].startswith(_PBF))
    )
    return "" if is_one else f"it is no OpenStreetMap extract but {file_content.what_is(path)}"


_CHECKS = {
    ".gpkg": _geopackage_fault, ".shp": _shapefile_fault, ".tab": _table_fault, ".mif": _interchange_fault,
    ".pbf": _openstreetmap_fault, ".osm": _openstreetmap_fault,
}  # fmt: skip


def _encoding(path: Path) -> str | None:
    """Return the encoding of a Shapefile that does not name it: UTF-8 where all of its text is; else as GDAL finds."""
    if path.suffix.lower() != ".shp" or any(path.with_suffix(end).exists() for end in (".cpg", ".CPG")):
        return None
    texts = next((table for end in (".dbf", ".DBF") if (table := path.with_suffix(end)).exists()), None)
    if texts is None:
        return None
    try:
        # The header ends with a carriage return, and holds dates and sizes that are no text.
        texts.read_bytes().partition(b"\r")[2].decode("utf-8")
    except (OSError, UnicodeDecodeError):
        return "cp1252"
    return "utf-8"


@contextmanager
def _translate_errors(path: Path, purpose: str) -> Iterator[None]:
    """Raise GDAL's errors as a message about the file; its warnings are ignored."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            yield
        except SourceError:
            raise
        except Exception as error:  # pyogrio and GDAL raise many kinds of error, all about the file
            reason = (str(error).splitlines() or [type(error).__name__])[0].split(";")[0]
            reason = reason.replace(f"{path.absolute().parent}/", "").rstrip(".")
            raise SourceError(
                f"{path.name}: the file cannot be opened {purpose} ({reason}). Export it again."
            ) from None
