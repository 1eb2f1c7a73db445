"""Classify residents' free text: the issues it is about, who deals with them, and the words that decided.

Rules in plain words (reference/issue_words.csv) give each issue a score. The issue with the highest score comes first,
and the words that are left may give further ones. Where the evidence is weak, no issue is returned.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache

import pandas as pd

from hotspots import categories
from hotspots.errors import ParameterError
from hotspots.sources.issue_classifier import owners, rules, stemming, word_weights

MIN_SCORE = 2.2
FURTHER_SHARE = 0.4  # a further issue needs this share of the first one's score, from words of its own
REPEAT_FACTOR, MIN_FACTOR = 0.5, 0.125  # each further match for an issue counts half as much; four count
MAX_ISSUES = 4
UNSAFE = "unsafe"  # follows the street fault that frightens people
MAX_WORDS = 6

OwnWords = tuple[tuple[str, str, float], ...]


def issues_of(texts: Iterable[str | None], own_words: Iterable[tuple[str, str, float]] = ()) -> pd.DataFrame:
    """Return the issues that each text is about, who deals with them, and the words that decided.

    Parameters
    ----------
    texts
        Free text, one answer each; a missing one has no issues.
    own_words
        A force's own rules, added to the reference ones: pattern, issue code, weight (1 a hint, 3 likely, 5 sure).

    Returns
    -------
    DataFrame
        In the order of the texts (with their index, if a Series): `issue`, codes, most likely first, empty where
        nothing is clear; `owner`, of each of them; `words`, the patterns that decided, as the rules have them. Nothing
        else of the text is returned, so no name, address or number.

    Example
    -------
    >>> issues_of(["Street light out near the bin, and dog mess"]).loc[0, "issue"]
    ['street_lighting', 'dog_fouling']
    """
    model = classifier(tuple((pattern, code, float(weight)) for pattern, code, weight in own_words))
    answers = [model.classify(text) if isinstance(text, str) else ([], [], []) for text in texts]
    index = texts.index if isinstance(texts, pd.Series) else pd.RangeIndex(len(answers))
    columns = {name: [answer[number] for answer in answers] for number, name in enumerate(("issue", "owner", "words"))}
    return pd.DataFrame(columns, index=index, dtype=object)


@lru_cache(maxsize=8)
def classifier(own_words: OwnWords = ()) -> "Classifier":
    """Return the classifier with a force's own words; it is made once."""
    return Classifier(own_words)


class Classifier:
    """Rules and a tokeniser, ready to classify one text after another."""

    def __init__(self, own_words: OwnWords = ()) -> None:
        """Prepare the rules of the reference table and a force's own.

        Raises
        ------
        ParameterError
            A force's own rule has no word or no weight.
        """
        for pattern, _, weight in own_words:
            if weight <= 0 or not stemming.stems(pattern.replace("|", " ")):
                raise ParameterError(
                    f"own_words: '{pattern}' matches nothing; expected plain words and a weight above 0."
                )
        self.matcher = rules.Matcher(rules.read_rules(own_words))
        self.tokeniser = stemming.Tokeniser(self.matcher.vocabulary)

    def classify(self, text: str) -> tuple[list[str], list[str], list[str]]:
        """Return issue codes, most likely first, their owners, and the words that decided."""
        issues, stems = self.find_issues(text)
        patterns = list(dict.fromkeys(pattern for _, own in issues for pattern in own))[:MAX_WORDS]
        return (
            [code for code, _ in issues],
            [owners.route_of(code, stems).owner for code, _ in issues],
            patterns,
        )

    def find_issues(self, text: str) -> tuple[list[tuple[str, list[str]]], list[str]]:
        """Return issue codes, most likely first, each with the words that decided, and the stems of the text."""
        stems = self.tokeniser.tokenise(text)
        issues = _rank(self.matcher.find(stems), stems)
        is_fault = any(categories.ISSUE_OWNERS.get(code) == "council" for code, _ in issues)
        return (sorted(issues, key=lambda one: one[0] == UNSAFE) if is_fault else issues), stems


def _rank(matches: Sequence[rules.Match], stems: Sequence[str]) -> list[tuple[str, list[str]]]:
    """Return the issues by their scores, each from words that the issues before it did not use."""
    issues: list[tuple[str, list[str]]] = []
    used: set[int] = set()
    least = MIN_SCORE
    matches = sorted(matches, key=lambda match: (-match.score, match.positions, match.pattern))
    while matches and len(issues) < MAX_ISSUES:
        scores = _scores(matches)
        code = max(scores, key=scores.__getitem__)
        score = scores[code]
        if score < least:
            break
        if not issues:
            code = _first(code, scores, stems)
            least = MIN_SCORE if code == UNSAFE else max(MIN_SCORE, score * FURTHER_SHARE)
        own = [match for match in matches if match.code == code]
        issues.append((code, [match.pattern for match in own]))
        if code != UNSAFE:  # "dark" is frightening and a fault of the lighting too
            used.update(position for match in own for position in match.positions)
        matches = [match for match in matches if match.code != code and used.isdisjoint(match.positions)]
    return issues


def _first(top_scoring: str, scores: dict[str, float], stems: Sequence[str]) -> str:
    """Return the first issue: the top-scoring one, unless word weights favour another street fault."""
    faults = word_weights.street_faults()
    if top_scoring == UNSAFE:  # fear uses up no words, so its cause is found as well
        return top_scoring
    if top_scoring not in faults and categories.ISSUE_OWNERS.get(top_scoring) != "police":
        return top_scoring
    likely = [code for code in scores if code == top_scoring or (code in faults and scores[code] >= MIN_SCORE)]
    return word_weights.most_likely(likely, scores, stems) if len(likely) > 1 else top_scoring


def _scores(matches: Sequence[rules.Match]) -> dict[str, float]:
    """Return the score of each issue: the sum over its matches, each counted half as much as the one before."""
    if len(matches) == 1:
        return {matches[0].code: matches[0].score}
    total: dict[str, float] = {}
    factors: dict[str, float] = {}
    for _, code, _, score in matches:
        if code not in total:
            total[code], factors[code] = score, REPEAT_FACTOR
        elif factors[code] >= MIN_FACTOR:
            total[code] += factors[code] * score
            factors[code] *= REPEAT_FACTOR
    return total
