"""The page of a backtest: what lists of past months would have caught, beside plain ways to choose as many areas."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from hotspots import categories
from hotspots.reporting import accuracy_sentences, formatting, html_templates
from hotspots.reporting.charts import capture_curves
from hotspots.reporting.exports import area_files

FILES = {
    "accuracy.csv": "every date, family, way to choose and number of areas",
    "calibration.csv": "intervals and chances of every date",
}


@dataclass(frozen=True, kw_only=True)
class Backtest:
    """What a backtest found.

    Attributes
    ----------
    force_name, slug, marking, as_of
        As in `report.Report`.
    dates
        Days that the method looked ahead from.
    ahead_months
        Months after each of them that were scored.
    horizon_label
        What `expected` looks ahead to.
    accuracy, calibration
        `tables.ACCURACY` and `tables.CALIBRATION`, all dates.
    pooled
        All dates together: `family`, `method`, `k`, `hits`, `total`, `area_m2`, `hit_rate`, `pai`, `pei`, `rri`,
        `recapture_rate_index`.
    chances
        `tables.CALIBRATION` with all dates taken together.
    gains
        What this method caught more than plain history, as `accuracy_sentences.of_backtest` reads it.
    """

    force_name: str
    slug: str
    marking: str
    as_of: date
    dates: tuple[date, ...]
    ahead_months: int
    horizon_label: str
    accuracy: pd.DataFrame
    calibration: pd.DataFrame
    pooled: pd.DataFrame
    chances: pd.DataFrame
    gains: pd.DataFrame


def write_backtest(found: Backtest, folder: Path) -> list[Path]:
    """The page and its tables, into an existing folder."""
    page = folder / "index.html"
    page.write_text(draw_backtest(found), encoding="utf-8", newline="\n")
    return [
        page,
        area_files.write_csv(folder / "accuracy.csv", found.accuracy),
        area_files.write_csv(folder / "calibration.csv", found.calibration),
    ]


def draw_backtest(found: Backtest) -> str:
    """The page as HTML; the same tables give the same text."""
    families = [family for family in categories.FAMILIES if (found.pooled["family"] == family).any()]
    return html_templates.pages().get_template("backtest.html").render(
        found=found,
        as_of=formatting.day(found.as_of),
        first=formatting.day(found.dates[0]),
        last=formatting.day(found.dates[-1]),
        dates=formatting.counted(len(found.dates), "past date", "past dates"),
        ahead=formatting.counted(found.ahead_months, "month", "months"),
        gains=accuracy_sentences.of_backtest(found.gains, found.pooled),
        chances=accuracy_sentences.of_chances(found.chances),
        families=[_family(found, family) for family in families],
        files=FILES,
    )  # fmt: skip


def _family(found: Backtest, family: str) -> dict[str, Any]:
    """One family's curves and tables."""
    pooled = found.pooled[found.pooled["family"] == family]
    return {
        "code": family,
        "label": categories.FAMILY_LABELS[family],
        "curves": capture_curves.draw_curves(found.pooled, family),
        "lengths": [_length(pooled[pooled["k"] == k], k) for k in sorted(found.gains["k"].unique())],
        "ranks": _ranks(found.chances, family),
        "dates": _dates(found, family),
    }


def _length(rows: pd.DataFrame, k: int) -> dict[str, Any]:
    """Every way to choose, at so many areas."""
    return {
        "k": int(k),
        "total": f"{int(rows['total'].max()):,}" if len(rows) else "0",
        "ways": [
            {
                "name": accuracy_sentences.METHOD_WORDS[row.method],
                "is_ours": row.method == accuracy_sentences.OURS,
                "hits": f"{int(row.hits):,}",
                "share": f"{100 * row.hit_rate:.1f} %",
                "area": f"{row.area_m2 / 1e6:.2f}",
                "pai": formatting.number(row.pai, 0),
                "pei": _ratio(row.pei),
                "rri": _ratio(row.rri),
                "kept": _ratio(row.recapture_rate_index),
            }
            for row in rows.itertuples()
        ],
    }


def _ratio(value: float) -> str:
    return "–" if pd.isna(value) else f"{value:.2f}"


def _ranks(chances: pd.DataFrame, family: str) -> list[dict[str, str]]:
    """Expected and came, by place on the list."""
    rows = chances[(chances["family"] == family) & (chances["statement"] == "expected")]
    return [
        {"band": row.band, "areas": f"{row.areas:,}", "expected": f"{row.expected:,.0f}", "came": f"{row.observed:,}"}
        for row in rows.itertuples()
    ]


def _dates(found: Backtest, family: str) -> dict[str, Any]:
    """Each date apart, at the first length that is told."""
    k = int(found.gains["k"].min())
    rows = found.accuracy[(found.accuracy["family"] == family) & (found.accuracy["k"] == k)]
    hits = rows.pivot_table(index="as_of", columns="method", values="hits", aggfunc="max")
    total = rows.groupby("as_of")["total"].max()
    ways = (accuracy_sentences.OURS, accuracy_sentences.HISTORY, "last year on squares", accuracy_sentences.BEST)
    shown = hits.reindex(columns=list(ways))
    return {
        "k": k,
        "ways": [accuracy_sentences.METHOD_SHORT[way] for way in ways],
        "rows": [
            (formatting.day(day.date()), f"{int(total[day]):,}", [formatting.number(value, 0) for value in values])
            for day, values in zip(shown.index, shown.to_numpy(), strict=True)
        ],
    }
