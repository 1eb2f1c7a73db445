"""Stored tables of a force and day, by which the flows exchange data: GeoParquet under data/processed/."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from hotspots import period, tables
from hotspots.errors import SchemaError, SourceError
from pipelines.storage import atomic_write, stored_files, stored_incidents
from pipelines.storage.stored_files import DamagedFileError
from pipelines.storage.stored_incidents import StoredIncidents

LOG = logging.getLogger("hotspots")
_BACKTEST = "/backtest"  # after the name of the force, in stores of backtests

# Commands and the beginnings of the names of the files that they store; `ingest` stores all others.
_STORED_BY = {
    "evaluate": ("accuracy", "calibration"),
    "publish": ("reported", "sent"),
    "target": (
        "hotspots",
        "patrol_areas",
        "members",
        "near_repeats",
        "target",
        "method_notes",
        "parameter_choices",
        "concentration",
        "hexagons",
    ),
    "task": ("area_comparison", "referrals.", "engagement", "task", "referred"),
}


@dataclass(frozen=True)
class Store:
    """Stored tables of one force on one day."""

    folder: Path
    force: str
    as_of: date

    @property
    def day_folder(self) -> Path:
        """Return the folder of the day's tables."""
        return self.folder / self.force / self.as_of.isoformat()

    @property
    def incidents_folder(self) -> Path:
        """Return the folder of the force's stored incidents."""
        return incidents_folder(self.folder, self.force)

    def write(self, name: str, frame: pd.DataFrame) -> None:
        """Check a table and write it, in place of an earlier one."""
        tables.check(frame, tables.TABLES[name])
        with stored_files.parquet_file(self.day_folder / f"{name}.parquet") as path:
            frame.to_parquet(path, compression="zstd", index=False)

    def write_csv(self, name: str, frame: pd.DataFrame) -> None:
        """Write a table as CSV as well, for people to open."""
        with atomic_write.atomic_file(self.day_folder / f"{name}.csv") as path:
            frame.to_csv(path, index=False, lineterminator="\n")

    def write_facts(self, name: str, facts: dict[str, Any]) -> None:
        """Write plain data as JSON."""
        stored_files.write_json(self.day_folder / f"{name}.json", facts, indent=1)

    def read(self, name: str) -> pd.DataFrame:
        """Read a stored table.

        Raises
        ------
        SourceError
            The table is not stored yet, is damaged, or lacks a column because an earlier version stored it; the message
            names the command that stores it.
        """
        if name == "incidents":
            return self.read_incidents()
        table = tables.TABLES[name]
        path = self._path(f"{name}.parquet")
        with self._named(path):
            has_checksum = stored_files.require_whole(path)
            frame = stored_files.read_parquet(path, gpd.read_parquet if table.geometry else pd.read_parquet)
        if has_checksum and table.columns.keys() <= set(frame.columns):
            return frame
        try:
            return tables.conform(frame, table)
        except SchemaError as error:
            raise SourceError(
                f"'{path.name}' of {self.force} on {self.as_of} was stored by another version: {error} "
                f"Run 'hotspots {self._command_of(path.name)}' for that day again."
            ) from error

    def read_incidents(self, window: period.Window | None = None) -> gpd.GeoDataFrame:
        """Read the incidents known on the day, of the months that touch the window or all; raises as `read`."""
        months = None if window is None else set(window.touched)
        facts = self.read_facts("incidents")
        with self._named(self.day_folder / "incidents.json"):
            stored = StoredIncidents.from_facts(facts, self.incidents_folder)
            incidents = stored_incidents.read_incidents(stored, self.incidents_folder, months)
        return period.known_by(incidents, self.as_of).reset_index(drop=True)

    def read_facts(self, name: str) -> dict[str, Any]:
        """Read stored plain data; raises as `read`."""
        path = self._path(f"{name}.json")
        with self._named(path):
            return stored_files.read_json(path)

    def has(self, name: str) -> bool:
        """Return whether a table is stored for the day."""
        return os.path.lexists(self.day_folder / f"{name}.parquet")

    def has_facts(self, name: str) -> bool:
        """Return whether plain data is stored for the day."""
        return os.path.lexists(self.day_folder / f"{name}.json")

    def earlier_runs(self) -> list["Store"]:
        """Return the stores of earlier days with a complete targeting, the latest first.

        On month-only data a run of the same month is not an earlier one, because both used the same months.
        """
        before = self.as_of.replace(day=1) if self.read_facts("incidents")["is_month_only"] else self.as_of
        days = reversed(stored_days(self.folder, self.force))
        stores = [Store(self.folder, self.force, day) for day in days if day < before]
        return [store for store in stores if store.has("patrol_areas") or store.has_facts("target")]

    def prune(self, keep_runs: int) -> None:
        """Delete stored incidents that none of the latest runs uses, and temporary files; the results of runs stay."""
        atomic_write.sweep_files(self.folder / self.force)
        days = stored_days(self.folder, self.force)[-keep_runs:]
        stores = [Store(self.folder, self.force, day) for day in {*days, self.as_of}]
        try:
            facts = [store.read_facts("incidents") for store in stores if store.has_facts("incidents")]
        except SourceError as error:
            LOG.info("%s Until then, stored incidents of earlier runs are kept.", error)
            return
        stored_incidents.prune(self.incidents_folder, {key for fact in facts for key in fact["partitions"]})

    def _path(self, file: str) -> Path:
        path = self.day_folder / file
        if not os.path.lexists(path):
            raise SourceError(
                f"Nothing is stored for {self.force} on {self.as_of} ('{file}' is missing under "
                f"'{self.folder / self.force}'). Run 'hotspots {self._command_of(file)}' for that day first."
            )
        return path

    @contextmanager
    def _named(self, path: Path) -> Iterator[None]:
        """Name the command that stores a file, or the files that it needs, if one of them is damaged."""
        try:
            yield
        except DamagedFileError as error:
            raise SourceError(
                f"{error} Run 'hotspots {self._command_of(path.name)}' for {self.force} on {self.as_of} again, which "
                "makes it anew."
            ) from None

    def _command_of(self, file: str) -> str:
        """Return the command that stores a file."""
        if self.force.endswith(_BACKTEST):
            return "backtest"
        return next((command for command, names in _STORED_BY.items() if file.startswith(names)), "ingest")


def backtest_store(store: Store) -> Store:
    """Return the store of a backtest of the day; its tables are `accuracy` and `calibration`."""
    return Store(store.folder, f"{store.force}{_BACKTEST}", store.as_of)


def latest_backtest(store: Store) -> Store | None:
    """Return the store of the latest backtest that is not later than the day, if there is one."""
    found = backtest_store(store)
    days = [day for day in stored_days(found.folder, found.force) if day <= store.as_of]
    return Store(found.folder, found.force, days[-1]) if days else None


def incidents_folder(processed: Path, force: str) -> Path:
    """Return the folder of a force's stored incidents, which all days share."""
    return processed / force / "incidents"


def stored_days(folder: Path, force: str) -> list[date]:
    """Return the days of a force that have stored tables, in order."""
    found = []
    for path in (folder / force).glob("????-??-??"):
        try:
            found.append(date.fromisoformat(path.name))
        except ValueError:
            continue
    return sorted(found)
