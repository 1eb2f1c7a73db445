"""What each team and parish is told, "you said, we did": what residents named, who dealt with it, what changed since.

Everything here is public, so every figure goes through `disclosure`: whole calendar quarters that are over, residents
of one area, quarter and issue in one cell, small cells withheld. Nothing is told of an issue whose figure is withheld.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd

from hotspots import categories
from hotspots.errors import ParameterError
from hotspots.reporting import disclosure, words
from hotspots.reporting.answering import is_overdue

POLICE = "police"
_CELL = ["area", "quarter", "issue"]
_REST = "elsewhere"
# A log whose first visit is later in the month than this does not cover the month.
_LOG_BEGINS = pd.Timedelta(days=4)


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
        `issue`, `said` (a figure), `before` (of the quarter before), `change`, `done` (sentences).
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
    # Parishes and the rest make up their team, whose figure is known: what is withheld must not follow from it.
    parishes = _protected(tiled, quarters, ["team", "quarter", "issue"])
    teams = _beside_parts(teams, parishes)
    return pd.concat([teams.assign(kind="team"), parishes.assign(kind="parish")], ignore_index=True)


def make_updates(
    answers: pd.DataFrame, visits: pd.DataFrame, referrals: pd.DataFrame, priorities: pd.DataFrame,
    teams: Iterable[str], as_of: date, params: UpdateParams,
) -> list[Update]:  # fmt: skip
    """An update for each team, and for each parish in which somebody answered, by name.

    Parameters
    ----------
    answers
        As for `count_cells`.
    visits, referrals, priorities
        As `hotspots.tables` declares them.
    teams
        Every team that is told, also where nobody answered.
    as_of
        Day of the report.
    params
        How much.
    """
    quarters = last_quarters(as_of)
    cells = count_cells(answers, quarters)
    parishes = cells.loc[cells["kind"] == "parish", "area"].drop_duplicates()
    areas = [(name, name, "team") for name in sorted(set(teams))]
    areas += [(area, area.partition("\n")[0], "parish") for area in sorted(parishes) if not area.endswith(f"\n{_REST}")]
    done = Deeds(visits, referrals, priorities, as_of, quarters[0])
    return [
        _update(cells[(cells["area"] == area) & (cells["kind"] == kind)], area, team, done, params)
        for area, team, kind in areas
    ]


@dataclass(frozen=True)
class Deeds:
    """What was done, to be told of."""

    visits: pd.DataFrame
    referrals: pd.DataFrame
    priorities: pd.DataFrame
    as_of: date
    quarter: pd.Period

    def of_issue(self, issue: str, team: str) -> list[str]:
        """What became of an issue, in sentences."""
        sent = self.referrals[(self.referrals["issue"] == issue) & (self.referrals["team_name"] == team)]
        told = [f"Passed on to {words.place(name, 80)}." for name in sorted(sent["partner"].unique())]
        answered = sorted(sent.loc[sent["answer"].notna(), "partner"].unique())
        told += [f"{words.place(name, 80)} has answered." for name in answered]
        if not told and categories.ISSUE_OWNERS[issue] == POLICE:
            told = ["With your neighbourhood policing team."]
        return told or ["Kept until enough residents say the same at one place to pass it on."]

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
        return f"{disclosure.in_words(count)} patrol visits in {words.MONTHS[month.month - 1]} {month.year}"

    def priorities_of(self, team: str) -> list[str]:
        """A team's open priorities, in sentences."""
        own = self.priorities[(self.priorities["team_name"] == team) & self.priorities["closed_on"].isna()]
        own = own.assign(late=is_overdue(own, self.as_of)).sort_values(["review_on", "priority_id"])
        return [
            f"{categories.ISSUE_LABELS[str(row.issue)]}: agreed on {words.day(row.agreed_on)}, "
            + (f"review was due on {words.day(row.review_on)} and is overdue."
               if row.late else f"to be reviewed on {words.day(row.review_on)}.")
            for row in own.itertuples()
        ]  # fmt: skip


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
    sentences += [f"{deed.rstrip('.')}: {_and(named)}." for deed, named in deeds.items()]
    sentences += [f"Officers made {update.visits}."] if update.visits else []
    sentences += [f"Our priority: {line}" for line in update.priorities[:1]]
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


def _beside_parts(teams: pd.DataFrame, parishes: pd.DataFrame) -> pd.DataFrame:
    """The teams' figures, moved where they would tell too much of the parishes that make them up."""
    team = parishes["area"].str.partition("\n")[0] if len(parishes) else parishes["area"]
    parts = {key: held["figure"] for key, held in parishes.groupby([team, "quarter", "issue"])}
    moved = [
        figure if pd.isna(figure) or cell not in parts else disclosure.whole_of(int(figure), parts[cell])
        for *cell, figure in teams[[*_CELL, "figure"]].itertuples(index=False)
        for cell in [tuple(cell)]
    ]
    figure = pd.Series(moved, index=teams.index, dtype="Int64")
    shown = [disclosure.WITHHELD if pd.isna(value) else f"{value:,}" for value in figure]
    return teams.assign(figure=figure, shown=pd.Series(shown, index=teams.index, dtype="str"))


def _update(cells: pd.DataFrame, area: str, team: str, done: Deeds, params: UpdateParams) -> Update:
    """One area's update; issues by their published figure, and by name where that is the same."""
    now = cells[(cells["quarter"] == done.quarter) & cells["figure"].notna() & (cells["issue"] != "other")]
    now = now.assign(label=now["issue"].map(categories.ISSUE_LABELS))
    now = now.sort_values(["figure", "label"], ascending=[False, True]).head(params.top_issues)
    before = cells[cells["quarter"] == done.quarter - 1].set_index("issue")["figure"]
    issues = [
        {
            "issue": row.label,
            "said": f"about {row.shown}",
            "before": disclosure.WITHHELD if pd.isna(before[row.issue]) else f"about {before[row.issue]:,}",
            "change": _change(row.figure, before[row.issue]),
            "done": done.of_issue(row.issue, team),
        }
        for row in now.itertuples()
    ]
    first, last = (words.MONTHS[month - 1] for month in (done.quarter.start_time.month, done.quarter.end_time.month))
    quarter = f"{first} to {last} {done.quarter.year}"
    update = Update(
        name=area.partition("\n")[2] or area, team_name=team, quarter=quarter, issues=issues,
        visits=done.visits_of(team), priorities=done.priorities_of(team), message="", limit=params.longest_message,
    )  # fmt: skip
    return Update(**{**vars(update), "message": short_text(update, params)})


def _change(now: int, before: object) -> str:
    """How a figure compares with the one before, both as published."""
    if pd.isna(before):
        return "not known"
    return "more" if now > int(str(before)) else "fewer" if now < int(str(before)) else "about the same"


def _and(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
