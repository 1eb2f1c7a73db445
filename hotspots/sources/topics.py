"""What residents write, as issues of concern: which, whose they are, and the words that decided.

Rules in plain words (reference/issue_words.csv) come first; a small table of word weights, fitted to the project's own
sentences (`topics_fit`), tips the balance where they are close. Where the evidence is thin no issue is given.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache

import pandas as pd

from hotspots import categories
from hotspots.sources import topics_rules, topics_text

ENOUGH = 2.2  # below this the text does not tell
FURTHER_SHARE = 0.4  # a further issue has at least this share of the first one's strength, from words of its own
REPEAT_FACTOR, LEAST_SHARE = 0.5, 0.125  # each further hit for an issue counts half of the one before; four count
MOST_ISSUES = 4
MOST_WORDS = 6
COLUMNS = ["issue", "owner", "words"]


class Classifier:
    """The rules, compiled once; reads texts one after the other."""

    def __init__(self, own_words: Iterable[tuple[str, str, float]] = ()) -> None:
        """Compile the reference rules and a force's own."""
        self.matcher = topics_rules.Matcher(topics_rules.read_rules(own_words))
        self.reader = topics_text.Reader(self.matcher.vocabulary)

    def issues(self, text: str) -> tuple[list[str], list[str]]:
        """Issue codes, most likely first, and the words that decided."""
        hits = self.matcher.hits(self.reader.read(text))
        issues: list[str] = []
        patterns: list[str] = []
        taken: set[int] = set()
        enough = ENOUGH
        while hits and len(issues) < MOST_ISSUES:
            code, strength = _loudest(hits)
            if strength < enough:
                break
            enough = max(enough, strength * FURTHER_SHARE) if not issues else enough
            own = sorted((hit for hit in hits if hit.code == code), key=_by_strength)
            issues.append(code)
            patterns += [hit.pattern for hit in own]
            taken.update(place for hit in own for place in hit.places)
            hits = [hit for hit in hits if hit.code != code and taken.isdisjoint(hit.places)]
        return issues, list(dict.fromkeys(patterns))[:MOST_WORDS]


def _by_strength(hit: topics_rules.Hit) -> tuple[float, tuple[int, ...], str]:
    """The loudest first; of equals, what is said first."""
    return (-hit.strength, hit.places, hit.pattern)


def _loudest(hits: Sequence[topics_rules.Hit]) -> tuple[str, float]:
    """The issue that the hits speak for most, and how strongly: its loudest in full, each further one by half as much."""
    if len(hits) == 1:
        return hits[0].code, hits[0].strength
    total: dict[str, float] = {}
    share: dict[str, float] = {}
    for hit in sorted(hits, key=_by_strength):
        part = share.get(hit.code, 1.0)
        if part >= LEAST_SHARE:
            total[hit.code] = total.get(hit.code, 0.0) + part * hit.strength
            share[hit.code] = part * REPEAT_FACTOR
    code = max(total, key=total.__getitem__)
    return code, total[code]


@lru_cache(maxsize=8)
def classifier(own_words: tuple[tuple[str, str, float], ...] = ()) -> Classifier:
    """The classifier for a force's own words, compiled once."""
    return Classifier(own_words)


def issues_of(texts: Iterable[str | None], own_words: Iterable[tuple[str, str, float]] = ()) -> pd.DataFrame:
    """The issues each text speaks of, most likely first; none where it does not tell."""
    model = classifier(tuple(own_words))
    index = texts.index if isinstance(texts, pd.Series) else None
    read = [model.issues(text) if isinstance(text, str) else ([], []) for text in texts]
    owners = [[categories.ISSUE_OWNERS[code] for code in issues] for issues, _ in read]
    return pd.DataFrame(
        {"issue": [issues for issues, _ in read], "owner": owners, "words": [words for _, words in read]}, index=index, dtype=object
    )
