"""Findings about rows of incident files: types that no setting maps, and rows that cannot be read, with counts.

Many files may have the same fault, so the counts of all files are added up to one finding.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from hotspots import findings, wording
from hotspots.privacy import personal_details

_SHOWN = 8
# A value that occurs less often is not shown: it may be a text, a name or an address in a column of types.
_MIN_ROWS = 10
# Values that are no names of types: long texts, references, telephone numbers, addresses of any kind.
_NOT_A_TYPE = re.compile(r"\d{4}|\d+[a-zA-Z]? +[a-zA-Z]|@|.{51}", re.DOTALL)
_FILE = "file"


def unrecognised_types(file: str, counts: Mapping[str, int]) -> list[dict[str, Any]]:
    """Report records whose type is not mapped to a category.

    Parameters
    ----------
    file
        Name of the file.
    counts
        Type, as the file has it, to the number of records.
    """
    shown: Counter[str] = Counter()
    for value, number in counts.items():
        text = " ".join(value.split())
        is_type = number >= _MIN_ROWS and not _NOT_A_TYPE.search(text) and not personal_details.holds_details(text)
        shown[text if is_type else ""] += int(number)
    return _with_counts("unrecognised_type", {file: shown})


def unreadable_rows(file: str, counts: Mapping[str, int]) -> list[dict[str, Any]]:
    """Report rows that cannot be read.

    Parameters
    ----------
    file
        Name of the file.
    counts
        Reason, such as "no date", to the number of rows.
    """
    return _with_counts("unreadable_rows", {file: counts})


def merge(found: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return findings with those of this module added up over files, and all others as they are."""
    others, files = [], dict[str, dict[str, Mapping[str, int]]]()
    for each in found:
        if "counts" in each:
            files.setdefault(each["kind"], {})[each[_FILE]] = each["counts"]
        else:
            others.append(each)
    return others + [one for kind in sorted(files) for one in _with_counts(kind, files[kind])]


def _with_counts(kind: str, files: Mapping[str, Mapping[str, int]]) -> list[dict[str, Any]]:
    """Return the finding about the rows of some files, with its counts; nothing if there are no such rows."""
    total: Counter[str] = Counter()
    for counts in files.values():
        total.update({value: int(number) for value, number in counts.items() if number})
    if not total:
        return []
    names = [name for name, counts in files.items() if any(counts.values())]
    where = names[0] if len(names) == 1 else wording.counted(len(names), "file")
    found = _describe_types(where, total) if kind == "unrecognised_type" else _describe_unreadable(where, total)
    return [{**found, _FILE: where, "counts": dict(total)}]


def _describe_types(where: str, types: Counter[str]) -> dict[str, Any]:
    """Describe records with types that are not mapped."""
    total = sum(types.values())
    sentence = f"{where}: {wording.counted(total, 'record has', 'records have')} a type that no setting maps: "
    action = "Kept and counted as 'unrecognised', but not scored. Map the types in the settings."
    return findings.finding("unrecognised_type", f"{sentence}{_listed(types)}.", action, "force_export.categories")


def _describe_unreadable(where: str, reasons: Counter[str]) -> dict[str, Any]:
    """Describe rows that cannot be read."""
    total = sum(reasons.values())
    sentence = f"{where}: {wording.counted(total, 'row')} cannot be read: {_listed(reasons, quote='')}."
    action = "Set aside. rows_set_aside.csv in the folder of stored tables has the number of each row."
    return findings.finding("unreadable_rows", sentence, action)


def _listed(counts: Counter[str], quote: str = "'") -> str:
    """Return values with their counts, the most frequent first, and the number of all others."""
    ordered = sorted(((name, number) for name, number in counts.items() if name), key=lambda item: (-item[1], item[0]))
    parts = [f"{quote}{value}{quote} ({number:,})" for value, number in ordered[:_SHOWN]]
    hidden = counts.get("", 0) + sum(number for _, number in ordered[_SHOWN:])
    return ", ".join([*parts, *([f"others ({hidden:,})"] if hidden else [])])
