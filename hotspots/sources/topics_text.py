"""Free text as plain word stems: place names and personal data taken out, common misspellings read as meant.

What leaves this module are stems of known words and two marks, `,` and `.`: no name, address or number.
"""

import re
from functools import lru_cache

from hotspots import reference

COMMA, STOP = ",", "."
DROPPED = frozenset(
    "a an the my our their his her your its i we they he she it us me them you this that these those some very really quite so "
    "is are was were be been being am has have had having do does did of and also please can could would should will there "
    "here which who whose what just only even still again now already currently always often keeps keep kept s ve re ll d m t im ive "
    "want wants get gets getting got any".split()
)
# Words of these drops that matter in some patterns are read before they are dropped: see `KEPT`.
KEPT = frozenset({"keep", "on", "off", "out", "no", "not"})
_ROAD = (
    "Road|Rd|Lane|Ln|Street|St|Close|Avenue|Ave|Drive|Row|Way|Crescent|Cres|Gardens|Gdns|Terrace|Place|Court|Grove|Rise|Walk|"
    "Mews|Parade|Square|Cottages?|Inn|Arms|Pub|Estate"
)
_GROUND = "Field|Fields|Green|Park|Hill|Wood|Woods|Common|Bridge|Farm|House|School|Hall|Meadows?|End|Corner|Bank|Point|View|Hotel"
_NO_NAME = (
    "Abandoned|All|Along|And|At|Blocked|Broken|Bus|Busy|By|Country|Cul|Cycle|Damaged|Dangerous|Dark|Dirty|Each|Entire|Every|"
    "Faulty|Filthy|Flooded|For|From|Give|High|Icy|In|Main|Missing|Muddy|My|Narrow|Near|New|No|Of|On|One|Our|Overgrown|Poor|"
    "Potholed|Public|Residential|Slippery|That|The|This|To|Uneven|Unlit|Whole|Your|A|Dumped|Loose|Sunken"
)
_NO_STREET = (
    r"(?!\s+(?:[Ll]ight|[Ll]amp|[Ss]ign|[Nn]ame|[Ss]weep|[Cc]lean|[Ss]urface|[Mm]ark|[Ww]ork|[Ff]urniture|[Ff]lood|[Dd]rink|[Tt]ax"
    r"|[Rr]ac|[Pp]ark|to\b|by\b))"
)
_NAME = rf"(?!(?:{_NO_NAME})\b)[A-Z][\w’'-]*"
_PLACES = re.compile(
    rf"(?<=[a-z,] )(?:{_NAME}\s+){{1,3}}(?:{_ROAD})\b{_NO_STREET}|{_NAME}\s+(?:{_ROAD})\b{_NO_STREET}"
    rf"|(?<=[a-z,] )(?:{_NAME}\s+)(?:{_GROUND})\b"
    r"|\b(?:in|on|at|along|off|of|into)\s+(?!cycle|bus|the|an?|my|our|this|your|main|each|every|busy|road|pavement|new|same|street)"
    rf"[a-z’']+\s+(?:road|rd|lane|street|close|avenue|crescent|drive|row){_NO_STREET}\b"
)
_CONTACTS = re.compile(r"\S+@\S+|https?:\S+|www\.\S+|\b(?:Mr|Mrs|Ms|Miss|Dr|Cllr|Councillor)\.?\s+[A-Z][\w’'-]*")
_TOKENS = re.compile(r"[a-z]+(?:'[a-z]+)?|[.!?;:\n()]|,")
_ENDINGS = (("ies", "y"), ("ied", "y"), ("sses", "ss"), ("xes", "x"), ("ches", "ch"), ("shes", "sh"))
_VOWELS = frozenset("aeiouy")
_CORRECT_FROM = 5  # letters; shorter words are too like one another, and those of five may differ in doubled letters only


@lru_cache
def spellings() -> dict[str, tuple[str, ...]]:
    """How words are read that the general rules would not read right; a word read as itself keeps its ending."""
    rows = {row["word"]: row["read_as"].split() for row in reference.rows("issue_spellings")}
    return {
        word: tuple(other if rows.get(other) == [other] else _stem(other) for other in read_as) for word, read_as in rows.items()
    }


@lru_cache(maxsize=100_000)
def stems_of_word(word: str) -> tuple[str, ...]:
    """One word's stems: none where it says nothing, two where it is written as one but means two."""
    if word in DROPPED and word not in KEPT:
        return ()
    word = word.removesuffix("'s")
    known = spellings().get(word)
    return (_stem(word.replace("'", "")),) if known is None else known


def stems(pattern: str) -> tuple[str, ...]:
    """The stems of a few plain words, as patterns are written."""
    return tuple(stem for word in pattern.split() for stem in stems_of_word(word))


class Reader:
    """Reads texts with a vocabulary: a word that is not in it is taken for one that is, if it is one slip away."""

    def __init__(self, vocabulary: frozenset[str]) -> None:
        """Take the stems that matter."""
        known = {stem for read_as in spellings().values() for stem in read_as}
        self._exact = vocabulary | known
        self._slips: dict[str, str] = {}
        for stem in sorted(vocabulary):
            if len(stem) >= _CORRECT_FROM:
                for slip in _slips(stem):
                    self._slips.setdefault(slip, stem)
        self._memory: dict[str, tuple[str, ...]] = {}

    def read(self, text: str) -> list[str]:
        """The stems of a text in order, with `,` and `.` between its parts."""
        if text.isupper():
            text = text.lower()
        text = _PLACES.sub(" , ", _CONTACTS.sub(" ", text))
        found: list[str] = []
        memory = self._memory
        for token in _TOKENS.findall(text.lower().replace("’", "'").replace(" - ", ". ")):
            stems = memory.get(token)
            if stems is None:
                stems = self._remember(token)
            found += stems
        return found

    def _remember(self, token: str) -> tuple[str, ...]:
        """The stems of a token met for the first time."""
        if not token[0].isalpha():
            stems: tuple[str, ...] = (COMMA if token == "," else STOP,)
        else:
            stems = tuple(self._corrected(stem) for stem in stems_of_word(token))
        if len(self._memory) < 200_000:
            self._memory[token] = stems
        return stems

    def _corrected(self, stem: str) -> str:
        """The stem itself, or the one of the vocabulary that it is a slip of."""
        if stem in self._exact or len(stem) < _CORRECT_FROM:
            return stem
        plain, *slips = _slips(stem)
        meant = self._slips.get(plain)
        if meant is not None and _single(meant) == plain:
            return meant
        for slip in (plain, *slips) if len(stem) > _CORRECT_FROM else ():
            meant = self._slips.get(slip)
            if meant is not None and meant[0] == stem[0] and _is_one_slip(stem, meant):
                return meant
        return stem


def _stem(word: str) -> str:
    """A word without its common endings: rough, the same for patterns and texts."""
    if len(word) <= 3:
        return word
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and len(word) > len(ending) + 2:
            return word.removesuffix(ending) + instead
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for ending in ("ing", "ed"):
        rest = word.removesuffix(ending)
        if rest != word and len(rest) >= 3 and _VOWELS & set(rest):
            word = rest[:-1] if rest[-1] == rest[-2] and rest[-1] not in "sl" else rest
            break
    return word[:-1] if word.endswith("e") and len(word) > 4 else word


def _slips(stem: str) -> list[str]:
    """The stem with doubled letters made one, and the same with any one letter left out."""
    plain = _single(stem)
    return [plain, *(plain[:place] + plain[place + 1 :] for place in range(1, len(plain)))]


def _is_one_slip(one: str, other: str) -> bool:
    """Whether two words differ by one letter too many, missing, wrong, doubled or swapped with its neighbour."""
    one, other = _single(one), _single(other)
    if abs(len(one) - len(other)) > 1:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    rests = one[start:], other[start:]
    if len(one) == len(other):
        return rests[0][1:] == rests[1][1:] or (rests[0][:2] == rests[1][1::-1] and rests[0][2:] == rests[1][2:])
    longer, shorter = sorted(rests, key=len, reverse=True)
    return longer[1:] == shorter


def _single(stem: str) -> str:
    """The stem with doubled letters made one."""
    return re.sub(r"(.)\1", r"\1", stem)
