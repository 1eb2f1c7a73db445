"""Check rows: inside the force, known on the day of the report, and without duplicate references."""

from datetime import date
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from hotspots import quality


def points_outside(
    easting: NDArray[Any], northing: NDArray[Any], outline: shapely.Geometry, *, neighbour_within_m: float | None = None
) -> NDArray[np.bool_]:
    """Return whether each point is outside the force; a missing point is not.

    A neighbour's incident inside the force's own outline counts as outside, so that all inside are the force's own.

    Parameters
    ----------
    easting, northing
        BNG metres, NaN where missing.
    outline
        Outline of the force, BNG metres.
    neighbour_within_m
        For incidents of a neighbouring force: distance over the border within which they count.
    """
    shapely.prepare(outline)
    is_placed = np.isfinite(easting)
    is_in = shapely.contains_xy(outline, easting, northing)
    if neighbour_within_m is not None:
        points = shapely.points(easting[is_placed], northing[is_placed])
        is_in[is_placed] = shapely.dwithin(outline, points, neighbour_within_m) & ~is_in[is_placed]
    return np.asarray(~is_in & is_placed)


def check_answers(
    rows: gpd.GeoDataFrame, outline: shapely.Geometry, as_of: date, *, same_minutes: int = 0
) -> pd.Series:
    """Return why each survey answer is set aside, or an empty text; answers without a place are kept.

    Parameters
    ----------
    rows
        Answers with their location, and with `content` if `same_minutes` is given.
    outline
        Outline of the force, BNG metres.
    as_of
        Day of the report.
    same_minutes
        Minutes within which an identical answer counts once; 0 keeps all.
    """
    xy = rows.get_coordinates().reindex(rows.index).to_numpy()
    reason = quality.assign_reason(
        rows["reason"],
        after_as_of=is_later(rows["received_at"], as_of),
        outside_force=pd.Series(points_outside(xy[:, 0], xy[:, 1], outline), index=rows.index),
    )
    reason = quality.assign_reason(reason, repeated_id=_is_duplicate(rows, reason, ["answer_id", "received_at"]))
    if not same_minutes:
        return reason
    return quality.assign_reason(reason, same_answer=_is_same_answer(rows, reason, same_minutes))


def check_visits(rows: pd.DataFrame, as_of: date) -> pd.Series:
    """Return why each row of a patrol log is set aside, or an empty text."""
    reason = quality.assign_reason(rows["reason"], after_as_of=is_later(rows["started_at"], as_of))
    return quality.assign_reason(
        reason, repeated_id=_is_duplicate(rows, reason, ["visit_id", "started_at", "ended_at"])
    )


def _is_same_answer(rows: pd.DataFrame, reason: pd.Series, minutes: int) -> pd.Series:
    """Return whether each answer is identical to one at most so many minutes before, of the same respondent or of none.

    Answers at midnight sharp have a day and no time.
    """
    is_timed = (reason == "") & (rows["received_at"] != rows["received_at"].dt.normalize())
    timed = rows.loc[is_timed, ["received_at", "answer_id", "content", "respondent_id"]]
    ordered = timed.sort_values(["received_at", "answer_id"], kind="stable")
    since = ordered.groupby(["content", "respondent_id"], sort=False, dropna=False)["received_at"].diff()
    return (since <= pd.Timedelta(minutes=minutes)).reindex(rows.index, fill_value=False)


def is_later(times: pd.Series, as_of: date) -> pd.Series:
    """Return whether each time is after the end of the day."""
    return times >= pd.Timestamp(as_of) + pd.Timedelta(days=1)


def _is_duplicate(rows: pd.DataFrame, reason: pd.Series, by: list[str]) -> pd.Series:
    """Return whether the id, the first of the columns, is in an earlier row, in the order of the columns."""
    order = rows.loc[reason == "", by].sort_values(by, kind="stable")
    return order[by[0]].duplicated().reindex(rows.index, fill_value=False)
