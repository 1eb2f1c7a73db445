"""Grid search for DBSCAN's radius and `min_incidents`: the pair that captures most later incidents at equal area.

Each pair is tried at past dates of the force: hotspots are found in the year before, the densest are taken up to a
total area, and the incidents of the three months after in them are counted. The area is equal because very small
hotspots are best by density alone. Only hotspots of several spots count, because on snapped data a single spot captures
many incidents in almost no area. `min_incidents` is chosen as a rate, incidents a month with data, so it does not
depend on the length of the record.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hotspots import neighbour_graph, wording
from hotspots.errors import ParameterError
from hotspots.targeting import limited_clusters
from hotspots.targeting.clusters import DbscanParams
from hotspots.targeting.forecasting import forecast_features
from hotspots.targeting.forecasting.forecast_features import PastCounts
from hotspots.targeting.limited_clusters import CELL_M, Places

_AHEAD_DAYS = 91
_MONTH_DAYS = 30
# A past date needs so many days with data in the year before it.
_MIN_DAYS = 120
# Pairs are compared only where the best of them captured so many incidents.
_MIN_HITS = 30
# Fewest incidents of a cluster where the rate is chosen: one more than the dimensions (Ester and others 1996).
_MIN_POINTS = 3
_YEAR_MONTHS = 12
CURVE = (
    "radius_m", "min_incidents", "origins", "hotspots", "area_m2", "total_area_m2", "captured", "total", "capture",
    "is_chosen",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class ClusterParams:
    """DBSCAN's parameters, as set by the force or chosen by grid search on its own past.

    Attributes
    ----------
    radius_m
        Maximum distance between neighbouring incidents, metres; chosen by grid search if not set.
    min_incidents
        Minimum number of incidents within the radius, in the whole evidence window; chosen by grid search if not set.
    default_radius_m, default_min_incidents
        Used where the past is too short for a grid search; the minimum is for twelve months with data, and
        proportionally lower where fewer have data.
    max_area_ha
        A hotspot with a larger outline is split: clustered again by itself at a smaller radius. In hectares; 0 for no
        limit.
    """

    radius_m: float | None = None
    min_incidents: int | None = None
    default_radius_m: float = 125.0
    default_min_incidents: int = 16
    max_area_ha: float = 25.0

    def __post_init__(self) -> None:
        """Check the limits."""
        replace(self.resolved(), radius_m=self.default_radius_m, min_incidents=self.default_min_incidents)

    @property
    def is_set(self) -> bool:
        """Whether both parameters are set."""
        return self.radius_m is not None and self.min_incidents is not None

    def resolved(self) -> DbscanParams:
        """Return the parameters that are set, with the defaults for the others."""
        return DbscanParams(
            radius_m=self.default_radius_m if self.radius_m is None else self.radius_m,
            min_incidents=self.default_min_incidents if self.min_incidents is None else self.min_incidents,
            max_area_ha=self.max_area_ha,
        )


@dataclass(frozen=True, kw_only=True)
class GridSearchParams:
    """Grid of parameters, and how pairs are compared.

    Attributes
    ----------
    radii_m, min_incidents
        Every pair of a radius and a minimum number of incidents (in twelve months) is tried.
    area_m2
        Total area of the hotspots compared; that of 50 circles of 150 m by default.
    buffer_share
        Buffer of a hotspot around its spots, as a share of the radius.
    min_spots
        Hotspots of fewer spots are not counted.
    origins
        Number of past dates, a month apart.
    tolerance_share
        Pairs that capture less than the best by at most this share count as equal; of them the one with the smallest
        hotspots in total is chosen.
    """

    radii_m: tuple[float, ...] = (75.0, 100.0, 125.0, 150.0, 200.0, 250.0)
    min_incidents: tuple[int, ...] = (5, 8, 12, 16, 20, 30)
    area_m2: float = 50 * np.pi * 150.0**2
    buffer_share: float = 0.5
    min_spots: int = 3
    origins: int = 4
    tolerance_share: float = 0.03

    def __post_init__(self) -> None:
        """Check the limits."""
        if not self.radii_m or not self.min_incidents or min(*self.radii_m, self.area_m2, *self.min_incidents) <= 0:
            raise ParameterError("grid search: radii_m, min_incidents and area_m2 must be given and greater than 0.")

    def restricted_to(self, wanted: ClusterParams) -> "GridSearchParams":
        """Return the grid with a parameter that is set in place of its values."""
        radii = self.radii_m if wanted.radius_m is None else (wanted.radius_m,)
        numbers = self.min_incidents if wanted.min_incidents is None else (wanted.min_incidents,)
        return replace(self, radii_m=radii, min_incidents=numbers)


def choose_clusters(
    spots: pd.DataFrame, past: PastCounts, default: DbscanParams, params: GridSearchParams | None = None
) -> pd.DataFrame:
    """Return the capture of all pairs, and which of them is chosen because it captures most incidents.

    Parameters
    ----------
    spots
        `easting` and `northing`, metres; the spots of `past`.
    past
        Counts of the family by spot and step, and the neighbour graph up to the largest radius tried.
    default
        Chosen where too few incidents were captured to compare pairs.

    Returns
    -------
    DataFrame
        A row for each pair tried, `min_incidents` for twelve months with data: `origins`, mean `hotspots` and `area_m2`
        counted, mean `total_area_m2` of all hotspots, `captured` of `total`, `capture` and `is_chosen`; empty where the
        past is too short (fewer than two dates with 120 days of data in the year before them).
    """
    params = params or GridSearchParams()
    origins = _origins(past, params.origins)
    if len(origins) < 2:
        return pd.DataFrame(columns=list(CURVE))
    xy = spots[["easting", "northing"]].to_numpy()
    rows = []
    for radius in sorted({*params.radii_m, default.radius_m}):
        links = neighbour_graph.graph_pairs(neighbour_graph.within_radius(past.distances, radius))
        places = limited_clusters.Places(xy, *links)
        for number in sorted({*params.min_incidents, default.min_incidents}):
            pair = replace(default, radius_m=radius, min_incidents=number)
            results = [_capture(past, origin, places, pair, params) for origin in origins]
            hotspots, area, full_area, hits, total = np.sum(results, axis=0)
            dates = len(results)
            means = (hotspots / dates, area / dates, full_area / dates)
            rows.append((radius, number, dates, *means, hits, total, hits / total))
    curve = pd.DataFrame(rows, columns=list(CURVE[:-1])).astype({"total": "int64"})
    is_default = (curve["radius_m"] == default.radius_m) & (curve["min_incidents"] == default.min_incidents)
    is_good = curve["capture"] >= curve["capture"].max() * (1 - params.tolerance_share)
    compact = curve[is_good].sort_values(["total_area_m2", "radius_m", "min_incidents"], ascending=[True, True, False])
    chosen = compact.index[0] if curve["captured"].max() >= _MIN_HITS else curve.index[is_default][0]
    return curve.assign(is_chosen=curve.index == chosen)


def months_with_data(past: PastCounts, window_months: int, steps_back: int = 0) -> float:
    """Return how many months of the evidence window have data, or of the one that ended some steps earlier."""
    length = round(past.year * window_months / _YEAR_MONTHS)
    return float(_YEAR_MONTHS * past.observed[steps_back : steps_back + length].sum() / past.year)


def chosen_params(wanted: ClusterParams, curve: pd.DataFrame, months: float) -> DbscanParams:
    """Return the chosen pair, `min_incidents` for the months with data; what is set stays.

    Parameters
    ----------
    wanted
        As set.
    curve
        As `choose_clusters` returns it; empty for the defaults.
    months
        Months of the evidence window with data.
    """
    pair = wanted.resolved()
    if len(curve):
        best = curve[curve["is_chosen"]].iloc[0]
        pair = replace(pair, radius_m=float(best["radius_m"]), min_incidents=int(best["min_incidents"]))
    if wanted.min_incidents is not None:
        return replace(pair, min_incidents=wanted.min_incidents)
    return replace(pair, min_incidents=max(_MIN_POINTS, round(pair.min_incidents * months / _YEAR_MONTHS)))


def at_same_rate(params: DbscanParams, months: float, other_months: float) -> DbscanParams:
    """Return the parameters of a window with other months of data, at no lower a rate of incidents a month."""
    number = np.ceil(params.min_incidents * other_months / max(months, 1e-9) - 1e-9) if other_months else 1
    return replace(params, min_incidents=max(1, int(number)))


def graph_radius_m(params: Iterable[ClusterParams]) -> float:
    """Return the radius of the one neighbour graph of a run: as large as any step needs."""
    radii = [each.resolved().radius_m for each in params]
    return max(forecast_features.MAX_DISTANCE_M, *radii, *GridSearchParams().radii_m)


def describe_choice(params: DbscanParams, curve: pd.DataFrame, wanted: ClusterParams) -> str:
    """Return how the parameters were chosen, for the method page."""
    number = wording.counted(params.min_incidents, "incident")
    sentence = f"A hotspot has at least {number} within {params.radius_m:g} m in the evidence window."
    if wanted.is_set:
        return f"{sentence} Both values come from the settings."
    if curve.empty:
        return f"{sentence} These are default values: the past is too short to choose them by accuracy."
    best = curve[curve["is_chosen"]].iloc[0]
    return (
        f"{sentence} These values were chosen from {len(curve)} pairs, each tried on {best['origins']:.0f} past dates. "
        f"The densest {best['area_m2'] / 1e6:.1f} square kilometres of their hotspots captured "
        f"{wording.percent(best['capture'], 1)} of the incidents of the following three months; all pairs captured "
        f"{100 * curve['capture'].min():.1f} to {wording.percent(curve['capture'].max(), 1)}. Of nearly equal pairs, "
        "the one with the smallest hotspots was chosen."
    )


def _origins(past: PastCounts, count: int) -> list[int]:
    """Return the steps back of past dates with incidents after them and enough data before them."""
    every, ahead = past.steps(_MONTH_DAYS), past.steps(_AHEAD_DAYS)
    suitable = [
        origin
        for origin in range(ahead, len(past.observed), every)
        if past.observed[origin - ahead : origin].all()
        and past.observed[origin : origin + past.year].sum() * past.step_days >= _MIN_DAYS
        and past.family[:, origin - ahead : origin].sum() > 0
    ]
    return suitable[:count]


def _capture(
    past: PastCounts, origin: int, places: Places, pair: DbscanParams, params: GridSearchParams
) -> tuple[float, float, float, float, float]:
    """Return hotspots and area counted, area of all hotspots, incidents captured and observed, for a pair at a date."""
    window = slice(origin, origin + past.year)
    counts = past.family[:, window].sum(axis=1)
    years = past.observed[window].sum() / past.year
    observed = past.family[:, max(origin - past.steps(_AHEAD_DAYS), 0) : origin].sum(axis=1)
    pair = replace(pair, min_incidents=max(1, round(pair.min_incidents * years)))
    labels, radius_m, _ = limited_clusters.cluster_spots(places, counts, pair, params.buffer_share)
    labels = _drop_small(labels, params.min_spots)
    cells, label = _buffer_cells(places.xy, labels, radius_m * params.buffer_share)
    at = pd.Index(cells).get_indexer(_cell_numbers(places.xy))
    is_in = at >= 0
    size = max(len(radius_m), 1)
    cluster = label[at[is_in]] if len(label) else np.empty(0, np.int64)
    area = np.bincount(label, minlength=size) * CELL_M**2
    captured, before = (np.bincount(cluster, values[is_in], size) for values in (observed, counts))
    order = np.argsort(-before / np.maximum(area, 1.0), kind="stable")
    used = np.clip(params.area_m2 - np.append(0.0, area[order].cumsum()[:-1]), 0.0, area[order])
    share = used / np.maximum(area[order], 1.0)
    return (share > 0).sum(), used.sum(), area.sum(), (captured[order] * share).sum(), observed.sum()


def _drop_small(labels: NDArray[np.int64], min_spots: int) -> NDArray[np.int64]:
    """Return the labels without clusters of fewer spots."""
    sizes = np.bincount(labels[labels >= 0], minlength=1)
    return np.where((labels >= 0) & (sizes[labels] >= min_spots), labels, -1)


def _buffer_cells(
    xy: NDArray[np.float64], labels: NDArray[np.int64], buffer_m: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the squares within the buffers of clusters, sorted, with one cluster of each: first the widest buffers."""
    numbers, owners = [], []
    for width in np.unique(buffer_m)[::-1]:
        spots = np.flatnonzero((labels >= 0) & (buffer_m[labels] == width))
        steps = limited_clusters.disc(width) * CELL_M
        numbers.append(_cell_numbers((xy[spots][:, None] + steps).reshape(-1, 2)))
        owners.append(labels[spots].repeat(len(steps)))
    if not numbers:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    cells, first = np.unique(np.concatenate(numbers), return_index=True)
    return cells, np.concatenate(owners)[first]


def _cell_numbers(xy: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the number of the square that contains each point."""
    column, row = np.floor(xy / CELL_M).astype(np.int64).T
    return np.asarray(column * 1_000_000 + row, np.int64)
