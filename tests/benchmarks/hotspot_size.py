"""How large hotspots are, and how much they capture at equal area, by their largest area allowed.

    python tests/benchmarks/hotspot_size.py                                       three forces and Portland
    python tests/benchmarks/hotspot_size.py --forces wiltshire --limits 0 25

Hotspots are found as of past dates, for each limit (`max_area_ha`, 0 for none), and scored on the three months after.
The densest hotspots of three or more spots are taken up to the same area for every limit: the smallest total of the
limits compared, at most that of 50 circles of 150 m. As of the last date the share of hotspots with p < 0.05 is given
too. Portland's records are those of `portland.py`, vehicle thefts as burglaries.

Needs the real data beside the project (../shared/data, or the folder that HOTSPOTS_SHARED_DATA names). Some minutes.
"""

import argparse
import dataclasses
import os
import sys
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import portland

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from hotspots import categories, period  # noqa: E402
from hotspots.targeting import find_hotspots, outlines  # noqa: E402
from hotspots.targeting.evidence import Evidence  # noqa: E402
from hotspots.testing import scoring  # noqa: E402
from pipelines import settings as force_settings  # noqa: E402
from pipelines.flows import target  # noqa: E402
from pipelines.flows.ingest import ingest  # noqa: E402
from pipelines.settings import Settings  # noqa: E402
from pipelines.storage.store import Store  # noqa: E402
from pipelines.target_steps.cluster_choice import choose_parameters  # noqa: E402

DATA = Path(os.environ.get("HOTSPOTS_SHARED_DATA", ROOT.parent / "shared" / "data"))
FORCES = ("wiltshire", "staffordshire", "west-mercia", "portland")
DAYS = [date(2025, month, day) for month, day in ((3, 31), (4, 30), (5, 31), (6, 30))]
PORTLAND_DAYS = [date(2016, month, 30) for month in (4, 6, 9, 11)]
LIMITS = (0.0, 15.0, 25.0, 40.0)
MOST_M2, AHEAD_MONTHS, MIN_SPOTS = 50 * np.pi * 150.0**2, 3, 3


def stores(forces: list[str], folder: Path) -> Iterator[tuple[str, Store, Settings, list[date], tuple[str, ...]]]:
    """Ingest each force: its name, store, settings, dates, and the families that are its own."""
    for force in forces:
        if force == "portland":
            settings = force_settings.from_toml(portland.SETTINGS, "portland.toml")
            raw = portland.write_raw(folder / "raw", "vehicle_theft")
            yield force, ingest(settings, (raw,), folder, portland.LAST), settings, PORTLAND_DAYS, ("burglary",)
        else:
            settings = force_settings.read_settings(force)[0]
            raw_files = (DATA / "police_uk", DATA / "boundaries" / "force_areas.geojson")
            yield force, ingest(settings, raw_files, folder, date(2025, 9, 30)), settings, DAYS, categories.FAMILIES


def with_limit(settings: Settings, limit: float) -> Settings:
    """Return the settings with a largest area for both families."""
    families = {
        family: dataclasses.replace(
            settings.of_family(family),
            clusters=dataclasses.replace(settings.of_family(family).clusters, max_area_ha=limit),
        )
        for family in categories.FAMILIES
    }
    return dataclasses.replace(settings, **families)


def score_day(
    evidence: Evidence, family: str, settings: Settings, limits: list[float], came: gpd.GeoDataFrame, *, with_p: bool
) -> list[dict]:
    """Return the sizes and captures of one family at one date, a row for each limit."""
    found = {}
    for limit in limits:
        chosen = with_limit(settings, limit)
        expected = target.expect_incidents(evidence, family, chosen)
        pair = choose_parameters(expected, evidence, family, chosen).now
        if with_p:
            shapes = find_hotspots.find_hotspots(evidence, family, pair, chosen.significance, chosen.outlines)
        else:
            shapes = find_hotspots.outline_hotspots(evidence, family, pair, chosen.outlines)
        inside = outlines.spots_inside(shapes, evidence.spots)
        counts = evidence.spots[family].to_numpy()[inside["spot"]]
        size = len(shapes)
        shapes = shapes.assign(
            before=np.bincount(inside["area"], counts, size),
            spots=np.bincount(inside["area"], counts > 0, size),
            hits=scoring.count_by_area(shapes, came) if size else [],
        )
        found[limit] = pair, shapes
    usable = {limit: shapes[shapes["spots"] >= MIN_SPOTS] for limit, (_, shapes) in found.items()}
    equal_m2 = min(MOST_M2, *(shapes.area.sum() for shapes in usable.values()))
    rows = []
    for limit, (pair, shapes) in found.items():
        few = usable[limit]
        few = few.iloc[np.argsort(-few["before"] / few.area, kind="stable")]
        share = np.clip(equal_m2 - np.append(0.0, few.area.cumsum()[:-1]), 0.0, few.area) / few.area
        rows.append({
            "family": family, "limit": limit, "radius_m": pair.radius_m, "min_incidents": pair.min_incidents,
            "hotspots": len(shapes), "median_ha": shapes.area.median() / 1e4, "largest_ha": shapes.area.max() / 1e4,
            "all_km2": shapes.area.sum() / 1e6, "all_hits": shapes["hits"].sum(), "equal_km2": equal_m2 / 1e6,
            "equal_hits": (few["hits"] * share).sum(), "total": len(came),
            "significant": (shapes["p_value"] < 0.05).sum() if with_p else np.nan,
            "significant_share": (shapes["p_value"] < 0.05).mean() if with_p else np.nan,
            "holes": int(shapes.geometry.map(lambda s: sum(len(p.interiors) for p in getattr(s, "geoms", [s]))).sum()),
        })  # fmt: skip
    return rows


def measure(forces: list[str], limits: list[float]) -> pd.DataFrame:
    """Return a row for each force, date, family and limit."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for force, store, settings, days, families in stores(forces, Path(folder)):
            incidents = store.read_incidents()
            left_out = store.read_facts("health")["left_out"]
            for day in days:
                known = period.known_by(incidents, day).reset_index(drop=True)
                evidence = target.evidence_as_of(day, known, left_out, store, settings)
                window = scoring.scored_window(day, AHEAD_MONTHS, date.max)
                later = period.within(incidents[incidents["is_own_force"]], window)
                for family in families:
                    came = categories.of_family(later, family)
                    scored = score_day(evidence, family, settings, limits, came, with_p=day == days[-1])
                    rows += [{"force": force, "as_of": day, **row} for row in scored]
    return pd.DataFrame(rows)


def report(table: pd.DataFrame) -> None:
    """Print the sizes and the captured share of each force and family, and the gain over no limit."""
    sums = table.groupby(["force", "family", "limit"], sort=False).agg(
        hotspots=("hotspots", "sum"), median_ha=("median_ha", "mean"), largest_ha=("largest_ha", "max"),
        all_km2=("all_km2", "sum"), all_hits=("all_hits", "sum"), equal_km2=("equal_km2", "sum"),
        equal_hits=("equal_hits", "sum"), total=("total", "sum"), significant=("significant", "max"),
        significant_share=("significant_share", "max"), holes=("holes", "sum"),
    )  # fmt: skip
    sums["capture"] = sums["equal_hits"] / sums["total"]
    first = sums.groupby(["force", "family"])["equal_hits"].transform("first")
    sums["gain"] = sums["equal_hits"] / first - 1
    print(sums.round(3).to_string())
    pooled = table.groupby(["family", "limit"])[["equal_hits", "all_hits", "all_km2", "total"]].sum()
    print(pooled.round(1).to_string())


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--forces", nargs="+", default=list(FORCES))
    options.add_argument("--limits", nargs="+", type=float, default=list(LIMITS))
    given = options.parse_args()
    if not DATA.is_dir():
        sys.exit(f"no real data: {DATA} is no folder (name another with HOTSPOTS_SHARED_DATA)")
    report(measure(given.forces, given.limits))


if __name__ == "__main__":
    main()
