"""Concerns passed on to partners: so many residents, one issue, one place, and nothing of anybody's own words.

A place is as fine as the answers allow: around a street where enough residents live who say it, else the beat, parish
or ward, else the team's area, else the partner's. Where even that is too few, the concerns are held back until more
come.
"""

import hashlib
import heapq
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.core.groupby import SeriesGroupBy
from scipy.spatial import cKDTree

from hotspots import tables
from hotspots.errors import ParameterError
from hotspots.tasking.partners import POLICE


@dataclass(frozen=True, kw_only=True)
class ReferralParams:
    """How many residents make a referral, how far around a street they may live, and how long an answer may take.

    Attributes
    ----------
    least_residents
        A referral tells of at least so many; fewer are held back until more come.
    radius_m
        Answers at most so far from a street count as about it.
    answer_within_days
        A referral without an answer after so many days is overdue.
    """

    least_residents: int = 5
    radius_m: float = 300.0
    answer_within_days: int = 28

    def __post_init__(self) -> None:
        """Check the limits."""
        if self.least_residents < 3 or self.radius_m <= 0 or self.answer_within_days < 1:
            raise ParameterError(
                "referrals: least_residents must be at least 3, radius_m and answer_within_days greater than 0."
            )


def key_of(concerns: pd.DataFrame) -> pd.Series:
    """What stands for each concern in the ledger: a hash of its content, which tells nothing of it."""
    texts = concerns["concern_id"].astype("str") + "|" + concerns["issue"].astype("str")
    texts += "|" + concerns["received_at"].astype("int64").astype("str")
    return texts.map(lambda text: hashlib.sha256(text.encode()).hexdigest()[:20]).astype("str").rename("key")


def passed_on(concerns: pd.DataFrame, sent: frozenset[str]) -> pd.DataFrame:
    """The concerns that are for partners and were not sent yet.

    Parameters
    ----------
    concerns
        With `partner` and `key`.
    sent
        Keys of concerns that went out with other reports.
    """
    return concerns[(concerns["partner"] != POLICE) & ~concerns["key"].isin(sent)]


def group(concerns: pd.DataFrame, as_of: date, params: ReferralParams) -> pd.DataFrame:
    """The concerns with `referral_id` (missing: held back), `place` and `referred_team`.

    Parameters
    ----------
    concerns
        As `passed_on` gives them, with `respondent`, `easting`, `northing`, `street` (the nearest), `area` (name of the
        beat, parish or ward) and `team_name`.
    as_of
        Day of the report.
    params
        Least number of residents, and radius.
    """
    concerns = concerns.sort_values("key", kind="stable", ignore_index=True)
    crowd = _Crowd.of(concerns)
    number = np.full(len(concerns), -1)
    found: list[tuple[str, str, str | None, float, float]] = []
    alike = concerns.groupby([concerns["partner"], concerns["issue"].astype("str")], sort=True).indices
    for (partner, issue), rows in sorted(alike.items()):
        for inside, place, middle in _places(crowd, rows, params):
            number[inside] = len(found)
            said = "|".join([partner, issue, place, *crowd.key[inside]])
            identity = f"{as_of:%Y-%m-%d}-{hashlib.sha256(said.encode()).hexdigest()[:8]}"
            found.append((identity, place, crowd.team_of(inside), *middle))
    columns = ["referral_id", "place", "referred_team", "middle_x", "middle_y"]
    told = pd.DataFrame([*found, (None, None, None, np.nan, np.nan)], columns=columns).iloc[number]
    return concerns.assign(**{name: told[name].to_numpy() for name in columns})


def refer(grouped: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Referrals (`tables.REFERRALS`) of concerns that `group` put together."""
    together = grouped.dropna(subset=["referral_id"])
    by_id = together.groupby("referral_id", sort=True)
    firsts = by_id.first()
    start = by_id["received_at"].min().dt.to_period("M").dt.start_time
    month_after = by_id["received_at"].max().dt.to_period("M").dt.end_time.dt.normalize() + pd.Timedelta(days=1)
    end = month_after.clip(upper=pd.Timestamp(as_of + timedelta(days=1)))
    frame = pd.DataFrame({
        "partner": firsts["partner"],
        "department": _only(by_id["department"]),
        "tier": _only(by_id["tier"]),
        "issue": firsts["issue"],
        "concerns": by_id["respondent"].nunique(),
        "place": firsts["place"],
        "easting": firsts["middle_x"],
        "northing": firsts["middle_y"],
        "team_name": firsts["referred_team"],
        "period_start": start,
        "period_end": end,
        "sent_on": pd.Timestamp(as_of),
    }).reset_index()  # fmt: skip
    times = dict.fromkeys(["period_start", "period_end", "sent_on"], "datetime64[us]")
    frame = frame.astype(times).astype({"concerns": "int64"})
    return tables.conform(order(frame), tables.REFERRALS)


def order(referrals: pd.DataFrame) -> pd.DataFrame:
    """Referrals as a partner reads them: the latest day and the most residents first."""
    by = ["partner", "sent_on", "concerns", "issue", "place", "referral_id"]
    rows = referrals.astype({"issue": "str"}).sort_values(by, ascending=[True, False, False, True, True, True])
    return referrals.loc[rows.index].reset_index(drop=True)


def with_answers(referrals: pd.DataFrame, answers: pd.DataFrame) -> pd.DataFrame:
    """Referrals with what partners answered, where they did."""
    told = answers.set_index("referral_id").reindex(referrals["referral_id"])
    answered = {name: told[name].to_numpy() for name in ("answer", "answered_on", "public_text")}
    return tables.conform(referrals.assign(**answered), tables.REFERRALS)


def held_back(grouped: pd.DataFrame) -> pd.Series:
    """Residents whose concern waits for more like it, by partner."""
    waiting = grouped[grouped["referral_id"].isna()]
    return waiting.groupby("partner", sort=True)["respondent"].nunique()


@dataclass(frozen=True)
class _Crowd:
    """Concerns as plain arrays: whose, where, in which street, area and team (None where that is not known)."""

    key: NDArray
    who: NDArray
    xy: NDArray
    street: NDArray
    area: NDArray
    team: NDArray

    @classmethod
    def of(cls, concerns: pd.DataFrame) -> "_Crowd":
        """The arrays of a table."""
        texts = {name: concerns[name].astype("object") for name in ("street", "area", "team_name")}
        plain = {name: column.where(column.notna(), None).to_numpy() for name, column in texts.items()}
        return cls(
            key=concerns["key"].astype("object").to_numpy(),
            who=pd.factorize(concerns["respondent"])[0],
            xy=concerns[["easting", "northing"]].to_numpy(float),
            street=plain["street"], area=plain["area"], team=plain["team_name"],
        )  # fmt: skip

    def residents(self, rows: NDArray) -> int:
        """How many residents the rows come from."""
        return len(np.unique(self.who[rows]))

    def team_of(self, rows: NDArray) -> str | None:
        """The team that all rows share, as far as they have one."""
        teams = {team for team in self.team[rows] if team is not None}
        return teams.pop() if len(teams) == 1 else None


def _places(crowd: _Crowd, rows: NDArray, params: ReferralParams) -> Iterator[tuple[NDArray, str, tuple]]:
    """Groups of one partner and issue: their rows, the place in words, and its middle where it has one."""
    nowhere = (np.nan, np.nan)
    for found in _around_streets(crowd, rows, params):
        yield found
        rows = np.setdiff1d(rows, found[0], assume_unique=True)
    for names in (crowd.area, crowd.team):
        for name in sorted({name for name in names[rows] if name is not None}):
            inside = rows[names[rows] == name]
            if crowd.residents(inside) >= params.least_residents:
                yield inside, str(name), nowhere
                rows = np.setdiff1d(rows, inside, assume_unique=True)
    if crowd.residents(rows) >= params.least_residents:
        yield rows, "In several places", nowhere


def _around_streets(crowd: _Crowd, rows: NDArray, params: ReferralParams) -> Iterator[tuple[NDArray, str, tuple]]:
    """Groups around the answers with most residents about them, while there are enough, each without those before.

    What stands around an answer only ever gets less, so a count that was once too high is put right when it comes up.
    """
    rows = rows[np.isfinite(crowd.xy[rows, 0])]
    if crowd.residents(rows) < params.least_residents:
        return
    spots, spot = np.unique(crowd.xy[rows], axis=0, return_inverse=True)
    tree = cKDTree(crowd.xy[rows])
    most = tree.query_ball_point(spots, params.radius_m, return_length=True)
    waiting = [(-count, number) for number, count in enumerate(most.tolist()) if count >= params.least_residents]
    heapq.heapify(waiting)
    is_left, left_at = np.ones(len(rows), dtype=bool), np.bincount(spot)
    while waiting:
        told, number = heapq.heappop(waiting)
        near = np.array(tree.query_ball_point(spots[number], params.radius_m), dtype=np.int64)
        near = np.sort(near[is_left[near]])
        count = crowd.residents(rows[near]) if left_at[number] else 0
        if count == -told:
            yield _around_street(crowd, rows[near], params.radius_m)
            is_left[near] = False
            left_at -= np.bincount(spot[near], minlength=len(spots))
        elif count >= params.least_residents:
            heapq.heappush(waiting, (-count, number))


def _around_street(crowd: _Crowd, inside: NDArray, radius_m: float) -> tuple[NDArray, str, tuple]:
    """A group with the street where most of its residents live, and its middle."""
    lives = {
        (street, who) for street, who in zip(crowd.street[inside], crowd.who[inside], strict=True) if street is not None
    }
    by_street = Counter(street for street, _ in lives)
    street = min(by_street, key=lambda name: (-by_street[name], name), default="a place without a name")
    middle = np.median(crowd.xy[inside], axis=0).round().tolist()
    return inside, f"Around {street} (within {radius_m:.0f} m)", tuple(middle)


def _only(column: SeriesGroupBy) -> pd.Series:
    """The value that all rows of each group share; missing where they differ."""
    return column.first().where(column.nunique().eq(1))
