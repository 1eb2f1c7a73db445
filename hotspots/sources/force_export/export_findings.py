"""Findings about a force's export, with counts, for the quality page and for `hotspots check`."""

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from hotspots import findings, wording
from hotspots.privacy import street_addresses
from hotspots.sources import incident_rows, row_findings
from hotspots.sources.file_formats import any_format, workbooks
from hotspots.sources.force_export import export_cells, export_rows, references
from hotspots.sources.force_export.export_params import PLACE_FIELDS, TIME_FIELDS, ExportParams
from hotspots.sources.force_export.export_rows import WholeFile
from hotspots.sources.parsing import coordinates, dates, grid_references

MAP = "force_export.columns"
_CHECKED = (*TIME_FIELDS, "month", "category", "is_police_generated", "location_text", "reason")


def file_findings(
    path: Path, raw: pd.DataFrame, rows: pd.DataFrame, params: ExportParams, unreadable: int = 0
) -> list[dict[str, object]]:
    """Return the findings about one export, as `findings.finding` makes them; never a row's content.

    Parameters
    ----------
    path
        The file.
    raw, rows
        The results of `export_cells.read_export`, and of `export_rows.tidy_incidents` or `checked_columns`.
    params
        The column map.
    unreadable
        Number of rows with too few or too many cells.
    """
    name, blank = path.name, export_cells.blank_errors(raw)
    return [
        *_sheets(path, params),
        *_error_cells(name, raw),
        *_changed_references(name, raw),
        *_places(name, blank),
        *_postcodes(name, blank, rows),
        *_times(name, rows, params),
        *_unknown_times(name, rows, params),
        *_generated(name, rows),
        *_homes(name, blank, rows),
        *row_findings.unrecognised_types(name, _unmapped_types(raw, rows)),
        *row_findings.unreadable_rows(name, _unreadable(blank, rows, unreadable)),
    ]


def checked_columns(rows: pa.Table, whole: WholeFile) -> pd.DataFrame:
    """Return the columns that findings need of rows as `export_rows.tidy_rows` returns them."""
    frame = incident_rows.to_light_frame(rows, _CHECKED)
    frame.attrs |= whole.attrs
    return frame


def _sheets(path: Path, params: ExportParams) -> list[dict[str, object]]:
    """Return findings about a workbook: a misleading file name, and hidden sheets."""
    if not path.is_file() or any_format.format_of(path) != "workbook":
        return []
    found = []
    if path.suffix.lower() not in workbooks.SUFFIXES:
        message = f"{path.name}: the file is a workbook, although its name says otherwise."
        found.append(findings.finding("misnamed_file", message, "It was read as a workbook."))
    hidden = [sheet for sheet in workbooks.hidden_sheets(path) if sheet != params.sheet]
    if hidden:
        sheets = wording.counted(len(hidden), "hidden sheet")
        message = f"{path.name}: {sheets} in the workbook: {', '.join(map(repr, hidden))}."
        found.append(findings.finding("hidden_sheets", message, "Hidden sheets are not read.", "force_export.sheet"))
    return found


def no_teams(name: str, params: ExportParams) -> list[dict[str, object]]:
    """Return a finding about an export in which no column gives the team, the district or the beat.

    Outlines may give the teams, so it is a finding of the check of a file and not of a run.
    """
    if {"team", "district", "beat"} & set(params.columns):
        return []
    message = f"{name}: no column gives the team, the district or the beat, so teams follow from outlines only."
    action = (
        "Map a column of teams or districts under force_export.columns, give outlines of teams or beats with --raw "
        "('hotspots download' gets the neighbourhoods of data.police.uk), or name the districts of each "
        "team in [[teams]]."
    )
    return [findings.finding("no_teams", message, action, MAP)]


def _error_cells(name: str, raw: pd.DataFrame) -> list[dict[str, object]]:
    """Return a finding about Excel errors."""
    texts = [column for column in raw.columns if pd.api.types.is_string_dtype(raw[column].dtype)]
    counts = {column: int(export_cells.is_error(raw[column]).sum()) for column in texts}
    where = ", ".join(f"{count:,} in {column}" for column, count in counts.items() if count)
    if not where:
        return []
    message = f"{name}: {wording.counted(sum(counts.values()), 'cell')} with an Excel error such as #N/A: {where}."
    return [findings.finding("error_cells", message, "Such cells count as missing. Check the formulas in the export.")]


def _changed_references(name: str, raw: pd.DataFrame) -> list[dict[str, object]]:
    """Return a finding about references that a spreadsheet has changed."""
    changed = int(references.is_changed(export_cells.field_of(raw, "reference")).sum())
    if not changed:
        return []
    message = f"{name}: a spreadsheet has changed {changed:,} of {len(raw):,} references, for example into 5.43E+09."
    action = (
        "They count as missing: every row is kept, under an id made from its content. Export the file again and do not "
        "open it in Excel, or format the column as text before."
    )
    return [findings.finding("changed_references", message, action, MAP)]


def _places(name: str, raw: pd.DataFrame) -> list[dict[str, object]]:
    """Return findings about coordinates: separators in numbers, and impossible values."""
    fields = [field for place in PLACE_FIELDS[:2] for field in place if field in raw.columns]
    found = []
    separated = sum(coordinates.count_separated(raw[field]) for field in fields)
    if separated:
        message = f"{name}: {wording.counted(separated, 'coordinate')} written with a comma or a space."
        action = (
            "A comma before three digits of metres was read as a thousands separator, any other as a decimal point."
        )
        found.append(findings.finding("separators", message, action))
    largest = np.nanmax(export_cells.numbers_of(raw, "easting"), initial=0)
    for field, faults in export_cells.coordinate_faults(raw).items():
        found += _faults(name, faults, f" (largest easting {largest:,.0f})" if field == "easting" else "")
    return found + _grid_references(name, raw)


def _grid_references(name: str, raw: pd.DataFrame) -> list[dict[str, object]]:
    """Return findings about the precision of grid references."""
    if "grid_reference" not in raw.columns:
        return []
    given, found = int(raw["grid_reference"].notna().sum()), []
    sizes = pd.Series(grid_references.read(raw["grid_reference"])[2]).value_counts().sort_index(ascending=False)
    for size_m, count in sizes.items():
        is_used = size_m <= grid_references.MAX_SIZE_M
        message = f"{name}: {count:,} of {given:,} grid references are precise to {size_m:,.0f} m."
        action = (
            "Each was placed at the centre of its square."
            if is_used
            else "This is too coarse for a place. Rows without another location were left out."
        )
        found.append(findings.finding(f"grid_references_{size_m:.0f}_m", message, action, MAP))
    unread = given - int(sizes.sum())
    if unread:
        message = f"{name}: {unread:,} of {given:,} grid references cannot be read, expected one like SU 145 845."
        found.append(findings.finding("grid_references", message, "Rows without another location were left out.", MAP))
    return found


def _homes(name: str, raw: pd.DataFrame, rows: pd.DataFrame) -> list[dict[str, object]]:
    """Return findings about locations that name more than a street, and about areas that name people or homes."""
    texts, found = export_cells.field_of(raw, "location"), []
    reduced = int(street_addresses.is_reduced(texts, rows["location_text"]).sum())
    unnamed = int((texts.notna() & rows["location_text"].isna()).sum())
    if reduced:
        locations = wording.counted(int(texts.notna().sum()), "location")
        holds = "holds" if reduced == 1 else "hold"
        message = f"{name}: {reduced:,} of {locations} {holds} a house number, a flat or a name."
        action = (
            f"Only the street, estate or public building and a known town are kept; {unnamed:,} cannot be reduced to "
            "one and stay unnamed. If the column has only names of streets, set location_precision to street."
        )
        found.append(findings.finding("home_addresses", message, action, "force_export.location_precision"))
    for field in ("beat", "team", "district"):
        given = export_cells.field_of(raw, field).notna()
        lost = int((given & export_rows.area_names(raw, field).isna()).sum())
        if lost:
            message = f"{name}: {wording.counted(lost, 'cell')} of the column for the {field} named a person or a home."
            found.append(findings.finding("personal_data", message, "Such cells count as missing.", MAP))
    return found


def _postcodes(name: str, raw: pd.DataFrame, rows: pd.DataFrame) -> list[dict[str, object]]:
    """Return a finding about postcodes that could not be located."""
    if "postcode" not in raw.columns:
        return []
    lost = int((raw["postcode"].notna().to_numpy() & (rows["reason"] == "no_coordinates").to_numpy()).sum())
    if not lost:
        return []
    message = (
        f"{name}: {wording.counted(lost, 'row')} with a postcode that is not in Code-Point Open, and no other location."
    )
    action = "Such rows were left out. Add the Code-Point Open files of the area to the inputs."
    return [findings.finding("unplaced_postcodes", message, action, MAP)]


def _faults(name: str, faults: np.ndarray, largest: str) -> list[dict[str, object]]:
    """Return a finding for each fault of coordinates."""
    given, found = int((faults != "missing").sum()), []
    for fault, words in coordinates.DESCRIPTIONS.items():
        count = int((faults == fault).sum())
        if count:
            more = largest if fault == "extra_digit" else ""
            message = f"{name}: {count:,} of {given:,} coordinates {words}{more}."
            action = f"Rows without another location were left out. {coordinates.advice(fault)}"
            found.append(findings.finding(f"coordinates_{fault}", message, action, MAP))
    return found


def _times(name: str, rows: pd.DataFrame, params: ExportParams) -> list[dict[str, object]]:
    """Return findings about unreadable dates, ends before starts, and times skipped in March."""
    found = []
    for field, (unread, early) in rows.attrs["unused_times"].items():
        found += _unused(name, params.columns.get(field, field), unread, early)
    skipped = sum(int(dates.is_skipped_hour(rows[field]).sum()) for field in TIME_FIELDS)
    if skipped:
        message = (
            f"{name}: {wording.counted(skipped, 'time')} in the hour that is skipped when clocks go forward in March."
        )
        found.append(findings.finding("skipped_hour", message, "Times are kept as written."))
    late = int((rows["recorded_at"] < rows["committed_from"]).sum())
    if late:
        message = f"{name}: {wording.counted(late, 'row')} recorded before the incident started."
        found.append(findings.finding("recorded_before_start", message, "Both times are kept. Check the map.", MAP))
    return found


def _unknown_times(name: str, rows: pd.DataFrame, params: ExportParams) -> list[dict[str, object]]:
    """Return findings about clock times, and first days of months, that stand for an unknown time."""
    found = []
    for field, unknown in rows.attrs.get("unknown_times", {}).items():
        heading = params.columns.get(field, field)
        for minute, count in unknown.clock.items():
            message = (
                f"{name}: {count:,} of {unknown.total:,} times of '{heading}' are exactly {minute // 60:02}:"
                f"{minute % 60:02}, far more than at similar times of day."
            )
            action = "This stands for an unknown time: such rows count by their day, without an hour."
            found.append(findings.finding("unknown_time", message, action, MAP))
        if unknown.first_of_month:
            message = (
                f"{name}: {unknown.first_of_month:,} of {unknown.total:,} dates of '{heading}' are the first of a "
                f"month without a time, far more than on other days."
            )
            action = "This stands for an unknown day: such rows count by their month, without a day."
            found.append(findings.finding("unknown_day", message, action, MAP))
    return found


def _unused(name: str, heading: str, unread: int, early: int) -> list[dict[str, object]]:
    """Return findings about times of one column that are not used: ends before starts, or unreadable."""
    found = []
    if early:
        message = f"{name}: {wording.counted(early, 'row')} with an end before the start."
        found.append(findings.finding("end_before_start", message, "The end is left out and the start kept."))
    if unread:
        values = f"{wording.counted(unread, 'value')} of '{heading}'"
        message = f"{name}: {values} could not be read as a date from 2000 to 2099."
        action = "Such dates count as missing."
        found.append(findings.finding("unreadable_dates", message, action, "force_export.date_format"))
    return found


def _generated(name: str, rows: pd.DataFrame) -> list[dict[str, object]]:
    """Return a finding about police-generated records."""
    count = int(rows["is_police_generated"].sum())
    if not count:
        return []
    message = (
        f"{name}: {count:,} of {wording.counted(len(rows), 'record')} {'is' if count == 1 else 'are'} police-generated "
        "(drugs, weapons, stop and search, proactive)."
    )
    action = "They are kept and counted, but not used in scores."
    return [findings.finding("police_generated", message, action, "force_export.police_generated_values")]


def _unmapped_types(raw: pd.DataFrame, rows: pd.DataFrame) -> dict[str, int]:
    """Count the types of readable rows that are not mapped."""
    is_unmapped = ((rows["category"] == "unrecognised") & (rows["reason"] != "unreadable")).to_numpy()
    return {str(name): int(number) for name, number in raw.loc[is_unmapped, "type"].value_counts().items()}


def _unreadable(raw: pd.DataFrame, rows: pd.DataFrame, broken: int) -> dict[str, int]:
    """Count the reasons why rows cannot be read; a row counts once, for the first of them."""
    faults = {
        "no reference": raw["reference"].isna().to_numpy(),
        "no type": raw["type"].isna().to_numpy(),
        "no readable date": (rows["month"] == "").to_numpy(),
    }
    counts, is_counted = {"wrong number of cells": broken}, np.zeros(len(raw), bool)
    for reason, is_faulty in faults.items():
        counts[reason] = int((is_faulty & ~is_counted).sum())
        is_counted |= is_faulty
    return counts
