"""Owners of issues: the police, a department of a council, or another partner (reference/partner_routing.csv).

A row of the table with `when_words` is an exception for texts that hold one of them: a fly-tip in a river belongs to
the Environment Agency.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import pandas as pd

from hotspots import categories, districts, reference
from hotspots.sources.issue_classifier import stemming

TIERS = {
    # as the table has it: (in a two-tier county, elsewhere, where that is not known)
    "district": ("district", "unitary", "district or unitary"),
    "county/unitary": ("county", "unitary", "county or unitary"),
    "district/county": ("district or county", "unitary", "district, county or unitary"),
    "district/county (by agency)": ("district or county", "unitary", "district, county or unitary"),
}

Phrases = dict[str, list[list[str]]]  # by their first stem


class Owner(NamedTuple):
    """Who deals with an issue: the owner, the department, and the tier of council."""

    owner: str
    department: str
    tier: str


class Route(NamedTuple):
    """A row of the table: who deals with an issue, and the words it needs, as stems; the tier as in the table."""

    owner: str
    department: str
    tier: str
    when: Phrases


def owner_of(issue: str, is_two_tier: bool | None = None, stems: Sequence[str] = ()) -> Owner:
    """Return who deals with an issue.

    Parameters
    ----------
    issue
        An issue code; one that is not in the table belongs to the police.
    is_two_tier
        Whether the place has a county and a district council; None where that is not known.
    stems
        Of the text, which may hold words that make it an exception.

    Example
    -------
    >>> owner_of("street_lighting", is_two_tier=True)
    Owner(owner='council', department='county highway authority', tier='county')
    >>> owner_of("fly_tipping", stems=stemming.stems("sofa thrown into the river")).owner
    'Environment Agency'
    """
    route = route_of(issue, stems)
    tier = tier_of(route.tier, is_two_tier)
    return Owner(route.owner, department_of(route.department, tier), tier)


def route_of(issue: str, stems: Sequence[str] = ()) -> Route:
    """Return the row of the table for an issue: an exception where the text has one of its words."""
    usual = None
    for route in _routes().get(issue, ()):
        if route.when:
            if _holds(stems, route.when):
                return route
        elif usual is None:
            usual = route
    return usual or Route(categories.ISSUE_OWNERS.get(issue, "police"), "police neighbourhood team", "force", {})


def tier_of(tier: str, is_two_tier: bool | None) -> str:
    """Return the tier of council at a place, given the tier in the table."""
    column = 2 if is_two_tier is None else 1 - is_two_tier
    return TIERS[tier][column] if tier in TIERS else tier


def settle_tiers(concerns: pd.DataFrame) -> pd.DataFrame:
    """Return concerns with the tier, and the department of a highway authority, of the council of their district.

    Parameters
    ----------
    concerns
        With `tier` ("county or unitary" where the district was not known), `department` and `district_code`.
    """
    open_tiers = {unknown: (two_tier, elsewhere) for two_tier, elsewhere, unknown in TIERS.values()}
    keys = list(
        zip(*(concerns[name].astype("object") for name in ("tier", "department", "district_code")), strict=True)
    )
    settled = {}
    for tier, department, district in set(keys):
        if isinstance(district, str) and tier in open_tiers:
            tier_now = open_tiers[tier][not districts.is_two_tier(district)]
            department_now = department_of(department, tier_now) if isinstance(department, str) else department
            settled[tier, department, district] = (tier_now, department_now)
    pairs = [settled.get(key, key[:2]) for key in keys]
    columns = {name: [pair[number] for pair in pairs] for number, name in enumerate(("tier", "department"))}
    return concerns.assign(
        **{name: pd.Series(values, index=concerns.index, dtype="str") for name, values in columns.items()}
    )


def department_of(department: str, tier: str) -> str:
    """Return the name of a department, with the tier of a highway authority."""
    has_tier = department.startswith("highway authority") and tier in ("county", "unitary")
    return f"{tier} {department}" if has_tier else department


@lru_cache
def _routes() -> dict[str, tuple[Route, ...]]:
    """Return the rows of the table for each issue, in order."""
    routes: dict[str, tuple[Route, ...]] = {}
    for row in reference.rows("partner_routing"):
        route = Route(row["owner"], row["lead_partner"], row["tier_in_two_tier_county"], _phrases(row["when_words"]))
        for issue in row["issue_codes"].split():
            routes[issue] = (*routes.get(issue, ()), route)
    return routes


def _phrases(cell: str) -> Phrases:
    """Return the phrases of a cell, as stems."""
    phrases: Phrases = {}
    for phrase in cell.split("|"):
        stems = list(stemming.stems(phrase))
        if stems:
            phrases.setdefault(stems[0], []).append(stems)
    return phrases


def _holds(stems: Sequence[str], phrases: Phrases) -> bool:
    """Return whether a text holds one of the phrases."""
    if phrases.keys().isdisjoint(stems):
        return False
    return any(
        list(stems[position : position + len(phrase)]) == phrase
        for position, stem in enumerate(stems)
        for phrase in phrases.get(stem, ())
    )
