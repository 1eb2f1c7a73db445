"""Places with hidden demand: many residents are concerned, few incidents are recorded."""

from hotspots import tables, wording
from hotspots.reporting import formatting
from hotspots.reporting.report import Report
from hotspots.reporting.web_map import resident_layers

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
    return f"Hidden demand (many concerns, few reports): {'; '.join(parts)}. Engage residents there."
