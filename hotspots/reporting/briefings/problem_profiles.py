"""Problem profiles of persistent hotspots, by the steps of SARA.

SARA (scanning, analysis, response, assessment) is the problem-solving model of problem-oriented policing; Eck and
Spelman (1987), Problem-Solving: Problem-Oriented Policing in Newport News.
"""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from hotspots import categories, reference, wording
from hotspots.reporting import actions, formatting
from hotspots.reporting.charts import week_heatmap
from hotspots.reporting.report import Report
from hotspots.reporting.web_map import grid_counts

# A significant hotspot is persistent with incidents in at least this share of the months with data.
PERSISTENT_SHARE = 0.75
SIGNIFICANT = 0.05
CONCERNS_WITHIN_M = 300
MAX_ACTIONS = 4

_COLUMNS = [
    "is_own_force", "category", "subcategory", "month", "date_precision", "committed_from", "committed_to",
    "location_precision", "location_text", "team_name", "geometry",
]  # fmt: skip
_PLACES = reference.rows("problem_places")
_FAMILY_QUESTIONS = {
    "asb": "What happens just before an incident, and what ends it?",
    "burglary": "What is taken, and how do offenders get in and out?",
}


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One persistent hotspot in sentences.

    `months` has its incidents by month with data; `streets` the names of its map points (`grid_counts.street_names`).
    """

    row: pd.Series
    team: str
    scanning: list[str]
    times: list[str]
    partners: list[str]
    actions: list[str]
    questions: list[str]
    months: pd.Series
    streets: pd.DataFrame


def persistent_problems(report: Report) -> list[Problem]:
    """Return the persistent hotspots, ASB before burglary, those with most incidents first."""
    current = report.hotspots[~categories.is_gone(report.hotspots)]
    ordered = current.sort_values(["family", "incidents", "hotspot_id"], ascending=[True, False, True])
    incidents, located = report.incidents[_COLUMNS], report.concerns[report.concerns.geometry.notna()]
    actions_by_hotspot = actions.by_hotspot(actions.of_report(report))
    months = sorted(set(report.window.months) & set(incidents["month"].unique()))
    found = []
    for family in categories.FAMILIES:
        hotspots = ordered[ordered["family"] == family].reset_index(drop=True)
        named = grid_counts.street_names(incidents, hotspots, 0)
        streets = gpd.GeoDataFrame(named, geometry=gpd.points_from_xy(named["easting"], named["northing"]))
        near = _Nearby(
            incidents=_inside(categories.of_family(incidents, family), hotspots),
            concerns=_inside(located, hotspots.set_geometry(hotspots.geometry.buffer(CONCERNS_WITHIN_M))),
            streets=_inside(streets, hotspots),
            actions=actions_by_hotspot,
        )
        found += [
            _problem(report, row, number, near, months)
            for number, row in hotspots.iterrows()
            if _is_persistent(row, near.incidents[number], months)
        ]
    return found


@dataclass(frozen=True, kw_only=True)
class _Nearby:
    """Incidents, concerns and streets near hotspots, by position of the hotspot; actions by id."""

    incidents: dict[int, gpd.GeoDataFrame]
    concerns: dict[int, gpd.GeoDataFrame]
    streets: dict[int, gpd.GeoDataFrame]
    actions: dict[str, list[str]]


def _problem(report: Report, row: pd.Series, number: int, near: _Nearby, months: list[str]) -> Problem:
    """Describe one hotspot."""
    family, incidents, concerns = str(row["family"]), near.incidents[number], near.concerns[number]
    place = _kind_of_place(family, incidents)
    owners = concerns[~concerns["owner"].isin(("police", "nobody"))]["owner"].astype("str").value_counts()
    named = [formatting.clean(owner, 60) for owner, rows in sorted(owners.items()) if rows >= formatting.FEW]
    teams = incidents["team_name"].dropna().value_counts()
    return Problem(
        row=row,
        team=str(teams.index[teams == teams.max()].min()) if len(teams) else "",
        scanning=_scanning(row, incidents, concerns),
        times=_times(incidents, family),
        partners=[place["partners"], *([f"Named in survey responses: {', '.join(named)}"] if named else [])],
        actions=near.actions.get(str(row["hotspot_id"]), [])[:MAX_ACTIONS],
        questions=[place["question"], _FAMILY_QUESTIONS[family]],
        months=incidents["month"].value_counts().reindex(months, fill_value=0),
        streets=near.streets[number],
    )


def _scanning(row: pd.Series, incidents: gpd.GeoDataFrame, concerns: gpd.GeoDataFrame) -> list[str]:
    """Describe the number and types of incidents, the status, and residents' concerns."""
    status = "" if pd.isna(row["status"]) else f"; {formatting.STATUS_LABELS[row['status']]}"
    points, latest = wording.counted(int(row["spots"]), "map point"), formatting.latest_counts(row)
    sentences = [f"{wording.counted(int(row['incidents']), 'incident')} at {points}{status}."]
    sentences += [f"{latest}."] if latest else []
    types = incidents["subcategory"].dropna().value_counts()
    if len(types):
        ordered = types.rename_axis("type").reset_index(name="n").sort_values(["n", "type"], ascending=[False, True])
        names = [formatting.clean(name, 40).replace("_", " ") for name in ordered["type"].head(3)]
        sentences.append(f"Mostly {', '.join(names)}.")
    responses = grid_counts.count_residents(concerns)
    if responses:
        about = grid_counts.count_residents(concerns[categories.is_about(concerns["issue"], str(row["family"]))])
        sentences.append(
            f"Survey responses within {CONCERNS_WITHIN_M} m: {formatting.response_count(responses)}; "
            f"naming this issue: {formatting.response_count(about)}."
        )
    flags = formatting.flags(row["flags"])
    return sentences + ([f"Caution: {flags}."] if flags else [])


def _times(incidents: gpd.GeoDataFrame, family: str) -> list[str]:
    """Describe the busiest times, if enough incidents have a time."""
    week, dated = (
        (None, 0) if (incidents["date_precision"] == "month").all() else week_heatmap.dated_week(incidents, family)
    )
    if week is not None and dated >= week_heatmap.MIN_DATED:
        return [f"Busiest: {week_heatmap.busiest(week)} ({wording.counted(dated, 'incident')} with a time)."]
    return ["Too few incidents have a time. Ask people who live and work here."]


def _kind_of_place(family: str, incidents: gpd.GeoDataFrame) -> dict[str, str]:
    """Return the reference row whose words occur in most locations, or else the general row of the family."""
    texts = incidents["location_text"].dropna().str.lower().value_counts()
    rows = [row for row in _PLACES if row["family"] == family]

    def matches(row: dict[str, str]) -> int:
        words = [word for word in row["words"].split("|") if word]
        return sum(number for text, number in texts.items() if any(_contains_word(word, text) for word in words))

    best = max(rows, key=matches)
    return best if matches(best) * 3 >= max(len(incidents), 1) else rows[-1]


def _contains_word(word: str, text: str) -> bool:
    """Return whether the text contains a whole word or phrase."""
    padded = "".join(letter if letter.isalnum() else " " for letter in f" {text} ")
    return f" {word} " in padded


def _is_persistent(row: pd.Series, incidents: pd.DataFrame, months: list[str]) -> bool:
    """Return whether a hotspot is persistent by status or, unless new or fading, significant and busy most months."""
    if row["status"] == "persistent":
        return True
    with_data = incidents["month"].isin(months)
    is_busy = len(months) > 0 and incidents.loc[with_data, "month"].nunique() >= PERSISTENT_SHARE * len(months)
    return bool(row["status"] not in ("new", "fading") and is_busy and row["p_value"] < SIGNIFICANT)


def _inside(points: gpd.GeoDataFrame, shapes: gpd.GeoDataFrame) -> dict[int, gpd.GeoDataFrame]:
    """Return the points inside each shape, by position of the shape, in their own order."""
    if shapes.empty:
        return {}
    shape, point = points.sindex.query(shapes.geometry, predicate="intersects")
    return {number: points.iloc[np.sort(point[shape == number])] for number in range(len(shapes))}
