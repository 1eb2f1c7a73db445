"""The comparison with the same months of the year before, against counts made by hand."""

from datetime import date

import pandas as pd
import pytest

from hotspots.period import Window
from hotspots.reporting import same_months

WINDOW = Window(date(2024, 10, 1), date(2025, 10, 1))


def rows(counts: dict[str, int], team: str = "East", category: str = "asb") -> list[dict[str, object]]:
    return [{"month": month, "team_name": team, "category": category} for month, n in counts.items() for _ in range(n)]


def compare(*lists: list[dict[str, object]], left_out: dict[str, list[str]] | None = None) -> pd.DataFrame:
    incidents = pd.DataFrame([row for each in lists for row in each])
    return same_months.compare_years(incidents, WINDOW, left_out or {}).set_index(["family", "team_name"])


def test_only_months_with_data_in_both_years_count() -> None:
    found = compare(rows({"2024-01": 40, "2024-02": 60, "2025-01": 30, "2025-02": 50, "2025-03": 99, "2024-11": 7}))
    force = found.loc[("asb", None)]
    assert (force["now"], force["before"], force["months"]) == (80, 100, 2)
    assert (force["first_month"], force["last_month"]) == ("2025-01", "2025-02")


def test_a_month_excluded_in_either_year_is_left_out_of_both() -> None:
    counts = rows({"2024-01": 40, "2024-02": 60, "2025-01": 30, "2025-02": 50})
    for month in ("2024-02", "2025-02"):
        force = compare(counts, left_out={"asb": [month]}).loc[("asb", None)]
        assert (force["now"], force["before"]) == (30, 40)


def test_teams_add_up_to_the_force_and_families_stay_apart() -> None:
    found = compare(
        rows({"2024-01": 40, "2025-01": 30}),
        rows({"2024-01": 10, "2025-01": 25}, team="West"),
        rows({"2024-01": 3, "2025-01": 4}, category="burglary"),
    )
    assert (
        found.loc[("asb", None), "now"] == found.loc[("asb", "East"), "now"] + found.loc[("asb", "West"), "now"] == 55
    )
    assert found.loc[("burglary", None), "now"] == 4


def test_without_the_year_before_there_is_no_comparison() -> None:
    assert compare(rows({"2025-01": 30})).empty


@pytest.mark.parametrize(
    ("now", "words"), [(100, "no change"), (104, "4 % more, which may be chance"), (400, "300 % more")]
)
def test_a_change_that_may_be_chance_is_called_so(now: int, words: str) -> None:
    force = compare(rows({"2024-01": 100, "2025-01": now})).loc[("asb", None)]
    assert same_months.describe(force) == f"{now} in January 2025, 100 a year before ({words})"
