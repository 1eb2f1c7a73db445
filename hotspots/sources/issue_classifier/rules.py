"""Which issues the words of a text speak for: weighted words, phrases and pairs of words.

A pattern of reference/issue_words.csv is one word, a phrase (`street light`) or a pair that stands close together in
any order (`light + flicker`); `|` parts alternatives. A longer phrase speaks for itself: `dog bin` is not `bin`.
"""

from collections import defaultdict
from collections.abc import Iterable
from itertools import islice, product
from typing import Any, NamedTuple

from hotspots import reference
from hotspots.sources.issue_classifier import negation_and_place, stemming
from hotspots.sources.issue_classifier.stemming import STOP

WINDOW = 6  # words between the two sides of a pair
FOREIGN_FACTOR = 0.6  # a side of the pair belongs to a phrase about something else

# Issues that are what they are because of the place: "on the platform" counts in full.
_OF_PLACE = frozenset(("railway", "waterway"))
# Where it is the lack of a thing that people complain of, "no" denies nothing.
_LACKS = stemming.word_list("lack")

END = ""  # no stem: what a tree of phrases has where a phrase ends

Stems = tuple[str, ...]
Tree = dict[str, Any]
# first place, the place after, number of the words, and rules by the number of the other words of their pair
Side = tuple[int, int, int, dict[int, list["Rule"]] | None]


class Rule(NamedTuple):
    """A pattern in plain words, the issue it speaks for, and how loudly."""

    pattern: str
    code: str
    weight: float


class Hit(NamedTuple):
    """A rule met in a text: which words, what issue, where they stand, and what they count there."""

    pattern: str
    code: str
    places: tuple[int, ...]
    strength: float


def read_rules(own_words: Iterable[tuple[str, str, float]] = ()) -> list[Rule]:
    """The rules of the reference table, and a force's own after them."""
    rows = [(row["pattern"], row["code"], float(row["weight"])) for row in reference.rows("issue_words")]
    return [Rule(*row) for row in (*rows, *own_words)]


def wordings(pattern: str) -> Iterable[str]:
    """A phrase with alternatives, written out one by one."""
    return (" ".join(words) for words in product(*(word.split("|") for word in pattern.split())))


class Matcher:
    """Every rule ready to be looked up by stem, so that a text is passed over once."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        """Spread the alternatives of each rule over the look-ups."""
        self.phrases: dict[Stems, list[Rule]] = {}
        self.pairs: dict[Stems, dict[Stems, list[Rule]]] = defaultdict(lambda: defaultdict(list))
        for rule in rules:
            first, _, second = rule.pattern.partition(" + ")
            if second:
                self._add_pair(first, second, rule)
            else:
                self._add_phrase(rule)
        number = {side: place for place, side in enumerate(self.pairs)}
        by_number = {
            side: (number[side], {number[other]: rules for other, rules in partners.items()})
            for side, partners in self.pairs.items()
        }
        self.phrase_tree, self.side_tree = _tree_of(self.phrases), _tree_of(by_number)
        self.vocabulary = frozenset(stem for phrase in (*self.phrases, *self.pairs) for stem in phrase)

    def _add_phrase(self, rule: Rule) -> None:
        """Each wording of a phrase; the loudest of several rules for one issue counts."""
        for wording in wordings(rule.pattern):
            phrase = stemming.stems(wording)
            known = self.phrases.setdefault(phrase, [])
            same = [other for other in known if other.code == rule.code]
            if phrase and not (same and same[0].weight >= rule.weight):
                others = [other for other in known if other.code != rule.code]
                known[:] = [*others, Rule(wording, rule.code, rule.weight)]

    def _add_pair(self, first: str, second: str, rule: Rule) -> None:
        """Each pair of wordings, under both of them; the loudest of several rules for one issue counts."""
        for one, other in product(wordings(first), wordings(second)):
            a, b = stemming.stems(one), stemming.stems(other)
            if not a or not b or a == b:
                continue
            known = self.pairs[a][b]
            if all(same.code != rule.code or same.weight < rule.weight for same in known):
                others = [same for same in known if same.code != rule.code]
                self.pairs[a][b] = self.pairs[b][a] = [*others, Rule(f"{one} {other}", rule.code, rule.weight)]

    def hits(self, words: list[str]) -> list[Hit]:
        """The rules that the stems of a text meet, each as loud as its place in the text lets it be."""
        found, spoken = self._phrase_hits(words)
        found += self._pair_hits(words, spoken)
        if not found:
            return []
        context = negation_and_place.context_of(words)
        early, near, ground = context.early, context.near, context.ground
        hits = []
        for rule, places in found:
            code = rule.code
            first = places[0]
            if context.denied and negation_and_place.is_denied(places, words, context, is_lack=code in _LACKS):
                continue
            strength = rule.weight * early[first] * min([near[place] for place in places])
            if places[-1] - first == len(places) - 1 and code not in _OF_PLACE:
                strength *= ground[first]
            hits.append(Hit(rule.pattern, code, places, strength))
        return hits

    def _phrase_hits(self, words: list[str]) -> tuple[list[tuple[Rule, tuple[int, ...]]], dict[int, list[Rule]]]:
        """Words and phrases, the longest first; and the rules of the phrase that each of its words belongs to."""
        found: list[tuple[Rule, tuple[int, ...]]] = []
        spoken: dict[int, list[Rule]] = {}
        free = 0
        after: list[str | None] = [*words[1:], None]
        for place, word in enumerate(words):
            branch = self.phrase_tree.get(word)
            if branch is None or place < free:
                continue
            rules, reach = (), place
            while branch is not None:
                if END in branch:
                    rules, free = branch[END], reach + 1
                branch = branch.get(after[reach])
                reach += 1
            if rules:
                places = tuple(range(place, free))
                found += [(rule, places) for rule in rules]
                if len(places) > 1:
                    spoken.update(dict.fromkeys(places, rules))
        return found, spoken

    def _pair_hits(self, words: list[str], spoken: dict[int, list[Rule]]) -> list[tuple[Rule, tuple[int, ...]]]:
        """Pairs within a sentence, unless a phrase has already said what both of their sides are about."""
        found: list[tuple[Rule, tuple[int, ...]]] = []
        sides = self._sides(words)
        for ahead, (start, end, _, partners) in enumerate(sides, start=1):
            if partners is None:
                continue
            for later, later_end, number, is_side in islice(sides, ahead, None):
                if later - end >= WINDOW or is_side is None:
                    break
                rules = partners.get(number) if later >= end else None
                for rule in rules or ():
                    about = [spoken[spot] for spot in (start, later) if spot in spoken]
                    foreign = sum(all(other.code != rule.code for other in others) for others in about)
                    if foreign == 0:
                        found.append((rule, (*range(start, end), *range(later, later_end))))
                    elif foreign == 1:
                        quiet = rule._replace(weight=rule.weight * FOREIGN_FACTOR)
                        found.append((quiet, (*range(start, end), *range(later, later_end))))
        return found

    def _sides(self, words: list[str]) -> list[Side]:
        """Where one side of a pair stands, with the partners it looks for; None where a sentence ends."""
        sides: list[Side] = []
        after: list[str | None] = [*words[1:], None]
        for place, word in enumerate(words):
            if word == STOP:
                sides.append((place, place, -1, None))
                continue
            branch, reach = self.side_tree.get(word), place
            while branch is not None:
                if END in branch:
                    sides.append((place, reach + 1, *branch[END]))
                branch = branch.get(after[reach])
                reach += 1
        return sides


def _tree_of(phrases: dict[Stems, Any]) -> Tree:
    """Phrases by their stems, one after the other, so that a text is followed as far as one goes on and no further."""
    tree: Tree = {}
    for phrase, known in phrases.items():
        branch = tree
        for stem in phrase:
            branch = branch.setdefault(stem, {})
        if phrase:
            branch[END] = known
    return tree
