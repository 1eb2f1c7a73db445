"""Pages of problem profiles: two hotspots per page, each with a map, monthly counts and the steps of SARA."""

import numpy as np

from hotspots.reporting import formatting
from hotspots.reporting.briefings import base_map_picture, map_picture
from hotspots.reporting.briefings.pdf_pages import INK, INNER, MARGIN, RULE, SHADE, SOFT, Sheet
from hotspots.reporting.briefings.problem_profiles import Problem

PER_PAGE = 2
_TOP, _HEIGHT = 34.0, 122.0
_MAP = 58.0
_TEXT = INNER - _MAP - 6


def draw_page(sheet: Sheet, problems: list[Problem], base_map: map_picture.BaseMap) -> None:
    """Draw the problems of one page."""
    for number, problem in enumerate(problems):
        _draw(sheet, problem, _TOP + number * (_HEIGHT + 6), base_map)


def _draw(sheet: Sheet, problem: Problem, top: float, base_map: map_picture.BaseMap) -> None:
    """Draw one problem."""
    family = str(problem.row["family"])
    sheet.box(MARGIN, top, INNER, 8, fill=map_picture.FILLS[family])
    title = f"{formatting.FAMILY_SHORT[family]}: {formatting.street(problem.row['main_location'])}"
    sheet.text(MARGIN + 3, top + 5.6, sheet.cut(title, INNER - 55, 12, bold=True), 12, bold=True)
    sheet.text(
        MARGIN + INNER - 3, top + 5.4, sheet.cut(str(problem.row["hotspot_id"]), 48, 8), 8, colour=SOFT, align="right"
    )
    _map(sheet, problem, top + 11, base_map)
    _months(sheet, problem, top + 11 + _MAP + 5)
    x, y = MARGIN + _MAP + 6, top + 14
    y = _part(sheet, x, y, "Scanning", problem.scanning)
    y = _part(sheet, x, y, "Analysis: times", problem.times)
    y = _part(sheet, x, y, "Analysis: questions on causes", problem.questions)
    y = _part(sheet, x, y, "Response: partners", problem.partners)
    y = _part(sheet, x, y, "Response: actions so far", problem.actions or ["None recorded. Add actions here:"])
    bottom = top + _HEIGHT
    sheet.text(x, bottom - 15, "Assessment: target, measure and date", 9, bold=True)
    for line in np.arange(y + 4, bottom - 20, 7.0):
        sheet.rule(x, line, MARGIN + INNER, line, colour=RULE)
    for line in (bottom - 7, bottom):
        sheet.rule(x, line, MARGIN + INNER, line, colour=RULE)


def _part(sheet: Sheet, x: float, y: float, heading: str, lines: list[str]) -> float:
    """Draw a heading and its sentences, and return where the next heading begins."""
    sheet.text(x, y, heading, 9, bold=True)
    y += 4
    for line in lines:
        sheet.disc(x + 1, y - 1, 0.5, fill=INK)
        y = sheet.paragraph(x + 3, y, _TEXT - 3, line, 8.5, lines=3) + 0.4
    return y + 1.6


def _map(sheet: Sheet, problem: Problem, top: float, base_map: map_picture.BaseMap) -> None:
    """Draw a map of the hotspot with street names."""
    shape, family = problem.row["geometry"], str(problem.row["family"])
    frame = map_picture.fit(shape.bounds, (MARGIN, top, _MAP, _MAP), min_m=500)
    base_map_picture.draw_base_map(sheet, frame, base_map)
    map_picture.draw_areas(sheet, frame, [(family, shape)])
    map_picture.draw_names(sheet, frame, problem.streets)
    map_picture.draw_border(sheet, frame)


def _months(sheet: Sheet, problem: Problem, top: float) -> None:
    """Draw incidents by month as bars, without months that have no data."""
    months, height = problem.months, 22.0
    sheet.text(MARGIN, top, "Incidents by month", 8, bold=True)
    if months.empty:
        return
    step, highest = _MAP / len(months), max(int(months.max()), 1)
    floor = top + 3 + height
    for number, (month, count) in enumerate(months.items()):
        x, tall = MARGIN + number * step, (height - 4) * int(count) / highest
        sheet.box(x + 0.4, floor - tall, step - 0.8, max(tall, 0.1), fill=map_picture.LINES[str(problem.row["family"])])
        sheet.text(x + step / 2, floor - tall - 0.8, str(count), 6, align="middle", colour=SOFT)
        sheet.text(x + step / 2, floor + 2.8, formatting.month(str(month))[0], 6, align="middle", colour=SOFT)
    first, last = formatting.month(str(months.index[0])), formatting.month(str(months.index[-1]))
    sheet.text(MARGIN, floor + 6, f"{first} to {last}", 6.5, colour=SOFT)
    sheet.box(MARGIN, floor, _MAP, 0.1, fill=SHADE)
