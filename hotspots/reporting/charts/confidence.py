"""Surveys on confidence, drawn: a line a place, the last wave with its interval beside the wave before."""

from html import escape
from typing import Any

import pandas as pd

from hotspots.reporting import formatting, residents_report
from hotspots.reporting.report import Report

_WIDTH, _LEFT, _RIGHT, _TOP, _STEP = 430, 138, 24, 26, 24
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
            "svg": draw_question(_last(rows), formatting.clean(question, 160)),
            "rows": [_row(row) for row in rows.itertuples()],
        }
        for question, rows in ordered.groupby("question", sort=True)
    ][:SHOWN]


def draw_question(last: pd.DataFrame, question: str) -> str:
    """One question as SVG: a full dot with its interval for the last wave, a hollow one for the wave before.

    Parameters
    ----------
    last
        A row a place: `place`, `share`, `low`, `high`, `previous`, `is_changed`.
    question
        What was asked.
    """
    floor = _TOP + len(last) * _STEP
    grid = "".join(
        f'<line class="grid" x1="{_x(tick):.1f}" x2="{_x(tick):.1f}" y1="{_TOP - 4}" y2="{floor}"/>'
        f'<text x="{_x(tick):.1f}" y="{floor + 14}" text-anchor="middle">{100 * tick:.0f} %</text>'
        for tick in (0, 0.25, 0.5, 0.75, 1)
    )
    key = (
        f'<circle class="now" cx="{_LEFT + 6}" cy="9" r="5"/><text x="{_LEFT + 16}" y="13">last wave, interval</text>'
        f'<circle class="then" cx="{_LEFT + 156}" cy="9" r="5"/><text x="{_LEFT + 166}" y="13">wave before</text>'
    )
    lines = "".join(_line(row, _TOP + (n + 0.5) * _STEP) for n, row in enumerate(last.itertuples()))
    said = "; ".join(f"{row.place}: {formatting.percent(row.share)}" for row in last.itertuples())
    return (
        f'<svg class="confidence" viewBox="0 0 {_WIDTH} {floor + 20}" role="img" '
        f'aria-label="{escape(f"{question} {said}")}">{grid}{key}{lines}</svg>'
    )


def _line(row: Any, y: float) -> str:
    """One place: its name, interval and dots; a name in bold where the change is more than chance explains."""
    weight = ' font-weight="700"' if row.is_changed else ""
    then = "" if pd.isna(row.previous) else f'<circle class="then" cx="{_x(row.previous):.1f}" cy="{y}" r="5"/>'
    place = escape(formatting.clean(row.place, _LONGEST))
    return (
        f'<text x="{_LEFT - 8}" y="{y + 4}" text-anchor="end"{weight}>{place}</text>'
        f'{then}<line class="interval" x1="{_x(row.low):.1f}" x2="{_x(row.high):.1f}" y1="{y}" y2="{y}"/>'
        f'<circle class="now" cx="{_x(row.share):.1f}" cy="{y}" r="5"/>'
    )


def _x(share: float) -> float:
    return _LEFT + (_WIDTH - _LEFT - _RIGHT) * share


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
