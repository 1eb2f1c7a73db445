"""DBSCAN's radius and least number by evidence: which choice would have caught most, at equal total area.

Each choice is tried at past dates of the force itself: hotspots are found in the year before, the densest are taken
until the area is used up, and the incidents of the three months after it are counted. At equal area, because tiny
hotspots look best by density alone; and only hotspots of several spots count, because on snapped data a single spot
catches much on no ground at all.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hotspots import categories, neighbour_graph, period
from hotspots.errors import ParameterError
from hotspots.targeting import clusters
from hotspots.targeting import spots as spot_tables
from hotspots.targeting.clusters import DbscanParams
from hotspots.targeting.evidence import Evidence
from hotspots.targeting.forecasting import forecast_features
from hotspots.targeting.forecasting.forecast_features import Past

# Areas are counted in squares of this side.
_CELL_M = 25.0
_AHEAD_DAYS = 91
_MONTH_DAYS = 30
# A date needs so many days with data in the year before it.
_LEAST_DAYS = 120
# Choices are told apart only where the best of them caught so many.
_LEAST_HITS = 30
CURVE = (
    "radius_m", "min_incidents", "origins", "hotspots", "area_m2", "ground_m2", "caught", "total", "capture",
    "is_chosen",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class ClusterParams:
    """How close, and how many, incidents must be to make a hotspot: as given, or chosen on the force's own past.

    Attributes
    ----------
    radius_m
        Incidents at most so far apart are neighbours; left out: chosen on the force's own past.
    min_incidents
        Least number of incidents within the radius, in the whole evidence window; left out: chosen likewise.
    plain_radius_m, plain_min_incidents
        What stands in for the choice where the past is too short for it.
    """

    radius_m: float | None = None
    min_incidents: int | None = None
    plain_radius_m: float = 125.0
    plain_min_incidents: int = 16

    def __post_init__(self) -> None:
        """Check the limits."""
        self.settled()
        DbscanParams(radius_m=self.plain_radius_m, min_incidents=self.plain_min_incidents)

    @property
    def is_given(self) -> bool:
        """Whether there is nothing left to choose."""
        return self.radius_m is not None and self.min_incidents is not None

    def settled(self) -> DbscanParams:
        """What is given, and what stands in for the rest."""
        return DbscanParams(
            radius_m=self.plain_radius_m if self.radius_m is None else self.radius_m,
            min_incidents=self.plain_min_incidents if self.min_incidents is None else self.min_incidents,
        )


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
    least_spots
        A hotspot of fewer spots does not count.
    origins
        How many past dates, a month apart.
    flat_share
        Pairs that catch less than the best by at most this share are as good; of them the one whose hotspots cover
        least ground in all is taken.
    """

    radii_m: tuple[float, ...] = (75.0, 100.0, 125.0, 150.0, 200.0, 250.0)
    least: tuple[int, ...] = (5, 8, 12, 16, 20, 30)
    area_m2: float = 50 * np.pi * 150.0**2
    reach_share: float = 0.5
    least_spots: int = 3
    origins: int = 4
    flat_share: float = 0.03

    def __post_init__(self) -> None:
        """Check the limits."""
        if not self.radii_m or not self.least or min(*self.radii_m, self.area_m2) <= 0 or min(self.least) < 1:
            raise ParameterError("choice: radii_m, least and area_m2 must be given and greater than 0.")

    def within(self, wanted: ClusterParams) -> "ChoiceParams":
        """What is left to try where one of the two is given."""
        radii = self.radii_m if wanted.radius_m is None else (wanted.radius_m,)
        return replace(
            self, radii_m=radii, least=self.least if wanted.min_incidents is None else (wanted.min_incidents,)
        )


def choose_clusters(
    spots: pd.DataFrame, past: Past, default: DbscanParams, params: ChoiceParams | None = None
) -> tuple[DbscanParams, pd.DataFrame]:
    """The pair that would have caught most, and the curve of all pairs.

    Parameters
    ----------
    spots
        `easting` and `northing`, metres; the spots of `past`.
    past
        Counts of the family by spot and step, and the neighbour graph, which reaches every radius tried.
    default
        Kept where the past is too short (less than two dates with 120 days of data in the year before them) or too
        little was caught to tell choices apart.
    params
        What is tried.

    Returns
    -------
    params
        The choice; its least number is for twelve months with data.
    curve
        A row for each pair tried: `origins`, mean `hotspots` and `area_m2` used, mean `ground_m2` of all hotspots,
        `caught` of `total`, `capture` and `is_chosen`; empty where nothing could be tried.
    """
    params = params or ChoiceParams()
    origins = _origins(past, params.origins)
    if len(origins) < 2:
        return default, pd.DataFrame(columns=list(CURVE))
    xy = spots[["easting", "northing"]].to_numpy()
    rows = []
    for radius in sorted({*params.radii_m, default.radius_m}):
        links = neighbour_graph.pairs_of(neighbour_graph.cut(past.distances, radius))
        for least in sorted({*params.least, default.min_incidents}):
            pair = DbscanParams(radius_m=radius, min_incidents=least)
            tried = [_capture(xy, past, origin, links, pair, params) for origin in origins]
            found, area, ground, hits, total = np.sum(tried, axis=0)
            many = len(tried)
            rows.append((radius, least, many, found / many, area / many, ground / many, hits, total, hits / total))
    curve = pd.DataFrame(rows, columns=list(CURVE[:-1])).astype({"total": "int64"})
    is_default = (curve["radius_m"] == default.radius_m) & (curve["min_incidents"] == default.min_incidents)
    is_good = curve["capture"] >= curve["capture"].max() * (1 - params.flat_share)
    compact = curve[is_good].sort_values(["ground_m2", "radius_m", "min_incidents"], ascending=[True, True, False])
    chosen = compact.index[0] if curve["caught"].max() >= _LEAST_HITS else curve.index[is_default][0]
    pair = DbscanParams(
        radius_m=float(curve.loc[chosen, "radius_m"]), min_incidents=int(curve.loc[chosen, "min_incidents"])
    )
    return pair, curve.assign(is_chosen=curve.index == chosen)


def past_counts(evidence: Evidence, family: str, window_months: int) -> tuple[Past, float]:
    """Return the family's counts by spot and step, and how many years of the evidence window have data."""
    sound = evidence.incidents[~evidence.incidents["month"].isin(evidence.left_out[family])]
    steps = period.steps_back(evidence.incidents, evidence.as_of)
    counts = spot_tables.history(evidence.spot, categories.of_family(sound, family), steps, len(evidence.spots))
    observed = spot_tables.observed_steps(sound, steps)
    past = forecast_features.past(counts, np.zeros((len(counts), 0)), observed, steps[1], evidence.near, terms=())
    window = past.observed[: round(past.year * window_months / 12)]
    return past, float(window.sum() / past.year)


def chosen_params(wanted: ClusterParams, curve: pd.DataFrame, years: float) -> DbscanParams:
    """Return the chosen pair, `min_incidents` scaled to the years of data; the defaults for an empty curve."""
    if curve.empty:
        return wanted.settled()
    pair = curve[curve["is_chosen"]].iloc[0]
    least = max(2, round(pair["min_incidents"] * years)) if wanted.min_incidents is None else wanted.min_incidents
    return DbscanParams(radius_m=float(pair["radius_m"]), min_incidents=least)


def graph_radius_m(params: Iterable[ClusterParams]) -> float:
    """Return the radius of the one neighbour graph of a run: as large as any step needs."""
    given = [each.settled().radius_m for each in params]
    return max(forecast_features.REACH_M, *given, *ChoiceParams().radii_m)


def in_words(params: DbscanParams, curve: pd.DataFrame, wanted: ClusterParams) -> str:
    """How the radius and the least number came about, for the method page."""
    said = (
        f"Incidents within {params.radius_m:g} m of each other are neighbours; a hotspot needs {params.min_incidents} "
        "within that distance in the evidence window."
    )
    if wanted.is_given:
        return f"{said} The settings say so."
    if curve.empty:
        return f"{said} The past is too short to choose by: these are plain starting values."
    one = curve[curve["is_chosen"]].iloc[0]
    return (
        f"{said} Chosen from {len(curve)} pairs, each tried on {one['origins']:.0f} past dates: on "
        f"{one['area_m2'] / 1e6:.1f} square kilometres of its densest hotspots this pair caught "
        f"{100 * one['capture']:.1f} in 100 of the incidents of the three months after; over all pairs it was "
        f"{100 * curve['capture'].min():.1f} to {100 * curve['capture'].max():.1f}. Pairs nearly as good as the best "
        "count as equal, and of them the one whose hotspots cover least ground is taken."
    )


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
    xy: NDArray, past: Past, origin: int, links: tuple[NDArray, NDArray], pair: DbscanParams,
    params: ChoiceParams,
) -> tuple[float, float, float, float, float]:  # fmt: skip
    """Hotspots and area used, area of all hotspots, incidents caught of all that came, for one pair at one date."""
    window = slice(origin, origin + past.year)
    counts = past.family[:, window].sum(axis=1)
    known = past.observed[window].sum() / past.year
    came = past.family[:, max(origin - past.steps(_AHEAD_DAYS), 0) : origin].sum(axis=1)
    labels = clusters.label_links(*links, counts, max(1, round(pair.min_incidents * known)))
    labels = _of_several(labels, params.least_spots)
    cells, label = _cells(xy, labels, pair.radius_m * params.reach_share)
    at, is_in = _find(cells, _cell(xy))
    size = max(int(labels.max(initial=-1)) + 1, 1)
    place = label[at[is_in]] if len(label) else np.empty(0, np.int64)
    area = np.bincount(label, minlength=size) * _CELL_M**2
    caught, before = (np.bincount(place, values[is_in], size) for values in (came, counts))
    order = np.argsort(-before / np.maximum(area, 1.0), kind="stable")
    used = np.clip(params.area_m2 - np.append(0.0, area[order].cumsum()[:-1]), 0.0, area[order])
    share = used / np.maximum(area[order], 1.0)
    return (share > 0).sum(), used.sum(), area.sum(), (caught[order] * share).sum(), came.sum()


def _of_several(labels: NDArray, least_spots: int) -> NDArray:
    """Labels without the clusters of fewer spots."""
    sizes = np.bincount(labels[labels >= 0], minlength=1)
    return np.where((labels >= 0) & (sizes[labels] >= least_spots), labels, -1)


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
