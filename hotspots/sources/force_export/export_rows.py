"""Rows of a force's own export as incidents.

An export may have millions of rows, so they are tidied a part at a time. What depends on all rows of a file is found
first: its times, the names of its streets, and when it was made.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from hotspots import crs
from hotspots.privacy import personal_details, street_addresses
from hotspots.sources import incident_rows
from hotspots.sources.force_export import export_cells, references
from hotspots.sources.force_export.export_cells import PART_ROWS, field_of
from hotspots.sources.force_export.export_params import PLACE_FIELDS, TIME_FIELDS, ExportParams
from hotspots.sources.geography import postcodes
from hotspots.sources.parsing import coordinates, dates, grid_references, offence_types, unknown_times
from hotspots.sources.parsing.unknown_times import UnknownTimes


@dataclass(frozen=True)
class WholeFile:
    """What depends on all rows of an export.

    Attributes
    ----------
    frame
        Of each row: the three times, `date_precision`, `updated_at` and `location_text`.
    unknown
        The times of each column that stand for an unknown time, where there are any.
    unused
        Of each column of times: the number of texts that are no dates, and of ends before their start.
    released
        The latest time in the file.
    """

    frame: pd.DataFrame
    unknown: dict[str, UnknownTimes]
    unused: dict[str, tuple[int, int]]
    released: pd.Timestamp

    @property
    def attrs(self) -> dict[str, Any]:
        """Return what findings need of it."""
        return {"unknown_times": self.unknown, "unused_times": self.unused}


def tidy_incidents(
    raw: pd.DataFrame, force: str, params: ExportParams, units: pd.DataFrame | None = None
) -> gpd.GeoDataFrame:
    """Return the rows of an export as incidents (`tables.INCIDENTS`), with the `reason` if one cannot be used.

    Parameters
    ----------
    raw
        The columns that `export_cells.read_export` returns.
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
        `attrs["unknown_times"]` and `attrs["unused_times"]` are those of `WholeFile`.
    """
    whole = read_whole(raw, params)
    frame = _with_made_ids(_tidy(raw, whole, force, params, units), raw)
    points = gpd.points_from_xy(frame["easting"], frame["northing"])
    points[~np.isfinite(frame["easting"].to_numpy())] = None
    incidents = gpd.GeoDataFrame(frame.drop(columns=["easting", "northing"]), geometry=points, crs=crs.BNG)
    incidents.attrs |= whole.attrs
    return incidents


def tidy_rows(
    raw: pd.DataFrame, whole: WholeFile, force: str, params: ExportParams, units: pd.DataFrame | None = None
) -> pa.Table:
    """Return the rows of an export as `incident_rows`: those of `tidy_incidents`, in a fraction of the memory.

    Parameters
    ----------
    raw
        As for `tidy_incidents`; the times may be left out (`export_cells.without_times`).
    whole
        From `read_whole`.
    force, params, units
        As for `tidy_incidents`.
    """
    parts = [incident_rows.from_plain_frame(_tidy(part, whole, force, params, units)) for part in _parts(raw)]
    rows = pa.concat_tables(parts).unify_dictionaries()
    is_changed = references.is_changed(field_of(raw, "reference")).to_numpy()
    if is_changed.any():
        frame = incident_rows.to_plain_frame(rows.filter(pa.array(is_changed)), keep=("easting", "northing"))
        made = pa.array(references.made_ids(frame), pa.string())
        ids = pc.replace_with_mask(rows["incident_id"].combine_chunks(), pa.array(is_changed), made)
        rows = incident_rows.set_column(rows, "incident_id", ids)
    return incident_rows.with_fingerprints(rows)


def read_whole(raw: pd.DataFrame, params: ExportParams) -> WholeFile:
    """Read what depends on all rows of an export."""
    raw = export_cells.blank_errors(raw)
    times, precision, unknown = read_times_of(raw, params)
    unused = {name: _count_unused(raw, name, times[name], params) for name in TIME_FIELDS}
    changed = dates.read_times(field_of(raw, "updated_at"), params.date_formats)["time"]
    updated = changed.fillna(times["recorded_at"])
    latest = max((time.max() for time in (updated, times["committed_from"]) if time.notna().any()), default=pd.NaT)
    places = public_places(raw, params).astype("category")
    frame = pd.DataFrame({**times, "date_precision": precision, "updated_at": updated, "location_text": places})
    return WholeFile(frame, unknown, unused, latest)


def _count_unused(raw: pd.DataFrame, name: str, times: pd.Series, params: ExportParams) -> tuple[int, int]:
    """Count the texts of a column of times that are no dates, and those that are but come before the start."""
    texts = export_cells.time_texts(raw, name)
    texts = texts[times.isna() & texts.notna()]
    early = int(dates.read_times(texts, params.date_formats)["time"].notna().sum()) if len(texts) else 0
    return len(texts) - early, early


def _parts(raw: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """Yield the rows a part at a time; an export without rows is one part."""
    for start in range(0, max(len(raw), 1), PART_ROWS):
        yield raw.iloc[start : start + PART_ROWS]


def _tidy(
    raw: pd.DataFrame, whole: WholeFile, force: str, params: ExportParams, units: pd.DataFrame | None
) -> pd.DataFrame:
    """Return some rows of an export with `easting` and `northing`, metres; changed references are empty."""
    is_changed = references.is_changed(field_of(raw, "reference"))
    raw, known = export_cells.blank_errors(raw), whole.frame.loc[raw.index]
    dated = known["committed_from"].fillna(known["recorded_at"])
    easting, northing, fault, by_postcode = _locate(raw, units)
    kinds = offence_types.classify(raw, params.categories, params.subcategories)
    subtypes = {*offence_types.subcategories(), *params.subcategories.values()}
    is_unreadable = dated.isna() | raw["type"].isna() | (raw["reference"].isna() & ~is_changed)
    tests = [is_unreadable, np.isin(fault, ["missing", "zero"]), fault != ""]
    return pd.DataFrame(
        {
            "incident_id": raw["reference"].fillna(""),
            "source": "force_export",
            "force": force,
            "is_own_force": True,
            "category": kinds["category"],
            "subcategory": kinds["subcategory"].where(kinds["subcategory"].isin(subtypes)),
            "is_police_generated": offence_types.is_police_generated(
                raw, kinds["category"], params.police_generated_values
            ),
            "month": dated.dt.strftime("%Y-%m").fillna("").astype("str"),
            **{name: known[name] for name in TIME_FIELDS},
            "date_precision": known["date_precision"].astype("str"),
            "location_precision": np.where(by_postcode, "postcode", params.location_precision),
            "location_text": known["location_text"].astype("str"),
            "beat_code": area_names(raw, "beat"),
            "team_name": area_names(raw, "team").fillna(area_names(raw, "district")),
            "district": area_names(raw, "district").fillna(area_names(raw, "team")),
            "reason": np.select(tests, ["unreadable", "no_coordinates", "outside_force"], ""),
            "offence_type": offence_types.hash_types(raw, kinds),
            "updated_at": known["updated_at"],
            "released": pd.Series(whole.released, index=raw.index, dtype="datetime64[us]"),
            "easting": easting,
            "northing": northing,
        },
        index=raw.index,
    )


def _with_made_ids(frame: pd.DataFrame, raw: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with an id in place of each reference that a spreadsheet has changed."""
    is_changed = references.is_changed(field_of(raw, "reference"))
    if not is_changed.any():
        return frame
    made = references.made_ids(frame[is_changed])
    return frame.assign(incident_id=made.reindex(frame.index).fillna(frame["incident_id"]))


def read_times_of(
    raw: pd.DataFrame, params: ExportParams
) -> tuple[dict[str, pd.Series], pd.Categorical, dict[str, UnknownTimes]]:
    """Return the three times of each row, the precision of its date, and the times that stand for an unknown time.

    An end without an hour is the last minute of its day; an end before the start is left out.
    """
    read = {name: dates.read_times(export_cells.time_texts(raw, name), params.date_formats) for name in TIME_FIELDS}
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
    code = np.select([has_first & ~known & (dated.dt.day == 1), is_day], [0, 1], 2).astype(np.int8)
    precision = pd.Categorical.from_codes(code, ["month", "day", "minute"])
    return times, precision, {name: found for name, found in unknown.items() if found}


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
    private = [
        text
        for text in texts.dropna().unique()
        if personal_details.holds_details(text) or personal_details.mentions_people(text)
    ]
    return texts.mask(texts.isin(private)) if private else texts


def _locate(
    raw: pd.DataFrame, units: pd.DataFrame | None
) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Return eastings, northings, what is wrong with them, and whether they come from a postcode.

    The first usable location of a row counts: metres, degrees, a grid reference of at most 100 m, a known postcode.
    """
    number = export_cells.coordinate_numbers(raw)
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
