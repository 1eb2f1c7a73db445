"""How the day's hotspots came about, for the method page: in words, what else was tried, and other views."""

from typing import Any

import pandas as pd

from hotspots import categories, tables
from hotspots.reporting.report import Report


def how_chosen(report: Report) -> list[dict[str, Any]]:
    """For each family with anything to tell: its notes, the curve, how few places hold how much, hexagons."""
    told = []
    for family in tables.FAMILIES:
        notes, curve, held, hexagons = (
            table[table["family"] == family]
            for table in (report.method_notes, report.parameter_choices, report.concentration, report.hexagons)
        )
        if notes.empty:
            continue
        told.append(
            {
                "label": categories.FAMILY_LABELS[family],
                "notes": notes["says"].tolist(),
                "curve": _curve(curve),
                "held": [_held(row) for _, row in held.iterrows()],
                "hexagons": [_hexagon(row) for _, row in hexagons.sort_values("rank").iterrows()],
            }
        )
    return told


def _curve(curve: pd.DataFrame) -> dict[str, Any] | None:
    """Caught in 100 by radius (rows) and least number (columns), the chosen pair marked; None where none was tried."""
    if curve.empty:
        return None
    caught = (100 * curve["capture"]).map("{:.1f}".format) + curve["is_chosen"].map({True: " (chosen)", False: ""})
    by_pair = curve.assign(caught=caught).pivot_table("caught", "radius_m", "min_incidents", aggfunc="first")
    rows = [(f"{radius:g} m", list(row)) for radius, row in zip(by_pair.index, by_pair.to_numpy(), strict=True)]
    return {"least": [int(least) for least in by_pair.columns], "rows": rows}


def _held(row: pd.Series) -> str:
    """One line of the concentration table."""
    kind = {"spot": "places with any record", "hexagon": "hexagons"}[str(row["unit"])]
    return (
        f"{100 * row['share_of_incidents']:.0f} in 100 incidents are in {row['places']:,} of {row['of_places']:,} "
        f"{kind} ({100 * row['share_of_places']:.1f} in 100)."
    )


def _hexagon(row: pd.Series) -> list[str]:
    """One row of the table of hexagons."""
    hotspot = row["hotspot_id"] if isinstance(row["hotspot_id"], str) else "none"
    return [str(row["rank"]), f"{row['incidents']:,}", f"{row['gi_star']:.1f}", hotspot]
