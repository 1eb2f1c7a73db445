"""A force's own export: dated incidents under headings that a setting maps to ours."""

from dataclasses import dataclass, field
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from hotspots import categories, crs, tables
from hotspots.errors import ParameterError
from hotspots.sources import text_files

KIND = "the force's export of incidents"
FIELDS = (
    "reference", "type", "subtype", "recorded_at", "committed_from", "committed_to", "easting", "northing",
    "longitude", "latitude", "location", "beat", "team",
)  # fmt: skip
NEEDED_FIELDS = ("reference", "type", "recorded_at")


@dataclass(frozen=True, kw_only=True)
class ExportParams:
    """Which heading of the export holds what.

    Attributes
    ----------
    columns
        Our field to the export's heading: `reference`, `type`, `recorded_at` and a pair of coordinates at least.
    categories
        Types as they stand in the export to our categories; any other type becomes `unrecognised`.
    subcategories
        Subtypes as they stand in the export to ours, where harm depends on them: residential_home,
        residential_unconnected, business_community. Any other stays as it is.
    date_format
        Of every time, as in `datetime.strptime`; a time without a zone is local wall time.
    location_precision
        How exactly places are given: snap, street, postcode or address.
    encoding
        Of the file.
    """

    columns: dict[str, str] = field(default_factory=dict)
    categories: dict[str, str] = field(default_factory=dict)
    subcategories: dict[str, str] = field(default_factory=dict)
    date_format: str = "%d/%m/%Y %H:%M"
    location_precision: str = "address"
    encoding: str = "utf-8"

    def __post_init__(self) -> None:
        """Check that fields, categories and precision are ours."""
        strange = sorted(set(self.columns) - set(FIELDS))
        if strange:
            raise ParameterError(
                f"force_export.columns: '{strange[0]}' is no field; expected one of {', '.join(FIELDS)}."
            )
        missing = [name for name in NEEDED_FIELDS if name not in self.columns]
        if self.columns and missing:
            raise ParameterError(f"force_export.columns: '{missing[0]}' is needed.")
        unknown = sorted(set(self.categories.values()) - set(categories.CATEGORIES))
        if unknown:
            raise ParameterError(
                f"force_export.categories: '{unknown[0]}' is no category; "
                f"expected one of {', '.join(categories.CATEGORIES)}."
            )
        if self.location_precision not in tables.LOCATION_PRECISIONS:
            raise ParameterError(
                f"force_export.location_precision is '{self.location_precision}', "
                f"expected one of {', '.join(tables.LOCATION_PRECISIONS)}."
            )


def read_export(path: Path, params: ExportParams) -> tuple[pd.DataFrame, int]:
    """The mapped columns of an export under our field names, and how many rows had the wrong number of cells.

    Raises
    ------
    SourceError
        A mapped column is missing, or the file cannot be read.
    """
    header = text_files.read_header(path, params.encoding)
    text_files.require_columns(path, header, params.columns.values(), KIND)
    raw, broken = text_files.read_text(path, params.columns.values(), params.encoding)
    return pd.DataFrame({name: raw[heading] for name, heading in params.columns.items()}), broken


def tidy_incidents(raw: pd.DataFrame, force: str, params: ExportParams) -> gpd.GeoDataFrame:
    """Rows of an export as incidents (`tables.INCIDENTS`), with why one cannot be used (`reason`).

    Returns
    -------
    GeoDataFrame
        A row for each raw row, in order; geometry is missing where there are no coordinates. The month is that
        of `committed_from`, or of `recorded_at` where it is not known when the incident happened. `reason` is
        `unreadable` (no reference, type or date), `no_coordinates` or empty.
    """
    times = {
        name: pd.to_datetime(_field(raw, name), format=params.date_format, errors="coerce").astype("datetime64[us]")
        for name in ("recorded_at", "committed_from", "committed_to")
    }
    dated = times["committed_from"].fillna(times["recorded_at"])
    easting, northing = _coordinates(raw)
    kind = raw["type"].str.casefold()
    category = kind.map({text.casefold(): code for text, code in params.categories.items()}).astype("str")
    is_unreadable = dated.isna() | kind.isna() | raw["reference"].isna()
    frame = pd.DataFrame(
        {
            "incident_id": raw["reference"].fillna(""),
            "source": "force_export",
            "force": force,
            "is_own_force": True,
            "category": category.fillna("unrecognised"),
            "subcategory": _field(raw, "subtype").replace(params.subcategories),
            "month": dated.dt.strftime("%Y-%m").fillna("").astype("str"),
            **times,
            "date_precision": "minute" if "%H" in params.date_format else "day",
            "location_precision": params.location_precision,
            "location_text": _field(raw, "location"),
            "beat_code": _field(raw, "beat"),
            "team_name": _field(raw, "team"),
            "reason": np.select([is_unreadable, ~np.isfinite(easting)], ["unreadable", "no_coordinates"], ""),
        },
        index=raw.index,
    )
    points = gpd.points_from_xy(easting, northing)
    points[~np.isfinite(easting)] = None
    return gpd.GeoDataFrame(frame, geometry=points, crs=crs.BNG)


def _coordinates(raw: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Eastings and northings, from metres or from degrees; NaN where there are none."""
    number = {
        name: pd.to_numeric(_field(raw, name), errors="coerce").to_numpy(dtype=float)
        for name in ("easting", "northing", "longitude", "latitude")
    }
    if "easting" in raw.columns:
        has_both = np.isfinite(number["easting"]) & np.isfinite(number["northing"]) & (number["easting"] != 0)
        return np.where(has_both, number["easting"], np.nan), np.where(has_both, number["northing"], np.nan)
    is_place = (number["longitude"] != 0) | (number["latitude"] != 0)  # exports write 0 0 where they know no place
    return crs.to_grid(np.where(is_place, number["longitude"], np.nan), number["latitude"])


def _field(raw: pd.DataFrame, name: str) -> pd.Series:
    """A field's text, NA throughout where the export has no such column."""
    return raw[name] if name in raw.columns else pd.Series(pd.NA, index=raw.index, dtype="str")
