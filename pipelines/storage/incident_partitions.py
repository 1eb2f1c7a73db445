"""Stored incidents of each raw file: the rows that are kept, as GeoParquet by month, and a record of all rows.

The name of a partition is a cache key: a hash of the file's content and of everything else that decides what is stored
(outline, areas, settings, version). An unchanged file is therefore not read again, and two runs at the same time write
the same bytes under the same name. Street files are small, so several are read and accepted as one table and then
written one by one.
"""

import hashlib
import itertools
import logging
import os
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from hotspots import wording
from hotspots.data_health import file_counts
from hotspots.data_health.file_counts import FileCounts
from hotspots.sources import incident_acceptance, incident_parquet, incident_rows, raw_file, row_findings
from hotspots.sources.force_export import export_cells, export_findings, export_rows
from hotspots.sources.force_export.export_params import ExportParams
from hotspots.sources.incident_acceptance import SplitRows
from hotspots.sources.incident_context import IncidentContext
from hotspots.sources.police_uk import street_files
from hotspots.sources.raw_file import RawFile
from pipelines import memory
from pipelines.storage import stored_files
from pipelines.storage.stored_files import DamagedFileError

LOG = logging.getLogger("hotspots")
WORKERS = 2
# Text of the files that are read together: a larger batch saves time, a smaller one saves memory.
BATCH_BYTES = 16 << 20


@dataclass(frozen=True)
class Partition:
    """The stored incidents of one raw file.

    Attributes
    ----------
    cache_key
        Name of the record: a hash of the file and of everything that decides what is stored.
    file, kind, force
        Name, kind and force of the raw file.
    months
        Month to the name of its GeoParquet file.
    tally
        Month, reason (empty if kept) and number of rows.
    rejected
        Reason to the numbers of the rows that were set aside; the first row of data is 1.
    counts
        Counts for the health checks.
    findings
        Findings about the file.
    unused
        Month to its GeoParquet file and the reason why a day does not use it; never stored.
    """

    cache_key: str
    file: str
    kind: str
    force: str
    months: dict[str, str]
    tally: list[tuple[str, str, int]]
    rejected: dict[str, list[int]]
    counts: FileCounts
    findings: list[dict[str, Any]]
    unused: dict[str, tuple[str, str]] = field(default_factory=dict)

    def without_months(self, reasons: dict[str, Any]) -> "Partition":
        """Return the partition without some months: the rows kept in them count as set aside.

        Parameters
        ----------
        reasons
            Month to the reason, or to values as `unused` has them.
        """
        given = {month: reason if isinstance(reason, str) else reason[1] for month, reason in reasons.items()}
        unused = {month: (name, given[month]) for month, name in self.months.items() if month in given}
        tally = [
            (month, given[month] if month in unused and not reason else reason, number)
            for month, reason, number in self.tally
        ]
        months = {month: name for month, name in self.months.items() if month not in unused}
        return replace(self, months=months, tally=tally, counts=self.counts.without_months(given), unused=unused)


@dataclass(frozen=True)
class _Batch:
    """Raw files read together: the rows of each and their number, its unreadable rows, and its findings."""

    files: list[tuple[RawFile, str]]
    rows: list[pa.Table]
    lengths: list[int]
    unreadable: list[list[int]]
    findings: list[list[dict[str, Any]]]


def make_partitions(files: list[RawFile], context: IncidentContext, folder: Path) -> list[Partition]:
    """Return a partition for each file, and store those that are not stored yet, or damaged."""
    context_keys = {kind: context.cache_key(kind) for kind in {file.kind for file in files}}
    keys = [_cache_key(file, context_keys[file.kind]) for file in files]
    found = {key: known for key in keys if (known := read_record(key, folder)) and _has_whole_files(known, folder)}
    new = [(file, key) for file, key in zip(files, keys, strict=True) if key not in found]
    _report_damaged([key for _, key in new], folder)
    found |= {partition.cache_key: partition for partition in _store_batches(_batches(new), context, folder)}
    return [found[key] for key in keys]


def _report_damaged(keys: list[str], folder: Path) -> None:
    """Report how many partitions are read again although they were stored."""
    damaged = sum(os.path.lexists(_record_path(key, folder)) for key in keys)
    if damaged:
        files = wording.counted(damaged, "raw file")
        LOG.info("%s read again: what was stored of them is damaged, or of an earlier version.", files)


def read_record(cache_key: str, folder: Path) -> Partition | None:
    """Read the record of a partition; None if it is damaged or of an earlier version, or lacks one of its files."""
    try:
        record = stored_files.read_json(_record_path(cache_key, folder))
    except DamagedFileError:
        return None
    if record.keys() != {field.name for field in fields(Partition)} - {"unused"}:
        return None
    if not all(os.path.lexists(folder / name) for name in record["months"].values()):
        return None
    return Partition(**{**record, "counts": FileCounts(**record["counts"])})


def _has_whole_files(partition: Partition, folder: Path) -> bool:
    """Return whether the files of a partition are as they were stored."""
    try:
        return all(stored_files.require_whole(folder / name) for name in partition.months.values())
    except DamagedFileError:
        return False


def _write_record(partition: Partition, folder: Path) -> None:
    record = {**vars(partition), "counts": vars(partition.counts)}
    record.pop("unused")
    stored_files.write_json(_record_path(partition.cache_key, folder), record)


def _record_path(cache_key: str, folder: Path) -> Path:
    return folder / "records" / f"{cache_key}.json"


def _cache_key(file: RawFile, context_key: str) -> str:
    return hashlib.sha256(f"{file.sha256} {context_key} {file.force} {file.month}".encode()).hexdigest()[:16]


def _batches(files: list[tuple[RawFile, str]]) -> Iterator[list[tuple[RawFile, str]]]:
    """Yield files to read together: street files of one force, or a single export."""
    batch: list[tuple[RawFile, str]] = []
    for file, key in sorted(files, key=lambda each: (each[0].kind, each[0].force)):
        is_other = batch and (batch[0][0].kind, batch[0][0].force) != (file.kind, file.force)
        if batch and (is_other or file.kind != "street" or sum(f.size for f, _ in batch) + file.size > BATCH_BYTES):
            yield batch
            batch = []
        batch.append((file, key))
    if batch:
        yield batch


def _store_batches(
    batches: Iterable[list[tuple[RawFile, str]]], context: IncidentContext, folder: Path
) -> list[Partition]:
    """Store all batches: while one is accepted, the next one is read and the one before it is written."""
    stored: list[Partition] = []
    current: Future[_Batch] | None = None
    writing: Future[list[Partition]] | None = None
    with ThreadPoolExecutor(WORKERS) as pool:
        for files in [*batches, None]:
            following = pool.submit(_read, files, context) if files else None
            if current:
                rows = _accept(current.result(), context)
                stored += writing.result() if writing else []
                writing = pool.submit(_write, current.result(), rows, folder)
            current = following
        stored += writing.result() if writing else []
    return stored


def _read(files: list[tuple[RawFile, str]], context: IncidentContext) -> _Batch:
    """Read the files of a batch."""
    read = [read_file(file, context.slug, context.export_params, context.postcodes) for file, _ in files]
    rows, unreadable, findings = zip(*read, strict=True)
    return _Batch(files, list(rows), [len(part) for part in rows], list(unreadable), list(findings))


def read_file(
    file: RawFile, slug: str, params: ExportParams, postcodes: pd.DataFrame | None
) -> tuple[pa.Table, list[int], list[dict[str, Any]]]:
    """Read the rows of an incident file for `tidy_rows`, the numbers of its unreadable rows, and findings about it.

    Rows of street files stay raw, so that several files can be tidied together; `origin`, the month of the file or of
    the row, then marks its rows.

    Parameters
    ----------
    file
        A street file or a force's own export.
    slug
        Slug of the force.
    params
        Column map of the export.
    postcodes
        Postcode units for the export, where Code-Point Open is given.
    """
    if file.kind == "street":
        raw, unreadable = street_files.read_street(file.readable())
        types, reasons = street_files.row_faults(raw, len(unreadable))
        found = street_files.other_months(raw, file.name)
        months = street_files.unreadable_months(raw, file.name)
        if months:  # the finding about months already counts these rows
            reasons["no month"] = 0
        found += [
            *months,
            *row_findings.unreadable_rows(file.name, reasons),
            *row_findings.unrecognised_types(file.name, types),
        ]
        origin = incident_rows.constant(file.month, len(raw)) if file.month else raw["Month"]
        return raw.append_column("origin", origin), unreadable, found
    cells, unreadable = export_cells.read_export(file.path, params)
    whole, cells = export_rows.read_whole(cells, params), export_cells.without_times(cells)
    memory.release_unused()
    rows = export_rows.tidy_rows(cells, whole, slug, params, postcodes)
    checked = export_findings.checked_columns(rows, whole)
    return rows, unreadable, export_findings.file_findings(file.path, cells, checked, params, len(unreadable))


def tidy_rows(rows: pa.Table, file: RawFile, slug: str) -> pa.Table:
    """Return rows from `read_file`, of files of one force, as incident rows with `is_own_force`."""
    rows = street_files.tidy_street(rows, file.force) if file.kind == "street" else rows
    return incident_rows.set_column(rows, "is_own_force", incident_rows.constant(file.force in ("", slug), len(rows)))


def _accept(batch: _Batch, context: IncidentContext) -> pa.Table:
    """Return the rows of a batch with their final reasons and areas, one file after the other, in place of the rows."""
    rows = tidy_rows(pa.concat_tables(batch.rows), batch.files[0][0], context.slug)
    batch.rows.clear()  # a large export would be in memory twice
    memory.release_unused()
    return incident_acceptance.assign_reasons_and_areas(rows, context)


def _write(batch: _Batch, rows: pa.Table, folder: Path) -> list[Partition]:
    """Write the rows of a batch file by file, with a record for each."""
    starts = itertools.accumulate(batch.lengths, initial=0)
    parts = [rows.slice(start, length) for start, length in zip(starts, batch.lengths, strict=False)]
    counts = file_counts.count_files(rows, batch.lengths)
    partitions = []
    for (file, key), part, unreadable, counted, found in zip(
        batch.files, parts, batch.unreadable, counts, batch.findings, strict=True
    ):
        split = incident_acceptance.split_rows(part, unreadable, file.month)
        months = _write_months(split, f"{file.force or 'export'}-{key}.parquet", folder)
        kind = raw_file.KINDS[file.kind]
        record = Partition(key, file.name, kind, file.force, months, split.tally, split.rejected, counted, found)
        _write_record(record, folder)
        partitions.append(record)
    return partitions


def _write_months(split: SplitRows, file_name: str, folder: Path) -> dict[str, str]:
    """Write the rows of each month, and return the names of the files."""
    for month in split.kept:
        with stored_files.parquet_file(folder / month / file_name) as temporary:
            incident_parquet.write_rows(split.rows_of(month), temporary)
    return {month: f"{month}/{file_name}" for month in split.kept}
