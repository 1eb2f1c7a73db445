"""Guesses the column map of a force's export from its headings and values.

The phrases are common in police systems (Niche, Connect, Storm and others). Unclear guesses are marked unsure, and an
analyst must check the map before it is used.
"""

import pandas as pd

from hotspots import wording
from hotspots.sources.parsing import column_scores, dates, offence_types
from hotspots.sources.parsing.column_scores import FieldScores, Guess

MIN_SURE_SCORE = 0.7
CLOSE_SHARE = 0.9
# Phrases of headings, and the weight of each.
PHRASES: dict[str, dict[str, float]] = {
    "reference": {"crime number": 1, "crime no": 1, "occurrence number": 1, "occurrence no": 1, "incident number": 1,
                  "incident no": 1, "log number": 0.9, "urn": 1, "unique reference": 1, "reference": 0.9, "ref": 0.9,
                  "crime id": 0.9, "incident id": 0.9, "investigation number": 0.9, "cad": 0.7, "number": 0.5,
                  "id": 0.5},
    "type": {"occurrence type": 1, "crime type": 1, "incident type": 1, "offence type": 1, "closing code": 0.9,
             "closing type": 0.9, "closure code": 0.9, "final type": 0.9, "type": 0.9, "offence description": 0.9,
             "stat classification": 0.85, "classification": 0.8, "offence": 0.7, "opening code": 0.6,
             "initial type": 0.6, "crime group": 0.6, "category": 0.6},
    "subtype": {"sub type": 1, "subtype": 1, "asb type": 0.9, "qualifier": 0.9, "sub category": 0.9, "subcategory": 0.9,
                "sub classification": 0.9, "secondary code": 0.7},
    "offence_code": {"home office code": 1, "ho code": 1, "ho offence code": 1, "offence code": 0.9, "ho class": 0.9,
                     "stat classification": 0.85,
                     "home office class": 0.9},
    "origin": {"origin": 0.9, "call origin": 1, "how reported": 1, "method of report": 0.9, "report method": 0.9,
               "contact method": 0.9, "call source": 0.9, "source": 0.7},
    "recorded_at": {"recorded": 1, "record date": 1, "reported": 0.9, "report date": 0.9, "created": 0.85,
                    "logged": 0.85, "input date": 0.7, "call time": 0.7, "date": 0.5},
    "committed_from": {"committed from": 1, "occurred from": 1, "from": 0.95, "start": 0.9, "earliest": 0.9,
                       "begin": 0.8, "first committed": 0.9, "committed": 0.7, "occurred": 0.7, "incident date": 0.6,
                       "offence date": 0.6, "occurrence date": 0.6},
    "committed_to": {"committed to": 1, "occurred to": 1, "to": 0.95, "end": 0.9, "latest": 0.9, "finish": 0.8,
                     "last committed": 0.9, "until": 0.8},
    "updated_at": {"last updated": 1, "updated": 0.95, "update date": 0.95, "last modified": 1, "modified": 0.9,
                   "amended": 0.9, "last changed": 1},
    "easting": {"easting": 1, "grid easting": 1, "east": 0.8, "x": 0.8, "x coord": 0.85, "gps x": 0.8},
    "northing": {"northing": 1, "grid northing": 1, "north": 0.8, "y": 0.8, "y coord": 0.85, "gps y": 0.8},
    "longitude": {"longitude": 1, "long": 0.9, "lon": 0.9, "lng": 0.9, "x": 0.8, "x coord": 0.8, "gps x": 0.8},
    "latitude": {"latitude": 1, "lat": 0.9, "y": 0.8, "y coord": 0.8, "gps y": 0.8},
    "grid_reference": {"grid reference": 1, "grid ref": 1, "gridref": 1, "ngr": 1, "os reference": 0.9, "os ref": 0.9},
    "postcode": {"postcode": 1, "post code": 1},
    "location": {"street": 0.9, "street name": 0.95, "road": 0.8, "location": 0.85, "thoroughfare": 0.9,
                 "location name": 0.9, "address": 0.55},
    "beat": {"beat": 1, "beat code": 1, "beat name": 0.8},
    "team": {"team": 0.9, "neighbourhood team": 1, "npt": 1, "snt": 1, "lpt": 0.9, "policing team": 1, "lpa": 0.6},
    "district": {"district": 0.9, "local authority": 1, "council": 0.9, "borough": 0.85, "lad": 0.8, "district name": 1,
                 "council area": 1, "authority": 0.7},
}  # fmt: skip
NO_TEAMS = "# team or district: no column gives them, so teams follow from outlines, or from the districts in [[teams]]"
# Columns of times of day beside columns of dates.
TIME_COLUMNS = {
    "recorded_at": "recorded_time",
    "committed_from": "committed_from_time",
    "committed_to": "committed_to_time",
}
# Headings about people or free text are never mapped.
_PRIVATE = frozenset({
    "name", "surname", "forename", "dob", "birth", "age", "gender", "ethnicity", "victim", "suspect", "offender",
    "caller", "complainant", "witness", "phone", "telephone", "mobile", "email", "mail", "comment", "note", "narrative",
    "summary", "description", "mo", "text", "officer", "oic", "collar", "house", "nominal",
})  # fmt: skip
_ALLOWED_PRIVATE = frozenset({"street name", "location name", "beat name", "team name", "offence description"})
_EMPTY = frozenset({"date", "time", "datetime", "of", "the", "and", "on", "at", "or", "incident", "crime", "occurrence",
                    "offence", "grid", "gps", "code", "committed", "osgb", "bng", "coord", "coordinate"})  # fmt: skip


def propose(cells: pd.DataFrame) -> list[Guess]:
    """Return the best heading for each field, in the order of the fields; each heading is used once.

    Parameters
    ----------
    cells
        The first rows as text under the file's headings, as `any_format.first_cells` gives them.

    Raises
    ------
    SourceError
        The first row holds values, not headings.
    """
    column_scores.require_headings(list(cells.columns))
    guesses = _FIELDS.guess(cells, MIN_SURE_SCORE, CLOSE_SHARE)
    if "easting" in guesses:
        guesses.pop("longitude", None)
        guesses.pop("latitude", None)
    ordered = []
    taken = {guess.heading for guess in guesses.values()}
    for field in PHRASES:
        if field in guesses:
            ordered.append(guesses[field])
        hours = _time_column(guesses[field], cells, taken) if field in guesses and field in TIME_COLUMNS else None
        if hours:
            ordered.append(hours)
            taken.add(hours.heading)
    return ordered


def as_toml(
    guesses: list[Guess], cells: pd.DataFrame, *, sheet: str = "", encoding: str = "utf-8", has_points: bool = False
) -> list[str]:
    """Return the map as lines of TOML; unsure and missing fields are marked.

    A file of points needs no columns of coordinates.
    """
    found = {guess.field: guess for guess in guesses}
    days = next((found[name] for name in ("recorded_at", "committed_from") if name in found), None)
    form = dates.most_common_format(cells[days.heading]) if days else ""
    if days and form and "%H" not in form and TIME_COLUMNS[days.field] in found:
        form += " %H:%M"
    is_by_postcode = "postcode" in found and not {"easting", "longitude", "grid_reference"} & set(found)
    lines = column_scores.section_lines(
        "force_export",
        date_format=form,
        sheet=sheet,
        encoding="" if encoding == "utf-8" else encoding,
        location_precision="postcode" if is_by_postcode else "",
    )
    missing = _missing(set(found) | ({"easting"} if has_points else set()))
    lines += column_scores.column_lines("force_export", guesses)
    if not {"team", "district", "beat"} & set(found):
        lines.append(NO_TEAMS)
    return lines + [f'# {name} = ""  # not found: {description}' for name, description in missing.items()]


def _time_column(days: Guess, cells: pd.DataFrame, taken: set[str]) -> Guess | None:
    """Return the column of times of day that belongs to a column of dates, if there is one."""
    if dates.read_times(cells[days.heading])["has_hour"].any():
        return None
    words = set(column_scores.plain_words(days.heading).split()) - {"date", "day"}
    for heading in cells.columns:
        if heading not in taken and set(column_scores.plain_words(heading).split()) - {"time", "hour"} == words:
            share, why = _ARE_TIMES_OF_DAY(cells[heading])
            if share > 0.5:
                return Guess(field=TIME_COLUMNS[days.field], heading=heading, score=share, is_sure=share > 0.9, why=why)
    return None


def _is_private(field: str, heading: str) -> bool:
    """Return whether a heading is about people or free text."""
    words = column_scores.plain_words(heading)
    return bool(set(words.split()) & _PRIVATE) and not any(phrase in words for phrase in _ALLOWED_PRIVATE)


def _typed(values: pd.Series) -> tuple[float, str]:
    """Return whether a few values repeat, more if they are known types, and in words."""
    fit, words = column_scores.few(values)
    texts = pd.DataFrame({"type": values.dropna().astype("str")})
    known = float((offence_types.classify(texts, {}, {})["category"] != "unrecognised").mean()) if len(texts) else 0.0
    return min(1.0, fit * (0.8 + known)), f"{words}, {wording.percent(known)} of known types"


def _worded(values: pd.Series) -> tuple[float, str]:
    share = column_scores.share_of(values, lambda given: given.str.contains(r"[A-Za-z]{3}", regex=True))
    return share, "may hold house numbers: choose a street where there is one"


_ARE_TIMES_OF_DAY = column_scores.share_fit(
    lambda given: given.str.fullmatch(r"([01]?\d|2[0-4]):?[0-5]\d(:[0-5]\d)?"), "are times of day"
)
_ARE_OFFENCE_CODES = column_scores.share_fit(
    lambda given: given.str.fullmatch(r"\d{1,3}[A-Za-z]?(/\d{1,3})?"), "look like offence codes"
)
_FIELDS = FieldScores(
    phrases=PHRASES,
    fits=column_scores.COORDINATE_FITS
    | dict.fromkeys(("recorded_at", "committed_from", "committed_to", "updated_at"), column_scores.ARE_DATES)
    | dict.fromkeys(("subtype", "origin", "beat", "team", "district"), column_scores.few)
    | {
        "reference": column_scores.distinct,
        "type": _typed,
        "offence_code": _ARE_OFFENCE_CODES,
        "grid_reference": column_scores.ARE_GRID_REFERENCES,
        "postcode": column_scores.ARE_POSTCODES,
        "location": _worded,
    },
    empty_words=_EMPTY,
    is_excluded=_is_private,
)


def _missing(found: set[str]) -> dict[str, str]:
    """Return the needed fields that no heading fits, with a description."""
    missing = {
        "reference": "the crime or incident number",
        "type": "the type of crime or incident",
        "recorded_at": "when it was recorded, or map committed_from",
        "easting": "metres, with northing; or longitude and latitude, grid_reference or postcode",
    }
    if "committed_from" in found:
        missing.pop("recorded_at")
    if found & {"easting", "longitude", "grid_reference", "postcode"}:
        missing.pop("easting")
    return {name: description for name, description in missing.items() if name not in found}
