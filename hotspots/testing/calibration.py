"""Calibration of a list: expected numbers, intervals and chances compared with the observed incidents."""

from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hotspots import period, predictive_distribution, tables
from hotspots.testing import scoring
from hotspots.testing.scoring import EvaluationData

# Areas that expect at least so many are reported separately: below, intervals of whole numbers are too wide.
MANY = 5.0
# An area with a chance above `HIGH_CHANCE` of belonging to the first 20 should be among the first `FIRST` by observed
# incidents in `HIGH_CHANCE_SHARE` of cases; this needs at least two months of data.
HIGH_CHANCE, HIGH_CHANCE_SHARE, FIRST = 0.8, 0.7, 30
MIN_DAYS = 59
ALL_LABEL = "all areas"
MANY_LABEL = "expecting 5 or more"
HIGH_CHANCE_LABEL = "chance above 0.8"
_RANKS_PER_BAND = 10


def check_list(areas: gpd.GeoDataFrame, data: EvaluationData, expected_days: int) -> pd.DataFrame:
    """Compare the statements of one list of one family with the observed incidents.

    Parameters
    ----------
    areas
        Polygons in BNG metres with `rank`, `expected`, `expected_low`, `expected_high` and, optionally, `top_k_chance`
        and `variance` (of the expected rate).
    data
        Observed incidents; where the window is shorter than the horizon, only `top_k_chance` is checked.
    expected_days
        As in `scoring.ScoreParams`.

    Returns
    -------
    DataFrame
        `statement`, `band`, `areas`, `expected`, `observed`, `share` and `promised`, as in `tables.CALIBRATION`.
    """
    areas = areas.sort_values("rank", kind="stable", ignore_index=True)
    window = scoring.expected_window(data.as_of, expected_days)
    rows: list[dict[str, object]] = []
    if len(areas) and window.end <= data.window.end:
        observed = scoring.count_by_area(areas, period.within(data.observed, window))
        rows += _by_rank(areas, observed) + _intervals(areas, observed) + _pit(areas, observed, data.as_of)
    if len(areas) and "top_k_chance" in areas and (data.window.end - data.window.start).days >= MIN_DAYS:
        rows += _high_chances(areas, scoring.count_by_area(areas, data.observed))
    return pd.DataFrame(rows, columns=["statement", "band", "areas", "expected", "observed", "share", "promised"])


def as_table(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """Return checked lists, each with its `basis`, `as_of` and `family`, as `tables.CALIBRATION`."""
    if not parts:
        return tables.empty(tables.CALIBRATION)
    return tables.conform(pd.concat(parts, ignore_index=True).round({"expected": 3, "share": 4}), tables.CALIBRATION)


def pool(calibration: pd.DataFrame) -> pd.DataFrame:
    """Pool the lists of several days: a row for each family, statement and band."""
    counts = calibration.assign(true=calibration["share"] * calibration["areas"])
    counts.loc[counts["statement"] == "pit", "true"] = counts["areas"]
    by = ["family", "statement", "band"]
    sums = counts.groupby(by, observed=True, sort=False).agg(
        areas=("areas", "sum"), expected=("expected", "sum"), observed=("observed", "sum"),
        true=("true", lambda true: true.sum(min_count=1)), promised=("promised", "first"),
    ).reset_index()  # fmt: skip
    total = sums.groupby(["family", "statement"], observed=True)["areas"].transform("sum")
    divisor = sums["areas"].where(sums["statement"] != "pit", total)
    return sums.assign(share=(sums["true"] / divisor).where(divisor > 0)).drop(columns="true")


def _by_rank(areas: gpd.GeoDataFrame, observed: NDArray[np.int64]) -> list[dict[str, object]]:
    """Return expected and observed incidents, for ten ranks at a time."""
    return [
        _row(
            "expected",
            f"{first + 1} to {min(first + _RANKS_PER_BAND, len(areas))}",
            areas,
            observed,
            slice(first, first + _RANKS_PER_BAND),
        )
        for first in range(0, len(areas), _RANKS_PER_BAND)
    ]


def _intervals(areas: gpd.GeoDataFrame, observed: NDArray[np.int64]) -> list[dict[str, object]]:
    """Return the share of intervals that contain the observed number."""
    is_inside = ((observed >= areas["expected_low"]) & (observed <= areas["expected_high"])).to_numpy()
    is_many = (areas["expected"] >= MANY).to_numpy()
    promised = {"promised": predictive_distribution.COVERAGE}
    rows = [_row("interval", ALL_LABEL, areas, observed, np.ones(len(areas), bool), share=is_inside.mean(), **promised)]
    if is_many.any():
        rows.append(_row("interval", MANY_LABEL, areas, observed, is_many, share=is_inside[is_many].mean(), **promised))
    return rows


def _pit(areas: gpd.GeoDataFrame, observed: NDArray[np.int64], as_of: date) -> list[dict[str, object]]:
    """Return the randomised probability integral transform of the observed numbers, by tenths."""
    if "variance" not in areas:
        return []
    values = predictive_distribution.pit(areas["expected"], areas["variance"], observed, seed=as_of.toordinal())
    tenth = np.minimum((values * 10).astype(int), 9)
    return [
        _row("pit", f"{n / 10:.1f} to {(n + 1) / 10:.1f}", areas, observed, tenth == n,
             share=float((tenth == n).mean()), promised=0.1)
        for n in range(10)
    ]  # fmt: skip


def _high_chances(areas: gpd.GeoDataFrame, observed: NDArray[np.int64]) -> list[dict[str, object]]:
    """Return the share of areas with a high chance that were among the first; ties take the last place."""
    is_high = (areas["top_k_chance"] > HIGH_CHANCE).to_numpy()
    if not is_high.any() or len(areas) <= FIRST:
        return []
    rank = (observed[None, :] >= observed[:, None]).sum(axis=1)
    share = float((rank[is_high] <= FIRST).mean())
    return [_row("top_k_chance", HIGH_CHANCE_LABEL, areas, observed, is_high, share=share, promised=HIGH_CHANCE_SHARE)]


def _row(
    statement: str, band: str, areas: gpd.GeoDataFrame, observed: NDArray[np.int64],
    which: slice | NDArray[np.bool_], *, share: float = np.nan, promised: float = np.nan,
) -> dict[str, object]:  # fmt: skip
    """Return one row of the table, for some of the areas."""
    expected = areas["expected"].to_numpy(float)[which]
    counts = {"areas": len(expected), "expected": expected.sum(), "observed": int(observed[which].sum())}
    return {"statement": statement, "band": band, **counts, "share": share, "promised": promised}
