"""Sixty-four-bit fingerprints of columns, whole columns at a time.

They name rows that have no reference, and find references that stand twice, without comparing text row by row. Two
different texts share a fingerprint once in 2^64 pairs: for four million rows, with a chance of one in two million.
"""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

_ODD = np.uint64(0x9E3779B97F4A7C15)


def of_text(texts: pa.Array | pa.ChunkedArray) -> NDArray[np.uint64]:
    """A fingerprint of each text, the same on every machine; 0 where there is none."""
    texts = texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts
    if pa.types.is_dictionary(texts.type):
        known = np.append(of_text(texts.dictionary.cast(pa.string())), np.uint64(0))
        return known[texts.indices.fill_null(len(known) - 1).to_numpy(zero_copy_only=False)]
    texts = texts.cast(pa.large_string())
    lengths = pc.fill_null(pc.binary_length(texts), 0).to_numpy(zero_copy_only=False)
    prints = np.zeros(len(texts), np.uint64)
    for length in pd.unique(lengths[lengths > 0]):
        rows = np.flatnonzero(lengths == length)
        # Rows without text take no room, so that the letters of equally long ones stand side by side.
        is_alone = len(rows) == np.count_nonzero(lengths)
        prints[rows] = _of_equally_long(texts if is_alone else texts.take(pa.array(rows)), len(rows), int(length))
    return prints


def _of_equally_long(texts: pa.LargeStringArray, count: int, length: int) -> NDArray[np.uint64]:
    """Fingerprints of texts that all have one length, or none."""
    _, offsets, data = texts.buffers()
    starts = np.frombuffer(offsets, np.int64)[texts.offset : texts.offset + len(texts) + 1]
    letters = np.frombuffer(data, np.uint8)[starts[0] : starts[-1]].reshape(count, length)
    padded = np.zeros((count, -(-length // 8) * 8), np.uint8)
    padded[:, :length] = letters
    prints = np.full(count, np.uint64(length))
    for word in padded.view("<u8").T:
        prints = mix(prints, word)
    return prints | np.uint64(1)


def of_numbers(values: NDArray) -> NDArray[np.uint64]:
    """A fingerprint of each number; all that is not a number has one."""
    exact = np.where(np.isnan(values), 0.5, values + 0.0)
    return mix(np.full(len(values), np.uint64(7)), exact.view(np.uint64))


def mix(first: NDArray[np.uint64], second: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """One fingerprint of two, in which every bit of both counts."""
    with np.errstate(over="ignore"):
        both = (first ^ second) * _ODD
        both ^= both >> np.uint64(32)
        both *= np.uint64(0xD6E8FEB86659FD93)
        both ^= both >> np.uint64(29)
    return both + (first << np.uint64(1))


def in_hex(prints: NDArray[np.uint64]) -> pa.Array:
    """Each fingerprint as sixteen letters and digits."""
    text = prints.astype(">u8").tobytes().hex().encode()
    offsets = np.arange(0, 16 * len(prints) + 1, 16, dtype=np.int32)
    return pa.StringArray.from_buffers(len(prints), pa.py_buffer(offsets), pa.py_buffer(text))


def numbered(prints: NDArray[np.uint64]) -> NDArray[np.int64]:
    """1 for the first row of a fingerprint, 2 for the second, ..."""
    order = np.argsort(prints, kind="stable")
    ordered = prints[order]
    starts = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1])) if len(prints) else np.empty(0, np.int64)
    number = np.arange(len(prints)) - np.repeat(starts, np.diff(np.append(starts, len(prints)))) + 1
    numbers = np.empty(len(prints), np.int64)
    numbers[order] = number
    return numbers
