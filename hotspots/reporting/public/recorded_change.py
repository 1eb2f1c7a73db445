"""Compare a team's recorded incidents of a quarter with those of the quarter before, from public figures only.

Every number is a sum of published figures, and every conclusion follows from such sums, so nothing is disclosed beyond
the published table. If any of the six months is withheld, missing or excluded, there is no comparison.
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
# A change is significant if chance alone would make one as large in fewer than 1 in 100 cases.
_SIGNIFICANT_Z = float(special.ndtri(0.995))
# A difference up to this share is "about the same"; between it and significance the change is unclear.
_SAME_SHARE = 0.1
# Rounding to the nearest 5 adds -2 to 2 with equal probability: a variance of 2 per figure.
_ROUNDING_VARIANCE = 2.0
# Overdispersion assumed for a single area, where it cannot be estimated.
_DEFAULT_DISPERSION = 1.5


@dataclass(frozen=True, kw_only=True)
class RecordChange:
    """Change of one family in one team's area, as sums of public figures.

    Parameters
    ----------
    after, before : int
        Sums of the quarter, and of the one before.
    periods : (str, str)
        Both periods in words.
    change : str
        "fewer" or "more" if significant; else "about the same" or, if the sums differ by more than a tenth, "no clear
        change".
    is_everywhere : bool
        Whether the rest of the force changed in the same way.
    """

    after: int
    before: int
    periods: tuple[str, str]
    change: str
    is_everywhere: bool

    @property
    def in_full(self) -> str:
        """The change in words."""
        after, before = (
            f"about {n:,} in {period}" for n, period in zip((self.after, self.before), self.periods, strict=True)
        )
        return f"{after}, {before}: {self.change}{self._explanation}"

    @property
    def in_short(self) -> str:
        """The change in words for a short message, which names the quarter before it."""
        against = {SAME: f"{SAME} as in", UNCLEAR: f"{UNCLEAR} from"}.get(self.change, f"{self.change} than in")
        return f"about {self.after:,}, {against} the quarter before (about {self.before:,})"

    @property
    def _explanation(self) -> str:
        """Explanation that follows the change."""
        if self.change == UNCLEAR:
            return ", as the difference may be due to chance"
        return ", as in the rest of the force" if self.is_everywhere else ""


def changes(public: PublicFigures, quarter: pd.Period) -> dict[tuple[str, str], RecordChange]:
    """Return the changes since the quarter before, by area and family, where all six months are published."""
    months = [str(month) for month in pd.period_range(end=quarter.asfreq("M", "end"), periods=2 * MONTHS)]
    found = {}
    for family, figures in public.figures.groupby("family", sort=True, observed=True):
        known = figures.astype({"figure": "float64"}).pivot_table("figure", "area", "month", "sum", observed=True)
        known = known.mask(known == 0).reindex(columns=public.months).sort_index()
        wide, dispersion = known[months].dropna(), _dispersion(known)
        sums = pd.DataFrame({"before": wide[months[:MONTHS]].sum(axis=1), "after": wide[months[MONTHS:]].sum(axis=1)})
        for area, own in sums.iterrows():
            found[str(area), str(family)] = _compare(own, sums.drop(index=area).sum(), dispersion, months)
    return found


def _compare(own: pd.Series, rest: pd.Series, dispersion: float, months: list[str]) -> RecordChange:
    """Compare the sums of one area with those of the rest."""
    change, change_of_rest = (
        describe_change(sums["after"], sums["before"], figures=MONTHS, dispersion=dispersion) for sums in (own, rest)
    )
    is_same = change in ("more", "fewer") and change == change_of_rest and not _differs(own, rest, dispersion)
    return RecordChange(
        after=int(own["after"]),
        before=int(own["before"]),
        periods=(formatting.months(months[MONTHS], months[-1]), formatting.months(months[0], months[MONTHS - 1])),
        change=change,
        is_everywhere=is_same,
    )


def describe_change(after: float, before: float, *, figures: int, dispersion: float = 1.0) -> str:
    """Return "more" or "fewer" for a significant change, else "about the same" or "no clear change".

    Parameters
    ----------
    after, before
        Sums of published figures.
    figures
        Number of rounded figures in each sum.
    dispersion
        Overdispersion relative to Poisson counts.

    Examples
    --------
    >>> [describe_change(after, 50, figures=1) for after in (90, 65, 55, 15)]
    ['more', 'no clear change', 'about the same', 'fewer']
    """
    error = np.sqrt(dispersion * (after + before) + 2 * figures * _ROUNDING_VARIANCE)
    if abs(after - before) > _SIGNIFICANT_Z * error:
        return "more" if after > before else "fewer"
    return SAME if abs(after - before) <= _SAME_SHARE * before else UNCLEAR


def _differs(own: pd.Series, rest: pd.Series, dispersion: float) -> bool:
    """Return whether the ratio of after to before differs significantly from that of the rest."""
    both = np.log([own["after"] / own["before"], rest["after"] / rest["before"]])
    error = np.sqrt(dispersion * sum(1 / sums[name] for sums in (own, rest) for name in ("after", "before")))
    return bool(abs(both[0] - both[1]) > _SIGNIFICANT_Z * error)


def _dispersion(figures: pd.DataFrame) -> float:
    """Return the overdispersion of figures: the mean squared residual relative to Poisson counts, at least 1.

    Area and month effects are removed within each three months, so that changes between them do not count.
    """
    squares, free = 0.0, 0
    for end in range(figures.shape[1], MONTHS - 1, -MONTHS):
        block = figures.iloc[:, end - MONTHS : end].dropna().to_numpy()
        if len(block) > 1:
            expected = np.outer(block.sum(axis=1), block.sum(axis=0)) / block.sum()
            squares += float(((block - expected) ** 2 / (expected + _ROUNDING_VARIANCE)).sum())
            free += (len(block) - 1) * (MONTHS - 1)
    return max(squares / free, 1.0) if free else _DEFAULT_DISPERSION
