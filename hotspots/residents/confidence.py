"""Confidence in the police as surveys published it: shares with their intervals, and what changed between waves."""

import pandas as pd

from hotspots import proportions, surveys

CONFIDENCE = 0.95


def compare_waves(confidence: pd.DataFrame, teams: pd.Series, as_of: pd.Timestamp) -> pd.DataFrame:
    """Each result with its interval, the wave before it, and the change since then with its interval.

    Waves of a month or quarter that is not over on the day are left out. Waves named by dates, by years and by numbers
    are compared each with their own: nobody knows whether wave 12 came before December.

    The intervals are those of respondents drawn by chance alone: weighting and the design effect are not in the table,
    so with them the intervals would be wider.

    Parameters
    ----------
    confidence
        `tables.CONFIDENCE`.
    teams
        Team of each place, by code and by name, in small letters (`plain_place`).
    as_of
        Day of the report.

    Returns
    -------
    DataFrame
        With `team_name`, `low`, `high`, `previous_wave`, `change`, `change_low`, `change_high` and `is_changed`:
        whether the whole interval of the change lies on one side of nought. Waves in order, by question and place.

    References
    ----------
    Wilson's interval for a share, Newcombe's for a change (`hotspots.proportions`).
    """
    ends = pd.to_datetime(confidence["wave"].map(surveys.wave_end))
    known = confidence[ends.isna() | (ends <= as_of)]
    order = known["wave"].map(surveys.wave_order)
    known = known.assign(
        order=order.map({key: number for number, key in enumerate(sorted(set(order)))}),
        manner=known["wave"].map(surveys.wave_manner),
        team_name=plain_place(known["place_code"]).map(teams).astype("str"),
    )
    known = known.sort_values(["question", "place_code", "order"], ignore_index=True)
    series = [plain_place(known["question"]), plain_place(known["place_code"]), known["manner"]]
    ordered = known.sort_values(["order", "place_code"], kind="stable")[["wave", "share", "respondents"]]
    before = ordered.groupby([one.loc[ordered.index] for one in series]).shift().reindex(known.index)
    low, high = proportions.wilson(known["share"], known["respondents"], CONFIDENCE)
    change_low, change_high = proportions.difference(
        (known["share"], known["respondents"]), (before["share"], before["respondents"]), CONFIDENCE
    )
    return known.drop(columns=["order", "manner"]).assign(
        low=low, high=high,
        previous_wave=before["wave"], change=known["share"] - before["share"],
        change_low=change_low, change_high=change_high,
        is_changed=(change_low > 0) | (change_high < 0),
    )  # fmt: skip


def plain_place(names: pd.Series) -> pd.Series:
    """Names or codes of places in small letters with single blanks, for comparing."""
    return names.astype("str").str.casefold().str.split().str.join(" ")
