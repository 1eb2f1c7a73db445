"""Street files of data.police.uk: a month of one force, snapped to public points.

What the files are, measured on millions of rows: the same twelve columns; a month, never a day; ASB without an ID,
so that identical ASB rows are several incidents and are all kept; a few IDs that stand twice; some rows without
a location, some far outside the force.
"""

import re
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from hotspots import categories, crs
from hotspots.sources import text_files

KIND = "a street file of data.police.uk"
COLUMNS = (
    "Crime ID", "Month", "Reported by", "Falls within", "Longitude", "Latitude", "Location", "LSOA code",
    "LSOA name", "Crime type", "Last outcome category", "Context",
)  # fmt: skip
NEEDED = (
    "Crime ID", "Month", "Reported by", "Longitude", "Latitude", "Location", "LSOA code", "LSOA name", "Crime type",
)  # fmt: skip
FILE_NAME = re.compile(r"(?P<month>\d{4}-\d{2})-(?P<force>[a-z][a-z-]*)-street\.csv$")
_MONTH = r"^\d{4}-(0[1-9]|1[0-2])$"


def force_of(path: Path) -> str | None:
    """Slug of the force whose street file this is, by its name, else by whom the first row was reported."""
    match = FILE_NAME.search(path.name)
    if match:
        return match["force"]
    table, _ = text_files.read_table(path, only=["Reported by"])
    first = next((name for name in table["Reported by"].to_pylist() if name), None)
    return slug_of(first) if first else None


def slug_of(name: str) -> str:
    """Slug of a force named in full.

    Examples
    --------
    >>> slug_of("West Mercia Police"), slug_of("Hampshire Constabulary"), slug_of("Avon & Somerset Constabulary")
    ('west-mercia', 'hampshire', 'avon-and-somerset')
    """
    words = re.sub(r"&", "and", name.lower())
    words = re.sub(r"\b(police|constabulary|service)\b", "", words)
    return re.sub(r"[^a-z]+", "-", words).strip("-")


def read_street(path: Path) -> tuple[pd.DataFrame, int]:
    """The rows of one street file as they stand, and how many had too few or too many cells.

    Raises
    ------
    SourceError
        A needed column is missing, or the file is not UTF-8 CSV.
    """
    text_files.require_columns(path, text_files.read_header(path), NEEDED, KIND)
    table, broken = text_files.read_table(path, floats=("Longitude", "Latitude"), only=list(NEEDED))
    for name in ("Month", "Reported by", "LSOA code", "LSOA name", "Crime type", "Location"):
        table = table.set_column(
            table.column_names.index(name), name, pc.dictionary_encode(table[name]).combine_chunks()
        )
    frame = table.to_pandas(types_mapper={pa.string(): pd.StringDtype(na_value=np.nan)}.get)
    return frame, len(broken)


def tidy_street(raw: pd.DataFrame, force: str) -> gpd.GeoDataFrame:
    """One force's street rows as incidents (`tables.INCIDENTS`), with why one cannot be used (`reason`).

    Parameters
    ----------
    raw
        Columns of a street file.
    force
        Slug.

    Returns
    -------
    GeoDataFrame
        A row for each raw row, in order; geometry is missing where there are no coordinates. ASB and other rows
        without an ID are named after month, type and place, numbered where identical. `team_name` is the
        district of the LSOA's name until teams are assigned. `reason` is `unreadable`, `no_coordinates` or empty.
    """
    longitude, latitude = (pd.to_numeric(raw[name], errors="coerce").to_numpy() for name in ("Longitude", "Latitude"))
    has_text = raw["Longitude"].notna().to_numpy() & raw["Latitude"].notna().to_numpy()
    easting, northing = _on_grid(longitude, latitude)
    month = raw["Month"].astype("str").str.strip()
    kind = raw["Crime type"].astype("category")
    named = pd.Index([categories.POLICE_UK.get(str(name), "unrecognised") for name in kind.cat.categories])
    category = pd.Series(named.take(kind.cat.codes.clip(0)), index=raw.index)
    is_unreadable = ~month.str.fullmatch(_MONTH).fillna(False).astype(bool) | kind.isna()
    is_unreadable |= has_text & ~(np.isfinite(longitude) & np.isfinite(latitude))
    frame = pd.DataFrame(
        {
            "incident_id": raw["Crime ID"].astype("str"),
            "source": "police_uk",
            "force": force,
            "is_own_force": True,
            "category": category,
            "month": month.fillna(""),
            "date_precision": "month",
            "location_precision": "snap",
            "location_text": raw["Location"].astype("str"),
            "lsoa_code": raw["LSOA code"].astype("str"),
            "team_name": district_of(raw["LSOA name"]),
            "reason": np.select([is_unreadable, ~np.isfinite(easting)], ["unreadable", "no_coordinates"], ""),
        },
        index=raw.index,
    )
    frame["incident_id"] = frame["incident_id"].where(
        frame["incident_id"].fillna("") != "", _made_ids(frame, easting, northing)
    )
    points = gpd.points_from_xy(easting, northing)
    points[~np.isfinite(easting)] = None
    return gpd.GeoDataFrame(frame, geometry=points, crs=crs.BNG)


def district_of(lsoa_name: pd.Series) -> pd.Series:
    """District in an LSOA's name: "Swindon 012A" lies in Swindon."""
    names = lsoa_name.astype("category")
    district = names.cat.categories.astype("str").str.replace(r"\s+\d{3}[A-Z]+$", "", regex=True)
    return pd.Series(district.to_numpy(dtype=object), dtype="str").reindex(names.cat.codes).set_axis(lsoa_name.index)


def _on_grid(longitude: np.ndarray, latitude: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Eastings and northings; each distinct point is projected once, and null island is no place."""
    degrees = longitude + 1j * latitude
    degrees[(longitude == 0) & (latitude == 0)] = np.nan
    points, which = np.unique(degrees, return_inverse=True)
    easting, northing = crs.to_grid(points.real, points.imag)
    return easting[which], northing[which]


def _made_ids(frame: pd.DataFrame, easting: np.ndarray, northing: np.ndarray) -> pd.Series:
    """Ids for rows that have none: a fingerprint of what the row says, and a number where rows say the same."""
    says = frame[["force", "month", "category", "location_text", "lsoa_code"]].assign(
        easting=easting, northing=northing
    )
    fingerprint = pd.util.hash_pandas_object(says, index=False)
    number = fingerprint.groupby(fingerprint).cumcount() + 1
    ids = fingerprint.map("{:016x}".format).astype("str") + "-" + number.astype("str")
    return frame["category"].astype("str") + "-" + ids
