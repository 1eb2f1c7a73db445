"""Aoristic analysis: the hours of the week in which incidents with a start and an end may have happened."""

import numpy as np
import pandas as pd

HOURS_A_WEEK = 168
_MONDAY = pd.Timestamp("1969-12-29")  # hours of the week are counted from a Monday


def hours_of_week(committed_from: pd.Series, committed_to: pd.Series) -> pd.DataFrame:
    """Return incidents by weekday and hour, each divided over the hours between its start and its end.

    Parameters
    ----------
    committed_from, committed_to : Series of datetime64
        Local wall time. Rows without a start are not counted. Rows without an end, or with an end before the start,
        count in the hour of the start. A span of more than a week counts equally in every hour.

    Returns
    -------
    DataFrame
        Weekdays 0 (Monday) to 6 by hours 0 to 23. The sum is the number of incidents with a start.

    References
    ----------
    Ratcliffe and McCullagh (1998), Aoristic crime analysis, doi:10.1080/136588198241644.
    """
    known = committed_from.notna().to_numpy()
    begin = _hours(committed_from)[known]
    end = _hours(committed_to)[known]
    span = end - begin
    is_moment = ~(span > 0)
    is_long = span > HOURS_A_WEEK
    first = np.floor(begin).astype("int64")
    last = np.where(is_moment | is_long, first, np.ceil(end) - 1).astype("int64")
    row = np.repeat(np.arange(len(begin)), last - first + 1)
    hour = first[row] + np.arange(len(row)) - np.searchsorted(row, row)
    overlap = np.minimum(end[row], hour + 1) - np.maximum(begin[row], hour)
    weight = np.where(is_moment[row], 1.0, np.where(is_long[row], 0.0, overlap / np.where(span > 0, span, 1.0)[row]))
    week = np.bincount(hour % HOURS_A_WEEK, weights=weight, minlength=HOURS_A_WEEK) + is_long.sum() / HOURS_A_WEEK
    return pd.DataFrame(week.reshape(7, 24))


def _hours(times: pd.Series) -> np.ndarray:
    """Return hours since a Monday at midnight, NaN where the time is missing."""
    return np.asarray(((times - _MONDAY) / pd.Timedelta(hours=1)).to_numpy(dtype="float64", na_value=np.nan))
