"""What two runs that follow different rules are said to differ in."""

import pytest

from hotspots.targeting import run_rules
from hotspots.targeting.trends import ChangeParams

RULES = {
    "settings": {"clusters.radius_m": 150.0},
    "months_seen": 12,
    "left_out": [],
    "counts": {"2025-07": 90, "2025-08": 110},
}


@pytest.mark.parametrize(
    ("now", "found"),
    [
        ({}, []),
        ({"settings": {"clusters.radius_m": 200.0}}, ["clusters.radius_m from 150.0 to 200.0"]),
        ({"settings": {"clusters.radius_m": 150.0, "clusters.new": 1}}, []),
        ({"months_seen": 11}, ["months with data from 12 to 11"]),
        ({"left_out": ["2025-08"]}, ["2025-08 is left out now"]),
        ({"left_out": ["2025-09"]}, []),
        ({"counts": {"2025-07": 92, "2025-08": 112, "2025-09": 500}}, []),
        ({"counts": {"2025-07": 140, "2025-08": 110}}, ["counts of past months by 25 % (revised data)"]),
    ],
)
def test_rules_that_differ_are_named(now: dict, found: list[str]) -> None:
    assert run_rules.differences(RULES | now, RULES, ChangeParams()) == found


def test_a_month_that_comes_back_is_named() -> None:
    assert run_rules.differences(RULES, RULES | {"left_out": ["2025-07"]}, ChangeParams()) == [
        "2025-07 is no longer left out"
    ]
