"""What changed: hotspots that are worse, new, better or ended, with their months and whether that may be chance.

Every page takes "worse" and "better" from here. Before and now are incidents a month inside the same outline, in the
earlier and in the latest part of the evidence window; `p` is the probability of a difference this large by chance,
compared with the rest of the force (`hotspots.targeting.trends`). A hotspot is new or has ended by its outline alone,
so its counts may have changed by chance only.
"""

import geopandas as gpd
import numpy as np
import pandas as pd

from hotspots import categories, period, tables
from hotspots.period import Window
from hotspots.reporting import formatting
from hotspots.reporting.report import Report

P_BELOW = 0.05  # worse and better are said only of changes with a smaller p value
KINDS = ("worse", "new", "better", "ended", "redrawn", "unclear")
KIND_LABELS = {
    "worse": "Worse",
    "new": "New",
    "better": "Better",
    "ended": "Ended",
    "redrawn": "Outline changed",
    "unclear": "May be chance",
}
_KIND_OF = {
    "emerging": "worse",
    "new": "new",
    "fading": "better",
    "gone": "ended",
    "merged": "redrawn",
    "split": "redrawn",
    "rule_changed": "redrawn",
}


def of_report(report: Report) -> pd.DataFrame:
    """Return the hotspots that changed since the previous period, worse ones first.

    Returns
    -------
    DataFrame
        One row per hotspot: `hotspot_id`, `family`, `status`; `kind`, one of `KINDS`; `place`; `before` and `now`,
        incidents a month, missing where there is nothing to compare; `latest`, `latest_months` and `expected`: the
        incidents of the latest months, and those expected from the months before at the change in the rest of the
        force; `months`, a list of the incidents of each month of the window, None for a month without data; `p`;
        `may_be_chance`, whether `p` is missing or not below `P_BELOW`. Empty without a previous period.
    """
    hotspots = report.hotspots
    changed = hotspots[hotspots["status"].isin(list(_KIND_OF))] if report.has_comparison else hotspots.iloc[:0]
    earlier_months = (changed["months_seen"] - changed["latest_months"]).where(changed["change_p_value"].notna())
    may_be_chance = ~(changed["change_p_value"] < P_BELOW)
    kind = changed["status"].astype("str").map(_KIND_OF).astype("str")
    table = pd.DataFrame(
        {
            "hotspot_id": changed["hotspot_id"],
            "family": changed["family"].astype("str"),
            "status": changed["status"].astype("str"),
            "kind": kind.mask(kind.isin(["worse", "better"]) & may_be_chance, "unclear"),
            "place": [formatting.street(place) for place in changed["main_location"]],
            "before": (changed["incidents"] - changed["latest_incidents"]) / earlier_months.replace(0, np.nan),
            "now": changed["latest_incidents"] / changed["latest_months"].replace(0, np.nan),
            "latest": changed["latest_incidents"],
            "latest_months": changed["latest_months"],
            "expected": changed["latest_expected"],
            "months": monthly_counts(changed, report.incidents, report.window, report.left_out),
            "p": changed["change_p_value"],
            "may_be_chance": may_be_chance,
        }
    )
    order = table["kind"].map({kind: number for number, kind in enumerate(KINDS)}).astype("int64")
    by = ["order", "family", "may_be_chance", "p", "latest", "hotspot_id"]
    ordered = table.assign(order=order).sort_values(by, ascending=[True, True, True, True, False, True])
    return ordered.drop(columns="order").reset_index(drop=True)


def monthly_counts(
    hotspots: gpd.GeoDataFrame, incidents: gpd.GeoDataFrame, window: Window, left_out: dict[str, list[str]]
) -> pd.Series:
    """Return a list for each hotspot: its incidents in each month of the window, None for a month without data.

    Parameters
    ----------
    hotspots
        Outlines, with `family`, BNG metres.
    incidents
        The force's own incidents in the window.
    left_out
        Family -> months, YYYY-MM, excluded from the evidence; they count as months without data.
    """
    found = pd.Series([[] for _ in range(len(hotspots))], index=hotspots.index, dtype="object")
    months = max(window.length_months, 1)
    own = incidents[incidents["is_own_force"]]
    for family in tables.FAMILIES:
        chosen = np.flatnonzero((hotspots["family"] == family).to_numpy())
        known = own[~own["month"].isin(left_out.get(family, []))]
        has_data = np.bincount(period.month_of_window(known, window), minlength=months) > 0
        counted = categories.of_family(known, family)
        month = period.month_of_window(counted, window).to_numpy()
        area, incident = counted.sindex.query(hotspots.geometry.iloc[chosen], predicate="intersects")
        counts = np.zeros((len(chosen), months), dtype=np.int64)
        np.add.at(counts, (area, month[incident]), 1)
        for at, row in zip(chosen, counts, strict=True):
            found.iloc[at] = [int(n) if seen else None for n, seen in zip(row, has_data, strict=True)]
    return found
