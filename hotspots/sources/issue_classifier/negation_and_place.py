"""Context of words in a text: how early they are, whether they describe a place, and whether they are negated.

"Pothole near the bin" is not a concern about bins, nor is "no problems with litter" one about litter. But "no street
light" is a concern about lighting, and "light not working" negates nothing.
"""

from typing import NamedTuple

from hotspots.sources.issue_classifier import stemming
from hotspots.sources.issue_classifier.stemming import COMMA, STOP

NEAR_WORDS = 4  # words after "near" that describe a place
NEAR_FACTOR, ON_FACTOR = 0.3, 0.6  # weight of words after "near the", and after "on the"
EARLY_SHARE, EARLY_WORDS = 0.6, 6  # the first words count most: half of this share is lost after so many words
SENTENCE_FACTORS = (1.25, 1.0, 0.85, 0.75)
LIST_WORDS = 4  # how far ahead an "or" shows that a comma separates the items of a list
NEGATED_WORDS = 12

# Words that begin a description of a place ("opposite the school"), and those that end it ("... is overflowing").
_NEAR = stemming.stem_list("near")
_ON = stemming.word_list("on")
_AFTER_NEAR = stemming.word_list("after_near")
_FAULTS = stemming.stem_list("fault")
_PLACE_ENDS = _FAULTS | {COMMA, STOP}
_CAUSES = stemming.stem_list("cause")

_LANDMARKS = stemming.stem_list("landmark")
_NEGATIONS = stemming.stem_list("negation")
_TROUBLES = stemming.stem_list("trouble")
_TURNS = stemming.stem_list("turn") | {STOP}
_WELL = stemming.word_list("well")
_CLAUSE_EDGES = frozenset((STOP, COMMA, "round", "but", "just", "only"))


class Context(NamedTuple):
    """Factors of each position in a text, and the positions that are negated.

    `place_factor` lowers words after "near", `location_factor` those after "on".
    `absent` are those negated only by a bare "no", which may be a complaint that something is missing.
    """

    weight: list[float]
    place_factor: list[float]
    location_factor: list[float]
    negated: set[int]
    absent: set[int]


POSITION_WEIGHTS = [1 - EARLY_SHARE + EARLY_SHARE * EARLY_WORDS / (EARLY_WORDS + position) for position in range(500)]


def context_of(words: list[str]) -> Context:
    """Return the context of each word of a text, given as stems."""
    end = len(words)
    place_factor, location_factor, weight = [1.0] * end, [1.0] * end, [0.0] * end
    sentence, left, before = 0, 0, STOP
    for position, word in enumerate(words):
        weight[position] = SENTENCE_FACTORS[sentence] * POSITION_WEIGHTS[min(position, 499)]
        if word in _PLACE_ENDS:
            left = 0
            if word == STOP and position and sentence < len(SENTENCE_FACTORS) - 1:
                sentence += 1
        elif left:
            place_factor[position] = NEAR_FACTOR
            left -= 1
        if word in _NEAR and not _is_no_place(words, position):
            left = NEAR_WORDS + (position + 1 < end and words[position + 1] in _AFTER_NEAR)
        elif before in _ON and (position < 2 or words[position - 2] not in _CAUSES):  # "covered in litter": no place
            location_factor[position] = ON_FACTOR
        before = word
    has_negation = not (_NEGATIONS.isdisjoint(words) and _WELL.isdisjoint(words))
    negated, absent = _negations(words) if has_negation else (set(), set())
    return Context(weight, place_factor, location_factor, negated, absent)


def is_negated(positions: tuple[int, ...], words: list[str], context: Context, *, may_be_absent: bool) -> bool:
    """Return whether these words are negated.

    They are not if one of them is the negation itself, or if a bare "no" may mean that something is missing.
    """
    negated = context.negated.intersection(positions)
    if not negated or any(words[position] in _NEGATIONS for position in positions):
        return False
    return not (may_be_absent and negated <= context.absent)


def _is_no_place(words: list[str], position: int) -> bool:
    """Return whether "by" gives a cause ("blocked by leaves"), or "close" or "next" is not about a place."""
    word = words[position]
    after = words[position + 1] if position + 1 < len(words) else STOP
    if word == "by":
        before = words[position - 1] if position else STOP
        return before in _FAULTS or before in _CAUSES or after not in _LANDMARKS
    return word in ("clos", "next") and after != "to"


def _negations(words: list[str]) -> tuple[set[int], set[int]]:
    """Return the positions that are negated, and those of them that only a bare "no" negates."""
    end = len(words)
    negated: set[int] = set()
    absent: set[int] = set()
    for position, word in enumerate(words):
        if word in _WELL and (position + 1 == end or words[position + 1] in _CLAUSE_EDGES):
            negated.update(_back(words, position))
        if word not in _NEGATIONS:
            continue
        trouble = next((at for at in range(position + 1, min(position + 5, end)) if words[at] in _TROUBLES), None)
        if trouble is not None:
            negated.update(_ahead(words, position + 1, NEGATED_WORDS))
            if trouble + 1 == end or words[trouble + 1] in _CLAUSE_EDGES:
                negated.update(_back(words, position))
        elif word in ("rather", "instead"):
            negated.update(_ahead(words, position + 1, 4))
        elif word in ("no", "without"):
            ahead = _ahead(words, position + 1, 2)
            absent.update(at for at in ahead if at not in negated)
            negated.update(ahead)
        elif word == "not" and (not position or words[position - 1] in _CLAUSE_EDGES):
            negated.update(_ahead(words, position + 1, 2))
    return negated, absent


def _ahead(words: list[str], start: int, most: int) -> list[int]:
    """Return the positions up to where the sentence turns; "or" extends a negation over the commas of its list."""
    ahead: list[int] = []
    for position in range(start, len(words)):
        word = words[position]
        if word in _TURNS or (word == COMMA and "or" not in words[position + 1 : position + 1 + LIST_WORDS]):
            break
        if word == "or":
            most = max(most, len(ahead) + 3)
        if len(ahead) >= most:
            break
        ahead.append(position)
    return ahead


def _back(words: list[str], position: int) -> list[int]:
    """Return the positions before this one in its part of the sentence."""
    back = []
    while position and words[position - 1] not in _TURNS and words[position - 1] != COMMA:
        position -= 1
        back.append(position)
    return back
