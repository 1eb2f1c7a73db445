"""Page of a briefing on local priorities, actions and referrals."""

from hotspots.reporting.briefings.pdf_pages import HEIGHT, INK, INNER, MARGIN, RULE, SOFT, Sheet

SHOWN = 8  # lines under a heading
_TOP, _BOTTOM = 40.0, HEIGHT - 22


def draw_page(sheet: Sheet, sections: dict[str, list[str]]) -> None:
    """Draw lists of sentences under their headings as far as they fit, and count the rest."""
    y = _TOP
    for heading, lines in sections.items():
        if y > _BOTTOM - 12:
            break
        sheet.text(MARGIN, y, heading, 12, bold=True)
        y += 6
        for line in lines[:SHOWN]:
            if y > _BOTTOM:
                break
            sheet.disc(MARGIN + 1, y - 1, 0.6, fill=INK)
            y = sheet.paragraph(MARGIN + 4, y, INNER - 4, line, 9.5, lines=2) + 1.2
        if len(lines) > SHOWN:
            sheet.text(MARGIN + 4, y, f"{len(lines) - SHOWN} more: see index.html", 8.5, colour=SOFT)
            y += 5
        y += 5
    if y < _BOTTOM - 30:
        sheet.text(MARGIN, y + 4, "Agreed this week: action, owner, deadline", 12, bold=True)
        for at in range(int(y) + 14, int(_BOTTOM), 9):
            sheet.rule(MARGIN, at, MARGIN + INNER, at, colour=RULE)
    sheet.text(MARGIN, _BOTTOM + 6, "For residents, use only the texts in public/updates.", 8.5, colour=SOFT)
