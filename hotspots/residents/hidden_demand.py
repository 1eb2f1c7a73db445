"""What residents say beside the record, area by area: worried and recorded, worried only, recorded only, not heard.

Answers are no sample: who answers chooses to. So a share of answers is compared with the share of the whole force, an
area's incidents with what the force's rate leads to expect of so many people, and neither is ever added to the other.
Both are drawn towards the force's where an area has little to say (`hotspots.proportions`).
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy import special
from scipy.spatial import cKDTree

from hotspots import categories, location_names, proportions, tables
from hotspots.residents import respondent_counts
from hotspots.residents.concerns import ConcernParams

COVERAGE = 0.8
# Of the many places looked at only the plainest are told: surely no more than half of the usual is recorded there.
PLACE_COVERAGE, PLACE_RATIO = 0.97, 0.5
# Share of the places told that may be told by mistake.
FALSE_SHARE = 0.2
# A difference that is sure but smaller than this factor is nothing to act on.
NOTABLE = 1.25
# An area is seldom heard where even the upper end of what it may say stays below this share of what is expected.
SELDOM = 0.5
PLACE = "place"


@dataclass(frozen=True)
class Voices:
    """What is set side by side; every table has `easting`, `northing` and a column for each kind of area.

    Answers have the nearest `street`, too.

    Attributes
    ----------
    answers
        As `respondent_counts.answers_of` gives them.
    records
        The force's own incidents in the evidence window, with `category` and `location_text`.
    people
        Where people live, with `people`: residents, postcodes, or street points.
    """

    answers: pd.DataFrame
    records: pd.DataFrame
    people: pd.DataFrame


@dataclass(frozen=True)
class Norm:
    """The force as a whole, for one family: what every area is compared with, and how hard it is drawn there."""

    share: float
    rate: float
    answer_rate: float
    share_prior: float
    ratio_prior: float


def set_beside(voices: Voices, kinds: dict[str, str], params: ConcernParams) -> pd.DataFrame:
    """Every area of every kind, and the places where demand is hidden (`tables.LISTENING`).

    Parameters
    ----------
    voices
        Answers, records and people.
    kinds
        Kind of area to the column of its code: {"team": "team_name", "lsoa": "lsoa_code"}. Learnt from the one with
        most areas that has enough answers in each.
    params
        Radius, least number of answers, and how hard shares are drawn where areas are too few to tell.
    """
    parts = []
    for family in categories.FAMILIES:
        counted = {kind: count_areas(voices, column, family) for kind, column in kinds.items()}
        norm = norm_of(voices, counted, family, params)
        whole = count_areas(_whole(voices), "force", family)
        parts += [compare(rows, norm, params).assign(kind=kind) for kind, rows in {**counted, "force": whole}.items()]
        parts.append(hidden_places(voices, norm, family, params))
    found = pd.concat([part for part in parts if len(part)], ignore_index=True) if any(map(len, parts)) else None
    if found is None:
        return tables.empty(tables.LISTENING)
    found["concern_status"] = found["concern_status"].astype(pd.CategoricalDtype(tables.CONCERN_STATUSES))
    return tables.conform(found.sort_values(["family", "kind", "place_code"], ignore_index=True), tables.LISTENING)


def count_areas(voices: Voices, column: str, family: str) -> pd.DataFrame:
    """Answers, worried ones, incidents and people of each area of a column, by code."""
    said = respondent_counts.count_by(voices.answers, column).rename(columns={f"worried_{family}": "worried"})
    recorded = categories.of_family(voices.records, family)[column].value_counts(sort=False)
    living = voices.people.groupby(column)["people"].sum()
    team = voices.people.dropna(subset=["team_name"]).groupby(
        [column, "team_name"] if column != "team_name" else column
    )
    counted = pd.DataFrame({"incidents": recorded, "people": living}).join(said[["answers", "worried"]], how="outer")
    counted = counted.fillna(0.0).rename_axis("place_code").reset_index()
    counted = counted.assign(family=family, name=counted["place_code"].astype("str"))
    return counted.assign(team_name=counted["place_code"].map(_commonest(team["people"].sum(), column)))


def norm_of(voices: Voices, counted: dict[str, pd.DataFrame], family: str, params: ConcernParams) -> Norm:
    """The force's own share and rates, and how much its areas differ from it beyond chance."""
    once = voices.answers.groupby("respondent")[f"is_{family}"].any()
    people = float(voices.people["people"].sum()) or 1.0
    share = float(once.mean()) if len(once) else 0.0
    rate = len(categories.of_family(voices.records, family)) / people
    enough = [
        rows for rows in counted.values() if (rows["answers"] >= params.min_answers).sum() >= proportions.LEAST_AREAS
    ]
    fine = max(enough, key=len, default=pd.DataFrame(columns=["worried", "answers"]))
    wide = max(counted.values(), key=len, default=pd.DataFrame(columns=["incidents", "people"]))
    return Norm(
        share=share,
        rate=rate,
        answer_rate=len(once) / people,
        share_prior=proportions.share_prior(fine["worried"], fine["answers"], params.prior_answers),
        ratio_prior=proportions.ratio_prior(wide["incidents"], wide["people"] * rate),
    )


def compare(areas: pd.DataFrame, norm: Norm, params: ConcernParams) -> pd.DataFrame:
    """Areas with shares, ratios, their intervals, and what they say beside one another.

    Hidden demand: the worry is surely and notably above the force's, the record below. Normalised: the other way round.
    Agreement: neither. Unknown: fewer answers than `min_answers`. "Surely" means by the whole interval.
    """
    share = proportions.drawn_share(areas["worried"], areas["answers"], norm.share, norm.share_prior, COVERAGE)
    ratio = proportions.drawn_ratio(areas["incidents"], areas["people"] * norm.rate, norm.ratio_prior, COVERAGE)
    expected = (areas["people"] * norm.answer_rate).where(lambda usual: usual > 0)
    most = special.gammaincinv(areas["answers"] + 1.0, 0.975) / expected
    is_more = (share[:, 1] > norm.share) & (share[:, 0] >= norm.share * NOTABLE)
    is_less = (share[:, 2] < norm.share) & (share[:, 0] <= norm.share / NOTABLE)
    is_hidden = is_more & (ratio[:, 2] < 1) & (ratio[:, 0] <= 1 / NOTABLE)
    is_usual = is_less & (ratio[:, 1] > 1) & (ratio[:, 0] >= NOTABLE)
    status = np.select(
        [areas["answers"] < params.min_answers, is_hidden, is_usual], ["unknown", "hidden_demand", "normalised"],
        "agreement",
    )  # fmt: skip
    seldom = (norm.answer_rate > 0) & (areas["people"] > 0) & (most < SELDOM)
    return areas.assign(
        concern_share=share[:, 0], concern_low=share[:, 1], concern_high=share[:, 2],
        incident_ratio=ratio[:, 0], incident_low=ratio[:, 1], incident_high=ratio[:, 2],
        answers_expected=areas["people"] * norm.answer_rate,
        heard_ratio=areas["answers"] / expected, heard_high=most,
        is_seldom_heard=seldom, is_silent=seldom & (areas["incidents"] >= params.min_answers),
        concern_status=status,
    ).astype({"answers": "int64", "worried": "int64", "incidents": "int64"})  # fmt: skip


def hidden_places(voices: Voices, norm: Norm, family: str, params: ConcernParams) -> pd.DataFrame:
    """Places within `concern_radius_m` of an answer where demand is hidden, the plainest first, none near another."""
    said = voices.answers.dropna(subset=["easting"]).reset_index(drop=True)
    centres = said.loc[said[f"is_{family}"], ["easting", "northing"]].drop_duplicates().reset_index(drop=True)
    if centres.empty or not norm.rate:
        return centres.assign(place_code="")[:0]
    around = cKDTree(centres.to_numpy())
    counted = respondent_counts.count_near(said, _pairs(around, said, params.concern_radius_m), len(centres), family)
    own = categories.of_family(voices.records, family)
    areas = centres.assign(
        answers=counted[:, 0],
        worried=counted[:, 1],
        incidents=_sum_near(around, own, np.ones(len(own)), params.concern_radius_m),
        people=_sum_near(around, voices.people, voices.people["people"].to_numpy(), params.concern_radius_m),
    )
    # Beats are more alike than the places inside them, so their prior would draw too hard.
    norm = replace(norm, share_prior=min(norm.share_prior, params.prior_answers))
    compared = compare(areas, norm, params)
    expected = areas["people"] * norm.rate
    most = proportions.drawn_ratio(areas["incidents"], expected, norm.ratio_prior, PLACE_COVERAGE)[:, 2]
    by_chance = special.bdtrc(areas["worried"] - 1.0, areas["answers"].to_numpy(), norm.share)
    quiet = compared.assign(by_chance=by_chance)[(areas["answers"] >= params.min_answers) & (most < PLACE_RATIO)]
    order = quiet.sort_values(["by_chance", "easting", "northing"])
    apart = order.iloc[_apart(order[["easting", "northing"]].to_numpy(), 1.5 * params.concern_radius_m)]
    # Of many quiet places some are worried by luck (Benjamini and Hochberg 1995).
    allowed = FALSE_SHARE * np.arange(1, len(apart) + 1) / max(len(apart), 1)
    passed = np.flatnonzero(apart["by_chance"].to_numpy() <= allowed)
    chosen = apart.iloc[: passed.max(initial=-1) + 1]
    chosen = chosen[chosen["concern_status"] == "hidden_demand"]
    code = [f"{x:.0f} {y:.0f}" for x, y in zip(chosen["easting"], chosen["northing"], strict=True)]
    worried = said[said[f"is_{family}"]].reset_index(drop=True)
    named = _name_by_answers(chosen, worried, params.concern_radius_m)
    return named.assign(kind=PLACE, place_code=code, family=family, radius_m=params.concern_radius_m)


def name_places(places: pd.DataFrame, records: pd.DataFrame, radius_m: float) -> pd.DataFrame:
    """Places with `name`, the commonest street of all records nearby, and `team_name`, the commonest team."""
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
    team = pd.DataFrame({"place": place, "team": near["team_name"].to_numpy()}).dropna().value_counts(sort=False)
    team = team.rename("count").reset_index().sort_values(["place", "count", "team"], ascending=[True, False, True])
    team = team.drop_duplicates("place").set_index("place")["team"].reindex(range(len(places)))
    return places.assign(name=name.reindex(range(len(places))).to_numpy(), team_name=team.to_numpy())


def _name_by_answers(places: pd.DataFrame, answers: pd.DataFrame, radius_m: float) -> pd.DataFrame:
    """Places with `name` and `team_name`: the street and the team of most of the answers about them."""
    if places.empty:
        return places.assign(name="", team_name="")
    near = _pairs(cKDTree(places[["easting", "northing"]].to_numpy()), answers, radius_m)
    said = answers.iloc[near[1]].assign(place=near[0])
    most = {}
    for name in ("street", "team_name"):
        counted = said.groupby(["place", name])["respondent"].nunique().rename("count").reset_index()
        counted = counted.sort_values(["place", "count", name], ascending=[True, False, True])
        most[name] = counted.drop_duplicates("place").set_index("place")[name].reindex(range(len(places)))
    named = most["street"].astype("str").fillna("a place without a name")
    return places.assign(name=named.to_numpy(), team_name=most["team_name"].to_numpy())


def unheard_deciles(voices: Voices, decile: pd.Series) -> pd.DataFrame:
    """Answers and people by decile of deprivation: `imd_decile`, `answers`, `people`, `heard_ratio`.

    Parameters
    ----------
    voices
        Answers and people with `lsoa_code`.
    decile
        Decile of each LSOA, by code, 1 the most deprived.
    """
    living = voices.people.groupby(voices.people["lsoa_code"].map(decile))["people"].sum()
    once = voices.answers.drop_duplicates(["respondent", "lsoa_code"])
    said = once["lsoa_code"].map(decile).value_counts(sort=False)
    both = pd.DataFrame({"people": living, "answers": said}).fillna(0.0).rename_axis("imd_decile").sort_index()
    expected = both["people"] * both["answers"].sum() / max(both["people"].sum(), 1e-9)
    return both.assign(heard_ratio=both["answers"] / expected.where(expected > 0)).reset_index()


def _whole(voices: Voices) -> Voices:
    """The same with one area, the force."""
    said, recorded, living = (table.assign(force="force") for table in (voices.answers, voices.records, voices.people))
    return Voices(said, recorded, living)


def _commonest(people: pd.Series, column: str) -> pd.Series:
    """The team in which most people of each area live; of a team itself that team, of the whole force none."""
    if column == "force":
        return pd.Series(dtype="str")
    if column == "team_name":
        return pd.Series(people.index, index=people.index)
    rows = people.reset_index().sort_values([column, "people", "team_name"], ascending=[True, False, True])
    return rows.drop_duplicates(column).set_index(column)["team_name"]


def _pairs(around: cKDTree, points: pd.DataFrame, radius_m: float) -> tuple[np.ndarray, np.ndarray]:
    """Which points lie near which centres, by position."""
    tree = cKDTree(points[["easting", "northing"]].to_numpy())
    found = around.sparse_distance_matrix(tree, radius_m, output_type="ndarray")
    return found["i"], found["j"]


def _sum_near(around: cKDTree, points: pd.DataFrame, weights: np.ndarray, radius_m: float) -> np.ndarray:
    """Sum of weights near each centre; points at one place are taken together."""
    if points.empty:
        return np.zeros(around.n)
    summed = pd.Series(weights).groupby([points["easting"].to_numpy(), points["northing"].to_numpy()]).sum()
    at = summed.index.to_frame(index=False).set_axis(["easting", "northing"], axis="columns")
    centre, point = _pairs(around, at, radius_m)
    return np.bincount(centre, weights=summed.to_numpy()[point], minlength=around.n)


def _apart(points: np.ndarray, least_m: float) -> list[int]:
    """Positions of points taken in order, none nearer than `least_m` to one taken before."""
    taken: list[int] = []
    for number, point in enumerate(points):
        if not taken or np.hypot(*(points[taken] - point).T).min() >= least_m:
            taken.append(number)
    return taken
