"""What was done about what residents named, as the public may know it: patrols, referrals, priorities, actions.

Counts go through `disclosure`, words that people wrote through `approved_text`; nothing else that they wrote is told.
"""

from dataclasses import dataclass
from datetime import date

import pandas as pd

from hotspots import categories
from hotspots.reporting import formatting, residents_report
from hotspots.reporting.public import approved_text, disclosure

POLICE = "police"
# A log whose first visit is later in the month than this does not cover the month.
_LOG_BEGINS = pd.Timedelta(days=4)
_ACTIONS = 4


@dataclass(frozen=True)
class Deeds:
    """What was done, to be told of.

    Parameters
    ----------
    visits, referrals, priorities : DataFrame
        As `hotspots.tables` declares them.
    actions : DataFrame
        As `actions.place_actions` gives them.
    as_of : date
        Day of the report.
    quarter : Period
        Whose answers are told.
    """

    visits: pd.DataFrame
    referrals: pd.DataFrame
    priorities: pd.DataFrame
    actions: pd.DataFrame
    as_of: date
    quarter: pd.Period

    def of_issue(self, issue: str, team: str) -> list[str]:
        """What became of an issue, in sentences."""
        sent = self.referrals[(self.referrals["issue"] == issue) & (self.referrals["team_name"] == team)]
        told = []
        for partner, rows in sent.groupby("partner", sort=True):
            name, answered = formatting.place(partner, 80), rows[rows["answer"].notna()]
            told.append(f"Passed on to {name}.")
            told += [f"{name} has answered{_quoted(answered)}"] if len(answered) else []
        if not told and categories.ISSUE_OWNERS[issue] == POLICE:
            told = ["With your neighbourhood policing team."]
        return told or ["Kept until enough residents say the same at one place to pass it on."]

    def also_passed_on(self, issues: list[str], team: str) -> list[str]:
        """Issues of a team that went to partners, of those given: a sentence a partner."""
        sent = self.referrals[self.referrals["issue"].isin(issues) & (self.referrals["team_name"] == team)]
        sent = sent.assign(label=sent["issue"].astype("str").map(categories.ISSUE_LABELS).str.lower())
        return [
            f"{formatting.place(partner, 80)}: {'; '.join(sorted(rows['label'].unique()))}.{_replied(rows)}"
            for partner, rows in sent.groupby("partner", sort=True)
        ]

    def visits_of(self, team: str) -> str:
        """Patrol visits of a team in the latest whole month that the log covers, in words; empty without one."""
        month = pd.Period(disclosure.public_day(self.as_of), freq="M")
        months = self.visits["started_at"].dt.to_period("M")
        if (
            self.visits.empty
            or months.min() > month
            or self.visits["started_at"].min() > month.start_time + _LOG_BEGINS
        ):
            return ""
        count = int(((self.visits["officer_team"] == team) & (months == month)).sum())
        return f"{disclosure.in_words(count)} patrol visits in {formatting.MONTHS[month.month - 1]} {month.year}"

    def priorities_of(self, team: str) -> list[str]:
        """A team's open priorities, in sentences."""
        own = self.priorities[(self.priorities["team_name"] == team) & self.priorities["closed_on"].isna()]
        own = own.assign(late=residents_report.is_overdue(own, self.as_of)).sort_values(["review_on", "priority_id"])
        return [
            f"{categories.ISSUE_LABELS[str(row.issue)]}, agreed on {formatting.day(row.agreed_on)}; "
            + (f"its review was due on {formatting.day(row.review_on)} and is overdue."
               if row.late else f"to be reviewed on {formatting.day(row.review_on)}.")
            for row in own.itertuples()
        ]  # fmt: skip

    def actions_of(self, team: str, parish: str = "") -> list[str]:
        """What was done in a team's area, or in one parish of it, in the words written for the public, latest first.

        Told are actions that go on, or ended no earlier than the quarter began.
        """
        own = self.actions[self.actions["team_name"] == team]
        own = own[own["ended_on"].isna() | (own["ended_on"] >= self.quarter.start_time)]
        if parish:
            own = own[own["where"].isin([parish, team])]
        own = own.assign(told=own["public_text"].map(approved_text.told).astype("str"))
        own = own[own["told"] != ""].sort_values(["started_on", "action_id"], ascending=[False, True])
        return [f"{_when(row)}: {row.told}" for row in own.head(_ACTIONS).itertuples()]


def _replied(rows: pd.DataFrame) -> str:
    """What a partner wrote for the public of several issues, a few at most; empty where it wrote nothing."""
    ordered = rows[rows["answer"].notna()].sort_values(["answered_on", "referral_id"], ascending=[False, True])
    said = zip(ordered["label"], ordered["public_text"].map(approved_text.told), strict=True)
    told = [f"{label}: “{text}”" for label, text in said if text]
    return f" It has answered, {'; '.join(told[:_ACTIONS])}" if told else ""


def _quoted(answered: pd.DataFrame) -> str:
    """The latest words that a partner wrote for the public, after a colon; a full stop where there are none."""
    ordered = answered.sort_values(["answered_on", "referral_id"], na_position="first")
    said = [text for text in ordered["public_text"].map(approved_text.told) if text]
    return f": “{said[-1]}”" if said else "."


def _when(row) -> str:  # type: ignore[no-untyped-def]
    """The months of an action, in words."""
    first = f"{row.started_on:%Y-%m}"
    return (
        f"Since {formatting.month(first)}"
        if pd.isna(row.ended_on)
        else formatting.months(first, f"{row.ended_on:%Y-%m}")
    )
