"""Read dates and times as exports write them: day first, in several formats, in local wall time (Europe/London).

Texts are grouped by *shape*: the text with every digit as 9 and every letter as A ("99/99/9999 99:99"). A column has
few shapes and each shape fits few formats, so a column is read in a handful of vectorised steps.

Wall time is kept as it is written. On the last Sunday of March 01:30 does not exist (the clock was not yet put
forward); on the last Sunday of October it occurs twice. Neither moves a record to another day, and `hours_between`
allows for both.
"""

import re
from collections.abc import Iterator
from itertools import product

import numpy as np
import pandas as pd
import pyarrow as pa

from hotspots.errors import ParameterError, SourceError
from hotspots.sources.parsing import time_zones
from hotspots.sources.parsing.time_zones import ZONE

EARLIEST, LATEST = pd.Timestamp("2000-01-01"), pd.Timestamp("2100-01-01")
PART_ROWS = 250_000  # of a column that are read at a time
# Above this share of dates with the month first, a column is not simply written day first.
MONTH_FIRST_SHARE = 0.005

_DAYS = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%y", "%d-%m-%y", "%d.%m.%y")
_NAMED_DAYS = ("%d-%b-%Y", "%d %b %Y", "%d/%b/%Y", "%d-%b-%y", "%d %b %y", "%d/%b/%y", "%d %B %Y", "%d-%B-%Y", "%d%b%Y")
_YEAR_FIRST_DAYS = ("%Y-%m-%d", "%Y/%m/%d", "%Y%m%d")
_TIMES = ("", " %H:%M", " %H:%M:%S", " %H:%M:%S.%f", " %I:%M %p", " %I:%M:%S %p", " %I:%M%p", " %H%M", " %H.%M",
          "T%H:%M", "T%H:%M:%S", "T%H:%M:%S.%f", "T%H%M", "T%H%M%S")  # fmt: skip
_DIGITS = {"Y": "9{4}", "f": "9{1,9}", "y": "9{2}"}
_SERIAL = re.compile(r"9{5}(\.9+)?")
_SHAPE_OF_BYTE = np.arange(256, dtype=np.uint8)
_SHAPE_OF_BYTE[48:58], _SHAPE_OF_BYTE[65:91], _SHAPE_OF_BYTE[97:123] = 57, 65, 65
# 24:00 is the end of a day.
_HOUR_24 = r"(?<=[T ])24(?=[:.]?00(?:[:.]?00(?:\.0+)?)?$)"
_NUMERIC_DAY = re.compile(r"(9{1,2})[/.-](9{1,2})[/.-](?:9{4}|9{2})(?!9)")


def read_times(texts: pd.Series, formats: tuple[str, ...] = ()) -> pd.DataFrame:
    """Read texts as times, and whether each gives the hour.

    Parameters
    ----------
    texts
        Texts, some of them missing.
    formats
        Formats to try first, in order, as in `datetime.strptime`. The usual British formats, ISO 8601 and Excel's day
        numbers are tried after them; if the first of `formats` has the month first, the others do as well.

    Returns
    -------
    DataFrame
        `time`, local wall time, missing where the text is not a date from 2000 to 2099, and `has_hour`. A time with a
        zone is converted; 24:00 is 00:00 of the next day. A column of at least 20 dates that are all at 00:00 holds
        days without hours.

    Examples
    --------
    >>> read_times(pd.Series(["03/09/2025 09:05", "2025-09-03T08:05:00Z", "30/02/2025", "45903.5"]))["time"].tolist()
    [Timestamp('2025-09-03 09:05:00'), Timestamp('2025-09-03 09:05:00'), NaT, Timestamp('2025-09-03 12:00:00')]
    """
    time, has_hour = _by_shape(texts, formats)
    rest = time.isna() & texts.notna()
    if rest.any():
        again, again_hour = _by_shape(_plainer(texts[rest]), formats)
        time = time.where(~rest, again.reindex(time.index))
        has_hour = has_hour.where(~rest, again_hour.reindex(time.index, fill_value=False))
    time = time.where(time.between(EARLIEST, LATEST, inclusive="left"))
    known = time[time.notna() & has_hour]
    if len(known) >= 20 and (known == known.dt.normalize()).all():
        has_hour = has_hour & False
    return pd.DataFrame({"time": time, "has_hour": has_hour & time.notna()})


def join_day_and_time(days: pd.Series, hours: pd.Series) -> pd.Series:
    """Join a column of days and one of times into one text; a day without a time stays a day.

    Examples
    --------
    >>> join_day_and_time(pd.Series(["03/09/2025", "04/09/2025 00:00:00"]), pd.Series(["2205", "9:30"])).tolist()
    ['03/09/2025 22:05', '04/09/2025 9:30']
    """
    clock = hours.str.strip().str.replace(r"^(\d{1,2})(\d{2})$", r"\1:\2", regex=True)
    is_share = clock.str.fullmatch(r"0?\.\d+").fillna(False).astype(bool)
    if is_share.any():
        minutes = (pd.to_numeric(clock[is_share]) * 1440).round().astype("int64")
        clock = clock.mask(
            is_share, (minutes // 60).astype("str").str.zfill(2) + ":" + (minutes % 60).astype("str").str.zfill(2)
        )
    day = days.str.replace(r"[ T]00:00(:00(\.0+)?)?(Z|[+-]00:?00)?$", "", regex=True)
    return (day + " " + clock).where(clock.notna(), day).astype("str")


def hours_between(start: pd.Series, end: pd.Series) -> pd.Series:
    """Return the hours between two columns of wall times, correct across both clock changes.

    A time in the repeated hour of October is the first of the two, or the second for an end that would otherwise be
    before its start. A time in the skipped hour of March is from a clock that was not yet put forward.

    Examples
    --------
    >>> spring, autumn = pd.Timestamp("2025-03-30 00:30"), pd.Timestamp("2025-10-26 00:30")
    >>> hours_between(pd.Series([spring, autumn]), pd.Series([spring, autumn]) + pd.Timedelta(hours=3)).tolist()
    [2.0, 4.0]
    """
    begins, ends = _in_utc(start, is_first=True), _in_utc(end, is_first=True)
    ends = ends.where(~(ends < begins), _in_utc(end, is_first=False))
    return ((ends - begins).dt.total_seconds() / 3_600).rename("hours")


def is_skipped_hour(times: pd.Series) -> pd.Series:
    """Return whether each wall time is in the skipped hour of March."""
    local = times.dt.tz_localize(ZONE, nonexistent="NaT", ambiguous=np.ones(len(times), bool))
    return (local.isna() & times.notna()).rename("is_skipped_hour")


def require_day_first(texts: pd.Series, file: str, heading: str, section: str = "force_export") -> None:
    """Raise if more than a few dates have the month first.

    Parameters
    ----------
    texts
        Cells of the column.
    file, heading, section
        For the message: the file's name, the column's heading, and the section of the settings with its format.

    Raises
    ------
    SourceError
        Dates have 13 to 31 in the second place, so 03/04 may be 3 April or 4 March.
    """
    day_first, month_first = count_orders(texts)
    if month_first <= MONTH_FIRST_SHARE * (month_first + day_first):
        return
    message = (
        f"{file}: the column '{heading}' has the month before the day in {month_first:,} of "
        f"{month_first + day_first:,} dates that show their order"
    )
    if day_first > month_first / 10:
        raise SourceError(
            f"{message}, so 03/04 may be 3 April or 4 March. Export the file again with one date format, ideally "
            f"2025-09-30."
        )
    raise SourceError(
        f'{message}; dates are read day first. If the month always comes first, set date_format = "%m/%d/%Y %H:%M" '
        f"under [{section}]; otherwise correct the export."
    )


def count_orders(texts: pd.Series) -> tuple[int, int]:
    """Count the dates that certainly have the day first, and those that certainly have the month first."""
    counts = [_count_orders(texts.iloc[start : start + PART_ROWS]) for start in range(0, len(texts), PART_ROWS)]
    return sum(day_first for day_first, _ in counts), sum(month_first for _, month_first in counts)


def _count_orders(texts: pd.Series) -> tuple[int, int]:
    """Count the orders of some dates."""
    codes, shapes = pd.factorize(_shapes(texts))
    day_first = month_first = 0
    for code, shape in enumerate(shapes):
        day_parts = _NUMERIC_DAY.match(shape)
        if day_parts:
            cells = texts.iloc[np.flatnonzero(codes == code)]
            characters = _characters(cells)[0].reshape(len(cells), -1)
            first, second = (_numbers(characters[:, slice(*day_parts.span(group))]) for group in (1, 2))
            day_first += int(((first > 12) & (first <= 31) & (second >= 1) & (second <= 12)).sum())
            month_first += int(((second > 12) & (second <= 31) & (first >= 1) & (first <= 12)).sum())
    return day_first, month_first


def most_common_format(texts: pd.Series) -> str:
    """Return the format that most of the texts have, as in `datetime.strptime`; empty where none fits."""
    shapes = _shapes(texts.dropna())
    for shape in shapes.value_counts().sort_index().sort_values(ascending=False, kind="stable").index[:3]:
        sample = texts.dropna()[shapes == shape].head(200)
        for form in _fitting(shape, _known_formats(())):
            if pd.to_datetime(sample, format=form, errors="coerce").notna().mean() > 0.5:
                return form
    return ""


def require_format(form: str, setting: str) -> None:
    """Raise if a setting is neither empty nor a format of days and times that can be read.

    Raises
    ------
    ParameterError
        Names the setting.
    """
    given = re.findall("%(.?)", form)
    names = "".join(given)
    is_once = len(given) == len(set(given)) and all(len(re.findall(one, names)) == 1 for one in ("d", "[mbB]", "[yY]"))
    try:
        is_readable = is_once and not set(given) - set("dmbByYHMSfIpaAzZ")
        pd.to_datetime(pd.Series(["x"]), format=time_zones.without_zone(form) if is_readable else "%d", errors="coerce")
    except ValueError:
        is_readable = False
    if form and not is_readable:
        raise ParameterError(
            f"{setting} is {form[:40]!r}, expected a format with a day, a month and a year such as '%d/%m/%Y %H:%M'."
        )


def is_month_first(form: str) -> bool:
    """Return whether a format has the month, as a number, before the day."""
    return 0 <= form.find("%m") < form.find("%d") and not form.startswith("%Y")


def _in_utc(times: pd.Series, *, is_first: bool) -> pd.Series:
    """Convert wall times to UTC."""
    first = np.full(len(times), is_first)
    return times.dt.tz_localize(ZONE, nonexistent=pd.Timedelta(hours=1), ambiguous=first).dt.tz_convert("UTC")


def _by_shape(texts: pd.Series, formats: tuple[str, ...]) -> tuple[pd.Series, pd.Series]:
    """Read times, and whether they give the hour, one shape after another."""
    time = np.full(len(texts), np.datetime64("NaT"), dtype="datetime64[us]")
    has_hour = np.zeros(len(texts), dtype=bool)
    known = _known_formats(tuple(map(time_zones.without_zone, formats)))
    for at, cells, shape, offset in _groups_in_parts(texts):
        fitting, found = _fitting(shape, known), np.full(len(at), np.datetime64("NaT"), dtype="datetime64[us]")
        if not fitting and _SERIAL.fullmatch(shape):
            found, has_hour[at] = _from_serials(cells), "." in shape
        for form in fitting:
            rest = np.flatnonzero(np.isnat(found))
            if len(rest):
                found[rest] = _parsed(cells.iloc[rest], form, known[form].fullmatch(shape))
                has_hour[at[rest]] = "%H" in form or "%I" in form
        time[at] = found if offset is None else time_zones.to_wall_time(found, offset)
    return pd.Series(time, index=texts.index), pd.Series(has_hour, index=texts.index)


def _groups_in_parts(texts: pd.Series) -> Iterator[tuple[np.ndarray, pd.Series, str, np.ndarray | None]]:
    """Yield the groups of a part of the texts at a time, to save memory."""
    for start in range(0, len(texts), PART_ROWS):
        for at, *group in _groups(texts.iloc[start : start + PART_ROWS]):
            yield at + start, *group


def _groups(texts: pd.Series) -> Iterator[tuple[np.ndarray, pd.Series, str, np.ndarray | None]]:
    """Yield positions, texts, shape and minutes ahead of UTC (None without a zone) of texts that share a shape."""
    codes, shapes = pd.factorize(_shapes(texts))
    for code, shape in enumerate(shapes):
        if not (len(shape) <= 40 and "9" in shape):
            continue
        at = np.flatnonzero(codes == code)
        length = time_zones.length_at_end(shape)
        if length:
            cells = texts.iloc[at]
            offset = time_zones.minutes_ahead(cells.str[-length:])
            is_zoned = np.isfinite(offset)
            if is_zoned.any():
                plain = cells[is_zoned].str[:-length].str.rstrip()
                yield at[is_zoned], plain, shape[:-length].rstrip(), offset[is_zoned]
            at = at[~is_zoned]
        if len(at):
            yield at, texts.iloc[at], shape, None


def _shapes(texts: pd.Series) -> pd.Series:
    """Return the shape of each text; missing texts stay missing."""
    characters, ends = _characters(texts.fillna(""))
    made = pa.Array.from_buffers(
        pa.large_string(), len(texts), [None, pa.py_buffer(ends), pa.py_buffer(_SHAPE_OF_BYTE[characters])]
    )
    return pd.Series(made.to_pandas().array, index=texts.index, dtype="str").where(texts.notna())


def _characters(texts: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """Return the bytes of all texts joined, and the offset of each text and of the end."""
    array = pa.array(texts, pa.large_string(), from_pandas=True)
    array = array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array
    starts = np.frombuffer(array.buffers()[1], dtype=np.int64)[array.offset : array.offset + len(array) + 1]
    data = array.buffers()[2]
    characters = np.frombuffer(data, dtype=np.uint8) if data is not None else np.zeros(0, np.uint8)
    return characters[starts[0] : starts[-1]], starts - starts[0]


def _parsed(texts: pd.Series, form: str, parts: re.Match[str] | None) -> np.ndarray:
    """Read texts that share a shape, given where each part is in it; NaT for days and hours that do not exist."""
    if parts is None or set(re.findall("%(.)", form)) - set("dmYyHMS"):
        return _parsed_slowly(texts, form)
    characters = _characters(texts)[0].reshape(len(texts), -1)
    part = {name: _numbers(characters[:, slice(*parts.span(name))]) for name in parts.re.groupindex}
    zero = np.zeros(len(texts), dtype=np.int64)
    year = part["Y"] if "Y" in part else part["y"] + np.where(part["y"] < 69, 2000, 1900)
    month, day = part["m"], part["d"]
    hour, minute, second = (part.get(name, zero) for name in "HMS")
    first = (np.clip(year, 1, 9999) - 1970).astype("datetime64[Y]").astype("datetime64[M]") + np.clip(month, 1, 12) - 1
    length = ((first + 1).astype("datetime64[D]") - first.astype("datetime64[D]")).astype(np.int64)
    is_real = (month >= 1) & (month <= 12) & (day >= 1) & (day <= length) & (minute < 60) & (second < 60)
    is_real &= (hour < 24) | ((hour == 24) & (minute == 0) & (second == 0))
    seconds = ((day - 1) * 24 + hour) * 3600 + minute * 60 + second
    times = first.astype("datetime64[us]") + seconds.astype("timedelta64[s]")
    return np.where(is_real & (year >= 1), times, np.datetime64("NaT"))


def _parsed_slowly(texts: pd.Series, form: str) -> np.ndarray:
    """Read texts in a format with names of months, fractions of a second or a.m. and p.m."""
    times = pd.to_datetime(texts, format=form, errors="coerce")
    if "%H" in form and times.isna().any():
        late = texts[times.isna() & texts.str.contains(_HOUR_24, regex=True)].str.replace(_HOUR_24, "00", regex=True)
        ends = pd.to_datetime(late, format=form, errors="coerce") + pd.Timedelta(days=1)
        times = times.fillna(ends)
    return np.asarray(times.to_numpy("datetime64[us]"))


def _numbers(digits: np.ndarray) -> np.ndarray:
    """Convert rows of digits to whole numbers."""
    return (digits.astype(np.int64) - 48) @ (10 ** np.arange(digits.shape[1])[::-1])


def _known_formats(formats: tuple[str, ...]) -> dict[str, re.Pattern[str]]:
    """Return every format to try, the given ones first, each with the pattern of its shapes."""
    days: tuple[str, ...] = _DAYS
    if formats and is_month_first(formats[0]):
        days = tuple(day.replace("%d", "%-").replace("%m", "%d").replace("%-", "%m") for day in _DAYS)
    usual = [day + hour for day, hour in product((*days, *_NAMED_DAYS, *_YEAR_FIRST_DAYS), _TIMES)]
    return {form: _shape_of(form) for form in dict.fromkeys([*formats, *usual])}


def _shape_of(form: str) -> re.Pattern[str]:
    """Return the pattern of the shapes that a format may have, with a group for each number."""
    made = []
    for piece in re.findall(r"%.|[A-Za-z]|.", form):
        if piece[0] != "%":
            made.append("A" if piece.isalpha() else re.escape(piece))
        elif piece[1] in "bBpaA":
            made.append("A+")
        else:
            made.append(f"(?P<{piece[1]}>{_DIGITS.get(piece[1], '9{1,2}')})")
    return re.compile("".join(made))


def _fitting(shape: str, known: dict[str, re.Pattern[str]]) -> list[str]:
    return [form for form, pattern in known.items() if pattern.fullmatch(shape)]


def _from_serials(cells: pd.Series) -> np.ndarray:
    """Convert days since 1899-12-30, as Excel counts them, to times."""
    seconds = (pd.to_numeric(cells).to_numpy(dtype=float) * 86_400).round().astype("int64")
    return np.asarray(np.datetime64("1899-12-30", "us") + seconds.astype("timedelta64[s]").astype("timedelta64[us]"))


def _plainer(texts: pd.Series) -> pd.Series:
    """Return texts without weekdays, ordinal endings, and words or commas between day and time."""
    plain = texts.str.replace(r"(?i)^\s*(mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+", "", regex=True)
    plain = plain.str.replace(r"(?i)(\d)(st|nd|rd|th)\b", r"\1", regex=True)
    plain = plain.str.replace(r"(?i)\s*,\s*|\s+at\s+|\s+-\s+|\s+", " ", regex=True)
    return plain.str.replace(r"(?i)\s*(hrs|hours|h|gmt|bst)\.?$", "", regex=True).str.strip()
