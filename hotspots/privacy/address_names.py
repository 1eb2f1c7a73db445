"""Find the street, estate, public building or numbered road that an address names."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from hotspots.privacy import address_words, street_words

MAX_WORDS = 4  # of a street's name before its kind
MAX_PLACE_WORDS = 3  # of a public place's name before its kind
_JUNCTION = re.compile(r"\b(?:junction|junc|jct|jn|j)\.?\s?(\d{1,2}[A-Z]?)\b", re.IGNORECASE)
# Words before the number of a house, not of a flat.
_HOUSE_WORDS = frozenset({"no", "number", "num", "nos", "house"})
_IN_STREET_NAMES = frozenset({"court", "manor", "farm", "lodge", "hall", "mill", "grange"})

Segments = list[list[list[str]]]


@dataclass(frozen=True)
class PublicName:
    """A name of a street or public place in an address.

    Attributes
    ----------
    name
        The name in our spelling.
    number
        Number of the house before it; empty if there is none.
    is_clear
        Whether it is clear where the name begins.
    is_ambiguous
        Whether the name may also be that of a house or block.
    """

    name: str
    number: str = ""
    is_clear: bool = True
    is_ambiguous: bool = False


@dataclass(frozen=True)
class Address:
    """The name of a public place in an address, if there is one, and the texts after it, where the town may stand."""

    place: PublicName | None = None
    after: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Found:
    """A name, and the position in the words after it."""

    place: PublicName
    end: int


def read_address(text: str) -> Address:
    """Return the place that an address names: a public place before a street, and the last street of several.

    Examples
    --------
    >>> read_address("Flat 3, Meadow Court, 12 High St, Salisbury")
    Address(place=PublicName(name='High Street', number='12', is_clear=True, is_ambiguous=False), after=('Salisbury',))
    """
    segments = address_words.divide(text)
    every = {word.lower() for parts in segments for words in parts for word in words}
    has_home = bool(every & street_words.HOMES)
    found = _last(segments, has_home, is_street=False) or _last(segments, has_home, is_street=True)
    if not found and not every & (street_words.BUILDINGS | street_words.AMBIGUOUS | street_words.HOMES):
        found = _numbered_road(segments)
    return found or (Address() if has_home else _ambiguous(segments))


def _last(segments: Segments, has_home: bool, *, is_street: bool) -> Address | None:
    """Return the street or public place in the last segment that has one; of its parts, the first."""
    for at in range(len(segments) - 1, -1, -1):
        for part, words in enumerate(segments[at]):
            follows_comma = at > 0 and part == 0
            found = _street(words, follows_comma) if is_street else _public_place(words, follows_comma, has_home)
            if found:
                return _address(found, segments, at, part)
    return None


def _address(found: _Found, segments: Segments, at: int, part: int) -> Address:
    """Return an address with the texts that follow its name."""
    rest = [segments[at][part][found.end :], *segments[at][part + 1 :]]
    rest += [words for parts in segments[at + 1 :] for words in parts]
    return Address(found.place, tuple(" ".join(words) for words in rest if words))


def _street(words: list[str], follows_comma: bool) -> _Found | None:
    """Return the last street in some words."""
    for at in range(len(words) - 1, -1, -1):
        if re.split(r"['’]", words[at].lower())[0] in street_words.WELSH_STREETS:
            return _welsh_street(words, at)
        end = _end_of_street(words, at)
        start = _start_of_street(words, at) if end else None
        if start is None:
            continue
        number = house_number(words, start)
        if number or address_words.in_full(words[at]) not in street_words.AFTER_NUMBERS:
            is_clear = bool(number) or _is_clear(words, start, at - start, follows_comma)
            kind = [address_words.in_full(words[at])]
            name = address_words.as_name([*words[start:at], *kind, *words[at + 1 : end]])
            return _Found(PublicName(name, number, is_clear), end)
    return None


def _end_of_street(words: list[str], at: int) -> int:
    """Return the position after the street whose kind is the word at a position; 0 if the word is no kind."""
    word = words[at].lower()
    if not address_words.is_street_kind(word) and word not in street_words.SINGLE_STREETS:
        return 0
    is_saint = at == 0 or address_words.is_number(words[at - 1]) or address_words.is_street_kind(words[at - 1])
    if word == "st" and is_saint:
        return 0
    has_side = at + 1 < len(words) and words[at + 1].lower() in street_words.SIDES
    return at + 2 if has_side else at + 1


def _start_of_street(words: list[str], at: int) -> int | None:
    """Return where the name of the street begins whose kind is at a position; None if the kind stands alone."""
    word, before = words[at].lower(), words[at - 1].lower() if at else ""
    if before == "the" and word in street_words.THE_STREETS:
        return at - 1
    is_alone = len(before) <= 1 or address_words.is_number(before) or before in street_words.SMALL_WORDS
    after = address_words.in_full(words[at + 1]) if at + 1 < len(words) else ""
    is_single = word in street_words.SINGLE_STREETS and after not in street_words.AMBIGUOUS
    if is_single and (is_alone or before in street_words.UNITS):
        return at
    if is_alone:
        return None
    start = at - 1
    while start > 0 and at - start < MAX_WORDS and not _ends_street(words, start - 1):
        start -= 1
    return start


def _ends_street(words: list[str], at: int) -> bool:
    """Return whether a word to the left does not belong to the name of a street."""
    word, full = words[at].lower(), address_words.in_full(words[at])
    if word in ("st", "y") or word in street_words.SIDES | street_words.AFTER_NUMBERS:
        return False
    if len(word) == 1 or address_words.is_number(word) or full in street_words.STREETS:
        return True
    follows_number = at > 0 and address_words.is_number(words[at - 1])
    if word in ("of", "and"):
        before = words[at - 1].lower() if at else ""
        return (
            not before or follows_number or before in street_words.SMALL_WORDS or address_words.is_street_kind(before)
        )
    if word in street_words.SMALL_WORDS:
        return word != "the" or not follows_number
    if word in street_words.HOMES | street_words.ROOMS:
        return True
    # "12 Manor Farm Road": a building has a name of its own before it.
    is_building = word in street_words.UNITS or full in street_words.BUILDINGS
    return is_building and not follows_number and not (at == 0 and word in _IN_STREET_NAMES)


def _is_clear(words: list[str], start: int, count: int, follows_comma: bool) -> bool:
    """Return whether it is clear where a name without a house number, with some words before its kind, begins."""
    if address_words.PEOPLE in words[:start]:
        return False
    if start == 0:
        is_usual = words[0].lower() in street_words.QUALIFIERS or bool(address_words.ORDINAL.fullmatch(words[0]))
        return follows_comma or count <= 1 or (is_usual and count <= 3)
    edge = words[start - 1].lower()
    if edge in street_words.UNITS or address_words.is_number(edge) or len(edge) == 1:
        return count <= 1
    is_building = address_words.in_full(edge) in street_words.BUILDINGS | street_words.AMBIGUOUS
    return is_building or edge in street_words.SMALL_WORDS or address_words.is_street_kind(edge)


def house_number(words: list[str], start: int) -> str:
    """Return the number of the house before a position, in small letters; empty if it is that of a flat or unit.

    Examples
    --------
    >>> house_number(["12", "A", "MILL", "LANE"], 2), house_number(["Flat", "3", "Mill", "Lane"], 2)
    ('12a', '')
    """
    at = start - 1
    letter = ""
    if at >= 1 and len(words[at]) == 1 and words[at].isalpha() and address_words.is_number(words[at - 1]):
        letter, at = words[at], at - 1
    if at < 0 or not address_words.is_number(words[at]):
        return ""
    before = words[at - 1].lower() if at else ""
    is_unit = before in street_words.UNITS - _HOUSE_WORDS
    return "" if is_unit else f"{words[at]}{letter}".lower()


def _welsh_street(words: list[str], at: int) -> _Found | None:
    """Return a Welsh street, whose kind comes first: one word after it, or more after particles."""
    end = at + 1
    while end < len(words) and words[end].lower() in street_words.WELSH_PARTICLES:
        end += 1
    if end == len(words) or address_words.is_number(words[end]) or words[end] == address_words.PEOPLE:
        return None
    end += 1
    while end < len(words) - 1 and words[end].lower() in street_words.WELSH_PARTICLES:
        end += 2
    return _Found(PublicName(address_words.as_name(words[at:end]), house_number(words, at)), end)


def _public_place(words: list[str], follows_comma: bool, has_home: bool) -> _Found | None:
    """Return the last public place in some words; in an address of a flat, only an estate."""
    lower = [address_words.in_full(word) for word in words]
    if address_words.PEOPLE in words:
        return None
    for end in range(len(words), 1, -1):
        first = next(
            (n for n in range(max(1, end - 3), end) if " ".join(lower[n:end]) in street_words.PUBLIC_PLACES), 0
        )
        is_estate = " ".join(lower[first:end]) in street_words.ESTATES
        is_street = end < len(words) and bool({*lower[end:]} & (street_words.BUILDINGS | street_words.STREETS))
        if not first or is_street or (has_home and not is_estate):
            continue
        start = _start_of_place(lower, first)
        is_usual = 0 < first - start < MAX_PLACE_WORDS or follows_comma or start > 0
        is_old = bool({*lower[start:first]} & street_words.FORMER)
        if start < first and is_usual and not is_old and (is_estate or not house_number(words, start)):
            return _Found(PublicName(address_words.as_name([*words[start:first], *lower[first:end]])), end)
    return None


def _start_of_place(words: list[str], first: int) -> int:
    """Return where the name of a public place begins whose kind is at a position."""
    word = words[first - 1]
    is_alone = len(word) == 1 or address_words.is_number(word)
    if is_alone or word in street_words.SMALL_WORDS | street_words.ROOMS:
        return first
    start = first - 1
    while start > 0 and first - start < MAX_PLACE_WORDS and not _ends_place(words[start - 1]):
        start -= 1
    return start


def _ends_place(word: str) -> bool:
    """Return whether a word to the left does not belong to the name of a public place."""
    if len(word) == 1 or address_words.is_number(word) or address_words.is_street_kind(word):
        return True
    return word in street_words.SMALL_WORDS | street_words.UNITS | street_words.BUILDINGS


def _numbered_road(segments: Segments) -> Address | None:
    """Return a numbered road, with its junction, if a part of the address names nothing else."""
    for at, parts in enumerate(segments):
        for part, words in enumerate(parts):
            junction = _JUNCTION.search(" ".join(words))
            others = _JUNCTION.sub("", " ".join(words)).split()
            if len(others) == 1 and address_words.ROAD_NUMBER.fullmatch(others[0]):
                name = re.sub(r"(?<=\d)M$", "(M)", others[0].upper())
                name += f" junction {junction[1].upper()}" if junction else ""
                return _address(_Found(PublicName(name), len(words)), segments, at, part)
    return None


def _ambiguous(segments: Segments) -> Address:
    """Return a name after the number of a house that may be that of a street or of a block."""
    before: list[str] = []
    for at, parts in enumerate(segments):
        for part, words in enumerate(parts):
            numbers = [position for position, word in enumerate(words) if address_words.is_number(word)]
            start = numbers[-1] + 1 if numbers else 0
            start += 1 if start and len(words) > start + 1 and len(words[start]) == 1 else 0
            number = house_number([*before, *words], len(before) + start)
            if number and _may_be_street(words[start:]):
                place = PublicName(_spelt(words[start:]), number, is_ambiguous=True)
                return _address(_Found(place, len(words)), segments, at, part)
            before = words if words and all(map(address_words.is_number, words)) else []
    return Address()


def _may_be_street(name: list[str]) -> bool:
    """Return whether words after the number of a house may be the name of a street."""
    no_streets = street_words.HOMES | street_words.ROOMS | {address_words.PEOPLE}
    if not 1 <= len(name) <= MAX_PLACE_WORDS or any(word.lower() in no_streets for word in name):
        return False
    return address_words.in_full(name[-1]) not in street_words.BUILDINGS - street_words.BLOCKS


def _spelt(words: Iterable[str]) -> str:
    """Return words as a name, with the last word in full."""
    *first, last = words
    full = address_words.in_full(last)
    return address_words.as_name([*first, last if full == last.lower() else full])
