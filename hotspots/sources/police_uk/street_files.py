"""Street files of data.police.uk: a month of one force, snapped to public points.

What the files are, measured on millions of rows: the same twelve columns; a month, never a day; ASB without an ID,
so that identical ASB rows are several incidents and are all kept; a few IDs that stand twice; some rows without
a location, some far outside the force.
"""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from hotspots import categories, crs, findings, hashing
from hotspots.errors import SourceError
from hotspots.sources import incident_rows
from hotspots.sources.file_formats import csv_files, csv_layout
from hotspots.sources.file_formats.file_content import Readable

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
LISTED_COLUMNS = (
    "Month", "Reported by", "Location", "LSOA code", "LSOA name", "Crime type", "Last outcome category",
)  # fmt: skip
FILE_NAME = re.compile(
    r"(?P<month>\d{4}-\d{2})-(?P<force>[a-z][a-z-]*?)-(?P<kind>street|outcomes|stop-and-search)\.csv$"
)
_MONTH = r"^\d{4}-(0[1-9]|1[0-2])$"


def force_of(path: Path) -> str | None:
    """Slug of the force whose street file this is, by its name, else by whom the first row was reported."""
    match = FILE_NAME.search(path.name)
    if match:
        return match["force"]
    table, _ = csv_files.read_csv(path, csv_layout.first_row_layout(path), ["Reported by"])
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


def read_street(path: Readable) -> tuple[pa.Table, list[int]]:
    """The columns of one street file that we use, and which rows had too few or too many cells, from 1.

    `Longitude` and `Latitude` are numbers: NaN where there is none, infinite where there is text that is none.

    Raises
    ------
    SourceError
        A needed column is missing, or the file is not UTF-8 CSV.
    """
    layout = csv_layout.first_row_layout(path)
    csv_layout.require_columns(path, layout.headings, NEEDED, KIND)
    table, broken = csv_files.read_csv(path, layout, NEEDED, floats=DEGREES, categories=LISTED_COLUMNS)
    return _with_degrees(table), list(broken)


def read_points(path: Readable) -> np.ndarray:
    """Easting and northing (metres, NaN where there is none) of each row of a street file; errors as `read_street`."""
    layout = csv_layout.first_row_layout(path)
    csv_layout.require_columns(path, layout.headings, NEEDED, KIND)
    table, _ = csv_files.read_csv(path, layout, DEGREES, floats=DEGREES)
    easting, northing, _ = _on_grid(_with_degrees(table))
    return np.column_stack([easting, northing])


def tidy_street(raw: pa.Table, force: str) -> pa.Table:
    """One force's street rows as incident rows (`sources.rows`), with why one cannot be used (`reason`).

    Parameters
    ----------
    raw
        Columns of street files, as `read_street` gives them; `origin`, where it is there, tells the files apart.
    force
        Slug.

    Returns
    -------
    Table
        A row for each raw row, in order; coordinates are NaN where there are none. ASB and other rows without an
        ID are named after month, type and place, numbered where identical. `team_name` is the district of the
        LSOA's name until teams are assigned. `reason` is `unreadable`, `no_coordinates` or empty. What the British
        Transport Police recorded stands at a station, wherever on the line it was.
    """
    count = len(raw)
    month, kind = incident_rows.dictionary(raw["Month"]), incident_rows.dictionary(raw["Crime type"])
    kind = incident_rows.dictionary(pc.fill_null(kind, ""))
    easting, northing, is_odd = _on_grid(raw)
    is_month = np.array([bool(re.fullmatch(_MONTH, value.strip())) for value in month.dictionary.to_pylist()] + [False])
    has_kind = np.array([bool(value.strip()) for value in kind.dictionary.to_pylist()] or [True])
    is_unreadable = is_odd | ~is_month[_codes(month)] | ~has_kind[_codes(kind)]
    named = [categories.POLICE_UK.get(value.strip(), "unrecognised") for value in kind.dictionary.to_pylist()]
    reason = np.select([is_unreadable, ~np.isfinite(easting)], [1, 2], 0)
    columns = {
        "incident_id": raw["Crime ID"].combine_chunks(),
        "source": incident_rows.constant("police_uk", count),
        "force": incident_rows.constant(force, count),
        "is_own_force": incident_rows.constant(True, count),
        "category": incident_rows.reworded(kind, named),
        "month": pc.fill_null(month, ""),
        "date_precision": incident_rows.constant("month", count),
        "location_precision": _precision(raw["Reported by"]),
        "location_text": incident_rows.dictionary(raw["Location"]),
        "lsoa_code": incident_rows.dictionary(raw["LSOA code"]),
        "team_name": district_of(incident_rows.dictionary(raw["LSOA name"])),
        "outcome": incident_rows.dictionary(raw["Last outcome category"]),
        "easting": pa.array(easting),
        "northing": pa.array(northing),
        "reason": incident_rows.listed(["", "unreadable", "no_coordinates"], reason),
        "fingerprint": pa.array(hashing.of_text(raw["Crime ID"])),
    }
    origin = (
        incident_rows.dictionary(raw["origin"]) if "origin" in raw.column_names else incident_rows.constant("", count)
    )
    return incident_rows.set_column(pa.table(columns), "incident_id", _ids(columns, origin))


def other_months(raw: pa.Table, file: str, month: str) -> list[dict]:
    """A finding where some rows of a file are of another month than its name says.

    Raises
    ------
    SourceError
        Most rows are: the file is not what its name says.
    """
    found = incident_rows.dictionary(raw["Month"])
    count = np.bincount(_codes(found) + 1, minlength=len(found.dictionary) + 1)[1:]
    others = {name: int(number) for name, number in zip(found.dictionary.to_pylist(), count, strict=True)}
    known = others.pop(month, 0)
    if not month or not others:
        return []
    worst = max(others, key=lambda name: others[name])
    if sum(others.values()) > known:
        raise SourceError(
            f"{file}: its rows are of {worst}, not of {month} as its name says. Download the month again, or give the "
            f"file its right name."
        )
    said = f"{file}: {sum(others.values()):,} rows are of another month than its name says, most of {worst}."
    return [findings.finding("other_month", said, "They are kept, in the month that stands in the row.")]


def read_outcomes(path: Readable) -> pd.DataFrame:
    """Outcomes of an outcomes file: `fingerprint` of the crime's ID, `month` and `outcome`, in the file's order.

    A crime may have several; `latest_outcomes` keeps one of each. Rows without an ID say nothing about any crime.

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
    """The latest outcome of each crime, by `fingerprint`: that of the last month, and of the last row in it."""
    last = outcomes.sort_values("month", kind="stable").drop_duplicates("fingerprint", keep="last")
    return last.set_index("fingerprint")["outcome"]


def district_of(lsoa_name: pa.DictionaryArray) -> pa.DictionaryArray:
    """District in an LSOA's name: "Swindon 012A" lies in Swindon."""
    return incident_rows.reworded(
        lsoa_name, [re.sub(r"\s+\d{3}[A-Z]+$", "", name) for name in lsoa_name.dictionary.to_pylist()]
    )


def _on_grid(raw: pa.Table) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Eastings and northings, and whether a coordinate is no number; each distinct point is projected once."""
    longitude, latitude = raw["Longitude"].to_numpy(), raw["Latitude"].to_numpy()
    is_odd = np.isinf(longitude) | np.isinf(latitude)
    is_missing = is_odd | ((longitude == 0) & (latitude == 0))
    longitude = np.where(is_missing, np.nan, longitude)
    first, point = incident_rows.distinct_points(longitude, latitude)
    easting, northing = crs.to_grid(longitude[first], latitude[first])
    return easting[point], northing[point], is_odd


def _with_degrees(table: pa.Table) -> pa.Table:
    """The rows with longitude and latitude as numbers."""
    for name in DEGREES:
        table = incident_rows.set_column(table, name, _degrees(table[name]))
    return table


def _degrees(column: pa.ChunkedArray) -> np.ndarray:
    """Degrees: NaN where missing, infinite where there is text that is no number."""
    if pa.types.is_floating(column.type):
        return column.to_numpy()
    values = pd.to_numeric(column.to_pandas(), errors="coerce").to_numpy(dtype=float)
    return np.where(~np.isfinite(values) & column.is_valid().to_numpy(), np.inf, values)


def _precision(reported_by: pa.ChunkedArray) -> pa.DictionaryArray:
    """A snap point, or the station at which the British Transport Police put what happened on a line."""
    names = incident_rows.dictionary(reported_by)
    known = ["station" if name == TRANSPORT_POLICE else "snap" for name in names.dictionary.to_pylist()]
    return incident_rows.listed(
        ["snap", "station"], np.array([*map(["snap", "station"].index, known), 0])[_codes(names)]
    )


def _codes(column: pa.DictionaryArray) -> np.ndarray:
    """Code of each row, -1 where missing."""
    return column.indices.fill_null(-1).to_numpy(zero_copy_only=False)


def _ids(columns: dict[str, pa.Array], origin: pa.DictionaryArray) -> pa.Array:
    """The source's IDs; a row without one is named after what it says, and numbered where rows say the same."""
    ids = columns["incident_id"]
    without = np.flatnonzero(pc.fill_null(pc.equal(ids, ""), True).to_numpy(zero_copy_only=False))
    chosen = pa.array(without)
    says = hashing.of_numbers(columns["easting"].to_numpy()[without])
    says = hashing.mix(says, hashing.of_numbers(columns["northing"].to_numpy()[without]))
    for text in (*(columns[name] for name in ("force", "month", "category", "location_text", "lsoa_code")), origin):
        says = hashing.mix(says, hashing.of_text(text.take(chosen)))
    number = pa.array(hashing.number_repeats(says)).cast(pa.string())
    category = columns["category"].take(chosen).cast(pa.string())
    made = pc.binary_join_element_wise(category, hashing.in_hex(says), number, "-")
    mask = np.zeros(len(ids), bool)
    mask[without] = True
    return pc.replace_with_mask(ids, pa.array(mask), made)
