"""The order of the list, what it is made of, and why each place is on it."""

import geopandas as gpd
import numpy as np
import pandas as pd

from hotspots import chance, harm, tables

# Burglaries of the whole force that weigh as much in an area's mean harm as its own.
PRIOR_BURGLARIES = 10.0
_STATUS_WORDS = {
    "agreement": "residents nearby name it too",
    "normalised": "fewer residents nearby name it than elsewhere",
}
_FLAG_WORDS = {
    "single_spot": "nearly all at one mapped point",
    "police_station": "mostly at a police station",
    "hospital": "mostly at a hospital",
    "prison": "mostly at a prison",
    "court": "mostly at a court",
    "supermarket": "mostly at a supermarket",
    "parking_area": "mostly at a parking area",
    "station": "mostly at a railway station",
}
_UNITS = {"asb": ("report", "reports"), "burglary": ("burglary", "burglaries")}


def rank_areas(areas: gpd.GeoDataFrame, family: str, top_k: int, force_harm_days: float = np.nan) -> gpd.GeoDataFrame:
    """Areas of one family ranked, with their score, its parts and the chance of belonging to the first `top_k`.

    ASB is ranked by expected incidents: it has no harm weight. Burglary is ranked by expected harm, in days: expected
    incidents by the mean harm of the area's burglaries, drawn towards the force's mean.

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
    score = areas["expected"].to_numpy() * each
    ranked = areas.assign(
        score=score,
        **{f"score_{part}": areas[part].to_numpy() * each for part in ("recent", "earlier", "nearby")},
        top_k_chance=chance.top_k_chance(score, areas["variance"].to_numpy() * each**2, top_k),
        x=areas.geometry.representative_point().x,
        y=areas.geometry.representative_point().y,
    )
    ranked = ranked.sort_values(["score", "x", "y"], ascending=[False, True, True], ignore_index=True)
    place = np.arange(1, len(ranked) + 1)
    return ranked.assign(rank=place, rank_by_method=place).drop(columns=["x", "y"])


def explain_areas(areas: gpd.GeoDataFrame, family: str, evidence: str, recently: str, horizon: str) -> pd.Series:
    """Why each ranked area is on the list, in one sentence.

    Parameters
    ----------
    areas
        Ranked, with `recent_incidents`, `hotspot_id`, `concern_status`, `concerns`, `answers` and `flags`.
    family
        `asb` or `burglary`.
    evidence, recently, horizon
        The periods in words: "12 months", "the last 3 months", "the next month".
    """
    one, many = _UNITS[family]
    sentences = []
    for area in areas.itertuples():
        noun = one if area.incidents == 1 else many
        parts = [f"{area.incidents:,} {noun} in {evidence}, {area.recent_incidents:,} of them in {recently}"]
        if not area.incidents:
            parts = [f"no {noun} in {evidence}, but some before that and nearby"]
        if isinstance(area.hotspot_id, str):
            parts.append("in a hotspot")
        if area.concern_status in _STATUS_WORDS:
            parts.append(f"{_STATUS_WORDS[area.concern_status]} ({_few(area.concerns)} of {area.answers} answers)")
        if isinstance(area.flags, str):
            parts += [_FLAG_WORDS[flag] for flag in area.flags.split()]
        expect = f"{area.expected:.1f} expected in {horizon} ({area.expected_low:.0f} to {area.expected_high:.0f})"
        sentences.append(f"{'; '.join(parts)}; {expect}.")
    return pd.Series(sentences, index=areas.index, name="reason", dtype="str")


def _few(answers: int) -> str:
    """A number of answers; one or two residents are not told apart."""
    return "fewer than 3" if answers < 3 else str(answers)


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


def finish_areas(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The ranked areas as the table others read (`tables.PATROL_AREAS`), numbers rounded for reading."""
    rounded = {
        name: areas[name].round(4)
        for name in areas.columns
        if name in ("expected", "top_k_chance") or name.startswith("score")
    }
    return tables.conform(areas.assign(**rounded), tables.PATROL_AREAS)
