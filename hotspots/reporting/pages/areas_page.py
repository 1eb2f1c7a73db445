"""Page of the ranked areas, all columns, with what changed, near repeats, monthly counts, days and hours."""

from typing import Any

import pandas as pd

from hotspots import categories, tables, wording
from hotspots.reporting import formatting, same_months
from hotspots.reporting.charts import monthly_counts, week_heatmap
from hotspots.reporting.pages import near_repeat_section
from hotspots.reporting.report import Report

FILE, TITLE = "areas.html", "Ranked areas"
SHOWN = 20  # areas per family on the page; the exported lists have all of them
# Part of the reason of an area that a local decision moved to the end of the list.
_PUT_LAST = "put last by local decision"


def of_report(report: Report) -> dict[str, Any] | None:
    """Return the sections of the page."""
    monthly = monthly_counts.monthly_counts(report.incidents, report.window)
    near_repeats, weeks = near_repeat_section.of_report(report), week_heatmap.draw_weeks(report.incidents)
    changes = _changes(report)
    sections = {
        "areas": ("Ranked areas", True),
        "changes": ("Changes", bool(changes["table"])),
        "near_repeats": ("Near repeats", bool(near_repeats["zones"])),
        "months": ("Monthly counts", bool(monthly.notna().any(axis=None))),
        "week": ("Days and hours", bool(weeks)),
    }
    return {
        "finding": describe_areas(report),
        "sections": [(name, title) for name, (title, is_shown) in sections.items() if is_shown],
        "families": [_family(report, family) for family in tables.FAMILIES],
        "teams": _teams(report),
        "changes": changes,
        "near_repeats": near_repeats,
        "trend": monthly_counts.draw_trend(monthly, report.left_out),
        "last_year": _last_year(report),
        "monthly": _monthly(monthly, report.left_out),
        "weeks": weeks,
    }


def describe_areas(report: Report) -> str:
    """Return how many areas are listed, and the incidents that they are expected to hold."""
    parts = []
    for family in tables.FAMILIES:
        areas = report.areas_of(family).head(SHOWN)
        if len(areas):
            label, number = categories.FAMILY_LABELS[family], wording.counted(len(areas), "area")
            expected = wording.counted(round(areas["expected"].sum()), "incident")
            parts.append(f"{label}: about {expected} expected in the first {number}")
    return f"{'; '.join(parts)}, in {report.horizon_label}." if parts else "No areas are listed in this run."


def _family(report: Report, family: str) -> dict[str, Any]:
    """Return the ranked list of one family."""
    areas = report.areas_of(family)
    previous = report.previous_areas[report.previous_areas["family"] == family].set_index("patrol_area_id")["rank"]
    return {
        "code": family,
        "label": categories.FAMILY_LABELS[family],
        "areas": [_area(row, previous) for _, row in areas.head(SHOWN).iterrows()],
        "put_last": [_put_last(row) for _, row in areas.iloc[SHOWN:].iterrows() if "exclude" in str(row["decision"])],
        "has_previous": len(previous) > 0,
        "more": max(len(areas) - SHOWN, 0),
    }


def _put_last(row: pd.Series) -> dict[str, str]:
    """Return an area that a local decision moved to the end of the list."""
    _, found, rest = str(row["reason"]).partition(_PUT_LAST)
    return {
        "id": formatting.clean(row["patrol_area_id"]),
        "place": formatting.street(row["main_location"]),
        "team": formatting.place(row["team_name"], 60),
        "why": formatting.clean(f"{found}{rest}", 300) or f"{_PUT_LAST}.",
    }


def _area(row: pd.Series, previous: pd.Series) -> dict[str, Any]:
    """Return a row of a ranked list; `previous` has the ranks of the previous run."""
    rank = previous.get(row["patrol_area_id"])
    return {
        "rank": int(row["rank"]),
        "id": formatting.clean(row["patrol_area_id"]),
        "place": formatting.street(row["main_location"]),
        "previous": "new" if rank is None else str(rank),
        "previous_value": 10**6 if rank is None else int(rank),
        "team": formatting.place(row["team_name"], 60),
        "expected": formatting.fixed(row["expected"], 1),
        "range": formatting.value_range(row["expected_low"], row["expected_high"]),
        "expected_value": f"{row['expected']:.6f}",
        "incidents": f"{row['incidents']:,}",
        "incidents_value": int(row["incidents"]),
        "chance": formatting.percent_or_limit(row["top_k_chance"]),
        "chance_value": f"{row['top_k_chance']:.6f}",
        "concerns": formatting.CONCERN_LABELS[row["concern_status"]],
        "concern_code": row["concern_status"],
        "responses": formatting.concern_count(row) if row["answers"] else "",
        "reason": formatting.clean(row["reason"], 300),
        "peaks": formatting.peak_times(row),
        "flags": formatting.flags(row["flags"]),
    }


def _teams(report: Report) -> list[str]:
    """Return the names of the teams on the page."""
    ranked = report.patrol_areas.sort_values(["family", "rank", "patrol_area_id"])
    shown = ranked.groupby("family", observed=True).head(SHOWN)
    return sorted({formatting.place(name, 60) for name in shown["team_name"]})


def _changes(report: Report) -> dict[str, Any]:
    """Return the number of hotspots by status and family, and the hotspots that changed."""
    hotspots = report.hotspots[report.hotspots["status"].notna()]
    table = [
        {
            "status": formatting.STATUS_LABELS[status],
            "counts": [
                int(((hotspots["status"] == status) & (hotspots["family"] == family)).sum())
                for family in tables.FAMILIES
            ],
        }
        for status in tables.STATUSES
    ]
    changed = hotspots[~hotspots["status"].isin(tables.STAYED)]
    order = changed["status"].map({status: n for n, status in enumerate(tables.STATUSES)}).astype("int64")
    by = ["family", "order", "incidents", "hotspot_id"]
    changed = changed.assign(order=order).sort_values(by, ascending=[True, True, False, True])
    return {
        "since": formatting.day(report.previous_as_of) if report.previous_as_of else "the previous period",
        "table": [line for line in table if any(line["counts"])],
        "changed": [
            {
                "family": formatting.FAMILY_SHORT[row["family"]],
                "status": formatting.STATUS_LABELS[row["status"]],
                "place": formatting.place(row["main_location"]),
                "counts": formatting.counts_before(row),
                "latest": formatting.latest_counts(row),
            }
            for _, row in changed.iterrows()
        ],
    }


def _last_year(report: Report) -> list[tuple[str, str, str, str]]:
    """Return the comparison with the same months of the year before, for the force and each team."""
    return [
        (
            f"{formatting.FAMILY_SHORT[row['family']]}, "
            + ("whole force" if pd.isna(row["team_name"]) else formatting.place(row["team_name"], 60)),
            f"{row['now']:,}",
            f"{row['before']:,}",
            same_months.percent_change(row),
        )
        for _, row in report.last_year.iterrows()
    ]


def _monthly(monthly: pd.DataFrame, left_out: dict[str, list[str]]) -> list[tuple[str, list[str]]]:
    """Return the monthly counts as table rows."""
    return [
        (str(month), [_month_cell(row[family], month, left_out.get(str(family), [])) for family in monthly.columns])
        for month, row in monthly.iterrows()
    ]


def _month_cell(count: int, month: object, excluded: list[str]) -> str:
    if pd.isna(count):
        return "no data"
    return f"{int(count):,} (excluded)" if month in excluded else f"{int(count):,}"
