"""Acceptance of incident rows: the reason why a row is set aside, and the team, beat and harm of each row."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from numpy.typing import NDArray

from hotspots import districts, harm, hashing, period
from hotspots.sources import incident_rows, row_checks
from hotspots.sources.geography import areas_at_points, neighbourhood_teams
from hotspots.sources.incident_context import IncidentContext

_PART = 250_000  # rows that are looked at together, to save memory


def assign_reasons_and_areas(rows: pa.Table, context: IncidentContext) -> pa.Table:
    """Assign incident rows of one force their final reason, harm, team and beat.

    Repeated references are found later, because they may be in different files. Each distinct point is looked up
    once. `district` is the one that the source gives, or else its team name.

    Parameters
    ----------
    rows
        As `incident_rows` describes them, with `is_own_force`.
    context
        The force on the day of the report.
    """
    easting, northing = incident_rows.numbers(rows, "easting"), incident_rows.numbers(rows, "northing")
    first, point = incident_rows.distinct_points(easting, northing)
    easting, northing = easting[first], northing[first]
    is_own = bool(len(rows) == 0 or rows["is_own_force"][0].as_py())
    rows = rows if is_own else _with_force_in_ids(rows)
    rows = _reject_later(rows, context.day)
    outline = shapely.from_wkb(shapely.to_wkb(context.outline))  # threads must not share a prepared geometry
    within_m = None if is_own else context.border_buffer_m
    is_outside = row_checks.points_outside(easting, northing, outline, neighbour_within_m=within_m)
    rows = incident_rows.with_reason(rows, "outside_force", is_outside[point])
    rows = incident_rows.set_column(rows, "harm_days", harm.of_rows(rows))
    if context.lsoas and "lsoa_code" in rows.column_names:
        rows = incident_rows.set_column(rows, "lsoa_code", incident_rows.replace(rows["lsoa_code"], context.lsoas))
    district = rows["district" if "district" in rows.column_names else "team_name"]
    rows = incident_rows.set_column(rows, "district", incident_rows.dictionary(district))
    beat_at, team_at = areas_at_points.at_points(easting, northing, context.areas)
    if len(context.areas) and is_own:
        district = rows["district"].take(pa.array(first)).to_pylist()
        nearest = neighbourhood_teams.at_borders(easting, northing, district, context.teams, context.areas)
        team_at = [inside or near for inside, near in zip(team_at, nearest, strict=True)]
    return _with_areas(rows, beat_at, team_at, point, context.districts)


def _with_areas(
    rows: pa.Table, beat_at: list[str | None], team_at: list[str | None], point: NDArray[Any], team_of: dict[str, str]
) -> pa.Table:
    """Set the team by the point, or else by the district, and the beat by the source, or else by the point."""
    team = incident_rows.replace(rows["team_name"], _team_names(rows) | team_of)
    rows = incident_rows.set_column(rows, "team_name", incident_rows.point_or_row(team_at, point, team))
    known_beat = rows["beat_code"] if "beat_code" in rows.column_names else None
    return incident_rows.set_column(rows, "beat_code", incident_rows.row_or_point(known_beat, beat_at, point))


def _team_names(rows: pa.Table) -> dict[str, str]:
    """Return the current district of each abolished one that stands in for the team of published street data."""
    if not len(rows) or rows["source"][0].as_py() != "police_uk":
        return {}
    names = [name for name in incident_rows.dictionary(rows["team_name"]).dictionary.to_pylist() if name]
    return {name: current for name in names if (current := districts.current_name(name)) != name}


def _with_force_in_ids(rows: pa.Table) -> pa.Table:
    """Prefix a neighbour's ids with its slug, because two forces may use the same reference."""
    force = rows["force"].cast(pa.string())
    ids = pc.binary_join_element_wise(force, rows["incident_id"], "-").combine_chunks()
    fingerprint = rows["fingerprint"].to_numpy()
    mixed = hashing.mix(fingerprint, hashing.of_text(force)) | np.uint64(1)
    rows = incident_rows.set_column(rows, "incident_id", ids)
    return incident_rows.set_column(rows, "fingerprint", np.where(fingerprint > 0, mixed, 0).astype(np.uint64))


def _reject_later(rows: pa.Table, day: date) -> pa.Table:
    """Set the reason of rows that had not happened, or not been recorded, by the end of the day.

    Rows with only a month are stored for every day, which uses the months that it knows.
    """
    if "recorded_at" not in rows.column_names:
        return rows
    parts = [_is_later(rows.slice(start, _PART), day) for start in range(0, len(rows), _PART)]
    return incident_rows.with_reason(rows, "after_as_of", np.concatenate([*parts, np.zeros(0, bool)]))


def _is_later(rows: pa.Table, day: date) -> NDArray[np.bool_]:
    """Return whether some rows, of those that have a month, were not known by the end of the day."""
    frame = incident_rows.to_plain_frame(rows.select([name for name in rows.column_names if name in period.DATED]))
    has_month = (frame["month"] != "").to_numpy()
    return np.asarray(~frame.index.isin(period.known_by(frame[has_month], day).index) & has_month)


@dataclass(frozen=True)
class SplitRows:
    """The rows of one file, kept and rejected.

    Attributes
    ----------
    rows
        All rows, with `row`, their number in the file.
    kept
        Month to the positions of the rows that are kept.
    rejected
        Reason to the numbers of the rejected rows; the first row of data is 1.
    tally
        Month, reason (empty if kept) and number of rows.
    """

    rows: pa.Table
    kept: dict[str, NDArray[Any]]
    rejected: dict[str, list[int]]
    tally: list[tuple[str, str, int]]

    def rows_of(self, month: str) -> pa.Table:
        """Return the rows of a month that are kept."""
        return self.rows.take(pa.array(self.kept[month]))


def split_rows(rows: pa.Table, unreadable: list[int], month: str) -> SplitRows:
    """Split the rows of one file into those kept, by month, and those rejected, by reason.

    Parameters
    ----------
    rows
        As `assign_reasons_and_areas` returns them.
    unreadable
        Numbers of the rows of the file that could not be read, so that they are not in `rows`.
    month
        Month of the file, in which unreadable rows are counted; empty if it has several.
    """
    number = np.delete(np.arange(1, len(rows) + len(unreadable) + 1), np.array(unreadable, int) - 1)
    names = ["month", "reason"]
    facts = pd.DataFrame({name: incident_rows.dictionary(rows[name]).to_pandas() for name in names}).assign(row=number)
    lost = pd.DataFrame({"month": month, "reason": "unreadable", "row": np.array(unreadable, int)})
    facts = pd.concat([facts, lost], ignore_index=True).astype(dict.fromkeys(names, "str"))
    is_kept = (facts["reason"] == "").to_numpy()
    rejected = facts[~is_kept].sort_values("row").groupby("reason")["row"].agg(list)
    counts = facts.groupby(names).size()
    rows = rows.append_column("row", pa.array(number.astype(np.int32)))
    kept = facts.index[is_kept].groupby(facts["month"][is_kept])
    return SplitRows(
        rows,
        {str(each): np.asarray(positions) for each, positions in kept.items()},
        {str(reason): rows for reason, rows in rejected.items()},
        [(*key, int(count)) for key, count in counts.items()],
    )
