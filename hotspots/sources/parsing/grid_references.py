"""Read grid references of Ordnance Survey, such as "SU 145 845": the letters of a square of 100 km, and figures."""

import re

import numpy as np
import pandas as pd
from numpy.typing import NDArray

# Letters of squares of 500 km and of the 25 squares of 100 km in each; there is no I.
_LETTERS = "ABCDEFGHJKLMNOPQRSTUVWXYZ"
_REFERENCE = re.compile(r"([HNOST])([A-HJ-Z])((?:\d\d){2,5})")
# Side of the largest square whose centre is precise enough for a place.
MAX_SIZE_M = 100


def is_reference(texts: pd.Series) -> pd.Series:
    """Return whether each text is a grid reference of 4 to 10 figures."""
    if pd.api.types.is_numeric_dtype(texts.dtype):
        return pd.Series(False, index=texts.index)
    return _plain(texts).str.fullmatch(_REFERENCE.pattern).fillna(False).astype(bool)


def read(texts: pd.Series) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return easting and northing of the centre of each reference's square, and its side, metres; NaN for other texts.

    Examples
    --------
    >>> [column.tolist() for column in read(pd.Series(["SU 145 845", "su1450084500", "SU 14 84", "x"]))]
    [[414550.0, 414500.5, 414500.0, nan], [184550.0, 184500.5, 184500.0, nan], [100.0, 1.0, 1000.0, nan]]
    """
    plain = _plain(texts)
    known = {text: _square(text) for text in plain.dropna().unique()}
    missing = (np.nan, np.nan, np.nan)
    found = np.array([known.get(text, missing) for text in plain], dtype=float).reshape(-1, 3)
    return found[:, 0], found[:, 1], found[:, 2]


def _plain(texts: pd.Series) -> pd.Series:
    return texts.astype("str").str.replace(r"[\s.-]", "", regex=True).str.upper()


def _square(text: str) -> tuple[float, float, float]:
    """Return the centre of the square of a reference and its side, metres; NaN where the text is none."""
    parts = _REFERENCE.fullmatch(text)
    if not parts:
        return float("nan"), float("nan"), float("nan")
    large, small = _LETTERS.index(parts[1]), _LETTERS.index(parts[2])
    east = (large - 2) % 5 * 5 + small % 5
    north = 19 - large // 5 * 5 - small // 5
    figures = parts[3]
    half = len(figures) // 2
    size = 10.0 ** (5 - half)
    easting, northing = (int(part) * size + size / 2 for part in (figures[:half], figures[half:]))
    return east * 100_000 + easting, north * 100_000 + northing, size
