"""DBSCAN's radius and least number by evidence: which choice would have caught most, at equal total area.

Each choice is tried at past dates of the force itself: hotspots are found in the year before, the densest are taken
until the area is used up, and the incidents of the three months after it are counted. At equal area, because tiny
hotspots look best by density alone.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hotspots import neighbours
from hotspots.errors import ParameterError
from hotspots.targeting import clusters
from hotspots.targeting.clusters import DbscanParams
from hotspots.targeting.features import Past

# Areas are counted in squares of this side.
_CELL_M = 25.0
_AHEAD_DAYS = 91
_MONTH_DAYS = 30
# A date needs so many days with data in the year before it.
_LEAST_DAYS = 120
CURVE = ("radius_m", "min_incidents", "origins", "hotspots", "area_m2", "hits", "total", "capture", "is_chosen")


@dataclass(frozen=True, kw_only=True)
class ChoiceParams:
    """What is tried.

    Attributes
    ----------
    radii_m, least
        Every pair of a radius and a least number (in twelve months) is tried.
    area_m2
        Area of all hotspots together; that of 50 circles of 150 m by default.
    reach_share
        How far a hotspot reaches beyond its spots, as a share of the radius.
    origins
        How many past dates, a month apart.
    least_gain
        The default stays unless another pair catches more by this share.
    """

    radii_m: tuple[float, ...] = (100.0, 150.0, 200.0, 250.0)
    least: tuple[int, ...] = (5, 8, 12, 20, 30)
    area_m2: float = 50 * np.pi * 150.0**2
    reach_share: float = 0.5
    origins: int = 4
    least_gain: float = 0.02

    def __post_init__(self) -> None:
        """Check the limits."""
        if not self.radii_m or not self.least or min(*self.radii_m, self.area_m2) <= 0 or min(self.least) < 1:
            raise ParameterError("choice: radii_m, least and area_m2 must be given and greater than 0.")


def choose_clusters(
    spots: pd.DataFrame, past: Past, default: DbscanParams, params: ChoiceParams | None = None
) -> tuple[DbscanParams, pd.DataFrame]:
    """The pair that would have caught most, and the curve of all pairs.

    Parameters
    ----------
    spots
        `easting` and `northing`, metres; the spots of `past`.
    past
        Counts by spot and step.
    default
        Kept where the past is too short (less than two dates with 120 days of data in the year before them) or
        nothing is clearly better.
    params
        What is tried.

    Returns
    -------
    params
        The choice.
    curve
        A row for each pair tried: `origins`, mean `hotspots` and `area_m2` used, `hits` of `total`, `capture` and
        `is_chosen`; empty where nothing could be tried.
    """
    params = params or ChoiceParams()
    origins = _origins(past, params.origins)
    if len(origins) < 2:
        return default, pd.DataFrame(columns=list(CURVE))
    xy = spots[["easting", "northing"]].to_numpy()
    rows = []
    for radius in sorted({*params.radii_m, default.radius_m}):
        near = neighbours.graph(xy[:, 0], xy[:, 1], radius)
        for least in sorted({*params.least, default.min_incidents}):
            tried = [_capture(xy, past, origin, near, DbscanParams(radius_m=radius, min_incidents=least), params)
                     for origin in origins]  # fmt: skip
            found, area, hits, total = np.sum(tried, axis=0)
            rows.append((radius, least, len(tried), found / len(tried), area / len(tried), hits, total, hits / total))
    curve = pd.DataFrame(rows, columns=list(CURVE[:-1])).astype({"hits": "int64", "total": "int64"})
    is_default = (curve["radius_m"] == default.radius_m) & (curve["min_incidents"] == default.min_incidents)
    best = int(curve["capture"].to_numpy().argmax())
    is_better = curve["capture"].iloc[best] > curve.loc[is_default, "capture"].iloc[0] * (1 + params.least_gain)
    chosen = best if is_better else int(is_default.to_numpy().argmax())
    curve = curve.assign(is_chosen=np.arange(len(curve)) == chosen)
    pair = curve.iloc[chosen]
    return DbscanParams(radius_m=float(pair["radius_m"]), min_incidents=int(pair["min_incidents"])), curve


def _origins(past: Past, most: int) -> list[int]:
    """Steps back of dates with something after them and enough data before them."""
    every, ahead = past.steps(_MONTH_DAYS), past.steps(_AHEAD_DAYS)
    fit = [
        origin
        for origin in range(ahead, len(past.observed), every)
        if past.observed[origin - ahead : origin].all()
        and past.observed[origin : origin + past.year].sum() * past.step_days >= _LEAST_DAYS
        and past.family[:, origin - ahead : origin].sum() > 0
    ]
    return fit[:most]


def _capture(
    xy: NDArray, past: Past, origin: int, near: object, pair: DbscanParams, params: ChoiceParams
) -> tuple[float, float, float, float]:
    """Hotspots and area used, incidents caught of all that came, for one pair at one date."""
    window = slice(origin, origin + past.year)
    counts = past.family[:, window].sum(axis=1)
    known = past.observed[window].sum() / past.year
    came = past.family[:, max(origin - past.steps(_AHEAD_DAYS), 0) : origin].sum(axis=1)
    labels = clusters.label_spots(near, counts, max(1, round(pair.min_incidents * known)))
    cells, label = _cells(xy, labels, pair.radius_m * params.reach_share)
    at, is_in = _find(cells, _cell(xy))
    size = max(int(labels.max(initial=-1)) + 1, 1)
    place = label[at[is_in]] if len(label) else np.empty(0, np.int64)
    area = np.bincount(label, minlength=size) * _CELL_M**2
    caught, before = (np.bincount(place, values[is_in], size) for values in (came, counts))
    order = np.argsort(-before / np.maximum(area, 1.0), kind="stable")
    used = np.clip(params.area_m2 - np.append(0.0, area[order].cumsum()[:-1]), 0.0, area[order])
    share = used / np.maximum(area[order], 1.0)
    return float((share > 0).sum()), float(used.sum()), float((caught[order] * share).sum()), float(came.sum())


def _cells(xy: NDArray, labels: NDArray, reach_m: float) -> tuple[NDArray, NDArray]:
    """Squares within reach of clustered spots, sorted, and the cluster of each: the first where several reach it."""
    span = np.arange(-int(reach_m // _CELL_M) - 1, int(reach_m // _CELL_M) + 2)
    across, up = (steps.ravel() * _CELL_M for steps in np.meshgrid(span, span))
    is_near = np.hypot(across, up) <= reach_m
    live = labels >= 0
    steps = np.column_stack([across[is_near], up[is_near]])
    squares = _cell((xy[live][:, None] + steps).reshape(-1, 2))
    cells, first = np.unique(squares, return_index=True)
    return cells, labels[live].repeat(len(steps))[first]


def _cell(xy: NDArray) -> NDArray:
    """Number of the square that each point lies in."""
    column, row = np.floor(xy / _CELL_M).astype(np.int64).T
    return column * 1_000_000 + row


def _find(cells: NDArray, wanted: NDArray) -> tuple[NDArray, NDArray]:
    """Place of each wanted square among sorted ones, and whether it is there."""
    at = np.searchsorted(cells, wanted)
    is_in = at < len(cells)
    is_in[is_in] = cells[at[is_in]] == wanted[is_in]
    return at, is_in
