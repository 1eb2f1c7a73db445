"""Lists that people fill in: told by their headings, read in any spelling, without mail addresses and telephones."""

import pandas as pd
import pytest

from hotspots.sources import local_lists

DAY = pd.Timestamp("2026-03-29")


@pytest.mark.parametrize(
    ("headings", "kind"),
    [
        ("referral_id,partner,issue,concerns,place,answer,answered_on", "referral_answers"),
        ("Priority ID,Team,Issue,Agreed on,Owner,Review date", "priorities"),
        ("Wave,Area,Question,Percentage,Base", "confidence"),
        ("action_id,place_code,owner,action,started_on", "actions"),
        ("Response ID,Submitted,Postcode,Answer", ""),
        ("Crime ID,Month,Longitude,Latitude,Crime type", ""),
    ],
)
def test_a_list_is_recognised_by_its_headings(write, headings: str, kind: str) -> None:
    assert local_lists.kind_of(write("list.csv", headings + "\n" + "x," * headings.count(",") + "x\n")) == kind


def test_shares_are_read_as_they_are_written_and_impossible_ones_set_aside(write) -> None:
    path = write("c.csv", "Wave,Area,Question,Percentage,Base\nQ4 2025,East,Good job,62%,\"1,204\"\n"
                          "Q4 2025,West,Good job,140%,50\nQ4 2025,Town,Good job,7%,0\n")  # fmt: skip
    rows, broken, removed = local_lists.read_list(path, "confidence")
    assert (broken, removed) == (0, 0)
    assert rows["reason"].tolist() == ["", "unreadable", "unreadable"]
    kept = local_lists.accept_rows(rows, "confidence", DAY)
    assert kept[["share", "respondents"]].iloc[0].tolist() == [0.62, 1204]


def test_what_looks_like_a_contact_is_taken_out_and_counted(write) -> None:
    path = write("r.csv", "referral_id,answer,answered_on\n"
                          "r1,\"Cleared, ask j.smith@example.org or 01632 960123\",20/03/2026\n"
                          "r2,No action,21/03/2026\n")  # fmt: skip
    rows, _, removed = local_lists.read_list(path, "referral_answers")
    assert removed == 1
    assert rows["answer"].tolist() == ["Cleared, ask [removed] or [removed]", "No action"]


def test_nothing_later_than_the_day_is_known_and_the_latest_answer_counts(write) -> None:
    path = write("r.csv", "referral_id,answer,answered_on\nr1,First,01/03/2026\n"
                          "r1,Second,08/03/2026\nr1,Third,01/04/2026\n"
                          "r2,,02/03/2026\n")  # fmt: skip
    rows, _, _ = local_lists.read_list(path, "referral_answers")
    assert local_lists.accept_rows(rows, "referral_answers", DAY)["answer"].tolist() == ["Second"]
    path = write("p.csv", "priority_id,team_name,issue,agreed_on,owner,review_on,closed_on\n"
                          "p1,East,Speeding or dangerous driving,01/02/2026,Sergeant,01/05/2026,01/04/2026\n"
                          "p2,East,nonsense,01/02/2026,Sergeant,01/05/2026,\n")  # fmt: skip
    rows, _, _ = local_lists.read_list(path, "priorities")
    assert rows["reason"].tolist() == ["", "unreadable"]
    kept = local_lists.accept_rows(rows, "priorities", DAY)
    assert (kept["issue"].tolist(), kept["closed_on"].isna().tolist()) == (["speeding"], [True])


def test_a_row_that_came_back_without_an_answer_is_no_fault(write) -> None:
    path = write("r.csv", "referral_id,partner,answer,answered_on,public_text\n"
                          "r1,Council,Cleared,20/03/2026,The street is clean; ring 01632 960123\n"
                          "r2,Council,,,\n,Council,Cleared,20/03/2026,\n")  # fmt: skip
    rows, _, removed = local_lists.read_list(path, "referral_answers")
    assert (rows["reason"].tolist(), removed) == (["", "", "unreadable"], 1)
    kept = local_lists.accept_rows(rows, "referral_answers", DAY)
    assert kept[["referral_id", "public_text"]].to_numpy().tolist() == [["r1", "The street is clean; ring [removed]"]]


def test_an_action_that_ends_before_it_begins_is_set_aside(write) -> None:
    path = write("a.csv", "action_id,owner,action,started_on,ended_on\na1,Sergeant,Stall,2026-03-25,2026-03-01\n"
                          "a2,Sergeant,Stall,2026-03-01,2026-03-01\na3,Sergeant,Stall,2026-03-01,\n")  # fmt: skip
    rows, _, _ = local_lists.read_list(path, "actions")
    assert rows["reason"].tolist() == ["unreadable", "", ""]


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-8-sig"])
def test_a_list_is_read_in_the_encoding_and_the_times_of_its_program(tmp_path, encoding: str) -> None:
    path = tmp_path / "actions.csv"
    text = "action_id;owner;action;started_on\na1;Caf\u00e9 Nero's manager;Signs;2026-03-01T23:30:00+01:00\n"
    path.write_bytes(text.encode(encoding))
    assert local_lists.kind_of(path) == "actions"
    rows, broken, _ = local_lists.read_list(path, "actions")
    assert (broken, rows["reason"].tolist()) == (0, [""])
    assert rows["started_on"].tolist() == [pd.Timestamp("2026-03-01")]
    assert "Caf\u00e9" in rows["owner"][0]
