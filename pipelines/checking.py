"""What is good and bad in input files, in plain lines; nothing is stored."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd

from hotspots import quality
from hotspots.errors import SourceError
from hotspots.sources import postcodes
from pipelines import inputs, readers
from pipelines.inputs import RawFile
from pipelines.settings import Settings


def check_files(paths: list[Path], settings: Settings) -> tuple[list[str], bool]:
    """Lines about each file, and whether every file that claims a known kind can be read.

    A street file is read as what it is, whichever force it is of.
    """
    lines, is_good = [], True
    for path in inputs.walk(paths):
        file = inputs.recognise(path, settings)
        try:
            lines.append(f"{path.name}: {inputs.KINDS[file.kind]}{_details(file, settings)}")
        except SourceError as error:
            lines.append(str(error))
            is_good = False
    return lines or ["There are no files."], is_good


def _details(file: RawFile, settings: Settings) -> str:
    """What reading one file found."""
    if file.kind in ("unknown", "outcomes", "stop_and_search"):
        return ", not used."
    if file.kind == "postcodes":
        return f", {len(postcodes.read_code_point(file.path)):,} postcodes with a place."
    own = replace(settings, force=replace(settings.force, slug=file.force or settings.force.slug))
    if file.kind == "places":
        kinds = readers.read_places([file])["kind"].value_counts(sort=False)
        counted = ", ".join(f"{number:,} {kind}" for kind, number in kinds.items())
        return f", {counted or 'no area with a force or a kind'}."
    readings: dict[str, Callable[[list[RawFile], Settings], pd.DataFrame | None]] = {
        "street": readers.read_incidents,
        "force_export": readers.read_incidents,
        "survey": readers.read_answers,
        "patrol_log": readers.read_visits,
    }
    rows = readings[file.kind]([file], own)
    return "" if rows is None else _counted(rows)


def _counted(rows: pd.DataFrame) -> str:
    """Rows, months, and rows that cannot be used, by reason."""
    months = sorted(month for month in rows["month"].dropna().unique() if month)
    span = f", {months[0]} to {months[-1]}" if months else ""
    reasons = rows.loc[rows["reason"] != "", "reason"].value_counts()
    aside = "; ".join(f"{number:,} rows: {quality.REASONS_IN_WORDS[str(reason)]}" for reason, number in reasons.items())
    unknown = int((rows["category"] == "unrecognised").sum()) if "category" in rows else 0
    strange = f"; {unknown:,} rows: the type is not mapped" if unknown else ""
    return f", {len(rows):,} rows{span}; {aside or 'every row can be used'}{strange}."
