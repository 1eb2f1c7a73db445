"""The force's outline and the areas inside it."""

import re
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from hotspots import crs, tables
from hotspots.errors import SourceError
from hotspots.sources.police_uk import street_files

POLYGON_FILES = (".geojson", ".json", ".gpkg", ".shp", ".tab", ".mif", ".kml")

# Areas of the Office for National Statistics by the beginning of their headings; a file of wards also has districts.
# LSOAs only of 2021 and later, because records have their codes.
ONS_KINDS = {"PFA": "force", "PARNCP": "parish", "PAR": "parish", "WD": "ward", "LSOA": "lsoa", "LAD": "district"}
_ONS_NAME = re.compile(r"(PFA|PARNCP|PAR|WD|LAD|LSOA(?=[2-9]))(\d\d)NM")

# A cautious outline derived from points: cells of this size with enough incidents, and a margin around them.
CELL_M = 5_000.0
MIN_CELL_INCIDENTS = 10


def read_places(path: Path, only: str | None = None) -> gpd.GeoDataFrame:
    """Read polygons as places (`tables.PLACES`) with a column `force`; geometry in metres, mended where invalid.

    A polygon with a property `force` is the outline of that force; one with `kind` and `name` is a beat, a team
    or another area. Files of the Office for National Statistics are recognised by their headings (`PFA23NM` forces,
    `LAD23NM` districts, `WD24NM` wards, `PARNCP23NM` parishes). Other polygons are ignored.

    Parameters
    ----------
    path
        GeoJSON, GeoPackage, Shapefile, MapInfo or KML.
    only
        Slug of a force: areas of other forces are left out.

    Raises
    ------
    SourceError
        The file cannot be opened as polygons.
    """
    import pyogrio

    try:
        raw = pyogrio.read_dataframe(path)
    except Exception as error:  # pyogrio and GDAL raise many kinds of error, all about the file
        why = str(error).splitlines()[0].split(";")[0].replace(str(path), path.name).rstrip(".")
        raise SourceError(f"{path.name}: the file cannot be opened as areas ({why}). Export it again.") from None
    if not isinstance(raw, gpd.GeoDataFrame):
        raise SourceError(f"{path.name}: the file has no areas, only a table.")
    raw = _with_our_names(raw)
    column = {name.lower(): name for name in raw.columns}
    is_wanted = raw.geom_type.isin(["Polygon", "MultiPolygon"])
    if only is not None:
        is_wanted &= _text(raw, column.get("force")).fillna(only) == only
    raw = raw[is_wanted].reset_index(drop=True)
    force = _text(raw, column.get("force"))
    kind = _text(raw, column.get("kind")).fillna(force.where(force.isna(), "force"))
    code = _text(raw, column.get("place_code"))
    name = _text(raw, column.get("name")).fillna(force).fillna(code)
    frame = gpd.GeoDataFrame(
        {
            "place_code": code.fillna(name),
            "kind": kind,
            "name": name,
            "team_name": _text(raw, column.get("team_name")),
            "district": _text(raw, column.get("district")),
            "valid_from": _days(raw, column.get("valid_from")),
            "valid_to": _days(raw, column.get("valid_to")),
            "force": force,
        },
        geometry=_mended(in_metres(raw, path)),
        crs=crs.BNG,
    )
    return frame[frame["kind"].isin(tables.PLACE_KINDS) & frame["name"].notna()].reset_index(drop=True)


def names_areas(text: bytes) -> bool:
    """Return whether the text of a JSON file is GeoJSON with areas that `read_places` recognises."""
    has_names = (
        b'"force"' in text
        or b'"kind"' in text
        or any(f'"{prefix}'.encode() in text for prefix in (*ONS_KINDS, "LSOA2") if prefix != "LSOA")
    )
    return b'"FeatureCollection"' in text[:4096] and has_names


def _with_our_names(raw: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Rename the columns of a file of the Office for National Statistics; return any other file unchanged."""
    found = {match[1]: match[2] for match in map(_ONS_NAME.fullmatch, map(str, raw.columns)) if match}
    known = [prefix for prefix in ONS_KINDS if prefix in found]
    if not known or {"force", "kind"} & {str(name).lower() for name in raw.columns}:
        return raw
    prefix, year = known[0], found[known[0]]
    ours = {f"{prefix}{year}CD": "place_code", f"{prefix}{year}NM": "name"}
    if prefix != "LAD" and "LAD" in found:
        ours[f"LAD{found['LAD']}NM"] = "district"
    named = raw.rename(columns=ours)
    named = named[[name for name in (*ours.values(), raw.geometry.name) if name in named]]
    if prefix == "PFA":
        return named.assign(force=named["name"].map(street_files.slug_of))
    return named.assign(kind=ONS_KINDS[prefix])


def outline_of(places: gpd.GeoDataFrame, force: str) -> shapely.Geometry | None:
    """Return the outline of one force, metres; None where no polygon has its slug."""
    own = places[(places["kind"] == "force") & (places["force"] == force)]
    if own.empty:
        return None
    shapes = own.geometry.to_numpy()
    return shapes[0] if len(shapes) == 1 else shapely.union_all(shapes)


def derive_outline(easting: np.ndarray, northing: np.ndarray) -> shapely.Geometry:
    """Derive a cautious outline from a force's own points, where no outline is given.

    It consists of cells of 5 km with at least ten incidents, and their eight neighbours. Of separate blocks, the one
    with most incidents and those with at least 1 % of them are kept, so isolated points far away stay outside.

    Parameters
    ----------
    easting, northing
        Metres, missing ones ignored.
    """
    located = np.isfinite(easting) & np.isfinite(northing)
    cells, counts = np.unique(
        np.floor(np.column_stack([easting[located], northing[located]]) / CELL_M), axis=0, return_counts=True
    )
    busy = cells[counts >= min(MIN_CELL_INCIDENTS, counts.max(initial=1))] * CELL_M
    squares = shapely.box(busy[:, 0], busy[:, 1], busy[:, 0] + CELL_M, busy[:, 1] + CELL_M)
    blocks = shapely.get_parts(
        shapely.union_all(shapely.buffer(squares, CELL_M, cap_style="square", join_style="mitre"))
    )
    inside = np.array([shapely.contains_xy(block, easting[located], northing[located]).sum() for block in blocks])
    return shapely.union_all(blocks[(inside == inside.max(initial=0)) | (inside >= located.sum() / 100)])


def outline_around(points: pd.DataFrame) -> shapely.Geometry:
    """Derive a cautious outline from points, `x` and `y` in BNG metres.

    Raises
    ------
    SourceError
        There is no point at all.
    """
    if points.isna().all(axis=None):
        raise SourceError("None of the rows can be used. Run 'hotspots check' to see what is wrong with a file.")
    return derive_outline(points["x"].to_numpy(), points["y"].to_numpy())


def _mended(polygons: np.ndarray) -> np.ndarray:
    """Mend polygons whose rings cross themselves; lines and points that result are dropped."""
    shapes = polygons.copy()
    is_broken = ~shapely.is_valid(shapes)
    shapes[is_broken] = [_areal(shape) for shape in shapely.make_valid(shapes[is_broken])]
    return shapes


def _areal(shape: shapely.Geometry) -> shapely.Geometry:
    """Return the polygons of a geometry."""
    parts = shapely.get_parts(shape)
    parts = shapely.get_parts(parts[shapely.get_dimensions(parts) == 2])
    return shapely.union_all(parts) if len(parts) > 1 else parts[0] if len(parts) else shape


def _text(raw: pd.DataFrame, name: str | None) -> pd.Series:
    """Return a column as text, or an empty one."""
    if name is None:
        return pd.Series(pd.NA, index=raw.index, dtype="str")
    return raw[name].astype("str").str.strip().replace("", pd.NA).astype("str")


def _days(raw: gpd.GeoDataFrame, name: str | None) -> pd.Series:
    """Return a column as days (YYYY-MM-DD), missing where it cannot be read."""
    if name is None:
        return pd.Series(pd.NaT, index=raw.index, dtype="datetime64[us]")
    return pd.to_datetime(raw[name], format="ISO8601", errors="coerce").astype("datetime64[us]")


def in_metres(raw: gpd.GeoDataFrame, path: Path) -> np.ndarray:
    """Return geometries on the British National Grid."""
    shapes = raw.geometry.to_numpy()
    if raw.crs is None:
        raise SourceError(f"{path.name}: the file does not name its coordinate system.")
    if raw.crs.to_epsg() == 27700:
        return np.asarray(shapely.force_2d(shapes))
    if not raw.crs.is_geographic:
        return np.asarray(raw.to_crs(crs.BNG).geometry.to_numpy())
    return crs.geometries_to_grid(shapes)
