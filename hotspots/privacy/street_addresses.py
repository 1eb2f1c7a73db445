"""Reduce addresses to the public place that they are in: a street, estate or public building, and a known town.

Nothing of an address is kept but the words of the street's name, so numbers, flats, house names, postcodes and people
are left out whatever their form. Where it is not clear which words are the street's name, other addresses of the same
file decide; an address that remains unclear has no public place.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hotspots import location_names
from hotspots.privacy import address_names, address_words, street_words
from hotspots.privacy.address_names import Address, PublicName

MIN_ADDRESSES = 5
_AREA_WORDS = re.compile(
    r"\b(?:npt|snt|lpt|lpa|cpt|team|neighbourhood|policing|sector|ward|parish|district|area|unit|beat|town|city|rural|"
    r"urban|central|centre|north|south|east|west|and)\b|[&()/-]",
    re.IGNORECASE,
)

_NUMBER = re.compile(
    r"(?P<junction>\b(?:junction|junc|jct|jn|j)\.?\s?\d{1,2}[A-Z]?\b)|(?<![\w/.-])\d+[A-Z]?(?:[-/]\d+[A-Z]?)*(?![\w/.-])",
    re.IGNORECASE,
)
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass
class Streets:
    """The names that the addresses of a file contain.

    Attributes
    ----------
    min_addresses
        Number of houses that show that a name is that of a street, not of a house.
    numbers
        Name to the numbers of the houses before it.
    plain
        Names without a house number that begin at a clear place.
    """

    min_addresses: int = MIN_ADDRESSES
    numbers: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    plain: set[str] = field(default_factory=set)

    def add(self, place: PublicName | None, numbers: list[str]) -> None:
        """Count the place of an address whose house number is a position in the list of numbers."""
        if place is None:
            return
        if place.number:
            # A number inside a word, as in "u003c", is not among those that were counted.
            position = place.number.rstrip(_LETTERS)
            is_counted = position.isdecimal() and 0 < int(position) <= len(numbers)
            self.numbers[place.name].add(numbers[int(position) - 1] if is_counted else place.number)
        elif place.is_clear and not place.is_ambiguous:
            self.plain.add(place.name)

    def houses(self, name: str) -> int:
        """Return the number of houses with the name."""
        return len(self.numbers.get(name, ()))

    def resolve(self, place: PublicName) -> str | None:
        """Return the public name of a place; None where it may be that of a house."""
        houses = self.houses(place.name)
        if place.is_ambiguous:
            return place.name if houses >= self.min_addresses else None
        if not place.is_clear and not houses:
            return next((name for name in _endings(place.name) if name in self.plain or self.houses(name)), None)
        is_usual = place.name.split()[0].lower() in street_words.QUALIFIERS
        if 0 < houses < self.min_addresses and not is_usual:
            shorter = (name for name in _endings(place.name) if self.houses(name) >= self.min_addresses)
            return next(shorter, place.name)
        return place.name


def public_places(
    texts: pd.Series, *, towns: Iterable[str] = (), min_addresses: int = MIN_ADDRESSES, are_streets: bool = False
) -> pd.Series:
    """Return the public place of each address, missing where an address cannot be reduced to one.

    Parameters
    ----------
    texts
        Addresses or names of streets.
    towns
        Names of towns and villages that may follow a street.
    min_addresses
        Number of houses in the texts that show that a name such as "Meadow Court" is that of a street.
    are_streets
        Whether the texts are names of streets already; those with a number, a comma or a word for a home are still
        reduced.

    Examples
    --------
    >>> public_places(pd.Series(["FLAT 3, MEADOW COURT", "12 HIGH ST, SALISBURY", "Rose Cottage, Mill Lane"])).tolist()
    [nan, 'High Street', 'Mill Lane']
    >>> public_places(pd.Series(["12 HIGH ST SALISBURY SP1 1AA"]), towns=["Salisbury"]).tolist()
    ['High Street, Salisbury']
    """
    codes, given = pd.factorize(texts)
    known = {address_words.plain_words(town): town for town in towns}
    kept: dict[str, str | None] = {text: text.strip() for text in given if _is_public(text, are_streets)}
    streets = Streets(min_addresses, plain={address_words.as_name(str(text).split()) for text in kept.values()})
    addresses: dict[str, tuple[int, Address]] = {}  # by pattern, which many texts share
    pattern_of = np.full(len(given), -1)
    for number, text in enumerate(given):
        if text not in kept:
            pattern, numbers = _pattern(text)
            if pattern not in addresses:
                addresses[pattern] = len(addresses), address_names.read_address(pattern)
            pattern_of[number], address = addresses[pattern]
            streets.add(address.place, numbers)
    places = [_in_words(address, streets, known) for _, address in addresses.values()]
    found = [places[pattern] if pattern >= 0 else kept[text] for text, pattern in zip(given, pattern_of, strict=True)]
    return _of_codes(pd.Series([*found, None], dtype="str"), codes, texts)


def _of_codes(values: pd.Series, codes: NDArray[np.int64], texts: pd.Series) -> pd.Series:
    """Return the value of each text's code, and the last one for -1."""
    return pd.Series(values.array.take(codes % len(values)), index=texts.index, name=texts.name)


def _pattern(text: str) -> tuple[str, list[str]]:
    """Return an address with its numbers counted from 1, and the numbers: houses of a street have one pattern."""
    numbers: list[str] = []

    def count(found: re.Match[str]) -> str:
        if found["junction"]:
            return found[0]
        numbers.append(found[0].lower())
        return str(len(numbers))

    return _NUMBER.sub(count, address_words.without_codes(text)), numbers


def public_place(text: str, towns: Collection[str] = ()) -> str | None:
    """Return the public place of one address, or None.

    Examples
    --------
    >>> public_place("Unit 4 Parkway Industrial Estate"), public_place("c/o Mr J Smith, 3 Heol y Felin")
    ('Parkway Industrial Estate', 'Heol y Felin')
    >>> public_place("The Old Rectory") is None
    True
    """
    found = public_places(pd.Series([text], dtype="str"), towns=towns).iloc[0]
    return found if isinstance(found, str) else None


def is_reduced(texts: pd.Series, places: pd.Series) -> pd.Series:
    """Return whether more than spelling was left out of each address."""
    codes, given = pd.factorize(texts)
    present, at = np.unique(codes, return_index=True)
    first = at[present >= 0]
    answers = [
        not isinstance(place, str) or address_words.plain_words(text) != address_words.plain_words(place)
        for text, place in zip(given, places.iloc[first], strict=True)
    ]
    return _of_codes(pd.Series([*answers, False], dtype=bool), codes, texts)


def town_names(areas: Iterable[str]) -> list[str]:
    """Return the names of towns in names of teams and areas.

    Examples
    --------
    >>> town_names(["Salisbury Town NPT", "Wilton", "SNT 4"])
    ['Salisbury', 'Wilton']
    """
    plain = (" ".join(_AREA_WORDS.sub(" ", name).split()) for name in areas)
    return sorted({name for name in plain if name and not address_words.has_digit(name)})


def _is_public(text: str, are_streets: bool) -> bool:
    """Return whether a text is a kind of public place, or a name of a street without anything else."""
    name = address_words.ON_OR_NEAR.sub("", text).strip()
    if name in location_names.KINDS_OF_PLACE:
        return True
    if not (are_streets or name != text.strip()) or re.search(r"[,;@]", name):
        return False
    words = [word.lower() for word in address_words.words_of(name)]
    homes = street_words.HOMES | street_words.ROOMS | {address_words.PEOPLE}
    is_numbered = any(address_words.is_number(w) and not address_words.ROAD_NUMBER.fullmatch(w) for w in words)
    is_house = bool(words) and address_words.in_full(words[-1]) in street_words.BUILDINGS - street_words.BLOCKS
    return not (is_numbered or is_house or homes & {*words})


def _in_words(address: Address, streets: Streets, towns: Mapping[str, str]) -> str | None:
    """Return the public name of an address with its town, if that is a known one."""
    name = streets.resolve(address.place) if address.place else None
    town = _town(address.after, towns) if name else None
    return f"{name}, {town}" if town and town.casefold() not in str(name).casefold() else name


def _town(after: Iterable[str], towns: Mapping[str, str]) -> str | None:
    """Return the first known town in the texts after a street."""
    for text in after if towns else ():
        words = address_words.plain_words(text).split()
        for end in range(min(len(words), 4), 0, -1):
            if " ".join(words[:end]) in towns:
                return towns[" ".join(words[:end])]
    return None


def _endings(name: str) -> Iterator[str]:
    """Yield the shorter names with which a name ends, the longest first, at least two words."""
    words = name.split()
    for start in range(1, len(words) - 1):
        yield address_words.as_name(words[start:])
