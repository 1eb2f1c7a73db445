"""Texts classified a second, beside scikit-learn's word counts of the same texts and plain splitting into words.

python tests/benchmarks/topics_speed.py
"""

import csv
import random
import re
import time
from collections.abc import Callable
from pathlib import Path

from sklearn.feature_extraction.text import TfidfVectorizer

from hotspots.sources.issue_classifier import classifier

SENTENCES = Path(__file__).parents[1] / "sources" / "issue_classifier" / "sentences"
REPEATS = 5


def seconds(work: Callable[[], object]) -> float:
    """Return the processor time of the fastest of a few runs, in seconds."""
    best = float("inf")
    for _ in range(REPEATS):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best


def texts_of(sentences: list[str], words: int) -> list[str]:
    """Return as many texts of a number of words as there are sentences, each of random sentences, cut at its end."""
    choose = random.Random(1)
    texts = []
    for _ in sentences:
        text: list[str] = []
        while len(text) < words:
            text += f"{choose.choice(sentences).rstrip('.')}.".split()
        texts.append(" ".join(text[:words]))
    return texts


def main() -> None:
    """Print the rate for single answers and for reports of three sentences."""
    paths = sorted(SENTENCES.glob("*.csv"))
    short = [row["text"] for path in paths for row in csv.DictReader(path.read_text("utf-8").splitlines())]
    long = [". ".join((short[number], short[-number], short[number // 2])) for number in range(len(short))]
    start = time.process_time()
    classifier.classifier()
    print(f"rules ready in {time.process_time() - start:.2f} s")
    thirty = texts_of(short, 30)
    for name, texts in (("answers", short), ("texts of 30 words", thirty), ("reports of three sentences", long)):
        ours = seconds(lambda texts=texts: classifier.issues_of(texts))
        plain = seconds(lambda texts=texts: [re.findall(r"\w+", text.lower()) for text in texts])
        vectoriser = TfidfVectorizer(ngram_range=(1, 3)).fit(texts)
        counted = seconds(lambda texts=texts, vectoriser=vectoriser: vectoriser.transform(texts))
        words = sum(len(text.split()) for text in texts) / len(texts)
        rate = (
            f"{len(texts) / ours:,.0f} a second, {ours / plain:.0f} times plain splitting; "
            f"TfidfVectorizer of one to three words, which names no issue, {len(texts) / counted:,.0f} a second"
        )
        print(f"{name}, {words:.0f} words each: {rate}")


if __name__ == "__main__":
    main()
