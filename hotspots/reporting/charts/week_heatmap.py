"""Count incidents by weekday and hour, and draw them as a heat map."""

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from hotspots import aoristic, categories
from hotspots.reporting.charts import svg
from hotspots.reporting.charts.svg import Plot

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
SHADES = 5
PERIOD_HOURS = 3  # length of a busy period
# Fewer incidents with a time do not show the busiest hours. Simulated with four times as many incidents on Friday and
# Saturday evenings, the busiest three hours lie in them for 44 % of places with 20 incidents, 77 % with 50.
MIN_DATED = 50
MAX_SPAN = pd.Timedelta(days=2)  # a longer span does not narrow down the hour

_LEFT, _TOP, _CELL, _ROW = 40, 6, 17, 22


def dated_week(incidents: gpd.GeoDataFrame, family: str) -> tuple[pd.DataFrame, int]:
    """Return a family's incidents by weekday and hour, and how many are dated to the minute.

    Incidents that span more than two days are left out of both.
    """
    own = incidents[incidents["is_own_force"] & (incidents["date_precision"] == "minute")]
    own = categories.of_family(own, family)
    begin, end = own["committed_from"], own["committed_to"].fillna(own["committed_from"])
    is_dated = begin.notna() & ((end - begin) <= MAX_SPAN)
    return aoristic.hours_of_week(begin[is_dated], end[is_dated]), int(is_dated.sum())


def draw_weeks(incidents: gpd.GeoDataFrame) -> list[dict[str, Any]]:
    """Return a chart, the busiest times and a table for each family with enough dated incidents."""
    found = []
    for family in categories.FAMILIES:
        week, dated = dated_week(incidents, family)
        if dated >= MIN_DATED:
            found.append(
                {
                    "label": categories.FAMILY_LABELS[family],
                    "dated": f"{dated:,}",
                    "busiest": busiest(week),
                    "svg": _draw(family, week),
                    "table": [(day, [f"{value:.1f}" for value in week.loc[n]]) for n, day in enumerate(DAYS)],
                }
            )
    return found


def busiest(week: pd.DataFrame) -> str:
    """Return the three busiest periods of three hours, apart from each other, the busiest first."""
    flat, hours = week.to_numpy().ravel(), PERIOD_HOURS
    sums = np.array([np.roll(flat, -at)[:hours].sum() for at in range(len(flat))])
    periods: list[str] = []
    taken = np.zeros(len(flat), dtype=bool)
    for at in np.argsort(-sums, kind="stable"):
        cells = (at + np.arange(hours)) % len(flat)
        if not taken[cells].any() and len(periods) < 3:
            taken[(at + np.arange(-1, hours + 1)) % len(flat)] = True
            day, hour = divmod(int(at), 24)
            periods.append(f"{DAYS[day]} {hour:02d}:00 to {(hour + hours) % 24:02d}:00")
    return "; ".join(periods)


def _draw(family: str, week: pd.DataFrame) -> str:
    """Draw the week as squares; shades are equal steps from zero to the busiest hour."""
    plot = Plot(width=_LEFT + 24 * _CELL + 10, height=_TOP + 7 * _ROW + 20)
    highest = float(week.to_numpy().max())
    days = "".join(_day(name, _TOP + n * _ROW, week.loc[n], highest) for n, name in enumerate(DAYS))
    hours = "".join(
        svg.text(_LEFT + hour * _CELL, plot.height - 4, f"{hour:02d}", anchor="middle") for hour in range(0, 25, 3)
    )
    return plot.draw(
        days + hours,
        css=f"week {family}",
        identity=f"week-{family}",
        title=f"{categories.FAMILY_LABELS[family]} by weekday and hour",
        description=f"Busiest: {busiest(week)}.",
    )


def _day(name: str, y: int, counts: pd.Series, highest: float) -> str:
    """Draw the name and the hours of one weekday."""
    squares = ""
    for hour, value in enumerate(counts):
        shade = min(int(value / highest * SHADES), SHADES - 1)
        at, shown = _LEFT + hour * _CELL, f"{name} {hour:02d}:00: {value:.1f}"
        squares += svg.rect(at, y, _CELL - 1, _ROW - 1, css=f"hour{shade}", tooltip=shown)
    return svg.text(_LEFT - 6, y + 15, name[:3], anchor="end") + squares
