"""Section on engagement: where to engage residents next, and which areas respond least."""

from typing import Any

from hotspots.reporting import formatting
from hotspots.reporting.charts import deprivation
from hotspots.reporting.report import Report

SHOWN = 8  # suggestions before the rest is folded away
METHODS = {
    "walk_and_talk": "Walk and talk",
    "door_to_door": "Door-to-door visits",
    "high_street": "Hold a street stall",
    "online": "Online survey",
}


def of_report(report: Report) -> dict[str, Any]:
    """Return sentences, suggestions and response rates by deprivation."""
    residents = report.residents
    return {
        "findings": residents.describe_responses(),
        "suggestions": [
            {
                "place": formatting.place(row.place, 80),
                "team": formatting.clean(row.team_name, 60),
                "method": METHODS[str(row.way)],
                "when": formatting.clean(row.day_and_time, 120),
                "reason": formatting.clean(row.reason, 400),
            }
            for row in residents.engagement.sort_values("suggestion").itertuples()
        ],
        "shown": SHOWN,
        "deciles": deprivation.list_deciles(residents.deciles),
        "population_label": residents.population_label,
        "chart": deprivation.draw_deciles(residents.deciles),
    }
