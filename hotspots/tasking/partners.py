"""Partners responsible for residents' concerns, such as a district, county or unitary council.

Councils change when local government is reorganised, so they are listed with dates, in reference/councils.csv and in
the settings. For other districts of England and Wales (reference/districts.csv) the council is named after the
district, or after the county.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import pandas as pd

from hotspots import districts, period, reference
from hotspots.errors import ParameterError

POLICE = "police"
# Of concerns whose issue is not known.
NOBODY = "nobody"
UNKNOWN_COUNCIL = "Council (not known which)"
# Concerns of these owners go to the council of the place.
_COUNCIL_OWNERS = ("council", "landowner")


@dataclass(frozen=True, kw_only=True)
class Council:
    """The council or councils that serve a district, with the dates between which they do.

    Attributes
    ----------
    district
        Code or name of the district.
    name
        Its district or unitary council.
    county
        The county council that shares the work; empty if there is only one council.
    valid_from, valid_to
        First day on which the entry is valid, and first day on which it no longer is: YYYY-MM-DD, or empty.
    """

    district: str
    name: str
    county: str = ""
    valid_from: str = ""
    valid_to: str = ""

    def __post_init__(self) -> None:
        """Check the dates, and that district and council are named."""
        for name in ("valid_from", "valid_to"):
            period.require_day(getattr(self, name), f"councils: {name} of '{self.district}'")
        if not self.district or not self.name:
            raise ParameterError("councils: 'district' and 'name' are both needed.")

    def is_valid_on(self, day: date) -> bool:
        """Return whether the entry is valid on a day."""
        today = day.isoformat()
        return self.valid_from <= today and not "" < self.valid_to <= today


def councils_on(own: Iterable[Council], day: date) -> dict[str, Council]:
    """Return the councils on a day, by code and name of their district; the force's own entries take precedence."""
    councils = _councils_by_name()
    for row in reference.rows("councils"):
        council = Council(
            district=row["district_code"], name=row["council"], county=row["county_council"],
            valid_from=row["valid_from"], valid_to=row["valid_to"],
        )  # fmt: skip
        if council.is_valid_on(day):
            councils |= {row["district_code"]: council, row["district"]: council}
    for council in (council for council in own if council.is_valid_on(day)):
        district = districts.find(council.district)
        is_current = district is not None and districts.current_name(council.district) == council.district
        councils |= {council.district: council} | ({district.code: council} if district and is_current else {})
    return councils


def _councils_by_name() -> dict[str, Council]:
    """Return a council named after each district of today, by its code."""
    found = {}
    for row in reference.rows("districts"):
        district = districts.find(row["active_code"])
        if district:
            county = f"{district.county} County Council" if district.county else ""
            found[district.code] = Council(district=district.code, name=f"{district.name} Council", county=county)
    return found


def assign_partners(concerns: pd.DataFrame, councils: dict[str, Council]) -> pd.Series:
    """Assign each concern to the partner responsible for it, or to `police`.

    Parameters
    ----------
    concerns
        `tables.CONCERNS`, of which `owner`, `issue`, `tier` and `district_code` (code or name) are used.
    councils
        As returned by `councils_on`.
    """
    columns = ["owner", "issue", "tier", "district_code"]
    keys = list(zip(*(concerns[name].astype("str") for name in columns), strict=True))
    partners = {key: _responsible_partner(*key, councils=councils) for key in set(keys)}
    return pd.Series([partners[key] for key in keys], index=concerns.index, name="partner", dtype="str")


def _responsible_partner(
    owner: str, issue: str, tier: object, district: object, *, councils: dict[str, Council]
) -> str:
    """Return the partner responsible for one concern."""
    if owner not in _COUNCIL_OWNERS:
        return owner
    if pd.isna(district):
        return UNKNOWN_COUNCIL
    today = districts.find(str(district))
    council = councils.get(str(district)) or (councils.get(today.code) if today else None)
    is_county = str(_default_tier(issue) if pd.isna(tier) else tier).startswith("county")
    if council is None:
        return UNKNOWN_COUNCIL
    return council.county if is_county and council.county else council.name


def _default_tier(issue: str) -> str:
    """Return the tier of an issue in a two-tier county, from the table of partners."""
    rows = (row for row in reference.rows("partner_routing") if issue in row["issue_codes"].split())
    return next((row["tier_in_two_tier_county"] for row in rows if not row["when_words"]), "district")
