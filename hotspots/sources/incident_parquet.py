"""Incident rows as GeoParquet: how they are written by month, and read back as a table of incidents."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from hotspots import crs, tables
from hotspots.sources import incident_rows, offence_identity
from hotspots.sources.police_uk import street_files

# Columns of the file that are no columns of incidents.
_INNER = ("geometry", "fingerprint", "row", *incident_rows.VERSION)
_GEO = json.dumps(
    {
        "version": "1.0.0",
        "primary_column": "geometry",
        "columns": {"geometry": {"encoding": "WKB", "geometry_types": ["Point"], "crs": CRS(crs.BNG).to_json_dict()}},
    }
)


def write_rows(rows: pa.Table, path: Path) -> None:
    """Write located rows: the columns of incidents, those of `_INNER`, and points as well-known binary."""
    names = [name for name in rows.column_names if name in tables.INCIDENTS.columns or name.startswith("mo_")]
    listed = [name for name in names if pa.types.is_dictionary(rows.schema.field(name).type)]
    table = rows.select([*names, *(name for name in _INNER if name in rows.column_names)])
    for name in listed:
        # Encoded anew, so that the dictionary has only texts of this file.
        text = incident_rows.dictionary(table[name]).cast(pa.string())
        table = incident_rows.set_column(table, name, pc.dictionary_encode(text))
    points = _point_wkb(incident_rows.numbers(rows, "easting"), incident_rows.numbers(rows, "northing"))
    table = table.append_column("geometry", points).replace_schema_metadata({"geo": _GEO})
    # References, fingerprints and points are nearly all different: compression would take time and save little.
    compression = {name: "lz4" if name in listed else "none" for name in table.column_names}
    pq.write_table(
        table, path, compression=compression, use_dictionary=[*listed, "offence_type", "released"],
        write_statistics=False,
        column_encoding={"row": "DELTA_BINARY_PACKED"},
    )  # fmt: skip


def read_rows(path: Path, without: Sequence[int] = (), renamed: Sequence[int] = ()) -> pa.Table:
    """Read the rows of a file, without those at some positions and with distinct ids for those at others."""
    table = pq.read_table(path)
    if len(renamed):
        mask = np.zeros(len(table), bool)
        mask[list(renamed)] = True
        made = offence_identity.distinct_ids(table.filter(pa.array(mask)))
        ids = pc.replace_with_mask(table["incident_id"].combine_chunks(), pa.array(mask), made)
        table = incident_rows.set_column(table, "incident_id", ids)
    return table.filter(pa.array(~np.isin(np.arange(len(table)), without))) if len(without) else table


def read_column(path: Path, name: str) -> NDArray[Any]:
    """Read one column of a file."""
    return np.asarray(pq.ParquetFile(path).read([name], use_threads=False)[name].to_numpy())


def to_incidents(parts: list[pa.Table], outcomes: pd.DataFrame | None = None) -> gpd.GeoDataFrame:
    """Join the rows of several files to incidents (`tables.INCIDENTS`), in order of their ids.

    Parameters
    ----------
    parts
        As `read_rows` returns them.
    outcomes
        Outcomes of crimes, as `street_files.read_outcomes` returns them; the latest outcome is used.
    """
    if not parts:
        return tables.empty(tables.INCIDENTS)
    rows = pa.concat_tables(parts, promote_options="permissive").unify_dictionaries()
    rows = rows.take(pc.sort_indices(rows["incident_id"]))
    plain = rows.drop_columns([name for name in _INNER if name in rows.column_names])
    for field in plain.schema:
        if pa.types.is_dictionary(field.type):
            text = incident_rows.dictionary(plain[field.name]).cast(pa.string())
            plain = incident_rows.set_column(plain, field.name, text)
    frame = plain.to_pandas(types_mapper={pa.string(): pd.StringDtype(na_value=np.nan)}.get)
    if outcomes is not None:
        latest = pd.Series(rows["fingerprint"].to_numpy()).map(street_files.latest_outcomes(outcomes))
        frame = frame.assign(outcome=latest.astype("str").fillna(frame["outcome"].astype("str")))
    points = shapely.from_wkb(rows["geometry"].to_numpy())
    return tables.conform(gpd.GeoDataFrame(frame, geometry=points, crs=crs.BNG), tables.INCIDENTS)


def _point_wkb(easting: NDArray[Any], northing: NDArray[Any]) -> pa.Array:
    """Return points as well-known binary, little-endian."""
    wkb = np.empty(len(easting), dtype=[("order", "u1"), ("kind", "<u4"), ("x", "<f8"), ("y", "<f8")])
    wkb["order"], wkb["kind"], wkb["x"], wkb["y"] = 1, 1, easting, northing
    offsets = np.arange(0, 21 * len(easting) + 1, 21, dtype=np.int32)
    return pa.Array.from_buffers(pa.binary(), len(easting), [None, pa.py_buffer(offsets), pa.py_buffer(wkb.tobytes())])
