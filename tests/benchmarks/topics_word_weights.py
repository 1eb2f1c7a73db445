"""Estimates hotspots/reference/issue_word_weights.csv: weights of words for each street fault and for police matters.

    python tests/benchmarks/topics_word_weights.py [SPLIT ...]

The texts are the training sentences and street_reports.csv (the splits named, or all but `d`, from which nothing has
been learnt). Each text counts once under its first issue: a street fault, or `police` for any police matter. The third
of the sentences that is total out is not used.
"""

import csv
import math
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from topics_accuracy import FAULTS, first_labels, read_reports, read_sentences

from hotspots import categories, reference
from hotspots.sources.issue_classifier import classifier
from hotspots.sources.issue_classifier.stemming import COMMA, STOP
from hotspots.sources.issue_classifier.word_weights import POLICE

TABLE = Path(reference.__file__).with_name("issue_word_weights.csv")
MIN_TEXTS, MIN_WEIGHT, MAX_WEIGHT = 3, 0.3, 2.0  # rarer stems and lower weights are left out, higher weights capped
SMOOTHING = 5  # texts with the average share of a stem, added to each fault and to the others


def weights_of(rows: list[dict[str, str]]) -> Iterable[tuple[str, str, float]]:
    """Return stem, fault, and the log ratio of how often the stem occurs in texts about the fault and in others."""
    stems_of = classifier.classifier().tokeniser.tokenise
    texts = [
        (set(stems_of(row["text"])) - {COMMA, STOP}, code) for row, code in zip(rows, first_labels(rows), strict=True)
    ]
    police = {code for code, owner in categories.ISSUE_OWNERS.items() if owner == "police"}
    texts = [(stems, POLICE if code in police else code) for stems, code in texts if code in police.union(FAULTS)]
    texts_about = Counter(code for _, code in texts)
    total = Counter(stem for stems, _ in texts for stem in stems)
    together = Counter((stem, code) for stems, code in texts for stem in stems)
    for stem, code in sorted(together):
        prior = SMOOTHING * total[stem] / len(texts)
        among = (together[stem, code] + prior) / (texts_about[code] + SMOOTHING)
        others = (total[stem] - together[stem, code] + prior) / (len(texts) - texts_about[code] + SMOOTHING)
        weight = math.log(among / others)
        if total[stem] >= MIN_TEXTS and weight > MIN_WEIGHT:
            yield stem, code, min(weight, MAX_WEIGHT)


def main() -> None:
    """Write the table."""
    splits = sys.argv[1:] or sorted({row["split"] for row in read_reports()} - {"d"})
    rows = [*read_sentences("train"), *read_reports(*splits)]
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["stem", "code", "weight"])
        writer.writerows((stem, code, f"{weight:.1f}") for stem, code, weight in weights_of(rows))
    print(f"{TABLE}: {len(TABLE.read_text('utf-8').splitlines()) - 1:,} weights from {len(rows):,} texts")


if __name__ == "__main__":
    main()
