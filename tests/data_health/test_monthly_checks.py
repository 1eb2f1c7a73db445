"""Months that are wrong at the source are named, ordinary ones are left in peace."""

import time
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from benchmarks import health_alarms
from benchmarks.health_alarms import Force, calendar, misfile, silence, simulate

from hotspots import findings, period
from hotspots.data_health import health_findings, health_notes, monthly_checks
from hotspots.data_health.health_params import HealthParams
from hotspots.errors import ParameterError

DAY = date(2025, 9, 30)
DISTRICTS = {"Northton": 0.5, "Eastham": 0.3, "Westby": 0.2}
LEVELS = {
    "asb": 800.0, "burglary": 140.0, "criminal_damage_arson": 360.0, "drugs": 100.0, "other_crime": 95.0,
    "other_theft": 225.0, "public_order": 330.0, "shoplifting": 310.0, "vehicle_crime": 160.0, "violence": 1_500.0,
}  # fmt: skip


@pytest.fixture(scope="module")
def force() -> Force:
    """A small force with ordinary habits."""
    types = pd.Index(LEVELS)
    level = pd.DataFrame({name: pd.Series(LEVELS) * share for name, share in DISTRICTS.items()})
    summer = pd.Series(0.05, types).mask(types == "asb", 0.22).mask(types == "burglary", -0.03)
    return Force("littleham", level, summer, pd.Series(0.10, types))


@pytest.fixture
def ordinary(force: Force) -> pd.DataFrame:
    """Three ordinary years."""
    return simulate(force, calendar(36), np.random.default_rng(5))


def examine(counts: pd.DataFrame, **params: object) -> pd.DataFrame:
    return monthly_checks.examine_months(counts, DAY, HealthParams(**params))


def alarms(verdicts: pd.DataFrame) -> list[tuple[str, str, str, str]]:
    told = health_alarms.alarms(verdicts)
    return list(told[["month", "category", "district", "verdict"]].itertuples(index=False, name=None))


def findings_of(counts: pd.DataFrame, months: int = 12, **params: object) -> pd.DataFrame:
    told = health_findings.describe_verdicts(
        examine(counts, **params), counts, period.evidence_window(DAY, months), HealthParams(**params)
    )
    return findings.findings_table(told)


def file_later(counts: pd.DataFrame, since: str, share: float) -> pd.DataFrame:
    """Burglary filed elsewhere from a month to the end."""
    rng = np.random.default_rng(3)
    for month in sorted(counts.loc[counts["month"] >= since, "month"].unique()):
        counts = misfile(counts, month, "burglary", share, rng)
    return counts


# inputs


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"alarm_rate": 0.0}, "alarm_rate must be above 0"),
        ({"on_misfiled": "drop"}, "on_misfiled is 'drop', expected one of leave_out, keep, ask"),
        ({"on_silent": "drop"}, "on_silent is 'drop'"),
        ({"min_months": 1}, "min_months must be at least 3"),
    ],
)
def test_a_setting_that_makes_no_sense_is_refused(settings: dict, words: str) -> None:
    with pytest.raises(ParameterError, match=words):
        HealthParams(**settings)


# answers


def test_ordinary_months_are_left_in_peace(force: Force) -> None:
    seen, wrong, latest, late = health_alarms.false_alarms(force, calendar(13), 25, seed=11)
    assert (seen, latest) == (325, 25)
    assert wrong <= 3
    assert late <= 1


@pytest.mark.parametrize("family", ["asb", "burglary"])
@pytest.mark.parametrize("share", [0.0, 0.3])
def test_a_family_filed_under_another_type_is_found(force: Force, family: str, share: float) -> None:
    assert health_alarms.found_misfiled(force, calendar(36), family, share, 10) >= 9


def test_the_latest_month_is_judged_by_its_past_alone(force: Force) -> None:
    assert health_alarms.found_misfiled(force, calendar(13), "asb", 0.1, 10, is_latest=True) >= 9


def test_a_missing_district_is_found(force: Force) -> None:
    assert health_alarms.found_silent(force, calendar(24), "Westby", 0.0, 10) == 10


def test_a_mis_filed_month_is_left_out_of_its_family_and_open(ordinary: pd.DataFrame) -> None:
    counts = misfile(ordinary, "2025-03", "burglary", 0.05, np.random.default_rng(1))
    assert alarms(examine(counts)) == [("2025-03", "burglary", "", "misfiled")]
    assert monthly_checks.months_left_out(examine(counts), HealthParams()) == {"asb": [], "burglary": ["2025-03"]}
    told = findings_of(counts)
    assert list(told["kind"]) == ["misfiled_month"]
    assert told["is_open"].all()
    assert told["setting"].iloc[0] == "health.on_misfiled"
    assert "Burglary, 2025-03" in told["finding"].iloc[0]
    assert "'other crime' has" in told["finding"].iloc[0]
    assert "left out of the evidence" in told["action"].iloc[0]


def test_a_family_at_a_multiple_of_its_level_is_found(ordinary: pd.DataFrame) -> None:
    is_hit = (ordinary["month"] == "2025-03") & ordinary["category"].isin(["criminal_damage_arson"])
    moved = ordinary["category"].mask(is_hit, "burglary")
    by = ["month", "category", "district"]
    counts = ordinary.assign(category=moved).groupby(by, as_index=False)["incidents"].sum()
    assert alarms(examine(counts)) == [("2025-03", "burglary", "", "misfiled")]
    assert "Other types may be filed under it" in findings_of(counts)["finding"].iloc[0]


def test_a_rise_that_the_total_shows_too_is_no_fault(ordinary: pd.DataFrame) -> None:
    is_hit = (ordinary["month"] == "2025-05") & (ordinary["category"] == "asb")
    counts = ordinary.assign(incidents=ordinary["incidents"].mask(is_hit, ordinary["incidents"] * 3))
    assert alarms(examine(counts)) == []
    told = findings_of(counts)
    assert list(told["kind"]) == ["unusual_month"]
    assert not told["is_open"].any()


def test_settings_decide_what_is_done(ordinary: pd.DataFrame) -> None:
    counts = misfile(ordinary, "2025-03", "asb", 0.1, np.random.default_rng(1))
    for choice, is_open in (("leave_out", True), ("ask", True), ("keep", False)):
        assert bool(findings_of(counts, on_misfiled=choice)["is_open"].any()) is is_open
    assert monthly_checks.months_left_out(examine(counts), HealthParams(on_misfiled="keep")) == {
        "asb": [],
        "burglary": [],
    }
    assert not findings_of(counts, reviewed_months=("2025-03",))["is_open"].any()
    assert not findings_of(counts, months=3)["is_open"].any()


def test_a_silent_district_is_told_once_and_kept(ordinary: pd.DataFrame) -> None:
    counts = silence(ordinary, "2025-02", "Eastham", 0.0, np.random.default_rng(1))
    assert alarms(examine(counts)) == [("2025-02", "", "Eastham", "silent")]
    assert monthly_checks.months_left_out(examine(counts), HealthParams()) == {"asb": [], "burglary": []}
    assert "Eastham" in findings_of(counts)["finding"].iloc[0]


def test_a_month_with_few_rows_of_the_whole_force_is_left_out(ordinary: pd.DataFrame) -> None:
    few = ordinary["incidents"].where(ordinary["month"] != "2025-02", ordinary["incidents"] // 4)
    counts = ordinary.assign(incidents=few)
    assert ("2025-02", "", "", "silent") in alarms(examine(counts))
    assert monthly_checks.months_left_out(examine(counts), HealthParams())["burglary"] == ["2025-02"]


def test_a_renamed_district_is_not_silent(ordinary: pd.DataFrame) -> None:
    is_new = (ordinary["district"] == "Eastham") & (ordinary["month"] >= "2024-04")
    counts = ordinary.assign(district=ordinary["district"].mask(is_new, "East and Coast"))
    assert alarms(examine(counts)) == []


def test_a_lasting_change_is_told_at_its_first_month_and_kept(ordinary: pd.DataFrame) -> None:
    told = examine(file_later(ordinary, "2025-02", 0.4))
    assert alarms(told) == [("2025-02", "burglary", "", "level_change")]
    assert monthly_checks.months_left_out(told, HealthParams()) == {"asb": [], "burglary": []}
    words = findings_of(file_later(ordinary, "2025-02", 0.4))
    assert "From 2025-02, Burglary is at another level" in words["finding"].iloc[0]


def test_one_bad_month_is_no_lasting_change(ordinary: pd.DataFrame) -> None:
    for month in ("2022-10", "2024-01", "2025-09"):
        counts = misfile(ordinary, month, "asb", 0.0, np.random.default_rng(1))
        assert alarms(examine(counts)) == [(month, "asb", "", "misfiled")]


def test_short_series_say_that_nobody_can_tell(ordinary: pd.DataFrame) -> None:
    months = calendar(4)
    counts = misfile(ordinary[ordinary["month"].isin(months)], months[1], "asb", 0.0, np.random.default_rng(1))
    assert set(examine(counts)["verdict"]) == {"cannot_tell"}
    told = findings_of(counts)
    assert list(told["kind"]) == ["untested_month"]
    assert not told["is_open"].any()


def test_a_district_too_small_to_judge_is_not_judged(ordinary: pd.DataFrame) -> None:
    tiny = pd.DataFrame({"month": calendar(36), "category": "asb", "district": "Hamlet", "incidents": 3})
    assert "Hamlet" not in set(examine(pd.concat([ordinary, tiny]))["district"])


def test_missing_months_are_no_alarm(ordinary: pd.DataFrame) -> None:
    gaps = ordinary[~ordinary["month"].isin(["2023-05", "2024-06", "2024-07", "2024-08", "2024-12", "2025-08"])]
    lone = gaps[(gaps["month"] == "2022-11") | (gaps["month"] >= "2024-09")]
    assert alarms(examine(gaps)) == []
    assert alarms(examine(lone)) == []
    assert "2025-08" not in set(examine(gaps)["month"])


def test_nothing_later_than_the_day_is_used(ordinary: pd.DataFrame) -> None:
    day = date(2025, 6, 15)
    known = ordinary[ordinary["month"] <= "2025-05"]
    later = monthly_checks.examine_months(
        misfile(ordinary, "2025-07", "asb", 0.0, np.random.default_rng(1)), day, HealthParams()
    )
    pd.testing.assert_frame_equal(later, monthly_checks.examine_months(known, day, HealthParams()))


def test_rows_are_counted_wherever_they_lie(incidents_at) -> None:
    rows = incidents_at([(0, 0)] * 5, category=["asb", "asb", "asb", "burglary", "asb"])
    rows["team_name"] = ["Northton", "Northton", None, "Northton", "Northton"]
    rows["reason"] = ["", "outside_force", "no_coordinates", "", "unreadable"]
    counts = monthly_checks.count_months(rows)
    assert counts.to_numpy().tolist() == [
        ["2025-09", "asb", "", 1],
        ["2025-09", "asb", "Northton", 2],
        ["2025-09", "burglary", "Northton", 1],
    ]


def test_stray_months_before_an_export_begins_are_not_counted(incidents_at) -> None:
    month = ["2021-03", *["2025-08"] * 9, *["2025-09"] * 9]
    rows = incidents_at([(0, 0)] * 19, month=month, date_precision="day")
    assert set(monthly_checks.count_months(rows)["month"]) == {"2025-08", "2025-09"}


def test_left_out_months_leave_other_families_alone(incidents_at) -> None:
    rows = incidents_at([(0, 0)] * 3, category=["asb", "burglary", "violence"])
    left = monthly_checks.without_months(rows, "asb", {"asb": ["2025-09"], "burglary": []})
    assert list(left["category"]) == ["burglary", "violence"]


def test_moved_points_and_new_codes_are_noted_not_alarmed(incidents_at) -> None:
    months = calendar(8)
    xy = [(1_000.0 * place + (50 if number >= 5 else 0), 0.0) for number in range(8) for place in range(200)]
    rows = incidents_at(xy, month=np.repeat(months, 200), lsoa_code="E01000001")
    is_later = rows["month"] >= months[5]
    rows = rows.assign(reason="", lsoa_code=rows["lsoa_code"].mask(is_later, "E01034000"))
    notes = health_notes.describe_notes(shares(rows), DAY)
    assert [note["kind"] for note in notes] == ["moved_points", "lsoa_vintage"]
    assert f"between {months[4]} and {months[5]}" in notes[0]["finding"]
    assert not any(note["is_open"] for note in notes)


def test_a_month_with_many_rows_without_a_place_is_noted(incidents_at) -> None:
    months = calendar(8)
    rows = incidents_at([(0, 0)] * 800, month=np.repeat(months, 100), lsoa_code="E01000001").assign(reason="")
    rows.loc[rows.index[:2], "reason"] = "no_coordinates"
    rows.loc[rows["month"].eq(months[6]) & (rows.index % 2 == 0), "reason"] = "no_coordinates"
    notes = health_notes.describe_notes(shares(rows), DAY)
    assert [note["kind"] for note in notes] == ["no_coordinates_share"]
    assert "50.0 % of the rows of 2025-08 have no location; in other months 0.0 %" in notes[0]["finding"]


def shares(rows):
    rows = rows.assign(file=0, easting=rows.geometry.x, northing=rows.geometry.y)
    return health_notes.share_months(health_notes.sum_months(rows), health_notes.sample_points(rows))


# promises


def test_the_order_of_rows_does_not_matter(ordinary: pd.DataFrame) -> None:
    shuffled = ordinary.sample(frac=1, random_state=2)
    pd.testing.assert_frame_equal(examine(shuffled), examine(ordinary))


def test_arguments_are_left_as_they_were(ordinary: pd.DataFrame) -> None:
    before = ordinary.copy()
    findings_of(ordinary)
    pd.testing.assert_frame_equal(ordinary, before)


def test_empty_in_gives_empty_out(incidents_at) -> None:
    nothing = incidents_at([]).assign(reason="")
    counts = monthly_checks.count_months(nothing)
    verdicts = examine(counts)
    assert counts.empty
    assert verdicts.empty
    assert monthly_checks.months_left_out(verdicts, HealthParams()) == {"asb": [], "burglary": []}
    assert health_findings.describe_verdicts(verdicts, counts, period.evidence_window(DAY, 12), HealthParams()) == []
    assert health_notes.describe_notes(shares(nothing), DAY) == []


def test_three_years_are_examined_in_a_moment(ordinary: pd.DataFrame) -> None:
    examine(ordinary)
    start = time.process_time()
    examine(ordinary)
    assert time.process_time() - start < 1.0


# real data


@pytest.mark.real_data
def test_no_month_of_the_real_forces_is_called_wrong_by_all_or_by_its_past(shared_data: Path) -> None:
    for slug, counts in health_alarms.real_forces(shared_data):
        for month in sorted(counts["month"].unique())[-4:]:
            verdicts = monthly_checks.examine_months(counts, period.last_day(month), HealthParams())
            assert alarms(verdicts) == [], slug


@pytest.mark.real_data
@pytest.mark.parametrize("family", ["asb", "burglary"])
def test_a_real_month_filed_under_another_type_is_found(shared_data: Path, family: str) -> None:
    for slug, counts in health_alarms.real_forces(shared_data):
        counts = counts[counts["month"] >= "2024"]
        for month in sorted(counts["month"].unique())[::4]:
            wrong = misfile(counts, month, family, 0.2, np.random.default_rng(1))
            assert alarms(examine(wrong)) == [(month, family, "", "misfiled")], slug
