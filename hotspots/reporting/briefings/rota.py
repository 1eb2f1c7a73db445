"""Draw a rota: the first areas of each family by day of the week, with their peak hours, to tick off visits."""

import re

import pandas as pd

from hotspots.reporting import formatting
from hotspots.reporting.briefings import map_picture
from hotspots.reporting.briefings.pdf_pages import INNER, MARGIN, RULE, SOFT, Sheet

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_WINDOW = re.compile(r"(?P<first>every day|\w{3})(?: (?P<to>and|to) (?P<last>\w{3}))? (?P<hours>\d\d:00 to \d\d:00)")
_TITLE = "Rota: one visit of 10 to 16 minutes a box, at a different time each day. Tick when done."
_ROW = 5.6
_PLACE = 62.0
_DAY = (INNER - _PLACE) / 7


def draw_rota(sheet: Sheet, areas: pd.DataFrame, top: float) -> None:
    """Draw the rota of areas with peak times; the boxes of peak days are shaded and hold the hours."""
    sheet.text(
        MARGIN,
        top,
        "Rota: one visit of 10 to 16 minutes a box, at a different time each day. Tick when done.",
        9,
        bold=True,
    )
    y = top + 4.5
    for number, day in enumerate(_DAYS):
        sheet.text(MARGIN + _PLACE + (number + 0.5) * _DAY, y, day, 8, bold=True, align="middle")
    y += 1.5
    for _, row in areas.iterrows():
        _draw_row(sheet, row, y)
        y += _ROW


def peak_days(text: str) -> tuple[tuple[int, ...], str]:
    """Return the weekdays (0 for Monday) and the hours of a peak in words; none where there is no peak.

    Examples
    --------
    >>> peak_days("Fri to Sun 19:00 to 01:00 (20 of 53 incidents)")
    ((4, 5, 6), '19 to 01')
    >>> peak_days("Sun and Mon 09:00 to 12:00"), peak_days("spread over the week")
    (((6, 0), '09 to 12'), ((), ''))
    """
    found = _WINDOW.match(text)
    if not found:
        return (), ""
    hours = found["hours"].replace(":00", "")
    if found["first"] == "every day":
        return tuple(range(7)), hours
    first, last = _DAYS.index(found["first"]), _DAYS.index(found["last"] or found["first"])
    return tuple((first + step) % 7 for step in range((last - first) % 7 + 1)), hours


def _draw_row(sheet: Sheet, row: pd.Series, y: float) -> None:
    """Draw the row of one area."""
    family = str(row["family"])
    map_picture.draw_mark(sheet, MARGIN + 2.6, y + _ROW / 2, family, str(row["rank"]))
    place = sheet.cut(formatting.street(row["main_location"]), _PLACE - 9, 8.5)
    sheet.text(MARGIN + 7, y + _ROW / 2 + 1, place, 8.5)
    days, hours = peak_days(formatting.when(row))
    for day in range(7):
        x = MARGIN + _PLACE + day * _DAY
        sheet.box(x, y, _DAY, _ROW, fill=map_picture.FILLS[family] if day in days else None, line=RULE)
        if day in days:
            sheet.text(x + _DAY / 2, y + _ROW / 2 + 1, hours, 7, align="middle", colour=SOFT)
