"""Draw the public figures of one area by month: bars that start at 0, with the months of the quarter darker."""

import pandas as pd

from hotspots import categories, tables
from hotspots.reporting import formatting
from hotspots.reporting.charts import svg
from hotspots.reporting.charts.svg import Plot
from hotspots.reporting.public.public_figures import PublicFigures

_SIZES = {"width": 340, "height": 150, "left": 36, "right": 336, "top": 12, "bottom": 110}


def draw_figures(public: PublicFigures, area: str, quarter: pd.Period) -> list[str]:
    """Return a chart for each family that has a figure for the area, as SVG; withheld months say so."""
    own = public.figures[public.figures["area"] == area]
    by_family = {family: own[own["family"] == family].set_index("month")["figure"] for family in tables.FAMILIES}
    of_quarter = {str(month) for month in pd.period_range(quarter.start_time, quarter.end_time, freq="M")}
    return [
        _draw(family, figures.reindex(public.months), of_quarter)
        for family, figures in by_family.items()
        if figures.notna().any()
    ]


def _draw(family: str, figures: pd.Series, of_quarter: set[str]) -> str:
    """Draw the months of one family."""
    label = f"{categories.FAMILY_LABELS[family]} recorded by month"
    top = svg.round_top(int(figures.max()))
    plot = Plot(**_SIZES, x_max=len(figures), y_max=top)
    scale = plot.y_axis((value, f"{value:,}") for value in (0, top // 2, top))
    bars = "".join(
        _month(plot, at, str(month), figure, of_quarter) for at, (month, figure) in enumerate(figures.items())
    )
    known = figures.dropna()
    described = "; ".join(f"{formatting.month(str(month))} about {int(figure):,}" for month, figure in known.items())
    drawn = plot.draw(scale + bars, identity=f"figures-{family}", title=label, description=f"{described}.")
    return svg.figure(label, drawn, f"chart trend {family}")


def _month(plot: Plot, at: int, month: str, figure: object, of_quarter: set[str]) -> str:
    """Draw the bar of one month, or "w" where its figure is withheld, with the name of every third month."""
    left, width, middle = plot.x(at) + 3, plot.x(1) - plot.left - 6, plot.x(at + 0.5)
    if pd.isna(figure):
        drawn = svg.text(middle, plot.bottom - 4, "w", anchor="middle")
    else:
        css = "bar" if month in of_quarter else "bar earlier"
        drawn = plot.bar(left, width, int(str(figure)), css, f"{formatting.month(month)}: about {int(str(figure)):,}")
    if at % 3:
        return drawn
    labels = ((15, formatting.MONTHS[int(month[5:]) - 1][:3]), (29, month[:4]))
    return drawn + "".join(svg.text(middle, plot.bottom + below, name, anchor="middle") for below, name in labels)
