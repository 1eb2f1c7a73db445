"""Where to listen next and who is not heard: the page's section on listening."""

from typing import Any

from hotspots.reporting import formatting
from hotspots.reporting.charts import deprivation
from hotspots.reporting.report import Report

SHOWN = 8  # suggestions before the rest is folded away
WAYS = {
    "walk_and_talk": "Walk and talk",
    "door_to_door": "Knock on doors",
    "high_street": "Stand on the high street",
    "online": "Ask online",
}


def of_report(report: Report) -> dict[str, Any]:
    """Sentences, suggestions and deciles, as the template shows them."""
    given = report.answering
    return {
        "told": given.heard(),
        "suggestions": [
            {
                "place": formatting.place(row.place, 80),
                "team": formatting.clean(row.team_name, 60),
                "way": WAYS[str(row.way)],
                "when": formatting.clean(row.day_and_time, 120),
                "reason": formatting.clean(row.reason, 400),
            }
            for row in given.engagement.sort_values("suggestion").itertuples()
        ],
        "shown": SHOWN,
        "deciles": deprivation.list_deciles(given.deciles),
        "people_are": given.people_are,
        "bars": deprivation.draw_deciles(given.deciles),
    }
