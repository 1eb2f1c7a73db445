"""The issues of each answer: ticked, listed in one cell, ticked in columns of their own, or told from free text.

What was ticked comes first, in order of worry; free text adds what nobody ticked. An answer that names nothing that can
be told is about `other`. Of the text itself nothing leaves this module but words of our own lists.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd

from hotspots import categories
from hotspots.sources.issue_classifier import classifier, owners
from hotspots.sources.issue_classifier.owners import Route
from hotspots.sources.parsing import offence_types
from hotspots.sources.survey import personal_data
from hotspots.sources.survey.survey_params import SurveyParams

# One entry an issue of the answer, in order of worry; then facts about the answer.
LISTS = ("issue", "own_issue", "priority", "owner", "department", "tier", "words")
FACTS = ("options_told", "options_unknown", "has_text", "is_unclear", "has_contact")
UNTICKED = frozenset({"", "0", "-", "no", "n", "false", "not selected", "unticked", "unchecked", "none"})
_BETWEEN = re.compile(r"[;|\n\r•]+")
OTHER = "other"


class Named(NamedTuple):
    """An issue that an answer names: a code, ours or the force's own, its rank, and the words that told it, if any."""

    code: str
    priority: int
    words: tuple[str, ...] = ()


class Option(NamedTuple):
    """What a ticked text stands for: codes with the words that told them, and whether it is on no list."""

    codes: tuple[tuple[str, tuple[str, ...]], ...]
    is_told: bool = False


def tell_issues(cells: pd.DataFrame, ranks: pd.Series, params: SurveyParams) -> pd.DataFrame:
    """The issues of each answer.

    Parameters
    ----------
    cells
        The export's columns of issues and text, under its own headings.
    ranks
        The priority that an answer gives its first issue; NaN where it gives none.
    params
        The map.

    Returns
    -------
    DataFrame
        In the order and with the index of the answers: `LISTS`, each a list with an entry for each issue, and
        `FACTS`: how many ticked texts were told by their words, how many by nothing; whether there is free text,
        whether it is all there is and does not tell, whether it holds an e-mail address or telephone number.
    """
    options = Options(params)
    ticked = _ticked(cells, params, options)
    texts = _texts(cells, params)
    rows = []
    for named, text, rank in zip(ticked, texts, ranks.to_numpy(), strict=True):
        told, stems = options.model.find_issues(text) if text else ([], [])
        issues = _together(named, told, rank, params)
        rows.append(_listed(issues, stems, params))
    found = pd.DataFrame(rows, columns=list(LISTS), index=cells.index, dtype=object)
    is_silent = np.array([not named and row[0] == [OTHER] for named, row in zip(ticked, rows, strict=True)], dtype=bool)
    has_text = np.array([bool(text) for text in texts], dtype=bool)
    return found.assign(
        options_told=options.told_in(cells),
        options_unknown=options.unknown_in(cells),
        has_text=has_text,
        is_unclear=has_text & is_silent,
        has_contact=personal_data.holds_contact(pd.Series(texts, index=cells.index, dtype="str")),
    )


class Options:
    """What the ticked texts of a survey stand for, each text looked at once."""

    def __init__(self, params: SurveyParams) -> None:
        """Take our labels and codes, and the survey's own words for them."""
        words = tuple((pattern, code, 5.0) for pattern, code in params.own_words.items())
        self.model = classifier.classifier(words)
        self.columns = params.issue_columns
        known = {label: code for code, label in categories.ISSUE_LABELS.items()}
        known |= {code: code for code in (*categories.ISSUES, *params.own_issues)} | params.issues
        self.known = {offence_types.plain(text): code for text, code in known.items()}
        self.memory: dict[str, Option] = {}

    def of(self, text: str) -> Option:
        """What one ticked text stands for."""
        found = self.memory.get(text)
        if found is None:
            found = self.memory[text] = self._of(text)
        return found

    def told_in(self, cells: pd.DataFrame) -> np.ndarray:
        """How many ticked texts of each answer were told by their words alone."""
        return self._count(cells, lambda option: option.is_told and option.codes[0][0] != OTHER)

    def unknown_in(self, cells: pd.DataFrame) -> np.ndarray:
        """How many ticked texts of each answer nothing tells."""
        return self._count(cells, lambda option: option.is_told and option.codes[0][0] == OTHER)

    def _count(self, cells: pd.DataFrame, test: Callable[[Option], bool]) -> np.ndarray:
        """How many of each answer's ticked texts pass a test."""
        is_so = {text: test(option) for text, option in self.memory.items()}
        counts = np.zeros(len(cells), dtype=np.int64)
        for name in self.columns:
            counts += np.array([is_so.get(text, False) for text in cells[name].tolist()], dtype=np.int64)
        return counts

    def _of(self, text: str) -> Option:
        code = self.known.get(offence_types.plain(text))
        if code:
            return Option(((code, ()),))
        parts = [part for part in _BETWEEN.split(text) if part.strip()]
        parts = parts if len(parts) > 1 else self._by_commas(text)
        if len(parts) > 1:
            options = [self.of(part.strip()) for part in parts]
            codes = dict(pair for option in reversed(options) for pair in reversed(option.codes))
            order = dict.fromkeys(code for option in options for code, _ in option.codes)
            return Option(tuple((code, codes[code]) for code in order), any(option.is_told for option in options))
        told, _ = self.model.find_issues(text)
        return Option(tuple((code, tuple(words)) for code, words in told) or ((OTHER, ()),), is_told=True)

    def _by_commas(self, text: str) -> list[str]:
        """The parts of a list with commas, where each is on our lists; labels have commas of their own."""
        tokens, parts = text.split(","), []
        while tokens:
            length = next(
                (n for n in range(len(tokens), 0, -1) if offence_types.plain(",".join(tokens[:n])) in self.known), 0
            )
            if not length:
                return [text]
            parts.append(",".join(tokens[:length]))
            tokens = tokens[length:]
        return parts


def _ticked(cells: pd.DataFrame, params: SurveyParams, options: Options) -> list[list[Named]]:
    """What each answer ticks, in order of worry."""
    named: list[list[Named]] = [[] for _ in range(len(cells))]
    for number, heading in enumerate(params.issue_columns, start=1):
        for row, text in _given(cells[heading]):
            named[row] += [
                Named(code, number + place, words) for place, (code, words) in enumerate(options.of(text).codes)
            ]
    unticked = UNTICKED if _are_ranks(cells, params) else UNTICKED | {"2"}
    for heading, code in params.tick_columns.items():
        for row, text in _given(cells[heading]):
            if text.strip().casefold() not in unticked:
                named[row].append(Named(code, int(text) if text.isdigit() and len(text) == 1 else 1))
    return [sorted(each, key=lambda one: one.priority) for each in named]


def _are_ranks(cells: pd.DataFrame, params: SurveyParams) -> bool:
    """Whether 2 in the columns of ticks is a second worry; some programs write 1 for yes and 2 for no."""
    figures = cells[list(params.tick_columns)].apply(pd.to_numeric, errors="coerce").to_numpy(dtype=float)
    return bool((figures > 2).any() or not ((figures == 2).sum(axis=1) > 1).any())


def _texts(cells: pd.DataFrame, params: SurveyParams) -> list[str]:
    """All free text of each answer, its columns as sentences of their own."""
    parts: list[list[str]] = [[] for _ in range(len(cells))]
    for heading in params.text_columns:
        for row, text in _given(cells[heading]):
            parts[row].append(text)
    return [" . ".join(each) for each in parts]


def _given(column: pd.Series) -> list[tuple[int, str]]:
    """Position and text of the cells that hold anything."""
    return [(row, text) for row, text in enumerate(column.tolist()) if isinstance(text, str)]


def _together(ticked: list[Named], told: list[tuple[str, list[str]]], rank: float, params: SurveyParams) -> list[Named]:
    """What an answer is about: what it ticks, then what else its text tells; each issue once, ranked."""
    firm = [one for one in ticked if one.code != OTHER]
    said = firm or ([] if told else ticked) or ([] if told else [Named(OTHER, 1)])
    last = max((one.priority for one in said), default=0)
    known = {params.our_issue(one.code) for one in said}
    further = [(code, words) for code, words in told if params.our_issue(code) not in known]
    said = said + [Named(code, last + place, tuple(words)) for place, (code, words) in enumerate(further, start=1)]
    once = {one.code: one for one in reversed(said)}
    issues = [one for one in said if once.get(one.code) is one]
    if rank == rank:
        issues = [one._replace(priority=int(rank) + place) for place, one in enumerate(issues)]
    return issues


def _listed(issues: list[Named], stems: list[str], params: SurveyParams) -> tuple[list, ...]:
    """The issues of an answer as `LISTS`: an entry each."""
    ours = [params.our_issue(one.code) for one in issues]
    routes: list[Route] = [owners.route_of(code, stems) for code in ours]
    return (
        ours,
        [one.code if one.code in params.own_issues else None for one in issues],
        [one.priority for one in issues],
        [route.owner for route in routes],
        [route.department for route in routes],
        [route.tier for route in routes],
        ["; ".join(one.words[: classifier.MAX_WORDS]) or None for one in issues],
    )
