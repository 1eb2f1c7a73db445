"""Which partner a concern goes to: of two tiers of council the one whose job it is, elsewhere the only one.

Names of councils are data with dates (reference/councils.csv, and the settings), since local government is reorganised.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import pandas as pd

from hotspots import reference
from hotspots.errors import ParameterError

POLICE = "police"
UNKNOWN_COUNCIL = "Council (which one is not known)"
# Owners whose work the council of the place takes on, or passes on.
_THROUGH_COUNCIL = ("council", "landowner")
_TWO_TIER = "E07"


@dataclass(frozen=True, kw_only=True)
class Council:
    """A district and the council or councils that serve it, for the time they do.

    Attributes
    ----------
    district
        Code or name of the district.
    name
        Its council, or the only one.
    county
        The county council beside it; empty where there is but one.
    valid_from, valid_to
        First day on which it holds, and first on which it no longer does: YYYY-MM-DD, or empty.
    """

    district: str
    name: str
    county: str = ""
    valid_from: str = ""
    valid_to: str = ""

    def __post_init__(self) -> None:
        """Check that it is named."""
        if not self.district or not self.name:
            raise ParameterError("councils: 'district' and 'name' are both needed.")

    def holds_on(self, day: date) -> bool:
        """Whether it serves the district on a day."""
        today = day.isoformat()
        return self.valid_from <= today and not "" < self.valid_to <= today


def known_councils(own: Iterable[Council], day: date) -> dict[str, Council]:
    """Councils that serve on a day, by code and by name of the district; a force's own come before the table's."""
    found: dict[str, Council] = {}
    for row in reference.rows("councils"):
        council = Council(
            district=row["district_code"], name=row["council"], county=row["county_council"],
            valid_from=row["valid_from"], valid_to=row["valid_to"],
        )  # fmt: skip
        if council.holds_on(day):
            found |= {row["district_code"]: council, row["district"]: council}
    return found | {council.district: council for council in own if council.holds_on(day)}


def partner_of(concerns: pd.DataFrame, councils: dict[str, Council]) -> pd.Series:
    """Who each concern is passed on to; `police` where it stays.

    Parameters
    ----------
    concerns
        `tables.CONCERNS`: `owner`, `issue`, `tier` and `district_code` (code or name) decide.
    councils
        As `known_councils` gives them.
    """
    columns = ["owner", "issue", "tier", "district_code"]
    facts = list(zip(*(concerns[name].astype("str") for name in columns), strict=True))
    chosen = {key: _partner(*key, councils=councils) for key in set(facts)}
    named = [chosen[key] for key in facts]
    return pd.Series(named, index=concerns.index, name="partner", dtype="str")


def _partner(owner: str, issue: str, tier: object, district: object, *, councils: dict[str, Council]) -> str:
    """One concern's partner."""
    if owner not in _THROUGH_COUNCIL:
        return owner
    if pd.isna(district):
        return UNKNOWN_COUNCIL
    council = councils.get(str(district))
    is_county = str(_usual_tier(issue) if pd.isna(tier) else tier).startswith("county")
    if council is None:
        which = "County council" if is_county and str(district).startswith(_TWO_TIER) else "Council"
        return f"{which} of {district}"
    return council.county if is_county and council.county else council.name


def _usual_tier(issue: str) -> str:
    """Tier of an issue in a county of two, by the table of partners."""
    rows = (row for row in reference.rows("partner_routing") if issue in row["issue_codes"].split())
    return next((row["tier_in_two_tier_county"] for row in rows if not row["when_words"]), "district")
