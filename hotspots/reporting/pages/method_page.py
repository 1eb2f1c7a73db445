"""Page on the method: how the hotspots were chosen, which parameters were tried, other views of the data, settings."""

from typing import Any

import pandas as pd

from hotspots import categories, tables, wording
from hotspots.reporting import formatting
from hotspots.reporting.pages import near_repeat_section
from hotspots.reporting.report import Report

FILE, TITLE = "method.html", "Method and limits"
FINDING = (
    "Patrol areas are placed where the forecast expects most incidents within a short walk. ASB is ranked by expected "
    "incidents, burglary by expected harm."
)


def of_report(report: Report) -> dict[str, Any] | None:
    """Return the sections of the page."""
    methods, settings = _methods(report), _settings(report.settings)
    sections = {
        "method": ("How areas are chosen", True),
        "hotspots": ("How hotspots are found", bool(methods)),
        "near_repeat_test": ("Near repeats", report.numbered_zones.empty),
        "limits": ("Limits", True),
        "settings": ("Settings and versions", bool(settings or report.versions)),
    }
    return {
        "finding": FINDING,
        "sections": [(name, title) for name, (title, is_shown) in sections.items() if is_shown],
        "methods": methods,
        "near_repeats": near_repeat_section.of_report(report),
        "settings": settings,
    }


def _methods(report: Report) -> list[dict[str, Any]]:
    """Return notes, parameter curve, concentration and hexagons of each family with notes."""
    found = []
    for family in tables.FAMILIES:
        notes, curve, concentration, hexagons = (
            table[table["family"] == family]
            for table in (report.method_notes, report.parameter_choices, report.concentration, report.hexagons)
        )
        if notes.empty:
            continue
        found.append(
            {
                "label": categories.FAMILY_LABELS[family],
                "notes": notes["description"].tolist(),
                "curve": _curve(curve),
                "concentration": [_describe_concentration(row) for _, row in concentration.iterrows()],
                "hexagons": [_hexagon(row) for _, row in hexagons.sort_values("rank").iterrows()],
            }
        )
    return found


def _curve(curve: pd.DataFrame) -> dict[str, Any] | None:
    """Return the percentage captured by radius (rows) and minimum (columns), the chosen pair marked."""
    if curve.empty:
        return None
    captured = (100 * curve["capture"]).map("{:.1f}".format) + curve["is_chosen"].map({True: " (chosen)", False: ""})
    by_pair = curve.assign(captured=captured).pivot_table("captured", "radius_m", "min_incidents", aggfunc="first")
    rows = [(f"{radius:g} m", list(row)) for radius, row in zip(by_pair.index, by_pair.to_numpy(), strict=True)]
    return {"min_incidents": [int(number) for number in by_pair.columns], "rows": rows}


def _describe_concentration(row: pd.Series) -> str:
    """Return a sentence on the share of incidents in a share of places."""
    unit = {"spot": "recorded locations", "hexagon": "hexagons"}[str(row["unit"])]
    return (
        f"{wording.percent(row['share_of_incidents'])} of incidents are in {row['places']:,} of {row['of_places']:,} "
        f"{unit} ({wording.percent(row['share_of_places'], 1)})."
    )


def _hexagon(row: pd.Series) -> list[str]:
    """Return a row of the table of hexagons."""
    hotspot = row["hotspot_id"] if isinstance(row["hotspot_id"], str) else "none"
    return [str(row["rank"]), f"{row['incidents']:,}", f"{row['gi_star']:.1f}", hotspot]


def _settings(settings: dict[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    """Return nested settings as rows of dotted name and value."""
    lines = []
    for name, value in settings.items():
        path = formatting.clean(f"{prefix}.{name}" if prefix else name, 200)
        lines += (
            _settings(value, path)
            if isinstance(value, dict)
            else [(path, "chosen automatically" if value is None else formatting.clean(_plain(value), 300))]
        )
    return lines


def _plain(value: object) -> object:
    """Return lists in words; a list of tables, such as teams, becomes a list of their names."""
    if isinstance(value, list | tuple):
        names = [each.get("name", each) if isinstance(each, dict) else each for each in value]
        return ", ".join(str(name) for name in names) or "none"
    return value
