"""The page to open first: what to know, where to go, what changed, how far to trust it, who signs it off."""

from typing import Any

import pandas as pd

from hotspots import categories, quality, tables
from hotspots.reporting import formatting, html_templates
from hotspots.reporting.charts import confidence, forecast_check, monthly_counts, week_heatmap
from hotspots.reporting.index_page import (
    actions_section,
    engagement_section,
    method_section,
    near_repeat_section,
    summary,
)
from hotspots.reporting.report import Report
from hotspots.reporting.web_map import grid_counts

SHOWN = 20  # areas a family on the page; the lists hold them all

# Sections of the page in order: their id, which is also the name of the template, and what the list at the top says.
SECTIONS = (
    ("where", "Ranked areas"),
    ("changes", "Changes"),
    ("near", "Near repeats"),
    ("concerns", "Concerns"),
    ("done", "Done and answered"),
    ("listen", "Where to listen"),
    ("confidence", "Confidence"),
    ("months", "Months"),
    ("week", "Days and hours"),
    ("accuracy", "How good it was"),
    ("data", "Data quality"),
    ("method", "Method and limits"),
    ("sign", "Sign-off"),
    ("files", "Files"),
)

FILES = {
    "map.html": "the map, to open in a browser",
    "patrol_areas.xlsx": "the ranked areas for Excel",
    "patrol_areas.csv": "the ranked areas as plain text",
    "patrol_areas.gpkg": "areas and hotspots for QGIS and other GIS",
    "patrol_areas.geojson": "the ranked areas for web maps",
    "patrol_areas.kml": "the ranked areas for Google Earth",
    "hotspots.csv": "the hotspots as plain text",
    "hotspots.geojson": "the hotspots for web maps",
    "accuracy.csv": "what earlier lists caught, beside plain ways to choose",
    "concerns.csv": "what residents say beside the record, by area",
    "engagement.csv": "where to listen next, how and when",
    "referrals/index.html": "what is passed on to partners, with a list for each",
    "priorities.csv": "local priorities, those overdue for review first",
    "confidence.csv": "surveys on confidence, with what changed between waves",
    "quality.csv": "rows kept and set aside, by file, month and reason",
    "run.json": "how it was made: inputs, settings, versions",
}
# More files than this are told by the first and the last name.
MANY_FILES = 4
# How a reason tells of an area that people put at the end.
_PUT_LAST = "put last by local decision"


def draw_index(report: Report) -> str:
    """The page of a run as HTML; the same tables give the same text."""
    template = html_templates.template("index.html")
    monthly = monthly_counts.monthly_counts(report.incidents, report.window)
    return template.render(
        report=report,
        sections=SECTIONS,
        as_of=formatting.day(report.as_of),
        window=formatting.span(report.window),
        expires_on=formatting.day(report.expires_on),
        to_know=summary.to_know(report),
        first_areas=summary.first_areas(report),
        families=[_family(report, family) for family in tables.FAMILIES],
        teams=_teams(report),
        changes=_changes(report),
        near=near_repeat_section.on_page(report),
        concerns=_concerns(report),
        done=actions_section.of_report(report),
        listen=engagement_section.of_report(report),
        confidence=confidence.of_report(report),
        confidence_told=report.answering.changed(report.slug),
        quality=_quality(report),
        methods=method_section.how_chosen(report),
        settings=_settings(report.settings),
        trend=monthly_counts.draw_trend(monthly, report.left_out),
        scored=forecast_check.of_report(report),
        weeks=week_heatmap.draw_weeks(report.incidents, tables.FAMILIES),
        monthly=_monthly(monthly, report.left_out),
        files=FILES | _folders(report),
    )


def _family(report: Report, family: str) -> dict[str, Any]:
    """One family's ranked list."""
    areas = report.patrol_areas[report.patrol_areas["family"] == family].sort_values(["rank", "patrol_area_id"])
    previous = report.previous_areas
    before = previous[previous["family"] == family].set_index("patrol_area_id")["rank"]
    return {
        "code": family,
        "label": categories.FAMILY_LABELS[family],
        "areas": [_area(row, before) for _, row in areas.head(SHOWN).iterrows()],
        "put_last": [_put_last(row) for _, row in areas.iloc[SHOWN:].iterrows() if "exclude" in str(row["decision"])],
        "has_before": len(before) > 0,
        "more": max(len(areas) - SHOWN, 0),
    }


def _put_last(row: pd.Series) -> dict[str, str]:
    """An area that stands at the end of the list, where nobody looks, since people decided so."""
    _, said, why = str(row["reason"]).partition(_PUT_LAST)
    return {
        "id": formatting.clean(row["patrol_area_id"]),
        "place": formatting.street(row["main_location"]),
        "team": formatting.place(row["team_name"], 60),
        "why": formatting.clean(f"{said}{why}", 300) or f"{_PUT_LAST}.",
    }


def _area(row: pd.Series, before: pd.Series) -> dict[str, Any]:
    """One line of a ranked list; `before` has the ranks of the previous run."""
    was = before.get(row["patrol_area_id"])
    return {
        "rank": int(row["rank"]),
        "id": formatting.clean(row["patrol_area_id"]),
        "place": formatting.street(row["main_location"]),
        "was": "new" if was is None else str(was),
        "was_value": 10**6 if was is None else int(was),
        "team": formatting.place(row["team_name"], 60),
        "expected": "–" if pd.isna(row["expected"]) else f"{row['expected']:,.1f}",
        "range": formatting.range_of(row["expected_low"], row["expected_high"]),
        "expected_value": f"{row['expected']:.6f}",
        "incidents": f"{row['incidents']:,}",
        "incidents_value": int(row["incidents"]),
        "chance": formatting.percent(row["top_k_chance"]),
        "chance_value": f"{row['top_k_chance']:.6f}",
        "concerns": formatting.CONCERN_SHORT[row["concern_status"]],
        "concern_code": row["concern_status"],
        "answers": formatting.named_by(row) if row["answers"] else "",
        "reason": formatting.clean(row["reason"], 300),
        "peaks": formatting.peaks(row),
        "flags": formatting.flags(row["flags"]),
    }


def _teams(report: Report) -> list[str]:
    """Teams of the areas on the page, by name."""
    ranked = report.patrol_areas.sort_values(["family", "rank", "patrol_area_id"])
    shown = ranked.groupby("family", observed=True).head(SHOWN)
    return sorted({formatting.place(name, 60) for name in shown["team_name"]})


def _changes(report: Report) -> dict[str, Any]:
    """Hotspots by status and family, and those that are not what they were."""
    held = report.hotspots[report.hotspots["status"].notna()]
    table = [
        {
            "status": formatting.STATUS_WORDS[status],
            "counts": [
                int(((held["status"] == status) & (held["family"] == family)).sum()) for family in tables.FAMILIES
            ],
        }
        for status in tables.STATUSES
    ]
    moved = held[~held["status"].isin(tables.STAYED)]
    order = moved["status"].map({status: n for n, status in enumerate(tables.STATUSES)}).astype("int64")
    by = ["family", "order", "incidents", "hotspot_id"]
    moved = moved.assign(order=order).sort_values(by, ascending=[True, True, False, True])
    return {
        "since": formatting.day(report.previous_as_of) if report.previous_as_of else "the last run",
        "table": [line for line in table if any(line["counts"])],
        "moved": [
            {
                "family": formatting.FAMILY_SHORT[row["family"]],
                "status": formatting.STATUS_WORDS[row["status"]],
                "place": formatting.place(row["main_location"]),
                "incidents": f"{row['incidents']:,}",
            }
            for _, row in moved.iterrows()
        ],
    }


def _concerns(report: Report) -> dict[str, Any]:
    """Answers by owner and issue, small numbers said in words."""
    concerns = report.concerns
    issues = pd.DataFrame({"owner": concerns["owner"].astype("str"), "issue": concerns["issue"].astype("str")})
    counted = issues.value_counts(sort=False).rename("rows").reset_index()
    counted = counted.sort_values(["rows", "owner", "issue"], ascending=[False, True, True])
    placed = int(concerns.geometry.notna().sum())
    return {
        "residents": grid_counts.residents(concerns),
        "total": len(concerns),
        "placed": placed,
        "unplaced": len(concerns) - placed,
        "issues": [
            {
                "issue": categories.ISSUE_LABELS[row["issue"]],
                "owner": formatting.sentence(formatting.clean(row["owner"], 60)) or "not decided",
                "answers": formatting.answers(row["rows"]),
            }
            for _, row in counted.iterrows()
        ],
    }


def _folders(report: Report) -> dict[str, str]:
    """The sheets of the teams, and the public version."""
    named = formatting.team_file_names(report.patrol_areas["team_name"])
    sheets = {
        f"briefings/{name}.pdf": f"the sheet to hand out, {formatting.place(team, 60)}" for team, name in named.items()
    }
    return sheets | ({"public/index.html": "what may be published"} if report.public else {})


def _quality(report: Report) -> dict[str, Any]:
    """What came in, what was kept, what was noticed."""
    aside = quality.by_reason(report.tally)
    return {
        "files": quality.file_totals(report.tally).to_dict("records"),
        "reasons": [
            {
                "source": row["source"],
                "reason": quality.REASONS_IN_WORDS.get(row["reason"], row["reason"]),
                "rows": f"{row['rows_set_aside']:,}",
            }
            for _, row in aside.iterrows()
        ],
        "findings": _findings(report.findings),
        "used": [given for given in report.inputs if given.get("used")],
        "not_used": _not_used(report.inputs),
    }


def _not_used(inputs: list[dict]) -> list[dict]:
    """Files not used by reason: their names, or their number and the first and last name where they are many."""
    names: dict[str, list[str]] = {}
    for given in inputs:
        if not given.get("used"):
            names.setdefault(str(given["why_not"]), []).append(str(given["name"]))
    return [
        {"why_not": reason, "number": len(same), "names": _shortened(sorted(same))} for reason, same in names.items()
    ]


def _shortened(names: list[str]) -> list[str]:
    """A few names as they are; of many the first and the last."""
    return names if len(names) <= MANY_FILES else [names[0], names[-1]]


def _findings(findings: pd.DataFrame) -> list[dict]:
    """Findings, those that wait for somebody first."""
    ordered = findings.sort_values(["is_open", "kind", "finding"], ascending=[False, True, True])
    return [
        {"is_open": row["is_open"]}
        | {name: formatting.clean(row[name], 600) for name in ("finding", "action", "setting")}
        for row in ordered.to_dict("records")
    ]


def _settings(settings: dict, prefix: str = "") -> list[tuple[str, str]]:
    """Nested settings as lines of dotted name and value."""
    lines = []
    for name, value in settings.items():
        path = formatting.clean(f"{prefix}.{name}" if prefix else name, 200)
        lines += (
            _settings(value, path)
            if isinstance(value, dict)
            else [(path, "chosen by the run" if value is None else formatting.clean(_plain(value), 300))]
        )
    return lines


def _plain(value: object) -> object:
    """Lists of a setting in words; of a list of tables, such as the teams, the names."""
    if isinstance(value, list | tuple):
        names = [one.get("name", one) if isinstance(one, dict) else one for one in value]
        return ", ".join(str(name) for name in names) or "none"
    return value


def _monthly(monthly: pd.DataFrame, left_out: dict[str, list[str]]) -> list[tuple[str, list[str]]]:
    """The trend as a table."""
    return [
        (str(month), [_in_month(row[family], month, left_out.get(str(family), [])) for family in monthly.columns])
        for month, row in monthly.iterrows()
    ]


def _in_month(count: int, month: object, skipped: list[str]) -> str:
    if pd.isna(count):
        return "no data"
    return f"{int(count):,} (left out)" if month in skipped else f"{int(count):,}"
