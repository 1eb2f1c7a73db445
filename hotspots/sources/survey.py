"""Survey exports ("Let's Talk", Neighbourhood Alert): answers to concerns, one row an issue that worries somebody.

Which column holds what is a setting, since exports differ. Names, e-mail addresses, telephone numbers and free
text are never read into a table: only columns that the map names are looked at, and of those only the coded
answer survives.
"""

from dataclasses import dataclass, field
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from hotspots import categories, crs, tables
from hotspots.errors import ParameterError
from hotspots.sources import postcodes, text_files

KIND = "a survey export"
FIELDS = (
    "response_id", "received_at", "channel", "postcode", "ward", "longitude", "latitude", "easting", "northing",
    "frequency", "time_band", "reported_to_police",
)  # fmt: skip
PLACE_FIELDS = (("postcode",), ("ward",), ("longitude", "latitude"), ("easting", "northing"))


@dataclass(frozen=True, kw_only=True)
class SurveyParams:
    """Which heading of the export holds what.

    Attributes
    ----------
    name
        What the survey is called in reports.
    columns
        Our field to the export's heading; at least `response_id`, `received_at` and one kind of place.
    issue_columns
        Headings with a ticked issue, the first worry first.
    issues
        Answers as they stand in the export to issue codes, beyond the codes' own labels.
    date_format
        Of `received_at`, as in `datetime.strptime`.
    encoding
        Of the file.
    """

    name: str = "survey"
    columns: dict[str, str] = field(default_factory=dict)
    issue_columns: tuple[str, ...] = ()
    issues: dict[str, str] = field(default_factory=dict)
    date_format: str = "%d/%m/%Y %H:%M"
    encoding: str = "utf-8"

    def __post_init__(self) -> None:
        """Check that fields and issue codes are ours."""
        object.__setattr__(self, "issue_columns", tuple(self.issue_columns))
        strange = sorted(set(self.columns) - set(FIELDS))
        if strange:
            raise ParameterError(f"survey.columns: '{strange[0]}' is no field; expected one of {', '.join(FIELDS)}.")
        codes = sorted(set(self.issues.values()) - set(categories.ISSUES))
        if codes:
            raise ParameterError(f"survey.issues: '{codes[0]}' is no issue code; see the README's table of issues.")
        if self.columns and not all(name in self.columns for name in ("response_id", "received_at")):
            raise ParameterError("survey.columns: 'response_id' and 'received_at' are both needed.")

    @property
    def headings(self) -> tuple[str, ...]:
        """Every heading that the export must have."""
        return (*self.columns.values(), *self.issue_columns)


def read_answers(path: Path, params: SurveyParams) -> tuple[pd.DataFrame, int]:
    """The mapped columns of a survey file under our field names, and how many rows had the wrong number of cells.

    Issues stand in `issue_1`, `issue_2`, ... in order of worry. No other column is read.

    Raises
    ------
    SourceError
        A mapped column is missing, or the file cannot be read.
    """
    text_files.require_columns(path, text_files.read_header(path, params.encoding), params.headings, KIND)
    raw, broken = text_files.read_text(path, params.headings, params.encoding)
    answers = {name: raw[heading] for name, heading in params.columns.items()}
    answers |= {f"issue_{number}": raw[heading] for number, heading in enumerate(params.issue_columns, start=1)}
    return pd.DataFrame(answers), broken


def place_answers(answers: pd.DataFrame, params: SurveyParams, units: pd.DataFrame | None = None) -> gpd.GeoDataFrame:
    """The answers with when and where each is from, and why one cannot be used.

    Of several places in an answer the first of these counts: coordinates, a known postcode unit, a postcode
    sector, a ward.

    Parameters
    ----------
    answers
        As `read_answers` gives them.
    params
        The map.
    units
        Postcode units with easting and northing, metres, as `postcodes.read_code_point` gives them.

    Returns
    -------
    GeoDataFrame
        The answers, in order, with `received_at` as a time, `month`, `location_precision`, `place_code`,
        `reason` (`unreadable` without date or id, else empty) and a point, BNG metres: missing unless the
        precision is `point` or `postcode_unit`.
    """
    received_at = pd.to_datetime(answers["received_at"], format=params.date_format, errors="coerce")
    easting, northing = _coordinates(answers)
    unit = postcodes.unit_of(_field(answers, "postcode"))
    sector = postcodes.sector_of(_field(answers, "postcode"))
    ward = _field(answers, "ward")
    has_point = np.isfinite(easting)
    if units is not None and len(units):
        known = units[~units.index.duplicated()].reindex(unit.to_numpy())
        easting = np.where(has_point, easting, known["easting"].to_numpy())
        northing = np.where(has_point, northing, known["northing"].to_numpy())
    has_unit = ~has_point & np.isfinite(easting)
    tests = [has_point, has_unit, sector.notna(), ward.notna()]
    precision = np.select(tests, ["point", "postcode_unit", "postcode_sector", "ward"], "unplaced")
    place = np.select([has_point, has_unit, sector.notna()], [None, unit, sector], ward)
    points = gpd.points_from_xy(easting, northing)
    points[~np.isfinite(easting)] = None
    is_unreadable = received_at.isna() | answers["response_id"].isna()
    placed = answers.assign(
        received_at=received_at.astype("datetime64[us]"),
        month=received_at.dt.strftime("%Y-%m").fillna("").astype("str"),
        location_precision=precision,
        place_code=pd.Series(place, dtype="str", index=answers.index),
        reason=pd.Series(np.where(is_unreadable, "unreadable", ""), dtype="str", index=answers.index),
    )
    return gpd.GeoDataFrame(placed, geometry=points, crs=crs.BNG)


def tidy_concerns(placed: gpd.GeoDataFrame, params: SurveyParams) -> gpd.GeoDataFrame:
    """Placed answers as concerns (`tables.CONCERNS`): a row for each issue ticked.

    An answer without an issue is one row `other`. An issue nobody has mapped is `other` too.
    """
    ticked = _issues_ticked(placed, params)
    of_answer = placed.loc[ticked["answer"]].reset_index(drop=True)
    concerns = gpd.GeoDataFrame(
        {
            "concern_id": params.name + "-" + of_answer["response_id"] + "-" + ticked["priority"].astype("str"),
            "survey": params.name,
            "channel": _field(of_answer, "channel"),
            "received_at": of_answer["received_at"],
            "issue": ticked["issue"],
            "owner": ticked["issue"].map(categories.ISSUE_OWNERS),
            "priority": ticked["priority"],
            "frequency": _field(of_answer, "frequency"),
            "reported_to_police": _yes_or_no(_field(of_answer, "reported_to_police")),
            "time_band": _field(of_answer, "time_band"),
            "location_precision": of_answer["location_precision"],
            "place_code": of_answer["place_code"],
        },
        geometry=of_answer.geometry,
        crs=crs.BNG,
    )
    return tables.conform(concerns.sort_values("concern_id", ignore_index=True), tables.CONCERNS)


def _issues_ticked(answers: pd.DataFrame, params: SurveyParams) -> pd.DataFrame:
    """One row an issue: the answer's index, the issue code and its priority; the same issue ticked twice is one."""
    codes = {label.casefold(): code for code, label in categories.ISSUE_LABELS.items()}
    codes |= {code: code for code in categories.ISSUES} | {
        text.casefold(): code for text, code in params.issues.items()
    }
    names = [name for name in answers.columns if name.startswith("issue_")]
    long = (
        pd.DataFrame(answers[names])
        .rename_axis("answer")
        .reset_index()
        .melt("answer", var_name="column", value_name="text")
    )
    long = long.dropna(subset="text")
    silent = pd.DataFrame({"answer": answers.index.difference(long["answer"]), "column": "issue_1", "text": "other"})
    long = pd.concat([long, silent], ignore_index=True)
    issue = long["text"].str.casefold().map(codes).fillna("other").astype("str")
    priority = long["column"].str.removeprefix("issue_").astype("int64")
    rows = pd.DataFrame({"answer": long["answer"], "issue": issue, "priority": priority})
    return rows.sort_values(["answer", "priority"]).drop_duplicates(["answer", "issue"], ignore_index=True)


def _coordinates(answers: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Eastings and northings of answers that give coordinates, NaN elsewhere."""
    number = {name: pd.to_numeric(_field(answers, name), errors="coerce").to_numpy(dtype=float) for name in FIELDS[5:9]}
    is_place = (number["longitude"] != 0) | (number["latitude"] != 0)  # exports write 0 0 where they know no place
    from_degrees = crs.to_grid(np.where(is_place, number["longitude"], np.nan), number["latitude"])
    has_metres = np.isfinite(number["easting"]) & np.isfinite(number["northing"]) & (number["easting"] != 0)
    easting = np.where(has_metres, number["easting"], from_degrees[0])
    return easting, np.where(has_metres, number["northing"], from_degrees[1])


def _yes_or_no(values: pd.Series) -> pd.Series:
    """Ticks for yes and no in one spelling; anything else is missing."""
    return (
        values.str.casefold()
        .map({"yes": "yes", "y": "yes", "true": "yes", "no": "no", "n": "no", "false": "no"})
        .astype("str")
    )


def _field(answers: pd.DataFrame, name: str) -> pd.Series:
    """A field's text, NA throughout where the export has no such column."""
    return answers[name] if name in answers.columns else pd.Series(pd.NA, index=answers.index, dtype="str")
