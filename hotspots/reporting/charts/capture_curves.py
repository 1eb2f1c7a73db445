"""Draw capture curves: the share of incidents captured by the first areas, for this method and its baselines."""

import pandas as pd

from hotspots import categories, scored_methods, wording
from hotspots.reporting import accuracy_sentences
from hotspots.reporting.charts import svg
from hotspots.reporting.charts.svg import Plot

_SIZES = {"width": 480, "height": 300, "left": 52, "right": 312, "top": 12, "bottom": 260}
# Dashes keep the lines apart in black and white.
_DASHES = {
    scored_methods.DECIDED: "10 3",
    scored_methods.BEST: "2 3",
    scored_methods.HISTORY: "8 4",
    scored_methods.SQUARES: "6 2 2 2",
    scored_methods.DENSITY: "4 4",
    scored_methods.RANDOM: "1 5",
}
_LABEL_HEIGHT = 17.0
_TOPS = (0.02, 0.04, 0.1, 0.2, 0.4, 0.6, 0.8)


def draw_curves(pooled: pd.DataFrame, family: str) -> str:
    """Draw the share of a family's incidents captured, by number of areas, as SVG.

    Parameters
    ----------
    pooled
        `family`, `method`, `k`, `hits` and `total`.
    family
        `asb` or `burglary`.
    """
    rows, label = pooled[pooled["family"] == family], categories.FAMILY_LABELS[family]
    if rows.empty or not rows["total"].max():
        return svg.figure(f"{label}: no incidents to score.", "")
    share = rows.assign(share=rows["hits"] / rows["total"]).pivot_table(index="k", columns="method", values="share")
    highest = float(share.to_numpy().max())
    plot = Plot(**_SIZES, x_max=int(share.index.max()), y_max=next((top for top in _TOPS if highest <= top), 1.0))
    lines = "".join(_line(plot, str(name), share[name].dropna()) for name in share.columns)
    drawn = plot.draw(
        f"{_axes(plot)}{lines}{_names(plot, share)}",
        css="curves",
        identity=f"curves-{family}",
        title=f"{label}: share captured, by number of areas",
        description=_describe(label, share),
    )
    return svg.figure(_finding(label, share), drawn)


def _finding(label: str, share: pd.DataFrame) -> str:
    """Return what the first areas captured, as the title of the chart."""
    own = (
        share[scored_methods.METHOD].dropna() if scored_methods.METHOD in share.columns else pd.Series(dtype="float64")
    )
    if own.empty:
        return f"{label}: share of incidents captured by the first areas"
    areas = wording.counted(int(own.index[-1]), "area")
    return f"{label}: the first {areas} captured {wording.percent(own.iloc[-1], 1)} of incidents"


def _line(plot: Plot, name: str, share: pd.Series) -> str:
    """Draw the curve of one method, from no areas on."""
    points = [(0.0, 0.0), *((float(k), float(value)) for k, value in share.items())]
    path = " ".join(f"{plot.x(k):.1f},{plot.y(value):.1f}" for k, value in points)
    width, dash = 3 if name == scored_methods.METHOD else 1.6, _DASHES.get(name, "")
    return svg.element(
        "polyline", points=path, fill="none", stroke="#1a1d21", stroke_width=width, stroke_dasharray=dash
    )


def _names(plot: Plot, share: pd.DataFrame) -> str:
    """Write each method at the end of its curve, moved apart where curves end together; ours in bold."""
    ends = sorted((plot.y(float(share[name].dropna().iloc[-1])), str(name)) for name in share.columns)
    placed: list[tuple[float, str]] = []
    for y, name in ends:
        placed.append((max(y + 4, placed[-1][0] + _LABEL_HEIGHT) if placed else y + 4, name))
    below = max(placed[-1][0] - (plot.bottom + 2), 0.0)
    ours, short = scored_methods.METHOD, accuracy_sentences.METHOD_SHORT
    return "".join(svg.text(plot.right + 6, y - below, short[name], is_bold=name == ours) for y, name in placed)


def _axes(plot: Plot) -> str:
    """Draw grid lines for the shares, and the numbers of areas below."""
    shares = [plot.y_max * step / 4 for step in range(5)]
    ticks = [(share, f"{100 * share:.1f}".removesuffix(".0") + " %") for share in shares]
    areas = range(0, int(plot.x_max) + 1, 10 if plot.x_max > 10 else 1)
    numbers = "".join(svg.text(plot.x(k), plot.bottom + 16, str(k), anchor="middle") for k in areas)
    name = svg.text((plot.left + plot.right) / 2, plot.height - 6, "areas from the top of the list", anchor="middle")
    return plot.y_axis(ticks, stroke="#d5dade") + numbers + name


def _describe(label: str, share: pd.DataFrame) -> str:
    """Describe the ends of the curves for screen readers."""
    ends = share.ffill().iloc[-1].sort_values(ascending=False, kind="stable")
    methods = "; ".join(
        f"{accuracy_sentences.METHOD_NAMES[str(name)]} {wording.percent(value, 1)}" for name, value in ends.items()
    )
    return f"{label}, {wording.counted(int(share.index.max()), 'area')}: {methods}."
