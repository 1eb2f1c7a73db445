"""How often chance alone looks significant, and how long the deals take.

    python tests/benchmarks/significance.py null     400 maps of points of chance, moved to few places
    python tests/benchmarks/significance.py limited  the same where clusters above an area are split
    python tests/benchmarks/significance.py speed    999 deals for one force's ASB, seconds of one core

`speed` needs the real data beside the project (../shared/data, or the folder that HOTSPOTS_SHARED_DATA names).
"""

import os
import sys
import time
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("HOTSPOTS_SHARED_DATA", ROOT.parent / "shared" / "data"))
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "examples")]

from snapped_maps import snapped_map  # noqa: E402

from hotspots import categories, neighbour_graph, period  # noqa: E402
from hotspots.sources import incident_rows, row_checks  # noqa: E402
from hotspots.sources.geography import boundaries  # noqa: E402
from hotspots.sources.police_uk import street_files  # noqa: E402
from hotspots.targeting import limited_clusters, significance  # noqa: E402
from hotspots.targeting import spots as spot_tables  # noqa: E402
from hotspots.targeting.clusters import DbscanParams  # noqa: E402

MAPS = 400


def measure_null() -> None:
    """Maps with a significant hotspot, by radius and least number; at risk: all records, the others, every place."""
    for radius, least in ((250.0, 12), (400.0, 20), (600.0, 30)):
        hits = dict.fromkeys(("all records", "the other records", "every place alike"), 0)
        for seed in range(MAPS):
            made = snapped_map(seed)
            risks = (made.at_risk, made.at_risk - made.counts, np.ones(len(made.counts)))
            for name, at_risk in zip(hits, risks, strict=True):
                p = significance.hotspot_p_values(
                    made.easting, made.northing, made.counts, at_risk, radius, least, draws=99, seed=seed
                )
                hits[name] += p.min(initial=1.0) < 0.05
        print(f"{radius:g} m, {least}: of {MAPS} maps " + ", ".join(f"{n} ({name})" for name, n in hits.items()))


def measure_limited() -> None:
    """Maps with a significant hotspot where clusters above an area are split, and how many maps have one split."""
    rule = DbscanParams(radius_m=700.0, min_incidents=8, max_area_ha=120.0)
    hits = splits = 0
    for seed in range(MAPS // 2):
        made = snapped_map(seed, places=40, family=150, others=600)
        xy = np.column_stack([made.easting, made.northing])
        places = limited_clusters.Places(xy, *neighbour_graph.pairs(xy, rule.radius_m))
        params = significance.SignificanceParams(draws=39, seed=seed)
        p = significance.p_values(
            lambda counts, places=places: limited_clusters.cluster_spots(places, counts, rule, 0.5)[::2],
            made.counts, made.at_risk, params,
        )  # fmt: skip
        hits += p.min(initial=1.0) <= 0.05
        splits += (limited_clusters.cluster_spots(places, made.counts, rule, 0.5).radius_m < rule.radius_m).any()
    print(f"clusters above 120 ha split: of {MAPS // 2} maps {hits} have p <= 0.05, {splits} have a split cluster")


def measure_speed() -> None:
    """999 deals on Wiltshire's year of ASB."""
    as_of = date(2025, 9, 30)
    files = sorted((DATA / "police_uk").glob("2025-*/*-wiltshire-street.csv"))
    read = pd.concat(
        [
            incident_rows.to_frame(street_files.tidy_street(street_files.read_street(file)[0], "wiltshire"))
            for file in files
        ]
    )
    outline = boundaries.outline_of(boundaries.read_places(DATA / "boundaries" / "force_areas.geojson"), "wiltshire")
    found = read[read["reason"] == ""].reset_index(drop=True)
    incidents = found[~row_checks.points_outside(found.geometry.x.to_numpy(), found.geometry.y.to_numpy(), outline)]
    counted = period.within(incidents, period.evidence_window(as_of, 12)).reset_index(drop=True)
    spots, spot = spot_tables.spots_of(counted)
    table = spot_tables.count_spots(spots, spot, counted[~counted["category"].isin(categories.POLICE_GENERATED)])
    for radius, least in ((150.0, 20), (75.0, 12)):
        near = neighbour_graph.graph(table["easting"], table["northing"], radius)
        links = neighbour_graph.graph_pairs(near)
        places = limited_clusters.Places(table[["easting", "northing"]].to_numpy(), *links)
        rule = DbscanParams(radius_m=radius, min_incidents=least, max_area_ha=25.0)
        started, clock = time.process_time(), time.perf_counter()
        params = significance.SignificanceParams(draws=999)
        p = significance.p_values(
            lambda counts, places=places, rule=rule: limited_clusters.cluster_spots(places, counts, rule, 0.5)[::2],
            table["asb"], table["at_risk"], params,
        )  # fmt: skip
        spent = f"{time.process_time() - started:.2f} s of one core ({time.perf_counter() - clock:.2f} s by the clock)"
        print(f"{radius:g} m, {least}: {table['asb'].sum():,} incidents, {len(table):,} spots, {spent}; "
              f"{(p < 0.05).sum()} of {len(p)} hotspots significant")  # fmt: skip


if __name__ == "__main__":
    for name in sys.argv[1:] or ("null", "limited", "speed"):
        {"null": measure_null, "limited": measure_limited, "speed": measure_speed}[name]()
