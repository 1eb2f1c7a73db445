"""Draw the results of confidence surveys: the latest wave of each place with its interval, and the wave before."""

from typing import Any

import pandas as pd

from hotspots import wording
from hotspots.reporting import formatting, residents_report
from hotspots.reporting.charts import svg
from hotspots.reporting.charts.svg import Plot
from hotspots.reporting.report import Report

_TOP, _STEP = 26, 24
_MAX_NAME = 22  # characters
SHOWN = 6  # questions on the page


def of_report(report: Report) -> list[dict[str, Any]]:
    """Return a chart and a table for each of the first questions; confidence.csv holds all of them."""
    results = report.residents.confidence
    if results.empty:
        return []
    named = results.assign(
        place=[residents_report.survey_place(row, report.slug) for row in results.itertuples()],
        is_force=results["place_code"] == report.slug,
    )
    ordered = named.sort_values(["is_force", "place"], ascending=[False, True], kind="stable")
    return [
        {
            "question": formatting.clean(question, 160),
            "svg": draw_question(_latest(rows), formatting.clean(question, 160), number),
            "rows": [_row(row) for row in rows.itertuples()],
        }
        for number, (question, rows) in enumerate(ordered.groupby("question", sort=True), start=1)
    ][:SHOWN]


def draw_question(latest: pd.DataFrame, question: str, number: int) -> str:
    """Draw one question as SVG: a filled dot with its interval for the latest wave, a hollow one for the wave before.

    Parameters
    ----------
    latest
        One row per place: `place`, `share`, `low`, `high`, `previous`, `is_changed`.
    question
        Its wording.
    number
        Its position on the page.
    """
    bottom = _TOP + len(latest) * _STEP
    plot = Plot(width=430, height=bottom + 20, left=138, right=406, top=_TOP, bottom=bottom)
    lines = "".join(_line(plot, row, _TOP + (n + 0.5) * _STEP) for n, row in enumerate(latest.itertuples()))
    return plot.draw(
        _axis(plot) + _key(plot) + lines,
        css="confidence",
        identity=f"question-{number}",
        title=question,
        description="; ".join(f"{row.place}: {formatting.percent_or_limit(row.share)}" for row in latest.itertuples()),
    )


def _axis(plot: Plot) -> str:
    """Draw grid lines at the quarters, with their shares below."""
    return "".join(
        svg.line(plot.x(tick), plot.x(tick), plot.top - 4, plot.bottom, css="grid")
        + svg.text(plot.x(tick), plot.bottom + 14, wording.percent(tick), anchor="middle")
        for tick in (0, 0.25, 0.5, 0.75, 1)
    )


def _key(plot: Plot) -> str:
    """Draw the key to the dots."""
    waves = (("now", 6, "latest wave, interval"), ("before", 156, "wave before"))
    return "".join(_dot(plot.left + at, 9, css) + svg.text(plot.left + at + 10, 13, name) for css, at, name in waves)


def _line(plot: Plot, row: Any, y: float) -> str:
    """Draw the name, interval and dots of one place; the name is bold where the change is significant."""
    name = svg.text(plot.left - 8, y + 4, formatting.clean(row.place, _MAX_NAME), anchor="end", is_bold=row.is_changed)
    before = "" if pd.isna(row.previous) else _dot(plot.x(row.previous), y, "before")
    interval = svg.line(plot.x(row.low), plot.x(row.high), y, y, css="interval")
    return name + before + interval + _dot(plot.x(row.share), y, "now")


def _dot(x: float, y: float, css: str) -> str:
    return svg.element("circle", css=css, cx=x, cy=y, r=5)


def _latest(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the latest wave of each place, with the share of the wave before."""
    latest = rows.groupby("place_code", sort=False).tail(1)
    return latest.assign(previous=latest["share"] - latest["change"])


def _row(row: Any) -> list[str]:
    """Format one result: place, wave, share, interval, respondents, change."""
    change = "–"
    if not pd.isna(row.change):
        change = round(100 * row.change)
        points = f"{change:+d} {'point' if abs(change) == 1 else 'points'}".replace("-", "−")
        change = f"{points}, {'significant' if row.is_changed else 'may be chance'}"
    return [
        row.place,
        formatting.clean(row.wave, 40),
        formatting.percent_or_limit(row.share),
        f"{formatting.percent_or_limit(row.low)} to {formatting.percent_or_limit(row.high)}",
        f"{row.respondents:,}",
        change,
    ]
