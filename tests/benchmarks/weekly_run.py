"""How long the weekly run takes, and how much memory: Wiltshire, direct, as a whole process, beside a plain script.

    python tests/benchmarks/weekly_run.py [--shared ../shared/data] [--times 5]

Prints the median of several runs and the largest peak memory. The rival does the least that answers the question
with pandas, geopandas, scikit-learn and folium: read the rows, keep those inside the force and in the window, DBSCAN on
rows, hulls, a map. It weighs no spots, tests nothing, ranks nothing and writes one file, so the ratio says what all the
rest costs.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COMMAND = "from pipelines.cli import main; main()"
RIVAL = """
import sys
from pathlib import Path
import folium, geopandas as gpd, pandas as pd
from sklearn.cluster import DBSCAN

raw, outlines = Path(sys.argv[1]), Path(sys.argv[2])
rows = pd.concat([pd.read_csv(path) for path in sorted(raw.glob("*/*-wiltshire-street.csv"))], ignore_index=True)
rows = rows.dropna(subset=["Longitude", "Latitude"])
rows = rows[~(rows["Crime ID"].notna() & rows["Crime ID"].duplicated())]
places = gpd.points_from_xy(rows["Longitude"], rows["Latitude"])
points = gpd.GeoDataFrame(rows, geometry=places, crs=4326).to_crs(27700)
force = gpd.read_file(outlines).to_crs(27700).query("force == 'wiltshire'").geometry.iloc[0]
points = points[points.within(force) & points["Month"].between("2024-10", "2025-09")]
page = folium.Map([51.3, -1.9], zoom_start=9)
for kind, radius, least in [("Anti-social behaviour", 150, 20), ("Burglary", 200, 8)]:
    own = points[points["Crime type"] == kind]
    labels = DBSCAN(eps=radius, min_samples=least).fit_predict(own.get_coordinates().to_numpy())
    hulls = own[labels >= 0].dissolve(labels[labels >= 0]).convex_hull.buffer(75)
    folium.GeoJson(hulls.to_crs(4326).to_json(), name=kind).add_to(page)
folium.LayerControl().add_to(page)
page.save("rival.html")
"""


def measure(words: list[str], times: int) -> tuple[float, float]:
    """Median seconds and largest peak memory, MB, of a command run so often, each time in a new empty folder."""
    seconds, peaks = [], []
    for _ in range(times):
        with tempfile.TemporaryDirectory() as folder, open(os.devnull, "w") as nowhere:  # noqa: PTH123
            started = time.perf_counter()
            process = subprocess.Popen(
                [sys.executable, *words], cwd=folder, env=os.environ | {"PYTHONPATH": str(ROOT)},
                stdout=nowhere, stderr=subprocess.PIPE,
            )  # fmt: skip
            told = process.stderr.read() if process.stderr else b""
            _, status, usage = os.wait4(process.pid, 0)
            seconds.append(time.perf_counter() - started)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in (0, 4):
            sys.exit(told.decode())
        peaks.append(usage.ru_maxrss / 1024)
    return statistics.median(seconds), max(peaks)


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description="Seconds and memory of the weekly run.")
    named = os.environ.get("HOTSPOTS_SHARED_DATA", str(ROOT.parent / "shared" / "data"))
    options.add_argument("--shared", type=Path, default=Path(named), help="folder with the real data")
    options.add_argument("--times", type=int, default=5, help="runs of each")
    given = options.parse_args()
    raw, outlines = given.shared.resolve() / "police_uk", given.shared.resolve() / "boundaries" / "force_areas.geojson"
    if not raw.is_dir():
        sys.exit(f"no real data: {raw} is no folder (name another with --shared)")
    weekly = [
        "weekly", "--force", "wiltshire", "--raw", str(raw), "--raw", str(outlines), "--as-of", "2025-09", "--direct",
    ]  # fmt: skip
    runs = {
        "nothing (python -c pass)": ["-c", "pass"],
        "import hotspots": ["-c", "import hotspots"],
        "hotspots --help": ["-c", COMMAND, "--help"],
        "weekly, Wiltshire, direct": ["-c", COMMAND, *weekly],
        "rival, Wiltshire": ["-c", RIVAL, str(raw), str(outlines)],
    }
    measured = {name: measure(words, given.times) for name, words in runs.items()}
    for name, (seconds, peak) in measured.items():
        print(f"{name:<28} {seconds:7.2f} s {peak:8.0f} MB")
    ours, rival = measured["weekly, Wiltshire, direct"], measured["rival, Wiltshire"]
    print(f"ours / rival                 {ours[0] / rival[0]:7.2f}   {ours[1] / rival[1]:8.2f}")
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores; median of {given.times}")


if __name__ == "__main__":
    main()
