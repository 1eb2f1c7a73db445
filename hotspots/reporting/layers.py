"""The map's layers of areas and hotspots, of this run and of earlier ones; and every layer that tells something."""

from typing import Any

import geopandas as gpd
import pandas as pd

from hotspots import categories, tables
from hotspots.reporting import actions, near_repeats, residents, shapes, told, words
from hotspots.reporting.report import Report
from hotspots.reporting.told import Layer, Told

_DONE = 3  # actions told of at a hotspot


def areas(report: Report, family: str) -> Layer:
    """A family's patrol areas: outlines, and numbers that stand for them."""
    held = _of(report.patrol_areas, family).sort_values(["rank", "patrol_area_id"])
    before = _of(report.previous_areas, family).set_index("patrol_area_id")["rank"]
    return told.of_rows(
        f"{family}_areas",
        f"{words.FAMILY_SHORT[family]}: areas to visit",
        held,
        title=lambda row: f"{words.FAMILY_SHORT[family]} {row['rank']}: {words.place(row['main_location'])}",
        identity=lambda row: words.clean(row["patrol_area_id"]),
        told=lambda row: _area_told(report, row, before),
        style=lambda row: f"area {family} {_shade(int(row['rank']))}",
        mark=lambda row: str(row["rank"]),
        simplify_m=3,
    )


def hotspots(report: Report, family: str) -> Layer:
    """A family's hotspots, gone ones left out."""
    held, done = _of(report.hotspots, family), actions.by_hotspot(actions.of_report(report))
    return told.of_rows(
        f"{family}_hotspots",
        f"{words.FAMILY_SHORT[family]}: hotspots",
        held[~categories.is_gone(held)].sort_values("hotspot_id"),
        title=lambda row: f"{words.FAMILY_SHORT[family]} hotspot: {words.place(row['main_location'])}",
        identity=lambda row: words.clean(row["hotspot_id"]),
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
    return told.of_rows(
        "changes",
        "Changes since the last run",
        held,
        title=lambda row: (
            f"{words.FAMILY_SHORT[row['family']]} hotspot, {words.STATUS_WORDS[row['status']]}: "
            f"{words.place(row['main_location'])}"
        ),
        identity=lambda row: f"change-{words.clean(row['hotspot_id'])}",
        told=lambda row: _hotspot_told(report, row),
        style=lambda row: f"change {row['family']} {row['status']}",
        mark=lambda row: words.STATUS_WORDS[row["status"]],
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
                "day": words.day(pd.Timestamp(day).date()),
                "styles": [f"past {family}" for family in held["family"]],
                "titles": [
                    f"{words.FAMILY_SHORT[row['family']]} {row['rank']}: {words.place(row['main_location'], 60)}"
                    for _, row in held.iterrows()
                ],
                "marks": [str(rank) for rank in held["rank"]],
                "told": [
                    words.interval(row["expected"], row["expected_low"], row["expected_high"])
                    for _, row in held.iterrows()
                ],
                "points": shapes.middles(held.geometry),
                "shapes": shapes.polygons(held.geometry, 8),
            }
        )
    return runs


def _area_told(report: Report, row: pd.Series, before: pd.Series) -> Told:
    """What is said of a patrol area."""
    expected = words.interval(row["expected"], row["expected_low"], row["expected_high"])
    was = before.get(row["patrol_area_id"])
    return [
        (f"Expected in {report.horizon_label}", expected),
        ("Recorded in the window", f"{row['incidents']:,}"),
        ("Rank in the last run", "" if before.empty else "not listed" if was is None else str(was)),
        ("Why it is listed", words.clean(row["reason"], 300)),
        ("Team", words.place(row["team_name"], 80)),
        (f"Chance it is in the first {report.top_k}", words.percent(row["top_k_chance"])),
        ("Concerns nearby", _concerns(row)),
        *words.peaks(row),
        ("Walk around it", f"{words.number(row['walk_minutes'], 0)} minutes"),
        ("Caution", words.flags(row["flags"])),
    ]


def _hotspot_told(report: Report, row: pd.Series) -> Told:
    """What is said of a hotspot."""
    status = row["status"]
    return [
        ("Recorded in the window", f"{row['incidents']:,} at {words.counted(row['spots'], 'map point', 'map points')}"),
        (
            f"Expected in {report.horizon_label}",
            words.interval(row["expected"], row["expected_low"], row["expected_high"]),
        ),
        ("Since last run", "" if pd.isna(status) else words.STATUS_WORDS[status]),
        ("Concerns nearby", _concerns(row)),
        *words.peaks(row),
        ("Caution", words.flags(row["flags"])),
    ]


def _concerns(row: pd.Series) -> str:
    """Answers near a place, and what they mean beside the record."""
    return f"{words.named_by(row)} ({words.CONCERN_SHORT[row['concern_status']].lower()})"


def _shade(rank: int) -> str:
    """Dark for the first five, middling to the twentieth, then pale."""
    return "first" if rank <= 5 else "next" if rank <= 20 else "later"


def _of(table: gpd.GeoDataFrame, family: str) -> gpd.GeoDataFrame:
    return table[table["family"] == family]


def every(report: Report) -> list[Layer]:
    """The layers that tell something, those without a row left out where they are rare."""
    always = [areas(report, family) for family in tables.FAMILIES]
    always += [hotspots(report, family) for family in tables.FAMILIES]
    now_and_then = [residents.hidden_demand(report), near_repeats.layer(report), residents.referrals(report)]
    moved = [] if report.is_first_run else [changes(report)]
    return [*always, *moved, residents.concerns(report), *[layer for layer in now_and_then if layer.rows]]
