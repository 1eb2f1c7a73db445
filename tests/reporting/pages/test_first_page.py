"""The first page: what changed with its months, ten areas of each family with one reason, hidden demand, data."""

import re
from dataclasses import replace

import made_up_report as examples
import pandas as pd
import pytest
import shapely

from hotspots.reporting import changes, formatting
from hotspots.reporting.pages import change_section, data_quality_page, first_areas, hidden_demand
from hotspots.reporting.report import Report

MAX_WORDS = 1200


def words_of(page: str) -> list[str]:
    body = re.sub(r"<(style|script|title|desc)\b.*?</\1>", " ", page, flags=re.DOTALL)
    return re.sub(r"<[^>]+>", " ", body).split()


def test_the_page_has_at_most_1200_words(run: Report, hostile_run: Report) -> None:
    for report in (run, examples.bare()):
        assert len(words_of(examples.page(report))) <= MAX_WORDS


def test_each_change_has_before_now_months_owner_and_action(run: Report) -> None:
    section, table = change_section.of_report(run), changes.of_report(run)
    shown = table[table["kind"].isin(change_section.KINDS)]
    assert len(section["rows"]) + section["more"] == len(shown)
    for row, truth in zip(section["rows"][: change_section.SHOWN], shown.itertuples(), strict=False):
        assert (row["place"], row["before"], row["now"]) == (
            truth.place, formatting.fixed(truth.before, 1), formatting.fixed(truth.now, 1),
        )  # fmt: skip
        assert 'class="spark"' in row["months"]
    acted = replace(run, residents=replace(run.residents, actions=run.residents.actions.assign(
        hotspot_id=shown["hotspot_id"].iloc[0]
    )))  # fmt: skip
    first = change_section.of_report(acted)["rows"][0]
    assert first["owner"] and first["action"]


def test_the_team_of_a_change_is_that_of_most_incidents_inside(run: Report) -> None:
    for town, (x, y) in examples.TOWNS.items():
        shapes = run.hotspots.set_geometry([shapely.Point(x, y).buffer(3000)] * len(run.hotspots), crs=run.hotspots.crs)
        assert {row["team"] for row in change_section.of_report(replace(run, hotspots=shapes))["rows"]} == {town}


def test_a_change_that_may_be_chance_is_never_worse_or_better(run: Report) -> None:
    by_chance = replace(run, hotspots=run.hotspots.assign(change_p_value=0.5))
    rows = change_section.of_report(by_chance)["rows"]
    assert {row["code"] for row in rows} == {"new"} and {row["chance"] for row in rows} == {"may be chance"}


def test_the_first_ten_areas_are_those_of_the_list_in_order(run: Report) -> None:
    for family in first_areas.of_report(run)["families"]:
        listed = run.areas_of(family["code"]).head(first_areas.SHOWN)
        assert [area["id"] for area in family["areas"]] == listed["patrol_area_id"].tolist()
        assert len(family["areas"]) == 10


REASONS = {
    "local decision": {"decision": "pin"},
    "rising: 9 in the last 3 months, 4 expected from before": {"status": "emerging", "change_p_value": 0.01},
    "falling: 9 in the last 3 months, 4 expected from before": {"status": "fading", "change_p_value": 0.01},
    "check first: nearly all records share one map point": {"flags": "single_spot"},
    "above its expected level in 9 of 12 months": {"months_significant": 9},
    "residents are concerned too (14 of 48)": {"concern_status": "agreement"},
    "30 recorded inside, more close by": {"score_nearby": 9.0},
    "30 recorded in 12 months, 9 in the last 3": {"status": "emerging", "change_p_value": 0.4},
}


@pytest.mark.parametrize("expected", REASONS)
def test_the_reason_is_the_most_useful_one_that_is_true(expected: str) -> None:
    plain = {
        "decision": None, "status": "continuing", "change_p_value": 0.5, "latest_incidents": 9, "latest_months": 3,
        "latest_expected": 4.0, "flags": None, "months_significant": 2, "months_seen": 12, "incidents": 30,
        "concern_status": "normalised", "concerns": 14, "answers": 48, "score_nearby": 1.0, "score": 10.0,
    }  # fmt: skip
    assert first_areas.reason(pd.Series(plain | REASONS[expected])) == expected


def test_harm_is_explained_only_where_it_changes_the_order(run: Report) -> None:
    areas = run.areas_of("burglary").head(3)
    falling = replace(run, patrol_areas=areas.assign(expected=[0.9, 0.8, 0.7]))
    assert not first_areas.is_ranked_by_harm(falling)
    assert "ranked by expected harm" not in examples.page(falling)
    by_harm = replace(run, patrol_areas=areas.assign(expected=[0.7, 0.9, 0.8]))
    assert "ranked by expected harm" in examples.page(by_harm)


def test_hidden_demand_has_residents_concerned_and_incidents(run: Report) -> None:
    (place,) = hidden_demand.first_places(run)
    assert (place["place"], place["concerned"], place["recorded"]) == ("Mill Lane", "20 of 22", "4")


def test_missing_and_excluded_months_and_decisions_are_named(run: Report) -> None:
    lines = data_quality_page.list_trouble(run)
    is_open = int(run.findings["is_open"].sum())
    assert sum(line.startswith("Decide: ") for line in lines) == min(is_open, data_quality_page.MAX_DECISIONS)
    assert "No data for 1 of 12 months: February 2025. Counts use the other months." in lines
    assert "ASB of May 2025 looks wrong and is not used." in lines
    assert 'id="trouble"' not in examples.page(
        replace(run, findings=run.findings[:0], left_out={}, incidents=whole(run))
    )


def whole(run: Report) -> object:
    """Incidents with a record in every month."""
    incidents = run.incidents.copy()
    incidents.loc[incidents.index[:5], "month"] = "2025-02"
    return incidents
