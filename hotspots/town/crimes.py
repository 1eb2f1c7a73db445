"""Littleham's background incidents of every type, without anything planted.

The number of incidents at a street point depends on its kind of district, on its activity, which all types share, and
on a random factor for each type. So the counts of points vary more than a Poisson distribution with one mean.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from hotspots.period import Window
from hotspots.town import times

KINDS = ("centre", "terraces", "houses", "estate", "industry", "retail", "park", "village")
TIME_COLUMNS = ["committed_from", "committed_to", "recorded_at"]
DRAFT_COLUMNS = ["type", "subtype", "point", *TIME_COLUMNS]

BURGLARY_HOME = "Residential burglary of a home"
BURGLARY_SHED = "Residential burglary of an unconnected building"
BURGLARY_BUSINESS = "Burglary business and community"


@dataclass(frozen=True, kw_only=True)
class IncidentType:
    """One type of incident: its category, its relative risk by kind of district, its times and its subtypes."""

    category: str
    risk: tuple[float, ...]  # at a point, in the order of KINDS
    pattern: times.TimePattern
    subtypes: dict[str, float]
    share: float = 0.0  # of the incidents that are neither ASB nor burglary
    overnight_share: float = 0.0  # recorded as a range from evening to morning


ASB_SUBTYPES = {
    "Rowdy or inconsiderate behaviour": 0.44, "Rowdy or nuisance neighbours": 0.13, "Vehicle nuisance": 0.13,
    "Street drinking": 0.08, "Begging or vagrancy": 0.06, "Noise": 0.05, "Trespass": 0.04,
    "Littering or drug paraphernalia": 0.03, "Animal problems": 0.02, "Fireworks": 0.02,
}  # fmt: skip
BURGLARY_SUBTYPES = {BURGLARY_HOME: 0.66, BURGLARY_SHED: 0.34}

TYPES = {
    "Anti-social behaviour": IncidentType(category="asb", risk=(2.1, 0.75, 0.55, 0.8, 0.45, 1.6, 2.2, 0.75),
                                  pattern=times.ASB, subtypes=ASB_SUBTYPES),
    "Burglary": IncidentType(category="burglary", risk=(0.9, 1.25, 1.0, 1.25, 1.7, 1.1, 0.1, 0.9),
                     pattern=times.ANY_TIME, subtypes=BURGLARY_SUBTYPES),
    "Violence": IncidentType(category="violence", share=0.42, risk=(2.4, 0.9, 0.55, 1.0, 0.3, 0.6, 2.0, 0.8),
                     pattern=times.NIGHT_OUT, subtypes={"With injury": 0.3, "Without injury": 0.5, "Harassment": 0.2}),
    "Shoplifting": IncidentType(category="shoplifting", share=0.13, risk=(5.0, 0.15, 0.08, 0.1, 0.1, 9.0, 0, 0.15),
                        pattern=times.SHOP_HOURS, subtypes={"Theft from shop": 1}),
    "Vehicle crime": IncidentType(category="vehicle_crime", share=0.12, risk=(1.1, 1.2, 0.9, 1.1, 1.6, 1.4, 1.2, 1.1),
                          pattern=times.ANY_TIME, overnight_share=0.6,
                          subtypes={"Theft from vehicle": 0.65, "Theft of vehicle": 0.35}),
    "Criminal damage": IncidentType(category="criminal_damage_arson", share=0.12, overnight_share=0.35,
                            risk=(1.5, 0.9, 0.7, 1.1, 0.7, 0.8, 3.0, 1.0), pattern=times.ANY_TIME,
                            subtypes={"To vehicle": 0.45, "To building": 0.35, "Other damage": 0.17, "Arson": 0.03}),
    "Theft": IncidentType(category="other_theft", share=0.11, risk=(2.2, 0.7, 0.5, 0.6, 1.2, 1.5, 1.8, 1.0),
                  pattern=times.ANY_TIME, subtypes={"Other theft": 0.8, "From the person": 0.2}),
    "Public order": IncidentType(category="public_order", share=0.07, risk=(3.0, 0.7, 0.4, 0.8, 0.2, 1.0, 3.0, 0.65),
                         pattern=times.NIGHT_OUT, subtypes={"Fear or alarm": 0.8, "Affray": 0.2}),
    "Drugs": IncidentType(category="drugs", share=0.03, risk=(2.5, 0.9, 0.3, 1.1, 0.2, 0.4, 2.0, 0.2),
                  pattern=times.NIGHT_OUT, subtypes={"Possession": 0.8, "Supply": 0.2}),
}  # fmt: skip
TYPE_OF_FAMILY = {"asb": "Anti-social behaviour", "burglary": "Burglary"}


def draw_background(
    points: pd.DataFrame, monthly: dict[str, int], window: Window, quiet_week: Window, rng: np.random.Generator
) -> pd.DataFrame:
    """Return incidents of every type over the window, unsorted.

    Parameters
    ----------
    points
        Street points, with `reporting_share`: the share of ASB that is reported.
    monthly
        Average incidents per month of `asb`, `burglary` and `other`.
    quiet_week
        Days without burglaries.

    Returns
    -------
    DataFrame
        `type`, `subtype`, `point` (row of `points`), `committed_from`, `committed_to`, `recorded_at`.
    """
    drafts = []
    months = (window.end - window.start).days / 30.4
    for name, kind in TYPES.items():
        risk = _point_risk(points, kind, rng)
        weeks = (window.end - window.start).days // 7 + 1
        weights = times.day_weights(window, kind.pattern, week_factors=rng.gamma(25, 1 / 25, weeks))
        if kind.category == "burglary":
            weights = exclude_days(weights, quiet_week)
        mean = (monthly["other"] * kind.share if kind.share else monthly[kind.category]) * months
        number = rng.poisson(mean)
        where = rng.choice(len(points), number, p=risk / risk.sum())
        when = times.draw_days(weights, number, rng)
        drafts.append(draft_incidents(points, name, where, when, rng))
    return pd.concat(drafts, ignore_index=True)


def exclude_days(weights: pd.Series, days: Window) -> pd.Series:
    """Return the weights of days, zero within the window."""
    inside = (weights.index >= pd.Timestamp(days.start)) & (weights.index < pd.Timestamp(days.end))
    return weights.where(~inside, 0.0)


def draft_incidents(
    points: pd.DataFrame, name: str, where: np.ndarray, days: np.ndarray, rng: np.random.Generator,
    pattern: times.TimePattern | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Return incidents of one type at given points on given days, with subtypes and times."""
    if name == TYPE_OF_FAMILY["burglary"]:
        return draft_burglaries(points, where, days, rng)
    kind = TYPES[name]
    subtype = rng.choice(list(kind.subtypes), len(where), p=list(kind.subtypes.values()))
    begins = times.draw_datetimes(days, pattern or kind.pattern, rng)
    ends = begins
    if kind.overnight_share:
        is_range = rng.random(len(where)) < kind.overnight_share
        starts, stops = times.draw_absences(days, np.repeat("overnight", len(where)), rng)
        begins, ends = np.where(is_range, starts, begins), np.where(is_range, stops, ends)
    recorded = ends + times.record_delays(len(where), 0.4 if kind.category == "asb" else 5, rng)
    return _drafts(name, subtype, where, begins, ends, recorded)


def draft_burglaries(
    points: pd.DataFrame, where: np.ndarray, days: np.ndarray, rng: np.random.Generator, absence: str | None = None
) -> pd.DataFrame:
    """Return burglaries at given points on given days, all with one absence or with those usual for each building."""
    business_share = points["kind"].map({"centre": 0.75, "industry": 0.97, "retail": 1.0, "park": 1.0}).fillna(0.1)
    is_business = rng.random(len(where)) < business_share.to_numpy()[where]
    homes = rng.choice(list(BURGLARY_SUBTYPES), len(where), p=list(BURGLARY_SUBTYPES.values()))
    subtype = np.where(is_business, BURGLARY_BUSINESS, homes)
    usual = rng.choice(["overnight", "working day", "brief"], len(where), p=[0.5, 0.32, 0.18])
    closed = np.where(rng.random(len(where)) < 0.75, "closed", "brief")
    absences = np.where(is_business, closed, np.where(subtype == BURGLARY_SHED, "overnight", usual))
    is_weekend = pd.DatetimeIndex(days).day_of_week.isin([4, 5]) & (rng.random(len(where)) < 0.25)
    absences = np.where(is_weekend, "weekend", absences)
    if absence is not None:
        subtype, absences = np.repeat(BURGLARY_HOME, len(where)), np.repeat(absence, len(where))
    begins, ends = times.draw_absences(days, absences, rng)
    recorded = ends + times.record_delays(len(where), 3, rng)
    return _drafts(TYPE_OF_FAMILY["burglary"], subtype, where, begins, ends, recorded)


def _point_risk(points: pd.DataFrame, kind: IncidentType, rng: np.random.Generator) -> np.ndarray:
    """Return the weight of each street point for one type of incident."""
    base = points["kind"].map(dict(zip(KINDS, kind.risk, strict=True))) * points["activity"]
    if kind.category == "asb":
        base = base * points["reporting_share"]
    return np.asarray((base * rng.gamma(5, 1 / 5, len(points))).to_numpy())


def _drafts(
    name: str, subtype: np.ndarray, where: np.ndarray, begins: np.ndarray, ends: np.ndarray, recorded: np.ndarray
) -> pd.DataFrame:
    columns = [name, subtype, where, begins, ends, recorded]
    return pd.DataFrame(dict(zip(DRAFT_COLUMNS, columns, strict=True)))
