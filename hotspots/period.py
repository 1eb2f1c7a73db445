"""Days, months and windows. A window includes its first day and excludes its last.

data.police.uk gives only months; a month is used if its last day is not after `as_of`. Nothing later than `as_of` is
used, and records with only a month are not given a day.
"""

import calendar
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from hotspots.errors import ParameterError

MONTH = re.compile(r"[12][0-9]{3}-(?:0[1-9]|1[0-2])")
# Dates of less than this share of the records, after a gap of so many days, do not decide the day of a report.
_STRAY_SHARE, _GAP_DAYS = 0.01, 31
# Columns that date an incident.
DATED = ("month", "date_precision", "committed_from", "committed_to", "recorded_at")


_MONTH_NAMES = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
# Ways to write a day, or a month for its last day.
_DAYS = (
    r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})(?:-(?P<day>[0-9]{1,2}))?",
    r"(?P<day>[0-9]{1,2})([/. -])(?P<month>[0-9]{1,2})\2(?P<year>[0-9]{4})",
    r"(?:(?P<day>[0-9]{1,2})[ -])?(?P<month>[A-Za-z]+)\.?[ -](?P<year>[0-9]{4})",
    r"(?P<month>[0-9]{1,2})/(?P<year>[0-9]{4})",
)


@dataclass(frozen=True)
class Window:
    """Days from `start` to before `end`."""

    start: date
    end: date

    @property
    def months(self) -> list[str]:
        """Return the calendar months that are completely in the window, as YYYY-MM."""
        months = pd.period_range(self.start, self.end - timedelta(days=1), freq="M")
        return [str(m) for m in months if m.start_time.date() >= self.start and m.end_time.date() < self.end]

    @property
    def touched(self) -> list[str]:
        """Return the calendar months with at least one day in the window, as YYYY-MM."""
        return [str(m) for m in pd.period_range(self.start, self.end - timedelta(days=1), freq="M")]

    @property
    def length_months(self) -> int:
        """Return the length in months, rounded."""
        return round((self.end - self.start).days / 30.44)


def as_of_day(text: str) -> date:
    """Parse a day, `2025-09-30` or `30/09/2025`, or the last day of a month, `2025-09` or `Sept 2025`.

    Raises
    ------
    ParameterError
        The text has neither form, there is no such day, or its year is not from 2000 to 2099.

    Examples
    --------
    >>> as_of_day("30.9.2025") == as_of_day("Sept 2025") == as_of_day("2025-09")
    True
    """
    found = next(filter(None, (re.fullmatch(form, text.strip()) for form in _DAYS)), None)
    month = _month_number(found["month"]) if found else 0
    if not found or month < 0:
        raise ParameterError(f"as_of is {text[:40]!r}, expected a day like 2025-09-30 or a month like 2025-09.")
    year, day = int(found["year"]), found.groupdict().get("day")
    try:
        parsed = date(year, month, int(day) if day else calendar.monthrange(year, month)[1])
    except ValueError:
        raise ParameterError(f"as_of is {text!r}, but there is no such day.") from None
    if not 2000 <= year < 2100:
        raise ParameterError(f"as_of is {text!r}, expected a day from 2000 to 2099.")
    return parsed


def _month_number(text: str) -> int:
    """Return the number of a month given as a number or a name; -1 where it is neither."""
    if text.isdigit():
        return int(text)
    names = [name.lower() for name in _MONTH_NAMES]
    return next((at for at, name in enumerate(names, 1) if len(text) > 2 and name.startswith(text.lower())), -1)


def require_day(text: str, name: str) -> None:
    """Raise if a setting is neither empty nor a day, YYYY-MM-DD.

    Raises
    ------
    ParameterError
        Names the setting.
    """
    try:
        is_day = not text or (len(text) == 10 and 1900 <= date.fromisoformat(text).year < 2200)
    except ValueError:
        is_day = False
    if not is_day:
        raise ParameterError(f"{name} is {text[:40]!r}, expected a day like 2025-09-30.")


def last_day(month: str) -> date:
    """Return the last day of a month, YYYY-MM.

    Examples
    --------
    >>> last_day("2024-02")
    datetime.date(2024, 2, 29)
    """
    year, number = int(month[:4]), int(month[5:])
    return date(year, number, calendar.monthrange(year, number)[1])


def months_between(first: str, last: str) -> int:
    """Return the number of months from one month, YYYY-MM, to another.

    Examples
    --------
    >>> months_between("2024-11", "2025-02")
    3
    """
    return (int(last[:4]) - int(first[:4])) * 12 + int(last[5:]) - int(first[5:])


def months_in_words(months: Iterable[str]) -> str:
    """Return months, YYYY-MM, as ranges of consecutive ones.

    Examples
    --------
    >>> months_in_words(["2025-01", "2025-02", "2025-03", "2025-06"])
    '2025-01 to 2025-03 and 2025-06'
    """
    ranges: list[list[str]] = []
    for month in sorted(set(months)):
        if ranges and months_between(ranges[-1][-1], month) == 1:
            ranges[-1].append(month)
        else:
            ranges.append([month])
    parts = [each[0] if len(each) == 1 else f"{each[0]} to {each[-1]}" for each in ranges]
    return " and ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else "".join(parts)


def evidence_window(as_of: date, months: int) -> Window:
    """Return the window of the given number of months that ends with `as_of`.

    Examples
    --------
    >>> evidence_window(date(2025, 9, 30), 12)
    Window(start=datetime.date(2024, 10, 1), end=datetime.date(2025, 10, 1))
    """
    end = as_of + timedelta(days=1)
    return Window((pd.Timestamp(end) - pd.DateOffset(months=months)).date(), end)


def known_by(incidents: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Return the incidents known at the end of `as_of`.

    A dated incident has happened and, where `recorded_at` is given, been recorded by then; a month without days is
    known once it is complete.
    """
    end = pd.Timestamp(as_of + timedelta(days=1))
    has_happened = days_of(incidents)["ends"] <= end
    return incidents[has_happened & ~(incidents["recorded_at"] >= end)]


def within(incidents: pd.DataFrame, window: Window) -> pd.DataFrame:
    """Return the incidents whose day, or complete month, is in the window."""
    days = days_of(incidents)
    return incidents[(days["starts"] >= pd.Timestamp(window.start)) & (days["ends"] <= pd.Timestamp(window.end))]


def days_of(incidents: pd.DataFrame) -> pd.DataFrame:
    """Return the start (`starts`) and the end (`ends`, exclusive) of the day or month of each incident.

    A dated incident is placed on the day on which it began (`committed_from`) or, if that is missing, was recorded.
    Its month is used only if it has no day.
    """
    month = incidents["month"].astype("category")
    firsts = pd.to_datetime(month.cat.categories.astype("str"), format="%Y-%m").to_numpy("datetime64[us]")
    nexts = (firsts.astype("datetime64[M]") + 1).astype("datetime64[us]")
    starts, ends = firsts[month.cat.codes], nexts[month.cat.codes]
    dated = (incidents["date_precision"] != "month").to_numpy()
    if dated.any():
        day = incidents["committed_from"].fillna(incidents["recorded_at"]).dt.normalize().to_numpy("datetime64[us]")
        has_day = dated & ~np.isnat(day)
        starts = np.where(has_day, day, starts)
        ends = np.where(has_day, day + np.timedelta64(1, "D"), ends)
    return pd.DataFrame({"starts": starts, "ends": ends}, index=incidents.index)


def is_month_only(incidents: pd.DataFrame) -> bool:
    """Return whether all incidents are dated by month only."""
    return bool((incidents["date_precision"] == "month").all())


def latest_as_of(incidents: pd.DataFrame) -> date:
    """Return the default day of a report: the last day of the latest month, or the last day of dated incidents.

    A few dates after a gap of more than a month are taken as typing errors.

    Raises
    ------
    ParameterError
        There are no incidents.
    """
    if incidents.empty:
        raise ParameterError("There are no incidents, so there is no latest day. Give a day with --as-of.")
    if is_month_only(incidents):
        return last_day_of(incidents)
    last_days = days_of(incidents[incidents["date_precision"] != "month"])["ends"] - pd.Timedelta(days=1)
    counts = last_days.value_counts().sort_index()
    days, until = counts.index, counts.cumsum() / len(last_days)
    ends_run = np.append(np.diff(days.to_numpy()) > np.timedelta64(_GAP_DAYS, "D"), True)
    is_complete = ends_run & (until >= 1 - _STRAY_SHARE).to_numpy()
    return date.fromisoformat(f"{days[is_complete][0]:%Y-%m-%d}")


def last_day_of(incidents: pd.DataFrame) -> date:
    """Return the last day, or the last day of the latest month, of at least one incident."""
    last: date = (days_of(incidents)["ends"].max() - pd.Timedelta(days=1)).date()
    return last


def is_long_after(as_of: date, last: date) -> bool:
    """Return whether a day is more than a month after another."""
    return (as_of - last).days > 31


def require_data_until(as_of: date, last: date, force: str) -> None:
    """Raise if a day is more than a month after the last incident.

    Raises
    ------
    ParameterError
        Names the last day with data.
    """
    if is_long_after(as_of, last):
        raise ParameterError(
            f"as_of is {as_of}, more than a month after the last incident of {force} ({last}). Use --as-of {last}, or "
            f"add the files of the months since."
        )


def steps_back(incidents: pd.DataFrame, as_of: date) -> tuple[pd.Series, int]:
    """Return the number of complete steps from each incident to `as_of`, 0 the latest, and a step's length in days.

    A step is a calendar month, counted as 30 days, if incidents have only a month; else it is a week, the last of which
    ends with `as_of`.
    """
    days = days_of(incidents)
    if is_month_only(incidents):
        latest = as_of.year * 12 + as_of.month
        latest -= as_of != last_day(f"{as_of:%Y-%m}")
        back = latest - (days["starts"].dt.year * 12 + days["starts"].dt.month)
        return back.astype("int64").rename("steps_back"), 30
    back = (pd.Timestamp(as_of) - days["starts"]).dt.days // 7
    return back.astype("int64").rename("steps_back"), 7


def months_before(day: date, months: int) -> date:
    """Return the day a number of months earlier; the last day of a month stays the last day of one.

    Examples
    --------
    >>> months_before(date(2025, 9, 30), 1), months_before(date(2025, 9, 15), 1)
    (datetime.date(2025, 8, 31), datetime.date(2025, 8, 15))
    """
    earlier = pd.Timestamp(day) - pd.DateOffset(months=months)
    is_last = day == last_day(f"{day:%Y-%m}")
    return last_day(f"{earlier:%Y-%m}") if is_last else earlier.date()


def one_step_before(incidents: pd.DataFrame, as_of: date) -> date:
    """Return the day one reporting step before `as_of`: a month if incidents have only a month, else a week."""
    return months_before(as_of, 1) if is_month_only(incidents) else as_of - timedelta(days=7)


def quarter_before(as_of: date) -> date:
    """Return the last day of the calendar quarter before that of a day.

    Examples
    --------
    >>> quarter_before(date(2025, 9, 30)), quarter_before(date(2025, 1, 1))
    (datetime.date(2025, 6, 30), datetime.date(2024, 12, 31))
    """
    return as_of.replace(month=3 * ((as_of.month - 1) // 3) + 1, day=1) - timedelta(days=1)


def month_of_window(incidents: pd.DataFrame, window: Window) -> pd.Series:
    """Return the month of the window of each incident, 0 the first; months end with the window's last day."""
    count = max(window.length_months, 1)
    ends = [pd.Timestamp(window.end) - pd.DateOffset(months=back) for back in range(count - 1, 0, -1)]
    starts = days_of(incidents)["starts"].to_numpy("datetime64[us]")
    month = np.searchsorted(np.array(ends, dtype="datetime64[us]"), starts, side="right")
    return pd.Series(month, index=incidents.index, name="window_month", dtype="int64")
