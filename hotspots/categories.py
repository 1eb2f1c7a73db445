"""Categories of incidents and issues of concern, under the names used in the project.

data.police.uk has published fourteen types since 2013-05. Older types are mapped to the nearest of them, or kept
separate where there is none. An unknown type becomes `unrecognised`: it is kept and counted, but not scored.
"""

import pandas as pd

from hotspots import reference

POLICE_UK = {
    "Anti-social behaviour": "asb",
    "Bicycle theft": "bicycle_theft",
    "Burglary": "burglary",
    "Criminal damage and arson": "criminal_damage_arson",
    "Drugs": "drugs",
    "Other crime": "other_crime",
    "Other theft": "other_theft",
    "Possession of weapons": "weapons",
    "Public order": "public_order",
    "Robbery": "robbery",
    "Shoplifting": "shoplifting",
    "Theft from the person": "theft_from_person",
    "Vehicle crime": "vehicle_crime",
    "Violence and sexual offences": "violence",
    # before 2013-05
    "Violent crime": "violence",
    "Public disorder and weapons": "public_disorder_weapons",
}
CATEGORIES = (*dict.fromkeys(POLICE_UK.values()), "unrecognised")

# Families for which patrol lists are made. They are never added together.
FAMILIES = {"asb": ("asb",), "burglary": ("burglary",)}
FAMILY_LABELS = {"asb": "Anti-social behaviour", "burglary": "Burglary"}

# Records that result from police activity: they follow patrols, so they must not direct them.
POLICE_GENERATED = frozenset({"drugs", "weapons"})

ISSUE_ROWS = reference.rows("issues")
ISSUES = tuple(row["code"] for row in ISSUE_ROWS)
ISSUE_LABELS = {row["code"]: row["label"] for row in ISSUE_ROWS}
ISSUE_OWNERS = {row["code"]: row["owner"] or "police" for row in ISSUE_ROWS}
ISSUE_GROUPS = {row["code"]: row["group"] for row in ISSUE_ROWS}
# Something else, and text whose issue is unclear: not known to be anybody's job.
OTHER, NOT_CLASSIFIED = "other", "not_classified"
UNKNOWN_ISSUES = (OTHER, NOT_CLASSIFIED)


def of_family(incidents: pd.DataFrame, family: str) -> pd.DataFrame:
    """Return the incidents of a family, `asb` or `burglary`."""
    return incidents[incidents["category"].isin(FAMILIES[family])]


def is_about(issues: pd.Series, family: str) -> pd.Series:
    """Return whether each issue of concern belongs to the family: the burglary issue, or any of the ASB group."""
    about = [code for code in ISSUES if code in FAMILIES[family] or ISSUE_GROUPS[code] == family]
    return issues.isin(about).rename("is_about")


def is_gone(hotspots: pd.DataFrame) -> pd.Series:
    """Return whether each hotspot is only of the previous period."""
    return hotspots["status"].astype("str") == "gone"
