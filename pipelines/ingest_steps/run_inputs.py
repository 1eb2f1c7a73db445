"""The inputs of an ingest run: its raw files, the force and the day that they are read for."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

import pandas as pd

from hotspots.sources import raw_file
from hotspots.sources.raw_file import RawFile
from pipelines.ingest_steps import readers
from pipelines.settings import Settings
from pipelines.storage.store import incidents_folder


@dataclass(frozen=True)
class RunInputs:
    """The raw files of a run, with the settings, the day and the folder of processed data."""

    files: list[RawFile]
    settings: Settings
    day: date
    processed: Path

    @property
    def slug(self) -> str:
        """Return the slug of the force."""
        return self.settings.force.slug

    @property
    def incidents_folder(self) -> Path:
        """Return the folder of the force's stored incidents."""
        return incidents_folder(self.processed, self.slug)

    @cached_property
    def postcodes(self) -> pd.DataFrame | None:
        """Return the postcode units of Code-Point Open, which are read once; None without a file of it."""
        return readers.read_postcodes(self.files)

    def used(self, *kinds: str) -> list[RawFile]:
        """Return the files of some kinds that the run uses."""
        return raw_file.used(self.files, *kinds)
