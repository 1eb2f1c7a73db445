"""Header and footer of the pages of a briefing."""

from hotspots.reporting import formatting
from hotspots.reporting.briefings.pdf_pages import HEIGHT, INNER, MARGIN, MARK, SOFT, WIDTH, Sheet
from hotspots.reporting.report import Report

FOOTER = HEIGHT - 9
_WHITE = (255, 255, 255)


def begin_page(sheet: Sheet, report: Report, title: str) -> None:
    """Add a page with its header and footer."""
    sheet.add_page()
    _header(sheet, report, title)
    _footer(sheet, report, sheet.pdf.page)


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


def _footer(sheet: Sheet, report: Report, page: int) -> None:
    """Draw the footer: sources, marking and page number."""
    source = "; ".join(report.sources) or report.force_name
    sheet.paragraph(MARGIN, FOOTER - 0.5, INNER - 45, source, 6.5, lines=2, colour=SOFT)
    marking = f"{sheet.cut(report.marking, 40, 7, bold=True)}   page {page}"
    sheet.text(WIDTH - MARGIN, FOOTER + 1, marking, 7, bold=True, colour=SOFT, align="right")
