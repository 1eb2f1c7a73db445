"""Disclosure control: what of a count may leave the force, and in which words.

Everything under `public/` goes through here. The rules:

- Only whole calendar months are counted, as they were known on the last day of the latest finished one
  (`public_day`, `known_on`): every run of the weeks after it publishes the same figures.
- A count under 5, nought among them, is withheld; any other is rounded to the nearest 5.
- Where a single count of a group is withheld, the next smallest is too, under the same word (`protect`): a total
  that somebody else publishes then gives neither away.
- No total is counted for itself. `add_up` adds what is shown, so that a total says nothing that its parts do not.
- Cells do not overlap: each incident stands in one cell of one table, in every run of any day. Where a whole must be
  told beside its parts, its figure goes through `whole_of`.

Why that is enough: a reader knows of each cell only an interval, 5 to 7, 8 to 12, 13 to 17, ..., or 0 to at least 4,
and nothing ties the cells to one another. None of these lies within 1 to 4, and the difference of two cells, or of
one cell in two runs, has an interval at least 4 wide, which 1 to 4 cannot hold; more cells only make it wider. So a
month that is revised at the source needs no special care. The tests solve the linear system.

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
        Columns that make a group whose true total may be known elsewhere, a month and a family say. Where one cell
        alone of a group is withheld, the smallest of the others is withheld with it (of equals the first line).

    Returns
    -------
    DataFrame
        The same lines and index, with `figure` (Int64, missing where withheld) and `shown` ("25" or "withheld").
    """
    is_small = counts["count"] < LEAST
    group = counts.groupby(list(within), observed=True, sort=False).ngroup() if within else is_small * 0
    alone = is_small.groupby(group).transform("sum") == 1
    others = counts["count"].where(alone & ~is_small).dropna()
    second = others.groupby(group.loc[others.index]).idxmin()
    is_withheld = is_small | counts.index.isin(second)
    figure = pd.Series([rounded(count) for count in counts["count"]], index=counts.index, dtype="Int64")
    figure = figure.mask(is_withheld)
    shown = [WITHHELD if pd.isna(value) else f"{value:,}" for value in figure]
    return counts.drop(columns="count").assign(figure=figure, shown=pd.Series(shown, index=counts.index, dtype="str"))


def whole_of(figure: int, parts: pd.Series) -> int:
    """The figure of a whole whose parts are published beside it, moved where it would tell too much of them.

    A rounded whole is a band for the sum of its parts. Near its end the band narrows the parts: three withheld ones
    that together come to at least 11 are known to be 3 or 4 each. The figure then moves to the nearest multiple of 5
    at which every withheld part may still be nought and no other is known closer than to 2. What it moves to says only
    that the whole is at least, or at most, about as much.

    Parameters
    ----------
    figure : int
        Of the whole, as `rounded` gives it.
    parts : Series
        Figures of all its parts, missing where withheld; protected as a group of their own.
    """
    shown, hidden = parts.dropna().astype("int64"), int(parts.isna().sum())
    low = int(shown.clip(lower=LEAST + 2).sum()) - 2 * len(shown)
    high = int(shown.sum()) + 2 * len(shown) + (LEAST - 1) * hidden
    if hidden == 2:  # one of them may be withheld for the other's sake, up to the smallest that is shown
        if shown.empty:
            return figure
        high += int(shown.min()) + 2 - (LEAST - 1)
    least_room = LEAST - 1 if hidden > 2 else 2
    highest, lowest = (high - least_room + 2) // BASE * BASE, -(-low // BASE) * BASE
    return int(min(max(figure, lowest), highest))


def add_up(figures: pd.Series) -> str:
    """What figures that are shown come to, and how many are missing from it.

    Examples
    --------
    >>> add_up(pd.Series([25, 10, None], dtype="Int64"))
    '35, and 1 withheld'
    """
    missing = int(figures.isna().sum())
    if missing == len(figures):
        return WITHHELD
    return f"{int(figures.sum()):,}" + (f", and {missing:,} withheld" if missing else "")
