"""Codes the answers of a survey: channel, frequency, time of day, rank, and yes or no.

Answers that no pattern recognises become missing, so nothing that a resident typed is kept.
"""

import re
from collections.abc import Callable

import pandas as pd

# The first pattern that matches counts.
_CHANNELS = {
    "doorstep": r"door|home visit|knock",
    "event": r"event|stall|stand\b|surgery|walk|meeting|fair|drop.?in|engagement|in person|face.to.face",
    "online": r"online|web|internet|e-?mail|\bapp\b|\bqr\b|link|social|alert|digital|mobile|desktop",
    "phone": r"phone|\b101\b|\bcall",
    "paper": r"paper|post|form|leaflet|letter",
}
_FREQUENCIES = {
    "less": r"less|rare|seldom|occasional|sometimes|now and (?:then|again)|few times a year|year|hardly",
    "daily": r"(?:every|each|per|a|most) ?days?\b|\bdaily|every (?:night|evening)|\bnightly|all the time|constant|hour",
    "weekly": r"week",
    "monthly": r"month|fortnight",
    "once": r"\bonce\b|one.?off|first time|\bonly\b",
}
_TIME_BANDS = {
    "any": r"any ?time|all (?:day|the time|times)|24 ?/ ?7|var(?:y|ies)|no (?:pattern|particular)|throughout|constant",
    "morning": r"morning|breakfast|school run|commut|rush hour",
    "afternoon": r"afternoon|midday|lunch|after school|school run|day ?time",
    "evening": r"evening|tea ?time|dusk|rush hour|after work",
    "night": r"night|after dark|late|early hours|small hours|dark",
    "weekend": r"weekend|saturday|sunday",
}
_CLOCK = re.compile(r"\b(\d{1,2})(?:[:.](\d\d))? ?([ap])?\.?m?\b")
_HOURS = ((5, "night"), (12, "morning"), (17, "afternoon"), (22, "evening"), (25, "night"))
_YES = re.compile(
    r"(?:yes|y|true|agreed?|i agree|consent(?:ed)?|i (?:do )?consent|given|granted|x|✓|✔|☑|ticked|checked|on|1)\b|[✓✔☑]"
)
_NO = re.compile(r"(?:no|n|false|disagree|refused|declined|withdrawn|not|none|unticked|unchecked|off|0|-)(?:\b|$)")
_NOT_SURE = re.compile(r"not (?:sure|known|stated|applicable)|no (?:answer|idea|reply)|n/a\b")
_RANKS = {1: r"high|top|first|most|very", 2: r"medium|second|moderate|fair", 3: r"low|third|least|little"}

TIME_BANDS = tuple(_TIME_BANDS)


def channels(texts: pd.Series) -> pd.Series:
    """Return doorstep, event, online, phone or paper; `other` for any other channel given."""
    return _each(texts, lambda text: _first(text, _CHANNELS) or "other")


def frequencies(texts: pd.Series) -> pd.Series:
    """Return daily, weekly, monthly, less or once: "once a week" is weekly, "less than once a month" less."""
    return _each(texts, lambda text: _first(text, _FREQUENCIES))


def time_bands(texts: pd.Series) -> pd.Series:
    """Return times of day in `TIME_BANDS`, separated by spaces; a clock time counts by its start.

    Examples
    --------
    >>> time_bands(pd.Series(["Evening; Night", "6pm - 10pm", "18:30", "Whenever"])).tolist()
    ['evening night', 'evening', 'evening', nan]
    """
    return _each(texts, _time_band)


def yes_or_no(texts: pd.Series) -> pd.Series:
    """Return `yes`, `no`, or missing where the answer is neither."""
    return _each(texts, is_yes_or_no)


def ranks(texts: pd.Series) -> pd.Series:
    """Return ranks from 1, the highest priority, to 9; high, medium and low are 1 to 3, and NaN is no rank."""
    return _each(texts, _rank).astype("float64")


def is_yes_or_no(text: str) -> str | None:
    """Return one answer as `yes` or `no`; None where it is neither."""
    plain = text.strip().casefold()
    if _NOT_SURE.match(plain):
        return None
    return "yes" if _YES.match(plain) else "no" if _NO.match(plain) else None


def _each(texts: pd.Series, code_of: Callable[[str], object]) -> pd.Series:
    """Return the code of each text; each different text is coded once."""
    texts = texts.astype("str")
    known = {text: code_of(text) for text in texts.dropna().unique()}
    found = texts.map(known)
    return found.astype("float64") if code_of is _rank else found.astype("str")


def _first(text: str, patterns: dict[str, str]) -> str | None:
    plain = text.casefold()
    return next((name for name, pattern in patterns.items() if re.search(pattern, plain)), None)


def _time_band(text: str) -> str | None:
    plain = text.casefold()
    found = {name for name, pattern in _TIME_BANDS.items() if re.search(pattern, plain)}
    if "24/7" not in plain.replace(" ", ""):
        clock = _CLOCK.search(plain)
        if clock and (clock[2] or clock[3]):
            hour = int(clock[1]) % 12 + 12 * (clock[3] == "p") if clock[3] else int(clock[1])
            found |= {next(name for end, name in _HOURS if hour < end)} if hour < 25 else set()
    if {"any"} & found or {"morning", "afternoon", "evening", "night"} <= found:
        return "any"
    return " ".join(name for name in TIME_BANDS if name in found) or None


def _rank(text: str) -> float:
    figure = re.match(r"\s*([1-9])(?![\d])", text)
    if figure:
        return float(figure[1])
    plain = text.casefold()
    return next((float(rank) for rank, pattern in _RANKS.items() if re.search(pattern, plain)), float("nan"))
