"""Incidents at rest: for each raw file the rows that count, as GeoParquet by month, read again only if it changed.

A partition's name carries a fingerprint of the file's content and of everything else that decides what it holds
(outline, areas, settings, version), so that two runs at once write the same bytes under the same name, an unchanged
file is not read again, and a killed run leaves nothing that a later one could mistake for a whole.

Files are small, so several are read, tidied and settled as one table, and written one by one.
"""

import hashlib
import itertools
import json
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from hotspots.data_health import health_notes, monthly_checks
from hotspots.sources import incident_acceptance, incident_rows, raw_file
from hotspots.sources.force_export import export_findings, export_rows
from hotspots.sources.incident_context import IncidentContext
from hotspots.sources.police_uk import street_files
from hotspots.sources.raw_file import RawFile
from pipelines.storage import atomic_write

WORKERS = 2
# Text of the files that are read together: enough to make light of what each table costs, little enough for memory.
BATCH_BYTES = 16 << 20


@dataclass(frozen=True)
class Partition:
    """One raw file at rest: its months and their files, and what became of its rows.

    Attributes
    ----------
    own
        Fingerprint of the file and of all that decides what became of it; the name of its record.
    file, kind, force
        Name and kind of the raw file, and whose it is.
    months
        Month to the name of its GeoParquet file.
    tally
        Month, reason (empty: kept) and number of rows.
    aside
        Reason to the numbers of the rows set aside, the first row of data being 1.
    counts, sums
        Rows of `monthly_checks.count_rows` and `health_notes.sum_months`.
    points
        Month to the points, and the rows on each, of `health_notes.sample_points`.
    notes
        What was noticed about the file, as findings.
    """

    own: str
    file: str
    kind: str
    force: str
    months: dict[str, str]
    tally: list[tuple[str, str, int]]
    aside: dict[str, list[int]]
    counts: list[list[Any]]
    sums: list[list[Any]]
    points: dict[str, list[list[int]]]
    notes: list[dict[str, Any]]


def make_partitions(files: list[RawFile], context: IncidentContext, folder: Path) -> list[Partition]:
    """A partition for each file, made where it is not there yet."""
    prints = {kind: context.cache_key(kind) for kind in {file.kind for file in files}}
    own = [_own_print(file, prints[file.kind]) for file in files]
    found = {name: known for name in own if (known := read_record(name, folder))}
    new = [(file, name) for file, name in zip(files, own, strict=True) if name not in found]
    found |= {partition.own: partition for partition in _make_all(_batches(new), context, folder)}
    return [found[name] for name in own]


def read_record(own: str, folder: Path) -> Partition | None:
    """What is known of a file at rest; none where it, or one of its tables, is not there."""
    record = folder / "records" / f"{own}.json"
    if not record.exists():
        return None
    known = Partition(**json.loads(record.read_text(encoding="utf-8")))
    return known if all((folder / name).exists() for name in known.months.values()) else None


def _own_print(file: RawFile, ground_print: str) -> str:
    return hashlib.sha256(f"{file.sha256} {ground_print} {file.force} {file.month}".encode()).hexdigest()[:16]


def _batches(files: list[tuple[RawFile, str]]) -> Iterator[list[tuple[RawFile, str]]]:
    """Files to be read together: street files of one force; an export by itself."""
    batch: list[tuple[RawFile, str]] = []
    for file, own in sorted(files, key=lambda each: (each[0].kind, each[0].force)):
        is_other = batch and (batch[0][0].kind, batch[0][0].force) != (file.kind, file.force)
        if batch and (is_other or file.kind != "street" or sum(f.size for f, _ in batch) + file.size > BATCH_BYTES):
            yield batch
            batch = []
        batch.append((file, own))
    if batch:
        yield batch


@dataclass(frozen=True)
class _Read:
    """Files as they were read: a table of each, the numbers of rows that could not become one, and notes."""

    files: list[tuple[RawFile, str]]
    tables: list[pa.Table]
    broken: list[list[int]]
    notes: list[list[dict[str, Any]]]


def _make_all(batches: Iterable[list[tuple[RawFile, str]]], context: IncidentContext, folder: Path) -> list[Partition]:
    """Partitions of all batches: while one is settled, the next is read and the one before it written."""
    made: list[Partition] = []
    read: Future[_Read] | None = None
    written: Future[list[Partition]] | None = None
    with ThreadPoolExecutor(WORKERS) as pool:
        for batch in [*batches, None]:
            ahead = pool.submit(_read, batch, context) if batch else None
            if read:
                settled = _settle(read.result(), context)
                made += written.result() if written else []
                written = pool.submit(_write_all, read.result(), settled, folder)
            read = ahead
        made += written.result() if written else []
    return made


def _read(batch: list[tuple[RawFile, str]], context: IncidentContext) -> _Read:
    """The files of a batch, read."""
    found = [(_read_street(file) if file.kind == "street" else _read_export(file, context)) for file, _ in batch]
    tables, broken, notes = zip(*found, strict=True)
    return _Read(batch, list(tables), list(broken), list(notes))


def _read_street(file: RawFile) -> tuple[pa.Table, list[int], list[dict[str, Any]]]:
    """Raw columns of a street file; `origin`, its month or content, tells them from those of other files."""
    table, broken = street_files.read_street(file.readable())
    origin = incident_rows.constant(file.month or file.sha256, len(table))
    return table.append_column("origin", origin), broken, street_files.other_months(table, file.name, file.month)


def _read_export(file: RawFile, context: IncidentContext) -> tuple[pa.Table, list[int], list[dict[str, Any]]]:
    """Incident rows of a force's own export."""
    params = context.export_params
    cells, broken = export_rows.read_export(file.path, params)
    incidents = export_rows.tidy_incidents(cells, context.slug, params, context.postcodes)
    notes = export_findings.notice(file.path, cells, incidents, params)
    return incident_rows.from_frame(incidents), broken, notes


def _settle(read: _Read, context: IncidentContext) -> pa.Table:
    """The rows of a batch, one file's after the other's, tidied and settled."""
    file, _ = read.files[0]
    rows = pa.concat_tables(read.tables)
    rows = street_files.tidy_street(rows, file.force) if file.kind == "street" else rows
    is_own = np.full(len(rows), context.is_own(file.force))
    return incident_acceptance.accept_rows(incident_rows.set_column(rows, "is_own_force", is_own), context)


def _write_all(read: _Read, rows: pa.Table, folder: Path) -> list[Partition]:
    """The rows of a batch written file by file, each with its record."""
    lengths = [len(table) for table in read.tables]
    starts, facts = np.cumsum([0, *lengths]), _sum_up(rows, lengths)
    made = []
    for number, (file, own) in enumerate(read.files):
        part = rows.slice(starts[number], lengths[number])
        facts[number]["notes"] = read.notes[number]
        made.append(_write(part, read.broken[number], file, own, folder, facts[number]))
        with atomic_write.atomic_file(folder / "records" / f"{own}.json") as temporary:
            temporary.write_text(json.dumps(vars(made[-1])), encoding="utf-8")
    return made


def _sum_up(rows: pa.Table, lengths: list[int]) -> list[dict[str, Any]]:
    """What the health gate asks of each file, counted for all of them together."""
    names = ("month", "category", "district", "is_own_force", "reason", "lsoa_code", "location_precision")
    wanted = [*(name for name in names if name in rows.column_names), "easting", "northing"]
    frame = rows.select(wanted).to_pandas().rename(columns={"district": "team_name"})
    files = pd.RangeIndex(len(lengths))
    frame = frame.assign(file=pd.Categorical.from_codes(np.repeat(files, lengths), files))
    frame = frame[(frame["month"] != "").to_numpy(dtype=bool)]
    facts: list[dict[str, Any]] = [{"counts": [], "sums": [], "points": {}} for _ in lengths]
    for number, *row in monthly_checks.count_rows(frame, ("file",)).to_numpy().tolist():
        facts[number]["counts"].append(row)
    for number, *row in health_notes.sum_months(frame, ("file",)).to_numpy().tolist():
        facts[number]["sums"].append(row)
    for number, month, point, count in health_notes.sample_points(frame, ("file",)).to_numpy().tolist():
        points, counts = facts[number]["points"].setdefault(month, [[], []])
        points.append(point)
        counts.append(count)
    return facts


def _write(
    rows: pa.Table, broken: list[int], file: RawFile, own: str, folder: Path, facts: dict[str, Any]
) -> Partition:
    """The rows that count, written by month, and the record of all of them."""
    reason, month = incident_rows.dictionary(rows["reason"]), incident_rows.dictionary(rows["month"])
    reasons, months = reason.dictionary.to_pylist(), month.dictionary.to_pylist()
    of_month, of_reason = month.indices.to_numpy(), reason.indices.to_numpy()
    counts = np.bincount(of_month * len(reasons) + of_reason, minlength=len(months) * len(reasons))
    tally = [(m, r, int(count)) for (m, r), count in zip(itertools.product(months, reasons), counts, strict=True)]
    number = np.delete(np.arange(1, len(rows) + len(broken) + 1), np.array(broken, int) - 1)
    aside = {text: number[of_reason == code].tolist() for code, text in enumerate(reasons) if text}
    if broken:
        tally += [(file.month, "unreadable", len(broken))]
        aside["unreadable"] = sorted(aside.get("unreadable", []) + broken)
    names = {}
    is_kept = np.isin(of_reason, [code for code, text in enumerate(reasons) if not text])
    rows = rows.append_column("row", pa.array(number.astype(np.int32)))
    for code in np.unique(of_month[is_kept]):
        name = f"{months[code]}/{file.force or 'export'}-{own}.parquet"
        kept = rows.filter(pa.array(is_kept & (of_month == code)))
        with atomic_write.atomic_file(folder / name) as temporary:
            incident_rows.write_geoparquet(kept, temporary)
        names[months[code]] = name
    kind = raw_file.KINDS[file.kind]
    return Partition(
        own,
        file.name,
        kind,
        file.force,
        names,
        _merged(tally),
        {why: rows for why, rows in aside.items() if rows},
        **facts,
    )


def _merged(tally: list[tuple[str, str, int]]) -> list[tuple[str, str, int]]:
    """Counts with the same month and reason added up, in order, none of them nought."""
    total: dict[tuple[str, str], int] = {}
    for month, reason, number in tally:
        total[month, reason] = total.get((month, reason), 0) + number
    return [(*key, number) for key, number in sorted(total.items()) if number]
