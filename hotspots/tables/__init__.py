"""Tables of the project: `inputs` and `results` declare each of them once, `schema` checks them.

A table is a pandas ``DataFrame``, or a ``GeoDataFrame`` in metres (EPSG:27700) where it has a geometry. Ids are
``str``, closed lists ``category``, counts ``int64``, measures ``float64`` with the unit in the name, times local
wall time (Europe/London) as ``datetime64[us]``, periods half-open, missing values NA.
"""

from hotspots.tables.inputs import (
    ACTIONS,
    BASE_KINDS,
    BASE_MAP,
    CONCERN_PRECISIONS,
    CONCERNS,
    CONFIDENCE,
    DATE_PRECISIONS,
    DECISIONS,
    DECISIONS_MADE,
    FAMILIES,
    INCIDENTS,
    LOCATION_PRECISIONS,
    LSOAS,
    PLACE_KINDS,
    PLACE_NAMES,
    PLACES,
    POSTCODES,
    PRIORITIES,
    REFERRAL_ANSWERS,
    VISITS,
)
from hotspots.tables.results import (
    ACCURACY,
    BASES,
    CALIBRATION,
    CONCENTRATION,
    CONCERN_STATUSES,
    ENGAGEMENT,
    ENGAGEMENT_REASONS,
    ENGAGEMENT_WAYS,
    FINDINGS,
    HEXAGONS,
    HOTSPOTS,
    LISTENING,
    MEMBERS,
    METHOD_NOTES,
    METHOD_TOPICS,
    NEAR_REPEATS,
    PARAMETER_CHOICES,
    PATROL_AREAS,
    QUALITY,
    REFERRALS,
    STATEMENTS,
    STATUSES,
    STAYED,
    SURROUNDINGS,
    TALLY,
    UNITS,
)
from hotspots.tables.schema import Column, Table, check, conform, empty

__all__ = [
    "ACCURACY", "ACTIONS", "BASES", "BASE_KINDS", "BASE_MAP", "CALIBRATION", "CONCENTRATION", "CONCERNS",
    "CONCERN_PRECISIONS", "CONCERN_STATUSES", "CONFIDENCE", "DATE_PRECISIONS", "DECISIONS", "DECISIONS_MADE",
    "ENGAGEMENT", "ENGAGEMENT_REASONS", "ENGAGEMENT_WAYS", "FAMILIES", "FINDINGS", "HEXAGONS", "HOTSPOTS", "INCIDENTS",
    "LISTENING", "LOCATION_PRECISIONS", "LSOAS", "MEMBERS", "METHOD_NOTES", "METHOD_TOPICS", "NEAR_REPEATS",
    "PARAMETER_CHOICES", "PATROL_AREAS", "PLACES", "PLACE_KINDS", "PLACE_NAMES", "POSTCODES", "PRIORITIES", "QUALITY",
    "REFERRALS", "REFERRAL_ANSWERS", "STATEMENTS", "STATUSES", "STAYED", "SURROUNDINGS", "TABLES", "TALLY", "UNITS",
    "VISITS", "Column", "Table", "check", "conform", "empty",
]  # fmt: skip

TABLES = {
    table.name: table
    for table in (
        INCIDENTS, CONCERNS, VISITS, PLACES, PLACE_NAMES, BASE_MAP, DECISIONS, REFERRAL_ANSWERS, ACTIONS,
        PRIORITIES, CONFIDENCE, POSTCODES, LSOAS, MEMBERS, HOTSPOTS, PATROL_AREAS, ACCURACY, CALIBRATION,
        PARAMETER_CHOICES, METHOD_NOTES, CONCENTRATION, HEXAGONS, NEAR_REPEATS, LISTENING, REFERRALS,
        ENGAGEMENT, TALLY, QUALITY, FINDINGS,
    )
}  # fmt: skip
