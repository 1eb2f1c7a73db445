"""What a table's declaration is, and the one check that names every fault of a table."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import pandas as pd

from hotspots import crs
from hotspots.errors import SchemaError


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column: what it holds, and whether a table may lack it (`optional`) or leave it empty (`nullable`)."""

    kind: str  # str, category, int64, float64, bool or time
    description: str
    choices: tuple[str, ...] = ()
    optional: bool = False
    nullable: bool = False


@dataclass(frozen=True, kw_only=True)
class Table:
    """One table: its columns by name, its key, its geometry, and the prefixes under which it may grow."""

    name: str
    description: str
    key: tuple[str, ...]
    columns: dict[str, Column]
    geometry: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ()


OPTIONAL = {"optional": True, "nullable": True}


def text(description: str, **options: Any) -> Column:
    """Declare a column of text."""
    return Column(kind="str", description=description, **options)


def choice(description: str, choices: Iterable[str], **options: Any) -> Column:
    """Declare a column that holds one of a closed list of words."""
    return Column(kind="category", description=description, choices=tuple(choices), **options)


def count(description: str, **options: Any) -> Column:
    """Declare a column of whole numbers."""
    return Column(kind="int64", description=description, **options)


def measure(description: str, **options: Any) -> Column:
    """Declare a column of numbers with a unit."""
    return Column(kind="float64", description=description, **options)


def time(description: str, **options: Any) -> Column:
    """Declare a column of local wall times."""
    return Column(kind="time", description=description, **options)


def flag(description: str, **options: Any) -> Column:
    """Declare a column that is true or false."""
    return Column(kind="bool", description=description, **options)


_DTYPES = {"str": "str", "int64": "int64", "float64": "float64", "bool": "bool", "time": "datetime64[us]"}


def empty(table: Table) -> pd.DataFrame:
    """A table without rows, with every column it can have."""
    frame = pd.DataFrame({name: pd.Series(dtype="object") for name in table.columns})
    if table.geometry:
        frame = gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries([], crs=crs.BNG), crs=crs.BNG)
    return conform(frame, table)


def conform(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """The frame with the table's columns in order, of the table's types, checked.

    Optional columns that are missing are added, empty. Every column that the table does not know is left out,
    unless it stands under one of the table's prefixes.

    Raises
    ------
    SchemaError
        As `check`.
    """
    grown = [name for name in frame.columns if name.startswith(table.prefixes or ("\0",)) and name not in table.columns]
    columns = {}
    for name, column in table.columns.items():
        if column.kind == "bool" and column.optional:
            said = frame[name] if name in frame.columns else pd.Series(False, index=frame.index)
            columns[name] = _cast(said.astype("boolean").fillna(False), column)
        elif name in frame.columns:
            columns[name] = _cast(frame[name], column)
        elif column.optional:
            columns[name] = _cast(pd.Series(float("nan"), index=frame.index, dtype="object"), column)
    columns |= {name: frame[name] for name in grown}
    shaped = pd.DataFrame(columns, index=frame.index)
    if table.geometry and isinstance(frame, gpd.GeoDataFrame):
        shaped = gpd.GeoDataFrame(shaped, geometry=frame.geometry, crs=frame.crs)
    return check(shaped, table)


def check(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """The frame itself, where it is as the table is declared.

    Raises
    ------
    SchemaError
        One sentence that names every fault: missing columns, wrong types, values outside a closed list, empty
        values, repeated keys, wrong CRS or geometry.
    """
    faults = [fault for name, column in table.columns.items() for fault in _column_faults(frame, name, column)]
    faults += _key_faults(frame, table) + _geometry_faults(frame, table)
    if faults:
        raise SchemaError(f"{table.name}: {'; '.join(faults)}.")
    return frame


def _cast(values: pd.Series, column: Column) -> pd.Series:
    """Values in the column's type where they can be; as they are where not (`check` then says so)."""
    try:
        if column.kind == "category":
            listed = pd.CategoricalDtype(column.choices)
            if values.dtype == listed or not set(values.dropna().unique()) <= set(column.choices):
                return values
            return values.astype(listed)
        if column.kind == "int64" and column.optional and values.isna().all():
            return values.astype("Int64").fillna(0).astype("int64")
        if column.kind == "float64" and values.dtype == object:
            values = values.where(values.notna(), float("nan"))
        cast = values.astype(_DTYPES[column.kind])
        return values if column.kind in ("int64", "bool") and not (cast == values).all() else cast
    except (TypeError, ValueError):
        return values


def _column_faults(frame: pd.DataFrame, name: str, column: Column) -> list[str]:
    if name not in frame.columns:
        return [] if column.optional else [f"column '{name}' is missing"]
    values = frame[name]
    faults = []
    if column.kind == "category":
        strange = sorted(set(values.dropna().astype(str).unique()) - set(column.choices))
        if strange:
            faults.append(f"column '{name}' holds {strange[0]!r}, expected one of {', '.join(column.choices)}")
        elif not isinstance(values.dtype, pd.CategoricalDtype):
            faults.append(f"column '{name}' is {values.dtype}, expected category")
    elif str(values.dtype) != _DTYPES[column.kind]:
        faults.append(f"column '{name}' is {values.dtype}, expected {_DTYPES[column.kind]}")
    if not column.nullable and values.isna().any():
        faults.append(f"column '{name}' is empty in {values.isna().sum():,} rows")
    return faults


def _key_faults(frame: pd.DataFrame, table: Table) -> list[str]:
    key = list(table.key)
    if not set(key) <= set(frame.columns):
        return []
    repeats = int(frame.duplicated(key).sum())
    return [f"'{', '.join(key)}' repeats in {repeats:,} rows"] if repeats else []


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
    strange = sorted(set(frame.geom_type.dropna().unique()) - set(table.geometry))
    if strange:
        faults.append(f"geometry is {strange[0]}, expected {' or '.join(table.geometry)}")
    return faults
