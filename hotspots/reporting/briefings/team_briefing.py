"""Write a briefing for each team: a page with map and areas, then actions and problem profiles."""

import re
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from hotspots import tables, wording
from hotspots.reporting import actions, formatting
from hotspots.reporting.briefings import actions_page, base_map_picture, map_picture, problem_pages
from hotspots.reporting.briefings.pdf_pages import HEIGHT, INK, INNER, MARGIN, MARK, RULE, SHADE, SOFT, WIDTH, Sheet
from hotspots.reporting.briefings.problem_profiles import Problem, persistent_problems
from hotspots.reporting.pages import actions_section, near_repeat_section
from hotspots.reporting.report import Report
from hotspots.reporting.web_map import grid_counts

SHOWN = 6  # areas per family; the exported lists have all of them
MAX_SCALE_WITH_NAMES = 40.0  # metres per millimetre: street names do not fit at smaller scales
_WHITE = (255, 255, 255)
_COLUMN = (INNER - 6) / 2
_MAP_TOP, _MAP_HEIGHT = 33.0, 84.0
_LISTS_TOP = _MAP_TOP + _MAP_HEIGHT + 7
_LISTS_BOTTOM = 224.0
_OUTLINED = ("force", "LPA", "LPT", "NPT", "SNT", "beat")
_FOOTER = HEIGHT - 9


def write_briefings(report: Report, folder: Path) -> list[Path]:
    """Write a PDF for each team with patrol areas to an existing folder."""
    problems, base_map, located = persistent_problems(report), _base_map(report), actions.of_report(report)
    ranked = report.patrol_areas.sort_values(["family", "rank", "patrol_area_id"])
    paths = []
    for team, name in formatting.team_file_names(ranked["team_name"]).items():
        own = [problem for problem in problems if problem.team == team]
        sections = actions_section.of_team(report, team, located)
        areas = ranked[ranked["team_name"] == team]
        paths.append(_write_team(report, areas, own, sections, base_map, folder / f"{name}.pdf"))
    return paths


def _write_team(
    report: Report,
    areas: gpd.GeoDataFrame,
    problems: list[Problem],
    sections: dict[str, list[str]],
    base_map: map_picture.BaseMap,
    path: Path,
) -> Path:
    """Write the briefing of one team."""
    team = areas["team_name"].iloc[0]
    name = formatting.place(team, 60)
    sheet = Sheet(f"{name}: where to patrol, {formatting.day(report.as_of)}", report.as_of)
    shown = areas.groupby("family", observed=True).head(SHOWN)
    sheet.add_page()
    _header(sheet, report, f"{name}: where to patrol")
    _map(sheet, shown, base_map)
    for column, family in enumerate(tables.FAMILIES):
        _list(sheet, areas[areas["family"] == family], family, MARGIN + column * (_COLUMN + 6))
    _questions(sheet, shown, has_times=bool((report.incidents["date_precision"] == "minute").any()))
    _notes(sheet, near_repeat_section.of_team(report, team))
    _footer(sheet, report, 1)
    if sections:
        sheet.add_page()
        _header(sheet, report, f"{name}: priorities, actions and referrals")
        actions_page.draw_page(sheet, sections)
        _footer(sheet, report, 2)
    starts = range(0, len(problems), problem_pages.PER_PAGE)
    for number, start in enumerate(starts, start=3 if sections else 2):
        sheet.add_page()
        _header(sheet, report, f"{name}: problem profiles")
        problem_pages.draw_page(sheet, problems[start : start + problem_pages.PER_PAGE], base_map)
        _footer(sheet, report, number)
    return sheet.save(path)


def _header(sheet: Sheet, report: Report, title: str) -> None:
    """Draw the header: marking, team, date and expiry date."""
    sheet.box(0, 0, WIDTH, 29, fill=MARK)
    marking = sheet.cut(report.marking, 80, 8, bold=True)
    wide = sheet.width(marking, 8, bold=True) + 4
    sheet.box(MARGIN, 5, wide, 5, line=_WHITE)
    sheet.text(MARGIN + 2, 8.6, marking, 8, bold=True, colour=_WHITE)
    sheet.text(WIDTH - MARGIN, 8.6, sheet.cut(report.force_name, 90, 9), 9, colour=_WHITE, align="right")
    sheet.text(MARGIN, 18.5, sheet.cut(title, INNER, 17, bold=True), 17, bold=True, colour=_WHITE)
    until = formatting.day(report.expires_on)
    subtitle = f"As of {formatting.day(report.as_of)}, for {formatting.clean(report.horizon_label, 60)}."
    sheet.text(MARGIN, 25, subtitle, 9.5, colour=_WHITE)
    sheet.text(WIDTH - MARGIN, 25, f"Do not use after {until}", 9.5, bold=True, colour=_WHITE, align="right")


def _map(sheet: Sheet, shown: gpd.GeoDataFrame, base_map: map_picture.BaseMap) -> None:
    """Draw a map of the team's areas."""
    frame = map_picture.fit(shown.total_bounds, (MARGIN, _MAP_TOP, INNER, _MAP_HEIGHT))
    ordered = shown.sort_values(["rank", "family", "patrol_area_id"])
    families, shapes = ordered["family"].astype("str"), ordered.geometry
    placed = map_picture.place_ranks(frame, shapes)
    base_map_picture.draw_base_map(sheet, frame, base_map)
    map_picture.draw_areas(sheet, frame, zip(families, shapes, strict=True))
    streets = base_map.streets if frame.metres_per_mm < MAX_SCALE_WITH_NAMES else base_map.streets.iloc[:0]
    names = pd.concat([base_map_picture.names(frame, base_map.features), streets], ignore_index=True)
    map_picture.draw_names(sheet, frame, names, [position for _, position in placed])
    map_picture.draw_ranks(sheet, list(zip(families, ordered["rank"].astype("str"), strict=True)), placed)
    map_picture.draw_border(sheet, frame)


def _list(sheet: Sheet, areas: gpd.GeoDataFrame, family: str, x: float) -> None:
    """Draw the list of one family: rank, place, expected incidents, times and reason."""
    y = _LISTS_TOP
    map_picture.draw_mark(sheet, x + 2.5, y - 1.2, family, "")
    sheet.text(x + 7, y, formatting.FAMILY_SHORT[family], 12, bold=True, colour=map_picture.LINES[family])
    sheet.text(x + _COLUMN, y, "expected (80 % range)", 7.5, colour=SOFT, align="right")
    sheet.rule(x, y + 2, x + _COLUMN, y + 2, colour=map_picture.LINES[family], width=0.5)
    y += 7
    if areas.empty:
        sheet.text(x, y, "No areas of this team are on the list.", 9, colour=SOFT)
    for _, row in areas.head(SHOWN).iterrows():
        y = _area(sheet, row, family, x, y)
    more = len(areas) - SHOWN
    if more > 0:
        note = f"{wording.counted(more, 'more area')} of this team: see patrol_areas.xlsx"
        sheet.text(x + 7, min(y, _LISTS_BOTTOM - 1), note, 7.5, colour=SOFT)


def _area(sheet: Sheet, row: pd.Series, family: str, x: float, y: float) -> float:
    """Draw one area, and return where the next begins."""
    map_picture.draw_mark(sheet, x + 2.6, y - 1, family, str(row["rank"]))
    expected = formatting.interval(row["expected"], row["expected_low"], row["expected_high"])
    sheet.text(x + _COLUMN, y, expected, 9, align="right")
    place = formatting.street(row["main_location"])
    room = _COLUMN - 9 - sheet.width(expected, 9)
    sheet.text(x + 7, y, sheet.cut(place, room, 10, bold=True), 10, bold=True)
    times = formatting.when(row)
    reason = _reason(row["reason"])
    y = sheet.paragraph(x + 7, y + 3.9, _COLUMN - 7, times, 7.5, lines=1, bold=True)
    sheet.paragraph(x + 7, y, _COLUMN - 7, reason, 7.5, lines=2 if times else 3, colour=SOFT)
    step = (_LISTS_BOTTOM - _LISTS_TOP - 8) / SHOWN
    return y + step - 3.9 - (3.2 if times else 0)


def _reason(reason: object) -> str:
    """Return the reason of an area without the expected number, which is shown beside the name."""
    parts = formatting.clean(reason, 300).rstrip(".").split("; ")
    return "; ".join([part for part in parts if not re.match(r"about \d+ expected ", part)] or parts) + "."


def _questions(sheet: Sheet, shown: gpd.GeoDataFrame, *, has_times: bool) -> None:
    """Draw a box of questions to residents."""
    y, top = _LISTS_BOTTOM + 6, _LISTS_BOTTOM + 1.5
    sheet.box(MARGIN, top, _COLUMN, _FOOTER - 5 - top, fill=SHADE)
    sheet.text(MARGIN + 3, y, "Ask residents", 11, bold=True)
    y += 5
    for line in questions(shown, has_times=has_times):
        sheet.disc(MARGIN + 4, y - 1, 0.6, fill=INK)
        y = sheet.paragraph(MARGIN + 6.5, y, _COLUMN - 9, line, 8.5, lines=3) + 1.2


def questions(shown: gpd.GeoDataFrame, *, has_times: bool) -> list[str]:
    """Return up to four questions to residents, by the status of their concerns in the areas shown."""
    lines = [] if has_times else ["All areas: on which days and at what times? The records have only a month."]
    for status, question in _QUESTIONS.items():
        where = _where(shown[shown["concern_status"] == status])
        if where:
            lines.append(question.format(where=where))
    return [*lines[:3], "All areas: what would help, and who else should act? Do not write names on this sheet."]


_QUESTIONS = {
    "agreement": "{where}: residents are concerned too. Has it got better or worse, and at what times?",
    "unknown": "{where}: too few responses. What concerns you most here? Offer the survey.",
    "normalised": "{where}: many reports, few concerns. Have people got used to it, or does it not affect them?",
}


def _where(areas: pd.DataFrame) -> str:
    """Return areas by family and rank: "ASB 1, 4; Burglary 3"."""
    ranks = {family: sorted(areas.loc[areas["family"] == family, "rank"].astype("int64")) for family in tables.FAMILIES}
    return "; ".join(f"{formatting.FAMILY_SHORT[f]} {', '.join(map(str, own))}" for f, own in ranks.items() if own)


def _notes(sheet: Sheet, zones: list[str]) -> None:
    """Draw a box for notes, below the near-repeat zones."""
    x, top = MARGIN + _COLUMN + 6, _LISTS_BOTTOM + 1.5
    sheet.box(x, top, _COLUMN, _FOOTER - 5 - top, line=INK)
    y = top + 4.5
    if zones:
        sheet.text(x + 3, y, "Near repeats: burglary more likely around", 8.5, bold=True)
        for line in zones:
            y += 3.8
            sheet.text(x + 3, y, sheet.cut(line, _COLUMN - 6, 8), 8)
        y += 6
    sheet.text(x + 3, y, "Notes", 8.5, colour=SOFT)
    for line_y in np.arange(y + 9.5, _FOOTER - 8, 8):
        sheet.rule(x + 3, line_y, x + _COLUMN - 3, line_y, colour=RULE)


def _footer(sheet: Sheet, report: Report, page: int) -> None:
    """Draw the footer: sources, marking and page number."""
    source = "; ".join(report.sources) or report.force_name
    sheet.paragraph(MARGIN, _FOOTER - 0.5, INNER - 45, source, 6.5, lines=2, colour=SOFT)
    marking = f"{sheet.cut(report.marking, 40, 7, bold=True)}   page {page}"
    sheet.text(WIDTH - MARGIN, _FOOTER + 1, marking, 7, bold=True, colour=SOFT, align="right")


def _base_map(report: Report) -> map_picture.BaseMap:
    """Return the base map: recorded locations, street names near the areas, outlines, roads, water and names."""
    places = report.places_now
    features = tables.empty(tables.BASE_MAP) if report.base_map is None else report.base_map.sort_values("feature_id")
    return map_picture.BaseMap(
        recorded=np.unique(report.incidents.get_coordinates().dropna().to_numpy(), axis=0),
        streets=grid_counts.street_names(report.incidents, report.patrol_areas, around_m=400),
        outlines=list(places[places["kind"].isin(_OUTLINED)].sort_values(["kind", "place_code"]).geometry),
        features=features,
    )
