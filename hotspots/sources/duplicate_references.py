"""Rows that share a reference: the same offence again is rejected, other offences get ids of their own."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from numpy.typing import NDArray

from hotspots.sources import incident_parquet, offence_identity

# What becomes of a row: it is rejected, it keeps the reference as its id, or it gets an id of its own.
REPEATED, FIRST, RENAMED = "repeated", "first", "renamed"
_COLUMNS = ["file", "row", "category", "verdict", "is_distinct"]


def judge_shared_references(paths: list[Path], as_of: date) -> pd.DataFrame:
    """Judge the rows that share a reference, in files of incident rows (`incident_parquet`).

    Of rows of the same offence (`offence_identity`) one is kept: the latest update that was known on the day, or else
    the earliest, and of these the row in the file with the latest records. The earliest of several offences keeps the
    reference as its id.

    Returns
    -------
    DataFrame
        `file` (position in `paths`), `row` (position in the file), `category`, `verdict`, and `is_distinct`: whether
        it is one of several offences under its reference. Rows with a reference of their own are not in it.
    """
    shared = _shared_references(paths)
    if shared.empty:
        return pd.DataFrame(columns=_COLUMNS)
    rows = pd.concat([_with_details(rows, paths[int(file)]) for file, rows in shared.groupby("file")])
    is_later = rows["updated_at"] >= pd.Timestamp(as_of + timedelta(days=1))
    updated = rows["updated_at"].astype("int64")
    rows = rows.assign(is_later=is_later, age=updated.where(is_later, -updated))
    by_version = ["fingerprint", "offence", "is_later", "age", "file_age", "content"]
    rows = rows.sort_values(by_version, kind="stable", ignore_index=True)
    is_kept = ~rows.duplicated(["fingerprint", "offence"])
    order = rows[is_kept].sort_values(["fingerprint", "day", "category", "x", "y", "offence"], kind="stable")
    is_first = (~order["fingerprint"].duplicated()).reindex(rows.index, fill_value=False)
    verdict = np.select([~is_kept, is_first], [REPEATED, FIRST], RENAMED)
    offences = rows["fingerprint"].map(rows.loc[is_kept, "fingerprint"].value_counts())
    rows = rows.assign(verdict=verdict, is_distinct=is_kept & (offences > 1))
    return rows[_COLUMNS].sort_values(["file", "row"], ignore_index=True)


def _shared_references(paths: list[Path]) -> pd.DataFrame:
    """Return `file`, `row` and `fingerprint` of rows whose reference is in another row, too."""
    if not paths:
        return pd.DataFrame(columns=["file", "row", "fingerprint"])
    fingerprints = [incident_parquet.read_column(path, "fingerprint") for path in paths]
    file = np.repeat(np.arange(len(paths), dtype=np.int32), [len(found) for found in fingerprints])
    row = np.concatenate([np.arange(len(found), dtype=np.int32) for found in fingerprints])
    every = np.concatenate(fingerprints)
    shared = np.flatnonzero(pd.Series(every).duplicated(keep=False).to_numpy() & (every != 0))
    return pd.DataFrame({"file": file[shared], "row": row[shared], "fingerprint": every[shared]})


def _with_details(rows: pd.DataFrame, path: Path) -> pd.DataFrame:
    """Return rows of a file with the offence that each is, its version, and a hash of its content."""
    table = pq.read_table(path).take(pa.array(rows["row"].to_numpy()))
    xy = shapely.get_coordinates(shapely.from_wkb(table["geometry"].to_numpy()))
    return rows.assign(
        offence=offence_identity.hash_offences(table),
        day=offence_identity.days_of(table),
        category=table["category"].cast(pa.string()).to_pandas().to_numpy(),
        x=xy[:, 0],
        y=xy[:, 1],
        updated_at=_times(table, "updated_at", "recorded_at"),
        file_age=-_times(table, "released").astype("int64"),
        content=_hash_content(table),
    )


def _times(table: pa.Table, *names: str) -> NDArray[Any]:
    """Return the first of several times that each row has, 1970 where it has none."""
    epoch = np.datetime64(0, "us")
    times = np.full(len(table), np.datetime64("NaT"), "datetime64[us]")
    for name in names:
        if name in table.column_names:
            times = np.where(np.isnat(times), table[name].to_numpy().astype("datetime64[us]"), times)
    return np.where(np.isnat(times), epoch, times)


def _hash_content(table: pa.Table) -> NDArray[np.uint64]:
    """Return a hash of each row's incident, so that the order of equal updates does not matter."""
    frame = table.drop_columns(["row", "geometry"]).to_pandas()
    texts = frame.columns[[isinstance(kind, pd.CategoricalDtype) for kind in frame.dtypes]]
    frame = frame.astype(dict.fromkeys(texts, "str"))
    return np.asarray(pd.util.hash_pandas_object(frame, index=False).to_numpy())
