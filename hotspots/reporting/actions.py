"""Locate actions: the place of each in words, and the team responsible for it."""

from typing import Any

import pandas as pd

from hotspots import tables
from hotspots.reporting import formatting
from hotspots.reporting.report import Report


def locate_actions(
    actions: pd.DataFrame, hotspots: pd.DataFrame, areas: pd.DataFrame, places: pd.DataFrame
) -> pd.DataFrame:
    """Return the actions with `where`, `team_name` (missing if not known) and `current_hotspot_id`.

    An action follows its hotspot for as long as the hotspot exists, also when a later run gives it a new id.

    Parameters
    ----------
    actions, hotspots, areas, places
        As declared in `hotspots.tables`; `areas` are patrol areas, which know the team of a hotspot.
    """
    hotspot = actions["hotspot_id"].map(_current_ids(hotspots)).astype("str")
    streets = hotspots.drop_duplicates("hotspot_id").set_index("hotspot_id")["main_location"]
    first = areas.dropna(subset=["hotspot_id"]).sort_values(["rank", "patrol_area_id"]).drop_duplicates("hotspot_id")
    team_of, name_of = _place_names(places, areas)
    code = actions["place_code"].astype("str").str.casefold()
    has_ended = actions["hotspot_id"].notna() & hotspot.isna()
    where = ("Around " + hotspot.map(streets).map(formatting.street)).where(hotspot.notna())
    where = where.fillna(code.map(name_of)).fillna(actions["place_code"].astype("str"))
    where = where.mask(has_ended & where.isna(), "A hotspot of an earlier run").fillna("Place not given")
    team = hotspot.map(first.set_index("hotspot_id")["team_name"]).fillna(code.map(team_of))
    return actions.assign(current_hotspot_id=hotspot, where=where.astype("str"), team_name=team.astype("str"))


def of_report(report: Report) -> pd.DataFrame:
    """Return the located actions of a report."""
    return locate_actions(report.residents.actions, report.hotspots, report.patrol_areas, report.places_now)


def sort_latest(located: pd.DataFrame) -> pd.DataFrame:
    """Return ongoing actions first, and the latest first among them."""
    by = ["has_ended", "started_on", "action_id"]
    ordered = located.assign(has_ended=located["ended_on"].notna()).sort_values(by, ascending=[True, False, True])
    return ordered.drop(columns="has_ended")


def by_hotspot(located: pd.DataFrame) -> dict[str, list[str]]:
    """Return a sentence for each action at each current hotspot, in the order of `sort_latest`."""
    current = sort_latest(located[located["current_hotspot_id"].notna()])
    groups = current.groupby("current_hotspot_id", sort=True)
    return {str(name): [describe(row) for row in rows.itertuples()] for name, rows in groups}


def describe(row: Any) -> str:
    """Return an action in a sentence: when, who, what, and the outcome."""
    outcome = formatting.clean(row.outcome, 80)
    sentence = f"{describe_dates(row)}, {formatting.clean(row.owner, 40)}: {formatting.clean(row.action, 120)}"
    return f"{sentence} ({outcome})" if outcome else sentence


def describe_dates(row: Any) -> str:
    """Return the dates of an action in words."""
    since = formatting.day(row.started_on)
    return f"since {since}" if pd.isna(row.ended_on) else f"{since} to {formatting.day(row.ended_on)}"


def _current_ids(hotspots: pd.DataFrame) -> dict[str, str]:
    """Map every id that hotspots have, or had in the previous run, to the current id."""
    renamed = hotspots.dropna(subset=["previous_hotspot_id"]) if "previous_hotspot_id" in hotspots else hotspots[:0]
    renamed = renamed.sort_values(["incidents", "hotspot_id"]).set_index("previous_hotspot_id")["hotspot_id"]
    return dict(renamed) | {name: name for name in hotspots["hotspot_id"]}


def _place_names(places: pd.DataFrame, areas: pd.DataFrame) -> tuple[dict[str, str], dict[str, str]]:
    """Map the code and the name of each place, in lower case, to its team and to its name."""
    team_of: dict[str, str] = {}
    name_of: dict[str, str] = {}
    ordered = places.sort_values(["kind", "place_code"], ascending=False)
    columns = ("place_code", "kind", "name", "team_name")
    for code, kind, name, team in zip(*(ordered[column] for column in columns), strict=True):
        for key in (str(code).casefold(), str(name).casefold()):
            name_of[key] = str(name)
            if isinstance(team, str) or kind in tables.TEAM_KINDS:
                team_of[key] = team if isinstance(team, str) else str(name)
    teams = sorted({*areas["team_name"].dropna(), *places["team_name"].dropna()})
    own = {team.casefold(): team for team in teams}
    return team_of | own, name_of | own
