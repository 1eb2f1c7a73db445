"""Section on near-repeat zones: where burglary is more likely than usual for a limited time."""

from typing import Any

from hotspots import wording
from hotspots.reporting import formatting
from hotspots.reporting.report import Report

SHOWN = 10  # zones on the page; the map's table has all of them
LINES = 3  # on a team's sheet


def of_report(report: Report) -> dict[str, Any]:
    """Return the findings and the first zones."""
    zones = report.numbered_zones
    return {
        "findings": report.near_repeat_words or ("Near repeats were not analysed in this run.",),
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
    """Return a line for each of the first zones of a team, and how many more there are."""
    zones = report.numbered_zones
    own = zones[zones["team_name"] == team]
    lines = [
        f"{formatting.street(row['main_location'])}: "
        f"{wording.counted(row['burglaries'], 'burglary', 'burglaries')}, "
        f"until {formatting.day(row['until'].date())}"
        for _, row in own.head(LINES).iterrows()
    ]
    more = len(own) - LINES
    return lines + ([f"{wording.counted(more, 'more zone')}: see the map"] if more > 0 else [])
