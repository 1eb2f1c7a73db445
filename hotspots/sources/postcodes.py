"""Postcodes to points, by Code-Point Open (ten columns, no header) where the force supplies it."""

import csv
import io
import re
from pathlib import Path

import numpy as np
import pandas as pd

from hotspots.sources import text_files

KIND = "Code-Point Open"
COLUMNS = (
    "postcode", "quality", "easting", "northing", "country", "nhs_ha_region", "nhs_ha", "county", "district", "ward",
)  # fmt: skip
_POSTCODE = re.compile(r"[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}")


def is_code_point(path: Path) -> bool:
    """Whether the first line is a postcode, its quality, and an easting and a northing."""
    with path.open("rb") as file:
        head = file.readline(1_000).decode("utf-8", errors="replace")
    cells = next(csv.reader(io.StringIO(head)), [])
    return len(cells) == len(COLUMNS) and bool(_POSTCODE.fullmatch(cells[0])) and all(c.isdigit() for c in cells[1:4])


def read_code_point(path: Path) -> pd.DataFrame:
    """Postcode units with `easting` and `northing` (metres, EPSG:27700) and district code, indexed by `unit`.

    Units without a location (quality 90, at 0 0) are left out: they cannot place anybody.
    """
    table, _ = text_files.read_table(path, named=list(COLUMNS), floats=("easting", "northing"))
    frame = table.to_pandas()
    frame[["easting", "northing"]] = frame[["easting", "northing"]].apply(pd.to_numeric, errors="coerce")
    frame = frame[(frame["easting"] > 0) & (frame["northing"] > 0)]
    return frame.assign(unit=unit_of(frame["postcode"]))[["unit", "easting", "northing", "district"]].set_index("unit")


def unit_of(postcodes: pd.Series) -> pd.Series:
    """Postcodes as units in one spelling, "SN1 1AE"; NA for what is none.

    Examples
    --------
    >>> unit_of(pd.Series(["sn11ae", " SN1  1AE", "SN1", None])).tolist()
    ['SN1 1AE', 'SN1 1AE', nan, nan]
    """
    tight = postcodes.astype("str").str.upper().str.replace(r"[^A-Z0-9]", "", regex=True)
    is_unit = tight.str.fullmatch(r"[A-Z]{1,2}\d[A-Z\d]?\d[A-Z]{2}").fillna(False).astype(bool)
    return (tight.str[:-3] + " " + tight.str[-3:]).where(is_unit, np.nan).astype("str")


def sector_of(postcodes: pd.Series) -> pd.Series:
    """Postcode sectors, "SN1 1", of units or of sectors given as such; NA for what is neither.

    "SN11" without a blank is the district SN11, not the sector SN1 1.
    """
    spaced = postcodes.astype("str").str.upper().str.strip().str.replace(r"[^A-Z0-9]+", " ", regex=True)
    given = spaced.where(spaced.str.fullmatch(r"[A-Z]{1,2}\d[A-Z\d]? \d").fillna(False).astype(bool))
    return unit_of(postcodes).str[:-2].fillna(given).astype("str")
