"""Places with hidden demand: many residents are concerned, few incidents are recorded."""

from typing import Any

from hotspots import tables, wording
from hotspots.reporting import formatting
from hotspots.reporting.pages import engagement_section
from hotspots.reporting.report import Report
from hotspots.reporting.web_map import resident_layers

SHOWN = 5  # places on the first page
_MAX_PLACES = 2  # names of places in the sentence, for each family


def describe(report: Report) -> str:
    """Return the number of places with hidden demand by family, with the names of the first."""
    if report.concerns.empty:
        return "No survey responses, so residents' concerns are not known."
    places, parts = resident_layers.hidden_demand_places(report), []
    for family in tables.FAMILIES:
        names = [formatting.street(name) for name in places.loc[places["family"] == family, "name"]]
        if names:
            more = f" and {len(names) - _MAX_PLACES} more" if len(names) > _MAX_PLACES else ""
            shown = f"{', '.join(names[:_MAX_PLACES])}{more}"
            parts.append(f"{formatting.FAMILY_SHORT[family]} at {wording.counted(len(names), 'place')} ({shown})")
    if not parts:
        return "No hidden demand found (many concerns, few reports)."
    return f"Hidden demand (many concerns, few reports): {'; '.join(parts)}."


def first_places(report: Report) -> list[dict[str, Any]]:
    """Return the first places with the residents concerned, the incidents recorded, and how to ask there."""
    places = resident_layers.hidden_demand_places(report)
    places = places.sort_values(["worried", "family", "place_code"], ascending=[False, True, True])
    suggested = report.residents.engagement
    suggested = suggested[suggested["why"] == "hidden_demand"] if len(suggested) else suggested
    how = {
        (row.easting, row.northing): (engagement_section.METHODS[str(row.way)], formatting.clean(row.day_and_time, 120))
        for row in suggested.itertuples()
    }
    return [
        {
            "family": formatting.FAMILY_SHORT[row["family"]],
            "place": formatting.street(row["name"]),
            "team": formatting.place(row["team_name"], 40),
            "concerned": f"{formatting.response_count(row['worried'])} of {formatting.response_count(row['answers'])}",
            "recorded": f"{row['incidents']:,}",
            "how": ", ".join(how.get((row["easting"], row["northing"]), ("Walk and talk",))),
        }
        for _, row in places.head(SHOWN).iterrows()
    ]
