"""The months of the evidence window, counted and drawn: a panel a family, gaps where there is no data.

Months that the health gate leaves out of the evidence are drawn hollow: what was recorded, but not relied on.
"""

from html import escape

import geopandas as gpd
import pandas as pd

from hotspots import categories
from hotspots.period import Window
from hotspots.reporting import formatting

_WIDTH, _HEIGHT = 340, 170
_LEFT, _RIGHT, _TOP, _BOTTOM = 40, 8, 10, 36


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
    top = round_top(int(counts.max()) if counts.notna().any() else 0)
    step = (_WIDTH - _LEFT - _RIGHT) / max(len(counts), 1)
    bars = "".join(
        _month(n, step, str(month), value, top, is_out=month in skipped)
        for n, (month, value) in enumerate(counts.items())
    )
    identity = f"months-{escape(family)}"
    return (
        f'<figure class="chart trend {escape(family)}">'
        f"<figcaption>{escape(label)}: recorded incidents by month</figcaption>"
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-labelledby="{identity}-title {identity}-desc">'
        f'<title id="{identity}-title">{escape(label)} by month</title>'
        f'<desc id="{identity}-desc">{escape(_said(label, counts, skipped))}</desc>'
        f"{_scale(top)}{bars}</svg></figure>"
    )


def _month(number: int, step: float, month: str, count: int, top: int, *, is_out: bool) -> str:
    """One month: its bar, or the gap, and its name under every third."""
    left, floor = _LEFT + number * step, _HEIGHT - _BOTTOM
    middle = left + step / 2
    name = ""
    if number % 3 == 0:
        short = formatting.MONTHS[int(month[5:]) - 1][:3]
        name = (
            f'<text x="{middle:.1f}" y="{floor + 15}" text-anchor="middle">{short}</text>'
            f'<text x="{middle:.1f}" y="{floor + 29}" text-anchor="middle">{month[:4]}</text>'
        )
    if pd.isna(count):
        turned = f"translate({middle + 4:.1f} {floor - 8}) rotate(-90)"
        return (
            f'<rect class="gap" x="{left + 2:.1f}" y="{_TOP}" width="{step - 4:.1f}" height="{floor - _TOP}"/>'
            f'<text class="gap-name" transform="{turned}">no data</text>{name}'
        )
    height = (floor - _TOP) * int(count) / top
    kind, why = ("bar left-out", ", left out of the evidence") if is_out else ("bar", "")
    return (
        f'<rect class="{kind}" x="{left + 2:.1f}" y="{floor - height:.1f}" width="{step - 4:.1f}" '
        f'height="{height:.1f}">'
        f"<title>{month}: {int(count):,}{why}</title></rect>{name}"
    )


def _scale(top: int) -> str:
    """Lines at nought, half and the top."""
    floor = _HEIGHT - _BOTTOM
    lines = ""
    for value in sorted({0, top // 2, top}):
        y = floor - (floor - _TOP) * value / top
        lines += f'<line x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
        lines += f'<text x="{_LEFT - 5}" y="{y + 4:.1f}" text-anchor="end">{value:,}</text>'
    return lines


def round_top(highest: int) -> int:
    """The smallest of 2, 4, 6, 10, 20, 40, 60, 100, ... that holds the highest bar."""
    size = 1
    while True:
        for top in (2 * size, 4 * size, 6 * size):
            if highest <= top:
                return top
        size *= 10
        if highest <= size:
            return size


def _said(label: str, counts: pd.Series, skipped: list[str]) -> str:
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
