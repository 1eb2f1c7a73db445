"""Notes and tables of the method section of a family."""

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from hotspots import tables
from hotspots.targeting import gi_star_hexagons, ranking
from hotspots.targeting.evidence import Evidence

# Shares of the incidents for which the number of places is given.
SHARES = (0.25, 0.5, 0.8)


def describe_method(
    curve: pd.DataFrame, cluster_sentence: str, forecast_sentence: str, hotspots: gpd.GeoDataFrame, evidence: Evidence,
    family: str,
) -> dict[str, pd.DataFrame]:  # fmt: skip
    """Return `parameter_choices`, `method_notes`, `concentration` and `hexagons` of a family, as `tables` has them.

    Parameters
    ----------
    curve
        As `cluster_parameters.choose_clusters` returns it.
    cluster_sentence, forecast_sentence
        On DBSCAN's parameters, and on the forecast.
    hotspots
        Outlines, BNG metres, with `hotspot_id`.
    family
        `asb` or `burglary`.
    """
    used = evidence.spots[evidence.spots["at_risk"] > 0]
    hexagons = gi_star_hexagons.count_hexagons(used["easting"], used["northing"], used[family], evidence.outline)
    by_spot = concentration(used[family], "spot")
    by_hexagon = concentration(hexagons["incidents"], "hexagon")
    top = gi_star_hexagons.outline_hexagons(hexagons.head(gi_star_hexagons.LISTED))
    notes = {
        "hotspots": cluster_sentence,
        "forecast": forecast_sentence,
        "hexagons": gi_star_hexagons.describe_hexagons(hexagons, by_spot, hotspots),
    }
    made = {
        "parameter_choices": curve,
        "method_notes": pd.DataFrame({"family": family, "topic": list(notes), "description": list(notes.values())}),
        "concentration": pd.concat([by_spot, by_hexagon], ignore_index=True).assign(family=family),
        "hexagons": top.assign(family=family, hotspot_id=ranking.assign_hotspots(top, hotspots)),
    }
    return {name: tables.conform(frame, tables.TABLES[name]) for name, frame in made.items()}


def concentration(counts: ArrayLike, unit: str) -> pd.DataFrame:
    """Return how many places, the busiest first, have 25, 50 and 80 % of the incidents.

    Parameters
    ----------
    counts
        Incidents at each place.
    unit
        Kind of place: `spot` or `hexagon`.

    Returns
    -------
    DataFrame
        `unit`, `share_of_incidents`, `places`, `of_places` and `share_of_places`; empty without incidents.
    """
    counts = np.sort(np.asarray(counts, np.int64))[::-1]
    if not counts.sum():
        return pd.DataFrame(columns=["unit", "share_of_incidents", "places", "of_places", "share_of_places"])
    shares = counts.cumsum() / counts.sum()
    places = np.searchsorted(shares, np.array(SHARES) - 1e-12) + 1
    table = pd.DataFrame({"unit": unit, "share_of_incidents": SHARES, "places": places, "of_places": len(counts)})
    return table.assign(share_of_places=table["places"] / table["of_places"])
