"""Counts of each raw file that the health checks need, kept so that an unchanged file is not read again."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from hotspots.data_health import health_notes, monthly_checks

_COLUMNS = ("month", "category", "district", "is_own_force", "reason", "lsoa_code", "location_precision")


@dataclass(frozen=True)
class FileCounts:
    """Counts of one file, as plain data.

    Attributes
    ----------
    counts
        Rows of `monthly_checks.count_rows`.
    sums
        Rows of `health_notes.sum_months`.
    points
        Points of `health_notes.sample_points` and the number of rows at each, by month.
    """

    counts: list[list[Any]] = field(default_factory=list)
    sums: list[list[Any]] = field(default_factory=list)
    points: dict[str, list[list[int]]] = field(default_factory=dict)

    def without_months(self, months: Collection[str]) -> "FileCounts":
        """Return the counts of all other months."""
        return FileCounts(
            [row for row in self.counts if row[0] not in months],
            [row for row in self.sums if row[0] not in months],
            {month: points for month, points in self.points.items() if month not in months},
        )


def count_files(rows: pa.Table, lengths: list[int]) -> list[FileCounts]:
    """Count the rows of several files at once.

    Parameters
    ----------
    rows
        Rows of one file after the other, with their final `reason`.
    lengths
        Number of rows of each file.
    """
    names = [name for name in _COLUMNS if name in rows.column_names]
    frame = rows.select([*names, "easting", "northing"]).to_pandas().rename(columns={"district": "team_name"})
    files = pd.RangeIndex(len(lengths))
    frame = frame.assign(file=pd.Categorical.from_codes(np.repeat(files, lengths), files))
    frame = frame[(frame["month"] != "").to_numpy(dtype=bool)]
    found = [FileCounts() for _ in lengths]
    for file, *row in monthly_checks.count_rows(frame, ("file",)).to_numpy().tolist():
        found[file].counts.append(row)
    for file, *row in health_notes.sum_months(frame).to_numpy().tolist():
        found[file].sums.append(row)
    for file, month, point, count in health_notes.sample_points(frame).to_numpy().tolist():
        points, counts = found[file].points.setdefault(month, [[], []])
        points.append(point)
        counts.append(count)
    return found


def monthly_counts(files: Iterable[FileCounts], is_month_only: bool) -> pd.DataFrame:
    """Return incidents of the force by month, type and district, as `monthly_checks.count_months` does."""
    keys = monthly_checks.COUNTS[:-1]
    rows = [row for file in files for row in file.counts]
    counts = pd.DataFrame(rows, columns=monthly_checks.COUNTS).astype(dict.fromkeys(keys, "str"))
    total = counts.groupby(keys)["incidents"].sum().reset_index().astype({"incidents": "int64"})
    return monthly_checks.complete_months(total, is_month_only)


def monthly_shares(files: Iterable[FileCounts]) -> pd.DataFrame:
    """Return shares of rows by month, as `health_notes.share_months` does."""
    files = list(files)
    sums = [row for file in files for row in file.sums]
    samples = [(month, *sample) for file in files for month, sample in file.points.items()]
    points = {
        "month": np.repeat([month for month, *_ in samples], [len(points) for _, points, _ in samples]),
        "point": np.array([point for _, points, _ in samples for point in points], np.int64),
        "rows": np.array([count for *_, counts in samples for count in counts], np.int64),
    }
    totals = pd.DataFrame(sums, columns=["month", *health_notes.SUMS]).astype(dict.fromkeys(health_notes.SUMS, "int64"))
    return health_notes.share_months(totals, pd.DataFrame(points))
