"""Whether the last list's numbers came true: expected beside what came, by place on the list, drawn and as a table."""

from html import escape
from typing import Any

import pandas as pd

from hotspots import categories
from hotspots.reporting import accuracy_sentences, formatting
from hotspots.reporting.charts import capture_curves, monthly_counts
from hotspots.reporting.report import Report

_WIDTH, _HEIGHT = 400, 210
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 6, 26, 40
_ORDER = {name: number for number, name in enumerate(accuracy_sentences.METHOD_WORDS)}


def of_report(report: Report) -> list[dict[str, Any]]:
    """For each family that was scored: curves of what the last list caught, and expected beside came."""
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
                    "ways": _ways(accuracy),
                    "ranks": draw_ranks(ranks, family),
                    "bands": [
                        (row.band, row.areas, formatting.number(row.expected), f"{row.observed:,}")
                        for row in ranks.itertuples()
                    ],
                }
            )
    return found


def draw_ranks(ranks: pd.DataFrame, family: str) -> str:
    """Two bars for each band of ranks, hollow for what was expected and full for what came; empty without a band."""
    if ranks.empty:
        return ""
    label, identity = categories.FAMILY_LABELS[family], f"came-{escape(family)}"
    top = monthly_counts.round_top(int(max(ranks["expected"].max(), ranks["observed"].max())) + 1)
    step = (_WIDTH - _LEFT - _RIGHT) / len(ranks)
    floor = _HEIGHT - _BOTTOM
    bars = ""
    for number, row in enumerate(ranks.itertuples()):
        left = _LEFT + number * step
        for kind, value, at in (("hoped", row.expected, 0.14), ("came", row.observed, 0.52)):
            height = (floor - _TOP) * value / top
            bars += (
                f'<rect class="{kind}" x="{left + at * step:.1f}" y="{floor - height:.1f}" width="{0.34 * step:.1f}" '
                f'height="{height:.1f}"><title>{escape(row.band)}: {value:,.0f}</title></rect>'
            )
        bars += f'<text x="{left + step / 2:.1f}" y="{floor + 15}" text-anchor="middle">{escape(row.band)}</text>'
    scale = "".join(
        f'<line x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
        f'<text x="{_LEFT - 5}" y="{y + 4:.1f}" text-anchor="end">{formatting.number(value)}</text>'
        for value, y in ((0, floor), (top / 2, (floor + _TOP) / 2), (top, _TOP))
    )
    key = (
        f'<rect class="hoped" x="{_LEFT}" y="4" width="12" height="10"/><text x="{_LEFT + 17}" y="13">expected</text>'
        f'<rect class="came" x="{_LEFT + 84}" y="4" width="12" height="10"/><text x="{_LEFT + 101}" y="13">came</text>'
        f'<text x="{(_LEFT + _WIDTH) / 2:.0f}" y="{_HEIGHT - 6}" text-anchor="middle">rank on the list</text>'
    )
    said = "; ".join(
        f"ranks {r.band}: {formatting.number(r.expected)} expected, {r.observed:,} came" for r in ranks.itertuples()
    )
    return (
        f'<svg class="trend {escape(family)}" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" '
        f'aria-labelledby="{identity}-title {identity}-desc">'
        f'<title id="{identity}-title">{escape(label)}: expected and came, by rank</title>'
        f'<desc id="{identity}-desc">{escape(said)}.</desc>{scale}{bars}{key}</svg>'
    )


def _latest(table: pd.DataFrame, family: str) -> pd.DataFrame:
    """One family's rows of the latest list that was scored as it was published."""
    rows = table[(table["family"] == family) & (table["basis"] == "published")]
    rows = rows[rows["as_of"] == rows["as_of"].max()]
    if "method" in rows.columns:
        return rows.assign(order=rows["method"].map(_ORDER)).sort_values(["order", "method", "k"])
    return rows.assign(order=rows["band"].str.extract(r"^(\d+)", expand=False).astype("float64")).sort_values(
        ["statement", "order", "band"]
    )


def _ways(accuracy: pd.DataFrame) -> dict[str, Any]:
    """What each way to choose held, at every length that was scored."""
    hits = accuracy.pivot_table(index="method", columns="k", values="hits", sort=False)
    return {
        "total": f"{int(accuracy['total'].max()):,}",
        "lengths": [int(k) for k in hits.columns],
        "rows": [
            (
                accuracy_sentences.METHOD_WORDS.get(str(name), str(name)),
                [formatting.number(value, 0) for value in values],
            )
            for name, values in zip(hits.index, hits.to_numpy(), strict=True)
        ],
    }
