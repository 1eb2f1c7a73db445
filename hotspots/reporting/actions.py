"""Actions with where they are and whose they are: the place in words, and the team that looks after it."""

from typing import Any

import pandas as pd

from hotspots.reporting import formatting
from hotspots.reporting.report import Report

_TEAMS = ("LPA", "LPT", "NPT", "SNT")


def place_actions(
    actions: pd.DataFrame, hotspots: pd.DataFrame, areas: pd.DataFrame, places: pd.DataFrame
) -> pd.DataFrame:
    """The actions with `where`, `team_name` (missing: not known) and `now_at`, the hotspot that it is about today.

    An action stays with its hotspot while that lives: also under the id that it was given by a later run.

    Parameters
    ----------
    actions, hotspots, areas, places
        As `hotspots.tables` declares them; `areas` are patrol areas, which know the team of a hotspot.
    """
    now = _ids_today(hotspots)
    at = actions["hotspot_id"].map(now).astype("str")
    streets = hotspots.drop_duplicates("hotspot_id").set_index("hotspot_id")["main_location"]
    first = areas.dropna(subset=["hotspot_id"]).sort_values(["rank", "patrol_area_id"]).drop_duplicates("hotspot_id")
    team_of, name_of = _places(places, areas)
    code = actions["place_code"].astype("str").str.casefold()
    is_gone = actions["hotspot_id"].notna() & at.isna()
    spot = ("Around " + at.map(streets).map(formatting.street)).where(at.notna())
    where = spot.fillna(code.map(name_of)).fillna(actions["place_code"].astype("str"))
    where = where.mask(is_gone & where.isna(), "A hotspot of an earlier run")
    team = at.map(first.set_index("hotspot_id")["team_name"]).fillna(code.map(team_of))
    return actions.assign(now_at=at, where=where.fillna("Not said where").astype("str"), team_name=team.astype("str"))


def of_report(report: Report) -> pd.DataFrame:
    """The actions of a report, placed."""
    return place_actions(report.answering.actions, report.hotspots, report.patrol_areas, report.places_now)


def latest(placed: pd.DataFrame) -> pd.DataFrame:
    """Actions that go on first, the latest of each first."""
    is_over = placed["ended_on"].notna()
    by = ["over", "started_on", "action_id"]
    return placed.assign(over=is_over).sort_values(by, ascending=[True, False, True]).drop(columns="over")


def by_hotspot(placed: pd.DataFrame) -> dict[str, list[str]]:
    """What was done at each hotspot of today, in sentences, as `latest` orders them."""
    here = latest(placed[placed["now_at"].notna()])
    return {str(name): [in_words(row) for row in rows.itertuples()] for name, rows in here.groupby("now_at", sort=True)}


def in_words(row: Any) -> str:
    """An action in a sentence: when, who, what, and what came of it."""
    outcome = formatting.clean(row.outcome, 80)
    said = f"{when(row)}, {formatting.clean(row.owner, 40)}: {formatting.clean(row.action, 120)}"
    return f"{said} ({outcome})" if outcome else said


def when(row: Any) -> str:
    """The days of an action, in words."""
    since = formatting.day(row.started_on)
    return f"since {since}" if pd.isna(row.ended_on) else f"{since} to {formatting.day(row.ended_on)}"


def _ids_today(hotspots: pd.DataFrame) -> dict[str, str]:
    """Every id that hotspots have or had in the run before, to the one that they have."""
    before = hotspots.dropna(subset=["previous_hotspot_id"]) if "previous_hotspot_id" in hotspots else hotspots[:0]
    renamed = before.sort_values(["incidents", "hotspot_id"]).set_index("previous_hotspot_id")["hotspot_id"].to_dict()
    return renamed | {name: name for name in hotspots["hotspot_id"]}


def _places(places: pd.DataFrame, areas: pd.DataFrame) -> tuple[dict[str, str], dict[str, str]]:
    """Team and name of each place, by its code and by its name, whatever the case."""
    team_of: dict[str, str] = {}
    name_of: dict[str, str] = {}
    ordered = places.sort_values(["kind", "place_code"], ascending=False)
    columns = ("place_code", "kind", "name", "team_name")
    for code, kind, name, team in zip(*(ordered[column] for column in columns), strict=True):
        for key in (str(code).casefold(), str(name).casefold()):
            name_of[key] = str(name)
            if isinstance(team, str) or kind in _TEAMS:
                team_of[key] = team if isinstance(team, str) else str(name)
    teams = sorted({*areas["team_name"].dropna(), *places["team_name"].dropna()})
    own = {team.casefold(): team for team in teams}
    return team_of | own, name_of | own
