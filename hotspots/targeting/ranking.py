"""The order of the list, what it is made of, and why each place is on it."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from hotspots import harm, predictive_distribution, tables
from hotspots.targeting import false_hotspots
from hotspots.targeting.evidence import Evidence
from hotspots.targeting.false_hotspots import FlagParams
from hotspots.targeting.forecasting import expected_incidents
from hotspots.targeting.trends import ChangeParams

# Burglaries of the whole force that weigh as much in an area's mean harm as its own.
PRIOR_BURGLARIES = 10.0
_CONCERN_WORDS = {
    "agreement": "residents nearby name it too",
    "normalised": "fewer residents nearby name it than elsewhere",
}
_UNITS = {"asb": ("report", "reports"), "burglary": ("burglary", "burglaries")}
_TRENDS = {
    "emerging": "growing, against the rest of the force",
    "fading": "shrinking, against the rest of the force",
}
# A hotspot or area is told to stand out where it did in at least this share of months.
_OFTEN = 0.5
# What is recorded around an area is told as its reason where it makes up so much of its score.
_MOSTLY = 0.85


def rank_areas(
    areas: gpd.GeoDataFrame, family: str, top_k: int, force_harm_days: float = np.nan, flags: FlagParams | None = None
) -> gpd.GeoDataFrame:
    """Areas of one family ranked, with their score, its parts and the chance of belonging to the first `top_k`.

    ASB is ranked by expected incidents: it has no harm weight. Burglary is ranked by expected harm, in days: expected
    incidents by the mean harm of the area's burglaries, drawn towards the force's mean. Where the settings say so, the
    score of a flagged place is lowered, all its parts alike. Areas with a `decision_id` were added by people: they are
    ranked among the others, and have 0 as `rank_by_method`.

    Parameters
    ----------
    areas
        As `profiles.profile_areas` gives them.
    family
        `asb` or `burglary`.
    top_k
        How long the list's first part is.
    force_harm_days
        Mean harm of a burglary in the force; for burglary only.
    flags
        What is done about flagged places.

    Returns
    -------
    GeoDataFrame
        The areas in order of `rank`, with `score` and the parts `score_recent`, `score_earlier` and
        `score_nearby` that add up to it, and `top_k_chance`.
    """
    each = np.ones(len(areas))
    if family == "burglary":
        total = areas["harm_days"].fillna(0.0) + PRIOR_BURGLARIES * force_harm_days
        each = (total / (areas["incidents"] + PRIOR_BURGLARIES)).to_numpy()
    if "flags" in areas:
        each = each * false_hotspots.weights(areas["flags"], flags or FlagParams()).to_numpy()
    score = areas["expected"].to_numpy() * each
    ranked = areas.assign(
        score=score,
        **{f"score_{part}": areas[part].to_numpy() * each for part in ("recent", "earlier", "nearby")},
        top_k_chance=predictive_distribution.top_k_chance(score, areas["variance"].to_numpy() * each**2, top_k),
        x=areas.geometry.representative_point().x,
        y=areas.geometry.representative_point().y,
    )
    ranked = ranked.sort_values(["score", "x", "y"], ascending=[False, True, True], ignore_index=True)
    place = np.arange(1, len(ranked) + 1)
    is_added = ranked["decision_id"].notna() if "decision_id" in ranked else pd.Series(False, index=ranked.index)
    by_method = (~is_added).cumsum().where(~is_added, 0)
    return ranked.assign(rank=place, rank_by_method=by_method).drop(columns=["x", "y"])


@dataclass(frozen=True, kw_only=True)
class Periods:
    """The periods of a list in words ("12 months", "the last 3 months", "the next month"), and days ahead."""

    evidence: str
    recently: str
    horizon: str
    horizon_days: float


def periods_of(evidence: Evidence, family: str, window_months: int, horizon_days: int) -> Periods:
    """Return the periods of a family's list in words; months without data, or left out, are not counted."""
    months, incidents = set(evidence.window.months), evidence.incidents
    missing = (months - set(incidents["month"].unique())) | (months & set(evidence.left_out[family]))
    return Periods(
        evidence=f"the {window_months - len(missing)} months with data" if missing else f"{window_months} months",
        recently=f"the last {round(evidence.recent_days[family] / 30.4)} months",
        horizon=expected_incidents.horizon_in_words(incidents, horizon_days),
        horizon_days=expected_incidents.horizon_days(incidents, horizon_days),
    )


def explain_areas(areas: gpd.GeoDataFrame, family: str, periods: Periods, change: ChangeParams) -> pd.Series:
    """Why each ranked area is on the list, in one sentence.

    Parameters
    ----------
    areas
        Ranked, with `recent_incidents`, `hotspot_id`, `concern_status`, `concerns`, `answers`, `flags` and what
        `trends.attach_trends` adds; `surroundings`, `drive_minutes` and `decision_words` where there are any.
    family
        `asb` or `burglary`.
    """
    sentences = []
    for area in areas.to_dict("records"):
        parts = [_recorded(area, family, periods), *_stands_out(area), _concerned(area)]
        parts += [
            false_hotspots.in_words(flag) for flag in str(area["flags"]).split() if isinstance(area["flags"], str)
        ]
        parts += [
            _trend(area, change),
            _rural(area),
            _around(area),
            _expects(area, periods),
            area.get("decision_words"),
        ]
        sentences.append("; ".join(part for part in parts if isinstance(part, str) and part) + ".")
    return pd.Series(sentences, index=areas.index, name="reason", dtype="str")


def _recorded(area: dict, family: str, periods: Periods) -> str:
    """How many were recorded, and how many of them lately."""
    one, many = _UNITS[family]
    count, lately = area["incidents"], area["recent_incidents"]
    if not count:
        is_added = isinstance(area.get("decision_id"), str)
        return f"no {one} in {periods.evidence}{'' if is_added else ', but some before that and around it'}"
    if count == 1:
        return f"1 {one} in {periods.evidence}, {'in' if lately else 'not in'} {periods.recently}"
    share = {0: "none", count: "all"}.get(lately, f"{lately:,}")
    return f"{count:,} {many} in {periods.evidence}, {share} of them in {periods.recently}"


def _stands_out(area: dict) -> list[str]:
    """Whether it is in a hotspot, and in how many months it stood out."""
    parts = ["in a hotspot"] if isinstance(area["hotspot_id"], str) else []
    seen, often = area["months_seen"], area["months_significant"]
    if seen and often >= _OFTEN * seen:
        told = "every" if often == seen else f"{often} of {seen}"
        parts.append(f"busier than what else is recorded there explains in {told} month{'' if often == seen else 's'}")
    return parts


def _trend(area: dict, change: ChangeParams) -> str:
    """Whether it grows or shrinks."""
    if not area["change_p_value"] < change.p_below:
        return ""
    return _TRENDS["emerging" if area["rate_ratio"] > 1 else "fading"]


def _concerned(area: dict) -> str:
    """What residents nearby say."""
    if area["concern_status"] not in _CONCERN_WORDS:
        return ""
    return f"{_CONCERN_WORDS[area['concern_status']]} ({_few(area['concerns'])} of {area['answers']} answers)"


def _rural(area: dict) -> str:
    """That it lies in the country."""
    if area.get("surroundings") == "rural_drive":
        minutes = max(round(area["drive_minutes"]), 1)
        return f"in the country, {minutes} minute{'' if minutes == 1 else 's'} of driving between its stops"
    return "in the country" if area.get("surroundings") == "rural" else ""


def _around(area: dict) -> str:
    """That what is recorded around it, more than its own record, puts it on the list."""
    is_around = area["score_nearby"] >= _MOSTLY * area["score"] > 0
    return "listed mostly for what is recorded around it" if is_around else ""


def _expects(area: dict, periods: Periods) -> str:
    """What to expect: a number, or for a rare thing how long it takes for one to come."""
    low, high, expected = area["expected_low"], area["expected_high"], area["expected"]
    likely = f"{low:.0f} to {high:.0f} likely" if high > low else f"most likely {f'{high:.0f}' if high else 'none'}"
    if expected >= 0.95:
        return f"about {expected:.0f} expected in {periods.horizon} ({likely})"
    days = periods.horizon_days / max(expected, 1e-6)
    weeks, months = round(days / 7), round(days / 30.4)
    if months >= 24:
        return f"{likely} in {periods.horizon}"
    every = "week" if weeks < 2 else f"{weeks} weeks" if days < 60 else f"{months} months"
    return f"about one expected every {every} ({likely} in {periods.horizon})"


def _few(answers: int) -> str:
    """A number of answers; one or two residents are not told apart."""
    return "none" if not answers else "fewer than 3" if answers < 3 else str(answers)


def hotspot_of(areas: gpd.GeoDataFrame, hotspots: gpd.GeoDataFrame) -> pd.Series:
    """Id of the hotspot that covers most of each area, missing where none touches it."""
    area, hotspot = hotspots.sindex.query(areas.geometry, predicate="intersects")
    shared = pd.DataFrame({"area": area, "hotspot_id": hotspots["hotspot_id"].to_numpy()[hotspot]})
    shared["common_m2"] = (
        areas.geometry.iloc[area]
        .reset_index(drop=True)
        .intersection(hotspots.geometry.iloc[hotspot].reset_index(drop=True))
        .area
    )
    shared = shared[shared["common_m2"] > 0].sort_values(
        ["area", "common_m2", "hotspot_id"], ascending=[True, False, True]
    )
    best = shared.drop_duplicates("area").set_index("area")["hotspot_id"]
    return best.reindex(range(len(areas))).set_axis(areas.index).astype("str").rename("hotspot_id")


def mean_harm_days(incidents: pd.DataFrame) -> float:
    """Mean harm of a burglary among these incidents; the reference value where there are none."""
    days = harm.harm_days(incidents).mean()
    return float(days) if np.isfinite(days) else harm.weights()["burglary"]


def finish_areas(areas: gpd.GeoDataFrame, flags: FlagParams | None = None) -> gpd.GeoDataFrame:
    """The ranked areas as the table others read (`tables.PATROL_AREAS`), numbers rounded for reading.

    Flagged places that the settings leave out are not in it; the ranks of the others close up.
    """
    if "flags" in areas:
        areas = areas[false_hotspots.weights(areas["flags"], flags or FlagParams()) > 0]
    by_method = areas["rank_by_method"].where(areas["rank_by_method"] > 0).rank().fillna(0)
    closed = {"rank": areas["rank"].rank().astype("int64"), "rank_by_method": by_method.astype("int64")}
    rounded = {
        name: areas[name].round(4)
        for name in areas.columns
        if name in ("expected", "top_k_chance", "rate_ratio", "drive_minutes") or name.startswith("score")
    }
    rounded |= {"change_p_value": areas["change_p_value"].round(6)} if "change_p_value" in areas else {}
    return tables.conform(areas.assign(**rounded, **closed), tables.PATROL_AREAS)
