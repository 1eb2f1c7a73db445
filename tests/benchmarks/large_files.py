"""Peak memory of `hotspots ingest` for one large file, against pandas reading the same file.

    PYTHONPATH=. python tests/benchmarks/large_files.py [--rows 3000000] [--answers 300000]

The export is made up: dated rows with addresses, of which a tenth are flats, and references of their own. The answers
are Littleham's over and over, of other people at other times. Each side runs in a process of its own; the peak is that
of the process (`resource.getrusage`), in megabytes of a million bytes.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

from hotspots.town import littleham

ROOT = Path(__file__).resolve().parents[2]
PART = 250_000
SETTINGS = """
[force]
slug = "wiltshire"
name = "Wiltshire Police"
[force_export.columns]
reference = "Ref"
type = "Offence"
recorded_at = "Recorded"
committed_from = "From"
committed_to = "To"
easting = "Easting"
northing = "Northing"
location = "Address"
beat = "Beat"
"""
NAMES = (
    "High",
    "Mill",
    "Church",
    "Station",
    "Victoria",
    "Albert",
    "Park",
    "Queens",
    "Kings",
    "London",
    "Bath",
    "Romsey",
)
KINDS = ("Road", "Street", "Lane", "Avenue", "Close", "Way", "Drive", "Court", "Place", "Crescent")
TOWNS = ("Swindon", "Salisbury", "Trowbridge", "Chippenham", "Devizes")
TYPES = (
    "ASB - Rowdy/Nuisance", "ASB - Personal", "ASB - Environmental", "Burglary - Residential", "Criminal damage",
    "Theft from vehicle", "Robbery",
)  # fmt: skip
OURS = """
import sys
from pathlib import Path
from pipelines import settings
from pipelines.flows.ingest import ingest
text, raw = (Path(path) for path in sys.argv[1:])
chosen = settings.from_toml(text.read_text(), text.name) if text.is_file() else settings.read_settings(None)[0]
ingest(chosen, (raw,), raw.with_name("processed"))
"""
PANDAS = """
import sys
import pandas as pd
pd.concat([pd.read_csv(path, dtype=str) for path in sys.argv[1:]])
"""
PEAK = """
import resource
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6)
"""


def write_export(path: Path, rows: int) -> None:
    """An export of so many rows over three years, around 400 places."""
    rng = np.random.default_rng(1)
    centres = np.column_stack([rng.integers(385_000, 425_000, 400), rng.integers(135_000, 185_000, 400)])
    for start in range(0, rows, PART):
        count = min(PART, rows - start)
        place = rng.integers(0, len(centres), count)
        xy = (centres[place] + rng.normal(0, 800, (count, 2))).round().astype(int)
        began = np.datetime64("2023-01-01T00:00") + rng.integers(0, 3 * 525_600, count).astype("timedelta64[m]")
        ended = began + rng.integers(0, 1_440, count).astype("timedelta64[m]")
        noted = ended + rng.integers(0, 2_880, count).astype("timedelta64[m]")
        flat = np.where(rng.random(count) < 0.1, "Flat 3, ", "")
        parts = [rng.choice(words, count) for words in (NAMES, KINDS, TOWNS)]
        number = rng.integers(1, 250, count)
        address = [f"{f}{n} {a} {b}, {c}" for f, n, a, b, c in zip(flat, number, *parts, strict=True)]
        times = {
            name: pd.Series(time).dt.strftime("%d/%m/%Y %H:%M")
            for name, time in (("Recorded", noted), ("From", began), ("To", ended))
        }
        references = [f"54{start + row:09d}/25" for row in range(count)]
        frame = pd.DataFrame({"Ref": references, "Offence": rng.choice(TYPES, count), **times})
        frame = frame.assign(Easting=xy[:, 0], Northing=xy[:, 1], Address=address, Beat=[f"B{p:03d}" for p in place])
        frame.to_csv(path, index=False, mode="a", header=start == 0)


def write_answers(folder: Path, answers: int) -> Path:
    """Littleham's files with its survey repeated to so many answers, of other people at other times."""
    town = littleham.build_town(littleham.TownParams(months=12))
    littleham.write_town(town, folder)
    path, written = folder / "survey.csv", 0
    path.unlink()
    while written < answers:
        part = town.survey.head(answers - written).copy()
        part["Response ID"] = [f"LT-{written + row:07d}" for row in range(len(part))]
        number = written // len(town.survey)
        earlier = pd.Timedelta(days=number % 180, minutes=47 * (number // 180))
        submitted = pd.to_datetime(part["Submitted"], format="%d/%m/%Y %H:%M", errors="coerce") - earlier
        part["Submitted"] = submitted.dt.strftime("%d/%m/%Y %H:%M").fillna(part["Submitted"])
        part["Email"] = f"{number}-" + part["Email"]
        part.to_csv(path, index=False, mode="a", header=written == 0)
        written += len(part)
    return path


def measure(code: str, *arguments: Path) -> tuple[float, float]:
    """Seconds and peak memory (MB) of a script in a process of its own."""
    started = time.perf_counter()
    command = [sys.executable, "-W", "ignore", "-c", code + PEAK, *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return time.perf_counter() - started, float(done.stdout.split()[-1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=3_000_000)
    parser.add_argument("--answers", type=int, default=300_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sides = []
        if asked.rows:
            raw = folder / "export" / "raw"
            raw.mkdir(parents=True)
            (folder / "force.toml").write_text(SETTINGS)
            write_export(raw / "export.csv", asked.rows)
            sides.append((f"{asked.rows:,} rows", raw / "export.csv", folder / "force.toml"))
        if asked.answers:
            path = write_answers(folder / "survey" / "raw", asked.answers)
            sides.append((f"{asked.answers:,} answers", path, folder / "none"))
        for label, path, settings in sides:
            ours, theirs = measure(OURS, settings, path.parent), measure(PANDAS, path)
            print(f"{label}: ingest {ours[0]:.0f} s, {ours[1]:,.0f} MB; pandas {theirs[0]:.0f} s, {theirs[1]:,.0f} MB")


if __name__ == "__main__":
    main()
