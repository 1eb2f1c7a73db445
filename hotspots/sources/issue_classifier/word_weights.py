"""Word weights that decide which of several street faults a report is mainly about.

A report often names more things than the one that is wrong. Where the rules find several street faults in a text, all
of its words have a small say in which comes first: "tripped" is common in reports about pavements, "swerve" in reports
about roads. A weight (reference/issue_word_weights.csv) is the logarithm of how many times more often a word is used in
labelled texts about one fault than in those about the others, as in naive Bayes
(tests/benchmarks/topics_word_weights.py makes the table). All police matters count as one. The weights only order
issues that the rules have found; they never add one.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache

from hotspots import reference
from hotspots.sources.issue_classifier import negation_and_place

POLICE = "police"  # in the table: all police matters together
WEIGHT_FACTOR = 0.5  # of a word weight, against the score of a rule


@lru_cache
def word_weights() -> dict[str, dict[str, float]]:
    """Return the weight of each stem for each street fault."""
    table: dict[str, dict[str, float]] = {}
    for row in reference.rows("issue_word_weights"):
        table.setdefault(row["stem"], {})[row["code"]] = float(row["weight"])
    return table


@lru_cache
def street_faults() -> frozenset[str]:
    """Return the codes of the street faults in the table."""
    return frozenset(code for weights in word_weights().values() for code in weights if code != POLICE)


def most_likely(codes: Iterable[str], scores: dict[str, float], stems: Sequence[str]) -> str:
    """Return the code with the highest score after the word weights of the text are added; each word counts once.

    A code that is not a street fault has the weights of police matters.
    """
    total, faults = {code: scores[code] for code in codes}, street_faults()
    columns = [(code, code if code in faults else POLICE) for code in total]
    table, last = word_weights(), len(negation_and_place.POSITION_WEIGHTS) - 1
    seen: set[str] = set()
    for position, stem in enumerate(stems):
        if stem not in table or stem in seen:
            continue
        seen.add(stem)
        weights = table[stem]
        factor = WEIGHT_FACTOR * negation_and_place.POSITION_WEIGHTS[min(position, last)]
        for code, column in columns:
            if column in weights:
                total[code] += factor * weights[column]
    return max(total, key=total.__getitem__)
