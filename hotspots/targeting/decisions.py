"""Local knowledge: decisions of people who know the place, applied after the method and told beside it.

An excluded area goes to the end of the list, a pinned one to its front, a renamed one keeps its rank; an added place is
ranked by what it expects, with 0 as `rank_by_method`. So what the method said and what people
made of it can both be read, and measured.
"""

from datetime import date
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from hotspots import crs, findings, location_names
from hotspots.targeting import change, outlines, patrol_areas
from hotspots.targeting.evidence import Evidence
from hotspots.targeting.patrol_areas import PatrolAreaParams

_DONE = {"exclude": "put last", "pin": "put first", "rename": "named", "add": "added"}


def in_force(decisions: pd.DataFrame, as_of: date) -> tuple[pd.DataFrame, list[dict]]:
    """The decisions that hold on a day, by their id; those that ran out are told as a finding."""
    is_over = decisions["until"].notna() & (decisions["until"] < pd.Timestamp(as_of))
    over = sorted(decisions.loc[is_over, "decision_id"])
    found = []
    if over:
        said = f"Of {len(decisions)} local decisions {len(over)} ran out before {as_of}: {', '.join(over)}."
        found = [findings.finding("expired_decision", said, "They are not applied. Renew or delete them.")]
    return decisions[~is_over].sort_values("decision_id", ignore_index=True), found


def of_family(decisions: pd.DataFrame, family: str) -> pd.DataFrame:
    """The decisions that can be about a family's areas: an area's id names its family."""
    named = decisions["family"].astype("str").fillna(decisions["patrol_area_id"].str.split("-").str[0])
    return decisions[named.isna() | (named == family)].reset_index(drop=True)


def named_places(evidence: Evidence) -> pd.DataFrame:
    """Return the `easting`, `northing` (metres) and `location_text` of the force's own incidents."""
    own = evidence.incidents[evidence.incidents["is_own_force"]]
    places = evidence.spots.loc[evidence.spot.loc[own.index], ["easting", "northing"]].reset_index(drop=True)
    return places.assign(location_text=own["location_text"].to_numpy())


def places_to_add(
    decisions: pd.DataFrame, listed: gpd.GeoDataFrame, earlier: gpd.GeoDataFrame, names: pd.DataFrame,
    outline: shapely.Geometry, params: PatrolAreaParams,
) -> gpd.GeoDataFrame:  # fmt: skip
    """Outlines that decisions ask for and the list lacks: places to add, and pinned areas of earlier runs.

    Parameters
    ----------
    decisions
        Those in force of one family (`tables.DECISIONS`).
    listed
        The family's areas as the method chose them.
    earlier
        Areas of earlier runs with `patrol_area_id`, the latest first.
    names
        Recorded places: `easting`, `northing` (metres) and `location_text`.
    outline
        The force, BNG metres.

    Returns
    -------
    GeoDataFrame
        `decision_id`, and what `patrol_areas.describe` gives. What the list covers already is cut away; a place of
        which less than half is left is not added.
    """
    taken, ids, shapes = list(listed.geometry), [], []
    for row in decisions.itertuples():
        shape = shapely.Polygon()
        if row.decision == "add":
            shape = _around(_point_of(row, names, params), names, params)
        elif row.decision == "pin" and isinstance(row.patrol_area_id, str):
            known = earlier[earlier["patrol_area_id"] == row.patrol_area_id].head(1)
            if len(known) and change.match_areas(listed, known, "patrol_area_id").empty:
                shape = known.geometry.iloc[0]
        shape = shapely.intersection(shape, outline)
        left = outlines.polygons_only(shapely.difference(shape, shapely.union_all(taken)))
        if left.area > shape.area / 2:
            taken.append(left)
            ids.append(row.decision_id)
            shapes.append(left)
    described = patrol_areas.describe(np.array(shapes, dtype=object), params)
    return gpd.GeoDataFrame(described.assign(decision_id=pd.Series(ids, dtype="str")), crs=crs.BNG)


def apply(areas: gpd.GeoDataFrame, decisions: pd.DataFrame) -> tuple[gpd.GeoDataFrame, list[str], list[dict]]:
    """The ranked areas with the decisions applied, the ids of those that were, and findings.

    Parameters
    ----------
    areas
        One family's, with `rank`, `patrol_area_id`, `main_location`, and `decision_id` of areas added.
    decisions
        Those in force of the family.

    Returns
    -------
    areas
        In order of their final `rank`; `decision` and `decision_words` say what was decided, missing where nothing.
    applied
        Ids of decisions that found their area.
    findings
        Decisions that name more than one area: they are not applied.
    """
    coded: dict[object, list[str]] = {}
    told: dict[object, list[str]] = {}
    names = areas["main_location"].copy()
    applied: list[str] = []
    found: list[dict] = []
    for row in decisions.itertuples():
        hits = _meant(row, areas)
        if len(hits) > 1:
            said = f"Decision {row.decision_id} names '{row.place}', which {len(hits)} areas of the list are called."
            found.append(
                findings.finding("unclear_decision", said, "It is not applied. Give the patrol_area_id.", is_open=True)
            )
        if len(hits):
            applied.append(row.decision_id)
        if len(hits) == 1:
            coded.setdefault(hits[0], []).append(row.decision)
            told.setdefault(hits[0], []).append(_in_words(row))
            name = row.place if row.decision == "add" else _new_name(row) if row.decision == "rename" else None
            if isinstance(name, str):
                names[hits[0]] = name
    code = pd.Series({at: " ".join(done) for at, done in coded.items()}, dtype="str").reindex(areas.index)
    words = pd.Series({at: "; ".join(done) for at, done in told.items()}, dtype="str").reindex(areas.index)
    turn = np.select([code.str.contains("exclude").fillna(False), code.str.contains("pin").fillna(False)], [2, 0], 1)
    decided = areas.assign(main_location=names, decision=code, decision_words=words, turn=turn)
    decided = decided.sort_values(["turn", "rank"], ignore_index=True).drop(columns="turn")
    return decided.assign(rank=np.arange(1, len(decided) + 1)), applied, found


def unused(decisions: pd.DataFrame, applied: set[str]) -> list[dict]:
    """A finding for the decisions that no area of any list answers to."""
    lost = sorted(set(decisions["decision_id"]) - applied)
    if not lost:
        return []
    said = f"Of {len(decisions)} local decisions {len(lost)} found no area of this list, or lack the new name: "
    said += f"{', '.join(lost)}."
    done = (
        "They are not applied. An area is named by its patrol_area_id, or as the list names it; a place to add by its "
        "street or its easting and northing. To rename an area, its new name stands in new_name."
    )
    return [findings.finding("unused_decision", said, done, is_open=True)]


def _meant(row: Any, areas: gpd.GeoDataFrame) -> list:
    """Index labels of the areas that a decision is about."""
    if "decision_id" in areas and (areas["decision_id"] == row.decision_id).any():
        return areas.index[areas["decision_id"] == row.decision_id].tolist()
    if row.decision == "add" or (row.decision == "rename" and _new_name(row) is None):
        return []
    if isinstance(row.patrol_area_id, str):
        return areas.index[areas["patrol_area_id"] == row.patrol_area_id].tolist()
    if not isinstance(row.place, str):
        return []
    return areas.index[areas["main_location"].str.casefold() == row.place.strip().casefold()].tolist()


def _new_name(row: Any) -> str | None:
    """What to call a renamed area; None where nothing is said."""
    if isinstance(row.new_name, str):
        return row.new_name
    return row.place if isinstance(row.place, str) and isinstance(row.patrol_area_id, str) else None


def _in_words(row: Any) -> str:
    """What was decided, why, by which role and until when."""
    facts = [row.reason]
    facts += [f"decided by {row.decided_by}"] if isinstance(row.decided_by, str) else []
    facts += [f"until {row.until.day}/{row.until.month}/{row.until.year}"] if pd.notna(row.until) else []
    return f"{_DONE[row.decision]} by local decision ({', '.join(facts)})"


def _point_of(row: Any, names: pd.DataFrame, params: PatrolAreaParams) -> np.ndarray | None:
    """Where a place to add is: its easting and northing, else the middle of the records that name its street.

    None where nothing is named so, or records so far apart are that no one circle holds them.
    """
    if pd.notna(row.easting) and pd.notna(row.northing):
        return np.array([row.easting, row.northing])
    if not isinstance(row.place, str):
        return None
    called = location_names.without_prefix(names["location_text"]).str.casefold() == row.place.strip().casefold()
    at = names.loc[called, ["easting", "northing"]].drop_duplicates().to_numpy()
    if not len(at):
        return None
    circle = shapely.minimum_bounding_circle(shapely.multipoints(at))
    is_one = shapely.minimum_bounding_radius(shapely.multipoints(at)) <= 2 * params.max_radius_m
    return shapely.get_coordinates(shapely.centroid(circle))[0] if is_one else None


def _around(point: np.ndarray | None, names: pd.DataFrame, params: PatrolAreaParams) -> shapely.Geometry:
    """What is walked around a point: the ground near recorded places, or near the point where none is."""
    if point is None:
        return shapely.Polygon()
    places = np.vstack([names[["easting", "northing"]].drop_duplicates().to_numpy(), point])
    return patrol_areas.walkable(point, places, params)
