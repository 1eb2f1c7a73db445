"""64-bit hashes of columns, to compare references and to name rows that have none.

Two different texts have the same hash once in 2^64 pairs: among four million rows, with a probability of one in two
million.
"""

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

_PART = 250_000
_ODD = np.uint64(0x9E3779B97F4A7C15)


def of_text(texts: pa.Array | pa.ChunkedArray) -> NDArray[np.uint64]:
    """Return a hash of each text, the same on every machine; 0 where there is none."""
    texts = texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts
    if pa.types.is_dictionary(texts.type):
        known = np.append(of_text(texts.dictionary), np.uint64(0))
        return np.asarray(known[texts.indices.fill_null(len(known) - 1).to_numpy(zero_copy_only=False)])
    is_given = pc.fill_null(pc.greater(pc.binary_length(texts), 0), False).to_numpy(zero_copy_only=False)
    hashes = np.empty(len(texts), np.uint64)
    for start in range(0, len(texts), _PART):  # as Python objects, a part at a time
        part = texts.slice(start, _PART).to_numpy(zero_copy_only=False)
        hashes[start : start + _PART] = pd.util.hash_array(part, categorize=False) | np.uint64(1)
    return np.where(is_given, hashes, np.uint64(0))


def of_numbers(values: NDArray[Any]) -> NDArray[np.uint64]:
    """Return a hash of each number; missing values share one."""
    return np.asarray(pd.util.hash_array(np.where(np.isnan(values), np.nan, values + 0.0)))


def mix(first: NDArray[np.uint64], second: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Combine two hashes into one."""
    with np.errstate(over="ignore"):
        both = (first ^ second) * _ODD
        both ^= both >> np.uint64(32)
        both *= np.uint64(0xD6E8FEB86659FD93)
        both ^= both >> np.uint64(29)
    return both + (first << np.uint64(1))


def in_hex(hashes: NDArray[np.uint64]) -> pa.Array:
    """Write each hash as sixteen hexadecimal digits."""
    text = hashes.astype(">u8").tobytes().hex().encode()
    offsets = np.arange(0, 16 * len(hashes) + 1, 16, dtype=np.int32)
    return pa.StringArray.from_buffers(len(hashes), pa.py_buffer(offsets), pa.py_buffer(text))


def number_repeats(hashes: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Number the rows of each hash: 1 for the first, 2 for the second, ..."""
    return np.asarray(pd.Series(hashes).groupby(hashes).cumcount().to_numpy() + 1)
