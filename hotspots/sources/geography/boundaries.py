"""The force's outline and the areas inside it."""

import re
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from hotspots import crs, tables, wording
from hotspots.errors import SourceError
from hotspots.sources.file_formats import file_content, geojson, kml, limits, vector_layers
from hotspots.sources.geography import shapes_in_metres
from hotspots.sources.police_uk import police_forces

POLYGON_FILES = (*geojson.SUFFIXES, *vector_layers.GDAL_SUFFIXES, *kml.SUFFIXES)
# Increased whenever the same file would give other areas.
LAYOUT = "areas-2"
_KINDS = {kind.lower(): kind for kind in tables.PLACE_KINDS}

# Areas of the Office for National Statistics by the beginning of their headings; a file of wards also has districts.
# LSOAs only of 2021 and later, because records have their codes.
ONS_KINDS = {"PFA": "force", "PARNCP": "parish", "PAR": "parish", "WD": "ward", "LSOA": "lsoa", "LAD": "district"}
_ONS_NAME = re.compile(r"(PFA|PARNCP|PAR|WD|LAD|LSOA(?=[2-9]))(\d\d)NM")

# Words in the names of files and layers.
_KIND_WORDS = {
    "beat": "beat", "ward": "ward", "parish": "parish", "parishe": "parish", "district": "district", "npt": "NPT",
    "lpt": "LPT", "lpa": "LPA", "snt": "SNT", "neighbourhood": "NPT", "team": "NPT", "outline": "force",
    "boundary": "force",
}  # fmt: skip

# A cautious outline derived from points: cells of this size with enough incidents, and a margin around them.
CELL_M = 5_000.0
MIN_CELL_INCIDENTS = 10


def read_places(path: Path, only: str | None = None) -> gpd.GeoDataFrame:
    """Read polygons as places (`tables.PLACES`) with a column `force`; geometry in metres, mended where invalid.

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
    return used_areas(read_areas(path, only))


def used_areas(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the areas of `read_areas` that can be used."""
    return areas[areas["not_used"] == ""].drop(columns="not_used").reset_index(drop=True)


def read_areas(path: Path, only: str | None = None) -> gpd.GeoDataFrame:
    """Read the features of every layer as places, with `not_used`: why a feature is not used, empty if it is.

    A polygon with a property `force` is the outline of that force; one with `kind` and `name` is a beat, a team
    or another area. Files of the Office for National Statistics are recognised by their headings (`PFA23NM` forces,
    `LAD23NM` districts, `WD24NM` wards, `PARNCP23NM` parishes). Areas with only a name are the outline of the force of
    that name, or else of the kind that the file or layer is named after: `beats.kml`, `Parishes.shp`. Parts of one
    area are joined.

    Raises
    ------
    SourceError
        The file cannot be opened as polygons.
    """
    layers = vector_layers.read_layers(path, "as areas")
    if not layers:
        raise SourceError(f"{path.name}: the file has no areas, only a table.")
    found = [
        _areas_of_layer(raw, path, kind_by_name(name) or kind_by_name(path.stem), only) for name, raw in layers.items()
    ]
    areas = gpd.GeoDataFrame(pd.concat(found, ignore_index=True), geometry="geometry", crs=crs.BNG)
    return _with_distinct_codes(areas)


def _areas_of_layer(raw: gpd.GeoDataFrame, path: Path, named_kind: str, only: str | None) -> gpd.GeoDataFrame:
    """Return the features of a layer as places, with `not_used`."""
    raw = _with_our_names(raw)
    column = {str(name).lower(): name for name in raw.columns}
    if only is not None:
        raw = raw[_text(raw, column.get("force")).fillna(only) == only].reset_index(drop=True)
    code = _text(raw, column.get("place_code"))
    name = _text(raw, column.get("name")).fillna(code)
    if len(raw) == 1:
        name = name.fillna(path.stem)
    force = _text(raw, column.get("force"))
    force = _force_by_name(force, only).fillna(force)
    kind = _text(raw, column.get("kind")).map(lambda kind: _KINDS.get(kind.lower(), kind), na_action="ignore")
    is_unknown = force.isna() & (kind.isna() | (kind == "force"))
    force = force.fillna(_force_by_name(name, only).where(is_unknown))
    if only is not None and named_kind == "force" and len(raw) == 1:
        force = force.fillna(pd.Series(only, index=raw.index, dtype="str").where(is_unknown))
    kind = kind.astype("str").fillna(force.where(force.isna(), "force"))
    kind = kind.fillna(named_kind) if named_kind not in ("", "force") else kind
    name = name.fillna(force)
    shapes = shapes_in_metres.areas_of(shapes_in_metres.in_metres(raw, path))
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
            "has_code": code.notna(),
        },
        geometry=shapes,
        crs=crs.BNG,
    )
    return frame.assign(not_used=_faults(frame, raw))


def _faults(frame: gpd.GeoDataFrame, raw: gpd.GeoDataFrame) -> pd.Series:
    """Return why each feature is not used; empty if it is."""
    is_empty = (raw.geometry.isna() | raw.geometry.is_empty).to_numpy()
    is_area = frame.geometry.notna().to_numpy()
    is_known = frame["kind"].isin(tables.PLACE_KINDS).to_numpy()
    rules = {
        "no geometry": is_empty,
        "no polygon": ~is_area,
        "neither force nor kind": frame["kind"].isna().to_numpy(),
        "an unknown kind": ~is_known,
        "an unknown force": (frame["kind"].eq("force") & frame["force"].isna()).to_numpy(),
        "no name": frame["name"].isna().to_numpy(),
    }
    return pd.Series(np.select(list(rules.values()), list(rules), ""), index=frame.index, dtype="str")


def _force_by_name(name: pd.Series, only: str | None) -> pd.Series:
    """Return the slug of the force that an area is named after, if it is the wanted one or one of the table."""
    slugs = name.map(police_forces.slug_of, na_action="ignore").astype("str")
    return slugs.where(slugs.isin([only] if only is not None else police_forces.SLUGS))


def kind_by_name(name: str) -> str:
    """Return the kind of area that a file or layer is named after, `force` for an outline; empty if there is none.

    Examples
    --------
    >>> kind_by_name("Wiltshire beats 2025"), kind_by_name("ward_boundary"), kind_by_name("areas")
    ('beat', 'ward', '')
    """
    words = set(re.split(r"[^a-z]+", name.lower()))
    return next((kind for word, kind in _KIND_WORDS.items() if word in words or f"{word}s" in words), "")


def _with_distinct_codes(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return areas of one name in different districts with codes of their own, and parts of one area as one area."""
    keys = ["kind", "name", "force"]
    has_name_only = ~areas["has_code"] & (areas["kind"] != "force") & (areas["not_used"] == "")
    names = areas[has_name_only].groupby(["kind", "name"])["district"].nunique()
    pairs = pd.MultiIndex.from_frame(areas[["kind", "name"]])
    is_shared = has_name_only & pairs.isin(names.index[names > 1]) & areas["district"].notna()
    codes = areas["name"] + " (" + areas["district"].fillna("") + ")"
    areas = areas.assign(place_code=areas["place_code"].mask(is_shared, codes))
    dated = areas["valid_from"].notna() | areas["valid_to"].notna()
    parts = areas[has_name_only & ~dated]
    parts = parts[parts.duplicated(["place_code", *keys], keep=False)]
    if parts.empty:
        return areas.drop(columns="has_code")
    joined = parts.groupby(["place_code", *keys], dropna=False)["geometry"].agg(
        lambda shapes: shapely.union_all(shapes.to_numpy())
    )
    firsts = parts.drop_duplicates(["place_code", *keys])
    index = pd.MultiIndex.from_frame(firsts[["place_code", *keys]])
    areas.loc[firsts.index, "geometry"] = joined.reindex(index).to_numpy()
    return areas.drop(index=parts.index.difference(firsts.index), columns="has_code").reset_index(drop=True)


def describe_unused(areas: gpd.GeoDataFrame, file: str) -> str:
    """Say in a sentence how many features of a file are not used, and why; empty if all are used."""
    counts = areas.loc[areas["not_used"] != "", "not_used"].value_counts()
    if counts.empty:
        return ""
    names = areas.loc[areas["not_used"] != "", "name"].dropna().str[:40]
    first = f", first '{names.iloc[0]}'" if len(names) else ""
    reasons = "; ".join(f"{wording.counted(int(number), 'feature')} with {reason}" for reason, number in counts.items())
    return f"{file}: {counts.sum():,} of {wording.counted(len(areas), 'feature')} are not used ({reasons}{first})."


def names_areas(path: Path) -> bool:
    """Return whether a file is GeoJSON with areas that `read_areas` recognises; of a large one its beginning counts."""
    text = file_content.read_head(path, limits.MAX_MARKUP_BYTES)
    has_names = (
        b'"force"' in text
        or b'"kind"' in text
        or kind_by_name(path.stem) != ""
        or any(f'"{prefix}'.encode() in text for prefix in (*ONS_KINDS, "LSOA2") if prefix != "LSOA")
    )
    return b'"Feature' in text[:4096] and has_names


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
        return named.assign(force=named["name"].map(police_forces.slug_of))
    return named.assign(kind=ONS_KINDS[prefix])


def outline_of(places: gpd.GeoDataFrame, force: str) -> shapely.Geometry | None:
    """Return the outline of one force, metres; None where no polygon has its slug."""
    own = places[(places["kind"] == "force") & (places["force"] == force)]
    if own.empty:
        return None
    shapes = own.geometry.to_numpy()
    return shapes[0] if len(shapes) == 1 else shapely.union_all(shapes)


def derive_outline(easting: np.ndarray, northing: np.ndarray, *, has_territory: bool = True) -> shapely.Geometry:
    """Derive a cautious outline from a force's own points, where no outline is given.

    It consists of cells of 5 km with at least ten incidents, and their eight neighbours. Of separate blocks, the one
    with most incidents and those with at least 1 % of them are kept, so isolated points far away stay outside.

    Parameters
    ----------
    easting, northing
        Metres, missing ones ignored.
    has_territory
        False for a force whose records may be anywhere: every cell with a record counts.
    """
    located = np.isfinite(easting) & np.isfinite(northing)
    cells, counts = np.unique(
        np.floor(np.column_stack([easting[located], northing[located]]) / CELL_M), axis=0, return_counts=True
    )
    fewest = min(MIN_CELL_INCIDENTS, counts.max(initial=1)) if has_territory else 1
    busy = cells[counts >= fewest] * CELL_M
    squares = shapely.box(busy[:, 0], busy[:, 1], busy[:, 0] + CELL_M, busy[:, 1] + CELL_M)
    blocks = shapely.get_parts(
        shapely.union_all(shapely.buffer(squares, CELL_M, cap_style="square", join_style="mitre"))
    )
    if not has_territory:
        return shapely.union_all(blocks)
    inside = np.array([shapely.contains_xy(block, easting[located], northing[located]).sum() for block in blocks])
    return shapely.union_all(blocks[(inside == inside.max(initial=0)) | (inside >= located.sum() / 100)])


def outline_around(points: pd.DataFrame, force: str) -> shapely.Geometry:
    """Derive a cautious outline of a force from points, `x` and `y` in BNG metres.

    Raises
    ------
    SourceError
        There is no point at all.
    """
    if points.isna().all(axis=None):
        raise SourceError("None of the rows can be used. Run 'hotspots check' to see what is wrong with a file.")
    has_territory = police_forces.has_territory(force)
    return derive_outline(points["x"].to_numpy(), points["y"].to_numpy(), has_territory=has_territory)


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
