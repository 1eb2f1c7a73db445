"""Disclosure control: what of a count may leave the force, and in which words.

Everything under `public/` goes through here. The rules:

- Only whole calendar months are counted, as they were known on the last day of the latest finished one
  (`public_day`, `known_on`): every run of the weeks after it publishes the same figures.
- A count under 5, nought among them, is withheld; any other is rounded to the nearest 5.
- Beside one of those a count of exactly 5 is withheld too, under the same word (`protect`), so that "withheld" never
  means "surely below 5"; and where a single one of a group is withheld, so is the next smallest.
- No total is counted for itself: a total adds the figures that are shown, so that it says nothing more than they do.
- Cells of one table do not overlap. A whole may be told beside its parts, in the same run or in another: a team beside
  its parishes, a force beside the wards that were given a week later.

Why that is enough: a reader knows of each cell only an interval: 5 to 7 (6 to 7 beside a withheld one), 8 to 12,
13 to 17, ..., or 0 to at least 5. None of these lies within 1 to 4, nor does the interval of a difference of two of
them. Of a part beside its whole he knows in addition what the whole leaves for it, an interval at least 4 wide: where
that begins at 1 or more it reaches to 5 or more, which the part may be. More cells, or counts that were revised
between two runs, only make the intervals wider. The tests solve the linear system.

How to use it: count by cells that do not overlap, with a line for *every* cell, counts of nought too; `protect` them;
show `shown`, never the count. For a single figure in a sentence, take `in_words`. Leave out free text, points,
addresses, and whatever is named, left out or ordered by a small count.
"""

from collections.abc import Sequence
from datetime import date, timedelta

import pandas as pd

from hotspots import period

LEAST = 5
BASE = 5
WITHHELD = "withheld"


def public_day(as_of: date) -> date:
    """Last day of the latest calendar month that is over on a day: what public figures reach to.

    Examples
    --------
    >>> public_day(date(2026, 3, 29)), public_day(date(2026, 2, 28))
    (datetime.date(2026, 2, 28), datetime.date(2026, 2, 28))
    """
    is_last = (as_of + timedelta(days=1)).day == 1
    return as_of if is_last else as_of.replace(day=1) - timedelta(days=1)


def known_on(rows: pd.DataFrame, day: date, written: str = "recorded_at") -> pd.DataFrame:
    """The rows that were written down by the end of a day; those without a time of writing are all kept."""
    at = rows[written]
    return rows[at.isna() | (at < pd.Timestamp(day + timedelta(days=1)))]


def public_months(as_of: date, months: int) -> list[str]:
    """The whole months, YYYY-MM, that public figures of a day cover: so many that end with `public_day`."""
    return period.evidence_window(public_day(as_of), months).months


def rounded(count: int) -> int | None:
    """The nearest multiple of 5; None where the count is withheld.

    Examples
    --------
    >>> [rounded(count) for count in (0, 4, 5, 7, 8)]
    [None, None, 5, 5, 10]
    """
    return None if count < LEAST else (int(count) + BASE // 2) // BASE * BASE


def in_words(count: int) -> str:
    """A single count for a sentence: "fewer than 5", "about 25".

    Examples
    --------
    >>> in_words(0), in_words(23)
    ('fewer than 5', 'about 25')
    """
    figure = rounded(count)
    return f"fewer than {LEAST}" if figure is None else f"about {figure:,}"


def protect(counts: pd.DataFrame, within: Sequence[str] = ()) -> pd.DataFrame:
    """A table of counts as it may be published: `count` gives way to `figure` and `shown`.

    Parameters
    ----------
    counts : DataFrame
        One line a cell, nought among them, with the integer column `count`; cells must not overlap.
    within : sequence of str
        Columns that make a group whose true total may be known elsewhere, a month and a family say. Where a cell of a
        group is below 5, those of exactly 5 are withheld with it, and where it is alone even so, the smallest of the
        others (of equals the first line).

    Returns
    -------
    DataFrame
        The same lines and index, with `figure` (Int64, missing where withheld) and `shown` ("25" or "withheld").
    """
    is_small = counts["count"] < LEAST
    group = counts.groupby(list(within), observed=True, sort=False).ngroup() if within else is_small * 0
    is_least = (counts["count"] <= LEAST) & is_small.groupby(group).transform("any")
    alone = is_least.groupby(group).transform("sum") == 1
    others = counts["count"].where(alone & ~is_least).dropna()
    second = others.groupby(group.loc[others.index]).idxmin()
    is_withheld = is_least | counts.index.isin(second)
    figure = pd.Series([rounded(count) for count in counts["count"]], index=counts.index, dtype="Int64")
    figure = figure.mask(is_withheld)
    shown = [WITHHELD if pd.isna(value) else f"{value:,}" for value in figure]
    return counts.drop(columns="count").assign(figure=figure, shown=pd.Series(shown, index=counts.index, dtype="str"))
