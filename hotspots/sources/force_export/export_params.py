"""Column map of a force's own export, and how its values are written."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from hotspots import categories, tables
from hotspots.errors import ParameterError
from hotspots.privacy import street_addresses
from hotspots.sources.file_formats import file_content
from hotspots.sources.file_formats.any_format import Reading
from hotspots.sources.parsing import dates

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


def for_days_and_points(params: ExportParams) -> ExportParams:
    """Return the column map with only those fields that decide the day, the point and the use of a row."""
    fields = {*NEEDED_FIELDS, *TIME_FIELDS, *TIME_FIELDS.values(), *(name for place in PLACE_FIELDS for name in place)}
    return replace(params, columns={name: text for name, text in params.columns.items() if name in fields})


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
