"""The first areas of each family: where to go, when, and one reason that the other columns do not give."""

from typing import Any

import pandas as pd

from hotspots import tables, wording
from hotspots.reporting import changes, formatting
from hotspots.reporting.report import Report

SHOWN = 10
# As in the reasons of the list: significant months are given from this share of the months with data, incidents nearby
# from this share of the score.
_MIN_SIGNIFICANT_SHARE, _MIN_NEARBY_SHARE = 0.5, 0.85


def of_report(report: Report) -> dict[str, Any]:
    """Return the first areas of each family, and whether any has times."""
    families = [_family(report, family) for family in tables.FAMILIES]
    return {
        "families": families,
        "has_times": any(family["has_times"] for family in families),
        "has_harm": is_ranked_by_harm(report),
    }


def is_ranked_by_harm(report: Report) -> bool:
    """Return whether harm changes the order of the first burglary areas, compared with expected incidents."""
    first = report.areas_of("burglary").head(SHOWN)
    return not first["expected"].round(1).is_monotonic_decreasing


def _family(report: Report, family: str) -> dict[str, Any]:
    """Return the first areas of one family."""
    areas = [_area(row) for _, row in report.areas_of(family).head(SHOWN).iterrows()]
    return {
        "code": family,
        "label": formatting.FAMILY_SHORT[family],
        "areas": areas,
        "has_times": any(area["when"] for area in areas),
    }


def _area(row: pd.Series) -> dict[str, Any]:
    """Return one area as a row."""
    return {
        "rank": int(row["rank"]),
        "id": formatting.clean(row["patrol_area_id"]),
        "place": formatting.street(row["main_location"]),
        "team": formatting.place(row["team_name"], 40),
        "expected": formatting.fixed(row["expected"], 1),
        "range": formatting.value_range(row["expected_low"], row["expected_high"]),
        "when": _when(row),
        "why": reason(row),
    }


def _when(row: pd.Series) -> str:
    """Return when to go in short: "Sat 18 to 21", with a star where the time is that of the team or force."""
    time, _, source = formatting.when(row).replace(":00", "").partition(" (")
    return f"{time}*" if source.startswith("as in") else time


def reason(row: pd.Series) -> str:
    """Return the most useful reason that the columns of rank, expected incidents and times do not give."""
    decision, status = formatting.clean(row["decision"]), row["status"]
    if "pin" in decision or "add" in decision:
        return "local decision"
    if status in ("emerging", "fading") and row["change_p_value"] < changes.P_BELOW:
        period = wording.counted(int(row["latest_months"]), "month")
        expected = formatting.fixed(row["latest_expected"], 0)
        verb = "rising" if status == "emerging" else "falling"
        return f"{verb}: {row['latest_incidents']:,} in the last {period}, {expected} expected from before"
    flags = formatting.flags(row["flags"])
    if flags:
        return f"check first: {flags}"
    significant, seen = row["months_significant"], row["months_seen"]
    if seen and significant >= _MIN_SIGNIFICANT_SHARE * seen:
        return f"above its expected level in {significant} of {wording.counted(int(seen), 'month')}"
    if row["concern_status"] == "agreement":
        return f"residents are concerned too ({formatting.concern_count(row)})"
    if row.get("score_nearby", 0.0) >= _MIN_NEARBY_SHARE * row["score"] > 0:
        return f"{row['incidents']:,} recorded inside, more close by"
    recorded = f"{row['incidents']:,} recorded in {wording.counted(int(seen), 'month')}"
    return f"{recorded}, {row['latest_incidents']:,} in the last {int(row['latest_months'])}"
