"""Stored tables of a force and day, by which the flows exchange data: GeoParquet under data/processed/."""

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from hotspots import period, tables
from hotspots.errors import SchemaError, SourceError
from pipelines.storage import atomic_write, stored_incidents
from pipelines.storage.stored_incidents import StoredIncidents

# Commands and the beginnings of the names of the files that they store; `ingest` stores all others.
_STORED_BY = {
    "evaluate": ("accuracy", "calibration"),
    "target": ("hotspots", "patrol_areas", "members", "near_repeats"),
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
        with atomic_write.atomic_file(self.day_folder / f"{name}.parquet") as path:
            frame.to_parquet(path, compression="zstd", index=False)

    def write_csv(self, name: str, frame: pd.DataFrame) -> None:
        """Write a table as CSV as well, for people to open."""
        with atomic_write.atomic_file(self.day_folder / f"{name}.csv") as path:
            frame.to_csv(path, index=False, lineterminator="\n")

    def write_facts(self, name: str, facts: object) -> None:
        """Write plain data as JSON."""
        with atomic_write.atomic_file(self.day_folder / f"{name}.json") as path:
            path.write_text(json.dumps(facts, indent=1, default=str), encoding="utf-8")

    def read(self, name: str) -> pd.DataFrame:
        """Read a stored table.

        Raises
        ------
        SourceError
            The table is not stored yet, or lacks a column because an earlier version stored it; the message names
            the command that stores it.
        """
        if name == "incidents":
            return self.read_incidents()
        table = tables.TABLES[name]
        path = self._path(f"{name}.parquet")
        frame = gpd.read_parquet(path) if table.geometry else pd.read_parquet(path)
        if table.columns.keys() <= set(frame.columns):
            return frame
        try:
            return tables.conform(frame, table)
        except SchemaError as error:
            raise SourceError(
                f"'{path.name}' of {self.force} on {self.as_of} was stored by another version: {error} "
                f"Run 'hotspots {_command_of(path.name)}' for that day again."
            ) from error

    def read_incidents(self, window: period.Window | None = None) -> gpd.GeoDataFrame:
        """Read the incidents known on the day, of the months that touch the window or all; raises as `read`."""
        months = None if window is None else set(window.touched)
        stored = StoredIncidents.from_facts(self.read_facts("incidents"), self.incidents_folder)
        incidents = stored_incidents.read_incidents(stored, self.incidents_folder, months)
        return period.known_by(incidents, self.as_of).reset_index(drop=True)

    def read_facts(self, name: str) -> dict[str, Any]:
        """Read stored plain data; raises as `read`."""
        facts: dict[str, Any] = json.loads(self._path(f"{name}.json").read_text(encoding="utf-8"))
        return facts

    def has(self, name: str) -> bool:
        """Return whether a table is stored for the day."""
        return (self.day_folder / f"{name}.parquet").exists()

    def earlier_runs(self) -> list["Store"]:
        """Return the stores of earlier days with a complete targeting, the latest first.

        On month-only data a run of the same month is not an earlier one, because both used the same months.
        """
        before = self.as_of.replace(day=1) if self.read_facts("incidents")["is_month_only"] else self.as_of
        days = reversed(stored_days(self.folder, self.force))
        stores = [Store(self.folder, self.force, day) for day in days if day < before]
        return [store for store in stores if store.has("patrol_areas")]

    def prune(self, keep_runs: int) -> None:
        """Delete stored incidents that none of the latest runs uses; the results of all runs stay."""
        days = stored_days(self.folder, self.force)[-keep_runs:]
        stores = [Store(self.folder, self.force, day) for day in {*days, self.as_of}]
        facts = [store.read_facts("incidents") for store in stores if (store.day_folder / "incidents.json").exists()]
        stored_incidents.prune(self.incidents_folder, {key for fact in facts for key in fact["partitions"]})

    def _path(self, file: str) -> Path:
        path = self.day_folder / file
        if not path.exists():
            raise SourceError(
                f"Nothing is stored for {self.force} on {self.as_of} ('{file}' is missing under "
                f"'{self.folder / self.force}'). Run 'hotspots {_command_of(file)}' for that day first."
            )
        return path


def _command_of(file: str) -> str:
    """Return the command that stores a file."""
    return next((command for command, names in _STORED_BY.items() if file.startswith(names)), "ingest")


def backtest_store(store: Store) -> Store:
    """Return the store of a backtest of the day; its tables are `accuracy` and `calibration`."""
    return Store(store.folder, f"{store.force}/backtest", store.as_of)


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
