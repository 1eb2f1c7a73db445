"""Declaration of a table, and the check that reports every difference from it."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import geopandas as gpd
import pandas as pd

from hotspots import crs, wording
from hotspots.errors import SchemaError


@dataclass(frozen=True)
class Column:
    """Declaration of a column; `optional` columns may be missing, `nullable` ones may hold missing values."""

    kind: str  # str, category, int64, float64, bool or time
    description: str
    choices: tuple[str, ...] = ()
    optional: bool = False
    nullable: bool = False


@dataclass(frozen=True, kw_only=True)
class Table:
    """Declaration of a table: its columns, key and geometry types, and prefixes of additional columns."""

    name: str
    description: str
    key: tuple[str, ...]
    columns: dict[str, Column]
    geometry: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ()


OPTIONAL: dict[str, Any] = {"optional": True, "nullable": True}


# Declarations of columns of text, whole numbers, numbers with a unit, local wall times, and true or false.
text, count, measure, time, flag = (partial(Column, kind) for kind in ("str", "int64", "float64", "time", "bool"))


def choice(description: str, choices: Iterable[str], **options: Any) -> Column:
    """Declare a column that holds one of a closed list of words."""
    return Column("category", description, tuple(choices), **options)


_DTYPES = {"str": "str", "int64": "int64", "float64": "float64", "bool": "bool", "time": "datetime64[us]"}


def empty(table: Table) -> pd.DataFrame:
    """Return a table without rows, with all its columns."""
    frame = pd.DataFrame({name: pd.Series(dtype="object") for name in table.columns})
    if table.geometry:
        frame = gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries([], crs=crs.BNG), crs=crs.BNG)
    return conform(frame, table)


def conform(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Return the frame with the columns of a table, in order and in its types.

    Missing optional columns are added. Columns that are not declared are dropped, unless they start with one of the
    table's prefixes.

    Raises
    ------
    SchemaError
        As in `check`.
    """
    additional = [
        name for name in frame.columns if name.startswith(table.prefixes or ("\0",)) and name not in table.columns
    ]
    given = pd.DataFrame(frame)  # Columns of a GeoDataFrame are slow to select.
    columns = {}
    for name, column in table.columns.items():
        if column.kind == "bool" and column.optional:
            flags = given[name] if name in given.columns else pd.Series(False, index=given.index)
            columns[name] = _cast(flags.astype("boolean").fillna(False), column)
        elif name in given.columns:
            columns[name] = _cast(given[name], column)
        elif column.optional:
            columns[name] = _cast(pd.Series(float("nan"), index=frame.index, dtype="object"), column)
    columns |= {name: given[name] for name in additional}
    conformed = pd.DataFrame(columns, index=frame.index)
    if table.geometry and isinstance(frame, gpd.GeoDataFrame):
        conformed = gpd.GeoDataFrame(conformed, geometry=frame.geometry, crs=frame.crs)
    return check(conformed, table)


def check(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Return the frame, or raise if it differs from the table's declaration.

    Raises
    ------
    SchemaError
        One sentence with every fault: missing columns, wrong types, values outside a closed list, missing values,
        duplicate keys, wrong CRS or geometry.
    """
    given = pd.DataFrame(frame)
    faults = [fault for name, column in table.columns.items() for fault in _column_faults(given, name, column)]
    faults += _key_faults(frame, table) + _geometry_faults(frame, table)
    if faults:
        raise SchemaError(f"{table.name}: {'; '.join(faults)}.")
    return frame


def _cast(values: pd.Series, column: Column) -> pd.Series:
    """Return values in the column's type, or unchanged if they cannot be converted (`check` reports it)."""
    try:
        if column.kind == "category":
            listed = _categories(column.choices)
            if values.dtype == listed or not set(values.dropna().unique()) <= set(column.choices):
                return values
            return values.astype(listed)
        if values.dtype == _DTYPES[column.kind]:
            return values
        if column.kind == "int64" and column.optional and values.isna().all():
            return values.astype("Int64").fillna(0).astype("int64")
        if column.kind == "float64" and values.dtype == object:
            values = values.where(values.notna(), float("nan"))
        cast = values.astype(_DTYPES[column.kind])
        return values if column.kind in ("int64", "bool") and not (cast == values).all() else cast
    except (TypeError, ValueError):
        return values


@cache
def _categories(choices: tuple[str, ...]) -> pd.CategoricalDtype:
    return pd.CategoricalDtype(choices)


def _column_faults(frame: pd.DataFrame, name: str, column: Column) -> list[str]:
    if name not in frame.columns:
        return [] if column.optional else [f"column '{name}' is missing"]
    values = frame[name]
    faults = []
    if column.kind == "category":
        if values.dtype != _categories(column.choices):
            faults += _category_faults(values, name, column)
    elif str(values.dtype) != _DTYPES[column.kind]:
        faults.append(f"column '{name}' is {values.dtype}, expected {_DTYPES[column.kind]}")
    if not column.nullable and values.isna().any():
        faults.append(f"column '{name}' is empty in {wording.counted(int(values.isna().sum()), 'row')}")
    return faults


def _category_faults(values: pd.Series, name: str, column: Column) -> list[str]:
    unexpected = sorted(set(values.dropna().astype(str).unique()) - set(column.choices))
    if unexpected:
        return [f"column '{name}' holds {unexpected[0]!r}, expected one of {', '.join(column.choices)}"]
    is_category = isinstance(values.dtype, pd.CategoricalDtype)
    return [] if is_category else [f"column '{name}' is {values.dtype}, expected category"]


def _key_faults(frame: pd.DataFrame, table: Table) -> list[str]:
    key = list(table.key)
    if not set(key) <= set(frame.columns):
        return []
    repeats = int(pd.DataFrame(frame).duplicated(key).sum())
    return [f"'{', '.join(key)}' repeats in {wording.counted(repeats, 'row')}"] if repeats else []


def _geometry_faults(frame: pd.DataFrame, table: Table) -> list[str]:
    if not table.geometry:
        return []
    if not isinstance(frame, gpd.GeoDataFrame):
        return ["column 'geometry' is missing"]
    faults = []
    if frame.crs != crs.BNG:
        faults.append(
            f"CRS is {frame.crs.to_string() if frame.crs else 'unset'}, expected EPSG:27700 (British National Grid)"
        )
    unexpected = sorted(set(frame.geom_type.dropna().unique()) - set(table.geometry))
    if unexpected:
        faults.append(f"geometry is {unexpected[0]}, expected {' or '.join(table.geometry)}")
    return faults
