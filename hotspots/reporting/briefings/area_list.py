"""Draw the areas of one family on a briefing: the first with a street map each, the next as lines."""

import re

import geopandas as gpd
import pandas as pd

from hotspots import wording
from hotspots.reporting import formatting
from hotspots.reporting.briefings import base_map_picture, map_picture
from hotspots.reporting.briefings.map_picture import BaseMap
from hotspots.reporting.briefings.pdf_pages import SOFT, Sheet

WITH_MAP = 3
SHOWN = 6  # areas of a family; the exported lists have all of them
_MIN_WIDTH_M = 420.0  # of a street map
_LINE = 4.3


def draw_list(
    sheet: Sheet,
    areas: gpd.GeoDataFrame,
    family: str,
    base_map: BaseMap,
    *,
    x: float,
    y: float,
    width: float,
    step: float,
) -> None:
    """Draw the areas of a family, ordered by rank.

    Parameters
    ----------
    sheet, base_map
        Page, and what its maps show.
    areas
        Patrol areas of one team and family.
    family
        `asb` or `burglary`.
    x, y, width
        Upper left corner and width, mm.
    step
        Height of an area with a map, mm.
    """
    colour = map_picture.LINES[family]
    map_picture.draw_mark(sheet, x + 2.5, y - 1.2, family, "")
    sheet.text(x + 7, y, formatting.FAMILY_SHORT[family], 12, bold=True, colour=colour)
    sheet.text(x + width, y, "expected (80 % range)", 7.5, colour=SOFT, align="right")
    sheet.rule(x, y + 2, x + width, y + 2, colour=colour, width=0.5)
    top = y + 4
    if areas.empty:
        sheet.text(x, top + 4, "No areas of this team are on the list.", 9, colour=SOFT)
        return
    for _, row in areas.head(WITH_MAP).iterrows():
        _draw_area(sheet, row, family, base_map, (x, top, width, step - 2))
        top += step
    for _, row in areas.iloc[WITH_MAP:SHOWN].iterrows():
        _draw_line(sheet, row, family, x, top + 3, width)
        top += _LINE + 0.6
    more = len(areas) - SHOWN
    if more > 0:
        sheet.text(x + 7, top + 3, f"{wording.counted(more, 'more area')}: see patrol_areas.xlsx", 7.5, colour=SOFT)


def _draw_area(
    sheet: Sheet, row: pd.Series, family: str, base_map: BaseMap, box: tuple[float, float, float, float]
) -> None:
    """Draw a street map of an area and, beside it, rank, place, expected incidents, times and reason."""
    x, y, width, height = box
    frame = map_picture.fit(row["geometry"].bounds, (x, y, height, height), min_m=_MIN_WIDTH_M)
    base_map_picture.draw_base_map(sheet, frame, base_map)
    map_picture.draw_areas(sheet, frame, [(family, row["geometry"])])
    map_picture.draw_names(sheet, frame, base_map.streets)
    map_picture.draw_border(sheet, frame, has_north=False)
    left, right, top = x + height + 3, x + width, y + 3.6
    map_picture.draw_mark(sheet, left + 2.6, top - 1, family, str(row["rank"]))
    place = formatting.street(row["main_location"])
    top = sheet.paragraph(left + 7, top, right - left - 7, place, 10, lines=2, bold=True)
    expected = formatting.interval(row["expected"], row["expected_low"], row["expected_high"])
    sheet.text(left, top + 0.4, expected, 9)
    top = sheet.paragraph(
        left, top + 4.6, right - left, formatting.capitalise(formatting.when(row)), 8, lines=3, bold=True
    )
    lines = max(int((y + height - top) / 3.2) + 1, 1)
    sheet.paragraph(left, top, right - left, reason_beside(row["reason"]), 7.5, lines=min(lines, 5), colour=SOFT)


def _draw_line(sheet: Sheet, row: pd.Series, family: str, x: float, y: float, width: float) -> None:
    """Draw rank, place and expected incidents of an area in one line."""
    map_picture.draw_mark(sheet, x + 2.6, y - 1, family, str(row["rank"]))
    expected = formatting.interval(row["expected"], row["expected_low"], row["expected_high"])
    room = width - 9 - sheet.width(expected, 8)
    sheet.text(x + 7, y, sheet.cut(formatting.street(row["main_location"]), room, 8.5), 8.5)
    sheet.text(x + width, y, expected, 8, align="right")


def reason_beside(reason: object) -> str:
    """Return the reason of an area without the expected number, which is shown beside it."""
    parts = formatting.clean(reason, 300).rstrip(".").split("; ")
    return "; ".join([part for part in parts if not re.match(r"about \d+ expected ", part)] or parts) + "."
