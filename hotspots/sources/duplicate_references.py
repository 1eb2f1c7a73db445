"""Duplicate references: of the incident rows that share one, all but one are rejected."""

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from hotspots.sources import incident_parquet


def find_duplicates(paths: list[Path]) -> dict[int, list[int]]:
    """Find the rows to reject in files of incident rows (`incident_parquet`).

    Of the rows that share a reference, the one with the smallest easting, northing, type and month is kept.

    Returns
    -------
    dict
        Position of a file in `paths` to positions of rows in that file.
    """
    shared = _shared_references(paths)
    if shared.empty:
        return {}
    details = pd.concat([_with_details(rows, paths[int(file)]) for file, rows in shared.groupby("file")])
    order = details.sort_values(["fingerprint", "x", "y", "category", "month"], kind="stable")
    rejected = order[order["fingerprint"].duplicated()]
    return {int(file): sorted(rows["row"].tolist()) for file, rows in rejected.groupby("file")}


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
    """Return rows of a file with the columns by which one of them is kept."""
    table = pq.read_table(path, columns=["category", "month", "geometry"]).take(pa.array(rows["row"].to_numpy()))
    xy = shapely.get_coordinates(shapely.from_wkb(table["geometry"].to_numpy()))
    text = {name: table[name].cast(pa.string()).to_pandas().to_numpy() for name in ("category", "month")}
    return rows.assign(x=xy[:, 0], y=xy[:, 1], **text)
