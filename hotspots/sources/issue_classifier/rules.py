"""Match weighted rules against a text: words, phrases, and pairs of words.

A pattern of reference/issue_words.csv is one word, a phrase (`street light`) or two words that stand close together in
any order (`light + flicker`); `|` separates alternatives. A longer phrase replaces the words in it: `dog bin` is not
`bin`. A phrase about `nothing` only does that: nobody is attacked in `panic attack`. A word with other meanings has a
weight too low to decide alone, so that it takes a phrase, a pair or a second word about the same issue.
"""

from collections import defaultdict
from collections.abc import Iterable
from itertools import islice, product
from typing import Any, NamedTuple

from hotspots import reference
from hotspots.sources.issue_classifier import negation_and_place, stemming
from hotspots.sources.issue_classifier.stemming import STOP

PAIR_DISTANCE = 6  # words between the two sides of a pair
OTHER_PHRASE_FACTOR = 0.6  # one side of the pair belongs to a phrase about another issue

# Issues about a kind of place: "on the platform" counts in full.
_PLACE_ISSUES = frozenset(("railway", "waterway"))
# Issues where something is missing, so that "no" is part of the complaint.
_ABSENCES = stemming.word_list("absence")

NOTHING = "nothing"

Stems = tuple[str, ...]
# By stem: what is known of the phrase that ends with it, if one does, and the tree of the stems that may follow.
Tree = dict[str, tuple[Any, "Tree"]]
# First position, the position after the last, number of the side, and rules by the number of the other side.
Side = tuple[int, int, int, dict[int, list["Rule"]] | None]


class Rule(NamedTuple):
    """A pattern in plain words, the issue that it indicates, and its weight."""

    pattern: str
    code: str
    weight: float


class Match(NamedTuple):
    """A rule that a text matches: its pattern and issue, the positions of the words, and their score."""

    pattern: str
    code: str
    positions: tuple[int, ...]
    score: float


def read_rules(own_words: Iterable[tuple[str, str, float]] = ()) -> list[Rule]:
    """Read the rules of the reference table, followed by a force's own."""
    rows = [(row["pattern"], row["code"], float(row["weight"])) for row in reference.rows("issue_words")]
    return [Rule(*row) for row in (*rows, *own_words)]


def wordings(pattern: str) -> Iterable[str]:
    """Return every wording of a phrase with alternatives."""
    return (" ".join(words) for words in product(*(word.split("|") for word in pattern.split())))


class Matcher:
    """Rules indexed by stem, so that a text is read once."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        """Index every wording of the rules."""
        self.phrases: dict[Stems, list[Rule]] = {}
        self.pairs: dict[Stems, dict[Stems, list[Rule]]] = defaultdict(lambda: defaultdict(list))
        for rule in rules:
            first, _, second = rule.pattern.partition(" + ")
            if second:
                self._add_pair(first, second, rule)
            else:
                self._add_phrase(rule)
        number = {side: position for position, side in enumerate(self.pairs)}
        by_number = {
            side: (number[side], {number[other]: rules for other, rules in partners.items()})
            for side, partners in self.pairs.items()
        }
        self.phrase_tree, self.side_tree = _tree_of(self.phrases), _tree_of(by_number)
        self.vocabulary = frozenset(stem for phrase in (*self.phrases, *self.pairs) for stem in phrase)

    def _add_phrase(self, rule: Rule) -> None:
        """Add each wording of a phrase."""
        for wording in wordings(rule.pattern):
            if phrase := stemming.stems(wording):
                self.phrases[phrase] = _with_rule(self.phrases.get(phrase, []), rule._replace(pattern=wording))

    def _add_pair(self, first: str, second: str, rule: Rule) -> None:
        """Add each pair of wordings, under both of them."""
        for one, other in product(wordings(first), wordings(second)):
            a, b = stemming.stems(one), stemming.stems(other)
            if a and b and a != b:
                rules = _with_rule(self.pairs[a][b], rule._replace(pattern=f"{one} {other}"))
                self.pairs[a][b] = self.pairs[b][a] = rules

    def find(self, words: list[str]) -> list[Match]:
        """Return the rules that the stems of a text match, each with the score that its context gives it."""
        found, phrase_rules = self._match_phrases(words)
        found += self._match_pairs(words, phrase_rules)
        if not found:
            return []
        context = negation_and_place.context_of(words)
        weight, place_factor, location_factor = context.weight, context.place_factor, context.location_factor
        matches = []
        for rule, positions in found:
            code = rule.code
            if code == NOTHING:
                continue
            first = positions[0]
            may_be_absent = code in _ABSENCES
            if context.negated and negation_and_place.is_negated(
                positions, words, context, may_be_absent=may_be_absent
            ):
                continue
            if len(positions) == 1:
                score = rule.weight * weight[first] * place_factor[first]
            else:
                score = rule.weight * weight[first] * min([place_factor[position] for position in positions])
            if positions[-1] - first == len(positions) - 1 and code not in _PLACE_ISSUES:
                score *= location_factor[first]
            matches.append(Match(rule.pattern, code, positions, score))
        return matches

    def _match_phrases(self, words: list[str]) -> tuple[list[tuple[Rule, tuple[int, ...]]], dict[int, list[Rule]]]:
        """Return words and phrases, the longest first, and the rules of the phrase that each position belongs to."""
        found: list[tuple[Rule, tuple[int, ...]]] = []
        phrase_rules: dict[int, list[Rule]] = {}
        next_position, total = 0, len(words)
        for position, word in enumerate(words):
            if word not in self.phrase_tree or position < next_position:
                continue
            known, further = self.phrase_tree[word]
            end = position + 1
            rules: list[Rule] = known or []
            next_position = end if known else next_position
            while further and end < total and words[end] in further:
                known, further = further[words[end]]
                end += 1
                if known:
                    rules, next_position = known, end
            if rules:
                positions = tuple(range(position, next_position))
                found += [(rule, positions) for rule in rules]
                if len(positions) > 1:
                    phrase_rules.update(dict.fromkeys(positions, rules))
        return found, phrase_rules

    def _match_pairs(self, words: list[str], phrase_rules: dict[int, list[Rule]]) -> list[tuple[Rule, tuple[int, ...]]]:
        """Return pairs within a sentence, unless both sides belong to phrases about other issues."""
        found: list[tuple[Rule, tuple[int, ...]]] = []
        sides = self._sides(words)
        for ahead, (start, end, _, partners) in enumerate(sides, start=1):
            if partners is None:
                continue
            too_far = end + PAIR_DISTANCE
            for later, later_end, number, other_partners in islice(sides, ahead, None):
                if later >= too_far or other_partners is None:
                    break
                if number not in partners or later < end:
                    continue
                about = [phrase_rules[at] for at in (start, later) if at in phrase_rules]
                if any(other.code == NOTHING for phrase in about for other in phrase):
                    continue
                positions = (*range(start, end), *range(later, later_end))
                for rule in partners[number]:
                    others = sum(all(other.code != rule.code for other in phrase) for phrase in about)
                    if others == 0:
                        found.append((rule, positions))
                    elif others == 1:
                        found.append((Rule(rule.pattern, rule.code, rule.weight * OTHER_PHRASE_FACTOR), positions))
        return found

    def _sides(self, words: list[str]) -> list[Side]:
        """Return where each side of a pair stands, with the rules of its partners; None where a sentence ends."""
        sides: list[Side] = []
        total = len(words)
        for position, word in enumerate(words):
            if word == STOP:
                sides.append((position, position, -1, None))
            if word not in self.side_tree:
                continue
            side, further = self.side_tree[word]
            end = position + 1
            if side:
                sides.append((position, end, *side))
            while further and end < total and words[end] in further:
                side, further = further[words[end]]
                end += 1
                if side:
                    sides.append((position, end, *side))
        return sides


def _with_rule(known: list[Rule], rule: Rule) -> list[Rule]:
    """Return the rules with one more; of several rules for one issue only that with the highest weight counts."""
    if any(other.code == rule.code and other.weight >= rule.weight for other in known):
        return known
    return [*(other for other in known if other.code != rule.code), rule]


def _tree_of(phrases: dict[Stems, Any]) -> Tree:
    """Return the phrases as a tree by stem, which is followed only as far as a text matches."""
    further: dict[str, dict[Stems, Any]] = {}
    for phrase, known in phrases.items():
        if phrase:
            further.setdefault(phrase[0], {})[phrase[1:]] = known
    return {stem: (rest.get(()), _tree_of(rest)) for stem, rest in further.items()}
