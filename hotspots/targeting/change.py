"""Identity and status of areas.

The status of a hotspot comes from two comparisons. Its outline is compared with the hotspots of the previous period,
found again in today's data under today's settings: new, merged, split, gone. Its counts are compared within the
evidence window and with the previous one: emerging, fading, persistent, continuing. So the status does not depend on
earlier runs. Ids come from the previous stored run, so a place keeps its id while it lives.
"""

import itertools

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from hotspots.targeting.trends import ChangeParams

RULE_CHANGED = "rule_changed"
# Statuses of areas that have the same outline as in the previous period.
_SAME_OUTLINE = ("persistent", "continuing", "emerging", "fading")


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
        The areas with `id_column` and `previous_<id_column>`, missing where no previous area matches.
    """
    ids: list[str | None] = [None] * len(current)
    previous_ids: list[str | None] = [None] * len(current)
    if previous is not None:
        pairs = match_areas(current, previous, id_column, same_share)
        for row in pairs.itertuples():
            if ids[row.current] is None and row.id not in ids:
                ids[row.current] = row.id
        best = pairs.drop_duplicates("current").set_index("current")["id"]
        previous_ids = [ids[number] or best.get(number) for number in range(len(current))]
    numbered = (f"{prefix}-{number:04d}" for number in itertools.count(1))
    new_ids = (new for new in numbered if new not in taken)
    ids = [carried or next(new_ids) for carried in ids]
    columns = {id_column: ids, f"previous_{id_column}": previous_ids}
    return current.assign(
        **{name: pd.Series(values, index=current.index, dtype="str") for name, values in columns.items()}
    )


def compare_outlines(
    current: gpd.GeoDataFrame, previous: gpd.GeoDataFrame, same_share: float = ChangeParams.same_share
) -> pd.Series:
    """Return whether each hotspot is `new`, `merged`, `split` or `continuing`.

    Parameters
    ----------
    current, previous
        Outlines of one family in this and in the previous period; `previous` with `cluster`.
    same_share
        As in `match_areas`.
    """
    pairs = match_areas(current, previous, "cluster", same_share)
    previous_counts = pairs.groupby("current")["previous"].nunique()
    current_counts = pairs.groupby("previous")["current"].nunique()
    best = pairs.drop_duplicates("current").set_index("current")
    found = [_status(number, best, previous_counts, current_counts) for number in range(len(current))]
    return pd.Series(found, index=current.index, name="status", dtype="str")


def assign_status(areas: gpd.GeoDataFrame, params: ChangeParams) -> pd.Series:
    """Assign the final status of each area from its counts and their test.

    An area that continues is emerging or fading where the test finds a change relative to the rest of the force, and
    its own counts changed in the same direction, both within the window and since the previous period; otherwise it is
    persistent where most months and the latest one are significant. Without data of the previous period the status is
    missing.

    Parameters
    ----------
    areas
        With `status` as `compare_outlines` returns it, `incidents`, and what `trends.attach_trends` and
        `trends.attach_counts_before` add.
    """
    status = areas["status"].astype("str")
    is_continuing = status == "continuing"
    direction = _direction(areas).where(areas["change_p_value"] < params.p_below, 0)
    is_persistent = areas["months_significant"] >= params.persistent_share * areas["months_seen"] - 1e-9
    is_persistent &= areas["is_significant"]
    status = status.mask(is_continuing & is_persistent, "persistent")
    status = status.mask(is_continuing & (direction > 0), "emerging")
    return status.mask(is_continuing & (direction < 0), "fading").where(areas["months_before"] > 0)


def mark_rule_changes(
    areas: gpd.GeoDataFrame, previous: gpd.GeoDataFrame, same_share: float = ChangeParams.same_share
) -> pd.Series:
    """Return the status with `rule_changed` where only the settings changed an outline since the previous run.

    Such an area is new, merged or split compared with the previous run, though not with the previous period, which
    follows today's settings.

    Parameters
    ----------
    areas
        With their `status`.
    previous
        Areas of the previous run, whose settings were different.
    same_share
        As in `match_areas`.
    """
    outlines = previous.assign(cluster=range(len(previous)))
    is_same = compare_outlines(areas, outlines, same_share) == "continuing"
    return areas["status"].mask(~is_same & areas["status"].isin(_SAME_OUTLINE), RULE_CHANGED)


def ended_hotspots(
    current: gpd.GeoDataFrame, previous: gpd.GeoDataFrame, same_share: float = ChangeParams.same_share
) -> gpd.GeoDataFrame:
    """Return the hotspots of the previous period that no current one matches; parameters as `compare_outlines`."""
    matched = match_areas(current, previous, "cluster", same_share)["previous"]
    ended = previous.drop(index=previous.index[matched.unique()])
    return ended.assign(p_value=float("nan")).reset_index(drop=True)


def _direction(areas: gpd.GeoDataFrame) -> pd.Series:
    """Return 1 where all counts rose, -1 where all fell, 0 where they disagree.

    Compared are recent incidents with those expected from before, recent with earlier incidents a month, and incidents
    a month with those of the previous period; the last may be equal.
    """
    latest, months = areas["latest_incidents"], areas["latest_months"]
    earlier, earlier_months = areas["incidents"] - latest, areas["months_seen"] - months
    by_force = np.sign(areas["rate_ratio"] - 1).fillna(0)
    by_month = np.sign(latest * earlier_months - earlier * months)
    by_period = np.sign(areas["incidents"] * areas["months_before"] - areas["incidents_before"] * areas["months_seen"])
    return by_force.where((by_force == by_month) & (by_force != -by_period), 0)


def _status(number: int, best: pd.DataFrame, previous_counts: pd.Series, current_counts: pd.Series) -> str:
    """Return what the comparison with the previous run says of an area."""
    if number not in best.index:
        return "new"
    if previous_counts[number] > 1:
        return "merged"
    return "split" if current_counts[best["previous"][number]] > 1 else "continuing"
