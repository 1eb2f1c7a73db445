"""Draw the index page: key points, ranked areas, changes, residents, accuracy, data quality, method and sign-off."""

from typing import Any

import pandas as pd

from hotspots import categories, quality, surveys, tables
from hotspots.reporting import formatting, html_templates, residents_report
from hotspots.reporting.charts import confidence, forecast_check, monthly_counts, week_heatmap
from hotspots.reporting.index_page import (
    actions_section,
    engagement_section,
    key_points,
    method_section,
    near_repeat_section,
)
from hotspots.reporting.report import Report
from hotspots.reporting.web_map import grid_counts

SHOWN = 20  # areas per family on the page; the exported lists have all of them

# Sections in order: the id, which is also the name of the template, and the text of the link at the top.
SECTIONS = (
    ("areas", "Ranked areas"),
    ("changes", "Changes"),
    ("near_repeats", "Near repeats"),
    ("concerns", "Concerns"),
    ("actions", "Actions"),
    ("engagement", "Engagement"),
    ("confidence", "Confidence"),
    ("months", "Monthly counts"),
    ("week", "Days and hours"),
    ("accuracy", "Accuracy"),
    ("data", "Data quality"),
    ("method", "Method and limits"),
    ("sign", "Sign-off"),
    ("files", "Files"),
)

FILES = {
    "map.html": "interactive map, opens in a browser",
    "patrol_areas.xlsx": "ranked areas for Excel",
    "patrol_areas.csv": "ranked areas as plain text",
    "patrol_areas.gpkg": "ranked areas and hotspots for QGIS and other GIS",
    "patrol_areas.geojson": "ranked areas for web maps",
    "patrol_areas.kml": "ranked areas for Google Earth",
    "hotspots.csv": "hotspots as plain text",
    "hotspots.geojson": "hotspots for web maps",
    "accuracy.csv": "accuracy of earlier lists and of the baselines",
    "concerns.csv": "residents' concerns and recorded incidents by area",
    "engagement.csv": "where, how and when to engage residents next",
    "referrals/index.html": "referrals to partners, with a list for each",
    "priorities.csv": "local priorities, overdue reviews first",
    "confidence.csv": "results of confidence surveys, with changes between waves",
    "quality.csv": "rows kept and set aside by file, month and reason",
    "run.json": "inputs, settings and versions of this report",
}
# Files that are written only if there is something in them.
IF_ANY = ("concerns.csv", "engagement.csv", "priorities.csv", "confidence.csv", "referrals/index.html")
MAX_FILE_NAMES = 4  # a longer list of files is shortened to the first and last name
# Part of the reason of an area that a local decision moved to the end of the list.
_PUT_LAST = "put last by local decision"


def draw_index(report: Report) -> str:
    """Return the index page of a run as HTML."""
    template = html_templates.template("index.html")
    monthly = monthly_counts.monthly_counts(report.incidents, report.window)
    return template.render(
        report=report,
        sections=SECTIONS,
        as_of=formatting.day(report.as_of),
        window=formatting.date_range(report.window),
        expires_on=formatting.day(report.expires_on),
        key_points=key_points.list_key_points(report),
        first_areas=key_points.first_areas(report),
        families=[_family(report, family) for family in tables.FAMILIES],
        teams=_teams(report),
        changes=_changes(report),
        near_repeats=near_repeat_section.of_report(report),
        concerns=_concerns(report),
        actions=actions_section.of_report(report),
        engagement=engagement_section.of_report(report),
        confidence=confidence.of_report(report),
        confidence_changes=report.residents.describe_confidence(report.slug),
        quality=_quality(report),
        methods=method_section.of_report(report),
        settings=_settings(report.settings),
        trend=monthly_counts.draw_trend(monthly, report.left_out),
        scored=forecast_check.of_report(report),
        weeks=week_heatmap.draw_weeks(report.incidents, tables.FAMILIES),
        monthly=_monthly(monthly, report.left_out),
        files=_files(report),
    )


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


def _files(report: Report) -> dict[str, str]:
    """Return the files of the report with their descriptions; tables without rows are not written."""
    residents = report.residents
    written = {*residents_report.list_tables(residents, report.as_of)}
    if residents.has_referrals:
        written.add("referrals/index.html")
    files = {name: text for name, text in FILES.items() if name not in IF_ANY or name in written}
    return files | _folders(report)


def _folders(report: Report) -> dict[str, str]:
    """Return the briefings of the teams, and the public version."""
    names = formatting.team_file_names(report.patrol_areas["team_name"])
    briefings = {f"briefings/{name}.pdf": f"briefing for {formatting.place(team, 60)}" for team, name in names.items()}
    return briefings | ({"public/index.html": "figures for publication"} if report.public else {})


def _quality(report: Report) -> dict[str, Any]:
    """Return the findings, the rows by file and reason, and the files used and not used."""
    set_aside = quality.by_reason(report.tally)
    return {
        "files": quality.file_totals(report.tally).to_dict("records"),
        "reasons": [
            {
                "source": row["source"],
                "reason": quality.REASONS_IN_WORDS.get(row["reason"], row["reason"]),
                "rows": f"{row['rows_set_aside']:,}",
            }
            for _, row in set_aside.iterrows()
        ],
        "findings": _findings(report.findings),
        "used": [file for file in report.inputs if file.get("used")],
        "not_used": _not_used(report.inputs),
    }


def _not_used(inputs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the files not used by reason, with all names or, of many, the first and last."""
    names: dict[str, list[str]] = {}
    for file in inputs:
        if not file.get("used"):
            names.setdefault(str(file["why_not"]), []).append(str(file["name"]))
    return [
        {
            "why_not": reason,
            "number": len(same),
            "names": sorted(same) if len(same) <= MAX_FILE_NAMES else [min(same), max(same)],
        }
        for reason, same in names.items()
    ]


def _findings(findings: pd.DataFrame) -> list[dict[str, Any]]:
    """Return findings, those that need a decision first; seen ones without a decision to make are folded."""
    ordered = findings.sort_values(["is_open", "kind", "finding"], ascending=[False, True, True])
    return [
        {"is_open": row["is_open"], "is_folded": row["is_seen"] and not row["is_open"]}
        | {name: formatting.clean(row[name], 900) for name in ("finding", "action", "setting", "to_close")}
        for row in ordered.to_dict("records")
    ]


def _settings(settings: dict[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    """Return nested settings as rows of dotted name and value."""
    lines = []
    for name, value in settings.items():
        path = formatting.clean(f"{prefix}.{name}" if prefix else name, 200)
        lines += (
            _settings(value, path)
            if isinstance(value, dict)
            else [(path, "chosen automatically" if value is None else formatting.clean(_plain(value), 300))]
        )
    return lines


def _plain(value: object) -> object:
    """Return lists in words; a list of tables, such as teams, becomes a list of their names."""
    if isinstance(value, list | tuple):
        names = [each.get("name", each) if isinstance(each, dict) else each for each in value]
        return ", ".join(str(name) for name in names) or "none"
    return value


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
