"""Notes and tables of the method section of a family."""

import geopandas as gpd
import pandas as pd

from hotspots import tables
from hotspots.targeting import concentration, gi_star_hexagons, ranking
from hotspots.targeting.evidence import Evidence


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
    evidence
        Of the run.
    family
        `asb` or `burglary`.
    """
    used = evidence.spots[evidence.spots["at_risk"] > 0]
    hexagons = gi_star_hexagons.count_hexagons(used["easting"], used["northing"], used[family], evidence.outline)
    by_spot = concentration.concentration(used[family], "spot")
    by_hexagon = concentration.concentration(hexagons["incidents"], "hexagon")
    top = gi_star_hexagons.outline_hexagons(hexagons.head(gi_star_hexagons.LISTED))
    notes = {
        "hotspots": cluster_sentence,
        "forecast": forecast_sentence,
        "second opinions": gi_star_hexagons.describe_hexagons(hexagons, by_spot, hotspots),
    }
    made = {
        "parameter_choices": curve,
        "method_notes": pd.DataFrame({"family": family, "topic": list(notes), "says": list(notes.values())}),
        "concentration": pd.concat([by_spot, by_hexagon], ignore_index=True).assign(family=family),
        "hexagons": top.assign(family=family, hotspot_id=ranking.assign_hotspots(top, hotspots)),
    }
    return {name: tables.conform(frame, tables.TABLES[name]) for name, frame in made.items()}
