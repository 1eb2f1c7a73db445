"""Draw survey response rates by decile of deprivation."""

from typing import Any

import pandas as pd

from hotspots.reporting import formatting
from hotspots.reporting.charts import svg
from hotspots.reporting.charts.svg import Plot

_STEP = 19


def draw_deciles(deciles: pd.DataFrame) -> str:
    """Draw a bar of responses per 1,000 people for each decile; empty if deciles are not known or nobody responded."""
    rows = list_deciles(deciles)
    if not rows:
        return ""
    most = max(row["rate"] for row in rows) or 1.0
    plot = Plot(width=460, height=len(rows) * _STEP + 6, left=118, right=400, x_max=most)
    return plot.draw(
        "".join(_bar(plot, row, 4 + number * _STEP) for number, row in enumerate(rows)),
        css="deciles",
        identity="deciles",
        title="Responses per 1,000 people by decile of deprivation",
        description="; ".join(f"{row['name']}: {row['shown']}" for row in rows),
    )


def _bar(plot: Plot, row: dict[str, Any], y: int) -> str:
    """Draw the name, bar and rate of one decile."""
    end = plot.x(row["rate"])
    name = svg.text(plot.left - 6, y + 11, row["name"], anchor="end")
    return name + svg.rect(plot.left, y, end - plot.left, 13) + svg.text(end + 5, y + 11, row["shown"])


def list_deciles(deciles: pd.DataFrame) -> list[dict[str, Any]]:
    """Return deciles in order with people, answers (small numbers in words) and the rate per 1,000 people.

    The list is empty if nobody responded, because rates of 0 everywhere say nothing about deprivation.
    """
    if deciles.empty or not deciles["answers"].any():
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
                "answers": formatting.response_count(int(row.answers)),
                "rate": rate,
                "shown": formatting.response_count(int(row.answers)) if few else f"{rate:.1f}",
            }
        )
    return found
