"""Map layers of patrol areas and hotspots, of this run and of earlier ones, and of near-repeat zones."""

from typing import Any

import geopandas as gpd
import pandas as pd

from hotspots import categories, tables, wording
from hotspots.reporting import actions, changes, formatting
from hotspots.reporting.report import Report
from hotspots.reporting.web_map import geometry_encoding, map_layer, resident_layers
from hotspots.reporting.web_map.map_layer import Fields, MapLayer

_MAX_ACTIONS = 3  # in the pop-up of a hotspot
CHANGE_MARKS = {"worse": "▲", "new": "new", "better": "▼", "ended": "✕"}


def patrol_areas(report: Report, family: str) -> MapLayer:
    """Return the layer of a family's patrol areas, labelled by rank."""
    previous = _of_family(report.previous_areas, family).set_index("patrol_area_id")["rank"]
    return map_layer.from_rows(
        f"{family}_areas",
        f"{formatting.FAMILY_SHORT[family]}: patrol areas",
        report.areas_of(family),
        title=lambda row: f"{formatting.FAMILY_SHORT[family]} {row['rank']}: {formatting.place(row['main_location'])}",
        identity=lambda row: formatting.clean(row["patrol_area_id"]),
        fields=lambda row: _area_fields(report, row, previous),
        style=lambda row: f"area {family} {_shade(int(row['rank']))}",
        mark=lambda row: str(row["rank"]),
        simplify_m=3,
    )


def hotspots(report: Report, family: str) -> MapLayer:
    """Return the layer of a family's hotspots, without those that ended."""
    table, done = _of_family(report.hotspots, family), actions.by_hotspot(actions.of_report(report))
    return map_layer.from_rows(
        f"{family}_hotspots",
        f"{formatting.FAMILY_SHORT[family]}: hotspots",
        table[~categories.is_gone(table)].sort_values("hotspot_id"),
        title=lambda row: (
            f"{formatting.FAMILY_SHORT[family]} {_strength(row)[0]}: {formatting.place(row['main_location'])}"
        ),
        identity=lambda row: formatting.clean(row["hotspot_id"]),
        fields=lambda row: [
            *_hotspot_fields(report, row),
            ("Actions", "; ".join(done.get(row["hotspot_id"], [])[:_MAX_ACTIONS])),
        ],
        style=lambda row: f"hotspot {family} {_strength(row)[1]}",
        simplify_m=6,
    )


def changed(report: Report) -> MapLayer:
    """Return the layer of hotspots that changed since the previous period, marked by the kind of change."""
    found = changes.of_report(report).set_index("hotspot_id")
    by_id = report.hotspots.set_index("hotspot_id", drop=False)
    rows = by_id.loc[found.index].join(found[["kind", "before", "now", "months", "may_be_chance"]])
    return map_layer.from_rows(
        "changes",
        "Changes since the last period",
        rows,
        title=lambda row: (
            f"{formatting.FAMILY_SHORT[row['family']]}, {_change_words(row)}: {formatting.place(row['main_location'])}"
        ),
        identity=lambda row: f"change-{formatting.clean(row['hotspot_id'])}",
        fields=_change_fields,
        style=lambda row: f"change {row['family']} {row['kind']}{' maybe' if row['may_be_chance'] else ''}",
        mark=lambda row: CHANGE_MARKS.get(row["kind"], ""),
        simplify_m=8,
    )


def near_repeats(report: Report) -> MapLayer:
    """Return the layer of near-repeat zones."""
    return map_layer.from_rows(
        "near_repeats",
        "Near-repeat zones",
        report.numbered_zones,
        title=lambda row: f"Near-repeat zone {row['number']}: {formatting.place(row['main_location'], 60)}",
        identity=lambda row: formatting.clean(row["zone_id"]),
        fields=_zone_fields,
        style=lambda row: "zone burglary",
        simplify_m=6,
    )


def past_runs(report: Report) -> list[dict[str, Any]]:
    """Return the first areas of earlier runs, the latest run first: outlines, ranks and expected incidents."""
    if report.past_areas is None or report.past_areas.empty:
        return []
    past = report.past_areas[report.past_areas["rank"] <= 20]
    runs = []
    for day in sorted(past["as_of"].unique(), reverse=True):
        areas = past[past["as_of"] == day].sort_values(["family", "rank", "patrol_area_id"])
        runs.append(
            {
                "day": formatting.day(pd.Timestamp(day).date()),
                "styles": [f"past {family}" for family in areas["family"]],
                "titles": [
                    f"{formatting.FAMILY_SHORT[row.family]} {row.rank}: {formatting.place(row.main_location, 60)}"
                    for row in areas.itertuples()
                ],
                "marks": [str(rank) for rank in areas["rank"]],
                "expected": [
                    formatting.interval(row.expected, row.expected_low, row.expected_high) for row in areas.itertuples()
                ],
                "points": geometry_encoding.centres(areas.geometry),
                "shapes": geometry_encoding.polygons(areas.geometry, 8),
            }
        )
    return runs


def all_layers(report: Report) -> list[MapLayer]:
    """Return every layer with a table, without the optional ones that are empty."""
    layers = [patrol_areas(report, family) for family in tables.FAMILIES]
    layers += [hotspots(report, family) for family in tables.FAMILIES]
    layers += [changed(report)] if report.has_comparison else []
    optional = [
        resident_layers.hidden_demand(report),
        near_repeats(report),
        resident_layers.referrals(report),
    ]
    return [*layers, resident_layers.concerns(report), *[layer for layer in optional if layer.rows]]


def _area_fields(report: Report, row: pd.Series, previous: pd.Series) -> Fields:
    """Return the pop-up fields of a patrol area; `previous` has the ranks of the previous run."""
    expected = formatting.interval(row["expected"], row["expected_low"], row["expected_high"])
    rank = previous.get(row["patrol_area_id"])
    return [
        (f"Expected in {report.horizon_label}", expected),
        ("Recorded incidents", f"{row['incidents']:,}"),
        ("Rank in the last run", "" if previous.empty else "not listed" if rank is None else str(rank)),
        ("Why it is listed", formatting.clean(row["reason"], 300)),
        ("Team", formatting.place(row["team_name"], 80)),
        (f"Chance of being in the first {report.top_k}", formatting.percent_or_limit(row["top_k_chance"])),
        ("Residents' concerns", _concern_field(row)),
        *formatting.peak_times(row),
        ("Walking time", wording.counted(round(row["walk_minutes"]), "minute")),
        ("Caution", formatting.flags(row["flags"])),
    ]


def _hotspot_fields(report: Report, row: pd.Series) -> Fields:
    """Return the pop-up fields of a hotspot."""
    map_points = wording.counted(row["spots"], "map point")
    expected = formatting.interval(row["expected"], row["expected_low"], row["expected_high"])
    return [
        ("Strength", _strength(row)[2]),
        ("Recorded incidents", f"{row['incidents']:,} at {map_points}"),
        (f"Expected in {report.horizon_label}", expected),
        ("Change", "" if pd.isna(row["status"]) else formatting.STATUS_LABELS[row["status"]]),
        ("Recorded in the previous and this period", formatting.counts_before(row)),
        ("Latest months", formatting.latest_counts(row)),
        ("Residents' concerns", _concern_field(row)),
        *formatting.peak_times(row),
        ("Caution", formatting.flags(row["flags"])),
    ]


def _strength(row: pd.Series) -> tuple[str, str, str]:
    """Return what a hotspot is called by its p value, the class of its style, and the sentence of its pop-up."""
    p_value = row["p_value"]
    if p_value < changes.P_BELOW:
        return "hotspot", "sure", f"Stands out from its surroundings ({formatting.p_value(p_value)})"
    shown = f", {formatting.p_value(p_value)}" if pd.notna(p_value) else ""
    return "busy, as its surroundings are", "busy", f"Busy, as its surroundings are: this may be chance{shown}"


def _change_words(row: pd.Series) -> str:
    """Return the kind of change in words."""
    words = changes.KIND_LABELS[row["kind"]].lower()
    if row["kind"] == "unclear":
        return f"{formatting.STATUS_LABELS[row['status']]}, but this may be chance"
    return f"{words} ({formatting.STATUS_LABELS[row['status']]})" if row["kind"] == "redrawn" else words


def _change_fields(row: pd.Series) -> Fields:
    """Return the pop-up fields of a change."""
    months = ", ".join("no data" if count is None else str(count) for count in row["months"])
    return [
        ("Incidents a month", rates(row["before"], row["now"])),
        ("Latest months", formatting.latest_counts(row)),
        ("Chance", chance(row["change_p_value"])),
        ("Recorded in the previous and this period", formatting.counts_before(row)),
        ("Month by month", months),
        ("Residents' concerns", _concern_field(row)),
    ]


def rates(before: float, now: float) -> str:
    """Return the incidents a month before and now; empty if there is nothing to compare.

    Examples
    --------
    >>> rates(3.5555, 10.0)
    '3.6 before, 10.0 now'
    """
    return "" if pd.isna(before) or pd.isna(now) else f"{before:.1f} before, {now:.1f} now"


def chance(p_value: float) -> str:
    """Return whether a change may be chance.

    Examples
    --------
    >>> chance(0.0004), chance(0.94), chance(float("nan"))
    ('chance is unlikely (p < 0.001)', 'may be chance (p = 0.94)', 'not tested: too few months')
    """
    if pd.isna(p_value):
        return "not tested: too few months"
    words = "chance is unlikely" if p_value < changes.P_BELOW else "may be chance"
    return f"{words} ({formatting.p_value(p_value)})"


def _zone_fields(row: pd.Series) -> Fields:
    """Return the pop-up fields of a zone."""
    return [
        ("Recent burglaries", f"{row['burglaries']:,}"),
        ("Latest burglary", formatting.day(row["last_day"].date())),
        ("Valid until", formatting.day(row["until"].date())),
        (
            "Near repeats in the force",
            f"{row['ratio']:.1f} times the number expected by chance "
            f"(80 % range {row['ratio_low']:.1f} to {row['ratio_high']:.1f})",
        ),
        ("Team", formatting.place(row["team_name"], 80)),
    ]


def _concern_field(row: pd.Series) -> str:
    """Return the number of responses near a place, and how they compare with recorded incidents."""
    return f"{formatting.concern_count(row)} ({formatting.CONCERN_LABELS[row['concern_status']].lower()})"


def _shade(rank: int) -> str:
    """Return the class of a rank: 1 to 5, 6 to 20, or later."""
    return "first" if rank <= 5 else "next" if rank <= 20 else "later"


def _of_family(table: gpd.GeoDataFrame, family: str) -> gpd.GeoDataFrame:
    return table[table["family"] == family]
