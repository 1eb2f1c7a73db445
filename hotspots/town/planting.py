"""Hotspots, a burglary series and near repeats, planted in the background at known places, and lists of the planted."""

from datetime import date, timedelta

import numpy as np
import pandas as pd

from hotspots import period
from hotspots.period import Window
from hotspots.town import crimes, sites, streets, times

TRUTH_COLUMNS = [
    "hotspot_number", "family", "easting", "northing", "radius_m", "ratio", "background", "planted", "is_steady",
    "first_day", "setting", "peak",
]  # fmt: skip
SERIES_RADIUS_M = 200
SERIES_DAYS = 21
NEAR_REPEAT_M = 150
NEAR_REPEAT_DAYS = 11


def plan_hotspots(
    points: pd.DataFrame, background: pd.DataFrame, whole_period: Window, count: int, rng: np.random.Generator
) -> pd.DataFrame:
    """Return the truth of `count` steady hotspots of each family, and of one emerging ASB hotspot.

    Parameters
    ----------
    points
        Street points, with `is_free`.
    background
        All incidents before planting (`type`, `point`, `committed_from`).
    whole_period
        All days of the town.

    Returns
    -------
    DataFrame
        `hotspot_number`, `family`, `easting`, `northing`, `radius_m`, `ratio`, `background`, `planted`, `is_steady`,
        `first_day`, `setting`, `peak`. `background` and `planted` are counts in the last twelve months, or in the
        last three for the emerging hotspot.
    """
    plans = [pd.DataFrame(columns=TRUTH_COLUMNS)]
    for kind in sites.HOTSPOT_TYPES if count else ():
        window = period.evidence_window(whole_period.end - timedelta(days=1), kind.window_months)
        incidents = points.loc[_points_in_window(background, kind.family, window), ["easting", "northing"]]
        others = [plan[["easting", "northing"]] for plan in plans if (plan["family"] == kind.family).any()]
        free = points["is_free"] & sites.is_free(points, pd.concat(others)) if others else points["is_free"]
        number = count if kind.is_steady else 1
        plan = sites.choose_sites(points.assign(is_free=free), incidents, kind, number, rng)
        first_day = _first_days(whole_period, window, kind, number, rng)
        plan = plan.assign(first_day=first_day, peak=rng.choice(kind.peaks, number))
        plans.append(plan)
    hotspots = pd.concat(plans[1:] or plans, ignore_index=True)
    return hotspots.assign(hotspot_number=np.arange(1, len(hotspots) + 1))[TRUTH_COLUMNS]


def plant_hotspot(
    points: pd.DataFrame, hotspot: pd.Series, whole_period: Window, quiet_week: Window, rng: np.random.Generator
) -> pd.DataFrame:
    """Return the incidents of one hotspot: `planted` in its window, and at the same daily rate since its first day."""
    months = 12 if hotspot["is_steady"] else 3
    start = pd.Timestamp(period.evidence_window(whole_period.end - timedelta(days=1), months).start)
    weekdays = times.PEAKS[hotspot["peak"]].weekdays if hotspot["family"] == "asb" else (1,) * 7
    weights = times.day_weights(Window(hotspot["first_day"], whole_period.end), times.TimePattern(weekdays=weekdays))
    if hotspot["family"] == "burglary":
        weights = crimes.exclude_days(weights, quiet_week)
    now, before = weights[weights.index >= start], weights[weights.index < start]
    earlier = round(hotspot["planted"] * before.sum() / now.sum())
    days = np.concatenate(
        [times.draw_stratified_days(before, earlier, rng), times.draw_stratified_days(now, hotspot["planted"], rng)]
    )
    distance_m = streets.distance_m(points, hotspot["easting"], hotspot["northing"])
    inside = np.flatnonzero(distance_m <= hotspot["radius_m"])
    weight = np.exp(-0.5 * (distance_m[inside] / (0.6 * hotspot["radius_m"])) ** 2) * rng.gamma(3, 1 / 3, len(inside))
    where = rng.choice(inside, len(days), p=weight / weight.sum())
    if hotspot["family"] == "burglary":
        drafts = crimes.draft_burglaries(points, where, days, rng, absence=hotspot["peak"])
    else:
        pattern = times.PEAKS[hotspot["peak"]]
        drafts = crimes.draft_incidents(points, "Anti-social behaviour", where, days, rng, pattern=pattern)
    return drafts.assign(hotspot_number=hotspot["hotspot_number"])


def plant_series(points: pd.DataFrame, last_day: date, rng: np.random.Generator) -> pd.DataFrame:
    """Return eight to twelve burglaries of homes by one offender at night, within 400 m and three weeks."""
    is_home = (points["kind"].isin(["houses", "estate", "terraces"]) & points["is_free"]).to_numpy()
    first_home = points.loc[rng.choice(np.flatnonzero(is_home))]
    near = streets.distance_m(points, first_home["easting"], first_home["northing"]) <= SERIES_RADIUS_M
    number = int(rng.integers(8, 13))
    where = rng.choice(np.flatnonzero(is_home & near), number)
    first_day = pd.Timestamp(last_day) - pd.Timedelta(days=int(rng.integers(SERIES_DAYS + 3, 52)))
    between = np.sort(rng.choice(np.arange(1, SERIES_DAYS - 1), number - 2, replace=False))
    days = first_day + pd.to_timedelta(np.concatenate([[0], between, [SERIES_DAYS - 1]]), unit="D")
    drafts = crimes.draft_burglaries(points, where, days.to_numpy(), rng, absence="overnight")
    return drafts.assign(series_number=1)


def plant_near_repeats(
    points: pd.DataFrame, background: pd.DataFrame, share: float, quiet_week: Window, rng: np.random.Generator
) -> pd.DataFrame:
    """Return near repeats of a share of the background's burglaries, within `NEAR_REPEAT_M` and `NEAR_REPEAT_DAYS`."""
    first = background[background["type"] == crimes.TYPE_OF_FAMILY["burglary"]]
    first = first.iloc[np.flatnonzero(rng.random(len(first)) < share)]
    days = first["committed_from"].dt.normalize() + pd.to_timedelta(
        rng.integers(1, NEAR_REPEAT_DAYS, len(first)), unit="D"
    )
    is_quiet = days.between(pd.Timestamp(quiet_week.start), pd.Timestamp(quiet_week.end), inclusive="left")
    first, days = first[~is_quiet], days[~is_quiet]
    where = [
        int(rng.choice(np.flatnonzero(streets.distance_m(points, easting, northing) <= NEAR_REPEAT_M)))
        for easting, northing in points.loc[first["point"], ["easting", "northing"]].to_numpy()
    ]
    return crimes.draft_burglaries(points, np.array(where, dtype=int), days.to_numpy(), rng)


def list_members(incidents: pd.DataFrame, window: Window) -> pd.DataFrame:
    """Return the planted incidents of each hotspot: `hotspot_number`, `reference`, `is_in_window`."""
    members = incidents[incidents["hotspot_number"] > 0]
    members = members.assign(is_in_window=times.is_in(members, window)).sort_values(["hotspot_number", "reference"])
    return members[["hotspot_number", "reference", "is_in_window"]].reset_index(drop=True)


def list_series(incidents: pd.DataFrame) -> pd.DataFrame:
    """Return the burglaries of each series in order of time: `series_number`, `reference`."""
    series = incidents[incidents["series_number"] > 0].sort_values(["series_number", "committed_from"])
    return series[["series_number", "reference"]].reset_index(drop=True)


def count_concerns(concerns: pd.DataFrame, incidents: pd.DataFrame, window: Window) -> pd.DataFrame:
    """Return the planted concerns with `incidents`: ASB recorded within their radius in the last twelve months."""
    asb = incidents[(incidents["type"] == "Anti-social behaviour") & times.is_in(incidents, window)]
    recorded = [
        int((streets.distance_m(asb, place["easting"], place["northing"]) <= place["radius_m"]).sum())
        for place in concerns.to_dict("records")
    ]
    return concerns.assign(incidents=np.array(recorded, dtype="int64"))


def _points_in_window(incidents: pd.DataFrame, family: str, window: Window) -> pd.Series:
    """Return the street points of one family's incidents that began in the window."""
    is_family = incidents["type"] == crimes.TYPE_OF_FAMILY[family]
    return incidents.loc[is_family & times.is_in(incidents, window), "point"]


def _first_days(
    whole_period: Window, window: Window, kind: sites.HotspotType, number: int, rng: np.random.Generator
) -> list[date]:
    """Return each hotspot's first day: for every other steady one the town's own, for the rest a later one."""
    if not kind.is_steady:
        return [window.start] * number
    before = (window.start - whole_period.start).days
    late = rng.integers(before // 4, before // 2 + 1, number)
    return [whole_period.start + timedelta(days=int(days) if n % 2 else 0) for n, days in enumerate(late)]
