"""Whether what a list said of its own certainty came true: expected numbers, intervals, chances."""

from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hotspots import period, predictive_distribution, tables
from hotspots.testing import scoring
from hotspots.testing.scoring import After

# Areas that expect at least so many are told apart: an interval of whole numbers says little about fewer.
MANY = 5.0
# An area with a chance above `SURE` of belonging to the first 20 ought to be among the first `FIRST` of the list
# by what came, in `SURE_SHARE` of cases; it takes two or three months for that to show.
SURE, SURE_SHARE, FIRST = 0.8, 0.7, 30
LEAST_DAYS = 59
EVERY = "all areas"
OF_MANY = "expecting 5 or more"
OF_SURE = "chance above 0.8"
_RANKS = 10


def check_list(areas: gpd.GeoDataFrame, after: After, expected_days: int) -> pd.DataFrame:
    """What one list of one family promised, and what came.

    Parameters
    ----------
    areas
        Polygons in BNG metres with `rank`, `expected`, `expected_low`, `expected_high` and, where the list says them,
        `top_k_chance` and `variance` (of the expected rate).
    after
        What came; its window holds the days that `expected` is for, or nothing but `top_k_chance` can be checked.
    expected_days
        As in `scoring.ScoreParams`.

    Returns
    -------
    DataFrame
        `statement`, `band`, `areas`, `expected`, `observed`, `share` and `promised`, as in `tables.CALIBRATION`.
    """
    areas = areas.sort_values("rank", kind="stable", ignore_index=True)
    window = scoring.horizon(after.as_of, expected_days)
    rows: list[dict[str, object]] = []
    if len(areas) and window.end <= after.window.end:
        came = scoring.first_in(areas, period.within(after.came, window))
        rows += _by_rank(areas, came) + _intervals(areas, came) + _spread(areas, came, after.as_of)
    if len(areas) and "top_k_chance" in areas and (after.window.end - after.window.start).days >= LEAST_DAYS:
        rows += _sure(areas, scoring.first_in(areas, after.came))
    return pd.DataFrame(rows, columns=["statement", "band", "areas", "expected", "observed", "share", "promised"])


def as_table(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """Checked lists, each with its `basis`, `as_of` and `family`, as the table that others read."""
    if not parts:
        return tables.empty(tables.CALIBRATION)
    return tables.conform(pd.concat(parts, ignore_index=True).round({"expected": 3, "share": 4}), tables.CALIBRATION)


def pool(calibration: pd.DataFrame) -> pd.DataFrame:
    """Lists of several days taken together: a row for each family, statement and band."""
    weighed = calibration.assign(held=calibration["share"] * calibration["areas"])
    weighed.loc[weighed["statement"] == "pit", "held"] = weighed["areas"]
    by = ["family", "statement", "band"]
    sums = weighed.groupby(by, observed=True, sort=False).agg(
        areas=("areas", "sum"), expected=("expected", "sum"), observed=("observed", "sum"),
        held=("held", lambda held: held.sum(min_count=1)), promised=("promised", "first"),
    ).reset_index()  # fmt: skip
    whole = sums.groupby(["family", "statement"], observed=True)["areas"].transform("sum")
    of = sums["areas"].where(sums["statement"] != "pit", whole)
    return sums.assign(share=(sums["held"] / of).where(of > 0)).drop(columns="held")


def _by_rank(areas: gpd.GeoDataFrame, came: NDArray) -> list[dict[str, object]]:
    """Expected and came, for ten ranks at a time."""
    return [
        _row("expected", f"{first + 1} to {min(first + _RANKS, len(areas))}", areas, came, slice(first, first + _RANKS))
        for first in range(0, len(areas), _RANKS)
    ]


def _intervals(areas: gpd.GeoDataFrame, came: NDArray) -> list[dict[str, object]]:
    """How many intervals held the count."""
    held = ((came >= areas["expected_low"]) & (came <= areas["expected_high"])).to_numpy()
    is_many = (areas["expected"] >= MANY).to_numpy()
    promised = {"promised": predictive_distribution.COVERAGE}
    rows = [_row("interval", EVERY, areas, came, np.ones(len(areas), bool), share=held.mean(), **promised)]
    if is_many.any():
        rows.append(_row("interval", OF_MANY, areas, came, is_many, share=held[is_many].mean(), **promised))
    return rows


def _spread(areas: gpd.GeoDataFrame, came: NDArray, as_of: date) -> list[dict[str, object]]:
    """Where in its predicted spread each count fell, by tenths (the randomised probability integral transform)."""
    if "variance" not in areas:
        return []
    fell = predictive_distribution.pit(areas["expected"], areas["variance"], came, seed=as_of.toordinal())
    tenth = np.minimum((fell * 10).astype(int), 9)
    return [
        _row("pit", f"{n / 10:.1f} to {(n + 1) / 10:.1f}", areas, came, tenth == n,
             share=float((tenth == n).mean()), promised=0.1)
        for n in range(10)
    ]  # fmt: skip


def _sure(areas: gpd.GeoDataFrame, came: NDArray) -> list[dict[str, object]]:
    """Areas that were all but sure to belong to the first: how many were busy; ties take the worst place."""
    is_sure = (areas["top_k_chance"] > SURE).to_numpy()
    if not is_sure.any() or len(areas) <= FIRST:
        return []
    place = (came[None, :] >= came[:, None]).sum(axis=1)
    share = float((place[is_sure] <= FIRST).mean())
    return [_row("top_k_chance", OF_SURE, areas, came, is_sure, share=share, promised=SURE_SHARE)]


def _row(
    statement: str, band: str, areas: gpd.GeoDataFrame, came: NDArray, which: slice | NDArray, *,
    share: float = np.nan, promised: float = np.nan,
) -> dict[str, object]:  # fmt: skip
    """One line about some of the areas."""
    expected = areas["expected"].to_numpy(float)[which]
    counts = {"areas": len(expected), "expected": expected.sum(), "observed": int(came[which].sum())}
    return {"statement": statement, "band": band, **counts, "share": share, "promised": promised}
