"""A4 pages as PDF: text that fits its box, lines and shapes, in millimetres from the upper left corner.

Characters that cannot be shown are replaced (see `fonts`), so no name can break a page.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path

import numpy as np
import shapely

from hotspots.reporting.briefings import fonts

WIDTH, HEIGHT, MARGIN = 210.0, 297.0, 12.0
INNER = WIDTH - 2 * MARGIN
INK, SOFT, RULE, SHADE, MARK = (26, 29, 33), (74, 81, 88), (201, 207, 212), (243, 245, 246), (31, 58, 82)
_MM_PER_POINT = 25.4 / 72
_EDGE = 0.03  # relative to the font size

Colour = tuple[int, int, int]


class Sheet:
    """A PDF document of A4 pages."""

    def __init__(self, title: str, as_of: date) -> None:
        from fpdf import FPDF

        self.pdf = FPDF(format="A4")
        self.pdf.set_creation_date(datetime.combine(as_of, time(), UTC))
        self.pdf.set_title(fonts.printable(title))
        self.pdf.set_lang("en-GB")
        self.pdf.core_fonts_encoding = fonts.ENCODING
        self.pdf.set_auto_page_break(False)
        self._ruler = FPDF()
        self._ruler.core_fonts_encoding = fonts.ENCODING
        self._widths: dict[tuple[str, bool], float] = {}

    def add_page(self) -> None:
        """Add a page."""
        self.pdf.add_page()

    def save(self, path: Path) -> Path:
        """Write the document to a file; the same content gives the same bytes."""
        path.write_bytes(bytes(self.pdf.output()))
        return path

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float = 9,
        *,
        bold: bool = False,
        colour: Colour = INK,
        align: str = "left",
    ) -> None:
        """Write one line with its baseline at `y`, and its left, middle or right at `x`."""
        shown = fonts.printable(text)
        if not shown:
            return
        self.pdf.set_text_color(*colour)
        shift = {"left": 0.0, "middle": 0.5, "right": 1.0}[align]
        at = x - shift * self.width(shown, size, bold=bold)
        if fonts.is_plain(shown):
            self.pdf.set_font("helvetica", "B" if bold else "", size)
            self.pdf.text(at, y, shown)
        else:
            self._text_in_arimo(at, y, shown, size, colour if bold else None)

    def _text_in_arimo(self, x: float, y: float, text: str, size: float, edge: Colour | None) -> None:
        """Write a line in Arimo, in bold if an edge is drawn around each character."""
        if "arimo" not in self.pdf.fonts:
            self.pdf.add_font("arimo", "", fonts.font_file())
        self.pdf.set_font("arimo", "", size)
        if edge is None:
            self.pdf.text(x, y, text)
            return
        with self.pdf.local_context(text_mode="FILL_STROKE", line_width=_EDGE * size * _MM_PER_POINT, draw_color=edge):
            self.pdf.text(x, y, text)

    def paragraph(
        self, x: float, y: float, width: float, text: str, size: float = 9, *, lines: int = 99, bold: bool = False,
        colour: Colour = INK,
    ) -> float:  # fmt: skip
        """Write a text in a limited number of lines, and return the baseline of the next line."""
        step = size * _MM_PER_POINT * 1.22
        for line in self.wrap(text, width, size, lines=lines, bold=bold):
            self.text(x, y, line, size, bold=bold, colour=colour)
            y += step
        return y

    def wrap(self, text: str, width: float, size: float, *, lines: int = 99, bold: bool = False) -> list[str]:
        """Split a text into lines that fit a width; words that are too long are broken."""
        wrapped, line = [], ""
        for word in self._pieces(fonts.printable(text), width, size, bold):
            longer = f"{line} {word}" if line else word
            if line and self.width(longer, size, bold=bold) > width:
                wrapped.append(line)
                line = word
            else:
                line = longer
            if len(wrapped) > lines:
                break
        wrapped += [line] if line else []
        if len(wrapped) <= lines:
            return wrapped
        return [*wrapped[: lines - 1], self.cut(wrapped[lines - 1] + " ...", width, size, bold)]

    def cut(self, text: str, width: float, size: float, bold: bool = False) -> str:
        """Return the text, shortened with dots if it does not fit a width."""
        shown = fonts.printable(text)
        if self.width(shown, size, bold=bold) <= width:
            return shown
        kept = shown.removesuffix(" ...")
        room = width - self.width(" ...", size, bold=bold)
        whole, fits = kept.rstrip(), self._fits(kept, room, size, bold)
        if fits < len(whole) and " " in whole[:fits]:
            fits = whole.rindex(" ", 0, fits + 1)
        return f"{whole[:fits].rstrip(' ,;:(')} ..."

    def _fits(self, text: str, width: float, size: float, bold: bool) -> int:
        """Return how many characters of the text fit a width, at least one."""
        used = 0.0
        for number, letter in enumerate(text):
            used += self.width(letter, size, bold=bold)
            if used > width:
                return max(number, 1)
        return len(text)

    def width(self, text: str, size: float, *, bold: bool = False) -> float:
        """Return the width of a line in millimetres."""
        if not fonts.is_plain(text):
            return fonts.width(text) * size * _MM_PER_POINT
        missing = {(letter, bold) for letter in text} - self._widths.keys()
        if missing:
            self._ruler.set_font("helvetica", "B" if bold else "", 100)
            self._widths |= {(letter, bold): self._ruler.get_string_width(letter) / 100 for letter, _ in missing}
        return sum(self._widths[letter, bold] for letter in text) * size

    def box(
        self, x: float, y: float, width: float, height: float, *, fill: Colour | None = None, line: Colour | None = None
    ) -> None:
        """Draw a rectangle."""
        self._pen(fill, line)
        self.pdf.rect(x, y, width, height, style=_style(fill, line))

    def disc(
        self, x: float, y: float, radius: float, *, fill: Colour | None = None, line: Colour | None = None
    ) -> None:
        """Draw a circle around a point."""
        self._pen(fill, line)
        self.pdf.circle(x, y, radius, style=_style(fill, line))

    def rule(self, x: float, y: float, to_x: float, to_y: float, *, colour: Colour = RULE, width: float = 0.2) -> None:
        """Draw a straight line."""
        self._pen(None, colour, width)
        self.pdf.line(x, y, to_x, to_y)

    def shape(
        self, shape: shapely.Geometry, *, fill: Colour | None = None, line: Colour | None = None, width: float = 0.2
    ) -> None:
        """Draw polygons (without holes) or lines, in millimetres of the page."""
        self._pen(fill, line, width)
        for part in shapely.get_parts(shape):
            if part.geom_type == "Polygon":
                self.pdf.polygon(np.round(shapely.get_coordinates(part.exterior), 2).tolist(), style=_style(fill, line))
            elif part.geom_type in ("LineString", "LinearRing"):
                self.pdf.polyline(np.round(shapely.get_coordinates(part), 2).tolist(), style="D")

    def _pen(self, fill: Colour | None, line: Colour | None, width: float = 0.2) -> None:
        if fill is not None:
            self.pdf.set_fill_color(*fill)
        if line is not None:
            self.pdf.set_draw_color(*line)
            self.pdf.set_line_width(width)

    def _pieces(self, text: str, width: float, size: float, bold: bool) -> Iterator[str]:
        """Yield the words of a text; those wider than a line in parts."""
        for word in text.split():
            while (fits := self._fits(word, width, size, bold)) < len(word):
                yield word[:fits]
                word = word[fits:]
            yield word


def _style(fill: Colour | None, line: Colour | None) -> str:
    return "DF" if fill is not None and line is not None else "F" if fill is not None else "D"
