"""Police forces by slug, as data.police.uk names its files, with their names."""

import re
from functools import lru_cache

from hotspots import reference

SLUGS = tuple(row["slug"] for row in reference.rows("forces"))


def slug_of(name: str) -> str:
    """Return the slug of a force, given a name of it; the words of any other name, joined by hyphens.

    Examples
    --------
    >>> slug_of("Avon & Somerset Constabulary"), slug_of("Hampshire and Isle of Wight Constabulary")
    ('avon-and-somerset', 'hampshire')
    >>> slug_of("British Transport Police"), slug_of("London, City of"), slug_of("Barset Police")
    ('btp', 'city-of-london', 'barset')
    """
    return _by_words().get(_words(name)) or _words(name)


def name_of(slug: str) -> str:
    """Return the name of a force; the words of its slug if it is not in the table.

    Examples
    --------
    >>> name_of("avon-and-somerset"), name_of("north-barset")
    ('Avon and Somerset Constabulary', 'North Barset')
    """
    named = {row["slug"]: row["name"] for row in reference.rows("forces")}
    return named.get(slug) or slug.replace("-", " ").title()


def has_territory(slug: str) -> bool:
    """Return whether a force polices an area of its own, as the British Transport Police does not."""
    return all(row["has_territory"] == "yes" for row in reference.rows("forces") if row["slug"] == slug)


@lru_cache
def _by_words() -> dict[str, str]:
    """Return the slug of each spelling of a name."""
    rows = reference.rows("forces")
    spellings = {row["slug"]: (row["slug"], row["name"], *row["other_names"].split("|")) for row in rows}
    return {_words(name): slug for slug, names in spellings.items() for name in names if name}


def _words(name: str) -> str:
    """Return the words of a name without those that all forces share, joined by hyphens."""
    words = re.sub(r"&", "and", name.lower())
    words = re.sub(r"\b(police|constabulary|service|force)\b", "", words)
    return re.sub(r"[^a-z]+", "-", words).strip("-")
