"""Surveys on confidence, drawn: a line a place, the last wave with its interval beside the wave before."""

from typing import Any

import pandas as pd

from hotspots.reporting import formatting, residents_report
from hotspots.reporting.charts import svg
from hotspots.reporting.charts.svg import Plot
from hotspots.reporting.report import Report

_TOP, _STEP = 26, 24
_LONGEST = 22
SHOWN = 6  # questions on the page


def of_report(report: Report) -> list[dict[str, Any]]:
    """A drawing and a table for each of the first questions by name; the list holds them all."""
    results = report.answering.confidence
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
            "svg": draw_question(_last(rows), formatting.clean(question, 160), number),
            "rows": [_row(row) for row in rows.itertuples()],
        }
        for number, (question, rows) in enumerate(ordered.groupby("question", sort=True), start=1)
    ][:SHOWN]


def draw_question(last: pd.DataFrame, question: str, number: int = 1) -> str:
    """One question as SVG: a full dot with its interval for the last wave, a hollow one for the wave before.

    Parameters
    ----------
    last
        A row a place: `place`, `share`, `low`, `high`, `previous`, `is_changed`.
    question
        What was asked.
    number
        Which question on the page it is.
    """
    bottom = _TOP + len(last) * _STEP
    plot = Plot(width=430, height=bottom + 20, left=138, right=406, top=_TOP, bottom=bottom)
    lines = "".join(_line(plot, row, _TOP + (n + 0.5) * _STEP) for n, row in enumerate(last.itertuples()))
    return plot.draw(
        _axis(plot) + _key(plot) + lines,
        css="confidence",
        identity=f"question-{number}",
        title=question,
        description="; ".join(f"{row.place}: {formatting.percent(row.share)}" for row in last.itertuples()),
    )


def _axis(plot: Plot) -> str:
    """Lines at the quarters, and their shares under them."""
    return "".join(
        svg.line(plot.x(tick), plot.x(tick), plot.top - 4, plot.bottom, css="grid")
        + svg.text(plot.x(tick), plot.bottom + 14, f"{100 * tick:.0f} %", anchor="middle")
        for tick in (0, 0.25, 0.5, 0.75, 1)
    )


def _key(plot: Plot) -> str:
    """What the dots mean."""
    waves = (("now", 6, "last wave, interval"), ("then", 156, "wave before"))
    return "".join(_dot(plot.left + at, 9, css) + svg.text(plot.left + at + 10, 13, name) for css, at, name in waves)


def _line(plot: Plot, row: Any, y: float) -> str:
    """One place: its name, interval and dots; a name in bold where the change is more than chance explains."""
    name = svg.text(plot.left - 8, y + 4, formatting.clean(row.place, _LONGEST), anchor="end", is_bold=row.is_changed)
    then = "" if pd.isna(row.previous) else _dot(plot.x(row.previous), y, "then")
    interval = svg.line(plot.x(row.low), plot.x(row.high), y, y, css="interval")
    return name + then + interval + _dot(plot.x(row.share), y, "now")


def _dot(x: float, y: float, css: str) -> str:
    return svg.element("circle", css=css, cx=x, cy=y, r=5)


def _last(rows: pd.DataFrame) -> pd.DataFrame:
    """The last wave of each place, with the share of the wave before."""
    last = rows.groupby("place_code", sort=False).tail(1)
    return last.assign(previous=last["share"] - last["change"])


def _row(row: Any) -> list[str]:
    """One result in words: place, wave, share, interval, respondents, change."""
    change = "–"
    if not pd.isna(row.change):
        points = f"{100 * row.change:+.0f} points".replace("-", "−")
        change = f"{points}, {'more than chance explains' if row.is_changed else 'chance may explain it'}"
    return [
        row.place,
        formatting.clean(row.wave, 40),
        formatting.percent(row.share),
        f"{formatting.percent(row.low)} to {formatting.percent(row.high)}",
        f"{row.respondents:,}",
        change,
    ]
