"""Describe how accurate lists were, weak results as plainly as good ones."""

from typing import Any

import pandas as pd

from hotspots import categories, wording
from hotspots.period import Window
from hotspots.reporting import formatting
from hotspots.scored_methods import BEST, DECIDED, DENSITY, HISTORY, METHOD, RANDOM, SQUARES

METHOD_NAMES = {
    METHOD: "this method",
    DECIDED: "this list after local decisions",
    SQUARES: "the busiest squares of last year",
    DENSITY: "the peaks of last year's kernel density map",
    HISTORY: "circles around last year's busiest places",
    RANDOM: "circles at random places",
    BEST: "the best possible with hindsight",
}
METHOD_SHORT = {
    METHOD: "this method",
    DECIDED: "local decisions",
    SQUARES: "busiest squares",
    DENSITY: "kernel density",
    HISTORY: "last year's circles",
    RANDOM: "random",
    BEST: "best with hindsight",
}
# An 80 % range counts as too narrow below the first share and as too wide above the second. Counts are whole numbers,
# so the shortest range that covers 80 % often covers more.
_NARROW, _WIDE = 0.75, 0.9
_MIN_AREAS = 20  # fewer areas support no conclusion
_TOO_FEW = " (too few areas to judge)"
# The lowest and the highest tenth of a predicted distribution.
_TAILS = ("0.0 to 0.1", "0.9 to 1.0")


def describe_list(accuracy: pd.DataFrame, calibration: pd.DataFrame, k: int) -> list[str]:
    """Return what the lists of one day captured, in a few sentences for each family.

    Parameters
    ----------
    accuracy, calibration
        `tables.ACCURACY` and `tables.CALIBRATION` of one day.
    k
        Number of areas from the top of the list; a shorter list is described as it is.
    """
    sentences = []
    for family, rows in _at(accuracy, k).groupby("family", observed=True):
        method = rows.set_index("method")
        if METHOD not in method.index:
            continue
        own = method.loc[DECIDED if DECIDED in method.index else METHOD]
        window = Window(own["period_start"].date(), own["period_end"].date())
        areas = f"first {int(own['k'])} areas" if own["k"] > 1 else "first area"
        text = (
            f"{categories.FAMILY_LABELS[str(family)]}: the {areas} on the list of "
            f"{formatting.day(own['as_of'].date())} captured {int(own['hits']):,} of the "
            f"{wording.counted(int(own['total']), 'incident')} of {formatting.date_range(window)} "
            f"({wording.percent(own['hit_rate'], 1)}). The same number of {METHOD_NAMES[HISTORY]} would have "
            f"captured {int(method.loc[HISTORY, 'hits']):,}, "
            f"and {METHOD_NAMES[BEST]} {int(method.loc[BEST, 'hits']):,}."
        )
        sentences.append(text + _describe_range(calibration[calibration["family"] == family]))
    return sentences


def describe_backtest(gains: pd.DataFrame, pooled: pd.DataFrame) -> list[str]:
    """Return what lists of past dates would have captured beside the baselines, a sentence for each family and k.

    Parameters
    ----------
    gains
        `family`, `k`, `baseline`, `dates`, `hits`, `baseline_hits`, `gain_share`, `gain_low`, `gain_high`.
    pooled
        `family`, `method`, `k`, `hits`, `total`: all dates together.
    """
    best = pooled[pooled["method"] == BEST].set_index(["family", "k"])["hits"]
    total = pooled.groupby(["family", "k"], observed=True)["total"].max()
    sentences = []
    for (family, k), rows in gains.groupby(["family", "k"], observed=True):
        hits = int(rows["hits"].iloc[0])
        dates = wording.counted(int(rows["dates"].iloc[0]), "past date")
        against = " and ".join(_describe_gain(row) for row in rows.itertuples())
        sentences.append(
            f"{categories.FAMILY_LABELS[str(family)]}: over {dates} the first {wording.counted(k, 'area')} "
            f"would have captured {hits:,} "
            f"of the {wording.counted(total[family, k], 'incident')} that followed "
            f"({wording.percent(hits / total[family, k], 1)}), {against}. "
            f"{formatting.capitalise(METHOD_NAMES[BEST])}: {best[family, k]:,}."
        )
    return sentences


def describe_calibration(pooled: pd.DataFrame) -> list[str]:
    """Return how well ranges and chances matched what was observed, a sentence for each.

    Parameters
    ----------
    pooled
        `tables.CALIBRATION` with all dates taken together.
    """
    rows = pooled[pooled["statement"].isin(["interval", "top_k_chance"])]
    sentences = [_describe_statement(row) for row in rows.itertuples()]
    for family, tenths in pooled[pooled["statement"] == "pit"].groupby("family", observed=True):
        middle = tenths.loc[~tenths["band"].isin(_TAILS), "share"].sum()
        sentences.append(
            f"{categories.FAMILY_LABELS[str(family)]}: {wording.percent(middle, 1)} of counts fell within the middle "
            f"80 % of their predicted distribution{_judge_width(middle)}."
        )
    return sentences


def _describe_statement(row: Any) -> str:
    """How well a range or a chance matched what was observed."""
    label, is_enough = categories.FAMILY_LABELS[row.family], row.areas >= _MIN_AREAS
    if row.statement == "interval":
        areas = wording.counted(row.areas, "area") + ("" if row.band == "all areas" else f" {row.band}")
        verdict = _judge_width(row.share) if is_enough else _TOO_FEW
        share = wording.percent(row.share, 1)
        return f"{label}: the count was within the likely range (80 %) in {share} of {areas}{verdict}."
    areas = wording.counted(row.areas, "area")
    verdict = "" if row.share >= row.promised else ", which was missed"
    return (
        f"{label}: {wording.percent(row.share, 1)} of {areas} with a chance above 80 % of being in the first 20 were "
        f"among the first 30 of their list by observed count. The aim is {wording.percent(row.promised, 1)} or more"
        f"{verdict if is_enough else _TOO_FEW}."
    )


def _at(accuracy: pd.DataFrame, k: int) -> pd.DataFrame:
    """The longest list of at most k areas, for each method."""
    rows = accuracy[accuracy["k"] <= k]
    return rows[rows["k"] == rows.groupby(["family", "method"], observed=True)["k"].transform("max")]


def _describe_range(calibration: pd.DataFrame) -> str:
    """In how many areas of one list the count was within the range."""
    rows = calibration[(calibration["statement"] == "interval") & (calibration["band"] == "all areas")]
    if rows.empty:
        return ""
    row = rows.iloc[0]
    within = round(row["share"] * row["areas"])
    areas = wording.counted(int(row["areas"]), "area")
    return f" The count was within the likely range (80 %) in {within} of {areas}."


def _describe_gain(row: Any) -> str:
    """How much more than a baseline, and whether that may be chance."""
    than = f"{METHOD_NAMES[row.baseline]} ({row.baseline_hits:,}"
    if round(row.gain_share, 3) == 0:
        return f"as many as {than})"
    text = f"{wording.percent(abs(row.gain_share), 1)} {'more' if row.gain_share > 0 else 'fewer'} than {than}"
    if pd.isna(row.gain_low):
        return f"{text})"
    if row.gain_low <= 0 <= row.gain_high:
        return f"{text}; the difference may be chance)"
    return f"{text}; 90 % confidence interval {_signed(row.gain_low)} to {_signed(row.gain_high)})"


def _judge_width(share: float) -> str:
    """Whether a range that should cover 80 % covers clearly fewer or more."""
    if _NARROW <= share <= _WIDE:
        return ""
    return ": the range is wider than needed" if share > _WIDE else ": the range is too narrow"


def _signed(share: float) -> str:
    return f"{'+' if share >= 0 else '−'}{wording.percent(abs(share))}"
