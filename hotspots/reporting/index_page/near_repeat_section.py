"""Zones in which a burglary of the last days makes another likelier for a while: on map, page and sheets."""

from typing import Any

from hotspots.reporting import formatting
from hotspots.reporting.report import Report
from hotspots.reporting.web_map import near_repeat_layer

SHOWN = 10  # zones on the page; the map's table holds them all
LINES = 3  # on a team's sheet


def on_page(report: Report) -> dict[str, Any]:
    """What was found, in sentences, and the first zones as rows."""
    zones = near_repeat_layer.zones_of(report)
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
    zones = near_repeat_layer.zones_of(report)
    own = zones[zones["team_name"] == team]
    lines = [
        f"{formatting.street(row['main_location'])}: "
        f"{formatting.counted(row['burglaries'], 'burglary', 'burglaries')}, "
        f"until {formatting.day(row['until'].date())}"
        for _, row in own.head(LINES).iterrows()
    ]
    more = len(own) - LINES
    return lines + ([f"{formatting.counted(more, 'more zone', 'more zones')}: see the map"] if more > 0 else [])
