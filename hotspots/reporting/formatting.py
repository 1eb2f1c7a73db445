"""Format texts, numbers and dates for reports.

Texts come from other people's files. They are cleaned here and escaped again where they are written.
"""

import math
import re
from collections.abc import Iterable
from datetime import date
from functools import lru_cache

import pandas as pd

from hotspots import wording
from hotspots.period import Window

FEW = 3  # fewer responses than this are never shown as a number

# The names in the calendar module depend on the locale of the machine.
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip

FAMILY_SHORT = {"asb": "ASB", "burglary": "Burglary"}
STATUS_LABELS = {
    "new": "new",
    "persistent": "persistent",
    "continuing": "continuing",
    "emerging": "growing",
    "fading": "shrinking",
    "merged": "merged",
    "split": "split",
    "gone": "ended",
    "rule_changed": "settings changed",
}
CONCERN_LABELS = {
    "agreement": "Residents are concerned too",
    "hidden_demand": "Concern, but few reports",
    "normalised": "Less concern than elsewhere",
    "unknown": "Too few responses",
}
# Windows reserves these names, with any file extension.
RESERVED_NAMES = {"con", "prn", "aux", "nul", *(f"{name}{n}" for name in ("com", "lpt") for n in range(1, 10))}
FLAG_LABELS = {"single_spot": "nearly all records share one map point"}

_FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")
_NONCHARACTERS = "\ufdd0-\ufdef" + "".join(chr(number) for number in range(0xFFFF, 0x110000, 0x10000))
_NONCHARACTERS += "".join(chr(number) for number in range(0xFFFE, 0x110000, 0x10000))
# Marks that turn the direction of text, and what XML forbids or no font shows.
_NO_TEXT = re.compile(f"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\x00-\x1f\x7f-\x9f\ud800-\udfff{_NONCHARACTERS}]")


def clean(value: object, max_length: int = 32_000) -> str:
    """Return the text on one line, without control and direction marks, cut to a length; empty if missing."""
    if value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return ""
    spaced = re.sub(r"[\s\u2028\u2029\x00]+", " ", str(value))
    kept = _NO_TEXT.sub("", spaced).strip()
    return kept if len(kept) <= max_length else kept[: max_length - 1].rstrip() + "…"


def escape_formula(text: str) -> str:
    """Return the text with a leading apostrophe where a spreadsheet would read it as a formula.

    Examples
    --------
    >>> escape_formula("=1+1")
    "'=1+1"
    """
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def number(value: float, decimals: int = 1) -> str:
    """Return a number with thousands separators and without trailing zeros; a dash if missing."""
    text = fixed(value, decimals)
    return text.rstrip("0").rstrip(".") if "." in text else text


def fixed(value: float, decimals: int) -> str:
    """Return a number with thousands separators and fixed decimals; a dash if missing."""
    return "–" if pd.isna(value) else f"{value:,.{decimals}f}"


def interval(expected: float, low: float, high: float) -> str:
    """Return an expected number with its likely range.

    Examples
    --------
    >>> interval(3.14, 1, 6)
    '3.1 (1 to 6)'
    """
    likely = value_range(low, high)
    return fixed(expected, 1) + (f" ({likely})" if likely else "")


def value_range(low: float, high: float) -> str:
    """Return a range in words; empty if missing.

    Examples
    --------
    >>> value_range(1, 6)
    '1 to 6'
    """
    return "" if pd.isna(low) or pd.isna(high) else f"{number(low)} to {number(high)}"


def percent_or_limit(share: float) -> str:
    """Return a share as a percentage; values near 0 % and 100 % are given as limits."""
    if pd.isna(share):
        return "–"
    if share < 0.01:
        return "under 1 %"
    return "over 99 %" if share > 0.99 else wording.percent(share)


def response_count(count: int) -> str:
    """Return a number of survey responses; small numbers are given in words."""
    if count <= 0:
        return "none"
    return f"fewer than {FEW}" if count < FEW else f"{count:,}"


def concern_count(row: pd.Series) -> str:
    """Return how many of the responses near a place name its family; hotspots have no total number of responses."""
    of_all = f" of {row['answers']:,}" if "answers" in row.index and row["answers"] >= FEW else ""
    return f"{response_count(row['concerns'])}{of_all}"


def capitalise(text: str) -> str:
    """Return the text with a capital first letter, the rest unchanged.

    Examples
    --------
    >>> capitalise("council"), capitalise("DVLA")
    ('Council', 'DVLA')
    """
    return text[:1].upper() + text[1:]


def day(when: date) -> str:
    """Return a date in words.

    Examples
    --------
    >>> day(date(2025, 9, 30))
    '30 September 2025'
    """
    return f"{when.day} {MONTHS[when.month - 1]} {when.year}"


def month(code: str) -> str:
    """Return a month in words.

    Examples
    --------
    >>> month("2026-02")
    'February 2026'
    """
    return f"{MONTHS[int(code[5:]) - 1]} {code[:4]}"


def months(first: str, last: str) -> str:
    """Return the first and last month of a period in words.

    Examples
    --------
    >>> months("2025-12", "2026-02"), months("2025-09", "2025-11"), months("2025-09", "2025-09")
    ('December 2025 to February 2026', 'September to November 2025', 'September 2025')
    """
    start = month(first).removesuffix(f" {last[:4]}")
    return month(last) if first == last else f"{start} to {month(last)}"


def date_range(window: Window) -> str:
    """Return the first and last day of a window in words."""
    return f"{day(window.start)} to {day((pd.Timestamp(window.end) - pd.Timedelta(days=1)).date())}"


def latest_counts(row: pd.Series) -> str:
    """Return the incidents of the latest months, beside those expected from the months before, and the p value.

    Empty if there are too few months to compare.
    """
    if pd.isna(row["change_p_value"]):
        return ""
    latest, expected = f"{row['latest_incidents']:,}", fixed(row["latest_expected"], 1)
    period = wording.counted(int(row["latest_months"]), "month")
    earlier = f"{row['incidents'] - row['latest_incidents']:,}"
    chance = p_value(row["change_p_value"])
    return f"{latest} in the last {period}, {expected} expected from the {earlier} before ({chance})"


def counts_before(row: pd.Series) -> str:
    """Return the incidents of the previous and of this window; their months too, where these differ.

    Examples
    --------
    >>> counts_before(pd.Series({"incidents_before": 15, "months_before": 12, "incidents": 18, "months_seen": 12}))
    '15 before, 18 now'
    >>> counts_before(pd.Series({"incidents_before": 1, "months_before": 8, "incidents": 2, "months_seen": 9}))
    '1 in 8 months before, 2 in 9 months now'
    """
    if not row["months_before"]:
        return ""
    before, now = (wording.counted(int(row[name]), "month") for name in ("months_before", "months_seen"))
    before, now = (f" in {before}", f" in {now}") if before != now else ("", "")
    return f"{row['incidents_before']:,}{before} before, {row['incidents']:,}{now} now"


def p_value(value: float) -> str:
    """Return a p value.

    Examples
    --------
    >>> p_value(0.0312), p_value(0.00002)
    ('p = 0.031', 'p < 0.001')
    """
    return "p < 0.001" if value < 0.001 else f"p = {value:.{2 if value >= 0.1 else 3}f}"


def sources(kinds: Iterable[str], force_name: str) -> list[str]:
    """Return the origin and licence of recorded incidents, one line per kind of source."""
    lines = {
        "police_uk": "Recorded incidents: data.police.uk. "
        "Contains public sector information licensed under the Open Government Licence v3.0",
        "force_export": f"Recorded incidents: records of {force_name}",
    }
    return [line for kind, line in lines.items() if kind in set(kinds)]


def base_map_credits(products: Iterable[object], year: int) -> list[str]:
    """Return the rights in the products of a base map, as their licences ask for them.

    Examples
    --------
    >>> base_map_credits(["OpenStreetMap", "OpenStreetMap"], 2026)
    ['© OpenStreetMap contributors (ODbL)']
    """
    holders = {
        "OS Open Roads": f"Contains OS data © Crown copyright and database right {year}",
        "OS Open Zoomstack": f"Contains OS data © Crown copyright and database right {year}",
        "OpenStreetMap": "© OpenStreetMap contributors (ODbL)",
    }
    used = {str(product) for product in pd.unique(pd.Series(products, dtype="object"))}
    return list(dict.fromkeys(line for product, line in holders.items() if product in used))


def flags(value: object) -> str:
    """Return flags in words, separated by commas."""
    return ", ".join(FLAG_LABELS.get(flag, flag.replace("_", " ")) for flag in clean(value).split())


def place(value: object, max_length: int = 120) -> str:
    """Return the name of a place, cut to a length."""
    return clean(value, max_length) or "place not named"


@lru_cache(maxsize=65_536)
def street(value: str | None) -> str:
    """Return the short name of a street, without the "On or near" of police.uk."""
    return place(value, 60).removeprefix("On or near ")


def peak_times(row: pd.Series) -> list[tuple[str, str]]:
    """Return the peak times of a row, each with its name."""
    texts = [(name, clean(row[name], 120)) for name in sorted(row.index) if str(name).startswith("peak_")]
    return [(str(name).replace("_", " ").capitalize(), text) for name, text in texts if text]


def when(row: pd.Series) -> str:
    """Return when to visit an area; empty if its data has no times."""
    return "; ".join(text for _, text in peak_times(row))


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
