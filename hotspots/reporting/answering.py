"""What residents said, what became of it, and where to listen next: the tables of a report, and what to say of them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd

from hotspots import tables
from hotspots.reporting import words

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

    def sentences(self, as_of: date) -> list[str]:
        """What a reader has to know of all this, most telling first; small numbers in words."""
        parts = (self._heard(), self._hidden(), self._silent(), self._deciles(), self._referred(as_of),
                 self._overdue(as_of), self._changed())  # fmt: skip
        return [sentence for part in parts for sentence in part]

    def _heard(self) -> Iterator[str]:
        force = self.listening[(self.listening["kind"] == "force") & (self.listening["family"] == "asb")]
        if len(force) and force["answers"].iloc[0]:
            yield f"{force['answers'].iloc[0]:,} residents answered. {SELF_SELECTION}"
        elif len(force):
            yield "No survey answers were given, so nothing is known of what residents worry about."

    def _hidden(self) -> Iterator[str]:
        places = self.engagement[self.engagement["why"] == "hidden_demand"]
        if len(places):
            named = [
                f"{words.place(row.place, 60)} ({words.place(row.team_name, 60)}, {words.FAMILY_SHORT[row.family]})"
                for row in places.itertuples()
            ]
            yield f"Many worry and few incidents are recorded: {_listed(named)}."

    def _silent(self) -> Iterator[str]:
        areas = self.engagement[self.engagement["why"] == "silent"]
        if len(areas):
            named = [
                f"{words.place(row.place, 60)} ({words.place(row.team_name, 60)}; {row.incidents:,} incidents of ASB)"
                for row in areas.itertuples()
            ]
            yield f"Hardly anybody answered, though incidents are recorded: {_listed(named)}."

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
            new = words.counted(int(sent.sum()), "concern is", "concerns are")
            partners = words.counted(int(self.referrals.loc[sent, "partner"].nunique()), "partner", "partners")
            yield (
                f"{new} passed on to {partners} with this report; "
                f"of {len(self.referrals):,} so far {answered:,} have been answered."
            )

    def _overdue(self, as_of: date) -> Iterator[str]:
        late = self.priorities[is_overdue(self.priorities, as_of)]
        if len(late):
            teams = _listed(sorted({words.place(name, 40) for name in late["team_name"]}))
            number = words.counted(len(late), "local priority is", "local priorities are")
            yield f"{number} overdue for review: {teams}."

    def _changed(self) -> Iterator[str]:
        if "is_changed" in self.confidence:
            last = self.confidence.groupby(["question", "place_code"], sort=True).tail(1)
            for row in last[last["is_changed"]].head(_MOST_NAMED).itertuples():
                place = row.team_name if isinstance(row.team_name, str) else row.place_code
                yield (
                    f"{words.place(place, 60)}, “{words.clean(row.question, 120)}”: {words.percent(row.share)} in "
                    f"{words.clean(row.wave, 40)}, {words.percent(row.share - row.change)} in "
                    f"{words.clean(row.previous_wave, 40)}, more than chance explains."
                )


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
    few = listed["answers"] < words.FEW
    for name in ("answers", "worried"):
        small = few | ((listed[name] > 0) & (listed[name] < words.FEW))
        listed[name] = listed[name].astype("str").mask(small, f"fewer than {words.FEW}")
    measures = [name for name in listed.columns if pd.api.types.is_float_dtype(listed[name].dtype)]
    return listed.round(dict.fromkeys(measures, 4))


def list_engagement(engagement: pd.DataFrame) -> pd.DataFrame:
    """Suggestions as exported; few answers are no number."""
    few = engagement["answers"].between(1, words.FEW - 1)
    return engagement.assign(answers=engagement["answers"].astype("str").mask(few, f"fewer than {words.FEW}"))


def list_confidence(confidence: pd.DataFrame) -> pd.DataFrame:
    """Results of confidence surveys as exported."""
    measures = [name for name in confidence.columns if pd.api.types.is_float_dtype(confidence[name].dtype)]
    return confidence.round(dict.fromkeys(measures, 4))


def _listed(names: list[str]) -> str:
    """Names as a list in words, the rest counted."""
    shown, more = names[:_MOST_NAMED], len(names) - _MOST_NAMED
    return "; ".join(shown) + (f"; and {more} more" if more > 0 else "")
