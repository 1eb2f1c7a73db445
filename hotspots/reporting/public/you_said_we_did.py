"""What each team and parish is told, "you said, we did": what residents named, who dealt with it, what changed since.

Everything here is public, so every figure goes through `disclosure`: whole calendar quarters that are over, residents
of one team's area, quarter and issue in one cell, small cells withheld. Nothing is told of an issue whose figure is
withheld. A parish has no figures of its own, since beside its team's they could be subtracted, within a run or from
one to the next: it is told which issues more than five named there in a year, and the team's figures of those.
What changed in the record is said by sums of the public figures (`recorded_change`): no number here is a new one.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pandas as pd

from hotspots import categories
from hotspots.errors import ParameterError
from hotspots.reporting import formatting
from hotspots.reporting.public import disclosure, recorded_change
from hotspots.reporting.public.recorded_change import RecordChange
from hotspots.reporting.public.responses import Deeds

_CELL = ["area", "quarter", "issue"]
_NAMED = ["team_name", "area", "issue"]
# Of a figure this large so many parishes may share a few late answers that nobody can tell how many each gave.
_LEAST_TOLD_TO_PARISHES = 10
_RECORDED = {"asb": "Anti-social behaviour", "burglary": "Burglary"}


@dataclass(frozen=True, kw_only=True)
class UpdateParams:
    """How much an update tells.

    Attributes
    ----------
    longest_message
        Characters of the short text for Neighbourhood Alert or Community Messenger; 459 go out as three text messages.
    top_issues
        Issues told of at most.
    """

    longest_message: int = 459
    top_issues: int = 5

    def __post_init__(self) -> None:
        """Check the limits."""
        if self.longest_message < 160 or self.top_issues < 1:
            raise ParameterError("updates: longest_message must be at least 160 and top_issues at least 1.")


@dataclass(frozen=True, kw_only=True)
class Update:
    """What one area is told.

    Parameters
    ----------
    name, team_name : str
        The area, and the team that looks after it.
    quarter : str
        In words.
    issues : list of dict
        `code`, `issue`, `said` (a figure of the team's area), `before` (of the quarter before), `change`, `done`
        (sentences); of a parish those that its residents named.
    also : list of str
        Issues beside those that went to partners, a sentence a partner.
    record : list of (str, RecordChange)
        What police recorded in the team's area of the kinds that the issues are of, and what changed.
    actions : list of str
        What was done besides, in the words written for the public.
    visits : str
        Patrol visits in the latest whole month, in words; empty where no log covers it.
    priorities : list of str
        The team's local priorities, a sentence each.
    message : str
        The short text.
    limit : int
        How long it may be, in characters.
    """

    name: str
    team_name: str
    quarter: str
    issues: list[dict[str, Any]]
    also: list[str]
    record: list[tuple[str, RecordChange]]
    actions: list[str]
    visits: str
    priorities: list[str]
    message: str
    limit: int


def last_quarters(as_of: date) -> tuple[pd.Period, pd.Period]:
    """The latest calendar quarter that is over on a day, and the one before.

    Examples
    --------
    >>> [str(quarter) for quarter in last_quarters(date(2026, 3, 29))]
    ['2025Q4', '2025Q3']
    """
    latest = pd.Period(disclosure.public_day(as_of) + timedelta(days=1), freq="Q") - 1
    return latest, latest - 1


def count_cells(answers: pd.DataFrame, quarters: tuple[pd.Period, pd.Period]) -> pd.DataFrame:
    """Residents by team as they may be published: `area` (the team), `quarter`, `issue`, `figure`, `shown`.

    Parameters
    ----------
    answers
        Concerns with `team_name`, `parish` (name; missing outside of any), `received_at`, `issue` and `respondent`.
    quarters
        The latest, and the one before.
    """
    once = _once(answers.assign(area=answers["team_name"]))
    once = once[once["quarter"].isin(quarters)]
    every = pd.MultiIndex.from_product([sorted(once["area"].unique()), quarters, categories.ISSUES], names=_CELL)
    counts = once.groupby(_CELL).size().reindex(every, fill_value=0).rename("count").reset_index()
    return disclosure.protect(counts, ["area", "quarter"])


def named_in(answers: pd.DataFrame, quarter: pd.Period) -> dict[tuple[str, str], list[str]]:
    """Issues that more than five residents of a parish named in the four quarters up to one, by team and parish.

    More than five, so that five may have named an issue that is not told: whatever a reader subtracts from the team's
    figures, each parish may still have none or five. A year, so that late answers which bring an issue into the list
    need not be those of a quarter whose figure is told. Given as for `count_cells`.
    """
    placed = answers[answers["parish"].notna()]
    once = _once(placed.assign(area=placed["parish"]))
    once = once[once["quarter"].between(quarter - 3, quarter)].drop_duplicates([*_NAMED, "respondent"])
    counts = once.groupby(_NAMED).size()
    often = counts[counts > disclosure.LEAST].reset_index()
    return {(str(team), str(area)): sorted(held["issue"]) for (team, area), held in often.groupby(_NAMED[:2])}


def make_updates(
    answers: pd.DataFrame, done: Deeds, record: dict[tuple[str, str], RecordChange], teams: Iterable[str],
    params: UpdateParams,
) -> list[Update]:  # fmt: skip
    """An update for each team, and for each parish in which enough residents named an issue, by name.

    Parameters
    ----------
    answers
        As for `count_cells`.
    done
        What was done, of the latest quarter that is over (`last_quarters`).
    record
        What changed in the record by team and family, as `recorded_change.changes` gives it.
    teams
        Every team that is told, also where nobody answered.
    params
        How much.
    """
    cells = count_cells(answers, (done.quarter, done.quarter - 1))
    shown = cells[cells["figure"].notna() & (cells["issue"] != "other")]
    named = named_in(answers, done.quarter)
    updates = [_update(shown, name, name, done, record, params) for name in sorted(set(teams))]
    large = shown[(shown["figure"] >= _LEAST_TOLD_TO_PARISHES) | (shown["quarter"] < done.quarter)]
    updates += [
        _update(large[large["issue"].isin(issues)], team, parish, done, record, params)
        for (team, parish), issues in sorted(named.items())
        if parish != team
    ]
    return [update for update in updates if update.issues or update.name == update.team_name]


def short_text(update: Update, params: UpdateParams) -> str:
    """What fits into a message: whole sentences, the most telling first, never more than the limit.

    Parameters
    ----------
    update
        What is told; its `message` is not looked at.
    params
        The limit.
    """
    text = formatting.clean(f"You said, we did: {formatting.place(update.name, 60)}, {update.quarter}.")
    is_team = update.name == update.team_name
    named = [line["issue"].lower() + (f" ({line['said']})" if is_team else "") for line in update.issues[:3]]
    often = "You named most often" if is_team else "You named"
    sentences = [f"{often}: {_and(named)}." if named else "Too few answered to tell of single issues."]
    deeds: dict[str, list[str]] = {}
    for line in update.issues[:3]:
        deeds.setdefault(line["done"][0], []).append(line["issue"].lower())
    sentences += (
        [f"All {deed[0].lower()}{deed[1:]}" for deed in deeds]
        if len(deeds) == 1 and len(named) > 1
        else [f"{deed.rstrip('.')}: {_and(issues)}." for deed, issues in deeds.items()]
    )
    sentences += update.actions[:1]
    sentences += [f"Recorded {kind[0].lower()}{kind[1:]}: {change.in_short}." for kind, change in update.record[:1]]
    sentences += [f"Officers made {update.visits}."] if update.visits else []
    sentences += [f"Our priority: {line[0].lower()}{line[1:]}" for line in update.priorities[:1]]
    for sentence in [*sentences, "Tell us more: 101, or 999 in an emergency."]:
        if len(text) + 1 + len(sentence) <= params.longest_message:
            text = f"{text} {sentence}"
    return text


def _once(asked: pd.DataFrame) -> pd.DataFrame:
    """Every resident once for an issue in an area and quarter, where the team is known."""
    asked = asked[asked["team_name"].notna()]
    asked = asked.assign(quarter=asked["received_at"].dt.to_period("Q")).astype(
        {"team_name": "str", "area": "str", "issue": "str"}
    )
    return asked.drop_duplicates(["team_name", *_CELL, "respondent"])


def _update(
    shown: pd.DataFrame, team: str, name: str, done: Deeds, record: dict[tuple[str, str], RecordChange],
    params: UpdateParams,
) -> Update:  # fmt: skip
    """One area's update; issues by their published figure, and by name where that is the same."""
    own = shown[shown["area"] == team]
    now = own[own["quarter"] == done.quarter]
    now = now.assign(label=now["issue"].map(categories.ISSUE_LABELS))
    now = now.sort_values(["figure", "label"], ascending=[False, True])
    before = own[own["quarter"] == done.quarter - 1].set_index("issue")["figure"]
    top, rest = now.head(params.top_issues), now.iloc[params.top_issues :]
    issues = [_issue(row, before.get(row.issue), done.of_issue(row.issue, team)) for row in top.itertuples()]
    first, last = (
        formatting.MONTHS[month - 1] for month in (done.quarter.start_time.month, done.quarter.end_time.month)
    )
    update = Update(
        name=name, team_name=team, quarter=f"{first} to {last} {done.quarter.year}", issues=issues,
        also=done.also_passed_on(rest["issue"].tolist(), team),
        record=_recorded(top["issue"], team, record),
        actions=done.actions_of(team, "" if name == team else name),
        visits=done.visits_of(team), priorities=done.priorities_of(team), message="", limit=params.longest_message,
    )  # fmt: skip
    return replace(update, message=short_text(update, params))


def _issue(row: Any, before: object, done: list[str]) -> dict[str, Any]:
    """One issue's line."""
    return {
        "code": row.issue,
        "issue": row.label,
        "said": f"about {row.shown}",
        "before": disclosure.WITHHELD if pd.isna(before) else f"about {before:,}",
        "change": _change(row.figure, before),
        "done": done,
    }


def _recorded(
    issues: pd.Series, team: str, record: dict[tuple[str, str], RecordChange]
) -> list[tuple[str, RecordChange]]:
    """What police recorded in the team's area of the kinds that the issues are of; nothing where there is no record."""
    about = [family for family in categories.FAMILIES if categories.is_about(issues, family).any()]
    return [(_RECORDED[family], record[team, family]) for family in about if (team, family) in record]


def _change(now: int, before: object) -> str:
    """How a figure compares with the one before, both as published; what chance may well do is no change."""
    return "not known" if pd.isna(before) else recorded_change.word_of(now, int(str(before)), figures=1)


def _and(names: list[str]) -> str:
    """Names in a row; those that hold commas themselves are parted by semicolons."""
    comma, last = ("; ", "; and ") if any("," in name for name in names) else (", ", " and ")
    return last.join([comma.join(names[:-1]), names[-1]] if len(names) > 1 else names)
