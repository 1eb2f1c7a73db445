"""The months of the evidence window, counted and drawn: a panel a family, gaps where there is no data."""

from html import escape

import geopandas as gpd
import pandas as pd

from hotspots import categories
from hotspots.period import Window
from hotspots.reporting import words

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


def draw_trend(monthly: pd.DataFrame) -> str:
    """Both panels as SVG to stand inside a page; each has its own scale, since the families are never added."""
    return "\n".join(_panel(str(family), monthly[family]) for family in monthly.columns)


def _panel(family: str, counts: pd.Series) -> str:
    """One family's months as bars, with hatched gaps."""
    label = categories.FAMILY_LABELS.get(family, family)
    top = _round_top(int(counts.max()) if counts.notna().any() else 0)
    step = (_WIDTH - _LEFT - _RIGHT) / max(len(counts), 1)
    bars = "".join(_month(n, step, str(month), value, top) for n, (month, value) in enumerate(counts.items()))
    return (
        f'<figure class="trend {escape(family)}"><figcaption>{escape(label)}: recorded incidents by month</figcaption>'
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{escape(_said(label, counts))}">'
        f"{_scale(top)}{bars}</svg></figure>"
    )


def _month(number: int, step: float, month: str, count: int, top: int) -> str:
    """One month: its bar, or the gap, and its name under every third."""
    left, floor = _LEFT + number * step, _HEIGHT - _BOTTOM
    middle = left + step / 2
    name = ""
    if number % 3 == 0:
        when = pd.Period(month, freq="M")
        name = (
            f'<text x="{middle:.1f}" y="{floor + 15}" text-anchor="middle">{when:%b}</text>'
            f'<text x="{middle:.1f}" y="{floor + 29}" text-anchor="middle">{when:%Y}</text>'
        )
    if pd.isna(count):
        turned = f"translate({middle + 4:.1f} {floor - 8}) rotate(-90)"
        return (
            f'<rect class="gap" x="{left + 2:.1f}" y="{_TOP}" width="{step - 4:.1f}" height="{floor - _TOP}"/>'
            f'<text class="gap-name" transform="{turned}">no data</text>{name}'
        )
    height = (floor - _TOP) * int(count) / top
    return (
        f'<rect class="bar" x="{left + 2:.1f}" y="{floor - height:.1f}" width="{step - 4:.1f}" height="{height:.1f}">'
        f"<title>{month}: {int(count):,}</title></rect>{name}"
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


def _round_top(highest: int) -> int:
    """The smallest of 2, 4, 6, 10, 20, 40, 60, 100, ... that holds the highest bar."""
    size = 1
    while True:
        for top in (2 * size, 4 * size, 6 * size):
            if highest <= top:
                return top
        size *= 10
        if highest <= size:
            return size


def _said(label: str, counts: pd.Series) -> str:
    """The panel in a sentence, for those who do not see it."""
    known = counts.dropna()
    if known.empty:
        return f"{label}: no data in the window."
    missing = [str(month) for month in counts.index[counts.isna()]]
    gaps = f" No data for {', '.join(missing)}." if missing else ""
    return (
        f"{label}: from {words.counted(int(known.min()), 'incident', 'incidents')} in {known.idxmin()} "
        f"to {int(known.max()):,} in {known.idxmax()}; {int(known.iloc[-1]):,} in {known.index[-1]}.{gaps}"
    )
