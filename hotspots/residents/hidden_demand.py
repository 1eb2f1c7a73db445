"""Residents' concerns compared with recorded incidents by area, and the places with hidden demand.

Demand is hidden where many respondents name a concern and few incidents of it are recorded.
"""

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special
from scipy.spatial import cKDTree

from hotspots import categories, location_names, multiple_testing, proportions, tables
from hotspots.residents import area_comparison, respondent_counts
from hotspots.residents.area_comparison import Baseline, SurveyAndRecord
from hotspots.residents.concerns import ConcernParams

# So many places are tested that a place must have less than half of the expected incidents, with more confidence.
COVERAGE, MAX_RATIO = 0.97, 0.5
FALSE_DISCOVERY_RATE = 0.2
PLACE = "place"


def compare_with_record(data: SurveyAndRecord, kinds: dict[str, str], params: ConcernParams) -> pd.DataFrame:
    """Return the comparison for every area of every kind, and the places with hidden demand (`tables.AREA_COMPARISON`).

    Parameters
    ----------
    data
        Answers, records and population.
    kinds
        Column of area codes for each kind of area: {"team": "team_name", "lsoa": "lsoa_code"}.
    params
        Radius, smallest number of answers, and the prior where there are too few areas to estimate one.
    """
    parts = []
    for family in categories.FAMILIES:
        areas = {kind: area_comparison.count_areas(data, column, family) for kind, column in kinds.items()}
        baseline = area_comparison.force_baseline(data, areas, family, params)
        areas["force"] = area_comparison.count_areas(_whole_force(data), "force", family)
        parts += [
            area_comparison.compare_areas(rows, baseline, params).assign(kind=kind) for kind, rows in areas.items()
        ]
        parts.append(find_hidden_demand(data, baseline, family, params))
    parts = [part for part in parts if len(part)]
    if not parts:
        return tables.empty(tables.AREA_COMPARISON)
    found = pd.concat(parts, ignore_index=True)
    found["concern_status"] = found["concern_status"].astype(pd.CategoricalDtype(tables.CONCERN_STATUSES))
    return tables.conform(
        found.sort_values(["family", "kind", "place_code"], ignore_index=True), tables.AREA_COMPARISON
    )


def find_hidden_demand(data: SurveyAndRecord, baseline: Baseline, family: str, params: ConcernParams) -> pd.DataFrame:
    """Return the places with hidden demand, within `concern_radius_m` of an answer and apart from one another."""
    answers = data.answers.dropna(subset=["easting"]).reset_index(drop=True)
    is_worried = answers[f"is_{family}"]
    centres = answers.loc[is_worried, ["easting", "northing"]].drop_duplicates().reset_index(drop=True)
    if centres.empty or not baseline.incident_rate:
        return centres.assign(place_code="")[:0]
    places = _count_places(data, answers, centres, family, params.concern_radius_m)
    # Areas differ less than the places inside them, so their prior would shrink the places too much.
    baseline = replace(baseline, share_prior=min(baseline.share_prior, params.prior_answers))
    compared = area_comparison.compare_areas(places, baseline, params)
    expected = places["people"] * baseline.incident_rate
    ratio = proportions.shrunken_ratio(places["incidents"], expected, baseline.ratio_prior, COVERAGE)
    p_value = special.bdtrc(places["worried"] - 1.0, places["answers"].to_numpy(), baseline.concern_share)
    is_candidate = (places["answers"] >= params.min_answers) & (ratio[:, 2] < MAX_RATIO)
    candidates = compared.assign(p_value=p_value)[is_candidate].sort_values(["p_value", "easting", "northing"])
    xy = candidates[["easting", "northing"]].to_numpy()
    candidates = candidates.iloc[_thin_points(xy, 1.5 * params.concern_radius_m)]
    # Of many tested places some look concerned by chance.
    found = candidates[multiple_testing.is_significant(candidates["p_value"], FALSE_DISCOVERY_RATE)]
    found = found[found["concern_status"] == "hidden_demand"]
    code = [f"{x:.0f} {y:.0f}" for x, y in zip(found["easting"], found["northing"], strict=True)]
    named = _name_by_answers(found, answers[is_worried].reset_index(drop=True), params.concern_radius_m)
    return named.assign(kind=PLACE, place_code=code, family=family, radius_m=params.concern_radius_m)


def name_places(places: pd.DataFrame, records: pd.DataFrame, radius_m: float) -> pd.DataFrame:
    """Return the places with `name`, the most common street of the records nearby, and `team_name`."""
    tree = cKDTree(records[["easting", "northing"]].to_numpy())
    points = places[["easting", "northing"]].to_numpy()
    found = [tree.query_ball_point(point, radius_m) or [tree.query(point)[1]] for point in points]
    place = np.repeat(np.arange(len(places)), [len(rows) for rows in found])
    near = records.iloc[np.concatenate([np.asarray(rows, dtype=np.int64) for rows in [[], *found]]).astype(np.int64)]
    streets = location_names.without_prefix(near["location_text"]).reset_index(drop=True)
    is_street = ~streets.isin(location_names.KINDS_OF_PLACE)
    place_of = pd.Series(place)
    name = location_names.main_location(place_of[is_street], streets[is_street]).reindex(range(len(places)))
    name = name.fillna(location_names.main_location(place_of, streets))
    teams = pd.DataFrame({"place": place, "team": near["team_name"].to_numpy()}).dropna().value_counts(sort=False)
    team = location_names.most_common(teams).reindex(range(len(places)))
    return places.assign(name=name.reindex(range(len(places))).to_numpy(), team_name=team.to_numpy())


def _whole_force(data: SurveyAndRecord) -> SurveyAndRecord:
    """Return the data with one area, the force."""
    return SurveyAndRecord(*(table.assign(force="force") for table in (data.answers, data.records, data.population)))


def _count_places(
    data: SurveyAndRecord, answers: pd.DataFrame, centres: pd.DataFrame, family: str, radius_m: float
) -> pd.DataFrame:
    """Return the centres with answers, worried ones, incidents and people within the radius."""
    tree = cKDTree(centres.to_numpy())
    near = _pairs_within(tree, answers, radius_m)
    respondents = respondent_counts.count_near_places(answers, near, len(centres), family)
    records = categories.of_family(data.records, family)
    return centres.assign(
        answers=respondents[:, 0],
        worried=respondents[:, 1],
        incidents=_sum_within(tree, records, np.ones(len(records)), radius_m),
        people=_sum_within(tree, data.population, data.population["people"].to_numpy(), radius_m),
    )


def _name_by_answers(places: pd.DataFrame, answers: pd.DataFrame, radius_m: float) -> pd.DataFrame:
    """Return the places with `name` and `team_name`, the most common street and team of the answers nearby."""
    if places.empty:
        return places.assign(name="", team_name="")
    place, answer = _pairs_within(cKDTree(places[["easting", "northing"]].to_numpy()), answers, radius_m)
    nearby = answers.iloc[answer].assign(place=place)
    most = {}
    for name in ("street", "team_name"):
        counts = nearby.groupby(["place", name])["respondent"].nunique()
        most[name] = location_names.most_common(counts).reindex(range(len(places)))
    street = most["street"].astype("str").fillna("an unnamed street")
    return places.assign(name=street.to_numpy(), team_name=most["team_name"].to_numpy())


def _pairs_within(
    centres: cKDTree, points: pd.DataFrame, radius_m: float
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the pairs of centre and point within the radius, by position."""
    tree = cKDTree(points[["easting", "northing"]].to_numpy())
    found = centres.sparse_distance_matrix(tree, radius_m, output_type="ndarray")
    return found["i"], found["j"]


def _sum_within(
    centres: cKDTree, points: pd.DataFrame, weights: NDArray[np.float64], radius_m: float
) -> NDArray[np.float64]:
    """Return the sum of the points' weights within the radius of each centre."""
    if points.empty:
        return np.zeros(centres.n)
    summed = pd.Series(weights).groupby([points["easting"].to_numpy(), points["northing"].to_numpy()]).sum()
    spots = summed.index.to_frame(index=False).set_axis(["easting", "northing"], axis="columns")
    centre, spot = _pairs_within(centres, spots, radius_m)
    sums = np.bincount(centre, weights=summed.to_numpy()[spot], minlength=centres.n)
    return sums.astype(np.float64)


def _thin_points(points: NDArray[np.float64], min_distance_m: float) -> list[int]:
    """Return the positions of points taken in order, each at least the minimum distance from those before it."""
    taken: list[int] = []
    for position, point in enumerate(points):
        if not taken or np.hypot(*(points[taken] - point).T).min() >= min_distance_m:
            taken.append(position)
    return taken
