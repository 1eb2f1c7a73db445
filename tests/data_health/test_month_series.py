"""One fault is one finding: a gap in a family is no alarm about another, and districts follow their force."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from benchmarks.health_alarms import calendar, misfile

from hotspots import period
from hotspots.data_health import health_findings, monthly_checks
from hotspots.data_health.health_params import HealthParams

DAY = date(2025, 9, 30)
MONTHS = calendar(18)
DISTRICTS = {"Northton": 0.4, "Eastham": 0.3, "Westby": 0.2, "Southsea": 0.1}


def record(seed: int = 1, **levels: float) -> pd.DataFrame:
    """Counts of eighteen months with these mean numbers by type."""
    rng = np.random.default_rng(seed)
    rows = [
        (month, category, district, int(rng.poisson(level * share)))
        for month in MONTHS
        for category, level in levels.items()
        for district, share in DISTRICTS.items()
    ]
    return pd.DataFrame(rows, columns=["month", "category", "district", "incidents"])


def without(counts: pd.DataFrame, category: str, months: list[str], share: float = 0.0) -> pd.DataFrame:
    """The counts with a type at a share of itself in some months, the rest nowhere."""
    is_hit = (counts["category"] == category) & counts["month"].isin(months)
    return counts.assign(incidents=counts["incidents"].mask(is_hit, (counts["incidents"] * share).astype(int)))


def examine(counts: pd.DataFrame, **params: object) -> tuple[dict[str, list[str]], list[dict[str, object]]]:
    """The months left out by family, and the findings."""
    params = HealthParams(**params)
    counts = counts[counts["incidents"] > 0]
    verdicts = monthly_checks.examine_months(counts, DAY, params)
    found = health_findings.describe_verdicts(verdicts, counts, period.evidence_window(DAY, 18), params)
    return monthly_checks.months_left_out(verdicts, params), found


FEW_TYPES = {"asb": 800, "burglary": 190}
ALL_TYPES = FEW_TYPES | {"violence": 1500, "other_crime": 300, "drugs": 100, "shoplifting": 300}


@pytest.mark.parametrize("levels", [FEW_TYPES, ALL_TYPES], ids=["two types", "all types"])
@pytest.mark.parametrize(
    "months", [MONTHS[:6], MONTHS[7:9], MONTHS[-2:]], ids=["starts later", "has a gap", "ends sooner"]
)
@pytest.mark.parametrize("share", [0.0, 0.03])
@pytest.mark.parametrize(("family", "other"), [("asb", "burglary"), ("burglary", "asb")])
def test_a_family_without_records_raises_no_alarm_about_the_other(
    levels: dict[str, float], months: list[str], share: float, family: str, other: str
) -> None:
    left_out, found = examine(without(record(**levels), family, months, share))
    assert left_out[other] == []
    if share == 0:
        assert left_out[family] == months
        assert [each["kind"] for each in found] == ["misfiled_month"]
        assert period.months_in_words(months) in str(found[0]["finding"])


def test_the_other_family_is_still_checked_while_one_is_missing() -> None:
    counts = without(record(**ALL_TYPES), "asb", MONTHS[:6])
    left_out, _ = examine(misfile(counts, MONTHS[3], "burglary", 0.05, np.random.default_rng(1)))
    assert MONTHS[3] in left_out["burglary"]


def test_another_type_that_starts_later_raises_no_alarm_about_the_families() -> None:
    left_out, found = examine(without(record(**ALL_TYPES), "violence", MONTHS[:5]))
    assert left_out == {"asb": [], "burglary": []}
    assert not any(each["is_open"] for each in found)


def test_a_month_misfiled_in_most_districts_is_one_finding_that_names_them() -> None:
    counts = record(**ALL_TYPES)
    is_kept = counts["district"] == "Northton"
    wrong = misfile(counts[~is_kept], MONTHS[9], "asb", 0.0, np.random.default_rng(1))
    left_out, found = examine(pd.concat([counts[is_kept], wrong], ignore_index=True))
    assert left_out == {"asb": [MONTHS[9]], "burglary": []}
    assert [each["kind"] for each in found] == ["misfiled_month"]
    assert "It shows most in Eastham, Southsea, Westby." in str(found[0]["finding"])
    assert found[0]["to_close"] == f'health.reviewed_months: add "{MONTHS[9]}"'


def test_a_month_with_missing_rows_is_left_out_with_its_districts() -> None:
    counts = record(**ALL_TYPES)
    is_lost = (counts["month"] == MONTHS[9]) & (counts["district"] != "Northton")
    left_out, found = examine(counts[~is_lost])
    assert left_out == {"asb": [MONTHS[9]], "burglary": [MONTHS[9]]}
    assert [each["kind"] for each in found] == ["silent_month"]
    assert "Kept" not in str(found[0]["action"])


def test_several_misfiled_months_of_both_families_are_one_finding() -> None:
    counts, rng = record(**ALL_TYPES), np.random.default_rng(1)
    for month in (MONTHS[8], MONTHS[9], MONTHS[12]):
        for family in ("asb", "burglary"):
            counts = misfile(counts, month, family, 0.02, rng)
    _, found = examine(counts)
    assert [each["kind"] for each in found] == ["misfiled_month"]
    assert f"{MONTHS[8]} to {MONTHS[9]} and {MONTHS[12]}: Anti-social behaviour: " in str(found[0]["finding"])
    assert "Anti-social behaviour and burglary of" in str(found[0]["action"])


def test_reviewed_months_are_seen_and_closed() -> None:
    counts = misfile(record(**ALL_TYPES), MONTHS[9], "asb", 0.02, np.random.default_rng(1))
    _, found = examine(counts, reviewed_months=(MONTHS[9],))
    assert [(each["is_open"], each["is_seen"], each["to_close"]) for each in found] == [(False, True, "")]


@pytest.mark.parametrize("seed", range(6))
def test_ordinary_records_of_few_types_raise_no_alarm(seed: int) -> None:
    left_out, found = examine(record(seed, **FEW_TYPES))
    assert left_out == {"asb": [], "burglary": []}
    assert found == []
