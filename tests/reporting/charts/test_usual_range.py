"""The range of monthly counts, against worked figures."""

import pandas as pd
import pytest

from hotspots.reporting.charts import monthly_counts


def months(*counts: int | None) -> pd.Series:
    names = [f"2025-{number:02d}" for number in range(1, len(counts) + 1)]
    return pd.Series(counts, index=names, dtype="Int64")


def test_the_range_is_that_of_the_other_months() -> None:
    # Mean 100, variance 200, three months: 1.2816 * sqrt(200 * 4 / 3) = 20.9.
    low, high = monthly_counts.usual_range(months(90, 90, 120, 500), [])
    variance = (10**2 + 10**2 + 20**2) / 2
    assert (high - low) / 2 == pytest.approx(1.2816 * (variance * 4 / 3) ** 0.5)
    assert (high + low) / 2 == pytest.approx(100)


def test_equal_months_still_vary_by_chance() -> None:
    low, high = monthly_counts.usual_range(months(100, 100, 100, 100), [])
    assert (high - low) / 2 == pytest.approx(1.2816 * (100 * 4 / 3) ** 0.5)


def test_excluded_and_missing_months_do_not_count() -> None:
    with_gaps = monthly_counts.usual_range(months(90, None, 90, 7, 120, 500), ["2025-04"])
    assert with_gaps == pytest.approx(monthly_counts.usual_range(months(90, 90, 120, 500), []))


def test_too_few_months_have_no_range() -> None:
    low, high = monthly_counts.usual_range(months(90, 90, 120), [])
    assert pd.isna(low) and pd.isna(high)
