"""Guesses the column map of a force's export from its headings and values.

Headings are compared with phrases that are common in police systems (Niche, Connect, Storm and others), values with
what a field must hold: dates, postcodes, metres on the National Grid. Both give a score from 0 to 1; unclear guesses
are marked unsure. An analyst must check the map before it is used. Only headings and shares leave this module, never a
value.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from hotspots import wording
from hotspots.errors import SourceError
from hotspots.sources.geography import postcodes
from hotspots.sources.parsing import coordinates, dates, offence_types

MIN_SURE_SCORE = 0.7
MIN_SCORE = 0.3
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
    "easting": {"easting": 1, "grid easting": 1, "east": 0.8, "x": 0.8, "x coord": 0.85, "gps x": 0.8},
    "northing": {"northing": 1, "grid northing": 1, "north": 0.8, "y": 0.8, "y coord": 0.85, "gps y": 0.8},
    "longitude": {"longitude": 1, "long": 0.9, "lon": 0.9, "lng": 0.9, "x": 0.8, "x coord": 0.8, "gps x": 0.8},
    "latitude": {"latitude": 1, "lat": 0.9, "y": 0.8, "y coord": 0.8, "gps y": 0.8},
    "postcode": {"postcode": 1, "post code": 1},
    "location": {"street": 0.9, "street name": 0.95, "road": 0.8, "location": 0.85, "thoroughfare": 0.9,
                 "location name": 0.9, "address": 0.55},
    "beat": {"beat": 1, "beat code": 1, "beat name": 0.8},
    "team": {"team": 0.9, "neighbourhood team": 1, "npt": 1, "snt": 1, "lpt": 0.9, "policing team": 1, "lpa": 0.6},
}  # fmt: skip
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


@dataclass(frozen=True, kw_only=True)
class Guess:
    """Heading guessed for a field, with its score, whether it is sure, and the reason."""

    field: str
    heading: str
    score: float
    is_sure: bool
    why: str


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
    require_headings(list(cells.columns))
    scores = {
        (field, heading): _score(field, heading, cells[heading]) for field in PHRASES for heading in cells.columns
    }
    guesses: dict[str, Guess] = {}
    for field, heading in best_headings(scores).items():
        score, why = scores[field, heading]
        taken = {heading, *(guess.heading for guess in guesses.values())}
        is_close = (
            max((scores[field, other][0] for other in cells.columns if other not in taken), default=0) >= 0.9 * score
        )
        guesses[field] = Guess(
            field=field, heading=heading, score=round(score, 2), is_sure=score >= MIN_SURE_SCORE and not is_close,
            why=why + ("; another heading fits nearly as well" if is_close else ""),
        )  # fmt: skip
    return _complete(guesses, cells)


def best_headings(scores: dict[tuple[str, str], tuple[float, str]]) -> dict[str, str]:
    """Return the heading of each field by descending score, from the scores of fields and headings."""
    best: dict[str, str] = {}
    for field, heading in sorted(scores, key=lambda pair: -scores[pair][0]):
        if scores[field, heading][0] >= MIN_SCORE and field not in best and heading not in best.values():
            best[field] = heading
    return best


def drop_half_pairs(guesses: dict[str, Guess]) -> None:
    """Remove a coordinate without its partner."""
    for one, other in (("easting", "northing"), ("longitude", "latitude")):
        if (one in guesses) != (other in guesses):
            guesses.pop(one, None)
            guesses.pop(other, None)


def as_toml(
    guesses: list[Guess], cells: pd.DataFrame, *, sheet: str = "", encoding: str = "utf-8", has_points: bool = False
) -> list[str]:
    """Return the map as lines of TOML; unsure and missing fields are marked.

    A file of points needs no columns of coordinates.
    """
    found = {guess.field: guess for guess in guesses}
    days = next((found[name] for name in ("recorded_at", "committed_from") if name in found), None)
    form = dates.most_common_format(cells[days.heading]) if days else ""
    form += (
        " %H:%M" if form and "%H" not in form and TIME_COLUMNS[days.field if days else "recorded_at"] in found else ""
    )
    lines = ["[force_export]"]
    lines += [f"date_format = {quoted(form)}"] if form else []
    lines += [f"sheet = {quoted(sheet)}"] if sheet else []
    lines += [f"encoding = {quoted(encoding)}"] if encoding != "utf-8" else []
    if "postcode" in found and not {"easting", "longitude"} & set(found):
        lines.append('location_precision = "postcode"')
    lines += ["", "[force_export.columns]"]
    for guess in guesses:
        mark = "" if guess.is_sure else f"  # unsure: {guess.why}"
        lines.append(f"{guess.field} = {quoted(guess.heading)}{mark}")
    lines += [
        f'# {name} = ""  # not found: {description}'
        for name, description in _missing(set(found) | ({"easting"} if has_points else set())).items()
    ]
    return lines


def _complete(guesses: dict[str, Guess], cells: pd.DataFrame) -> list[Guess]:
    """Return the guesses in the order of the fields, with columns of times and without half pairs of coordinates."""
    drop_half_pairs(guesses)
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


def _time_column(days: Guess, cells: pd.DataFrame, taken: set[str]) -> Guess | None:
    """Return the column of times of day that belongs to a column of dates, if there is one."""
    if dates.read_times(cells[days.heading])["has_hour"].any():
        return None
    words = set(plain_words(days.heading).split()) - {"date", "day"}
    for heading in cells.columns:
        if heading not in taken and set(plain_words(heading).split()) - {"time", "hour"} == words:
            share = share_of(cells[heading], _are_times_of_day)
            if share > 0.5:
                why = f"{wording.percent(share)} of the values are times of day"
                return Guess(field=TIME_COLUMNS[days.field], heading=heading, score=share, is_sure=share > 0.9, why=why)
    return None


def _score(field: str, heading: str, values: pd.Series) -> tuple[float, str]:
    """Return how well a heading and its values fit a field, 0 to 1, and why."""
    weight, phrase = _heading_score(field, heading)
    if weight == 0 and field != "postcode":
        return 0.0, ""
    fit, reason = _FITS[field](values)
    if weight == 0:  # only postcodes are recognised by their values alone
        return (0.5, reason) if fit > 0.8 else (0.0, "")
    return weight * (0.3 + 0.7 * fit) if fit >= 0.2 else 0.0, f"the heading says '{phrase}', {reason}"


def _heading_score(field: str, heading: str) -> tuple[float, str]:
    """Return the weight of the best phrase of a field in a heading, and the phrase; 0 for headings about people."""
    words = plain_words(heading)
    if set(words.split()) & _PRIVATE and not any(phrase in words for phrase in _ALLOWED_PRIVATE):
        return 0.0, ""
    return phrase_score(words, PHRASES[field], _EMPTY)


def phrase_score(words: str, phrases: dict[str, float], empty: frozenset[str]) -> tuple[float, str]:
    """Return the weight of the best phrase in a heading, and the phrase; each further word lowers the weight.

    Words in `empty` do not lower it.
    """
    found, best, which = words.split(), 0.0, ""
    for phrase, weight in phrases.items():
        needed = phrase.split()
        if set(needed) <= set(found):
            extra = [word for word in found if word not in needed and word not in empty]
            best, which = max((best, which), (weight * 0.9 ** len(extra), phrase))
    return best, which


_EMPTY = frozenset({"date", "time", "datetime", "of", "the", "and", "on", "at", "or", "incident", "crime", "occurrence",
                    "offence", "grid", "gps", "code", "committed", "osgb", "bng", "coord", "coordinate"})  # fmt: skip


def plain_words(heading: str) -> str:
    """Return a heading in plain words: "CommittedFromDate" and "committed_from_date" alike."""
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|_|(?<=[A-Za-z])(?=\d)", " ", str(heading))
    return offence_types.plain(parted).replace("coordinate", "coord")


def share_of(values: pd.Series, test: Callable[[pd.Series], pd.Series]) -> float:
    """Return the share of the values given that pass a test."""
    given = values.dropna()
    return float(np.mean(test(given))) if len(given) else 0.0


def are_dates(values: pd.Series) -> pd.Series:
    """Return whether each value is a date, not a bare number."""
    figures = values.str.fullmatch(r"\d{1,6}(\.\d+)?").fillna(False).astype(bool)
    return dates.read_times(values)["time"].notna() & ~figures


def _are_times_of_day(values: pd.Series) -> pd.Series:
    return values.str.fullmatch(r"([01]?\d|2[0-4]):?[0-5]\d(:[0-5]\d)?").fillna(False).astype(bool)


def dated(values: pd.Series) -> tuple[float, str]:
    """Return the share of dates, and in words; Excel's numbers for 2000 to 2049 count as dates."""
    share = share_of(values, lambda given: are_dates(given) | _are_excel_days(given))
    return share, f"{wording.percent(share)} of the values are dates"


def _are_excel_days(values: pd.Series) -> pd.Series:
    number = pd.to_numeric(values.where(values.str.fullmatch(r"\d{5}(\.\d+)?")), errors="coerce")
    return number.between(36_526, 54_788, inclusive="left")


def within(low: float, high: float, *, are_metres: bool) -> Callable[[pd.Series], tuple[float, str]]:
    """Return a test of numbers in a range."""

    def fit(values: pd.Series) -> tuple[float, str]:
        def test(given: pd.Series) -> pd.Series:
            number = coordinates.numbers(given, are_metres=are_metres)
            return pd.Series((number >= low) & (number <= high))

        share = share_of(values, test)
        return share, f"{wording.percent(share)} of the values are from {low:,.0f} to {high:,.0f}"

    return fit


def distinct(values: pd.Series) -> tuple[float, str]:
    """Return how close all values are to being different, and in words."""
    given = values.dropna()
    share = given.nunique() / len(given) if len(given) else 0.0
    return max(0.0, 2 * share - 1), f"{wording.percent(share)} of the values are different"


def few(values: pd.Series) -> tuple[float, str]:
    """Return whether a few values repeat, and in words."""
    given = values.dropna()
    count = given.nunique()
    fit = 1.0 if count <= max(60, 0.1 * len(given)) and count < len(given) else 0.5 if len(given) < 30 else 0.0
    return fit * (not share_of(values, are_dates) > 0.5), f"{count:,} different values"


def _typed(values: pd.Series) -> tuple[float, str]:
    """Return whether a few values repeat, more if they are known types, and in words."""
    fit, words = few(values)
    texts = pd.DataFrame({"type": values.dropna().astype("str")})
    known = float((offence_types.classify(texts, {}, {})["category"] != "unrecognised").mean()) if len(texts) else 0.0
    return min(1.0, fit * (0.8 + known)), f"{words}, {wording.percent(known)} of known types"


def _coded(values: pd.Series) -> tuple[float, str]:
    share = share_of(
        values, lambda given: given.str.fullmatch(r"\d{1,3}[A-Za-z]?(/\d{1,3})?").fillna(False).astype(bool)
    )
    return share, f"{wording.percent(share)} of the values look like offence codes"


def postal(values: pd.Series) -> tuple[float, str]:
    """Return the share of postcodes, and in words."""
    share = share_of(values, lambda given: postcodes.unit_of(given).notna())
    return share, f"{wording.percent(share)} of the values are postcodes"


def _worded(values: pd.Series) -> tuple[float, str]:
    share = share_of(values, lambda given: given.str.contains(r"[A-Za-z]{3}", regex=True).fillna(False).astype(bool))
    return share, "may hold house numbers: choose a street where there is one"


_FITS: dict[str, Callable[[pd.Series], tuple[float, str]]] = {
    "reference": distinct, "type": _typed, "subtype": few, "offence_code": _coded, "origin": few,
    "recorded_at": dated, "committed_from": dated, "committed_to": dated,
    "easting": within(1_000, coordinates.GRID_EAST, are_metres=True),
    "northing": within(1_500, coordinates.GRID_NORTH, are_metres=True),
    "longitude": within(coordinates.WEST, coordinates.EAST, are_metres=False),
    "latitude": within(coordinates.SOUTH, coordinates.NORTH, are_metres=False),
    "postcode": postal, "location": _worded, "beat": few, "team": few,
}  # fmt: skip


def _missing(found: set[str]) -> dict[str, str]:
    """Return the needed fields that no heading fits, with a description."""
    missing = {
        "reference": "the crime or incident number",
        "type": "the type of crime or incident",
        "recorded_at": "when it was recorded, or map committed_from",
        "easting": "metres, with northing; or longitude and latitude, or postcode",
    }
    if "committed_from" in found:
        missing.pop("recorded_at")
    if found & {"easting", "longitude", "postcode"}:
        missing.pop("easting")
    return {name: description for name, description in missing.items() if name not in found}


def require_headings(headings: list[str]) -> None:
    """Raise if the first row looks like a row of values."""
    texts = pd.Series(headings, dtype="str")
    are_values = are_dates(texts) | postcodes.unit_of(texts).notna() | texts.str.contains(r"\d{4}", regex=True)
    if int(are_values.sum()) >= max(2, 0.2 * len(texts)):
        raise SourceError(
            f"The first row looks like values, not headings: {int(are_values.sum())} of its {len(texts)} cells are "
            f"dates, numbers or postcodes. Export it again with a row of headings."
        )


def quoted(text: str) -> str:
    """Return a text as a TOML string."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")
