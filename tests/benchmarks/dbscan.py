"""Clusters of rows: ours against scikit-learn's DBSCAN on the same rows, in one run; labels, seconds, memory.

    python tests/benchmarks/dbscan.py              0.66 million rows of ASB, 100 m and 20
    python tests/benchmarks/dbscan.py all          3.9 million rows of all types as well

The rows are the street files of ../shared/data (or the folder that HOTSPOTS_SHARED_DATA names), repeated and shifted
by 200 km and some centimetres, so that the repetitions' spots differ.
"""

import os
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.cluster import DBSCAN

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from hotspots import crs  # noqa: E402
from hotspots.targeting import clusters  # noqa: E402

DATA = Path(os.environ.get("HOTSPOTS_SHARED_DATA", ROOT.parent / "shared" / "data"))
RADIUS_M, LEAST = 100.0, 20
SIZES = {"asb": 660_000, "all": 3_900_000}


def read_points(only_asb: bool) -> NDArray:
    """Eastings and northings of every located row of the street files."""
    columns = ["Longitude", "Latitude", "Crime type"]
    files = sorted((DATA / "police_uk").glob("*/*-street.csv"))
    rows = pd.concat([pd.read_csv(file, usecols=columns) for file in files]).dropna(subset=columns[:2])
    rows = rows[rows["Crime type"] == "Anti-social behaviour"] if only_asb else rows
    return np.round(np.column_stack(crs.to_grid(rows["Longitude"].to_numpy(), rows["Latitude"].to_numpy())), 2)


def repeat(points: NDArray, size: int) -> NDArray:
    """The rows repeated up to `size`, each repetition 200 km and 7 cm further east."""
    parts = [points + np.array([number * 200_000.07, 0.0]) for number in range(-(-size // len(points)))]
    return np.concatenate(parts)[:size]


def timed(work: Callable[[], NDArray]) -> tuple[NDArray, float, float]:
    """What it gives, seconds, and by how many megabytes the highest use of memory rose."""
    before, started = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.perf_counter()
    found = work()
    rose = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    return found, time.perf_counter() - started, rose / 1024


def measure(name: str) -> None:
    """One size, both sides."""
    points = repeat(read_points(only_asb=name == "asb"), SIZES[name])
    x, y = points.T.copy()
    clusters.dbscan(x[:100], y[:100], RADIUS_M, LEAST)
    ours, seconds, megabytes = timed(lambda: clusters.dbscan(x, y, RADIUS_M, LEAST))
    theirs, slow, much = timed(lambda: DBSCAN(eps=RADIUS_M, min_samples=LEAST).fit_predict(points))
    print(f"{name}: {len(points):,} rows, {ours.max() + 1:,} clusters, labels equal: {bool((ours == theirs).all())}")
    print(f"  ours {seconds:.2f} s, {megabytes:.0f} MB more; scikit-learn {slow:.2f} s, {much:.0f} MB more")
    print(f"  {slow / seconds:.1f} times as fast")


if __name__ == "__main__":
    for name in SIZES if "all" in sys.argv[1:] else ["asb"]:
        measure(name)
