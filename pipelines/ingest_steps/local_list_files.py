"""Local lists that staff keep and hand in with the raw files: read, counted, and kept as their tables."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from hotspots import findings, quality, tables
from hotspots.privacy import personal_details
from hotspots.sources import local_lists, raw_file
from hotspots.sources.geography import areas_of_day
from hotspots.sources.raw_file import RawFile
from pipelines.engine import step

# Columns in which a list names an area.
_AREA_COLUMNS = {"confidence": "place_code", "actions": "place_code", "priorities": "team_name"}


@dataclass(frozen=True)
class LocalLists:
    """Tables by name, all rows with their reasons for the tally, and findings."""

    tables: dict[str, pd.DataFrame]
    rows: list[pd.DataFrame]
    findings: list[dict[str, Any]]

    def unknown_areas(self, known: set[str]) -> list[dict[str, Any]]:
        """Return findings about rows that name an area which is not known."""
        found = []
        for kind, column in _AREA_COLUMNS.items():
            names = areas_of_day.unknown_names(self.tables[kind][column], known)
            found += findings.unknown_areas(local_lists.LISTS[kind].description, names)
        return found


@step("Read local lists", retry=True)
def read_lists(files: list[RawFile], day: date) -> LocalLists:
    """Read every list of every kind, as it is known on the day.

    Raises
    ------
    SourceError
        A file cannot be read.
    """
    lists = [_read_kind(raw_file.used(files, kind), kind, pd.Timestamp(day)) for kind in local_lists.LISTS]
    return LocalLists(
        tables={name: table for each in lists for name, table in each.tables.items()},
        rows=[rows for each in lists for rows in each.rows],
        findings=[finding for each in lists for finding in each.findings],
    )


def _read_kind(files: list[RawFile], kind: str, as_of: pd.Timestamp) -> LocalLists:
    """Read the lists of one kind."""
    if not files:
        return LocalLists({kind: tables.empty(local_lists.LISTS[kind].table)}, [], [])
    parts, unreadable, found = [], {}, []
    for file in files:
        rows, unreadable[file.name], removed = local_lists.read_list(file.path, kind)
        parts.append(rows.assign(file=file.name))
        found += findings.personal_data_removed(file.name, removed, personal_details.REMOVED)
    every = pd.concat(parts, ignore_index=True)
    reasons = every.assign(reason=local_lists.check_rows(every, kind, as_of)).groupby("file")[["month", "reason"]]
    counted = [
        quality.label_rows(reasons.get_group(name), raw_file.KINDS[kind], name, count)
        for name, count in unreadable.items()
    ]
    return LocalLists({kind: local_lists.accept_rows(every, kind, as_of)}, counted, found)
