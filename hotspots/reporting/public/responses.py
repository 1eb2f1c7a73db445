"""Describe what police and partners did about residents' concerns, for publication.

Counts go through `disclosure` and texts through `approved_text`; nothing else is published.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from hotspots import categories
from hotspots.reporting import formatting, residents_report
from hotspots.reporting.public import approved_text, disclosure

# A patrol log that starts later, or ends earlier, than this within a quarter does not cover it.
_LOG_MARGIN = pd.Timedelta(days=4)
_MAX_ACTIONS = 4


@dataclass(frozen=True)
class Responses:
    """Tables of what was done.

    Parameters
    ----------
    visits, referrals, priorities : DataFrame
        As declared in `hotspots.tables`.
    actions : DataFrame
        Result of `actions.locate_actions`.
    as_of : date
        Day of the report.
    quarter : Period
        Quarter that the update covers.
    """

    visits: pd.DataFrame
    referrals: pd.DataFrame
    priorities: pd.DataFrame
    actions: pd.DataFrame
    as_of: date
    quarter: pd.Period

    def to_issue(self, issue: str, team: str) -> list[str]:
        """Return what was done about an issue in sentences; empty if nothing was."""
        referrals = self.referrals[(self.referrals["issue"] == issue) & (self.referrals["team_name"] == team)]
        sentences = []
        for partner, rows in referrals.groupby("partner", sort=True):
            name, answered = formatting.place(partner, 80), rows[rows["answer"].notna()]
            sentences.append(f"Referred to {name}.")
            sentences += [f"{name} has answered{_quote_latest(answered)}"] if len(answered) else []
        return sentences

    def other_referrals(self, issues: list[str], team: str) -> list[str]:
        """Return the referrals of a team about some issues, a sentence for each partner."""
        referrals = self.referrals[self.referrals["issue"].isin(issues) & (self.referrals["team_name"] == team)]
        labels = referrals["issue"].astype("str").map(categories.ISSUE_LABELS).str.lower()
        return [
            f"{formatting.place(partner, 80)}: {'; '.join(sorted(rows['label'].unique()))}.{_quote_answers(rows)}"
            for partner, rows in referrals.assign(label=labels).groupby("partner", sort=True)
        ]

    def visits_of(self, team: str) -> str:
        """Return the number of patrol visits of a team in the quarter; empty if few or if the log covers a part."""
        start, quarters = self.visits["started_at"], self.visits["started_at"].dt.to_period("Q")
        first, last = self.quarter.start_time + _LOG_MARGIN, self.quarter.end_time - _LOG_MARGIN
        if self.visits.empty or start.min() > first or start.max() < last:
            return ""
        count = int(((self.visits["officer_team"] == team) & (quarters == self.quarter)).sum())
        return f"{disclosure.in_words(count)} patrol visits" if count >= disclosure.MIN_COUNT else ""

    def priorities_of(self, team: str) -> list[str]:
        """Return the open priorities of a team in sentences."""
        own = self.priorities[(self.priorities["team_name"] == team) & self.priorities["closed_on"].isna()]
        own = own.assign(is_overdue=residents_report.is_review_overdue(own, self.as_of))
        return [_describe_priority(row) for row in own.sort_values(["review_on", "priority_id"]).itertuples()]

    def actions_of(self, team: str, parish: str) -> list[str]:
        """Return public texts on the actions in a team's area, or in one parish of it, latest first.

        Only actions that are ongoing, or ended in or after the quarter, are included.
        """
        own = self.actions[self.actions["team_name"] == team]
        own = own[own["ended_on"].isna() | (own["ended_on"] >= self.quarter.start_time)]
        if parish:
            own = own[own["where"].isin([parish, team])]
        own = own.assign(text=own["public_text"].map(approved_text.to_publish).astype("str"))
        own = own[own["text"] != ""].sort_values(["started_on", "action_id"], ascending=[False, True])
        return [f"{_describe_months(row)}: {row.text}" for row in own.head(_MAX_ACTIONS).itertuples()]


def _quote_answers(rows: pd.DataFrame) -> str:
    """Quote a partner's first public texts on several issues; empty if there are none."""
    ordered = rows[rows["answer"].notna()].sort_values(["answered_on", "referral_id"], ascending=[False, True])
    texts = zip(ordered["label"], ordered["public_text"].map(approved_text.to_publish), strict=True)
    quotes = [f"{label}: “{text}”" for label, text in texts if text]
    return f" Answers: {'; '.join(quotes[:_MAX_ACTIONS])}" if quotes else ""


def _quote_latest(answered: pd.DataFrame) -> str:
    """Quote a partner's latest public text after a colon; a full stop if there is none."""
    ordered = answered.sort_values(["answered_on", "referral_id"], na_position="first")
    texts = [text for text in ordered["public_text"].map(approved_text.to_publish) if text]
    return f": “{texts[-1]}”" if texts else "."


def _describe_priority(row: Any) -> str:
    """Return a priority in a sentence."""
    review = formatting.day(row.review_on)
    state = f"its review was due on {review} and is overdue" if row.is_overdue else f"review on {review}"
    return f"{categories.ISSUE_LABELS[str(row.issue)]}, agreed on {formatting.day(row.agreed_on)}; {state}."


def _describe_months(row: Any) -> str:
    """Return the months of an action in words."""
    first = f"{row.started_on:%Y-%m}"
    if pd.isna(row.ended_on):
        return f"Since {formatting.month(first)}"
    return formatting.months(first, f"{row.ended_on:%Y-%m}")
