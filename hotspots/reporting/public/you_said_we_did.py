"""Make "you said, we did" updates for teams and parishes: residents' concerns, responses, and changes since.

The updates are public, so every figure goes through `disclosure`: residents by team, whole calendar quarter and issue,
with small cells withheld. Issues with a withheld figure are not mentioned. A parish has no figures of its own, because
they could be subtracted from its team's. It shows which issues more than five residents named there in a year, with
the team's figures. Changes in recorded incidents are sums of public figures (`recorded_change`). All parts cover the
same quarter.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pandas as pd

from hotspots import categories, surveys
from hotspots.errors import ParameterError
from hotspots.reporting import formatting
from hotspots.reporting.public import disclosure, figures_chart, recorded_change
from hotspots.reporting.public.public_figures import PublicFigures
from hotspots.reporting.public.recorded_change import RecordChange
from hotspots.reporting.public.responses import Responses
from hotspots.surveys import Counted

_CELL = ["area", "quarter", "issue"]
_NAMED = ["team_name", "area", "issue"]
# From this figure on, late responses cannot be attributed to single parishes.
_MIN_FIGURE_FOR_PARISHES = 10
_FAMILY_NAMES = {"asb": "Anti-social behaviour", "burglary": "Burglary"}


@dataclass(frozen=True, kw_only=True)
class UpdateParams:
    """Length of an update, and what stands at its end.

    Attributes
    ----------
    max_message_length
        Characters of the short message for Neighbourhood Alert or Community Messenger; 459 are three text messages.
    top_issues
        Maximum number of issues.
    contact
        How residents reach the police, in a sentence.
    next_update
        Day of the next update or meeting, YYYY-MM-DD; empty for the first day after the next quarter.
    """

    max_message_length: int = 459
    top_issues: int = 5
    contact: str = "Call 101, or 999 in an emergency."
    next_update: str = ""

    def __post_init__(self) -> None:
        """Check the limits and the day."""
        if self.max_message_length < 160 or self.top_issues < 1:
            raise ParameterError("updates: max_message_length must be at least 160 and top_issues at least 1.")
        try:
            date.fromisoformat(self.next_update or "2000-01-01")
        except ValueError:
            raise ParameterError(
                f"updates: next_update {self.next_update!r} is not a day such as 2026-04-01."
            ) from None

    def day_of_next(self, quarter: pd.Period) -> date:
        """Return the day of the update after that of a quarter."""
        if self.next_update:
            return date.fromisoformat(self.next_update)
        day: date = (quarter + 2).start_time.date()
        return day


@dataclass(frozen=True, kw_only=True)
class Update:
    """Update for one area.

    Parameters
    ----------
    name, team_name : str
        The area, and the team responsible for it.
    quarter : str
        Quarter in words.
    issues : list of dict
        `code`, `issue`, `residents` (figure for the team's area), `before` (previous quarter), `change`, `responses`
        (sentences, none where nothing was done); for a parish, the issues that its residents named.
    other_referrals : list of str
        Other issues referred to partners, a sentence for each partner.
    recorded : list of (str, RecordChange or None)
        ASB and burglary recorded in the team's area; None where a figure is missing or withheld.
    charts : list of str
        Public figures by month as SVG, one chart for each family with figures.
    actions : list of str
        Other actions, in texts written for the public.
    visits : str
        Patrol visits in the quarter, in words; empty if no log covers it.
    priorities : list of str
        The team's local priorities, a sentence each.
    message : str
        Short message.
    contact : str
        How residents reach the police.
    next_update : str
        Day of the next update in words.
    counted : Counted
        What the figures count: residents, or answers.
    """

    name: str
    team_name: str
    quarter: str
    issues: list[dict[str, Any]]
    other_referrals: list[str]
    recorded: list[tuple[str, RecordChange | None]]
    charts: list[str]
    actions: list[str]
    visits: str
    priorities: list[str]
    message: str
    contact: str
    next_update: str
    counted: Counted = surveys.RESIDENTS


def last_quarters(as_of: date) -> tuple[pd.Period, pd.Period]:
    """Return the latest complete calendar quarter on a day, and the one before.

    Examples
    --------
    >>> [str(quarter) for quarter in last_quarters(date(2026, 3, 29))]
    ['2025Q4', '2025Q3']
    """
    latest = pd.Period(disclosure.public_day(as_of) + timedelta(days=1), freq="Q") - 1
    return latest, latest - 1


def count_cells(answers: pd.DataFrame, quarters: tuple[pd.Period, pd.Period]) -> pd.DataFrame:
    """Count residents for publication: `area` (the team), `quarter`, `issue`, `figure` and `shown`.

    Parameters
    ----------
    answers
        Concerns with `team_name`, `parish` (name; missing outside parishes), `received_at`, `issue` and `respondent`.
    quarters
        The latest quarter and the one before.
    """
    once = _drop_repeats(answers.assign(area=answers["team_name"]))
    once = once[once["quarter"].isin(quarters)]
    every = pd.MultiIndex.from_product([sorted(once["area"].unique()), quarters, categories.ISSUES], names=_CELL)
    counts = once.groupby(_CELL).size().reindex(every, fill_value=0).rename("count").reset_index()
    return disclosure.protect(counts, ["area", "quarter"])


def issues_by_parish(answers: pd.DataFrame, quarter: pd.Period) -> dict[tuple[str, str], list[str]]:
    """Return issues that more than five residents of a parish named in the year to a quarter, by team and parish.

    With more than five, an issue that is not listed may still have been named by five, so subtraction from the team's
    figures discloses nothing. With a year, late responses that add an issue need not belong to a published quarter.
    Parameters are as for `count_cells`.
    """
    placed = answers[answers["parish"].notna()]
    once = _drop_repeats(placed.assign(area=placed["parish"]))
    once = once[once["quarter"].between(quarter - 3, quarter)].drop_duplicates([*_NAMED, "respondent"])
    counts = once.groupby(_NAMED).size()
    often = counts[counts > disclosure.MIN_COUNT].reset_index()
    return {(str(team), str(area)): sorted(rows["issue"]) for (team, area), rows in often.groupby(_NAMED[:2])}


def list_teams(comparison: pd.DataFrame, concerns: pd.DataFrame, min_incidents: int) -> list[str]:
    """Return the teams that get an update: those with enough incidents, and those with survey answers."""
    known = comparison[(comparison["kind"] == "team") & (comparison["incidents"] >= min_incidents)]
    return sorted({*known["name"], *concerns["team_name"].dropna()})


def make_updates(
    answers: pd.DataFrame, responses: Responses, public: PublicFigures, teams: Iterable[str], params: UpdateParams
) -> list[Update]:
    """Make an update for each team and parish about which there is something to say, sorted by name.

    A team has an update if an issue, an action, a visit, a referral or a priority is published. A parish has one if
    enough of its residents named an issue.

    Parameters
    ----------
    answers
        As for `count_cells`.
    responses
        What was done, for the latest complete quarter (`last_quarters`).
    public
        Public figures, of which those by team are shown.
    teams
        All teams, including those without responses.
    params
        Limits of the updates.
    """
    cells = count_cells(answers, (responses.quarter, responses.quarter - 1))
    shown = cells[cells["figure"].notna() & ~cells["issue"].isin(categories.UNKNOWN_ISSUES)]
    named = issues_by_parish(answers, responses.quarter)
    recorded = recorded_change.changes(public, responses.quarter)
    updates = [_update(shown, name, name, responses, recorded, params) for name in sorted(set(teams))]
    large = shown[(shown["figure"] >= _MIN_FIGURE_FOR_PARISHES) | (shown["quarter"] < responses.quarter)]
    updates += [
        _update(large[large["issue"].isin(issues)], team, parish, responses, recorded, params)
        for (team, parish), issues in sorted(named.items())
        if parish != team
    ]
    counted = surveys.counted_by(answers)
    return [
        replace(update, counted=counted, charts=figures_chart.draw_figures(public, update.team_name, responses.quarter))
        for update in updates
        if _has_content(update)
    ]


def short_text(update: Update, params: UpdateParams) -> str:
    """Return a short message of whole sentences, the most important first, within the limit.

    Parameters
    ----------
    update
        The update, without its message.
    params
        Limit of the message.
    """
    text = formatting.clean(f"You said, we did: {formatting.place(update.name, 60)}, {update.quarter}.")
    is_team = update.name == update.team_name
    named = [line["issue"].lower() + (f" ({line['residents']})" if is_team else "") for line in update.issues[:3]]
    heading = "Your top concerns" if is_team else "Your concerns"
    sentences = [f"{heading}: {_join(named)}." if named else "Too few responses to list issues."]
    by_response: dict[str, list[str]] = {}
    for line in update.issues[:3]:
        for response in line["responses"][:1]:
            by_response.setdefault(response, []).append(line["issue"].lower())
    sentences += [f"{response.rstrip('.')}: {_join(issues)}." for response, issues in by_response.items()]
    sentences += update.actions[:1]
    sentences += [f"{kind} recorded: {change.in_short}." for kind, change in update.recorded if change]
    sentences += [f"Officers made {update.visits}."] if update.visits else []
    sentences += [f"Our priority: {line[0].lower()}{line[1:]}" for line in update.priorities[:1]]
    for sentence in [*sentences, update.contact, f"Next update: {update.next_update}."]:
        if len(text) + 1 + len(sentence) <= params.max_message_length:
            text = f"{text} {sentence}"
    return text


def _drop_repeats(answers: pd.DataFrame) -> pd.DataFrame:
    """Keep each resident once per issue, area and quarter, where the team is known."""
    known = answers[answers["team_name"].notna()]
    known = known.assign(quarter=known["received_at"].dt.to_period("Q")).astype(
        {"team_name": "str", "area": "str", "issue": "str"}
    )
    return known.drop_duplicates(["team_name", *_CELL, "respondent"])


def _update(
    shown: pd.DataFrame, team: str, name: str, responses: Responses, recorded: dict[tuple[str, str], RecordChange],
    params: UpdateParams,
) -> Update:  # fmt: skip
    """Make the update of one area; issues are sorted by published figure, then by name."""
    own = shown[shown["area"] == team]
    now = own[own["quarter"] == responses.quarter]
    now = now.assign(label=now["issue"].map(categories.ISSUE_LABELS))
    now = now.sort_values(["figure", "label"], ascending=[False, True])
    before = own[own["quarter"] == responses.quarter - 1].set_index("issue")["figure"]
    top, rest = now.head(params.top_issues), now.iloc[params.top_issues :]
    issues = [_issue(row, before.get(row.issue), responses.to_issue(row.issue, team)) for row in top.itertuples()]
    first, last = (
        formatting.MONTHS[month - 1] for month in (responses.quarter.start_time.month, responses.quarter.end_time.month)
    )
    update = Update(
        name=name, team_name=team, quarter=f"{first} to {last} {responses.quarter.year}", issues=issues,
        other_referrals=responses.other_referrals(rest["issue"].tolist(), team),
        recorded=[(_FAMILY_NAMES[family], recorded.get((team, family))) for family in categories.FAMILIES], charts=[],
        actions=responses.actions_of(team, "" if name == team else name),
        visits=responses.visits_of(team), priorities=responses.priorities_of(team), message="",
        contact=params.contact, next_update=formatting.day(params.day_of_next(responses.quarter)),
    )  # fmt: skip
    return replace(update, message=short_text(update, params))


def _issue(row: Any, before: object, responses: list[str]) -> dict[str, Any]:
    """Return the row of one issue; a change since the previous quarter that may be due to chance is no change."""
    is_known = not pd.isna(before)
    change = recorded_change.describe_change(row.figure, int(str(before)), figures=1) if is_known else "not known"
    return {
        "code": row.issue,
        "issue": row.label,
        "residents": f"about {row.shown}",
        "before": f"about {before:,}" if is_known else disclosure.WITHHELD,
        "change": change,
        "responses": responses,
    }


def _has_content(update: Update) -> bool:
    """Return whether an update says more than the recorded figures, which are on a page of their own."""
    if update.name != update.team_name:
        return bool(update.issues)
    return bool(update.issues or update.other_referrals or update.actions or update.visits or update.priorities)


def _join(names: list[str]) -> str:
    """Join names with commas, or with semicolons if a name contains a comma."""
    comma, last = ("; ", "; and ") if any("," in name for name in names) else (", ", " and ")
    return last.join([comma.join(names[:-1]), names[-1]] if len(names) > 1 else names)
