"""What the place of a word in a text makes of it: what comes first counts most, places and denials little or nothing.

"Pothole near the bin" is no worry about bins, "no problems with litter" none about litter; but "no street light" is
one about lighting, and "light not working" denies nothing.
"""

from typing import NamedTuple

from hotspots.sources.issue_classifier import stemming
from hotspots.sources.issue_classifier.stemming import COMMA, STOP

PLACE_WORDS = 4  # words that "near ..." reaches
PLACE_FACTOR, GROUND_FACTOR = 0.3, 0.6  # of "near the ...", and of "on the ..." for words that say no more
EARLY_SHARE, EARLY_WORDS = 0.6, 6  # what is said first counts most: of this share, half is gone after so many words
SENTENCE_FACTORS = (1.25, 1.0, 0.85, 0.75)
LIST_WORDS = 4  # how far ahead an "or" shows that a comma parts a list
DENIED_WORDS = 12

# Words that open a place ("opposite the school"), and those that end it ("... is overflowing").
_NEAR = stemming.stem_list("near")
_ON = stemming.word_list("on")
_AFTER_NEAR = stemming.word_list("after_near")
_FAULTS = stemming.stem_list("fault")
_PLACE_ENDS = _FAULTS | {COMMA, STOP}
_CAUSES = stemming.stem_list("cause")

_LANDMARKS = stemming.stem_list("landmark")
_DENIALS = stemming.stem_list("denial")
_TROUBLES = stemming.stem_list("trouble")
_TURNS = stemming.stem_list("turn") | {STOP}
_WELL = stemming.word_list("well")
_HERE = frozenset((STOP, COMMA, "round", "but", "just", "only"))


class Context(NamedTuple):
    """What each place in a text makes of the words there: factors, and places that a denial reaches."""

    early: list[float]
    near: list[float]
    ground: list[float]
    denied: set[int]
    lacking: set[int]


EARLY = [1 - EARLY_SHARE + EARLY_SHARE * EARLY_WORDS / (EARLY_WORDS + place) for place in range(500)]


def context_of(words: list[str]) -> Context:
    """Go through the stems of a text once."""
    end = len(words)
    near, ground, early = [1.0] * end, [1.0] * end, [0.0] * end
    sentence, reach, before = 0, 0, STOP
    for place, word in enumerate(words):
        early[place] = SENTENCE_FACTORS[sentence] * EARLY[min(place, 499)]
        if word in _PLACE_ENDS:
            reach = 0
            if word == STOP and place and sentence < len(SENTENCE_FACTORS) - 1:
                sentence += 1
        elif reach:
            near[place] = PLACE_FACTOR
            reach -= 1
        if word in _NEAR and not _is_no_place(words, place):
            reach = PLACE_WORDS + (place + 1 < end and words[place + 1] in _AFTER_NEAR)
        elif before in _ON and (place < 2 or words[place - 2] not in _CAUSES):  # "covered in litter" is no place
            ground[place] = GROUND_FACTOR
        before = word
    denied, lacking = (set(), set()) if _DENIALS.isdisjoint(words) and _WELL.isdisjoint(words) else _denials(words)
    return Context(early, near, ground, denied, lacking)


def is_denied(places: tuple[int, ...], words: list[str], context: Context, *, is_lack: bool) -> bool:
    """Whether a denial reaches these places, unless it is one of them, or a bare "no" of something sorely missed."""
    reached = context.denied.intersection(places)
    if not reached or any(words[place] in _DENIALS for place in places):
        return False
    return not (is_lack and reached <= context.lacking)


def _is_no_place(words: list[str], place: int) -> bool:
    """Whether "by" tells a cause ("blocked by leaves"), and "close" or "next" no place."""
    word = words[place]
    after = words[place + 1] if place + 1 < len(words) else STOP
    if word == "by":
        before = words[place - 1] if place else STOP
        return before in _FAULTS or before in _CAUSES or after not in _LANDMARKS
    return word in ("clos", "next") and after != "to"


def _denials(words: list[str]) -> tuple[set[int], set[int]]:
    """Places that a denial reaches, and those of them that only a bare "no" does."""
    end = len(words)
    denied: set[int] = set()
    lacking: set[int] = set()
    for place, word in enumerate(words):
        if word in _WELL and (place + 1 == end or words[place + 1] in _HERE):
            denied.update(_back(words, place))
        if word not in _DENIALS:
            continue
        trouble = next((spot for spot in range(place + 1, min(place + 5, end)) if words[spot] in _TROUBLES), None)
        if trouble is not None:
            denied.update(_ahead(words, place + 1, DENIED_WORDS))
            if trouble + 1 == end or words[trouble + 1] in _HERE:
                denied.update(_back(words, place))
        elif word in ("rather", "instead"):
            denied.update(_ahead(words, place + 1, 4))
        elif word in ("no", "without"):
            reached = _ahead(words, place + 1, 2)
            lacking.update(spot for spot in reached if spot not in denied)
            denied.update(reached)
        elif word == "not" and (not place or words[place - 1] in _HERE):
            denied.update(_ahead(words, place + 1, 2))
    return denied, lacking


def _ahead(words: list[str], start: int, most: int) -> list[int]:
    """The places from here to where the sentence turns; "or" carries a denial on, over the commas of its list."""
    reached: list[int] = []
    for place in range(start, len(words)):
        word = words[place]
        if word in _TURNS or (word == COMMA and "or" not in words[place + 1 : place + 1 + LIST_WORDS]):
            break
        if word == "or":
            most = max(most, len(reached) + 3)
        if len(reached) >= most:
            break
        reached.append(place)
    return reached


def _back(words: list[str], place: int) -> list[int]:
    """The places before this one in its part of the sentence."""
    reached = []
    while place and words[place - 1] not in _TURNS and words[place - 1] != COMMA:
        place -= 1
        reached.append(place)
    return reached
