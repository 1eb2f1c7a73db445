"""Rank of patrol areas: the score, its parts, and the reason for each area in words."""

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from hotspots import harm, predictive_distribution, tables, wording
from hotspots.targeting import false_hotspots
from hotspots.targeting.evidence import Evidence
from hotspots.targeting.false_hotspots import FlagParams
from hotspots.targeting.forecasting import expected_incidents

# Burglaries with the force's mean harm that are added to those of each area.
PRIOR_BURGLARIES = 10.0
# `normalised`: significantly fewer respondents are concerned than in the whole force, despite the incidents.
_CONCERN_WORDS = {
    "agreement": "residents nearby are concerned too",
    "normalised": "fewer residents nearby are concerned than elsewhere",
}
_UNITS = {"asb": ("report", "reports"), "burglary": ("burglary", "burglaries")}
_MORE = {"asb": "ASB", "burglary": "burglaries"}
_TRENDS = {
    "emerging": "rising faster than the force average",
    "fading": "falling compared with the force average",
}
# Columns that the list gives with four decimals, besides the scores.
_ROUNDED = ("expected", "top_k_chance", "latest_expected", "rate_ratio", "drive_minutes")
# Significant months are reported where they are at least this share of the months with data.
_MIN_SIGNIFICANT_SHARE = 0.5
_P_BELOW = 0.05  # of a hotspot
# Incidents nearby are given as the reason where they make up at least this share of the score.
_MIN_NEARBY_SHARE = 0.85


def rank_areas(
    areas: gpd.GeoDataFrame, family: str, top_k: int, force_harm_days: float = np.nan, flags: FlagParams | None = None
) -> gpd.GeoDataFrame:
    """Rank the areas of one family, with their score, its parts and the chance of belonging to the first `top_k`.

    ASB is ranked by expected incidents: it has no harm weight. Burglary is ranked by expected harm, in days: expected
    incidents times the mean harm of the area's burglaries, shrunk towards the force's mean. The settings can lower the
    score of a flagged area. Areas with a `decision_id` were added locally: they are ranked among the others, and have
    0 as `rank_by_method`.

    Parameters
    ----------
    areas
        As `profiles.profile_areas` returns them.
    family
        `asb` or `burglary`.
    top_k
        Length of the first part of the list.
    force_harm_days
        Mean harm of a burglary in the force; for burglary only.
    flags
        Actions on flagged areas.

    Returns
    -------
    GeoDataFrame
        The areas in order of `rank`, with `score` and the parts `score_recent`, `score_earlier` and
        `score_nearby` that add up to it, and `top_k_chance`.
    """
    weight = np.ones(len(areas))
    if family == "burglary":
        total = areas["harm_days"].fillna(0.0) + PRIOR_BURGLARIES * force_harm_days
        weight = (total / (areas["incidents"] + PRIOR_BURGLARIES)).to_numpy()
    weight = weight * false_hotspots.weights(areas["flags"], flags or FlagParams()).to_numpy()
    score = areas["expected"].to_numpy() * weight
    ranked = areas.assign(
        score=score,
        **{f"score_{part}": areas[part].to_numpy() * weight for part in ("recent", "earlier", "nearby")},
        top_k_chance=predictive_distribution.top_k_chance(score, areas["variance"].to_numpy() * weight**2, top_k),
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
    """Labels of a list's periods ("12 months", "the last 3 months", "the next month"), and its horizon in days."""

    evidence: str
    recent: str
    horizon: str
    horizon_days: float


def periods_of(evidence: Evidence, family: str, window_months: int, horizon_days: int) -> Periods:
    """Return the periods of a family's list; months without data, or left out, are not counted."""
    months, incidents = set(evidence.window.months), evidence.incidents
    missing = (months - set(incidents["month"].unique())) | (months & set(evidence.left_out[family]))
    seen, days = wording.counted(window_months - len(missing), "month"), evidence.recent_days[family]
    return Periods(
        evidence=f"the {seen} with data" if missing else seen,
        recent=f"the last {round(days / 30.4)} months" if days > 45 else f"the last {wording.counted(days, 'day')}",
        horizon=expected_incidents.horizon_label(incidents, horizon_days),
        horizon_days=expected_incidents.horizon_days(incidents, horizon_days),
    )


def explain_areas(areas: gpd.GeoDataFrame, family: str, periods: Periods) -> pd.Series:
    """Return the reason for each ranked area in one sentence.

    Parameters
    ----------
    areas
        Ranked, with `recent_incidents`, `hotspot_p_value` (of the hotspot that the area is in, else missing),
        `concern_status`, `concerns`, `answers`, `flags`, `status` and what `trends.attach_trends` adds;
        `surroundings`, `drive_minutes` and `decision_words` where there are any.
    family
        `asb` or `burglary`.
    """
    sentences = []
    for area in areas.to_dict("records"):
        parts = [_recorded(area, family, periods), *_significant(area, family), _concerns(area)]
        parts += [
            false_hotspots.flag_label(flag) for flag in str(area["flags"]).split() if isinstance(area["flags"], str)
        ]
        parts += [
            _TRENDS.get(str(area["status"]), ""),
            _rural(area),
            _nearby(area),
            _expected(area, periods),
            area.get("decision_words"),
        ]
        sentences.append("; ".join(part for part in parts if isinstance(part, str) and part) + ".")
    return pd.Series(sentences, index=areas.index, name="reason", dtype="str")


def _recorded(area: dict[str, Any], family: str, periods: Periods) -> str:
    """Return the recorded incidents, and the recent ones among them."""
    one, many = _UNITS[family]
    count, recent = area["incidents"], area["recent_incidents"]
    if not count:
        is_added = isinstance(area.get("decision_id"), str)
        return f"no {one} in {periods.evidence}{'' if is_added else ', but some earlier or nearby'}"
    if count == 1:
        return f"1 {one} in {periods.evidence}, {'in' if recent else 'not in'} {periods.recent}"
    share = {0: "none", count: "all"}.get(recent, f"{recent:,}")
    return f"{count:,} {many} in {periods.evidence}, {share} of them in {periods.recent}"


def _significant(area: dict[str, Any], family: str) -> list[str]:
    """Return whether the area is in a hotspot, and in how many months it had more incidents than expected.

    Only a hotspot that stands out from its surroundings (p < 0.05) is called one.
    """
    p_value = area["hotspot_p_value"]
    parts = [] if pd.isna(p_value) else ["in a hotspot"] if p_value < _P_BELOW else ["busy, as its surroundings are"]
    seen, significant = area["months_seen"], area["months_significant"]
    if seen and significant >= _MIN_SIGNIFICANT_SHARE * seen:
        months = wording.counted(seen, "month")
        parts.append(f"more {_MORE[family]} than expected for this location in {significant} of {months}")
    return parts


def _concerns(area: dict[str, Any]) -> str:
    """Return the concerns of residents nearby."""
    if area["concern_status"] not in _CONCERN_WORDS:
        return ""
    count, respondents = area["concerns"], wording.counted(area["answers"], "respondent")
    # A number that does not single out one or two residents.
    concerned = "none" if not count else "fewer than 3" if count < 3 else str(count)
    return f"{_CONCERN_WORDS[area['concern_status']]} ({concerned} of {respondents})"


def _rural(area: dict[str, Any]) -> str:
    """Return that the area is rural, and how long the drive is."""
    if area.get("surroundings") == "rural_drive":
        minutes = max(round(area["drive_minutes"]), 1)
        return f"rural, {wording.counted(minutes, 'minute')} of driving between its stops"
    return "rural" if area.get("surroundings") == "rural" else ""


def _nearby(area: dict[str, Any]) -> str:
    """Return that incidents nearby, more than its own, put the area on the list."""
    is_nearby = area["score_nearby"] >= _MIN_NEARBY_SHARE * area["score"] > 0
    return "listed mainly because of incidents nearby" if is_nearby else ""


def _expected(area: dict[str, Any], periods: Periods) -> str:
    """Return the expected incidents: a number, or how often one occurs where that is rare."""
    low, high, expected = area["expected_low"], area["expected_high"], area["expected"]
    likely = (
        f"likely range {low:.0f} to {high:.0f}" if high > low else f"most likely {f'{high:.0f}' if high else 'none'}"
    )
    if expected >= 0.95:
        return f"about {expected:.0f} expected in {periods.horizon} ({likely})"
    days = periods.horizon_days / max(expected, 1e-6)
    weeks, months = round(days / 7), round(days / 30.4)
    if months >= 24:
        return f"{likely} in {periods.horizon}"
    every = "week" if weeks < 2 else f"{weeks} weeks" if days < 60 else f"{months} months"
    return f"about 1 expected every {every} ({likely} in {periods.horizon})"


def assign_hotspots(areas: gpd.GeoDataFrame, hotspots: gpd.GeoDataFrame) -> pd.Series:
    """Return the id of the hotspot that covers most of each area, missing where none overlaps it."""
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
    """Return the mean harm of a burglary, in days; the reference value where there are no incidents."""
    days = harm.harm_days(incidents).mean()
    return float(days) if np.isfinite(days) else harm.weights()["burglary"]


def finish_areas(areas: gpd.GeoDataFrame, flags: FlagParams | None = None) -> gpd.GeoDataFrame:
    """Return the ranked areas as `tables.PATROL_AREAS`, with rounded numbers.

    Flagged areas that the settings leave out are dropped; the others are renumbered.
    """
    areas = areas[false_hotspots.weights(areas["flags"], flags or FlagParams()) > 0]
    by_method = areas["rank_by_method"].where(areas["rank_by_method"] > 0).rank().fillna(0)
    ranks = {"rank": areas["rank"].rank().astype("int64"), "rank_by_method": by_method.astype("int64")}
    rounded = {
        name: areas[name].round(4)
        for name in areas.columns
        if name in ("expected", "top_k_chance", "latest_expected", "rate_ratio", "drive_minutes")
        or name.startswith("score")
    }
    rounded |= {"change_p_value": areas["change_p_value"].round(6)} if "change_p_value" in areas else {}
    return tables.conform(areas.assign(**rounded, **ranks), tables.PATROL_AREAS)
