"""Releases of a month: of several files with the same month of a force, which one counts.

The same month may be in several files: downloaded again, copied under another name, packed in an archive, cut short, or
joined with other months. Month and force are those of the rows. Of the files that have at least nine tenths of the rows
of the fullest one, the newest release counts, and of one release the fullest.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from hotspots import period
from hotspots.sources import raw_file
from hotspots.sources.raw_file import RawFile

KINDS = ("street", "outcomes")
# Below this share of the rows of the fullest file, a file is cut short.
COMPLETE_SHARE = 0.9


def choose_releases(files: Iterable[RawFile]) -> list[RawFile]:
    """Return the files, with the months that each does not give; one that gives none is not used.

    Parameters
    ----------
    files
        With the months of their rows. A file that is mainly of one month competes for that month only, and its few
        other rows are kept.
    """
    files = list(files)
    rivals: dict[tuple[str, str, str], list[RawFile]] = defaultdict(list)
    for file in files:
        for month in main_months(file):
            rivals[file.kind, file.force, month].append(file)
    chosen = {key: _best(found, key[2]) for key, found in rivals.items()}
    return [_with_unused_months(file, chosen) for file in files]


def unused_months(file: RawFile, months: Iterable[str], day: date) -> dict[str, str]:
    """Return why a day does not use some of the months that a file has: other releases count, or they are later."""
    later = {month: "after_as_of" for month in months if file.kind in KINDS and period.last_day(month) > day}
    return later | dict.fromkeys(file.unused_months, "other_release")


def main_months(file: RawFile) -> list[str]:
    """Return the months for which a file competes with others."""
    if file.not_used or file.kind not in KINDS:
        return []
    return [file.month] if file.month else list(file.months)


def _best(files: list[RawFile], month: str) -> RawFile:
    """Return the file whose rows of the month count."""
    most = max(_rows(file, month) for file in files)
    complete = [file for file in files if _rows(file, month) >= COMPLETE_SHARE * most]
    return max(complete, key=lambda file: (file.release, _rows(file, month), -len(file.months), file.sha256))


def _with_unused_months(file: RawFile, chosen: dict[tuple[str, str, str], RawFile]) -> RawFile:
    """Return the file with the months that other files give; not used if they give all."""
    months = main_months(file)
    others = {month: chosen[file.kind, file.force, month] for month in months}
    unused = [month for month, other in others.items() if other is not file]
    if not unused or len(unused) < len(months):
        return replace(file, unused_months=tuple(unused))
    reason = _reason(file, others[unused[0]], unused[0])
    return replace(file, not_used=reason, unused_months=tuple(unused))


def _reason(file: RawFile, other: RawFile, month: str) -> str:
    """Say why another file gives a month."""
    where = other.path.name if other.member else other.name
    if _rows(file, month) < COMPLETE_SHARE * _rows(other, month):
        why = f"it has {_rows(other, month):,} rows of {month}, this file {_rows(file, month):,}"
    elif other.release > file.release:
        why = f"{raw_file.REPLACED} ({other.release})"
    else:
        why = f"the same release of {month}"
    return f"{where} is used instead: {why}"


def _rows(file: RawFile, month: str) -> int:
    return file.months.get(month, 0)
