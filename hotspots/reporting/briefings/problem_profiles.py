"""Hotspots that stay, as problems to be solved: what, when, who else can act, what was tried, what to ask (SARA).

SARA (scanning, analysis, response, assessment) is the order in which problem-oriented policing goes about a problem;
Eck and Spelman (1987), Problem-Solving: Problem-Oriented Policing in Newport News.
"""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from hotspots import categories, reference
from hotspots.reporting import actions, formatting
from hotspots.reporting.charts import week_heatmap
from hotspots.reporting.report import Report
from hotspots.reporting.web_map import grid_counts

# A hotspot lasts with incidents in at least this share of the months with data, where chance does not explain it.
LASTING_SHARE = 0.75
SIGNIFICANT = 0.05
# Fewer incidents with a time say nothing of when.
LEAST_TIMES = 20
CONCERNS_WITHIN_M = 300
ACTIONS_SHOWN = 4

_TOLD = [
    "is_own_force", "category", "subcategory", "month", "date_precision", "committed_from", "committed_to",
    "location_precision", "location_text", "team_name", "geometry",
]  # fmt: skip
_PLACES = reference.rows("problem_places")
_ALWAYS = {
    "asb": "What happens just before it starts, and what makes it end?",
    "burglary": "What is taken, how do they get in, and how do they leave?",
}


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One lasting hotspot in words: each part is a list of sentences.

    `months` counts its incidents by month with data; `streets` names its map points (`grid_counts.street_names`).
    """

    row: pd.Series
    team: str
    what: list[str]
    when: list[str]
    partners: list[str]
    tried: list[str]
    questions: list[str]
    months: pd.Series
    streets: pd.DataFrame


def lasting_problems(report: Report) -> list[Problem]:
    """The lasting hotspots, ASB before burglary, those with most incidents first, each with the team it lies with."""
    living = report.hotspots[~categories.is_gone(report.hotspots)]
    order = living.sort_values(["family", "incidents", "hotspot_id"], ascending=[True, False, True])
    told = report.incidents[_TOLD]
    done = actions.by_hotspot(actions.of_report(report))
    months = sorted(set(report.window.months) & set(told["month"].unique()))
    found = []
    for family in categories.FAMILIES:
        held = order[order["family"] == family].reset_index(drop=True)
        near = _Near(
            incidents=_inside(categories.of_family(told, family), held),
            concerns=_inside(report.concerns[report.concerns.geometry.notna()], _around(held)),
            streets=_inside(_points(grid_counts.street_names(told, held, 0)), held),
            done=done,
        )
        found += [
            _problem(report, row, number, near, months)
            for number, row in held.iterrows()
            if _is_lasting(row, near.incidents[number], months)
        ]
    return found


@dataclass(frozen=True, kw_only=True)
class _Near:
    """By position of the hotspot: its incidents, the answers near it, the names of its map points; actions by id."""

    incidents: dict[int, gpd.GeoDataFrame]
    concerns: dict[int, gpd.GeoDataFrame]
    streets: dict[int, gpd.GeoDataFrame]
    done: dict[str, list[str]]


def _problem(report: Report, row: pd.Series, number: int, near: _Near, months: list[str]) -> Problem:
    """One hotspot in words."""
    family, incidents, concerns = str(row["family"]), near.incidents[number], near.concerns[number]
    place = _kind_of_place(family, incidents)
    owners = concerns[concerns["owner"] != "police"]["owner"].astype("str").value_counts()
    named = [formatting.clean(owner, 60) for owner, rows in sorted(owners.items()) if rows >= formatting.FEW]
    teams = incidents["team_name"].dropna().value_counts()
    return Problem(
        row=row,
        team=str(teams.index[teams == teams.max()].min()) if len(teams) else "",
        what=_what(row, incidents, concerns),
        when=_when(incidents, family),
        partners=[place["partners"], *([f"named in residents' answers: {', '.join(named)}"] if named else [])],
        tried=near.done.get(str(row["hotspot_id"]), [])[:ACTIONS_SHOWN],
        questions=[place["question"], _ALWAYS[family]],
        months=incidents["month"].value_counts().reindex(months, fill_value=0),
        streets=near.streets[number],
    )


def _what(row: pd.Series, incidents: gpd.GeoDataFrame, concerns: gpd.GeoDataFrame) -> list[str]:
    """How much, of what sort, since when, and how many residents name it."""
    status = "" if pd.isna(row["status"]) else f"; {formatting.STATUS_WORDS[row['status']]}"
    points = formatting.counted(int(row["spots"]), "map point", "map points")
    said = [f"{formatting.counted(int(row['incidents']), 'incident', 'incidents')} in the window at {points}{status}."]
    sorts = incidents["subcategory"].dropna().value_counts()
    if len(sorts):
        first = (
            sorts.rename_axis("sort").reset_index(name="n").sort_values(["n", "sort"], ascending=[False, True]).head(3)
        )
        said.append("Mostly " + ", ".join(formatting.clean(sort, 40).replace("_", " ") for sort in first["sort"]) + ".")
    answers = grid_counts.residents(concerns)
    if answers:
        about = formatting.answers(
            grid_counts.residents(concerns[categories.is_about(concerns["issue"], str(row["family"]))])
        )
        said.append(
            f"Answers of residents within {CONCERNS_WITHIN_M} m: {formatting.answers(answers)}; about this: {about}."
        )
    flags = formatting.flags(row["flags"])
    return said + ([f"Caution: {flags}."] if flags else [])


def _when(incidents: gpd.GeoDataFrame, family: str) -> list[str]:
    """The busiest times where enough incidents have one."""
    week, dated = (
        (None, 0) if (incidents["date_precision"] == "month").all() else week_heatmap.dated_week(incidents, family)
    )
    if week is not None and dated >= LEAST_TIMES:
        return [f"Busiest: {week_heatmap.busiest(week)} ({dated:,} incidents with a time)."]
    return ["Too few incidents carry a time: ask those who live and work here."]


def _kind_of_place(family: str, incidents: gpd.GeoDataFrame) -> dict[str, str]:
    """The line of the reference whose words stand in most of the places; the family's general one otherwise."""
    texts = incidents["location_text"].dropna().str.lower().value_counts()
    of_family = [line for line in _PLACES if line["family"] == family]

    def share(line: dict[str, str]) -> float:
        named = [word for word in line["words"].split("|") if word]
        return sum(number for text, number in texts.items() if any(_is_word(word, text) for word in named))

    best = max(of_family, key=share)  # the first of equals
    return best if share(best) * 3 >= max(len(incidents), 1) else of_family[-1]


def _is_word(word: str, text: str) -> bool:
    """Whether the words stand in the text, whole."""
    padded = "".join(letter if letter.isalnum() else " " for letter in f" {text} ")
    return f" {word} " in padded


def _is_lasting(row: pd.Series, incidents: pd.DataFrame, months: list[str]) -> bool:
    """Whether it persists; or was there before this run, as far as is known, is busy in most months, and no chance."""
    if row["status"] == "persistent":
        return True
    busy = incidents["month"].isin(months)
    is_busy = len(months) > 0 and incidents.loc[busy, "month"].nunique() >= LASTING_SHARE * len(months)
    return bool(row["status"] != "new" and is_busy and row["p_value"] < SIGNIFICANT)


def _inside(points: gpd.GeoDataFrame, shapes: gpd.GeoDataFrame) -> dict[int, gpd.GeoDataFrame]:
    """The points inside each shape, by its position, in the order in which they come."""
    if shapes.empty:
        return {}
    shape, point = points.sindex.query(shapes.geometry, predicate="intersects")
    return {number: points.iloc[np.sort(point[shape == number])] for number in range(len(shapes))}


def _around(hotspots: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Hotspots with what lies near them."""
    return hotspots.set_geometry(hotspots.geometry.buffer(CONCERNS_WITHIN_M))


def _points(streets: pd.DataFrame) -> gpd.GeoDataFrame:
    """Names of streets as points."""
    return gpd.GeoDataFrame(streets, geometry=gpd.points_from_xy(streets["easting"], streets["northing"]))
