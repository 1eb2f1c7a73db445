"""What changed in the record: a team's last three whole months beside the three before, from public figures alone.

Nothing is counted here. Every number is a sum of figures that stand in the public table, and every word follows from
such sums, so that a reader who has the table learns nothing that it does not say. Where a month of the six is withheld,
missing or left out, nothing is told.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special

from hotspots.reporting import formatting
from hotspots.reporting.public.public_figures import PublicFigures

MONTHS = 3
SAME = "about the same"
UNCLEAR = "no clear change"
# A change that chance alone brings less often than once in a hundred is called one.
_SURE = float(special.ndtri(0.995))
# So small a share is no change to anybody; between it and what is sure nobody can say.
_ALIKE = 0.1
# Rounding to the nearest 5 adds -2 to 2, each as likely: a variance of 2 for every figure.
_ROUNDING = 2.0
# Of a single area nobody can tell how much months scatter; counts of ASB and burglary scatter more than they must.
_PLAIN_SCATTER = 1.5


@dataclass(frozen=True, kw_only=True)
class RecordChange:
    """One family in one team's area, as sums of public figures.

    Parameters
    ----------
    after, before : int
        Of the last three whole months, and of the three before.
    periods : (str, str)
        Both in words.
    change : str
        "fewer" or "more" beyond what chance may well do; else "about the same", or, where the figures differ by more
        than a tenth, "no clear change".
    is_everywhere : bool
        Whether the rest of the force changed alike.
    """

    after: int
    before: int
    periods: tuple[str, str]
    change: str
    is_everywhere: bool

    @property
    def said(self) -> str:
        """In words."""
        now, then = (
            f"about {n:,} in {period}" for n, period in zip((self.after, self.before), self.periods, strict=True)
        )
        return f"{now}, {then}: {self.change}{self._also}"

    @property
    def in_short(self) -> str:
        """The same for a message."""
        against = {SAME: f"{SAME} as in", UNCLEAR: f"{UNCLEAR} from"}.get(self.change, f"{self.change} than in")
        return f"about {self.after:,} in {self.periods[0]}, {against} the three months before (about {self.before:,})"

    @property
    def _also(self) -> str:
        """What the word alone would leave open."""
        if self.change == UNCLEAR:
            return ", since chance may well bring such a difference"
        return ", as in the rest of the force" if self.is_everywhere else ""


def changes(public: PublicFigures) -> dict[tuple[str, str], RecordChange]:
    """What changed, by area and family, where the public figures tell all six months."""
    months = public.months[-2 * MONTHS :]
    if len(months) < 2 * MONTHS:
        return {}
    found = {}
    for family, held in public.figures.groupby("family", sort=True, observed=True):
        known = held.astype({"figure": "float64"}).pivot_table("figure", "area", "month", "sum", observed=True)
        known = known.mask(known == 0).reindex(columns=public.months).sort_index()
        wide, scatter = known[months].dropna(), _scatter(known)
        sums = pd.DataFrame({"before": wide[months[:MONTHS]].sum(axis=1), "after": wide[months[MONTHS:]].sum(axis=1)})
        for area, own in sums.iterrows():
            found[str(area), str(family)] = _compare(own, sums.drop(index=area).sum(), scatter, months)
    return found


def _compare(own: pd.Series, rest: pd.Series, scatter: float, months: list[str]) -> RecordChange:
    """One area's sums beside the rest's."""
    change, of_rest = (word_of(sums["after"], sums["before"], figures=MONTHS, scatter=scatter) for sums in (own, rest))
    is_alike = change in ("more", "fewer") and change == of_rest and not _differs(own, rest, scatter)
    return RecordChange(
        after=int(own["after"]),
        before=int(own["before"]),
        periods=(formatting.months(months[MONTHS], months[-1]), formatting.months(months[0], months[MONTHS - 1])),
        change=change,
        is_everywhere=is_alike,
    )


def word_of(after: float, before: float, *, figures: int, scatter: float = 1.0) -> str:
    """A difference in a word: "more" or "fewer" beyond chance, else "about the same" or "no clear change".

    Parameters
    ----------
    after, before
        Sums of published figures.
    figures
        How many rounded figures each sum is of.
    scatter
        How much more than plain counts they vary.

    Examples
    --------
    >>> [word_of(after, 50, figures=1) for after in (90, 65, 55, 15)]
    ['more', 'no clear change', 'about the same', 'fewer']
    """
    spread = np.sqrt(scatter * (after + before) + 2 * figures * _ROUNDING)
    if abs(after - before) > _SURE * spread:
        return "more" if after > before else "fewer"
    return SAME if abs(after - before) <= _ALIKE * before else UNCLEAR


def _differs(own: pd.Series, rest: pd.Series, scatter: float) -> bool:
    """Whether the ratio of after to before is surely another than the rest's."""
    both = np.log([own["after"] / own["before"], rest["after"] / rest["before"]])
    spread = np.sqrt(scatter * sum(1 / sums[name] for sums in (own, rest) for name in ("after", "before")))
    return bool(abs(both[0] - both[1]) > _SURE * spread)


def _scatter(figures: pd.DataFrame) -> float:
    """How much more the figures of areas and months scatter than counts must: 1, or the mean square of what is left.

    Within each three months what an area and a month have of their own is taken off, so that no change between them
    is taken for scatter.
    """
    squares, free = 0.0, 0
    for end in range(figures.shape[1], MONTHS - 1, -MONTHS):
        block = figures.iloc[:, end - MONTHS : end].dropna().to_numpy()
        if len(block) > 1:
            expected = np.outer(block.sum(axis=1), block.sum(axis=0)) / block.sum()
            squares += float(((block - expected) ** 2 / (expected + _ROUNDING)).sum())
            free += (len(block) - 1) * (MONTHS - 1)
    return max(squares / free, 1.0) if free else _PLAIN_SCATTER
