"""What residents write, as issues of concern: which, whose they are, and the words that decided.

Rules in plain words (reference/issue_words.csv) speak for issues; the loudest is the first issue, and what is left of
the text may tell of others. Where the evidence is thin no issue is given.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache

import pandas as pd

from hotspots import categories
from hotspots.errors import ParameterError
from hotspots.sources.issue_classifier import owners, rules, stemming, word_weights

ENOUGH = 2.2  # below this the text does not tell
FURTHER_SHARE = 0.4  # a further issue has at least this share of the first one's strength, from words of its own
REPEAT_FACTOR, LEAST_SHARE = 0.5, 0.125  # each further hit for an issue counts half of the one before; four count
MOST_ISSUES = 4
FEELING = "unsafe"  # comes after the fault of the street that frightens
MOST_WORDS = 6

OwnWords = tuple[tuple[str, str, float], ...]


def issues_of(texts: Iterable[str | None], own_words: Iterable[tuple[str, str, float]] = ()) -> pd.DataFrame:
    """The issues each text speaks of, whose they are, and the words that decided.

    Parameters
    ----------
    texts
        Free text, one answer each; a missing one tells nothing.
    own_words
        A force's own rules after the reference ones: pattern, issue code, weight (1 a hint, 3 likely, 5 sure).

    Returns
    -------
    DataFrame
        In the order of the texts (with their index, if a Series): `issue`, codes, most likely first, empty where the
        text does not tell; `owner`, whose each of them is; `words`, the patterns that decided, as the table of rules
        has them: nothing else of the text, so no name, address or number.

    Example
    -------
    >>> issues_of(["Street light out near the bin, and dog mess"]).loc[0, "issue"]
    ['street_lighting', 'dog_fouling']
    """
    model = classifier(tuple((pattern, code, float(weight)) for pattern, code, weight in own_words))
    answers = [model.answer(text) if isinstance(text, str) else ([], [], []) for text in texts]
    index = texts.index if isinstance(texts, pd.Series) else pd.RangeIndex(len(answers))
    columns = {name: [answer[number] for answer in answers] for number, name in enumerate(("issue", "owner", "words"))}
    return pd.DataFrame(columns, index=index, dtype=object)


@lru_cache(maxsize=8)
def classifier(own_words: OwnWords = ()) -> "Classifier":
    """The classifier with a force's own words, made once."""
    return Classifier(own_words)


class Classifier:
    """The rules, ready to be used; reads one text after the other."""

    def __init__(self, own_words: OwnWords = ()) -> None:
        """Make the rules of the reference table and a force's own ready."""
        for pattern, _, weight in own_words:
            if weight <= 0 or not stemming.stems(pattern.replace("|", " ")):
                raise ParameterError(f"own_words: '{pattern}' says nothing; expected plain words and a weight above 0.")
        self.matcher = rules.Matcher(rules.read_rules(own_words))
        self.reader = stemming.Reader(self.matcher.vocabulary)

    def answer(self, text: str) -> tuple[list[str], list[str], list[str]]:
        """Issue codes, most likely first, their owners, and the words that decided."""
        told, stems = self.tell(text)
        patterns = list(dict.fromkeys(pattern for _, own in told for pattern in own))[:MOST_WORDS]
        return (
            [code for code, _ in told],
            [owners.route_of_stems(code, stems).owner for code, _ in told],
            patterns,
        )

    def tell(self, text: str) -> tuple[list[tuple[str, list[str]]], list[str]]:
        """Issue codes, most likely first, each with the words that decided; and the stems of the text."""
        stems = self.reader.read(text)
        told = _weigh(self.matcher.hits(stems), stems)
        is_fault = any(categories.ISSUE_OWNERS.get(code) == "council" for code, _ in told)
        return (sorted(told, key=lambda one: one[0] == FEELING) if is_fault else told), stems


def _weigh(hits: Sequence[rules.Hit], stems: Sequence[str]) -> list[tuple[str, list[str]]]:
    """The issues that the hits speak for, the loudest first, each from words that those before it left."""
    told: list[tuple[str, list[str]]] = []
    taken: set[int] = set()
    enough = ENOUGH
    hits = sorted(hits, key=_by_strength)
    while hits and len(told) < MOST_ISSUES:
        total = _strengths(hits)
        code = max(total, key=total.__getitem__)
        strength = total[code]
        if strength < enough:
            break
        if not told:
            code = _first(code, total, stems)
            enough = ENOUGH if code == FEELING else max(ENOUGH, strength * FURTHER_SHARE)
        own = [hit for hit in hits if hit.code == code]
        told.append((code, [hit.pattern for hit in own]))
        if code != FEELING:  # "dark" frightens, and is a fault of the lighting too
            taken.update(place for hit in own for place in hit.places)
        hits = [hit for hit in hits if hit.code != code and taken.isdisjoint(hit.places)]
    return told


def _first(loudest: str, total: dict[str, float], stems: Sequence[str]) -> str:
    """The loudest issue; of street faults, or of one and a police matter, the one that the rest leans to as well."""
    faults = word_weights.faults()
    if loudest == FEELING:  # fear takes no words, so the fault that causes it is told too
        return loudest
    if loudest not in faults and categories.ISSUE_OWNERS.get(loudest) != "police":
        return loudest
    told = [code for code in total if code == loudest or (code in faults and total[code] >= ENOUGH)]
    return word_weights.first_of(told, total, stems) if len(told) > 1 else loudest


def _strengths(hits: Sequence[rules.Hit]) -> dict[str, float]:
    """How strongly the hits, loudest first, speak for each issue: each counts half of the one before."""
    if len(hits) == 1:
        return {hits[0].code: hits[0].strength}
    total: dict[str, float] = {}
    share: dict[str, float] = {}
    for _, code, _, strength in hits:
        part = share.get(code, 1.0)
        if part >= LEAST_SHARE:
            total[code] = total.get(code, 0.0) + part * strength
            share[code] = part * REPEAT_FACTOR
    return total


def _by_strength(hit: rules.Hit) -> tuple[float, tuple[int, ...], str]:
    """The loudest first; of equals, what is said first."""
    return -hit.strength, hit.places, hit.pattern
