"""What a day's incidents rest on, read back: the rows themselves, and what was counted when they came to rest."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import shapely

from hotspots import crs, quality, tables
from hotspots.data_health import health_notes, monthly_checks
from hotspots.errors import SourceError
from hotspots.sources import incident_rows, raw_file
from hotspots.sources.police_uk import street_files
from hotspots.sources.raw_file import RawFile
from pipelines.storage import atomic_write, incident_partitions
from pipelines.storage.incident_partitions import Partition

YOUNG_SECONDS = 7 * 86_400.0
_INNER = ["geometry", "fingerprint", "row"]


@dataclass(frozen=True)
class AtRest:
    """The incidents that a day rests on.

    Attributes
    ----------
    partitions
        The raw files at rest.
    repeated
        GeoParquet file to the rows in it whose reference stands in another row that is kept instead.
    outcomes
        Tables of outcomes, the latest of which hold.
    """

    partitions: list[Partition]
    repeated: dict[str, list[int]]
    outcomes: list[str]

    @property
    def is_month_only(self) -> bool:
        """Whether no incident has a day."""
        return all(partition.kind == raw_file.KINDS["street"] for partition in self.partitions)

    def facts(self) -> dict[str, Any]:
        """As plain data: the partitions by the names of their records."""
        own = [partition.own for partition in self.partitions]
        months = {"is_month_only": self.is_month_only}
        return {"partitions": own, "repeated": self.repeated, "outcomes": self.outcomes, **months}

    @classmethod
    def of_facts(cls, facts: dict[str, Any], folder: Path) -> "AtRest":
        """From plain data, as `facts` gives it.

        Raises
        ------
        SourceError
            A record, or one of its tables, is not there any more.
        """
        found = [incident_partitions.read_record(own, folder) for own in facts["partitions"]]
        if not all(found):
            raise SourceError(f"Stored incidents are missing under '{folder}'. Run 'hotspots ingest' again.")
        return cls([partition for partition in found if partition], facts["repeated"], facts["outcomes"])


def read_incidents(rest: AtRest, folder: Path, months: set[str] | None = None) -> gpd.GeoDataFrame:
    """The incidents (`tables.INCIDENTS`) of the months asked for, each reference once, with its latest outcome."""
    found = []
    for name in _parts(rest.partitions, months):
        table = pq.read_table(folder / name)
        if name in rest.repeated:
            table = table.filter(pa.array(~np.isin(np.arange(len(table)), rest.repeated[name])))
        found.append(table)
    if not found:
        return tables.empty(tables.INCIDENTS)
    everything = pa.concat_tables(found, promote_options="permissive").unify_dictionaries()
    everything = everything.take(pc.sort_indices(everything["incident_id"]))
    plain = everything.drop_columns(_INNER)
    for field in plain.schema:
        if pa.types.is_dictionary(field.type):
            plain = incident_rows.set_column(
                plain, field.name, incident_rows.dictionary(plain[field.name]).cast(pa.string())
            )
    frame = plain.to_pandas(types_mapper={pa.string(): pd.StringDtype(na_value=np.nan)}.get)
    if rest.outcomes:
        latest = street_files.latest_outcomes(pd.concat([pd.read_parquet(folder / name) for name in rest.outcomes]))
        told = pd.Series(everything["fingerprint"].to_numpy()).map(latest)
        frame = frame.assign(outcome=told.astype("str").fillna(frame["outcome"].astype("str")))
    points = shapely.from_wkb(everything["geometry"].to_numpy())
    return tables.conform(gpd.GeoDataFrame(frame, geometry=points, crs=crs.BNG), tables.INCIDENTS)


def make_outcomes(files: list[RawFile], folder: Path) -> list[str]:
    """Outcomes files at rest, by content: names of their tables, made where they are not there yet."""
    names = []
    for file in files:
        own = hashlib.sha256(file.sha256.encode()).hexdigest()[:16]
        names.append(f"outcomes/{own}.parquet")
        if not (folder / names[-1]).exists():
            with atomic_write.atomic_file(folder / names[-1]) as temporary:
                street_files.read_outcomes(file.readable()).to_parquet(temporary, index=False)
    return names


def repeated_rows(parts: Iterable[Partition], folder: Path) -> dict[str, list[int]]:
    """Rows of each partition file whose reference stands in another row that is kept instead.

    Of the rows that share a reference the one with the smallest easting, northing, type and month is kept. What was
    found for the same files is not looked for again.
    """
    names = _parts(parts, None)
    known = folder / "repeated" / f"{hashlib.sha256(' '.join(names).encode()).hexdigest()[:16]}.json"
    if known.exists():
        return json.loads(known.read_text(encoding="utf-8"))
    found = _find_repeated(names, folder)
    with atomic_write.atomic_file(known) as temporary:
        temporary.write_text(json.dumps(found), encoding="utf-8")
    return found


def tally_partitions(parts: Iterable[Partition], repeated: dict[str, list[int]]) -> pd.DataFrame:
    """Rows of every partition counted by file, month and reason (`tables.TALLY`)."""
    rows = []
    for partition in parts:
        counts = {(month, reason): number for month, reason, number in partition.tally}
        for month, name in partition.months.items():
            again = len(repeated.get(name, ()))
            if again:
                counts[month, ""] -= again
                counts[month, "repeated_id"] = again
        rows += [(partition.kind, partition.file, *key, number) for key, number in counts.items()]
    return quality.tally_counts(pd.DataFrame(rows, columns=["source", "file", "month", "reason", "rows"]))


def rows_aside(parts: Iterable[Partition], repeated: dict[str, list[int]], folder: Path) -> list[pd.DataFrame]:
    """Every row of a file that was set aside, by its number in the file, for `quality.rows_table`."""
    found = [
        (partition.kind, partition.file, reason, rows)
        for partition in parts
        for reason, rows in [*partition.aside.items(), ("repeated_id", _again(partition, repeated, folder))]
    ]
    lengths = [len(rows) for *_, rows in found]
    names = ("source", "file", "reason")
    told = {name: np.repeat([each[number] for each in found], lengths) for number, name in enumerate(names)}
    return [pd.DataFrame({**told, "row": [row for *_, rows in found for row in rows]})]


def _again(partition: Partition, repeated: dict[str, list[int]], folder: Path) -> list[int]:
    """Numbers of a file's rows whose reference stands in another row that is kept instead."""
    names = [name for name in partition.months.values() if name in repeated]
    rows = [_column(folder / name, "row")[repeated[name]] for name in names]
    return sorted(np.concatenate(rows).tolist()) if rows else []


def count_months(rest: AtRest) -> pd.DataFrame:
    """The force's own incidents by month, type and district, for the health gate (`monthly_checks.count_months`)."""
    rows = [row for partition in rest.partitions for row in partition.counts]
    counts = pd.DataFrame(rows, columns=monthly_checks.COUNTS).astype(dict.fromkeys(monthly_checks.COUNTS[:-1], "str"))
    total = counts.groupby(monthly_checks.COUNTS[:-1])["incidents"].sum().reset_index().astype({"incidents": "int64"})
    return monthly_checks.full_months(total, rest.is_month_only)


def share_months(rest: AtRest) -> pd.DataFrame:
    """How the force's own rows are placed, by month, for the health gate (`health_notes.share_months`)."""
    sums = [row for partition in rest.partitions for row in partition.sums]
    told = pd.DataFrame(sums, columns=["month", *health_notes.SUMS]).astype(dict.fromkeys(health_notes.SUMS, "int64"))
    sampled = [(month, *both) for partition in rest.partitions for month, both in partition.points.items()]
    points = {
        "month": np.repeat([month for month, *_ in sampled], [len(point) for _, point, _ in sampled]),
        "point": np.array([number for _, point, _ in sampled for number in point], np.int64),
        "rows": np.array([number for *_, rows in sampled for number in rows], np.int64),
    }
    return health_notes.share_months(told, pd.DataFrame(points))


def sweep(folder: Path, kept: set[str]) -> list[str]:
    """Remove what no kept record names and no run can be at work on; names of the records that went.

    Parameters
    ----------
    folder
        Where the incidents of a force rest.
    kept
        Names of records that stored days rest on.

    Notes
    -----
    Another run may be making partitions right now: what is younger than a week, by the youngest record, stays.
    """
    records = sorted((folder / "records").glob("*.json"))
    newest = max((record.stat().st_mtime for record in records), default=0.0)
    gone = [r for r in records if r.stem not in kept and r.stat().st_mtime < newest - YOUNG_SECONDS]
    for record in gone:
        for name in json.loads(record.read_text(encoding="utf-8"))["months"].values():
            (folder / name).unlink(missing_ok=True)
        record.unlink(missing_ok=True)
    return [record.stem for record in gone]


def _find_repeated(names: list[str], folder: Path) -> dict[str, list[int]]:
    """Rows whose reference stands in another row too, but for the one that is kept."""
    prints = [_column(folder / name, "fingerprint") for name in names]
    part = np.repeat(np.arange(len(names), dtype=np.int32), [len(found) for found in prints])
    row = np.concatenate([np.arange(len(found), dtype=np.int32) for found in prints]) if prints else np.empty(0, int)
    every = np.concatenate(prints) if prints else np.empty(0, np.uint64)
    shared = np.flatnonzero(pd.Series(every).duplicated(keep=False).to_numpy() & (every != 0))
    if not len(shared):
        return {}
    looked_up = pd.DataFrame({"part": part[shared], "row": row[shared], "fingerprint": every[shared]})
    details = pd.concat([_details(folder / names[number], rows) for number, rows in looked_up.groupby("part")])
    order = details.sort_values(["fingerprint", "x", "y", "category", "month"], kind="stable")
    dropped = order[order["fingerprint"].duplicated()]
    return {names[int(number)]: sorted(rows["row"].tolist()) for number, rows in dropped.groupby("part")}


def _details(path: Path, rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of a partition file with what decides between repeated references."""
    chosen = pa.array(rows["row"].to_numpy())
    table = pq.read_table(path, columns=["category", "month", "geometry"]).take(chosen)
    xy = shapely.get_coordinates(shapely.from_wkb(table["geometry"].to_numpy()))
    text = {name: table[name].cast(pa.string()).to_pandas().to_numpy() for name in ("category", "month")}
    return rows.assign(x=xy[:, 0], y=xy[:, 1], **text)


def _column(path: Path, name: str) -> np.ndarray:
    """One column of a partition file."""
    return pq.ParquetFile(path).read([name], use_threads=False)[name].to_numpy()


def _parts(parts: Iterable[Partition], months: set[str] | None) -> list[str]:
    """Names of the files of the months asked for."""
    every = ((month, name) for partition in parts for month, name in partition.months.items())
    return [name for month, name in every if months is None or month in months]
