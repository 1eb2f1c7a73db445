"""Fuzzy matching of names: the one name of a list that a text can mean, or none.

Different spacing is allowed, and one wrong letter in one word: missing, extra, replaced, or swapped with the next. The
misspelt word must not be a known word, because a known word most likely means another place ("Hill Road" is not a
misspelt "Mill Road"). If several names are possible, none is returned.
"""

import re
from collections.abc import Iterable

MIN_LETTERS = 3  # shorter words are too easily another word


class NameList:
    """Names of places to look up; names and texts are in one plain spelling, words with single blanks.

    Examples
    --------
    >>> streets = NameList(["mill lane", "north gate street", "station road", "stanton road"])
    >>> [streets.find(text) for text in ("mill lane", "northgate street", "mil lane", "millbank lane")]
    ['mill lane', 'north gate street', 'mill lane', None]
    >>> streets.find_exact("northgate street"), streets.find_exact("mil lane")
    ('north gate street', None)
    >>> streets.find("staton road") is None  # station or stanton
    True
    """

    def __init__(self, names: Iterable[str], words: Iterable[str] = ()) -> None:
        """Index the names, and the words that are never misspelt ones."""
        self.names = frozenset(names)
        parts = {part for name in self.names for part in name.split()}
        self._words = parts.union(*(text.split() for text in words))
        self._without_blanks = _unique((name.replace(" ", ""), name) for name in self.names)
        self._by_spelling: dict[str, set[str]] = {}
        for part in filter(_can_be_misspelt, parts):
            for spelling in with_one_letter_less(part):
                self._by_spelling.setdefault(spelling, set()).add(part)

    def find_exact(self, text: str) -> str | None:
        """Return the name that is equal to a text except for blanks."""
        return text if text in self.names else self._without_blanks.get(text.replace(" ", ""))

    def find(self, text: str) -> str | None:
        """Return the name that a text means, allowing one wrong letter; None where no name or several fit."""
        if exact := self.find_exact(text):
            return exact
        parts = text.split()
        unknown = [at for at, part in enumerate(parts) if part not in self._words]
        if len(unknown) != 1 or not _can_be_misspelt(parts[unknown[0]]):
            return None
        at = unknown[0]
        meant = {" ".join([*parts[:at], part, *parts[at + 1 :]]) for part in self._similar(parts[at])}
        found = meant & self.names
        return found.pop() if len(found) == 1 else None

    def _similar(self, word: str) -> set[str]:
        """Return the words of the names that are one letter off."""
        parts = {part for spelling in with_one_letter_less(word) for part in self._by_spelling.get(spelling, ())}
        return {part for part in parts if is_one_letter_off(word, part)}


def with_one_letter_less(word: str, start: int = 0) -> list[str]:
    """Return the word, and the word without each of its letters from a position on.

    Two words that are one letter off have at least one of these in common, so they can be looked up.
    """
    return [word, *(word[:at] + word[at + 1 :] for at in range(start, len(word)))]


def is_one_letter_off(word: str, other: str) -> bool:
    """Return whether two words differ by one letter at most: missing, extra, replaced, or swapped with the next.

    Examples
    --------
    >>> [is_one_letter_off("station", other) for other in ("staton", "stattion", "stetion", "statoin", "stanton")]
    [True, True, True, True, False]
    """
    at = next((n for n, (a, b) in enumerate(zip(word, other, strict=False)) if a != b), min(len(word), len(other)))
    rest, others = word[at:], other[at:]
    if len(rest) == len(others):
        return rest[1:] == others[1:] or (rest[1::-1] == others[:2] and rest[2:] == others[2:])
    return rest[1:] == others or rest == others[1:]


def plain_area(text: str) -> str:
    """Return the name of a ward, parish, town or team without "ward", "parish council" and the like.

    Examples
    --------
    >>> [plain_area(text) for text in ("Parish of St. Mary & All Saints", "Saint Mary and All Saints Parish Council")]
    ['saint mary and all saints', 'saint mary and all saints']
    >>> plain_area("Town Ward"), plain_area("HEXHAM TOWN COUNCIL")
    ('town', 'hexham')
    """
    words = [_ABBREVIATIONS.get(word, word) for word in plain_words(text)]
    while len(words) > 1 and words[-1] in _KINDS:
        words.pop()
    while len(words) > 2 and words[0] in _KINDS and words[1] == "of":
        words = words[2:]
    return " ".join(words)


def plain_words(text: str) -> list[str]:
    """Return the words of a text in small letters, "&" as "and", without punctuation."""
    return re.findall(r"[a-z0-9]+", text.casefold().replace("'", "").replace("’", "").replace("&", " and "))


_KINDS = frozenset({"ward", "parish", "council", "town", "community", "city", "cp", "beat", "team", "neighbourhood"})
_ABBREVIATIONS = {"st": "saint", "gt": "great", "lt": "little", "nr": "near", "mt": "mount"}


def _unique(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return the pairs whose key is in no other pair."""
    found: dict[str, str] = {}
    repeated = set()
    for key, name in pairs:
        if found.setdefault(key, name) != name:
            repeated.add(key)
    return {key: name for key, name in found.items() if key not in repeated}


def _can_be_misspelt(word: str) -> bool:
    return len(word) >= MIN_LETTERS and word.isalpha()
