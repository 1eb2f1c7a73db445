"""Draw charts as SVG: a figure with title and description, a vertical axis, bars, lines and text.

Coordinates are pixels from the upper left corner. Every text is escaped here.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape


@dataclass(frozen=True, kw_only=True)
class Plot:
    """Size of a chart, the edges of its plotting area, and the largest values on its axes, which begin at 0."""

    width: int
    height: int
    left: int = 0
    right: int = 0
    top: int = 0
    bottom: int = 0
    x_max: float = 1.0
    y_max: float = 1.0

    def x(self, value: float) -> float:
        """Return where a value lies on the horizontal axis."""
        return self.left + (self.right - self.left) * value / self.x_max

    def y(self, value: float) -> float:
        """Return where a value lies on the vertical axis."""
        return self.bottom - (self.bottom - self.top) * value / self.y_max

    def y_axis(self, ticks: Iterable[tuple[float, str]], **style: str) -> str:
        """Draw a line across the plotting area at each value, with its label on the left."""
        return "".join(
            line(self.left, self.right, self.y(value), self.y(value), **style)
            + text(self.left - 5, self.y(value) + 4, label, anchor="end")
            for value, label in ticks
        )

    def bar(self, left: float, width: float, value: float, css: str, tooltip: str) -> str:
        """Draw a bar that stands on the horizontal axis."""
        height = (self.bottom - self.top) * value / self.y_max
        return rect(left, self.bottom - height, width, height, css, tooltip)

    def draw(self, content: str, identity: str, title: str, description: str, css: str = "") -> str:
        """Return the SVG around its content, with a title and a description for screen readers."""
        names = {"title": title, "desc": description}
        head = "".join(element(name, escape(words), id=f"{identity}-{name}") for name, words in names.items())
        box, labels = f"0 0 {self.width} {self.height}", f"{identity}-title {identity}-desc"
        return element("svg", head + content, css=css, viewBox=box, role="img", aria_labelledby=labels)


def figure(caption: str, content: str, css: str = "chart") -> str:
    """Return a figure with its caption."""
    return element("figure", element("figcaption", escape(caption)) + content, css=css)


def line(x1: float, x2: float, y1: float, y2: float, **style: str) -> str:
    """Draw a straight line."""
    return element("line", x1=x1, x2=x2, y1=y1, y2=y2, **style)


def rect(x: float, y: float, width: float, height: float, css: str = "", tooltip: str = "") -> str:
    """Draw a rectangle, with a text that shows under the pointer."""
    shown = element("title", escape(tooltip)) if tooltip else ""
    return element("rect", shown, css=css, x=x, y=y, width=width, height=height)


def text(x: float, y: float, words: str, anchor: str = "", *, is_bold: bool = False) -> str:
    """Write a text that begins at a point, is centred on it (`middle`) or ends there (`end`)."""
    return element("text", escape(words), x=x, y=y, text_anchor=anchor, font_weight="700" if is_bold else "")


def element(name: str, content: str = "", *, css: str = "", **attributes: float | str) -> str:
    """Return an element with its attributes, without those that are empty; pixels are given to a tenth.

    Examples
    --------
    >>> element("circle", css="now", cx=1.25, cy=2)
    '<circle class="now" cx="1.2" cy="2"/>'
    """
    given = {"class": css, **{key.replace("_", "-"): value for key, value in attributes.items()}}
    values = {key: f"{value:.1f}" if isinstance(value, float) else str(value) for key, value in given.items()}
    start = name + "".join(f' {key}="{escape(value)}"' for key, value in values.items() if value)
    return f"<{start}>{content}</{name}>" if content else f"<{start}/>"


def round_top(highest: int) -> int:
    """Return the smallest of 2, 4, 6, 10, 20, 40, 60, 100, ... that holds the highest bar."""
    return int(next(step * 10**power for power in range(18) for step in (2, 4, 6, 10) if highest <= step * 10**power))
