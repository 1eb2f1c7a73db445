"""Places keep their identity from run to run, and what became of them is said.

What a place is called depends on both runs (new, merged, split, gone) and on the window itself (`trends`: emerging,
fading, persistent, continuing). Where the rules changed between the runs (a radius, months left out, counts revised by
a newer release), a place that came, went, joined or parted is called `rule_changed`: that says nothing of the street.
"""

from collections.abc import Iterator

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from hotspots import categories
from hotspots.targeting.trends import ChangeParams

RULE_CHANGED = "rule_changed"


def match_areas(
    current: gpd.GeoDataFrame, previous: gpd.GeoDataFrame, id_column: str, same_share: float = ChangeParams.same_share
) -> pd.DataFrame:
    """Which current area is which previous one: `current` and `previous` (positions) and `share`, best first.

    Parameters
    ----------
    current, previous
        Outlines of one family, BNG metres; `previous` with its ids.
    same_share
        Least share of the smaller outline that must be common.
    """
    tree = shapely.STRtree(previous.geometry.to_numpy())
    now, then = tree.query(current.geometry.to_numpy(), predicate="intersects")
    new, old = current.geometry.to_numpy()[now], previous.geometry.to_numpy()[then]
    share = shapely.area(shapely.intersection(new, old)) / np.minimum(shapely.area(new), shapely.area(old))
    pairs = pd.DataFrame({"current": now, "previous": then, "share": share, "id": previous[id_column].to_numpy()[then]})
    pairs = pairs[pairs["share"] >= same_share]
    return pairs.sort_values(["share", "id", "current"], ascending=[False, True, True], ignore_index=True)


def carry_ids(
    current: gpd.GeoDataFrame, previous: gpd.GeoDataFrame | None, id_column: str, prefix: str, taken: frozenset[str],
    same_share: float = ChangeParams.same_share,
) -> gpd.GeoDataFrame:  # fmt: skip
    """Areas with their ids: that of the previous area they match best, else a new one.

    Parameters
    ----------
    current
        Areas of one family, in the order in which new ones shall be numbered.
    previous
        The previous run's areas of the family; None on a first run.
    id_column
        Name of the id.
    prefix
        Of new ids: `asb-2025-09` makes `asb-2025-09-0001`.
    taken
        Ids given in earlier runs: none is given again.
    same_share
        As in `match_areas`.

    Returns
    -------
    GeoDataFrame
        The areas with `id_column`, `previous_<id_column>` and `status` (missing on a first run): new, merged, split,
        or continuing.
    """
    ids: list[str | None] = [None] * len(current)
    before: list[str | None] = [None] * len(current)
    status: list[str | None] = [None] * len(current)
    if previous is not None:
        pairs = match_areas(current, previous, id_column, same_share)
        for row in pairs.itertuples():
            if ids[row.current] is None and row.id not in ids:
                ids[row.current] = row.id
        olds = pairs.groupby("current")["previous"].nunique()
        news = pairs.groupby("previous")["current"].nunique()
        best = pairs.drop_duplicates("current").set_index("current")
        for number in range(len(current)):
            before[number] = ids[number] or best["id"].get(number)
            status[number] = _status(number, best, olds, news)
    numbers = _unused(prefix, taken)
    ids = [given or next(numbers) for given in ids]
    changed = {id_column: ids, f"previous_{id_column}": before, "status": status}
    return current.assign(
        **{name: pd.Series(values, index=current.index, dtype="str") for name, values in changed.items()}
    )


def tell_status(areas: gpd.GeoDataFrame, params: ChangeParams, is_comparable: bool = True) -> pd.Series:
    """What became of each area: what both runs say, and for one that stayed what the window says.

    Of a place that stayed, growing or fading is told before how often it stood out.

    Parameters
    ----------
    areas
        With `status` as `carry_ids` gives it and what `trends.attach_trends` adds.
    is_comparable
        Whether both runs followed the same rules; where not, only places that stayed have a status of their own.
    """
    status = areas["status"].astype("str")
    stayed = status == "continuing"
    changed = areas["change_p_value"] < params.p_below
    lasting = areas["months_significant"] >= params.persistent_share * areas["months_seen"] - 1e-9
    status = status.mask(stayed & lasting & (areas["months_seen"] > 0), "persistent")
    status = status.mask(stayed & changed & (areas["rate_ratio"] > 1), "emerging")
    status = status.mask(stayed & changed & (areas["rate_ratio"] < 1), "fading")
    return status if is_comparable else status.mask(status.isin(["new", "merged", "split"]), RULE_CHANGED)


def gone(
    current: gpd.GeoDataFrame, previous: gpd.GeoDataFrame, family: str, same_share: float = ChangeParams.same_share
) -> gpd.GeoDataFrame:
    """The previous run's hotspots of a family that no current one matches, and that were not gone already."""
    previous = previous[(previous["family"] == family) & ~categories.is_gone(previous)].reset_index(drop=True)
    matched = match_areas(current, previous, "hotspot_id", same_share)["previous"]
    left = previous.drop(index=matched.unique())
    return left.assign(previous_hotspot_id=left["hotspot_id"], p_value=float("nan")).reset_index(drop=True)


def _status(number: int, best: pd.DataFrame, olds: pd.Series, news: pd.Series) -> str:
    if number not in best.index:
        return "new"
    if olds[number] > 1:
        return "merged"
    return "split" if news[best["previous"][number]] > 1 else "continuing"


def _unused(prefix: str, taken: frozenset[str]) -> Iterator[str]:
    """New ids in order, none of them taken."""
    number = 0
    while True:
        number += 1
        if f"{prefix}-{number:04d}" not in taken:
            yield f"{prefix}-{number:04d}"
