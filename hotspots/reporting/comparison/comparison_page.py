"""Draw the comparison page of two reports, with one map of both; it makes no network requests."""

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from hotspots import categories, tables, wording
from hotspots.reporting import formatting, html_templates
from hotspots.reporting.comparison import compare_runs
from hotspots.reporting.comparison.compare_runs import Match, Run
from hotspots.reporting.exports import area_files
from hotspots.reporting.web_map import leaflet

SHOWN = 20  # areas per family in the tables
_COUNTS = {
    "rows_in": "Rows received",
    "rows_kept": "Rows kept",
    "asb_in_window": "ASB in the window",
    "burglary_in_window": "Burglaries in the window",
    "concerns": "Residents' concerns",
}


# Hotspots of these statuses in B are listed even if both reports have them.
_CHANGED = [formatting.STATUS_LABELS[status] for status in ("new", "emerging", "fading")]
_KINDS = {"hotspots": "hotspots", "areas": "patrol areas"}


def draw_page(a: Run, b: Run, match: Match) -> str:
    """Return the page as HTML."""
    is_same_force = a.force == b.force
    areas, hotspots = (
        compare_runs.pair_places(*pair, match) for pair in ((a.areas, b.areas), (a.hotspots, b.hotspots))
    )
    return html_templates.template("compare.html").render(
        a=a, b=b,
        is_same_force=is_same_force,
        markings=sorted({_marking(a), _marking(b)}),
        key_points=_key_points(a, b, areas, hotspots) if is_same_force else [_TWO_FORCES],
        counts=_counts(a, b),
        changes=[("Patrol areas", _changes(areas)), ("Hotspots", _changes(hotspots))],
        families=[_family(areas, hotspots, family) for family in tables.FAMILIES],
        lists=[_first_areas(a, b, family) for family in tables.FAMILIES],
        differences=compare_runs.other_differences(a.facts, b.facts, is_same_force),
        data={
            "layers": _layers(a, b, areas, hotspots),
            "base_maps": [run.base_map for run in ([b] if is_same_force else [a, b]) if run.base_map],
        },
        leaflet_script=leaflet.read_script(),
        leaflet_styles=leaflet.read_styles(),
    )  # fmt: skip


SAME_REPORT = "A and B are the same report: inputs, settings, versions and counts are equal. There is no difference."
_TWO_FORCES = (
    "These reports are from different forces. Forces record ASB differently, so the lists cannot be used to rank one "
    "force against the other."
)


def _key_points(a: Run, b: Run, areas: pd.DataFrame, hotspots: pd.DataFrame) -> list[str]:
    """Return the main differences in sentences."""
    if compare_runs.is_same_report(a, b):
        return [SAME_REPORT]
    lines = []
    for family in tables.FAMILIES:
        own = areas[areas["family"] == family]
        first = own[own["rank_b"].notna()].nsmallest(SHOWN, "rank_b")
        listed = int((first["change"] != "new").sum())
        counts = compare_runs.count_changes(hotspots)[family]
        name = formatting.FAMILY_SHORT[family]
        lines.append(
            f"{name}: A's list has {listed} of the first {wording.counted(len(first), 'area')} of B. "
            f"Hotspots: {counts['new']} only in B, {counts['gone']} only in A."
        )
    found = [name for name, _, _ in compare_runs.other_differences(a.facts, b.facts, True)]
    parts = [
        wording.counted(number, *names)
        for number, names in (
            (sum(name.startswith("Setting") for name in found), ("setting", "settings")),
            (sum(name.startswith("File") for name in found), ("file", "files")),
            (sum(name.startswith("Version") for name in found), ("version of a library", "versions of libraries")),
        )
        if number
    ]
    parts += ["the evidence window"] if "Evidence window" in found else []
    lines.append(
        f"The reports also differ in: {', '.join(parts)}. Check these before interpreting a change (see below)."
        if parts
        else "Settings, files, window and versions are the same."
    )
    return lines


def _counts(a: Run, b: Run) -> list[tuple[str, str, str, str]]:
    """Return rows, incidents and places of both reports, with the difference."""
    left, right = a.facts["counts"], b.facts["counts"]
    lines = [(label, left.get(name), right.get(name)) for name, label in _COUNTS.items()]
    for name, label in (("hotspots", "hotspots"), ("patrol_areas", "patrol areas")):
        for family in tables.FAMILIES:
            counts = [run.get(name) if isinstance(run.get(name), dict) else {} for run in (left, right)]
            lines.append((f"{formatting.FAMILY_SHORT[family]} {label}", *(each.get(family, 0) for each in counts)))
    return [(label, _number(old), _number(new), _difference(old, new)) for label, old, new in lines]


def _difference(old: Any, new: Any) -> str:
    """Return the difference of two counts with its sign."""
    if not isinstance(old, int) or not isinstance(new, int):
        return "–"
    return "0" if old == new else f"{new - old:+,}"


def _number(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int) else "–"


def _changes(pairs: pd.DataFrame) -> list[tuple[str, list[int]]]:
    """Return the numbers of places by change and family."""
    counted = compare_runs.count_changes(pairs)
    return [
        (compare_runs.CHANGE_LABELS[str(change)], [int(row[family]) for family in tables.FAMILIES])
        for change, row in counted.iterrows()
    ]


def _family(areas: pd.DataFrame, hotspots: pd.DataFrame, family: str) -> dict[str, Any]:
    """Return the places of one family with their changes."""
    own = areas[areas["family"] == family]
    is_first = (own["rank_a"].fillna(SHOWN + 1) <= SHOWN) | (own["rank_b"].fillna(SHOWN + 1) <= SHOWN)
    is_changed = hotspots["change"].isin(["new", "gone"]) | hotspots["status"].isin(_CHANGED)
    changed = hotspots[(hotspots["family"] == family) & is_changed]
    return {
        "code": family,
        "label": categories.FAMILY_LABELS[family],
        "areas": [_row(row) for _, row in own[is_first].iterrows()],
        "hotspots": [_row(row) for _, row in changed.iterrows()],
    }


def _row(row: pd.Series) -> dict[str, str]:
    """Return a row of a table."""
    ranks = ["–" if pd.isna(row[f"rank_{side}"]) else f"{row[f'rank_{side}']}" for side in "ab"]
    ranks_up = "" if "–" in ranks else f"{int(row['rank_a']) - int(row['rank_b']):+d}".replace("+0", "0")
    figures = {
        f"{name}_{side}": formatting.fixed(row[f"{name}_{side}"], decimals)
        for name, decimals in (("expected", 1), ("incidents", 0))
        for side in "ab"
    }
    return {
        "status": row["status"],
        "latest": row["latest"],
        "place": row["place"],
        "change": compare_runs.CHANGE_LABELS[row["change"]],
        "rank_a": ranks[0],
        "rank_b": ranks[1],
        "ranks_up": ranks_up,
    } | figures


def _first_areas(a: Run, b: Run, family: str) -> dict[str, Any]:
    """Return the first areas of both reports by rank."""
    first = [run.areas[run.areas["family"] == family].sort_values(["rank", "id"]).head(SHOWN) for run in (a, b)]
    cells = [
        [
            (formatting.place(row["main_location"], 60), formatting.fixed(row["expected"], 1))
            for _, row in areas.iterrows()
        ]
        for areas in first
    ]
    longest = max(map(len, cells))
    padded = [column + [("", "")] * (longest - len(column)) for column in cells]
    return {"label": categories.FAMILY_LABELS[family], "lines": list(zip(*padded, strict=True))}


def _marking(run: Run) -> str:
    force = run.facts.get("settings", {}).get("force", {})
    return formatting.clean(force.get("marking"), 80) if isinstance(force, dict) else ""


def _layers(a: Run, b: Run, areas: pd.DataFrame, hotspots: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the layers of the map: outlines of areas and hotspots of both reports, with a text each."""
    layers = []
    for side, run in (("a", a), ("b", b)):
        for kind, table, pairs in (("hotspots", run.hotspots, hotspots), ("areas", run.areas, areas)):
            only = set(pairs.loc[pairs["change"] == {"a": "gone", "b": "new"}[side], f"at_{side}"])
            for family in tables.FAMILIES:
                rows = table[table["family"] == family].sort_values(["rank", "id"])
                name = f"{side.upper()}: {formatting.FAMILY_SHORT[family]} {_KINDS[kind]}"
                shapes = _shapes(rows, side, kind, only)
                layers.append({"name": name, "style": f"{side} {kind} {family}", "shapes": shapes})
    return layers


def _shapes(rows: gpd.GeoDataFrame, side: str, kind: str, only: set[int]) -> list[dict[str, Any]]:
    """Return the rings and texts of one layer; `only` has the positions of places not in the other report."""
    outlines = area_files.degrees(rows.set_geometry(shapely.simplify(np.asarray(rows.geometry), 3)), 5)
    return [
        {
            "rings": [
                [[y, x] for x, y in shapely.get_coordinates(part.exterior)] for part in shapely.get_parts(outline)
            ],
            "mark": str(row["rank"]) if kind == "areas" else "",
            "only": at in only,
            "text": f"{side.upper()} {row['rank']}: {formatting.place(row['main_location'], 80)}. Expected "
            f"{formatting.number(row['expected'])}; recorded {formatting.number(row['incidents'])}."
            + (f" Only in {side.upper()}." if at in only else ""),
        }
        for (at, row), outline in zip(rows.iterrows(), outlines, strict=True)
    ]
