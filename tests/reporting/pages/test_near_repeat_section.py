"""Near-repeat zones on the page, in the map's table and in the briefings."""

from dataclasses import replace
from pathlib import Path

import made_up_report as examples
import pandas as pd
import pypdfium2
import pytest

from hotspots.reporting import formatting
from hotspots.reporting.briefings import team_briefing
from hotspots.reporting.pages import near_repeat_section
from hotspots.reporting.report import Report
from hotspots.reporting.web_map import area_layers, map_page


def with_zones(number: int, **columns: object) -> Report:
    """A run with so many zones, columns of theirs given."""
    made = examples.made_near_repeats().iloc[[0] * number].reset_index(drop=True)
    ids = [f"near-repeat-2025-09-30-{n:03d}" for n in range(1, number + 1)]
    return examples.report(near_repeats=made.assign(zone_id=ids, **columns))


def text_of(path: Path) -> str:
    return "\n".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(path))


# answers


def test_the_page_has_the_findings_and_lists_the_zones_with_their_last_day(run: Report) -> None:
    page = examples.page(run, "areas.html")
    section = page[page.index('<h2 id="near_repeats">') : page.index('<h2 id="months">')]
    assert "Burglaries come back here." in section
    row = section[section.index("near-repeat-2025-09-30-002") :]
    assert 'href="map.html#near-repeat-2025-09-30-002"' in section
    assert (
        row.index(examples.STREETS[1]) < row.index("3</td>") < row.index("24 September 2025") < row.index("8 October")
    )


def test_the_first_zones_are_on_the_page_and_all_on_the_map() -> None:
    report = with_zones(13)
    page, drawn = examples.page(report, "areas.html"), map_page.draw_map(report)
    assert page.count("map.html#near-repeat-2025-09-30-") == near_repeat_section.SHOWN == 10
    assert "3 more zones are on the" in page
    assert all(f"#near-repeat-2025-09-30-{n:03d}" in drawn for n in range(1, 14))


@pytest.mark.parametrize("zones", [None, "none"])
def test_without_zones_the_findings_are_on_the_page_on_the_method(run: Report, zones: str | None) -> None:
    table = None if zones is None else run.near_repeats.iloc[:0]
    report = replace(run, near_repeats=table, near_repeat_words=("None here.",))
    assert '<h2 id="near_repeats">' not in examples.page(report, "areas.html")
    assert "None here." in examples.page(report, "method.html")
    unknown = examples.page(replace(report, near_repeat_words=()), "method.html")
    assert "Near repeats were not analysed in this run." in unknown


def test_the_map_shows_how_much_more_common_near_repeats_are(run: Report) -> None:
    layer = area_layers.near_repeats(run)
    assert layer.titles[0] == f"Near-repeat zone 1: {examples.STREETS[0]}"
    fields = dict(layer.fields[0])
    assert fields["Valid until"] == "12 October 2025"
    ratio = "1.7 times the number expected by chance (80 % range 1.4 to 2.1)"
    assert fields["Near repeats in the force"] == ratio


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
    text = text_of(path)
    assert text.count("Near repeats: ") == 2  # the first two; the map has all
