"""Read coordinates as exports write them, and find what is wrong with them.

The usual faults are an extra digit, degrees in a column of metres, kilometres, swapped columns and 0, 0. A file in
which most rows have the same fault is refused; single rows with a fault are kept and reported.
"""

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from hotspots.errors import SourceError
from hotspots.sources.parsing import grid_references

# The British National Grid, metres, and Great Britain in degrees.
GRID_EAST, GRID_NORTH = 700_000, 1_300_000
FOOT_M = 0.3048
WEST, SOUTH, EAST, NORTH = -9.0, 49.0, 3.0, 61.5
# Squares of 100 km with land of a British police force, by the easting and northing of their corner, in squares.
LAND = frozenset(
    (int(x), y)
    for y, xs in enumerate(["12345", "123456", "123456", "23456", "345", "234", "1234", "0123", "01234", "0123",
                            "1234", "34", "4"])
    for x in xs
)  # fmt: skip
_LAND_SQUARES = np.array([[(x, y) in LAND for y in range(-1, 14)] for x in range(-1, 14)])
DESCRIPTIONS = {
    "zero": "are at 0, 0",
    "kilometres": "are in kilometres, or have a dot or comma as thousands separator, where metres are expected",
    "degrees": "are in degrees where eastings and northings in metres are expected",
    "feet": "are in feet where metres are expected",
    "web_mercator": "are in Web Mercator (EPSG:3857) where the British National Grid is expected",
    "utm": "are in UTM where the British National Grid is expected",
    "grid_reference": "are grid references such as SU 145 845 where numbers are expected",
    "text": "are not numbers",
    "metres": "are in metres where longitude and latitude in degrees are expected",
    "extra_digit": "have an easting or northing with one digit too many",
    "swapped": "have the two coordinates swapped",
    "outside": "lie outside Great Britain",
}
_ADVICE = {
    "zero": "Export it again with the coordinates, or map a postcode.",
    "kilometres": "Export metres without separators.",
    "degrees": "Map longitude and latitude under [{section}.columns] instead of easting and northing.",
    "feet": "Export metres: a foot is 0.3048 metres.",
    "web_mercator": "Export the British National Grid (EPSG:27700), or longitude and latitude.",
    "utm": "Export the British National Grid (EPSG:27700), or longitude and latitude.",
    "grid_reference": "Map their column as grid_reference under [{section}.columns].",
    "text": "Check which columns hold the coordinates.",
    "metres": "Map easting and northing under [{section}.columns] instead of longitude and latitude.",
    "extra_digit": "Check the export for an extra digit or a lost decimal point.",
    "swapped": "Swap the two headings under [{section}.columns], or correct the export.",
    "outside": "Check which columns hold the coordinates, and their units.",
}


def advice(fault: str, section: str = "force_export") -> str:
    """Return what to do about a fault (a key of `DESCRIPTIONS`) in the columns that a section of the settings maps."""
    return _ADVICE[fault].format(section=section)


def numbers(texts: pd.Series, *, are_metres: bool) -> NDArray[Any]:
    """Convert texts to numbers, NaN where they are not; thousands separators and decimal commas are understood.

    Examples
    --------
    >>> numbers(pd.Series(["415000", "415,000", "415000,5", "4 15000", "x"]), are_metres=True).tolist()
    [415000.0, 415000.0, 415000.5, 415000.0, nan]
    >>> numbers(pd.Series(["-1,785"]), are_metres=False).tolist()
    [-1.785]
    """
    values = _plain_numbers(texts)
    if pd.api.types.is_numeric_dtype(texts.dtype):
        return values
    odd = np.isnan(values) & texts.notna().to_numpy()
    if odd.any():
        values[odd] = pd.to_numeric(_without_separators(texts[odd], are_metres), errors="coerce").to_numpy(dtype=float)
    return np.where(np.isfinite(values), values, np.nan)


def _plain_numbers(texts: pd.Series) -> NDArray[Any]:
    """Convert texts that are numbers without separators, NaN where they are not, or not finite."""
    try:
        array = pa.array(texts, from_pandas=True).cast(pa.float64())
        values = array.to_numpy() if isinstance(array, pa.ChunkedArray) else array.to_numpy(zero_copy_only=False)
    except pa.ArrowInvalid:
        values = pd.to_numeric(texts, errors="coerce").to_numpy(dtype=float)
    return np.where(np.isfinite(values), values, np.nan)


def count_separated(texts: pd.Series) -> int:
    """Count the texts that are numbers with a comma or a blank inside."""
    if pd.api.types.is_numeric_dtype(texts.dtype):
        return 0
    texts = texts[np.isnan(_plain_numbers(texts))]
    return int(texts.str.fullmatch(r"-?\d[\d.]*[,\s]\d[\d,.\s]*").fillna(False).astype(bool).sum())


def metre_faults(easting: NDArray[Any], northing: NDArray[Any]) -> NDArray[Any]:
    """Return the fault of each pair of metres: `missing`, `zero`, another key of `DESCRIPTIONS`, or empty."""
    size_e, size_n = np.abs(easting), np.abs(northing)
    tests = {
        "missing": np.isnan(easting) | np.isnan(northing),
        "zero": (size_e < 1e-6) | (size_n < 1e-6),
        "": _on_grid(easting, northing) & (easting >= 1_000) & (northing >= 1_500),
        "degrees": _in_degrees(easting, northing) | _in_degrees(northing, easting),
        "kilometres": _on_grid(easting * 1_000, northing * 1_000),
        "feet": _on_land(easting * FOOT_M, northing * FOOT_M),
        "web_mercator": (easting > -1e6) & (easting < 3.4e5) & (northing > 6.27e6) & (northing < 8.7e6),
        "utm": (size_e < 9e5) & (northing > 5.4e6) & (northing < 6.9e6) & ~_on_land(easting, northing / 10),
        "extra_digit": np.any([_on_grid(easting / x, northing / y) for x, y in ((10, 1), (1, 10), (10, 10))], axis=0),
    }
    return _named(tests)


def text_faults(faults: NDArray[Any], first: pd.Series, second: pd.Series) -> NDArray[Any]:
    """Return the faults of pairs of cells, with `grid_reference` or `text` where they hold other than numbers."""
    is_missing, is_given = faults == "missing", (first.notna() & second.notna()).to_numpy()
    if not is_missing.any():
        return faults
    is_reference = (grid_references.is_reference(first) | grid_references.is_reference(second)).to_numpy()
    named = np.where(is_missing & is_given, np.array("text", object), faults)
    return np.asarray(np.where(is_missing & is_reference, np.array("grid_reference", object), named))


def degree_faults(longitude: NDArray[Any], latitude: NDArray[Any]) -> NDArray[Any]:
    """Return the fault of each pair of degrees: `missing`, `zero`, another key of `DESCRIPTIONS`, or empty."""
    tests = {
        "missing": np.isnan(longitude) | np.isnan(latitude),
        "zero": (np.abs(longitude) < 0.01) & (np.abs(latitude) < 0.01),
        "": _in_degrees(longitude, latitude),
        "swapped": _in_degrees(latitude, longitude),
        "metres": (np.abs(longitude) > 180) & (np.abs(latitude) > 90),
    }
    return _named(tests)


def require_plausible(faults: NDArray[Any], file: str, section: str = "force_export") -> None:
    """Raise if more than half of the rows with coordinates have the same fault.

    Parameters
    ----------
    faults
        From `metre_faults` or `degree_faults`.
    file
        Name of the file.
    section
        Section of the settings that maps its columns.

    Raises
    ------
    SourceError
        Names the file, the fault, how many rows have it and what to do.
    """
    given = faults[faults != "missing"]
    for fault, description in DESCRIPTIONS.items():
        count = int((given == fault).sum())
        if count * 2 > len(given):
            raise SourceError(
                f"{file}: {count:,} of {len(given):,} coordinates {description}. {advice(fault, section)}"
            )


def require_order(easting: NDArray[Any], northing: NDArray[Any], file: str) -> None:
    """Raise if most points are in the sea, and would be on land with easting and northing swapped.

    Raises
    ------
    SourceError
        The columns look swapped.

    Notes
    -----
    A rough test, by squares of 100 km.
    """
    located = np.isfinite(easting) & np.isfinite(northing)
    given, swapped = _on_land(easting[located], northing[located]), _on_land(northing[located], easting[located])
    if len(given) and given.mean() < 0.2 and swapped.mean() > 0.8:
        raise SourceError(
            f"{file}: easting and northing look swapped: {int((~given).sum()):,} of {len(given):,} points lie in the "
            f"sea as they are and on land the other way round. {advice('swapped')}"
        )


def _without_separators(texts: pd.Series, are_metres: bool) -> pd.Series:
    """Return numbers without blanks, apostrophes and thousands separators, with a decimal point."""
    plain = texts.str.replace(r"[\s'’\u00a0\u202f]", "", regex=True)
    is_grouped = plain.str.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d+)?").fillna(False).astype(bool) & are_metres
    is_dotted = plain.str.fullmatch(r"-?\d{1,3}(\.\d{3})+(,\d+)?").fillna(False).astype(bool) & are_metres & ~is_grouped
    without_dots = plain.str.replace(".", "", regex=False)
    plain = plain.mask(is_dotted, without_dots).mask(is_grouped, plain.str.replace(",", "", regex=False))
    return plain.str.replace(",", ".", regex=False)


def _named(tests: dict[str, NDArray[Any]]) -> NDArray[Any]:
    """Return the name of the first test that is true of each row, as objects that share the names."""
    code = np.select(list(tests.values()), list(range(len(tests))), len(tests))
    return np.asarray(np.array([*tests, "outside"], object)[code])


def _on_grid(easting: NDArray[Any], northing: NDArray[Any]) -> NDArray[Any]:
    return (easting > 0) & (easting <= GRID_EAST) & (northing > 0) & (northing <= GRID_NORTH)


def _in_degrees(longitude: NDArray[Any], latitude: NDArray[Any]) -> NDArray[Any]:
    return (longitude >= WEST) & (longitude <= EAST) & (latitude >= SOUTH) & (latitude <= NORTH)


def _on_land(easting: NDArray[Any], northing: NDArray[Any]) -> NDArray[Any]:
    """Return whether each point lies in a square with land."""
    squares = (np.nan_to_num(size // 100_000, nan=-1) for size in (easting, northing))
    x, y = (np.clip(square, -1, 13).astype(np.int64) + 1 for square in squares)
    return np.asarray(_LAND_SQUARES[x, y])
