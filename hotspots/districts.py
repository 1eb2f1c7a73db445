"""Local authority districts of England and Wales: the district that replaced an abolished one, and its county.

From reference/districts.csv, which has every district since 2009. Districts are found by code or by name, in any of the
spellings in use: "Bristol, City of", "City of Bristol" and "Bristol".
"""

import re
from functools import lru_cache
from typing import NamedTuple

import pandas as pd

from hotspots import reference

_LSOA_NUMBER = re.compile(r"\s+\d{3}[A-Z]+$")
_STYLES = re.compile(r",? (?:city|county) of$|^(?:city|county|royal borough|london borough) of ")


class District(NamedTuple):
    """A district of today: its code and name, and the county council that shares the work; empty if there is none."""

    code: str
    name: str
    county: str

    @property
    def is_two_tier(self) -> bool:
        """Return whether the district also has a county council."""
        return bool(self.county)


def find(text: str) -> District | None:
    """Return the district of today with this code or name, or that replaced it; None where there is none.

    Examples
    --------
    >>> find("Kettering")
    District(code='E06000061', name='North Northamptonshire', county='')
    >>> find("E07000197").county, find("City of Bristol").name, find("Anytown")
    ('Staffordshire', 'Bristol', None)
    """
    return _by_key().get(_key(text))


def current_name(text: str) -> str:
    """Return the name of the district that replaced an abolished one; any other text as it is.

    Examples
    --------
    >>> [current_name(name) for name in ("Taunton Deane", "Swindon", "Bristol, City of", "East Team")]
    ['Somerset', 'Swindon', 'Bristol, City of', 'East Team']
    """
    district = find(text)
    return district.name if district and _key(text) in _abolished() else text


def in_lsoa_name(name: str) -> str:
    """Return the district in an LSOA's name: "Swindon 012A" is in Swindon."""
    return _LSOA_NUMBER.sub("", name)


def is_two_tier(code: str) -> bool:
    """Return whether the district with a code also has a county council; codes of such districts start with E07."""
    district = find(code)
    return district.is_two_tier if district else code.startswith("E07")


def codes_of(texts: pd.Series) -> pd.Series:
    """Return the code of the district of today for each code or name; missing where there is none."""
    known = {text: find(text) for text in texts.dropna().astype("str").unique()}
    codes = {text: district.code if district else None for text, district in known.items()}
    return texts.map(codes).astype("str").rename("district_code")


@lru_cache
def _by_key() -> dict[str, District]:
    """Return the districts of today by the code and name of each district that has been."""
    found: dict[str, District] = {}
    for row in reference.rows("districts"):
        district = District(row["active_code"], _plain_name(row["active_district"]), row["county"])
        for text in (row["district_code"], row["district"], row["active_code"], row["active_district"]):
            found[_key(text)] = district
    return found


@lru_cache
def _abolished() -> frozenset[str]:
    """Return the names of districts that no longer exist."""
    rows = reference.rows("districts")
    current = {_key(row["active_district"]) for row in rows}
    return frozenset(_key(row["district"]) for row in rows) - current


@lru_cache(maxsize=4096)
def _key(text: str) -> str:
    """Return a code or name without case, style and punctuation."""
    plain = _STYLES.sub("", " ".join(text.casefold().split()))
    return re.sub(r"[^a-z0-9]+", " ", plain.replace("&", "and").replace("'", "")).strip()


def _plain_name(name: str) -> str:
    """Return a name without its style: "Bristol" for "Bristol, City of"."""
    return re.sub(r", (?:City|County) of$", "", name)
