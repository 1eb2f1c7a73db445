"""Comparison of areas with the whole force: concern, recorded incidents and response rate, with intervals.

Respondents chose to take part, so they are not a sample of the residents. The share of concerned respondents in an area
is compared with the force's share, and its incidents with the number expected for its population at the force's rate.
Both are shrunk towards the force's where there is little data (`hotspots.proportions`), and they are never added.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special

from hotspots import categories, location_names, proportions
from hotspots.residents import respondent_counts, survey_reach
from hotspots.residents.concerns import ConcernParams

COVERAGE = 0.8
# A smaller difference is not worth acting on, however certain it is.
MIN_FACTOR = 1.25
# The response rate is low if the upper end of its interval is below this share of the force's rate.
LOW_RESPONSE = 0.5


@dataclass(frozen=True)
class SurveyAndRecord:
    """Survey answers, recorded incidents and population, each with `easting`, `northing` and columns of area codes.

    Attributes
    ----------
    answers
        As returned by `respondent_counts.tabulate_respondents`, with the nearest `street`.
    records
        The force's own incidents in the evidence window, with `category` and `location_text`.
    population
        Where people live, with `people`: residents, postcodes or street points.
    """

    answers: pd.DataFrame
    records: pd.DataFrame
    population: pd.DataFrame


@dataclass(frozen=True)
class Baseline:
    """The whole force's share and rates for one family, and how strongly areas are shrunk towards them.

    Attributes
    ----------
    concern_share
        Share of the respondents who named the family.
    incident_rate
        Incidents per person.
    response_rate
        Respondents per person.
    share_prior, ratio_prior
        Answers, and expected incidents, that the force's values weigh as much as.
    """

    concern_share: float
    incident_rate: float
    response_rate: float
    share_prior: float
    ratio_prior: float


def count_areas(data: SurveyAndRecord, column: str, family: str) -> pd.DataFrame:
    """Return `answers`, `worried`, `incidents`, `people` and `is_reached` of each area in a column of codes."""
    answers = respondent_counts.count_by_area(data.answers, column).rename(columns={f"worried_{family}": "worried"})
    incidents = categories.of_family(data.records, family)[column].value_counts(sort=False)
    people = data.population.groupby(column)["people"].sum()
    keys = [column, "team_name"] if column != "team_name" else column
    by_team = data.population.dropna(subset=["team_name"]).groupby(keys)["people"].sum()
    counts = pd.DataFrame({"incidents": incidents, "people": people}).join(answers[["answers", "worried"]], how="outer")
    counts = counts.fillna(0.0).rename_axis("place_code").reset_index()
    counts = counts.assign(family=family, name=counts["place_code"].astype("str"))
    reached = survey_reach.reached_areas(data.population, data.answers, column)
    return counts.assign(
        team_name=counts["place_code"].map(_main_team(by_team, column)),
        is_reached=counts["place_code"].astype("str").isin(reached),
    )


def force_baseline(
    data: SurveyAndRecord, areas: dict[str, pd.DataFrame], family: str, params: ConcernParams
) -> Baseline:
    """Return the force's share and rates, with priors estimated from the variation between its areas.

    Parameters
    ----------
    data
        Answers, records and population.
    areas
        Counts by kind of area, as returned by `count_areas`.
    family
        `asb` or `burglary`.
    params
        Smallest number of answers, and the default prior.
    """
    is_worried = data.answers.groupby("respondent")[f"is_{family}"].any()
    people = float(data.population["people"].sum()) or 1.0
    incident_rate = len(categories.of_family(data.records, family)) / people
    enough = [rows for rows in areas.values() if (rows["answers"] >= params.min_answers).sum() >= proportions.MIN_AREAS]
    with_answers = max(enough, key=len, default=pd.DataFrame(columns=["worried", "answers"]))
    smallest = max(areas.values(), key=len, default=pd.DataFrame(columns=["incidents", "people"]))
    return Baseline(
        concern_share=float(is_worried.mean()) if len(is_worried) else 0.0,
        incident_rate=incident_rate,
        response_rate=len(is_worried) / people,
        share_prior=proportions.share_prior(with_answers["worried"], with_answers["answers"], params.prior_answers),
        ratio_prior=proportions.ratio_prior(smallest["incidents"], smallest["people"] * incident_rate),
    )


def compare_areas(areas: pd.DataFrame, baseline: Baseline, params: ConcernParams) -> pd.DataFrame:
    """Return the areas with shares, ratios, their intervals and `concern_status`.

    Hidden demand: the concern is above the force's, and the recorded incidents are below those expected. Normalised:
    the reverse. Agreement: neither. Unknown: fewer answers than `min_answers`. Silent: a low response rate within the
    reach of the survey, although incidents are recorded. A value is above or below another if its
    whole interval is, and if it differs by at least `MIN_FACTOR`.
    """
    share = proportions.shrunken_share(
        areas["worried"], areas["answers"], baseline.concern_share, baseline.share_prior, COVERAGE
    )
    ratio = proportions.shrunken_ratio(
        areas["incidents"], areas["people"] * baseline.incident_rate, baseline.ratio_prior, COVERAGE
    )
    answers_expected = areas["people"] * baseline.response_rate
    positive = answers_expected.where(answers_expected > 0)
    response_high = special.gammaincinv(areas["answers"] + 1.0, 0.975) / positive
    is_low_response = (baseline.response_rate > 0) & (areas["people"] > 0) & (response_high < LOW_RESPONSE)
    is_reached = areas.get("is_reached", True)
    is_silent = is_low_response & is_reached & (areas["incidents"] >= params.min_answers)
    return areas.assign(
        concern_share=share[:, 0], concern_low=share[:, 1], concern_high=share[:, 2],
        incident_ratio=ratio[:, 0], incident_low=ratio[:, 1], incident_high=ratio[:, 2],
        answers_expected=answers_expected,
        response_ratio=areas["answers"] / positive, response_high=response_high,
        is_low_response=is_low_response, is_silent=is_silent,
        concern_status=_statuses(areas, share, ratio, baseline.concern_share, params),
    ).astype({"answers": "int64", "worried": "int64", "incidents": "int64"})  # fmt: skip


def _statuses(
    areas: pd.DataFrame, share: NDArray[np.float64], ratio: NDArray[np.float64], force_share: float,
    params: ConcernParams,
) -> NDArray[np.str_]:  # fmt: skip
    """Return the concern status of each area."""
    more_concern = (share[:, 1] > force_share) & (share[:, 0] >= force_share * MIN_FACTOR)
    less_concern = (share[:, 2] < force_share) & (share[:, 0] <= force_share / MIN_FACTOR)
    fewer_incidents = (ratio[:, 2] < 1) & (ratio[:, 0] <= 1 / MIN_FACTOR)
    more_incidents = (ratio[:, 1] > 1) & (ratio[:, 0] >= MIN_FACTOR)
    tests = [areas["answers"] < params.min_answers, more_concern & fewer_incidents, less_concern & more_incidents]
    return np.select(tests, ["unknown", "hidden_demand", "normalised"], "agreement")


def response_by_deprivation(data: SurveyAndRecord, decile: pd.Series) -> pd.DataFrame:
    """Return `imd_decile`, `answers`, `people` and `response_ratio`: answers for each one expected of the population.

    Parameters
    ----------
    data
        Answers and population with `lsoa_code`.
    decile
        Decile of deprivation of each LSOA, by code; 1 is the most deprived.
    """
    people = data.population.groupby(data.population["lsoa_code"].map(decile))["people"].sum()
    respondents = data.answers.drop_duplicates(["respondent", "lsoa_code"])
    answers = respondents["lsoa_code"].map(decile).value_counts(sort=False)
    both = pd.DataFrame({"people": people, "answers": answers}).fillna(0.0).rename_axis("imd_decile").sort_index()
    expected = both["people"] * both["answers"].sum() / max(both["people"].sum(), 1e-9)
    return both.assign(response_ratio=both["answers"] / expected.where(expected > 0)).reset_index()


def _main_team(population: pd.Series, column: str) -> pd.Series:
    """Return the team in which most people of each area live; of a team the team itself, of the force none."""
    if column == "force":
        return pd.Series(dtype="str")
    if column == "team_name":
        return pd.Series(population.index, index=population.index)
    return location_names.most_common(population)
