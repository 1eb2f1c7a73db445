"""How much of what came fell in the published areas: three forces' real months, pooled, beside plain ways to choose.

    python tests/benchmarks/capture.py                                 four dates, three forces
    python tests/benchmarks/capture.py --forces wiltshire --dates 6

Capture is the family's located incidents inside the force that fall in the first k published polygons in the three
months after each date, divided by all of them. Each force's files are ingested and its flow `backtest` is run; here
its tables are only added up. Intervals, PIT and the chance of the first 20 are checked on the same lists.

Needs the real data beside the project (../shared/data, or the folder that HOTSPOTS_SHARED_DATA names). About a minute
and a half on one core.
"""

import argparse
import os
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import pandas as pd

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from hotspots import scored_methods  # noqa: E402
from hotspots.reporting import accuracy_sentences  # noqa: E402
from hotspots.testing import backtest, calibration  # noqa: E402
from hotspots.testing.backtest import ListScores  # noqa: E402
from pipelines import settings as force_settings  # noqa: E402
from pipelines.flows import backtest as flow  # noqa: E402
from pipelines.flows.ingest import ingest  # noqa: E402

DATA = Path(os.environ.get("HOTSPOTS_SHARED_DATA", ROOT.parent / "shared" / "data"))
FORCES = ("wiltshire", "staffordshire", "west-mercia")
LAST = date(2025, 9, 30)
LENGTHS = (20, 50)
RIVALS = ("history cover", "last year on squares")


def score_force(force: str, dates: int, processed: Path) -> ListScores:
    """One force's backtest."""
    settings = flow.with_dates(force_settings.read_settings(force)[0], dates)
    raw = (DATA / "police_uk", DATA / "boundaries" / "force_areas.geojson")
    store = ingest(settings, raw, processed, LAST)
    scored = [flow.score_past_date(store, settings, day) for day in flow.find_dates(store, settings)]
    return backtest.concat_scores(scored)


def pooled(accuracy: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Sums over forces, with what they come to."""
    sums = accuracy[accuracy["k"].isin(LENGTHS)].groupby(by, observed=True)[["hits", "total", "expected"]].sum()
    return sums.assign(capture=sums["hits"] / sums["total"]).reset_index()


def report(accuracy: pd.DataFrame) -> None:
    """Print capture by date, over all dates, and the gains with paired intervals over dates and forces."""
    every = pooled(accuracy, ["family", "as_of", "method", "k"])
    print(
        every.pivot_table(index=["family", "as_of", "method"], columns="k", values="capture", observed=True)
        .round(4)
        .to_string()
    )
    print("\nall dates")
    whole = pooled(accuracy, ["family", "method", "k"])
    print(
        whole.pivot_table(index=["family", "method"], columns="k", values="capture", observed=True).round(4).to_string()
    )
    named = whole.set_index(["family", "method", "k"])
    ours, best = (named.xs(name, level="method") for name in (scored_methods.METHOD, scored_methods.BEST))
    ratios = {"PEI": ours["hits"] / best["hits"], "RRI (expected over came)": ours["expected"] / ours["hits"]}
    print(pd.DataFrame(ratios).round(3).to_string())
    pairs = accuracy.assign(as_of=accuracy["force"] + accuracy["as_of"].astype("str"))
    for rival in RIVALS:
        for k in LENGTHS:
            print(f"\ngain over {rival} at {k}, paired over dates and forces")
            print(backtest.compare_with_baseline(pairs, rival, k).round(3).to_string(index=False))


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--forces", nargs="+", default=list(FORCES))
    options.add_argument("--dates", type=int, default=4)
    given = options.parse_args()
    if not DATA.is_dir():
        sys.exit(f"no real data: {DATA} is no folder (name another with HOTSPOTS_SHARED_DATA)")
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        found = {force: score_force(force, given.dates, Path(folder)) for force in given.forces}
    report(pd.concat([scored.accuracy.assign(force=force) for force, scored in found.items()], ignore_index=True))
    print("\nchance statements, all forces and dates")
    chances = pd.concat([scored.calibration for scored in found.values()], ignore_index=True)
    print("\n".join(accuracy_sentences.describe_calibration(calibration.pool(chances))))
    print(f"\n{time.perf_counter() - started:.0f} s")


if __name__ == "__main__":
    main()
