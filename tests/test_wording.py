"""Names and docstrings use the standard words of policing, statistics and pandas, not words of our own."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
MODULES = sorted(
    [*(ROOT / "hotspots").rglob("*.py"), *(ROOT / "pipelines").rglob("*.py"), *(ROOT / "docs").glob("*.py")]
)
# Word to what is written instead.
PRIVATE_WORDS = {
    "told": "findings, message, label or fields", "said": "sentence, text or reported", "heard": "responses",
    "dealt": "permuted or drawn", "errand": "download job", "deeds": "actions or responses", "wholes": "atomic write",
    "lookback": "past store", "leanings": "word weights", "hoped": "expected", "manners": "retry policy",
    "nought": "0", "seldom": "rarely", "whereabouts": "areas", "doings": "actions", "loudest": "highest score",
    "lots": "random draws", "answering": "residents' report", "leans": "scores",
    "shelf": "store",
}  # fmt: skip
# Words of the contract: columns, and the name of the public updates.
CONTRACT_PHRASES = ("you said, we did",)


def names_in(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Every name that a module gives to a function, class, parameter, variable or field, with its line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.lineno, node.name
        elif isinstance(node, ast.arg):
            yield node.lineno, node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.id
        elif isinstance(node, ast.alias) and node.asname:
            yield node.lineno, node.asname


def docstrings_in(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Every docstring with the line of what it documents."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield getattr(node, "lineno", 1), ast.get_docstring(node) or ""


def words_of(text: str) -> set[str]:
    for phrase in CONTRACT_PHRASES:
        text = text.replace(phrase, "")
    return set(re.split(r"[^a-z]+", re.sub(r"([a-z])([A-Z])", r"\1 \2", text).lower()))


def private_words(source: str) -> list[str]:
    tree = ast.parse(source)
    found = [
        f"line {line}: {word} in '{text.splitlines()[0]}', write {PRIVATE_WORDS[word]}"
        for line, text in (*names_in(tree), *docstrings_in(tree))
        for word in sorted(words_of(text) & PRIVATE_WORDS.keys())
    ]
    return sorted(set(found))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_has_no_private_words(path: Path) -> None:
    assert private_words(path.read_text(encoding="utf-8")) == []


def test_private_words_are_found_wherever_they_are_given() -> None:
    source = 'def deal(told_rows):\n    """What residents said."""\n    heardBefore = 1\n    import x as doings\n'
    assert [line.split(",")[0] for line in private_words(source)] == [
        "line 1: said in 'What residents said.'",
        "line 1: told in 'told_rows'",
        "line 3: heard in 'heardBefore'",
        "line 4: doings in 'doings'",
    ]
