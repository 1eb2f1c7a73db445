"""Whose an issue is: police, a department of a council, or another partner (reference/partner_routing.csv).

A row with `when_words` is an exception to the row without, for texts that hold one of them: a fly-tip in a river is for
the Environment Agency. `police_words` bring police in beside the owner: a noise with threats.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from hotspots import categories, reference
from hotspots.sources.issue_classifier import stemming

TIERS = {
    # as the table has it: (in a two-tier county, elsewhere, where that is not known)
    "district": ("district", "unitary", "district or unitary"),
    "county/unitary": ("county", "unitary", "county or unitary"),
    "district/county": ("district or county", "unitary", "district, county or unitary"),
    "district/county (by agency)": ("district or county", "unitary", "district, county or unitary"),
}

Phrases = dict[str, list[list[str]]]  # by the stem that opens them
_NONE: Phrases = {}


class Owner(NamedTuple):
    """Who deals with an issue: whose it is, which department, of what tier, and whether police should know too."""

    owner: str
    department: str
    tier: str
    is_for_police_too: bool


class Route(NamedTuple):
    """A row of the table, its words as stems; the tier as the table has it."""

    owner: str
    department: str
    tier: str
    when: Phrases
    police: Phrases


def owner_of(issue: str, is_two_tier: bool | None = None, words: Iterable[str] = ()) -> Owner:
    """Who deals with an issue, given words of the text.

    Parameters
    ----------
    issue
        An issue code; one of a force's own that the table does not know is the police's.
    is_two_tier
        Whether the place has a county and a district council; None where that is not known.
    words
        Words of the text, or whole parts of it; only words of the table are looked at.

    Example
    -------
    >>> owner_of("street_lighting", is_two_tier=True)[:3]
    ('council', 'county highway authority', 'county')
    >>> owner_of("fly_tipping", words=["sofa thrown into the river"]).owner
    'Environment Agency'
    """
    return owner_of_stems(issue, stemming.stems(" ".join(words).lower()), is_two_tier)


def owner_of_stems(issue: str, stems: Sequence[str], is_two_tier: bool | None = None) -> Owner:
    """The same for a text that is already read."""
    route = route_of_stems(issue, stems)
    tier = tier_of(route.tier, is_two_tier)
    police_too = route.owner != "police" and any(_holds(stems, other.police) for other in _routes().get(issue, ()))
    return Owner(route.owner, department_of(route.department, tier), tier, police_too)


def route_of_stems(issue: str, stems: Sequence[str] = ()) -> Route:
    """The row of the table for an issue in a text: an exception where the text has one of its words."""
    usual = None
    for route in _routes().get(issue, ()):
        if route.when:
            if _holds(stems, route.when):
                return route
        elif usual is None:
            usual = route
    return usual or Route(
        categories.ISSUE_OWNERS.get(issue, "police"), "police neighbourhood team", "force", _NONE, _NONE
    )


def tier_of(tier: str, is_two_tier: bool | None) -> str:
    """What a tier of the table is at a place with two councils, with one, or where that is not known."""
    return TIERS[tier][_column(is_two_tier)] if tier in TIERS else tier


def department_of(department: str, tier: str) -> str:
    """A highway authority, with the tier that it is."""
    is_told = department.startswith("highway authority") and tier in ("county", "unitary")
    return f"{tier} {department}" if is_told else department


@lru_cache
def _routes() -> dict[str, tuple[Route, ...]]:
    """The rows of the table for each issue, in order."""
    routes: dict[str, tuple[Route, ...]] = {}
    for row in reference.rows("partner_routing"):
        when, police = _phrases(row["when_words"]), _phrases(row["police_words"])
        route = Route(row["owner"], row["lead_partner"], row["tier_in_two_tier_county"], when, police)
        for issue in row["issue_codes"].split():
            routes[issue] = (*routes.get(issue, ()), route)
    return routes


def _phrases(cell: str) -> Phrases:
    """The phrases of a cell, as stems."""
    phrases: Phrases = {}
    for phrase in cell.split("|"):
        stems = list(stemming.stems(phrase))
        if stems:
            phrases.setdefault(stems[0], []).append(stems)
    return phrases


def _holds(stems: Sequence[str], phrases: Phrases) -> bool:
    """Whether one of the phrases stands in the text."""
    if phrases.keys().isdisjoint(stems):
        return False
    return any(
        list(stems[place : place + len(phrase)]) == phrase
        for place, stem in enumerate(stems)
        for phrase in phrases.get(stem, ())
    )


def _column(is_two_tier: bool | None) -> int:
    """Which of a tier's names holds."""
    return 2 if is_two_tier is None else 1 - is_two_tier
