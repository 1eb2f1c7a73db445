"""Street rows from CSV to stored table: `hotspots ingest` against the usual pandas and geopandas way, in one run.

    python tests/benchmarks/ingest_speed.py ../shared/data [--rows 1270000] [--times 3]

The files are those of one force under other months, shifted a little so that spots differ. Each side runs in a process
of its own; wall time, processor time and peak memory are printed, and how long a second run over unchanged files takes.
Our side also counts every row, settles repeats, looks at every point and judges the months.
"""

import argparse
import csv
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import pandas as pd

FORCE = "west-mercia"
ROOT = Path(__file__).resolve().parents[2]
# A quarter of the smallest distance between public points, in degrees of longitude.
SHIFT = 0.0005

OURS = """
import sys, time
from pathlib import Path
from pipelines import settings
from pipelines.flows.ingest import ingest
chosen, _ = settings.read_settings({force!r})
started, worked = time.perf_counter(), time.process_time()
store = ingest(chosen, (Path({raw!r}), Path({outlines!r})), Path({out!r}), None)
took, work = time.perf_counter() - started, time.process_time() - worked
rows = store.read("tally").drop_duplicates(["file", "month"])["rows_in"].sum()
"""
THEIRS = """
import sys, time
from pathlib import Path
import geopandas as gpd, pandas as pd, pyarrow
started, worked = time.perf_counter(), time.process_time()
frame = pd.concat([pd.read_csv(path) for path in sorted(Path({raw!r}).rglob("*-street.csv"))], ignore_index=True)
points = gpd.points_from_xy(frame["Longitude"], frame["Latitude"])
gpd.GeoDataFrame(frame, geometry=points, crs=4326).to_crs(27700).to_parquet(Path({out!r}) / "rival.parquet")
took, work = time.perf_counter() - started, time.process_time() - worked
rows = len(frame)
"""
TELL = """
import resource
print(rows, took, work, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def write_months(data: Path, folder: Path, rows: int) -> int:
    """The force's files under as many months as give so many rows; how many rows they have."""
    sources = sorted((data / "police_uk").glob(f"20*/*-{FORCE}-street.csv"))
    written, last = 0, pd.Period("2025-12", "M")
    for number in range(10_000):
        if written >= rows:
            break
        month = str(last - number)
        path = folder / month / f"{month}-{FORCE}-street.csv"
        path.parent.mkdir(parents=True)
        shift = SHIFT * (number // len(sources))
        with (
            sources[number % len(sources)].open(encoding="utf-8", newline="") as source,
            path.open("w", encoding="utf-8", newline="") as target,
        ):
            head, *body = csv.reader(source)
            for row in body:
                row[0] = row[0] and f"{number:04x}{row[0][4:]}"
                row[1] = month
                row[4] = row[4] and f"{float(row[4]) + shift:.6f}"
            csv.writer(target, lineterminator="\n").writerows([head, *body])
        written += len(body)
    return written


def measure(code: str, **places: str) -> tuple[int, float, float, float]:
    """Rows, seconds, seconds of work and peak memory (MB) of a script in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", code.format(**places) + TELL], cwd=ROOT, check=True, capture_output=True, text=True
    )
    rows, *rest = done.stdout.split()
    return int(rows), *(float(value) for value in rest)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--rows", type=int, default=1_270_000)
    parser.add_argument("--times", type=int, default=3)
    asked = parser.parse_args()
    outlines = str((asked.data / "boundaries" / "force_areas.geojson").resolve())
    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder) / "raw"
        rows = write_months(asked.data, raw, asked.rows)
        sides: dict[str, list[tuple[float, float, float]]] = {"pandas": [], "first run": [], "second run": []}
        for time in range(asked.times):
            out = str(Path(folder) / f"out-{time}")
            Path(out).mkdir()
            for side, code in (("pandas", THEIRS), ("first run", OURS), ("second run", OURS)):
                found, *figures = measure(code, raw=str(raw), outlines=outlines, out=out, force=FORCE)
                if found != rows:
                    raise SystemExit(f"{side} read {found:,} of {rows:,} rows.")
                sides[side].append(tuple(figures))
    print(f"{rows:,} rows, medians of {asked.times}")
    usual = statistics.median(figures[0] for figures in sides["pandas"])
    for side, runs in sides.items():
        took, work, peak = (statistics.median(figures) for figures in zip(*runs, strict=True))
        print(f"{side:11} {took:6.2f} s  {work:6.2f} s of work  {peak:6.0f} MB  {usual / took:5.1f} times as fast")


if __name__ == "__main__":
    main()
