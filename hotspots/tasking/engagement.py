"""Engagement suggestions for each team: where to hear from residents next, how and when.

Suggestions cover places with hidden demand and areas with low response rates. Each area is suggested once, for its
most important reason. The day and time are given where dated incidents or answers show them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from hotspots import categories, surveys, tables, wording
from hotspots.errors import ParameterError
from hotspots.tasking import engagement_times

SHOPLIFTING = "shoplifting"
_MIN_ANSWERS = 3
# A shopping street has this many shops with recorded thefts within the radius.
_SHOPS_RADIUS_M, _MIN_SHOPS = 200.0, 3
_LOW_RESPONSE = 0.8
_REASON_RANKS = {reason: rank for rank, reason in enumerate(tables.ENGAGEMENT_REASONS)}
# From the smallest area to the largest: officers can walk through a beat, but not through a team's whole area.
_AREA_KINDS = ("beat", "ward", "parish", "lsoa", "team")
# Columns of records and answers with the codes of areas, where they are not named after the kind.
_CODE_COLUMNS = {"team": "team_name", "beat": "beat_code", "lsoa": "lsoa_code"}

NamePlaces = Callable[[pd.DataFrame], pd.DataFrame]


@dataclass(frozen=True, kw_only=True)
class EngagementParams:
    """Limits on engagement suggestions, and the number of thefts that marks a shopping street.

    Attributes
    ----------
    max_per_team
        Largest number of suggestions for one team.
    min_shop_thefts
        Recorded shop thefts in the window from which a street counts as a busy shopping street.
    min_incidents
        Incidents of ASB in the window below which an area is not counted as part of a team's area.
    """

    max_per_team: int = 4
    min_shop_thefts: int = 10
    min_incidents: int = 10

    def __post_init__(self) -> None:
        """Check the limits."""
        if min(self.max_per_team, self.min_shop_thefts, self.min_incidents) < 1:
            raise ParameterError("engagement: max_per_team, min_shop_thefts and min_incidents must be at least 1.")


def suggest_engagement(
    comparison: pd.DataFrame,
    concerns: pd.DataFrame,
    records: pd.DataFrame,
    name_places: NamePlaces,
    params: EngagementParams,
) -> pd.DataFrame:
    """Return engagement suggestions in order of priority (`tables.ENGAGEMENT`).

    Parameters
    ----------
    comparison
        `tables.AREA_COMPARISON`: residents' concerns compared with recorded incidents, by area and place.
    concerns
        Answers with `easting`, `northing`, `issue`, `time_band` and a column of codes for each kind of area.
    records
        The force's own incidents in the window, with the same columns, `category`, `committed_from`, `committed_to`
        and `date_precision`.
    name_places
        Function that adds `name` to places, from the streets around them.
    """
    hidden = _hidden_demand(comparison, concerns, records)
    silent = _areas(comparison[comparison["is_silent"]], "silent", records, concerns)
    few = _few_answers(comparison, records, name_places, params)
    worried = _areas(_high_concern(comparison), "high_concern", records, concerns)
    suggested_teams = {team for part in (hidden, silent, few, worried) for team in part["team_name"]}
    lowest = _areas(_lowest_response(comparison, suggested_teams, params), "lowest_response", records, concerns)
    parts = [part for part in (hidden, silent, few, worried, lowest) if len(part)]
    if not parts:
        return tables.empty(tables.ENGAGEMENT)
    found = pd.concat(parts, ignore_index=True)
    found = found.sort_values("weight", ascending=False, kind="stable").drop_duplicates(["place", "why"])
    rank = found["why"].map(_REASON_RANKS).astype("int64")
    found = found.assign(rank=rank).sort_values(["rank", "weight", "place"], ascending=[True, False, True])
    found = found[found.groupby("team_name", dropna=False).cumcount() < params.max_per_team]
    found = found.assign(suggestion=np.arange(1, len(found) + 1))
    choices = {name: pd.CategoricalDtype(tables.ENGAGEMENT.columns[name].choices) for name in ("way", "why", "family")}
    return tables.conform(found.astype(choices).reset_index(drop=True), tables.ENGAGEMENT)


def _hidden_demand(comparison: pd.DataFrame, concerns: pd.DataFrame, records: pd.DataFrame) -> pd.DataFrame:
    """Suggest a walk and talk around each place with hidden demand."""
    places = comparison[(comparison["kind"] == "place") & (comparison["concern_status"] == "hidden_demand")]
    times, issues = [], []
    for place in places.itertuples():
        nearby = concerns[categories.is_about(concerns["issue"], place.family) & _within(concerns, place)]
        recorded = records[records["category"].isin(categories.FAMILIES[place.family]) & _within(records, place)]
        reported = engagement_times.reported_times(nearby["time_band"])
        times.append(reported or engagement_times.recorded_times(recorded))
        issues.append(categories.ISSUE_LABELS[nearby["issue"].astype("str").mode().iloc[0]])
    sample = "respondent" if surveys.counted_by(concerns).are_people else "answer"
    reasons = [_hidden_reason(place, issue, sample) for place, issue in zip(places.itertuples(), issues, strict=True)]
    return places.assign(
        place="Around " + places["name"], way="walk_and_talk", why="hidden_demand", day_and_time=times, reason=reasons,
        weight=np.log(places["concern_share"]) - np.log(places["incident_ratio"]),
    )  # fmt: skip


def _hidden_reason(place: Any, issue: str, sample: str) -> str:
    """Return why a place with hidden demand is suggested."""
    family = "ASB" if place.family == "asb" else "burglary"
    respondents = f"{place.worried} of {wording.counted(place.answers, sample)} within {place.radius_m:.0f} m"
    return (
        f"{respondents} named {family}, most often: {issue.lower()}. {wording.counted(place.incidents, 'incident')} "
        f"recorded, {wording.percent(place.incident_ratio)} of the number expected for this population. Ask what "
        "happens and why it is not reported."
    )


def _areas(areas: pd.DataFrame, why: str, records: pd.DataFrame, concerns: pd.DataFrame) -> pd.DataFrame:
    """Suggest door knocking, or an online survey, in the smallest known areas of each team."""
    areas = _smallest_areas(areas)
    recorded = records[records["category"].isin(categories.FAMILIES["asb"])]
    reported = concerns[categories.is_about(concerns["issue"], "asb")]
    times = [
        engagement_times.best_times(
            recorded[recorded[column] == area.place_code],
            reported[reported[column] == area.place_code],
            reported[reported["team_name"] == area.team_name],
        )
        for area, column in zip(areas.itertuples(), areas["kind"].astype("str").replace(_CODE_COLUMNS), strict=True)
    ]
    reasons = [
        f"{_answer_rate(area)}. {wording.counted(area.incidents, 'ASB incident')} recorded. {_NEXT_STEPS[why]}"
        for area in areas.itertuples()
    ]
    way = "online" if why == "high_concern" else "door_to_door"
    times = ["Any" if way == "online" else engagement_times.door_knocking_times(words) for words in times]
    weight = areas["incidents"].astype(float)
    return areas.assign(place=areas["name"], way=way, why=why, day_and_time=times, reason=reasons, weight=weight)


_NEXT_STEPS = {
    "silent": "Few responses does not mean few problems: knock on doors.",
    "high_concern": "Most of those who answered are worried: ask more residents.",
    "lowest_response": "This area has the team's lowest response rate.",
}


def _few_answers(
    comparison: pd.DataFrame, records: pd.DataFrame, name_places: NamePlaces, params: EngagementParams
) -> pd.DataFrame:
    """Suggest a street stall, or an online survey, for each team with a low response rate."""
    teams = comparison[(comparison["kind"] == "team") & (comparison["family"] == "asb")]
    no_survey = not teams["answers"].sum()
    teams = teams[teams["incidents"] >= params.min_incidents]
    is_low = teams["is_low_response"] | (teams["response_ratio"] < _LOW_RESPONSE)
    teams = teams[is_low | (teams["concern_status"] == "unknown")]
    rows = [_street_stall(team, records, name_places, params, no_survey) for team in teams.itertuples()]
    return pd.DataFrame(rows) if rows else teams


def _street_stall(
    team: Any, records: pd.DataFrame, name_places: NamePlaces, params: EngagementParams, no_survey: bool
) -> dict[str, object]:
    """Suggest a stall at one team's busiest shops, where many people pass."""
    thefts = records[(records["team_name"] == team.name) & (records["category"] == SHOPLIFTING)]
    shops = _busiest_shops(thefts)
    response = "No survey answers have been received yet." if no_survey else f"{_answer_rate(team)}."
    row = {
        "team_name": team.name, "family": team.family, "answers": team.answers, "incidents": team.incidents,
        "why": "few_answers", "weight": (0.0 if no_survey else -team.response_ratio) + team.incidents / 1e6,
    }  # fmt: skip
    if shops.empty or shops["thefts"].iloc[0] < params.min_shop_thefts:
        online = {"place": team.name, "way": "online", "day_and_time": "Any", "easting": np.nan, "northing": np.nan}
        advice = "No busy shopping street is known: ask online and in parish newsletters."
        return row | online | {"reason": f"{response} {advice}"}
    best = name_places(shops.head(1).reset_index(drop=True)).iloc[0]
    distance_m = np.hypot(thefts["easting"] - best["easting"], thefts["northing"] - best["northing"])
    nearby = thefts[distance_m <= _SHOPS_RADIUS_M]
    return row | {
        "place": str(best["name"]), "way": "high_street", "day_and_time": engagement_times.recorded_times(nearby),
        "easting": best["easting"], "northing": best["northing"],
        "reason": f"{response} The shops here are busy ({wording.counted(len(nearby), 'shop theft')} recorded).",
    }  # fmt: skip


def _busiest_shops(thefts: pd.DataFrame) -> pd.DataFrame:
    """Return shop locations with the `thefts` around them, shopping streets first, then by number of thefts."""
    spots = thefts.value_counts(["easting", "northing"], sort=False).rename("here").reset_index()
    if spots.empty:
        return spots.assign(thefts=0)
    xy = spots[["easting", "northing"]].to_numpy()
    near = cKDTree(xy).query_ball_point(xy, _SHOPS_RADIUS_M)
    here = spots["here"].to_numpy()
    spots = spots.assign(
        thefts=[here[rows].sum() for rows in near], is_street=[len(rows) >= _MIN_SHOPS for rows in near]
    )
    order = ["is_street", "thefts", "here", "easting", "northing"]
    return spots.sort_values(order, ascending=[False, False, False, True, True])


def _high_concern(comparison: pd.DataFrame) -> pd.DataFrame:
    """Return areas with too few answers for a comparison, in which most respondents are worried."""
    areas = comparison[comparison["concern_status"] == "unknown"]
    return areas[(areas["answers"] >= _MIN_ANSWERS) & (areas["worried"] > areas["answers"] / 2) & ~areas["is_silent"]]


def _lowest_response(comparison: pd.DataFrame, suggested_teams: set[str], params: EngagementParams) -> pd.DataFrame:
    """Return the inhabited area with the lowest response rate of each team without another suggestion."""
    teams = comparison[(comparison["kind"] == "team") & (comparison["incidents"] >= params.min_incidents)]
    other_teams = {*teams["name"]} - suggested_teams
    areas = comparison[comparison["team_name"].isin(other_teams) & (comparison["answers_expected"] >= 1)]
    order = ["team_name", "response_ratio", "incidents", "place_code"]
    return _smallest_areas(areas).sort_values(order, ascending=[True, True, False, True]).drop_duplicates("team_name")


def _smallest_areas(areas: pd.DataFrame) -> pd.DataFrame:
    """Return each team's areas of its smallest kind, once: the rows of ASB stand for both families."""
    areas = areas[(areas["family"] == "asb") & areas["kind"].isin(_AREA_KINDS)]
    size = areas["kind"].map({kind: size for size, kind in enumerate(_AREA_KINDS)}).astype("int64")
    return areas[size == size.groupby(areas["team_name"].fillna("")).transform("min")]


def _within(points: pd.DataFrame, place: Any) -> pd.Series:
    """Return whether each point lies within the radius of a place."""
    return np.hypot(points["easting"] - place.easting, points["northing"] - place.northing) <= place.radius_m


def _answer_rate(area: Any) -> str:
    """Return the number of answers and, where the population is known, the number expected."""
    # Fewer than three answers are not counted out, so that nobody is identified.
    few = "Very few answers" if area.answers else "No answers"
    answers = wording.counted(area.answers, "answer") if area.answers >= _MIN_ANSWERS else few
    if not area.people:
        return f"{answers} from this area"
    return f"{answers} from this area, where about {max(area.answers_expected, 1):,.0f} would be expected"
