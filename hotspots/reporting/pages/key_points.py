"""Key points of a report: what is new, worse and better, hidden demand, and the state of the data."""

from collections.abc import Sequence
from itertools import zip_longest
from typing import Any

import pandas as pd

from hotspots import categories, tables, wording
from hotspots.reporting import formatting
from hotspots.reporting.charts import monthly_counts
from hotspots.reporting.pages import data_quality_page, hidden_demand
from hotspots.reporting.report import Report

_CHANGES = (("New", ("new",)), ("Worse", ("emerging",)), ("Better", ("fading", "gone")))
_MAX_PLACES = 2  # names of places in a line, for each family


def list_key_points(report: Report) -> list[tuple[str, str]]:
    """Return up to five key points, each with a heading and a sentence."""
    if not report.has_comparison:
        lines = [
            ("Changes", "The previous period has no data, so there is nothing to compare with."),
            ("Recorded", _recorded(report)),
        ]
    else:
        lines = [(heading, _hotspots(report.hotspots, statuses)) for heading, statuses in _CHANGES]
    overdue = " ".join(report.residents.describe_overdue(report.as_of))
    if overdue:
        first, *rest = lines
        lines = [first, *_merge(rest), ("Overdue", overdue)]
    return [*lines, ("Residents", hidden_demand.describe(report)), ("Data", data_quality_page.describe_data(report))]


def first_areas(report: Report) -> list[dict[str, Any]]:
    """Return the first areas of each family in short."""
    found = []
    for family in tables.FAMILIES:
        rows = [
            {
                "rank": int(row["rank"]),
                "id": formatting.clean(row["patrol_area_id"]),
                "place": formatting.street(row["main_location"]),
                "team": formatting.place(row["team_name"], 40),
                "when": next((text for _, text in formatting.peak_times(row)), ""),
            }
            for _, row in report.areas_of(family).head(3).iterrows()
        ]
        found.append({"code": family, "label": formatting.FAMILY_SHORT[family], "areas": rows})
    return found


def _merge(lines: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Merge the lines on what is worse and better, to make room for another; a single line stays as it is."""
    if len(lines) < 2:
        return lines
    return [("Changed", " ".join(f"{heading}: {text.replace('None', 'none')}" for heading, text in lines))]


def _recorded(report: Report) -> str:
    """Return the number of incidents of each family in the window."""
    own = report.incidents[report.incidents["is_own_force"]]
    counts = {family: len(categories.of_family(own, family)) for family in tables.FAMILIES}
    incidents = "; ".join(
        f"{formatting.FAMILY_SHORT[family]}: {wording.counted(number, 'incident')}" for family, number in counts.items()
    )
    missing = int(monthly_counts.monthly_counts(report.incidents, report.window).isna().all(axis=1).sum())
    months = wording.counted(report.window.length_months, "month")
    return f"{incidents} in {months}{f', {missing} of them without data' if missing else ''}."


def _hotspots(hotspots: pd.DataFrame, statuses: Sequence[str]) -> str:
    """Return the number of hotspots of some statuses by family, with the names and counts of the largest."""
    chosen = hotspots[hotspots["status"].isin(statuses)]
    chosen = chosen.sort_values(["incidents", "hotspot_id"], ascending=[False, True])
    counts = [formatting.latest_counts(row) for _, row in chosen.iterrows()]
    return f"{_by_family(chosen, 'hotspot', counts)}." if len(chosen) else "None."


def _by_family(rows: pd.DataFrame, noun: str, counts: Sequence[str] = ()) -> str:
    """Return the number of rows of each family that has any, with the names, and counts, of the first."""
    names = [formatting.street(place) for place in rows["main_location"]]
    texts = [f"{name}: {count}" if count else name for name, count in zip_longest(names, counts, fillvalue="")]
    parts = []
    for family in tables.FAMILIES:
        places = [text for text, own in zip(texts, rows["family"] == family, strict=True) if own]
        if places:
            number = wording.counted(len(places), noun)
            parts.append(f"{formatting.FAMILY_SHORT[family]}: {number} ({_first(places, '; ' if counts else ', ')})")
    return "; ".join(parts)


def _first(places: list[str], separator: str) -> str:
    """Return the first places of a list, and how many more there are."""
    more = len(places) - _MAX_PLACES
    return separator.join(places[:_MAX_PLACES]) + (f" and {more} more" if more > 0 else "")
