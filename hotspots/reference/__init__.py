"""Small reference tables with their sources and marks, read as plain rows."""

import csv
from functools import lru_cache
from importlib import resources


@lru_cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """The rows of reference/<name>.csv, in order, each a dict of text."""
    text = resources.files(__package__).joinpath(f"{name}.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))
