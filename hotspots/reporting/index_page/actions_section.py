"""What was done, what partners answered, and what is overdue: the page's section on answering residents."""

from typing import Any

import pandas as pd

from hotspots import categories
from hotspots.reporting import actions as placed
from hotspots.reporting import formatting, residents_report
from hotspots.reporting.public import approved_text
from hotspots.reporting.report import Report

SHOWN = 8  # lines of a table before the rest is folded away
_NO_TEAM = "Several teams, or not known"


def of_report(report: Report) -> dict[str, Any]:
    """Sentences and tables, as the template shows them."""
    given = report.answering
    done = placed.of_report(report)
    late = residents_report.is_late(given.referrals, report.as_of, given.answer_within_days)
    return {
        "told": given.passed_on(report.as_of),
        "overdue": given.overdue(report.as_of),
        "teams": _by_team(report, done, late),
        "priorities": [_priority(row) for row in _ordered(given.priorities, report).itertuples()],
        "actions": [_action(row) for row in placed.latest(done).itertuples()],
        "answers": [_answer(row) for row in _answered(given.referrals).itertuples()],
        "kept_back": approved_text.number_kept_back(
            pd.concat([given.actions["public_text"], given.referrals["public_text"]])
        ),
        "why_not": approved_text.WHY_NOT,
        "shown": SHOWN,
    }


def of_team(report: Report, team: str, done: pd.DataFrame) -> dict[str, list[str]]:
    """What a team has promised, what was done in its area, what partners answered and owe, as lists of sentences."""
    given = report.answering
    own = given.priorities[(given.priorities["team_name"] == team) & given.priorities["closed_on"].isna()]
    sent = given.referrals[given.referrals["team_name"] == team]
    waiting = sent[sent["answer"].isna()]
    late = residents_report.is_late(waiting, report.as_of, given.answer_within_days)
    found = {
        "Local priorities": [
            f"{line['issue']}: {line['owner']}, review {line['review']}{' (overdue)' if line['is_late'] else ''}"
            for line in (_priority(row) for row in _ordered(own, report).itertuples())
        ],
        "What was done here": [
            f"{formatting.place(row.where, 60)}: {placed.in_words(row)}"
            for row in placed.latest(done[done["team_name"] == team]).itertuples()
        ],
        "What partners answered": [
            f"{line['partner']}, {line['issue'].lower()}, {line['place']}: {line['answer']}"
            for line in (_answer(row) for row in _answered(sent).itertuples())
        ],
        "Passed on, no answer yet": [
            f"{formatting.place(partner, 60)}: {formatting.counted(len(rows), 'concern', 'concerns')}"
            + (f", {int(late[rows.index].sum())} overdue" if late[rows.index].any() else "")
            for partner, rows in waiting.groupby("partner", sort=True)
        ],
    }
    return {heading: lines for heading, lines in found.items() if lines}


def _by_team(report: Report, done: pd.DataFrame, late: pd.Series) -> list[dict[str, Any]]:
    """A line a team: its priorities, actions and referrals, in numbers; teams without any are left out."""
    given = report.answering
    open_ones = given.priorities[given.priorities["closed_on"].isna()]
    reviews = open_ones[residents_report.is_overdue(open_ones, report.as_of)]
    sent = given.referrals
    counted = pd.DataFrame({
        "priorities": _count(open_ones), "reviews": _count(reviews), "actions": _count(done[done["ended_on"].isna()]),
        "ended": _count(done[done["ended_on"].notna()]), "sent": _count(sent),
        "answered": _count(sent[sent["answer"].notna()]), "late": _count(sent[late]),
    }).fillna(0).astype("int64")  # fmt: skip
    order = sorted(counted.index, key=lambda name: (name == _NO_TEAM, name))
    return [{"team": formatting.place(name, 60)} | counted.loc[name].to_dict() for name in order]


def _count(rows: pd.DataFrame) -> pd.Series:
    """Rows of each team."""
    return rows["team_name"].fillna(_NO_TEAM).value_counts(sort=False)


def _ordered(priorities: pd.DataFrame, report: Report) -> pd.DataFrame:
    """Open priorities, those overdue first, then those that are closed."""
    listed = residents_report.list_priorities(priorities, report.as_of)
    return listed.assign(is_closed=listed["closed_on"].notna()).sort_values("is_closed", kind="stable")


def _priority(row: Any) -> dict[str, str]:
    """A priority in words."""
    state = (
        "review overdue" if row.is_overdue else "" if not row.is_closed else f"closed {formatting.day(row.closed_on)}"
    )
    return {
        "team": formatting.place(row.team_name, 60),
        "issue": categories.ISSUE_LABELS.get(row.issue, row.issue),
        "owner": formatting.clean(row.owner, 60),
        "agreed": formatting.day(row.agreed_on),
        "review": formatting.day(row.review_on),
        "state": state,
        "is_late": bool(row.is_overdue),
    }


def _action(row: Any) -> dict[str, str]:
    """An action in words."""
    return {
        "where": formatting.place(row.where, 80),
        "team": formatting.clean(row.team_name, 60),
        "owner": formatting.clean(row.owner, 60),
        "action": formatting.clean(row.action, 200),
        "when": placed.when(row),
        "outcome": formatting.clean(row.outcome, 200),
        "public": _public(row.public_text),
    }


def _answered(referrals: pd.DataFrame) -> pd.DataFrame:
    """Referrals that were answered, the latest first."""
    told = referrals[referrals["answer"].notna()]
    return told.sort_values(["answered_on", "referral_id"], ascending=[False, True], na_position="last")


def _answer(row: Any) -> dict[str, str]:
    """An answer in words."""
    return {
        "partner": formatting.place(row.partner, 60),
        "issue": categories.ISSUE_LABELS[str(row.issue)],
        "place": formatting.place(row.place, 80),
        "residents": formatting.answers(int(row.concerns)),
        "answer": formatting.clean(row.answer, 200),
        "when": "" if pd.isna(row.answered_on) else formatting.day(row.answered_on),
        "public": _public(row.public_text),
    }


def _public(text: object) -> str:
    """Whether residents are told of it."""
    if not formatting.clean(text):
        return "no"
    return "kept back" if approved_text.is_kept_back(text) else "yes"
