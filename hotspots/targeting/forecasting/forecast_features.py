"""What the past says about each spot: recorded incidents, faded with age and spread over the spots around.

Every term hands out a rate, incidents per step, and keeps its total: spreading moves incidents, it makes none. So
terms can be added, and each one's share of what is expected can be told in words.
"""

from dataclasses import dataclass, field
from itertools import count, takewhile

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from hotspots import neighbour_graph

# A kernel ends at this many bandwidths: what lies beyond weighs less than an eighth of what is near.
REACH = 2.0
YEAR_DAYS = 365.25
# What "lately" means: three months, or thirteen weeks.
RECENT_DAYS = 90.5


@dataclass(frozen=True)
class Term:
    """One thing that the past says.

    Attributes
    ----------
    words
        As in "of 100 expected incidents, 41 come from ...".
    part
        What readers of the score see it as: `recent`, `earlier` or `nearby`.
    kind
        Counts the `family`'s incidents, those of all `others`, or every mapped `place` alike.
    since_days
        Only incidents of so many last days count.
    half_life_days
        Age at which an incident counts half.
    spread_m
        Bandwidth over which each incident is shared out; 0 leaves it where it is.
    """

    words: str
    part: str
    kind: str = "family"
    since_days: float = np.inf
    half_life_days: float = 730.0
    spread_m: float = 0.0


TERMS = (
    Term("incidents at the same spot lately", "recent", since_days=RECENT_DAYS),
    Term("incidents at the same spot over the whole record", "earlier"),
    Term("incidents within some 100 m lately", "nearby", since_days=RECENT_DAYS, spread_m=100.0),
    Term("incidents within some 100 m", "nearby", spread_m=100.0),
    Term("incidents within some 200 m", "nearby", spread_m=200.0),
    Term("incidents within some 400 m", "nearby", spread_m=400.0),
    Term("incidents within some 800 m", "nearby", spread_m=800.0),
    Term("other crime at the same spot", "nearby", "others"),
    Term("other crime within some 200 m", "nearby", "others", spread_m=200.0),
    Term("streets with any recorded crime, all alike", "nearby", "place"),
)
REACH_M = REACH * max(term.spread_m for term in TERMS)


@dataclass(frozen=True)
class Past:
    """Counts by spot and step back, and who is near whom.

    Attributes
    ----------
    family, others
        n spots by steps back, the latest first: incidents of the family, and of all other types that count.
    observed
        Whether each step back has data; the others say nothing.
    step_days
        Length of a step.
    distances
        n by n neighbour graph (`neighbour_graph.graph`) that reaches `REACH_M`.
    terms
        What is asked of the past.
    kernels
        For each bandwidth the n by n weights between spots.
    told
        Features worked out already, by origin.
    """

    family: NDArray
    others: NDArray
    observed: NDArray
    step_days: int
    distances: sparse.csr_matrix
    terms: tuple[Term, ...]
    kernels: dict[float, sparse.csr_matrix]
    told: dict[int, tuple[NDArray, NDArray]] = field(default_factory=dict, repr=False, compare=False)

    def steps(self, days: float) -> int:
        """Whole steps in so many days, at least one."""
        return max(1, round(days / self.step_days))

    @property
    def year(self) -> int:
        """Steps of a year."""
        return self.steps(YEAR_DAYS)


def past(
    family: NDArray, others: NDArray, observed: NDArray, step_days: int, distances: sparse.csr_matrix,
    terms: tuple[Term, ...] = TERMS,
) -> Past:  # fmt: skip
    """The past ready for its terms; tables of unequal length are filled up with steps without data.

    Parameters
    ----------
    family, others, observed, step_days, distances, terms
        As in `Past`.
    """
    width = max(family.shape[1], others.shape[1], len(observed))
    wide = [np.pad(counts.astype(float), ((0, 0), (0, width - counts.shape[1]))) for counts in (family, others)]
    seen = np.pad(np.asarray(observed, bool), (0, width - len(observed)))
    bandwidths = sorted({term.spread_m for term in terms} - {0.0})
    kernels = {metres: _kernel(distances, metres) for metres in bandwidths}
    return Past(wide[0] * seen, wide[1] * seen, seen, step_days, distances, terms, kernels)


def features(past: Past, origin: int) -> tuple[NDArray, NDArray]:
    """What each term says of each spot at a moment in the past, from nothing later; and which spots were known.

    Parameters
    ----------
    past
        Counts by spot and step.
    origin
        Steps back; 0 is now. Steps from this number on are the past, those below it the future.

    Returns
    -------
    features
        n spots by terms, incidents of the term per step.
    is_known
        Spots with any record by then.
    """
    if origin not in past.told:
        is_known = (past.family[:, origin:].sum(axis=1) + past.others[:, origin:].sum(axis=1)) > 0
        said = np.column_stack([_rate(past, term, origin, is_known) for term in past.terms])
        for metres, kernel in past.kernels.items():
            chosen = [number for number, term in enumerate(past.terms) if term.spread_m == metres]
            said[:, chosen] = _spread(kernel, said[:, chosen], is_known)
        past.told[origin] = said, is_known
    return past.told[origin]


def season_steps(past: Past, origin: int, steps: int) -> list[NDArray]:
    """For each earlier year the steps back of the same season as the `steps` that follow `origin`."""
    years = takewhile(lambda start: start < len(past.observed), (origin + number * past.year for number in count(1)))
    return [np.arange(max(start - steps, origin), start) for start in years]


def _rate(past: Past, term: Term, origin: int, is_known: NDArray) -> NDArray:
    """Incidents per step of one term at each spot, not yet spread."""
    if term.kind == "place":
        return is_known.astype(float)
    counts = past.others if term.kind == "others" else past.family
    age = (np.arange(len(past.observed)) - origin) * past.step_days
    is_counted = (age >= 0) & (age < term.since_days) & past.observed
    weight = np.where(is_counted, 0.5 ** (np.maximum(age, 0) / term.half_life_days), 0.0)
    return counts @ (weight / (weight.sum() or 1.0))


def _spread(kernel: sparse.csr_matrix, rates: NDArray, is_known: NDArray) -> NDArray:
    """Each spot's rates shared out over the known spots around it, the near ones getting most; totals are kept."""
    around = kernel @ is_known.astype(float)
    return (kernel @ (rates / np.maximum(around, 1.0)[:, None])) * is_known[:, None]


def _kernel(distances: sparse.csr_matrix, bandwidth_m: float) -> sparse.csr_matrix:
    """Gaussian weights that end at `REACH` bandwidths."""
    return neighbour_graph.kernel(neighbour_graph.cut(distances, REACH * bandwidth_m), bandwidth_m)
