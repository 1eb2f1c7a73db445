"""The sheet a sergeant hands out: a page of A4 for each team, and the problems that last on the pages behind it."""

from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from hotspots import tables
from hotspots.reporting import actions, formatting
from hotspots.reporting.briefings import actions_page, map_picture, problem_pages
from hotspots.reporting.briefings.pdf_pages import HEIGHT, INK, INNER, MARGIN, MARK, RULE, SHADE, SOFT, WIDTH, Sheet
from hotspots.reporting.briefings.problem_profiles import Problem, lasting_problems
from hotspots.reporting.charts import week_heatmap
from hotspots.reporting.index_page import actions_section, near_repeat_section
from hotspots.reporting.report import Report
from hotspots.reporting.web_map import grid_counts

SHOWN = 6  # areas a family on the page; the lists hold them all
NAMES_BELOW = 40.0  # metres a millimetre: further out there is no room for names of streets
_WHITE = (255, 255, 255)
_COLUMN = (INNER - 6) / 2
_MAP_TOP, _MAP_HEIGHT = 33.0, 84.0
_LISTS_TOP = _MAP_TOP + _MAP_HEIGHT + 7
_LISTS_BOTTOM = 224.0
_OUTLINED = ("force", "LPA", "LPT", "NPT", "SNT", "beat")
_FOOT = HEIGHT - 9


def write_briefings(report: Report, folder: Path) -> list[Path]:
    """A PDF for each team with areas on the list, in a folder that exists."""
    problems, country, done = lasting_problems(report), _country(report), actions.of_report(report)
    ranked = report.patrol_areas.sort_values(["family", "rank", "patrol_area_id"])
    paths = []
    for team, name in formatting.team_file_names(ranked["team_name"]).items():
        own = [problem for problem in problems if problem.team == team]
        promised = actions_section.of_team(report, team, done)
        areas = ranked[ranked["team_name"] == team]
        paths.append(_write_team(report, areas, own, promised, country, folder / f"{name}.pdf"))
    return paths


def _write_team(
    report: Report,
    areas: gpd.GeoDataFrame,
    problems: list[Problem],
    promised: dict[str, list[str]],
    country: map_picture.Country,
    path: Path,
) -> Path:
    """One team's document."""
    team = areas["team_name"].iloc[0]
    name = formatting.place(team, 60)
    sheet = Sheet(f"{name}: where to patrol, {formatting.day(report.as_of)}", report.as_of)
    shown = areas.groupby("family", observed=True).head(SHOWN)
    sheet.add_page()
    _head(sheet, report, f"{name}: where to patrol")
    _map(sheet, shown, country)
    for column, family in enumerate(tables.FAMILIES):
        _list(sheet, report, areas[areas["family"] == family], family, MARGIN + column * (_COLUMN + 6))
    _questions(sheet, shown, has_times=bool((report.incidents["date_precision"] == "minute").any()))
    _notes(sheet, near_repeat_section.of_team(report, team))
    _foot(sheet, report, 1)
    if promised:
        sheet.add_page()
        _head(sheet, report, f"{name}: promised, done and answered")
        actions_page.draw_page(sheet, promised)
        _foot(sheet, report, 2)
    for number, page in enumerate(problem_pages.pages(problems), start=3 if promised else 2):
        sheet.add_page()
        _head(sheet, report, f"{name}: places that stay busy")
        problem_pages.draw_page(sheet, page, country)
        _foot(sheet, report, number)
    return sheet.save(path)


def _head(sheet: Sheet, report: Report, title: str) -> None:
    """The band at the top: marking, team, day, and the day after which it must not be used."""
    sheet.box(0, 0, WIDTH, 29, fill=MARK)
    marking = sheet.cut(report.marking, 80, 8, bold=True)
    wide = sheet.width(marking, 8, bold=True) + 4
    sheet.box(MARGIN, 5, wide, 5, line=_WHITE)
    sheet.text(MARGIN + 2, 8.6, marking, 8, bold=True, colour=_WHITE)
    sheet.text(WIDTH - MARGIN, 8.6, sheet.cut(report.force_name, 90, 9), 9, colour=_WHITE, align="right")
    sheet.text(MARGIN, 18.5, sheet.cut(title, INNER, 17, bold=True), 17, bold=True, colour=_WHITE)
    until = formatting.day(report.expires_on)
    sheet.text(
        MARGIN,
        25,
        f"As of {formatting.day(report.as_of)}, for {formatting.clean(report.horizon_label, 60)}.",
        9.5,
        colour=_WHITE,
    )
    sheet.text(WIDTH - MARGIN, 25, f"Not for use after {until}", 9.5, bold=True, colour=_WHITE, align="right")


def _map(sheet: Sheet, shown: gpd.GeoDataFrame, country: map_picture.Country) -> None:
    """The team's areas on a map as wide as the page."""
    frame = map_picture.fit(shown.total_bounds, (MARGIN, _MAP_TOP, INNER, _MAP_HEIGHT))
    ordered = shown.sort_values(["rank", "family", "patrol_area_id"])
    families, shapes = ordered["family"].astype("str"), ordered.geometry
    placed = map_picture.place_numbers(frame, shapes)
    map_picture.draw_ground(sheet, frame, country)
    map_picture.draw_areas(sheet, frame, zip(families, shapes, strict=True))
    near = country.streets if frame.metres_a_mm < NAMES_BELOW else country.streets.iloc[:0]
    names = pd.concat([country.towns, near], ignore_index=True)
    map_picture.draw_names(sheet, frame, names, [spot for _, spot in placed])
    map_picture.draw_numbers(sheet, list(zip(families, ordered["rank"].astype("str"), strict=True)), placed)
    map_picture.draw_border(sheet, frame)


def _list(sheet: Sheet, report: Report, areas: gpd.GeoDataFrame, family: str, x: float) -> None:
    """One family's areas: number, place, what to expect, when, why."""
    y = _LISTS_TOP
    map_picture.draw_mark(sheet, x + 2.5, y - 1.2, family, "")
    sheet.text(x + 7, y, formatting.FAMILY_SHORT[family], 12, bold=True, colour=map_picture.LINES[family])
    sheet.text(x + _COLUMN, y, "expected (4 times in 5)", 7.5, colour=SOFT, align="right")
    sheet.rule(x, y + 2, x + _COLUMN, y + 2, colour=map_picture.LINES[family], width=0.5)
    y += 7
    if areas.empty:
        sheet.text(x, y, "No area of this team is on the list.", 9, colour=SOFT)
    for _, row in areas.head(SHOWN).iterrows():
        y = _area(sheet, report, row, family, x, y)
    more = len(areas) - SHOWN
    if more > 0:
        said = f"{formatting.counted(more, 'more area', 'more areas')} of this team: see patrol_areas.xlsx"
        sheet.text(x + 7, min(y, _LISTS_BOTTOM - 1), said, 7.5, colour=SOFT)


def _area(sheet: Sheet, report: Report, row: pd.Series, family: str, x: float, y: float) -> float:
    """One area; returns where the next begins."""
    map_picture.draw_mark(sheet, x + 2.6, y - 1, family, str(row["rank"]))
    expected = formatting.interval(row["expected"], row["expected_low"], row["expected_high"])
    sheet.text(x + _COLUMN, y, expected, 9, align="right")
    place = formatting.street(row["main_location"])
    room = _COLUMN - 9 - sheet.width(expected, 9)
    sheet.text(x + 7, y, sheet.cut(place, room, 10, bold=True), 10, bold=True)
    times = "; ".join(f"{name}: {text}" for name, text in formatting.peaks(row)) or _busiest(report, row, family)
    why = _why(row["reason"])
    y = sheet.paragraph(x + 7, y + 3.9, _COLUMN - 7, times, 7.5, lines=1, bold=True)
    sheet.paragraph(x + 7, y, _COLUMN - 7, why, 7.5, lines=2 if times else 3, colour=SOFT)
    step = (_LISTS_BOTTOM - _LISTS_TOP - 8) / SHOWN
    return y + step - 3.9 - (3.2 if times else 0)


def _why(reason: object) -> str:
    """Why it is listed, but for what is expected: that stands beside the name."""
    told = formatting.clean(reason, 300).rstrip(".").split("; ")
    return "; ".join([part for part in told if " expected " not in part] or told) + "."


def _busiest(report: Report, row: pd.Series, family: str) -> str:
    """The area's busiest times, where enough of its incidents have one."""
    inside = report.incidents.iloc[report.incidents.sindex.query(row["geometry"], predicate="intersects")]
    if (inside["date_precision"] == "month").all():
        return ""
    week, dated = week_heatmap.dated_week(inside, family)
    return week_heatmap.busiest(week).replace(":00", "") if dated >= week_heatmap.MIN_DATED else ""


def _questions(sheet: Sheet, shown: gpd.GeoDataFrame, *, has_times: bool) -> None:
    """What to ask residents, from what they answered so far."""
    y, top = _LISTS_BOTTOM + 6, _LISTS_BOTTOM + 1.5
    sheet.box(MARGIN, top, _COLUMN, _FOOT - 5 - top, fill=SHADE)
    sheet.text(MARGIN + 3, y, "Ask residents", 11, bold=True)
    y += 5
    for line in questions(shown, has_times=has_times):
        sheet.disc(MARGIN + 4, y - 1, 0.6, fill=INK)
        y = sheet.paragraph(MARGIN + 6.5, y, _COLUMN - 9, line, 8.5, lines=3) + 1.2


def questions(shown: gpd.GeoDataFrame, *, has_times: bool) -> list[str]:
    """What to ask at the areas shown, by what is known of residents' worries there; four lines at most."""
    lines = (
        []
        if has_times
        else ["Everywhere: on which days, at what hours? The records behind this sheet carry only a month."]
    )
    for status, ask in _ASK.items():
        where = _where(shown[shown["concern_status"] == status])
        if where:
            lines.append(ask.format(where=where))
    return [*lines[:3], "Everywhere: what would make it stop, and who else should help? Write no names on this sheet."]


_ASK = {
    "hidden_demand": "{where}: many worry, few reports. What happens, when, and why is it not reported?",
    "agreement": "{where}: residents name it too. Has it got better or worse, and at what times?",
    "unknown": "{where}: too few answers. What worries you here most? Offer the survey.",
    "normalised": "{where}: many reports, few name it. Have people got used to it, or does it not concern them?",
}


def _where(areas: pd.DataFrame) -> str:
    """Areas by family and rank: "ASB 1, 4; Burglary 3"."""
    ranks = {family: sorted(areas.loc[areas["family"] == family, "rank"].astype("int64")) for family in tables.FAMILIES}
    return "; ".join(f"{formatting.FAMILY_SHORT[f]} {', '.join(map(str, held))}" for f, held in ranks.items() if held)


def _notes(sheet: Sheet, zones: list[str]) -> None:
    """A box to write in, under the zones in which burglary may come back soon."""
    x, top = MARGIN + _COLUMN + 6, _LISTS_BOTTOM + 1.5
    sheet.box(x, top, _COLUMN, _FOOT - 5 - top, line=INK)
    y = top + 4.5
    if zones:
        sheet.text(x + 3, y, "Burglary may come back soon around", 8.5, bold=True)
        for line in zones:
            y += 3.8
            sheet.text(x + 3, y, sheet.cut(line, _COLUMN - 6, 8), 8)
        y += 6
    sheet.text(x + 3, y, "Notes: what was seen, done, heard", 8.5, colour=SOFT)
    for line_y in _lines(y + 9.5, _FOOT - 8):
        sheet.rule(x + 3, line_y, x + _COLUMN - 3, line_y, colour=RULE)


def _lines(top: float, bottom: float) -> Iterator[float]:
    """Where lines to write on stand."""
    while top < bottom:
        yield top
        top += 8


def _foot(sheet: Sheet, report: Report, page: int) -> None:
    """Marking, sources and page at the bottom."""
    source = "; ".join(report.sources) or report.force_name
    sheet.paragraph(MARGIN, _FOOT - 0.5, INNER - 45, source, 6.5, lines=2, colour=SOFT)
    said = f"{sheet.cut(report.marking, 40, 7, bold=True)}   page {page}"
    sheet.text(WIDTH - MARGIN, _FOOT + 1, said, 7, bold=True, colour=SOFT, align="right")


def _country(report: Report) -> map_picture.Country:
    """What maps show besides areas: where anything was recorded, names of streets near the areas, outlines."""
    places = report.places_now
    base = tables.empty(tables.BASE_MAP) if report.base_map is None else report.base_map.sort_values("feature_id")
    return map_picture.Country(
        recorded=np.unique(report.incidents.get_coordinates().dropna().to_numpy(), axis=0),
        streets=grid_counts.street_names(report.incidents, report.patrol_areas, around_m=400),
        outlines=list(places[places["kind"].isin(_OUTLINED)].sort_values(["kind", "place_code"]).geometry),
        towns=_named_points(base[(base["kind"] == "place") & base["name"].notna()]),
        roads=list(base[base["kind"].isin(["road", "railway"])].geometry),
        rivers=list(base[base["kind"].isin(["river", "water"])].geometry),
    )


def _named_points(places: gpd.GeoDataFrame) -> pd.DataFrame:
    """Names of places and a point in each."""
    points = places.geometry.representative_point()
    names = [formatting.clean(name, 40) for name in places["name"]]
    return pd.DataFrame({"name": names, "easting": points.x.to_numpy(), "northing": points.y.to_numpy()})
