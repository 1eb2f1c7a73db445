"""Map layers about residents: concerns, hidden demand and referrals to partners."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd

from hotspots import categories
from hotspots.reporting import formatting
from hotspots.reporting.report import Report
from hotspots.reporting.web_map import geometry_encoding, grid_counts, map_layer
from hotspots.reporting.web_map.map_layer import Fields, MapLayer


def hidden_demand(report: Report) -> MapLayer:
    """Return the layer of listed areas and other places with hidden demand, each marked by a question mark."""
    areas = report.patrol_areas[report.patrol_areas["concern_status"] == "hidden_demand"]
    layer = map_layer.from_rows(
        "hidden_demand",
        "Hidden demand: residents are concerned, few incidents are reported",
        areas.sort_values(["family", "rank", "patrol_area_id"]),
        title=lambda row: (
            f"Hidden demand, {formatting.FAMILY_SHORT[row['family']]} {row['rank']}: "
            f"{formatting.place(row['main_location'])}"
        ),
        identity=lambda row: f"hidden-{formatting.clean(row['patrol_area_id'])}",
        fields=lambda row: _hidden_demand_fields(row, formatting.concern_count(row)),
        style=lambda row: f"hidden-demand {row['family']}",
        mark=lambda row: "?",
    )
    rows = [row for _, row in hidden_demand_places(report).iterrows()]
    points = geometry_encoding.points([row["easting"] for row in rows], [row["northing"] for row in rows])
    return replace(
        layer,
        titles=layer.titles
        + [f"Hidden demand, {formatting.FAMILY_SHORT[row['family']]}: {formatting.place(row['name'])}" for row in rows],
        ids=layer.ids + [f"hidden-{row['family']}-{formatting.clean(row['place_code'])}" for row in rows],
        fields=layer.fields
        + [
            _hidden_demand_fields(
                row, f"{formatting.response_count(row['worried'])} of {formatting.response_count(row['answers'])}"
            )
            for row in rows
        ],
        styles=layer.styles + [f"hidden-demand {row['family']}" for row in rows],
        points=[*layer.points, *points],
        marks=layer.marks + ["?"] * len(rows),
    )


def hidden_demand_places(report: Report) -> pd.DataFrame:
    """Return the places with hidden demand that are not patrol areas."""
    compared = report.residents.comparison
    places = compared[(compared["concern_status"] == "hidden_demand") & (compared["kind"] == "place")]
    return places[places["easting"].notna()].sort_values(["family", "place_code"])


def _hidden_demand_fields(row: pd.Series, responses: str) -> Fields:
    """Return the pop-up fields of a place with hidden demand."""
    return [
        ("Team", formatting.place(row["team_name"], 80)),
        ("Responses nearby naming it", responses),
        ("Recorded incidents", f"{row['incidents']:,}"),
    ]


def concerns(report: Report) -> MapLayer:
    """Return the layer of squares and places with enough responses; a larger circle means more."""
    counts = grid_counts.count_concerns(report.concerns, report.places_now)
    numbers = range(1, len(counts) + 1)
    return MapLayer(
        name="concerns",
        caption=f"Residents' concerns, where at least {formatting.FEW} responded",
        titles=[
            f"Residents' concerns: {each.name.lower()}, group {n}" for n, each in zip(numbers, counts, strict=True)
        ],
        ids=[f"concerns-{n}" for n in numbers],
        fields=[
            [
                ("Responses", f"{each.answers:,}"),
                ("Top issues", "; ".join(f"{label} ({count:,})" for label, count in each.issues)),
            ]
            for each in counts
        ],
        styles=["concern"] * len(counts),
        points=list(geometry_encoding.points([each.easting for each in counts], [each.northing for each in counts])),
        sizes=[round(6 + min(14.0, 1.5 * each.answers**0.5), 1) for each in counts],
    )


def referrals(report: Report) -> MapLayer:
    """Return the layer of referrals to partners, at the point or in the middle of the place they are about.

    Referrals about a place that the report does not know appear in the table only.
    """
    table = report.referrals if report.referrals is not None else pd.DataFrame()
    table = table.sort_values("referral_id") if len(table) else table
    rows = [row for _, row in table.iterrows()]
    return MapLayer(
        name="referrals",
        caption="Referrals to partners",
        titles=[
            f"Referred to {formatting.place(row['partner'], 60)}: {categories.ISSUE_LABELS[str(row['issue'])]}"
            for row in rows
        ],
        ids=[f"referral-{formatting.clean(row['referral_id'])}" for row in rows],
        fields=[
            [
                ("Where", formatting.place(row["place"])),
                ("Residents who named it", formatting.response_count(int(row["concerns"]))),
                ("Answer", formatting.clean(row.get("answer"), 300) or "none yet"),
            ]
            for row in rows
        ],
        styles=["referral"] * len(rows),
        points=_referral_points(table, report.places_now),
        marks=["➜"] * len(rows),
    )


def _referral_points(referrals: pd.DataFrame, places: gpd.GeoDataFrame) -> list[list[int] | None]:
    """Return the point of each referral: its own, or one inside the place it names."""
    if referrals.empty:
        return []
    if isinstance(referrals, gpd.GeoDataFrame):
        inside = referrals.geometry.representative_point()
    else:
        named = places.sort_values(["kind", "place_code"]).drop_duplicates("name").set_index("name").geometry
        shapes = gpd.GeoSeries([named.get(place) for place in referrals["place"]], crs=places.crs)
        inside = shapes.representative_point()
    points = geometry_encoding.points(inside.x.fillna(0), inside.y.fillna(0))
    return [point if np.isfinite(x) else None for point, x in zip(points, inside.x, strict=True)]
