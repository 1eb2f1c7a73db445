"""Disclosure control: round and withhold counts so that nobody can be identified.

All figures under `public/` are protected here. The rules:

- Only whole calendar months are counted, as known on the last day of the latest complete month (`public_day`,
  `known_on`), so every run of the following weeks publishes the same figures.
- Counts below 5, including 0, are withheld; all others are rounded to the nearest 5.
- If a group has a withheld count, its counts of exactly 5 are withheld too (`protect`), so "withheld" does not prove
  a count below 5. If only one count of a group is withheld, the next smallest is withheld as well.
- Totals are sums of the published figures, so they disclose nothing more.
- Cells of one table do not overlap. A whole may be published beside its parts, in the same run or a later one: a team
  beside its parishes, or a force beside its wards.

Why this is sufficient: a reader knows only an interval for each cell: 5 to 7 (6 to 7 beside a withheld cell), 8 to 12,
13 to 17, ..., or 0 to at least 5. No interval, and no interval of a difference between two cells, lies within 1 to 4.
For a part, the whole gives a second interval at least 4 wide: if it starts at 1 or more it reaches 5 or more, which
the part may be. More cells, and counts revised between runs, only widen the intervals. The tests solve the linear
system.

To use it: count cells that do not overlap, with a row for *every* cell, including counts of 0; call `protect`; publish
`shown`, never the count. For a single figure in a sentence call `in_words`. Do not publish free text, points or
addresses, or anything that is named, omitted or sorted by a small count.
"""

from collections.abc import Sequence
from datetime import date, timedelta

import pandas as pd

from hotspots import period

MIN_COUNT = 5
BASE = 5
WITHHELD = "withheld"


def public_day(as_of: date) -> date:
    """Return the last day of the latest complete calendar month, the end of public figures.

    Examples
    --------
    >>> public_day(date(2026, 3, 29)), public_day(date(2026, 2, 28))
    (datetime.date(2026, 2, 28), datetime.date(2026, 2, 28))
    """
    is_last = (as_of + timedelta(days=1)).day == 1
    return as_of if is_last else as_of.replace(day=1) - timedelta(days=1)


def known_on(rows: pd.DataFrame, day: date, recorded: str = "recorded_at") -> pd.DataFrame:
    """Return the rows recorded by the end of a day; rows without a time of recording are kept."""
    at = rows[recorded]
    return rows[at.isna() | (at < pd.Timestamp(day + timedelta(days=1)))]


def public_months(as_of: date, months: int) -> list[str]:
    """Return the whole months, YYYY-MM, that public figures of a day cover."""
    return period.evidence_window(public_day(as_of), months).months


def rounded(count: int) -> int | None:
    """Return the nearest multiple of 5; None if the count is withheld.

    Examples
    --------
    >>> [rounded(count) for count in (0, 4, 5, 7, 8)]
    [None, None, 5, 5, 10]
    """
    return None if count < MIN_COUNT else (int(count) + BASE // 2) // BASE * BASE


def in_words(count: int) -> str:
    """Return a single count for a sentence: "fewer than 5", "about 25".

    Examples
    --------
    >>> in_words(0), in_words(23)
    ('fewer than 5', 'about 25')
    """
    figure = rounded(count)
    return f"fewer than {MIN_COUNT}" if figure is None else f"about {figure:,}"


def protect(counts: pd.DataFrame, within: Sequence[str] = ()) -> pd.DataFrame:
    """Return a table of counts for publication, with `figure` and `shown` in place of `count`.

    Parameters
    ----------
    counts : DataFrame
        One row per cell, including cells of 0, with the integer column `count`; cells must not overlap.
    within : sequence of str
        Columns that define groups whose true total may be known elsewhere, such as month and family. If a cell of a
        group is below 5, cells of exactly 5 are withheld too; if it is still the only one, the next smallest is
        withheld (the first row if several are equal).

    Returns
    -------
    DataFrame
        The same rows and index, with `figure` (Int64, missing if withheld) and `shown` ("25" or "withheld").
    """
    is_small = counts["count"] < MIN_COUNT
    group = counts.groupby(list(within), observed=True, sort=False).ngroup() if within else is_small * 0
    is_lowest = (counts["count"] <= MIN_COUNT) & is_small.groupby(group).transform("any")
    alone = is_lowest.groupby(group).transform("sum") == 1
    others = counts["count"].where(alone & ~is_lowest).dropna()
    second = others.groupby(group.loc[others.index]).idxmin()
    is_withheld = is_lowest | counts.index.isin(second)
    figure = pd.Series([rounded(count) for count in counts["count"]], index=counts.index, dtype="Int64")
    figure = figure.mask(is_withheld)
    shown = [WITHHELD if pd.isna(value) else f"{value:,}" for value in figure]
    return counts.drop(columns="count").assign(figure=figure, shown=pd.Series(shown, index=counts.index, dtype="str"))
