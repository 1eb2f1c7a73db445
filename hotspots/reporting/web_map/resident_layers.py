"""The map's layers of what residents say: where they worry, where few of them report it, and what was passed on."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd

from hotspots import categories
from hotspots.reporting import formatting
from hotspots.reporting.report import Report
from hotspots.reporting.web_map import geometry_encoding, grid_counts, map_layer
from hotspots.reporting.web_map.map_layer import Layer, Told


def hidden_demand(report: Report) -> Layer:
    """A question mark wherever residents worry and few incidents are reported: areas on the list, and other places."""
    held = report.patrol_areas[report.patrol_areas["concern_status"] == "hidden_demand"]
    found = map_layer.of_rows(
        "hidden",
        "Where residents worry and few incidents are reported",
        held.sort_values(["family", "rank", "patrol_area_id"]),
        title=lambda row: (
            f"Worry, but few reports, {formatting.FAMILY_SHORT[row['family']]} {row['rank']}: "
            f"{formatting.place(row['main_location'])}"
        ),
        identity=lambda row: f"hidden-{formatting.clean(row['patrol_area_id'])}",
        told=lambda row: _hidden_told(row["team_name"], formatting.named_by(row), row["incidents"]),
        style=lambda row: "unheard",
        mark=lambda row: "?",
    )
    rows = [row for _, row in hidden_places(report).iterrows()]
    return replace(
        found,
        titles=found.titles
        + [
            f"Worry, but few reports, {formatting.FAMILY_SHORT[row['family']]}: {formatting.place(row['name'])}"
            for row in rows
        ],
        ids=found.ids + [f"hidden-{row['family']}-{formatting.clean(row['place_code'])}" for row in rows],
        told=found.told
        + [
            _hidden_told(
                row["team_name"],
                f"{formatting.answers(row['worried'])} of {formatting.answers(row['answers'])}",
                row["incidents"],
            )
            for row in rows
        ],
        styles=found.styles + ["unheard"] * len(rows),
        points=found.points
        + list(geometry_encoding.points([row["easting"] for row in rows], [row["northing"] for row in rows])),
        marks=found.marks + ["?"] * len(rows),
    )


def hidden_places(report: Report) -> pd.DataFrame:
    """Places beside the list where many of those who answered worry and few incidents are reported."""
    listening = report.answering.listening
    held = listening[(listening["concern_status"] == "hidden_demand") & (listening["kind"] == "place")]
    return held[held["easting"].notna()].sort_values(["family", "place_code"])


def _hidden_told(team: object, answers: str, incidents: int) -> Told:
    """What is said of a place where residents worry and few incidents are reported."""
    told = [
        ("Team", formatting.place(team, 80)),
        ("Answers nearby that name it", answers),
        ("Recorded in the window", f"{incidents:,}"),
    ]
    return told


def concerns(report: Report) -> Layer:
    """A circle for every square or place with enough answers, the larger the more."""
    found = grid_counts.gatherings(report.concerns, report.places_now)
    numbers = range(1, len(found) + 1)
    return Layer(
        name="concerns",
        caption=f"Residents' concerns, where at least {formatting.FEW} answered",
        titles=[f"Residents' concerns: {one.name.lower()}, group {n}" for n, one in zip(numbers, found, strict=True)],
        ids=[f"concerns-{n}" for n in numbers],
        told=[
            [
                ("Answers", f"{one.answers:,}"),
                ("Named most", "; ".join(f"{label} ({count:,})" for label, count in one.issues)),
            ]
            for one in found
        ],
        styles=["concern"] * len(found),
        points=list(geometry_encoding.points([one.easting for one in found], [one.northing for one in found])),
        sizes=[round(6 + min(14.0, 1.5 * one.answers**0.5), 1) for one in found],
    )


def referrals(report: Report) -> Layer:
    """What was passed on to partners, at the point or in the middle of the place it is about.

    Rows whose place is none of the report's stand in the table only.
    """
    held = report.referrals if report.referrals is not None else pd.DataFrame()
    held = held.sort_values("referral_id") if len(held) else held
    rows = [row for _, row in held.iterrows()]
    return Layer(
        name="referrals",
        caption="Passed on to partners",
        titles=[
            f"Passed on to {formatting.place(row['partner'], 60)}: {categories.ISSUE_LABELS[str(row['issue'])]}"
            for row in rows
        ],
        ids=[f"referral-{formatting.clean(row['referral_id'])}" for row in rows],
        told=[
            [
                ("Where", formatting.place(row["place"])),
                ("Residents who named it", formatting.answers(int(row["concerns"]))),
                ("Answer", formatting.clean(row.get("answer"), 300) or "none yet"),
            ]
            for row in rows
        ],
        styles=["referral"] * len(rows),
        points=_places_of(held, report.places_now),
        marks=["➜"] * len(rows),
    )


def _places_of(referred: pd.DataFrame, places: gpd.GeoDataFrame) -> list[list[int] | None]:
    """A point for each row: its own, or the middle of the place that it names."""
    if referred.empty:
        return []
    if isinstance(referred, gpd.GeoDataFrame):
        inside = referred.geometry.representative_point()
    else:
        named = places.sort_values(["kind", "place_code"]).drop_duplicates("name").set_index("name").geometry
        inside = gpd.GeoSeries([named.get(place) for place in referred["place"]], crs=places.crs).representative_point()
    found = geometry_encoding.points(inside.x.fillna(0), inside.y.fillna(0))
    return [point if np.isfinite(x) else None for point, x in zip(found, inside.x, strict=True)]
