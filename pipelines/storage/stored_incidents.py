"""Stored incidents of a day: which partitions it uses, their rows, and the counts of rows kept and set aside."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyarrow as pa

from hotspots import period, quality
from hotspots.errors import SourceError
from hotspots.sources import duplicate_references, incident_parquet, raw_file
from hotspots.sources.police_uk import street_files
from hotspots.sources.raw_file import RawFile
from pipelines.storage import incident_partitions, stored_files
from pipelines.storage.incident_partitions import Partition

MIN_AGE_SECONDS = 7 * 86_400.0


@dataclass(frozen=True)
class SharedReferences:
    """Rows that share a reference, by the GeoParquet file in which they are.

    Attributes
    ----------
    repeated
        Positions of the rows that are rejected, because they are the same offence as another row.
    renamed
        Positions of the rows that get an id of their own, because another offence has the reference as its id.
    counts
        Category and number of the rejected rows and of all offences that share a reference.
    """

    repeated: dict[str, list[int]] = field(default_factory=dict)
    renamed: dict[str, list[int]] = field(default_factory=dict)
    counts: dict[str, list[tuple[str, int, int]]] = field(default_factory=dict)

    @classmethod
    def from_verdicts(cls, rows: pd.DataFrame, names: list[str]) -> "SharedReferences":
        """Create from rows as `duplicate_references.judge_shared_references` returns them for files of these names."""
        found = cls()
        for file, of_file in rows.groupby("file"):
            name = names[int(str(file))]
            is_repeated = of_file["verdict"] == duplicate_references.REPEATED
            is_renamed = of_file["verdict"] == duplicate_references.RENAMED
            for chosen, positions in ((is_repeated, found.repeated), (is_renamed, found.renamed)):
                if chosen.any():
                    positions[name] = of_file.loc[chosen, "row"].tolist()
            kinds = pd.DataFrame({"repeated": is_repeated, "distinct": of_file["is_distinct"]})
            sums = kinds.groupby(of_file["category"]).sum()
            found.counts[name] = [(str(kind), int(a), int(b)) for kind, a, b in sums.itertuples()]
        return found

    def count_by_category(self, partitions: Iterable[Partition]) -> pd.DataFrame:
        """Return the numbers of `repeated` rows and `distinct` offences of some partitions, by category."""
        rows = [row for name in _file_names(partitions, None) for row in self.counts.get(name, ())]
        frame = pd.DataFrame(rows, columns=["category", "repeated", "distinct"])
        return frame.groupby("category", sort=True).sum()


@dataclass(frozen=True)
class StoredIncidents:
    """The stored incidents that a day uses.

    Attributes
    ----------
    partitions
        Stored rows of each raw file.
    shared
        What becomes of the rows that share a reference.
    outcomes
        Tables of outcomes; the latest outcome of a crime is used.
    """

    partitions: list[Partition]
    shared: SharedReferences
    outcomes: list[str]

    @property
    def is_month_only(self) -> bool:
        """Return whether all incidents are dated by month only."""
        return all(partition.kind == raw_file.KINDS["street"] for partition in self.partitions)

    def own(self, slug: str) -> list[Partition]:
        """Return the partitions of the force itself."""
        return [partition for partition in self.partitions if partition.force in ("", slug)]

    def facts(self) -> dict[str, Any]:
        """Return plain data, with the partitions by their cache keys."""
        return {
            "partitions": [partition.cache_key for partition in self.partitions],
            "unused": {partition.cache_key: partition.unused for partition in self.partitions if partition.unused},
            "shared": asdict(self.shared),
            "outcomes": self.outcomes,
            "is_month_only": self.is_month_only,
        }

    @classmethod
    def from_facts(cls, facts: dict[str, Any], folder: Path) -> "StoredIncidents":
        """Create from plain data as `facts` returns it.

        Raises
        ------
        SourceError
            A record, or one of its files, is missing or from an earlier version.
        """
        found = [incident_partitions.read_record(key, folder) for key in facts["partitions"]]
        if not all(found) or "shared" not in facts:
            raise SourceError(
                f"Stored incidents are missing or damaged under '{folder}'. Run 'hotspots ingest' again, which reads "
                "them from the raw files."
            )
        used = [part.without_months(facts["unused"].get(part.cache_key, {})) for part in found if part]
        return cls(used, SharedReferences(**facts["shared"]), facts["outcomes"])


def read_incidents(stored: StoredIncidents, folder: Path, months: set[str] | None = None) -> gpd.GeoDataFrame:
    """Read the incidents (`tables.INCIDENTS`) of some months, or all, without duplicates and with latest outcomes."""
    shared = stored.shared
    rows = [
        _read_rows(folder / name, shared.repeated.get(name, ()), shared.renamed.get(name, ()))
        for name in _file_names(stored.partitions, months)
    ]
    outcomes = [stored_files.read_parquet(folder / name, pd.read_parquet) for name in stored.outcomes]
    return incident_parquet.to_incidents(rows, pd.concat(outcomes) if outcomes else None)


def require_recent(stored: StoredIncidents, slug: str, day: date, folder: Path) -> None:
    """Raise if the day is more than a month after the last of the force's incidents, of which there is at least one.

    Raises
    ------
    ParameterError
        Names the last day with incidents.
    """
    own = replace(stored, partitions=stored.own(slug))
    latest = max(month for partition in own.partitions for month in partition.months)
    if period.is_long_after(day, date.fromisoformat(f"{latest}-01")):
        last = period.last_day_of(read_incidents(own, folder, {latest}))
        period.require_data_until(day, last, slug)


def _read_rows(path: Path, without: Sequence[int], renamed: Sequence[int]) -> pa.Table:
    """Read the rows of a file, without those at some positions and with distinct ids for those at others."""
    return stored_files.read_parquet(path, lambda whole: incident_parquet.read_rows(whole, without, renamed))


def store_outcomes(files: list[RawFile], folder: Path) -> list[str]:
    """Store the outcomes files that are not stored yet, or damaged, and return the names of their tables."""
    names = []
    for file in files:
        names.append(f"outcomes/{file.sha256}.parquet")
        make = partial(_store_outcomes_file, file, folder / names[-1])
        stored_files.read_or_make(folder / names[-1], stored_files.require_whole, make)
    return names


def _store_outcomes_file(file: RawFile, path: Path) -> None:
    with stored_files.parquet_file(path) as temporary:
        street_files.read_outcomes(file.readable()).to_parquet(temporary, index=False)


def find_shared(partitions: Iterable[Partition], folder: Path, day: date) -> SharedReferences:
    """Return what becomes of the rows that share a reference; the answer is kept for these files."""
    names = _file_names(partitions, None)
    path = folder / "shared" / f"{hashlib.sha256(' '.join([str(day), *names]).encode()).hexdigest()[:16]}.json"

    def make() -> None:
        rows = duplicate_references.judge_shared_references([folder / name for name in names], day)
        stored_files.write_json(path, asdict(SharedReferences.from_verdicts(rows, names)))

    return SharedReferences(**stored_files.read_or_make(path, stored_files.read_json, make))


def tally_partitions(partitions: Iterable[Partition], repeated: dict[str, list[int]]) -> pd.DataFrame:
    """Count the rows of every partition by file, month and reason (`tables.TALLY`)."""
    rows = []
    for partition in partitions:
        counts = {(month, reason): number for month, reason, number in partition.tally}
        for month, name in partition.months.items():
            if name in repeated:
                counts[month, ""] -= len(repeated[name])
                counts[month, "repeated_id"] = len(repeated[name])
        rows += [(partition.kind, partition.file, *key, number) for key, number in counts.items()]
    return quality.tally_counts(pd.DataFrame(rows, columns=["source", "file", "month", "reason", "rows"]))


def count_rows(stored: StoredIncidents) -> list[dict[str, int]]:
    """Return the rows read from each file (`rows_in`) and those that the run uses (`rows_used`), in order."""
    counts = []
    for partition in stored.partitions:
        repeated = sum(len(stored.shared.repeated.get(name, ())) for name in partition.months.values())
        kept = sum(number for _, reason, number in partition.tally if reason == "") - repeated
        counts.append({"rows_in": sum(number for *_, number in partition.tally), "rows_used": kept})
    return counts


def rejected_rows(partitions: Iterable[Partition], repeated: dict[str, list[int]], folder: Path) -> pd.DataFrame:
    """Return every row that was set aside, for `quality.rejected_table`."""
    rejected = [
        (partition.kind, partition.file, reason, numbers)
        for partition in partitions
        for reason, numbers in [
            *partition.rejected.items(),
            *_rows_of_unused_months(partition, folder),
            ("repeated_id", _duplicate_rows(partition, repeated, folder)),
        ]
    ]
    frame = pd.DataFrame(rejected, columns=["source", "file", "reason", "row"])
    return frame.explode("row").dropna(subset="row").astype({"row": "int64"})


def _rows_of_unused_months(partition: Partition, folder: Path) -> list[tuple[str, list[int]]]:
    """Return reasons and row numbers of the months of a raw file that are not used."""
    return [
        (reason, incident_parquet.read_column(folder / name, "row").tolist())
        for name, reason in partition.unused.values()
    ]


def _duplicate_rows(partition: Partition, repeated: dict[str, list[int]], folder: Path) -> list[int]:
    """Return the numbers of a raw file's rows that are the same offence as another row."""
    names = [name for name in partition.months.values() if name in repeated]
    rows = [incident_parquet.read_column(folder / name, "row")[repeated[name]].tolist() for name in names]
    return sorted(number for numbers in rows for number in numbers)


def prune(folder: Path, kept: set[str]) -> list[str]:
    """Delete partitions that no kept run uses, and return their cache keys.

    Partitions less than a week older than the youngest one stay, because another run may be making them right now.

    Parameters
    ----------
    folder
        Folder of the stored incidents of a force.
    kept
        Cache keys of the partitions that stored days use.
    """
    records = sorted((folder / "records").glob("*.json"))
    youngest = max((record.stat().st_mtime for record in records), default=0.0)
    unused = [r for r in records if r.stem not in kept and r.stat().st_mtime < youngest - MIN_AGE_SECONDS]
    for record in unused:
        for path in folder.glob(f"*/*-{record.stem}.parquet"):
            path.unlink(missing_ok=True)
        record.unlink(missing_ok=True)
    return [record.stem for record in unused]


def _file_names(partitions: Iterable[Partition], months: set[str] | None) -> list[str]:
    """Return the names of the GeoParquet files of some months, or of all."""
    files = ((month, name) for partition in partitions for month, name in partition.months.items())
    return [name for month, name in files if months is None or month in months]
