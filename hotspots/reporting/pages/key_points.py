"""Key points of a report: five lines with figures on what was recorded, what changed, residents, accuracy and data."""

from hotspots import categories, tables, wording
from hotspots.reporting import changes, formatting, same_months
from hotspots.reporting.charts import monthly_counts
from hotspots.reporting.pages import accuracy_page, data_quality_page, hidden_demand
from hotspots.reporting.report import Report

_KINDS = ("worse", "new", "better", "ended")


def list_key_points(report: Report) -> list[tuple[str, str]]:
    """Return five key points, each with a heading and a sentence."""
    overdue = " ".join(report.residents.describe_overdue(report.as_of))
    return [
        ("Recorded", describe_recorded(report)),
        ("Change", describe_change(report)),
        ("Residents", f"{hidden_demand.describe(report)} {overdue}".strip()),
        ("Accuracy", accuracy_page.describe_accuracy(report)),
        ("Data", data_quality_page.describe_data(report)),
    ]


def describe_recorded(report: Report) -> str:
    """Return the incidents of each family in the window, and in the same months of the year before."""
    own = report.incidents[report.incidents["is_own_force"]]
    force = report.last_year[report.last_year["team_name"].isna()].set_index("family")
    missing = monthly_counts.missing_months(report.incidents, report.window)
    months = wording.counted(report.window.length_months - len(missing), "month")
    months += " with data" if missing else ""
    parts = []
    for family in tables.FAMILIES:
        number = wording.counted(len(categories.of_family(own, family)), "incident")
        text = f"{formatting.FAMILY_SHORT[family]}: {number} in {months}"
        parts.append(f"{text}; {same_months.describe(force.loc[family])}" if family in force.index else text)
    return f"{'. '.join(parts)}."


def describe_change(report: Report) -> str:
    """Return how many places are busy, how many of them are hotspots, and how many are worse, new, better or ended."""
    if not report.has_comparison:
        return "The previous period has no data, so there is nothing to compare with."
    table = changes.of_report(report)
    current = report.hotspots[~categories.is_gone(report.hotspots)]
    parts = []
    for family in tables.FAMILIES:
        kinds = table.loc[table["family"] == family, "kind"].value_counts()
        counts = [f"{kinds[kind]:,} {kind}" for kind in _KINDS if kind in kinds.index]
        own = current[current["family"] == family]
        places = wording.counted(len(own), "busy place")
        strong = f"{int((own['p_value'] < changes.P_BELOW).sum()):,} of them hotspots (p < 0.05)"
        parts.append(f"{formatting.FAMILY_SHORT[family]}: {places}, {strong}; {', '.join(counts) or 'none changed'}")
    return f"{'. '.join(parts)}."
