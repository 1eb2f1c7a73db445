"""Reads a force's own export of incidents; settings map its columns to our fields."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hotspots import categories, crs, tables
from hotspots.errors import ParameterError, SourceError
from hotspots.privacy import personal_details, street_addresses
from hotspots.sources.file_formats import any_format, file_content
from hotspots.sources.file_formats.any_format import Reading
from hotspots.sources.force_export import references
from hotspots.sources.geography import postcodes
from hotspots.sources.parsing import coordinates, dates, grid_references, offence_types, unknown_times
from hotspots.sources.parsing.unknown_times import UnknownTimes

KIND = "the force's export of incidents"
FIELDS = (
    "reference", "type", "subtype", "offence_code", "origin", "recorded_at", "recorded_time", "committed_from",
    "committed_from_time", "committed_to", "committed_to_time", "updated_at", "easting", "northing", "longitude",
    "latitude", "grid_reference", "postcode", "location", "beat", "team", "district",
)  # fmt: skip
NEEDED_FIELDS = ("reference", "type")
TIME_FIELDS = {
    "recorded_at": "recorded_time", "committed_from": "committed_from_time", "committed_to": "committed_to_time",
}  # fmt: skip
PLACE_FIELDS = (("easting", "northing"), ("longitude", "latitude"), ("grid_reference",), ("postcode",))


@dataclass(frozen=True, kw_only=True)
class ExportParams:
    """Column map of a force's export, and how its values are written.

    Attributes
    ----------
    columns
        Maps fields to headings of the export: `reference`, `type`, `recorded_at` or `committed_from`, and a location
        (easting and northing, longitude and latitude, a grid reference of six figures or more, or postcode; files of
        points need none). Of several rows of the same offence the one with the latest `updated_at` counts, or else
        `recorded_at`.
    categories
        Maps types in the export to categories, regardless of case, punctuation and plural. Home Office codes of
        burglary, NSIR types and the names of data.police.uk are known; any other type becomes `unrecognised`.
    subcategories
        Maps subtypes in the export to those on which harm depends: residential_home, residential_unconnected,
        residential, business_community, or to words of your own. Any other subtype that is not known is left out,
        because such columns may hold free text.
    police_generated_values
        Values of the column `origin` for records that result from police activity (stop and search, proactive work);
        they are kept and counted, but not scored.
    date_format
        Format of dates and times, as in `datetime.strptime`. A time without a time zone is local time. British formats
        with the day first, ISO 8601 and Excel's day numbers are also recognised.
    other_date_formats
        Further formats, tried in this order.
    location_precision
        Precision of locations: snap, street, postcode or address. With snap or street, locations are names of streets
        already; of any other, only the street, estate or public building and a known town are kept.
    towns
        Towns and villages that are kept after the name of a street, in addition to the names of teams and areas.
    min_addresses
        Number of house numbers in a file that show that a name such as "Meadow Court" is that of a street, not of a
        house or block.
    encoding
        Encoding of text files: utf-8, cp1252 (older Windows programs) or utf-16.
    sheet
        Sheet of a workbook, or layer of a GeoPackage, to read; if empty, the one with the mapped headings.
    point_crs
        Coordinate system of a file of points that does not name it, such as EPSG:27700.
    """

    columns: dict[str, str] = field(default_factory=dict)
    categories: dict[str, str] = field(default_factory=dict)
    subcategories: dict[str, str] = field(default_factory=dict)
    police_generated_values: tuple[str, ...] = ()
    date_format: str = "%d/%m/%Y %H:%M"
    other_date_formats: tuple[str, ...] = ()
    location_precision: str = "address"
    towns: tuple[str, ...] = ()
    min_addresses: int = street_addresses.MIN_ADDRESSES
    encoding: str = "utf-8"
    sheet: str = ""
    point_crs: str = ""

    def __post_init__(self) -> None:
        """Check fields, categories, formats and precision."""
        for name in ("police_generated_values", "other_date_formats", "towns"):
            object.__setattr__(self, name, tuple(getattr(self, name)))
        _check_fields(self.columns)
        if self.min_addresses < 2:
            raise ParameterError(f"force_export.min_addresses must be at least 2, got {self.min_addresses}.")
        unknown = sorted(set(self.categories.values()) - set(categories.CATEGORIES))
        if unknown:
            raise ParameterError(
                f"force_export.categories: '{unknown[0]}' is not a category; "
                f"expected one of {', '.join(categories.CATEGORIES)}."
            )
        if self.location_precision not in tables.LOCATION_PRECISIONS:
            raise ParameterError(
                f"force_export.location_precision is '{self.location_precision}', "
                f"expected one of {', '.join(tables.LOCATION_PRECISIONS)}."
            )
        for form in self.date_formats:
            dates.require_format(form, "force_export.date_format")
        file_content.require_encoding(self.encoding, "force_export.encoding")
        orders = {
            dates.is_month_first(form) for form in self.date_formats if "%m" in form and not form.startswith("%Y")
        }
        if len(orders) > 1:
            raise ParameterError(
                "force_export.other_date_formats: some have the day first and some the month, so 03/04 is ambiguous."
            )

    @property
    def date_formats(self) -> tuple[str, ...]:
        """Return the date formats of the settings, in the order in which they are tried."""
        return (self.date_format, *self.other_date_formats)

    @property
    def reading(self) -> Reading:
        """Return the file options of the settings."""
        return Reading(encoding=self.encoding, sheet=self.sheet, point_crs=self.point_crs)


def with_towns(params: ExportParams, areas: Iterable[str]) -> ExportParams:
    """Return the column map with the towns in names of areas, which may follow the name of a street."""
    return replace(params, towns=tuple(sorted({*params.towns, *street_addresses.town_names(areas)})))


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


def tidy_incidents(
    raw: pd.DataFrame, force: str, params: ExportParams, units: pd.DataFrame | None = None
) -> gpd.GeoDataFrame:
    """Return the rows of an export as incidents (`tables.INCIDENTS`), with the `reason` if one cannot be used.

    Parameters
    ----------
    raw
        The columns that `read_export` returns.
    force
        The force's slug.
    params
        The column map.
    units
        Postcode units with easting and northing, metres, as `postcodes.read_code_point` returns them.

    Returns
    -------
    GeoDataFrame
        One row for each raw row, in order; geometry is missing without coordinates. The month is that of
        `committed_from`, or of `recorded_at` where the time of the incident is unknown. `committed_to` is missing where
        it is before `committed_from`. `reason` is `unreadable` (no reference, type or date), `no_coordinates`,
        `outside_force` (coordinates outside Great Britain) or empty. A reference that a spreadsheet has changed is
        replaced by an id made from the row. `offence_type`, `updated_at` and `released` are as in `incident_rows`.
        `attrs["unknown_times"]` has the `UnknownTimes` of each time column that has any.
    """
    is_changed = references.is_changed(field_of(raw, "reference"))
    raw = blank_errors(raw)
    times, date_precision, unknown = read_times_of(raw, params)
    dated = times["committed_from"].fillna(times["recorded_at"])
    easting, northing, fault, by_postcode = _locate(raw, units)
    kinds = offence_types.classify(raw, params.categories, params.subcategories)
    known = {*offence_types.subcategories(), *params.subcategories.values()}
    is_unreadable = dated.isna() | raw["type"].isna() | (raw["reference"].isna() & ~is_changed)
    tests = [is_unreadable, np.isin(fault, ["missing", "zero"]), fault != ""]
    frame = pd.DataFrame(
        {
            "incident_id": raw["reference"].fillna(""),
            "source": "force_export",
            "force": force,
            "is_own_force": True,
            "category": kinds["category"],
            "subcategory": kinds["subcategory"].where(kinds["subcategory"].isin(known)),
            "is_police_generated": offence_types.is_police_generated(
                raw, kinds["category"], params.police_generated_values
            ),
            "month": dated.dt.strftime("%Y-%m").fillna("").astype("str"),
            **times,
            "date_precision": date_precision,
            "location_precision": np.where(by_postcode, "postcode", params.location_precision),
            "location_text": public_places(raw, params),
            "beat_code": area_names(raw, "beat"),
            "team_name": area_names(raw, "team").fillna(area_names(raw, "district")),
            "district": area_names(raw, "district").fillna(area_names(raw, "team")),
            "reason": np.select(tests, ["unreadable", "no_coordinates", "outside_force"], ""),
            "offence_type": offence_types.hash_types(raw, kinds),
            **_versions(raw, times, params),
        },
        index=raw.index,
    )
    if is_changed.any():
        made = references.made_ids(frame[is_changed], easting[is_changed], northing[is_changed])
        frame["incident_id"] = made.reindex(frame.index).fillna(frame["incident_id"])
    points = gpd.points_from_xy(easting, northing)
    points[~np.isfinite(easting)] = None
    incidents = gpd.GeoDataFrame(frame, geometry=points, crs=crs.BNG)
    incidents.attrs["unknown_times"] = unknown
    return incidents


def read_times_of(
    raw: pd.DataFrame, params: ExportParams
) -> tuple[dict[str, pd.Series], NDArray[Any], dict[str, UnknownTimes]]:
    """Return the three times of each row, the precision of its date, and the times that stand for an unknown time.

    An end without an hour is the last minute of its day; an end before the start is left out.
    """
    read = {name: dates.read_times(time_texts(raw, name), params.date_formats) for name in TIME_FIELDS}
    unknown = {name: unknown_times.find(found["time"], found["has_hour"]) for name, found in read.items()}
    has_hour = {
        name: found["has_hour"] & ~unknown_times.is_at(found["time"], unknown[name].clock)
        for name, found in read.items()
    }
    times = {name: found["time"].rename(name) for name, found in read.items()}
    to, to_has_hour = times["committed_to"], has_hour["committed_to"]
    to = to.where(to_has_hour, to.dt.normalize() + pd.Timedelta(hours=23, minutes=59))
    times["committed_to"] = to.mask(dates.hours_between(times["committed_from"], to) < 0)
    began = times["committed_from"].notna()
    known = has_hour["committed_from"].where(began, has_hour["recorded_at"])
    is_day = ~known | (began & times["committed_to"].notna() & ~to_has_hour)
    dated = times["committed_from"].where(began, times["recorded_at"])
    has_first = np.where(began, *(unknown[name].first_of_month > 0 for name in ("committed_from", "recorded_at")))
    precision = np.select([has_first & ~known & (dated.dt.day == 1), is_day], ["month", "day"], "minute")
    return times, precision, {name: found for name, found in unknown.items() if found}


def _versions(raw: pd.DataFrame, times: dict[str, pd.Series], params: ExportParams) -> dict[str, pd.Series]:
    """Return when each row was last changed, or else recorded, and the latest of all times in the file."""
    changed = dates.read_times(field_of(raw, "updated_at"), params.date_formats)["time"]
    updated = changed.fillna(times["recorded_at"])
    latest = max((time.max() for time in (updated, times["committed_from"]) if time.notna().any()), default=pd.NaT)
    return {"updated_at": updated, "released": pd.Series(latest, index=raw.index, dtype="datetime64[us]")}


def time_texts(raw: pd.DataFrame, name: str) -> pd.Series:
    """Return the text of one of the times, joined where day and hour have separate columns."""
    days, hours = field_of(raw, name), TIME_FIELDS[name]
    return dates.join_day_and_time(days, raw[hours]) if hours in raw.columns else days


def coordinate_numbers(raw: pd.DataFrame) -> dict[str, NDArray[Any]]:
    """Return eastings, northings, longitudes and latitudes as numbers, NaN where missing."""
    return {
        name: coordinates.numbers(field_of(raw, name), are_metres=name in PLACE_FIELDS[0])
        for place in PLACE_FIELDS[:2]
        for name in place
    }


def coordinate_faults(raw: pd.DataFrame) -> dict[str, NDArray[Any]]:
    """Return what is wrong with each pair of coordinates, by the first field of each pair that the rows have."""
    number, judges = coordinate_numbers(raw), (coordinates.metre_faults, coordinates.degree_faults)
    return {
        one: coordinates.text_faults(judge(number[one], number[other]), raw[one], raw[other])
        for (one, other), judge in zip(PLACE_FIELDS[:2], judges, strict=True)
        if one in raw.columns
    }


def field_of(raw: pd.DataFrame, name: str) -> pd.Series:
    """Return the text of a field, missing throughout if the export has no such column."""
    return raw[name] if name in raw.columns else pd.Series(pd.NA, index=raw.index, dtype="str")


def public_places(raw: pd.DataFrame, params: ExportParams) -> pd.Series:
    """Return the street, estate or public building of each row, missing where its location names only a home."""
    return street_addresses.public_places(
        field_of(raw, "location"),
        towns=[*params.towns, *street_addresses.town_names(area_names(raw, "team").dropna().unique())],
        min_addresses=params.min_addresses,
        are_streets=params.location_precision in ("snap", "street"),
    )


def area_names(raw: pd.DataFrame, name: str) -> pd.Series:
    """Return the beat or team of each row, missing where it names a person, a contact or a home instead."""
    texts = field_of(raw, name)
    known = {text: None if personal_details.holds_details(text) else text for text in texts.dropna().unique()}
    return texts.map(known).astype("str")


def blank_errors(raw: pd.DataFrame) -> pd.DataFrame:
    """Return the rows without Excel errors: such cells are missing."""
    texts = raw.columns[[pd.api.types.is_string_dtype(kind) for kind in raw.dtypes]]
    return raw.assign(**{name: raw[name].mask(is_error(raw[name])) for name in texts})


def is_error(texts: pd.Series) -> pd.Series:
    """Return whether each cell is an Excel error."""
    may_be = texts.str.startswith("#").fillna(False).astype(bool)
    return texts.str.fullmatch(references.ERROR_CELLS).fillna(False).astype(bool) if may_be.any() else may_be


def _locate(
    raw: pd.DataFrame, units: pd.DataFrame | None
) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Return eastings, northings, what is wrong with them, and whether they come from a postcode.

    The first usable location of a row counts: metres, degrees, a grid reference of at most 100 m, a known postcode.
    """
    number = coordinate_numbers(raw)
    easting, northing = number["easting"], number["northing"]
    fault = coordinates.metre_faults(easting, northing)
    in_degrees = coordinates.degree_faults(number["longitude"], number["latitude"])
    use = (fault != "") & (in_degrees != "missing")
    longitude, latitude = (np.where(use & (in_degrees == ""), number[name], np.nan) for name in PLACE_FIELDS[1])
    on_grid = crs.to_grid(longitude, latitude)
    easting, northing = np.where(use, on_grid[0], easting), np.where(use, on_grid[1], northing)
    fault = np.where(use, in_degrees, fault)
    if "grid_reference" in raw.columns:
        *centre, size_m = grid_references.read(raw["grid_reference"])
        use = (fault != "") & (size_m <= grid_references.MAX_SIZE_M)
        easting, northing = np.where(use, centre[0], easting), np.where(use, centre[1], northing)
        fault = np.where(use, coordinates.metre_faults(easting, northing), fault)
    by_postcode = np.zeros(len(raw), dtype=bool)
    if "postcode" in raw.columns and units is not None:
        unit = postcodes.unit_of(raw["postcode"])
        known = units[~units.index.duplicated()].reindex(unit.to_numpy())
        by_postcode = (fault != "") & known["easting"].notna().to_numpy()
        easting = np.where(by_postcode, known["easting"].to_numpy(), easting)
        northing = np.where(by_postcode, known["northing"].to_numpy(), northing)
        fault = np.where(by_postcode, "", fault)
    is_missing = np.isin(fault, ["missing", "zero"])
    return np.where(is_missing, np.nan, easting), np.where(is_missing, np.nan, northing), fault, by_postcode


def _check_fields(columns: dict[str, str]) -> None:
    """Raise if the map has unknown fields, lacks a needed one, or swaps easting and northing."""
    unknown = sorted(set(columns) - set(FIELDS))
    if unknown:
        raise ParameterError(
            f"force_export.columns: '{unknown[0]}' is not a field; expected one of {', '.join(FIELDS)}."
        )
    missing = [name for name in NEEDED_FIELDS if name not in columns]
    if columns and missing:
        raise ParameterError(f"force_export.columns: '{missing[0]}' is needed.")
    if columns and not {"recorded_at", "committed_from"} & set(columns):
        raise ParameterError("force_export.columns: 'recorded_at' is needed, or 'committed_from'.")
    for pair, words in zip(PLACE_FIELDS[:2], (("easting", "northing"), ("longitude", "latitude")), strict=True):
        alone = [name for name in pair if name in columns]
        if len(alone) == 1:
            raise ParameterError(f"force_export.columns: '{pair[0]}' and '{pair[1]}' go together; one is missing.")
        if alone and words[1] in columns[pair[0]].casefold() and words[0] in columns[pair[1]].casefold():
            raise ParameterError(
                f"force_export.columns: {pair[0]} is mapped to '{columns[pair[0]]}' and {pair[1]} to "
                f"'{columns[pair[1]]}'; swap the two."
            )


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
