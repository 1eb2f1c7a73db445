"""Where to listen next, how, and when: places with much worry and little record, and people nobody has heard.

Each area is suggested once, for the plainest reason. A day and a time are given where answers or dated incidents tell
them; where the data has months only, that is said instead.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from hotspots import categories, tables
from hotspots.errors import ParameterError
from hotspots.tasking import engagement_times

SHOPS = "shoplifting"
_LEAST_TICKS = 3
# So far reaches a row of shops, which has so many places with thefts at least.
_SHOPS_M, _ROW_OF_SHOPS = 200.0, 3
_ORDER = {reason: number for number, reason in enumerate(tables.ENGAGEMENT_REASONS)}
# From the finest area to the widest: somebody can walk through a beat, not through a team's whole area.
_FINENESS = ("beat", "ward", "parish", "lsoa", "team")

NamePlaces = Callable[[pd.DataFrame], pd.DataFrame]


@dataclass(frozen=True, kw_only=True)
class EngagementParams:
    """How many suggestions, and what makes a high street.

    Attributes
    ----------
    most_for_a_team
        Longest list for one team.
    least_shop_thefts
        A place with so many recorded shop thefts in the window is one where people pass: somebody can stand there.
    least_incidents
        An area with fewer incidents of ASB in the window is a scrap of a neighbour's, not a team's.
    """

    most_for_a_team: int = 4
    least_shop_thefts: int = 10
    least_incidents: int = 10

    def __post_init__(self) -> None:
        """Check the limits."""
        if min(self.most_for_a_team, self.least_shop_thefts, self.least_incidents) < 1:
            raise ParameterError(
                "engagement: most_for_a_team, least_shop_thefts and least_incidents must be at least 1."
            )


def suggest(
    listening: pd.DataFrame,
    concerns: pd.DataFrame,
    records: pd.DataFrame,
    name_places: NamePlaces,
    params: EngagementParams,
) -> pd.DataFrame:
    """Suggestions in order (`tables.ENGAGEMENT`).

    Parameters
    ----------
    listening
        `tables.LISTENING`: areas and places with what they say beside the record.
    concerns
        Answers with `easting`, `northing`, `issue`, `time_band` and a column of codes for each kind of area.
    records
        The force's own incidents in the window, with the same columns, `category`, `committed_from`, `committed_to`
        and `date_precision`.
    name_places
        Names places by the streets about them.
    params
        How many.
    """
    hidden = _hidden(listening, concerns, records)
    silent = _areas(listening[listening["is_silent"]], "silent", records, concerns)
    few = _few(listening, records, name_places, params)
    worried = _areas(_much_worry(listening), "much_worry", records, concerns)
    told = {team for part in (hidden, silent, few, worried) for team in part["team_name"]}
    least = _areas(_least_heard(listening, told, params), "least_heard", records, concerns)
    parts = [part for part in (hidden, silent, few, worried, least) if len(part)]
    if not parts:
        return tables.empty(tables.ENGAGEMENT)
    found = pd.concat(parts, ignore_index=True)
    found = found.sort_values("weight", ascending=False, kind="stable").drop_duplicates(["place", "why"])
    rank = found["why"].map(_ORDER).astype("int64")
    found = found.assign(rank=rank).sort_values(["rank", "weight", "place"], ascending=[True, False, True])
    found = found[found.groupby("team_name", dropna=False).cumcount() < params.most_for_a_team]
    found = found.assign(suggestion=np.arange(1, len(found) + 1))
    listed = {name: pd.CategoricalDtype(tables.ENGAGEMENT.columns[name].choices) for name in ("way", "why", "family")}
    return tables.conform(found.astype(listed).reset_index(drop=True), tables.ENGAGEMENT)


def _hidden(listening: pd.DataFrame, concerns: pd.DataFrame, records: pd.DataFrame) -> pd.DataFrame:
    """Walk and talk around the places where demand is hidden, at the hour that residents name."""
    places = listening[(listening["kind"] == "place") & (listening["concern_status"] == "hidden_demand")]
    when, issues = [], []
    for place in places.itertuples():
        said = concerns[categories.is_about(concerns["issue"], place.family) & _within(concerns, place)]
        recorded = records[records["category"].isin(categories.FAMILIES[place.family]) & _within(records, place)]
        when.append(engagement_times.when_ticked(said["time_band"]) or engagement_times.when_recorded(recorded))
        issues.append(categories.ISSUE_LABELS[_commonest(said["issue"].astype("str"))])
    reason = [
        f"{place.worried} of {place.answers} residents within {place.radius_m:.0f} m worry about "
        f"{_short(place.family)}, most of all: {issue.lower()}; {place.incidents} recorded, "
        f"{_ratio(place.incident_ratio)} what is usual for so many people. Ask what happens and why it is not reported."
        for place, issue in zip(places.itertuples(), issues, strict=True)
    ]
    gap = np.log(places["concern_share"]) - np.log(places["incident_ratio"])
    return places.assign(
        place="Around " + places["name"], way="walk_and_talk", why="hidden_demand", day_and_time=when, reason=reason,
        weight=gap,
    )  # fmt: skip


def _areas(areas: pd.DataFrame, why: str, records: pd.DataFrame, concerns: pd.DataFrame) -> pd.DataFrame:
    """Door to door, or online, in each team's finest areas of a kind that is known; ASB speaks for both families."""
    areas = _finest(areas)
    own = records[records["category"].isin(categories.FAMILIES["asb"])]
    said = concerns[categories.is_about(concerns["issue"], "asb")]
    it_happens = [
        engagement_times.when(
            own[own[column] == area.place_code],
            said[said[column] == area.place_code],
            said[said["team_name"] == area.team_name],
        )
        for area, column in zip(areas.itertuples(), areas["kind"].map(_column_of), strict=True)
    ]
    reason = [
        f"{_answers(area.answers)} from here{_usual(area)}; {area.incidents} incidents of ASB are recorded. "
        f"{_ASKS[why]}"
        for area in areas.itertuples()
    ]
    way = "online" if why == "much_worry" else "door_to_door"
    when_to_come = ["Any" if way == "online" else engagement_times.at_doors(when) for when in it_happens]
    weight = areas["incidents"].astype(float)
    return areas.assign(place=areas["name"], way=way, why=why, day_and_time=when_to_come, reason=reason, weight=weight)


def _few(
    listening: pd.DataFrame, records: pd.DataFrame, name_places: NamePlaces, params: EngagementParams
) -> pd.DataFrame:
    """A high street of each team that is heard least, or online where none is known; of all where nobody was asked."""
    teams = listening[(listening["kind"] == "team") & (listening["family"] == "asb")]
    nobody = not teams["answers"].sum()
    teams = teams[teams["incidents"] >= params.least_incidents]
    teams = teams[teams["is_seldom_heard"] | (teams["concern_status"] == "unknown") | (teams["heard_ratio"] < 0.8)]
    parts = [_high_street(team, records, name_places, params, nobody) for team in teams.itertuples()]
    return pd.DataFrame(parts) if parts else teams


def _high_street(team, records: pd.DataFrame, name_places: NamePlaces, params: EngagementParams, nobody: bool) -> dict:  # type: ignore[no-untyped-def]
    """One team's suggestion: the shops about which most shop thefts are recorded, since people pass there."""
    thefts = records[(records["team_name"] == team.name) & (records["category"] == SHOPS)]
    spots = _shops(thefts)
    said = (
        "Nobody here was asked yet: no survey answers were given."
        if nobody
        else f"{_answers(team.answers)} from here{_usual(team)}."
    )
    facts = {
        "team_name": team.name, "family": team.family, "answers": team.answers, "incidents": team.incidents,
        "why": "few_answers", "weight": (0.0 if nobody else -team.heard_ratio) + team.incidents / 1e6,
    }  # fmt: skip
    if spots.empty or spots["thefts"].iloc[0] < params.least_shop_thefts:
        way = {"place": team.name, "way": "online", "day_and_time": "Any", "easting": np.nan, "northing": np.nan}
        return facts | way | {"reason": f"{said} No street with many shops is known: ask online and by parish letter."}
    best = name_places(spots.head(1).reset_index(drop=True)).iloc[0]
    about = thefts[np.hypot(thefts["easting"] - best["easting"], thefts["northing"] - best["northing"]) <= _SHOPS_M]
    return facts | {
        "place": str(best["name"]), "way": "high_street", "day_and_time": engagement_times.when_recorded(about),
        "easting": best["easting"], "northing": best["northing"],
        "reason": f"{said} Shops are busy here ({len(about):,} thefts from shops recorded), so people pass.",
    }  # fmt: skip


def _shops(thefts: pd.DataFrame) -> pd.DataFrame:
    """Spots with `thefts` from shops within reach, a row of shops before a single one, the busiest first."""
    spots = thefts.value_counts(["easting", "northing"], sort=False).rename("here").reset_index()
    if spots.empty:
        return spots.assign(thefts=0)
    xy = spots[["easting", "northing"]].to_numpy()
    near = cKDTree(xy).query_ball_point(xy, _SHOPS_M)
    here = spots["here"].to_numpy()
    spots = spots.assign(
        thefts=[here[rows].sum() for rows in near], is_row=[len(rows) >= _ROW_OF_SHOPS for rows in near]
    )
    order = ["is_row", "thefts", "here", "easting", "northing"]
    return spots.sort_values(order, ascending=[False, False, False, True, True])


_ASKS = {
    "silent": "Knock on doors: silence is not contentment.",
    "much_worry": "Those few who answered worry: ask more of them.",
    "least_heard": "Of this team's areas the one that is heard least.",
}


def _much_worry(listening: pd.DataFrame) -> pd.DataFrame:
    """Areas with too few answers to say anything, of which most are worried."""
    areas = listening[listening["concern_status"] == "unknown"]
    return areas[(areas["answers"] >= _LEAST_TICKS) & (areas["worried"] > areas["answers"] / 2) & ~areas["is_silent"]]


def _least_heard(listening: pd.DataFrame, told: set[str], params: EngagementParams) -> pd.DataFrame:
    """The finest area heard least of each team that has no other suggestion; only where people are known to live."""
    teams = listening[(listening["kind"] == "team") & (listening["incidents"] >= params.least_incidents)]
    areas = listening[listening["team_name"].isin({*teams["name"]} - told) & (listening["answers_expected"] >= 1)]
    order = ["team_name", "heard_ratio", "incidents", "place_code"]
    return _finest(areas).sort_values(order, ascending=[True, True, False, True]).drop_duplicates("team_name")


def _finest(areas: pd.DataFrame) -> pd.DataFrame:
    """Of each team's areas those of the finest kind it has; ASB speaks for both families."""
    areas = areas[(areas["family"] == "asb") & areas["kind"].isin(_FINENESS)]
    fineness = areas["kind"].map({kind: number for number, kind in enumerate(_FINENESS)}).astype("int64")
    return areas[fineness == fineness.groupby(areas["team_name"].fillna("")).transform("min")]


def _column_of(kind: str) -> str:
    """Where records and answers have the code of an area of a kind."""
    return {"team": "team_name", "beat": "beat_code", "lsoa": "lsoa_code"}.get(kind, kind)


def _within(points: pd.DataFrame, place) -> pd.Series:  # type: ignore[no-untyped-def]
    """Whether each point lies near the place."""
    return np.hypot(points["easting"] - place.easting, points["northing"] - place.northing) <= place.radius_m


def _commonest(values: pd.Series) -> str:
    counted = values.value_counts()
    return min(counted.index, key=lambda value: (-counted[value], value))


def _short(family: str) -> str:
    return "ASB" if family == "asb" else "burglary"


def _ratio(ratio: float) -> str:
    """How many times the usual, in words."""
    return f"{ratio:.0%} of".replace("%", " %")


def _answers(count: int) -> str:
    """Few answers without their number."""
    if not count:
        return "No answers"
    return f"{count} answers" if count >= _LEAST_TICKS else "Hardly any answers"


def _usual(area) -> str:  # type: ignore[no-untyped-def]
    """Answers that so many people would usually give; nothing where it is not known who lives there."""
    if not area.people:
        return ""
    return f", where about {max(area.answers_expected, 1):.0f} would be usual for so many people"
