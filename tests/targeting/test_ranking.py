"""The rank of patrol areas, the parts of the score, and the reasons."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from hotspots import harm, tables
from hotspots.errors import SchemaError
from hotspots.targeting import ranking
from hotspots.targeting.false_hotspots import FlagParams
from hotspots.targeting.ranking import Periods

PARTS = ["score_recent", "score_earlier", "score_nearby"]


@pytest.fixture
def areas(squares) -> gpd.GeoDataFrame:
    expected = np.array([2.0, 5.0, 5.0, 0.5])
    return squares(
        (0, 0, 100), (500, 0, 100), (200, 0, 100), (900, 0, 100),
        expected=expected, variance=expected / 4, recent=expected / 2, earlier=expected / 4, nearby=expected / 4,
        harm_days=[547.0, np.nan, 915.0, 273.5], incidents=[2, 0, 5, 1], flags=None,
    )  # fmt: skip


# inputs


def test_areas_that_lack_what_others_read_are_refused(areas: gpd.GeoDataFrame) -> None:
    with pytest.raises(SchemaError, match=r"patrol_areas: column 'patrol_area_id' is missing.*'reason' is missing"):
        ranking.finish_areas(ranking.rank_areas(areas, "asb", 2))


# answers


def test_asb_is_ranked_by_what_is_expected_and_ties_go_west(areas: gpd.GeoDataFrame) -> None:
    ranked = ranking.rank_areas(areas, "asb", top_k=2)
    assert ranked["rank"].tolist() == ranked["rank_by_method"].tolist() == [1, 2, 3, 4]
    assert ranked["score"].tolist() == [5.0, 5.0, 2.0, 0.5]
    assert ranked.geometry.bounds["minx"].tolist() == [200, 500, 0, 900]


def test_burglary_is_ranked_by_harm_drawn_towards_the_forces_mean(areas: gpd.GeoDataFrame) -> None:
    ranked = ranking.rank_areas(areas, "burglary", top_k=2, force_harm_days=200.0)
    by_place = ranked.set_index(ranked.geometry.bounds["minx"])["score"]
    assert by_place[0] == pytest.approx(2.0 * (547 + 2_000) / 12)
    assert by_place[500] == pytest.approx(5.0 * 200)
    assert by_place[200] == pytest.approx(5.0 * (915 + 2_000) / 15)


def test_the_mean_harm_of_no_burglaries_is_the_reference_value(incidents_at) -> None:
    assert ranking.mean_harm_days(incidents_at([])) == pytest.approx(harm.weights()["burglary"])
    homes = incidents_at([(0, 0)], category="burglary", subcategory="residential_home")
    assert ranking.mean_harm_days(homes) == 273.5


def test_an_area_belongs_to_the_hotspot_that_covers_most_of_it(squares) -> None:
    hotspots = squares((0, 0, 40), (40, 0, 60), (100, 0, 50), hotspot_id=["a", "b", "c"])
    found = ranking.assign_hotspots(squares((0, 0, 100), (400, 0, 50)).set_axis([8, 3]), hotspots)
    assert found.index.tolist() == [8, 3]
    assert found[8] == "b"
    assert pd.isna(found[3])


YEAR = Periods(evidence="12 months", recent="the last 3 months", horizon="the next month", horizon_days=30)


def with_reasons(areas: gpd.GeoDataFrame, **facts: object) -> gpd.GeoDataFrame:
    """Areas with all that a reason is made of."""
    quiet = {
        "recent_incidents": 0, "hotspot_p_value": None, "concerns": 0, "answers": 0, "concern_status": "unknown",
        "flags": None, "expected_low": 1.0, "expected_high": 4.0, "months_seen": 12, "months_significant": 0,
        "status": "continuing", "score": 2.0, "score_nearby": 1.0,
    }  # fmt: skip
    return areas.assign(**(quiet | facts))


def reasons(areas: gpd.GeoDataFrame, family: str = "burglary") -> pd.Series:
    return ranking.explain_areas(areas, family, YEAR)


def test_the_reason_says_how_many_when_and_which_flags(areas: gpd.GeoDataFrame) -> None:
    found = reasons(
        with_reasons(
            areas,
            recent_incidents=[1, 0, 5, 1], hotspot_p_value=[0.049, None, 0.05, 1.0], concerns=[4, 0, 1, 0],
            answers=[12, 3, 20, 0], concern_status=["agreement", "unknown", "normalised", "unknown"],
            flags=["single_spot hospital", None, None, None], months_significant=[10, 0, 12, 0],
            status=["continuing", None, "emerging", "persistent"],
        )
    )  # fmt: skip
    assert found[0] == (
        "2 burglaries in 12 months, 1 of them in the last 3 months; in a hotspot; more burglaries than expected for "
        "this location in 10 of 12 months; residents nearby are concerned too (4 of 12 respondents); nearly all at one "
        "mapped point; mostly at a hospital; about 2 expected in the next month (likely range 1 to 4)."
    )
    assert found[1].startswith("no burglary in 12 months, but some earlier or nearby; about 5 expected")
    assert "5 burglaries in 12 months, all of them in the last 3 months" in found[2]
    assert "fewer residents nearby are concerned than elsewhere (fewer than 3 of 20 respondents)" in found[2]
    assert "rising faster than the force average" in found[2]
    assert "more burglaries than expected for this location in 12 of 12 months" in found[2]
    assert "hotspot" not in found[1]
    assert "; busy, as its surroundings are; " in found[2] and "hotspot" not in found[2]
    assert found[3].startswith("1 burglary in 12 months, in the last 3 months; busy, as its surroundings are;")


@pytest.mark.parametrize(
    ("expected", "words"),
    [
        (0.96, "about 1 expected in the next month"),
        (0.6, "about 1 expected every 7 weeks"),
        (0.2, "about 1 expected every 5 months"),
        (0.001, "incidents nearby; most likely none in the next month"),
    ],
)
def test_a_rare_thing_is_told_by_how_long_it_takes(areas: gpd.GeoDataFrame, expected: float, words: str) -> None:
    facts = {"expected": expected, "expected_low": 0.0, "expected_high": 0.0, "score_nearby": 2.0}
    found = reasons(with_reasons(areas.head(1), **facts))[0]
    assert words in found
    assert "most likely none" in found


def test_a_rural_area_says_so_and_how_long_the_drive_is(areas: gpd.GeoDataFrame) -> None:
    facts = {"surroundings": ["rural", "rural_drive", "urban", "urban"], "drive_minutes": [0.0, 6.4, 0.0, 0.0]}
    found = reasons(with_reasons(areas, **facts))
    assert "; rural; " in found[0]
    assert "rural, 6 minutes of driving between its stops" in found[1]
    assert "rural" not in found[2]


def test_an_area_with_little_of_its_own_says_that_its_surroundings_put_it_there(areas: gpd.GeoDataFrame) -> None:
    found = reasons(with_reasons(areas, score_nearby=[1.8, 1.6, 0.0, 2.0]))
    assert ["incidents nearby; about" in reason for reason in found] == [True, False, False, True]


def test_a_flagged_place_is_ranked_lower_or_left_out_as_the_settings_say(areas: gpd.GeoDataFrame) -> None:
    params = FlagParams(actions={"hospital": "lower", "prison": "leave_out"})
    flagged = areas.assign(flags=pd.Series(["hospital", "prison", "single_spot", None], dtype="str"))
    ranked = ranking.rank_areas(flagged, "asb", 2, flags=params)
    assert ranked["score"].tolist() == [5.0, 1.0, 0.5, 0.0]
    assert ranked["expected"].tolist() == [5.0, 2.0, 0.5, 5.0]
    assert ranked[PARTS].sum(axis=1).to_numpy() == pytest.approx(ranked["score"].to_numpy())


def test_a_place_that_people_added_has_no_rank_by_the_method(areas: gpd.GeoDataFrame) -> None:
    added = areas.assign(decision_id=pd.Series([None, "d1", None, None], dtype="str"))
    ranked = ranking.rank_areas(added, "asb", 2).set_index("decision_id")
    assert ranked.loc["d1", ["rank", "rank_by_method"]].tolist() == [2, 0]
    assert ranked["rank_by_method"].tolist() == [1, 0, 2, 3]


# promises


@pytest.mark.parametrize("family", ["asb", "burglary"])
def test_the_parts_of_the_score_add_up_to_it(areas: gpd.GeoDataFrame, family: str) -> None:
    ranked = ranking.rank_areas(areas, family, top_k=2, force_harm_days=240.0)
    assert ranked[PARTS].sum(axis=1).to_numpy() == pytest.approx(ranked["score"].to_numpy())
    assert ranked["score"].is_monotonic_decreasing
    assert ranked["top_k_chance"].sum() == pytest.approx(2.0)
    assert ranked["top_k_chance"].between(0, 1).all()


def test_the_order_of_areas_does_not_matter_and_they_stay_as_they_were(areas: gpd.GeoDataFrame) -> None:
    before = areas.copy(deep=True)
    one, other = ranking.rank_areas(areas, "asb", 4), ranking.rank_areas(areas.iloc[::-1], "asb", 4)
    pd.testing.assert_frame_equal(pd.DataFrame(one), pd.DataFrame(other))
    pd.testing.assert_frame_equal(pd.DataFrame(areas), pd.DataFrame(before))


def test_the_finished_list_is_the_declared_table(areas: gpd.GeoDataFrame) -> None:
    facts = {
        "patrol_area_id": list("abcd"), "family": "asb", "team_name": "t", "expected_low": 0.0, "expected_high": 3.0,
        "radius_m": 70.0, "area_m2": 1e4, "walk_minutes": 5.0, "main_location": "m", "concerns": 0, "answers": 0,
        "concern_status": "unknown", "reason": "r", "expected": 1 / 3,
    }  # fmt: skip
    finished = ranking.finish_areas(ranking.rank_areas(areas, "asb", 2).assign(**facts))
    flagged = ranking.rank_areas(areas, "asb", 2).assign(**facts, flags=["prison", "court", None, None])
    without = ranking.finish_areas(flagged, FlagParams(actions={"prison": "leave_out"}))
    assert without["rank"].tolist() == without["rank_by_method"].tolist() == [1, 2, 3]
    assert finished["expected"].tolist() == [0.3333] * 4
    assert tables.check(finished, tables.PATROL_AREAS) is finished
    assert set(PARTS) <= set(finished.columns)


def test_an_empty_list_is_a_list(areas: gpd.GeoDataFrame, squares) -> None:
    nothing = areas.iloc[:0]
    ranked = ranking.rank_areas(nothing, "asb", 5)
    assert len(ranked) == 0
    assert {"rank", "score", "top_k_chance", *PARTS} <= set(ranked.columns)
    assert ranking.assign_hotspots(nothing, squares((0, 0, 1), hotspot_id=["a"])).empty
    assert ranking.assign_hotspots(areas, squares(hotspot_id=[])).isna().all()
