"""How long 16,000 answers take from the file to referrals and suggestions, beside a plain script, and where it goes.

    PYTHONPATH=. python tests/benchmarks/survey_speed.py [FOLDER_OF_CODE_POINT_OPEN] [--times 3]

The answers are Littleham's over and over, each with three sentences of free text, no two texts alike; with a folder of
Code-Point Open the parts are measured with its postcodes and places. The rival does the least that answers the
question with pandas: reads the answers, joins postcodes and wards, looks for the single words of our rules with one
expression an issue, counts residents by issue, ward and postcode, and writes two files. It has no phrases, no denials,
no owners or councils, no records beside the answers, no groups by distance, and it keeps what it does not need.
"""

import argparse
import csv
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import weekly_run

from hotspots.sources import survey
from hotspots.sources.geography import boundaries, postcodes
from hotspots.sources.survey import Gazetteer, survey_findings
from hotspots.town import littleham
from pipelines import settings as force_settings

ANSWERS = 16_000
SENTENCE_WORDS = 15  # longer reports are several sentences
REPORTS = Path(__file__).with_name("street_reports.csv")
WHOLE = """
import sys
from pathlib import Path
from pipelines import settings
from pipelines.flows import ingest, task

chosen = settings.read_settings(None)[0]
task.task(chosen, ingest.ingest(chosen, (Path(sys.argv[1]),), Path("processed")))
"""
RIVAL = """
import sys
from pathlib import Path
import geopandas as gpd, pandas as pd
from hotspots import reference

raw = Path(sys.argv[1])
answers = pd.read_csv(raw / "survey.csv", dtype=str)
answers["Submitted"] = pd.to_datetime(answers["Submitted"], format="%d/%m/%Y %H:%M")
units = pd.read_csv(raw / "postcodes.csv", header=None, usecols=[0, 2, 3], names=["Postcode", "easting", "northing"])
answers = answers.merge(units, on="Postcode", how="left")
points = gpd.GeoDataFrame(answers, geometry=gpd.points_from_xy(answers["easting"], answers["northing"]), crs=27700)
wards = gpd.read_file(raw / "places.geojson").to_crs(27700)[["name", "geometry"]]
placed = points.sjoin(wards, how="left", predicate="within")
words = {}
for row in reference.rows("issue_words"):
    words.setdefault(row["code"], set()).update(row["pattern"].split("|") if " " not in row["pattern"] else ())
about = {
    code: answers["Comments"].str.contains(rf"\\b(?:{'|'.join(sorted(own))})", case=False)
    for code, own in words.items() if own
}
told = pd.concat([placed.loc[is_so[is_so].index].assign(issue=code) for code, is_so in about.items()])
told.to_parquet("concerns.parquet")
counts = [told.groupby(["issue", area])["Email"].nunique().rename("residents") for area in ("name", "Postcode")]
pd.concat([each.rename_axis(["issue", "place"]) for each in counts]).to_csv("counts.csv")
"""


def write_answers(folder: Path, units: pd.Index) -> None:
    """Littleham's files, with its survey drawn out to so many answers, as CSV; as a workbook in a folder beside."""
    town = littleham.build_town(littleham.TownParams(months=12))
    littleham.write_town(town, folder)
    rng = np.random.default_rng(1)
    rows = csv.DictReader(REPORTS.read_text("utf-8").splitlines())
    texts = [row["text"] for row in rows if len(row["text"].split()) <= SENTENCE_WORDS]
    many = pd.concat([town.survey] * (ANSWERS // len(town.survey) + 1), ignore_index=True).iloc[:ANSWERS].copy()
    many["Response ID"] = [f"LT-{number:05d}" for number in range(ANSWERS)]
    many["Comments"] = [". ".join(mix(rng.choice(texts, 4), rng)) for _ in range(ANSWERS)]
    if len(units):
        many["Postcode"] = np.where(many["Postcode"] != "", rng.choice(units, ANSWERS), "")
    many.to_csv(folder / "survey.csv", index=False)
    folder.with_name("workbook").mkdir(parents=True)
    many.to_excel(folder.with_name("workbook") / "survey.xlsx", index=False)


def mix(texts: np.ndarray, rng: np.random.Generator) -> list[str]:
    """All texts but the last, each with one word of the last in the place of one of its own."""
    *kept, other = (text.split() for text in texts)
    for words in kept:
        words[rng.integers(len(words))] = other[rng.integers(len(other))]
    return [" ".join(words) for words in kept]


def read_excel(path: Path, dtype: type) -> pd.DataFrame:
    """A workbook read plainly."""
    return pd.read_excel(path, dtype=dtype, engine="openpyxl")


def timed(work: Callable[[], object]) -> tuple[float, object]:
    """Seconds of this process, and what came of it."""
    start = time.process_time()
    made = work()
    return time.process_time() - start, made


def tell_parts(folder: Path, paths: list[Path]) -> None:
    """Print the seconds of each part, for CSV and XLSX."""
    params = force_settings.read_settings(None)[0].survey
    for path, read in (
        (folder / "survey.csv", pd.read_csv),
        (folder.with_name("workbook") / "survey.xlsx", read_excel),
    ):
        plain = timed(lambda path=path, read=read: read(path, dtype=str))[0]
        reading, (answers, _) = timed(lambda path=path: survey.read_answers(path, params, b"key"))
        looking, units = timed(lambda: pd.concat([postcodes.read_code_point(each) for each in paths]))
        areas = boundaries.read_places(folder / "places.geojson")
        gazetteer = Gazetteer(areas=areas, units=units)
        placing, placed = timed(lambda a=answers, g=gazetteer: survey.geocode_answers(a, g))
        tidying, concerns = timed(lambda p=placed: survey.without_repeats(survey.tidy_concerns(p, params), 90))
        telling, _ = timed(lambda path=path, a=answers: survey_findings.file_findings(path, a, params))
        total = reading + looking + placing + tidying + telling
        print(
            f"{path.name}: {len(answers):,} answers to {len(concerns):,} concerns in {total:.1f} s of this process "
            f"({total / plain:.0f} times pandas' reading): read and told {reading:.1f}, {len(units):,} postcodes "
            f"{looking:.1f}, placed {placing:.1f}, concerns {tidying:.1f}, notes {telling:.1f}"
        )


def main() -> None:
    """Print what the parts take, then the whole beside the rival."""
    options = argparse.ArgumentParser(description="Seconds of 16,000 answers.")
    options.add_argument("code_point", nargs="?", type=Path, help="folder of Code-Point Open")
    options.add_argument("--times", type=int, default=3, help="runs of the whole and of the rival")
    given = options.parse_args()
    paths = [path for path in sorted(given.code_point.glob("*.csv")) if len(path.stem) <= 2] if given.code_point else []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "town" / "raw"
        write_answers(folder, pd.Index([]))
        if paths:
            real = pd.concat([postcodes.read_code_point(path) for path in paths])
            write_answers(Path(name) / "real" / "raw", real.index)
            tell_parts(Path(name) / "real" / "raw", paths)
        else:
            tell_parts(folder, [folder / "postcodes.csv"])
        whole, rival = (weekly_run.measure(["-c", code, str(folder)], given.times) for code in (WHOLE, RIVAL))
    print(f"ingest and task, a whole process: {whole[0]:.1f} s, {whole[1]:.0f} MB (median of {given.times})")
    print(f"rival, pandas with one expression an issue: {rival[0]:.1f} s; ours / rival {whole[0] / rival[0]:.2f}")
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


if __name__ == "__main__":
    main()
