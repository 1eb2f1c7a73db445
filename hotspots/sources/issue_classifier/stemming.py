"""Free text as plain word stems: place names and personal data taken out, common misspellings read as meant.

What leaves this module are stems and two marks, `,` and `.`. Digits never do; nor do street names and people's names
where they can be told (`Speed Lane`, `Mrs Hedges`); whatever is left of them is in no rule, and so in no answer.
"""

import re
from functools import lru_cache

from hotspots import reference

COMMA, STOP = ",", "."
_NAME_WORDS = 3  # a street's name has no more
_CONTACTS = re.compile(r"\S+@\S+|https?:\S+|www\.\S+")
_TOKENS = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?|[.!?;:\n()]|,|(?<= )[-–](?= )")
_DOUBLED = re.compile(r"(.)\1")
_STOPS = frozenset(".!?;:\n()-–")
_ENDINGS = (("ies", "y"), ("ied", "y"), ("sses", "ss"), ("xes", "x"), ("ches", "ch"), ("shes", "sh"))
_VOWELS = frozenset("aeiouy")
_CORRECT_FROM = 5  # letters: shorter words are too like one another; those of five may differ in doubled letters only
_REMEMBERED = 200_000


@lru_cache
def word_list(kind: str) -> frozenset[str]:
    """Words of one kind that the reading of a text turns on, such as those that open a place."""
    rows = [row for row in reference.rows("issue_context") if row["kind"] == kind]
    return frozenset(word for row in rows for word in row["words"].split())


_DROPPED, _TITLES = word_list("dropped"), word_list("title")
_ROADS, _GROUNDS, _NO_NAMES = word_list("road"), word_list("ground"), word_list("no_name")
_NAMING = _TITLES | _ROADS | _GROUNDS
_BEFORE_STREETS, _GOING_ON = word_list("before_street"), tuple(sorted(word_list("goes_on")))


@lru_cache
def spellings() -> dict[str, tuple[str, ...]]:
    """How words are read that the general rules would not read right; a word read as itself keeps its ending."""
    rows = {row["word"]: row["read_as"].split() for row in reference.rows("issue_spellings")}
    kept = {word for word, read_as in rows.items() if read_as == [word]}
    return {word: tuple(each if each in kept else _stem(each) for each in read_as) for word, read_as in rows.items()}


@lru_cache(maxsize=100_000)
def stems_of_word(word: str) -> tuple[str, ...]:
    """One word's stems: none where it says nothing, two where it is written as one but means two."""
    if word in _DROPPED:
        return ()
    word = word.removesuffix("'s")
    known = spellings().get(word)
    return (_stem(word.replace("'", "")),) if known is None else known


def stems(pattern: str) -> tuple[str, ...]:
    """The stems of a few plain words, as patterns are written."""
    return tuple(stem for word in pattern.split() for stem in stems_of_word(word))


def stem_list(kind: str) -> frozenset[str]:
    """Words of one kind, as stems."""
    return frozenset(stem for word in word_list(kind) for stem in stems_of_word(word))


class Reader:
    """Reads texts with a vocabulary: a word that is not in it is taken for one that is, if it is one slip away."""

    def __init__(self, vocabulary: frozenset[str]) -> None:
        """Take the stems that matter."""
        self._exact = vocabulary | {stem for read_as in spellings().values() for stem in read_as}
        self._slips: dict[str, str] = {}
        for stem in sorted(vocabulary):
            if len(stem) >= _CORRECT_FROM:
                for slip in _slips(stem):
                    self._slips.setdefault(slip, stem)
        self._memory: dict[str, tuple[str, ...]] = {}

    def read(self, text: str) -> list[str]:
        """The stems of a text in order, with `,` and `.` between its parts."""
        if "@" in text or "www." in text or "http" in text:
            text = _CONTACTS.sub(" ", text)
        if text.isupper():
            text = text.lower()
        tokens = _TOKENS.findall(text)
        lower = [token.lower() for token in tokens]
        if not _NAMING.isdisjoint(lower):
            _mask_names(tokens, lower)
        found: list[str] = []
        memory = self._memory
        before = STOP
        for token, plain in zip(tokens, lower, strict=True):
            # a capital within a sentence: a name perhaps, and never a slip of something else
            key = plain if token == plain or plain == COMMA or before in _STOPS else token
            stems = memory.get(key)
            found += self._remember(key) if stems is None else stems
            before = token
        return found

    def _remember(self, token: str) -> tuple[str, ...]:
        """The stems of a token met for the first time."""
        if token[0].isalpha():
            stems = stems_of_word(token.lower().replace("’", "'"))
            if token.islower():
                stems = tuple(self._corrected(stem) for stem in stems)
        else:
            stems = (COMMA if token == COMMA else STOP,)
        if len(self._memory) < _REMEMBERED:
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


def _mask_names(tokens: list[str], lower: list[str]) -> None:
    """Put a comma for each word of a street's or a person's name, in the lower-case tokens."""
    for place in [place for place, word in enumerate(lower) if word in _NAMING]:
        first, word = place, lower[place]
        if word in _TITLES and place + 1 < len(tokens) and _is_name(tokens[place + 1], lower[place + 1]):
            lower[place + 1] = COMMA
        elif word in _ROADS and not (place + 1 < len(lower) and _goes_on(lower[place + 1])):
            first = _name_start(tokens, lower, place, is_ground=False)
        elif word in _GROUNDS and tokens[place][0].isupper():
            first = _name_start(tokens, lower, place, is_ground=True)
        if first < place:
            lower[first : place + 1] = [COMMA] * (place + 1 - first)


def _name_start(tokens: list[str], lower: list[str], place: int, *, is_ground: bool) -> int:
    """Where the name begins that ends in this "road" or "field"; the place itself if it is no name."""
    start = place
    while start and place - start < _NAME_WORDS and _is_name(tokens[start - 1], lower[start - 1]):
        start -= 1
    if start < place:
        stands_in_sentence = start > 0 and (tokens[start - 1] == COMMA or tokens[start - 1].islower())
        if stands_in_sentence:
            return start
        # every word of a heading may have a capital; one that opens a sentence always has ("Worst road in town")
        return place if is_ground or tokens[place].islower() else place - 1
    is_plain = not is_ground and place > 1 and lower[place - 1] not in _NO_NAMES
    is_plain = is_plain and tokens[place].islower() and tokens[place - 1].islower()
    return place - 1 if is_plain and lower[place - 2] in _BEFORE_STREETS else place


def _is_name(token: str, lower: str) -> bool:
    """Whether a word may be part of a name: it has a capital, and is none of those that stand before a plain "road"."""
    return token[0].isupper() and lower not in _NO_NAMES


def _goes_on(after: str) -> bool:
    """Whether "street" or "close" goes on as something else: "street light", "close to"."""
    return after in ("to", "by") or after.startswith(_GOING_ON)


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


def _single(stem: str) -> str:
    """The stem with doubled letters made one."""
    return _DOUBLED.sub(r"\1", stem) if _DOUBLED.search(stem) else stem


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
