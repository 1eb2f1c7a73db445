"""Page on residents: concerns, hidden demand, actions and answers, engagement and confidence."""

from typing import Any

import pandas as pd

from hotspots import categories, surveys
from hotspots.reporting import formatting
from hotspots.reporting.charts import confidence
from hotspots.reporting.pages import actions_section, engagement_section, hidden_demand
from hotspots.reporting.report import Report
from hotspots.reporting.web_map import grid_counts

FILE, TITLE = "residents.html", "Residents"


def of_report(report: Report) -> dict[str, Any] | None:
    """Return the sections of the page; None if there is nothing about residents."""
    concerns, actions = _concerns(report), actions_section.of_report(report)
    engagement, questions = engagement_section.of_report(report), confidence.of_report(report)
    sections = {
        "concerns": ("Concerns", bool(concerns["total"])),
        "actions": ("Actions and answers", bool(actions["teams"] or actions["findings"] or actions["overdue"])),
        "engagement": ("Engagement", bool(engagement["suggestions"] or engagement["deciles"])),
        "confidence": ("Confidence", bool(questions)),
    }
    shown = [(name, title) for name, (title, is_shown) in sections.items() if is_shown]
    if not shown:
        return None
    return {
        "finding": hidden_demand.describe(report),
        "sections": shown,
        "concerns": concerns,
        "actions": actions,
        "engagement": engagement,
        "confidence": questions,
        "confidence_changes": list(report.residents.describe_confidence(report.slug)),
    }


def _concerns(report: Report) -> dict[str, Any]:
    """Return the number of responses by issue and owner; small numbers are given in words."""
    concerns = report.concerns
    issues = pd.DataFrame({"owner": concerns["owner"].astype("str"), "issue": concerns["issue"].astype("str")})
    counted = issues.value_counts(sort=False).rename("rows").reset_index()
    counted = counted.sort_values(["rows", "owner", "issue"], ascending=[False, True, True])
    located = int(concerns.geometry.notna().sum())
    return {
        "residents": grid_counts.count_residents(concerns),
        "counted": surveys.counted_by(concerns),
        "total": len(concerns),
        "located": located,
        "unlocated": len(concerns) - located,
        "issues": [
            {
                "issue": categories.ISSUE_LABELS[row["issue"]],
                "owner": formatting.capitalise(formatting.clean(row["owner"], 60)) or "not decided",
                "responses": formatting.response_count(row["rows"]),
            }
            for _, row in counted.iterrows()
        ],
    }
