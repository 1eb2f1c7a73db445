"""Count incidents by month of the evidence window and draw them, one panel per family, with gaps for missing data.

Months that the data health check excludes are drawn hollow: recorded, but not used as evidence.
"""

import geopandas as gpd
import pandas as pd

from hotspots import categories, wording
from hotspots.period import Window
from hotspots.reporting import formatting
from hotspots.reporting.charts import svg
from hotspots.reporting.charts.svg import Plot

# Months from which a range is given, and standard deviations of an 80 % range.
_MIN_MONTHS, _Z_80 = 3, 1.2816
_SIZES = {"width": 340, "height": 170, "left": 40, "right": 332, "top": 10, "bottom": 134}


def monthly_counts(incidents: gpd.GeoDataFrame, window: Window) -> pd.DataFrame:
    """Count the force's own incidents of each family by month; missing where a month has no data at all."""
    own = incidents[incidents["is_own_force"]]
    has_data = own["month"].drop_duplicates()
    counted = {}
    for family in categories.FAMILIES:
        count = categories.of_family(own, family)["month"].value_counts().reindex(window.months).astype("Int64")
        known = count.index.isin(has_data)
        counted[family] = count.mask(count.isna() & known, 0)
    return pd.DataFrame(counted, index=pd.Index(window.months, name="month"))


def missing_months(incidents: gpd.GeoDataFrame, window: Window) -> list[str]:
    """Return the months of the window without any data."""
    is_missing = monthly_counts(incidents, window).isna().all(axis=1)
    return [str(month) for month in is_missing.index[is_missing]]


def draw_trend(monthly: pd.DataFrame, excluded: dict[str, list[str]]) -> str:
    """Draw both panels as SVG; each has its own scale, since the families are never added together.

    Parameters
    ----------
    monthly
        Result of `monthly_counts`.
    excluded
        Months of each family that are excluded from the evidence.
    """
    return "\n".join(_panel(str(family), monthly[family], excluded.get(str(family), [])) for family in monthly.columns)


def _panel(family: str, counts: pd.Series, excluded_months: list[str]) -> str:
    """Draw the months of one family as bars, with hatched gaps."""
    label = categories.FAMILY_LABELS.get(family, family)
    top = svg.round_top(int(counts.max()) if counts.notna().any() else 0)
    plot = Plot(**_SIZES, x_max=max(len(counts), 1), y_max=top)
    scale = plot.y_axis((value, f"{value:,}") for value in sorted({0, top // 2, top}))
    low, high = usual_range(counts, excluded_months)
    band = ""
    if not pd.isna(low):
        height = plot.y(low) - plot.y(min(high, top))
        band = svg.rect(plot.left, plot.y(min(high, top)), plot.right - plot.left, height, css="usual")
    months = "".join(
        _month(plot, number, str(month), count, is_excluded=month in excluded_months)
        for number, (month, count) in enumerate(counts.items())
    )
    drawn = plot.draw(
        scale + band + months,
        identity=f"months-{family}",
        title=f"{label} by month",
        description=_describe(label, counts, excluded_months),
    )
    return svg.figure(_finding(label, counts, low, high), drawn, f"chart trend {family}")


def usual_range(counts: pd.Series, excluded_months: list[str]) -> tuple[float, float]:
    """Return the range (80 %) in which the latest month is expected, from the other months; missing with under three.

    The variance is that of the other months, but not below that of chance alone (Poisson). Season is part of it.
    """
    known = counts[~counts.index.isin(excluded_months)].dropna().astype("float64")
    others = known.iloc[:-1]
    if len(others) < _MIN_MONTHS:
        return float("nan"), float("nan")
    mean = float(others.mean())
    reach = _Z_80 * (max(float(others.var()), mean) * (1 + 1 / len(others))) ** 0.5
    return max(mean - reach, 0.0), mean + reach


def _finding(label: str, counts: pd.Series, low: float, high: float) -> str:
    """Return whether the latest month is in the range of the others, as the title of the chart."""
    known = counts.dropna()
    if known.empty:
        return f"{label}: no data"
    latest = f"{label}: {int(known.iloc[-1]):,} in {formatting.month(str(known.index[-1]))}"
    if pd.isna(low):
        return latest
    where = "below" if known.iloc[-1] < low else "above" if known.iloc[-1] > high else "within"
    return f"{latest}, {where} the range of the other months ({low:,.0f} to {high:,.0f}, grey)"


def _month(plot: Plot, number: int, month: str, count: int, *, is_excluded: bool) -> str:
    """Draw the bar or gap of one month, with its name below every third."""
    left, width, middle = plot.x(number) + 2, plot.x(1) - plot.left - 4, plot.x(number + 0.5)
    if pd.isna(count):
        turned = f"translate({middle + 4:.1f} {plot.bottom - 8}) rotate(-90)"
        bar = svg.rect(left, plot.top, width, plot.bottom - plot.top, css="gap")
        bar += svg.element("text", "no data", css="gap-name", transform=turned)
    else:
        kind, why = ("bar excluded", ", excluded from the evidence") if is_excluded else ("bar", "")
        bar = plot.bar(left, width, int(count), kind, f"{month}: {int(count):,}{why}")
    if number % 3:
        return bar
    labels = ((15, formatting.MONTHS[int(month[5:]) - 1][:3]), (29, month[:4]))
    return bar + "".join(svg.text(middle, plot.bottom + below, name, anchor="middle") for below, name in labels)


def _describe(label: str, counts: pd.Series, excluded_months: list[str]) -> str:
    """Describe the panel for screen readers."""
    known = counts.dropna()
    if known.empty:
        return f"{label}: no data in the window."
    missing = [str(month) for month in counts.index[counts.isna()]]
    gaps = f" No data for {', '.join(missing)}." if missing else ""
    shown = [month for month in excluded_months if month in known.index]
    gaps += f" Excluded from the evidence: {', '.join(shown)}." if shown else ""
    return (
        f"{label}: from {wording.counted(int(known.min()), 'incident')} in {known.idxmin()} "
        f"to {int(known.max()):,} in {known.idxmax()}; {int(known.iloc[-1]):,} in {known.index[-1]}.{gaps}"
    )
