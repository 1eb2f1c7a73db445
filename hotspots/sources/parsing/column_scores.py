"""Scores of how well the columns of a file fit the fields of a column map, and the best guesses.

Headings are compared with common phrases, values with what a field must hold. Both give a score from 0 to 1. Only
headings and shares leave this module, never a value.
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
from hotspots.sources.parsing import coordinates, dates, grid_references, offence_types

MIN_SCORE = 0.3

# A test of values: how well they fit, 0 to 1, and the reason in words.
Fit = Callable[[pd.Series], tuple[float, str]]


@dataclass(frozen=True, kw_only=True)
class Guess:
    """Heading guessed for a field, with its score, whether it is sure, and the reason."""

    field: str
    heading: str
    score: float
    is_sure: bool
    why: str


@dataclass(frozen=True, kw_only=True)
class FieldScores:
    """The fields of a column map, and how headings and values are scored.

    Attributes
    ----------
    phrases
        Field to phrases of its headings and their weights, 0 to 1.
    fits
        Field to the test of its values.
    empty_words
        Words of headings that do not lower a weight; any other word beside the phrase does.
    is_excluded
        Whether a heading (the second argument) cannot be that of a field (the first).
    """

    phrases: dict[str, dict[str, float]]
    fits: dict[str, Fit]
    empty_words: frozenset[str]
    is_excluded: Callable[[str, str], bool]

    def heading_weight(self, field: str, heading: str) -> tuple[float, str]:
        """Return the weight of the best phrase of a field in a heading, and the phrase."""
        words, best = plain_words(heading).split(), (0.0, "")
        for phrase, weight in self.phrases[field].items():
            needed = phrase.split()
            if set(needed) <= set(words):
                others = [word for word in words if word not in needed and word not in self.empty_words]
                best = max(best, (weight * 0.9 ** len(others), phrase))
        return best

    def score(self, field: str, heading: str, values: pd.Series) -> tuple[float, str]:
        """Return how well a heading and its values fit a field, 0 to 1, and why."""
        weight, phrase = (0.0, "") if self.is_excluded(field, heading) else self.heading_weight(field, heading)
        if weight == 0 and field != "postcode":
            return 0.0, ""
        fit, reason = self.fits[field](values)
        if weight == 0:  # only postcodes are recognised by their values alone
            return (0.5, reason) if fit > 0.8 else (0.0, "")
        return weight * (0.3 + 0.7 * fit) if fit >= 0.2 else 0.0, f"the heading says '{phrase}', {reason}"

    def guess(self, cells: pd.DataFrame, min_sure_score: float, close_share: float = 1.0) -> dict[str, Guess]:
        """Return the best heading for each field, by descending score; each heading is used once.

        Parameters
        ----------
        cells
            The first rows as text under the file's headings.
        min_sure_score
            Guesses with a lower score are unsure.
        close_share
            A guess is unsure if another heading has more than this share of its score.
        """
        scores = {(field, name): self.score(field, name, cells[name]) for field in self.phrases for name in cells}
        guesses: dict[str, Guess] = {}
        for field, heading in sorted(scores, key=lambda pair: -scores[pair][0]):
            score, why = scores[field, heading]
            used = {guess.heading for guess in guesses.values()}
            if score < MIN_SCORE or field in guesses or heading in used:
                continue
            others = [scores[field, other][0] for other in cells if other not in {heading, *used}]
            is_close = close_share < 1 and max(others, default=0) >= close_share * score
            guesses[field] = Guess(
                field=field, heading=heading, score=round(score, 2), is_sure=score >= min_sure_score and not is_close,
                why=why + ("; another heading fits nearly as well" if is_close else ""),
            )  # fmt: skip
        for one, other in (("easting", "northing"), ("longitude", "latitude")):
            if (one in guesses) != (other in guesses):
                guesses.pop(one, None)
                guesses.pop(other, None)
        return guesses


def require_headings(headings: list[str]) -> None:
    """Raise if the first row looks like a row of values."""
    texts = pd.Series(headings, dtype="str")
    are_values = are_dates(texts) | postcodes.unit_of(texts).notna() | texts.str.contains(r"\d{4}", regex=True)
    if int(are_values.sum()) >= max(2, 0.2 * len(texts)):
        raise SourceError(
            f"The first row looks like values, not headings: {int(are_values.sum())} of its {len(texts)} cells are "
            f"dates, numbers or postcodes. Export it again with a row of headings."
        )


def plain_words(heading: str) -> str:
    """Return a heading in plain words: "CommittedFromDate" and "committed_from_date" alike."""
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|_|(?<=[A-Za-z])(?=\d)", " ", str(heading))
    return offence_types.plain(parted).replace("coordinate", "coord")


def share_of(values: pd.Series, test: Callable[[pd.Series], pd.Series]) -> float:
    """Return the share of the values given that pass a test."""
    given = values.dropna()
    return float(np.mean(test(given))) if len(given) else 0.0


def share_fit(test: Callable[[pd.Series], pd.Series], words: str) -> Fit:
    """Return a test that gives the share of values for which another one is true."""

    def fit(values: pd.Series) -> tuple[float, str]:
        share = share_of(values, test)
        return share, f"{wording.percent(share)} of the values {words}"

    return fit


def within(low: float, high: float, *, are_metres: bool) -> Fit:
    """Return a test of numbers in a range."""

    def is_within(given: pd.Series) -> pd.Series:
        return pd.Series(coordinates.numbers(given, are_metres=are_metres)).between(low, high)

    return share_fit(is_within, f"are from {low:,.0f} to {high:,.0f}")


def are_dates(values: pd.Series) -> pd.Series:
    """Return whether each value is a date, not a bare number."""
    figures = values.str.fullmatch(r"\d{1,6}(\.\d+)?").fillna(False).astype(bool)
    return dates.read_times(values)["time"].notna() & ~figures


def _are_dates_or_excel_days(values: pd.Series) -> pd.Series:
    """Return whether each value is a date, or Excel's number for a day of 2000 to 2049."""
    number = pd.to_numeric(values.where(values.str.fullmatch(r"\d{5}(\.\d+)?")), errors="coerce")
    return are_dates(values) | number.between(36_526, 54_788, inclusive="left")


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


ARE_DATES = share_fit(_are_dates_or_excel_days, "are dates")
ARE_POSTCODES = share_fit(lambda given: postcodes.unit_of(given).notna(), "are postcodes")
ARE_GRID_REFERENCES = share_fit(grid_references.is_reference, "are grid references")
COORDINATE_FITS = {
    "easting": within(1_000, coordinates.GRID_EAST, are_metres=True),
    "northing": within(1_500, coordinates.GRID_NORTH, are_metres=True),
    "longitude": within(coordinates.WEST, coordinates.EAST, are_metres=False),
    "latitude": within(coordinates.SOUTH, coordinates.NORTH, are_metres=False),
}


def section_lines(section: str, **settings: str) -> list[str]:
    """Return a section of TOML with the settings that are not empty."""
    return [f"[{section}]", *(f"{name} = {quoted(value)}" for name, value in settings.items() if value)]


def column_lines(section: str, guesses: list[Guess]) -> list[str]:
    """Return the column map of a section of TOML; unsure guesses are marked."""
    marks = ["" if guess.is_sure else f"  # unsure: {guess.why}" for guess in guesses]
    lines = [f"{guess.field} = {quoted(guess.heading)}{mark}" for guess, mark in zip(guesses, marks, strict=True)]
    return ["", f"[{section}.columns]", *lines]


def quoted(text: str) -> str:
    """Return a text as a TOML string."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")
