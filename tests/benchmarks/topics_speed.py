"""How many texts a second are told, and how many times as long as plain splitting that takes.

python tests/benchmarks/topics_speed.py
"""

import csv
import re
import time
from collections.abc import Callable
from pathlib import Path

from hotspots.sources.issue_classifier import classifier

SENTENCES = Path(__file__).parents[1] / "sources" / "issue_classifier" / "sentences"
REPEATS = 5


def seconds(work: Callable[[], object]) -> float:
    """The least of a few runs, in seconds of this process."""
    best = float("inf")
    for _ in range(REPEATS):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best


def main() -> None:
    """Print the pace for answers as they are and for reports of three sentences."""
    paths = sorted(SENTENCES.glob("*.csv"))
    short = [row["text"] for path in paths for row in csv.DictReader(path.read_text("utf-8").splitlines())]
    long = [". ".join((short[number], short[-number], short[number // 2])) for number in range(len(short))]
    start = time.process_time()
    classifier.classifier()
    print(f"rules ready in {time.process_time() - start:.2f} s")
    for name, texts in (("answers", short), ("reports of three sentences", long)):
        told = seconds(lambda texts=texts: classifier.issues_of(texts))
        plain = seconds(lambda texts=texts: [re.findall(r"\w+", text.lower()) for text in texts])
        words = sum(len(text.split()) for text in texts) / len(texts)
        pace = f"{len(texts) / told:,.0f} a second, {told / plain:.0f} times plain splitting"
        print(f"{name}, {words:.0f} words each: {pace}")


if __name__ == "__main__":
    main()
