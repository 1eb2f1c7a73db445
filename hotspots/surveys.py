"""Surveys: the respondents by whom residents are counted, and the order, last day and kind of waves."""

import re
from typing import Any, NamedTuple

import pandas as pd

_PARTS = re.compile(r"\d{1,9}|[a-z]+")
_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS = {name: number for number, name in enumerate(_MONTH_NAMES, 1)}
_NAMED = re.compile(
    r"\b(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)\b"
)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
# "2025-09", "2025-09-01 00:00:00" and "202509"; "09/2025" and "01/09/2025".
_NUMBERED = re.compile(r"(?<!\d)(?:20\d\d[-/. ]?(0[1-9]|1[0-2])(?![\d/])|(0[1-9]|1[0-2])[-/. ]20\d\d(?!\d))")
_FINANCIAL = re.compile(r"(?<!\d)(20\d\d)\s?[/-]\s?(?:20)?(\d\d)(?!\d|[-/]\d)")
_QUARTER = re.compile(r"\bq(?:uarter|tr)?\.?\s*([1-4])(?!\d)|(?<!\d)([1-4])(?:st|nd|rd|th)?\s*q(?:uarter|tr)?\b")
# "Dec-25", as Excel writes December 2025.
_SHORT_YEAR = re.compile(r"(?<=[a-z])[\s'’-]+(\d\d)$")


class Counted(NamedTuple):
    """What a survey counts, in words: the singular, the plural, and the plural of those who took part."""

    one: str
    many: str
    sample: str

    @property
    def are_people(self) -> bool:
        """Return whether residents are counted, each once."""
        return self.one == "resident"


RESIDENTS, ANSWERS = Counted("resident", "residents", "respondents"), Counted("answer", "answers", "answers")


def counted_by(concerns: pd.DataFrame) -> Counted:
    """Return what is counted: residents, or answers where no answer says which respondent gave it."""
    ids = concerns.get("respondent_id")
    return ANSWERS if ids is not None and len(ids) and ids.isna().all() else RESIDENTS


def respondents_of(concerns: pd.DataFrame) -> pd.Series:
    """Return the respondent of each concern, or the answer where the survey does not identify respondents."""
    return concerns["respondent_id"].astype("str").fillna(answers_of(concerns)).rename("respondent")


def answers_of(concerns: pd.DataFrame) -> pd.Series:
    """Return the answer that each concern is from: the concern's id without its number."""
    return concerns["concern_id"].str.replace(r"-[^-]*$", "", regex=True)


def wave_order(wave: str) -> tuple[Any, ...]:
    """Return a sort key of a wave: its last day if known, else its years and numbers.

    Examples
    --------
    >>> sorted(["Wave 10", "Wave 9", "Q2 2025", "2025/26 Q1", "Dec 2025", "2025-Q1", "March 2024"], key=wave_order)
    ['Wave 9', 'Wave 10', 'March 2024', '2025-Q1', '2025/26 Q1', 'Q2 2025', 'Dec 2025']
    """
    end = wave_end(wave)
    if not pd.isna(end):
        return (1, end.toordinal(), wave)
    numbers = [int(part) for part in _PARTS.findall(wave.lower()) if part.isdigit()]
    years, others = [n for n in numbers if n >= 1900], [n for n in numbers if n < 1900]
    return (0, years[0] if years else 0, tuple(others), wave)


def wave_kind(wave: str) -> str:
    """Return what a wave is named by, `date`, `year` or `number`; only waves of one kind are compared.

    Examples
    --------
    >>> [wave_kind(wave) for wave in ("2025/26 Q1", "Dec 2025", "2025/26", "2024", "Wave 12")]
    ['date', 'date', 'year', 'year', 'number']
    """
    plain = wave.lower()
    if _YEAR.search(plain) and not (_QUARTER.search(plain) or _NAMED.search(plain) or _month_number(plain)):
        return "year"
    return "number" if pd.isna(wave_end(wave)) else "date"


def wave_end(wave: str) -> pd.Timestamp:
    """Return the last day of the month, quarter or financial year in a wave's name, missing if there is none.

    If there are several months, the last one is used.

    Examples
    --------
    >>> str(wave_end("2025-Q1").date()), str(wave_end("Sept 2025").date()), wave_end("Wave 7")
    ('2025-03-31', '2025-09-30', NaT)
    >>> [str(wave_end(wave).date()) for wave in ("Q1 2025/26", "2025-26", "Dec 2024 to Feb 2025")]
    ['2025-06-30', '2026-03-31', '2025-02-28']
    """
    plain = wave.lower().strip()
    named = [_MONTHS[name[:3]] for name in _NAMED.findall(plain)]
    short = _SHORT_YEAR.search(plain) if named and not _YEAR.search(plain) else None
    years = [2000 + int(short[1])] if short else [int(year) for year in _YEAR.findall(plain)]
    quarter = _QUARTER.search(plain)
    if not years:
        return pd.NaT
    financial = _FINANCIAL.search(plain)
    is_financial = financial is not None and int(financial[2]) == (int(financial[1]) + 1) % 100
    if is_financial and not named:
        months = 3 * int(quarter[1] or quarter[2]) if quarter else 12
        return pd.Timestamp(years[0], 4, 1) + pd.DateOffset(months=months) - pd.Timedelta(days=1)
    month = 3 * int(quarter[1] or quarter[2]) if quarter else named[-1] if named else _month_number(plain)
    return pd.Timestamp(years[-1], month, 1) + pd.offsets.MonthEnd(0) if month else pd.NaT


def _month_number(plain: str) -> int:
    """Return the month of a name such as "2025-09", 0 if there is none."""
    found = _NUMBERED.search(plain)
    return int(found[1] or found[2]) if found else 0
