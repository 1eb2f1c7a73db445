"""What residents said, what became of it, and where to listen next: the tables of a report, and what to say of them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from hotspots import tables
from hotspots.reporting import formatting

SELF_SELECTION = (
    "Who answers chooses to: shares are of those who answered, not of all residents. "
    "They stand beside the record and are never added to it."
)
_MOST_NAMED = 5


@dataclass(frozen=True, kw_only=True)
class Answering:
    """The tables of one run; all may be empty.

    Parameters
    ----------
    listening, referrals, engagement, priorities, actions : DataFrame
        As `hotspots.tables` declares them; referrals of all days so far.
    confidence : DataFrame
        Results with interval and change, as `targeting.confidence.compare_waves` gives them.
    deciles : DataFrame
        `imd_decile`, `answers`, `people`, `heard_ratio`; empty where the look-up is missing.
    people_are : str
        What `people` counts: residents, postcodes or street points.
    held_back : dict
        Partner -> residents whose concern waits for more like it.
    answer_within_days : int
        A referral without an answer after so many days is overdue.
    unknown_answers : list of str
        References in lists that came back which were never sent.
    """

    listening: pd.DataFrame = field(default_factory=lambda: tables.empty(tables.LISTENING))
    referrals: pd.DataFrame = field(default_factory=lambda: tables.empty(tables.REFERRALS))
    engagement: pd.DataFrame = field(default_factory=lambda: tables.empty(tables.ENGAGEMENT))
    priorities: pd.DataFrame = field(default_factory=lambda: tables.empty(tables.PRIORITIES))
    actions: pd.DataFrame = field(default_factory=lambda: tables.empty(tables.ACTIONS))
    confidence: pd.DataFrame = field(default_factory=lambda: tables.empty(tables.CONFIDENCE))
    deciles: pd.DataFrame = field(default_factory=pd.DataFrame)
    people_are: str = ""
    held_back: dict[str, int] = field(default_factory=dict)
    answer_within_days: int = 28
    unknown_answers: list[str] = field(default_factory=list)

    def heard(self) -> list[str]:
        """How many answered, and who did not; where to ask them stands in `engagement`."""
        return [*self._heard(), *self._deciles()]

    def passed_on(self, as_of: date) -> list[str]:
        """What went to partners, what they answered, and what in lists that came back nobody knows."""
        return [*self._referred(as_of), *self._unknown()]

    def changed(self, force: str) -> list[str]:
        """What changed between waves of surveys on confidence, more than chance explains; `force` is its slug."""
        return list(self._changed(force))

    def late(self, as_of: date) -> pd.DataFrame:
        """Referrals without an answer for longer than they may be."""
        return self.referrals[is_late(self.referrals, as_of, self.answer_within_days)]

    def overdue(self, as_of: date) -> list[str]:
        """Reviews of priorities and answers of partners that are overdue: a sentence each, names at most a few."""
        return [*self._reviews(as_of), *self._waiting(as_of)]

    def _heard(self) -> Iterator[str]:
        force = self.listening[(self.listening["kind"] == "force") & (self.listening["family"] == "asb")]
        if len(force) and force["answers"].iloc[0]:
            yield f"{force['answers'].iloc[0]:,} residents answered. {SELF_SELECTION}"
        elif len(force):
            yield "No survey answers were given, so nothing is known of what residents worry about."

    def _deciles(self) -> Iterator[str]:
        if len(self.deciles):
            most, least = (
                self.deciles[self.deciles["imd_decile"].isin(fifth)][["answers", "people"]].sum()
                for fifth in ((1, 2), (9, 10))
            )
            rates = [1000 * part["answers"] / part["people"] if part["people"] else np.nan for part in (most, least)]
            if np.isfinite(rates).all():
                yield (
                    f"Of 1,000 residents in the most deprived fifth of areas {rates[0]:.1f} answered, "
                    f"in the least deprived fifth {rates[1]:.1f}."
                )

    def _referred(self, as_of: date) -> Iterator[str]:
        sent = self.referrals["sent_on"] == pd.Timestamp(as_of)
        if len(self.referrals):
            answered = int(self.referrals["answer"].notna().sum())
            new = formatting.counted(int(sent.sum()), "concern is", "concerns are")
            partners = formatting.counted(int(self.referrals.loc[sent, "partner"].nunique()), "partner", "partners")
            have = formatting.counted(answered, "has", "have") if answered else "none has"
            yield (
                f"{new} passed on to {partners} with this report; "
                f"of {len(self.referrals):,} so far {have} been answered."
            )

    def _unknown(self) -> Iterator[str]:
        if self.unknown_answers:
            names = _listed([formatting.clean(name, 40) for name in self.unknown_answers])
            number = formatting.counted(len(self.unknown_answers), "answer names", "answers name")
            yield f"{number} a reference that was never sent: {names}. Check the list that came back."

    def _reviews(self, as_of: date) -> Iterator[str]:
        late = self.priorities[is_overdue(self.priorities, as_of)]
        if len(late):
            teams = _listed(sorted({formatting.place(name, 40) for name in late["team_name"]}))
            yield f"{formatting.counted(len(late), 'priority is', 'priorities are')} overdue for review ({teams})."

    def _waiting(self, as_of: date) -> Iterator[str]:
        late = self.late(as_of)
        if len(late):
            partners = _listed(sorted({formatting.place(name, 60) for name in late["partner"]}))
            number = formatting.counted(len(late), "concern waits", "concerns wait")
            yield f"{number} for an answer for more than {self.answer_within_days} days ({partners})."

    def _changed(self, force: str) -> Iterator[str]:
        if "is_changed" in self.confidence:
            last = self.confidence.groupby(["question", "place_code"], sort=True).tail(1)
            for row in last[last["is_changed"]].head(_MOST_NAMED).itertuples():
                yield (
                    f"{survey_place(row, force)}, “{formatting.clean(row.question, 120)}”: "
                    f"{formatting.percent(row.share)} in {formatting.clean(row.wave, 40)}, "
                    f"{formatting.percent(row.share - row.change)} in "
                    f"{formatting.clean(row.previous_wave, 40)}, more than chance explains."
                )


def survey_place(row: Any, force: str) -> str:
    """What a result is about: the whole force, else the team, else the code."""
    if row.place_code == force:
        return "The whole force"
    return formatting.place(row.team_name if isinstance(row.team_name, str) else row.place_code, 60)


def is_late(referrals: pd.DataFrame, as_of: date, within_days: int) -> pd.Series:
    """Whether each referral has waited for an answer for more than so many days."""
    waited = pd.Timestamp(as_of) - referrals["sent_on"]
    return referrals["answer"].isna() & (waited > pd.Timedelta(days=within_days))


def is_overdue(priorities: pd.DataFrame, as_of: date) -> pd.Series:
    """Whether the review of each priority is overdue: past, and the priority still open."""
    return (priorities["review_on"] < pd.Timestamp(as_of)) & priorities["closed_on"].isna()


def list_priorities(priorities: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Priorities as exported, those overdue first."""
    late = is_overdue(priorities, as_of)
    listed = priorities.assign(is_overdue=late).astype({"issue": "str"})
    listed = listed.sort_values(["is_overdue", "review_on", "priority_id"], ascending=[False, True, True])
    return listed.reset_index(drop=True)


def list_listening(listening: pd.DataFrame) -> pd.DataFrame:
    """Areas and places as exported; few answers are no number."""
    listed = pd.DataFrame(listening).astype({"family": "str", "concern_status": "str"})
    few = listed["answers"] < formatting.FEW
    for name in ("answers", "worried"):
        small = few | ((listed[name] > 0) & (listed[name] < formatting.FEW))
        listed[name] = listed[name].astype("str").mask(small, f"fewer than {formatting.FEW}")
    measures = [name for name in listed.columns if pd.api.types.is_float_dtype(listed[name].dtype)]
    return listed.round(dict.fromkeys(measures, 4))


def list_engagement(engagement: pd.DataFrame) -> pd.DataFrame:
    """Suggestions as exported; few answers are no number."""
    few = engagement["answers"].between(1, formatting.FEW - 1)
    return engagement.assign(answers=engagement["answers"].astype("str").mask(few, f"fewer than {formatting.FEW}"))


def list_confidence(confidence: pd.DataFrame) -> pd.DataFrame:
    """Results of confidence surveys as exported."""
    measures = [name for name in confidence.columns if pd.api.types.is_float_dtype(confidence[name].dtype)]
    return confidence.round(dict.fromkeys(measures, 4))


def _listed(names: list[str]) -> str:
    """Names as a list in words, the rest counted."""
    shown, more = names[:_MOST_NAMED], len(names) - _MOST_NAMED
    return "; ".join(shown) + (f"; and {more} more" if more > 0 else "")
