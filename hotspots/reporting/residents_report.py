"""Describe residents' concerns, the responses to them and where to engage next, from the tables of a report."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pandas as pd

from hotspots import surveys, tables, wording
from hotspots.reporting import formatting
from hotspots.surveys import Counted

SELF_SELECTION = (
    "Respondents chose to take part, so shares describe respondents, not all residents. "
    "Survey responses are compared with recorded incidents and never added to them."
)
NOT_LINKED = (
    "The survey does not say which answers are from the same resident, so answers are counted, not residents. "
    "They are compared with recorded incidents and never added to them."
)
_MAX_NAMES = 5


@dataclass(frozen=True, kw_only=True)
class ResidentsReport:
    """Tables about residents of one run; all may be empty.

    Parameters
    ----------
    comparison : DataFrame
        Concerns compared with recorded incidents by area, `tables.AREA_COMPARISON`.
    referrals, engagement, priorities, actions : DataFrame
        As declared in `hotspots.tables`; referrals of all days so far.
    confidence : DataFrame
        Results with interval and change, as returned by `residents.confidence.compare_waves`.
    deciles : DataFrame
        `imd_decile`, `answers`, `people`, `response_ratio`; empty without the deprivation look-up.
    population_label : str
        What `people` counts: residents, postcodes or street points.
    held_back : dict
        Partner -> number of residents whose concern waits for more like it.
    answer_within_days : int
        Referrals without an answer are overdue after this many days.
    unknown_answers : list of str
        References in returned lists that were never sent.
    counted : Counted
        What a referral counts: residents, or answers.
    unknown_council : int
        Reports for a council that is not known.
    """

    comparison: pd.DataFrame = field(default_factory=lambda: tables.empty(tables.AREA_COMPARISON))
    referrals: pd.DataFrame = field(default_factory=lambda: tables.empty(tables.REFERRALS))
    engagement: pd.DataFrame = field(default_factory=lambda: tables.empty(tables.ENGAGEMENT))
    priorities: pd.DataFrame = field(default_factory=lambda: tables.empty(tables.PRIORITIES))
    actions: pd.DataFrame = field(default_factory=lambda: tables.empty(tables.ACTIONS))
    confidence: pd.DataFrame = field(default_factory=lambda: tables.empty(tables.CONFIDENCE))
    deciles: pd.DataFrame = field(default_factory=pd.DataFrame)
    population_label: str = ""
    held_back: dict[str, int] = field(default_factory=dict)
    answer_within_days: int = 28
    unknown_answers: list[str] = field(default_factory=list)
    counted: Counted = surveys.RESIDENTS
    unknown_council: int = 0

    @property
    def has_referrals(self) -> bool:
        """Return whether anything was referred, or waits for more concerns like it."""
        return len(self.referrals) > 0 or any(self.held_back.values())

    def overdue_referrals(self, as_of: date) -> pd.DataFrame:
        """Return referrals without an answer that are overdue."""
        return self.referrals[is_answer_overdue(self.referrals, as_of, self.answer_within_days)]

    def describe_responses(self) -> Iterator[str]:
        """Yield how many residents responded, and the response rates of the most and least deprived areas."""
        force = self.comparison[(self.comparison["kind"] == "force") & (self.comparison["family"] == "asb")]
        if len(force) and force["answers"].iloc[0]:
            number = force["answers"].iloc[0]
            if self.counted.are_people:
                yield f"{wording.counted(number, 'resident responded', 'residents responded')}. {SELF_SELECTION}"
            else:
                yield f"{wording.counted(number, 'answer was', 'answers were')} received. {NOT_LINKED}"
        elif len(force):
            yield "No survey responses were provided, so residents' concerns are not known."
        if len(self.deciles) and self.deciles["answers"].any():
            most, least = (
                self.deciles[self.deciles["imd_decile"].isin(fifth)][["answers", "people"]].sum()
                for fifth in ((1, 2), (9, 10))
            )
            if most["people"] and least["people"]:
                yield (
                    f"Responses per 1,000 residents: {1000 * most['answers'] / most['people']:.1f} in the most "
                    f"deprived fifth of areas, {1000 * least['answers'] / least['people']:.1f} in the least deprived "
                    "fifth."
                )

    def describe_referrals(self, as_of: date) -> Iterator[str]:
        """Yield how many referrals were made and answered, an unknown council, and answers with unknown references."""
        if len(self.referrals):
            new = self.referrals[self.referrals["sent_on"] == pd.Timestamp(as_of)]
            partners = wording.counted(new["partner"].nunique(), "partner")
            count = int(self.referrals["answer"].notna().sum())
            answered = wording.counted(count, "has", "have") if count else "none have"
            yield (
                f"{describe_new(new, self.counted)} to {partners} with this report. "
                f"Of {len(self.referrals):,} so far, {answered} been answered."
            )
        if self.unknown_council:
            are = wording.counted(self.unknown_council, "answer is", "answers are")
            yield (
                f"{are} for a council that is not known, and not referred. Give postcodes or outlines of districts "
                "with --raw, or name the council under [[councils]]."
            )
        if self.unknown_answers:
            names = _join([formatting.clean(name, 40) for name in self.unknown_answers])
            answers = wording.counted(len(self.unknown_answers), "answer has", "answers have")
            yield f"{answers} a reference that was never sent: {names}. Check the returned list."

    def describe_overdue(self, as_of: date) -> Iterator[str]:
        """Yield overdue reviews of priorities and overdue answers of partners, a sentence each."""
        reviews, answers = self.priorities[is_review_overdue(self.priorities, as_of)], self.overdue_referrals(as_of)
        if len(reviews):
            teams = _join(sorted({formatting.place(name, 40) for name in reviews["team_name"]}))
            yield f"{wording.counted(len(reviews), 'priority is', 'priorities are')} overdue for review ({teams})."
        if len(answers):
            partners = _join(sorted({formatting.place(name, 60) for name in answers["partner"]}))
            referrals = wording.counted(len(answers), "referral has", "referrals have")
            days = wording.counted(self.answer_within_days, "day")
            yield f"{referrals} had no answer for more than {days} ({partners})."

    def describe_confidence(self, force: str) -> Iterator[str]:
        """Yield the significant changes between waves of confidence surveys; `force` is its slug."""
        if "is_changed" in self.confidence:
            latest = self.confidence.groupby(["question", "place_code"], sort=True).tail(1)
            for row in latest[latest["is_changed"]].head(_MAX_NAMES).itertuples():
                yield (
                    f"{survey_place(row, force)}, “{formatting.clean(row.question, 120)}”: "
                    f"{formatting.percent_or_limit(row.share)} in {formatting.clean(row.wave, 40)}, "
                    f"{formatting.percent_or_limit(row.share - row.change)} in "
                    f"{formatting.clean(row.previous_wave, 40)}. The change is significant."
                )


def describe_new(referrals: pd.DataFrame, counted: Counted) -> str:
    """Return the number of referrals, and of the residents or answers in them.

    Examples
    --------
    >>> describe_new(pd.DataFrame({"concerns": [240, 5, 2]}), surveys.ANSWERS)
    '3 referrals with 247 answers'
    """
    inside = wording.counted(int(referrals["concerns"].sum()), counted.one, counted.many)
    return f"{wording.counted(len(referrals), 'referral')} with {inside}" if len(referrals) else "No new referrals"


def survey_place(row: Any, force: str) -> str:
    """Return the place of a survey result: the whole force, else the team, else the code."""
    if row.place_code == force:
        return "The whole force"
    return formatting.place(row.team_name if isinstance(row.team_name, str) else row.place_code, 60)


def is_answer_overdue(referrals: pd.DataFrame, as_of: date, within_days: int) -> pd.Series:
    """Return whether each referral has had no answer for more than a number of days."""
    waited = pd.Timestamp(as_of) - referrals["sent_on"]
    return referrals["answer"].isna() & (waited > pd.Timedelta(days=within_days))


def is_review_overdue(priorities: pd.DataFrame, as_of: date) -> pd.Series:
    """Return whether each priority is open and its review date has passed."""
    return (priorities["review_on"] < pd.Timestamp(as_of)) & priorities["closed_on"].isna()


def list_tables(residents: ResidentsReport, as_of: date) -> dict[str, pd.DataFrame]:
    """Return the tables for export by file name; tables without rows are left out."""
    tables = {
        "concerns.csv": list_concerns(residents.comparison),
        "engagement.csv": list_engagement(residents.engagement),
        "priorities.csv": list_priorities(residents.priorities, as_of),
        "confidence.csv": residents.confidence.round(4),
    }
    return {name: table for name, table in tables.items() if len(table)}


def list_priorities(priorities: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Return priorities for export, overdue ones first."""
    listed = priorities.assign(is_overdue=is_review_overdue(priorities, as_of)).astype({"issue": "str"})
    listed = listed.sort_values(["is_overdue", "review_on", "priority_id"], ascending=[False, True, True])
    return listed.reset_index(drop=True)


def list_concerns(comparison: pd.DataFrame) -> pd.DataFrame:
    """Return areas and places for export; small numbers of responses are given in words."""
    listed = pd.DataFrame(comparison).astype({"family": "str", "concern_status": "str"})
    is_few = listed["answers"] < formatting.FEW
    for name in ("answers", "worried"):
        is_small = is_few | ((listed[name] > 0) & (listed[name] < formatting.FEW))
        listed[name] = listed[name].astype("str").mask(is_small, f"fewer than {formatting.FEW}")
    return listed.round(4)


def list_engagement(engagement: pd.DataFrame) -> pd.DataFrame:
    """Return suggestions for export; small numbers of responses are given in words."""
    is_few = engagement["answers"].between(1, formatting.FEW - 1)
    return engagement.assign(answers=engagement["answers"].astype("str").mask(is_few, f"fewer than {formatting.FEW}"))


def _join(names: list[str]) -> str:
    """Join the first names, and count the rest."""
    shown, more = names[:_MAX_NAMES], len(names) - _MAX_NAMES
    return "; ".join(shown) + (f"; and {more} more" if more > 0 else "")
