"""Tables between flows: GeoParquet under data/processed/<force>/<as-of>/, each written whole or not at all."""

import json
import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import geopandas as gpd
import pandas as pd

from hotspots import period, tables
from hotspots.errors import SourceError


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
        with _whole(self.day_folder / f"{name}.parquet") as path:
            frame.to_parquet(path, compression="zstd", index=False)

    def write_facts(self, name: str, facts: object) -> None:
        """Store plain data as JSON."""
        with _whole(self.day_folder / f"{name}.json") as path:
            path.write_text(json.dumps(facts, indent=1, default=str), encoding="utf-8")

    def read(self, name: str) -> pd.DataFrame:
        """A stored table.

        Raises
        ------
        SourceError
            It was not stored yet; says which command stores it.
        """
        table = tables.TABLES[name]
        path = self._need(f"{name}.parquet")
        return gpd.read_parquet(path) if table.geometry else pd.read_parquet(path)

    def read_facts(self, name: str) -> dict:
        """Stored plain data; errors as in `read`."""
        return json.loads(self._need(f"{name}.json").read_text(encoding="utf-8"))

    def earlier(self) -> list["Store"]:
        """Stores of earlier days that hold a finished targeting, the latest first.

        On month-only data a run of the same month is no earlier one: it saw the same months.
        """
        month_only = period.is_month_only(pd.read_parquet(self._need("incidents.parquet"), columns=["date_precision"]))
        first = self.as_of.replace(day=1) if month_only else self.as_of
        days = [day for day in stored_days(self.folder, self.force) if day < first]
        stores = [Store(self.folder, self.force, day) for day in sorted(days, reverse=True)]
        return [store for store in stores if (store.day_folder / "patrol_areas.parquet").exists()]

    def _need(self, file: str) -> Path:
        path = self.day_folder / file
        if not path.exists():
            step = "target" if file.startswith(("hotspots", "patrol_areas", "members")) else "ingest"
            raise SourceError(
                f"Nothing is stored for {self.force} on {self.as_of} ('{file}' is missing under "
                f"'{self.folder / self.force}'). Run 'hotspots {step}' for that day first."
            )
        return path


def stored_days(folder: Path, force: str) -> list[date]:
    """Days of a force that have stored tables, in order."""
    found = []
    for path in (folder / force).glob("????-??-??"):
        try:
            found.append(date.fromisoformat(path.name))
        except ValueError:
            continue
    return sorted(found)


class _whole:  # noqa: N801
    """A path to write to that becomes the real one only when everything went well."""

    def __init__(self, path: Path) -> None:
        self.path, self.draft = path, path.with_name(f".{path.name}.{os.getpid()}")

    def __enter__(self) -> Path:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise SourceError(f"'{self.path.parent}' cannot be written to ({error.strerror}).") from None
        return self.draft

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self.draft.replace(self.path)
        else:
            self.draft.unlink(missing_ok=True)
