"""Tables between flows: GeoParquet under data/processed/<force>/<as-of>/, each written whole or not at all."""

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import geopandas as gpd
import pandas as pd

from hotspots import period, tables
from hotspots.errors import SchemaError, SourceError
from pipelines.storage import atomic_write, stored_incidents
from pipelines.storage.stored_incidents import AtRest

# What the flow `task` stores.
TASKED = ("listening", "referrals.", "engagement", "task", "referred")


@dataclass(frozen=True)
class Store:
    """Stored tables of one force on one day."""

    folder: Path
    force: str
    as_of: date

    @property
    def day_folder(self) -> Path:
        """Where the tables of the day stand."""
        return self.folder / self.force / self.as_of.isoformat()

    def write(self, name: str, frame: pd.DataFrame) -> None:
        """Store a table, checked, in place of the one that stood there."""
        tables.check(frame, tables.TABLES[name])
        with atomic_write.atomic_file(self.day_folder / f"{name}.parquet") as path:
            frame.to_parquet(path, compression="zstd", index=False)

    def write_csv(self, name: str, frame: pd.DataFrame) -> None:
        """Store a table once more as CSV, for people to open."""
        with atomic_write.atomic_file(self.day_folder / f"{name}.csv") as path:
            frame.to_csv(path, index=False, lineterminator="\n")

    def write_facts(self, name: str, facts: object) -> None:
        """Store plain data as JSON."""
        with atomic_write.atomic_file(self.day_folder / f"{name}.json") as path:
            path.write_text(json.dumps(facts, indent=1, default=str), encoding="utf-8")

    def read_incidents(self, window: period.Window | None = None) -> gpd.GeoDataFrame:
        """The incidents known on the day: of the months that touch the window, or all; errors as in `read`."""
        months = None if window is None else set(window.touched)
        found = stored_incidents.read_incidents(self.at_rest(), incidents_folder(self.folder, self.force), months)
        return period.known_by(found, self.as_of).reset_index(drop=True)

    def sweep(self, keep_runs: int) -> None:
        """Remove incidents that none of the latest runs rests on; what those runs found stays."""
        days = sorted(stored_days(self.folder, self.force), reverse=True)[:keep_runs]
        stores = [Store(self.folder, self.force, day) for day in {*days, self.as_of}]
        facts = [day.read_facts("incidents") for day in stores if (day.day_folder / "incidents.json").exists()]
        stored_incidents.sweep(
            incidents_folder(self.folder, self.force), {own for fact in facts for own in fact["partitions"]}
        )

    def at_rest(self) -> AtRest:
        """What the day's incidents rest on; errors as in `read`."""
        return AtRest.of_facts(self.read_facts("incidents"), incidents_folder(self.folder, self.force))

    def read(self, name: str) -> pd.DataFrame:
        """A stored table.

        Raises
        ------
        SourceError
            It was not stored yet, or by a version that did not know a column of it; says which command stores it.
        """
        if name == "incidents":
            return self.read_incidents()
        table = tables.TABLES[name]
        path = self._need(f"{name}.parquet")
        frame = gpd.read_parquet(path) if table.geometry else pd.read_parquet(path)
        if table.columns.keys() <= set(frame.columns):
            return frame
        try:
            return tables.conform(frame, table)
        except SchemaError as error:
            raise SourceError(
                f"'{path.name}' of {self.force} on {self.as_of} was stored by another version: {error} "
                f"Run 'hotspots {_step_of(path.name)}' for that day again."
            ) from error

    def has(self, name: str) -> bool:
        """Whether a table was stored for the day."""
        return (self.day_folder / f"{name}.parquet").exists()

    def read_facts(self, name: str) -> dict:
        """Stored plain data; errors as in `read`."""
        return json.loads(self._need(f"{name}.json").read_text(encoding="utf-8"))

    def earlier(self) -> list["Store"]:
        """Stores of earlier days that hold a finished targeting, the latest first.

        On month-only data a run of the same month is no earlier one: it saw the same months.
        """
        first = self.as_of.replace(day=1) if self.read_facts("incidents")["is_month_only"] else self.as_of
        days = [day for day in stored_days(self.folder, self.force) if day < first]
        stores = [Store(self.folder, self.force, day) for day in sorted(days, reverse=True)]
        return [store for store in stores if store.has("patrol_areas")]

    def _need(self, file: str) -> Path:
        path = self.day_folder / file
        if not path.exists():
            raise SourceError(
                f"Nothing is stored for {self.force} on {self.as_of} ('{file}' is missing under "
                f"'{self.folder / self.force}'). Run 'hotspots {_step_of(file)}' for that day first."
            )
        return path


def _step_of(file: str) -> str:
    """The command that stores a file of a day."""
    done_by = {
        "evaluate": ("accuracy", "calibration"),
        "target": ("hotspots", "patrol_areas", "members", "near_repeats"),
        "task": TASKED,
    }
    return next((step for step, tables_of in done_by.items() if file.startswith(tables_of)), "ingest")


def backtest_shelf(store: Store) -> Store:
    """Where a backtest of the day is stored: its tables are `accuracy` and `calibration`."""
    return Store(store.folder, f"{store.force}/backtest", store.as_of)


def backtest_of(store: Store) -> Store | None:
    """The latest backtest that is stored, none later than the day."""
    shelf = backtest_shelf(store)
    days = [day for day in stored_days(shelf.folder, shelf.force) if day <= store.as_of]
    return Store(shelf.folder, shelf.force, days[-1]) if days else None


def incidents_folder(processed: Path, force: str) -> Path:
    """Where the incidents of a force rest, whatever the day."""
    return processed / force / "incidents"


def stored_days(folder: Path, force: str) -> list[date]:
    """Days of a force that have stored tables, in order."""
    found = []
    for path in (folder / force).glob("????-??-??"):
        try:
            found.append(date.fromisoformat(path.name))
        except ValueError:
            continue
    return sorted(found)
