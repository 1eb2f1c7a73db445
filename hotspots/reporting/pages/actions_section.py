"""Section on actions: priorities, actions, partners' answers, and what is overdue."""

from typing import Any

import pandas as pd

from hotspots import categories, wording
from hotspots.reporting import actions, formatting, residents_report
from hotspots.reporting.public import approved_text
from hotspots.reporting.report import Report

SHOWN = 8  # rows of a table before the rest is folded away
_NO_TEAM = "Several teams, or not known"


def of_report(report: Report) -> dict[str, Any]:
    """Return the sentences and tables of the section."""
    residents, located = report.residents, actions.of_report(report)
    return {
        "counted": residents.counted,
        "findings": list(residents.describe_referrals(report.as_of)),
        "has_referrals": residents.has_referrals,
        "overdue": list(residents.describe_overdue(report.as_of)),
        "teams": _by_team(report, located),
        "priorities": [_priority(row) for row in _sorted(residents.priorities, report).itertuples()],
        "actions": [_action(row) for row in actions.sort_latest(located).itertuples()],
        "answers": [_answer(row) for row in _answered(residents.referrals).itertuples()],
        "withheld": approved_text.count_withheld(
            pd.concat([residents.actions["public_text"], residents.referrals["public_text"]])
        ),
        "why_withheld": approved_text.WHY_WITHHELD,
        "shown": SHOWN,
    }


def of_team(report: Report, team: str, located: pd.DataFrame) -> dict[str, list[str]]:
    """Return a team's priorities, actions, answered and unanswered referrals, as sentences under headings."""
    residents = report.residents
    priorities = residents.priorities
    own = priorities[(priorities["team_name"] == team) & priorities["closed_on"].isna()]
    referrals = residents.referrals[residents.referrals["team_name"] == team]
    overdue = residents.overdue_referrals(report.as_of).index
    sections = {
        "Local priorities": [
            f"{line['issue']}: {line['owner']}, review {line['review']}{' (overdue)' if line['is_overdue'] else ''}"
            for line in (_priority(row) for row in _sorted(own, report).itertuples())
        ],
        "Actions here": [
            f"{formatting.place(row.where, 60)}: {actions.describe(row)}"
            for row in actions.sort_latest(located[located["team_name"] == team]).itertuples()
        ],
        "Answers from partners": [
            f"{line['partner']}, {line['issue'].lower()}, {line['place']}: {line['answer']}"
            for line in (_answer(row) for row in _answered(referrals).itertuples())
        ],
        "Referred, no answer yet": [
            f"{formatting.place(partner, 60)}: {wording.counted(len(rows), 'concern')}"
            + (f", {rows.index.isin(overdue).sum()} overdue" if rows.index.isin(overdue).any() else "")
            for partner, rows in referrals[referrals["answer"].isna()].groupby("partner", sort=True)
        ],
    }
    return {heading: lines for heading, lines in sections.items() if lines}


def _by_team(report: Report, located: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the number of priorities, actions and referrals of each team that has any."""
    residents = report.residents
    is_open = residents.priorities["closed_on"].isna()
    to_review = residents_report.is_review_overdue(residents.priorities, report.as_of)
    columns = {
        "priorities": residents.priorities[is_open],
        "reviews": residents.priorities[to_review],
        "actions": located[located["ended_on"].isna()],
        "ended": located[located["ended_on"].notna()],
        "referred": residents.referrals,
        "answered": residents.referrals[residents.referrals["answer"].notna()],
        "overdue": residents.overdue_referrals(report.as_of),
    }
    counts = pd.DataFrame(
        {name: rows["team_name"].fillna(_NO_TEAM).value_counts(sort=False) for name, rows in columns.items()}
    )
    counts = counts.fillna(0).astype("int64")
    order = sorted(counts.index, key=lambda name: (name == _NO_TEAM, name))
    return [{"team": formatting.place(name, 60)} | counts.loc[name].to_dict() for name in order]


def _sorted(priorities: pd.DataFrame, report: Report) -> pd.DataFrame:
    """Return open priorities with overdue ones first, then closed ones."""
    listed = residents_report.list_priorities(priorities, report.as_of)
    return listed.assign(is_closed=listed["closed_on"].notna()).sort_values("is_closed", kind="stable")


def _priority(row: Any) -> dict[str, Any]:
    """Return a row of the table of priorities."""
    closed = f"closed {formatting.day(row.closed_on)}" if row.is_closed else ""
    return {
        "team": formatting.place(row.team_name, 60),
        "issue": categories.ISSUE_LABELS.get(row.issue, row.issue),
        "owner": formatting.clean(row.owner, 60),
        "agreed": formatting.day(row.agreed_on),
        "review": formatting.day(row.review_on),
        "state": "review overdue" if row.is_overdue else closed,
        "is_overdue": bool(row.is_overdue),
    }


def _action(row: Any) -> dict[str, str]:
    """Return a row of the table of actions."""
    return {
        "where": formatting.place(row.where, 80),
        "team": formatting.clean(row.team_name, 60),
        "owner": formatting.clean(row.owner, 60),
        "action": formatting.clean(row.action, 200),
        "when": actions.describe_dates(row),
        "outcome": formatting.clean(row.outcome, 200),
        "public": _is_public(row.public_text),
    }


def _answered(referrals: pd.DataFrame) -> pd.DataFrame:
    """Return referrals with an answer, the latest first."""
    answered = referrals[referrals["answer"].notna()]
    return answered.sort_values(["answered_on", "referral_id"], ascending=[False, True], na_position="last")


def _answer(row: Any) -> dict[str, str]:
    """Return a row of the table of answers."""
    return {
        "partner": formatting.place(row.partner, 60),
        "issue": categories.ISSUE_LABELS[str(row.issue)],
        "place": formatting.place(row.place, 80),
        "residents": formatting.response_count(int(row.concerns)),
        "answer": formatting.clean(row.answer, 200),
        "when": "" if pd.isna(row.answered_on) else formatting.day(row.answered_on),
        "public": _is_public(row.public_text),
    }


def _is_public(text: object) -> str:
    """Return whether a text is published."""
    if not formatting.clean(text):
        return "no"
    return "withheld" if approved_text.is_withheld(text) else "yes"
