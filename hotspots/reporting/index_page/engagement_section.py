"""Where to listen next and who is not heard: the page's section on listening."""

from html import escape
from typing import Any

import pandas as pd

from hotspots.reporting import formatting
from hotspots.reporting.report import Report

SHOWN = 8  # suggestions before the rest is folded away
WAYS = {
    "walk_and_talk": "Walk and talk",
    "door_to_door": "Knock on doors",
    "high_street": "Stand on the high street",
    "online": "Ask online",
}
_WIDTH, _LEFT, _STEP = 460, 118, 19


def of_report(report: Report) -> dict[str, Any]:
    """Sentences, suggestions and deciles, as the template shows them."""
    given = report.answering
    return {
        "told": given.heard(),
        "suggestions": [
            {
                "place": formatting.place(row.place, 80),
                "team": formatting.clean(row.team_name, 60),
                "way": WAYS[str(row.way)],
                "when": formatting.clean(row.day_and_time, 120),
                "reason": formatting.clean(row.reason, 400),
            }
            for row in given.engagement.sort_values("suggestion").itertuples()
        ],
        "shown": SHOWN,
        "deciles": _deciles(given.deciles),
        "people_are": given.people_are,
        "bars": draw_deciles(given.deciles),
    }


def draw_deciles(deciles: pd.DataFrame) -> str:
    """A bar for each decile of deprivation: answers of 1,000 people; empty where the deciles are not known."""
    rows = _deciles(deciles)
    if not rows:
        return ""
    most = max(row["rate"] for row in rows) or 1.0
    bars = "".join(_bar(row, 4 + number * _STEP, most) for number, row in enumerate(rows))
    said = "; ".join(f"{row['name']}: {row['shown']}" for row in rows)
    return (
        f'<svg class="deciles" viewBox="0 0 {_WIDTH} {len(rows) * _STEP + 6}" role="img" '
        f'aria-label="{escape(f"Answers of 1,000 people by decile of deprivation. {said}")}">{bars}</svg>'
    )


def _bar(row: dict[str, Any], y: float, most: float) -> str:
    """One decile: name, bar, number."""
    wide = (_WIDTH - _LEFT - 60) * row["rate"] / most
    return (
        f'<text x="{_LEFT - 6}" y="{y + 11}" text-anchor="end">{escape(row["name"])}</text>'
        f'<rect x="{_LEFT}" y="{y}" width="{wide:.1f}" height="13"/>'
        f'<text x="{_LEFT + wide + 5:.1f}" y="{y + 11}">{row["shown"]}</text>'
    )


def _deciles(deciles: pd.DataFrame) -> list[dict[str, Any]]:
    """Deciles in order with people, answers (few of them no number) and answers of 1,000 people."""
    if deciles.empty:
        return []
    found = []
    for row in deciles.sort_values("imd_decile").itertuples():
        number, few = int(row.imd_decile), 0 < row.answers < formatting.FEW
        rate = 0.0 if few or not row.people else 1000 * row.answers / row.people
        end = {1: " (most deprived)", 10: " (least)"}.get(number, "")
        found.append(
            {
                "name": f"{number}{end}",
                "people": f"{row.people:,.0f}",
                "answers": formatting.answers(int(row.answers)),
                "rate": rate,
                "shown": formatting.answers(int(row.answers)) if few else f"{rate:.1f}",
            }
        )
    return found
