"""Lists that people fill in and that come back with the raw files: read, counted, and kept as their tables."""

from dataclasses import dataclass
from datetime import date

import pandas as pd

from hotspots import findings, quality, tables
from hotspots.sources import local_lists, raw_file
from hotspots.sources.raw_file import RawFile

# Where a list names an area.
_AREAS = {"confidence": "place_code", "actions": "place_code", "priorities": "team_name"}


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
    for kind, form in local_lists.FORMS.items():
        parts, sizes = [], []
        for file in raw_file.used(files, kind):
            rows, broken, removed = local_lists.read_form(file.path, kind)
            parts.append(rows.assign(file=file.name))
            sizes.append((file.name, broken))
            findings += _removed(file.name, removed)
        kept[kind] = tables.empty(form.table)
        if parts:
            every = pd.concat(parts, ignore_index=True)
            kept[kind] = local_lists.finish_form(every, kind, pd.Timestamp(day))
            settled = every.assign(reason=local_lists.settle_form(every, kind, pd.Timestamp(day)))
            counted += [
                quality.account(
                    settled.loc[settled["file"] == name, ["month", "reason"]], raw_file.KINDS[kind], name, broken
                )
                for name, broken in sizes
            ]
    return FilledIn(kept, counted, findings)


def unknown_areas(lists: FilledIn, known: set[str]) -> list[dict]:
    """What there is to say of results, actions and priorities about areas that are none of these."""
    there = {" ".join(name.casefold().split()) for name in known}
    found = []
    for kind, column in _AREAS.items():
        names = lists.tables[kind][column].dropna()
        plain = names.str.casefold().str.split().str.join(" ")
        found += findings.unknown_areas(local_lists.FORMS[kind].says, sorted(set(names[~plain.isin(there)])))
    return found


def _removed(name: str, cells: int) -> list[dict]:
    """What was taken out of a list."""
    if not cells:
        return []
    said = f"{name}: {cells:,} cells held what looks like an e-mail address or a telephone number."
    return [
        findings.finding("personal_data", said, f"It was replaced by '{local_lists.REMOVED}' before anything was kept.")
    ]
