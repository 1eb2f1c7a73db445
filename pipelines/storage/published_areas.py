"""Months of public figures that reports have published, and the kind of areas of each.

Figures by two kinds of areas can be subtracted from one another. So a month is published by one kind only, whichever
day is run first, later or again. The record of a day is written before its report is published and only grows.
"""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from hotspots.errors import SourceError
from hotspots.reporting.public import disclosure
from pipelines.storage import stored_files
from pipelines.storage.store import Store, stored_days
from pipelines.storage.stored_files import DamagedFileError

FACTS = "public"
_EARLIER_KEYS = frozenset({"areas"})


class Published(NamedTuple):
    """The day of a report, and the kind of areas by which it published figures."""

    day: date
    areas: str


def months_by_other_areas(store: Store, areas: str, window_months: int) -> dict[str, Published]:
    """Return the months of the day's public figures that any report published by another kind of areas.

    Parameters
    ----------
    store
        Store of the day; reports of all days count, that of the day itself included.
    areas
        Kind of areas of the day's report.
    window_months
        Number of months of public figures.
    """
    found: dict[str, Published] = {}
    for day in stored_days(store.folder, store.force):
        for kind, months in _published(Store(store.folder, store.force, day), window_months).items():
            if kind != areas:
                found |= dict.fromkeys(months, Published(day, kind))
    return {month: found[month] for month in disclosure.public_months(store.as_of, window_months) if month in found}


def record(store: Store, areas: str, months: Iterable[str], window_months: int) -> None:
    """Add the months of the day's report to what the day has published, before the report is published."""
    before = _published(store, window_months)
    published = {kind: sorted(known) for kind, known in before.items()}
    published[areas] = sorted({*before.get(areas, ()), *months})
    store.write_facts(FACTS, {"areas": areas, "months": published})


def _published(store: Store, window_months: int) -> dict[str, list[str]]:
    """Return the months that a day's reports published, by kind of areas."""
    path = store.day_folder / f"{FACTS}.json"
    try:
        facts = stored_files.read_json(path, _EARLIER_KEYS)
    except DamagedFileError as error:
        if error.is_missing:
            return {}
        raise SourceError(
            f"{error} It records by which areas figures were published, and cannot be made again. Restore it from a "
            "backup. If there is none, delete it, but only if no figures were published by other areas than now."
        ) from None
    if "months" not in facts:  # stored by an earlier version
        return {str(facts["areas"]): disclosure.public_months(store.as_of, window_months)}
    return dict(facts["months"])
