"""Zones in which a burglary of the last days makes another likelier for a while: on map, page and sheets."""

from typing import Any

import geopandas as gpd
import pandas as pd

from hotspots.reporting import formatting
from hotspots.reporting.report import Report
from hotspots.reporting.web_map import map_layer
from hotspots.reporting.web_map.map_layer import Layer, Told

SHOWN = 10  # zones on the page; the map's table holds them all
LINES = 3  # on a team's sheet


def layer(report: Report) -> Layer:
    """The zones on the map."""
    return map_layer.of_rows(
        "near_repeats",
        "Near-repeat zones",
        zones_of(report),
        title=lambda row: f"Near-repeat zone {row['number']}: {formatting.place(row['main_location'], 60)}",
        identity=lambda row: formatting.clean(row["zone_id"]),
        told=_told,
        style=lambda row: "zone",
        simplify_m=6,
    )


def on_page(report: Report) -> dict[str, Any]:
    """What was found, in sentences, and the first zones as rows."""
    zones = zones_of(report)
    return {
        "words": report.near_repeat_words or ("Nobody looked for near repeats in this run.",),
        "zones": [
            {
                "id": formatting.clean(row["zone_id"]),
                "place": formatting.street(row["main_location"]),
                "team": formatting.place(row["team_name"], 60),
                "burglaries": f"{row['burglaries']:,}",
                "last": formatting.day(row["last_day"].date()),
                "until": formatting.day(row["until"].date()),
            }
            for _, row in zones.head(SHOWN).iterrows()
        ],
        "more": max(len(zones) - SHOWN, 0),
    }


def of_team(report: Report, team: str) -> list[str]:
    """A line for each of a team's zones, the latest first; of many the first few and how many more."""
    zones = zones_of(report)
    own = zones[zones["team_name"] == team]
    lines = [
        f"{formatting.street(row['main_location'])}: "
        f"{formatting.counted(row['burglaries'], 'burglary', 'burglaries')}, "
        f"until {formatting.day(row['until'].date())}"
        for _, row in own.head(LINES).iterrows()
    ]
    more = len(own) - LINES
    return lines + ([f"{formatting.counted(more, 'more zone', 'more zones')}: see the map"] if more > 0 else [])


def zones_of(report: Report) -> gpd.GeoDataFrame:
    """The zones in the order of their ids, with their `number`; without a table of them none."""
    if report.near_repeats is None:
        return report.hotspots.iloc[:0]
    zones = report.near_repeats.sort_values("zone_id", ignore_index=True)
    return zones.assign(number=range(1, len(zones) + 1))


def _told(row: pd.Series) -> Told:
    """What is said of a zone."""
    interval = f"{row['ratio_low']:.1f} to {row['ratio_high']:.1f}, 4 times in 5"
    return [
        ("Burglaries of the last days", f"{row['burglaries']:,}"),
        ("Last burglary", formatting.day(row["last_day"].date())),
        ("Holds until", formatting.day(row["until"].date())),
        ("Near repeats in the force", f"{row['ratio']:.1f} times as many as by chance ({interval})"),
        ("Team", formatting.place(row["team_name"], 80)),
    ]
