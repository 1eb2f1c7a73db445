"""Make hotspots/reference/issue_word_weights.csv: word weights for each street fault and police, from labelled texts.

    python tests/benchmarks/topics_word_weights.py [SPLIT ...]

Counted are the sentences that the rules were made with and street_reports.csv (of it the splits named; if none are, all
but `d`, which nothing has been learnt from): each text once under its first issue, where that is a street fault, or
under `police`, where it is theirs. The third of the sentences set aside stays so.
"""

import csv
import math
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from topics_accuracy import FAULTS, first_labels, read_reports, read_sentences

from hotspots import categories
from hotspots.sources.issue_classifier import classifier
from hotspots.sources.issue_classifier.stemming import COMMA, STOP
from hotspots.sources.issue_classifier.word_weights import POLICE

TABLE = Path(classifier.__file__).parents[1] / "reference" / "issue_word_weights.csv"
MIN_TEXTS, MIN_WEIGHT = 3, 0.3  # rarer stems and lower weights are left out
MAX_WEIGHT = 2.0
SMOOTHING = 5  # texts at the share of all faults together, added to each fault and to the others


def weights_of(rows: list[dict[str, str]]) -> Iterable[tuple[str, str, float]]:
    """Stem, fault, and the logarithm of how many times as often it stands in texts about it as in the others."""
    read = classifier.classifier().tokeniser.tokenise
    texts = [(set(read(row["text"])) - {COMMA, STOP}, code) for row, code in zip(rows, first_labels(rows), strict=True)]
    police = {code for code, owner in categories.ISSUE_OWNERS.items() if owner == "police"}
    texts = [(stems, POLICE if code in police else code) for stems, code in texts if code in police.union(FAULTS)]
    about = Counter(code for _, code in texts)
    held = Counter(stem for stems, _ in texts for stem in stems)
    together = Counter((stem, code) for stems, code in texts for stem in stems)
    for stem, code in sorted(together):
        few = SMOOTHING * held[stem] / len(texts)
        among = (together[stem, code] + few) / (about[code] + SMOOTHING)
        others = (held[stem] - together[stem, code] + few) / (len(texts) - about[code] + SMOOTHING)
        weight = math.log(among / others)
        if held[stem] >= MIN_TEXTS and weight > MIN_WEIGHT:
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
