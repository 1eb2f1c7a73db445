"""Expected count of each month of a series, predicted from the other months, and tests for outliers.

A series is the logarithm of a ratio of counts: ASB to all other types, or a district to the rest of the force. It is
modelled as a Gaussian process: a slowly drifting level, a yearly wave, and scatter beyond that of counting. Its
leave-one-out predictions have a closed form, allow for gaps, and are less precise where months are few or far away.
Outliers are removed one at a time, the most extreme first, so that they do not affect the predictions of other months.

The latest month can only be predicted from earlier ones; other months are predicted from both sides.

References
----------
Rasmussen and Williams 2006, Gaussian Processes for Machine Learning, section 5.4.2 (leave-one-out).
Rousseeuw and Croux 1993, https://doi.org/10.1080/01621459.1993.10476408 (robust scale from the median deviation).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

# Degrees of freedom of Student's t: large deviations are more frequent in ordinary months than under a normal law.
DEGREES_OF_FREEDOM = 15
# Share of the false-alarm probability that is used for months that are too low, the more common fault.
LOW_SHARE = 0.75
# Minimum number of months on each side of a change of level.
MIN_LEVEL_MONTHS = 3
# Months of ordinary scatter that count as observed before the data, when the scale is estimated.
PRIOR_MONTHS = 8
_LEVEL_SD = 2.0


@dataclass(frozen=True, kw_only=True)
class SeriesModel:
    """Ordinary variation of a kind of series, in logarithms, so that 0.1 is about 10 %.

    Attributes
    ----------
    summer
        Difference between mid-July and the mean of the year; January differs by the opposite.
    wave_sds
        Standard deviations of a force's own yearly and half-yearly wave.
    scatter
        Standard deviation from month to month, beyond that of counting.
    drift
        Standard deviation of the change of level in a month.
    """

    summer: float = 0.0
    wave_sds: tuple[float, float] = (0.05, 0.03)
    scatter: float = 0.1
    drift: float = 0.03


@dataclass(frozen=True)
class MonthTest:
    """Test of the months of a series.

    Attributes
    ----------
    expected, sd
        Expected log ratio of each month, and its standard deviation.
    p_value
        P value of each month.
    is_outlier
        Whether each month is an outlier.
    change_at
        Position of the first month of a lasting change of level, if there is one.
    change, change_p
        Size of the change in logarithms, and its p value.
    """

    expected: NDArray[Any]
    sd: NDArray[Any]
    p_value: NDArray[Any]
    is_outlier: NDArray[Any]
    change_at: int | None
    change: float
    change_p: float


def test_months(
    months: NDArray[Any], part: NDArray[Any], rest: NDArray[Any], model: SeriesModel, *,
    alpha: float, sides: int = 2, change_alpha: float = 0.0, is_missing: NDArray[Any] | None = None,
) -> MonthTest:  # fmt: skip
    """Test the ratio of `part` to `rest` in each month against the other months.

    Parameters
    ----------
    months
        Calendar months as numbers (year times 12 plus month), ascending, gaps allowed.
    part, rest
        Counts; with a `rest` of ones, `part` itself is tested.
    model
        Ordinary variation of the series.
    alpha
        Probability that an ordinary month is called an outlier.
    sides
        1 to test for months that are too low, 2 to test for both sides.
    change_alpha
        Probability that an ordinary month is called the first of another level; 0 for no such test.
    is_missing
        Months without data: they are predicted from the others, but do not affect them.
    """
    known = np.ones(len(months), dtype=bool) if is_missing is None else ~is_missing
    months = months.astype(float)
    season = model.summer * np.cos(2 * np.pi * (months % 12 - 7) / 12)
    values = np.log((part + 0.5) / (rest + 0.5)) - season
    median = float(np.median(values[known]))
    typical = np.exp(median + season)
    noise = model.scatter**2 + 1 / np.maximum(rest * typical, 1) + 1 / np.maximum(rest, 1) * (rest > 1)
    covariance = _covariance(months, model)
    values = values - median
    step, step_at, step_p = 0.0, None, 1.0
    kept = ~_find_outliers(values, covariance, noise, alpha, sides, known)[-1] & known
    if change_alpha:
        kept[known] = _restore_ends(kept[known], values[known])
        step_at, step, step_p = _find_level_change(values, covariance, noise, kept, change_alpha)
    after = np.arange(len(values)) >= (len(values) if step_at is None else step_at)
    expected, sd, p_value, is_outlier = _find_outliers(values - step * after, covariance, noise, alpha, sides, known)
    return MonthTest(expected + step * after + season + median, sd, p_value, is_outlier, step_at, step, step_p)


def thresholds(alpha: float, sides: int) -> tuple[float, float]:
    """Return how many standard deviations below, and above, the expected value an outlier begins."""
    if sides == 1:
        return float(-special.stdtrit(DEGREES_OF_FREEDOM, alpha)), np.inf
    low, high = special.stdtrit(DEGREES_OF_FREEDOM, [alpha * LOW_SHARE, alpha * (1 - LOW_SHARE)])
    return float(-low), float(-high)


def _covariance(months: NDArray[Any], model: SeriesModel) -> NDArray[Any]:
    """Return the covariance between months that level, drift and yearly wave cause."""
    since = months - months[0]
    covariance = _LEVEL_SD**2 + model.drift**2 * np.minimum.outer(since, since)
    for harmonic, wave in enumerate(model.wave_sds, start=1):
        covariance = covariance + wave**2 * np.cos(2 * np.pi * harmonic * np.subtract.outer(months, months) / 12)
    return np.asarray(covariance)


def _leave_one_out(
    values: NDArray[Any], covariance: NDArray[Any], noise: NDArray[Any], kept: NDArray[Any]
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return expected value and standard deviation of each month, predicted from the other kept months."""
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


def _robust_scale(residuals: NDArray[Any]) -> float:
    """Return how much wider than ordinary a series scatters, at least 1: the median deviation, shrunken towards 1."""
    if not len(residuals):
        return 1.0
    observed = 1.4826 * float(np.median(np.abs(residuals)))
    return max(1.0, (PRIOR_MONTHS + len(residuals) * observed) / (PRIOR_MONTHS + len(residuals)))


def _find_outliers(
    values: NDArray[Any], covariance: NDArray[Any], noise: NDArray[Any], alpha: float, sides: int, known: NDArray[Any]
) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Return expected value, standard deviation, p value and outliers, which are removed one at a time."""
    kept = known.copy()
    while True:
        expected, sd = _leave_one_out(values, covariance, noise, kept)
        sd = sd * _robust_scale((values - expected)[kept] / sd[kept])
        p_value = _p_value((values - expected) / sd, sides)
        worst = int(np.argmin(np.where(kept, p_value, 2.0)))
        if p_value[worst] > alpha or kept.sum() <= known.sum() // 2 + 1:
            return expected, sd, p_value, p_value <= alpha
        kept[worst] = False


def _p_value(residual: NDArray[Any], sides: int) -> NDArray[Any]:
    """Return p values of standardised residuals, one-sided or with a share of false alarms for each side."""
    below = special.stdtr(DEGREES_OF_FREEDOM, residual)
    if sides == 1:
        return np.asarray(below)
    above = special.stdtr(DEGREES_OF_FREEDOM, -residual)
    return np.asarray(np.minimum(np.minimum(below / LOW_SHARE, above / (1 - LOW_SHARE)), 1.0))


def _restore_ends(kept: NDArray[Any], values: NDArray[Any]) -> NDArray[Any]:
    """Keep runs of outliers on one side at either end, which may be another level."""
    kept = kept.copy()
    for order in (slice(None), slice(None, None, -1)):
        run = int(np.argmax(kept[order]))
        ends = values[order][:run]
        if run >= MIN_LEVEL_MONTHS and (np.sign(ends) == np.sign(ends[0])).all():
            kept[order][:run] = True
    return kept


def _find_level_change(
    values: NDArray[Any], covariance: NDArray[Any], noise: NDArray[Any], kept: NDArray[Any], alpha: float
) -> tuple[int | None, float, float]:
    """Return position, size and p value of the clearest lasting change of level; None if none is significant."""
    known = np.flatnonzero(kept)
    best: tuple[int | None, float, float] = (None, 0.0, 1.0)
    if len(known) < 2 * MIN_LEVEL_MONTHS:
        return best
    precision = np.linalg.inv(covariance[np.ix_(known, known)] + np.diag(noise[known]))
    first = np.arange(MIN_LEVEL_MONTHS, len(known) - MIN_LEVEL_MONTHS + 1)
    after = (np.arange(len(known))[:, None] >= first).astype(float)
    information = (after * (precision @ after)).sum(axis=0)
    sizes = after.T @ precision @ values[known] / information
    column = int(np.argmax(np.abs(sizes) * np.sqrt(information)))
    size, at = float(sizes[column]), int(first[column])
    adjusted = values[known] - size * after[:, column]
    every = np.ones(len(known), dtype=bool)
    expected, sd = _leave_one_out(adjusted, covariance[np.ix_(known, known)], noise[known], every)
    scale = _robust_scale((adjusted - expected) / sd)
    p_value = float(2 * special.stdtr(DEGREES_OF_FREEDOM, -abs(size) * np.sqrt(information[column]) / scale))
    before, since = values[known][:at], values[known][at:]
    halfway = (np.median(before) + np.median(since)) / 2
    is_lasting = min(((since - halfway) * size > 0).mean(), ((before - halfway) * size < 0).mean()) >= 0.8
    return (int(known[at]), size, p_value) if p_value <= alpha and is_lasting else best
