"""Incident rows: Arrow tables of what sources read, before they become a table of incidents.

There may be millions of rows, so they stay in Arrow, with text as dictionaries and points as two numbers. The columns
are those of `tables.INCIDENTS` without the geometry, and `easting` and `northing` (metres, NaN where missing), `reason`
(why a row is set aside, or empty), `fingerprint` (hash of the source's own reference, 0 where there is none) and
`offence_type` (hash of the type as the source gives it). Rows of exports may have `updated_at` (when the row was last
changed) and `released` (the latest time in the file).
"""

from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from hotspots import crs, hashing

DICTIONARY = pa.dictionary(pa.int32(), pa.string())
# Columns of rows that incidents do not have, besides `reason`.
VERSION = ("offence_type", "updated_at", "released")
ROW_ONLY = ("easting", "northing", "fingerprint", *VERSION)


def constant(value: object, count: int) -> pa.Array:
    """Return a column of one value, as a dictionary where it is text."""
    if isinstance(value, str):
        return pa.DictionaryArray.from_arrays(pa.array(np.zeros(count, np.int32)), pa.array([value]))
    return pa.array(np.full(count, value))


def from_codes(values: list[str], codes: NDArray[Any]) -> pa.Array:
    """Return a text column from values and codes; -1 is missing."""
    codes = np.asarray(codes, np.int32)
    return pa.DictionaryArray.from_arrays(pa.array(codes, mask=codes < 0), pa.array(values, pa.string()))


def replace(column: pa.ChunkedArray | pa.Array, changes: Mapping[str, str | None]) -> pa.DictionaryArray:
    """Replace some texts of a column; None makes them missing."""
    array = dictionary(column)
    return with_values(array, [changes.get(value, value) for value in array.dictionary.to_pylist()])


def with_values(array: pa.DictionaryArray, values: Sequence[str | None]) -> pa.DictionaryArray:
    """Return the column with other texts in its dictionary, which may repeat; None is missing."""
    known = {value: code for code, value in enumerate(dict.fromkeys(value for value in values if value is not None))}
    new_code = np.array([*(-1 if value is None else known[value] for value in values), -1], np.int32)
    codes = new_code[array.indices.fill_null(len(values)).to_numpy(zero_copy_only=False)]
    return from_codes(list(known), codes)


def point_or_row(at_points: list[str | None], point: NDArray[Any], otherwise: pa.Array) -> pa.DictionaryArray:
    """Return the text at each row's point, or else the text of the row."""
    if not any(at_points):
        return dictionary(otherwise)
    return _either(_of_points(at_points, point), dictionary(otherwise))


def row_or_point(
    column: pa.ChunkedArray | None, at_points: list[str | None], point: NDArray[Any]
) -> pa.DictionaryArray:
    """Return the text of each row, or else the text at its point."""
    at_rows = _of_points(at_points, point)
    return at_rows if column is None else _either(dictionary(column), at_rows)


def _either(first: pa.DictionaryArray, second: pa.DictionaryArray) -> pa.DictionaryArray:
    """Return the first text, or the second where it is missing."""
    return pc.dictionary_encode(pc.coalesce(first.cast(pa.string()), second.cast(pa.string())))


def _of_points(at_points: list[str | None], point: NDArray[Any]) -> pa.Array:
    """Return the text at each row's point."""
    return pc.dictionary_encode(pa.array(at_points, pa.string())).take(pa.array(point))


def dictionary(column: pa.ChunkedArray | pa.Array) -> pa.DictionaryArray:
    """Return a text column as one dictionary array."""
    array = column.unify_dictionaries().combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if isinstance(array, pa.ChunkedArray):
        array = array.chunk(0) if array.num_chunks else pa.array([], DICTIONARY)
    return array if pa.types.is_dictionary(array.type) else pc.dictionary_encode(array)


def numbers(rows: pa.Table, name: str) -> NDArray[Any]:
    """Return a column of numbers, NaN where missing."""
    return np.asarray(rows[name].to_numpy())


def distinct_points(easting: NDArray[Any], northing: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return the first row of each distinct point, and the number of each row's point."""
    hashes = hashing.mix(hashing.of_numbers(easting), hashing.of_numbers(northing))
    codes, _ = pd.factorize(hashes)
    return np.flatnonzero(~pd.Series(codes).duplicated()), codes


def set_column(rows: pa.Table, name: str, values: pa.Array | NDArray[Any]) -> pa.Table:
    """Return the rows with one column replaced or added."""
    values = values if isinstance(values, pa.Array) else pa.array(values)
    if name in rows.column_names:
        return rows.set_column(rows.column_names.index(name), name, values)
    return rows.append_column(name, values)


def with_reason(rows: pa.Table, reason: str, is_so: NDArray[Any]) -> pa.Table:
    """Set a reason in the rows that it is true of, unless they have one."""
    now = dictionary(rows["reason"]).cast(pa.string())
    is_set = pc.and_(pa.array(is_so), pc.equal(now, ""))
    return set_column(rows, "reason", pc.dictionary_encode(pc.if_else(is_set, reason, now)))


def from_plain_frame(frame: pd.DataFrame) -> pa.Table:
    """Convert a table of incidents with `reason`, `easting` and `northing` to rows without fingerprints."""
    columns: dict[str, pa.Array] = {}
    for name in frame.columns:
        array = pa.array(frame[name], from_pandas=True)
        array = array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array
        array = array.cast(pa.string()) if pa.types.is_large_string(array.type) else array
        columns[name] = (
            array if name == "incident_id" or not pa.types.is_string(array.type) else pc.dictionary_encode(array)
        )
    return pa.table(columns)


def with_fingerprints(rows: pa.Table) -> pa.Table:
    """Return rows whose reference is the incident's id, with its hash."""
    return set_column(rows, "fingerprint", hashing.of_text(rows["incident_id"].combine_chunks()))


def to_light_frame(rows: pa.Table, names: Sequence[str]) -> pd.DataFrame:
    """Convert some columns of rows to a table, with text as categories."""
    return rows.select([name for name in names if name in rows.column_names]).to_pandas()


def to_frame(rows: pa.Table) -> gpd.GeoDataFrame:
    """Convert rows to a table with points: the columns of incidents, and `reason`."""
    easting, northing = numbers(rows, "easting"), numbers(rows, "northing")
    points = gpd.points_from_xy(easting, northing)
    points[~np.isfinite(easting)] = None
    return gpd.GeoDataFrame(to_plain_frame(rows), geometry=points, crs=crs.BNG)


def to_plain_frame(rows: pa.Table, keep: Sequence[str] = ()) -> pd.DataFrame:
    """Convert rows to a table without points: the columns of incidents, `reason`, and those of `ROW_ONLY` to keep."""
    text = {field.name: field.type.value_type for field in rows.schema if pa.types.is_dictionary(field.type)}
    plain = rows.drop_columns([name for name in ROW_ONLY if name in rows.column_names and name not in keep])
    for name, kind in text.items():
        plain = set_column(plain, name, dictionary(plain[name]).cast(kind))
    return plain.to_pandas(types_mapper={pa.string(): pd.StringDtype(na_value=np.nan)}.get)
