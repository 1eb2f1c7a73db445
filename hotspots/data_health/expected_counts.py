"""What each month of a series would be by the other months, and how far chance lets it stray.

A series is the logarithm of a ratio of counts: ASB against all other types, a district against the rest of the
force. It is taken as a level that drifts a little from month to month, a yearly wave, and a scatter beyond that of
counting; all that is Gaussian, so the expectation of every month from all the others has a closed form (kriging,
leave-one-out), copes with gaps, and grows wide by itself where months are few or far away. Months that are out of
line are taken out one by one, worst first, so that they do not spoil what is expected of the others.

The latest month has only its past to be judged by; earlier ones are judged by both sides.

References
----------
Rasmussen and Williams 2006, Gaussian Processes for Machine Learning, section 5.4.2 (leave-one-out).
Student's t instead of the normal, and a scale from the median deviation: Rousseeuw and Croux 1993,
doi:10.1080/01621459.1993.10476408.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

# Degrees of freedom of the deviations: ordinary months stray further, now and then, than the normal law says.
TAIL = 15
# Of the chance of a false alarm, the share spent on months that are too low: that is how months go wrong.
LOW_SHARE = 0.75
# Months on each side of a lasting change.
LASTING_MONTHS = 3
# Deviations count as if so many months of ordinary scatter had been seen before.
PRIOR_MONTHS = 8
_LEVEL_SD = 2.0


@dataclass(frozen=True, kw_only=True)
class Habit:
    """What is ordinary for one kind of series; all in logarithms, so 0.1 is about a tenth.

    Attributes
    ----------
    summer
        How much higher it stands in mid-July than its year's mean (and lower in January).
    wave_sds
        How far a force's own year may differ from that: yearly and half-yearly wave.
    scatter
        From month to month, beyond counting.
    drift
        Of the level, in a month.
    """

    summer: float = 0.0
    wave_sds: tuple[float, float] = (0.05, 0.03)
    scatter: float = 0.1
    drift: float = 0.03


@dataclass(frozen=True)
class Judged:
    """Per month: expected and spread of the log ratio, p value, whether out of line; and a lasting change, if any."""

    expected: NDArray
    spread: NDArray
    p_value: NDArray
    is_out: NDArray
    change_at: int | None
    change: float
    change_p: float


def judge(
    months: NDArray, part: NDArray, rest: NDArray, habit: Habit, *,
    alpha: float, sides: int = 2, change_alpha: float = 0.0,
) -> Judged:  # fmt: skip
    """Judge every month of `part` against `rest` by the other months.

    Parameters
    ----------
    months
        Calendar months as numbers (year times 12 plus month), rising, gaps allowed.
    part, rest
        Counts; a `rest` of ones judges `part` itself.
    habit
        What is ordinary.
    alpha
        Chance that an ordinary month is called out of line.
    sides
        1: only months too low count; 2: also those too high.
    change_alpha
        Chance that an ordinary month is called the first of another level; 0 looks for none.
    """
    months = months.astype(float)
    season = habit.summer * np.cos(2 * np.pi * (months % 12 - 7) / 12)
    values = np.log((part + 0.5) / (rest + 0.5)) - season
    middle = float(np.median(values))
    typical = np.exp(middle + season)
    noise = habit.scatter**2 + 1 / np.maximum(rest * typical, 1) + 1 / np.maximum(rest, 1) * (rest > 1)
    covariance = _covariance(months, habit)
    values = values - middle
    step, step_at, step_p = 0.0, None, 1.0
    kept = ~_out_of_line(values, covariance, noise, alpha, sides)[-1]
    if change_alpha:
        kept = _give_back_ends(kept, values)
        step_at, step, step_p = _lasting_change(values, covariance, noise, kept, change_alpha)
    after = np.arange(len(values)) >= (len(values) if step_at is None else step_at)
    expected, spread, p_value, is_out = _out_of_line(values - step * after, covariance, noise, alpha, sides)
    return Judged(expected + step * after + season + middle, spread, p_value, is_out, step_at, step, step_p)


def thresholds(alpha: float, sides: int) -> tuple[float, float]:
    """How many spreads below, and above, what is expected a month must be to be out of line."""
    if sides == 1:
        return float(-special.stdtrit(TAIL, alpha)), np.inf
    low, high = special.stdtrit(TAIL, [alpha * LOW_SHARE, alpha * (1 - LOW_SHARE)])
    return float(-low), float(-high)


def _covariance(months: NDArray, habit: Habit) -> NDArray:
    """Of level, drift and yearly wave between months."""
    since = months - months[0]
    covariance = _LEVEL_SD**2 + habit.drift**2 * np.minimum.outer(since, since)
    for harmonic, wave in enumerate(habit.wave_sds, start=1):
        covariance = covariance + wave**2 * np.cos(2 * np.pi * harmonic * np.subtract.outer(months, months) / 12)
    return covariance


def _from_the_others(values: NDArray, covariance: NDArray, noise: NDArray, kept: NDArray) -> tuple[NDArray, NDArray]:
    """Expectation and spread of each month by the kept ones but itself."""
    known = np.flatnonzero(kept)
    precision = np.linalg.inv(covariance[np.ix_(known, known)] + np.diag(noise[known]))
    expected, variance = np.empty(len(values)), np.empty(len(values))
    variance[known] = 1 / np.diag(precision)
    expected[known] = values[known] - precision @ values[known] * variance[known]
    left = np.flatnonzero(~kept)
    weights = covariance[np.ix_(left, known)] @ precision
    expected[left] = weights @ values[known]
    variance[left] = covariance[left, left] + noise[left] - (weights * covariance[np.ix_(left, known)]).sum(axis=1)
    return expected, np.sqrt(variance)


def _own_scale(strayed: NDArray) -> float:
    """How much wider than ordinary this series scatters, at least 1: by the median, drawn to 1 where short."""
    if not len(strayed):
        return 1.0
    seen = 1.4826 * float(np.median(np.abs(strayed)))
    return max(1.0, (PRIOR_MONTHS + len(strayed) * seen) / (PRIOR_MONTHS + len(strayed)))


def _out_of_line(
    values: NDArray, covariance: NDArray, noise: NDArray, alpha: float, sides: int
) -> tuple[NDArray, NDArray, NDArray, NDArray]:
    """Expectation, spread, p value and whether out of line, taking the worst month out until none is left."""
    kept = np.ones(len(values), dtype=bool)
    while True:
        expected, spread = _from_the_others(values, covariance, noise, kept)
        spread = spread * _own_scale((values - expected)[kept] / spread[kept])
        strayed = (values - expected) / spread
        p_value = _p_value(strayed, sides)
        worst = int(np.argmin(np.where(kept, p_value, 2.0)))
        if p_value[worst] > alpha or kept.sum() <= len(values) // 2 + 1:
            return expected, spread, p_value, p_value <= alpha
        kept[worst] = False


def _p_value(strayed: NDArray, sides: int) -> NDArray:
    """Chance of a month so far off: below only, or on either side, each with its share of false alarms."""
    below = special.stdtr(TAIL, strayed)
    if sides == 1:
        return below
    return np.minimum(np.minimum(below / LOW_SHARE, special.stdtr(TAIL, -strayed) / (1 - LOW_SHARE)), 1.0)


def _give_back_ends(kept: NDArray, values: NDArray) -> NDArray:
    """The kept months, and with them runs out of line to the same side at either end: those may be another level."""
    kept = kept.copy()
    for order in (slice(None), slice(None, None, -1)):
        run = int(np.argmax(kept[order]))
        ends = values[order][:run]
        if run >= LASTING_MONTHS and (np.sign(ends) == np.sign(ends[0])).all():
            kept[order][:run] = True
    return kept


def _lasting_change(
    values: NDArray, covariance: NDArray, noise: NDArray, kept: NDArray, alpha: float
) -> tuple[int | None, float, float]:
    """First month of the clearest lasting change of level, its size and p value; none where none is clear."""
    known = np.flatnonzero(kept)
    best: tuple[int | None, float, float] = (None, 0.0, 1.0)
    if len(known) < 2 * LASTING_MONTHS:
        return best
    spread = covariance[np.ix_(known, known)] + np.diag(noise[known])
    precision = np.linalg.inv(spread)
    after = (np.arange(len(known))[:, None] >= np.arange(LASTING_MONTHS, len(known) - LASTING_MONTHS + 1)).astype(float)
    information = (after * (precision @ after)).sum(axis=0)
    sizes = after.T @ precision @ values[known] / information
    column = int(np.argmax(np.abs(sizes) * np.sqrt(information)))
    size, at = float(sizes[column]), LASTING_MONTHS + column
    adjusted = values[known] - size * after[:, column]
    everyone = np.ones(len(known), dtype=bool)
    expected, alone = _from_the_others(adjusted, covariance[np.ix_(known, known)], noise[known], everyone)
    scale = _own_scale((adjusted - expected) / alone)
    p_value = float(2 * special.stdtr(TAIL, -abs(size) * np.sqrt(information[column]) / scale))
    before, since = values[known][:at], values[known][at:]
    halfway = (np.median(before) + np.median(since)) / 2
    is_lasting = min(((since - halfway) * size > 0).mean(), ((before - halfway) * size < 0).mean()) >= 0.8
    return (int(known[at]), size, p_value) if p_value <= alpha and is_lasting else best
