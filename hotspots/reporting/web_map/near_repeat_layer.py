"""Map layer of near-repeat zones."""

import geopandas as gpd
import pandas as pd

from hotspots.reporting import formatting
from hotspots.reporting.report import Report
from hotspots.reporting.web_map import map_layer
from hotspots.reporting.web_map.map_layer import Fields, MapLayer


def near_repeats(report: Report) -> MapLayer:
    """Return the layer of near-repeat zones."""
    return map_layer.from_rows(
        "near_repeats",
        "Near-repeat zones",
        number_zones(report),
        title=lambda row: f"Near-repeat zone {row['number']}: {formatting.place(row['main_location'], 60)}",
        identity=lambda row: formatting.clean(row["zone_id"]),
        fields=_zone_fields,
        style=lambda row: "zone",
        simplify_m=6,
    )


def number_zones(report: Report) -> gpd.GeoDataFrame:
    """Return the zones with their `number`, in order of their ids; empty where the run has no zones."""
    if report.near_repeats is None:
        return report.hotspots.iloc[:0]
    zones = report.near_repeats.sort_values("zone_id", ignore_index=True)
    return zones.assign(number=range(1, len(zones) + 1))


def _zone_fields(row: pd.Series) -> Fields:
    """Return the pop-up fields of a zone."""
    return [
        ("Recent burglaries", f"{row['burglaries']:,}"),
        ("Latest burglary", formatting.day(row["last_day"].date())),
        ("Valid until", formatting.day(row["until"].date())),
        (
            "Near repeats in the force",
            f"{row['ratio']:.1f} times the number expected by chance "
            f"(80 % range {row['ratio_low']:.1f} to {row['ratio_high']:.1f})",
        ),
        ("Team", formatting.place(row["team_name"], 80)),
    ]
