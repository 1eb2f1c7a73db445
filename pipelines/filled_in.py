"""Lists that people fill in and that come back with the raw files: read, counted, and kept as their tables."""

from dataclasses import dataclass
from datetime import date

import pandas as pd

from hotspots import quality, tables
from hotspots.sources import forms
from pipelines import inputs
from pipelines.inputs import RawFile


@dataclass(frozen=True)
class FilledIn:
    """Tables by name, all rows with their reasons for the tally, and what was noticed."""

    tables: dict[str, pd.DataFrame]
    rows: list[pd.DataFrame]
    findings: list[dict]


def read_lists(files: list[RawFile], day: date) -> FilledIn:
    """Every list of every kind, as it is known on the day.

    Raises
    ------
    SourceError
        A file cannot be read.
    """
    kept: dict[str, pd.DataFrame] = {}
    counted: list[pd.DataFrame] = []
    findings: list[dict] = []
    for kind, form in forms.FORMS.items():
        parts = []
        for file in inputs.used(files, kind):
            rows, broken, removed = forms.read_form(file.path, kind)
            parts.append(rows)
            counted.append(quality.account(rows[["month", "reason"]], inputs.KINDS[kind], file.name, broken))
            findings += _removed(file.name, removed)
        empty = tables.empty(form.table)
        kept[kind] = forms.finish_form(pd.concat(parts, ignore_index=True), kind, pd.Timestamp(day)) if parts else empty
    return FilledIn(kept, counted, findings)


def _removed(name: str, cells: int) -> list[dict]:
    """What was taken out of a list."""
    if not cells:
        return []
    said = f"{name}: {cells:,} cells held what looks like an e-mail address or a telephone number."
    return [quality.finding("personal_data", said, f"It was replaced by '{forms.REMOVED}' before anything was kept.")]
