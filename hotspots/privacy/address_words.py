"""Divide an address into words, and write names in one spelling."""

import re
from collections.abc import Iterable
from functools import lru_cache

from hotspots.privacy import street_words

# Stands in place of a word that shows that people are named, such as "Mr" or "care of".
PEOPLE = "*"
ON_OR_NEAR = re.compile(r"^\s*on or near\s+", re.IGNORECASE)
ROAD_NUMBER = re.compile(r"[ABM]\d{1,4}M?", re.IGNORECASE)
ORDINAL = re.compile(r"\d{1,2}(?:st|nd|rd|th)", re.IGNORECASE)
POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?\s*(?!\d(?:st|nd|rd|th)\b)\d[A-Z]{2}\b", re.IGNORECASE)
THREE_WORDS = re.compile(r"(?:///|\bw3w\W*|what3words\W*)[^\W\d_]+\.[^\W\d_]+\.[^\W\d_]+", re.IGNORECASE)
_MOTORWAY = re.compile(r"\b([ABM]\d{1,4})\s?\(M\)", re.IGNORECASE)
_NUMBER_IN_WORDS = re.compile(
    r"\b(?:number|no\.?)\s+(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b\s*", re.IGNORECASE
)
# Abbreviations with a slash, which would otherwise divide an address.
_IN_FULL = {"c/o": "care of", "j/w": "junction with", "r/o": "rear of", "o/s": "outside", "f/o": "outside"}
_SLASHED = re.compile(r"\b(?:c/o|j/w|r/o|o/s|f/o)\b", re.IGNORECASE)
_SEGMENTS = re.compile(r"[,;:|\n\r\t()\[\]{}\"]+|\s[-–—]+\s|(?<=[^\W\d])\s?/\s?(?=[^\W\d])")
_PARTS = re.compile(
    r"\b(?:near(?: to)?|nr|opp(?:osite)?(?: to)?|outside|rear of|back of|front of|side of|behind|adjacent(?: to)?|adj"
    r"|next to|junction (?:with|of)|jct(?: with| of)?|jn|jw|corner of|between|off|towards|via|along|beside)\b\.?",
    re.IGNORECASE,
)
_START = re.compile(r"^\s*(?:on|at|in|by|the area of|land at|land off|land)\s+", re.IGNORECASE)
_PEOPLE = re.compile(
    r"\b(?:mr|mrs|ms|miss|mx|rev|revd|cllr|prof|pc|pcso|sgt|occupiers?|occupants?|tenants?|residents?|residence of|"
    r"home of|care of|owners?|family|victim|suspect|offender|caller|informant)\b|^\s*dr(?=\s)",
    re.IGNORECASE,
)
_WORD = re.compile(r"\*|[^\W_][\w'’.&-]*")
_DIGIT = re.compile(r"\d")


def divide(text: str) -> list[list[list[str]]]:
    """Return the segments of an address, the parts of each before and after words such as "near", and their words.

    Examples
    --------
    >>> divide("12a Mill Lane near Tesco, SALISBURY SP1 3XX")
    [[['12a', 'Mill', 'Lane'], ['Tesco']], [['SALISBURY']]]
    """
    text = _SLASHED.sub(lambda found: _IN_FULL[found[0].lower()], without_codes(text))
    text = _MOTORWAY.sub(r"\1M", text)
    segments = [[words_of(_START.sub("", part)) for part in _PARTS.split(each)] for each in _SEGMENTS.split(text)]
    return [parts for parts in segments if any(parts)]


def without_codes(text: str) -> str:
    """Return an address without postcodes and what3words, and with a digit for "Number One"."""
    text = THREE_WORDS.sub(" , ", POSTCODE.sub(" , ", ON_OR_NEAR.sub("", text)))
    return _NUMBER_IN_WORDS.sub("1 ", text)


def words_of(text: str) -> list[str]:
    """Return the words of a text, with a mark for people."""
    text = _PEOPLE.sub(f" {PEOPLE} ", text) if _PEOPLE.search(text) else text
    return [word.strip(".-&") or word for word in _WORD.findall(text)]


def is_number(word: str) -> bool:
    """Return whether a word has a digit, and is not an ordinal such as that of "1st Avenue"."""
    return bool(_DIGIT.search(word)) and not ORDINAL.fullmatch(word)


@lru_cache(maxsize=4096)
def in_full(word: str) -> str:
    """Return a word in small letters, without abbreviation."""
    plain = word.lower()
    return street_words.ABBREVIATIONS.get(plain, plain)


def is_street_kind(word: str) -> bool:
    """Return whether a word is a kind of street; "St" may be a saint."""
    return in_full(word) in street_words.STREETS


def as_name(words: Iterable[str]) -> str:
    """Return words as a name, with capitals where all letters were of one case.

    Examples
    --------
    >>> as_name(["STRATFORD-SUB-CASTLE", "ROAD"]), as_name(["heol", "Y", "felin"]), as_name(["O'CONNELL", "McAdam"])
    ('Stratford-sub-Castle Road', 'Heol y Felin', "O'Connell McAdam")
    """
    return " ".join(
        word.lower() if at and word.lower() in street_words.INNER_WORDS else _capitals(word)
        for at, word in enumerate(words)
    )


def plain_words(text: str) -> str:
    """Return the words of a text in small letters, without apostrophes and abbreviations, for comparison."""
    words = [word.strip(".").replace("'", "").replace("’", "") for word in _WORD.findall(ON_OR_NEAR.sub("", text))]
    return " ".join(in_full(word) if at else word.lower() for at, word in enumerate(words))


def has_digit(text: str) -> bool:
    """Return whether a text has a digit."""
    return bool(_DIGIT.search(text))


@lru_cache(maxsize=65_536)
def _capitals(word: str) -> str:
    """Return a word with a capital first letter, also after a hyphen or "O'"; mixed spellings are kept."""
    if not (word.isupper() or word.islower()):
        return word
    parts = [
        part if at and part in street_words.INNER_WORDS else part[:1].upper() + part[1:]
        for at, part in enumerate(word.lower().split("-"))
    ]
    return re.sub(r"^(O['’])(\w)", lambda found: found[1] + found[2].upper(), "-".join(parts))
