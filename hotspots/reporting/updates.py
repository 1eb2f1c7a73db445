"""What each team and parish is told, "you said, we did": what residents named, who dealt with it, what changed since.

Everything here is public, so every figure goes through `disclosure`: whole calendar quarters that are over, residents
of one area, quarter and issue in one cell, small cells withheld. Nothing is told of an issue whose figure is withheld.
What changed in the record is said by sums of the public figures (`record_change`): no number here is a new one.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pandas as pd

from hotspots import categories
from hotspots.errors import ParameterError
from hotspots.reporting import disclosure, words
from hotspots.reporting.deeds import Deeds
from hotspots.reporting.record_change import RecordChange

_CELL = ["area", "quarter", "issue"]
_REST = "elsewhere"
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
        `code`, `issue`, `said` (a figure), `before` (of the quarter before), `change`, `done` (sentences).
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
    """Residents as they may be published: `area`, `kind`, `quarter`, `issue`, `figure`, `shown`.

    Parameters
    ----------
    answers
        Concerns with `team_name`, `parish` (name; missing outside of any), `received_at`, `issue` and `respondent`.
    quarters
        The latest, and the one before.
    """
    asked = answers.assign(quarter=answers["received_at"].dt.to_period("Q"), issue=answers["issue"].astype("str"))
    asked = asked[asked["quarter"].isin(quarters) & asked["team_name"].notna()]
    asked = asked.astype({"team_name": "str", "parish": "str"})
    teams = _protected(asked.assign(area=asked["team_name"]), quarters, ["area", "quarter"])
    if asked["parish"].isna().all():
        return teams.assign(kind="team")
    parished = asked["team_name"].isin(asked.loc[asked["parish"].notna(), "team_name"])
    tiled = asked[parished].assign(area=asked["team_name"] + "\n" + asked["parish"].fillna(_REST))
    parishes = _protected(tiled, quarters, ["team", "quarter", "issue"])
    return pd.concat([teams.assign(kind="team"), parishes.assign(kind="parish")], ignore_index=True)


def make_updates(
    answers: pd.DataFrame, done: Deeds, record: dict[tuple[str, str], RecordChange], teams: Iterable[str],
    params: UpdateParams,
) -> list[Update]:  # fmt: skip
    """An update for each team, and for each parish in which somebody answered, by name.

    Parameters
    ----------
    answers
        As for `count_cells`.
    done
        What was done, of the latest quarter that is over (`last_quarters`).
    record
        What changed in the record by team and family, as `record_change.changes` gives it.
    teams
        Every team that is told, also where nobody answered.
    params
        How much.
    """
    cells = count_cells(answers, (done.quarter, done.quarter - 1))
    parishes = cells.loc[cells["kind"] == "parish", "area"].drop_duplicates()
    areas = [(name, name, "team") for name in sorted(set(teams))]
    areas += [(area, area.partition("\n")[0], "parish") for area in sorted(parishes) if not area.endswith(f"\n{_REST}")]
    return [_update(cells, area, done, record, params) for area in areas]


def short_text(update: Update, params: UpdateParams) -> str:
    """What fits into a message: whole sentences, the most telling first, never more than the limit.

    Parameters
    ----------
    update
        What is told; its `message` is not looked at.
    params
        The limit.
    """
    text = words.clean(f"You said, we did: {words.place(update.name, 60)}, {update.quarter}.")
    named = [f"{line['issue'].lower()} ({line['said']})" for line in update.issues[:3]]
    sentences = [f"You named most often: {_and(named)}." if named else "Too few answered to tell of single issues."]
    deeds: dict[str, list[str]] = {}
    for line in update.issues[:3]:
        deeds.setdefault(line["done"][0], []).append(line["issue"].lower())
    sentences += (
        [f"All {deed[0].lower()}{deed[1:]}" for deed in deeds]
        if len(deeds) == 1 and len(named) > 1
        else [f"{deed.rstrip('.')}: {_and(issues)}." for deed, issues in deeds.items()]
    )
    sentences += [f"Recorded {kind[0].lower()}{kind[1:]}: {change.in_short}." for kind, change in update.record[:1]]
    sentences += [f"Officers made {update.visits}."] if update.visits else []
    sentences += [f"{line}" for line in update.actions[:1]]
    sentences += [f"Our priority: {line[0].lower()}{line[1:]}" for line in update.priorities[:1]]
    for sentence in [*sentences, "Tell us more: 101, or 999 in an emergency."]:
        if len(text) + 1 + len(sentence) <= params.longest_message:
            text = f"{text} {sentence}"
    return text


def _protected(asked: pd.DataFrame, quarters: tuple[pd.Period, pd.Period], within: list[str]) -> pd.DataFrame:
    """Every cell of the areas, nought too, after disclosure control."""
    once = asked.drop_duplicates([*_CELL, "respondent"])
    every = pd.MultiIndex.from_product([sorted(asked["area"].unique()), quarters, categories.ISSUES], names=_CELL)
    counts = once.groupby(_CELL).size().reindex(every, fill_value=0).rename("count").reset_index()
    counts = counts.assign(team=counts["area"].str.partition("\n")[0]) if len(counts) else counts.assign(team="")
    return disclosure.protect(counts, within).drop(columns="team")


def _update(
    cells: pd.DataFrame, area: tuple[str, str, str], done: Deeds, record: dict[tuple[str, str], RecordChange],
    params: UpdateParams,
) -> Update:  # fmt: skip
    """One area's update; issues by their published figure, and by name where that is the same."""
    code, team, kind = area
    own = cells[(cells["area"] == code) & (cells["kind"] == kind)]
    now = own[(own["quarter"] == done.quarter) & own["figure"].notna() & (own["issue"] != "other")]
    now = now.assign(label=now["issue"].map(categories.ISSUE_LABELS))
    now = now.sort_values(["figure", "label"], ascending=[False, True])
    before = own[own["quarter"] == done.quarter - 1].set_index("issue")["figure"]
    top, rest = now.head(params.top_issues), now.iloc[params.top_issues :]
    issues = [_issue(row, before[row.issue], done.of_issue(row.issue, team)) for row in top.itertuples()]
    first, last = (words.MONTHS[month - 1] for month in (done.quarter.start_time.month, done.quarter.end_time.month))
    name = code.partition("\n")[2] or code
    update = Update(
        name=name, team_name=team, quarter=f"{first} to {last} {done.quarter.year}", issues=issues,
        also=done.also_passed_on(rest["issue"].tolist(), team),
        record=_recorded(top["issue"], team, record),
        actions=done.actions_of(team, "" if kind == "team" else name),
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
    """How a figure compares with the one before, both as published."""
    if pd.isna(before):
        return "not known"
    return "more" if now > int(str(before)) else "fewer" if now < int(str(before)) else "about the same"


def _and(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
