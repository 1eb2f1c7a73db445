"""Survey exports ("Let's Talk", Neighbourhood Alert): answers to concerns, one row an issue that worries somebody.

Which column holds what is a setting, since exports differ. What a resident typed never gets beyond `read_answers` but
for what says where the answer is from, and that not beyond `geocoding.place_answers`: issues are codes, contacts become
a keyed hash, everything else is one of a few words.
"""

import re
from itertools import chain
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from hotspots import crs, quality, tables
from hotspots.sources.file_formats import any_format
from hotspots.sources.force_export import export_rows
from hotspots.sources.issue_classifier import classifier, owners
from hotspots.sources.parsing import coordinates, dates
from hotspots.sources.survey import answer_issues, coded_answers, geocoding, personal_data
from hotspots.sources.survey.geocoding import Gazetteer
from hotspots.sources.survey.survey_params import CONTACTS, SurveyParams

__all__ = [
    "Gazetteer",
    "SurveyParams",
    "issues_of",
    "place_answers",
    "read_answers",
    "tidy_concerns",
    "without_repeats",
]

KIND = "a survey export"
# A reference that a system gave: it says nothing of a person, so it may be kept.
_REFERENCE = re.compile(
    r"[A-Za-z]{0,4}[-_ ]?\d{1,9}(?:[-_]\d{1,6})?|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
)

place_answers = geocoding.place_answers
issues_of = classifier.issues_of


def read_answers(path: Path, params: SurveyParams, key: bytes = b"") -> tuple[pd.DataFrame, int]:
    """The answers of a survey file, and how many rows had the wrong number of cells.

    Parameters
    ----------
    path
        A CSV file or a workbook.
    params
        The map.
    key
        The force's secret, for what stands in for respondents.

    Returns
    -------
    DataFrame
        A row an answer: `answer_id`, `received_at`, `month`, `channel`, `frequency`, `time_band`,
        `reported_to_police`, `respondent_id`, `reason` (`unreadable` without a date, `no_consent` where that is asked
        and not given, else empty), `answer_issues.LISTS` and `FACTS`, and what it says of its place
        (`placing.PLACE_FIELDS`). No other column is read.

    Raises
    ------
    SourceError
        A mapped column is missing, the file cannot be read, its dates have the month first, or most of its
        coordinates are of another kind or swapped.
    """
    params = params.spelt_as_in(path)
    cells, broken = any_format.read_cells(path, params.headings, params.reading, KIND)
    cells = export_rows.blank_errors(cells)
    mapped = {name: cells[" ".join(heading.split())] for name, heading in params.columns.items()}
    fields = pd.DataFrame(mapped, index=cells.index)
    dates.require_day_first(fields["received_at"], path.name, params.columns["received_at"], section="survey")
    _require_sense(fields, path.name)
    received_at = dates.read_times(fields["received_at"], (params.date_format,))["time"]
    has_consent = coded_answers.yes_or_no(_field(fields, "consent")) == "yes"
    told = answer_issues.tell_issues(cells, coded_answers.ranks(_field(fields, "priority")), params)
    answers = pd.DataFrame(
        {
            "answer_id": _answer_ids(_field(fields, "response_id"), cells, key),
            "received_at": received_at.astype("datetime64[us]"),
            "month": received_at.dt.strftime("%Y-%m").fillna("").astype("str"),
            "channel": coded_answers.channels(_field(fields, "channel")),
            "frequency": coded_answers.frequencies(_field(fields, "frequency")),
            "time_band": coded_answers.time_bands(_field(fields, "time_band")),
            "reported_to_police": coded_answers.yes_or_no(_field(fields, "reported_to_police")),
            "respondent_id": personal_data.respondents(fields[[name for name in CONTACTS if name in fields]], key),
            "reason": quality.assign_reason(
                pd.Series("", index=cells.index, dtype="str"),
                unreadable=received_at.isna(),
                no_consent=~has_consent if "consent" in fields else pd.Series(False, index=cells.index),
            ),
        }
    )
    return answers.join(told).join(fields[[name for name in geocoding.PLACE_FIELDS if name in fields]]), len(broken)


def tidy_concerns(placed: gpd.GeoDataFrame, params: SurveyParams) -> gpd.GeoDataFrame:
    """Placed answers as concerns (`tables.CONCERNS`): a row for each issue of an answer.

    Council and department are those of the tier that deals with the issue at the place.
    """
    lists = {name: placed[name].tolist() for name in answer_issues.LISTS}
    answer = np.repeat(np.arange(len(placed)), [len(issues) for issues in lists["issue"]])
    told = {name: list(chain.from_iterable(each)) for name, each in lists.items()}
    long = pd.DataFrame(placed.drop(columns=["geometry", *lists])).iloc[answer].assign(**told)
    place = long.groupby(level=0).cumcount() + 1
    tier = _by_tier(told["tier"], long["district_code"])
    department = [owners.department_of(one, other) for one, other in zip(told["department"], tier, strict=True)]
    concerns = gpd.GeoDataFrame(
        long.assign(
            concern_id=params.name + "-" + long["answer_id"].astype("str") + "-" + place.astype("str"),
            survey=params.name, tier=tier, department=department, priority=long["priority"].astype("int64"),
        ),
        geometry=placed.geometry.iloc[answer].to_numpy(),
        crs=crs.BNG,
    )  # fmt: skip
    return tables.conform(concerns.sort_values(["received_at", "concern_id"], ignore_index=True), tables.CONCERNS)


def without_repeats(concerns: gpd.GeoDataFrame, repeat_days: int) -> gpd.GeoDataFrame:
    """The concerns with each respondent's worry counted once in a period.

    What one respondent says again, of the same issue at the same place, within so many days of the last time that
    counted, is left out. Answers without a respondent all count.

    Parameters
    ----------
    concerns
        `tables.CONCERNS`, in the order of `received_at`.
    repeat_days
        Length of the period; 0 keeps all.
    """
    known = concerns[concerns["respondent_id"].notna()]
    nameless = known[known["place_code"].isna()]
    xy = nameless.get_coordinates().reindex(nameless.index).round(-2).astype("str")
    place = known["place_code"].fillna(xy["x"] + " " + xy["y"]).fillna("")
    moments = known["received_at"].to_numpy("datetime64[us]").astype(np.int64)
    period = np.timedelta64(repeat_days, "D") // np.timedelta64(1, "us")
    columns = (known.index, moments, known["respondent_id"], known["issue"].astype("object"), place)
    last: dict[tuple[object, ...], int] = {}
    repeats = []
    for label, moment, *said in zip(*(column.tolist() for column in columns), strict=True):
        before = last.get(tuple(said))
        if before is not None and moment - before < period:
            repeats.append(label)
        else:
            last[tuple(said)] = moment
    return concerns.drop(index=repeats).reset_index(drop=True)


def _require_sense(fields: pd.DataFrame, file: str) -> None:
    """Nothing, where coordinates are what they are mapped as; 0, 0 is where an export knows no place."""
    judged = {("longitude", "latitude"): coordinates.judge_degrees, ("easting", "northing"): coordinates.judge_metres}
    for (one, other), judge in judged.items():
        if one in fields:
            pair = [coordinates.numbers(fields[name], are_metres=one == "easting") for name in (one, other)]
            faults = judge(*pair)
            coordinates.require_sense(faults[(faults != "zero") & (faults != "outside")], file, section="survey")


def _answer_ids(given: pd.Series, cells: pd.DataFrame, key: bytes) -> pd.Series:
    """References as they are given where a system gave them; else a keyed hash of the reference, or of the answer."""
    is_plain = given.str.fullmatch(_REFERENCE).fillna(False).astype(bool)
    ids = given.str.replace(" ", "-", regex=False).where(is_plain)
    other = given[~is_plain].dropna()
    ids.loc[other.index] = [personal_data.hash_of(text, key) for text in other]
    nameless = cells[given.isna()]
    rows = [
        "\x1f".join("" if value != value else str(value) for value in row) for row in nameless.itertuples(index=False)
    ]
    hashes = pd.Series([personal_data.hash_of(row, key) for row in rows], index=nameless.index, dtype="str")
    ids.loc[nameless.index] = hashes + "-" + (hashes.groupby(hashes).cumcount() + 1).astype("str")
    return ids.astype("str")


def _by_tier(tier: list[str], district: pd.Series) -> list[str]:
    """Each tier of the routing table as it is in the district of the answer."""
    is_two_tier = {code: code.startswith("E07") for code in district.dropna().unique()}
    return [owners.tier_of(one, is_two_tier.get(code)) for one, code in zip(tier, district.tolist(), strict=True)]


def _field(fields: pd.DataFrame, name: str) -> pd.Series:
    """A field's text, NA throughout where the export has no such column."""
    return fields[name] if name in fields.columns else pd.Series(pd.NA, index=fields.index, dtype="str")
