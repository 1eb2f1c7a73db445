"""Identity and status of areas from run to run."""

import pandas as pd
import pytest

from hotspots.targeting import change
from hotspots.targeting.trends import ChangeParams

COLUMNS = ["hotspot_id", "previous_hotspot_id", "status"]


def carry(current, previous, taken=frozenset()):
    """The ids from a previous run, and the status where the previous period had the same hotspots."""
    found = change.carry_ids(current, previous, "hotspot_id", "asb-2025-09", taken)
    if previous is None:
        return found
    return found.assign(status=change.compare_outlines(current, clusters(previous)))


def clusters(outlines):
    return outlines.assign(cluster=range(len(outlines)))


def ids(found) -> list[str]:
    return found["hotspot_id"].tolist()


# answers


def test_a_first_run_numbers_its_places(squares) -> None:
    found = carry(squares((0, 0, 100), (500, 0, 100)), None)
    assert ids(found) == ["asb-2025-09-0001", "asb-2025-09-0002"]
    assert found["previous_hotspot_id"].isna().all()


def test_a_number_given_before_is_never_given_again(squares) -> None:
    assert ids(carry(squares((0, 0, 100)), None, frozenset({"asb-2025-09-0001"}))) == ["asb-2025-09-0002"]


def test_a_place_that_moved_a_little_keeps_its_id(squares) -> None:
    found = carry(squares((60, 0, 100), (900, 0, 100)), squares((0, 0, 100), hotspot_id=["asb-2025-08-0004"]))
    assert ids(found) == ["asb-2025-08-0004", "asb-2025-09-0001"]
    assert found["status"].tolist() == ["continuing", "new"]
    assert found["previous_hotspot_id"].tolist()[0] == "asb-2025-08-0004"
    assert pd.isna(found["previous_hotspot_id"][1])


@pytest.mark.parametrize(("shift", "status"), [(70, "continuing"), (71, "new")])
def test_the_same_place_shares_three_tenths_of_the_smaller_outline(squares, shift: int, status: str) -> None:
    found = carry(squares((shift, 0, 100)), squares((0, 0, 100), hotspot_id=["old"]))
    assert found["status"].tolist() == [status]


def test_two_places_that_became_one_are_merged_under_the_id_they_share_most_with(squares) -> None:
    found = carry(squares((0, 0, 300)), squares((0, 0, 100), (280, 0, 60), hotspot_id=["a", "b"]))
    assert (ids(found), found["status"].tolist()) == (["a"], ["merged"])


def test_a_place_that_fell_in_two_is_split_and_only_one_part_keeps_the_id(squares) -> None:
    found = carry(squares((0, 0, 100), (200, 0, 80)), squares((0, 0, 270), hotspot_id=["a"]))
    assert ids(found) == ["a", "asb-2025-09-0001"]
    assert found["status"].tolist() == ["split", "split"]
    assert found["previous_hotspot_id"].tolist() == ["a", "a"]


def test_an_id_that_is_taken_leaves_the_next_best_to_the_other(squares) -> None:
    """Both places match a best; the second also matches b, whom nobody else claims."""
    previous = squares((0, 0, 200), (210, 0, 100), hotspot_id=["a", "b"])
    found = carry(squares((0, 0, 100), (140, 0, 120)), previous)
    assert ids(found) == ["a", "b"]
    assert found["previous_hotspot_id"].tolist() == ["a", "b"]
    assert found["status"].tolist() == ["split", "merged"]


def test_a_hotspot_of_the_previous_period_that_nobody_matches_has_ended(squares) -> None:
    previous = clusters(squares((0, 0, 100), (500, 0, 100), (900, 0, 100)))
    ended = change.ended_hotspots(squares((0, 0, 100), (880, 0, 50)), previous)
    assert ended["cluster"].tolist() == [1]
    assert ended["p_value"].isna().all()


# promises


def test_no_id_is_given_twice_and_the_index_is_kept(squares) -> None:
    previous = squares((0, 0, 300), (310, 0, 300), hotspot_id=["a", "b"])
    current = squares((0, 0, 90), (100, 0, 90), (200, 0, 250), (500, 0, 80), (900, 0, 10)).set_axis(list("vwxyz"))
    before = current.copy(deep=True)
    found = carry(current, previous)
    assert found["hotspot_id"].is_unique
    assert found.index.tolist() == list("vwxyz")
    pd.testing.assert_frame_equal(pd.DataFrame(current), pd.DataFrame(before))


def test_the_order_of_the_previous_run_does_not_matter(squares) -> None:
    previous = squares((0, 0, 100), (50, 0, 100), (300, 0, 100), hotspot_id=["a", "b", "c"])
    current = squares((20, 0, 100), (310, 0, 100))
    pd.testing.assert_frame_equal(
        pd.DataFrame(carry(current, previous)), pd.DataFrame(carry(current, previous.iloc[::-1]))
    )


def test_empty_runs_are_normal(squares) -> None:
    nothing = squares(hotspot_id=[])
    found = carry(nothing[["geometry"]], squares((0, 0, 9), hotspot_id=["a"]))
    assert (len(found), set(COLUMNS) <= set(found.columns)) == (0, True)
    assert carry(squares((0, 0, 9)), nothing)["status"].tolist() == ["new"]
    assert change.ended_hotspots(squares((0, 0, 9)), clusters(nothing)).empty


# status


def held(squares, **facts):
    """A place with 20 incidents in nine months and 12 in the three after, where 7 were expected."""
    base = {
        "status": "continuing", "incidents": 32, "months_seen": 12, "incidents_before": 30, "months_before": 12,
        "latest_months": 3, "latest_incidents": 12, "months_significant": 3, "is_significant": True,
        "rate_ratio": 1.7, "change_p_value": 0.5,
    }  # fmt: skip
    return squares((0, 0, 100), **(base | facts))


ROSE = {"change_p_value": 0.04}
FELL = {"change_p_value": 0.04, "rate_ratio": 0.4, "latest_incidents": 3, "incidents_before": 33}


@pytest.mark.parametrize(
    ("facts", "status"),
    [
        ({}, "continuing"),
        ({"months_significant": 10}, "persistent"),
        ({"months_significant": 10, "is_significant": False}, "continuing"),
        ({"months_significant": 9}, "continuing"),
        ({"months_seen": 5, "months_before": 5, "months_significant": 4}, "persistent"),
        (ROSE | {"months_significant": 12}, "emerging"),
        (FELL, "fading"),
        ({"rate_ratio": float("nan"), "change_p_value": float("nan")}, "continuing"),
        ({"status": "new", "months_significant": 12, "change_p_value": 0.01}, "new"),
        ({"months_before": 0, "incidents_before": 0}, None),
    ],
)
def test_a_place_in_both_periods_has_the_status_of_its_months_and_its_counts(
    squares, facts: dict, status: str | None
) -> None:
    found = change.assign_status(held(squares, **facts), ChangeParams()).iloc[0]
    assert found == status if status else pd.isna(found)


@pytest.mark.parametrize(
    "facts",
    [
        ROSE | {"latest_incidents": 8, "rate_ratio": 1.6},  # steady, while the rest of the force fell
        ROSE | {"incidents_before": 40},  # fewer than in the previous period
        ROSE | {"incidents_before": 30, "months_before": 11},  # fewer a month than in the previous period
        FELL | {"latest_incidents": 8},  # steady, while the rest of the force rose
        FELL | {"incidents_before": 31},  # more than in the previous period
    ],
)
def test_no_place_is_growing_or_shrinking_against_its_own_counts(squares, facts: dict) -> None:
    assert change.assign_status(held(squares, **facts), ChangeParams()).tolist() == ["continuing"]


def test_only_outlines_that_differ_from_those_of_the_previous_run_have_changed_by_its_settings(squares) -> None:
    previous = squares((0, 0, 100), (480, 0, 140))
    places = squares((0, 0, 100), (500, 0, 40), (580, 0, 40), (900, 0, 100), (1_200, 0, 100))
    places = places.assign(status=["emerging", "persistent", "split", "continuing", "new"])
    found = change.mark_rule_changes(places, previous).tolist()
    assert found == ["emerging", "rule_changed", "split", "rule_changed", "new"]
