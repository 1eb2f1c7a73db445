"""Read street files of data.police.uk: a month of one force, with locations moved to public snap points.

In millions of rows, every file has the same twelve columns and gives a month, never a day. ASB has no ID, so identical
ASB rows are separate incidents and are all kept. A few IDs are duplicates, some rows have no location, and some are far
outside the force.
"""

import csv
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from hotspots import categories, crs, findings, hashing, wording
from hotspots.sources import incident_rows
from hotspots.sources.file_formats import csv_files, csv_layout, file_content
from hotspots.sources.file_formats.file_content import Readable
from hotspots.sources.police_uk import police_forces

TRANSPORT_POLICE = "British Transport Police"
KIND = "a street file of data.police.uk"
COLUMNS = (
    "Crime ID", "Month", "Reported by", "Falls within", "Longitude", "Latitude", "Location", "LSOA code",
    "LSOA name", "Crime type", "Last outcome category", "Context",
)  # fmt: skip
NEEDED = (
    "Crime ID", "Month", "Reported by", "Longitude", "Latitude", "Location", "LSOA code", "LSOA name", "Crime type",
    "Last outcome category",
)  # fmt: skip
DEGREES = ("Longitude", "Latitude")
OUTCOME_COLUMNS = ("Crime ID", "Month", "Outcome type")
CATEGORY_COLUMNS = (
    "Month", "Reported by", "Location", "LSOA code", "LSOA name", "Crime type", "Last outcome category",
)  # fmt: skip
FILE_NAME = re.compile(
    r"(?P<month>\d{4}-(?:0[1-9]|1[0-2]))-(?P<force>[a-z][a-z-]*?)-(?P<kind>street|outcomes|stop-and-search)"
    r"(?:[ _-]*(?:\(\d+\)|copy|\d))*\.csv$",
    re.IGNORECASE,
)
# A file with this share of its rows in one month is a file of that month.
MAIN_MONTH_SHARE = 0.75
_FIRST_ROWS_BYTES = 1 << 14
_MONTH = r"^\d{4}-(0[1-9]|1[0-2])$"


def force_of(path: Path) -> str:
    """Return the slug of the force in the first rows of a file, empty where there is none."""
    lines = file_content.read_head(path, _FIRST_ROWS_BYTES).decode("utf-8-sig", errors="replace").splitlines()
    names = [str(row.get("Reported by") or "") for row in csv.DictReader(lines[:100])]
    return police_forces.slug_of(
        next((name for name in names if name not in ("", TRANSPORT_POLICE)), max(names, default=""))
    )


def count_months(path: Readable) -> tuple[str, dict[str, int]]:
    """Return the slug of the force that most rows are of, and the number of rows of each month.

    Raises
    ------
    SourceError
        The file cannot be read, or lacks the columns.
    """
    layout = csv_layout.first_row_layout(path)
    csv_layout.require_columns(path, layout.headings, ("Month", "Reported by"), "a file of data.police.uk")
    table, _ = csv_files.read_csv(path, layout, (), categories=("Month", "Reported by"))
    months, forces = _count(table["Month"]), _count(table["Reported by"])
    force = max(forces, key=lambda name: (name != TRANSPORT_POLICE, forces[name]), default="")
    known = {month.strip(): rows for month, rows in sorted(months.items()) if re.fullmatch(_MONTH, month.strip())}
    return police_forces.slug_of(force), known


def _count(column: pa.ChunkedArray) -> dict[str, int]:
    """Return the number of rows of each text."""
    values = incident_rows.dictionary(column)
    numbers = np.bincount(_codes(values) + 1, minlength=len(values.dictionary) + 1)[1:]
    counted = zip(values.dictionary.to_pylist(), numbers.tolist(), strict=True)
    return {text: number for text, number in counted if number}


def main_month(months: dict[str, int]) -> str:
    """Return the month of at least three quarters of the rows, empty where there is none.

    Examples
    --------
    >>> main_month({"2025-08": 12, "2025-09": 4_300}), main_month({"2025-08": 4_100, "2025-09": 4_300})
    ('2025-09', '')
    """
    most = max(months, key=lambda month: months[month], default="")
    return most if most and months[most] >= MAIN_MONTH_SHARE * sum(months.values()) else ""


def read_street(path: Readable) -> tuple[pa.Table, list[int]]:
    """Read the needed columns of a street file, and the numbers of rows with too few or too many cells, from 1.

    `Longitude` and `Latitude` are numbers: NaN where empty, infinite where the text is not a number.

    Raises
    ------
    SourceError
        A needed column is missing, or the file is not UTF-8 CSV.
    """
    layout = csv_layout.first_row_layout(path)
    csv_layout.require_columns(path, layout.headings, NEEDED, KIND)
    table, broken = csv_files.read_csv(path, layout, NEEDED, floats=DEGREES, categories=CATEGORY_COLUMNS)
    return _with_degrees(table), list(broken)


def read_points(path: Readable) -> np.ndarray:
    """Read easting and northing (metres, NaN where missing) of each row of a street file.

    Raises
    ------
    SourceError
        As `read_street`.
    """
    layout = csv_layout.first_row_layout(path)
    csv_layout.require_columns(path, layout.headings, NEEDED, KIND)
    table, _ = csv_files.read_csv(path, layout, DEGREES, floats=DEGREES)
    easting, northing, _ = _on_grid(_with_degrees(table))
    return np.column_stack([easting, northing])


def tidy_street(raw: pa.Table, force: str) -> pa.Table:
    """Convert one force's street rows to incident rows (see `incident_rows`), with the reason where one is unusable.

    Parameters
    ----------
    raw
        From `read_street`; an additional column `origin` names the file of each row.
    force
        Slug of the force.

    Returns
    -------
    Table
        A row for each raw row, in order; missing coordinates are NaN. Rows without an ID, such as ASB, get one from
        their month, type and place, with a number where identical. `team_name` is the district in the LSOA's name
        until teams are assigned. `reason` is `unreadable`, `no_coordinates` or empty. Records of the British Transport
        Police are placed at a station, wherever on the line they happened.
    """
    count = len(raw)
    month, kind = incident_rows.dictionary(raw["Month"]), incident_rows.dictionary(raw["Crime type"])
    kind = incident_rows.dictionary(pc.fill_null(kind, ""))
    easting, northing, is_invalid = _on_grid(raw)
    is_month = np.array([bool(re.fullmatch(_MONTH, value.strip())) for value in month.dictionary.to_pylist()] + [False])
    has_kind = np.array([bool(value.strip()) for value in kind.dictionary.to_pylist()] or [True])
    is_unreadable = is_invalid | ~is_month[_codes(month)] | ~has_kind[_codes(kind)]
    named = [categories.POLICE_UK.get(value.strip(), "unrecognised") for value in kind.dictionary.to_pylist()]
    reason = np.select([is_unreadable, ~np.isfinite(easting)], [1, 2], 0)
    columns = {
        "incident_id": raw["Crime ID"].combine_chunks(),
        "source": incident_rows.constant("police_uk", count),
        "force": incident_rows.constant(force, count),
        "is_own_force": incident_rows.constant(True, count),
        "category": incident_rows.with_values(kind, named),
        "month": pc.fill_null(month, ""),
        "date_precision": incident_rows.constant("month", count),
        "location_precision": _precision(raw["Reported by"]),
        "location_text": incident_rows.dictionary(raw["Location"]),
        "lsoa_code": incident_rows.dictionary(raw["LSOA code"]),
        "team_name": district_of(incident_rows.dictionary(raw["LSOA name"])),
        "outcome": incident_rows.dictionary(raw["Last outcome category"]),
        "easting": pa.array(easting),
        "northing": pa.array(northing),
        "reason": incident_rows.from_codes(["", "unreadable", "no_coordinates"], reason),
        "fingerprint": pa.array(hashing.of_text(raw["Crime ID"])),
        "offence_type": pa.array(hashing.of_text(kind)),
    }
    origin = (
        incident_rows.dictionary(raw["origin"]) if "origin" in raw.column_names else incident_rows.constant("", count)
    )
    return incident_rows.set_column(pa.table(columns), "incident_id", _ids(columns, origin))


def row_faults(raw: pa.Table, unreadable: int) -> tuple[dict[str, int], dict[str, int]]:
    """Count the types that are not known, and the reasons why rows cannot be read.

    Parameters
    ----------
    raw
        From `read_street`.
    unreadable
        Number of rows with too few or too many cells.
    """
    kind = incident_rows.dictionary(pc.fill_null(incident_rows.dictionary(raw["Crime type"]), ""))
    month = incident_rows.dictionary(raw["Month"])
    names = [value.strip() for value in kind.dictionary.to_pylist()]
    count = np.bincount(_codes(kind), minlength=len(names))
    types = {name: int(number) for name, number in zip(names, count, strict=True) if name not in categories.POLICE_UK}
    is_month = np.array([bool(re.fullmatch(_MONTH, value.strip())) for value in month.dictionary.to_pylist()] + [False])
    reasons = {
        "wrong number of cells": unreadable,
        "no month": int((~is_month[_codes(month)]).sum()),
        "no type": types.pop("", 0),
        "coordinates that are no numbers": int(_on_grid(raw)[2].sum()),
    }
    return types, reasons


def other_months(raw: pa.Table, file: str) -> list[dict[str, Any]]:
    """Report rows of a file that are of another month than its name says."""
    named = FILE_NAME.search(file)
    others = _count(raw["Month"])
    known = others.pop(named["month"], 0) if named else 0
    if not named or not others:
        return []
    worst = max(others, key=lambda name: others[name])
    rows = wording.counted(sum(others.values()), "row is", "rows are")
    sentence = f"{file}: {rows} of another month than the name says, most of {worst}."
    if not known:
        sentence = f"{file}: the rows are of {' and '.join(sorted(others))}, not of {named['month']} as the name says."
    return [findings.finding("other_month", sentence, "They are kept in the month that the row gives.")]


def unreadable_months(raw: pa.Table, file: str) -> list[dict[str, Any]]:
    """Report rows whose month is not written as YYYY-MM."""
    found = incident_rows.dictionary(raw["Month"])
    is_month = np.array([bool(re.fullmatch(_MONTH, name.strip())) for name in found.dictionary.to_pylist()] + [False])
    count = int((~is_month[_codes(found)]).sum())
    if not count:
        return []
    sentence = f"{file}: {count:,} of {len(raw):,} rows have a month that cannot be read, expected one like 2025-09."
    return [findings.finding("unreadable_month", sentence, "They were left out. Download the file again.")]


def read_outcomes(path: Readable) -> pd.DataFrame:
    """Read an outcomes file: `fingerprint` of the crime's ID, `month` and `outcome`, in the file's order.

    A crime may have several outcomes; `latest_outcomes` keeps one. Rows without an ID are left out.

    Raises
    ------
    SourceError
        A needed column is missing, or the file is not UTF-8 CSV.
    """
    layout = csv_layout.first_row_layout(path)
    csv_layout.require_columns(path, layout.headings, OUTCOME_COLUMNS, "an outcomes file of data.police.uk")
    table, _ = csv_files.read_csv(path, layout, OUTCOME_COLUMNS, categories=OUTCOME_COLUMNS[1:])
    frame = pd.DataFrame(
        {
            "fingerprint": hashing.of_text(table["Crime ID"]),
            "month": table["Month"].cast(pa.string()).to_pandas().astype("str"),
            "outcome": table["Outcome type"].cast(pa.string()).to_pandas().astype("str"),
        }
    )
    return frame[frame["fingerprint"] != 0].reset_index(drop=True)


def latest_outcomes(outcomes: pd.DataFrame) -> pd.Series:
    """Return the latest outcome of each crime by `fingerprint`: of the last month, and of the last row in it."""
    last = outcomes.sort_values("month", kind="stable").drop_duplicates("fingerprint", keep="last")
    return last.set_index("fingerprint")["outcome"]


def district_of(lsoa_name: pa.DictionaryArray) -> pa.DictionaryArray:
    """Return the district in an LSOA's name: "Swindon 012A" is in Swindon."""
    return incident_rows.with_values(
        lsoa_name, [re.sub(r"\s+\d{3}[A-Z]+$", "", name) for name in lsoa_name.dictionary.to_pylist()]
    )


def _on_grid(raw: pa.Table) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return eastings and northings, and whether a coordinate is not a number; each point is projected once."""
    longitude, latitude = raw["Longitude"].to_numpy(), raw["Latitude"].to_numpy()
    is_invalid = np.isinf(longitude) | np.isinf(latitude)
    is_missing = is_invalid | ((longitude == 0) & (latitude == 0))
    longitude = np.where(is_missing, np.nan, longitude)
    first, point = incident_rows.distinct_points(longitude, latitude)
    easting, northing = crs.to_grid(longitude[first], latitude[first])
    return easting[point], northing[point], is_invalid


def _with_degrees(table: pa.Table) -> pa.Table:
    """Return the rows with longitude and latitude as numbers."""
    for name in DEGREES:
        table = incident_rows.set_column(table, name, _degrees(table[name]))
    return table


def _degrees(column: pa.ChunkedArray) -> np.ndarray:
    """Convert degrees to numbers: NaN where missing, infinite where the text is not a number."""
    if pa.types.is_floating(column.type):
        return np.asarray(column.to_numpy())
    values = pd.to_numeric(column.to_pandas(), errors="coerce").to_numpy(dtype=float)
    return np.where(~np.isfinite(values) & column.is_valid().to_numpy(), np.inf, values)


def _precision(reported_by: pa.ChunkedArray) -> pa.DictionaryArray:
    """Return `station` for records of the British Transport Police, `snap` for all others."""
    is_station = pc.fill_null(pc.equal(reported_by.cast(pa.string()), TRANSPORT_POLICE), False)
    return incident_rows.dictionary(pc.if_else(is_station, "station", "snap"))


def _codes(column: pa.DictionaryArray) -> np.ndarray:
    """Return the code of each row, -1 where missing."""
    return np.asarray(column.indices.fill_null(-1).to_numpy(zero_copy_only=False))


def _ids(columns: dict[str, pa.Array], origin: pa.DictionaryArray) -> pa.Array:
    """Return the source's IDs; a row without one gets a hash of its content and a number among identical rows."""
    ids = columns["incident_id"]
    without = np.flatnonzero(pc.fill_null(pc.equal(ids, ""), True).to_numpy(zero_copy_only=False))
    chosen = pa.array(without)
    content = hashing.of_numbers(columns["easting"].to_numpy()[without])
    content = hashing.mix(content, hashing.of_numbers(columns["northing"].to_numpy()[without]))
    for text in (*(columns[name] for name in ("force", "month", "category", "location_text", "lsoa_code")), origin):
        content = hashing.mix(content, hashing.of_text(text.take(chosen)))
    number = pa.array(hashing.number_repeats(content)).cast(pa.string())
    category = columns["category"].take(chosen).cast(pa.string())
    made = pc.binary_join_element_wise(category, hashing.in_hex(content), number, "-")
    mask = np.zeros(len(ids), bool)
    mask[without] = True
    return pc.replace_with_mask(ids, pa.array(mask), made)
