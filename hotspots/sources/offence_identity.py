"""Identity of an offence: its type, place and day, by which rows under one reference are distinguished.

A reference may cover several offences (burglary and damage), and some forces number their incidents anew each month.
Two rows are the same offence if they share the reference, the type as the source gives it, the place to the metre, and
the day on which it began, or the month where that day is not known.
"""

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from numpy.typing import NDArray

from hotspots import hashing
from hotspots.sources import incident_rows


def hash_offences(stored: pa.Table) -> NDArray[np.uint64]:
    """Return a hash of type, place and day of each stored row (`incident_parquet`)."""
    xy = np.rint(shapely.get_coordinates(shapely.from_wkb(stored["geometry"].to_numpy())))
    place = hashing.mix(hashing.of_numbers(xy[:, 0]), hashing.of_numbers(xy[:, 1]))
    days = hashing.of_numbers(days_of(stored))
    return hashing.mix(hashing.mix(stored["offence_type"].to_numpy(), place), days)


def distinct_ids(stored: pa.Table) -> pa.Array:
    """Return ids for rows that share a reference with another offence: reference, category and a hash.

    An id depends on nothing but its row, so neither the order of rows nor other files change it.
    """
    reference, category = (stored[name].combine_chunks().cast(pa.string()) for name in ("incident_id", "category"))
    return pc.binary_join_element_wise(reference, category, hashing.in_hex(hash_offences(stored)), "-")


def days_of(stored: pa.Table) -> NDArray[Any]:
    """Return the day on which each offence began, counted from 1970; of a month without days its first, less a half.

    The day of the record is no substitute: an update may be recorded later.
    """
    months = incident_rows.dictionary(stored["month"])
    firsts = np.array([*months.dictionary.to_pylist(), "NaT"], "datetime64[M]").astype("datetime64[D]")
    days = firsts[months.indices.fill_null(-1).to_numpy(zero_copy_only=False)].astype(np.int64) - 0.5
    if "committed_from" in stored.column_names:
        began = stored["committed_from"].to_numpy().astype("datetime64[D]")
        days = np.where(np.isnat(began), days, began.astype(np.int64))
    return np.asarray(days)
