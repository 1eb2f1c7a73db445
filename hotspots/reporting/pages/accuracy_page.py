"""Page on accuracy: what earlier lists captured, and how reliable the expected numbers were."""

from typing import Any

from hotspots.reporting.charts import forecast_check
from hotspots.reporting.report import Report

FILE, TITLE = "accuracy.html", "Accuracy"
NOT_SCORED = "No earlier list has been scored yet. A list is scored once records of the following period are available."


def of_report(report: Report) -> dict[str, Any] | None:
    """Return the sections of the page; None if no list has been scored."""
    if report.accuracy.empty:
        return None
    finding = describe_accuracy(report)
    words = [line for line in report.accuracy_words if line != finding]
    return {
        "finding": finding,
        "sections": [("accuracy", TITLE)],
        "words": words,
        "scored": forecast_check.of_report(report),
    }


def describe_accuracy(report: Report) -> str:
    """Return the first sentence on a list that was scored, or why there is none."""
    is_backtest_only = not (report.accuracy["basis"] == "published").any() and len(report.accuracy_words) > 1
    return (report.accuracy_words or (NOT_SCORED,))[1 if is_backtest_only else 0]
