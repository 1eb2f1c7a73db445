"""Finds the issues of each survey answer: ticked, listed in one cell, ticked in columns of their own, or in free text.

Ticked issues come first, in order of priority; free text adds issues that were not ticked. An answer without a
recognised issue is `not_classified`. Of the text only words of our own rules leave this module.
"""

import re
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hotspots import categories
from hotspots.categories import NOT_CLASSIFIED, UNKNOWN_ISSUES
from hotspots.sources.issue_classifier import classifier, owners, stemming
from hotspots.sources.parsing import offence_types
from hotspots.sources.survey import personal_data
from hotspots.sources.survey.survey_params import SurveyParams

# One entry for each issue of the answer, in order of priority; then facts about the answer.
LISTS = ("issue", "own_issue", "priority", "owner", "department", "tier", "words")
FACTS = ("options_by_words", "options_unknown", "has_text", "is_unclear", "has_contact")
CHUNK_ANSWERS = 20_000
# The lists of one answer.
Row = tuple[list[Any], ...]
UNTICKED = frozenset({"", "0", "-", "no", "n", "false", "not selected", "unticked", "unchecked", "none"})
# Between the options of a cell; options may hold commas and semicolons themselves.
_PIECES = re.compile(r"[^,;|\n\r•]+")


class Issue(NamedTuple):
    """An issue of an answer: a code, ours or the force's own, its priority, and the words that matched, if any."""

    code: str
    priority: int
    words: tuple[str, ...] = ()


class Option(NamedTuple):
    """Issue codes of a ticked text with the words that matched, and whether the text is not on our lists."""

    codes: tuple[tuple[str, tuple[str, ...]], ...]
    is_unlisted: bool = False

    @property
    def is_unknown(self) -> bool:
        """Return whether no issue is known."""
        return self.codes[0][0] == NOT_CLASSIFIED


def find_issues(cells: pd.DataFrame, ranks: pd.Series, params: SurveyParams) -> pd.DataFrame:
    """Return the issues of each answer.

    Parameters
    ----------
    cells
        The export's columns of issues and text, under its own headings.
    ranks
        The priority that an answer gives its first issue; NaN where it gives none.
    params
        The column map.

    Returns
    -------
    DataFrame
        In the order and with the index of the answers: `LISTS`, each a list with an entry for each issue, and
        `FACTS`: the number of unlisted ticked texts recognised by their words, and of those not recognised; whether
        there is free text, whether it is the only answer and unclear, whether it contains contact details.
    """
    options, unticked = Options(params), UNTICKED if _are_ranks(cells, params) else UNTICKED | {"2"}
    # A few thousand answers at a time, because each needs many small lists.
    starts = range(0, max(len(cells), 1), CHUNK_ANSWERS)
    parts = [_find(cells[at : at + CHUNK_ANSWERS], ranks[at : at + CHUNK_ANSWERS], options, unticked) for at in starts]
    return pd.concat(parts)


def _find(cells: pd.DataFrame, ranks: pd.Series, options: "Options", unticked: frozenset[str]) -> pd.DataFrame:
    """Return the issues of some answers, as `find_issues` does."""
    params = options.params
    ticked = _ticked_issues(cells, options, unticked)
    texts = _texts(cells, params)
    rows = []
    for own, text, rank in zip(ticked, texts, ranks.to_numpy(), strict=True):
        in_text, stems = options.model.find_issues(text) if text else ([], [])
        issues = _combine(own, in_text, rank, params)
        rows.append(options.shared(_as_lists(issues, stems, params)))
    found = pd.DataFrame(rows, columns=list(LISTS), index=cells.index, dtype=object)
    unclear = [not own and row[0] == [NOT_CLASSIFIED] for own, row in zip(ticked, rows, strict=True)]
    has_text = np.array([bool(text) for text in texts], dtype=bool)
    return found.assign(
        options_by_words=options.count(cells, lambda option: option.is_unlisted and not option.is_unknown),
        options_unknown=options.count(cells, lambda option: option.is_unlisted and option.is_unknown),
        has_text=has_text,
        is_unclear=has_text & np.array(unclear, dtype=bool),
        has_contact=personal_data.holds_contact(pd.Series(texts, index=cells.index, dtype="str")),
    )


class Options:
    """Issues of the ticked texts of a survey; each different text is looked up once."""

    def __init__(self, params: SurveyParams) -> None:
        """Collect our labels and codes, and the survey's own words for them."""
        words = tuple((pattern, code, 5.0) for pattern, code in params.own_words.items())
        self.model = classifier.classifier(words)
        self.columns = params.issue_columns
        known = {label: code for code, label in categories.ISSUE_LABELS.items()}
        known |= {code: code for code in (*categories.ISSUES, *params.own_issues)} | params.issues
        self.known = {offence_types.plain(text): code for text, code in known.items()}
        self.max_pieces = max(len(_PIECES.findall(text)) for text in known)
        self.params = params
        self.cache: dict[str, Option] = {}
        self.rows: dict[tuple[object, ...], Row] = {}

    def of(self, text: str) -> Option:
        """Return the issues of one ticked text."""
        found = self.cache.get(text)
        if found is None:
            found = self.cache[text] = self._look_up(text)
        return found

    def shared(self, row: Row) -> Row:
        """Return the first row with the same content, so that equal answers share their lists."""
        return self.rows.setdefault(tuple(map(tuple, row)), row)

    def count(self, cells: pd.DataFrame, test: Callable[[Option], bool]) -> NDArray[np.int64]:
        """Return how many of each answer's ticked texts pass a test."""
        passes = {text: test(option) for text, option in self.cache.items()}
        counts = np.zeros(len(cells), dtype=np.int64)
        for name in self.columns:
            counts += np.array([passes.get(text, False) for text in cells[name].tolist()], dtype=np.int64)
        return counts

    def _look_up(self, text: str) -> Option:
        """Return the issues of one ticked text, or of each option in a list."""
        codes: dict[str, tuple[str, ...]] = {}
        is_unlisted = False
        for part in self._split(text):
            code = self.known.get(offence_types.plain(part))
            issues = [(code, ())] if code else self._by_words(part)
            is_unlisted |= not code
            for own, words in issues:
                codes.setdefault(own, words)
        return Option(tuple(codes.items()) or ((NOT_CLASSIFIED, ()),), is_unlisted)

    def _by_words(self, text: str) -> list[tuple[str, tuple[str, ...]]]:
        """Return the issues of a text that is not on our lists, by its words."""
        issues, _ = self.model.find_issues(text)
        return [(code, tuple(words)) for code, words in issues] or [(NOT_CLASSIFIED, ())]

    def _split(self, text: str) -> list[str]:
        """Return the options of a cell: those on our lists whole, the longest first, and the texts between them.

        Options may hold commas and semicolons themselves. A text that is not on our lists ends at a semicolon or line,
        but not at a comma.
        """
        pieces = [piece for piece in _PIECES.finditer(text) if piece[0].strip()]
        parts: list[str] = []
        at, begin = 0, -1
        while at < len(pieces):
            start = pieces[at].start()
            length = self._option_length(text, pieces[at : at + self.max_pieces])
            end = pieces[at + max(length, 1) - 1].end()
            after = text[end : pieces[at + 1].start()] if at + 1 < len(pieces) else ";"
            if length:
                parts.append(text[start:end].strip())
            else:
                begin = start if begin < 0 else begin
                is_next = at + 1 < len(pieces) and self._option_length(text, pieces[at + 1 : at + 1 + self.max_pieces])
                if is_next or after.strip() != ",":
                    parts.append(text[begin:end].strip())
                    begin = -1
            at += max(length, 1)
        return parts

    def _option_length(self, text: str, pieces: list[re.Match[str]]) -> int:
        """Return how many of the next pieces of a cell are one option of our lists, the longest; 0 for none."""
        start = pieces[0].start()
        plain = ((n, offence_types.plain(text[start : pieces[n - 1].end()])) for n in range(len(pieces), 0, -1))
        return next((n for n, option in plain if option in self.known), 0)


def _ticked_issues(cells: pd.DataFrame, options: Options, unticked: frozenset[str]) -> list[list[Issue]]:
    """Return the ticked issues of each answer, in order of priority."""
    params = options.params
    ticked: list[list[Issue]] = [[] for _ in range(len(cells))]
    for number, heading in enumerate(params.issue_columns, start=1):
        for row, text in _given(cells[heading]):
            ticked[row] += [
                Issue(code, number + later, words) for later, (code, words) in enumerate(options.of(text).codes)
            ]
    for heading, code in params.tick_columns.items():
        for row, text in _given(cells[heading]):
            if text.strip().casefold() not in unticked:
                ticked[row].append(Issue(code, int(text) if text.isdigit() and len(text) == 1 else 1))
    return [sorted(issues, key=lambda issue: issue.priority) for issues in ticked]


def _are_ranks(cells: pd.DataFrame, params: SurveyParams) -> bool:
    """Return whether 2 in the tick columns means second priority; some programs write 1 for yes and 2 for no."""
    numbers = cells[list(params.tick_columns)].apply(pd.to_numeric, errors="coerce").to_numpy(dtype=float)
    return bool((numbers > 2).any() or not ((numbers == 2).sum(axis=1) > 1).any())


def _texts(cells: pd.DataFrame, params: SurveyParams) -> list[str]:
    """Return the free text of each answer, its columns joined as separate sentences."""
    parts: list[list[str]] = [[] for _ in range(len(cells))]
    for heading in params.text_columns:
        for row, text in _given(cells[heading]):
            if stemming.without_addresses(text).strip():
                parts[row].append(text)
    return [" . ".join(each) for each in parts]


def _given(column: pd.Series) -> list[tuple[int, str]]:
    """Return position and text of the cells that are not empty."""
    return [(row, text) for row, text in enumerate(column.tolist()) if isinstance(text, str)]


def _combine(
    ticked: list[Issue], in_text: list[tuple[str, list[str]]], rank: float, params: SurveyParams
) -> list[Issue]:
    """Return the issues of an answer, ranked: those ticked, then others in its text; each issue once."""
    issues = [issue for issue in ticked if issue.code not in UNKNOWN_ISSUES]
    if not issues and not in_text:
        issues = ticked or [Issue(NOT_CLASSIFIED, 1)]
    last = max((issue.priority for issue in issues), default=0)
    known = {params.our_issue(issue.code) for issue in issues}
    further = [(code, words) for code, words in in_text if params.our_issue(code) not in known]
    issues = issues + [Issue(code, last + after, tuple(words)) for after, (code, words) in enumerate(further, start=1)]
    first: dict[str, Issue] = {}
    for issue in issues:
        first.setdefault(issue.code, issue)
    if rank == rank:
        return [issue._replace(priority=int(rank) + later) for later, issue in enumerate(first.values())]
    return list(first.values())


def _as_lists(issues: list[Issue], stems: list[str], params: SurveyParams) -> Row:
    """Return the issues of an answer as `LISTS`."""
    ours = [params.our_issue(issue.code) for issue in issues]
    routes = [owners.route_of(code, stems) for code in ours]
    return (
        [*ours],
        [issue.code if issue.code in params.own_issues else None for issue in issues],
        [issue.priority for issue in issues],
        [route.owner for route in routes],
        [route.department for route in routes],
        [route.tier for route in routes],
        ["; ".join(issue.words[: classifier.MAX_WORDS]) or None for issue in issues],
    )
