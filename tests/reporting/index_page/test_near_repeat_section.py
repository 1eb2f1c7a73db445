"""Near-repeat zones where people read of them: the page, the map's table and the teams' sheets."""

from dataclasses import replace
from pathlib import Path

import made_up_report as examples
import pandas as pd
import pypdfium2
import pytest

from hotspots.reporting import formatting
from hotspots.reporting.briefings import team_briefing
from hotspots.reporting.index_page import index_page, near_repeat_section
from hotspots.reporting.report import Report
from hotspots.reporting.web_map import map_page, near_repeat_layer


def with_zones(number: int, **columns: object) -> Report:
    """A run with so many zones, columns of theirs given."""
    made = examples.made_near_repeats().iloc[[0] * number].reset_index(drop=True)
    ids = [f"near-repeat-2025-09-30-{n:03d}" for n in range(1, number + 1)]
    return examples.report(near_repeats=made.assign(zone_id=ids, **columns))


def text_of(path: Path) -> str:
    return "\n".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(path))


# answers


def test_the_page_says_what_was_found_and_lists_the_zones_with_their_last_day(run: Report) -> None:
    page = index_page.draw_index(run)
    section = page[page.index('<h2 id="near">') : page.index('<h2 id="concerns">')]
    assert "Burglaries come back here." in section
    row = section[section.index("near-repeat-2025-09-30-002") :]
    assert 'href="map.html#near-repeat-2025-09-30-002"' in section
    assert (
        row.index(examples.STREETS[1]) < row.index("3</td>") < row.index("24 September 2025") < row.index("8 October")
    )


def test_the_first_zones_stand_on_the_page_and_all_on_the_map() -> None:
    report = with_zones(13)
    page, drawn = index_page.draw_index(report), map_page.draw_map(report)
    assert page.count("map.html#near-repeat-2025-09-30-") == near_repeat_section.SHOWN == 10
    assert "3 more zones stand on the" in page
    assert all(f"#near-repeat-2025-09-30-{n:03d}" in drawn for n in range(1, 14))


@pytest.mark.parametrize("zones", [None, "none"])
def test_without_zones_the_words_stand_alone(run: Report, zones: str | None) -> None:
    held = None if zones is None else run.near_repeats.iloc[:0]
    page = index_page.draw_index(replace(run, near_repeats=held, near_repeat_words=("None here.",)))
    assert "None here." in page and "near-repeat-2025" not in page
    assert "Nobody looked for near repeats in this run." in index_page.draw_index(replace(run, near_repeat_words=()))


def test_the_map_says_how_much_commoner_near_repeats_are(run: Report) -> None:
    layer = near_repeat_layer.layer(run)
    assert layer.titles[0] == f"Near-repeat zone 1: {examples.STREETS[0]}"
    told = dict(layer.told[0])
    assert told["Holds until"] == "12 October 2025"
    assert told["Near repeats in the force"] == "1.7 times as many as by chance (1.4 to 2.1, 4 times in 5)"


def test_a_team_s_sheet_has_a_line_for_each_of_its_zones(run: Report, tmp_path: Path) -> None:
    team = str(run.patrol_areas["team_name"].iloc[0])
    assert near_repeat_section.of_team(run, "another team") == []
    three = near_repeat_section.of_team(with_zones(3, team_name=team), team)
    assert three == [f"{examples.STREETS[0]}: 2 burglaries, until 12 October 2025"] * 3
    five = with_zones(5, team_name=team)
    assert near_repeat_section.of_team(five, team)[3:] == ["2 more zones: see the map"]
    path = next(
        p
        for p in team_briefing.write_briefings(five, tmp_path)
        if p.stem == formatting.team_file_names(pd.Series([team]))[team]
    )
    said = text_of(path)
    assert "Burglary may come back soon around" in said and "2 more zones: see the map" in said
