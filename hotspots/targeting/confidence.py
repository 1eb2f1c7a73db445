"""Confidence in the police as surveys published it: shares with their intervals, and what changed between waves."""

import re

import pandas as pd

from hotspots import shares

CONFIDENCE = 0.95
_PARTS = re.compile(r"\d+|[a-z]+")
_MONTHS = {name: n for n, name in enumerate(["jan", "feb", "mar", "apr", "may", "jun"], 1)}
_MONTHS |= {name: n for n, name in enumerate(["jul", "aug", "sep", "oct", "nov", "dec"], 7)}
_FINANCIAL = re.compile(r"(?<!\d)(20\d\d)\s?[/-]\s?(?:20)?(\d\d)(?!\d)")


def compare_waves(confidence: pd.DataFrame, teams: pd.Series, as_of: pd.Timestamp) -> pd.DataFrame:
    """Each result with its interval, the wave before it, and the change since then with its interval.

    Waves of a month or quarter that is not over on the day are left out; of other names the order is that of their
    numbers.

    Parameters
    ----------
    confidence
        `tables.CONFIDENCE`.
    teams
        Team of each place, by code and by name.
    as_of
        Day of the report.

    Returns
    -------
    DataFrame
        With `team_name`, `low`, `high`, `previous_wave`, `change`, `change_low`, `change_high` and `is_changed`:
        whether the whole interval of the change lies on one side of nought. Waves in order, by question and place.

    References
    ----------
    Wilson's interval for a share, Newcombe's for a change (`hotspots.shares`).
    """
    ends = confidence["wave"].map(wave_end)
    known = confidence[ends.isna() | (ends <= as_of)]
    known = known.assign(order=known["wave"].map(wave_order), team_name=known["place_code"].map(teams).astype("str"))
    known = known.sort_values(["question", "place_code", "order", "wave"], ignore_index=True)
    before = known.groupby(["question", "place_code"])[["wave", "share", "respondents"]].shift()
    low, high = shares.wilson(known["share"], known["respondents"], CONFIDENCE)
    change_low, change_high = shares.difference(
        (known["share"], known["respondents"]), (before["share"], before["respondents"]), CONFIDENCE
    )
    return known.drop(columns="order").assign(
        low=low, high=high,
        previous_wave=before["wave"], change=known["share"] - before["share"],
        change_low=change_low, change_high=change_high,
        is_changed=(change_low > 0) | (change_high < 0),
    )  # fmt: skip


def wave_order(wave: str) -> tuple[tuple[int, int, str], ...]:
    """A key by which waves stand in order: years first, then quarters, months or numbers.

    Examples
    --------
    >>> sorted(["Wave 10", "Wave 9", "Q2 2025", "2025-Q1", "March 2024"], key=wave_order)
    ['Wave 9', 'Wave 10', 'March 2024', '2025-Q1', 'Q2 2025']
    """
    parts = [(int(part) if part.isdigit() else _MONTHS.get(part[:3], 0), part) for part in _PARTS.findall(wave.lower())]
    numbers = [number for number, _ in parts if number]
    years = [number for number in numbers if number >= 1900]
    rest = [number for number in numbers if number < 1900]
    return (*((1, year, "") for year in years[:1]), *((0, number, "") for number in rest), (0, 0, wave))


def wave_end(wave: str) -> pd.Timestamp:
    """Last day of the month, quarter or financial year that a wave names; missing where it names none.

    Examples
    --------
    >>> str(wave_end("2025-Q1").date()), str(wave_end("Sept 2025").date()), wave_end("Wave 7")
    ('2025-03-31', '2025-09-30', NaT)
    >>> str(wave_end("Q1 2025/26").date()), str(wave_end("2025-26").date())
    ('2025-06-30', '2026-03-31')
    """
    plain = wave.lower().strip()
    financial, year = _FINANCIAL.search(plain), re.search(r"(?<!\d)(?:19|20)\d\d(?!\d)", plain)
    if year is None:
        return pd.NaT
    is_financial = financial is not None and int(financial[2]) == (int(financial[1]) + 1) % 100
    rest = _FINANCIAL.sub(" ", plain) if is_financial else f"{plain[: year.start()]} {plain[year.end() :]}"
    quarter, month = re.search(r"q\s*([1-4])(?!\d)", rest), re.search(r"(?<!\d)(0[1-9]|1[0-2])(?!\d)", rest)
    named = next((number for name, number in _MONTHS.items() if re.search(rf"\b{name}", rest)), None)
    if is_financial and named is None:
        months = 3 * int(quarter[1]) if quarter else 12
        return pd.Timestamp(int(year[0]), 4, 1) + pd.DateOffset(months=months) - pd.Timedelta(days=1)
    number = 3 * int(quarter[1]) if quarter else int(month[1]) if month else named
    return pd.Timestamp(int(year[0]), number, 1) + pd.offsets.MonthEnd(0) if number else pd.NaT
