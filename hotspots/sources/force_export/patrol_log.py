"""Reads patrol logs: the visits that were made."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from hotspots.errors import ParameterError
from hotspots.sources.file_formats import any_format, csv_layout

KIND = "a patrol log"
FIELDS = ("visit", "team", "patrol_area", "started_at", "ended_at", "outcome")


@dataclass(frozen=True, kw_only=True)
class LogParams:
    """Column map of a patrol log, and the format of its times.

    Attributes
    ----------
    columns
        Maps fields to headings of the log: visit, team, patrol_area, started_at, ended_at, outcome.
    date_format
        Format of both times, as in `datetime.strptime`.
    encoding
        Encoding of the file.
    """

    columns: dict[str, str] = field(default_factory=dict)
    date_format: str = "%d/%m/%Y %H:%M"
    encoding: str = "utf-8"

    def __post_init__(self) -> None:
        """Check that the map has every field and no other."""
        missing = [name for name in FIELDS if name not in self.columns]
        strange = sorted(set(self.columns) - set(FIELDS))
        if strange or (self.columns and missing):
            raise ParameterError(
                f"patrol_log.columns: give exactly {', '.join(FIELDS)}; '{(strange or missing)[0]}' is wrong."
            )


def read_log(path: Path, params: LogParams) -> tuple[pd.DataFrame, int]:
    """Read the mapped columns of a patrol log, and count the rows with the wrong number of cells.

    Raises
    ------
    SourceError
        A mapped column is missing, or the file cannot be read.
    """
    reading = any_format.Reading(encoding=params.encoding)
    cells, broken = any_format.read_cells(path, params.columns.values(), reading, KIND)
    headings = {name: csv_layout.tidy_heading(heading) for name, heading in params.columns.items()}
    return pd.DataFrame({name: cells[heading] for name, heading in headings.items()}), len(broken)


def tidy_visits(raw: pd.DataFrame, params: LogParams) -> pd.DataFrame:
    """Return the rows of a log as visits (`tables.VISITS`), with `month` and `reason`.

    `reason` is `unreadable` where the reference, the team or a time is missing, or the visit ends before it starts.
    """
    started, ended = (
        pd.to_datetime(raw[name], format=params.date_format, errors="coerce").astype("datetime64[us]")
        for name in FIELDS[3:5]
    )
    is_unreadable = started.isna() | ended.isna() | raw["visit"].isna() | raw["team"].isna() | (ended < started)
    return pd.DataFrame(
        {
            "visit_id": raw["visit"],
            "officer_team": raw["team"],
            "patrol_area_id": raw["patrol_area"],
            "started_at": started,
            "ended_at": ended,
            "outcome": raw["outcome"],
            "month": started.dt.strftime("%Y-%m").fillna("").astype("str"),
            "reason": pd.Series(np.where(is_unreadable, "unreadable", ""), dtype="str", index=raw.index),
        }
    )
