"""Identity and status of areas from run to run.

The status comes from a comparison with the previous run (new, merged, split, gone) and, for areas in both runs, from
the evidence window (`trends`: emerging, fading, persistent, continuing). Where the rules changed between the runs (a
radius, months left out, revised counts), new, ended, merged and split areas have the status `rule_changed`, because
the change may be due to the rules.
"""

import itertools

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
    """Match current areas with previous ones: `current` and `previous` (positions) and `share`, best first.

    Parameters
    ----------
    current, previous
        Outlines of one family, BNG metres; `previous` with its ids.
    same_share
        Minimum share of the smaller outline that both have in common.
    """
    tree = shapely.STRtree(previous.geometry.to_numpy())
    current_at, previous_at = tree.query(current.geometry.to_numpy(), predicate="intersects")
    new, old = current.geometry.to_numpy()[current_at], previous.geometry.to_numpy()[previous_at]
    share = shapely.area(shapely.intersection(new, old)) / np.minimum(shapely.area(new), shapely.area(old))
    ids = previous[id_column].to_numpy()[previous_at]
    pairs = pd.DataFrame({"current": current_at, "previous": previous_at, "share": share, "id": ids})
    pairs = pairs[pairs["share"] >= same_share]
    return pairs.sort_values(["share", "id", "current"], ascending=[False, True, True], ignore_index=True)


def carry_ids(
    current: gpd.GeoDataFrame, previous: gpd.GeoDataFrame | None, id_column: str, prefix: str, taken: frozenset[str],
    same_share: float = ChangeParams.same_share,
) -> gpd.GeoDataFrame:  # fmt: skip
    """Give each area the id of the previous area that it matches best, or a new one.

    Parameters
    ----------
    current
        Areas of one family, in the order in which new ones are numbered.
    previous
        The previous run's areas of the family; None on a first run.
    id_column
        Name of the id.
    prefix
        Of new ids: `asb-2025-09` makes `asb-2025-09-0001`.
    taken
        Ids of earlier runs, which are not used again.
    same_share
        As in `match_areas`.

    Returns
    -------
    GeoDataFrame
        The areas with `id_column`, `previous_<id_column>` and `status` (missing on a first run): new, merged, split,
        or continuing.
    """
    ids: list[str | None] = [None] * len(current)
    previous_ids: list[str | None] = [None] * len(current)
    status: list[str | None] = [None] * len(current)
    if previous is not None:
        pairs = match_areas(current, previous, id_column, same_share)
        for row in pairs.itertuples():
            if ids[row.current] is None and row.id not in ids:
                ids[row.current] = row.id
        previous_counts = pairs.groupby("current")["previous"].nunique()
        current_counts = pairs.groupby("previous")["current"].nunique()
        best = pairs.drop_duplicates("current").set_index("current")
        for number in range(len(current)):
            previous_ids[number] = ids[number] or best["id"].get(number)
            status[number] = _status(number, best, previous_counts, current_counts)
    numbered = (f"{prefix}-{number:04d}" for number in itertools.count(1))
    new_ids = (new for new in numbered if new not in taken)
    ids = [carried or next(new_ids) for carried in ids]
    columns = {id_column: ids, f"previous_{id_column}": previous_ids, "status": status}
    return current.assign(
        **{name: pd.Series(values, index=current.index, dtype="str") for name, values in columns.items()}
    )


def assign_status(areas: gpd.GeoDataFrame, params: ChangeParams, is_comparable: bool = True) -> pd.Series:
    """Assign the final status of each area.

    For an area in both runs, emerging and fading come before persistent.

    Parameters
    ----------
    areas
        With `status` as `carry_ids` returns it, and what `trends.attach_trends` adds.
    is_comparable
        Whether both runs followed the same rules; if not, new, merged and split areas become `rule_changed`.
    """
    status = areas["status"].astype("str")
    is_continuing = status == "continuing"
    is_changed = areas["change_p_value"] < params.p_below
    is_persistent = areas["months_significant"] >= params.persistent_share * areas["months_seen"] - 1e-9
    status = status.mask(is_continuing & is_persistent & (areas["months_seen"] > 0), "persistent")
    status = status.mask(is_continuing & is_changed & (areas["rate_ratio"] > 1), "emerging")
    status = status.mask(is_continuing & is_changed & (areas["rate_ratio"] < 1), "fading")
    return status if is_comparable else status.mask(status.isin(["new", "merged", "split"]), RULE_CHANGED)


def ended_hotspots(
    current: gpd.GeoDataFrame, previous: gpd.GeoDataFrame, family: str, same_share: float = ChangeParams.same_share
) -> gpd.GeoDataFrame:
    """Return the previous run's hotspots of a family that no current one matches, without those ended before."""
    previous = previous[(previous["family"] == family) & ~categories.is_gone(previous)].reset_index(drop=True)
    matched = match_areas(current, previous, "hotspot_id", same_share)["previous"]
    ended = previous.drop(index=matched.unique())
    return ended.assign(previous_hotspot_id=ended["hotspot_id"], p_value=float("nan")).reset_index(drop=True)


def _status(number: int, best: pd.DataFrame, previous_counts: pd.Series, current_counts: pd.Series) -> str:
    """Return what the comparison with the previous run says of an area."""
    if number not in best.index:
        return "new"
    if previous_counts[number] > 1:
        return "merged"
    return "split" if current_counts[best["previous"][number]] > 1 else "continuing"
