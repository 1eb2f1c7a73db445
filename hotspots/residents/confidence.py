"""Published survey results on confidence in the police, with intervals and changes between waves."""

import pandas as pd

from hotspots import proportions, surveys

CONFIDENCE = 0.95
_NAME_COLUMNS = ("place_code", "name")


def compare_waves(confidence: pd.DataFrame, teams: pd.Series, as_of: pd.Timestamp) -> pd.DataFrame:
    """Return each result with its interval, the previous wave, and the change since then with its interval.

    Waves of a month or quarter that has not ended on the day are left out. Waves named by month or quarter, by year
    and by number are compared separately, since the dates of numbered waves are not known.

    The intervals assume simple random sampling. Weighting and the design effect are not in the table, and would make
    the intervals wider.

    Parameters
    ----------
    confidence
        `tables.CONFIDENCE`.
    teams
        Team of each place, by code and by name, as returned by `normalise_names`.
    as_of
        Day of the report.

    Returns
    -------
    DataFrame
        With `team_name`, `low`, `high`, `previous_wave`, `change`, `change_low`, `change_high` and `is_changed`:
        whether the interval of the change excludes zero. Sorted by question, place and wave.

    References
    ----------
    Wilson's interval for a share, Newcombe's for a change (`hotspots.proportions`).
    """
    ends = pd.to_datetime(confidence["wave"].map(surveys.wave_end))
    known = confidence[ends.isna() | (ends <= as_of)]
    order = known["wave"].map(surveys.wave_order)
    ranks = {key: rank for rank, key in enumerate(sorted(set(order)))}
    known = known.assign(
        order=order.map(ranks),
        kind=known["wave"].map(surveys.wave_kind),
        team_name=normalise_names(known["place_code"]).map(teams).astype("str"),
    )
    known = known.sort_values(["question", "place_code", "order"], ignore_index=True)
    series = [normalise_names(known["question"]), normalise_names(known["place_code"]), known["kind"]]
    ordered = known.sort_values(["order", "place_code"], kind="stable")[["wave", "share", "respondents"]]
    before = ordered.groupby([keys.loc[ordered.index] for keys in series]).shift().reindex(known.index)
    low, high = proportions.wilson(known["share"], known["respondents"], CONFIDENCE)
    change_low, change_high = proportions.difference(
        (known["share"], known["respondents"]), (before["share"], before["respondents"]), CONFIDENCE
    )
    return known.drop(columns=["order", "kind"]).assign(
        low=low, high=high,
        previous_wave=before["wave"], change=known["share"] - before["share"],
        change_low=change_low, change_high=change_high,
        is_changed=(change_low > 0) | (change_high < 0),
    )  # fmt: skip


def team_of_places(places: pd.DataFrame, comparison: pd.DataFrame, districts: dict[str, str]) -> pd.Series:
    """Return the team of each place, by normalised code and name; a place with two teams has none.

    Parameters
    ----------
    places
        `tables.PLACES`.
    comparison
        `tables.AREA_COMPARISON`.
    districts
        Team of each district.
    """
    areas = pd.concat([places, comparison[~comparison["kind"].isin(["force", "team", "place"])]])
    columns = [areas[[name, "team_name"]].set_axis(["place", "team_name"], axis="columns") for name in _NAME_COLUMNS]
    known = pd.concat(columns).dropna()
    known = known.assign(place=normalise_names(known["place"])).drop_duplicates()
    known = known[~known["place"].duplicated(keep=False)]
    team_names = comparison.loc[comparison["kind"] == "team", "name"].drop_duplicates()
    of_districts = dict(zip(normalise_names(pd.Series(list(districts), dtype="str")), districts.values(), strict=True))
    of_areas = dict(zip(known["place"], known["team_name"], strict=True))
    of_teams = dict(zip(normalise_names(team_names), team_names, strict=True))
    return pd.Series(of_districts | of_areas | of_teams, dtype="str")


def normalise_names(names: pd.Series) -> pd.Series:
    """Return names or codes of places in lower case with single spaces, for matching."""
    return names.astype("str").str.casefold().str.split().str.join(" ")
