"""Sections about residents: overdue, actions, referrals, engagement and confidence, against tables made by hand."""

import re
from dataclasses import replace

import made_up_report as examples
import pandas as pd
import pytest

from hotspots import surveys, tables
from hotspots.reporting import actions
from hotspots.reporting.charts import confidence, deprivation
from hotspots.reporting.pages import actions_section, key_points, report_pages
from hotspots.reporting.report import Report
from hotspots.reporting.residents_report import ResidentsReport


def section(run: Report, name: str) -> str:
    found = re.search(
        rf'<section aria-labelledby="{name}">.*?</section>', examples.page(run, "residents.html"), flags=re.DOTALL
    )
    assert found
    return found[0]


def test_overdue_reviews_and_answers_are_in_the_line_on_residents(run: Report) -> None:
    lines = key_points.list_key_points(run)
    assert [heading for heading, _ in lines] == ["Recorded", "Change", "Residents", "Accuracy", "Data"]
    assert dict(lines)["Residents"].endswith(
        "1 priority is overdue for review (Littleham). 2 referrals have had no answer for more than 28 days "
        "(Environment Agency; Littleham Town Council)."
    )


@pytest.mark.parametrize(
    ("day", "overdue"), [("2025-08-28", 0), ("2025-08-29", 2), ("2025-10-28", 2), ("2025-10-29", 4)]
)
def test_an_answer_is_overdue_after_28_days_and_not_on_the_28th(run: Report, day: str, overdue: int) -> None:
    assert len(run.residents.overdue_referrals(pd.Timestamp(day).date())) == overdue


def test_each_team_has_a_row_of_priorities_actions_and_referrals(run: Report) -> None:
    rows = {row["team"]: list(row.values())[1:] for row in actions_section.of_report(run)["teams"]}
    # priorities, reviews overdue, ongoing actions, ended actions, referred, answered, overdue
    assert rows["Littleham"][:2] == [1, 1] and rows["Littleham"][4:] == [6, 2, 2]
    assert rows["Stowbridge"] == [1, 0, 1, 0, 0, 0, 0]
    assert sum(row[2] + row[3] for row in rows.values()) == len(run.residents.actions)


def test_priorities_have_owner_and_review_and_closed_ones_come_last(run: Report) -> None:
    lines = actions_section.of_report(run)["priorities"]
    assert [(line["team"], line["review"], line["state"]) for line in lines] == [
        ("Littleham", "1 September 2025", "review overdue"),
        ("Stowbridge", "1 December 2025", ""),
        ("Stowbridge", "1 March 2025", "closed 5 March 2025"),
    ]
    page = section(run, "actions")
    assert "Neighbourhood inspector" in page and "<b>review overdue</b>" in page


def test_actions_have_a_place_and_whether_they_are_published(run: Report) -> None:
    lines = {line["action"]: line for line in actions_section.of_report(run)["actions"]}
    hotspot = run.hotspots.set_index("hotspot_id").loc["asb-2025-09-0001"]
    assert lines["Foot patrols"]["where"] == f"Around {hotspot['main_location'].removeprefix('On or near ')}"
    assert (lines["Lamps mended"]["where"], lines["Lamps mended"]["public"]) == ("Littleham East", "yes")
    assert (lines["Doors knocked at"]["where"], lines["Doors knocked at"]["public"]) == ("Stowbridge", "withheld")
    assert (lines["Gates put up"]["where"], lines["Gates put up"]["public"]) == ("A hotspot of an earlier run", "no")
    assert "1 public text is withheld because it contains" in section(run, "actions")


def test_an_action_follows_its_hotspot_to_a_new_id(run: Report) -> None:
    renamed = run.hotspots.assign(previous_hotspot_id=run.hotspots["hotspot_id"].mask(run.hotspots.index != 3))
    renamed["hotspot_id"] = renamed["hotspot_id"].mask(renamed.index == 3, "asb-2025-10-0099")
    about = run.residents.actions.assign(hotspot_id=run.hotspots["hotspot_id"].iloc[3])
    assert set(actions.locate_actions(about, renamed, run.patrol_areas, run.places)["current_hotspot_id"]) == {
        "asb-2025-10-0099"
    }


def test_answers_of_partners_and_unknown_references_are_reported(run: Report) -> None:
    page = section(run, "actions")
    assert "3 referrals with 26 residents to 2 partners with this report. Of 6 so far, 2 have been answered." in page
    assert "1 answer has a reference that was never sent: 2025-01-01-nosuch." in page
    assert page.count("Signs were put up.") == 2


def test_suggestions_have_method_time_and_reason_and_the_rest_is_folded_away(run: Report) -> None:
    page = section(run, "engagement")
    open_part, _, folded = page.partition("<details>")
    assert open_part.count("20 of 22 residents worry.") == 8 and folded.count("20 of 22 residents worry.") == 4
    assert "Walk and talk" in page and "Fridays, in the evening" in page and "400 residents responded" in page


def test_deciles_are_drawn_by_responses_per_thousand_and_small_numbers_are_words() -> None:
    svg = deprivation.draw_deciles(examples.made_residents_report().deciles)
    wide = [float(each) for each in re.findall(r'<rect [^>]*width="([\d.]+)"', svg)]
    assert wide[0] == 0 and "fewer than 3" in svg
    assert wide[-1] / wide[1] == pytest.approx(180 / 20, rel=0.01)
    assert f">{1000 * 180 / 9000:.1f}</text>" in svg
    assert deprivation.draw_deciles(pd.DataFrame()) == ""


def test_response_rates_are_left_out_if_nobody_responded() -> None:
    residents = examples.made_residents_report()
    silent = replace(residents, deciles=residents.deciles.assign(answers=0))
    assert deprivation.draw_deciles(silent.deciles) == ""
    assert "by deprivation" not in section(examples.report(residents=silent), "engagement")
    assert "by deprivation" in section(examples.report(residents=residents), "engagement")


def test_confidence_is_drawn_at_its_share_and_a_significant_fall_is_bold(run: Report) -> None:
    (question,) = confidence.of_report(run)
    dots = [float(x) for x in re.findall(r'<circle class="now" cx="([\d.]+)" cy="[\d.]+" r="5"/>', question["svg"])][1:]
    left, right = (float(x) for x in re.findall(r'x1="([\d.]+)"', question["svg"])[0:5:4])
    shares = [(x - left) / (right - left) for x in dots]
    assert shares == pytest.approx([0.55, 0.6, 0.6, 0.35], abs=0.005)  # the force, Great Bexley, Littleham, Stowbridge
    assert re.findall(r'font-weight="700">(.*?)<', question["svg"]) == ["Stowbridge"]
    assert len(question["rows"]) == 8
    assert question["rows"][-1] == ["Stowbridge", "2025-Q2", "35 %", "29 % to 42 %", "200",
                                    "−25 points, significant"]  # fmt: skip
    text = section(run, "confidence")
    assert "Stowbridge, “Police do a good job”: 35 % in 2025-Q2, 60 % in 2025-Q1. The change is significant." in text
    assert "the design effect" in text


def test_a_run_without_any_of_these_has_no_page_on_residents_and_no_overdue_line() -> None:
    bare = examples.bare()
    assert "residents.html" not in report_pages.draw_pages(bare)
    assert "residents.html" not in examples.page(bare)
    assert "overdue" not in dict(key_points.list_key_points(bare))["Residents"]


def test_long_lists_fold_away(run: Report) -> None:
    many = pd.concat([run.residents.priorities] * 5, ignore_index=True)
    many = tables.conform(many.assign(priority_id=[f"p{n}" for n in range(len(many))]), tables.PRIORITIES)
    page = section(replace(run, residents=replace(run.residents, priorities=many)), "actions")
    assert "<details><summary>Local priorities (15)</summary>" in page
    assert "<details open><summary>Actions (4)</summary>" in page


def test_the_order_of_rows_does_not_matter(run: Report) -> None:
    residents = run.residents
    names = ("priorities", "actions", "referrals", "engagement", "comparison")
    mixed = {name: getattr(residents, name).sample(frac=1, random_state=3) for name in names}
    other = replace(run, residents=ResidentsReport(**{**vars(residents), **mixed}))
    for name in ("actions", "engagement", "confidence"):
        assert section(run, name) == section(other, name)


def test_without_respondent_ids_answers_are_counted_and_an_unknown_council_is_one_item(run: Report) -> None:
    counted = {"counted": surveys.ANSWERS, "unknown_council": 312}
    residents = replace(run.residents, **counted)
    anonymous = replace(run, residents=residents, concerns=run.concerns.assign(respondent_id=None))
    actions_page = section(anonymous, "actions")
    assert "3 referrals with 26 answers to 2 partners with this report." in actions_page
    assert actions_page.count("312 answers are for a council that is not known") == 1
    assert '<th scope="col" class="n">Answers</th>' in actions_page
    assert "400 answers were received." in section(anonymous, "engagement")
    assert " residents. " not in section(anonymous, "concerns") and "answers. " in section(anonymous, "concerns")
