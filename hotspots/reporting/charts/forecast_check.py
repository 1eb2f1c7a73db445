"""Check the latest scored list: incidents captured beside the baselines, and expected beside observed by rank."""

from typing import Any

import pandas as pd

from hotspots import categories
from hotspots.reporting import accuracy_sentences, formatting
from hotspots.reporting.charts import capture_curves, svg
from hotspots.reporting.charts.svg import Plot
from hotspots.reporting.report import Report

_SIZES = {"width": 400, "height": 210, "left": 44, "right": 394, "top": 26, "bottom": 170}
_ORDER = {name: number for number, name in enumerate(accuracy_sentences.METHOD_NAMES)}


def of_report(report: Report) -> list[dict[str, Any]]:
    """Return the capture curves and the expected and observed counts of each family that was scored."""
    found = []
    for family in categories.FAMILIES:
        accuracy = _latest(report.accuracy, family)
        ranks = _latest(report.calibration, family)
        ranks = ranks[ranks["statement"] == "expected"]
        if len(accuracy):
            found.append(
                {
                    "code": family,
                    "label": categories.FAMILY_LABELS[family],
                    "curves": capture_curves.draw_curves(accuracy, family),
                    "methods": _methods(accuracy),
                    "ranks": draw_ranks(ranks, family),
                    "expected": formatting.number(ranks["expected"].sum(), 0),
                    "observed": f"{ranks['observed'].sum():,}",
                    "bands": [
                        (row.band, row.areas, formatting.number(row.expected), f"{row.observed:,}")
                        for row in ranks.itertuples()
                    ],
                }
            )
    return found


def draw_ranks(ranks: pd.DataFrame, family: str) -> str:
    """Draw expected (hollow) and observed (filled) incidents by band of ranks; empty without any band."""
    if ranks.empty:
        return ""
    highest = int(max(ranks["expected"].max(), ranks["observed"].max())) + 1
    plot = Plot(**_SIZES, x_max=len(ranks), y_max=svg.round_top(highest))
    middle = plot.y_max / 2
    ticks = [(value, formatting.number(value)) for value in (0, middle, plot.y_max)]
    bands = "".join(_band(plot, number, row) for number, row in enumerate(ranks.itertuples()))
    figures = "; ".join(
        f"ranks {r.band}: {formatting.number(r.expected)} expected, {r.observed:,} observed" for r in ranks.itertuples()
    )
    return plot.draw(
        plot.y_axis(ticks) + bands + _key(plot),
        css=f"trend {family}",
        identity=f"ranks-{family}",
        title=f"{categories.FAMILY_LABELS[family]}: expected and observed incidents by rank",
        description=f"{figures}.",
    )


def _band(plot: Plot, number: int, row: Any) -> str:
    """Draw both bars of a band of ranks, with its name below."""
    bars = "".join(
        plot.bar(plot.x(number + at), plot.x(0.34) - plot.left, value, kind, f"{row.band}: {value:,.0f}")
        for kind, value, at in (("expected", row.expected, 0.14), ("observed", row.observed, 0.52))
    )
    return bars + svg.text(plot.x(number + 0.5), plot.bottom + 15, row.band, anchor="middle")


def _key(plot: Plot) -> str:
    """Draw the key to the bars, and the name of the axis."""
    bars = "".join(
        svg.rect(plot.left + at, 4, 12, 10, css=kind) + svg.text(plot.left + at + 17, 13, kind)
        for kind, at in (("expected", 0), ("observed", 84))
    )
    return bars + svg.text((plot.left + plot.width) // 2, plot.height - 6, "rank on the list", anchor="middle")


def _latest(table: pd.DataFrame, family: str) -> pd.DataFrame:
    """Return one family's rows of the latest published list that was scored."""
    rows = table[(table["family"] == family) & (table["basis"] == "published")]
    rows = rows[rows["as_of"] == rows["as_of"].max()]
    if "method" in rows.columns:
        return rows.assign(order=rows["method"].map(_ORDER)).sort_values(["order", "method", "k"])
    return rows.assign(order=rows["band"].str.extract(r"^(\d+)", expand=False).astype("float64")).sort_values(
        ["statement", "order", "band"]
    )


def _methods(accuracy: pd.DataFrame) -> dict[str, Any]:
    """Return the incidents that each method captured, at every scored length of the list."""
    hits = accuracy.pivot_table(index="method", columns="k", values="hits", sort=False)
    return {
        "total": f"{int(accuracy['total'].max()):,}",
        "lengths": [int(k) for k in hits.columns],
        "rows": [
            (
                accuracy_sentences.METHOD_NAMES.get(str(name), str(name)),
                [formatting.number(value, 0) for value in values],
            )
            for name, values in zip(hits.index, hits.to_numpy(), strict=True)
        ],
    }
