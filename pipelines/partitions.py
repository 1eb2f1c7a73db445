"""Incidents at rest: for each raw file the rows that count, as GeoParquet by month, read again only if it changed.

A partition's name carries a fingerprint of the file's content and of everything else that decides what it holds
(outline, areas, settings, version), so that two runs at once write the same bytes under the same name, an unchanged
file is not read again, and a killed run leaves nothing that a later one could mistake for a whole.
"""

import hashlib
import json
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import shapely

from hotspots import __version__, crs, fingerprints, harm, period, quality, tables
from hotspots.sources import export_notes, force_export, places, police_uk, settle
from hotspots.sources import rows as incident_rows
from pipelines import inputs, wholes
from pipelines.inputs import RawFile
from pipelines.settings import Settings

WORKERS = 2
_LAYOUT = "1"


@dataclass(frozen=True)
class Ground:
    """What decides, beside a file's content, which of its rows count and where they belong."""

    settings: Settings
    outline: shapely.Geometry
    areas: gpd.GeoDataFrame
    lsoas: dict[str, str | None]
    units: pd.DataFrame | None
    day: date | None

    @property
    def districts(self) -> dict[str, str]:
        """Team of each district on the day."""
        return {name: team.name for team in self.settings.teams_on(self.day or date.max) for name in team.districts}

    def fingerprint(self, kind: str) -> str:
        """Changes with everything that a partition of this kind rests on, but the file itself."""
        facts = [__version__, _LAYOUT, self.settings.force.slug, self.settings.force.border_buffer_m, self.districts]
        facts.append(self.lsoas)
        if kind == "force_export":
            units = [] if self.units is None else pd.util.hash_pandas_object(self.units).to_list()
            facts += [asdict(self.settings.force_export), self.day, hashlib.sha256(repr(units).encode()).hexdigest()]
        digest = hashlib.sha256(repr(facts).encode())
        digest.update(shapely.to_wkb(self.outline))
        for row in self.areas.drop(columns="geometry").astype("str").fillna("").to_numpy():
            digest.update("\0".join(row).encode())
        digest.update(b"".join(shapely.to_wkb(self.areas.geometry.to_numpy())))
        return digest.hexdigest()[:16]


@dataclass(frozen=True)
class Partition:
    """One raw file at rest: its months and their files, and what became of its rows.

    Attributes
    ----------
    file, kind, force
        Name and kind of the raw file, and whose it is.
    months
        Month to the name of its GeoParquet file.
    tally
        Month, reason (empty: kept) and number of rows.
    aside
        Reason to the numbers of the rows set aside, the first row of data being 1.
    notes
        What was noticed about the file, as findings.
    """

    file: str
    kind: str
    force: str
    months: dict[str, str]
    tally: list[tuple[str, str, int]]
    aside: dict[str, list[int]]
    notes: list[dict[str, Any]]


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
        return all(partition.kind == inputs.KINDS["street"] for partition in self.partitions)

    @classmethod
    def of_facts(cls, facts: dict[str, Any]) -> "AtRest":
        """From plain data, as `asdict` makes it."""
        return cls([Partition(**part) for part in facts["partitions"]], facts["repeated"], facts["outcomes"])


def make_partitions(files: list[RawFile], ground: Ground, folder: Path) -> list[Partition]:
    """A partition for each file, made where it is not there yet."""
    prints = {kind: ground.fingerprint(kind) for kind in {file.kind for file in files}}
    with ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(lambda file: _partition(file, prints[file.kind], ground, folder), files))


def read_partitions(rest: AtRest, folder: Path, months: set[str] | None = None) -> gpd.GeoDataFrame:
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
    plain = everything.drop_columns(["geometry", "fingerprint"])
    for field in plain.schema:
        if pa.types.is_dictionary(field.type):
            plain = incident_rows.set_column(
                plain, field.name, incident_rows.dictionary(plain[field.name]).cast(pa.string())
            )
    frame = plain.to_pandas(types_mapper={pa.string(): pd.StringDtype(na_value=np.nan)}.get)
    if rest.outcomes:
        latest = police_uk.latest_outcomes(pd.concat([pd.read_parquet(folder / name) for name in rest.outcomes]))
        told = pd.Series(everything["fingerprint"].to_numpy()).map(latest)
        frame = frame.assign(outcome=told.astype("str").fillna(frame["outcome"].astype("str")))
    points = shapely.from_wkb(everything["geometry"].to_numpy())
    return tables.conform(gpd.GeoDataFrame(frame, geometry=points, crs=crs.BNG), tables.INCIDENTS)


def make_outcomes(files: list[RawFile], folder: Path) -> list[str]:
    """Outcomes files at rest, by content: names of their tables, made where they are not there yet."""
    names = []
    for file in files:
        own = hashlib.sha256(f"{file.sha256} {_LAYOUT}".encode()).hexdigest()[:16]
        names.append(f"outcomes/{own}.parquet")
        if not (folder / names[-1]).exists():
            with wholes.whole(folder / names[-1]) as draft:
                police_uk.read_outcomes(file.readable()).to_parquet(draft, index=False)
    return names


def repeated_rows(partitions: Iterable[Partition], folder: Path) -> dict[str, list[int]]:
    """Rows of each partition file whose reference stands in another row that is kept instead.

    Of the rows that share a reference the one with the smallest easting, northing, type and month is kept.
    """
    names = _parts(partitions, None)
    prints = [pq.read_table(folder / name, columns=["fingerprint"])["fingerprint"].to_numpy() for name in names]
    part = np.repeat(np.arange(len(names)), [len(found) for found in prints])
    row = np.concatenate([np.arange(len(found)) for found in prints]) if prints else np.empty(0, int)
    every = np.concatenate(prints) if prints else np.empty(0, np.uint64)
    given = np.flatnonzero(every)
    _, where, count = np.unique(every[given], return_inverse=True, return_counts=True)
    shared = given[count[where] > 1]
    if not len(shared):
        return {}
    looked_up = pd.DataFrame({"part": part[shared], "row": row[shared], "fingerprint": every[shared]})
    details = pd.concat([_details(folder / names[number], rows) for number, rows in looked_up.groupby("part")])
    order = details.sort_values(["fingerprint", "x", "y", "category", "month"], kind="stable")
    dropped = order[order["fingerprint"].duplicated()]
    return {names[int(number)]: sorted(rows["row"].tolist()) for number, rows in dropped.groupby("part")}


def tally_partitions(partitions: Iterable[Partition], repeated: dict[str, list[int]]) -> pd.DataFrame:
    """Rows of every partition counted by file, month and reason (`tables.TALLY`)."""
    rows = []
    for partition in partitions:
        counts = {(month, reason): number for month, reason, number in partition.tally}
        for month, name in partition.months.items():
            again = len(repeated.get(name, ()))
            if again:
                counts[month, ""] -= again
                counts[month, "repeated_id"] = again
        rows += [(partition.kind, partition.file, *key, number) for key, number in counts.items()]
    return quality.tally_counts(pd.DataFrame(rows, columns=["source", "file", "month", "reason", "rows"]))


def months_of(partitions: Iterable[Partition]) -> list[str]:
    """Months that the partitions hold, in order."""
    return sorted({month for partition in partitions for month in partition.months})


def _parts(partitions: Iterable[Partition], months: set[str] | None) -> list[str]:
    """Names of the files of the months asked for."""
    every = ((month, name) for partition in partitions for month, name in partition.months.items())
    return [name for month, name in every if months is None or month in months]


def _details(path: Path, rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of a partition file with what decides between repeated references."""
    chosen = pa.array(rows["row"].to_numpy())
    table = pq.read_table(path, columns=["category", "month", "geometry"]).take(chosen)
    xy = shapely.get_coordinates(shapely.from_wkb(table["geometry"].to_numpy()))
    text = {name: table[name].cast(pa.string()).to_pandas().to_numpy() for name in ("category", "month")}
    return rows.assign(x=xy[:, 0], y=xy[:, 1], **text)


def _partition(file: RawFile, ground_print: str, ground: Ground, folder: Path) -> Partition:
    """The partition of one file, from its record where that is there and whole."""
    own = hashlib.sha256(f"{file.sha256} {ground_print} {file.force}".encode()).hexdigest()[:16]
    record = folder / "records" / f"{own}.json"
    if record.exists():
        known = Partition(**json.loads(record.read_text(encoding="utf-8")))
        if all((folder / name).exists() for name in known.months.values()):
            return known
    rows, broken, notes = _read(file, ground)
    rows = _settle(rows, ground)
    partition = replace(_write(rows, broken, file, own, folder), notes=notes)
    with wholes.whole(record) as draft:
        draft.write_text(json.dumps(asdict(partition)), encoding="utf-8")
    return partition


def _read(file: RawFile, ground: Ground) -> tuple[pa.Table, int, list[dict[str, Any]]]:
    """A file's rows as they come, how many were too broken to become one, and what there is to say of the file."""
    slug = ground.settings.force.slug
    notes: list[dict[str, Any]] = []
    if file.kind == "street":
        raw, broken = police_uk.read_street(file.readable())
        rows = police_uk.tidy_street(raw, file.force)
    else:
        params = ground.settings.force_export
        cells, broken = force_export.read_export(file.path, params)
        incidents = force_export.tidy_incidents(cells, slug, params, ground.units)
        notes = export_notes.notice(file.path, cells, incidents, params)
        rows = incident_rows.from_frame(incidents)
    is_own = np.full(len(rows), file.force in ("", slug))
    return incident_rows.set_column(rows, "is_own_force", is_own), broken, notes


def _settle(rows: pa.Table, ground: Ground) -> pa.Table:
    """The rows with their final reason, but for references that repeat; with team, beat and harm."""
    easting, northing = incident_rows.numbers(rows, "easting"), incident_rows.numbers(rows, "northing")
    first, point = incident_rows.distinct_points(easting, northing)
    is_own = bool(len(rows) == 0 or rows["is_own_force"][0].as_py())
    rows = rows if is_own else _of_neighbour(rows)
    if ground.day is not None and "recorded_at" in rows.column_names:
        rows = incident_rows.with_reason(rows, "after_as_of", _is_later(rows, ground.day))
    outline = shapely.from_wkb(shapely.to_wkb(ground.outline))  # a prepared geometry must not be shared by threads
    buffer_m = ground.settings.force.border_buffer_m
    is_outside = settle.points_outside(easting[first], northing[first], outline, is_own, buffer_m)
    rows = incident_rows.with_reason(rows, "outside_force", is_outside[point])
    rows = incident_rows.set_column(rows, "harm_days", harm.of_rows(rows))
    if ground.lsoas and "lsoa_code" in rows.column_names:
        rows = incident_rows.set_column(rows, "lsoa_code", incident_rows.remap(rows["lsoa_code"], ground.lsoas))
    team = incident_rows.remap(rows["team_name"], ground.districts)
    beat_at, team_at = places.at_points(easting[first], northing[first], ground.areas)
    rows = incident_rows.set_column(rows, "team_name", incident_rows.preferred(team_at, point, team))
    known_beat = rows["beat_code"] if "beat_code" in rows.column_names else None
    return incident_rows.set_column(rows, "beat_code", incident_rows.filled(known_beat, beat_at, point))


def _of_neighbour(rows: pa.Table) -> pa.Table:
    """A neighbour's rows under ids of their own: forces may give the same reference."""
    force = rows["force"].cast(pa.string())
    rows = incident_rows.set_column(
        rows, "incident_id", pc.binary_join_element_wise(force, rows["incident_id"], "-").combine_chunks()
    )
    given = rows["fingerprint"].to_numpy()
    mixed = fingerprints.mix(given, fingerprints.of_text(force)) | np.uint64(1)
    return incident_rows.set_column(rows, "fingerprint", np.where(given > 0, mixed, 0).astype(np.uint64))


def _is_later(rows: pa.Table, day: date) -> np.ndarray:
    """Whether each dated row is later than the day."""
    frame = incident_rows.to_frame(
        rows.select([n for n in rows.column_names if n in period.DATED] + incident_rows.INNER)
    )
    return (
        ~frame.index.isin(period.known_by(frame[frame["month"] != ""], day).index) & (frame["month"] != "").to_numpy()
    )


def _write(rows: pa.Table, broken: int, file: RawFile, own: str, folder: Path) -> Partition:
    """The rows that count, written by month, and the record of all of them."""
    reason = incident_rows.dictionary(rows["reason"])
    month = incident_rows.dictionary(rows["month"])
    codes = pd.DataFrame({"month": month.indices.to_numpy(), "reason": reason.indices.to_numpy()})
    counted = codes.value_counts(sort=False)
    months, reasons = month.dictionary.to_pylist(), reason.dictionary.to_pylist()
    tally = [(months[m], reasons[r], int(number)) for (m, r), number in counted.items()]
    tally += [(file.month, "unreadable", broken)] if broken else []
    aside = {
        reasons[r]: (np.flatnonzero(codes["reason"] == r) + 1).tolist() for r in codes["reason"].unique() if reasons[r]
    }
    names = {}
    is_kept = np.array([not text for text in reasons])[codes["reason"]] if len(rows) else np.zeros(0, bool)
    for code in np.unique(codes["month"][is_kept]):
        name = f"{months[code]}/{file.force or 'export'}-{own}.parquet"
        kept = incident_rows.to_geoparquet(rows.filter(pa.array(is_kept & (codes["month"] == code).to_numpy())))
        with wholes.whole(folder / name) as draft:
            pq.write_table(kept, draft, compression="zstd", compression_level=1)
        names[months[code]] = name
    return Partition(file.name, inputs.KINDS[file.kind], file.force, names, _merged(tally), aside, [])


def _merged(tally: list[tuple[str, str, int]]) -> list[tuple[str, str, int]]:
    """Counts with the same month and reason added up, in order."""
    total: dict[tuple[str, str], int] = {}
    for month, reason, number in tally:
        total[month, reason] = total.get((month, reason), 0) + number
    return [(*key, number) for key, number in sorted(total.items())]
