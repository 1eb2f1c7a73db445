"""Which of several street faults comes first: the one that the other words of the report lean to, or police.

A report names more things than the one that is wrong. Where the rules find several street faults in a text, all its
words have a small say in which comes first: "tripped" stands in reports about pavements, "swerve" in those about roads.
How strongly each leans (reference/issue_leanings.csv) is counted from labelled sentences: the logarithm of how many
times as often it stands in those about one fault as in those about the others, as in naive Bayes
(tests/benchmarks/topics_leanings.py makes the table). All that is the police's leans as one: who reports a lamp that
is out and the burglaries since reports the lamp, who tells of drinkers on a bench no broken bench. No issue is told
that the rules do not tell.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache

from hotspots import reference
from hotspots.sources.issue_classifier import negation_and_place

POLICE = "police"  # in the table: all issues together that are theirs
SAY = 0.5  # what leanings count beside the strength of rules


@lru_cache
def leanings() -> dict[str, dict[str, float]]:
    """By stem: how strongly it leans to each fault."""
    table: dict[str, dict[str, float]] = {}
    for row in reference.rows("issue_leanings"):
        table.setdefault(row["stem"], {})[row["code"]] = float(row["weight"])
    return table


@lru_cache
def faults() -> frozenset[str]:
    """The street faults that the table knows."""
    return frozenset(code for leans in leanings().values() for code in leans if code != POLICE)


def first_of(codes: Iterable[str], strength: dict[str, float], stems: Sequence[str]) -> str:
    """The code that comes first by its strength and by what the stems of the text lean to; the words count once.

    A code that is no street fault leans as all that is the police's.
    """
    total = {code: strength[code] for code in codes}
    leans_as = {code: code if code in faults() else POLICE for code in total}
    table, last = leanings(), len(negation_and_place.EARLY) - 1
    seen: set[str] = set()
    for place, stem in enumerate(stems):
        leans = table.get(stem)
        if leans is None or stem in seen:
            continue
        seen.add(stem)
        say = SAY * negation_and_place.EARLY[min(place, last)]
        for code, known_as in leans_as.items():
            if known_as in leans:
                total[code] += say * leans[known_as]
    return max(total, key=total.__getitem__)
