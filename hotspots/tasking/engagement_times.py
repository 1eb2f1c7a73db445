"""When to come: the days and the part of the day that records or residents name, or why nobody knows."""

import pandas as pd

MONTHS_ONLY = "Not known: the records have months only"
TOO_FEW = "Not known: too few records have a time"
# The day as police plan it; records and answers are told by these bands.
BANDS = {"morning": (6, 12), "afternoon": (12, 17), "evening": (17, 22), "night": (22, 6)}
_DAYS = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")
_LEAST_TIMES, _LEAST_TICKS = 10, 3
_LONGEST_HOURS = 4
_SAY = "residents say"


def when_recorded(records: pd.DataFrame) -> str:
    """Days and part of the day in which most of the records began, in words; or why that is not known.

    Records known to more than four hours tell no time.

    Examples
    --------
    >>> times = pd.to_datetime(["2026-03-06 19:30", "2026-03-07 20:15"] * 6)
    >>> when_recorded(pd.DataFrame({"committed_from": times, "committed_to": times, "date_precision": "minute"}))
    'Fridays and Saturdays, in the evening (17:00 to 22:00)'
    """
    if not (records["date_precision"] != "month").any():
        return MONTHS_ONLY
    length = records["committed_to"].fillna(records["committed_from"]) - records["committed_from"]
    timed = records[(records["date_precision"] == "minute") & (length <= pd.Timedelta(hours=_LONGEST_HOURS))]
    begun = timed["committed_from"].dropna()
    if len(begun) < _LEAST_TIMES:
        return TOO_FEW
    band = begun.dt.hour.map(band_of)
    most = max(BANDS, key=lambda name: (band == name).sum() / ((BANDS[name][1] - BANDS[name][0]) % 24))
    by_day = begun[band == most].dt.day_of_week.value_counts().reindex(range(7), fill_value=0)
    busiest = sorted(by_day.sort_values(ascending=False, kind="stable").index[:2])
    days = " and ".join(_DAYS[day] for day in busiest)
    return f"{days}, {_band_in_words(most)}"


def when(records: pd.DataFrame, *said: pd.DataFrame) -> str:
    """When to come: as the records have it, else as residents of the first group that tells say, else why not known.

    Parameters
    ----------
    records
        As for `when_recorded`.
    said
        Answers with `time_band`: those of the place, then of its team's whole area.
    """
    recorded = when_recorded(records)
    if recorded not in (MONTHS_ONLY, TOO_FEW):
        return recorded
    told = [when_ticked(answers["time_band"]) for answers in said]
    told[1:] = [words.replace(_SAY, "residents elsewhere in the team's area say") for words in told[1:]]
    return next((words for words in told if words), recorded)


def at_doors(when_it_happens: str) -> str:
    """When to knock on doors: as told, but in the evening where it happens at night.

    Examples
    --------
    >>> at_doors("Fridays and Saturdays, at night (22:00 to 06:00)")
    'Fridays and Saturdays, in the evening (17:00 to 22:00); it happens at night'
    >>> at_doors("at weekends, residents say")
    'at weekends, residents say'
    """
    return when_it_happens.replace(_band_in_words("night"), f"{_band_in_words('evening')}; it happens at night")


def when_ticked(time_bands: pd.Series) -> str:
    """The part of the day that most residents named, in words; empty where too few named one.

    Examples
    --------
    >>> when_ticked(pd.Series(["Evening", "evening", "Evenings", "Any time", None]))
    'in the evening (17:00 to 22:00), residents say'
    """
    said = time_bands.dropna().str.casefold().str.rstrip("s")
    said = said[said.isin([*BANDS, "weekend"])]
    if len(said) < _LEAST_TICKS:
        return ""
    counted = said.value_counts()
    most = min(counted.index, key=lambda name: (-counted[name], name))
    return f"{'at weekends' if most == 'weekend' else _band_in_words(most)}, {_SAY}"


def band_of(hour: int) -> str:
    """The part of the day that an hour belongs to.

    Examples
    --------
    >>> [band_of(hour) for hour in (5, 6, 21, 22)]
    ['night', 'morning', 'evening', 'night']
    """
    return next((name for name, (start, end) in BANDS.items() if start <= hour < end), "night")


def _band_in_words(band: str) -> str:
    start, end = BANDS[band]
    said = "at night" if band == "night" else f"in the {band}"
    return f"{said} ({start:02d}:00 to {end:02d}:00)"
