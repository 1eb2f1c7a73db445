"""The words and numbers of a page: texts made harmless, figures as people say them.

Texts come from files that others wrote. They are cleaned here and escaped again by whatever writes them.
"""

import math
import re
from collections.abc import Iterable
from datetime import date
from functools import lru_cache

import pandas as pd

from hotspots.period import Window

FEW = 3  # fewer answers than this are never shown as a number

# Not the calendar module's: those follow the locale of the machine.
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip

FAMILY_SHORT = {"asb": "ASB", "burglary": "Burglary"}
STATUS_WORDS = {
    "new": "new",
    "persistent": "there nearly every month",
    "continuing": "still there",
    "emerging": "growing",
    "fading": "shrinking",
    "merged": "merged",
    "split": "split",
    "gone": "gone",
    "rule_changed": "rule changed",
}
CONCERN_SHORT = {
    "agreement": "Residents name it too",
    "hidden_demand": "Worry, but few reports",
    "normalised": "Named less than elsewhere",
    "unknown": "Too few answers",
}
# Names that Windows keeps for itself, with any ending.
RESERVED_NAMES = {"con", "prn", "aux", "nul", *(f"{name}{n}" for name in ("com", "lpt") for n in range(1, 10))}
FLAG_WORDS = {"single_spot": "nearly all records share one map point"}

_FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")
_NONCHARACTERS = "\ufdd0-\ufdef" + "".join(chr(number) for number in range(0xFFFF, 0x110000, 0x10000))
_NONCHARACTERS += "".join(chr(number) for number in range(0xFFFE, 0x110000, 0x10000))
# Marks that turn the direction of text, and what XML forbids or no font shows.
_NO_TEXT = re.compile(f"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\x00-\x1f\x7f-\x9f\ud800-\udfff{_NONCHARACTERS}]")


def clean(value: object, longest: int = 32_000) -> str:
    """The text on one line: control and direction marks out, spaces single, cut where too long; missing is empty."""
    if value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return ""
    spaced = re.sub(r"[\s\u2028\u2029\x00]+", " ", str(value))
    kept = _NO_TEXT.sub("", spaced).strip()
    return kept if len(kept) <= longest else kept[: longest - 1].rstrip() + "…"


def neutral(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would take it for a formula.

    Examples
    --------
    >>> neutral("=1+1")
    "'=1+1"
    """
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def number(value: float, decimals: int = 1) -> str:
    """A figure with thousands marked, without a decimal point where it is whole; a dash where missing."""
    if pd.isna(value):
        return "–"
    text = f"{value:,.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def interval(expected: float, low: float, high: float) -> str:
    """An expected number with the interval it comes with.

    Examples
    --------
    >>> interval(3.14, 1, 6)
    '3.1 (1 to 6)'
    """
    if pd.isna(expected):
        return "–"
    middle = f"{expected:,.1f}"
    return middle if pd.isna(low) or pd.isna(high) else f"{middle} ({number(low)} to {number(high)})"


def range_of(low: float, high: float) -> str:
    """The interval alone, empty where it is missing.

    Examples
    --------
    >>> range_of(1, 6)
    '1 to 6'
    """
    return "" if pd.isna(low) or pd.isna(high) else f"{number(low)} to {number(high)}"


def percent(share: float) -> str:
    """A chance as a percentage, never said to be certain."""
    if pd.isna(share):
        return "–"
    if share < 0.01:
        return "under 1 %"
    return "over 99 %" if share > 0.99 else f"{share:.0%}".replace("%", " %")


def answers(count: int) -> str:
    """How many residents' answers, without a number where they are few."""
    if count <= 0:
        return "none"
    return f"fewer than {FEW}" if count < FEW else f"{count:,}"


def named_by(row: pd.Series) -> str:
    """How many of the answers near a place name its family; hotspots do not carry the number of all answers."""
    of_all = f" of {row['answers']:,}" if "answers" in row.index and row["answers"] >= FEW else ""
    return f"{answers(row['concerns'])}{of_all}"


def counted(count: int, one: str, many: str) -> str:
    """A number with its noun.

    Examples
    --------
    >>> counted(1, "area", "areas"), counted(1200, "area", "areas")
    ('1 area', '1,200 areas')
    """
    return f"{count:,} {one if count == 1 else many}"


def sentence(text: str) -> str:
    """The text with its first letter large, all others as they are.

    Examples
    --------
    >>> sentence("council"), sentence("DVLA")
    ('Council', 'DVLA')
    """
    return text[:1].upper() + text[1:]


def day(when: date) -> str:
    """A date in words.

    Examples
    --------
    >>> day(date(2025, 9, 30))
    '30 September 2025'
    """
    return f"{when.day} {MONTHS[when.month - 1]} {when.year}"


def month(code: str) -> str:
    """A month in words.

    Examples
    --------
    >>> month("2026-02")
    'February 2026'
    """
    return f"{MONTHS[int(code[5:]) - 1]} {code[:4]}"


def months(first: str, last: str) -> str:
    """First and last month of a period in words.

    Examples
    --------
    >>> months("2025-12", "2026-02"), months("2025-09", "2025-11"), months("2025-09", "2025-09")
    ('December 2025 to February 2026', 'September to November 2025', 'September 2025')
    """
    begun = month(first).removesuffix(f" {last[:4]}")
    return month(last) if first == last else f"{begun} to {month(last)}"


def span(window: Window) -> str:
    """First and last day of a window, in words."""
    return f"{day(window.start)} to {day((pd.Timestamp(window.end) - pd.Timedelta(days=1)).date())}"


def sources(kinds: Iterable[str], force_name: str) -> list[str]:
    """Where recorded incidents come from and under which licence, a line a kind of source."""
    lines = {
        "police_uk": "Recorded incidents: data.police.uk. "
        "Contains public sector information licensed under the Open Government Licence v3.0",
        "force_export": f"Recorded incidents: records of {force_name}",
    }
    return [line for kind, line in lines.items() if kind in set(kinds)]


def flags(value: object) -> str:
    """Flags in words, comma-separated."""
    return ", ".join(FLAG_WORDS.get(flag, flag.replace("_", " ")) for flag in clean(value).split())


def place(value: object, longest: int = 120) -> str:
    """A place in the source's words, short enough for a label."""
    return clean(value, longest) or "place not named"


@lru_cache(maxsize=65_536)
def street(value: str | None) -> str:
    """A place as short as a label on the map needs it, without the words that snapped records begin with."""
    return place(value, 60).removeprefix("On or near ")


def peaks(row: pd.Series) -> list[tuple[str, str]]:
    """The peak times that a row holds, each with its name in words."""
    held = [(name, clean(row[name], 120)) for name in sorted(row.index) if str(name).startswith("peak_")]
    return [(str(name).replace("_", " ").capitalize(), text) for name, text in held if text]


def file_names(names: Iterable[str], kind: str = "area") -> list[str]:
    """Return names of files, without their ending, that every file system takes; no two are the same.

    Examples
    --------
    >>> file_names(["Leek LPT (Moorlands)", "St. Mary's", "St Marys", "CON"])
    ['leek-lpt-moorlands', 'st-mary-s', 'st-marys', 'area-con']
    """
    found: list[str] = []
    for area in names:
        plain = "".join(c if c.isascii() and c.isalnum() else " " for c in clean(area, 80).lower())
        name = "-".join(plain.split()) or kind
        name = f"{kind}-{name}" if name in RESERVED_NAMES else name
        same = sum(other == name or other.startswith(f"{name}-no-") for other in found)
        found.append(f"{name}-no-{same + 1}" if same else name)
    return found


def team_file_names(teams: pd.Series) -> dict[str, str]:
    """Return the name of each team's file.

    Examples
    --------
    >>> team_file_names(pd.Series(["Telford & Wrekin LPA", "../etc"]))
    {'../etc': 'etc', 'Telford & Wrekin LPA': 'telford-wrekin-lpa'}
    """
    names = sorted(teams.dropna().unique())
    return dict(zip(names, file_names(names, "team"), strict=True))
