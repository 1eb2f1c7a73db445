"""Days and times for engagement, from dated records or else from residents' answers."""

import pandas as pd

MONTHS_ONLY = "Not known: records give only the month"
TOO_FEW = "Not known: too few records have a time"
TIME_BANDS = {"morning": (6, 12), "afternoon": (12, 17), "evening": (17, 22), "night": (22, 6)}
_DAYS = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")
_MIN_RECORDS, _MIN_ANSWERS = 10, 3
_MAX_HOURS = 4
_BY_RESIDENTS = "according to residents"


def recorded_times(records: pd.DataFrame) -> str:
    """Return the days and the time band in which most records began, or why they are not known.

    Records whose time is only known to within more than four hours are not counted.

    Examples
    --------
    >>> times = pd.to_datetime(["2026-03-06 19:30", "2026-03-07 20:15"] * 6)
    >>> recorded_times(pd.DataFrame({"committed_from": times, "committed_to": times, "date_precision": "minute"}))
    'Fridays and Saturdays, in the evening (17:00 to 22:00)'
    """
    if not (records["date_precision"] != "month").any():
        return MONTHS_ONLY
    length = records["committed_to"].fillna(records["committed_from"]) - records["committed_from"]
    timed = records[(records["date_precision"] == "minute") & (length <= pd.Timedelta(hours=_MAX_HOURS))]
    start = timed["committed_from"].dropna()
    if len(start) < _MIN_RECORDS:
        return TOO_FEW
    band = start.dt.hour.map(time_band)
    peak = max(TIME_BANDS, key=lambda name: (band == name).sum() / ((TIME_BANDS[name][1] - TIME_BANDS[name][0]) % 24))
    by_day = start[band == peak].dt.day_of_week.value_counts().reindex(range(7), fill_value=0)
    busiest = sorted(by_day.sort_values(ascending=False, kind="stable").index[:2])
    days = " and ".join(_DAYS[day] for day in busiest)
    return f"{days}, {_describe_band(peak)}"


def best_times(records: pd.DataFrame, *answers: pd.DataFrame) -> str:
    """Return the recorded times, or those that residents reported, or why neither is known.

    Parameters
    ----------
    records
        As for `recorded_times`.
    answers
        Answers with `time_band`: first those from the place, then those from its team's whole area.
    """
    recorded = recorded_times(records)
    if recorded not in (MONTHS_ONLY, TOO_FEW):
        return recorded
    reported = [reported_times(group["time_band"]) for group in answers]
    elsewhere = f"{_BY_RESIDENTS} elsewhere in the team's area"
    reported[1:] = [times.replace(_BY_RESIDENTS, elsewhere) for times in reported[1:]]
    return next((times for times in reported if times), recorded)


def door_knocking_times(times: str) -> str:
    """Return the times with night replaced by evening, since nobody knocks on doors at night.

    Examples
    --------
    >>> door_knocking_times("Fridays and Saturdays, at night (22:00 to 06:00)")
    'Fridays and Saturdays, in the evening (17:00 to 22:00); incidents happen at night'
    >>> door_knocking_times("at weekends, according to residents")
    'at weekends, according to residents'
    """
    return times.replace(_describe_band("night"), f"{_describe_band('evening')}; incidents happen at night")


def reported_times(time_bands: pd.Series) -> str:
    """Return the time band that most residents named; empty if too few named one.

    Examples
    --------
    >>> reported_times(pd.Series(["Evening", "evening", "Evenings", "Any time", None]))
    'in the evening (17:00 to 22:00), according to residents'
    """
    bands = time_bands.dropna().str.casefold().str.rstrip("s")
    bands = bands[bands.isin([*TIME_BANDS, "weekend"])]
    if len(bands) < _MIN_ANSWERS:
        return ""
    most = bands.mode().iloc[0]
    return f"{'at weekends' if most == 'weekend' else _describe_band(most)}, {_BY_RESIDENTS}"


def time_band(hour: int) -> str:
    """Return the time band of an hour of the day.

    Examples
    --------
    >>> [time_band(hour) for hour in (5, 6, 21, 22)]
    ['night', 'morning', 'evening', 'night']
    """
    return next((name for name, (start, end) in TIME_BANDS.items() if start <= hour < end), "night")


def _describe_band(band: str) -> str:
    """Return a time band in words, with its hours."""
    start, end = TIME_BANDS[band]
    words = "at night" if band == "night" else f"in the {band}"
    return f"{words} ({start:02d}:00 to {end:02d}:00)"
