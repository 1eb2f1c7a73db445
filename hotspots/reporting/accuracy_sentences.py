"""How good lists were, in sentences: weak results as plainly as good ones."""

from typing import Any

import pandas as pd

from hotspots import categories
from hotspots.period import Window
from hotspots.reporting import formatting

OURS, DECIDED = "this method", "list with local decisions"
HISTORY, BEST = "history cover", "best possible"
METHOD_WORDS = {
    OURS: "this method",
    DECIDED: "this list with local decisions",
    "last year on squares": "last year's busiest squares",
    "kernel density": "peaks of a density map of last year",
    HISTORY: "circles over last year's incidents",
    "random": "circles at places drawn by lot",
    BEST: "the best possible with hindsight",
}
METHOD_SHORT = {
    OURS: "this method",
    DECIDED: "with local decisions",
    "last year on squares": "busiest squares",
    "kernel density": "density map",
    HISTORY: "last year's circles",
    "random": "by lot",
    BEST: "best with hindsight",
}
# Shares below and above which an interval of 80 % is called too narrow and too wide. Counts are whole numbers, so the
# shortest interval that holds 80 % often holds more.
_NARROW, _WIDE = 0.75, 0.9
# Of fewer areas nothing is concluded.
_MIN_AREAS = 20
_TOO_FEW = " (too few areas to judge)"
# The lowest and the highest tenth of a predicted spread.
_ENDS = ("0.0 to 0.1", "0.9 to 1.0")


def of_list(accuracy: pd.DataFrame, calibration: pd.DataFrame, k: int) -> list[str]:
    """What the lists of one day caught, a sentence or two for each family.

    Parameters
    ----------
    accuracy, calibration
        `tables.ACCURACY` and `tables.CALIBRATION` of one day.
    k
        How many areas from the top are told of; a shorter list counts as it stands.
    """
    said = []
    for family, rows in _at(accuracy, k).groupby("family", observed=True):
        method = rows.set_index("method")
        if OURS not in method.index:
            continue
        own = method.loc[DECIDED if DECIDED in method.index else OURS]
        window = Window(own["period_start"].date(), own["period_end"].date())
        areas = f"first {int(own['k'])} areas" if own["k"] > 1 else "first area"
        text = (
            f"{categories.FAMILY_LABELS[str(family)]}: the {areas} of the list of "
            f"{formatting.day(own['as_of'].date())} held {int(own['hits']):,} of the "
            f"{int(own['total']):,} incidents of {formatting.span(window)} "
            f"({_percent(own['hit_rate'])}). As many {METHOD_WORDS[HISTORY]}: {int(method.loc[HISTORY, 'hits']):,}; "
            f"{METHOD_WORDS[BEST]}: {int(method.loc[BEST, 'hits']):,}."
        )
        said.append(text + _interval_words(calibration[calibration["family"] == family]))
    return said


def of_backtest(gains: pd.DataFrame, pooled: pd.DataFrame) -> list[str]:
    """What lists of past dates would have caught, and by how much that beats plain ways: a sentence a family and k.

    Parameters
    ----------
    gains
        `family`, `k`, `baseline`, `dates`, `hits`, `baseline_hits`, `gain_share`, `gain_low`, `gain_high`.
    pooled
        `family`, `method`, `k`, `hits`, `total`: all dates together.
    """
    best = pooled[pooled["method"] == BEST].set_index(["family", "k"])["hits"]
    total = pooled.groupby(["family", "k"], observed=True)["total"].max()
    said = []
    for (family, k), rows in gains.groupby(["family", "k"], observed=True):
        hits, dates = (
            int(rows["hits"].iloc[0]),
            formatting.counted(int(rows["dates"].iloc[0]), "past date", "past dates"),
        )
        against = " and ".join(_gain_words(row) for row in rows.itertuples())
        label = categories.FAMILY_LABELS[str(family)]
        said.append(
            f"{label}: over {dates} the first {k} areas would have held {hits:,} of the "
            f"{total[family, k]:,} incidents that followed ({_percent(hits / total[family, k])}), {against}. "
            f"{METHOD_WORDS[BEST].capitalize()}: {best[family, k]:,}."
        )
    return said


def of_chances(pooled: pd.DataFrame) -> list[str]:
    """Whether intervals and chances came true: a sentence for each.

    Parameters
    ----------
    pooled
        `tables.CALIBRATION` with all dates taken together.
    """
    said = [_chance_words(row) for row in pooled[pooled["statement"].isin(["interval", "top_k_chance"])].itertuples()]
    spread = pooled[pooled["statement"] == "pit"]
    for family, rows in spread.groupby("family", observed=True):
        middle = rows.loc[~rows["band"].isin(_ENDS), "share"].sum()
        said.append(
            f"{categories.FAMILY_LABELS[str(family)]}: {_percent(middle)} of counts fell within the middle eight "
            f"tenths of their predicted spread{_off_words(middle)}."
        )
    return said


def _chance_words(row: Any) -> str:
    """Whether an interval or a chance came true."""
    label = categories.FAMILY_LABELS[row.family]
    if row.statement == "interval":
        what = "areas" if row.band == "all areas" else f"areas {row.band}"
        held = f"of {row.areas:,} {what} the 80 % interval held what came in {_percent(row.share)}"
        return f"{label}: {held}{_off_words(row.share) if row.areas >= _MIN_AREAS else _TOO_FEW}."
    missed = "" if row.share >= row.promised else ", which is missed"
    return (
        f"{label}: of {row.areas:,} areas with a chance above 80 % of belonging to the first 20, "
        f"{_percent(row.share)} were among the first 30 of their list by what came; {_percent(row.promised)} "
        f"or more is the aim{missed if row.areas >= _MIN_AREAS else _TOO_FEW}."
    )


def _at(accuracy: pd.DataFrame, k: int) -> pd.DataFrame:
    """The longest told list of at most k areas, for each method."""
    rows = accuracy[accuracy["k"] <= k]
    return rows[rows["k"] == rows.groupby(["family", "method"], observed=True)["k"].transform("max")]


def _interval_words(calibration: pd.DataFrame) -> str:
    """How many intervals of one list held the count."""
    rows = calibration[(calibration["statement"] == "interval") & (calibration["band"] == "all areas")]
    if rows.empty:
        return ""
    row = rows.iloc[0]
    held = round(row["share"] * row["areas"])
    return f" The 80 % interval held what came in {held} of {formatting.counted(int(row['areas']), 'area', 'areas')}."


def _gain_words(row: Any) -> str:
    """How much more than a plain way to choose, and whether that may be chance."""
    than = f"{METHOD_WORDS[row.baseline]} ({row.baseline_hits:,}"
    if round(row.gain_share, 3) == 0:
        return f"as many as {than})"
    text = f"{_percent(abs(row.gain_share))} {'more' if row.gain_share > 0 else 'fewer'} than {than}"
    if pd.isna(row.gain_low):
        return f"{text})"
    if row.gain_low <= 0 <= row.gain_high:
        return f"{text}; the difference may be chance)"
    return f"{text}; 90 % interval {_signed(row.gain_low)} to {_signed(row.gain_high)})"


def _off_words(share: float) -> str:
    """Whether a spread that should hold 80 % is far from it."""
    if _NARROW <= share <= _WIDE:
        return ""
    return ": wider than it need be" if share > _WIDE else ": too narrow"


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def _signed(share: float) -> str:
    return f"{'+' if share >= 0 else '−'}{100 * abs(share):.0f} %"
