"""Features of the forecast: past counts of each spot, weighted by age and smoothed over the spots around it.

Every feature is a rate, incidents per step, and smoothing keeps its total. So features can be added, and the share of
each in the expected incidents can be reported.
"""

from dataclasses import dataclass, field, replace
from itertools import count, takewhile

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from hotspots import neighbour_graph

# Bandwidths at which a kernel is cut off: weights beyond are less than an eighth of the largest.
TRUNCATE = 2.0
YEAR_DAYS = 365.25
# Length of "recent": three months, or thirteen weeks.
RECENT_DAYS = 90.5


@dataclass(frozen=True)
class Term:
    """One feature of the forecast.

    Attributes
    ----------
    label
        Description, as in "of 100 expected incidents, 41 come from ...".
    part
        Part of the score it counts towards: `recent`, `earlier` or `nearby`.
    kind
        What is counted: incidents of the `family`, of all `others`, or each mapped `place` once.
    max_age_days
        Older incidents are not counted.
    half_life_days
        Age at which an incident counts half.
    bandwidth_m
        Bandwidth of the smoothing, metres; 0 for none.
    """

    label: str
    part: str
    kind: str = "family"
    max_age_days: float = np.inf
    half_life_days: float = 730.0
    bandwidth_m: float = 0.0


TERMS = (
    Term("recent incidents at the same spot", "recent", max_age_days=RECENT_DAYS),
    Term("all past incidents at the same spot", "earlier"),
    Term("recent incidents within about 100 m", "nearby", max_age_days=RECENT_DAYS, bandwidth_m=100.0),
    Term("all past incidents within about 100 m", "nearby", bandwidth_m=100.0),
    Term("all past incidents within about 200 m", "nearby", bandwidth_m=200.0),
    Term("all past incidents within about 400 m", "nearby", bandwidth_m=400.0),
    Term("all past incidents within about 800 m", "nearby", bandwidth_m=800.0),
    Term("other crime at the same spot", "nearby", "others"),
    Term("other crime within about 200 m", "nearby", "others", bandwidth_m=200.0),
    Term("an equal share for every street with recorded crime", "nearby", "place"),
)
MAX_DISTANCE_M = TRUNCATE * max(term.bandwidth_m for term in TERMS)


@dataclass(frozen=True)
class PastCounts:
    """Past incidents by spot and step, and the distances between spots.

    Attributes
    ----------
    family, others
        n spots by steps back, the latest first: incidents of the family, and of all other types that count.
    observed
        Whether each step back has data.
    step_days
        Length of a step.
    distances
        n by n neighbour graph (`neighbour_graph.graph`) up to `MAX_DISTANCE_M`.
    kernels
        n by n weights between spots, by bandwidth.
    cache
        Features computed so far, by origin.
    """

    family: NDArray[np.float64]
    others: NDArray[np.float64]
    observed: NDArray[np.bool_]
    step_days: int
    distances: sparse.csr_matrix
    kernels: dict[float, sparse.csr_matrix]
    cache: dict[int, tuple[NDArray[np.float64], NDArray[np.bool_]]] = field(
        default_factory=dict, repr=False, compare=False
    )

    def steps(self, days: float) -> int:
        """Return the number of whole steps in a number of days, at least one."""
        return max(1, round(days / self.step_days))

    @property
    def year(self) -> int:
        """Number of steps in a year."""
        return self.steps(YEAR_DAYS)

    def with_counts(
        self, family: NDArray[np.int64], others: NDArray[np.int64], observed: NDArray[np.bool_]
    ) -> "PastCounts":
        """Return the same spots with other counts; shorter tables are padded with steps without data."""
        width = max(family.shape[1], others.shape[1], len(observed))
        wide = [np.pad(counts.astype(float), ((0, 0), (0, width - counts.shape[1]))) for counts in (family, others)]
        seen = np.pad(np.asarray(observed, bool), (0, width - len(observed)))
        return replace(self, family=wide[0] * seen, others=wide[1] * seen, observed=seen, cache={})


def prepare_counts(
    family: NDArray[np.int64], others: NDArray[np.int64], observed: NDArray[np.bool_], step_days: int,
    distances: sparse.csr_matrix,
) -> PastCounts:  # fmt: skip
    """Return `PastCounts` with their kernels; shorter tables are padded with steps without data."""
    bandwidths = sorted({term.bandwidth_m for term in TERMS} - {0.0})
    near = {metres: neighbour_graph.within_radius(distances, TRUNCATE * metres) for metres in bandwidths}
    kernels = {metres: neighbour_graph.kernel(graph, metres) for metres, graph in near.items()}
    nothing = np.empty((family.shape[0], 0))
    spots = PastCounts(nothing, nothing, np.empty(0, bool), step_days, distances, kernels)
    return spots.with_counts(family, others, observed)


def features(past: PastCounts, origin: int) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return the features of each spot at a forecast origin, computed from nothing later.

    Parameters
    ----------
    past
        Counts by spot and step.
    origin
        Steps back; 0 is now. Steps from this number on are the past, those below it the future.

    Returns
    -------
    features
        n spots by terms, incidents per step.
    is_known
        Whether each spot had any record by then.
    """
    if origin not in past.cache:
        is_known = (past.family[:, origin:].sum(axis=1) + past.others[:, origin:].sum(axis=1)) > 0
        values = np.column_stack([_rate(past, term, origin, is_known) for term in TERMS])
        for metres, kernel in past.kernels.items():
            columns = [number for number, term in enumerate(TERMS) if term.bandwidth_m == metres]
            values[:, columns] = _smooth(kernel, values[:, columns], is_known)
        past.cache[origin] = values, is_known
    return past.cache[origin]


def season_steps(past: PastCounts, origin: int, steps: int) -> list[NDArray[np.int64]]:
    """Return, for each earlier year, the steps back of the same season as the `steps` that follow `origin`."""
    years = takewhile(lambda start: start < len(past.observed), (origin + number * past.year for number in count(1)))
    return [np.arange(max(start - steps, origin), start) for start in years]


def _rate(past: PastCounts, term: Term, origin: int, is_known: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the incidents per step of one term at each spot, before smoothing."""
    if term.kind == "place":
        return is_known.astype(float)
    counts = past.others if term.kind == "others" else past.family
    age = (np.arange(len(past.observed)) - origin) * past.step_days
    is_counted = (age >= 0) & (age < term.max_age_days) & past.observed
    weight = np.where(is_counted, 0.5 ** (np.maximum(age, 0) / term.half_life_days), 0.0)
    return np.asarray(counts @ (weight / (weight.sum() or 1.0)), float)


def _smooth(kernel: sparse.csr_matrix, rates: NDArray[np.float64], is_known: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the rates smoothed over the known spots around each spot; totals are kept."""
    around = kernel @ is_known.astype(float)
    return np.asarray((kernel @ (rates / np.maximum(around, 1.0)[:, None])) * is_known[:, None], float)
