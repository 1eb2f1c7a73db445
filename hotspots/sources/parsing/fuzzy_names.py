"""A name in another spelling: the one name of a list that a text can mean, or none.

Blanks put elsewhere are forgiven, and one letter in one word: missing, too much, another, or changed places with the
next. The misspelt word must be in no name that is known, for what is a word of its own most likely means another place
("Hill Road" is no misspelt "Mill Road"); and only one name may come of it.
"""

import re
from collections.abc import Iterable, Iterator

LEAST_LETTERS = 3  # shorter words are too easily another word


class NameList:
    """Names of a kind of place, to look texts up in; names and texts in one plain spelling, words with single blanks.

    Examples
    --------
    >>> streets = NameList(["mill lane", "north gate street", "station road", "stanton road"])
    >>> [streets.find(text) for text in ("mill lane", "northgate street", "mil lane", "millbank lane")]
    ['mill lane', 'north gate street', 'mill lane', None]
    >>> streets.same("northgate street"), streets.same("mil lane")
    ('north gate street', None)
    >>> streets.find("staton road") is None  # station or stanton
    True
    """

    def __init__(self, names: Iterable[str], words: Iterable[str] = ()) -> None:
        """Take the names, and further words that are none misspelt."""
        self.names = frozenset(names)
        parts = {part for name in self.names for part in name.split()}
        self._words = parts.union(*(text.split() for text in words))
        self._closed = _single((name.replace(" ", ""), name) for name in self.names)
        self._near: dict[str, set[str]] = {}
        for part in filter(_can_be_misspelt, parts):
            for key in _with_one_less(part):
                self._near.setdefault(key, set()).add(part)

    def same(self, text: str) -> str | None:
        """The name that a text is, but for blanks; None where it is none."""
        return text if text in self.names else self._closed.get(text.replace(" ", ""))

    def find(self, text: str) -> str | None:
        """The name that a text means, a letter forgiven; None where none or more than one can be meant."""
        if same := self.same(text):
            return same
        parts = text.split()
        strange = [at for at, part in enumerate(parts) if part not in self._words]
        if len(strange) != 1 or not _can_be_misspelt(parts[strange[0]]):
            return None
        at = strange[0]
        meant = {" ".join([*parts[:at], part, *parts[at + 1 :]]) for part in self._one_letter_off(parts[at])}
        found = meant & self.names
        return found.pop() if len(found) == 1 else None

    def _one_letter_off(self, word: str) -> set[str]:
        near = {part for key in _with_one_less(word) for part in self._near.get(key, ())}
        return {part for part in near if _is_one_off(word, part)}


def plain_area(text: str) -> str:
    """The name of a ward, parish, town or team in one spelling, without "ward", "parish council" and the like.

    Examples
    --------
    >>> [plain_area(text) for text in ("Parish of St. Mary & All Saints", "Saint Mary and All Saints Parish Council")]
    ['saint mary and all saints', 'saint mary and all saints']
    >>> plain_area("Town Ward"), plain_area("HEXHAM TOWN COUNCIL")
    ('town', 'hexham')
    """
    words = [_SHORT.get(word, word) for word in plain_words(text)]
    while len(words) > 1 and words[-1] in _KINDS:
        words.pop()
    while len(words) > 2 and words[0] in _KINDS and words[1] == "of":
        words = words[2:]
    return " ".join(words)


def plain_words(text: str) -> list[str]:
    """Words in small letters, "&" as "and", without apostrophes and other signs."""
    return re.findall(r"[a-z0-9]+", text.casefold().replace("'", "").replace("’", "").replace("&", " and "))


_KINDS = frozenset({"ward", "parish", "council", "town", "community", "city", "cp", "beat", "team", "neighbourhood"})
_SHORT = {"st": "saint", "gt": "great", "lt": "little", "nr": "near", "mt": "mount"}


def _single(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Pairs whose first stands in no other pair."""
    found: dict[str, str] = {}
    twice = set()
    for key, name in pairs:
        if found.setdefault(key, name) != name:
            twice.add(key)
    return {key: name for key, name in found.items() if key not in twice}


def _can_be_misspelt(word: str) -> bool:
    return len(word) >= LEAST_LETTERS and word.isalpha()


def _with_one_less(word: str) -> Iterator[str]:
    """The word, and the word without each of its letters: two words one letter off have one of these in common."""
    yield word
    for at in range(len(word)):
        yield word[:at] + word[at + 1 :]


def _is_one_off(word: str, other: str) -> bool:
    """Whether one letter is missing, too much, another, or has changed places with the next."""
    at = next((n for n, (a, b) in enumerate(zip(word, other, strict=False)) if a != b), min(len(word), len(other)))
    rest, others = word[at:], other[at:]
    if len(rest) == len(others):
        return rest[1:] == others[1:] or (rest[1::-1] == others[:2] and rest[2:] == others[2:])
    return rest[1:] == others or rest == others[1:]
