"""What residents write, as issues of concern: which, whose they are, and the words that decided.

Rules in plain words (reference/issue_words.csv) come first; a small table of word weights, fitted to the project's own
sentences (`topics_fit`), tips the balance where they are close. Where the evidence is thin no issue is given.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache

import pandas as pd

from hotspots import categories
from hotspots.sources import topics_rules, topics_text

ENOUGH = 2.4  # below this the text does not tell
FURTHER_SHARE = 0.55  # a further issue has at least this share of the first one's strength, from words of its own
MOST_ISSUES = 4
MOST_WORDS = 6
COLUMNS = ["issue", "owner", "words"]


class Classifier:
    """The rules, compiled once; reads texts one after the other."""

    def __init__(self, own_words: Iterable[tuple[str, str, float]] = ()) -> None:
        """Compile the reference rules and a force's own."""
        self.matcher = topics_rules.Matcher(topics_rules.read_rules(own_words))
        self.reader = topics_text.Reader(self.matcher.vocabulary)

    def strengths(self, hits: Sequence[topics_rules.Hit]) -> dict[str, float]:
        """How strongly the hits speak for each issue, the loudest in full and each further one by half as much."""
        by_code: dict[str, list[float]] = {}
        for hit in hits:
            by_code.setdefault(hit.rule.code, []).append(hit.strength)
        total = {}
        for code, strengths in by_code.items():
            strengths.sort(reverse=True)
            share, total[code] = 1.0, 0.0
            for strength in strengths[:4]:
                total[code] += share * strength
                share *= topics_rules.REPEAT_FACTOR
        return total

    def issues(self, text: str) -> tuple[list[str], list[str]]:
        """Issue codes, most likely first, and the words that decided."""
        hits = self.matcher.hits(self.reader.read(text))
        issues: list[str] = []
        deciding: list[topics_rules.Hit] = []
        first = 0.0
        taken: set[int] = set()
        while len(issues) < MOST_ISSUES:
            strengths = self.strengths(hits)
            if not strengths:
                break
            code = max(strengths, key=lambda code: (strengths[code], -min(hit.places[0] for hit in hits if hit.rule.code == code)))
            if strengths[code] < max(ENOUGH, first * FURTHER_SHARE):
                break
            first = first or strengths[code]
            issues.append(code)
            own = [hit for hit in hits if hit.rule.code == code]
            deciding += own
            taken.update(place for hit in own for place in hit.places)
            hits = [hit for hit in hits if hit.rule.code != code and taken.isdisjoint(hit.places)]
        deciding.sort(key=lambda hit: (issues.index(hit.rule.code), -hit.strength))
        return issues, list(dict.fromkeys(hit.rule.pattern for hit in deciding))[:MOST_WORDS]


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
