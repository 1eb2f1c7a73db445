"""How long 16,000 answers take from the file to concerns, and how many times as long as only reading the file does.

    PYTHONPATH=. python tests/benchmarks/survey_speed.py [FOLDER_OF_CODE_POINT_OPEN]

The answers are Littleham's over and over, each with three sentences of free text; with a folder of Code-Point Open the
postcodes are drawn from it, and so are the places. Seconds are of this process.
"""

import csv
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from hotspots.sources import boundaries, postcodes, survey, survey_notes
from hotspots.sources.survey import Gazetteer
from hotspots.town import littleham
from pipelines import settings as force_settings

ANSWERS = 16_000
REPORTS = Path(__file__).with_name("street_reports.csv")


def write_answers(folder: Path, units: pd.Index) -> None:
    """Littleham's files, with its survey drawn out to so many answers."""
    town = littleham.build_town(littleham.TownParams(months=12))
    littleham.write_town(town, folder)
    rng = np.random.default_rng(1)
    texts = [row["text"] for row in csv.DictReader(REPORTS.read_text("utf-8").splitlines())]
    many = pd.concat([town.survey] * (ANSWERS // len(town.survey) + 1), ignore_index=True).iloc[:ANSWERS]
    many["Response ID"] = [f"LT-{number:05d}" for number in range(ANSWERS)]
    many["Comments"] = [". ".join(rng.choice(texts, 3)) for _ in range(ANSWERS)]
    if len(units):
        many["Postcode"] = np.where(many["Postcode"] != "", rng.choice(units, ANSWERS), "")
    many.to_csv(folder / "survey.csv", index=False)
    many.to_excel(folder / "survey.xlsx", index=False)


def read_excel(path: Path, dtype: type) -> pd.DataFrame:
    """A workbook read plainly."""
    return pd.read_excel(path, dtype=dtype, engine="openpyxl")


def timed(work: Callable[[], object]) -> tuple[float, object]:
    """Seconds of this process, and what came of it."""
    start = time.process_time()
    made = work()
    return time.process_time() - start, made


def main() -> None:
    """Print the seconds of each part, for CSV and XLSX."""
    paths = [path for path in sorted(Path(sys.argv[1]).glob("*.csv")) if len(path.stem) <= 2] if sys.argv[1:] else []
    params = force_settings.read_settings(None)[0].survey
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        real = pd.concat([postcodes.read_code_point(path) for path in paths]) if paths else pd.DataFrame()
        write_answers(folder, real.index)
        paths = paths or [folder / "postcodes.csv"]
        for file, read in (("survey.csv", pd.read_csv), ("survey.xlsx", read_excel)):
            plain = timed(lambda file=file, read=read: read(folder / file, dtype=str))[0]
            path = folder / file
            reading, (answers, _) = timed(lambda path=path: survey.read_answers(path, params, b"key"))
            looking, units = timed(lambda: pd.concat([postcodes.read_code_point(each) for each in paths]))
            areas = boundaries.read_places(folder / "places.geojson")
            gazetteer = Gazetteer(areas=areas, units=units)
            placing, placed = timed(lambda a=answers, g=gazetteer: survey.place_answers(a, g))
            tidying, concerns = timed(lambda p=placed: survey.without_repeats(survey.tidy_concerns(p, params), 90))
            telling, _ = timed(lambda path=path, a=answers: survey_notes.notice(path, a, params))
            total = reading + looking + placing + tidying + telling
            print(
                f"{file}: {len(answers):,} answers to {len(concerns):,} concerns in {total:.1f} s ({total / plain:.0f} "
                f"times pandas' reading): read and told {reading:.1f}, {len(units):,} postcodes {looking:.1f}, placed "
                f"{placing:.1f}, concerns {tidying:.1f}, notes {telling:.1f}"
            )


if __name__ == "__main__":
    main()
