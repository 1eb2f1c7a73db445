"""Describe residents' concerns, the responses to them and where to engage next, from the tables of a report."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from hotspots import tables, wording
from hotspots.reporting import formatting

SELF_SELECTION = (
    "Respondents chose to take part, so shares describe respondents, not all residents. "
    "Survey responses are compared with recorded incidents and never added to them."
)
_MAX_NAMES = 5


@dataclass(frozen=True, kw_only=True)
class ResidentsReport:
    """Tables about residents of one run; all may be empty.

    Parameters
    ----------
    listening, referrals, engagement, priorities, actions : DataFrame
        As declared in `hotspots.tables`; referrals of all days so far.
    confidence : DataFrame
        Results with interval and change, as returned by `residents.confidence.compare_waves`.
    deciles : DataFrame
        `imd_decile`, `answers`, `people`, `heard_ratio`; empty without the deprivation look-up.
    people_label : str
        What `people` counts: residents, postcodes or street points.
    held_back : dict
        Partner -> number of residents whose concern waits for more like it.
    answer_within_days : int
        Referrals without an answer are overdue after this many days.
    unknown_answers : list of str
        References in returned lists that were never sent.
    """

    listening: pd.DataFrame = field(default_factory=lambda: tables.empty(tables.LISTENING))
    referrals: pd.DataFrame = field(default_factory=lambda: tables.empty(tables.REFERRALS))
    engagement: pd.DataFrame = field(default_factory=lambda: tables.empty(tables.ENGAGEMENT))
    priorities: pd.DataFrame = field(default_factory=lambda: tables.empty(tables.PRIORITIES))
    actions: pd.DataFrame = field(default_factory=lambda: tables.empty(tables.ACTIONS))
    confidence: pd.DataFrame = field(default_factory=lambda: tables.empty(tables.CONFIDENCE))
    deciles: pd.DataFrame = field(default_factory=pd.DataFrame)
    people_label: str = ""
    held_back: dict[str, int] = field(default_factory=dict)
    answer_within_days: int = 28
    unknown_answers: list[str] = field(default_factory=list)

    def describe_responses(self) -> list[str]:
        """Return how many residents responded, and the response rates of the most and least deprived areas."""
        return [*self._responses(), *self._deciles()]

    def describe_referrals(self, as_of: date) -> list[str]:
        """Return how many concerns were referred and answered, and answers with unknown references."""
        return [*self._referrals(as_of), *self._unknown_answers()]

    def describe_confidence(self, force: str) -> list[str]:
        """Return the significant changes between waves of confidence surveys; `force` is its slug."""
        return list(self._confidence_changes(force))

    def overdue_referrals(self, as_of: date) -> pd.DataFrame:
        """Return referrals without an answer that are overdue."""
        return self.referrals[is_answer_overdue(self.referrals, as_of, self.answer_within_days)]

    def describe_overdue(self, as_of: date) -> list[str]:
        """Return overdue reviews of priorities and overdue answers of partners, a sentence each."""
        return [*self._overdue_reviews(as_of), *self._overdue_answers(as_of)]

    def _responses(self) -> Iterator[str]:
        force = self.listening[(self.listening["kind"] == "force") & (self.listening["family"] == "asb")]
        if len(force) and force["answers"].iloc[0]:
            responded = wording.counted(force["answers"].iloc[0], "resident responded", "residents responded")
            yield f"{responded}. {SELF_SELECTION}"
        elif len(force):
            yield "No survey responses were provided, so residents' concerns are not known."

    def _deciles(self) -> Iterator[str]:
        if len(self.deciles):
            most, least = (
                self.deciles[self.deciles["imd_decile"].isin(fifth)][["answers", "people"]].sum()
                for fifth in ((1, 2), (9, 10))
            )
            rates = [1000 * part["answers"] / part["people"] if part["people"] else np.nan for part in (most, least)]
            if np.isfinite(rates).all():
                yield (
                    f"Responses per 1,000 residents: {rates[0]:.1f} in the most deprived fifth of areas, "
                    f"{rates[1]:.1f} in the least deprived fifth."
                )

    def _referrals(self, as_of: date) -> Iterator[str]:
        if len(self.referrals):
            new = self.referrals[self.referrals["sent_on"] == pd.Timestamp(as_of)]
            referred = wording.counted(len(new), "concern is", "concerns are")
            partners = wording.counted(new["partner"].nunique(), "partner")
            count = int(self.referrals["answer"].notna().sum())
            answered = wording.counted(count, "has", "have") if count else "none have"
            yield (
                f"{referred} referred to {partners} with this report. "
                f"Of {len(self.referrals):,} so far, {answered} been answered."
            )

    def _unknown_answers(self) -> Iterator[str]:
        if self.unknown_answers:
            names = _join([formatting.clean(name, 40) for name in self.unknown_answers])
            answers = wording.counted(len(self.unknown_answers), "answer has", "answers have")
            yield f"{answers} a reference that was never sent: {names}. Check the returned list."

    def _overdue_reviews(self, as_of: date) -> Iterator[str]:
        overdue = self.priorities[is_review_overdue(self.priorities, as_of)]
        if len(overdue):
            teams = _join(sorted({formatting.place(name, 40) for name in overdue["team_name"]}))
            priorities = wording.counted(len(overdue), "priority is", "priorities are")
            yield f"{priorities} overdue for review ({teams})."

    def _overdue_answers(self, as_of: date) -> Iterator[str]:
        overdue = self.overdue_referrals(as_of)
        if len(overdue):
            partners = _join(sorted({formatting.place(name, 60) for name in overdue["partner"]}))
            referrals = wording.counted(len(overdue), "referral has", "referrals have")
            yield f"{referrals} had no answer for more than {self.answer_within_days} days ({partners})."

    def _confidence_changes(self, force: str) -> Iterator[str]:
        if "is_changed" in self.confidence:
            latest = self.confidence.groupby(["question", "place_code"], sort=True).tail(1)
            for row in latest[latest["is_changed"]].head(_MAX_NAMES).itertuples():
                yield (
                    f"{survey_place(row, force)}, “{formatting.clean(row.question, 120)}”: "
                    f"{formatting.percent_or_limit(row.share)} in {formatting.clean(row.wave, 40)}, "
                    f"{formatting.percent_or_limit(row.share - row.change)} in "
                    f"{formatting.clean(row.previous_wave, 40)}. The change is significant."
                )


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


def list_priorities(priorities: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Return priorities for export, overdue ones first."""
    listed = priorities.assign(is_overdue=is_review_overdue(priorities, as_of)).astype({"issue": "str"})
    listed = listed.sort_values(["is_overdue", "review_on", "priority_id"], ascending=[False, True, True])
    return listed.reset_index(drop=True)


def list_listening(listening: pd.DataFrame) -> pd.DataFrame:
    """Return areas and places for export; small numbers of responses are given in words."""
    listed = pd.DataFrame(listening).astype({"family": "str", "concern_status": "str"})
    is_few = listed["answers"] < formatting.FEW
    for name in ("answers", "worried"):
        is_small = is_few | ((listed[name] > 0) & (listed[name] < formatting.FEW))
        listed[name] = listed[name].astype("str").mask(is_small, f"fewer than {formatting.FEW}")
    return _rounded(listed)


def list_engagement(engagement: pd.DataFrame) -> pd.DataFrame:
    """Return suggestions for export; small numbers of responses are given in words."""
    is_few = engagement["answers"].between(1, formatting.FEW - 1)
    return engagement.assign(answers=engagement["answers"].astype("str").mask(is_few, f"fewer than {formatting.FEW}"))


def list_confidence(confidence: pd.DataFrame) -> pd.DataFrame:
    """Return results of confidence surveys for export."""
    return _rounded(confidence)


def _rounded(table: pd.DataFrame) -> pd.DataFrame:
    """Round the measures of a table to four decimals."""
    measures = [name for name in table.columns if pd.api.types.is_float_dtype(table[name].dtype)]
    return table.round(dict.fromkeys(measures, 4))


def _join(names: list[str]) -> str:
    """Join the first names, and count the rest."""
    shown, more = names[:_MAX_NAMES], len(names) - _MAX_NAMES
    return "; ".join(shown) + (f"; and {more} more" if more > 0 else "")
