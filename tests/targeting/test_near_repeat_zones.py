"""Near repeats of burglary: the day of each, the test of the past, and the zones."""

from collections.abc import Callable
from datetime import date

import geopandas as gpd
import hypothesis
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import strategies as st

from hotspots.errors import ParameterError
from hotspots.targeting import near_repeat_zones
from hotspots.targeting.near_repeat_zones import NearRepeatParams
from hotspots.town.littleham import TownParams, build_town

SUNDAY = date(2026, 3, 29)
PARAMS = NearRepeatParams()
FORCE = shapely.box(400_000, 150_000, 405_000, 155_000)
Made = Callable[..., gpd.GeoDataFrame]


@pytest.fixture(scope="module")
def burglaries(incidents_at: Made) -> Made:
    """Burglaries at points a number of days before the Sunday, at noon."""

    def make(points: list[tuple[float, float]], ago: list[float]) -> gpd.GeoDataFrame:
        begun = pd.Timestamp(SUNDAY) + pd.Timedelta(hours=12) - pd.to_timedelta(np.array(ago, float), unit="D")
        return incidents_at(points, category="burglary", date_precision="minute", committed_from=begun)

    return make


def zones_of(given: gpd.GeoDataFrame, as_of: date = SUNDAY, params: NearRepeatParams = PARAMS) -> gpd.GeoDataFrame:
    return near_repeat_zones.outline_zones(given, near_repeat_zones.assign_days(given, params), as_of, FORCE, params)


def found_in(given: gpd.GeoDataFrame, params: NearRepeatParams = PARAMS) -> near_repeat_zones.NearRepeatResult:
    return near_repeat_zones.detect_near_repeats(given, near_repeat_zones.assign_days(given, params), params)


# inputs


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"distance_m": 0}, "near_repeat: distance_m, within_days and max_span_days must be greater than 0"),
        ({"within_days": 0}, "must be greater than 0"),
        ({"draws": 9}, "near_repeat.draws must be at least 19"),
        ({"p_below": 0.0}, "p_below must lie between 0 and 1"),
        ({"min_ratio": 0.5}, "min_ratio must be at least 1"),
    ],
)
def test_settings_that_mean_nothing_are_refused(given: dict, words: str) -> None:
    with pytest.raises(ParameterError, match=words):
        NearRepeatParams(**given)


# answers


@pytest.mark.parametrize(
    ("begun", "ended", "precision", "day"),
    [
        ("2026-03-27 22:00", "2026-03-28 07:30", "minute", "2026-03-28"),
        ("2026-03-27 08:00", "2026-03-27 17:00", "minute", "2026-03-27"),
        ("2026-03-27 18:00", "2026-03-30 08:00", "minute", "2026-03-29"),
        ("2026-03-20 18:00", "2026-03-27 18:00", "minute", None),
        ("2026-03-27 08:00", None, "minute", "2026-03-27"),
        ("2026-03-27 08:00", "2026-03-20 08:00", "minute", "2026-03-27"),
        ("2026-03-27", None, "day", "2026-03-27"),
        (None, "2026-03-27 08:00", "minute", None),
        ("2026-03-01", None, "month", None),
    ],
)
def test_a_burglary_counts_on_the_middle_day_and_never_on_an_invented_one(
    incidents_at: Made, begun: str | None, ended: str | None, precision: str, day: str | None
) -> None:
    given = incidents_at(
        [(0, 0)], category="burglary", date_precision=precision,
        committed_from=pd.Timestamp(begun), committed_to=pd.Timestamp(ended), recorded_at=pd.Timestamp("2026-03-31"),
    )  # fmt: skip
    found = near_repeat_zones.assign_days(given, PARAMS).iloc[0]
    assert pd.isna(found) if day is None else found == pd.Timestamp(day)


@hypothesis.given(
    st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12), st.integers(-3, 20)), max_size=12),
    st.tuples(st.integers(0, 120), st.integers(0, 120)),
)
def test_a_place_is_in_a_zone_where_a_recent_burglary_is_near(
    burglaries: Made, rows: list[tuple[int, int, int]], at: tuple[int, int]
) -> None:
    given = burglaries([(400_100 + 60 * x, 150_100 + 60 * y) for x, y, _ in rows], [ago for *_, ago in rows])
    zones = zones_of(given)
    place = shapely.Point(400_100 + 6 * at[0], 150_100 + 6 * at[1])
    recent = [row for row in rows if 0 <= row[2] < 14]
    gaps = [np.hypot(place.x - 400_100 - 60 * x, place.y - 150_100 - 60 * y) for x, y, _ in recent]
    if any(gap < 198 for gap in gaps):
        assert zones.intersects(place).sum() == 1
    if all(gap > 200 for gap in gaps):
        assert not zones.intersects(place).any()
    assert zones["burglaries"].sum() == len(recent)


def test_a_zone_has_its_days_and_when_it_ends(burglaries: Made) -> None:
    given = burglaries([(401_000, 151_000), (401_300, 151_000), (404_000, 154_000), (402_000, 152_000)], [9, 3, 13, 14])
    zones = zones_of(given).drop(columns="geometry")
    assert zones["zone_id"].tolist() == ["near-repeat-2026-03-29-001", "near-repeat-2026-03-29-002"]
    assert zones["burglaries"].tolist() == [2, 1]
    assert zones["first_day"].tolist() == [pd.Timestamp("2026-03-20"), pd.Timestamp("2026-03-16")]
    assert zones["last_day"].tolist() == [pd.Timestamp("2026-03-26"), pd.Timestamp("2026-03-16")]
    assert zones["until"].tolist() == [pd.Timestamp("2026-04-09"), pd.Timestamp("2026-03-30")]


def test_a_zone_ends_at_the_border(burglaries: Made) -> None:
    zones = zones_of(burglaries([(400_050, 150_050)], [1]))
    assert FORCE.contains(zones.geometry.iloc[0])
    assert zones["area_m2"].iloc[0] < 0.5 * np.pi * 200**2


def test_burglaries_that_follow_another_are_those_counted_by_hand(burglaries: Made) -> None:
    # 2 days and 150 m after the first; the same day, 60 m off; 14 days after these; 15 days after it; 201 m off.
    rows = [(0, 40), (150, 38), (90, 38), (150, 24), (150, 9), (1_000, 30), (1_201, 29)]
    given = burglaries([(401_000 + x, 151_000) for x, _ in rows], [ago for _, ago in rows])
    assert found_in(given).followers == 3
    random = np.random.default_rng(2)
    xy, ago = random.uniform(401_000, 403_000, (150, 2)), random.integers(0, 90, 150)
    near = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1)) <= 200
    before = (ago[None] - ago[:, None] >= 1) & (ago[None] - ago[:, None] <= 14)
    assert found_in(burglaries(list(xy), list(ago))).followers == (near & before).any(axis=1).sum()


@pytest.mark.parametrize("seed", [1, 2])
def test_near_repeats_planted_in_a_town_are_found_and_a_town_without_has_none(seed: int) -> None:
    for share in (0.0, 0.3):
        town = build_town(TownParams(seed=seed, near_repeat_share=share))
        own = town.incidents[town.incidents["category"] == "burglary"]
        year = own[own["committed_from"] >= pd.Timestamp("2025-03-30")]
        found = found_in(year)
        assert found.has_near_repeats == (share > 0)
        assert found.burglaries + found.left_out == len(year)


def test_the_interval_of_the_ratio_holds_one_four_times_in_five_by_chance_alone(burglaries: Made) -> None:
    held = []
    for seed in range(150):
        random = np.random.default_rng(seed)
        given = burglaries(list(random.normal(402_000, 250, (120, 2))), list(random.integers(0, 365, 120)))
        found = found_in(given, NearRepeatParams(draws=99))
        held.append(found.ratio_low <= 1 <= found.ratio_high)
    # 120 of 150 are due, with a standard error of 4.9.
    assert 105 <= sum(held) <= 135


def test_the_result_is_described(burglaries: Made, incidents_at: Made) -> None:
    month_only = near_repeat_zones.describe_result(found_in(incidents_at([(0, 0)] * 9, category="burglary")), PARAMS)
    assert month_only == [
        "Near repeats were not tested: no burglary in the window has an exact date. No zones are drawn."
    ]
    random = np.random.default_rng(1)
    places, ago = random.uniform(400_000, 405_000, (90, 2)), random.integers(20, 300, 90)
    alone = " ".join(near_repeat_zones.describe_result(found_in(burglaries(list(places), list(ago))), PARAMS))
    assert "No near repeats were detected, so no zones" in alone and "With only 90 burglaries in the window" in alone
    followed = burglaries([*places, *(places + 20)], [*ago, *(ago - 3)])
    sentences = " ".join(near_repeat_zones.describe_result(found_in(followed), PARAMS))
    assert "within 200 m and 14 days of each other; " in sentences and "would be expected by chance" in sentences
    share = f"{100 * found_in(followed).followers / 180:.0f} in 100 burglaries had another within 200 m in the 14 days"
    assert share in sentences and "Zones are drawn" in sentences


# promises


def test_what_comes_after_the_day_changes_no_zone(burglaries: Made) -> None:
    known = burglaries([(401_000, 151_000), (403_000, 153_000)], [3, 8])
    later = burglaries([(401_000, 151_000), (403_000, 153_000), (402_000, 152_000)], [3, 8, -1])
    assert zones_of(known).equals(zones_of(later))


def test_the_order_of_rows_does_not_matter_and_nothing_given_is_changed(burglaries: Made) -> None:
    random = np.random.default_rng(6)
    given = burglaries(list(random.uniform(401_000, 404_000, (60, 2))), list(random.integers(0, 30, 60)))
    before, turned = given.copy(), given.sample(frac=1, random_state=1)
    assert found_in(given) == found_in(turned)
    one, other = zones_of(given), zones_of(turned)
    assert one.drop(columns="geometry").equals(other.drop(columns="geometry"))
    assert one.geometry.to_wkb().tolist() == other.geometry.to_wkb().tolist()
    assert given.equals(before)


def test_no_burglaries_give_no_zones_and_nothing_found(burglaries: Made) -> None:
    nothing = burglaries([], [])
    assert not found_in(nothing).has_near_repeats
    assert list(zones_of(nothing).columns) == list(zones_of(burglaries([(401_000, 151_000)], [1])).columns)
