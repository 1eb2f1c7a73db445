"""Reads survey exports ("Let's Talk", Neighbourhood Alert) and turns answers into concerns, one row for each issue.

Settings map the export's columns, since exports differ. What a resident typed never leaves `read_answers`, except for
location fields, and those never leave `geocoding.geocode_answers`: issues become codes, contacts a keyed hash, and
everything else one of a few fixed words.
"""

import re
from itertools import chain
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from hotspots import crs, districts, quality, tables
from hotspots.sources.file_formats import any_format
from hotspots.sources.force_export import export_cells
from hotspots.sources.issue_classifier import classifier, owners
from hotspots.sources.parsing import coordinates, dates
from hotspots.sources.survey import answer_issues, coded_answers, geocoding, personal_data
from hotspots.sources.survey.geocoding import Gazetteer
from hotspots.sources.survey.survey_params import CONTACTS, SurveyParams

__all__ = [
    "Gazetteer",
    "SurveyParams",
    "geocode_answers",
    "issues_of",
    "read_answers",
    "tidy_concerns",
    "without_repeats",
]

KIND = "a survey export"
CHUNK_ANSWERS = 50_000
_FACTOR = np.uint64(1_099_511_628_211)  # as in FNV-1a
# A reference issued by a system: it identifies no person, so it may be stored.
_REFERENCE = re.compile(
    r"[A-Za-z]{0,4}[-_ ]?\d{1,9}(?:[-_]\d{1,6})?|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
)

geocode_answers = geocoding.geocode_answers
issues_of = classifier.issues_of


def read_answers(path: Path, params: SurveyParams, key: bytes = b"") -> tuple[pd.DataFrame, int]:
    """Read the answers of a survey file, and count the rows with the wrong number of cells.

    Parameters
    ----------
    path
        A CSV file or a workbook.
    params
        The column map.
    key
        The force's secret key, for hashing contacts.

    Returns
    -------
    DataFrame
        One row for each answer: `answer_id`, `received_at`, `month`, `channel`, `frequency`, `time_band`,
        `reported_to_police`, `content` (a hash of what was answered and where), `respondent_id`, `reason`
        (`unreadable` without a date, `no_consent` where consent was asked for and not given, else empty),
        `answer_issues.LISTS` and `FACTS`, and the location fields
        (`geocoding.LOCATION_FIELDS`). No other column is read.

    Raises
    ------
    SourceError
        A mapped column is missing, the file cannot be read, its dates have the month first, or most of its
        coordinates are swapped or in other units.
    """
    params = params.spelt_as_in(path)
    cells, broken = any_format.read_cells(path, params.headings, params.reading, KIND)
    cells = export_cells.blank_errors(cells)
    mapped = {name: cells[" ".join(heading.split())] for name, heading in params.columns.items()}
    fields = pd.DataFrame(mapped, index=cells.index)
    dates.require_day_first(fields["received_at"], path.name, params.columns["received_at"], section="survey")
    _check_coordinates(fields, path.name)
    received_at = dates.read_times(fields["received_at"], (params.date_format,))["time"]
    has_consent = coded_answers.yes_or_no(export_cells.field_of(fields, "consent")) == "yes"
    issues = answer_issues.find_issues(cells, coded_answers.ranks(export_cells.field_of(fields, "priority")), params)
    answers = pd.DataFrame(
        {
            "answer_id": _answer_ids(export_cells.field_of(fields, "response_id"), cells, key),
            "received_at": received_at.astype("datetime64[us]"),
            "month": received_at.dt.strftime("%Y-%m").fillna("").astype("str"),
            "channel": coded_answers.channels(export_cells.field_of(fields, "channel")),
            "frequency": coded_answers.frequencies(export_cells.field_of(fields, "frequency")),
            "time_band": coded_answers.time_bands(export_cells.field_of(fields, "time_band")),
            "reported_to_police": coded_answers.yes_or_no(export_cells.field_of(fields, "reported_to_police")),
            "content": _content_of(cells, fields, params),
            "respondent_id": personal_data.respondents(fields[[name for name in CONTACTS if name in fields]], key),
            "reason": quality.assign_reason(
                pd.Series("", index=cells.index, dtype="str"),
                unreadable=received_at.isna(),
                no_consent=~has_consent if "consent" in fields else pd.Series(False, index=cells.index),
            ),
        }
    )
    return answers.join(issues).join(fields[[name for name in geocoding.LOCATION_FIELDS if name in fields]]), len(
        broken
    )


def tidy_concerns(answers: gpd.GeoDataFrame, params: SurveyParams) -> gpd.GeoDataFrame:
    """Return geocoded answers without a `reason` as concerns (`tables.CONCERNS`), one row for each of their issues.

    Tier and department are those of the council responsible for the issue in the district of the answer. A part of the
    answers is converted at a time, to save memory.
    """
    starts = range(0, max(len(answers), 1), CHUNK_ANSWERS)
    parts = (answers.iloc[at : at + CHUNK_ANSWERS] for at in starts)
    accepted = (part[part["reason"] == ""].reset_index(drop=True) for part in parts)
    found = pd.concat([_concerns_of(part, params) for part in accepted], ignore_index=True)
    concerns = gpd.GeoDataFrame(found, crs=crs.BNG)
    return concerns.sort_values(["received_at", "concern_id"], ignore_index=True)


def _concerns_of(answers: gpd.GeoDataFrame, params: SurveyParams) -> gpd.GeoDataFrame:
    """Return the concerns of some answers."""
    lists = {name: answers[name].tolist() for name in answer_issues.LISTS}
    row = np.repeat(np.arange(len(answers)), [len(issues) for issues in lists["issue"]])
    issues = {name: list(chain.from_iterable(each)) for name, each in lists.items()}
    long = pd.DataFrame(answers.drop(columns=["geometry", *lists])).iloc[row].assign(**issues)
    number = long.groupby(level=0).cumcount() + 1
    is_two_tier = {code: districts.is_two_tier(code) for code in long["district_code"].dropna().unique()}
    district = long["district_code"].tolist()
    tier = [
        owners.tier_of(one, is_two_tier.get(code)) or None for one, code in zip(issues["tier"], district, strict=True)
    ]
    department = [
        owners.department_of(one, of or "") or None for one, of in zip(issues["department"], tier, strict=True)
    ]
    concerns = gpd.GeoDataFrame(
        long.assign(
            concern_id=params.name + "-" + long["answer_id"].astype("str") + "-" + number.astype("str"),
            survey=params.name, tier=tier, department=department, priority=long["priority"].astype("int64"),
        ),
        geometry=answers.geometry.iloc[row].to_numpy(),
        crs=crs.BNG,
    )  # fmt: skip
    return tables.conform(concerns.reset_index(drop=True), tables.CONCERNS)


def without_repeats(concerns: gpd.GeoDataFrame, repeat_days: int) -> gpd.GeoDataFrame:
    """Return the concerns without repeats: the same respondent, issue and location within a period.

    The period starts with the last concern that was kept. Concerns without a respondent are all kept.

    Parameters
    ----------
    concerns
        `tables.CONCERNS`, in the order of `received_at`.
    repeat_days
        Length of the period; 0 keeps all concerns.
    """
    has_code = concerns["place_code"].notna()
    xy = concerns.get_coordinates().reindex(concerns.index).round(-2).mask(has_code)
    key = concerns[["respondent_id", "issue", "place_code"]].join(xy)[concerns["respondent_id"].notna()]
    again = key[key.duplicated(keep=False)]  # most are named once, and the others are compared one by one
    group = again.groupby(list(again.columns), dropna=False, observed=True).ngroup()
    moments = concerns.loc[again.index, "received_at"].to_numpy("datetime64[us]").astype(np.int64)
    period = np.timedelta64(repeat_days, "D") // np.timedelta64(1, "us")
    last: dict[int, int] = {}
    repeats = []
    for label, moment, number in zip(again.index, moments.tolist(), group.tolist(), strict=True):
        before = last.get(number)
        if before is not None and moment - before < period:
            repeats.append(label)
        else:
            last[number] = moment
    return concerns.drop(index=repeats).reset_index(drop=True)


def _check_coordinates(fields: pd.DataFrame, file: str) -> None:
    """Raise if most coordinates have one fault in common; 0, 0 only means that the location is unknown."""
    judges = {("longitude", "latitude"): coordinates.degree_faults, ("easting", "northing"): coordinates.metre_faults}
    for (one, other), judge in judges.items():
        if one in fields:
            pair = [coordinates.numbers(fields[name], are_metres=one == "easting") for name in (one, other)]
            faults = judge(*pair)
            coordinates.require_plausible(faults[(faults != "zero") & (faults != "outside")], file, section="survey")


def _content_of(cells: pd.DataFrame, fields: pd.DataFrame, params: SurveyParams) -> pd.Series:
    """Return a hash of the issues, texts and location of each answer; it is used within the run and not stored."""
    headings = dict.fromkeys((*params.issue_columns, *params.tick_columns, *params.text_columns))
    parts = [cells[heading] for heading in headings]
    parts += [fields[name] for name in geocoding.LOCATION_FIELDS if name in fields]
    content = np.zeros(len(cells), dtype=np.uint64) if parts else np.arange(len(cells), dtype=np.uint64)
    for at in range(0, len(cells), CHUNK_ANSWERS):  # all rows and columns together need much memory
        rows = slice(at, at + CHUNK_ANSWERS)
        for part in parts:
            plain = part.iloc[rows].astype("str").str.strip().str.casefold().fillna("")
            content[rows] = content[rows] * _FACTOR ^ pd.util.hash_array(plain.to_numpy(dtype=object))
    return pd.Series(content, index=cells.index)


def _answer_ids(given: pd.Series, cells: pd.DataFrame, key: bytes) -> pd.Series:
    """Return references issued by a system as they are, else a keyed hash of the reference or of the answer."""
    is_plain = given.str.fullmatch(_REFERENCE).fillna(False).astype(bool)
    ids = given.str.replace(" ", "-", regex=False).where(is_plain)
    other = given[~is_plain].dropna()
    ids.loc[other.index] = [personal_data.hash_of(text, key) for text in other]
    unnumbered = cells[given.isna()]
    rows = (
        "\x1f".join("" if value != value else str(value) for value in row) for row in unnumbered.itertuples(index=False)
    )
    hashes = pd.Series([personal_data.hash_of(row, key) for row in rows], index=unnumbered.index, dtype="str")
    ids.loc[unnumbered.index] = hashes + "-" + (hashes.groupby(hashes).cumcount() + 1).astype("str")
    return ids.astype("str")
