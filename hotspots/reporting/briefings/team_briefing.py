"""Write a briefing for each team: one page with a map, the first areas, a rota, tactics and questions."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from hotspots import tables
from hotspots.reporting import formatting
from hotspots.reporting.briefings import area_list, base_map_picture, map_picture, profile_pages, rota
from hotspots.reporting.briefings.page_frame import FOOTER, begin_page
from hotspots.reporting.briefings.pdf_pages import INK, INNER, MARGIN, SHADE, Sheet
from hotspots.reporting.pages import near_repeat_section
from hotspots.reporting.report import Report
from hotspots.reporting.web_map import grid_counts

MAX_SCALE_WITH_NAMES = 40.0  # metres per millimetre: street names do not fit at smaller scales
_COLUMN = (INNER - 6) / 2
_MAP_TOP, _MAP_HEIGHT, _AREA_HEIGHT = 33.0, 46.0, 31.0
_ROTA_HEIGHT = 44.0
_BOXES_TOP = 253.0
_OUTLINED = ("force", "LPA", "LPT", "NPT", "SNT", "beat")
_TACTICS = {
    "asb": (
        "ASB: walk in sight for 10 to 16 minutes, then leave and return at another time.",
        "Speak to people, and pass lighting, litter and access faults to partners.",
    ),
    "burglary": (
        "Burglary: walk alleys and the backs of houses; call on neighbours of recent burglaries.",
        "Advise on locks, lights and marking property.",
    ),
}


def write_briefings(report: Report, folder: Path) -> list[Path]:
    """Write a page for each team with patrol areas to an existing folder, and its problem profiles below it."""
    base_map = _base_map(report)
    ranked = report.patrol_areas.sort_values(["family", "rank", "patrol_area_id"])
    pages = [
        _write_team(report, ranked[ranked["team_name"] == team], base_map, folder / f"{name}.pdf")
        for team, name in formatting.team_file_names(ranked["team_name"]).items()
    ]
    return pages + profile_pages.write_profiles(report, base_map, folder)


def _write_team(report: Report, areas: gpd.GeoDataFrame, base_map: map_picture.BaseMap, path: Path) -> Path:
    """Write the page of one team; without times there is no rota, and the maps are larger."""
    team = areas["team_name"].iloc[0]
    name = formatting.place(team, 60)
    sheet = Sheet(f"{name}: where to patrol, {formatting.day(report.as_of)}", report.as_of)
    begin_page(sheet, report, f"{name}: where to patrol")
    first = areas.groupby("family", observed=True).head(area_list.WITH_MAP)
    has_rota = any(rota.peak_days(formatting.when(row))[0] for _, row in first.iterrows())
    room = 0.0 if has_rota else _ROTA_HEIGHT
    map_height, step = _MAP_HEIGHT + room * 0.4, _AREA_HEIGHT + room * 0.2
    shown = areas.groupby("family", observed=True).head(area_list.SHOWN)
    _map(sheet, shown, base_map, map_height)
    for column, family in enumerate(tables.FAMILIES):
        left, own = MARGIN + column * (_COLUMN + 6), areas[areas["family"] == family]
        top = _MAP_TOP + map_height + 7
        area_list.draw_list(sheet, own, family, base_map, x=left, y=top, width=_COLUMN, step=step)
    if has_rota:
        rota.draw_rota(sheet, first, _BOXES_TOP - _ROTA_HEIGHT)
    has_times = bool((report.incidents["date_precision"] == "minute").any())
    zones = [f"Near repeats: {zone}" for zone in near_repeat_section.of_team(report, team)[:2]]
    _box(sheet, MARGIN, "What to do", [*zones, *(line for f in tables.FAMILIES for line in _TACTICS[f])])
    _box(sheet, MARGIN + _COLUMN + 6, "Ask residents", questions(shown, has_times=has_times))
    return sheet.save(path)


def _map(sheet: Sheet, shown: gpd.GeoDataFrame, base_map: map_picture.BaseMap, height: float) -> None:
    """Draw a map of the team's areas."""
    frame = map_picture.fit(shown.total_bounds, (MARGIN, _MAP_TOP, INNER, height))
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


def _box(sheet: Sheet, x: float, heading: str, lines: list[str]) -> None:
    """Draw a box of short lines at the foot of the page, as many as fit."""
    bottom = FOOTER - 5
    sheet.box(x, _BOXES_TOP, _COLUMN, bottom - _BOXES_TOP, fill=SHADE)
    y = _BOXES_TOP + 4.5
    sheet.text(x + 3, y, heading, 10, bold=True)
    y += 4.3
    for line in lines:
        wrapped = len(sheet.wrap(line, _COLUMN - 9, 8, lines=2))
        if y + (wrapped - 1) * 3.4 > bottom - 1.5:
            break
        sheet.disc(x + 4, y - 1, 0.5, fill=INK)
        y = sheet.paragraph(x + 6, y, _COLUMN - 9, line, 8, lines=2) + 0.5


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
