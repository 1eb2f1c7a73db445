"""Cells of a force's own export: the mapped columns as text, and what is wrong with a whole column."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hotspots.errors import SourceError
from hotspots.sources.file_formats import any_format
from hotspots.sources.force_export import references
from hotspots.sources.force_export.export_params import PLACE_FIELDS, TIME_FIELDS, ExportParams
from hotspots.sources.parsing import coordinates, dates

PART_ROWS = 250_000  # of a file that are looked at together
KIND = "the force's export of incidents"


def matching_share(path: Path, params: ExportParams) -> float:
    """Return the share of the mapped headings that a file has, 0 to 1.

    Raises
    ------
    SourceError
        The file is of a format that an export may have, and cannot be opened.
    """
    return any_format.matching_share(path, params.columns.values(), params.reading)


def read_export(path: Path, params: ExportParams) -> tuple[pd.DataFrame, list[int]]:
    """Read the mapped columns of an export, and list the rows (from 1) with the wrong number of cells.

    Where no coordinates are mapped and the file holds points, they give `easting` and `northing`.

    Raises
    ------
    SourceError
        A mapped column is missing, the file cannot be read, its dates have the month first, or most of its
        coordinates have one fault in common.
    """
    cells, broken = any_format.read_cells(path, params.columns.values(), params.reading, KIND)
    heading = {name: " ".join(text.split()) for name, text in params.columns.items()}
    raw = pd.DataFrame({name: cells[text] for name, text in heading.items()})
    if "easting" in cells and not {"easting", "longitude"} & set(raw.columns):
        raw = raw.assign(easting=cells["easting"], northing=cells["northing"])
    if not any(set(place) <= set(raw.columns) for place in PLACE_FIELDS):
        raise SourceError(
            f"{path.name}: no column for the location is mapped. Map easting and northing, longitude and latitude, "
            f"grid_reference or postcode under [force_export.columns]."
        )
    _check_dates_and_coordinates(raw, params, path.name)
    return raw, broken


def time_texts(raw: pd.DataFrame, name: str) -> pd.Series:
    """Return the text of one of the times, joined where day and hour have separate columns."""
    days, hours = field_of(raw, name), TIME_FIELDS[name]
    return dates.join_day_and_time(days, raw[hours]) if hours in raw.columns else days


def without_times(raw: pd.DataFrame) -> pd.DataFrame:
    """Return the cells without the texts of times, of which a large file has hundreds of megabytes."""
    return raw.drop(columns=[name for pair in TIME_FIELDS.items() for name in pair if name in raw.columns])


def coordinate_numbers(raw: pd.DataFrame) -> dict[str, NDArray[Any]]:
    """Return eastings, northings, longitudes and latitudes as numbers, NaN where missing."""
    return {name: numbers_of(raw, name) for place in PLACE_FIELDS[:2] for name in place}


def numbers_of(raw: pd.DataFrame, name: str) -> NDArray[Any]:
    """Return one column of coordinates as numbers, NaN where missing."""
    if name not in raw.columns:
        return np.full(len(raw), np.nan)
    return coordinates.numbers(raw[name], are_metres=name in PLACE_FIELDS[0])


def coordinate_faults(raw: pd.DataFrame) -> dict[str, NDArray[Any]]:
    """Return what is wrong with each pair of coordinates, by the first field of each pair that the rows have."""
    parts = [_coordinate_faults(raw.iloc[start : start + PART_ROWS]) for start in range(0, len(raw) or 1, PART_ROWS)]
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _coordinate_faults(raw: pd.DataFrame) -> dict[str, NDArray[Any]]:
    """Return what is wrong with the coordinates of some rows."""
    number, judges = coordinate_numbers(raw), (coordinates.metre_faults, coordinates.degree_faults)
    return {
        one: coordinates.text_faults(judge(number[one], number[other]), raw[one], raw[other])
        for (one, other), judge in zip(PLACE_FIELDS[:2], judges, strict=True)
        if one in raw.columns
    }


def field_of(raw: pd.DataFrame, name: str) -> pd.Series:
    """Return the text of a field, missing throughout if the export has no such column."""
    return raw[name] if name in raw.columns else pd.Series(pd.NA, index=raw.index, dtype="str")


def blank_errors(raw: pd.DataFrame) -> pd.DataFrame:
    """Return the rows without Excel errors: such cells are missing."""
    texts = raw.columns[[pd.api.types.is_string_dtype(kind) for kind in raw.dtypes]]
    wrong = {name: is_error(raw[name]) for name in texts}
    return raw.assign(**{name: raw[name].mask(is_wrong) for name, is_wrong in wrong.items() if is_wrong.any()})


def is_error(texts: pd.Series) -> pd.Series:
    """Return whether each cell is an Excel error."""
    may_be = texts.str.startswith("#").fillna(False).astype(bool)
    return texts.str.fullmatch(references.ERROR_CELLS).fillna(False).astype(bool) if may_be.any() else may_be


def _check_dates_and_coordinates(raw: pd.DataFrame, params: ExportParams, file: str) -> None:
    """Raise if dates have the month first, or most coordinates have one fault in common."""
    raw = blank_errors(raw)
    for name in TIME_FIELDS:
        if name in params.columns and not dates.is_month_first(params.date_format):
            dates.require_day_first(raw[name], file, params.columns[name])
    faults, has_other = coordinate_faults(raw), bool({"postcode", "grid_reference"} & set(raw.columns))
    if len(faults) == 1 and not has_other:
        coordinates.require_plausible(next(iter(faults.values())), file)
    if "easting" in faults:
        number = coordinate_numbers(raw)
        coordinates.require_order(number["easting"], number["northing"], file)
