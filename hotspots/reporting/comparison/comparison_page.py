"""The page that sets two reports side by side, with one map of both; it asks the network for nothing."""

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from hotspots import categories, tables
from hotspots.reporting import formatting, html_templates
from hotspots.reporting.comparison import compare_runs
from hotspots.reporting.comparison.compare_runs import Match, Side
from hotspots.reporting.exports import area_files
from hotspots.reporting.web_map import leaflet

SHOWN = 20  # areas a family in the tables
_COUNTS = {
    "rows_in": "Rows received",
    "rows_kept": "Rows kept",
    "asb_in_window": "ASB in the window",
    "burglary_in_window": "Burglaries in the window",
    "concerns": "Concerns of residents",
}


_KINDS = {"hotspots": "hotspots", "areas": "patrol areas"}


def draw_page(a: Side, b: Side, match: Match) -> str:
    """The page as HTML; the same reports give the same text."""
    is_same_force = a.force == b.force
    areas, hotspots = (
        compare_runs.pair_places(*pair, match) for pair in ((a.areas, b.areas), (a.hotspots, b.hotspots))
    )
    return html_templates.template("compare.html").render(
        a=a, b=b,
        is_same_force=is_same_force,
        markings=sorted({_marking(a), _marking(b)}),
        to_know=_to_know(a, b, areas, hotspots) if is_same_force else [_TWO_FORCES],
        counts=_counts(a, b),
        moves=[("Patrol areas", _moves(areas)), ("Hotspots", _moves(hotspots))],
        families=[_family(areas, hotspots, family) for family in tables.FAMILIES],
        lists=[_side_by_side(a, b, family) for family in tables.FAMILIES],
        differences=compare_runs.differences(a.facts, b.facts, is_same_force),
        data={
            "layers": _drawn(a, b, areas, hotspots),
            "grounds": [side.ground for side in ([b] if is_same_force else [a, b]) if side.ground],
        },
        leaflet_script=leaflet.read_script(),
        leaflet_styles=leaflet.read_styles(),
    )  # fmt: skip


_TWO_FORCES = (
    "These are two forces. ASB is recorded differently by each: their lists stand side by side to be read, not to rank "
    "one force against the other."
)


def _to_know(a: Side, b: Side, areas: pd.DataFrame, hotspots: pd.DataFrame) -> list[str]:
    """What changed, in a few sentences."""
    lines = []
    for family in tables.FAMILIES:
        own = areas[areas["family"] == family]
        first = own[own["rank_b"].notna()].nsmallest(SHOWN, "rank_b")
        fresh = int((first["move"] == "new").sum())
        listed = (
            f"{fresh} of the first {len(first)} areas of B are not on A's list"
            if fresh
            else f"all of the first {len(first)} areas of B are on A's list"
        )
        told = compare_runs.count_moves(hotspots)[family]
        name = formatting.FAMILY_SHORT[family]
        lines.append(f"{name}: {listed}; of the hotspots {told['new']} are only in B, {told['gone']} only in A.")
    found = [name for name, _, _ in compare_runs.differences(a.facts, b.facts, True)]
    told = [
        formatting.counted(number, *names)
        for number, names in (
            (sum(name.startswith("Setting") for name in found), ("setting", "settings")),
            (sum(name.startswith("File") for name in found), ("file", "files")),
            (sum(name.startswith("Version") for name in found), ("version of a library", "versions of libraries")),
        )
        if number
    ]
    told += ["the evidence window"] if "Evidence window" in found else []
    lines.append(
        f"Besides the streets, these differ: {', '.join(told)}. See below before reading a change as one on the ground."
        if told
        else "Settings, files, window and versions are the same in both."
    )
    return lines


def _counts(a: Side, b: Side) -> list[tuple[str, str, str, str]]:
    """Rows, incidents and places of both, and the difference."""
    left, right = a.facts["counts"], b.facts["counts"]
    lines = [(says, left.get(name), right.get(name)) for name, says in _COUNTS.items()]
    for name, says in (("hotspots", "hotspots"), ("patrol_areas", "patrol areas")):
        for family in tables.FAMILIES:
            held = [side.get(name) if isinstance(side.get(name), dict) else {} for side in (left, right)]
            lines.append((f"{formatting.FAMILY_SHORT[family]} {says}", *(one.get(family, 0) for one in held)))
    return [(says, _number(old), _number(new), _step(old, new)) for says, old, new in lines]


def _step(old: Any, new: Any) -> str:
    """The difference of two counts, with its sign."""
    if not isinstance(old, int) or not isinstance(new, int):
        return "–"
    return "0" if old == new else f"{new - old:+,}"


def _number(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int) else "–"


def _moves(pairs: pd.DataFrame) -> list[tuple[str, list[int]]]:
    """Moves in words with their numbers by family."""
    counted = compare_runs.count_moves(pairs)
    return [
        (compare_runs.MOVES[str(move)], [int(row[family]) for family in tables.FAMILIES])
        for move, row in counted.iterrows()
    ]


def _family(areas: pd.DataFrame, hotspots: pd.DataFrame, family: str) -> dict[str, Any]:
    """One family's places with what became of them."""
    own = areas[areas["family"] == family]
    is_first = (own["rank_a"].fillna(SHOWN + 1) <= SHOWN) | (own["rank_b"].fillna(SHOWN + 1) <= SHOWN)
    moved = hotspots[(hotspots["family"] == family) & hotspots["move"].isin(["new", "gone"])]
    return {
        "code": family,
        "label": categories.FAMILY_LABELS[family],
        "areas": [_row(row) for _, row in own[is_first].iterrows()],
        "hotspots": [_row(row) for _, row in moved.iterrows()],
    }


def _row(row: pd.Series) -> dict[str, str]:
    """One line of a table."""
    ranks = ["–" if pd.isna(row[f"rank_{side}"]) else f"{row[f'rank_{side}']}" for side in "ab"]
    step = "" if "–" in ranks else f"{int(row['rank_a']) - int(row['rank_b']):+d}".replace("+0", "0")
    told = {
        f"{name}_{side}": _figure(row[f"{name}_{side}"], decimals)
        for name, decimals in (("expected", 1), ("incidents", 0))
        for side in "ab"
    }
    return {
        "place": row["place"],
        "move": compare_runs.MOVES[row["move"]],
        "rank_a": ranks[0],
        "rank_b": ranks[1],
        "step": step,
    } | told


def _figure(value: float, decimals: int) -> str:
    """A figure of a column, all with as many decimals; a dash where missing."""
    return "–" if pd.isna(value) else f"{value:,.{decimals}f}"


def _side_by_side(a: Side, b: Side, family: str) -> dict[str, Any]:
    """The first areas of both, rank by rank."""
    first = [side.areas[side.areas["family"] == family].sort_values(["rank", "id"]).head(SHOWN) for side in (a, b)]
    cells = [
        [(formatting.place(row["main_location"], 60), _figure(row["expected"], 1)) for _, row in one.iterrows()]
        for one in first
    ]
    longest = max(map(len, cells))
    padded = [one + [("", "")] * (longest - len(one)) for one in cells]
    return {"label": categories.FAMILY_LABELS[family], "lines": list(zip(*padded, strict=True))}


def _marking(side: Side) -> str:
    force = side.facts.get("settings", {}).get("force", {})
    return formatting.clean(force.get("marking"), 80) if isinstance(force, dict) else ""


def _drawn(a: Side, b: Side, areas: pd.DataFrame, hotspots: pd.DataFrame) -> list[dict[str, Any]]:
    """Layers of the map: areas and hotspots of both, as outlines in degrees with a sentence each."""
    layers = []
    for side, one in (("a", a), ("b", b)):
        for kind, table, pairs in (("hotspots", one.hotspots, hotspots), ("areas", one.areas, areas)):
            alone = set(pairs.loc[pairs["move"] == {"a": "gone", "b": "new"}[side], f"at_{side}"])
            for family in tables.FAMILIES:
                held = table[table["family"] == family].sort_values(["rank", "id"])
                name = f"{side.upper()}: {formatting.FAMILY_SHORT[family]} {_KINDS[kind]}"
                shapes = _shapes(held, side, kind, alone)
                layers.append({"name": name, "style": f"{side} {kind} {family}", "shapes": shapes})
    return layers


def _shapes(held: gpd.GeoDataFrame, side: str, kind: str, alone: set[int]) -> list[dict[str, Any]]:
    """Rings and words of one layer; `alone` are the positions of places that the other report does not have."""
    outlines = area_files.degrees(held.set_geometry(shapely.simplify(np.asarray(held.geometry), 3)), 5)
    return [
        {
            "rings": [
                [[y, x] for x, y in shapely.get_coordinates(part.exterior)] for part in shapely.get_parts(outline)
            ],
            "mark": str(row["rank"]) if kind == "areas" else "",
            "alone": at in alone,
            "says": f"{side.upper()} {row['rank']}: {formatting.place(row['main_location'], 80)}. Expected "
            f"{formatting.number(row['expected'])}; recorded {formatting.number(row['incidents'])}."
            + (f" Only in {side.upper()}." if at in alone else ""),
        }
        for (at, row), outline in zip(held.iterrows(), outlines, strict=True)
    ]
