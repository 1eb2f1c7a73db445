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

MONTHS_ONLY = "Not known: the records have months only"
TOO_FEW = "Not known: too few records have a time"
SHOPS = "shoplifting"
# The day as police plan it; records and answers are told by these bands.
BANDS = {"morning": (6, 12), "afternoon": (12, 17), "evening": (17, 22), "night": (22, 6)}
_DAYS = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")
_LEAST_TIMES = 10
_LEAST_TICKS = 3
_LONGEST_HOURS = 4
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
    silent = _areas(listening[listening["is_silent"]], "silent", records)
    few = _few(listening, records, name_places, params)
    worried = _areas(_much_worry(listening), "much_worry", records)
    parts = [part for part in (hidden, silent, few, worried) if len(part)]
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


def when_recorded(records: pd.DataFrame) -> str:
    """Days and part of the day in which most of the records began, in words; or why that is not known.

    Records known to more than four hours tell no time.

    Examples
    --------
    >>> times = pd.to_datetime(["2026-03-06 19:30", "2026-03-07 20:15"] * 6)
    >>> when_recorded(pd.DataFrame({"committed_from": times, "committed_to": times, "date_precision": "minute"}))
    'Fridays and Saturdays, in the evening (17:00 to 22:00)'
    """
    if not (records["date_precision"] != "month").any():
        return MONTHS_ONLY
    length = records["committed_to"].fillna(records["committed_from"]) - records["committed_from"]
    timed = records[(records["date_precision"] == "minute") & (length <= pd.Timedelta(hours=_LONGEST_HOURS))]
    begun = timed["committed_from"].dropna()
    if len(begun) < _LEAST_TIMES:
        return TOO_FEW
    band = begun.dt.hour.map(band_of)
    most = max(BANDS, key=lambda name: (band == name).sum() / ((BANDS[name][1] - BANDS[name][0]) % 24))
    by_day = begun[band == most].dt.day_of_week.value_counts().reindex(range(7), fill_value=0)
    busiest = sorted(by_day.sort_values(ascending=False, kind="stable").index[:2])
    days = " and ".join(_DAYS[day] for day in busiest)
    return f"{days}, {_band_in_words(most)}"


def when_ticked(time_bands: pd.Series) -> str:
    """The part of the day that most residents named, in words; empty where too few named one.

    Examples
    --------
    >>> when_ticked(pd.Series(["Evening", "evening", "Evenings", "Any time", None]))
    'in the evening (17:00 to 22:00), residents say'
    """
    said = time_bands.dropna().str.casefold().str.rstrip("s")
    said = said[said.isin([*BANDS, "weekend"])]
    if len(said) < _LEAST_TICKS:
        return ""
    counted = said.value_counts()
    most = min(counted.index, key=lambda name: (-counted[name], name))
    return f"{'at weekends' if most == 'weekend' else _band_in_words(most)}, residents say"


def band_of(hour: int) -> str:
    """The part of the day that an hour belongs to.

    Examples
    --------
    >>> [band_of(hour) for hour in (5, 6, 21, 22)]
    ['night', 'morning', 'evening', 'night']
    """
    return next((name for name, (start, end) in BANDS.items() if start <= hour < end), "night")


def _band_in_words(band: str) -> str:
    start, end = BANDS[band]
    said = "at night" if band == "night" else f"in the {band}"
    return f"{said} ({start:02d}:00 to {end:02d}:00)"


def _hidden(listening: pd.DataFrame, concerns: pd.DataFrame, records: pd.DataFrame) -> pd.DataFrame:
    """Walk and talk around the places where demand is hidden, at the hour that residents name."""
    places = listening[(listening["kind"] == "place") & (listening["concern_status"] == "hidden_demand")]
    when, issues = [], []
    for place in places.itertuples():
        said = concerns[categories.is_about(concerns["issue"], place.family) & _within(concerns, place)]
        recorded = records[records["category"].isin(categories.FAMILIES[place.family]) & _within(records, place)]
        when.append(when_ticked(said["time_band"]) or when_recorded(recorded))
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


def _areas(areas: pd.DataFrame, why: str, records: pd.DataFrame) -> pd.DataFrame:
    """Door to door, or online, in the finest areas of a kind that is known; ASB speaks for both families."""
    areas = areas[(areas["family"] == "asb") & areas["kind"].isin(_FINENESS)]
    finest = next((kind for kind in _FINENESS if (areas["kind"] == kind).any()), "")
    areas = areas[areas["kind"] == finest]
    column = {"team": "team_name", "beat": "beat_code", "lsoa": "lsoa_code"}.get(finest, finest)
    own = records[records["category"].isin(categories.FAMILIES["asb"])]
    when = [when_recorded(own[own[column] == code]) for code in areas["place_code"]]
    reason = [
        f"{_answers(area.answers)} from here, where about {_expected(area)} would be usual for so many people; "
        f"{area.incidents} incidents of ASB are recorded. {_ASKS[why]}"
        for area in areas.itertuples()
    ]
    way = "door_to_door" if why == "silent" else "online"
    weight = areas["incidents"].astype(float)
    return areas.assign(place=areas["name"], way=way, why=why, day_and_time=when, reason=reason, weight=weight)


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
        else f"{_answers(team.answers)} from here, where about {_expected(team)} would be usual for so many people."
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
        "place": str(best["name"]), "way": "high_street", "day_and_time": when_recorded(about),
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
}


def _much_worry(listening: pd.DataFrame) -> pd.DataFrame:
    """Areas with too few answers to say anything, of which most are worried."""
    areas = listening[listening["concern_status"] == "unknown"]
    return areas[(areas["answers"] >= _LEAST_TICKS) & (areas["worried"] > areas["answers"] / 2) & ~areas["is_silent"]]


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


def _expected(area) -> str:  # type: ignore[no-untyped-def]
    """Answers that so many people would usually give."""
    return f"{max(area.answers_expected, 1):.0f}"
