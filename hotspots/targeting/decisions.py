"""Local decisions: areas that staff exclude, pin, rename or add after the method has ranked the list.

An excluded area goes to the end of the list, a pinned one to the top, a renamed one keeps its rank. An added place is
ranked by its expected incidents, with 0 as `rank_by_method`. The ranks of the method are kept, so both lists can be
compared.
"""

from datetime import date
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from hotspots import crs, findings, location_names, wording
from hotspots.targeting import change, outlines, patrol_areas
from hotspots.targeting.evidence import Evidence
from hotspots.targeting.patrol_areas import PatrolAreaParams

_ACTION_LABELS = {"exclude": "put last", "pin": "put first", "rename": "renamed", "add": "added"}


def current_decisions(decisions: pd.DataFrame, as_of: date) -> tuple[pd.DataFrame, list[dict[str, Any]]]:
    """Return the decisions valid on a day, sorted by id, and a finding on those that have expired."""
    has_expired = decisions["until"].notna() & (decisions["until"] < pd.Timestamp(as_of))
    expired = sorted(decisions.loc[has_expired, "decision_id"])
    found = []
    if expired:
        total = wording.counted(len(decisions), "local decision")
        text = f"{len(expired)} of {total} expired before {as_of}: {', '.join(expired)}."
        found = [findings.finding("expired_decision", text, "Not applied. Renew or delete expired decisions.")]
    return decisions[~has_expired].sort_values("decision_id", ignore_index=True), found


def of_family(decisions: pd.DataFrame, family: str) -> pd.DataFrame:
    """Return the decisions on a family's areas, or on any family; the id of an area names its family."""
    named = decisions["family"].astype("str").fillna(decisions["patrol_area_id"].str.replace("-.*", "", regex=True))
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
    """Return the outlines that decisions add to the list: new places, and pinned areas of earlier runs.

    Parameters
    ----------
    decisions
        Current decisions of one family (`tables.DECISIONS`).
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
        `decision_id`, and the columns of `patrol_areas.describe`. Parts that the list already covers are cut off; a
        place of which less than half is left is not added.
    """
    covered, ids, shapes = list(listed.geometry), [], []
    for row in decisions.itertuples():
        shape = shapely.Polygon()
        if row.decision == "add":
            shape = _around(_point_of(row, names, params), names, params)
        elif row.decision == "pin" and isinstance(row.patrol_area_id, str):
            known = earlier[earlier["patrol_area_id"] == row.patrol_area_id].head(1)
            if len(known) and change.match_areas(listed, known, "patrol_area_id").empty:
                shape = known.geometry.iloc[0]
        shape = shapely.intersection(shape, outline)
        left = outlines.polygons_only(shapely.difference(shape, shapely.union_all(covered)))
        if left.area > shape.area / 2:
            covered.append(left)
            ids.append(row.decision_id)
            shapes.append(left)
    described = patrol_areas.describe(np.array(shapes, dtype=object), params)
    return gpd.GeoDataFrame(described.assign(decision_id=pd.Series(ids, dtype="str")), crs=crs.BNG)


def apply_decisions(
    areas: gpd.GeoDataFrame, decisions: pd.DataFrame
) -> tuple[gpd.GeoDataFrame, list[str], list[dict[str, Any]]]:
    """Apply local decisions to the ranked areas.

    Parameters
    ----------
    areas
        One family's, with `rank`, `patrol_area_id`, `main_location`, and `decision_id` of areas added.
    decisions
        Current decisions of the family.

    Returns
    -------
    areas
        In order of their final `rank`, with `decision` and `decision_words`, missing where nothing was decided.
    matched
        Ids of the decisions that match an area, or several.
    findings
        Decisions that match more than one area and are not applied.
    """
    codes: dict[object, list[str]] = {}
    sentences: dict[object, list[str]] = {}
    names = areas["main_location"].copy()
    matched: list[str] = []
    found: list[dict[str, Any]] = []
    for row in decisions.itertuples():
        matches = _matching_areas(row, areas)
        if len(matches) > 1:
            text = f"Decision {row.decision_id} matches {wording.counted(len(matches), 'area')} named '{row.place}'."
            ids = ", ".join(areas.loc[matches, "patrol_area_id"].astype("str"))
            to_close = f"decisions.csv: give {row.decision_id} the patrol_area_id of one ({ids})"
            advice = "Not applied. Give the patrol_area_id."
            found.append(findings.finding("unclear_decision", text, advice, is_open=True, to_close=to_close))
        if len(matches):
            matched.append(row.decision_id)
        if len(matches) == 1:
            codes.setdefault(matches[0], []).append(row.decision)
            sentences.setdefault(matches[0], []).append(_describe(row))
            name = row.place if row.decision == "add" else _new_name(row) if row.decision == "rename" else None
            if isinstance(name, str):
                names[matches[0]] = name
    code = pd.Series({at: " ".join(each) for at, each in codes.items()}, dtype="str").reindex(areas.index)
    words = pd.Series({at: "; ".join(each) for at, each in sentences.items()}, dtype="str").reindex(areas.index)
    group = np.select([code.str.contains("exclude").fillna(False), code.str.contains("pin").fillna(False)], [2, 0], 1)
    decided = areas.assign(main_location=names, decision=code, decision_words=words, group=group)
    decided = decided.sort_values(["group", "rank"], ignore_index=True).drop(columns="group")
    return decided.assign(rank=np.arange(1, len(decided) + 1)), matched, found


def unused_findings(decisions: pd.DataFrame, matched: set[str]) -> list[dict[str, Any]]:
    """Return a finding on the decisions that match no area of any list."""
    unused = sorted(set(decisions["decision_id"]) - matched)
    if not unused:
        return []
    total = wording.counted(len(decisions), "local decision")
    text = f"{len(unused)} of {total} not applied (no matching area, or no new name): {', '.join(unused)}."
    advice = (
        "Give an area's patrol_area_id or its name in the list; for a place to add, its street or its easting and "
        "northing; to rename an area, new_name."
    )
    to_close = f"decisions.csv: correct or delete {', '.join(unused)}"
    return [findings.finding("unused_decision", text, advice, is_open=True, to_close=to_close)]


def _matching_areas(row: Any, areas: gpd.GeoDataFrame) -> list[Any]:
    """Return the index labels of the areas that a decision matches."""
    if "decision_id" in areas and (areas["decision_id"] == row.decision_id).any():
        return list(areas.index[areas["decision_id"] == row.decision_id])
    if row.decision == "add" or (row.decision == "rename" and _new_name(row) is None):
        return []
    if isinstance(row.patrol_area_id, str):
        return list(areas.index[areas["patrol_area_id"] == row.patrol_area_id])
    if not isinstance(row.place, str):
        return []
    return list(areas.index[areas["main_location"].str.casefold() == row.place.strip().casefold()])


def _new_name(row: Any) -> str | None:
    """Return the new name of a renamed area; None where there is none."""
    if isinstance(row.new_name, str):
        return row.new_name
    return row.place if isinstance(row.place, str) and isinstance(row.patrol_area_id, str) else None


def _describe(row: Any) -> str:
    """Return what was decided, why, by which role and until when."""
    facts = [row.reason]
    facts += [f"decided by {row.decided_by}"] if isinstance(row.decided_by, str) else []
    facts += [f"until {row.until.day}/{row.until.month}/{row.until.year}"] if pd.notna(row.until) else []
    return f"{_ACTION_LABELS[row.decision]} by local decision ({', '.join(facts)})"


def _point_of(row: Any, names: pd.DataFrame, params: PatrolAreaParams) -> NDArray[np.float64] | None:
    """Return the point of a place to add: its easting and northing, else the centre of the records on its street.

    None where no record names the street, or where its records are too far apart for one circle.
    """
    if pd.notna(row.easting) and pd.notna(row.northing):
        return np.array([row.easting, row.northing])
    if not isinstance(row.place, str):
        return None
    is_named = location_names.without_prefix(names["location_text"]).str.casefold() == row.place.strip().casefold()
    at = names.loc[is_named, ["easting", "northing"]].drop_duplicates().to_numpy()
    if not len(at):
        return None
    circle = shapely.minimum_bounding_circle(shapely.multipoints(at))
    is_one = shapely.minimum_bounding_radius(shapely.multipoints(at)) <= 2 * params.max_radius_m
    return shapely.get_coordinates(shapely.centroid(circle))[0] if is_one else None


def _around(point: NDArray[np.float64] | None, names: pd.DataFrame, params: PatrolAreaParams) -> shapely.Geometry:
    """Return the walkable area around a point."""
    if point is None:
        return shapely.Polygon()
    places = np.vstack([names[["easting", "northing"]].drop_duplicates().to_numpy(), point])
    return patrol_areas.walkable(point, places, params)
