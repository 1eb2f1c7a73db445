"""Reads patrol logs: the visits that were made."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from hotspots.errors import ParameterError
from hotspots.privacy import personal_details
from hotspots.sources.file_formats import any_format, csv_layout, file_content
from hotspots.sources.file_formats.any_format import Reading
from hotspots.sources.parsing import dates

KIND = "a patrol log"
FIELDS = ("visit", "team", "patrol_area", "started_at", "ended_at", "outcome")
TIME_FIELDS = ("started_at", "ended_at")


@dataclass(frozen=True, kw_only=True)
class LogParams:
    """Column map of a patrol log, and the format of its times.

    Attributes
    ----------
    columns
        Maps fields to headings of the log: visit, team, patrol_area, started_at, ended_at, outcome.
    date_format
        Format of both times, as in `datetime.strptime`. Other British formats, ISO 8601 with or without a time zone
        and Excel's day numbers are also recognised.
    encoding
        Encoding of text files: utf-8, cp1252 (older Windows programs) or utf-16.
    sheet
        Sheet of a workbook to read; if empty, the sheet with the mapped headings.
    """

    columns: dict[str, str] = field(default_factory=dict)
    date_format: str = "%d/%m/%Y %H:%M"
    encoding: str = "utf-8"
    sheet: str = ""

    def __post_init__(self) -> None:
        """Check the format of times, the encoding, and that the map has every field and no other."""
        dates.require_format(self.date_format, "patrol_log.date_format")
        file_content.require_encoding(self.encoding, "patrol_log.encoding")
        missing = [name for name in FIELDS if name not in self.columns]
        strange = sorted(set(self.columns) - set(FIELDS))
        if strange or (self.columns and missing):
            raise ParameterError(
                f"patrol_log.columns: give exactly {', '.join(FIELDS)}; '{(strange or missing)[0]}' is wrong."
            )

    @property
    def reading(self) -> Reading:
        """Return the file options of the settings."""
        return Reading(encoding=self.encoding, sheet=self.sheet)


def matching_share(path: Path, params: LogParams) -> float:
    """Return the share of the mapped headings that a file has, 0 to 1.

    Raises
    ------
    SourceError
        The file is of a format that a log may have, and cannot be opened.
    """
    return any_format.matching_share(path, params.columns.values(), params.reading)


def read_log(path: Path, params: LogParams) -> tuple[pd.DataFrame, int]:
    """Read the mapped columns of a patrol log, and count the rows with the wrong number of cells.

    Raises
    ------
    SourceError
        A mapped column is missing, the file cannot be read, or its dates have the month first.
    """
    cells, broken = any_format.read_cells(path, params.columns.values(), params.reading, KIND)
    headings = {name: csv_layout.tidy_heading(heading) for name, heading in params.columns.items()}
    raw = pd.DataFrame({name: cells[heading] for name, heading in headings.items()})
    if not dates.is_month_first(params.date_format):
        for name in TIME_FIELDS:
            dates.require_day_first(raw[name], path.name, params.columns[name], section="patrol_log")
    return raw, len(broken)


def tidy_visits(raw: pd.DataFrame, params: LogParams) -> pd.DataFrame:
    """Return the rows of a log as visits (`tables.VISITS`), with `month` and `reason`.

    `reason` is `unreadable` where the reference, the team or a time is missing, or the visit ends before it starts.
    """
    started, ended = (dates.read_times(raw[name], (params.date_format,))["time"] for name in TIME_FIELDS)
    is_unreadable = started.isna() | ended.isna() | raw["visit"].isna() | raw["team"].isna() | (ended < started)
    return pd.DataFrame(
        {
            "visit_id": raw["visit"],
            "officer_team": personal_details.apply_to(raw["team"])[0],
            "patrol_area_id": raw["patrol_area"],
            "started_at": started,
            "ended_at": ended,
            "outcome": personal_details.apply_to(raw["outcome"])[0],
            "month": started.dt.strftime("%Y-%m").fillna("").astype("str"),
            "reason": pd.Series(np.where(is_unreadable, "unreadable", ""), dtype="str", index=raw.index),
        }
    )
