"""Reduce free text to word stems: names and personal data removed, common misspellings corrected.

Only stems and two marks, `,` and `.`, leave this module. Digits never do; nor do names of streets and people where they
can be recognised (`Speed Lane`, `Mrs Hedges`). Any that remain match no rule, so they are never part of an answer.
"""

import re
from functools import lru_cache

from hotspots import reference
from hotspots.sources.parsing import fuzzy_names

COMMA, STOP = ",", "."
_NAME_WORDS = 3  # the most words in a street's name
_CONTACTS = re.compile(r"\S+@\S+|https?:\S+|www\.\S+|(?:w3w|what3words)\.\S+", re.IGNORECASE)
# A location of what3words, such as ///filled.count.soap: its words are random.
_THREE_WORDS = re.compile(r"(?<!\S)/{0,3}[^\W\d_]{3,}\.[^\W\d_]{3,}\.[^\W\d_]{3,}(?=[\s,;:!?)]|\.?$|\.\s)")
_TOKENS = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?|[.!?;:\n()]|,|(?<= )[-–](?= )")
_DOUBLED = re.compile(r"(.)\1")
_STOPS = frozenset(".!?;:\n()-–")
_ENDINGS = (("ies", "y"), ("ied", "y"), ("sses", "ss"), ("xes", "x"), ("ches", "ch"), ("shes", "sh"))
_VOWELS = frozenset("aeiouy")
# Shorter words are too similar to one another; words of this length are corrected for doubled letters only.
_MIN_CORRECTED = 5
_CACHE_SIZE = 200_000


@lru_cache
def word_list(kind: str) -> frozenset[str]:
    """Return the words of one kind in reference/issue_context.csv."""
    rows = [row for row in reference.rows("issue_context") if row["kind"] == kind]
    return frozenset(word for row in rows for word in row["words"].split())


_IGNORED, _TITLES = word_list("ignored"), word_list("title")
_ROADS, _GROUNDS, _NOT_NAMES = word_list("road"), word_list("ground"), word_list("not_name")
_NAME_PARTS = _TITLES | _ROADS | _GROUNDS
_BEFORE_STREETS, _AFTER_ROADS = word_list("before_street"), tuple(sorted(word_list("after_road")))


@lru_cache
def spellings() -> dict[str, tuple[str, ...]]:
    """Return the stems of words that the general rules would get wrong; a word listed as itself keeps its ending."""
    rows = {row["word"]: row["read_as"].split() for row in reference.rows("issue_spellings")}
    kept = {word for word, read_as in rows.items() if read_as == [word]}
    return {word: tuple(each if each in kept else _stem(each) for each in read_as) for word, read_as in rows.items()}


@lru_cache(maxsize=100_000)
def stems_of_word(word: str) -> tuple[str, ...]:
    """Return the stems of one word: none where it carries no meaning, two where two words are written as one."""
    if word in _IGNORED:
        return ()
    word = word.removesuffix("'s")
    known = spellings().get(word)
    return (_stem(word.replace("'", "")),) if known is None else known


def stems(pattern: str) -> tuple[str, ...]:
    """Return the stems of a few plain words, as patterns are written."""
    return tuple(stem for word in pattern.split() for stem in stems_of_word(word))


def stem_list(kind: str) -> frozenset[str]:
    """Return the stems of the words of one kind."""
    return frozenset(stem for word in word_list(kind) for stem in stems_of_word(word))


def without_addresses(text: str) -> str:
    """Return a text without e-mail addresses, links and three-word locations.

    Examples
    --------
    >>> without_addresses("Lamp out at ///filled.count.soap near w3w.co/drum.knife.sofa")
    'Lamp out at   near  '
    """
    # Every such text has an @, a colon, or a full stop that no space follows.
    if "@" in text or ":" in text or text.count(".") > text.count(". ") + text.endswith("."):
        text = _THREE_WORDS.sub(" ", _CONTACTS.sub(" ", text))
    return text


class Tokeniser:
    """Splits texts into stems; a word with one wrong letter becomes the word of the vocabulary that was meant."""

    def __init__(self, vocabulary: frozenset[str]) -> None:
        """Prepare to correct words to the stems of the vocabulary."""
        self._known = vocabulary | {stem for read_as in spellings().values() for stem in read_as}
        self._by_spelling: dict[str, str] = {}
        for stem in sorted(vocabulary):
            if len(stem) >= _MIN_CORRECTED:
                for spelling in _spelling_candidates(stem):
                    self._by_spelling.setdefault(spelling, stem)
        self._cache: dict[str, tuple[str, ...]] = {}

    def tokenise(self, text: str) -> list[str]:
        """Return the stems of a text in order, with `,` and `.` between its parts."""
        text = without_addresses(text)
        if text.isupper():
            text = text.lower()
        tokens = _TOKENS.findall(text)
        lower = [token.lower() for token in tokens]
        if not _NAME_PARTS.isdisjoint(lower):
            _mask_names(tokens, lower)
        found: list[str] = []
        cache = self._cache
        before = STOP
        for token, plain in zip(tokens, lower, strict=True):
            # A capital within a sentence may begin a name, which is never corrected.
            key = plain if token == plain or plain == COMMA or before in _STOPS else token
            stems = cache.get(key)
            found += self._add_to_cache(key) if stems is None else stems
            before = token
        return found

    def _add_to_cache(self, token: str) -> tuple[str, ...]:
        """Return the stems of a new token, and remember them."""
        if token[0].isalpha():
            stems = stems_of_word(token.lower().replace("’", "'"))
            if token.islower():
                stems = tuple(self._corrected(stem) for stem in stems)
        else:
            stems = (COMMA if token == COMMA else STOP,)
        if len(self._cache) < _CACHE_SIZE:
            self._cache[token] = stems
        return stems

    def _corrected(self, stem: str) -> str:
        """Return the stem of the vocabulary that was meant, or the stem itself."""
        if stem in self._known or len(stem) < _MIN_CORRECTED:
            return stem
        plain, *shorter = _spelling_candidates(stem)
        meant = self._by_spelling.get(plain)
        if meant is not None and _single(meant) == plain:
            return meant
        for spelling in (plain, *shorter) if len(stem) > _MIN_CORRECTED else ():
            meant = self._by_spelling.get(spelling)
            if meant and meant[0] == stem[0] and fuzzy_names.is_one_letter_off(plain, _single(meant)):
                return meant
        return stem


def _mask_names(tokens: list[str], lower: list[str]) -> None:
    """Replace each word of a street's or a person's name with a comma, in the lower-case tokens."""
    for position in [position for position, word in enumerate(lower) if word in _NAME_PARTS]:
        first, word, after = position, lower[position], position + 1
        if word in _TITLES and after < len(tokens) and _is_name(tokens[after], lower[after]):
            lower[after] = COMMA
        elif word in _ROADS and not (after < len(lower) and _is_no_road(lower[after])):
            first = _name_start(tokens, lower, position, is_ground=False)
        elif word in _GROUNDS and tokens[position][0].isupper():
            first = _name_start(tokens, lower, position, is_ground=True)
        if first < position:
            lower[first:after] = [COMMA] * (after - first)


def _name_start(tokens: list[str], lower: list[str], end: int, *, is_ground: bool) -> int:
    """Return where the name begins that ends with this "road" or "field"; its own position if it is not a name."""
    start = end
    while start and end - start < _NAME_WORDS and _is_name(tokens[start - 1], lower[start - 1]):
        start -= 1
    if start < end:
        is_within_sentence = start > 0 and (tokens[start - 1] == COMMA or tokens[start - 1].islower())
        if is_within_sentence:
            return start
        # Every word of a heading may have a capital, and the first word of a sentence has one ("Worst road in town").
        return end if is_ground or tokens[end].islower() else end - 1
    is_plain = not is_ground and end > 1 and lower[end - 1] not in _NOT_NAMES
    is_plain = is_plain and tokens[end].islower() and tokens[end - 1].islower()
    return end - 1 if is_plain and lower[end - 2] in _BEFORE_STREETS else end


def _is_name(token: str, lower: str) -> bool:
    """Return whether a word may be part of a name: it has a capital, and is not a usual word before "road"."""
    return token[0].isupper() and lower not in _NOT_NAMES


def _is_no_road(after: str) -> bool:
    """Return whether the next word shows that "street" or "close" is not a road: "street light", "close to"."""
    return after in ("to", "by") or after.startswith(_AFTER_ROADS)


def _stem(word: str) -> str:
    """Return a word without its common endings; it need not be correct, only the same for rules and texts."""
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


def _spelling_candidates(stem: str) -> list[str]:
    """Return the stem with doubled letters made single, and the same without each letter but the first."""
    return fuzzy_names.with_one_letter_less(_single(stem), start=1)


def _single(stem: str) -> str:
    """Return the stem with doubled letters made single."""
    return _DOUBLED.sub(r"\1", stem) if _DOUBLED.search(stem) else stem
