"""Section on the hotspots that are worse, new or better, with their months, owner and action."""

from typing import Any

import pandas as pd

from hotspots.reporting import actions, changes, formatting
from hotspots.reporting.charts import sparkline
from hotspots.reporting.report import Report

SHOWN = 4  # of each kind on the first page; the page of the areas has all of them
KINDS = ("worse", "new", "better")


def of_report(report: Report) -> dict[str, Any]:
    """Return the first hotspots of each kind, and how many more there are."""
    table = changes.of_report(report)
    table = table[table["kind"].isin(KINDS)]
    first = table.groupby("kind", sort=False).head(SHOWN)
    located = actions.sort_latest(actions.of_report(report))
    current = located[located["current_hotspot_id"].notna()].drop_duplicates("current_hotspot_id")
    shapes = report.hotspots.set_index("hotspot_id").geometry
    by_id = current.set_index("current_hotspot_id")
    return {
        "rows": [_row(row, _team(report, shapes[row.hotspot_id]), by_id) for row in first.itertuples()],
        "more": len(table) - len(first),
        "has_actions": bool(set(first["hotspot_id"]) & set(by_id.index)),
    }


def _row(row: Any, team: str, by_id: pd.DataFrame) -> dict[str, str]:
    """Return one hotspot as a row of the table."""
    action = by_id.loc[row.hotspot_id] if row.hotspot_id in by_id.index else None
    return {
        "kind": changes.KIND_LABELS[row.kind],
        "code": row.kind,
        "chance": "may be chance" if row.may_be_chance else formatting.p_value(row.p),
        "family": formatting.FAMILY_SHORT[row.family],
        "place": row.place,
        "team": team,
        "before": formatting.fixed(row.before, 1),
        "now": formatting.fixed(row.now, 1),
        "months": sparkline.draw_sparkline(row.months, int(row.latest_months or 0)),
        "owner": "" if action is None else formatting.clean(action["owner"], 40),
        "action": "" if action is None else formatting.clean(action["action"], 80),
    }


def _team(report: Report, shape: Any) -> str:
    """Return the team with most of the incidents inside; empty if none is known."""
    inside = report.incidents.iloc[report.incidents.sindex.query(shape, predicate="intersects")]
    teams = inside["team_name"].dropna().value_counts()
    return formatting.place(teams.index[teams == teams.max()].min(), 40) if len(teams) else ""
