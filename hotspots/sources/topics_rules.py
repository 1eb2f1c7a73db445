"""Which issues the words of a text speak for: weighted words, phrases and pairs of words, read in their context.

A pattern of reference/issue_words.csv is one word, a phrase (`street light`) or a pair that stands close together in
any order (`light + flicker`); `|` parts alternatives. A longer phrase speaks for itself: `dog bin` is not `bin`.
Said of a place (`near the bin`) a word counts little, denied (`no litter`) it counts nothing.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product

from hotspots import reference
from hotspots.sources import topics_text
from hotspots.sources.topics_text import COMMA, STOP

WINDOW = 6  # words between the two of a pair
PLACE_WORDS = 4  # words that "near ..." reaches
PLACE_FACTOR, GROUND_FACTOR = 0.3, 0.6
FOREIGN_FACTOR = 0.6  # one of the pair's words belongs to a phrase about something else
REPEAT_FACTOR = 0.5  # each further hit for the same issue counts half of the one before
EARLY_SHARE, EARLY_WORDS = 0.6, 6  # what is said first counts most: of this share, half is gone after so many words
SENTENCE_FACTORS = (1.25, 1.0, 0.85, 0.75)

# Words that open a place ("opposite the school"), and those that end it ("... is overflowing").
_NEAR = frozenset(
    "near opposite opp outside beside behind around adjacent adj between toward past alongside next close junction corner front by".split()
)
_ON = frozenset("on in at along across down through under from into onto over up".split())
_AFTER_NEAR = frozenset("to with by of in from".split())
_FAULTS = topics_text.stems(
    "block broken miss overflow damage dump flood lean loose overgrown knock fallen leak stolen smash flicker no not but with full "
    "blocking causing hanging falling abandon park parked parking stuck leave left fault faulty down out since because when where"
)
_PLACE_ENDS = frozenset((*_FAULTS, COMMA, STOP))
_DENIALS = frozenset("no not never without nothing none rather instead".split())
_TROUBLES = frozenset(topics_text.stems("problem issue complaint concern trouble bother bothered worried worry concerned wrong fussed"))
_TURNS = frozenset((*topics_text.stems("but just only except apart though although however unfortunately main mainly"), STOP))
_WELL = frozenset("fine ok okay good great lovely excellent".split())
# Issues that are what they are because of the place.
_PLACE_CODES = frozenset(("railway", "waterway"))
# Where it is the lack of a thing that people complain of, "no" denies nothing.
_LACKS = frozenset(
    "street_lighting visibility signs_signals road_defect pavement_defect drains parking untaxed_vehicle unsafe other".split()
)


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern in plain words, the issue it speaks for, and how loudly."""

    pattern: str
    code: str
    weight: float


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule met in a text: where its words stand, and what it counts there."""

    rule: Rule
    places: tuple[int, ...]
    strength: float


def read_rules(own_words: Iterable[tuple[str, str, float]] = ()) -> list[Rule]:
    """The rules of the reference table, and a force's own after them."""
    rows = [(row["pattern"], row["code"], float(row["weight"])) for row in reference.rows("issue_words")]
    return [Rule(*row) for row in (*rows, *own_words)]


class Matcher:
    """Every rule ready to be looked up by stem, so that a text is passed over once."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        """Spread the alternatives of each rule over the look-ups."""
        self.phrases: dict[tuple[str, ...], list[Rule]] = defaultdict(list)
        self.pairs: dict[tuple[str, ...], dict[tuple[str, ...], list[Rule]]] = defaultdict(lambda: defaultdict(list))
        self.longest: dict[str, int] = {}
        self.longest_side: dict[str, int] = {}
        for rule in rules:
            first, _, second = rule.pattern.partition(" + ")
            if second:
                self._add_pair(first, second, rule)
            else:
                self._add_phrase(first, rule)
        self.vocabulary = frozenset(stem for phrase in (*self.phrases, *self.pairs) for stem in phrase)

    def _add_phrase(self, pattern: str, rule: Rule) -> None:
        """Each wording of a phrase; the loudest of several rules for one issue counts."""
        for wording in _wordings(pattern):
            phrase = topics_text.stems(wording)
            if not phrase:
                continue
            plain = Rule(wording, rule.code, rule.weight)
            same = [other for other in self.phrases[phrase] if other.code == rule.code]
            if same and same[0].weight >= rule.weight:
                continue
            self.phrases[phrase] = [other for other in self.phrases[phrase] if other.code != rule.code] + [plain]
            self.longest[phrase[0]] = max(self.longest.get(phrase[0], 0), len(phrase))

    def _add_pair(self, first: str, second: str, rule: Rule) -> None:
        """Each pair of wordings, under both of them."""
        for one, other in product(_wordings(first), _wordings(second)):
            a, b = topics_text.stems(one), topics_text.stems(other)
            if not a or not b or a == b or rule.code in {known.code for known in self.pairs[a][b]}:
                continue
            plain = Rule(f"{one} {other}", rule.code, rule.weight)
            for side, partner in ((a, b), (b, a)):
                self.pairs[side][partner].append(plain)
                self.longest_side[side[0]] = max(self.longest_side.get(side[0], 0), len(side))

    def hits(self, words: list[str]) -> list[Hit]:
        """The rules that the stems of a text meet, each as loud as its place in the text lets it be."""
        found, spoken = self._phrase_hits(words)
        found += self._pair_hits(words, spoken)
        if not found:
            return []
        factors = _factors(words)
        hits = []
        for rule, places in found:
            factor = min(factors.near[place] for place in places)
            if places[-1] - places[0] == len(places) - 1 and rule.code not in _PLACE_CODES:
                factor *= factors.ground[places[0]]
            if factors.denied and _is_denied(rule, places, words, factors):
                continue
            factor *= factors.sentence[places[0]] * (1 - EARLY_SHARE + EARLY_SHARE * EARLY_WORDS / (EARLY_WORDS + places[0]))
            if factor > 0:
                hits.append(Hit(rule, places, rule.weight * factor))
        return hits

    def _phrase_hits(self, words: list[str]) -> tuple[list[tuple[Rule, tuple[int, ...]]], dict[int, frozenset[str]]]:
        """Words and phrases, the longest first; and the issues of the phrase that each of its words belongs to."""
        found: list[tuple[Rule, tuple[int, ...]]] = []
        spoken: dict[int, frozenset[str]] = {}
        place, end = 0, len(words)
        while place < end:
            step = 1
            for length in range(min(self.longest.get(words[place], 0), end - place), 0, -1):
                rules = self.phrases.get(tuple(words[place : place + length]))
                if rules:
                    places = tuple(range(place, place + length))
                    found += [(rule, places) for rule in rules]
                    if length > 1:
                        spoken.update(dict.fromkeys(places, frozenset(rule.code for rule in rules)))
                    step = length
                    break
            place += step
        return found, spoken

    def _pair_hits(self, words: list[str], spoken: dict[int, frozenset[str]]) -> list[tuple[Rule, tuple[int, ...]]]:
        """Pairs within a sentence, unless a phrase has already said what both of their words are about."""
        found: list[tuple[Rule, tuple[int, ...]]] = []
        sides = self._sides(words)
        for number, (start, end, partners) in enumerate(sides):
            for later, later_end, later_partners in sides[number + 1 :]:
                if later - end >= WINDOW or partners is None or later_partners is None:
                    break
                if later < end:
                    continue
                for rule in partners.get(tuple(words[later:later_end]), ()):
                    codes = [spoken.get(spot, ()) for spot in (start, later)]
                    foreign = [bool(about) and rule.code not in about for about in codes]
                    if all(foreign) or (any(foreign) and all(codes)):
                        continue
                    loud = Rule(rule.pattern, rule.code, rule.weight * FOREIGN_FACTOR) if any(foreign) else rule
                    found.append((loud, (*range(start, end), *range(later, later_end))))
        return found

    def _sides(self, words: list[str]) -> list[tuple[int, int, dict[tuple[str, ...], list[Rule]] | None]]:
        """Where one side of a pair stands, with the partners it looks for; None where a sentence ends."""
        sides: list[tuple[int, int, dict[tuple[str, ...], list[Rule]] | None]] = []
        for place, word in enumerate(words):
            if word == STOP:
                sides.append((place, place, None))
            for length in range(1, min(self.longest_side.get(word, 0), len(words) - place) + 1):
                partners = self.pairs.get(tuple(words[place : place + length]))
                if partners:
                    sides.append((place, place + length, partners))
        return sides


def _wordings(pattern: str) -> Iterable[str]:
    """A phrase with alternatives, written out one by one."""
    return (" ".join(words) for words in product(*(word.split("|") for word in pattern.split())))


@dataclass(slots=True)
class _Factors:
    """What each place in a text makes of the words there."""

    near: list[float]
    ground: list[float]
    sentence: list[float]
    denied: set[int]
    is_bare: list[bool]


def _is_denied(rule: Rule, places: tuple[int, ...], words: list[str], factors: _Factors) -> bool:
    """Whether a denial reaches the hit, unless the denial is part of it, or it is the lack that is complained of."""
    reached = [place for place in places if place in factors.denied]
    if not reached or any(words[place] in _DENIALS for place in places):
        return False
    return not (rule.code in _LACKS and factors.is_bare[reached[0]])


def _factors(words: list[str]) -> _Factors:
    """Go through the text once: sentences, places, denials."""
    end = len(words)
    near, ground, sentence = [1.0] * end, [1.0] * end, [1.0] * end
    number = 0
    reach = 0
    for place, word in enumerate(words):
        sentence[place] = SENTENCE_FACTORS[min(number, 3)]
        if word in _PLACE_ENDS:
            reach = 0
            if word == STOP and place:
                number += 1
        elif reach:
            near[place] = PLACE_FACTOR
            reach -= 1
        if word in _NEAR and not _is_cause(words, place):
            reach = PLACE_WORDS + (place + 1 < end and words[place + 1] in _AFTER_NEAR)
        elif place and words[place - 1] in _ON:
            ground[place] = GROUND_FACTOR
    denied: set[int] = set()
    is_bare = [False] * end
    if not _DENIALS.isdisjoint(words) or not _WELL.isdisjoint(words):
        denied, is_bare = _denials(words)
    return _Factors(near, ground, sentence, denied, is_bare)


def _is_cause(words: list[str], place: int) -> bool:
    """Whether "by" tells a cause ("blocked by leaves"), no place, and "close" or "next" no place."""
    word = words[place]
    after = words[place + 1] if place + 1 < len(words) else STOP
    if word == "by":
        before = words[place - 1] if place else STOP
        return before in _FAULTS or before in _CAUSES or after not in _LANDMARKS
    return word in ("close", "next") and after != "to"


_CAUSES = frozenset(
    topics_text.stems("cause hit obscure cover hidden hide made worry run affect followed woken annoyed concern used attacked bitten intimidate swamp surround "
        "restrict narrow done")
)

_LANDMARKS = frozenset(
    topics_text.stems(
        "school church chapel bus shop pub house bridge park lamp bin bench post gate roundabout station traffic lights library river "
        "phone garage entrance pond playground surgery number no tree sign hedge drain wall flats bank cafe hall car swings main front "
        "back side river stream road street lane path post box junction corner crossing zebra old village town war memorial"
    )
)


def _denials(words: list[str]) -> tuple[set[int], list[bool]]:
    """Places that a denial reaches, and whether it is a bare "no" or "not"."""
    end = len(words)
    denied: set[int] = set()
    is_bare = [False] * end
    for place, word in enumerate(words):
        if word in _WELL and (place + 1 == end or words[place + 1] in (STOP, COMMA, "here", "round", "but")):
            denied.update(_back(words, place))
            continue
        if word not in _DENIALS:
            continue
        trouble = next((spot for spot in range(place + 1, min(place + 5, end)) if words[spot] in _TROUBLES), None)
        if trouble is not None:
            denied.update(_ahead(words, trouble + 1, 12))
            if trouble + 1 == end or words[trouble + 1] in (STOP, COMMA, "but", "here", "round"):
                denied.update(_back(words, place))
        elif word in ("rather", "instead"):
            denied.update(_ahead(words, place + 1, 4))
        elif word in ("no", "without") or (word == "not" and (not place or words[place - 1] in (STOP, COMMA, "but"))):
            reached = _ahead(words, place + 1, 2)
            denied.update(reached)
            for spot in reached:
                is_bare[spot] = word != "not"
    return denied, is_bare


def _ahead(words: list[str], start: int, most: int) -> list[int]:
    """The places from here to where the sentence turns; "or" carries a denial on."""
    reached: list[int] = []
    for place in range(start, len(words)):
        if words[place] in _TURNS or (words[place] == COMMA and most < 12):
            break
        if words[place] == "or":
            most = len(reached) + 3
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
