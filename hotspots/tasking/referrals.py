"""Referrals to partners: groups of residents with the same concern in the same place.

A referral gives the number of residents, the issue and the place, and never anyone's own words. The place is a street
where enough residents named the issue there, otherwise the beat, parish or ward, the team's area or the partner's area.
Smaller groups are held back until more residents name the issue.
"""

import hashlib
import heapq
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.core.groupby import SeriesGroupBy
from scipy.spatial import cKDTree

from hotspots import tables
from hotspots.errors import ParameterError
from hotspots.tasking.partners import NOBODY, POLICE, UNKNOWN_COUNCIL


@dataclass(frozen=True, kw_only=True)
class ReferralParams:
    """Group size and radius of referrals, and the time partners have to answer.

    Attributes
    ----------
    min_residents
        Smallest number of residents in a referral; smaller groups are held back until more residents name the issue.
    radius_m
        Distance from a street within which answers are grouped.
    answer_within_days
        Days after which a referral without an answer is overdue.
    """

    min_residents: int = 5
    radius_m: float = 300.0
    answer_within_days: int = 28

    def __post_init__(self) -> None:
        """Check the limits."""
        if self.min_residents < 3 or self.radius_m <= 0 or self.answer_within_days < 1:
            raise ParameterError(
                "referrals: min_residents must be at least 3, radius_m and answer_within_days greater than 0."
            )


def hash_concerns(concerns: pd.DataFrame) -> pd.Series:
    """Return the key of each concern in the ledger: a hash that does not reveal its content."""
    texts = concerns["concern_id"].astype("str") + "|" + concerns["issue"].astype("str")
    texts += "|" + concerns["received_at"].astype("int64").astype("str")
    return texts.map(lambda text: hashlib.sha256(text.encode()).hexdigest()[:20]).astype("str").rename("key")


def fill_departments(concerns: pd.DataFrame, departments: Mapping[str, str]) -> pd.DataFrame:
    """Return the concerns with a missing department filled from that of their issue."""
    usual = concerns["issue"].astype("str").map(departments)
    return concerns.assign(department=concerns["department"].astype("str").fillna(usual))


def unsent_concerns(concerns: pd.DataFrame, sent: frozenset[str]) -> pd.DataFrame:
    """Return the concerns for known partners that have not been sent yet.

    Parameters
    ----------
    concerns
        With `partner` and `key`.
    sent
        Keys of the concerns sent with other reports.
    """
    return concerns[~concerns["partner"].isin((POLICE, NOBODY, UNKNOWN_COUNCIL)) & ~concerns["key"].isin(sent)]


def group_concerns(concerns: pd.DataFrame, as_of: date, params: ReferralParams) -> pd.DataFrame:
    """Return the concerns with `referral_id` (missing if held back), `place` and `referred_team`.

    Parameters
    ----------
    concerns
        As returned by `unsent_concerns`, with `respondent`, `easting`, `northing`, `street` (the nearest), `area` (name
        of the beat, parish or ward) and `team_name`.
    as_of
        Day of the report.
    params
        Smallest number of residents, and radius.
    """
    concerns = concerns.sort_values("key", kind="stable", ignore_index=True)
    arrays = _ConcernArrays.of(concerns)
    group = np.full(len(concerns), -1)
    groups: list[tuple[str, str, str | None, float, float]] = []
    by_issue = concerns.groupby([concerns["partner"], concerns["issue"].astype("str")], sort=True).indices
    for (partner, issue), rows in sorted(by_issue.items()):
        for members, place, centre in _group_by_place(arrays, rows, params):
            group[members] = len(groups)
            content = "|".join([partner, issue, place, *arrays.key[members]])
            referral_id = f"{as_of:%Y-%m-%d}-{hashlib.sha256(content.encode()).hexdigest()[:8]}"
            groups.append((referral_id, place, arrays.shared_team(members), *centre))
    columns = ["referral_id", "place", "referred_team", "centre_x", "centre_y"]
    of_concerns = pd.DataFrame([*groups, (None, None, None, np.nan, np.nan)], columns=columns).iloc[group]
    return concerns.assign(**{name: of_concerns[name].to_numpy() for name in columns})


def make_referrals(grouped: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Return one referral for each group of concerns (`tables.REFERRALS`).

    Parameters
    ----------
    grouped
        As returned by `group_concerns`.
    as_of
        Day of the report.
    """
    by_id = grouped.dropna(subset=["referral_id"]).groupby("referral_id", sort=True)
    firsts = by_id.first()
    start = by_id["received_at"].min().dt.to_period("M").dt.start_time
    month_after = by_id["received_at"].max().dt.to_period("M").dt.end_time.dt.normalize() + pd.Timedelta(days=1)
    end = month_after.clip(upper=pd.Timestamp(as_of + timedelta(days=1)))
    frame = pd.DataFrame({
        "partner": firsts["partner"],
        "department": _shared_value(by_id["department"]),
        "tier": _shared_value(by_id["tier"]),
        "issue": firsts["issue"],
        "concerns": by_id["respondent"].nunique(),
        "place": firsts["place"],
        "easting": firsts["centre_x"],
        "northing": firsts["centre_y"],
        "team_name": firsts["referred_team"],
        "period_start": start,
        "period_end": end,
        "sent_on": pd.Timestamp(as_of),
    }).reset_index()  # fmt: skip
    times = dict.fromkeys(["period_start", "period_end", "sent_on"], "datetime64[us]")
    frame = frame.astype(times).astype({"concerns": "int64"})
    return tables.conform(sort_referrals(frame), tables.REFERRALS)


def sort_referrals(referrals: pd.DataFrame) -> pd.DataFrame:
    """Return the referrals by partner, the latest first, and of one day those with most residents first."""
    by = ["partner", "sent_on", "concerns", "issue", "place", "referral_id"]
    rows = referrals.astype({"issue": "str"}).sort_values(by, ascending=[True, False, False, True, True, True])
    return referrals.loc[rows.index].reset_index(drop=True)


def attach_answers(referrals: pd.DataFrame, answers: pd.DataFrame) -> pd.DataFrame:
    """Return the referrals with the partners' answers, as far as they have answered."""
    matched = answers.set_index("referral_id").reindex(referrals["referral_id"])
    columns = {name: matched[name].to_numpy() for name in ("answer", "answered_on", "public_text")}
    return tables.conform(referrals.assign(**columns), tables.REFERRALS)


def latest_answers(earlier: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """Return one answer for each referral, the new one if there are two (`tables.REFERRAL_ANSWERS`)."""
    both = pd.concat([earlier, new], ignore_index=True).drop_duplicates("referral_id", keep="last")
    return tables.conform(both.sort_values("referral_id", ignore_index=True), tables.REFERRAL_ANSWERS)


def count_held_back(grouped: pd.DataFrame) -> pd.Series:
    """Return the number of residents whose concern is held back, by partner."""
    waiting = grouped[grouped["referral_id"].isna()]
    return waiting.groupby("partner", sort=True)["respondent"].nunique()


@dataclass(frozen=True)
class _ConcernArrays:
    """Concerns as arrays; street, area and team are None where they are not known."""

    key: NDArray[np.object_]
    respondent: NDArray[np.int64]
    xy: NDArray[np.float64]
    street: NDArray[np.object_]
    area: NDArray[np.object_]
    team: NDArray[np.object_]

    @classmethod
    def of(cls, concerns: pd.DataFrame) -> "_ConcernArrays":
        """Return the arrays of a table of concerns."""
        texts = {name: concerns[name].astype("object") for name in ("street", "area", "team_name")}
        values = {name: column.where(column.notna(), None).to_numpy() for name, column in texts.items()}
        return cls(
            key=concerns["key"].astype("object").to_numpy(),
            respondent=pd.factorize(concerns["respondent"])[0],
            xy=concerns[["easting", "northing"]].to_numpy(float),
            street=values["street"], area=values["area"], team=values["team_name"],
        )  # fmt: skip

    def count_residents(self, rows: NDArray[np.int64]) -> int:
        """Return the number of different residents in the rows."""
        return len(np.unique(self.respondent[rows]))

    def shared_team(self, rows: NDArray[np.int64]) -> str | None:
        """Return the team of all rows that have one, or None if they differ."""
        teams = {team for team in self.team[rows] if team is not None}
        return teams.pop() if len(teams) == 1 else None


# A group's rows, its place in words, and its centre (easting and northing, NaN for an area).
_Group = tuple[NDArray[np.int64], str, tuple[float, float]]


def _group_by_place(concerns: _ConcernArrays, rows: NDArray[np.int64], params: ReferralParams) -> Iterator[_Group]:
    """Yield the groups of one partner and issue, from the smallest place to the largest."""
    no_centre = (np.nan, np.nan)
    for group in _group_by_street(concerns, rows, params):
        yield group
        rows = np.setdiff1d(rows, group[0], assume_unique=True)
    for names in (concerns.area, concerns.team):
        for name in sorted({name for name in names[rows] if name is not None}):
            members = rows[names[rows] == name]
            if concerns.count_residents(members) >= params.min_residents:
                yield members, str(name), no_centre
                rows = np.setdiff1d(rows, members, assume_unique=True)
    if concerns.count_residents(rows) >= params.min_residents:
        yield rows, "In several places", no_centre


def _group_by_street(concerns: _ConcernArrays, rows: NDArray[np.int64], params: ReferralParams) -> Iterator[_Group]:
    """Yield the groups around streets, the largest first, each without the answers in the groups before it.

    Counts around an answer only ever fall, so a count that is out of date is corrected when it reaches the top of the
    queue.
    """
    rows = rows[np.isfinite(concerns.xy[rows, 0])]
    if concerns.count_residents(rows) < params.min_residents:
        return
    spots, spot = np.unique(concerns.xy[rows], axis=0, return_inverse=True)
    tree = cKDTree(concerns.xy[rows])
    counts = tree.query_ball_point(spots, params.radius_m, return_length=True)
    queue = [(-count, number) for number, count in enumerate(counts.tolist()) if count >= params.min_residents]
    heapq.heapify(queue)
    is_left, left_at = np.ones(len(rows), dtype=bool), np.bincount(spot)
    while queue:
        queued, number = heapq.heappop(queue)
        near = np.array(tree.query_ball_point(spots[number], params.radius_m), dtype=np.int64)
        near = np.sort(near[is_left[near]])
        count = concerns.count_residents(rows[near]) if left_at[number] else 0
        if count == -queued:
            yield _street_group(concerns, rows[near], params.radius_m)
            is_left[near] = False
            left_at -= np.bincount(spot[near], minlength=len(spots))
        elif count >= params.min_residents:
            heapq.heappush(queue, (-count, number))


def _street_group(concerns: _ConcernArrays, members: NDArray[np.int64], radius_m: float) -> _Group:
    """Return a group named after the street where most of its residents live, with its centre."""
    residents = zip(concerns.street[members], concerns.respondent[members], strict=True)
    by_street = Counter(street for street, _ in set(residents) if street is not None)
    street = min(by_street, key=lambda name: (-by_street[name], name), default="an unnamed street")
    easting, northing = np.median(concerns.xy[members], axis=0).round().tolist()
    return members, f"Around {street} (within {radius_m:.0f} m)", (easting, northing)


def _shared_value(column: SeriesGroupBy) -> pd.Series:
    """Return the value that all rows of each group share; missing where they differ."""
    return column.first().where(column.nunique().eq(1))
