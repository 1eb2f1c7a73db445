"""Updates for teams and parishes: whole quarters, no small numbers, and no message over the limit."""

import re
from datetime import date

import made_up_report as examples
import numpy as np
import pandas as pd
import pytest

from hotspots import categories, tables
from hotspots.errors import ParameterError
from hotspots.reporting.public import you_said_we_did
from hotspots.reporting.public.responses import Responses
from hotspots.reporting.public.you_said_we_did import UpdateParams

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


def updates_of(
    answers: pd.DataFrame, day: date = DAY, params: UpdateParams = PARAMS, **given: pd.DataFrame
) -> dict[str, you_said_we_did.Update]:
    tables_of = {"visits": tables.VISITS, "referrals": tables.REFERRALS, "priorities": tables.PRIORITIES}
    parts = [given.get(name, tables.empty(table)) for name, table in tables_of.items()]
    responses = Responses(*parts, given.get("actions", actions_of()), day, you_said_we_did.last_quarters(day)[0])
    made = you_said_we_did.make_updates(answers, responses, examples.no_figures(), ["East", "West"], params)
    return {update.name: update for update in made}


def actions_of(*rows: dict[str, str | None]) -> pd.DataFrame:
    """Actions in East, as `actions.locate_actions` returns them."""
    plain = {"owner": "Sergeant", "action": "Warned Bob Cratchit", "started_on": "2026-01-05", "ended_on": None,
             "outcome": "Bob Cratchit moved", "public_text": None, "where": "East", "team_name": "East"}  # fmt: skip
    frame = pd.DataFrame(
        [plain | row | {"action_id": f"a{n}"} for n, row in enumerate(rows)], columns=["action_id", *plain]
    )
    return frame.astype(dict.fromkeys(["started_on", "ended_on"], "datetime64[us]"))


def test_small_numbers_are_withheld_and_the_others_rounded() -> None:
    east = updates_of(
        answers_of(("East", None, "speeding", 13, "2025-11-03"), ("East", None, "litter", 4, "2025-11-03"))
    )["East"]
    assert [(line["issue"], line["residents"]) for line in east.issues] == [
        ("Speeding or dangerous driving", "about 15")
    ]
    assert "Litter" not in east.message


def test_a_force_without_parishes_has_figures_for_teams() -> None:
    answers = answers_of(("East", None, "speeding", 13, "2025-11-03")).assign(parish=np.nan)
    assert updates_of(answers)["East"].issues[0]["residents"] == "about 15"


def test_a_resident_counts_once_for_an_issue() -> None:
    answers = answers_of(("East", None, "speeding", 6, "2025-11-03"))
    again = pd.concat([answers, answers], ignore_index=True)
    assert updates_of(again)["East"].issues[0]["residents"] == "about 5"


def test_figures_are_the_same_in_every_week_of_a_month_without_the_current_quarter() -> None:
    answers = answers_of(("East", None, "speeding", 12, "2025-12-31"), ("East", None, "speeding", 40, "2026-01-01"))
    weeks = [updates_of(answers, day)["East"] for day in (date(2026, 1, 31), date(2026, 2, 8), DAY)]
    assert {update.quarter for update in weeks} == {"October to December 2025"}
    assert {update.issues[0]["residents"] for update in weeks} == {"about 10"}


def test_a_message_is_within_the_limit_and_ends_with_a_whole_sentence() -> None:
    groups = [("East", None, issue, 9, "2025-11-03") for issue in categories.ISSUES[:20]]
    message = updates_of(answers_of(*groups))["East"].message
    assert len(message) <= PARAMS.max_message_length
    assert message.endswith(".")
    few = updates_of(answers_of(), actions=actions_of({"public_text": "Gates were put up"}))["East"].message
    assert few.startswith("You said, we did: East, October to December 2025. Too few")
    assert few.endswith("Call 101, or 999 in an emergency. Next update: 1 April 2026.")


def test_contact_and_next_day_are_those_of_the_settings() -> None:
    params = UpdateParams(contact="Write to your team.", next_update="2026-05-02")
    update = updates_of(answers_of(("East", None, "speeding", 13, "2025-11-03")), params=params)["East"]
    assert (update.contact, update.next_update) == ("Write to your team.", "2 May 2026")
    with pytest.raises(ParameterError, match=r"next_update 'May' is not a day such as 2026-04-01"):
        UpdateParams(next_update="May")


def test_a_team_about_which_there_is_nothing_to_say_has_no_update() -> None:
    assert updates_of(answers_of(("East", None, "litter", 4, "2025-11-03"))) == {}


def test_patrol_visits_are_of_the_quarter_if_the_log_covers_it() -> None:
    days = [*pd.date_range("2025-10-02", periods=23, freq="4D"), pd.Timestamp("2026-03-02")]
    log = pd.DataFrame({"visit_id": [f"v{n}" for n in range(24)], "officer_team": "East", "started_at": days})
    log.loc[0, "officer_team"] = "West"
    visits = tables.conform(log.assign(ended_at=log["started_at"]).astype(
        dict.fromkeys(["started_at", "ended_at"], "datetime64[us]")), tables.VISITS)  # fmt: skip
    update = updates_of(answers_of(), visits=visits)
    assert update["East"].visits == "about 20 patrol visits"
    assert "West" not in update  # one visit is too few to report
    assert updates_of(answers_of(), visits=visits.iloc[3:]) == {}


def test_an_overdue_review_is_reported() -> None:
    row = {"priority_id": "p1", "team_name": "East", "issue": "litter", "agreed_on": "2025-10-01", "owner": "Sergeant",
           "review_on": "2026-01-05", "closed_on": None}  # fmt: skip
    frame = pd.DataFrame([row, {**row, "priority_id": "p2", "issue": "speeding", "review_on": "2026-06-01"}])
    for name in ("agreed_on", "review_on", "closed_on"):
        frame[name] = pd.to_datetime(frame[name]).astype("datetime64[us]")
    lines = updates_of(answers_of(), priorities=tables.conform(frame, tables.PRIORITIES))["East"].priorities
    assert lines[0].endswith("its review was due on 5 January 2026 and is overdue.")
    assert lines[1].endswith("review on 1 June 2026.")
    assert not any(re.search("Sergeant", line) for line in lines)


def referrals_of(**columns: object) -> pd.DataFrame:
    """Referrals of East's residents, as declared."""
    plain = {"partner": "Barset Council", "concerns": 6, "place": "East", "team_name": "East", "answer": None,
             "period_start": pd.Timestamp("2025-10-01"), "period_end": pd.Timestamp("2026-01-01"),
             "sent_on": pd.Timestamp("2026-01-05"), "answered_on": pd.NaT, "public_text": None}  # fmt: skip
    rows = pd.DataFrame(columns)
    frame = rows.assign(**{name: value for name, value in plain.items() if name not in rows})
    times = dict.fromkeys(["period_start", "period_end", "sent_on", "answered_on"], "datetime64[us]")
    numbered = frame.assign(referral_id=[f"r{n}" for n in range(len(frame))])
    return tables.conform(numbered.astype(times), tables.REFERRALS)


def test_of_an_action_only_the_public_text_is_published() -> None:
    actions = actions_of(
        {},
        {"public_text": "The underpass is lit again", "ended_on": "2026-02-10"},
        {"public_text": "Two youths were fined"},
        {"public_text": "Spoke to Mr Cratchit"},
        {"public_text": "Gates were put up", "started_on": "2025-03-01", "ended_on": "2025-09-30"},
        {"public_text": "Gates are put up", "started_on": "2025-03-01"},
    )
    update = updates_of(answers_of(), actions=actions)
    assert update["East"].actions == ["January to February 2026: The underpass is lit again.",
                                      "Since March 2025: Gates are put up."]  # fmt: skip
    assert "West" not in update
    assert "January to February 2026: The underpass is lit again." in update["East"].message
    assert "Cratchit" not in repr(update)


def test_a_parish_update_has_actions_there_and_in_the_whole_area_of_its_team() -> None:
    actions = actions_of({"public_text": "Lit again", "where": "Ham"}, {"public_text": "Walks", "where": "East"},
                         {"public_text": "Gates", "where": "Tun"})  # fmt: skip
    groups = [("East", parish, "litter", 9, "2025-11-03") for parish in ("Ham", "Tun")]
    update = updates_of(answers_of(*groups), actions=actions)
    assert [line.partition(": ")[2] for line in update["Ham"].actions] == ["Lit again.", "Walks."]
    assert len(update["East"].actions) == 3


def test_a_partner_s_answer_is_published_as_public_text_or_only_as_answered() -> None:
    sent = referrals_of(issue=["litter", "fly_tipping", "noise"], answer=["Ask Jo", "Fined Bob", None],
                        public_text=["Bins are emptied daily", "Bob at 4 Mill Lane was fined", None])  # fmt: skip
    groups = [("East", None, issue, 9, "2025-11-03") for issue in ("litter", "fly_tipping", "noise", "road_defect")]
    lines = {
        line["code"]: " ".join(line["responses"])
        for line in updates_of(answers_of(*groups), referrals=sent)["East"].issues
    }
    assert lines == {
        "litter": "Referred to Barset Council. Barset Council has answered: “Bins are emptied daily.”",
        "fly_tipping": "Referred to Barset Council. Barset Council has answered.",
        "noise": "Referred to Barset Council.",
        "road_defect": "",
    }


def test_other_issues_referred_to_a_partner_have_no_number() -> None:
    groups = [("East", None, issue, 20, "2025-11-03") for issue in ("speeding", "burglary", "drugs", "rowdy_behaviour")]
    groups += [("East", None, "unsafe", 20, "2025-11-03"), ("East", None, "litter", 9, "2025-11-03")]
    sent = referrals_of(issue=["litter", "graffiti"], answer=["Cleared by Bob", None], public_text=["Bins came", None])
    update = updates_of(answers_of(*groups), referrals=sent)["East"]
    # graffiti: its number is withheld
    assert update.other_referrals == [
        "Barset Council: litter, bins, street cleaning. Answers: litter, bins, street cleaning: “Bins came.”"
    ]


def test_more_or_fewer_residents_means_a_significant_change() -> None:
    """One resident may carry a figure over a rounding; the record's own changes are held to the same."""
    now = (("speeding", 33), ("litter", 60), ("noise", 32), ("burglary", 27), ("drugs", 40))
    before = (("speeding", 32), ("litter", 20), ("noise", 22), ("burglary", 60))
    groups = [("East", None, issue, n, day) for day, counts in (("2025-11-03", now), ("2025-08-03", before))
              for issue, n in counts]  # fmt: skip
    update = updates_of(answers_of(*groups))["East"]
    assert {line["code"]: (line["before"], line["residents"], line["change"]) for line in update.issues} == {
        "litter": ("about 20", "about 60", "more"),
        "drugs": ("withheld", "about 40", "not known"),
        "speeding": ("about 30", "about 35", "no clear change"),
        "noise": ("about 20", "about 30", "no clear change"),
        "burglary": ("about 60", "about 25", "fewer"),
    }


def test_in_a_message_issues_with_commas_in_their_names_are_separated() -> None:
    counts = (("road_defect", 20), ("litter", 15), ("drugs", 9))
    groups = [("East", None, issue, n, "2025-11-03") for issue, n in counts]
    message = updates_of(answers_of(*groups))["East"].message
    assert (
        "Your top concerns: potholes, road surface and markings, ironwork (about 20); "
        "litter, bins, street cleaning (about 15); and drug dealing or use (about 10)." in message
    )
