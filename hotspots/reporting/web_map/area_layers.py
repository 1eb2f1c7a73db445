"""The map's layers of areas and hotspots, of this run and of earlier ones; and every layer that tells something."""

from typing import Any

import geopandas as gpd
import pandas as pd

from hotspots import categories, tables
from hotspots.reporting import actions, formatting
from hotspots.reporting.report import Report
from hotspots.reporting.web_map import geometry_encoding, map_layer, near_repeat_layer, resident_layers
from hotspots.reporting.web_map.map_layer import Layer, Told

_DONE = 3  # actions told of at a hotspot


def areas(report: Report, family: str) -> Layer:
    """A family's patrol areas: outlines, and numbers that stand for them."""
    held = _of(report.patrol_areas, family).sort_values(["rank", "patrol_area_id"])
    before = _of(report.previous_areas, family).set_index("patrol_area_id")["rank"]
    return map_layer.of_rows(
        f"{family}_areas",
        f"{formatting.FAMILY_SHORT[family]}: areas to visit",
        held,
        title=lambda row: f"{formatting.FAMILY_SHORT[family]} {row['rank']}: {formatting.place(row['main_location'])}",
        identity=lambda row: formatting.clean(row["patrol_area_id"]),
        told=lambda row: _area_told(report, row, before),
        style=lambda row: f"area {family} {_shade(int(row['rank']))}",
        mark=lambda row: str(row["rank"]),
        simplify_m=3,
    )


def hotspots(report: Report, family: str) -> Layer:
    """A family's hotspots, gone ones left out."""
    held, done = _of(report.hotspots, family), actions.by_hotspot(actions.of_report(report))
    return map_layer.of_rows(
        f"{family}_hotspots",
        f"{formatting.FAMILY_SHORT[family]}: hotspots",
        held[~categories.is_gone(held)].sort_values("hotspot_id"),
        title=lambda row: f"{formatting.FAMILY_SHORT[family]} hotspot: {formatting.place(row['main_location'])}",
        identity=lambda row: formatting.clean(row["hotspot_id"]),
        told=lambda row: [
            *_hotspot_told(report, row),
            ("Done here", "; ".join(done.get(row["hotspot_id"], [])[:_DONE])),
        ],
        style=lambda row: f"hotspot {family}",
        simplify_m=6,
    )


def changes(report: Report) -> Layer:
    """A word at every hotspot that is not what it was in the previous run."""
    status = report.hotspots["status"]
    held = report.hotspots[status.notna() & ~status.isin(tables.STAYED)].sort_values("hotspot_id")
    return map_layer.of_rows(
        "changes",
        "Changes since the last run",
        held,
        title=lambda row: (
            f"{formatting.FAMILY_SHORT[row['family']]} hotspot, {formatting.STATUS_WORDS[row['status']]}: "
            f"{formatting.place(row['main_location'])}"
        ),
        identity=lambda row: f"change-{formatting.clean(row['hotspot_id'])}",
        told=lambda row: _hotspot_told(report, row),
        style=lambda row: f"change {row['family']} {row['status']}",
        mark=lambda row: formatting.STATUS_WORDS[row["status"]],
    )


def past_runs(report: Report, shown: int = 20) -> list[dict[str, Any]]:
    """What earlier runs listed first, the latest run first: its day, and each area's outline, number and words."""
    if report.past_areas is None or report.past_areas.empty:
        return []
    past = report.past_areas[report.past_areas["rank"] <= shown]
    runs = []
    for day in sorted(past["as_of"].unique(), reverse=True):
        held = past[past["as_of"] == day].sort_values(["family", "rank", "patrol_area_id"])
        runs.append(
            {
                "day": formatting.day(pd.Timestamp(day).date()),
                "styles": [f"past {family}" for family in held["family"]],
                "titles": [
                    f"{formatting.FAMILY_SHORT[family]} {rank}: {formatting.place(location, 60)}"
                    for family, rank, location in zip(held["family"], held["rank"], held["main_location"], strict=True)
                ],
                "marks": [str(rank) for rank in held["rank"]],
                "told": [
                    formatting.interval(row["expected"], row["expected_low"], row["expected_high"])
                    for _, row in held.iterrows()
                ],
                "points": geometry_encoding.middles(held.geometry),
                "shapes": geometry_encoding.polygons(held.geometry, 8),
            }
        )
    return runs


def _area_told(report: Report, row: pd.Series, before: pd.Series) -> Told:
    """What is said of a patrol area."""
    expected = formatting.interval(row["expected"], row["expected_low"], row["expected_high"])
    was = before.get(row["patrol_area_id"])
    return [
        (f"Expected in {report.horizon_label}", expected),
        ("Recorded in the window", f"{row['incidents']:,}"),
        ("Rank in the last run", "" if before.empty else "not listed" if was is None else str(was)),
        ("Why it is listed", formatting.clean(row["reason"], 300)),
        ("Team", formatting.place(row["team_name"], 80)),
        (f"Chance it is in the first {report.top_k}", formatting.percent(row["top_k_chance"])),
        ("Concerns nearby", _concerns(row)),
        *formatting.peaks(row),
        ("Walk around it", f"{formatting.number(row['walk_minutes'], 0)} minutes"),
        ("Caution", formatting.flags(row["flags"])),
    ]


def _hotspot_told(report: Report, row: pd.Series) -> Told:
    """What is said of a hotspot."""
    status = row["status"]
    return [
        (
            "Recorded in the window",
            f"{row['incidents']:,} at {formatting.counted(row['spots'], 'map point', 'map points')}",
        ),
        (
            f"Expected in {report.horizon_label}",
            formatting.interval(row["expected"], row["expected_low"], row["expected_high"]),
        ),
        ("Since last run", "" if pd.isna(status) else formatting.STATUS_WORDS[status]),
        ("Concerns nearby", _concerns(row)),
        *formatting.peaks(row),
        ("Caution", formatting.flags(row["flags"])),
    ]


def _concerns(row: pd.Series) -> str:
    """Answers near a place, and what they mean beside the record."""
    return f"{formatting.named_by(row)} ({formatting.CONCERN_SHORT[row['concern_status']].lower()})"


def _shade(rank: int) -> str:
    """Dark for the first five, middling to the twentieth, then pale."""
    return "first" if rank <= 5 else "next" if rank <= 20 else "later"


def _of(table: gpd.GeoDataFrame, family: str) -> gpd.GeoDataFrame:
    return table[table["family"] == family]


def every(report: Report) -> list[Layer]:
    """The layers that tell something, those without a row left out where they are rare."""
    always = [areas(report, family) for family in tables.FAMILIES]
    always += [hotspots(report, family) for family in tables.FAMILIES]
    now_and_then = [
        resident_layers.hidden_demand(report),
        near_repeat_layer.layer(report),
        resident_layers.referrals(report),
    ]
    moved = [] if report.is_first_run else [changes(report)]
    return [*always, *moved, resident_layers.concerns(report), *[layer for layer in now_and_then if layer.rows]]
