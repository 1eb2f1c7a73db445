"""Portland: hits of patrol areas of 100 m against plain counts of the last 12 months, over 24 months and five horizons.

    python tests/benchmarks/portland.py burglary
    python tests/benchmarks/portland.py vehicle_theft

The records that entrants of the NIJ forecasting challenge had, to the day, are shifted in metres into the British grid
and go through the run's own steps as a dated export: ingest, then gather, expect, choose, profile and rank as of each
origin, with `max_radius_m = 100`. 21 to 61 areas keep the challenge's rules of size (a disc of 100 m is 338,000 square
feet; 21 of them are 0.25 square miles, 61 are 0.74). Vehicle theft is no family of ours: its run exports vehicle thefts
as burglaries, and burglaries as vehicle crime, so that the method sees one as what it looks for, the other as what else
happens. Nothing is chosen on these records.

Rivals have areas as large or larger: discs of 100 m that cover most of the last 12 months' counts, and squares of the
same area that counted most. One list of each is made as of each origin; an origin's hits are summed over its horizons,
and the interval pairs the origins (Student's t; neighbouring origins share weeks, which makes it too narrow).

Needs the real data beside the project (../shared/data, or the folder that HOTSPOTS_SHARED_DATA names). About a minute
each on one core.
"""

import os
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
from scipy import stats

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from hotspots import crs, period  # noqa: E402
from hotspots.testing import baselines, scoring  # noqa: E402
from hotspots.testing.baselines import BaselineParams  # noqa: E402
from pipelines import settings as force_settings  # noqa: E402
from pipelines.flows import backtest as backtest_flow  # noqa: E402
from pipelines.flows.ingest import ingest  # noqa: E402
from pipelines.settings import Settings  # noqa: E402
from pipelines.storage.store import Store  # noqa: E402

DATA = Path(os.environ.get("HOTSPOTS_SHARED_DATA", ROOT.parent / "shared" / "data")) / "benchmarks" / "portland"
LAST = date(2017, 2, 28)
ORIGINS = 24
HORIZONS = (7, 14, 31, 61, 92)
LENGTHS = (21, 40, 61)
PARAMS = BaselineParams(radius_m=100.0, areas=max(LENGTHS))
OURS, RIVALS = "this method", ("history cover", "last year on squares")
KINDS = ("burglary", "vehicle_theft")
FEET, ACROSS, UP = 0.3048, 1_900_000.0, 30_000.0
SETTINGS = """
[force]
slug = "portland"
name = "Portland"
[period]
training_months = 36
[patrol_areas]
max_radius_m = 100
max_areas = 61
[force_export.columns]
reference = "Reference"
type = "Type"
committed_from = "Day"
easting = "Easting"
northing = "Northing"
[force_export.categories]
"looked for" = "burglary"
"also there" = "vehicle_crime"
"""


def write_raw(folder: Path, kind: str) -> Path:
    """The export, with the type that is looked for, and the outline of the police districts."""
    folder.mkdir()
    tables = []
    for name in KINDS:
        raw = pd.read_csv(DATA / f"{name}_to_2017_02.csv", parse_dates=["occ_date"])
        facts = {
            "Reference": [f"{name}-{number:06d}" for number in range(len(raw))],
            "Type": "looked for" if name == kind else "also there",
            "Day": raw["occ_date"].dt.strftime("%d/%m/%Y"),
            "Easting": (raw["x_coordina"] * FEET - ACROSS).round(1),
            "Northing": (raw["y_coordina"] * FEET - UP).round(1),
        }
        tables.append(pd.DataFrame(facts))
    pd.concat(tables).to_csv(folder / "export.csv", index=False)
    districts = gpd.read_file(DATA / "Portland_Police_Districts.shp").geometry.union_all()
    shifted = gpd.GeoSeries([districts]).scale(FEET, FEET, origin=(0, 0)).translate(-ACROSS, -UP)
    gpd.GeoDataFrame({"force": ["portland"]}, geometry=shifted.to_numpy(), crs=crs.BNG).to_file(folder / "outline.gpkg")
    return folder


def origins() -> list[date]:
    """Days whose longest horizon ends with one of 24 month ends, the last of them the last day of the record."""
    return [(end - timedelta(days=max(HORIZONS))).date() for end in pd.date_range(end=LAST, periods=ORIGINS, freq="ME")]


def score_origin(store: Store, settings: Settings, incidents: gpd.GeoDataFrame, origin: date) -> list[dict]:
    """Hits of every list of one origin, for each length and horizon."""
    known = period.known_by(incidents, origin).reset_index(drop=True)
    own = incidents[incidents["category"] == "burglary"]
    before = period.known_by(own, origin)
    lists = {OURS: backtest_flow.areas_as_of(store, settings, known, origin, ["burglary"])}
    found = baselines.baseline_lists(before, origin, PARAMS)
    lists |= {name: found[name] for name in RIVALS}
    rows = []
    for horizon in HORIZONS:
        start = origin + timedelta(days=1)
        came = period.within(own, period.Window(start, start + timedelta(days=horizon)))
        for name, areas in lists.items():
            ranked = areas.sort_values("rank", ignore_index=True)
            hits, area = scoring.count_by_area(ranked, came).cumsum(), ranked.area.cumsum().to_numpy()
            rows += [
                {"origin": origin, "horizon": horizon, "method": name, "k": k, "hits": int(hits[k - 1]),
                 "total": len(came), "area_km2": area[k - 1] / 1e6}
                for k in LENGTHS
            ]  # fmt: skip
    return rows


def report(kind: str, table: pd.DataFrame) -> None:
    """Print hits by horizon, and the gain over all of them with its interval."""
    print(f"\n{kind}, {ORIGINS} origins from {table['origin'].min()} to {table['origin'].max()}")
    print(table.pivot_table(index=["k", "horizon"], columns="method", values="hits", aggfunc="sum").to_string())
    print("mean area, km2")
    print(table.pivot_table(index="k", columns="method", values="area_km2").round(2).to_string())
    summed = table.pivot_table(index=["k", "origin"], columns="method", values="hits", aggfunc="sum")
    for rival in RIVALS:
        for k, hits in summed.groupby("k"):
            gain, plain = (hits[OURS] - hits[rival]).to_numpy(float), hits[rival].sum()
            half = stats.t.ppf(0.95, len(gain) - 1) * gain.std(ddof=1) * len(gain) ** 0.5
            ends = [(gain.sum() + side * half) / plain for side in (-1, 1)]
            print(
                f"{kind}, {k} areas: {hits[OURS].sum():,} hits against {plain:,} of {rival}, {gain.sum() / plain:+.0%} "
                f"(90 % interval {ends[0]:+.0%} to {ends[1]:+.0%}); better at {np.mean(gain > 0):.0%} of origins"
            )


def main() -> None:
    """Measure and print."""
    if not DATA.is_dir():
        sys.exit(f"no real data: {DATA} is no folder (name another with HOTSPOTS_SHARED_DATA)")
    for kind in sys.argv[1:] or KINDS:
        started = time.perf_counter()
        with tempfile.TemporaryDirectory() as folder:
            settings = force_settings.from_toml(SETTINGS, "portland")
            store = ingest(settings, (write_raw(Path(folder) / "raw", kind),), Path(folder) / "processed", LAST)
            incidents = store.read_incidents()
            rows = [row for origin in origins() for row in score_origin(store, settings, incidents, origin)]
        report(kind, pd.DataFrame(rows))
        print(f"{time.perf_counter() - started:.0f} s")


if __name__ == "__main__":
    main()
