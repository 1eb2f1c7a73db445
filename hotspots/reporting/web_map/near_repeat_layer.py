"""The map's layer of near-repeat zones."""

import geopandas as gpd
import pandas as pd

from hotspots.reporting import formatting
from hotspots.reporting.report import Report
from hotspots.reporting.web_map import map_layer
from hotspots.reporting.web_map.map_layer import Layer, Told


def layer(report: Report) -> Layer:
    """The zones on the map."""
    return map_layer.of_rows(
        "near_repeats",
        "Near-repeat zones",
        zones_of(report),
        title=lambda row: f"Near-repeat zone {row['number']}: {formatting.place(row['main_location'], 60)}",
        identity=lambda row: formatting.clean(row["zone_id"]),
        told=_told,
        style=lambda row: "zone",
        simplify_m=6,
    )


def zones_of(report: Report) -> gpd.GeoDataFrame:
    """The zones in the order of their ids, with their `number`; without a table of them none."""
    if report.near_repeats is None:
        return report.hotspots.iloc[:0]
    zones = report.near_repeats.sort_values("zone_id", ignore_index=True)
    return zones.assign(number=range(1, len(zones) + 1))


def _told(row: pd.Series) -> Told:
    """What is said of a zone."""
    interval = f"{row['ratio_low']:.1f} to {row['ratio_high']:.1f}, 4 times in 5"
    return [
        ("Burglaries of the last days", f"{row['burglaries']:,}"),
        ("Last burglary", formatting.day(row["last_day"].date())),
        ("Holds until", formatting.day(row["until"].date())),
        ("Near repeats in the force", f"{row['ratio']:.1f} times as many as by chance ({interval})"),
        ("Team", formatting.place(row["team_name"], 80)),
    ]
