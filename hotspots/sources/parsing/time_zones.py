"""Time zones at the end of times: "Z", "UTC", "BST", "+01:00". Such times are converted to local wall time."""

import re

import numpy as np
import pandas as pd

ZONE = "Europe/London"
_MINUTES = {"Z": 0, "UTC": 0, "GMT": 0, "BST": 60}
# A zone after a time, in texts with every digit as 9 and every letter as A.
_SHAPE = re.compile(
    r"(?:9:99(?::99(?:\.9+)?)?|A9{4}|9 9{4}|A9{6}(?:\.9+)?)(?P<zone> ?(?:A{3})? ?[+-]99(?::?99)?| ?A{3}| ?A)$"
)
_OFFSET = r"(?:UTC|GMT)?\s?(?P<sign>[+-])(?P<hours>\d\d):?(?P<minutes>\d\d)?"


def length_at_end(shape: str) -> int:
    """Return the length of what may be a zone at the end of a text of this shape; 0 where there is none.

    Examples
    --------
    >>> [length_at_end(shape) for shape in ("9999-99-99A99:99A", "99/99/9999 99:99 +99:99", "99-99-9999")]
    [1, 7, 0]
    """
    found = _SHAPE.search(shape) if shape.isascii() else None
    return len(found["zone"]) if found else 0


def minutes_ahead(zones: pd.Series) -> np.ndarray:
    """Return by how many minutes each zone is ahead of UTC; NaN where the text is not a zone.

    Examples
    --------
    >>> minutes_ahead(pd.Series(["Z", " BST", " +0530", "-01", " hrs", "+99:00"])).tolist()
    [0.0, 60.0, 330.0, -60.0, nan, nan]
    """
    known = {zone: _minutes(zone.strip().upper()) for zone in zones.unique()}
    return np.asarray(zones.map(known).to_numpy(dtype=float))


def to_wall_time(times: np.ndarray, offset: np.ndarray) -> np.ndarray:
    """Return times that are `offset` minutes ahead of UTC as local wall time."""
    utc = times - offset.astype("timedelta64[m]").astype("timedelta64[us]")
    local = pd.DatetimeIndex(utc).tz_localize("UTC").tz_convert(ZONE).tz_localize(None)
    return np.asarray(local.to_numpy("datetime64[us]"))


def without_zone(form: str) -> str:
    """Return a format as in `datetime.strptime` without its zone, which is read separately."""
    return re.sub(r"\s*%[zZ]", "", form)


def _minutes(zone: str) -> float:
    """Return the minutes of one zone ahead of UTC."""
    if zone in _MINUTES:
        return _MINUTES[zone]
    parts = re.fullmatch(_OFFSET, zone)
    if not parts or int(parts["hours"]) > 14 or int(parts["minutes"] or 0) > 59:
        return float("nan")
    return (int(parts["hours"]) * 60 + int(parts["minutes"] or 0)) * (-1 if parts["sign"] == "-" else 1)
