"""What a team or parish is told: whole quarters, nothing small, and no longer than a message may be."""

import re
from datetime import date

import numpy as np
import pandas as pd

from hotspots import categories, tables
from hotspots.reporting import updates
from hotspots.reporting.updates import UpdateParams

DAY = date(2026, 3, 29)
PARAMS = UpdateParams()


def answers_of(*groups: tuple[str, str | None, str, int, str]) -> pd.DataFrame:
    """Answers given by team, parish, issue, how many, and day."""
    rows = [
        (team, parish, issue, pd.Timestamp(day), f"{team}{parish}{issue}{day}{n}")
        for team, parish, issue, count, day in groups
        for n in range(count)
    ]
    frame = pd.DataFrame(rows, columns=["team_name", "parish", "issue", "received_at", "respondent"])
    return frame.astype({"received_at": "datetime64[us]"})


def told(answers: pd.DataFrame, day: date = DAY, **given: pd.DataFrame) -> dict[str, updates.Update]:
    tables_of = {"visits": tables.VISITS, "referrals": tables.REFERRALS, "priorities": tables.PRIORITIES}
    parts = [given.get(name, tables.empty(table)) for name, table in tables_of.items()]
    made = updates.make_updates(answers, *parts, ["East", "West"], day, PARAMS)
    return {update.name: update for update in made}


def test_small_numbers_are_withheld_and_the_others_rounded() -> None:
    east = told(answers_of(("East", None, "speeding", 13, "2025-11-03"), ("East", None, "litter", 4, "2025-11-03")))[
        "East"
    ]
    assert [(line["issue"], line["said"]) for line in east.issues] == [("Speeding or dangerous driving", "about 15")]
    assert "Litter" not in east.message


def test_a_force_without_parishes_is_told_the_teams_own_figures() -> None:
    answers = answers_of(("East", None, "speeding", 13, "2025-11-03")).assign(parish=np.nan)
    assert told(answers)["East"].issues[0]["said"] == "about 15"


def test_a_resident_counts_once_for_an_issue() -> None:
    answers = answers_of(("East", None, "speeding", 6, "2025-11-03"))
    again = pd.concat([answers, answers], ignore_index=True)
    assert told(again)["East"].issues[0]["said"] == "about 5"


def test_figures_are_the_same_in_every_week_of_a_month_and_know_nothing_of_the_running_quarter() -> None:
    answers = answers_of(("East", None, "speeding", 12, "2025-12-31"), ("East", None, "speeding", 40, "2026-01-01"))
    weeks = [told(answers, day)["East"] for day in (date(2026, 1, 31), date(2026, 2, 8), DAY)]
    assert {update.quarter for update in weeks} == {"October to December 2025"}
    assert {update.issues[0]["said"] for update in weeks} == {"about 10"}


def test_no_parish_s_withheld_number_follows_from_its_team_and_the_other_parishes() -> None:
    answers = answers_of(("East", "Ham", "litter", 9, "2025-11-03"), ("East", "Tun", "litter", 2, "2025-11-03"))
    cells = updates.count_cells(answers, updates.last_quarters(DAY))
    tiles = cells[(cells["kind"] == "parish") & (cells["issue"] == "litter") & (cells["quarter"] == "2025Q4")]
    assert tiles["figure"].isna().sum() >= 2  # one alone would be the team's figure less the others'
    rng = np.random.default_rng(1)
    for _ in range(200):
        counts = rng.integers(0, 14, 3)
        groups = [("East", f"P{n}", "litter", int(count), "2025-11-03") for n, count in enumerate(counts)]
        cells = updates.count_cells(answers_of(*groups), updates.last_quarters(DAY))
        cells = cells[cells["issue"].eq("litter") & cells["quarter"].eq("2025Q4")]
        tiles = cells[cells["kind"] == "parish"]
        team = cells.loc[cells["kind"] == "team", "figure"]
        withheld, shown = tiles["figure"].isna().sum(), tiles["figure"].dropna()
        if len(team) and withheld and pd.notna(team.iloc[0]):
            most = team.iloc[0] + 2 - sum(max(figure - 2, 5) for figure in shown)
            assert withheld >= 2 or most >= 5, (counts, tiles)


def test_a_message_is_never_too_long_and_ends_with_a_whole_sentence() -> None:
    groups = [("East", None, issue, 9, "2025-11-03") for issue in categories.ISSUES[:20]]
    message = told(answers_of(*groups))["East"].message
    assert len(message) <= PARAMS.longest_message
    assert message.endswith(".")
    assert told(answers_of())["West"].message.startswith("You said, we did: West, October to December 2025. Too few")


def test_patrols_are_told_of_the_last_whole_month_that_the_log_covers() -> None:
    days = [*pd.date_range("2026-02-02", periods=23, freq="D"), pd.Timestamp("2026-03-02")]
    log = pd.DataFrame({"visit_id": [f"v{n}" for n in range(24)], "officer_team": "East", "started_at": days})
    visits = tables.conform(log.assign(ended_at=log["started_at"]).astype(
        dict.fromkeys(["started_at", "ended_at"], "datetime64[us]")), tables.VISITS)  # fmt: skip
    update = told(answers_of(), visits=visits)
    assert update["East"].visits == "about 25 patrol visits in February 2026"
    assert update["West"].visits == "fewer than 5 patrol visits in February 2026"
    assert told(answers_of(), date(2026, 2, 15), visits=visits)["East"].visits == ""


def test_an_overdue_review_is_said() -> None:
    row = {"priority_id": "p1", "team_name": "East", "issue": "litter", "agreed_on": "2025-10-01", "owner": "Sergeant",
           "review_on": "2026-01-05", "closed_on": None}  # fmt: skip
    frame = pd.DataFrame([row, {**row, "priority_id": "p2", "issue": "speeding", "review_on": "2026-06-01"}])
    for name in ("agreed_on", "review_on", "closed_on"):
        frame[name] = pd.to_datetime(frame[name]).astype("datetime64[us]")
    lines = told(answers_of(), priorities=tables.conform(frame, tables.PRIORITIES))["East"].priorities
    assert lines[0].endswith("review was due on 5 January 2026 and is overdue.")
    assert lines[1].endswith("to be reviewed on 1 June 2026.")
    assert not any(re.search("Sergeant", line) for line in lines)
