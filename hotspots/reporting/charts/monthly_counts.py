"""The months of the evidence window, counted and drawn: a panel a family, gaps where there is no data.

Months that the health gate leaves out of the evidence are drawn hollow: what was recorded, but not relied on.
"""

import geopandas as gpd
import pandas as pd

from hotspots import categories
from hotspots.period import Window
from hotspots.reporting import formatting
from hotspots.reporting.charts import svg
from hotspots.reporting.charts.svg import Plot

_SIZES = {"width": 340, "height": 170, "left": 40, "right": 332, "top": 10, "bottom": 134}


def monthly_counts(incidents: gpd.GeoDataFrame, window: Window) -> pd.DataFrame:
    """Incidents of each family by month of the window, the force's own only; missing where a month has no data."""
    own = incidents[incidents["is_own_force"]]
    has_data = own["month"].drop_duplicates()
    counted = {}
    for family in categories.FAMILIES:
        count = categories.of_family(own, family)["month"].value_counts().reindex(window.months).astype("Int64")
        known = count.index.isin(has_data)
        counted[family] = count.mask(count.isna() & known, 0)
    return pd.DataFrame(counted, index=pd.Index(window.months, name="month"))


def draw_trend(monthly: pd.DataFrame, left_out: dict[str, list[str]] | None = None) -> str:
    """Both panels as SVG to stand inside a page; each has its own scale, since the families are never added.

    Parameters
    ----------
    monthly
        As `monthly_counts` gives it.
    left_out
        Months of each family that the evidence does without.
    """
    skipped = left_out or {}
    return "\n".join(_panel(str(family), monthly[family], skipped.get(str(family), [])) for family in monthly.columns)


def _panel(family: str, counts: pd.Series, skipped: list[str]) -> str:
    """One family's months as bars, with hatched gaps."""
    label = categories.FAMILY_LABELS.get(family, family)
    top = svg.round_top(int(counts.max()) if counts.notna().any() else 0)
    plot = Plot(**_SIZES, x_max=max(len(counts), 1), y_max=top)
    scale = plot.y_axis((value, f"{value:,}") for value in sorted({0, top // 2, top}))
    months = "".join(
        _month(plot, number, str(month), count, is_out=month in skipped)
        for number, (month, count) in enumerate(counts.items())
    )
    drawn = plot.draw(
        scale + months,
        identity=f"months-{family}",
        title=f"{label} by month",
        description=_describe(label, counts, skipped),
    )
    return svg.figure(f"{label}: recorded incidents by month", drawn, f"chart trend {family}")


def _month(plot: Plot, number: int, month: str, count: int, *, is_out: bool) -> str:
    """One month: its bar, or the gap, and its name under every third."""
    left, width, middle = plot.x(number) + 2, plot.x(1) - plot.left - 4, plot.x(number + 0.5)
    if pd.isna(count):
        turned = f"translate({middle + 4:.1f} {plot.bottom - 8}) rotate(-90)"
        bar = svg.rect(left, plot.top, width, plot.bottom - plot.top, css="gap")
        bar += svg.element("text", "no data", css="gap-name", transform=turned)
    else:
        kind, why = ("bar left-out", ", left out of the evidence") if is_out else ("bar", "")
        bar = plot.bar(left, width, int(count), kind, f"{month}: {int(count):,}{why}")
    if number % 3:
        return bar
    names = ((15, formatting.MONTHS[int(month[5:]) - 1][:3]), (29, month[:4]))
    return bar + "".join(svg.text(middle, plot.bottom + below, name, anchor="middle") for below, name in names)


def _describe(label: str, counts: pd.Series, skipped: list[str]) -> str:
    """The panel in a sentence, for those who do not see it."""
    known = counts.dropna()
    if known.empty:
        return f"{label}: no data in the window."
    missing = [str(month) for month in counts.index[counts.isna()]]
    gaps = f" No data for {', '.join(missing)}." if missing else ""
    shown = [month for month in skipped if month in known.index]
    gaps += f" Left out of the evidence: {', '.join(shown)}." if shown else ""
    return (
        f"{label}: from {formatting.counted(int(known.min()), 'incident', 'incidents')} in {known.idxmin()} "
        f"to {int(known.max()):,} in {known.idxmax()}; {int(known.iloc[-1]):,} in {known.index[-1]}.{gaps}"
    )
