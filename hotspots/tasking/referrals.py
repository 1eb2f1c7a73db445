"""Concerns passed on to partners: so many residents, one issue, one place, and nothing of anybody's own words.

A place is as fine as the answers allow: around a street where enough residents live who say it, else the beat, else the
team's area, else the partner's. Where even that is too few, the concerns are held back until more come.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from hotspots import tables
from hotspots.errors import ParameterError
from hotspots.tasking.partners import POLICE

_AREAS = ("beat", "team_name")


@dataclass(frozen=True, kw_only=True)
class ReferralParams:
    """How many residents make a referral, and how far around a street they may live.

    Attributes
    ----------
    least_residents
        A referral tells of at least so many; fewer are held back until more come.
    radius_m
        Answers at most so far from a street count as about it.
    """

    least_residents: int = 5
    radius_m: float = 300.0

    def __post_init__(self) -> None:
        """Check the limits."""
        if self.least_residents < 3 or self.radius_m <= 0:
            raise ParameterError("referrals: least_residents must be at least 3 and radius_m greater than 0.")


def key_of(concerns: pd.DataFrame) -> pd.Series:
    """What stands for each concern in the ledger: a hash of its content, which tells nothing of it."""
    columns = ["concern_id", "issue", "received_at"]
    texts = concerns[columns].astype("str").agg("|".join, axis="columns") if len(concerns) else pd.Series(dtype="str")
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
        As `passed_on` gives them, with `respondent`, `easting`, `northing`, `street` (the nearest), `beat` (its name)
        and `team_name`.
    as_of
        Day of the report.
    params
        Least number of residents, and radius.
    """
    concerns = concerns.sort_values("key", kind="stable", ignore_index=True)
    groups = [
        found
        for _, rows in concerns.groupby(["partner", "issue"], observed=True, sort=True)
        for found in _places(rows, params)
    ]
    placed = concerns.assign(referral_id=pd.NA, place=pd.NA, referred_team=pd.NA, middle_x=np.nan, middle_y=np.nan)
    for rows, place, middle in groups:
        teams = concerns.loc[rows, "team_name"].dropna().unique()
        placed.loc[rows, "referral_id"] = _identity(concerns.loc[rows], place, as_of)
        placed.loc[rows, "place"] = place
        placed.loc[rows, ["middle_x", "middle_y"]] = [np.nan if xy is None else round(xy) for xy in middle]
        placed.loc[rows, "referred_team"] = teams[0] if len(teams) == 1 else pd.NA
    return placed


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
        "department": by_id["department"].agg(_only),
        "tier": by_id["tier"].agg(_only),
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
    told = answers.set_index("referral_id")[["answer", "answered_on"]].reindex(referrals["referral_id"])
    answered = referrals.assign(answer=told["answer"].to_numpy(), answered_on=told["answered_on"].to_numpy())
    return tables.conform(answered, tables.REFERRALS)


def held_back(grouped: pd.DataFrame) -> pd.Series:
    """Residents whose concern waits for more like it, by partner."""
    waiting = grouped[grouped["referral_id"].isna()]
    return waiting.groupby("partner", sort=True)["respondent"].nunique()


def _places(rows: pd.DataFrame, params: ReferralParams) -> Iterator[tuple[pd.Index, str, tuple]]:
    """Groups of one partner and issue: their rows, the area in words, and the middle where there is one."""
    while len(rows):
        found = _densest(rows, params)
        if found is None:
            break
        yield found
        rows = rows.drop(found[0])
    for area in _AREAS:
        for name, inside in rows.dropna(subset=[area]).groupby(area, sort=True):
            if inside["respondent"].nunique() >= params.least_residents:
                yield inside.index, str(name), (None, None)
                rows = rows.drop(inside.index)
    if rows["respondent"].nunique() >= params.least_residents:
        yield rows.index, "In several places", (None, None)


def _densest(rows: pd.DataFrame, params: ReferralParams) -> tuple[pd.Index, str, tuple] | None:
    """The rows around the answer with most residents about it, where they are enough."""
    located = rows[rows["easting"].notna()]
    if located["respondent"].nunique() < params.least_residents:
        return None
    points = located[["easting", "northing"]].to_numpy()
    centres = np.unique(points, axis=0)
    near = cKDTree(points).query_ball_point(centres, params.radius_m)
    who = pd.factorize(located["respondent"])[0]
    counts = [len(np.unique(who[rows_near])) for rows_near in near]
    best = int(np.argmax(counts))
    if counts[best] < params.least_residents:
        return None
    inside = located.iloc[sorted(near[best])]
    by_street = inside.groupby("street")["respondent"].nunique()
    street = min(by_street.index, key=lambda name: (-by_street[name], name), default="a place without a name")
    place = f"Around {street} (within {params.radius_m:.0f} m)"
    return inside.index, place, tuple(np.median(inside[["easting", "northing"]].to_numpy(), axis=0).tolist())


def _identity(concerns: pd.DataFrame, place: str, as_of: date) -> str:
    """A referral's id, the same for the same content on the same day."""
    said = "|".join([concerns["partner"].iloc[0], str(concerns["issue"].iloc[0]), place, *concerns["key"]])
    return f"{as_of:%Y-%m-%d}-{hashlib.sha256(said.encode()).hexdigest()[:8]}"


def _only(values: pd.Series) -> object:
    """The value that all rows share; missing where they differ."""
    kinds = values.dropna().unique()
    return kinds[0] if len(kinds) == 1 else pd.NA
