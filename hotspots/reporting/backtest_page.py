"""Write the page of a backtest: what lists of past dates would have captured, beside the baselines."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from hotspots import categories, scored_methods, wording
from hotspots.reporting import accuracy_sentences, formatting, html_templates
from hotspots.reporting.charts import capture_curves
from hotspots.reporting.exports import area_files

FILES = {
    "accuracy.csv": "scores by date, family, method and number of areas",
    "calibration.csv": "calibration of ranges and chances by date",
}


@dataclass(frozen=True, kw_only=True)
class Backtest:
    """Results of a backtest.

    Attributes
    ----------
    force_name, slug, marking, as_of
        As in `report.Report`.
    dates
        Past dates of the lists.
    ahead_months
        Months after each date that were scored.
    horizon_label
        Period that `expected` is for.
    accuracy, calibration
        `tables.ACCURACY` and `tables.CALIBRATION`, all dates.
    pooled
        All dates together: `family`, `method`, `k`, `hits`, `total`, `area_m2`, `hit_rate`, `pai`, `pei`, `rri`,
        `recapture_rate_index`.
    chances
        `tables.CALIBRATION` with all dates taken together.
    gains
        Incidents captured beyond the baselines, as for `accuracy_sentences.describe_backtest`.
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
    """Write the page and its tables to an existing folder."""
    return [
        html_templates.write_page(folder / "index.html", draw_backtest(found)),
        area_files.write_csv(folder / "accuracy.csv", found.accuracy),
        area_files.write_csv(folder / "calibration.csv", found.calibration),
    ]


def draw_backtest(found: Backtest) -> str:
    """Return the page as HTML."""
    families = [family for family in categories.FAMILIES if (found.pooled["family"] == family).any()]
    return html_templates.template("backtest.html").render(
        found=found,
        as_of=formatting.day(found.as_of),
        first=formatting.day(found.dates[0]),
        last=formatting.day(found.dates[-1]),
        dates=wording.counted(len(found.dates), "past date"),
        ahead=wording.counted(found.ahead_months, "month"),
        gains=accuracy_sentences.describe_backtest(found.gains, found.pooled),
        calibration=accuracy_sentences.describe_calibration(found.chances),
        families=[_family(found, family) for family in families],
        files=FILES,
    )  # fmt: skip


def _family(found: Backtest, family: str) -> dict[str, Any]:
    """Return the curves and tables of one family."""
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
    """Return the scores of every method at one number of areas."""
    return {
        "k": int(k),
        "total": wording.counted(int(rows["total"].max()) if len(rows) else 0, "incident"),
        "methods": [
            {
                "name": accuracy_sentences.METHOD_NAMES[row.method],
                "is_ours": row.method == scored_methods.METHOD,
                "hits": f"{int(row.hits):,}",
                "share": wording.percent(row.hit_rate, 1),
                "area": formatting.fixed(row.area_m2 / 1e6, 2),
                "pai": formatting.number(row.pai, 0),
                "pei": formatting.fixed(row.pei, 2),
                "rri": formatting.fixed(row.rri, 2),
                "retained": formatting.fixed(row.recapture_rate_index, 2),
            }
            for row in rows.itertuples()
        ],
    }


def _ranks(chances: pd.DataFrame, family: str) -> list[dict[str, str]]:
    """Return expected and observed incidents by band of ranks."""
    rows = chances[(chances["family"] == family) & (chances["statement"] == "expected")]
    return [
        {"band": r.band, "areas": f"{r.areas:,}", "expected": f"{r.expected:,.0f}", "observed": f"{r.observed:,}"}
        for r in rows.itertuples()
    ]


def _dates(found: Backtest, family: str) -> dict[str, Any]:
    """Return the incidents captured on each date, for the shortest list that is compared."""
    k = int(found.gains["k"].min())
    rows = found.accuracy[(found.accuracy["family"] == family) & (found.accuracy["k"] == k)]
    hits = rows.pivot_table(index="as_of", columns="method", values="hits", aggfunc="max")
    total = rows.groupby("as_of")["total"].max()
    methods = (scored_methods.METHOD, scored_methods.HISTORY, scored_methods.SQUARES, scored_methods.BEST)
    shown = hits.reindex(columns=list(methods))
    return {
        "k": k,
        "methods": [accuracy_sentences.METHOD_SHORT[method] for method in methods],
        "rows": [
            (formatting.day(day.date()), f"{int(total[day]):,}", [formatting.number(value, 0) for value in values])
            for day, values in zip(shown.index, shown.to_numpy(), strict=True)
        ],
    }
