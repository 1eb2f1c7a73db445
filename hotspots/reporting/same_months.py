"""Compare recorded incidents with the same months of the year before, for the force and each team."""

import numpy as np
import pandas as pd

from hotspots import categories
from hotspots.period import Window
from hotspots.reporting import formatting
from hotspots.reporting.public import recorded_change

COLUMNS = ["family", "team_name", "first_month", "last_month", "months", "now", "before", "change"]
# Overdispersion assumed where fewer months than this are compared.
_MIN_MONTHS = 3
_DEFAULT_DISPERSION = 1.5


def compare_years(incidents: pd.DataFrame, window: Window, left_out: dict[str, list[str]]) -> pd.DataFrame:
    """Return the incidents of whole months of the window, beside those of the same months a year before.

    Parameters
    ----------
    incidents
        The force's own incidents of two years.
    window
        Evidence window.
    left_out
        Family -> months, YYYY-MM, excluded from the evidence.

    Returns
    -------
    DataFrame
        A row for each family, and each team in it (`team_name` missing for the force): `first_month`, `last_month` and
        number of `months` compared, `now`, `before`, and `change`, as `recorded_change.describe_change` returns it.
        Empty if no month has data in both years.
    """
    has_data, found = set(incidents["month"].unique()), []
    for family in categories.FAMILIES:
        excluded = set(left_out.get(family, []))
        months = [month for month in window.months if {month, year_before(month)} <= has_data - excluded]
        if months:
            own = categories.of_family(incidents, family)
            found.append(_row(own, family, None, months))
            teams = sorted(own["team_name"].dropna().unique())
            found += [_row(own[own["team_name"] == team], family, team, months) for team in teams]
    return pd.DataFrame(found, columns=COLUMNS)


def year_before(month: str) -> str:
    """Return the same month a year before.

    Examples
    --------
    >>> year_before("2025-02")
    '2024-02'
    """
    return f"{int(month[:4]) - 1}{month[4:]}"


def describe(row: pd.Series) -> str:
    """Return the comparison in words.

    Examples
    --------
    >>> row = {"now": 94, "before": 100, "first_month": "2025-01", "last_month": "2025-04", "months": 4}
    >>> describe(pd.Series(row | {"change": "about the same"}))
    '94 in January to April 2025, 100 a year before (6 % fewer, which may be chance)'
    """
    now, before = f"{row['now']:,}", f"{row['before']:,}"
    period = formatting.months(row["first_month"], row["last_month"])
    if row["months"] < len(pd.period_range(row["first_month"], row["last_month"], freq="M")):
        period = f"{row['months']} months of {period}"
    return f"{now} in {period}, {before} a year before ({percent_change(row)})"


def percent_change(row: pd.Series) -> str:
    """Return the change as a percentage, and whether it may be chance."""
    if not row["before"]:
        return "none before"
    share = row["now"] / row["before"] - 1
    if round(abs(share), 2) == 0:
        return "no change"
    text = f"{100 * abs(share):,.0f} % {'more' if share > 0 else 'fewer'}"
    return text if row["change"] in ("more", "fewer") else f"{text}, which may be chance"


def _row(own: pd.DataFrame, family: str, team: str | None, months: list[str]) -> list[object]:
    """Compare the counts of one family in the force or in one team."""
    counts = own["month"].value_counts()
    pairs = np.array([[counts.get(month, 0), counts.get(year_before(month), 0)] for month in months], dtype=float)
    now, before = (int(number) for number in pairs.sum(axis=0))
    change = recorded_change.describe_change(now, before, figures=0, dispersion=_dispersion(pairs))
    return [family, team, months[0], months[-1], len(months), now, before, change]


def _dispersion(pairs: np.ndarray) -> float:
    """Return the overdispersion of months around the common change between years, at least the default."""
    if len(pairs) < _MIN_MONTHS or not pairs.sum():
        return _DEFAULT_DISPERSION
    expected = np.outer(pairs.sum(axis=1), pairs.sum(axis=0)) / pairs.sum()
    squares = ((pairs - expected) ** 2 / np.maximum(expected, 0.5)).sum()
    return max(float(squares / (len(pairs) - 1)), _DEFAULT_DISPERSION)
