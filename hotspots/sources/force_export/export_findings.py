"""What is odd about a force's export, in sentences with counts: for the quality page and for `hotspots check`."""

from pathlib import Path

import numpy as np
import pandas as pd

from hotspots import findings
from hotspots.sources.file_formats import any_format, workbooks
from hotspots.sources.force_export import export_rows
from hotspots.sources.force_export.export_rows import ExportParams
from hotspots.sources.parsing import coordinates, dates

MAP = "force_export.columns"


def file_findings(path: Path, raw: pd.DataFrame, rows: pd.DataFrame, params: ExportParams) -> list[dict]:
    """Findings about one export, as `findings.finding` makes them; never a row's content.

    Parameters
    ----------
    path
        The file.
    raw, rows
        As `export_rows.read_export` and `export_rows.tidy_incidents` gave them.
    params
        The map.
    """
    name, blank = path.name, export_rows.blank_errors(raw)
    found = [
        *_sheets(path, params),
        *_error_cells(name, raw),
        *_places(name, blank),
        *_postcodes(name, blank, rows),
        *_times(name, blank, rows, params),
        *_generated(name, rows),
    ]
    return found


def _sheets(path: Path, params: ExportParams) -> list[dict]:
    """A workbook under another name, and the sheets that it hides."""
    if not path.is_file() or any_format.kind_of(path) != "workbook":
        return []
    found = []
    if path.suffix.lower() not in workbooks.SUFFIXES:
        said = f"{path.name}: the file is a workbook, whatever its name says."
        found.append(findings.finding("misnamed_file", said, "It was read as a workbook."))
    hidden = [sheet for sheet in workbooks.hidden_sheets(path) if sheet != params.sheet]
    if hidden:
        said = f"{path.name}: the workbook hides {len(hidden)} of its sheets: {', '.join(map(repr, hidden))}."
        found.append(findings.finding("hidden_sheets", said, "They were not read.", "force_export.sheet"))
    return found


def _error_cells(name: str, raw: pd.DataFrame) -> list[dict]:
    """Cells that Excel could not work out."""
    texts = [column for column in raw.columns if pd.api.types.is_string_dtype(raw[column].dtype)]
    counts = {column: int(export_rows.is_error(raw[column]).sum()) for column in texts}
    where = ", ".join(f"{count:,} in {column}" for column, count in counts.items() if count)
    if not where:
        return []
    said = f"{name}: {sum(counts.values()):,} cells hold an error of Excel such as #N/A: {where}."
    return [findings.finding("error_cells", said, "They count as missing. Check the formulas in the export.")]


def _places(name: str, raw: pd.DataFrame) -> list[dict]:
    """Numbers with separators, and coordinates that cannot be right."""
    fields = [field for place in export_rows.PLACE_FIELDS[:2] for field in place if field in raw.columns]
    found = []
    separated = sum(coordinates.count_separated(raw[field]) for field in fields)
    if separated:
        said = f"{name}: {separated:,} coordinates are written with a comma or a blank inside."
        done = "They were read: a comma before three digits of metres splits thousands, any other is a decimal point."
        found.append(findings.finding("separators", said, done))
    number = export_rows.place_numbers(raw)
    if "easting" in fields:
        faults = coordinates.judge_metres(number["easting"], number["northing"])
        found += _faults(name, faults, f" (largest easting {np.nanmax(number['easting'], initial=0):,.0f})")
    if "longitude" in fields:
        found += _faults(name, coordinates.judge_degrees(number["longitude"], number["latitude"]), "")
    return found


def _postcodes(name: str, raw: pd.DataFrame, rows: pd.DataFrame) -> list[dict]:
    """Postcodes that place nothing."""
    if "postcode" not in raw.columns:
        return []
    lost = int((raw["postcode"].notna().to_numpy() & (rows["reason"] == "no_coordinates").to_numpy()).sum())
    if not lost:
        return []
    said = f"{name}: {lost:,} rows have a postcode that Code-Point Open does not place, and nothing else to place them."
    done = "They were left out. Put the Code-Point Open files of the area among the inputs."
    return [findings.finding("unplaced_postcodes", said, done, MAP)]


def _faults(name: str, faults: np.ndarray, largest: str) -> list[dict]:
    """Each fault of coordinates that some rows have."""
    given, found = int((faults != "missing").sum()), []
    for fault, words in coordinates.WORDS.items():
        count = int((faults == fault).sum())
        if count:
            more = largest if fault == "extra_digit" else ""
            said = f"{name}: {count:,} of {given:,} coordinates {words}{more}."
            done = f"Where no other place is given they were left out. {coordinates.advice(fault)}"
            found.append(findings.finding(f"coordinates_{fault}", said, done, MAP))
    return found


def _times(name: str, raw: pd.DataFrame, rows: pd.DataFrame, params: ExportParams) -> list[dict]:
    """Dates that are none, ends before starts, and hours that no clock shows."""
    found = []
    for field in export_rows.TIME_FIELDS:
        texts = export_rows.moment_texts(raw, field)
        lost = (rows[field].isna() & texts.notna()).to_numpy()
        if lost.any():
            found += _lost(name, field, texts[lost], params)
    skipped = sum(int(dates.is_skipped_hour(rows[field]).sum()) for field in export_rows.TIME_FIELDS)
    if skipped:
        said = f"{name}: {skipped:,} times lie in the hour that is left out when clocks go forward in March."
        found.append(findings.finding("skipped_hour", said, "They are kept as they are written."))
    late = int((rows["recorded_at"] < rows["committed_from"]).sum())
    if late:
        said = f"{name}: {late:,} rows were recorded before they began."
        found.append(findings.finding("recorded_before_start", said, "Both times are kept. Check the map.", MAP))
    return found


def _lost(name: str, field: str, texts: pd.Series, params: ExportParams) -> list[dict]:
    """Times of one field that were given and are not used: no dates, or ends before their starts."""
    is_date = dates.read_times(texts, params.date_formats)["time"].notna()
    early, found = int(is_date.sum()), []
    if early:
        said = f"{name}: {early:,} rows end before they start."
        found.append(findings.finding("end_before_start", said, "The end is left out, the start kept."))
    if early < len(texts):
        heading = params.columns.get(field, field)
        said = f"{name}: {len(texts) - early:,} values of '{heading}' are no date from 2000 to 2099 that can be read."
        found.append(findings.finding("unreadable_dates", said, "They count as missing.", "force_export.date_format"))
    return found


def _generated(name: str, rows: pd.DataFrame) -> list[dict]:
    """Records that police made themselves."""
    count = int(rows["is_police_generated"].sum())
    if not count:
        return []
    said = (
        f"{name}: {count:,} of {len(rows):,} records are police-generated (drugs, weapons, stop and search, proactive)."
    )
    done = "They are kept and counted, and feed no score."
    return [findings.finding("police_generated", said, done, "force_export.police_generated_values")]
